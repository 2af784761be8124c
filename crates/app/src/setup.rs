//! What a new installation needs before anybody signs in: lists, the bank, the trial, the first accounts.

use exam_session::{Audience, MarksCenti, Rules};
use organisation::{ListKind, Lists, Role};
use serde_json::json;
use storage::accounts::{AccountRow, GrantRow};
use storage::exams::ExamRow;

use crate::accounts::Holder;
use crate::bank::{BankFiles, load};
use crate::directory::{list_to_rows, lists_from_rows};
use crate::exam_info::TRIAL;
use crate::{App, AppError, AppResult, acts, new_id};

/// Name of the setting that says that the lists are there.
const LISTS_SETTING: &str = "lists";
/// Its value once the lists have groups and spellings.
const LISTS_STATE: &str = "with details";
/// Minutes of a trial.
const TRIAL_SECONDS: i64 = 10 * 60;
/// Attempts at the trial that a person may make.
const TRIAL_ATTEMPTS: u32 = 100;

impl App {
    /// Brings the database to what every start needs: idempotent, and quick when nothing is missing.
    ///
    /// # Errors
    /// What the database says.
    pub fn prepare(&self) -> AppResult<()> {
        self.prepare_lists()?;
        if self.store().read(storage::questions::is_empty)? {
            self.import_bank("setup", &load(&BankFiles::embedded()), false)?;
        }
        self.prepare_trial()
    }

    /// The lists that a new installation begins with; one from before lists had details gets those of the defaults.
    fn prepare_lists(&self) -> AppResult<()> {
        let done = self.store().read(|connection| storage::settings::get(connection, LISTS_SETTING))?;
        if done.as_deref() == Some(LISTS_STATE) {
            return Ok(());
        }
        let stored = self.store().read(storage::organisation::list_entries)?;
        let mut lists = lists_from_rows(stored)?;
        let defaults = Lists::default();
        for list in ListKind::ALL {
            for entry in lists.list_mut(list) {
                let Some(default) = defaults.entry(list, &entry.slug) else { continue };
                entry.group = entry.group.take().or_else(|| default.group.clone());
                entry.category = entry.category.or(default.category);
                entry.rest |= default.rest;
            }
        }
        let rows = ListKind::ALL.into_iter().map(|list| Ok((list, list_to_rows(list, lists.list(list))?)));
        let rows = rows.collect::<AppResult<Vec<_>>>()?;
        self.store().write(move |connection| {
            for (list, entries) in &rows {
                storage::organisation::replace_list(connection, list.slug(), entries)?;
            }
            storage::settings::set(connection, LISTS_SETTING, LISTS_STATE)
        })?;
        self.forget_directory();
        Ok(())
    }

