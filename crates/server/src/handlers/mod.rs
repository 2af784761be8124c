//! The handlers: parse, call the use case, answer.

pub mod attempts;
pub mod bank;
pub mod exam_day;
pub mod exams;
pub mod figures;
pub mod imports;
pub mod ledger;
pub mod people;
pub mod questions;
pub mod rehearsals;
pub mod session;
pub mod units;

use app::{App, AppResult};

use crate::problem::Refusal;

/// Runs a use case off the event loop.
pub(crate) async fn run<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> AppResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let app = app.clone();
    Ok(actix_web::web::block(move || work(&app)).await??)
}
