//! Laws and questions, for staff.

use actix_web::{HttpResponse, web};
use api::bank::{ArticleView, EditionSummary, EditionView, QuestionSummary, QuestionView, TopicView};
use api::{Page, Problem};
use app::questions::QuestionFilter;
use serde::Deserialize;

use super::run;
use crate::State;
use crate::extract::{Paging, SignedIn};
use crate::problem::Answer;

/// The register of laws.
#[utoipa::path(get, path = "/api/v1/laws", tag = "题库", responses((status = 200, body = Page<EditionSummary>)))]
pub async fn laws(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let items = run(&state.app, app::App::laws).await?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
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
#[utoipa::path(get, path = "/api/v1/topics", tag = "题库", responses((status = 200, body = Page<TopicView>)))]
pub async fn topics(state: web::Data<State>, _caller: SignedIn) -> Answer {
    let items = run(&state.app, app::App::topic_list).await?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// What questions are narrowed to.
#[derive(Debug, Deserialize)]
pub struct QuestionsQuery {
    query: Option<String>,
    law: Option<String>,
    kind: Option<String>,
    pool: Option<String>,
    state: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Questions of the bank.
#[utoipa::path(get, path = "/api/v1/questions", tag = "题库",
    responses((status = 200, body = Page<QuestionSummary>), (status = 403, body = Problem)))]
pub async fn questions(state: web::Data<State>, caller: SignedIn, query: web::Query<QuestionsQuery>) -> Answer {
    let query = query.into_inner();
    let rows = Paging { after: None, limit: query.limit }.rows();
    let filter = QuestionFilter {
        text: query.query,
        law: query.law,
        kind: query.kind,
        pool: query.pool,
        state: query.state,
        without_secure: false,
    };
    let items = run(&state.app, move |app| app.questions(&caller.0, &filter, query.after.as_deref(), rows)).await?;
    let next = (items.len() == rows).then(|| items.last().map(|item| item.r#ref.clone())).flatten();
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// One question with its key.
#[utoipa::path(get, path = "/api/v1/questions/{ref}", tag = "题库", params(("ref" = String, Path)),
    responses((status = 200, body = QuestionView), (status = 404, body = Problem)))]
pub async fn question(state: web::Data<State>, caller: SignedIn, reference: web::Path<String>) -> Answer {
    let view = run(&state.app, move |app| app.question(&caller.0, &reference)).await?;
    Ok(HttpResponse::Ok().json(view))
}
