//! Files of questions: previewed row by row, corrected, committed as drafts of whoever imports, taken back.

use api::imports::ImportView;
use exchange::questions::{FileProblem, RowProblem};
use organisation::Role;
use question_bank::Severity;
use question_bank::draft::Draft;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use storage::organisation::ImportRow;
use storage::questions::QuestionRow;

use super::Upload;
use super::question_plan::{PlannedRow, QuestionPlan, contract_question};
use crate::questions::{Writer, authorship_of, blank_row, event, invalid, kept_none, with_draft};
use crate::secrets::{lock_key, write_private};
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Drafts written in one transaction: some 20 ms on SQLite.
const DRAFTS_AT_ONCE: usize = 200;

/// What is kept of a previewed file: the rows as they would be written.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    format: String,
    problems: Vec<FileProblem>,
    rows: Vec<KeptRow>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptRow {
    sheet: Option<String>,
    row: u32,
    numbered: bool,
    blocked: bool,
    content: Value,
    problems: Vec<RowProblem>,
}

/// What an import of questions wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportedQuestions {
    /// References of the drafts, in the order of the file.
    pub drafts: Vec<String>,
    /// Rows that were left out.
    pub skipped: Vec<u32>,
}

impl App {
    pub(super) fn create_question_import(&self, principal: &Principal, upload: &Upload) -> AppResult<ImportView> {
        only_authors(principal)?;
        if upload.bytes.is_empty() {
            return Err(AppError::invalid("file", "没有收到文件，请选择文件后再上传"));
        }
        let plan = self.plan_questions(&upload.file_name, &upload.bytes, upload.mode.as_deref())?;
        let row = ImportRow {
            id: new_id(),
            kind: "questions".to_owned(),
            state: "previewed".to_owned(),
            file_name: upload.file_name.chars().take(200).collect(),
            preview_json: preview(&plan).to_string(),
            plan_json: kept_json(&plan)?,
            undo_json: None,
            created_by: principal.account.clone(),
            created_at: self.now_us(),
            committed_at: None,
            undone_at: None,
            version: 1,
        };
        write_private(&self.upload_path(&row.id)?, &upload.bytes)?;
        let stored = row.clone();
        self.store().write(move |connection| storage::organisation::insert_import(connection, &stored))?;
        super::import_view(row)
    }

    /// Corrects a row of a previewed file: its content is written over, gaps and look-alikes are found anew.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a content of the wrong types; [`AppError::Conflict`] when the
    /// import is already written or taken back.
    pub(super) fn correct_question_row(&self, import: &ImportRow, number: u64, body: &Value) -> AppResult<()> {
        let n = u32::try_from(number).map_err(|_| AppError::NotFound("这一行"))?;
        let mut draft = crate::questions::draft_of(body)?;
        let mut plan = self.kept_plan(import)?;
        let others: Vec<String> = plan
            .rows
            .iter()
            .filter(|row| row.n != n)
            .filter_map(|row| row.draft.reference.as_ref().map(ToString::to_string))
            .collect();
        let row = plan.rows.iter_mut().find(|row| row.n == n).ok_or(AppError::NotFound("这一行"))?;
        match &draft.reference {
            Some(given) if Some(given) != row.draft.reference.as_ref() => {
                crate::questions::check_reference(given.as_str())?;
                let wanted = [given.to_string()];
                let taken = self.store().read(|connection| storage::questions::known(connection, &wanted))?;
                if !taken.is_empty() || others.contains(&given.to_string()) {
                    return Err(AppError::invalid("ref", format!("题号“{given}”已被占用，请换一个")));
                }
                (row.numbered, row.blocked) = (false, false);
            }
            Some(_) => {}
            None => draft.reference = row.draft.reference.clone(),
        }
        row.draft = draft;
        // What was wrong in the file has been looked at by a person; what is still wrong shows as a gap.
        row.problems.retain(|problem| row.blocked && problem.field == "ref");
        self.examine_rows(&mut plan.rows)?;
        self.keep_correction(import, preview(&plan).to_string(), Some(kept_json(&plan)?))
    }

