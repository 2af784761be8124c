//! Imports of rosters and law texts: preview, commit, undo.
//!
//! A roster is written in short transactions, so that the answers of an exam in progress never wait long. Before the
//! first of them the way back is on disk; a commit that is cut short is taken back at the next start.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::imports::ImportView;
use organisation::roster::{Change, ImportPlan, KeyKind, Mode, PlanInput, PlanOptions, PlanTools, UndoPlan, plan};
use organisation::{Lists, Person, Role};
use serde_json::{Value, json};
use storage::accounts::{AccountRow, GrantRow};
use storage::organisation::{ImportRow, PersonRow};

use crate::clock::{day, rfc3339_micros};
use crate::directory::{unit_from_row, unit_to_row};
use crate::people_rows::{person_from_row, person_to_row};
use crate::secrets::{sha256_hex, write_private};
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// People written in one transaction: some 20 ms on SQLite.
const PEOPLE_AT_ONCE: usize = 300;
/// Lines that a preview shows.
const PREVIEW_ROWS: usize = 500;
/// Imports that a list shows.
const LISTED: i64 = 50;
/// Beginning of a key that is the keyed hash of an ID number.
const ID_KEY: &str = "id-";

/// A file as it was uploaded.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// `people` or `laws`.
    pub kind: String,
    /// `add` (default) or `full`, for people.
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
        let importer = Importer::of(principal, self)?;
        if upload.bytes.is_empty() {
            return Err(AppError::invalid("file", "没有收到文件，请选择文件后再上传"));
        }
        match upload.kind.as_str() {
            "people" => {
                let mode = parse_mode(upload.mode.as_deref())?;
                let plan = self.plan_people(&importer, &upload.file_name, &upload.bytes, mode)?;
                let preview = people_preview(&plan)?;
                self.keep_import(&importer.actor, "people", &upload, mode_word(mode), preview)
            }
            "laws" => {
                let preview = self.preview_laws(&upload.file_name, &upload.bytes)?;
                self.keep_import(&importer.actor, "laws", &upload, "", preview)
            }
            "questions" => Err(AppError::NotFound("这类导入：题目文件的网页导入尚未提供，请用 zhijie bank import")),
            other => Err(AppError::invalid("kind", format!("没有“{other}”这类导入，可用 people 或 laws"))),
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

    /// What a roster file would change.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a file that cannot be taken at all.
    pub fn plan_people(&self, importer: &Importer, file_name: &str, bytes: &[u8], mode: Mode) -> AppResult<ImportPlan> {
        let parsed = exchange::roster::parse(file_name, bytes, &exchange::Limits::default())
            .map_err(|error| AppError::invalid("file", error.to_string()))?;
        let rows = self.store().read(storage::organisation::people)?;
        let existing = rows.iter().map(person_from_row).collect::<AppResult<Vec<Person>>>()?;
        let directory = self.directory()?;
        let lists = Lists::default();
        let input = PlanInput {
            existing: &existing,
            units: &directory.tree,
            lists: &lists,
            rows: &parsed.rows,
            problems: &parsed.problems,
        };
        let options = PlanOptions { mode, scope: importer.scope.clone(), ..PlanOptions::add(day(self.now())) };
        let id_key = |text: &str| self.secrets().activation_mac("id-number", text).unwrap_or_default();
        let mut tools = PlanTools {
            new_id: &mut new_id,
            key_of: &|kind, text| match kind {
                KeyKind::IdNumber => format!("{ID_KEY}{}", id_key(text)),
                KeyKind::StaffNo | KeyKind::Phone => text.to_owned(),
            },
        };
        Ok(plan(&input, &options, &mut tools))
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
                    preview.remove("rows");
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

    /// Writes what was previewed.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when people have changed since the preview; [`AppError::Invalid`] when more would leave
    /// than was confirmed.
    pub fn commit_import(&self, principal: &Principal, id: &str, confirm_left: Option<usize>) -> AppResult<ImportView> {
        let row = self.own_import(principal, id)?;
        if row.state != "previewed" {
            return Err(AppError::Conflict("这次导入已经写入或撤销".to_owned()));
        }
        let bytes = self.upload_bytes(id)?;
        if row.kind == "laws" {
            self.commit_laws(&principal.account, id, &row.file_name, &bytes)?;
        } else {
            let importer = Importer::of(principal, self)?;
            let stored: Value =
                serde_json::from_str(&row.plan_json).map_err(|error| AppError::corrupt("import", error))?;
            let mode = parse_mode(stored.get("mode").and_then(Value::as_str))?;
            let plan = self.plan_people(&importer, &row.file_name, &bytes, mode)?;
            let shown: Value =
                serde_json::from_str(&row.preview_json).map_err(|error| AppError::corrupt("import", error))?;
            let fresh = people_preview(&plan)?;
            if shown.get("people") != fresh.get("people") || shown.get("units") != fresh.get("units") {
                return Err(AppError::Conflict("预览之后名册又有变化，请重新上传核对".to_owned()));
            }
            self.commit_people(&principal.account, id, &plan, confirm_left)?;
        }
        self.import(principal, id)
    }

    /// Imports a roster without a page: plan and commit in one.
    ///
    /// # Errors
    /// As [`App::plan_people`] and [`App::commit_import`].
    pub fn import_people(
        &self,
        importer: &Importer,
        file_name: &str,
        bytes: &[u8],
        mode: Mode,
        confirm_left: Option<usize>,
    ) -> AppResult<ImportPlan> {
        let plan = self.plan_people(importer, file_name, bytes, mode)?;
        let upload =
            Upload { kind: "people".to_owned(), mode: None, file_name: file_name.to_owned(), bytes: bytes.to_vec() };
        let kept = self.keep_import(&importer.actor, "people", &upload, mode_word(mode), people_preview(&plan)?)?;
        self.commit_people(&importer.actor, &kept.id, &plan, confirm_left)?;
        Ok(plan)
    }

    fn commit_people(&self, actor: &str, id: &str, plan: &ImportPlan, confirm_left: Option<usize>) -> AppResult<()> {
        let confirmed = confirm_left.and_then(|count| u64::try_from(count).ok());
        plan.check_confirmed(confirmed).map_err(|error| AppError::invalid("confirm_left", error.to_string()))?;
        // Held until the last transaction: another node that starts meanwhile must not take this for a wreck.
        let _held = self
            .store()
            .hold(lock_key(id))?
            .ok_or_else(|| AppError::Conflict("这次导入正在写入，请稍候".to_owned()))?;
        let undo = serde_json::to_vec(&plan.undo()).map_err(|error| AppError::corrupt("undo", error))?;
        write_private(&self.undo_path(id)?, &undo)?;
        let import = id.to_owned();
        self.store().write(move |connection| storage::organisation::begin_import(connection, &import)).map_err(
            |error| match error {
                storage::StorageError::Conflict(_) => AppError::Conflict("这次导入已经写入或撤销".to_owned()),
                other => other.into(),
            },
        )?;
        if let Err(error) = self.apply_plan(plan) {
            tracing::error!(%error, import = id, "an import failed; taking it back");
            self.take_back(id)?;
            return Err(error);
        }
        let (import, actor, now_us) = (id.to_owned(), actor.to_owned(), self.now_us());
        let detail = json!(plan.report().people);
        self.store().write(move |connection| {
            storage::organisation::commit_import(connection, &import, now_us)?;
            acts::note(connection, now_us, &actor, "people_imported", &import, &detail)
        })?;
        self.forget_directory();
        self.forget_accounts();
        Ok(())
    }

    /// Writes a plan in short transactions.
    fn apply_plan(&self, plan: &ImportPlan) -> AppResult<()> {
        let units = plan.units_new.iter().map(unit_to_row).collect::<AppResult<Vec<_>>>()?;
        let renamed = plan.units_renamed.clone();
        let left: Vec<String> = plan.units_left.iter().map(ToString::to_string).collect();
        let on = plan.on.to_string();
        self.store().write(move |connection| {
            storage::organisation::insert_units(connection, &units)?;
            for rename in &renamed {
                storage::organisation::rename_unit(connection, rename.id.as_str(), &rename.after)?;
            }
            storage::organisation::set_units_left(connection, &left, Some(&on))
        })?;
        let now_us = self.now_us();
        let mut taken = Logins::default();
        let (new, old): (Vec<_>, Vec<_>) = plan.changes.iter().partition(|change| change.change == Change::New);
        for chunk in new.chunks(PEOPLE_AT_ONCE) {
            let people: Vec<PersonRow> = chunk.iter().map(|change| person_to_row(&change.after, 1, now_us)).collect();
            let mut accounts = Vec::with_capacity(people.len());
            let mut grants = Vec::with_capacity(people.len());
            for person in &people {
                let login = taken.login_of(person);
                let account = new_id();
                grants.push(GrantRow {
                    account_id: account.clone(),
                    role: Role::Examinee.slug().to_owned(),
                    unit_id: person.unit_id.clone(),
                });
                accounts.push(AccountRow {
                    id: account,
                    login,
                    name: person.name.clone(),
                    person_id: Some(person.id.clone()),
                    password_hash: None,
                    state: "inactive".to_owned(),
                    credential_epoch: 1,
                    created_at: now_us,
                });
            }
            self.store().write(move |connection| {
                storage::organisation::insert_people(connection, &people)?;
                storage::accounts::insert(connection, &accounts)?;
                storage::accounts::insert_grants(connection, &grants)
            })?;
        }
        let changed: Vec<&Person> = old.iter().map(|change| &change.after).collect();
        self.put_people(&changed)
    }

    /// Writes people over their stored form, and lets their accounts follow.
    fn put_people(&self, people: &[&Person]) -> AppResult<()> {
        let now_us = self.now_us();
        for chunk in people.chunks(PEOPLE_AT_ONCE) {
            let rows: Vec<PersonRow> = chunk.iter().map(|person| person_to_row(person, 0, now_us)).collect();
            let (gone, here): (Vec<PersonRow>, Vec<PersonRow>) =
                rows.iter().cloned().partition(|row| row.left_at.is_some());
            let ids = |rows: &[PersonRow]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
            let (gone, here) = (ids(&gone), ids(&here));
            self.store().write(move |connection| {
                storage::organisation::put_people(connection, &rows)?;
                storage::accounts::set_state_of_people(connection, &gone, true)?;
                storage::accounts::set_state_of_people(connection, &here, false)?;
                for row in &rows {
                    storage::accounts::follow_person(connection, &row.id, &row.name, &row.unit_id)?;
                }
                Ok::<_, storage::StorageError>(())
            })?;
        }
        Ok(())
    }

    /// Takes a committed import back.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when people of it were edited since, or are on the roster of an exam.
    pub fn undo_import(&self, principal: &Principal, id: &str) -> AppResult<ImportView> {
        let row = self.own_import(principal, id)?;
        if row.state != "committed" {
            return Err(AppError::Conflict("这次导入没有写入，或已经撤销".to_owned()));
        }
        if row.kind == "laws" {
            return Err(AppError::Conflict("法规条文的导入不能撤销；重新导入正确的文件即可覆盖".to_owned()));
        }
        let undo = self.read_undo(id)?;
        let rows = self.store().read(storage::organisation::people)?;
        let people = rows.iter().map(person_from_row).collect::<AppResult<Vec<_>>>()?;
        let conflicts = undo.conflicts(&people);
        if !conflicts.is_empty() {
            return Err(AppError::Conflict(format!(
                "导入之后有 {} 人的信息又被改过，不能整批撤销；请上传更正后的花名册",
                conflicts.len()
            )));
        }
        let ids: Vec<String> = undo.remove_people.iter().map(|person| person.id.to_string()).collect();
        if self.store().read(|connection| storage::organisation::are_used(connection, &ids))? {
            return Err(AppError::Conflict(
                "这批新增人员中有人已在考试名单上，不能整批撤销；请上传更正后的花名册".to_owned(),
            ));
        }
        self.apply_undo(&undo)?;
        let (import, actor, now_us) = (id.to_owned(), principal.account.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::organisation::undo_import(connection, &import, now_us)?;
            acts::note(connection, now_us, &actor, "people_import_undone", &import, &json!({}))
        })?;
        self.forget_directory();
        self.forget_accounts();
        self.import(principal, id)
    }

    fn read_undo(&self, id: &str) -> AppResult<UndoPlan> {
        let bytes = std::fs::read(self.undo_path(id)?)
            .map_err(|_| AppError::Conflict("撤销所需的记录已不在，不能撤销".to_owned()))?;
        serde_json::from_slice(&bytes).map_err(|error| AppError::corrupt("undo", error))
    }

    fn apply_undo(&self, undo: &UndoPlan) -> AppResult<()> {
        let ids: Vec<String> = undo.remove_people.iter().map(|person| person.id.to_string()).collect();
        for chunk in ids.chunks(PEOPLE_AT_ONCE) {
            let chunk = chunk.to_vec();
            self.store().write(move |connection| {
                storage::accounts::delete_of_people(connection, &chunk)?;
                storage::organisation::delete_people(connection, &chunk)
            })?;
        }
        let restored: Vec<&Person> = undo.restore_people.iter().map(|restore| &restore.restore).collect();
        self.put_people(&restored)?;
        let renames = undo.rename_units.clone();
        let back: Vec<String> = undo.restore_units.iter().map(ToString::to_string).collect();
        let removed: Vec<String> = undo.remove_units.iter().map(ToString::to_string).collect();
        self.store().write(move |connection| {
            for rename in &renames {
                storage::organisation::rename_unit(connection, rename.id.as_str(), &rename.after)?;
            }
            storage::organisation::set_units_left(connection, &back, None)?;
            // Children stand before their parents.
            for id in removed {
                storage::organisation::delete_units(connection, &[id])?;
            }
            Ok::<_, storage::StorageError>(())
        })?;
        Ok(())
    }

    fn take_back(&self, id: &str) -> AppResult<()> {
        let undo = self.read_undo(id)?;
        let ids: Vec<String> = undo.remove_people.iter().map(|person| person.id.to_string()).collect();
        if self.store().read(|connection| storage::organisation::are_used(connection, &ids))? {
            return Err(AppError::Conflict("其中有人已在考试名单上".to_owned()));
        }
        self.apply_undo(&undo)?;
        let import = id.to_owned();
        self.store().write(move |connection| storage::organisation::reset_import(connection, &import))?;
        self.forget_directory();
        self.forget_accounts();
        Ok(())
    }

    /// Takes back imports that a crash cut short. Called when serving starts. One that cannot be taken back is marked
    /// as failed and named in the log; it stops nobody from sitting an exam.
    ///
    /// # Errors
    /// What the database says.
    pub fn recover_imports(&self) -> AppResult<()> {
        let rows = self.store().read(|connection| storage::organisation::imports_in_state(connection, "committing"))?;
        for row in rows {
            let Some(_held) = self.store().hold(lock_key(&row.id))? else {
                // Another node is writing it.
                continue;
            };
            tracing::warn!(import = row.id, "an import was cut short; taking it back");
            if let Err(error) = self.take_back(&row.id) {
                tracing::error!(%error, import = row.id, "the import cannot be taken back; upload a corrected roster");
                let id = row.id.clone();
                self.store().write(move |connection| storage::organisation::fail_import(connection, &id))?;
            }
        }
        Ok(())
    }

    /// All stored units as the domain knows them.
    ///
    /// # Errors
    /// What the database says.
    pub fn stored_units(&self) -> AppResult<Vec<organisation::Unit>> {
        self.store().read(storage::organisation::units)?.into_iter().map(unit_from_row).collect()
    }
}

