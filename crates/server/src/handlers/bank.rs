//! Laws and topics, for staff.

use actix_web::{HttpResponse, web};
use api::bank::{ArticleView, EditionSummary, EditionView, TopicView};
use api::{Page, Problem};

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn};
use crate::problem::Answer;

/// The register of laws.
#[utoipa::path(get, path = "/api/v1/laws", tag = "题库",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<EditionSummary>)))]
pub async fn laws(state: web::Data<State>, _caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, app::App::laws).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}

/// An edition with its articles.
#[utoipa::path(get, path = "/api/v1/laws/{law}/editions/{edition}", tag = "题库",
    params(("law" = String, Path), ("edition" = String, Path)),
    responses((status = 200, body = EditionView), (status = 404, body = Problem)))]
pub async fn edition(state: web::Data<State>, _caller: SignedIn, path: web::Path<(String, String)>) -> Answer {
    let (law, edition) = path.into_inner();
    let view = run(&state.app, move |app| app.edition(&law, &edition)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// One article.
#[utoipa::path(get, path = "/api/v1/laws/{law}/editions/{edition}/articles/{no}", tag = "题库",
    params(("law" = String, Path), ("edition" = String, Path), ("no" = String, Path)),
    responses((status = 200, body = ArticleView), (status = 404, body = Problem)))]
pub async fn article(state: web::Data<State>, _caller: SignedIn, path: web::Path<(String, String, String)>) -> Answer {
    let (law, edition, no) = path.into_inner();
    let view = run(&state.app, move |app| app.article(&law, &edition, &no)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Topics.
#[utoipa::path(get, path = "/api/v1/topics", tag = "题库",
    params(("after" = Option<String>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = Page<TopicView>)))]
pub async fn topics(state: web::Data<State>, _caller: SignedIn, paging: web::Query<Paging>) -> Answer {
    let items = run(&state.app, app::App::topic_list).await?;
    Ok(HttpResponse::Ok().json(paging.short(items)?))
}
