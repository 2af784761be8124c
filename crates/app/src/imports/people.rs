//! Rosters (花名册): planned, then written in short transactions.
//!
//! Before the first transaction the way back is on disk; a commit that is cut short is taken back at the next start.

use std::collections::{BTreeMap, BTreeSet};

use exchange::roster::ParsedRoster;
use jiff::civil::Date;
use organisation::roster::{Change, ImportPlan, KeyKind, Mode, PlanInput, PlanOptions, PlanTools, UnitRename, plan};
use organisation::{Person, Role, SuccessionKind, UnitId};
use serde_json::json;
use storage::accounts::{AccountRow, GrantRow};
use storage::organisation::PersonRow;
use storage::units::SuccessionRow;

use super::preview::people_preview;
use super::rows::Corrections;
use super::{Importer, Upload};
use crate::clock::day;
use crate::directory::{Directory, groups_to_json, unit_from_row, unit_to_row};
use crate::people_rows::{person_from_row, person_to_row};
use crate::secrets::{lock_key, sha256_hex, write_private};
use crate::{App, AppError, AppResult, acts, new_id};

/// People written in one transaction: some 20 ms on SQLite.
pub(super) const PEOPLE_AT_ONCE: usize = 300;
/// Beginning of a key that is the keyed hash of an ID number.
const ID_KEY: &str = "id-";

/// A plan with the file that it was made from and the state that it was made on.
pub(super) struct PlannedImport {
    pub(super) plan: ImportPlan,
    pub(super) parsed: ParsedRoster,
    /// The stored units that people go to, or that change, with their versions.
    versions: Vec<(String, i64)>,
}

impl App {
    /// What a roster file would change.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a file that cannot be taken at all.
    pub fn plan_people(&self, importer: &Importer, file_name: &str, bytes: &[u8], mode: Mode) -> AppResult<ImportPlan> {
        let parsed = parse_roster(file_name, bytes)?;
        Ok(self.plan_parsed(importer, parsed, mode)?.plan)
    }

