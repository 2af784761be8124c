//! `Idempotency-Key`: a POST that is sent again under its key gets the first reply again.

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpResponse, web};
use app::AppError;
use app::idempotency::Repeated;
use app::principal::Caller;
use app::secrets::sha256_hex;

use crate::State;
use crate::handlers::run;
use crate::problem::{Refusal, unreadable};

/// The account and key of a call that asks for it. Uploads are not repeatable: their preview writes nothing.
fn keyed(request: &ServiceRequest) -> Option<(String, String)> {
    if *request.method() != Method::POST || request.content_type().starts_with("multipart/") {
        return None;
    }
    // Replies that hold a secret (codes, tokens) are never written down; a start and a hand-in repeat by themselves.
    if ["/activation-codes", "/activation-slips", "/attempts", "/submission", "/rehearsals"]
        .iter()
        .any(|end| request.path().ends_with(end))
    {
        return None;
    }
    let key = request.headers().get("idempotency-key")?.to_str().ok()?.to_owned();
    match request.extensions().get::<Caller>() {
        Some(Caller::Account(principal)) => Some((principal.account.clone(), key)),
        _ => None,
    }
}

/// What can be edited names its version in the body, too: the header of a repeated reply comes from there.
fn etag_of(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(format!("\"{}\"", body.get("etag")?.as_str()?))
}

/// Calls the handler, once for each key.
///
/// # Errors
/// What the handler answers; a [`Refusal`] when the key stands for another call.
pub(crate) async fn call(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some((account, key)) = keyed(&request) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let body = request.extract::<web::Bytes>().await.map_err(|error| unreadable(&error, true))?;
    request.set_payload(Payload::from(body.clone()));
    let mut content = format!("{}\0", request.uri()).into_bytes();
    content.extend_from_slice(&body);
    let hash = sha256_hex(&content);
    let app = request
        .app_data::<web::Data<State>>()
        .map(|state| state.app.clone())
        .ok_or_else(|| Refusal(AppError::Internal("no state".to_owned())))?;
    let begun = {
        let (account, key) = (account.clone(), key.clone());
        run(&app, move |app| app.begin_repeatable(&account, &key, &hash)).await
    };
    match begun {
        Err(refusal) => return Ok(request.error_response(refusal).map_into_boxed_body()),
        Ok(Repeated::Again { status, body }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
            let mut reply = HttpResponse::build(status);
            if let Some(etag) = etag_of(&body) {
                reply.insert_header((header::ETAG, etag));
            }
            let reply = reply.content_type(kind).body(body);
            return Ok(request.into_response(reply));
        }
        Ok(Repeated::First) => {}
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let bytes = to_bytes(body).await.unwrap_or_default();
    let settled = if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        run(&app, move |app| app.forget_reply(&account, &key)).await
    } else {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        run(&app, move |app| app.remember_reply(&account, &key, status.as_u16(), &text)).await
    };
    if let Err(error) = settled {
        tracing::warn!(%error, "a reply could not be remembered under its key");
    }
    let mut response = response.set_body(BoxBody::new(bytes));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    Ok(ServiceResponse::new(request, response))
}
