//! Rows of a previewed roster that a person corrects or leaves out before it is written.
//!
//! The uploaded file stays as it came; corrections stand beside it, in a file of their own with mode 600, since they may
//! hold an ID number. The version of the import says which of these files counts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::FieldError;
use api::imports::{ImportView, RowCorrection};
use exchange::roster::{Correction, ParsedRoster};
use organisation::roster::Field;
use serde_json::Value;
use storage::organisation::ImportRow;

use super::people::parse_roster;
use super::preview::people_preview;
use super::{Importer, import_mode};
use crate::secrets::write_private;
use crate::{App, AppError, AppResult, Principal};

/// Rows that can be corrected by hand; past it the file itself wants mending.
const CORRECTIONS_MAX: usize = 2_000;

/// Corrections by number of the row.
pub(super) type Corrections = BTreeMap<u64, Correction>;

impl App {
    /// Corrects one row of a file that was previewed, or leaves it out; answers the preview anew. `body` is a
    /// [`RowCorrection`] for a roster, and the question itself for a file of questions.
    ///
    /// # Errors
    /// [`AppError::PreconditionFailed`] when the import has another version; [`AppError::Conflict`] once it is
    /// written; [`AppError::Invalid`] naming each value that cannot stand.
    pub fn correct_import_row(
        &self,
        principal: &Principal,
        id: &str,
        version: i64,
        number: u64,
        body: &Value,
    ) -> AppResult<ImportView> {
        let row = self.own_import(principal, id)?;
        if row.state != "previewed" {
            return Err(AppError::Conflict("这次导入已经写入或撤销，不能再更正；请上传更正后的文件".to_owned()));
        }
        if row.version != version {
            return Err(AppError::PreconditionFailed);
        }
        match row.kind.as_str() {
            "people" => self.correct_roster_row(principal, &row, number, body)?,
            "questions" => self.correct_question_row(&row, number, body)?,
            _ => return Err(AppError::Conflict("这类导入不能逐行更正，请改好文件后重新上传".to_owned())),
        }
        self.import(principal, id)
    }

    fn correct_roster_row(&self, principal: &Principal, row: &ImportRow, number: u64, body: &Value) -> AppResult<()> {
        let request: RowCorrection = serde_json::from_value(body.clone())
            .map_err(|error| AppError::invalid("body", format!("更正的内容应是列名和文字：{error}")))?;
        let (id, version) = (row.id.as_str(), row.version);
        let mut parsed = parse_roster(&row.file_name, &self.upload_bytes(id)?)?;
        if number == 0 || number > parsed.row_count() {
            return Err(AppError::NotFound("这一行"));
        }
        let mut corrections = self.corrections(row)?;
        merge(corrections.entry(number).or_default(), &request)?;
        corrections.retain(|_, correction| correction.skip || !correction.fields.is_empty());
        if corrections.len() > CORRECTIONS_MAX {
            let reason = format!("一次导入最多更正 {CORRECTIONS_MAX} 行，请改好文件后重新上传");
            return Err(AppError::Conflict(reason));
        }
        apply(&mut parsed, &corrections)?;
        let planned = self.plan_parsed(&Importer::of(principal, self)?, parsed, import_mode(row)?)?;
        let preview = people_preview(&planned, &corrections)?.to_string();
        let text = serde_json::to_vec(&corrections).map_err(|error| AppError::corrupt("corrections", error))?;
        let next = version.saturating_add(1);
        write_private(&self.corrections_path(id, next)?, &text)?;
        self.keep_correction(row, preview, None)?;
        // Nobody reads it any more; if it stays, nothing is wrong.
        let _ = std::fs::remove_file(self.corrections_path(id, version)?);
        Ok(())
    }

    /// Stores a corrected preview over the version that was read.
    pub(super) fn keep_correction(&self, row: &ImportRow, preview: String, plan: Option<String>) -> AppResult<()> {
        let (import, version) = (row.id.clone(), row.version);
        self.store()
            .write(move |connection| {
                storage::organisation::correct_import(connection, &import, version, &preview, plan.as_deref())
            })
            .map_err(|error| match error {
                storage::StorageError::Conflict(_) => AppError::PreconditionFailed,
                other => other.into(),
            })
    }

    fn corrections_path(&self, id: &str, version: i64) -> AppResult<PathBuf> {
        Ok(self.upload_path(id)?.with_extension(format!("rows-{version}")))
    }

    /// The corrections of an import in its present version.
    pub(super) fn corrections(&self, row: &ImportRow) -> AppResult<Corrections> {
        if row.version == 1 {
            return Ok(Corrections::new());
        }
        let bytes = std::fs::read(self.corrections_path(&row.id, row.version)?)
            .map_err(|_| AppError::Conflict("更正的记录已不在，请重新上传".to_owned()))?;
        serde_json::from_slice(&bytes).map_err(|error| AppError::corrupt("corrections", error))
    }

    /// The uploaded roster with its corrections.
    pub(super) fn corrected_roster(&self, row: &ImportRow, corrections: &Corrections) -> AppResult<ParsedRoster> {
        let mut parsed = parse_roster(&row.file_name, &self.upload_bytes(&row.id)?)?;
        apply(&mut parsed, corrections)?;
        Ok(parsed)
    }
}

fn merge(correction: &mut Correction, request: &RowCorrection) -> AppResult<()> {
    let mut unknown = Vec::new();
    for (slug, value) in &request.fields {
        match Field::from_slug(slug) {
            Some(field) => drop(correction.fields.insert(field, value.clone())),
            None => {
                let known = Field::ALL.map(Field::slug).join("、");
                let reason = format!("没有“{slug}”这一列，可用的有 {known}、skip");
                unknown.push(FieldError { field: slug.clone(), reason });
            }
        }
    }
    if !unknown.is_empty() {
        return Err(AppError::Invalid(unknown));
    }
    if request.fields.is_empty() && request.skip.is_none() {
        return Err(AppError::invalid("fields", "没有写要更正什么"));
    }
    // Whoever corrects a row that was left out wants it back.
    correction.skip = request.skip.unwrap_or(false);
    Ok(())
}

fn apply(parsed: &mut ParsedRoster, corrections: &Corrections) -> AppResult<()> {
    for (number, correction) in corrections {
        parsed.correct(*number, correction).map_err(|wrong| {
            let errors = wrong.into_iter().map(|wrong| FieldError {
                field: wrong.field.slug().to_owned(),
                reason: format!("{}：{}", wrong.field.title(), wrong.reason),
            });
            AppError::Invalid(errors.collect())
        })?;
    }
    Ok(())
}