    /// What a roster, as it was read and corrected, would change.
    pub(super) fn plan_parsed(
        &self,
        importer: &Importer,
        parsed: ParsedRoster,
        mode: Mode,
    ) -> AppResult<PlannedImport> {
        let rows = self.store().read(storage::organisation::people)?;
        let existing = rows.iter().map(person_from_row).collect::<AppResult<Vec<Person>>>()?;
        drop(rows);
        let directory = self.fresh_directory()?;
        let input = PlanInput {
            existing: &existing,
            units: &directory.tree,
            lists: &directory.lists,
            history: &directory.history,
            rows: &parsed.rows,
            unit_rows: &parsed.unit_rows,
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
        let plan = plan(&input, &options, &mut tools);
        let versions = versions_of(&plan, &directory);
        Ok(PlannedImport { plan, parsed, versions })
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
        self.refuse_frozen("花名册")?;
        let planned = self.plan_parsed(importer, parse_roster(file_name, bytes)?, mode)?;
        let upload =
            Upload { kind: "people".to_owned(), mode: None, file_name: file_name.to_owned(), bytes: bytes.to_vec() };
        let preview = people_preview(&planned, &Corrections::new())?;
        let kept = self.keep_import(&importer.actor, "people", &upload, mode_word(mode), preview)?;
        self.commit_people(&importer.actor, (&kept.id, kept.version), &planned, confirm_left)?;
        Ok(planned.plan)
    }

    pub(super) fn commit_people(
        &self,
        actor: &str,
        (id, version): (&str, i64),
        planned: &PlannedImport,
        confirm_left: Option<usize>,
    ) -> AppResult<()> {
        let plan = &planned.plan;
        let confirmed = confirm_left.and_then(|count| u64::try_from(count).ok());
        plan.check_confirmed(confirmed).map_err(|error| AppError::invalid("confirm_left", error.to_string()))?;
        // Held until the last transaction: another node that starts meanwhile must not take this for a wreck.
        let _held = self
            .store()
            .hold(lock_key("import", id))?
            .ok_or_else(|| AppError::Conflict("这次导入正在写入，请稍候".to_owned()))?;
        let undo = plan.undo(&self.stored_units()?);
        let undo = serde_json::to_vec(&undo).map_err(|error| AppError::corrupt("undo", error))?;
        write_private(&self.undo_path(id)?, &undo)?;
        let (import, versions) = (id.to_owned(), planned.versions.clone());
        self.store().write(move |connection| {
            storage::organisation::begin_import(connection, &import, version).map_err(|error| match error {
                storage::StorageError::Conflict(_) => {
                    AppError::Conflict("这次导入已经写入或撤销，或者刚被更正过，请刷新后再看".to_owned())
                }
                other => other.into(),
            })?;
            // From here on nobody changes units until the import is written.
            let ids: Vec<String> = versions.iter().map(|(id, _)| id.clone()).collect();
            if storage::units::versions_for_update(connection, &ids)? == versions {
                return Ok(());
            }
            Err(AppError::Conflict("预览之后单位又有变动，请重新上传核对".to_owned()))
        })?;
        if let Err(error) = self.apply_plan(actor, id, plan) {
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
    fn apply_plan(&self, actor: &str, id: &str, plan: &ImportPlan) -> AppResult<()> {
        let units = plan.units_new.iter().map(|unit| unit_to_row(unit, 1)).collect::<AppResult<Vec<_>>>()?;
        let renamed = plan.units_renamed.clone();
        let records: Vec<SuccessionRow> =
            renamed.iter().map(|rename| renaming(rename, id, actor, plan.on, self.now_us())).collect();
        let regrouped = plan
            .units_regrouped
            .iter()
            .map(|change| Ok((change.id.to_string(), change.after.0.slug(), groups_to_json(&change.after.1)?)));
        let regrouped = regrouped.collect::<AppResult<Vec<_>>>()?;
        let left: Vec<String> = plan.units_left.iter().map(ToString::to_string).collect();
        let on = plan.on.to_string();
        self.store().write(move |connection| {
            storage::organisation::insert_units(connection, &units)?;
            for rename in &renamed {
                storage::organisation::rename_unit(connection, rename.id.as_str(), &rename.after)?;
            }
            storage::units::insert_successions(connection, &records)?;
            for (unit, kind, groups) in &regrouped {
                storage::units::regroup(connection, unit, kind, groups)?;
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
    pub(super) fn put_people(&self, people: &[&Person]) -> AppResult<()> {
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

pub(super) fn parse_mode(text: Option<&str>) -> AppResult<Mode> {
    match text.unwrap_or("add") {
        "add" | "" => Ok(Mode::Add),
        "full" => Ok(Mode::Full),
        other => Err(AppError::invalid("mode", format!("没有“{other}”这种方式，可用 add 或 full"))),
    }
}

pub(super) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Add => "add",
        Mode::Full => "full",
    }
}

pub(super) fn parse_roster(file_name: &str, bytes: &[u8]) -> AppResult<ParsedRoster> {
    exchange::roster::parse(file_name, bytes, &exchange::Limits::default())
        .map_err(|error| AppError::invalid("file", error.to_string()))
}

/// The stored units that the plan puts people into or changes.
fn versions_of(plan: &ImportPlan, directory: &Directory) -> Vec<(String, i64)> {
    let people =
        plan.changes.iter().flat_map(|change| std::iter::once(&change.after.unit).chain(&change.after.seconded_unit));
    let above = plan.units_new.iter().filter_map(|unit| unit.parent.as_ref());
    let renamed = plan.units_renamed.iter().map(|change| &change.id);
    let regrouped = plan.units_regrouped.iter().map(|change| &change.id);
    let ids: BTreeSet<&str> =
        people.chain(above).chain(renamed).chain(regrouped).chain(&plan.units_left).map(UnitId::as_str).collect();
    ids.into_iter().filter_map(|id| Some((id.to_owned(), *directory.versions.get(id)?))).collect()
}

/// A unit that a file renames by its code keeps its old name in the history, too.
fn renaming(rename: &UnitRename, import: &str, actor: &str, on: Date, now_us: i64) -> SuccessionRow {
    SuccessionRow {
        id: new_id(),
        kind: SuccessionKind::Renamed.slug().to_owned(),
        from_unit_id: rename.id.to_string(),
        to_unit_id: rename.id.to_string(),
        since: on.to_string(),
        event_id: import.to_owned(),
        from_name: rename.before.clone(),
        to_name: rename.after.clone(),
        people: 0,
        reason: "花名册导入：编码相同，名称不同".to_owned(),
        created_by: actor.to_owned(),
        created_at: now_us,
    }
}
