//! Questions: written, reviewed, brought into papers and out of them.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use api::questions::{
    CheckReply, QuestionSummary, QuestionVersion, QuestionView, ReviewRequest, StateChangeRequest, StateChanged,
};
use api::{Page, Problem};
use app::questions::{Changed, QuestionFilter};
use serde::Deserialize;
use serde_json::Value;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn, if_match_text};
use crate::problem::Answer;

fn with_etag(mut builder: actix_web::HttpResponseBuilder, view: &QuestionView) -> actix_web::HttpResponseBuilder {
    builder.insert_header((header::ETAG, format!("\"{}\"", view.etag)));
    builder
}

/// What questions are narrowed to.
#[derive(Debug, Deserialize)]
pub struct QuestionsQuery {
    query: Option<String>,
    law: Option<String>,
    kind: Option<String>,
    pool: Option<String>,
    state: Option<String>,
    topic: Option<String>,
    level: Option<String>,
    /// `me`, or an account's id.
    author: Option<String>,
    /// Anything but empty: only those with gaps or unproven words.
    gaps: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Questions of the bank: of each its newest version, or with `state` the version in that state.
#[utoipa::path(get, path = "/api/v1/questions", tag = "题库",
    responses((status = 200, body = Page<QuestionSummary>), (status = 403, body = Problem)))]
pub async fn list(state: web::Data<State>, caller: SignedIn, query: web::Query<QuestionsQuery>) -> Answer {
    let query = query.into_inner();
    let rows = Paging { after: None, limit: query.limit }.rows();
    let filled = |value: Option<String>| value.filter(|value| !value.is_empty());
    let filter = QuestionFilter {
        text: query.query,
        law: filled(query.law),
        kind: filled(query.kind),
        pool: filled(query.pool),
        state: filled(query.state),
        topic: filled(query.topic),
        level: filled(query.level),
        author_id: filled(query.author),
        with_gaps: filled(query.gaps).is_some(),
        without_secure: false,
    };
    let (items, next) =
        run(&state.app, move |app| app.questions(&caller.0, &filter, query.after.as_deref(), rows)).await?;
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// A new draft. The body is the content as `GET /questions/{ref}` answers it, with or without gaps.
#[utoipa::path(post, path = "/api/v1/questions", tag = "题库", request_body = Object,
    responses((status = 201, body = QuestionView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(state: web::Data<State>, caller: SignedIn, body: web::Json<Value>) -> Answer {
    let view = run(&state.app, move |app| app.create_question(&caller.0, &body)).await?;
    Ok(with_etag(HttpResponse::Created(), &view).json(view))
}

/// What stands between a content and its submission. Writes nothing.
#[utoipa::path(post, path = "/api/v1/question-checks", tag = "题库", request_body = Object,
    responses((status = 200, body = CheckReply), (status = 422, body = Problem)))]
pub async fn check(state: web::Data<State>, caller: SignedIn, body: web::Json<Value>) -> Answer {
    let reply = run(&state.app, move |app| app.check_content(&caller.0, &body)).await?;
    Ok(HttpResponse::Ok().json(reply))
}

/// An empty workbook with the headings that an import reads, and two examples.
#[utoipa::path(get, path = "/api/v1/question-template", tag = "题库",
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn template(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let bytes = run(&state.app, app::App::question_template).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"question-template.xlsx\""))
        .body(bytes))
}

/// Which version is asked for.
#[derive(Debug, Deserialize)]
pub struct VersionQuery {
    version: Option<i64>,
}

/// One question with its key: the newest version, or the one asked for.
#[utoipa::path(get, path = "/api/v1/questions/{ref}", tag = "题库",
    params(("ref" = String, Path), ("version" = Option<i64>, Query)),
    responses((status = 200, body = QuestionView), (status = 404, body = Problem)))]
pub async fn get(
    state: web::Data<State>,
    caller: SignedIn,
    reference: web::Path<String>,
    query: web::Query<VersionQuery>,
) -> Answer {
    let view = run(&state.app, move |app| app.question(&caller.0, &reference, query.version)).await?;
    Ok(with_etag(HttpResponse::Ok(), &view).json(view))
}

/// All versions with what happened to each, the newest first.
#[utoipa::path(get, path = "/api/v1/questions/{ref}/versions", tag = "题库",
    params(("ref" = String, Path), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<QuestionVersion>), (status = 404, body = Problem)))]
pub async fn versions(
    state: web::Data<State>,
    caller: SignedIn,
    reference: web::Path<String>,
    paging: web::Query<Paging>,
) -> Answer {
    let items = run(&state.app, move |app| app.question_versions(&caller.0, &reference)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// A change: of a draft in place (200, with `If-Match`), of anything else as a new version (201).
#[utoipa::path(post, path = "/api/v1/questions/{ref}/versions", tag = "题库", params(("ref" = String, Path)),
    request_body = Object,
    responses((status = 200, body = QuestionView), (status = 201, body = QuestionView),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
pub async fn change(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    reference: web::Path<String>,
    body: web::Json<Value>,
) -> Answer {
    let etag = if_match_text(&request);
    let changed =
        run(&state.app, move |app| app.change_question(&caller.0, &reference, etag.as_deref(), &body)).await?;
    Ok(match changed {
        Changed::InPlace(view) => with_etag(HttpResponse::Ok(), &view).json(view),
        Changed::NewVersion(view) => with_etag(HttpResponse::Created(), &view).json(view),
    })
}

/// Throw an own draft away.
#[utoipa::path(delete, path = "/api/v1/questions/{ref}/versions/{version}", tag = "题库",
    params(("ref" = String, Path), ("version" = i64, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 428, body = Problem)))]
pub async fn delete_draft(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    path: web::Path<(String, String)>,
) -> Answer {
    let etag = if_match_text(&request);
    let (reference, version) = path.into_inner();
    // What is no number is no version: 404 like any other that is not there.
    let version = version.parse().unwrap_or(0);
    run(&state.app, move |app| app.delete_question_draft(&caller.0, &reference, version, etag.as_deref())).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A reviewer's decision.
#[utoipa::path(post, path = "/api/v1/questions/{ref}/reviews", tag = "题库", params(("ref" = String, Path)),
    request_body = ReviewRequest,
    responses((status = 201, body = QuestionView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn review(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    reference: web::Path<String>,
    body: web::Json<ReviewRequest>,
) -> Answer {
    let etag = if_match_text(&request);
    let view = run(&state.app, move |app| app.review_question(&caller.0, &reference, etag.as_deref(), &body)).await?;
    Ok(with_etag(HttpResponse::Created(), &view).json(view))
}

/// A step in the life of a question: submitted, back to draft, active, retired.
#[utoipa::path(post, path = "/api/v1/questions/{ref}/state-changes", tag = "题库", params(("ref" = String, Path)),
    request_body = StateChangeRequest,
    responses((status = 201, body = StateChanged), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn change_state(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    reference: web::Path<String>,
    body: web::Json<StateChangeRequest>,
) -> Answer {
    let etag = if_match_text(&request);
    let changed =
        run(&state.app, move |app| app.change_question_state(&caller.0, &reference, etag.as_deref(), &body)).await?;
    Ok(with_etag(HttpResponse::Created(), &changed.question).json(changed))
}
