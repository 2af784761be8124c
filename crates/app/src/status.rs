//! How attempts stand, for the phones that ask every few seconds. Many ask in the same moment: then one reading of the
//! database answers them all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::attempt::{Announcement, AttemptStatus, Paused};
use storage::DbConnection;
use storage::answers::AnswerRow;
use storage::attempts::AttemptHead;

use crate::answering::{Sitter, saved_answers};
use crate::clock::{from_micros, rfc3339, rfc3339_micros};
use crate::marking::answers_by_attempt;
use crate::regrade::rulings::GivenQuestions;
use crate::together::Together;
use crate::{App, AppError, AppResult};

/// Where those who ask wait for each other.
#[derive(Default)]
pub(crate) struct Polls(Together<String, Told>);

/// What everybody who sits an exam is told.
struct News {
    paused: Option<Paused>,
    announcements: Vec<Announcement>,
    given: GivenQuestions,
}

/// What was read for one attempt.
struct Told {
    attempt: AttemptHead,
    answers: Vec<AnswerRow>,
    given: Vec<i64>,
    news: Arc<News>,
}

impl App {
    /// The attempt without its slots, for polling.
    ///
    /// # Errors
    /// [`AppError::AttemptTakenOver`] for a device whose epoch is over.
    pub fn attempt_status(&self, sitter: &Sitter) -> AppResult<AttemptStatus> {
        let polls = &self.inner.polls.0;
        let Told { attempt, answers, given, news } =
            polls.ask(sitter.attempt.clone(), |attempts| self.tell_together(&attempts))?;
        if attempt.state == "answering" && sitter.epoch.is_some_and(|epoch| epoch < attempt.epoch) {
            return Err(AppError::AttemptTakenOver);
        }
        let now_us = self.now_us();
        // An extension outlives the token that the phone has: each answer brings one that lasts long enough.
        let late_until = attempt.late_until_at(now_us);
        let token = self.tokens().attempt(&attempt.id, &attempt.person_id, attempt.epoch, from_micros(late_until))?;
        Ok(AttemptStatus {
            token: Some(token),
            state: state_at(&attempt.state, late_until, now_us),
            epoch: attempt.epoch,
            deadline: rfc3339_micros(attempt.deadline_at(now_us)),
            server_now: rfc3339(self.now()),
            paused: news.paused.clone().filter(|_| attempt.state == "answering"),
            given,
            announcements: news.announcements.clone(),
            answers: saved_answers(&answers)?,
            exam: attempt.exam_id,
            id: attempt.id,
        })
    }

    fn tell_together(&self, attempts: &[String]) -> Vec<AppResult<Told>> {
        let read = self.store().read(|connection| tell(connection, attempts));
        let mut told = match read {
            Ok(told) => told,
            Err(error @ AppError::Unavailable { .. }) => return error.for_each_of(attempts.len()),
            Err(error) if attempts.len() < 2 => return error.for_each_of(attempts.len()),
            // One of them spoils it for all: each is told alone, and hears of its own fault.
            Err(_) => {
                return attempts.iter().flat_map(|one| self.tell_together(std::slice::from_ref(one))).collect();
            }
        };
        attempts.iter().map(|attempt| told.remove(attempt).ok_or(AppError::NotFound("这次作答"))).collect()
    }
}

/// The state by the clock: an attempt whose time is over is closed, whether or not it was closed yet.
pub(crate) fn state_at(stored: &str, late_until: i64, now_us: i64) -> String {
    if stored == "answering" && now_us > late_until { "auto_submitted".to_owned() } else { stored.to_owned() }
}

fn tell(connection: &mut DbConnection, attempts: &[String]) -> AppResult<BTreeMap<String, Told>> {
    let heads = storage::attempts::heads(connection, attempts)?;
    let exams: BTreeSet<&str> = heads.iter().map(|head| head.exam_id.as_str()).collect();
    let news = exams
        .into_iter()
        .map(|exam| Ok((exam.to_owned(), Arc::new(news(connection, exam)?))))
        .collect::<AppResult<BTreeMap<String, Arc<News>>>>()?;
    let mut answers = answers_by_attempt(connection, attempts)?;
    let mut told = BTreeMap::new();
    for attempt in heads {
        let Some(news) = news.get(&attempt.exam_id).cloned() else { continue };
        let given = if news.given.is_empty() {
            Vec::new()
        } else {
            news.given.slots(&storage::attempts::attempt(connection, &attempt.id)?.paper_json)?
        };
        let answers = answers.remove(&attempt.id).unwrap_or_default();
        told.insert(attempt.id.clone(), Told { attempt, answers, given, news });
    }
    Ok(told)
}

fn news(connection: &mut DbConnection, exam: &str) -> AppResult<News> {
    let exam = storage::exams::exam(connection, exam)?;
    let paused = match exam.paused_at {
        Some(_) => storage::exam_day::pauses(connection, &exam.id)?
            .pop()
            .map(|row| Paused { since: rfc3339_micros(row.paused_at), reason: row.reason }),
        None => None,
    };
    let announcements = storage::exams::announcements(connection, &exam.id)?
        .into_iter()
        .map(|row| Announcement { id: row.id, text: row.body, at: rfc3339_micros(row.created_at) })
        .collect();
    let given = match exam.scores_generation {
        1 => GivenQuestions::default(),
        _ => GivenQuestions::read(connection, &exam.id)?,
    };
    Ok(News { paused, announcements, given })
}
