//! The examinee's way.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use api::attempt::{
    Assignments, AttemptStatus, AttemptView, BatchSaveReply, BatchSaveRequest, ReceiptView, ResultView, SaveReply,
    SaveRequest, ScreenLeaveReply, ScreenLeaveRequest, StartRequest, SubmissionReply, SubmissionRequest, WrongAnswer,
};
use api::{Page, Problem};
use app::AppError;
use app::answering::Sitter;
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{AttemptCaller, Paging, SignedIn};
use crate::problem::{Answer, Refusal};

/// What is due for the caller.
#[utoipa::path(get, path = "/api/v1/me/assignments", tag = "考试",
    responses((status = 200, body = Assignments), (status = 401, body = Problem)))]
pub async fn assignments(state: web::Data<State>, caller: SignedIn) -> Answer {
    let list = run(&state.app, move |app| app.assignments(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(list))
}

/// Which wrong answers are asked for.
#[derive(Debug, Deserialize)]
pub struct WrongAnswersQuery {
    attempt: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// The caller's wrong answers of released results, the newest paper first; each question once.
#[utoipa::path(get, path = "/api/v1/me/wrong-answers", tag = "考试",
    params(("attempt" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<WrongAnswer>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn wrong_answers(state: web::Data<State>, caller: SignedIn, query: web::Query<WrongAnswersQuery>) -> Answer {
    let page = run(&state.app, move |app| {
        let rows = Paging { after: None, limit: query.limit }.rows();
        app.wrong_answers(&caller.0, query.attempt.as_deref(), query.after.as_deref(), rows)
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Start, or go on with the open attempt.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/attempts", tag = "考试", params(("exam" = String, Path)),
    request_body = StartRequest,
    responses((status = 201, body = AttemptView), (status = 200, body = AttemptView), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn start(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: Option<web::Json<StartRequest>>,
) -> Answer {
    let request = body.map(web::Json::into_inner).unwrap_or_default();
    let (is_new, attempt) = run(&state.app, move |app| app.start(&caller.0, &exam, &request)).await?;
    let mut builder = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(builder.json(attempt))
}

async fn sitter(state: &State, caller: AttemptCaller, attempt: String) -> Result<Sitter, Refusal> {
    match state.app.known_sitter(&caller.0, &attempt) {
        Some(sitter) => Ok(sitter?),
        None => run(&state.app, move |app| app.sitter(&caller.0, &attempt)).await,
    }
}

/// The attempt without its slots, for polling.
#[utoipa::path(get, path = "/api/v1/attempts/{attempt}", tag = "考试", params(("attempt" = String, Path)),
    responses((status = 200, body = AttemptStatus), (status = 304), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn status(
    state: web::Data<State>,
    request: HttpRequest,
    caller: AttemptCaller,
    attempt: web::Path<String>,
) -> Answer {
    let sitter = sitter(&state, caller, attempt.into_inner()).await?;
    let status = run(&state.app, move |app| app.attempt_status(&sitter)).await?;
    // The clock is no part of what changed.
    let mut content = serde_json::to_value(&status).map_err(|error| AppError::corrupt("status", error))?;
    if let Some(object) = content.as_object_mut() {
        object.remove("server_now");
    }
    let etag = format!("\"{}\"", app::secrets::sha256_hex(content.to_string().as_bytes()).split_at(16).0);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(etag.as_str()) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(status))
}

/// Save one answer. The reply comes once it is durable.
#[utoipa::path(put, path = "/api/v1/attempts/{attempt}/answers/{slot}", tag = "考试",
    params(("attempt" = String, Path), ("slot" = i64, Path)), request_body = SaveRequest,
    responses((status = 200, body = SaveReply), (status = 409, body = Problem), (status = 422, body = Problem),
        (status = 503, body = Problem)))]
pub async fn save(
    state: web::Data<State>,
    caller: AttemptCaller,
    path: web::Path<(String, i64)>,
    body: web::Json<SaveRequest>,
) -> Answer {
    let (attempt, slot) = path.into_inner();
    state.allow_saves(&attempt, 1)?;
    let sitter = sitter(&state, caller, attempt).await?;
    let queued = state.app.queue_save(&sitter, slot, &body)?;
    let outcome = queued.outcomes().await?.into_iter().next();
    let outcome = outcome.ok_or_else(|| AppError::Internal("no outcome".to_owned()))?;
    Ok(HttpResponse::Ok().json(state.app.save_reply(outcome)?))
}

/// Save many answers of one attempt.
#[utoipa::path(put, path = "/api/v1/attempts/{attempt}/answers", tag = "考试", params(("attempt" = String, Path)),
    request_body = BatchSaveRequest,
    responses((status = 200, body = BatchSaveReply), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 503, body = Problem)))]
pub async fn save_batch(
    state: web::Data<State>,
    caller: AttemptCaller,
    attempt: web::Path<String>,
    body: web::Json<BatchSaveRequest>,
) -> Answer {
    let attempt = attempt.into_inner();
    state.allow_saves(&attempt, body.answers.len())?;
    let sitter = sitter(&state, caller, attempt).await?;
    let (queued, checked) = state.app.queue_batch(&sitter, &body)?;
    let outcomes = queued.outcomes().await?;
    let reply = run(&state.app, move |app| app.batch_reply(&sitter, &checked, outcomes)).await?;
    Ok(HttpResponse::Ok().json(reply))
}

/// The page was out of sight. The same leave told twice is one.
#[utoipa::path(put, path = "/api/v1/attempts/{attempt}/screen-leaves/{leave}", tag = "考试",
    params(("attempt" = String, Path), ("leave" = String, Path)), request_body = ScreenLeaveRequest,
    responses((status = 200, body = ScreenLeaveReply), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn leave_screen(
    state: web::Data<State>,
    caller: AttemptCaller,
    path: web::Path<(String, String)>,
    body: web::Json<ScreenLeaveRequest>,
) -> Answer {
    let (attempt, leave) = path.into_inner();
    state.allow_saves(&attempt, 1)?;
    let sitter = sitter(&state, caller, attempt).await?;
    let reply = run(&state.app, move |app| app.report_leave(&sitter, &leave, &body)).await?;
    Ok(HttpResponse::Ok().json(reply))
}

/// Hand in. A second time the same receipt comes back.
#[utoipa::path(post, path = "/api/v1/attempts/{attempt}/submission", tag = "考试",
    params(("attempt" = String, Path)), request_body = SubmissionRequest,
    responses((status = 201, body = SubmissionReply), (status = 200, body = SubmissionReply),
        (status = 409, body = Problem)))]
pub async fn submit(
    state: web::Data<State>,
    caller: AttemptCaller,
    attempt: web::Path<String>,
    body: Option<web::Json<SubmissionRequest>>,
) -> Answer {
    let request = body.map(web::Json::into_inner).unwrap_or_default();
    let sitter = sitter(&state, caller, attempt.into_inner()).await?;
    let handed_in = run(&state.app, move |app| app.submit(&sitter, &request)).await?;
    let mut builder = if handed_in.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(builder.json(handed_in.reply))
}

/// The result, as far as it is released.
#[utoipa::path(get, path = "/api/v1/attempts/{attempt}/result", tag = "考试", params(("attempt" = String, Path)),
    responses((status = 200, body = ResultView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn result(state: web::Data<State>, caller: AttemptCaller, attempt: web::Path<String>) -> Answer {
    let sitter = sitter(&state, caller, attempt.into_inner()).await?;
    let result = run(&state.app, move |app| app.result(&sitter)).await?;
    Ok(HttpResponse::Ok().json(result))
}

/// What a receipt proves.
#[utoipa::path(get, path = "/api/v1/receipts/{number}", tag = "考试", params(("number" = String, Path)),
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem)))]
pub async fn receipt(state: web::Data<State>, caller: SignedIn, number: web::Path<String>) -> Answer {
    let receipt = run(&state.app, move |app| app.receipt(&caller.0, &number)).await?;
    Ok(HttpResponse::Ok().json(receipt))
}
