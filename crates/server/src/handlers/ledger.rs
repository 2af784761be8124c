//! Seals and the ledger.

use actix_web::{HttpResponse, web};
use api::ledger::{LedgerEntry, LedgerHead, Sealing};
use api::{Page, Problem};
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn};
use crate::problem::Answer;

/// Seal an exam that is over; a second time, the scores of a marking done since.
#[utoipa::path(post, path = "/api/v1/exams/{exam}/sealing", tag = "封存与账本", params(("exam" = String, Path)),
    responses((status = 201, body = Sealing), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn seal(state: web::Data<State>, caller: SignedIn, exam: web::Path<String>) -> Answer {
    let sealing = run(&state.app, move |app| app.seal(&caller.0, &exam)).await?;
    Ok(HttpResponse::Created().json(sealing))
}

/// Before which entry, and how many.
#[derive(Debug, Deserialize)]
pub struct LedgerQuery {
    after: Option<i64>,
    limit: Option<usize>,
}

/// The latest entries; `after` goes on to older ones.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "封存与账本",
    params(("after" = Option<i64>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<LedgerEntry>)))]
pub async fn entries(state: web::Data<State>, _caller: SignedIn, query: web::Query<LedgerQuery>) -> Answer {
    let rows = Paging { after: None, limit: query.limit }.rows();
    let after = query.after;
    let items = run(&state.app, move |app| app.ledger_entries(after, rows)).await?;
    let next = (items.len() == rows).then(|| items.last().map(|item| item.sequence.to_string())).flatten();
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// The latest signed head.
#[utoipa::path(get, path = "/api/v1/ledger/head", tag = "封存与账本",
    responses((status = 200, body = LedgerHead), (status = 404, body = Problem)))]
pub async fn head(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let head = run(&state.app, app::App::ledger_head).await?;
    Ok(HttpResponse::Ok().json(head))
}

/// Check chain, heads, seals and sealed files.
#[utoipa::path(get, path = "/api/v1/ledger/verification", tag = "封存与账本", responses((status = 200, body = Object)))]
pub async fn verify(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let verification = run(&state.app, |app| app.verify_ledger(None)).await?;
    Ok(HttpResponse::Ok().json(verification))
}

/// The whole ledger in one file that an outsider can check with `zhijie ledger verify --export`.
#[utoipa::path(get, path = "/api/v1/ledger/export", tag = "封存与账本",
    responses((status = 200, content_type = "application/jsonl")))]
pub async fn export(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let bytes = run(&state.app, |app| {
        let mut bytes = Vec::new();
        app.export_ledger(&mut bytes)?;
        Ok(bytes)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/jsonl")
        .insert_header(("content-disposition", "attachment; filename=\"zhijie-ledger.jsonl\""))
        .body(bytes))
}

/// The keys and heads so far, to be kept outside.
#[utoipa::path(get, path = "/api/v1/ledger/anchor", tag = "封存与账本",
    responses((status = 200, content_type = "application/json"), (status = 409, body = Problem)))]
pub async fn anchor(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let text = run(&state.app, app::App::ledger_anchor).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("content-disposition", "attachment; filename=\"zhijie-anchor.json\""))
        .body(text))
}
