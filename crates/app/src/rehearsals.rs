//! Rehearsals (演练): an exam with virtual takers, before the day. Its people are on no roster and in no figure, its
//! questions come from the practice pool, and all of it is wiped afterwards.

use api::rehearsal::{RehearsalCreated, RehearsalRequest};
use exam_session::{Audience, MarksCenti, Rules};
use question_bank::Marks;
use question_bank::blueprint::{Blueprint, Constraints, Mode, Row, Section};
use question_bank::question::Pool;
use serde_json::json;
use storage::accounts::AccountRow;
use storage::exams::{ExamRow, RosterRow};
use storage::organisation::PersonRow;
use storage::rehearsals::REHEARSAL;

use crate::clock::rfc3339_micros;
use crate::exam_info::ExamInfo;
use crate::exams::to_json;
use crate::{App, AppError, AppResult, acts, new_id};

/// Takers of a rehearsal at the most.
pub const TAKERS_MOST: usize = 20_000;
/// Questions of its paper at the most.
const QUESTIONS_MOST: u32 = 100;
/// Its length at the most, in seconds.
const SECONDS_MOST: i64 = 4 * 3_600;
/// Takers written in one transaction.
const AT_ONCE: usize = 300;
/// Takers wiped in one transaction: each has answers, steps and marks.
const WIPED_AT_ONCE: usize = 50;
/// A rehearsal that nobody wiped is wiped after so long, in microseconds.
const KEPT_US: i64 = 24 * 3_600 * 1_000_000;
/// How much longer than its exam the tokens last, in seconds.
const TOKEN_SLACK_SECONDS: i64 = 3_600;
const SECOND_US: i64 = 1_000_000;

impl App {
    /// Makes an exam with virtual takers, open from now on, and a token for each of them.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a number out of range; [`AppError::Conflict`] when there is no unit yet, or the practice
    /// pool has too few questions.
    pub fn create_rehearsal(&self, actor: &str, request: &RehearsalRequest) -> AppResult<RehearsalCreated> {
        if !(1..=TAKERS_MOST).contains(&request.takers) {
            return Err(AppError::invalid("takers", format!("人数应在 1 到 {TAKERS_MOST} 之间")));
        }
        if !(1..=QUESTIONS_MOST).contains(&request.questions) {
            return Err(AppError::invalid("questions", format!("题数应在 1 到 {QUESTIONS_MOST} 之间")));
        }
        if !(30..=SECONDS_MOST).contains(&request.duration_seconds) {
            return Err(AppError::invalid("duration_seconds", format!("时长应在 30 到 {SECONDS_MOST} 秒之间")));
        }
        let directory = self.directory()?;
        let unit =
            directory.tree.top().map(|unit| unit.id.as_str().to_owned()).ok_or_else(|| {
                AppError::Conflict("还没有任何单位，请先导入花名册，或用 serve --demo 演练".to_owned())
            })?;
        let exam = self.rehearsal_exam(actor, request)?;
        let id = exam.id.clone();
        let actor = actor.to_owned();
        let now_us = self.now_us();
        let blueprint = blueprint_row(request.questions, now_us);
        let row = exam.clone();
        self.store().write(move |connection| {
            storage::bank::add_blueprints(connection, std::slice::from_ref(&blueprint))?;
            storage::exams::insert(connection, &row)?;
            acts::note(connection, now_us, &actor, "rehearsal_created", &row.id, &json!({}))
        })?;
        let info = ExamInfo::new(exam)?;
        if let Some(unmet) = self.unmet(&info)?.first() {
            self.wipe_rehearsal(&id)?;
            let text = format!("练习题不够：{} 还缺 {} 题，请减少 questions", unmet.constraint, unmet.missing);
            return Err(AppError::Conflict(text));
        }
        self.fix_rehearsal_paper(&info)?;
        let accounts = self.make_takers(&id, &unit, &directory.path(&unit), request.takers)?;
        let until = self.now_us().saturating_add((request.duration_seconds + TOKEN_SLACK_SECONDS) * SECOND_US);
        let tokens = accounts
            .iter()
            .map(|account| self.tokens().access_until(account, REHEARSAL, 1, until / SECOND_US))
            .collect::<AppResult<_>>()?;
        Ok(RehearsalCreated { exam: id, tokens, closes_at: rfc3339_micros(info.row.closes_at) })
    }

    fn rehearsal_exam(&self, actor: &str, request: &RehearsalRequest) -> AppResult<ExamRow> {
        let questions = i64::from(request.questions);
        let mut rules = Rules::with_pass_marks(MarksCenti::from_centi(questions.saturating_mul(60)));
        rules.late_sync_seconds = 120;
        rules.release_keys = exam_session::rules::ReleaseKeys::Never;
        let now_us = self.now_us();
        Ok(ExamRow {
            id: new_id(),
            title: "演练".to_owned(),
            kind: REHEARSAL.to_owned(),
            blueprint_id: Some(blueprint_id(request.questions)),
            paper_id: None,
            seed: crate::secrets::random_hex(16),
            rules_json: to_json(&rules)?,
            // No unit has this id: the exam concerns nobody's units.
            audience_json: to_json(&Audience::of_unit(REHEARSAL))?,
            opens_at: now_us,
            closes_at: now_us.saturating_add(request.duration_seconds.saturating_mul(SECOND_US)),
            duration_seconds: request.duration_seconds,
            questions,
            marks_max_centi: questions.saturating_mul(100),
            state: "published".to_owned(),
            reason: None,
            created_by: actor.to_owned(),
            created_at: now_us,
            published_at: Some(now_us),
            version: 1,
            extended_seconds: 0,
            answers_until: 0,
            paused_at: None,
            scores_generation: 1,
        })
    }

