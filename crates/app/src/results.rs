//! The result of an attempt, as far as it is released.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::Marks;
use api::attempt::{CitationView, ResultView, SlotResult, TopicResult};
use exam_session::release::{keys_released, marks_released};
use exam_session::rules::ReleaseMarks;
use question_bank::law::EditionId;
use question_bank::question::{Answer, Citation, Item};
use serde_json::Value;
use storage::attempts::SlotMarkRow;

use crate::answering::Sitter;
use crate::bank::BankState;
use crate::clock::{rfc3339, rfc3339_micros};
use crate::exam_info::ExamInfo;
use crate::form::{Form, FormSlot};
use crate::regrade::rulings::Rulings;
use crate::sitting::as_try;
use crate::{App, AppError, AppResult};

/// Texts and gists of the editions that a paper cites.
pub(crate) type ArticleBodies = BTreeMap<EditionId, (BTreeMap<String, String>, BTreeMap<String, String>)>;

impl App {
    /// The result of an attempt.
    ///
    /// # Errors
    /// [`AppError::NotReleased`] with when it will be.
    pub fn result(&self, sitter: &Sitter) -> AppResult<ResultView> {
        let now = self.now();
        let bank = self.bank()?;
        let (attempt, exam_row, answers, marks, rulings) = self.store().read(|connection| {
            let attempt = storage::attempts::attempt(connection, &sitter.attempt)?;
            let rulings = Rulings::load(connection, &bank, &attempt.exam_id)?;
            let exam = storage::exams::exam(connection, &attempt.exam_id)?;
            let answers = storage::answers::of_attempt(connection, &attempt.id)?;
            let marks = storage::attempts::marks(connection, &attempt.id)?;
            Ok::<_, AppError>((attempt, exam, answers, marks, rulings))
        })?;
        let exam = ExamInfo::new(exam_row)?;
        let answering = self.is_answering(&exam, &attempt.person_id)?;
        let release = exam.release_facts(&attempt, answering);
        if !marks_released(&exam.rules, &release, now) {
            return Err(AppError::NotReleased(not_released_text(&exam, attempt.state == "answering")));
        }
        let with_keys = keys_released(&exam.rules, &release, now);
        let form = Form::parse(&attempt.paper_json)?;
        let bodies = if with_keys { self.bodies(&bank, &form.slots)? } else { ArticleBodies::new() };
        let responses: BTreeMap<i64, &str> = answers.iter().map(|row| (row.slot, row.response_json.as_str())).collect();
        let by_slot: BTreeMap<i64, &SlotMarkRow> = marks.iter().map(|row| (row.slot, row)).collect();
        let slots = form
            .slots
            .iter()
            .map(|slot| {
                let number = i64::from(slot.slot);
                let mark = by_slot.get(&number).copied();
                let response = responses.get(&number).copied();
                slot_result(&bank, slot, mark, response, with_keys.then_some((&bodies, &rulings)))
            })
            .collect::<AppResult<Vec<_>>>()?;
        Ok(ResultView {
            attempt: attempt.id.clone(),
            exam: exam.row.id.clone(),
            title: exam.row.title.clone(),
            marks: Marks(attempt.marks_centi.unwrap_or_default()),
            marks_max: Marks(form.marks_centi()),
            verdict: attempt.verdict.clone().unwrap_or_default(),
            band: attempt.band.clone().filter(|band| !band.is_empty()),
            clause: attempt.clause.clone().unwrap_or_default(),
            first_sitting: attempt.attempt_number == 1,
            submitted_at: attempt.closed_at.map(rfc3339_micros).unwrap_or_default(),
            receipt: attempt.receipt.clone(),
            keys_released: with_keys,
            topics: topic_results(&bank, &form, &by_slot)?,
            slots,
        })
    }

    fn is_answering(&self, exam: &ExamInfo, person: &str) -> AppResult<bool> {
        let attempts =
            self.store().read(|connection| storage::attempts::of_person(connection, &exam.row.id, person))?;
        let now = self.now();
        for row in &attempts {
            if as_try(row, now)?.is_live(exam.rules.late_sync_seconds, now) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) fn bodies<'a>(
        &self,
        bank: &BankState,
        slots: impl IntoIterator<Item = &'a FormSlot>,
    ) -> AppResult<ArticleBodies> {
        let mut bodies = ArticleBodies::new();
        for slot in slots {
            for citation in &slot.asked(bank)?.item.citations {
                let edition = citation.edition_id();
                if let Entry::Vacant(place) = bodies.entry(edition.clone()) {
                    place.insert((self.article_texts(&edition)?, self.article_gists(&edition)?));
                }
            }
        }
        Ok(bodies)
    }
}

