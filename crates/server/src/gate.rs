//! What every request passes: request id, headers, the matrix, the token, the Origin check.

use std::cell::RefCell;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, web};
use app::principal::Caller;
use app::{App, AppError};
use organisation::Role;

use crate::State;
use crate::endpoints::{self, Access};
use crate::problem::Refusal;

/// Cookie of the access token.
pub const ACCESS_COOKIE: &str = "zhijie_access";
/// Cookie of the refresh secret, sent to the sessions only.
pub const REFRESH_COOKIE: &str = "zhijie_refresh";

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

thread_local! {
    // Handlers run on one thread from gate to answer; `ResponseError` has no other way to see the request.
    static REQUEST_ID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The id of the request in hand, for an error body.
pub fn current_request_id() -> String {
    REQUEST_ID.with(|id| id.borrow().clone())
}

/// The middleware.
///
/// # Errors
/// A [`Refusal`] for whoever may not pass.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    REQUEST_ID.with(|slot| slot.replace(id.clone()));
    let is_page = !request.path().starts_with("/api/");
    let checked = check(&request).await;
    // An await lies between: another request may have used this thread.
    REQUEST_ID.with(|slot| slot.replace(id.clone()));
    let mut response = match checked {
        Ok(()) => crate::repeat::call(request, next).await?,
        Err(refusal) => request.error_response(refusal).map_into_boxed_body(),
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if !is_page {
        headers.entry_or_no_store();
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

trait NoStore {
    fn entry_or_no_store(&mut self);
}

impl NoStore for header::HeaderMap {
    fn entry_or_no_store(&mut self) {
        if !self.contains_key(header::CACHE_CONTROL) {
            self.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

async fn check(request: &ServiceRequest) -> Result<(), Refusal> {
    let Some(pattern) = request.match_pattern() else {
        return Ok(());
    };
    let Some(endpoint) = endpoints::find(request.method().as_str(), &pattern) else {
        if endpoints::is_path(&pattern) || pattern.starts_with("/api/") {
            return Err(AppError::NotFound("这个地址").into());
        }
        return Ok(());
    };
    let state = request.app_data::<web::Data<State>>().ok_or_else(|| AppError::Internal("no state".to_owned()))?;
    let is_demo = state.app.config().demo;
    match endpoint.access {
        Access::Public => check_origin(request, true),
        Access::Demo if is_demo => Ok(()),
        Access::Loopback if is_loopback(request) => Ok(()),
        Access::Demo | Access::Loopback => Err(AppError::NotFound("这个地址").into()),
        Access::Rehearsal if is_demo && is_loopback(request) && request.headers().get(header::ORIGIN).is_none() => {
            Ok(())
        }
        Access::Rehearsal => check_caller(request, &state.app, Access::Roles(&[Role::Manager])).await,
        access => check_caller(request, &state.app, access).await,
    }
}

async fn check_caller(request: &ServiceRequest, app: &App, access: Access) -> Result<(), Refusal> {
    let caller = authenticate(request, app).await?;
    match (&caller, access) {
        (Caller::Account(_), Access::SignedIn | Access::Attempt) | (Caller::Attempt(_), Access::Attempt) => {}
        (Caller::Account(principal), Access::Roles(roles)) if principal.has_any(roles) => {}
        (Caller::Account(_), _) => {
            return Err(AppError::Forbidden("您的角色不能使用这个功能".to_owned()).into());
        }
        (Caller::Attempt(_), _) => return Err(AppError::NotSignedIn.into()),
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

async fn authenticate(request: &ServiceRequest, app: &App) -> Result<Caller, Refusal> {
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned);
    let token = match bearer {
        Some(token) => token,
        None => {
            let cookie = request.cookie(ACCESS_COOKIE).ok_or(AppError::NotSignedIn)?;
            check_origin(request, false)?;
            cookie.value().to_owned()
        }
    };
    // The way of nearly every save: an attempt's token, or an account known lately, needs no database.
    if let Some(known) = app.authenticate_from_memory(&token) {
        return Ok(known?);
    }
    let app = app.clone();
    Ok(web::block(move || app.authenticate(&token)).await??)
}

/// A browser that sends a cookie along with an unsafe method must come from one of our own pages.
fn check_origin(request: &ServiceRequest, only_if_cookie: bool) -> Result<(), Refusal> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if only_if_cookie && request.cookie(ACCESS_COOKIE).is_none() && request.cookie(REFRESH_COOKIE).is_none() {
        return Ok(());
    }
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = header(header::ORIGIN) else {
        // Not a browser, or one so old that SameSite has to do.
        return Ok(());
    };
    let host = header(header::HOST).unwrap_or_default();
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    if authority.eq_ignore_ascii_case(host) {
        return Ok(());
    }
    Err(AppError::Forbidden("请求来自别的网站，已拒绝".to_owned()).into())
}

/// Whether it comes from this machine, and not through a proxy that happens to run on it.
fn is_loopback(request: &ServiceRequest) -> bool {
    request.peer_addr().is_some_and(|address| address.ip().is_loopback())
        && !request.headers().contains_key("x-forwarded-for")
        && !request.headers().contains_key("forwarded")
}
