use crate::{App, AppError, AppResult, Principal};
/// x
pub struct ReportFile { /// x
 pub name: String, /// x
 pub content_type: &'static str, /// x
 pub bytes: Vec<u8> }
impl App {
    /// x
    pub fn mastery(&self, _: &Principal, _: &str, _: &str) -> AppResult<api::figures::Mastery> { Err(AppError::NotFound("x")) }
    /// x
    pub fn mastery_chart(&self, _: &Principal, _: &str, _: &str, _: &str) -> AppResult<String> { Err(AppError::NotFound("x")) }
    /// x
    pub fn create_report(&self, _: &Principal, _: &api::figures::ReportRequest) -> AppResult<(String, String)> { Err(AppError::NotFound("x")) }
    /// x
    pub fn run_report(&self, _: &Principal, _: &str) -> AppResult<()> { Err(AppError::NotFound("x")) }
    /// x
    pub fn report_state(&self, _: &Principal, _: &str) -> AppResult<api::figures::ReportState> { Err(AppError::NotFound("x")) }
    /// x
    pub fn cancel_report(&self, _: &Principal, _: &str) -> AppResult<()> { Err(AppError::NotFound("x")) }
    /// x
    pub fn report_file(&self, _: &Principal, _: &str) -> AppResult<ReportFile> { Err(AppError::NotFound("x")) }
}
