//! The manager's way: blueprints, papers, exams, rosters.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use api::exam::{
    AnnouncementRequest, BlueprintSummary, ExamRequest, ExamSummary, ExamView, PaperCreated, PaperRequest,
    PersonReason, PresetView, Preview, Publication, ReasonRequest, RosterEntry,
};
use api::{Page, Problem};
use app::exams::RosterFilter;
use serde::Deserialize;
use serde_json::Value;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn, if_match, page_of};
use crate::problem::Answer;

fn with_etag(mut builder: actix_web::HttpResponseBuilder, view: ExamView) -> HttpResponse {
    builder.insert_header((header::ETAG, format!("\"{}\"", view.etag))).json(view)
}

/// Rules ready to be used.
#[utoipa::path(get, path = "/api/v1/presets", tag = "考务",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<PresetView>)))]
pub async fn presets(state: web::Data<State>, _caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, app::App::presets).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// Blueprints.
#[utoipa::path(get, path = "/api/v1/blueprints", tag = "考务",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<BlueprintSummary>)))]
pub async fn blueprints(state: web::Data<State>, _caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, app::App::blueprints).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// A new blueprint.
#[utoipa::path(post, path = "/api/v1/blueprints", tag = "考务", request_body = Object,
    responses((status = 201, body = BlueprintSummary), (status = 422, body = Problem)))]
pub async fn create_blueprint(state: web::Data<State>, caller: SignedIn, body: web::Json<Value>) -> Answer {
    let summary = run(&state.app, move |app| app.create_blueprint(&caller.0, &body)).await?;
    Ok(HttpResponse::Created().json(summary))
}

/// A paper from a blueprint and a seed.
#[utoipa::path(post, path = "/api/v1/papers", tag = "考务", request_body = PaperRequest,
    responses((status = 201, body = PaperCreated), (status = 422, body = Problem)))]
pub async fn create_paper(state: web::Data<State>, caller: SignedIn, body: web::Json<PaperRequest>) -> Answer {
    let created = run(&state.app, move |app| app.create_paper(&caller.0, &body)).await?;
    Ok(HttpResponse::Created().json(created))
}

/// Exams that concern the caller's units.
#[utoipa::path(get, path = "/api/v1/exams", tag = "考务", responses((status = 200, body = Page<ExamSummary>)))]
pub async fn list(state: web::Data<State>, caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let (items, next) =
        run(&state.app, move |app| app.list_exams(&caller.0, paging.after.as_deref(), paging.rows())).await?;
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// A draft.
#[utoipa::path(post, path = "/api/v1/exams", tag = "考务", request_body = ExamRequest,
    responses((status = 201, body = ExamView), (status = 422, body = Problem)))]
pub async fn create(state: web::Data<State>, caller: SignedIn, body: web::Json<ExamRequest>) -> Answer {
    let view = run(&state.app, move |app| app.create_exam(&caller.0, &body)).await?;
    Ok(with_etag(HttpResponse::Created(), view))
}

/// One exam.
#[utoipa::path(get, path = "/api/v1/exams/{exam}", tag = "考务", params(("exam" = String, Path)),
    responses((status = 200, body = ExamView), (status = 404, body = Problem)))]
pub async fn get(state: web::Data<State>, caller: SignedIn, exam: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.exam_view(&caller.0, &exam)).await?;
    Ok(with_etag(HttpResponse::Ok(), view))
}

/// Change a draft.
#[utoipa::path(patch, path = "/api/v1/exams/{exam}", tag = "考务", params(("exam" = String, Path)),
    request_body = ExamRequest,
    responses((status = 200, body = ExamView), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn update(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<ExamRequest>,
) -> Answer {
    let version = if_match(&request)?;
    let view = run(&state.app, move |app| app.update_exam(&caller.0, &exam, version, &body)).await?;
    Ok(with_etag(HttpResponse::Ok(), view))
}

/// Publish: the roster is fixed.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/publication", tag = "考务", params(("exam" = String, Path)),
    responses((status = 201, body = Publication), (status = 200, body = Publication), (status = 409, body = Problem)))]
