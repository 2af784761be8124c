//! The roster (名单) of an exam: who is due, leave (缓考) and exemption (免考).

use api::Marks;
use api::exam::{PersonReason, RosterEntry};
use exam_session::Audience;
use exam_session::roster::PersonFacts;
use exam_session::state::ExamState;
use organisation::{Role, UnitId};
use serde_json::json;
use storage::exams::RosterRow;
use storage::organisation::PersonRow;

use super::{checked_reason, to_json};
use crate::access::require_unit;
use crate::clock::rfc3339;
use crate::directory::Directory;
use crate::exam_info::ExamInfo;
use crate::{App, AppError, AppResult, Principal, acts};

/// What a roster is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct RosterFilter {
    /// A unit and all below it.
    pub unit: Option<String>,
    /// `due`, `exempt` or `deferred`.
    pub status: Option<String>,
    /// Part of a name or key.
    pub query: Option<String>,
}

impl App {
    /// The roster of an exam with each person's state.
    ///
    /// # Errors
    /// [`AppError::NotFound`] outside the caller's scope.
    pub fn roster(&self, principal: &Principal, id: &str, filter: &RosterFilter) -> AppResult<Vec<RosterEntry>> {
        let exam = self.exam_info(id)?;
        self.require_manager_of(principal, &exam.row)?;
        let directory = self.directory()?;
        let units = match &filter.unit {
            Some(unit) => {
                require_unit(principal, &directory, &[Role::Manager], unit)?;
                self.units_then(id, std::slice::from_ref(unit))?
            }
            None => self.roster_reach(principal, id, &[Role::Manager])?,
        };
        let (people, sittings) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::exams::roster_people(connection, id, &units)?,
                storage::exams::sittings(connection, id)?,
            ))
        })?;
        let now = self.now();
        let sheet = crate::figures::Sheet::new(&exam, sittings, now)?;
        let query = filter.query.as_deref().unwrap_or_default();
        Ok(people
            .into_iter()
            .filter(|(place, name, key)| {
                filter.status.as_ref().is_none_or(|status| *status == place.status)
                    && (query.is_empty() || name.contains(query) || key.contains(query))
            })
            .map(|(place, name, _)| RosterEntry {
                state: sheet.person_state(&place.person_id, &place.status).to_owned(),
                marks: sheet.marks(&place.person_id).map(Marks),
                entry_at: exam.rules.entry_waves.map(|_| rfc3339(exam.wave_opens_at(place.entry_wave))),
                unit_name: directory.unit_name(&place.unit_id),
                rank_title: directory.title(crate::directory::LIST_RANK_GROUPS, &place.rank_group),
                rank: place.rank_group,
                person: place.person_id,
                name,
                unit: place.unit_id,
                status: place.status,
                reason: place.reason,
            })
            .collect())
    }

    /// Grants leave (缓考) or exemption (免考), or takes it back (`due`), with the reason.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the person has sat already, or the exam is over.
    pub fn set_place(
        &self,
        principal: &Principal,
        id: &str,
        request: &PersonReason,
        status: &'static str,
    ) -> AppResult<()> {
        let reason = checked_reason(&request.reason)?;
        let exam = self.exam_info(id)?;
        self.require_manager_of(principal, &exam.row)?;
        refuse_fixed(exam.state(self.now()))?;
        let (now_us, actor) = (self.now_us(), principal.account.clone());
        let (exam_id, person) = (id.to_owned(), request.person.clone());
        let now = self.now();
        self.store().write(move |connection| {
            // Shared with starts and hand-ins; a seal holds it alone, so that nothing falls between its reading and its end.
            let exam = ExamInfo::new(storage::exams::exam_shared(connection, &exam_id)?)?;
            refuse_fixed(exam.state(now))?;
            storage::exams::place_for_update(connection, &exam_id, &person)
                .map_err(AppError::or_not_found("名单上的这个人"))?;
            let attempts = storage::attempts::of_person(connection, &exam_id, &person)?;
            if status != "due" && attempts.iter().any(|row| row.voiding.as_deref() != Some("annulled")) {
                return Err(AppError::Conflict("此人已经开始作答，不能再改为缓考或免考".to_owned()));
            }
            let kept = (status != "due").then_some(reason.as_str());
            storage::exams::set_place_status(connection, &exam_id, &person, status, kept)?;
            let detail = json!({ "person": person, "status": status, "reason": reason });
            acts::note(connection, now_us, &actor, "roster_changed", &exam_id, &detail)
        })
    }
}

fn refuse_fixed(state: ExamState) -> AppResult<()> {
    if matches!(state, ExamState::Draft | ExamState::Cancelled | ExamState::Sealed) {
        return Err(AppError::Conflict("考试未发布、已取消或已封存，不能办理".to_owned()));
    }
    Ok(())
}

/// The people an exam is for, each with unit, rank and groups as they are now, and with the wave that they come in.
pub(crate) fn roster_rows(
    directory: &Directory,
    exam: &ExamInfo,
    audience: &Audience,
    people: &[PersonRow],
) -> AppResult<Vec<RosterRow>> {
    let mut rows = Vec::new();
    for person in people {
        let unit = UnitId::from(person.unit_id.as_str());
        let ancestors: Vec<&str> = directory.tree.ancestors(&unit).into_iter().map(|unit| unit.id.as_str()).collect();
        let facts = PersonFacts {
            person: &person.id,
            unit: &person.unit_id,
            ancestors: &ancestors,
            rank_group: Some(&person.rank_group),
            post_level: person.post_level.as_deref(),
            rank: person.rank.as_deref(),
            post: person.post.as_deref(),
            party: person.party.as_deref(),
            supervisee: person.supervisee.as_deref(),
            retired: person.status == "retired",
            left: person.left_at.is_some() || person.status == "left",
        };
        if audience.matches(&facts) {
            let groups = directory.tree.groups_of(&unit);
            rows.push(RosterRow {
                exam_id: exam.row.id.clone(),
                person_id: person.id.clone(),
                unit_id: person.unit_id.clone(),
                unit_path: directory.path(&person.unit_id),
                rank_group: person.rank_group.clone(),
                groups_json: to_json(&groups)?,
                status: "due".to_owned(),
                reason: None,
                entry_wave: 0,
            });
        }
    }
    if let Some(waves) = exam.rules.entry_waves {
        let units: Vec<&str> = rows.iter().map(|row| row.unit_id.as_str()).collect();
        let waves = waves.waves(&units);
        for (row, wave) in rows.iter_mut().zip(waves) {
            row.entry_wave = i64::from(wave);
        }
    }
    Ok(rows)
}
