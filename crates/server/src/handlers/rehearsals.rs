//! Rehearsals with virtual takers.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use api::Problem;
use api::rehearsal::{RehearsalCreated, RehearsalRequest};
use app::principal::Caller;

use super::run;
use crate::State;
use crate::problem::Answer;

/// Make an exam with virtual takers and a token for each.
#[utoipa::path(post, path = "/api/v1/rehearsals", tag = "演练", request_body = RehearsalRequest,
    responses((status = 201, body = RehearsalCreated), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(state: web::Data<State>, request: HttpRequest, body: web::Json<RehearsalRequest>) -> Answer {
    let actor = match request.extensions().get::<Caller>() {
        Some(Caller::Account(principal)) => principal.account.clone(),
        // From this machine, under --demo.
        _ => "demo".to_owned(),
    };
    let created = run(&state.app, move |app| app.create_rehearsal(&actor, &body)).await?;
    Ok(HttpResponse::Created().json(created))
}

/// Wipe a rehearsal.
#[utoipa::path(delete, path = "/api/v1/rehearsals/{exam}", tag = "演练", params(("exam" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn wipe(state: web::Data<State>, exam: web::Path<String>) -> Answer {
    run(&state.app, move |app| app.wipe_rehearsal(&exam)).await?;
    Ok(HttpResponse::NoContent().finish())
}