    pub(super) fn commit_question_import(
        &self,
        principal: &Principal,
        import: &ImportRow,
        skip: &[u32],
    ) -> AppResult<()> {
        only_authors(principal)?;
        let mut plan = self.kept_plan(import)?;
        if plan.rows.iter().all(|row| row.blocked || skip.contains(&row.n)) {
            return Err(AppError::Conflict("没有可以写入的题目，请改好文件后重新上传".to_owned()));
        }
        // Held until the last transaction: another node that starts meanwhile must not take this for a wreck.
        let _held = self
            .store()
            .hold(lock_key("import", &import.id))?
            .ok_or_else(|| AppError::Conflict("这次导入正在写入，请稍候".to_owned()))?;
        let (id, version) = (import.id.clone(), import.version);
        self.store().write(move |connection| storage::organisation::begin_import(connection, &id, version)).map_err(
            |error| match error {
                storage::StorageError::Conflict(_) => {
                    AppError::Conflict("这次导入刚刚写入、更正或撤销过，请刷新后再看".to_owned())
                }
                other => other.into(),
            },
        )?;
        let written = self.write_rows(&principal.into(), &mut plan, skip, Some(&import.id), false);
        let imported = match written {
            Ok(imported) => imported,
            Err(error) => {
                tracing::error!(%error, import = import.id, "an import of questions failed; taking it back");
                self.take_questions_back(&import.id)?;
                return Err(match error {
                    AppError::Conflict(_) => {
                        AppError::Conflict("预览之后有题号被占用，没有写入；请重新上传核对".to_owned())
                    }
                    other => other,
                });
            }
        };
        let (id, actor, now_us) = (import.id.clone(), principal.account.clone(), self.now_us());
        let detail = json!({ "drafts": imported.drafts.len(), "skipped": imported.skipped.len() });
        self.store().write(move |connection| {
            storage::organisation::commit_import(connection, &id, now_us)?;
            acts::note(connection, now_us, &actor, "questions_imported", &id, &detail)
        })
    }

    /// The author of a login name, for drafts that the command line brings.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there is no such account, or it is no author's.
    pub fn author_named(&self, login: &str) -> AppResult<Writer> {
        let (account, grants) = self
            .store()
            .read(|connection| {
                let account = storage::accounts::by_login(connection, login)?;
                let grants = storage::accounts::grants(connection, &account.id)?;
                Ok((account, grants))
            })
            .map_err(|error| match error {
                storage::StorageError::NotFound => AppError::invalid("author", format!("没有登录名为“{login}”的账号")),
                other => other.into(),
            })?;
        if grants.iter().all(|grant| grant.role != Role::Author.slug()) {
            return Err(AppError::invalid("author", format!("“{login}”不是命题人，请先授予 author 角色")));
        }
        Ok(Writer { login: account.login, account: Some(account.id) })
    }

    /// Brings the questions of a file in as drafts, without a page.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when a reference was taken meanwhile.
    pub fn import_questions(
        &self,
        writer: &Writer,
        mut plan: QuestionPlan,
        skip: &[u32],
    ) -> AppResult<ImportedQuestions> {
        self.refuse_frozen("题库")?;
        let id = new_id();
        let imported = match self.write_rows(writer, &mut plan, skip, Some(&id), true) {
            Ok(imported) => imported,
            Err(error) => {
                self.store().write(move |connection| storage::questions::delete_of_import(connection, &id))?;
                return Err(error);
            }
        };
        let (actor, now_us) = (writer.actor().to_owned(), self.now_us());
        let detail = json!({ "drafts": imported.drafts.len(), "skipped": imported.skipped.len() });
        self.store()
            .write(move |connection| acts::note(connection, now_us, &actor, "questions_imported", &id, &detail))?;
        Ok(imported)
    }