/// Login names already given in this import.
#[derive(Default)]
struct Logins(BTreeMap<String, u32>);

impl Logins {
    /// What a person signs in with: 工号 or phone, else a number made from the id, printed on the slip.
    fn login_of(&mut self, person: &PersonRow) -> String {
        let is_spoken = |key: &str| !key.starts_with(ID_KEY) && !key.starts_with(organisation::roster::MADE_UP_KEY);
        let wanted = if is_spoken(&person.person_key) {
            person.person_key.clone()
        } else if let Some(phone) = &person.phone {
            phone.clone()
        } else {
            let digits: String = sha256_hex(person.id.as_bytes())
                .chars()
                .map(|c| char::from_digit(c.to_digit(16).unwrap_or(0) % 10, 10).unwrap_or('0'))
                .take(8)
                .collect();
            format!("u{digits}")
        };
        let uses = self.0.entry(wanted.clone()).or_default();
        *uses += 1;
        if *uses == 1 { wanted } else { format!("{wanted}-{uses}") }
    }
}

/// The key of an import's lock.
fn lock_key(id: &str) -> i64 {
    let digest = sha256_hex(format!("zhijie-import\0{id}").as_bytes());
    digest.get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or_default()
}

fn parse_mode(text: Option<&str>) -> AppResult<Mode> {
    match text.unwrap_or("add") {
        "add" | "" => Ok(Mode::Add),
        "full" => Ok(Mode::Full),
        other => Err(AppError::invalid("mode", format!("没有“{other}”这种方式，可用 add 或 full"))),
    }
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Add => "add",
        Mode::Full => "full",
    }
}

fn people_preview(plan: &ImportPlan) -> AppResult<Value> {
    let mut preview = crate::exams::to_value(&plan.report())?;
    if let Some(object) = preview.as_object_mut() {
        object.insert("rows".to_owned(), crate::exams::to_value(&plan.preview_rows(PREVIEW_ROWS))?);
    }
    Ok(preview)
}

fn import_view(row: ImportRow) -> AppResult<ImportView> {
    Ok(ImportView {
        id: row.id,
        kind: row.kind,
        state: row.state,
        file_name: row.file_name,
        created_at: rfc3339_micros(row.created_at),
        preview: serde_json::from_str(&row.preview_json).map_err(|error| AppError::corrupt("preview", error))?,
    })
}
