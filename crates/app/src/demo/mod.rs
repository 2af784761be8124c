//! The demo district (演示区): invented units and people, an exam of last year that simulated takers sat, and one that
//! is open now. Made once; the seed is fixed, so every demo has the same people and the same answers.

mod district;
mod past_exam;

use std::path::PathBuf;

use exam_session::Audience;
use exam_session::presets::preset;
use organisation::Role;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::accounts::{AccountRow, GrantRow};
use storage::exams::ExamRow;

use crate::exam_info::ExamInfo;
use crate::exams::{roster_rows, to_value};
use crate::secrets::write_private;
use crate::{App, AppError, AppResult, acts, new_id, passwords};

/// From which everything invented is derived.
pub(crate) const SEED: &str = "zhijie-demo-district-1";
/// Name of the setting that says that the demo is there.
const SETTING: &str = "demo";
/// The password of every demo account: the demo refuses to serve an address that others can reach.
pub const DEMO_PASSWORD: &str = "demo-2026-zhijie";
/// Rows written in one transaction.
const ROWS_AT_ONCE: usize = 1_000;
const DAY_SECONDS: i64 = 86_400;
const SECOND_US: i64 = 1_000_000;

/// An account that is ready to sign in (CONTRACT §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Its role.
    pub role: String,
    /// What to sign in with.
    pub login: String,
    /// And the password.
    pub password: String,
    /// The id of its unit, as used in URLs.
    pub unit: String,
}

impl App {
    /// Where the accounts of the demo are written.
    pub fn demo_accounts_path(&self) -> PathBuf {
        self.config().data_dir.join("demo-accounts.json")
    }

    /// Makes the demo district if it is not there, and answers its accounts.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the database holds a real district.
    pub fn prepare_demo(&self) -> AppResult<Vec<DemoAccount>> {
        let made = self.store().read(|connection| storage::settings::get(connection, SETTING))?;
        if made.is_none() {
            if !self.stored_units()?.is_empty() {
                return Err(AppError::Conflict(
                    "这个数据库里已有真实的单位和人员，不能再建演示区；请用 --data 另指一个空目录".to_owned(),
                ));
            }
            self.make_demo()?;
        }
        let text = std::fs::read_to_string(self.demo_accounts_path()).map_err(|error| {
            AppError::Internal(format!("无法读取 {}：{error}", self.demo_accounts_path().display()))
        })?;
        serde_json::from_str(&text).map_err(|error| AppError::corrupt("demo-accounts.json", error))
    }

