//! Which handler answers which path. Who may call it stands in [`crate::endpoints`].

use actix_web::web::{self, ServiceConfig, delete, get, patch, post, put};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::State;
use crate::handlers::{
    attempts, bank, exam_day, exams, figures, imports, ledger, people, questions, rehearsals, session, units,
};
use crate::problem::{Answer, not_found};

pub(crate) fn configure(config: &mut ServiceConfig) {
    // Routes are tried in their order: those of ten thousand phones come first.
    of_examinees(config);
    config
        .route("/healthz", get().to(healthz))
        .route("/readyz", get().to(readyz))
        .route("/metrics", get().to(metrics))
        .route("/api/openapi.json", get().to(openapi))
        .route("/api/v1/demo/clock", post().to(demo_clock))
        .configure(of_accounts)
        .configure(of_units)
        .configure(of_figures)
        .configure(of_the_bank)
        .configure(of_exams)
        .configure(of_exam_days)
        .default_service(web::to(page));
}

fn of_accounts(config: &mut ServiceConfig) {
    config
        .route("/api/v1/sessions", post().to(session::create))
        .route("/api/v1/activations", post().to(session::activate))
        .route("/api/v1/sessions/current/renewals", post().to(session::renew))
        .route("/api/v1/sessions/current", delete().to(session::delete))
        .route("/api/v1/me", get().to(session::me))
        .route("/api/v1/me/password", put().to(session::change_password))
        .route("/api/v1/units", get().to(people::units))
        .route("/api/v1/ranks", get().to(people::ranks))
        .route("/api/v1/people", get().to(people::people))
        .route("/api/v1/units/{unit}/activations", get().to(people::activations))
        .route("/api/v1/units/{unit}/activation-codes", post().to(people::issue_codes))
        .route("/api/v1/units/{unit}/activation-slips", post().to(people::print_slips))
        .route("/api/v1/accounts", get().to(people::accounts))
        .route("/api/v1/accounts/{account}/roles", put().to(people::set_roles))
        .route("/api/v1/accounts/{account}/activation-codes", post().to(people::issue_code))
        .route("/api/v1/imports", get().to(imports::list))
        .route("/api/v1/imports", post().to(imports::create))
        .route("/api/v1/imports/{import}", get().to(imports::get))
        .route("/api/v1/imports/{import}/rows/{n}", patch().to(imports::correct))
        .route("/api/v1/imports/{import}/commit", post().to(imports::commit))
        .route("/api/v1/imports/{import}/undo", post().to(imports::undo));
}

fn of_exam_days(config: &mut ServiceConfig) {
    config
        .route("/api/v1/exams/{exam}/live", get().to(exam_day::live))
        .route("/api/v1/exams/{exam}/people/{person}/timeline", get().to(exam_day::timeline))
        .route("/api/v1/exams/{exam}/extensions", post().to(exam_day::extend))
        .route("/api/v1/exams/{exam}/pauses", post().to(exam_day::pause))
        .route("/api/v1/exams/{exam}/pauses/current", delete().to(exam_day::resume))
        .route("/api/v1/exams/{exam}/kept-answers", get().to(exam_day::kept_answers))
        .route("/api/v1/kept-answers/{kept}/decision", post().to(exam_day::decide))
        .route("/api/v1/exams/{exam}/questions", get().to(exam_day::questions))
        .route("/api/v1/exams/{exam}/rulings", get().to(exam_day::rulings))
        .route("/api/v1/exams/{exam}/regrades", get().to(exam_day::regrade_runs))
        .route("/api/v1/exams/{exam}/regrades", post().to(exam_day::regrade))
        .route("/api/v1/attempts/{attempt}/voidings", post().to(exam_day::void))
        .route("/api/v1/attempts/{attempt}/reopenings", post().to(exam_day::reopen))
        .route("/api/v1/exams/{exam}/sealing", post().to(ledger::seal))
        .route("/api/v1/ledger", get().to(ledger::entries))
        .route("/api/v1/ledger/head", get().to(ledger::head))
        .route("/api/v1/ledger/verification", get().to(ledger::verify))
        .route("/api/v1/ledger/export", get().to(ledger::export))
        .route("/api/v1/ledger/anchor", get().to(ledger::anchor))
        .route("/api/v1/rehearsals", post().to(rehearsals::create))
        .route("/api/v1/rehearsals/{exam}", delete().to(rehearsals::wipe))
        .route("/api/v1/me/notices", get().to(exam_day::notices))
        .route("/api/v1/me/notices/{notice}/reading", post().to(exam_day::read_notice));
}

fn of_units(config: &mut ServiceConfig) {
    config
        .route("/api/v1/units", post().to(units::create))
        .route("/api/v1/units/{unit}", get().to(units::get))
        .route("/api/v1/units/{unit}", patch().to(units::update))
        .route("/api/v1/unit-successions", get().to(units::successions))
        .route("/api/v1/unit-successions", post().to(units::succeed))
        .route("/api/v1/lists/{list}", get().to(units::list))
        .route("/api/v1/lists/{list}", put().to(units::edit_list));
}

