//! 错题: what a person got wrong, once the keys are released, to be practised again.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::Page;
use api::attempt::WrongAnswer;
use exam_session::release::keys_released;
use question_bank::question::Answer;
use serde_json::Value;
use storage::attempts::{AttemptRow, MarkedAnswer, SlotMarkRow};

use crate::bank::BankState;
use crate::clock::rfc3339_micros;
use crate::exam_info::ExamInfo;
use crate::form::{Form, FormSlot};
use crate::regrade::rulings::Rulings;
use crate::results::{ArticleBodies, slot_result};
use crate::sitting::as_try;
use crate::{App, AppError, AppResult, Principal};

/// Papers looked at, the newest first: with a test a month, more than ten years.
const PAPERS_MOST: usize = 200;

/// A paper whose keys are released, with the slots that went wrong.
struct Paper {
    attempt: AttemptRow,
    exam: ExamInfo,
    form: Form,
    wrong: Vec<MarkedAnswer>,
    rulings: Arc<Rulings>,
}

/// A question: its reference and which item of it.
type QuestionKey = (String, usize);

/// One time that a question went wrong.
struct Mistake<'a> {
    paper: &'a Paper,
    slot: &'a FormSlot,
    marked: &'a MarkedAnswer,
    times_wrong: i64,
}

/// The place of a mistake in the list: the newest paper first, then by slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    submitted_at: Reverse<i64>,
    attempt: Reverse<String>,
    slot: i64,
}

impl Place {
    fn to_text(&self) -> String {
        format!("{}_{}_{}", self.submitted_at.0, self.slot, self.attempt.0)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '_');
        let submitted_at = Reverse(parts.next()?.parse().ok()?);
        let slot = parts.next()?.parse().ok()?;
        Some(Self { submitted_at, slot, attempt: Reverse(parts.next()?.to_owned()) })
    }
}

impl Mistake<'_> {
    fn place(&self) -> Place {
        Place {
            submitted_at: Reverse(self.paper.attempt.closed_at.unwrap_or_default()),
            attempt: Reverse(self.paper.attempt.id.clone()),
            slot: self.marked.slot,
        }
    }

    fn view(&self, bank: &BankState, bodies: &ArticleBodies) -> AppResult<WrongAnswer> {
        let attempt = &self.paper.attempt;
        let mark = SlotMarkRow {
            attempt_id: self.marked.attempt_id.clone(),
            slot: self.marked.slot,
            fraction_num: self.marked.fraction_num,
            fraction_den: self.marked.fraction_den,
            marks_centi: self.marked.marks_centi,
        };
        let released = (bodies, self.paper.rulings.as_ref());
        let result = slot_result(bank, self.slot, Some(&mark), self.marked.response_json.as_deref(), Some(released))?;
        let accepted = match (&self.slot.asked(bank)?.item.answer, &result.ruling) {
            (Answer::Blank { key }, None) => Some(key.clone()),
            (Answer::Blank { key }, Some(ruling)) => accepted_by(key.len(), &ruling.keys)?,
            _ => None,
        };
        Ok(WrongAnswer {
            id: self.place().to_text(),
            attempt: attempt.id.clone(),
            exam: attempt.exam_id.clone(),
            exam_title: self.paper.exam.row.title.clone(),
            submitted_at: attempt.closed_at.map(rfc3339_micros).unwrap_or_default(),
            times_wrong: self.times_wrong,
            accepted,
            result,
        })
    }
}

impl App {
    /// What the caller got wrong in papers whose keys are released, the newest paper first; each question once, as it
    /// was the latest time, with how often it went wrong. Void papers are left out. Of one attempt only, if asked.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an `after` that no page gave.
    pub fn wrong_answers(
        &self,
        principal: &Principal,
        attempt: Option<&str>,
        after: Option<&str>,
        rows: usize,
    ) -> AppResult<Page<WrongAnswer>> {
        let after = after
            .map(|text| {
                Place::parse(text).ok_or_else(|| AppError::invalid("after", "不是上一页给出的位置，请从头读取"))
            })
            .transpose()?;
        let Some(person) = principal.person.as_deref() else {
            return Ok(Page::whole(Vec::new()));
        };
        let bank = self.bank()?;
        let papers = self.released_papers(&bank, person)?;
        let mut mistakes = latest_of_each(&papers, attempt)?;
        mistakes.retain(|mistake| after.as_ref().is_none_or(|after| mistake.place() > *after));
        let more = mistakes.len() > rows;
        mistakes.truncate(rows);
        let bodies = self.bodies(&bank, mistakes.iter().map(|mistake| mistake.slot))?;
        let items = mistakes.iter().map(|mistake| mistake.view(&bank, &bodies)).collect::<AppResult<Vec<_>>>()?;
        let next = items.last().filter(|_| more).map(|last| last.id.clone());
        Ok(Page { items, next })
    }