    fn prepare_trial(&self) -> AppResult<()> {
        match self.store().read(|connection| storage::exams::exam(connection, TRIAL)) {
            Ok(_) => return Ok(()),
            Err(storage::StorageError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
        let mut rules = Rules::with_pass_marks(MarksCenti::ZERO);
        rules.attempts = TRIAL_ATTEMPTS;
        rules.late_sync_seconds = 0;
        rules.full_duration = true;
        rules.release_marks = exam_session::rules::ReleaseMarks::AtSubmission;
        rules.release_keys = exam_session::rules::ReleaseKeys::AtSubmission;
        let blueprint = self.blueprint("trial-3")?;
        let to_json = |value: &serde_json::Value| value.to_string();
        let row = ExamRow {
            id: TRIAL.to_owned(),
            title: "三题试做（不计成绩）".to_owned(),
            kind: TRIAL.to_owned(),
            blueprint_id: Some(blueprint.id.to_string()),
            paper_id: None,
            seed: TRIAL.to_owned(),
            rules_json: to_json(&crate::exams::to_value(&rules)?),
            audience_json: to_json(&crate::exams::to_value(&Audience::of_unit("trial"))?),
            opens_at: 0,
            closes_at: FAR_FUTURE_US,
            duration_seconds: TRIAL_SECONDS,
            questions: i64::from(blueprint.count()),
            marks_max_centi: i64::from(blueprint.marks().centi()),
            state: "published".to_owned(),
            reason: None,
            created_by: "setup".to_owned(),
            created_at: self.now_us(),
            published_at: Some(self.now_us()),
            version: 1,
            extended_seconds: 0,
            answers_until: 0,
            paused_at: None,
            scores_generation: 1,
        };
        self.store().write(move |connection| storage::exams::insert(connection, &row))?;
        Ok(())
    }

    /// Gives an account a role over units named by their codes; the account is made when there is none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown role or code; [`AppError::Conflict`] when the rules of roles forbid it.
    pub fn grant_role(&self, actor: &str, login: &str, role: &str, unit_codes: &[String]) -> AppResult<String> {
        let role = Role::from_slug(role).ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|role| role.slug()).collect();
            AppError::invalid("role", format!("没有“{role}”这个角色，可用的有 {}", known.join("、")))
        })?;
        let directory = self.directory()?;
        let mut units = Vec::new();
        for code in unit_codes {
            let unit = directory.tree.iter().find(|unit| unit.code == *code || unit.id.as_str() == code);
            let unit = unit.ok_or_else(|| AppError::invalid("scope", format!("没有代码为“{code}”的单位")))?;
            units.push(unit.id.to_string());
        }
        let found = match self.store().read(|connection| storage::accounts::by_login(connection, login)) {
            Ok(account) => Some(account),
            Err(storage::StorageError::NotFound) => None,
            Err(other) => return Err(other.into()),
        };
        let (now_us, actor) = (self.now_us(), actor.to_owned());
        let account = found.clone().unwrap_or_else(|| AccountRow {
            id: new_id(),
            login: login.to_owned(),
            name: login.to_owned(),
            person_id: None,
            password_hash: None,
            state: "inactive".to_owned(),
            credential_epoch: 1,
            created_at: now_us,
        });
        let id = account.id.clone();
        let mut grants = match &found {
            Some(account) => self.store().read(|connection| storage::accounts::grants(connection, &account.id))?,
            None => Vec::new(),
        };
        for unit in units {
            let grant = GrantRow { account_id: id.clone(), role: role.slug().to_owned(), unit_id: unit };
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
        let checked: Vec<organisation::RoleGrant> = grants
            .iter()
            .filter_map(|grant| {
                Some(organisation::RoleGrant {
                    role: Role::from_slug(&grant.role)?,
                    scope: organisation::Scope::of([grant.unit_id.as_str()]),
                })
            })
            .collect();
        organisation::check_grants(&checked).map_err(|error| AppError::Conflict(error.to_string()))?;
        let (is_new, subject) = (found.is_none(), id.clone());
        self.store().write(move |connection| {
            if is_new {
                storage::accounts::insert(connection, std::slice::from_ref(&account))?;
            }
            storage::accounts::replace_grants(connection, &subject, &grants)?;
            acts::note(connection, now_us, &actor, "role_granted", &subject, &json!({ "role": role.slug() }))
        })?;
        self.forget_account(&id);
        Ok(id)
    }

    /// A new activation code for a login, from the command line.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn reset_login(&self, login: &str) -> AppResult<api::session::ActivationCode> {
        let account = self
            .store()
            .read(|connection| storage::accounts::by_login(connection, login))
            .map_err(AppError::or_not_found("这个登录名"))?;
        let holder = Holder { account, unit: String::new(), unit_name: String::new() };
        let codes = self.issue("cli", &[holder], None)?;
        codes.into_iter().next().ok_or_else(|| AppError::Internal("no code was issued".to_owned()))
    }
}

/// 2100-01-01 in Asia/Shanghai, microseconds UTC.
const FAR_FUTURE_US: i64 = 4_102_416_000_000_000;
