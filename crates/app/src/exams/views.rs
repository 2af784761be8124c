//! Exams as they are read: lists, one exam, the paper a person would get.

use api::Marks;
use api::exam::{ExamSummary, ExamView, Preview, WaveUnit, WaveView};
use exam_session::entry::WaveBy;
use organisation::{Role, UnitId};
use serde_json::json;
use storage::exams::ExamRow;

use super::audience_of;
use crate::access::FIGURE_ROLES;
use crate::clock::{rfc3339, rfc3339_micros};
use crate::exam_info::{ExamInfo, state_word};
use crate::{App, AppError, AppResult, Principal, acts};

impl App {
    /// Exams that concern the caller's units, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn list_exams(
        &self,
        principal: &Principal,
        after: Option<&str>,
        limit: usize,
    ) -> AppResult<(Vec<ExamSummary>, Option<String>)> {
        let limit_rows = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.store().read(|connection| storage::exams::list(connection, after, limit_rows))?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| row.id.clone())).flatten();
        let is_manager = principal.has(Role::Manager);
        let mut items = Vec::new();
        for row in rows {
            if row.state == "draft" && !is_manager {
                continue;
            }
            if self.concerns(principal, &row)? {
                items.push(self.summary(&ExamInfo::new(row)?, Some(principal))?);
            }
        }
        Ok((items, next))
    }

    /// Every exam, for the command line of whoever has the files.
    ///
    /// # Errors
    /// What the database says.
    pub fn all_exams(&self) -> AppResult<Vec<ExamSummary>> {
        let rows = self.store().read(|connection| storage::exams::list(connection, None, i64::MAX))?;
        rows.into_iter().map(|row| self.summary(&ExamInfo::new(row)?, None)).collect()
    }

    /// Whether an exam concerns units that the caller may see figures of.
    fn concerns(&self, principal: &Principal, row: &ExamRow) -> AppResult<bool> {
        let directory = self.directory()?;
        let scope = principal.scope(FIGURE_ROLES);
        let audience = audience_of(row)?;
        Ok(audience.units.iter().any(|selected| {
            let unit = UnitId::from(selected.unit.as_str());
            directory.tree.contains(&scope, &unit) || scope.units.iter().any(|own| directory.tree.is_within(own, &unit))
        }))
    }

    pub(crate) fn exam_for_figures(&self, principal: &Principal, id: &str) -> AppResult<ExamInfo> {
        let exam = self.exam_info(id)?;
        if exam.row.state == "draft" && !principal.has(Role::Manager) || !self.concerns(principal, &exam.row)? {
            return Err(AppError::NotFound("这场考试"));
        }
        Ok(exam)
    }

    /// `due` and `taken` count the caller's units only; the command line's, everybody.
    fn summary(&self, exam: &ExamInfo, principal: Option<&Principal>) -> AppResult<ExamSummary> {
        let id = exam.row.id.as_str();
        let units = match principal {
            Some(principal) => self.roster_reach(principal, id, FIGURE_ROLES)?,
            None => self.directory()?.tree.iter().map(|unit| unit.id.as_str().to_owned()).collect(),
        };
        let (due, taken) = self.store().read(|connection| {
            let (_, due) = storage::exams::roster_counts(connection, id, &units)?;
            Ok::<_, AppError>((due, storage::exams::taken_count(connection, id, &units)?))
        })?;
        Ok(ExamSummary {
            id: exam.row.id.clone(),
            title: exam.row.title.clone(),
            kind: exam.row.kind.clone(),
            state: state_word(exam.state(self.now())).to_owned(),
            opens_at: rfc3339_micros(exam.row.opens_at),
            closes_at: rfc3339(exam.window().closes_at),
            duration_seconds: exam.row.duration_seconds,
            questions: exam.row.questions,
            marks_max: Marks(exam.row.marks_max_centi),
            due,
            taken,
            version: exam.row.version,
        })
    }

    /// One exam, with its rules and audience.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it does not concern the caller.
    pub fn exam_view(&self, principal: &Principal, id: &str) -> AppResult<ExamView> {
        let exam = self.exam_for_figures(principal, id)?;
        let units = self.roster_reach(principal, id, FIGURE_ROLES)?;
        let (registered, _) = self.store().read(|connection| storage::exams::roster_counts(connection, id, &units))?;
        let runs_it = self.require_manager_of(principal, &exam.row).is_ok();
        Ok(ExamView {
            summary: self.summary(&exam, Some(principal))?,
            blueprint: exam.row.blueprint_id.clone(),
            paper: exam.row.paper_id.clone(),
            // Whoever has the seed and the bank has the paper.
            seed: exam.row.seed.clone().into(),
            rules: serde_json::to_value(&exam.rules).map_err(|error| AppError::corrupt("rules", error))?,
            audience: serde_json::from_str(&exam.row.audience_json)
                .map_err(|error| AppError::corrupt("audience", error))?,
            reason: exam.row.reason.clone(),
            registered,
            waves: self.waves(&exam, &units)?,
            etag: exam.row.version.to_string(),
            server_now: rfc3339(self.now()),
        })
        .map(|view| if runs_it { view } else { ExamView { seed: None, ..view } })
    }

    /// The waves of entry of some units' people.
    fn waves(&self, exam: &ExamInfo, units: &[String]) -> AppResult<Vec<WaveView>> {
        let Some(rule) = exam.rules.entry_waves else { return Ok(Vec::new()) };
        let id = exam.row.id.as_str();
        let rows = self.store().read(|connection| storage::exams::waves(connection, id, units))?;
        let directory = self.directory()?;
        let mut waves: Vec<WaveView> = Vec::new();
        for (wave, unit, people) in rows {
            let number = wave.saturating_add(1);
            if waves.last().is_none_or(|last| last.wave != number) {
                let opens_at = rfc3339(exam.wave_opens_at(wave));
                waves.push(WaveView { wave: number, opens_at, people: 0, units: Vec::new() });
            }
            if let Some(last) = waves.last_mut() {
                last.people += people;
                if rule.by == WaveBy::Unit {
                    last.units.push(WaveUnit { title: directory.unit_name(&unit), unit, people });
                }
            }
        }
        Ok(waves)
    }

    /// What a given person would get: the paper of the first attempt.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown person; [`AppError::Conflict`] when the paper cannot be put together.
    pub fn preview_exam(&self, principal: &Principal, id: &str, person: &str) -> AppResult<Preview> {
        let exam = self.exam_info(id)?;
        self.require_manager_of(principal, &exam.row)?;
        self.store()
            .read(|connection| storage::organisation::person(connection, person))
            .map_err(AppError::or_not_found("这个人"))?;
        let form = self.form_for(&exam, person, 1)?;
        let now_us = self.now_us();
        let (actor, exam_id, subject) = (principal.account.clone(), exam.row.id.clone(), person.to_owned());
        self.store().write(move |connection| {
            acts::note(connection, now_us, &actor, "paper_previewed", &exam_id, &json!({ "person": subject }))
        })?;
        Ok(Preview { slots: form.views(&*self.bank()?)? })
    }
}
