//! The OpenAPI document, assembled from the handlers.

use utoipa::OpenApi;

use crate::handlers;

/// 知戒 HTTP API.
#[derive(OpenApi)]
#[openapi(
    info(title = "知戒", description = "纪法知识测试平台的接口。错误一律为 application/problem+json。"),
    paths(
        handlers::session::create,
        handlers::session::activate,
        handlers::session::renew,
        handlers::session::delete,
        handlers::session::me,
        handlers::session::change_password,
        handlers::attempts::assignments,
        handlers::attempts::start,
        handlers::attempts::status,
        handlers::attempts::save,
        handlers::attempts::save_batch,
        handlers::attempts::submit,
        handlers::attempts::result,
        handlers::attempts::receipt,
        handlers::exams::presets,
        handlers::exams::blueprints,
        handlers::exams::create_blueprint,
        handlers::exams::create_paper,
        handlers::exams::list,
        handlers::exams::create,
        handlers::exams::get,
        handlers::exams::update,
        handlers::exams::publish,
        handlers::exams::cancel,
        handlers::exams::preview,
        handlers::exams::roster,
        handlers::exams::leave,
        handlers::exams::end_leave,
        handlers::exams::exempt,
        handlers::exams::announce,
        handlers::figures::progress,
        handlers::figures::missing,
        handlers::figures::results,
        handlers::figures::mastery,
        handlers::figures::mastery_chart,
        handlers::figures::create_report,
        handlers::figures::report,
        handlers::figures::cancel_report,
        handlers::figures::report_file,
        handlers::people::units,
        handlers::people::ranks,
        handlers::people::people,
        handlers::people::activations,
        handlers::people::issue_codes,
        handlers::people::issue_code,
        handlers::people::accounts,
        handlers::people::set_roles,
        handlers::bank::laws,
        handlers::bank::edition,
        handlers::bank::article,
        handlers::bank::topics,
        handlers::questions::list,
        handlers::questions::create,
        handlers::questions::check,
        handlers::questions::template,
        handlers::questions::get,
        handlers::questions::versions,
        handlers::questions::change,
        handlers::questions::delete_draft,
        handlers::questions::review,
        handlers::questions::change_state,
        handlers::imports::create,
        handlers::imports::list,
        handlers::imports::get,
        handlers::imports::commit,
        handlers::imports::undo,
    )
)]
struct Document;

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
