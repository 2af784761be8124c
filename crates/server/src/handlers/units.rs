//! Units by hand, successions, editable lists.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use api::units::{
    ListRequest, ListView, NewUnitRequest, SuccessionOutcome, SuccessionRequest, SuccessionView, UnitChange, UnitDetail,
};
use api::{Page, Problem};
use serde::Serialize;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn, if_match, if_match_text, page_of};
use crate::problem::Answer;

fn with_etag(mut builder: HttpResponseBuilder, etag: &str, view: &impl Serialize) -> HttpResponse {
    builder.insert_header((header::ETAG, format!("\"{etag}\""))).json(view)
}

/// Make a unit.
#[utoipa::path(post, path = "/api/v1/units", tag = "机构人员", request_body = NewUnitRequest,
    responses((status = 201, body = UnitDetail), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn create(state: web::Data<State>, caller: SignedIn, body: web::Json<NewUnitRequest>) -> Answer {
    let unit = run(&state.app, move |app| app.create_unit(&caller.0, &body)).await?;
    Ok(with_etag(HttpResponse::Created(), &unit.etag, &unit))
}

/// One unit with what became of it.
#[utoipa::path(get, path = "/api/v1/units/{unit}", tag = "机构人员", params(("unit" = String, Path)),
    responses((status = 200, body = UnitDetail), (status = 404, body = Problem)))]
pub async fn get(state: web::Data<State>, caller: SignedIn, unit: web::Path<String>) -> Answer {
    let unit = run(&state.app, move |app| app.unit_detail(&caller.0, &unit)).await?;
    Ok(with_etag(HttpResponse::Ok(), &unit.etag, &unit))
}

/// Change code, kind, groups, place or parent of a unit.
#[utoipa::path(patch, path = "/api/v1/units/{unit}", tag = "机构人员", params(("unit" = String, Path)),
    request_body = UnitChange,
    responses((status = 200, body = UnitDetail), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)))]
pub async fn update(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    unit: web::Path<String>,
    body: web::Json<UnitChange>,
) -> Answer {
    let version = if_match(&request)?;
    let unit = run(&state.app, move |app| app.change_unit(&caller.0, &unit, version, &body)).await?;
    Ok(with_etag(HttpResponse::Ok(), &unit.etag, &unit))
}

/// What became of the caller's units, the latest first.
#[utoipa::path(get, path = "/api/v1/unit-successions", tag = "机构人员",
    responses((status = 200, body = Page<SuccessionView>)))]
pub async fn successions(state: web::Data<State>, caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let events = run(&state.app, move |app| app.unit_successions(&caller.0)).await?;
    let after = paging.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    Ok(HttpResponse::Ok().json(page_of(events, after, paging.rows())))
}

/// Rename, merge or split units from a day on; `dry_run` says what would happen, `If-Match` is its etag.
#[utoipa::path(post, path = "/api/v1/unit-successions", tag = "机构人员", request_body = SuccessionRequest,
    responses((status = 201, body = SuccessionOutcome), (status = 200, body = SuccessionOutcome),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn succeed(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    body: web::Json<SuccessionRequest>,
) -> Answer {
    let seen = if_match_text(&request);
    let outcome = run(&state.app, move |app| app.succeed_units(&caller.0, &body, seen.as_deref())).await?;
    let builder = if outcome.id.is_some() { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(with_etag(builder, &outcome.etag, &outcome))
}

/// An editable list: `post_level`, `rank`, `rank_group` or `supervisee`.
#[utoipa::path(get, path = "/api/v1/lists/{list}", tag = "机构人员", params(("list" = String, Path)),
    responses((status = 200, body = ListView), (status = 404, body = Problem)))]
pub async fn list(state: web::Data<State>, _caller: SignedIn, list: web::Path<String>) -> Answer {
    let list = run(&state.app, move |app| app.list(&list)).await?;
    Ok(with_etag(HttpResponse::Ok(), &list.etag, &list))
}

/// Replace an editable list; `dry_run` says what would happen.
#[utoipa::path(put, path = "/api/v1/lists/{list}", tag = "机构人员", params(("list" = String, Path)),
    request_body = ListRequest,
    responses((status = 200, body = ListView), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
pub async fn edit_list(
    state: web::Data<State>,
    request: HttpRequest,
    caller: SignedIn,
    list: web::Path<String>,
    body: web::Json<ListRequest>,
) -> Answer {
    let version = if_match(&request)?;
    let list = run(&state.app, move |app| app.edit_list(&caller.0, &list, version, &body)).await?;
    Ok(with_etag(HttpResponse::Ok(), &list.etag, &list))
}
