//! One person at one exam: why can they (not) start, and what happened so far.

use api::exam_day::{Timeline, TimelineAttempt, TimelineEvent};
use exam_session::StartDecision;
use exam_session::start::may_start;
use organisation::Role;
use serde_json::Value;
use storage::accounts::AccountRow;
use storage::attempts::{AttemptRow, StepRow};
use storage::exam_day::ExtensionRow;
use storage::exams::RosterRow;

use crate::access::require_unit;
use crate::accounts::{ACCOUNT_FAILURES, ACCOUNT_WINDOW_SECONDS};
use crate::clock::{rfc3339, rfc3339_micros};
use crate::exam_info::{ExamInfo, roster_status};
use crate::sitting::as_try;
use crate::{App, AppError, AppResult, Principal};

const SECOND_US: i64 = 1_000_000;

/// What is known of one person at one exam.
struct Facts {
    place: RosterRow,
    name: String,
    account: AccountRow,
    failures: i64,
    code_expires_at: Option<i64>,
    extensions: Vec<ExtensionRow>,
    attempts: Vec<AttemptRow>,
    steps: Vec<Vec<StepRow>>,
    answers: Vec<(i64, Option<i64>)>,
    kept: Vec<i64>,
}

impl App {
    /// The timeline of one person at one exam.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the exam is not the caller's to run, or the person is not on its roster.
    pub fn timeline(&self, principal: &Principal, exam_id: &str, person: &str) -> AppResult<Timeline> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let directory = self.directory()?;
        let facts = self.timeline_facts(exam_id, person)?;
        require_unit(principal, &directory, &[Role::Manager], &facts.place.unit_id)
            .map_err(|_| AppError::NotFound("名单上的这个人"))?;
        let now = self.now();
        let exam = exam.for_place(&facts.place, &facts.extensions);
        let (can_start, advice) = self.advice(&exam, &facts)?;
        Ok(Timeline {
            person: person.to_owned(),
            name: facts.name.clone(),
            unit: facts.place.unit_id.clone(),
            unit_name: directory.unit_name(&facts.place.unit_id),
            account: facts.account.id.clone(),
            login: facts.account.login.clone(),
            account_state: facts.account.state.clone(),
            status: facts.place.status.clone(),
            can_start,
            advice,
            attempts: attempts(&facts, now.as_microsecond()),
            events: events(&facts),
            server_now: rfc3339(now),
        })
    }

    fn timeline_facts(&self, exam_id: &str, person: &str) -> AppResult<Facts> {
        let since = self.now_us().saturating_sub(ACCOUNT_WINDOW_SECONDS * SECOND_US);
        self.store().read(|connection| {
            let place =
                storage::exams::place(connection, exam_id, person).map_err(AppError::or_not_found("名单上的这个人"))?;
            let account = storage::accounts::of_person(connection, person)?;
            let subject = format!("account:{}", account.login);
            let code = match storage::accounts::code(connection, &account.id) {
                Ok(code) => Some(code.expires_at),
                Err(storage::StorageError::NotFound) => None,
                Err(other) => return Err(other.into()),
            };
            let own: Vec<ExtensionRow> = storage::exam_day::extensions(connection, exam_id)?
                .into_iter()
                .filter(|row| match (row.scope.as_str(), row.subject_id.as_deref()) {
                    ("person", Some(subject)) => subject == person,
                    ("unit", Some(unit)) => place.unit_path.split('/').any(|id| id == unit),
                    _ => true,
                })
                .collect();
            let attempts = storage::attempts::of_person(connection, exam_id, person)?;
            let mut facts = Facts {
                name: storage::organisation::person(connection, person)?.name,
                failures: storage::accounts::failures_since(connection, &subject, since)?,
                code_expires_at: code,
                extensions: own,
                steps: Vec::new(),
                answers: Vec::new(),
                kept: Vec::new(),
                place,
                account,
                attempts,
            };
            for attempt in &facts.attempts {
                facts.steps.push(storage::attempts::steps(connection, &attempt.id)?);
                let answers = storage::answers::of_attempt(connection, &attempt.id)?;
                let given = answers.iter().filter(|row| row.response_json != "null").count();
                let last = answers.iter().map(|row| row.received_at).max();
                facts.answers.push((count(given), last));
                let kept = storage::answers::kept(connection, &attempt.id)?;
                facts.kept.push(count(kept.iter().filter(|row| row.decision.is_none()).count()));
            }
            Ok(facts)
        })
    }

    /// Whether 开始 would work, and what to tell whoever asks.
    fn advice(&self, exam: &ExamInfo, facts: &Facts) -> AppResult<(bool, String)> {
        let now = self.now();
        let no = |text: &str| Ok((false, text.to_owned()));
        match facts.account.state.as_str() {
            "disabled" => return no("账号已停用：此人已离开或被停用，请先核对花名册"),
            "inactive" if facts.code_expires_at.is_some_and(|until| until > now.as_microsecond()) => {
                return no("账号尚未激活：请用激活码条子激活；条子丢失可以重发激活码");
            }
            "inactive" => return no("账号尚未激活，且没有有效的激活码：请重发激活码"),
            _ => {}
        }
        if facts.failures >= ACCOUNT_FAILURES {
            return no("连续输错密码，账号暂停登录 15 分钟：可以等待，或重发激活码后立即登录");
        }
        let tries = facts.attempts.iter().map(|row| as_try(row, now)).collect::<AppResult<Vec<_>>>()?;
        let status = Some(roster_status(&facts.place.status)?);
        Ok(match may_start(&exam.rules, &exam.facts(), status, &tries, now) {
            StartDecision::New { number: 1 } => (true, "可以开始：在“我的任务”中点“开始”".to_owned()),
            StartDecision::New { number } => (true, format!("可以开始第 {number} 次作答")),
            StartDecision::Resume { .. } => (true, "正在作答：重新登录后点“继续”即可，已保存的作答都在".to_owned()),
            StartDecision::Refused(refusal) => (false, refusal.to_string()),
        })
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn attempts(facts: &Facts, now_us: i64) -> Vec<TimelineAttempt> {
    let details = facts.answers.iter().zip(&facts.kept).zip(&facts.steps);
    facts
        .attempts
        .iter()
        .zip(details)
        .map(|(row, (((answered, last), kept), steps))| TimelineAttempt {
            attempt: row.id.clone(),
            number: row.attempt_number,
            state: row.state.clone(),
            voiding: row.voiding.clone(),
            started_at: rfc3339_micros(row.started_at),
            deadline: rfc3339_micros(row.deadline_at(now_us)),
            closed_at: row.closed_at.map(rfc3339_micros),
            answered: *answered,
            slots: row.slots,
            devices: count(steps.iter().filter(|step| step.kind == "taken_over").count()),
            left_screen: count(steps.iter().filter(|step| step.kind == "left_screen").count()),
            kept_for_review: *kept,
            last_saved_at: last.map(rfc3339_micros),
        })
        .collect()
}

fn events(facts: &Facts) -> Vec<TimelineEvent> {
    let mut events: Vec<(i64, TimelineEvent)> = Vec::new();
    for (attempt, steps) in facts.attempts.iter().zip(&facts.steps) {
        for step in steps {
            let text = format!("第 {} 次：{}", attempt.attempt_number, step_text(step));
            events.push((step.at, event(step.at, &step.kind, text)));
        }
    }
    for row in &facts.extensions {
        let minutes = row.seconds / 60;
        let text = format!("延时 {minutes} 分 {} 秒：{}", row.seconds % 60, row.reason);
        events.push((row.granted_at, event(row.granted_at, "extension", text)));
    }
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, event)| event).collect()
}

