//! Imports of rosters, law texts and questions: preview, commit, undo.

mod laws;
mod people;
mod preview;
mod question_plan;
mod questions;
mod rows;
mod undo;

use std::path::PathBuf;

use api::imports::{CommitRequest, ImportView};
use organisation::Role;
use serde_json::{Value, json};
use storage::organisation::ImportRow;

pub use self::question_plan::{PlannedRow, QuestionPlan, RowAlike, contract_question};
pub use self::questions::{ImportedQuestions, dry_run_json};

use self::people::{mode_word, parse_mode, parse_roster};
use self::preview::people_preview;
use self::rows::Corrections;
use crate::clock::rfc3339_micros;
use crate::secrets::write_private;
use crate::{App, AppError, AppResult, Principal, new_id};

/// Imports that a list shows.
const LISTED: i64 = 50;

/// A file as it was uploaded.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// `people`, `laws` or `questions`.
    pub kind: String,
    /// `add` (default) or `full`, for people; a format, for questions.
    pub mode: Option<String>,
    /// As the browser names it.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Who imports: an account, and the units it may touch.
#[derive(Debug, Clone)]
pub struct Importer {
    /// Account id, or `cli`.
    pub actor: String,
    /// None for the command line: everything.
    pub scope: Option<organisation::Scope>,
}

impl Importer {
    /// The command line of whoever has the files.
    pub fn command_line() -> Self {
        Self { actor: "cli".to_owned(), scope: None }
    }

    fn of(principal: &Principal, app: &App) -> AppResult<Self> {
        let scope = principal.scope(&[Role::Manager]);
        let directory = app.directory()?;
        // A manager of the whole district may make the first tree, too.
        let whole = directory.tree.top().is_none_or(|top| scope.units.contains(&top.id));
        Ok(Self { actor: principal.account.clone(), scope: (!whole).then_some(scope) })
    }
}

impl App {
    /// Reads a file and shows what it would change.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a file that cannot be taken at all.
    pub fn create_import(&self, principal: &Principal, upload: Upload) -> AppResult<ImportView> {
        if upload.kind == "questions" {
            return self.create_question_import(principal, &upload);
        }
        only_managers(principal)?;
        let importer = Importer::of(principal, self)?;
        if upload.bytes.is_empty() {
            return Err(AppError::invalid("file", "没有收到文件，请选择文件后再上传"));
        }
        match upload.kind.as_str() {
            "people" => {
                let mode = parse_mode(upload.mode.as_deref())?;
                let parsed = parse_roster(&upload.file_name, &upload.bytes)?;
                let preview = people_preview(&self.plan_parsed(&importer, parsed, mode)?, &Corrections::new())?;
                self.keep_import(&importer.actor, "people", &upload, mode_word(mode), preview)
            }
            "laws" => {
                let preview = self.preview_laws(&upload.file_name, &upload.bytes)?;
                self.keep_import(&importer.actor, "laws", &upload, "", preview)
            }
            other => Err(AppError::invalid("kind", format!("没有“{other}”这类导入，可用 people、laws 或 questions"))),
        }
    }

    fn keep_import(
        &self,
        actor: &str,
        kind: &str,
        upload: &Upload,
        mode: &str,
        preview: Value,
    ) -> AppResult<ImportView> {
        let row = ImportRow {
            id: new_id(),
            kind: kind.to_owned(),
            state: "previewed".to_owned(),
            file_name: upload.file_name.chars().take(200).collect(),
            preview_json: preview.to_string(),
            plan_json: json!({ "mode": mode }).to_string(),
            undo_json: None,
            created_by: actor.to_owned(),
            created_at: self.now_us(),
            committed_at: None,
            undone_at: None,
            version: 1,
        };
        write_private(&self.upload_path(&row.id)?, &upload.bytes)?;
        let stored = row.clone();
        self.store().write(move |connection| storage::organisation::insert_import(connection, &stored))?;
        import_view(row)
    }

    fn upload_path(&self, id: &str) -> AppResult<PathBuf> {
        let folder = self.config().lake_dir.join("uploads");
        std::fs::create_dir_all(&folder)
            .map_err(|error| AppError::Internal(format!("无法建立目录 {}：{error}", folder.display())))?;
        Ok(folder.join(format!("{id}.upload")))
    }

    fn undo_path(&self, id: &str) -> AppResult<PathBuf> {
        Ok(self.upload_path(id)?.with_extension("undo"))
    }

