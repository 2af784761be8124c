//! Units, people, accounts.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, web};
use api::people::{Activations, PersonSummary, Ranks, UnitView};
use api::session::{AccountSummary, ActivationCode, CodesIssued, CodesRequest, RolesChange};
use api::{Page, Problem};
use app::people::PeopleFilter;
use app::units::UnitsFilter;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{Paging, Reached, SignedIn, if_match};
use crate::problem::Answer;

/// What units are narrowed to.
#[derive(Debug, Deserialize)]
pub struct UnitsQuery {
    #[serde(default)]
    left: bool,
    group: Option<String>,
}

/// Units in the caller's scope, with those above them.
#[utoipa::path(get, path = "/api/v1/units", tag = "机构人员",
    params(("left" = Option<bool>, Query), ("group" = Option<String>, Query)),
    responses((status = 200, body = Page<UnitView>), (status = 422, body = Problem)))]
pub async fn units(state: web::Data<State>, caller: SignedIn, query: web::Query<UnitsQuery>) -> Answer {
    let query = query.into_inner();
    let filter = UnitsFilter { left: query.left, group: query.group.filter(|group| !group.is_empty()) };
    let items = run(&state.app, move |app| app.units(&caller.0, &filter)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// Ranks, post levels and analysis groups.
#[utoipa::path(get, path = "/api/v1/ranks", tag = "机构人员", responses((status = 200, body = Ranks)))]
pub async fn ranks(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let ranks = run(&state.app, app::App::ranks).await?;
    Ok(HttpResponse::Ok().json(ranks))
}

/// What people are narrowed to.
#[derive(Debug, Deserialize)]
pub struct PeopleQuery {
    query: Option<String>,
    unit: Option<String>,
    group: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// People of the caller's units.
#[utoipa::path(get, path = "/api/v1/people", tag = "机构人员",
    params(("query" = Option<String>, Query), ("unit" = Option<String>, Query), ("group" = Option<String>, Query)),
    responses((status = 200, body = Page<PersonSummary>), (status = 422, body = Problem)))]
pub async fn people(state: web::Data<State>, caller: SignedIn, query: web::Query<PeopleQuery>) -> Answer {
    let page = run(&state.app, move |app| {
        let rows = Paging { after: None, limit: query.limit }.rows();
        let PeopleQuery { query, unit, group, after, .. } = query.into_inner();
        let filter = PeopleFilter { query, unit, group: group.filter(|group| !group.is_empty()) };
        app.people(&caller.0, &filter, after.as_deref(), rows)
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Who of a unit has activated the account.
#[utoipa::path(get, path = "/api/v1/units/{unit}/activations", tag = "机构人员", params(("unit" = String, Path)),
    responses((status = 200, body = Activations), (status = 404, body = Problem)))]
pub async fn activations(state: web::Data<State>, caller: SignedIn, unit: web::Path<String>) -> Answer {
    let activations = run(&state.app, move |app| app.activations(&caller.0, &unit)).await?;
    Ok(HttpResponse::Ok().json(activations))
}

/// New codes for the people of a unit.
#[utoipa::path(post, path = "/api/v1/units/{unit}/activation-codes", tag = "机构人员",
    params(("unit" = String, Path)), request_body = CodesRequest,
    responses((status = 201, body = CodesIssued), (status = 404, body = Problem), (status = 413, body = Problem)))]
pub async fn issue_codes(
    state: web::Data<State>,
    caller: SignedIn,
    unit: web::Path<String>,
    address: Reached,
    body: Option<web::Json<CodesRequest>>,
) -> Answer {
    // Without a word, nobody who has activated is thrown out.
    let only_missing = body.is_none_or(|body| body.only_missing);
    let items = run(&state.app, move |app| app.issue_codes(&caller.0, &unit, only_missing, address.0.as_ref())).await?;
    Ok(HttpResponse::Created().json(CodesIssued { items }))
}

/// New codes for the people of a unit, printed: slips to cut apart, as a PDF. `X-Slips` says how many; `X-Lacking`
/// names in percent-encoding the characters that no font has, each a □ on paper.
#[utoipa::path(post, path = "/api/v1/units/{unit}/activation-slips", tag = "机构人员",
    params(("unit" = String, Path)), request_body = CodesRequest,
    responses((status = 201, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem)))]
pub async fn print_slips(
    state: web::Data<State>,
    caller: SignedIn,
    unit: web::Path<String>,
    address: Reached,
    body: Option<web::Json<CodesRequest>>,
) -> Answer {
    let only_missing = body.is_none_or(|body| body.only_missing);
    let printed = run(&state.app, move |app| {
        let order = app::SlipOrder { unit: &unit, only_missing, address: address.0.as_ref() };
        app.print_slips(&caller.0, order, |_| Ok::<_, app::AppError>(()))
    })
    .await?;
    let lacking: String = printed.pdf.lacking.iter().collect();
    Ok(HttpResponse::Created()
        .content_type("application/pdf")
        .insert_header(("X-Slips", printed.slips.to_string()))
        .insert_header(("X-Lacking", utf8_percent_encode(&lacking, NON_ALPHANUMERIC).to_string()))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename("activation-slips.pdf".to_owned())],
        })
        .body(printed.pdf.bytes))
}

/// A new code for one account.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/activation-codes", tag = "机构人员",
    params(("account" = String, Path)),
    responses((status = 201, body = ActivationCode), (status = 404, body = Problem)))]
pub async fn issue_code(
    state: web::Data<State>,
    caller: SignedIn,
    account: web::Path<String>,
    address: Reached,
) -> Answer {
    let code = run(&state.app, move |app| app.issue_code(&caller.0, &account, address.0.as_ref())).await?;
    Ok(HttpResponse::Created().json(code))
}

/// Accounts by login or name.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "机构人员",
    params(("query" = Option<String>, Query)),
    responses((status = 200, body = Page<AccountSummary>)))]
pub async fn accounts(state: web::Data<State>, caller: SignedIn, query: web::Query<PeopleQuery>) -> Answer {
    let rows = Paging { after: None, limit: query.limit }.rows();
    let items = run(&state.app, move |app| {
        app.search_accounts(&caller.0, query.query.as_deref().unwrap_or_default(), query.after.as_deref(), rows)
    })
    .await?;
    let next = (items.len() == rows).then(|| items.last().map(|item| item.login.clone())).flatten();
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// Replace the roles of an account.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/roles", tag = "机构人员",
    params(("account" = String, Path)), request_body = RolesChange,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn set_roles(
    state: web::Data<State>,
    caller: SignedIn,
    request: HttpRequest,
    account: web::Path<String>,
    body: web::Json<RolesChange>,
) -> Answer {
    let version = if_match(&request)?;
    run(&state.app, move |app| app.set_roles(&caller.0, &account, version, &body.roles)).await?;
    Ok(HttpResponse::NoContent().finish())
}
