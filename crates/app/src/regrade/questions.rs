//! The questions that an exam's papers ask, and how they fare: where a wrong one is found.

use std::collections::BTreeMap;

use api::exam_day::ExamQuestion;
use serde_json::json;

use super::runs::{HIDDEN_STEM, ruling_view};
use crate::exam_info::ExamInfo;
use crate::exams::to_value;
use crate::form::Form;
use crate::questions::may_see;
use crate::{App, AppError, AppResult, Principal};

/// Attempts read at once.
const AT_ONCE: i64 = 500;

/// How a question fared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fared {
    papers: i64,
    answered: i64,
    correct: i64,
}

/// By question, version and item.
pub(super) type Sat = BTreeMap<(String, u32, usize), Fared>;

impl App {
    /// What stands on the papers sat so far, and how it fared on those that were marked.
    pub(super) fn questions_sat(&self, exam: &ExamInfo) -> AppResult<Sat> {
        let mut sat = Sat::new();
        let mut after = String::new();
        loop {
            let page =
                self.store().read(|connection| storage::attempts::papers(connection, &exam.row.id, &after, AT_ONCE))?;
            let Some((last, _)) = page.last() else { return Ok(sat) };
            let first = page.first().map(|(id, _)| id.clone()).unwrap_or_default();
            let marked = self
                .store()
                .read(|connection| storage::attempts::marked_between(connection, &exam.row.id, &first, last))?;
            let mut forms: BTreeMap<&str, Form> = BTreeMap::new();
            for (id, paper) in &page {
                let form = Form::parse(paper)?;
                for slot in &form.slots {
                    let fared = sat.entry((slot.question.clone(), slot.version, slot.item)).or_default();
                    fared.papers = fared.papers.saturating_add(1);
                }
                forms.insert(id, form);
            }
            for answer in &marked {
                let Some(slot) = forms.get(answer.attempt_id.as_str()).and_then(|form| form.slot(answer.slot)) else {
                    continue;
                };
                let fared = sat.entry((slot.question.clone(), slot.version, slot.item)).or_default();
                if answer.response_json.as_deref().is_some_and(|text| text != "null") {
                    fared.answered = fared.answered.saturating_add(1);
                }
                if answer.fraction_num == answer.fraction_den {
                    fared.correct = fared.correct.saturating_add(1);
                }
            }
            after = last.clone();
        }
    }

    /// The questions of an exam with their keys, for whoever must decide on a doubt. Those of the secure pool show key
    /// and options to authors and reviewers only.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the exam is not the caller's to run.
    pub fn exam_questions(&self, principal: &Principal, exam_id: &str) -> AppResult<Vec<ExamQuestion>> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let bank = self.bank()?;
        let rulings = self.store().read(|connection| storage::scores::rulings(connection, exam_id))?;
        let mut items = Vec::new();
        for ((reference, version, item), fared) in self.questions_sat(&exam)? {
            let question = bank.question(&reference, version)?;
            let asked = question
                .items()
                .get(item)
                .ok_or_else(|| AppError::Internal(format!("question {reference} has no item {item}")))?;
            let is_open = may_see(principal, question.pool.as_str());
            let number = i64::try_from(item).unwrap_or(-1);
            let ruling = rulings
                .iter()
                .rev()
                .find(|row| row.question_ref == reference && row.version == i64::from(version) && row.item == number)
                .map(|row| ruling_view(&bank, row, &|pool| may_see(principal, pool)))
                .transpose()?;
            let options = if is_open {
                asked.options().iter().map(|option| json!({ "id": option.id, "text": option.text })).collect()
            } else {
                Vec::new()
            };
            let content = to_value(&asked.answer)?;
            items.push(ExamQuestion {
                version,
                part: question.passage().map(|_| item.saturating_add(1)),
                kind: asked.kind().as_str().to_owned(),
                stem: if is_open { asked.stem.clone() } else { HIDDEN_STEM.to_owned() },
                options,
                key: if is_open { content.get("key").cloned().unwrap_or_default() } else { serde_json::Value::Null },
                papers: fared.papers,
                answered: fared.answered,
                correct: fared.correct,
                question: reference,
                ruling,
            });
        }
        Ok(items)
    }
}