    fn upload_bytes(&self, id: &str) -> AppResult<Vec<u8>> {
        std::fs::read(self.upload_path(id)?).map_err(|_| AppError::Conflict("上传的文件已不在，请重新上传".to_owned()))
    }

    /// The latest imports.
    ///
    /// # Errors
    /// What the database says.
    pub fn list_imports(&self, principal: &Principal) -> AppResult<Vec<ImportView>> {
        let rows = self.store().read(|connection| storage::organisation::imports(connection, LISTED))?;
        rows.into_iter()
            .filter(|row| row.created_by == principal.account)
            .map(|row| {
                let mut view = import_view(row)?;
                if let Some(preview) = view.preview.as_object_mut() {
                    preview.retain(|part, _| !["rows", "problem_rows", "units_changed"].contains(&part.as_str()));
                }
                Ok(view)
            })
            .collect()
    }

    /// One import of the caller's.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn import(&self, principal: &Principal, id: &str) -> AppResult<ImportView> {
        import_view(self.own_import(principal, id)?)
    }

    fn own_import(&self, principal: &Principal, id: &str) -> AppResult<ImportRow> {
        let row = self
            .store()
            .read(|connection| storage::organisation::import(connection, id))
            .map_err(AppError::or_not_found("这次导入"))?;
        if row.created_by == principal.account { Ok(row) } else { Err(AppError::NotFound("这次导入")) }
    }

    /// Writes what was previewed, corrections included. `version` is that of the preview, where the caller names it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when people have changed since the preview; [`AppError::Invalid`] when more would leave
    /// than was confirmed; [`AppError::PreconditionFailed`] for another version.
    pub fn commit_import(
        &self,
        principal: &Principal,
        id: &str,
        version: Option<i64>,
        request: &CommitRequest,
    ) -> AppResult<ImportView> {
        let row = self.own_import(principal, id)?;
        if row.state != "previewed" {
            return Err(AppError::Conflict("这次导入已经写入或撤销".to_owned()));
        }
        if version.is_some_and(|version| version != row.version) {
            return Err(AppError::PreconditionFailed);
        }
        self.refuse_frozen(what_of(&row.kind))?;
        if row.kind == "questions" {
            self.commit_question_import(principal, &row, &request.skip_rows)?;
            return self.import(principal, id);
        }
        only_managers(principal)?;
        if row.kind == "laws" {
            let bytes = self.upload_bytes(id)?;
            self.commit_laws(&principal.account, (id, row.version), &row.file_name, &bytes)?;
        } else {
            let corrections = self.corrections(&row)?;
            let parsed = self.corrected_roster(&row, &corrections)?;
            let planned = self.plan_parsed(&Importer::of(principal, self)?, parsed, import_mode(&row)?)?;
            let shown: Value =
                serde_json::from_str(&row.preview_json).map_err(|error| AppError::corrupt("import", error))?;
            let fresh = people_preview(&planned, &corrections)?;
            if shown.get("people") != fresh.get("people") || shown.get("units") != fresh.get("units") {
                return Err(AppError::Conflict("预览之后名册又有变化，请重新上传核对".to_owned()));
            }
            self.commit_people(&principal.account, (id, row.version), &planned, request.confirm_left)?;
        }
        self.import(principal, id)
    }
}

/// Whether the missing leave, as it was said at the upload.
fn import_mode(row: &ImportRow) -> AppResult<organisation::roster::Mode> {
    let stored: Value = serde_json::from_str(&row.plan_json).map_err(|error| AppError::corrupt("import", error))?;
    parse_mode(stored.get("mode").and_then(Value::as_str))
}

/// # Errors
/// [`AppError::Forbidden`]: rosters and law texts are the managers' to bring.
fn only_managers(principal: &Principal) -> AppResult<()> {
    if principal.has(Role::Manager) {
        return Ok(());
    }
    Err(AppError::Forbidden("花名册和法规由考务管理员导入，您没有这个角色".to_owned()))
}

fn import_view(row: ImportRow) -> AppResult<ImportView> {
    Ok(ImportView {
        id: row.id,
        kind: row.kind,
        state: row.state,
        file_name: row.file_name,
        created_at: rfc3339_micros(row.created_at),
        etag: row.version.to_string(),
        version: row.version,
        preview: serde_json::from_str(&row.preview_json).map_err(|error| AppError::corrupt("preview", error))?,
    })
}

/// What an import of a kind changes, in words.
fn what_of(kind: &str) -> &'static str {
    match kind {
        "questions" => "题库",
        "laws" => "法规条文",
        _ => "花名册",
    }
}