fn not_released_text(exam: &ExamInfo, answering: bool) -> String {
    if answering {
        return "还没有交卷，交卷后才能看成绩".to_owned();
    }
    match exam.rules.release_marks {
        ReleaseMarks::AtSubmission => "正在评分，请稍候再看".to_owned(),
        ReleaseMarks::AfterWindow => {
            let at = rfc3339(exam.last_answer_at());
            let readable: String = at.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect();
            format!("成绩在考试全部结束后公布，时间为 {readable} 之后")
        }
    }
}

/// One slot of a result; question, key, explanation, citations and ruling only with the bodies of the cited articles and
/// the exam's rulings.
pub(crate) fn slot_result(
    bank: &BankState,
    slot: &FormSlot,
    mark: Option<&SlotMarkRow>,
    response: Option<&str>,
    released: Option<(&ArticleBodies, &Rulings)>,
) -> AppResult<SlotResult> {
    let response = response.map_or(Ok(Value::Null), |text| {
        serde_json::from_str(text).map_err(|error| AppError::corrupt("response", error))
    })?;
    let mut view = SlotResult {
        slot: i64::from(slot.slot),
        response,
        correct: mark.is_some_and(|mark| mark.fraction_num == mark.fraction_den),
        marks: Marks(mark.map_or(0, |mark| mark.marks_centi)),
        marks_max: Marks(slot.marks_centi),
        question: None,
        key: None,
        explanation: None,
        citations: None,
        ruling: None,
    };
    if let Some((bodies, rulings)) = released {
        let item = slot.asked(bank)?.item;
        view.question = Some(slot.view(bank)?);
        view.citations = Some(item.citations.iter().map(|c| citation_view(bank, bodies, c)).collect());
        view.ruling = rulings.told(bank, slot)?;
        // A ruling stands against the key as written: neither that key nor its explanation may be shown as right.
        match &view.ruling {
            Some(ruling) => view.key = ruling.keys.first().map(|key| shown_key(item, key)),
            None => {
                view.key = Some(slot.key_view(bank)?);
                view.explanation = Some(item.explanation.clone());
            }
        }
    }
    Ok(view)
}

/// A ruled key as the key of a result is written: of the equal texts of a blank the first.
fn shown_key(item: &Item, key: &Value) -> Value {
    match (&item.answer, key) {
        (Answer::Blank { .. }, Value::Array(blanks)) => {
            blanks.iter().map(|equal| equal.get(0).cloned().unwrap_or_default()).collect()
        }
        _ => key.clone(),
    }
}

fn citation_view(bank: &BankState, bodies: &ArticleBodies, citation: &Citation) -> CitationView {
    let edition = citation.edition_id();
    let article = citation.article.as_str();
    let found = bodies.get(&edition);
    CitationView {
        law: citation.law.to_string(),
        edition: citation.edition.clone(),
        article: article.to_owned(),
        title: format!(
            "《{}》（{}）{}",
            bank.edition_title(&edition),
            citation.edition,
            bank.register
                .article(&edition, &citation.article)
                .map_or_else(|| format!("第 {article} 条"), |article| article.label.clone())
        ),
        words: citation.words.clone(),
        gist: found.and_then(|(_, gists)| gists.get(article).cloned()),
        text: found.and_then(|(texts, _)| texts.get(article).cloned()),
    }
}

fn topic_results(bank: &BankState, form: &Form, marks: &BTreeMap<i64, &SlotMarkRow>) -> AppResult<Vec<TopicResult>> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for slot in &form.slots {
        let question = slot.asked(bank)?.question;
        let topic = question.topics.first().map(ToString::to_string).unwrap_or_default();
        let (earned, worth) = sums.entry(topic).or_default();
        *earned = earned.saturating_add(marks.get(&i64::from(slot.slot)).map_or(0, |mark| mark.marks_centi));
        *worth = worth.saturating_add(slot.marks_centi);
    }
    let place = |slug: &str| bank.topics.iter().position(|(known, _)| known == slug).unwrap_or(usize::MAX);
    let mut topics: Vec<TopicResult> = sums
        .into_iter()
        .map(|(slug, (earned, worth))| TopicResult {
            title: bank.topic_title(&slug),
            topic: slug,
            marks: Marks(earned),
            marks_max: Marks(worth),
        })
        .collect();
    topics.sort_by_key(|topic| place(&topic.topic));
    Ok(topics)
}
