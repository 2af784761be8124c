//! Reports that are asked for, computed aside, and fetched later.

use std::path::PathBuf;

use api::figures::{ReportRequest, ReportState};
use serde_json::json;
use storage::acts::ReportJobRow;

use crate::secrets::write_private;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Grouping unless asked otherwise.
const MASTERY_BY: &str = "unit,rank,topic";

/// A finished report.
#[derive(Debug, Clone)]
pub struct ReportFile {
    /// What it is called when saved.
    pub name: String,
    /// MIME type.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

fn content_type(format: &str) -> Option<&'static str> {
    Some(match format {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv" => "text/csv; charset=utf-8",
        "parquet" => "application/vnd.apache.parquet",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

impl App {
    /// Takes a request for a report. Answers its id, and the id again for [`App::run_report`].
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a kind or format that there is not; [`AppError::NotFound`] for another's exam.
    pub fn create_report(&self, principal: &Principal, request: &ReportRequest) -> AppResult<(String, String)> {
        if request.kind != "mastery" {
            return Err(AppError::invalid("kind", format!("报表“{}”尚未提供，目前可用 mastery", request.kind)));
        }
        if content_type(&request.format).is_none() {
            let reason = format!("没有“{}”这种格式，可用 xlsx、csv、parquet、json、svg", request.format);
            return Err(AppError::invalid("format", reason));
        }
        let exam = self.exam_for_figures(principal, &request.scope.exam)?;
        let row = ReportJobRow {
            id: new_id(),
            account_id: principal.account.clone(),
            kind: request.kind.clone(),
            scope_json: json!({
                "exam": exam.row.id,
                "by": request.scope.by.as_deref().unwrap_or(MASTERY_BY),
            })
            .to_string(),
            format: request.format.clone(),
            state: "queued".to_owned(),
            progress: 0,
            file_name: None,
            failure: None,
            created_at: self.now_us(),
            finished_at: None,
        };
        let (id, now_us) = (row.id.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::acts::insert_job(connection, &row)?;
            let detail = json!({ "report": row.kind, "format": row.format });
            acts::note(connection, now_us, &row.account_id, "exported", &exam.row.id, &detail)
        })?;
        Ok((id.clone(), id))
    }

    fn own_job(&self, principal: &Principal, id: &str) -> AppResult<ReportJobRow> {
        let row = self
            .store()
            .read(|connection| storage::acts::job(connection, id))
            .map_err(AppError::or_not_found("这份报表"))?;
        if row.account_id == principal.account { Ok(row) } else { Err(AppError::NotFound("这份报表")) }
    }

    fn report_path(&self, row: &ReportJobRow) -> AppResult<PathBuf> {
        let folder = self.config().lake_dir.join("reports");
        std::fs::create_dir_all(&folder)
            .map_err(|error| AppError::Internal(format!("无法建立目录 {}：{error}", folder.display())))?;
        Ok(folder.join(format!("{}.{}", row.id, row.format)))
    }

    /// Computes a report that was asked for. A failure stands in its state.
    ///
    /// # Errors
    /// What the database says.
    pub fn run_report(&self, principal: &Principal, id: &str) -> AppResult<()> {
        let row = self.own_job(principal, id)?;
        if row.state != "queued" {
            return Ok(());
        }
        self.put_job(ReportJobRow { state: "running".to_owned(), progress: 10, ..row.clone() })?;
        let outcome = self.compute(principal, &row);
        // It may have been cancelled meanwhile.
        if self.own_job(principal, id)?.state != "running" {
            return Ok(());
        }
        let finished_at = Some(self.now_us());
        let done = match outcome {
            Ok(name) => {
                ReportJobRow { state: "done".to_owned(), progress: 100, file_name: Some(name), finished_at, ..row }
            }
            Err(error) => {
                tracing::warn!(%error, report = id, "a report failed");
                let failure = match &error {
                    AppError::Invalid(errors) => {
                        errors.iter().map(|error| error.reason.clone()).collect::<Vec<_>>().join("；")
                    }
                    other => other.to_string(),
                };
                ReportJobRow { state: "failed".to_owned(), failure: Some(failure), finished_at, ..row }
            }
        };
        self.put_job(done)
    }

    fn compute(&self, principal: &Principal, row: &ReportJobRow) -> AppResult<String> {
        let scope: serde_json::Value =
            serde_json::from_str(&row.scope_json).map_err(|error| AppError::corrupt("scope", error))?;
        let text = |field: &str| scope.get(field).and_then(serde_json::Value::as_str).unwrap_or_default();
        let mastery = self.mastery(principal, text("exam"), text("by"))?;
        let exam = self.exam_for_figures(principal, text("exam"))?;
        let bytes = self.mastery_file(&exam, &mastery, &row.format)?;
        write_private(&self.report_path(row)?, &bytes)?;
        Ok(format!("{}-掌握情况.{}", exam.row.title, row.format))
    }

    fn put_job(&self, row: ReportJobRow) -> AppResult<()> {
        self.store().write(move |connection| storage::acts::update_job(connection, &row))?;
        Ok(())
    }

    /// How far a report is.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn report_state(&self, principal: &Principal, id: &str) -> AppResult<ReportState> {
        let row = self.own_job(principal, id)?;
        Ok(ReportState { id: row.id, state: row.state, progress: row.progress, failure: row.failure })
    }

    /// Stops a report that is not finished.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Conflict`] when it is finished.
    pub fn cancel_report(&self, principal: &Principal, id: &str) -> AppResult<()> {
        let row = self.own_job(principal, id)?;
        if row.state != "queued" && row.state != "running" {
            return Err(AppError::Conflict("报表已经完成，不能取消".to_owned()));
        }
        self.put_job(ReportJobRow { state: "cancelled".to_owned(), finished_at: Some(self.now_us()), ..row })
    }

    /// The file of a finished report.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while it is not finished.
    pub fn report_file(&self, principal: &Principal, id: &str) -> AppResult<ReportFile> {
        let row = self.own_job(principal, id)?;
        let (Some(name), Some(content_type)) = (row.file_name.clone(), content_type(&row.format)) else {
            return Err(AppError::Conflict("报表还没有完成".to_owned()));
        };
        let bytes = std::fs::read(self.report_path(&row)?)
            .map_err(|error| AppError::Internal(format!("report {}: {error}", row.id)))?;
        Ok(ReportFile { name, content_type, bytes })
    }
}
