//! What was earned on each topic, by the papers that count.

use std::collections::BTreeMap;

use api::Marks;
use api::figures::{ResultFigures, ResultRow, Results};
use exam_session::counts::Count;

use super::{Cell, Line, SMALL_GROUP, Sheet, view};
use crate::clock::rfc3339;
use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::{App, AppError, AppResult};

/// Attempts whose papers are read at once.
const ATTEMPTS_AT_ONCE: usize = 300;

/// What people earned on one topic.
#[derive(Default)]
struct TopicSum {
    /// Marks of each person, in hundredths.
    marks: Vec<i64>,
    worth_centi: i64,
}

impl App {
    /// Means and medians on each topic, of the papers that count, once nothing can change any more.
    #[expect(clippy::too_many_arguments, reason = "the parts of one answer, already decided on")]
    pub(super) fn results_by_topic(
        &self,
        exam: &ExamInfo,
        unit: &str,
        count: &str,
        sheet: &Sheet,
        own: &[&Line],
        kind: Count,
        cell: Cell,
    ) -> AppResult<Results> {
        if !sheet.over {
            return Err(AppError::Conflict("考试全部结束后才能按知识点查看，请稍后再看".to_owned()));
        }
        let attempts: Vec<String> = own
            .iter()
            .filter_map(|line| match kind {
                Count::First => line.first_attempt.clone(),
                Count::All => line.counting_attempt.clone(),
            })
            .collect();
        let figures = sheet.figures(own.iter().copied(), kind);
        let shown = view(&figures, cell);
        let bank = self.bank()?;
        let sums = self.topic_sums(&attempts)?;
        let may_show = matches!(cell, Cell::Named | Cell::Whole) && figures.taken >= SMALL_GROUP;
        let rows = bank
            .topics
            .iter()
            .filter_map(|(slug, title)| Some((slug, title, sums.get(slug)?)))
            .map(|(slug, title, sum)| {
                let enough = may_show && sum.marks.len() >= usize::try_from(SMALL_GROUP).unwrap_or(usize::MAX);
                let mut figures = ResultFigures { suppressed: !enough, ..ResultFigures::default() };
                if enough {
                    figures.taken = i64::try_from(sum.marks.len()).ok();
                    figures.mean = mean_of(&sum.marks);
                    figures.median = median_of(&sum.marks);
                }
                let earned: i64 = sum.marks.iter().sum();
                let people = i64::try_from(sum.marks.len()).unwrap_or(i64::MAX);
                ResultRow {
                    key: slug.clone(),
                    title: title.clone(),
                    figures,
                    marks_max: share(sum.worth_centi, people.saturating_mul(100)).filter(|_| enough),
                    facility: share(earned, sum.worth_centi).filter(|_| enough),
                }
            })
            .collect();
        Ok(Results {
            unit: unit.to_owned(),
            exam: exam.row.id.clone(),
            count: count.to_owned(),
            total: shown,
            rows,
            marks_max: Marks(exam.row.marks_max_centi),
            server_now: rfc3339(self.now()),
        })
    }

    fn topic_sums(&self, attempts: &[String]) -> AppResult<BTreeMap<String, TopicSum>> {
        let bank = self.bank()?;
        let mut sums: BTreeMap<String, TopicSum> = BTreeMap::new();
        for group in attempts.chunks(ATTEMPTS_AT_ONCE) {
            let (papers, marks) = self.store().read(|connection| {
                let papers = storage::attempts::papers_of(connection, group)?;
                Ok::<_, AppError>((papers, storage::attempts::marks_of(connection, group)?))
            })?;
            let mut marks_by: BTreeMap<(String, i64), i64> = BTreeMap::new();
            for row in marks {
                marks_by.insert((row.attempt_id, row.slot), row.marks_centi);
            }
            for (attempt, paper) in papers {
                let mut own: BTreeMap<String, i64> = BTreeMap::new();
                for slot in &Form::parse(&paper)?.slots {
                    let topics = &slot.asked(&bank)?.question.topics;
                    let Some(topic) = topics.first().map(ToString::to_string) else { continue };
                    let earned = marks_by.get(&(attempt.clone(), i64::from(slot.slot))).copied().unwrap_or(0);
                    *own.entry(topic.clone()).or_default() += earned;
                    sums.entry(topic).or_default().worth_centi += slot.marks_centi;
                }
                for (topic, earned) in own {
                    sums.entry(topic).or_default().marks.push(earned);
                }
            }
        }
        for sum in sums.values_mut() {
            sum.marks.sort_unstable();
        }
        Ok(sums)
    }
}

/// `part` ÷ `whole`; none of nothing.
fn share(part: i64, whole: i64) -> Option<f64> {
    #[expect(clippy::as_conversions, reason = "sums of marks, far below 2^53")]
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The mean of marks in hundredths, in marks.
fn mean_of(centi: &[i64]) -> Option<f64> {
    let count = i64::try_from(centi.len()).ok()?;
    share(centi.iter().sum(), count.saturating_mul(100))
}

/// The median of sorted marks in hundredths, in marks.
fn median_of(sorted: &[i64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    let lower = if sorted.len().is_multiple_of(2) { sorted.get(middle.checked_sub(1)?)? } else { upper };
    share(lower.saturating_add(*upper), 200)
}