    /// Whether this database holds the demo, with its public passwords.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_demo_database(&self) -> AppResult<bool> {
        Ok(self.store().read(|connection| storage::settings::get(connection, SETTING))?.is_some())
    }

    fn make_demo(&self) -> AppResult<()> {
        let district = district::invent();
        self.store_district(&district)?;
        self.forget_directory();
        self.make_past_exam()?;
        self.make_open_exam()?;
        let accounts = self.make_demo_accounts(&district)?;
        let text = serde_json::to_vec_pretty(&accounts).map_err(|error| AppError::corrupt("demo accounts", error))?;
        write_private(&self.demo_accounts_path(), &text)?;
        let now_us = self.now_us();
        self.store().write(move |connection| {
            storage::settings::set(connection, SETTING, SEED)?;
            acts::note(connection, now_us, "setup", "demo_made", "demo", &json!({}))
        })?;
        self.forget_accounts();
        Ok(())
    }

    fn store_district(&self, district: &district::District) -> AppResult<()> {
        let units = district.units.clone();
        self.store().write(move |connection| storage::organisation::insert_units(connection, &units))?;
        let now_us = self.now_us();
        for people in district.people.chunks(ROWS_AT_ONCE) {
            let people = people.to_vec();
            let accounts: Vec<AccountRow> = people
                .iter()
                .map(|person| AccountRow {
                    id: new_id(),
                    login: person.person_key.clone(),
                    name: person.name.clone(),
                    person_id: Some(person.id.clone()),
                    password_hash: None,
                    state: "inactive".to_owned(),
                    credential_epoch: 1,
                    created_at: now_us,
                })
                .collect();
            let grants: Vec<GrantRow> = accounts
                .iter()
                .zip(&people)
                .map(|(account, person)| GrantRow {
                    account_id: account.id.clone(),
                    role: Role::Examinee.slug().to_owned(),
                    unit_id: person.unit_id.clone(),
                })
                .collect();
            self.store().write(move |connection| {
                storage::organisation::insert_people(connection, &people)?;
                storage::accounts::insert(connection, &accounts)?;
                storage::accounts::insert_grants(connection, &grants)
            })?;
        }
        Ok(())
    }

    /// A published exam for everybody, with its roster.
    pub(crate) fn demo_exam(
        &self,
        title: &str,
        preset_slug: &str,
        blueprint: &str,
        opens_at_us: i64,
        days: i64,
    ) -> AppResult<ExamRow> {
        let preset = preset(preset_slug).ok_or_else(|| AppError::Internal("no such preset".to_owned()))?;
        let blueprint = self.blueprint(blueprint)?;
        let directory = self.directory()?;
        let top = directory.tree.top().ok_or_else(|| AppError::Internal("no units".to_owned()))?;
        let audience = Audience::of_unit(top.id.as_str());
        let mut row = ExamRow {
            id: new_id(),
            title: title.to_owned(),
            kind: "test".to_owned(),
            blueprint_id: Some(blueprint.id.to_string()),
            paper_id: None,
            seed: format!("{SEED}/{title}"),
            rules_json: to_value(&preset.rules)?.to_string(),
            audience_json: to_value(&audience)?.to_string(),
            opens_at: opens_at_us,
            closes_at: opens_at_us.saturating_add(days * DAY_SECONDS * SECOND_US),
            duration_seconds: preset.duration_seconds,
            questions: i64::from(blueprint.count()),
            marks_max_centi: i64::from(blueprint.marks().centi()),
            state: "published".to_owned(),
            reason: None,
            created_by: "setup".to_owned(),
            created_at: opens_at_us,
            published_at: Some(opens_at_us),
            version: 1,
            extended_seconds: 0,
            answers_until: 0,
            paused_at: None,
            scores_generation: 1,
        };
        let people = self.store().read(storage::organisation::people)?;
        let exam = ExamInfo::new(row.clone())?;
        let roster = roster_rows(&directory, &exam, &audience, &people)?;
        let paper = self.paper_to_fix(&exam)?;
        row.paper_id = paper.as_ref().map(|paper| paper.id.clone());
        let stored = row.clone();
        self.store().write(move |connection| {
            if let Some(paper) = &paper {
                storage::bank::insert_paper(connection, paper)?;
            }
            storage::exams::insert(connection, &stored)
        })?;
        for chunk in roster.chunks(ROWS_AT_ONCE) {
            let chunk = chunk.to_vec();
            self.store().write(move |connection| storage::exams::insert_roster(connection, &chunk))?;
        }
        Ok(row)
    }

    /// The exam that is open now: since this morning, for two weeks.
    fn make_open_exam(&self) -> AppResult<()> {
        let opens_at = self.now_us().saturating_sub(3_600 * SECOND_US);
        self.demo_exam("年度纪法知识测试", "best-of-three", "suce-20", opens_at, 14)?;
        Ok(())
    }

    fn make_demo_accounts(&self, district: &district::District) -> AppResult<Vec<DemoAccount>> {
        let hash = passwords::hash(DEMO_PASSWORD)?;
        let top = district.units.first().ok_or_else(|| AppError::Internal("no units".to_owned()))?.id.clone();
        let mut listed = Vec::new();
        // People with passwords: examinees of three units, and the heads and liaisons of two.
        let [first, second, third] = district.demo_units();
        for (role, unit, place) in [
            (Role::Examinee, &first, 5),
            (Role::Examinee, &first, 6),
            (Role::Examinee, &second, 5),
            (Role::Examinee, &third, 5),
            (Role::UnitHead, &first, 0),
            (Role::UnitHead, &second, 0),
            (Role::Liaison, &first, 1),
            (Role::Liaison, &second, 1),
        ] {
            let person = district
                .people
                .iter()
                .filter(|person| person.unit_id == *unit)
                .nth(place)
                .ok_or_else(|| AppError::Internal("the demo unit is too small".to_owned()))?;
            self.set_demo_password(&person.person_key, &hash, role, unit)?;
            listed.push(demo_account(role, &person.person_key, unit));
        }
        for role in
            Role::ALL.into_iter().filter(|role| !matches!(role, Role::Examinee | Role::UnitHead | Role::Liaison))
        {
            let scope = if role == Role::Supervisor { vec![first.clone(), second.clone()] } else { vec![top.clone()] };
            let login = format!("demo-{}", role.slug().replace('_', "-"));
            self.grant_role("setup", &login, role.slug(), &scope)?;
            self.name_demo_account(&login, &format!("演示{}", role.title()), &hash)?;
            let unit = scope.into_iter().next().unwrap_or_default();
            listed.push(demo_account(role, &login, &unit));
        }
        Ok(listed)
    }

    fn set_demo_password(&self, login: &str, hash: &str, role: Role, unit: &str) -> AppResult<()> {
        if role != Role::Examinee {
            self.grant_role("setup", login, role.slug(), &[unit.to_owned()])?;
        }
        let (login, hash) = (login.to_owned(), hash.to_owned());
        self.store().write(move |connection| {
            let account = storage::accounts::by_login(connection, &login)?;
            storage::accounts::set_password(connection, &account.id, &hash)
        })?;
        Ok(())
    }

    fn name_demo_account(&self, login: &str, name: &str, hash: &str) -> AppResult<()> {
        let (login, name, hash) = (login.to_owned(), name.to_owned(), hash.to_owned());
        self.store().write(move |connection| {
            let account = storage::accounts::by_login(connection, &login)?;
            storage::accounts::rename(connection, &account.id, &name)?;
            storage::accounts::set_password(connection, &account.id, &hash)
        })?;
        Ok(())
    }
}

fn demo_account(role: Role, login: &str, unit: &str) -> DemoAccount {
    DemoAccount {
        role: role.slug().to_owned(),
        login: login.to_owned(),
        password: DEMO_PASSWORD.to_owned(),
        unit: unit.to_owned(),
    }
}
