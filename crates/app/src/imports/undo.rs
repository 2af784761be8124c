//! Taking an import back: whole, or not at all.

use std::collections::BTreeSet;

use api::imports::ImportView;
use organisation::Person;
use organisation::roster::UndoPlan;
use serde_json::json;

use super::people::PEOPLE_AT_ONCE;
use crate::directory::groups_to_json;
use crate::people_rows::person_from_row;
use crate::secrets::lock_key;
use crate::{App, AppError, AppResult, Principal, acts};

impl App {
    /// Takes a committed import back.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when people of it were edited since, or are on the roster of an exam.
    pub fn undo_import(&self, principal: &Principal, id: &str) -> AppResult<ImportView> {
        let row = self.own_import(principal, id)?;
        if row.state != "committed" {
            return Err(AppError::Conflict("这次导入没有写入，或已经撤销".to_owned()));
        }
        self.refuse_frozen(super::what_of(&row.kind))?;
        if row.kind == "questions" {
            self.undo_question_import(principal, &row)?;
            return self.import(principal, id);
        }
        if row.kind == "laws" {
            return Err(AppError::Conflict("法规条文的导入不能撤销；重新导入正确的文件即可覆盖".to_owned()));
        }
        let undo = self.read_undo(id)?;
        self.check_undo(id, row.committed_at.unwrap_or_default(), &undo)?;
        let ids: Vec<String> = undo.remove_people.iter().map(|person| person.id.to_string()).collect();
        if self.store().read(|connection| storage::organisation::are_used(connection, &ids))? {
            return Err(AppError::Conflict(
                "这批新增人员中有人已在考试名单上，不能整批撤销；请上传更正后的花名册".to_owned(),
            ));
        }
        self.apply_undo(id, &undo)?;
        let (import, actor, now_us) = (id.to_owned(), principal.account.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::organisation::undo_import(connection, &import, now_us)?;
            acts::note(connection, now_us, &actor, "people_import_undone", &import, &json!({}))
        })?;
        self.forget_directory();
        self.forget_accounts();
        self.import(principal, id)
    }

    /// Nothing has happened since to the people and units of the import, and nobody else stands in what would go.
    fn check_undo(&self, id: &str, committed_at: i64, undo: &UndoPlan) -> AppResult<()> {
        let (rows, successions) = self.store().read(|connection| {
            Ok::<_, AppError>((storage::organisation::people(connection)?, storage::units::successions(connection)?))
        })?;
        let people = rows.iter().map(person_from_row).collect::<AppResult<Vec<_>>>()?;
        let units = self.stored_units()?;
        let since = successions.iter().filter(|row| row.created_at >= committed_at && row.event_id != id);
        let touched: BTreeSet<&str> =
            since.flat_map(|row| [row.from_unit_id.as_str(), row.to_unit_id.as_str()]).collect();
        undo.check(&people, &units, &|unit| touched.contains(unit.as_str()))
            .map_err(|conflict| AppError::Conflict(conflict.to_string()))
    }

    fn read_undo(&self, id: &str) -> AppResult<UndoPlan> {
        let bytes = std::fs::read(self.undo_path(id)?)
            .map_err(|_| AppError::Conflict("撤销所需的记录已不在，不能撤销".to_owned()))?;
        serde_json::from_slice(&bytes).map_err(|error| AppError::corrupt("undo", error))
    }

    fn apply_undo(&self, id: &str, undo: &UndoPlan) -> AppResult<()> {
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
        let regroup = undo
            .regroup_units
            .iter()
            .map(|change| Ok((change.id.to_string(), change.after.0.slug(), groups_to_json(&change.after.1)?)));
        let regroup = regroup.collect::<AppResult<Vec<_>>>()?;
        let import = id.to_owned();
        self.store().write(move |connection| {
            storage::units::delete_event(connection, &import)?;
            for (unit, kind, groups) in &regroup {
                storage::units::regroup(connection, unit, kind, groups)?;
            }
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

    pub(super) fn take_back(&self, id: &str) -> AppResult<()> {
        let undo = self.read_undo(id)?;
        let ids: Vec<String> = undo.remove_people.iter().map(|person| person.id.to_string()).collect();
        if self.store().read(|connection| storage::organisation::are_used(connection, &ids))? {
            return Err(AppError::Conflict("其中有人已在考试名单上".to_owned()));
        }
        self.apply_undo(id, &undo)?;
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
            let Some(_held) = self.store().hold(lock_key("import", &row.id))? else {
                // Another node is writing it.
                continue;
            };
            tracing::warn!(import = row.id, "an import was cut short; taking it back");
            let taken_back = match row.kind.as_str() {
                "questions" => self.take_questions_back(&row.id),
                _ => self.take_back(&row.id),
            };
            if let Err(error) = taken_back {
                tracing::error!(%error, import = row.id, "the import cannot be taken back; upload a corrected file");
                let id = row.id.clone();
                self.store().write(move |connection| storage::organisation::fail_import(connection, &id))?;
            }
        }
        Ok(())
    }
}
