//! Papers put together before the opening: everybody presses 开始 in the same minute.

use storage::prepared::PreparedRow;

use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::{App, AppResult};

/// How long before the opening papers are put together, in microseconds: a day.
const AHEAD_US: i64 = 24 * 3_600 * 1_000_000;
/// Papers written in one transaction.
const AT_ONCE: i64 = 100;
/// Papers put together in one round, so that the scheduler comes back to the deadlines in time.
const A_ROUND: usize = 500;

impl App {
    /// Puts together papers of exams that open soon. Returns how many; any number of nodes may do it.
    ///
    /// # Errors
    /// What the database says. A paper that cannot be put together is left to the start, which says why.
    pub fn prepare_papers(&self) -> AppResult<usize> {
        let now_us = self.now_us();
        let exams = self.store().read(|connection| {
            storage::prepared::exams_to_prepare(connection, now_us.saturating_add(AHEAD_US), now_us)
        })?;
        let mut prepared = 0;
        for id in exams {
            let exam = self.exam_info(&id)?;
            // One of a few fixed forms is shuffled at the start: there is nothing to put together.
            if self.fixed_paper(&exam)?.is_some() {
                continue;
            }
            while prepared < A_ROUND {
                let done = self.prepare_group(&exam)?;
                if done == 0 {
                    break;
                }
                prepared += done;
            }
        }
        Ok(prepared)
    }

    fn prepare_group(&self, exam: &ExamInfo) -> AppResult<usize> {
        let id = exam.row.id.clone();
        let revision = self.bank_revision()?;
        let people = self
            .store()
            .read(|connection| storage::prepared::people_to_prepare(connection, &id, &revision, AT_ONCE))?;
        let mut rows = Vec::with_capacity(people.len());
        for person in people {
            match self.form_for(exam, &person, 1) {
                Ok(form) => rows.push(PreparedRow {
                    exam_id: id.clone(),
                    person_id: person,
                    bank_revision: revision.clone(),
                    paper_json: form.to_json()?,
                }),
                Err(error) => {
                    tracing::warn!(%error, exam = id, "a paper cannot be put together ahead");
                    return Ok(0);
                }
            }
        }
        let count = rows.len();
        if count > 0 {
            self.store().write(move |connection| storage::prepared::insert(connection, &id, &rows))?;
        }
        Ok(count)
    }

    /// A person's first paper from what is ready, if the bank is still the one that it came from.
    pub(crate) fn prepared_paper(&self, exam: &ExamInfo, ready: Option<PreparedRow>) -> AppResult<Option<Form>> {
        match ready {
            Some(row) if self.fixed_paper(exam)?.is_none() && row.bank_revision == self.bank_revision()? => {
                Form::parse(&row.paper_json).map(Some)
            }
            _ => Ok(None),
        }
    }
}