    /// A person's papers whose keys may be shown now, the newest first: the rule is that of the result.
    fn released_papers(&self, bank: &BankState, person: &str) -> AppResult<Vec<Paper>> {
        let now = self.now();
        let (attempts, wrong) = self.store().read(|connection| {
            let attempts = storage::attempts::all_of_person(connection, person)?;
            Ok::<_, AppError>((attempts, storage::attempts::wrong_of_person(connection, person)?))
        })?;
        let exams = self.exams_of(&attempts)?;
        let mut wrong_by_attempt: BTreeMap<String, Vec<MarkedAnswer>> = BTreeMap::new();
        for marked in wrong {
            wrong_by_attempt.entry(marked.attempt_id.clone()).or_default().push(marked);
        }
        let mut answering = BTreeSet::new();
        for row in &attempts {
            let late_sync_seconds = exams.get(&row.exam_id).map_or(0, |exam| exam.rules.late_sync_seconds);
            if as_try(row, now)?.is_live(late_sync_seconds, now) {
                answering.insert(row.exam_id.clone());
            }
        }
        let mut rulings: BTreeMap<String, Arc<Rulings>> = BTreeMap::new();
        let mut papers = Vec::new();
        for attempt in attempts {
            let (Some(exam), Some(wrong)) = (exams.get(&attempt.exam_id), wrong_by_attempt.remove(&attempt.id)) else {
                continue;
            };
            let release = exam.release_facts(&attempt, answering.contains(&attempt.exam_id));
            let is_void = attempt.state == "voided" || attempt.voiding.is_some();
            if !is_void && keys_released(&exam.rules, &release, now) {
                let form = Form::parse(&attempt.paper_json)?;
                let rulings = match rulings.entry(attempt.exam_id.clone()) {
                    Entry::Occupied(known) => Arc::clone(known.get()),
                    Entry::Vacant(place) => {
                        let read = self.store().read(|connection| Rulings::load(connection, bank, &attempt.exam_id))?;
                        Arc::clone(place.insert(Arc::new(read)))
                    }
                };
                papers.push(Paper { attempt, exam: exam.clone(), form, wrong, rulings });
            }
        }
        papers.sort_by_key(|paper| Reverse((paper.attempt.closed_at, paper.attempt.id.clone())));
        papers.truncate(PAPERS_MOST);
        Ok(papers)
    }

    fn exams_of(&self, attempts: &[AttemptRow]) -> AppResult<BTreeMap<String, ExamInfo>> {
        let ids: BTreeSet<&String> = attempts.iter().map(|attempt| &attempt.exam_id).collect();
        self.store().read(|connection| {
            ids.into_iter()
                .map(|id| Ok((id.clone(), ExamInfo::new(storage::exams::exam(connection, id)?)?)))
                .collect::<AppResult<_>>()
        })
    }
}

/// The texts that ruled keys accept, blank by blank; none where marks were given without a key.
fn accepted_by(blanks: usize, keys: &[Value]) -> AppResult<Option<Vec<Vec<String>>>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let mut accepted = vec![Vec::new(); blanks];
    for key in keys {
        let key: Vec<Vec<String>> =
            serde_json::from_value(key.clone()).map_err(|error| AppError::corrupt("ruling", error))?;
        for (all, more) in accepted.iter_mut().zip(key) {
            all.extend(more);
        }
    }
    Ok(Some(accepted))
}

/// The latest mistake at each question; of one attempt, if asked. Papers come the newest first.
fn latest_of_each<'a>(papers: &'a [Paper], attempt: Option<&str>) -> AppResult<Vec<Mistake<'a>>> {
    let mut times: BTreeMap<QuestionKey, i64> = BTreeMap::new();
    let mut latest: BTreeMap<QuestionKey, Mistake<'a>> = BTreeMap::new();
    for paper in papers {
        for marked in &paper.wrong {
            let slot = paper
                .form
                .slot(marked.slot)
                .ok_or_else(|| AppError::Internal(format!("{} has no slot {}", paper.attempt.id, marked.slot)))?;
            let key = (slot.question.clone(), slot.item);
            *times.entry(key.clone()).or_default() += 1;
            if attempt.is_none_or(|attempt| attempt == paper.attempt.id) {
                latest.entry(key).or_insert(Mistake { paper, slot, marked, times_wrong: 0 });
            }
        }
    }
    let mut mistakes: Vec<Mistake<'a>> = latest
        .into_iter()
        .map(|(key, mistake)| Mistake { times_wrong: times.get(&key).copied().unwrap_or(1), ..mistake })
        .collect();
    mistakes.sort_by_key(Mistake::place);
    Ok(mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_way_to_the_phone_and_back() {
        let place = Place { submitted_at: Reverse(17), attempt: Reverse("a_b".to_owned()), slot: 3 };
        assert_eq!(Place::parse(&place.to_text()), Some(place));
        for wrong in ["", "x", "1_2", "1_x_a", "-"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_newest_paper_comes_first_and_its_slots_in_order() {
        let place =
            |at, attempt: &str, slot| Place { submitted_at: Reverse(at), attempt: Reverse(attempt.into()), slot };
        let mut places = vec![place(1, "a", 1), place(2, "b", 2), place(2, "b", 1), place(2, "c", 9)];
        places.sort();
        assert_eq!(places, [place(2, "c", 9), place(2, "b", 1), place(2, "b", 2), place(1, "a", 1)]);
    }
}