    fn write_rows(
        &self,
        writer: &Writer,
        plan: &mut QuestionPlan,
        skip: &[u32],
        import: Option<&str>,
        trusted: bool,
    ) -> AppResult<ImportedQuestions> {
        let mut imported = ImportedQuestions::default();
        let wanted = plan.rows.iter().filter(|row| row.numbered).count();
        let mut free = self.next_references(wanted)?.into_iter();
        let desk = self.desk(plan.rows.iter().map(|row| &row.draft))?;
        let now_us = self.now_us();
        let mut rows: Vec<QuestionRow> = Vec::new();
        for row in &mut plan.rows {
            if row.blocked || skip.contains(&row.n) {
                imported.skipped.push(row.n);
                continue;
            }
            if row.numbered {
                row.draft.reference = free.next().map(Into::into);
            }
            let kept = if trusted { binds_of(&row.draft) } else { kept_none() };
            crate::questions::drop_foreign_binds(&mut row.draft, &kept);
            let authorship = authorship_of(&writer.login, &row.draft, desk.today);
            let examined = desk.examine(&row.draft, 1, question_bank::question::State::Draft, &authorship, &kept);
            let blank =
                QuestionRow { import_id: import.map(str::to_owned), ..blank_row(&row.draft, 1, writer, now_us) };
            rows.push(with_draft(&blank, &row.draft, &examined, now_us));
        }
        imported.drafts = rows.iter().map(|row| row.question_ref.clone()).collect();
        for chunk in rows.chunks(DRAFTS_AT_ONCE) {
            let (chunk, actor) = (chunk.to_vec(), writer.actor().to_owned());
            self.store().write(move |connection| {
                storage::questions::insert(connection, &chunk)?;
                let events: Vec<_> = chunk.iter().map(|row| event(row, now_us, &actor, "created", None)).collect();
                storage::questions::insert_events(connection, &events)
            })?;
        }
        Ok(imported)
    }

    pub(super) fn undo_question_import(&self, principal: &Principal, import: &ImportRow) -> AppResult<()> {
        let id = import.id.clone();
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        self.store().write(move |connection| {
            let versions = storage::questions::of_import(connection, &id)?;
            let further = versions.iter().filter(|(_, version, state)| *version > 1 || state != "draft").count();
            if further > 0 {
                return Err(AppError::Conflict(format!(
                    "这批题里有 {further} 道已经送审或更进一步，不能整批撤销；不要的草稿请逐题删除"
                )));
            }
            storage::questions::delete_of_import(connection, &id)?;
            storage::organisation::undo_import(connection, &id, now_us)?;
            acts::note(connection, now_us, &actor, "question_import_undone", &id, &json!({}))
        })
    }

    /// Takes away what a commit that was cut short has written.
    pub(super) fn take_questions_back(&self, id: &str) -> AppResult<()> {
        let id = id.to_owned();
        self.store().write(move |connection| {
            storage::questions::delete_of_import(connection, &id)?;
            Ok::<_, AppError>(storage::organisation::reset_import(connection, &id)?)
        })
    }

    fn kept_plan(&self, import: &ImportRow) -> AppResult<QuestionPlan> {
        let kept: Kept = serde_json::from_str(&import.plan_json).map_err(|error| AppError::corrupt("import", error))?;
        let format = exchange::questions::Format::parse(&kept.format)
            .ok_or_else(|| AppError::corrupt("import", &kept.format))?;
        let rows = kept
            .rows
            .into_iter()
            .zip(1_u32..)
            .map(|(row, n)| {
                let (draft, _) = Draft::from_json(&row.content).map_err(|problem| invalid([&problem]))?;
                Ok(PlannedRow {
                    n,
                    sheet: row.sheet,
                    row: row.row,
                    numbered: row.numbered,
                    draft,
                    problems: row.problems,
                    gaps: Vec::new(),
                    alike: Vec::new(),
                    blocked: row.blocked,
                })
            })
            .collect::<AppResult<Vec<_>>>()?;
        Ok(QuestionPlan { format, rows, problems: kept.problems })
    }
}