fn of_examinees(config: &mut ServiceConfig) {
    config
        .route("/api/v1/attempts/{attempt}/answers/{slot}", put().to(attempts::save))
        .route("/api/v1/attempts/{attempt}", get().to(attempts::status))
        .route("/api/v1/attempts/{attempt}/answers", put().to(attempts::save_batch))
        .route("/api/v1/me/assignments", get().to(attempts::assignments))
        .route("/api/v1/me/wrong-answers", get().to(attempts::wrong_answers))
        .route("/api/v1/exams/{exam}/attempts", post().to(attempts::start))
        .route("/api/v1/attempts/{attempt}/screen-leaves/{leave}", put().to(attempts::leave_screen))
        .route("/api/v1/attempts/{attempt}/submission", post().to(attempts::submit))
        .route("/api/v1/attempts/{attempt}/result", get().to(attempts::result))
        .route("/api/v1/receipts/{number}", get().to(attempts::receipt));
}

fn of_figures(config: &mut ServiceConfig) {
    config
        .route("/api/v1/units/{unit}/progress", get().to(figures::progress))
        .route("/api/v1/units/{unit}/missing", get().to(figures::missing))
        .route("/api/v1/units/{unit}/results", get().to(figures::results))
        .route("/api/v1/analysis/mastery", get().to(figures::mastery))
        .route("/api/v1/analysis/mastery.svg", get().to(figures::mastery_chart))
        .route("/api/v1/reports", post().to(figures::create_report))
        .route("/api/v1/reports/{report}", get().to(figures::report))
        .route("/api/v1/reports/{report}", delete().to(figures::cancel_report))
        .route("/api/v1/reports/{report}/file", get().to(figures::report_file));
}

fn of_the_bank(config: &mut ServiceConfig) {
    config
        .route("/api/v1/laws", get().to(bank::laws))
        .route("/api/v1/laws/{law}/editions/{edition}", get().to(bank::edition))
        .route("/api/v1/laws/{law}/editions/{edition}/articles/{no}", get().to(bank::article))
        .route("/api/v1/topics", get().to(bank::topics))
        .route("/api/v1/questions", get().to(questions::list))
        .route("/api/v1/questions", post().to(questions::create))
        .route("/api/v1/question-checks", post().to(questions::check))
        .route("/api/v1/question-template", get().to(questions::template))
        .route("/api/v1/questions/{ref}", get().to(questions::get))
        .route("/api/v1/questions/{ref}/versions", get().to(questions::versions))
        .route("/api/v1/questions/{ref}/versions", post().to(questions::change))
        .route("/api/v1/questions/{ref}/versions/{version}", delete().to(questions::delete_draft))
        .route("/api/v1/questions/{ref}/reviews", post().to(questions::review))
        .route("/api/v1/questions/{ref}/state-changes", post().to(questions::change_state));
}

fn of_exams(config: &mut ServiceConfig) {
    config
        .route("/api/v1/presets", get().to(exams::presets))
        .route("/api/v1/blueprints", get().to(exams::blueprints))
        .route("/api/v1/blueprints", post().to(exams::create_blueprint))
        .route("/api/v1/papers", post().to(exams::create_paper))
        .route("/api/v1/exams", get().to(exams::list))
        .route("/api/v1/exams", post().to(exams::create))
        .route("/api/v1/exams/{exam}", get().to(exams::get))
        .route("/api/v1/exams/{exam}", patch().to(exams::update))
        .route("/api/v1/exams/{exam}/publication", post().to(exams::publish))
        .route("/api/v1/exams/{exam}/cancellation", post().to(exams::cancel))
        .route("/api/v1/exams/{exam}/preview", get().to(exams::preview))
        .route("/api/v1/exams/{exam}/roster", get().to(exams::roster))
        .route("/api/v1/exams/{exam}/leaves", post().to(exams::leave))
        .route("/api/v1/exams/{exam}/leaves/{person}", delete().to(exams::end_leave))
        .route("/api/v1/exams/{exam}/exemptions", post().to(exams::exempt))
        .route("/api/v1/exams/{exam}/announcements", post().to(exams::announce));
}

/// The process runs.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// Whether the database answers. A missing database is no reason to take the node out: requests say 503 themselves.
async fn readyz(state: web::Data<State>) -> HttpResponse {
    let word = if state.is_database_up().await { "up" } else { "down" };
    HttpResponse::Ok().json(serde_json::json!({ "database": word }))
}

/// A few figures of this process, in the text format of Prometheus.
async fn metrics(state: web::Data<State>) -> HttpResponse {
    let waiting = state.app.store().answers_waiting();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(format!(
        "# TYPE zhijie_answers_waiting gauge\nzhijie_answers_waiting {waiting}\n\
         # TYPE zhijie_answer_queue_limit gauge\nzhijie_answer_queue_limit {}\n",
        app::ANSWER_QUEUE_ROWS
    ))
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().json(crate::openapi::document())
}

#[derive(Debug, Deserialize)]
struct ClockStep {
    advance_seconds: i64,
}

/// Moves the clock of the demo.
async fn demo_clock(state: web::Data<State>, body: web::Json<ClockStep>) -> Answer {
    let now = state.app.advance_clock(body.advance_seconds)?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "server_now": app::clock::rfc3339(now) })))
}

/// A page from the binary, or 404.
async fn page(state: web::Data<State>, request: HttpRequest) -> Answer {
    let is_read = matches!(*request.method(), actix_web::http::Method::GET | actix_web::http::Method::HEAD);
    match state.assets.serve(&request).filter(|_| is_read) {
        Some(response) => Ok(response),
        None => not_found(request).await,
    }
}
