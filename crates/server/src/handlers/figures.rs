//! Counts, rates and mastery.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, web};
use api::figures::{Mastery, MissingPerson, Progress, ReportCreated, ReportRequest, ReportState, Results};
use api::{Page, Problem};
use app::AppError;
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn, page_of};
use crate::problem::Answer;

/// Which exam.
#[derive(Debug, Deserialize)]
pub struct ExamQuery {
    exam: String,
}

/// Counts of a unit, live.
#[utoipa::path(get, path = "/api/v1/units/{unit}/progress", tag = "统计",
    params(("unit" = String, Path), ("exam" = String, Query)),
    responses((status = 200, body = Progress), (status = 404, body = Problem)))]
pub async fn progress(
    state: web::Data<State>,
    caller: SignedIn,
    unit: web::Path<String>,
    query: web::Query<ExamQuery>,
) -> Answer {
    let progress = run(&state.app, move |app| app.progress(&caller.0, &unit, &query.exam)).await?;
    Ok(HttpResponse::Ok().json(progress))
}

/// Which exam, and which page of the list.
#[derive(Debug, Deserialize)]
pub struct MissingQuery {
    exam: String,
    after: Option<usize>,
    limit: Option<usize>,
}

/// Who has not handed in yet.
#[utoipa::path(get, path = "/api/v1/units/{unit}/missing", tag = "统计",
    params(("unit" = String, Path), ("exam" = String, Query)),
    responses((status = 200, body = Page<MissingPerson>), (status = 404, body = Problem)))]
pub async fn missing(
    state: web::Data<State>,
    caller: SignedIn,
    unit: web::Path<String>,
    query: web::Query<MissingQuery>,
) -> Answer {
    let (after, rows) = (query.after.unwrap_or(0), Paging { after: None, limit: query.limit }.rows());
    let people = run(&state.app, move |app| app.missing(&caller.0, &unit, &query.exam)).await?;
    Ok(HttpResponse::Ok().json(page_of(people, after, rows)))
}

/// The exam that figures are asked of. Phases come with the education plan: until then there is none to be found.
fn exam_of(exam: Option<&str>, phase: Option<&str>) -> Result<String, AppError> {
    match (exam, phase) {
        (_, Some(_)) => Err(AppError::NotFound("这个阶段（请改用 exam 指明一场考试）")),
        (Some(exam), None) => Ok(exam.to_owned()),
        (None, None) => Err(AppError::invalid("exam", "请指明一场考试")),
    }
}

/// Grouping of results.
#[derive(Debug, Deserialize)]
pub struct ResultsQuery {
    exam: Option<String>,
    phase: Option<String>,
    by: Option<String>,
    count: Option<String>,
}

/// Counts and rates of a unit.
#[utoipa::path(get, path = "/api/v1/units/{unit}/results", tag = "统计",
    params(("unit" = String, Path), ("exam" = Option<String>, Query), ("phase" = Option<String>, Query),
        ("by" = Option<String>, Query), ("count" = Option<String>, Query)),
    responses((status = 200, body = Results), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn results(
    state: web::Data<State>,
    caller: SignedIn,
    unit: web::Path<String>,
    query: web::Query<ResultsQuery>,
) -> Answer {
    let results = run(&state.app, move |app| {
        let by = query.by.as_deref().unwrap_or("subunit");
        let count = query.count.as_deref().unwrap_or("first");
        let exam = exam_of(query.exam.as_deref(), query.phase.as_deref())?;
        app.unit_results(&caller.0, &unit, &exam, by, count)
    })
    .await?;
    Ok(HttpResponse::Ok().json(results))
}

/// Grouping of mastery.
#[derive(Debug, Deserialize)]
pub struct MasteryQuery {
    exam: Option<String>,
    phase: Option<String>,
    by: Option<String>,
    chart: Option<String>,
}

/// Grouping unless asked otherwise.
const MASTERY_BY: &str = "unit,rank,topic";

/// Mastery by unit, rank, topic, law or level.
#[utoipa::path(get, path = "/api/v1/analysis/mastery", tag = "统计",
    params(("exam" = Option<String>, Query), ("phase" = Option<String>, Query), ("by" = Option<String>, Query)),
    responses((status = 200, body = Mastery), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn mastery(state: web::Data<State>, caller: SignedIn, query: web::Query<MasteryQuery>) -> Answer {
    let mastery = run(&state.app, move |app| {
        let exam = exam_of(query.exam.as_deref(), query.phase.as_deref())?;
        app.mastery(&caller.0, &exam, query.by.as_deref().unwrap_or(MASTERY_BY))
    })
    .await?;
    Ok(HttpResponse::Ok().json(mastery))
}

/// A chart of mastery.
#[utoipa::path(get, path = "/api/v1/analysis/mastery.svg", tag = "统计",
    params(("exam" = Option<String>, Query), ("phase" = Option<String>, Query), ("by" = Option<String>, Query),
        ("chart" = Option<String>, Query)),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 404, body = Problem)))]
pub async fn mastery_chart(state: web::Data<State>, caller: SignedIn, query: web::Query<MasteryQuery>) -> Answer {
    let svg = run(&state.app, move |app| {
        let by = query.by.as_deref().unwrap_or("rank,topic");
        let exam = exam_of(query.exam.as_deref(), query.phase.as_deref())?;
        app.mastery_chart(&caller.0, &exam, by, query.chart.as_deref().unwrap_or("heatmap"))
    })
    .await?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(svg))
}

/// Ask for a report.
#[utoipa::path(post, path = "/api/v1/reports", tag = "统计", request_body = ReportRequest,
    responses((status = 202, body = ReportCreated), (status = 422, body = Problem)))]
pub async fn create_report(state: web::Data<State>, caller: SignedIn, body: web::Json<ReportRequest>) -> Answer {
    let request = body.into_inner();
    let principal = caller.0;
    let (id, job) = {
        let principal = principal.clone();
        run(&state.app, move |app| app.create_report(&principal, &request)).await?
    };
    let app = state.app.clone();
    actix_web::rt::spawn(async move {
        let work = web::block(move || app.run_report(&principal, &job)).await;
        if let Err(error) = work {
            tracing::error!(%error, "a report was cancelled");
        }
    });
    Ok(HttpResponse::Accepted().json(ReportCreated { id }))
}

/// How far a report is.
#[utoipa::path(get, path = "/api/v1/reports/{report}", tag = "统计", params(("report" = String, Path)),
    responses((status = 200, body = ReportState), (status = 404, body = Problem)))]
pub async fn report(state: web::Data<State>, caller: SignedIn, report: web::Path<String>) -> Answer {
    let report = run(&state.app, move |app| app.report_state(&caller.0, &report)).await?;
    Ok(HttpResponse::Ok().json(report))
}

/// Stop a report.
#[utoipa::path(delete, path = "/api/v1/reports/{report}", tag = "统计", params(("report" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn cancel_report(state: web::Data<State>, caller: SignedIn, report: web::Path<String>) -> Answer {
    run(&state.app, move |app| app.cancel_report(&caller.0, &report)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The file of a report.
#[utoipa::path(get, path = "/api/v1/reports/{report}/file", tag = "统计", params(("report" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn report_file(state: web::Data<State>, caller: SignedIn, report: web::Path<String>) -> Answer {
    let file = run(&state.app, move |app| app.report_file(&caller.0, &report)).await?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(file.name)],
        })
        .body(file.bytes))
}