fn event(at: i64, kind: &str, text: String) -> TimelineEvent {
    TimelineEvent { at: rfc3339_micros(at), kind: kind.to_owned(), text }
}

fn step_text(step: &StepRow) -> String {
    let detail: Value = serde_json::from_str(&step.detail_json).unwrap_or_default();
    let reason = detail.get("reason").and_then(Value::as_str).map(|reason| format!("：{reason}")).unwrap_or_default();
    let word = match step.kind.as_str() {
        "started" => "开始作答",
        "resumed" => "在同一台设备上继续",
        "taken_over" => "换到另一台设备继续",
        "left_screen" => return left_screen(&detail),
        "extended" => "延时",
        "submitted" if detail.get("late").and_then(Value::as_bool) == Some(true) => "交卷（迟到，在补传时间内）",
        "submitted" => "交卷",
        "auto_submitted" => "到时自动交卷",
        "marked" => "评分",
        "answer_kept" => "有作答留待复核",
        "answer_admitted" => "采用了留待复核的作答",
        "voided" => "作废",
        "reopened" => "恢复作答",
        other => other,
    };
    format!("{word}{reason}")
}

/// The phone's word for it: how long its page was out of sight.
fn left_screen(detail: &Value) -> String {
    let away = detail.get("away_ms").and_then(Value::as_i64).unwrap_or_default() / 1000;
    format!("离开考试页面 {away} 秒（手机上报，含关屏）")
}
