//! The day of an exam: the desk, extensions, pauses, incidents, corrections, notices.

use actix_web::{HttpResponse, web};
use api::exam::ReasonRequest;
use api::exam_day::{
    AttemptChanged, DecisionRequest, ExamQuestion, ExtensionRequest, ExtensionView, KeptAnswer, LiveView, NoticeView,
    PauseView, Regrade, RegradeRequest, RegradeRun, ReopeningRequest, RulingView, Timeline, VoidingRequest,
};
use api::{Page, Problem};
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn};
use crate::problem::Answer;

/// Which part of the desk's picture is asked for.
#[derive(Debug, Deserialize)]
pub struct LiveQuery {
    unit: Option<String>,
}

/// Who is where, by the units directly below the caller's, or below `unit`; the nodes and what waits.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/live", tag = "考务台",
    params(("exam" = String, Path), ("unit" = Option<String>, Query)),
    responses((status = 200, body = LiveView), (status = 404, body = Problem)))]
pub async fn live(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    query: web::Query<LiveQuery>,
) -> Answer {
    let unit = query.into_inner().unit;
    let view = run(&state.app, move |app| app.live(&caller.0, &exam, unit.as_deref())).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// One person: why can they (not) start, and what happened so far.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/people/{person}/timeline", tag = "考务台",
    params(("exam" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = Timeline), (status = 404, body = Problem)))]
pub async fn timeline(state: web::Data<State>, caller: SignedIn, path: web::Path<(String, String)>) -> Answer {
    let (exam, person) = path.into_inner();
    let view = run(&state.app, move |app| app.timeline(&caller.0, &exam, &person)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// More time for a person, a unit or all.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/extensions", tag = "考务台", params(("exam" = String, Path)),
    request_body = ExtensionRequest,
    responses((status = 201, body = ExtensionView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn extend(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<ExtensionRequest>,
) -> Answer {
    let view = run(&state.app, move |app| app.extend(&caller.0, &exam, &body)).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Stop the clock of an exam.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/pauses", tag = "考务台", params(("exam" = String, Path)),
    request_body = ReasonRequest,
    responses((status = 201, body = PauseView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn pause(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<ReasonRequest>,
) -> Answer {
    let view = run(&state.app, move |app| app.pause(&caller.0, &exam, &body.reason)).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Let the clock run again: deadlines and closing move by the length of the pause.
#[utoipa::path(delete, path = "/api/v1/exams/{exam}/pauses/current", tag = "考务台", params(("exam" = String, Path)),
    responses((status = 200, body = PauseView), (status = 409, body = Problem)))]
pub async fn resume(state: web::Data<State>, caller: SignedIn, exam: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.resume_exam(&caller.0, &exam)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Void an attempt.
#[utoipa::path(post, path = "/api/v1/attempts/{attempt}/voidings", tag = "考务台", params(("attempt" = String, Path)),
    request_body = VoidingRequest,
    responses((status = 201, body = AttemptChanged), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn void(
    state: web::Data<State>,
    caller: SignedIn,
    attempt: web::Path<String>,
    body: web::Json<VoidingRequest>,
) -> Answer {
    let view = run(&state.app, move |app| app.void_attempt(&caller.0, &attempt, &body)).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Let a person go on with an attempt that had ended.
#[utoipa::path(post, path = "/api/v1/attempts/{attempt}/reopenings", tag = "考务台",
    params(("attempt" = String, Path)), request_body = ReopeningRequest,
    responses((status = 201, body = AttemptChanged), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn reopen(
    state: web::Data<State>,
    caller: SignedIn,
    attempt: web::Path<String>,
    body: web::Json<ReopeningRequest>,
) -> Answer {
    let view = run(&state.app, move |app| app.reopen_attempt(&caller.0, &attempt, &body)).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Answers kept for review.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/kept-answers", tag = "考务台",
    params(("exam" = String, Path), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<KeptAnswer>), (status = 404, body = Problem)))]
pub async fn kept_answers(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    paging: web::Query<Paging>,
) -> Answer {
    let items = run(&state.app, move |app| app.kept_answers(&caller.0, &exam)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// Admit or reject an answer kept for review.
#[utoipa::path(post, path = "/api/v1/kept-answers/{kept}/decision", tag = "考务台", params(("kept" = String, Path)),
    request_body = DecisionRequest,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn decide(
    state: web::Data<State>,
    caller: SignedIn,
    kept: web::Path<String>,
    body: web::Json<DecisionRequest>,
) -> Answer {
    run(&state.app, move |app| app.decide_kept(&caller.0, &kept, body.admitted, &body.reason)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The questions on an exam's papers, and how they fare.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/questions", tag = "考务台",
    params(("exam" = String, Path), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<ExamQuestion>), (status = 404, body = Problem)))]
pub async fn questions(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    paging: web::Query<Paging>,
) -> Answer {
    let items = run(&state.app, move |app| app.exam_questions(&caller.0, &exam)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// What was decided on questions of an exam.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/rulings", tag = "考务台",
    params(("exam" = String, Path), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<RulingView>), (status = 404, body = Problem)))]
pub async fn rulings(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    paging: web::Query<Paging>,
) -> Answer {
    let items = run(&state.app, move |app| app.rulings(&caller.0, &exam)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// Mark an exam again, or say what that would change.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/regrades", tag = "考务台", params(("exam" = String, Path)),
    request_body = RegradeRequest,
    responses((status = 201, body = Regrade), (status = 200, body = Regrade), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn regrade(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    body: web::Json<RegradeRequest>,
) -> Answer {
    let report = run(&state.app, move |app| app.regrade(&caller.0, &exam, &body)).await?;
    let mut builder = if report.dry_run { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(builder.json(report))
}

/// The runs that marked an exam again, the latest first.
#[utoipa::path(get, path = "/api/v1/exams/{exam}/regrades", tag = "考务台",
    params(("exam" = String, Path), ("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<RegradeRun>), (status = 404, body = Problem)))]
pub async fn regrade_runs(
    state: web::Data<State>,
    caller: SignedIn,
    exam: web::Path<String>,
    paging: web::Query<Paging>,
) -> Answer {
    let items = run(&state.app, move |app| app.regrade_runs(&caller.0, &exam)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// What the caller must be told.
#[utoipa::path(get, path = "/api/v1/me/notices", tag = "考试",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<NoticeView>)))]
pub async fn notices(state: web::Data<State>, caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, move |app| app.my_notices(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// A notice was read.
#[utoipa::path(post, path = "/api/v1/me/notices/{notice}/reading", tag = "考试", params(("notice" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn read_notice(state: web::Data<State>, caller: SignedIn, notice: web::Path<String>) -> Answer {
    run(&state.app, move |app| app.read_notice(&caller.0, &notice)).await?;
    Ok(HttpResponse::NoContent().finish())
}