    fn fix_rehearsal_paper(&self, exam: &ExamInfo) -> AppResult<()> {
        let Some(paper) = self.paper_to_fix(exam)? else { return Ok(()) };
        let mut row = exam.row.clone();
        row.paper_id = Some(paper.id.clone());
        row.version = row.version.saturating_add(1);
        self.store().write(move |connection| {
            storage::bank::insert_paper(connection, &paper)?;
            storage::exams::update(connection, &row)
        })?;
        Ok(())
    }

    /// Virtual people with accounts, and their places; answers the accounts.
    fn make_takers(&self, exam: &str, unit: &str, path: &str, takers: usize) -> AppResult<Vec<String>> {
        let now_us = self.now_us();
        let mut made = Vec::with_capacity(takers);
        let numbers: Vec<usize> = (1..=takers).collect();
        for group in numbers.chunks(AT_ONCE) {
            let people: Vec<PersonRow> = group.iter().map(|number| taker(exam, unit, *number, now_us)).collect();
            let accounts: Vec<AccountRow> = people.iter().map(|person| account(person, now_us)).collect();
            let places: Vec<RosterRow> = people.iter().map(|person| place(exam, person, path)).collect();
            made.extend(accounts.iter().map(|account| account.id.clone()));
            self.store().write(move |connection| {
                storage::organisation::insert_people(connection, &people)?;
                storage::accounts::insert(connection, &accounts)?;
                storage::exams::insert_roster(connection, &places)
            })?;
        }
        Ok(made)
    }

    /// Wipes a rehearsal with all that its takers did.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an exam that is none.
    pub fn wipe_rehearsal(&self, exam: &str) -> AppResult<()> {
        let row = self
            .store()
            .read(|connection| storage::exams::exam(connection, exam))
            .map_err(AppError::or_not_found("这次演练"))?;
        if row.kind != REHEARSAL {
            return Err(AppError::NotFound("这次演练"));
        }
        let limit = i64::try_from(WIPED_AT_ONCE).unwrap_or(i64::MAX);
        loop {
            let id = row.id.clone();
            let gone =
                self.store().write(move |connection| storage::rehearsals::wipe_takers(connection, &id, limit))?;
            if gone < WIPED_AT_ONCE {
                break;
            }
        }
        let (id, now_us) = (row.id, self.now_us());
        self.store().write(move |connection| {
            storage::rehearsals::delete(connection, &id)?;
            acts::note(connection, now_us, "system", "rehearsal_wiped", &id, &json!({}))
        })
    }

    /// Wipes rehearsals that nobody wiped, once no exam is open that it could slow down.
    ///
    /// # Errors
    /// What the database says.
    pub fn wipe_old_rehearsals(&self) -> AppResult<()> {
        let now_us = self.now_us();
        if self.store().read(|connection| storage::rehearsals::is_exam_open(connection, now_us))? {
            return Ok(());
        }
        let before = self.now_us().saturating_sub(KEPT_US);
        for exam in self.store().read(|connection| storage::rehearsals::made_before(connection, before))? {
            self.wipe_rehearsal(&exam)?;
        }
        Ok(())
    }
}

fn blueprint_id(questions: u32) -> String {
    format!("{REHEARSAL}-{questions}")
}

/// So many questions of the practice pool, whatever their kind.
fn blueprint_row(questions: u32, now_us: i64) -> storage::bank::BlueprintRow {
    let row =
        Row { topics: Vec::new(), laws: Vec::new(), level: None, kind: None, count: questions, marks: Marks::whole(1) };
    let blueprint = Blueprint {
        id: blueprint_id(questions).into(),
        title: format!("演练卷（{questions} 题）"),
        pools: vec![Pool::Practice],
        practice_share: None,
        mode: Mode::Fixed,
        shuffle_within_section: true,
        shuffle_options: true,
        constraints: Constraints::default(),
        sections: vec![Section { title: "演练".to_owned(), kind: None, rows: vec![row] }],
    };
    crate::papers::blueprint_row(&blueprint, now_us)
}

fn taker(exam: &str, unit: &str, number: usize, now_us: i64) -> PersonRow {
    PersonRow {
        id: new_id(),
        person_key: format!("{REHEARSAL}-{exam}-{number}"),
        name: format!("演练{number:05}"),
        unit_id: unit.to_owned(),
        post_level: None,
        rank: None,
        rank_group: "staff".to_owned(),
        post: None,
        party: None,
        supervisee: None,
        born: None,
        phone: None,
        status: REHEARSAL.to_owned(),
        seconded_unit_id: None,
        id_last4: None,
        left_at: Some(now_us),
        version: 1,
    }
}

fn account(person: &PersonRow, now_us: i64) -> AccountRow {
    AccountRow {
        id: new_id(),
        login: person.person_key.clone(),
        name: person.name.clone(),
        person_id: Some(person.id.clone()),
        password_hash: None,
        state: "active".to_owned(),
        credential_epoch: 1,
        created_at: now_us,
    }
}

fn place(exam: &str, person: &PersonRow, path: &str) -> RosterRow {
    RosterRow {
        exam_id: exam.to_owned(),
        person_id: person.id.clone(),
        unit_id: person.unit_id.clone(),
        unit_path: path.to_owned(),
        rank_group: person.rank_group.clone(),
        groups_json: "{}".to_owned(),
        status: "due".to_owned(),
        reason: None,
        entry_wave: 0,
    }
}