fn binds_of(draft: &Draft) -> std::collections::BTreeSet<String> {
    draft.items().iter().flat_map(|item| &item.citations).filter_map(|citation| citation.bind.clone()).collect()
}

fn only_authors(principal: &Principal) -> AppResult<()> {
    if principal.has(Role::Author) {
        return Ok(());
    }
    Err(AppError::Forbidden("题目由命题人导入（导入后是命题人的草稿），您没有这个角色".to_owned()))
}

fn kept_json(plan: &QuestionPlan) -> AppResult<String> {
    let rows = plan
        .rows
        .iter()
        .map(|row| KeptRow {
            sheet: row.sheet.clone(),
            row: row.row,
            numbered: row.numbered,
            blocked: row.blocked,
            content: row.draft.to_value(),
            problems: row.problems.clone(),
        })
        .collect();
    let kept = Kept { format: plan.format.as_str().to_owned(), problems: plan.problems.clone(), rows };
    serde_json::to_string(&kept).map_err(|error| AppError::corrupt("import", error))
}

/// Errors, warnings and duplicates of a plan.
fn counts(plan: &QuestionPlan) -> Value {
    let all = || {
        let of_rows = plan.rows.iter().flat_map(|row| &row.problems).map(|problem| problem.severity);
        plan.problems.iter().map(|problem| problem.severity).chain(of_rows)
    };
    let incomplete = plan.rows.iter().filter(|row| !row.gaps.is_empty()).count();
    json!({
        "questions": plan.rows.len(),
        "errors": all().filter(|severity| *severity == Severity::Error).count(),
        "warnings": all().filter(|severity| *severity == Severity::Warning).count() + incomplete,
        "duplicates": plan.rows.iter().filter(|row| row.is_duplicate()).count(),
    })
}

/// What the page shows, row by row.
fn preview(plan: &QuestionPlan) -> Value {
    let rows: Vec<Value> = plan
        .rows
        .iter()
        .map(|row| {
            let mut shown = contract_question(&row.draft);
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("n".to_owned(), json!(row.n));
                shown.insert("sheet".to_owned(), json!(row.sheet));
                shown.insert("row".to_owned(), json!(row.row));
                shown.insert("content".to_owned(), row.draft.to_value());
                shown.insert("problems".to_owned(), json!(row.problems));
                shown.insert("gaps".to_owned(), json!(row.gaps));
                shown.insert("duplicates".to_owned(), json!(row.alike));
                shown.insert("is_duplicate".to_owned(), json!(row.is_duplicate()));
                shown.insert("blocked".to_owned(), json!(row.blocked));
            }
            shown
        })
        .collect();
    json!({
        "format": plan.format.as_str(), "counts": counts(plan), "problems": plan.problems, "rows": rows,
    })
}

/// The contract's object for `bank import --dry-run --json`.
pub fn dry_run_json(plan: &QuestionPlan) -> Value {
    let questions: Vec<Value> = plan.rows.iter().map(|row| contract_question(&row.draft)).collect();
    let mut problems: Vec<Value> = plan
        .problems
        .iter()
        .map(|problem| json!({ "ref": null, "row": problem.row, "severity": problem.severity, "reason": problem.reason }))
        .collect();
    for row in &plan.rows {
        let reference = &row.draft.reference;
        for problem in &row.problems {
            problems.push(json!({
                "ref": reference, "row": row.row, "severity": problem.severity, "reason": problem.reason,
            }));
        }
        if !row.gaps.is_empty() {
            let reasons: Vec<&str> = row.gaps.iter().map(|gap| gap.reason.as_str()).collect();
            let reason = format!("作为草稿导入，送审前还要补：{}", reasons.join("；"));
            problems.push(json!({ "ref": reference, "row": row.row, "severity": "warning", "reason": reason }));
        }
    }
    json!({ "format": plan.format.as_str(), "questions": questions, "problems": problems, "counts": counts(plan) })
}
