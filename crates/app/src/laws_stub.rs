use crate::{App, AppError, AppResult};
use serde_json::Value;
impl App {
    /// x
    pub fn preview_laws(&self, _: &str, _: &[u8]) -> AppResult<Value> { Err(AppError::NotFound("x")) }
    pub(crate) fn commit_laws(&self, _: &str, _: &str, _: &str, _: &[u8]) -> AppResult<()> { Err(AppError::NotFound("x")) }
    /// x
    pub fn import_laws(&self, _: &str, _: &str, _: &[u8]) -> AppResult<Value> { Err(AppError::NotFound("x")) }
}