pub async fn publish(state: web::Data<State>, caller: SignedIn, exam: web::Path<String>) -> Answer {
    let publication = run(&state.app, move |app| app.publish_exam(&caller.0, &exam)).await?;
    let mut builder = if publication.unmet.is_empty() { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(builder.json(publication))
}

/// Cancel, with the reason.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/cancellation", tag = "考务", params(("exam" = String, Path)),
    request_body = ReasonRequest,
    responses((status = 201, body = ExamView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn cancel(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<ReasonRequest>,
) -> Answer {
    let view = run(&state.app, move |app| app.cancel_exam(&caller.0, &exam, &body.reason)).await?;
    Ok(with_etag(HttpResponse::Created(), view))
}

/// Whose paper to show.
#[derive(Debug, Deserialize)]
pub struct PreviewQuery {
    person: String,
}

/// The paper a person would get.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/preview", tag = "考务",
    params(("exam" = String, Path), ("person" = String, Query)),
    responses((status = 200, body = Preview), (status = 404, body = Problem)))]
pub async fn preview(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    query: web::Query<PreviewQuery>,
) -> Answer {
    let preview = run(&state.app, move |app| app.preview_exam(&caller.0, &exam, &query.person)).await?;
    Ok(HttpResponse::Ok().json(preview))
}

/// What the roster is narrowed to.
#[derive(Debug, Deserialize)]
pub struct RosterQuery {
    unit: Option<String>,
    status: Option<String>,
    query: Option<String>,
    after: Option<usize>,
    limit: Option<usize>,
}

/// The roster with each person's state.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/roster", tag = "考务", params(("exam" = String, Path)),
    responses((status = 200, body = Page<RosterEntry>), (status = 404, body = Problem)))]
pub async fn roster(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    query: web::Query<RosterQuery>,
) -> Answer {
    let query = query.into_inner();
    let filter = RosterFilter { unit: query.unit, status: query.status, query: query.query };
    let rows = Paging { after: None, limit: query.limit }.rows();
    let from = query.after.unwrap_or(0);
    let all = run(&state.app, move |app| app.roster(&caller.0, &exam, &filter)).await?;
    Ok(HttpResponse::Ok().json(page_of(all, from, rows)))
}

/// Grant leave (缓考).
#[utoipa::path(post, path = "/api/v1/exams/{exam}/leaves", tag = "考务", params(("exam" = String, Path)),
    request_body = PersonReason, responses((status = 204), (status = 409, body = Problem)))]
pub async fn leave(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<PersonReason>,
) -> Answer {
    run(&state.app, move |app| app.set_place(&caller.0, &exam, &body, "deferred")).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take leave or exemption back.
#[utoipa::path(delete, path = "/api/v1/exams/{exam}/leaves/{person}", tag = "考务",
    params(("exam" = String, Path), ("person" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end_leave(state: web::Data<State>, caller: SignedIn, path: web::Path<(String, String)>) -> Answer {
    let (exam, person) = path.into_inner();
    let request = PersonReason { person, reason: "撤销缓考或免考".to_owned() };
    run(&state.app, move |app| app.set_place(&caller.0, &exam, &request, "due")).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Grant exemption (免考).
#[utoipa::path(post, path = "/api/v1/exams/{exam}/exemptions", tag = "考务", params(("exam" = String, Path)),
    request_body = PersonReason, responses((status = 204), (status = 409, body = Problem)))]
pub async fn exempt(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<PersonReason>,
) -> Answer {
    run(&state.app, move |app| app.set_place(&caller.0, &exam, &body, "exempt")).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Say something to everyone who sits.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/announcements", tag = "考务", params(("exam" = String, Path)),
    request_body = AnnouncementRequest, responses((status = 204), (status = 422, body = Problem)))]
pub async fn announce(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<AnnouncementRequest>,
) -> Answer {
    run(&state.app, move |app| app.announce(&caller.0, &exam, &body)).await?;
    Ok(HttpResponse::NoContent().finish())
}
