//! First starts, done together: everybody presses 开始 in the same minute.
//!
//! What is not the plain first start of somebody on the roster (going on, another attempt, the trial, a refusal that
//! needs words) is left to [`crate::sitting`], which does one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exam_session::{StartDecision, StepKind};
use jiff::Timestamp;
use storage::DbConnection;
use storage::attempts::{AttemptRow, StepRow};
use storage::exam_day::ExtensionRow;
use storage::exams::{ExamRow, RosterRow};
use storage::prepared::PreparedRow;

use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::marking::step_word;
use crate::sitting::{decide, new_attempt, refused};
use crate::together::Together;
use crate::{App, AppError, AppResult};

/// A press of 开始.
#[derive(Debug, Clone)]
pub(crate) struct Press {
    pub(crate) exam: String,
    pub(crate) person: String,
    pub(crate) device: Option<String>,
}

/// An attempt that has begun.
pub(crate) struct Begun {
    pub(crate) exam: Arc<ExamInfo>,
    pub(crate) attempt: AttemptRow,
    pub(crate) form: Form,
}

/// What was seen of a press that may begin a first attempt.
struct Seen {
    exam: Arc<ExamInfo>,
    /// The person's key, which the paper follows from.
    person_key: String,
    prepared: Option<PreparedRow>,
}

/// A first start with the paper for it.
struct FirstStart {
    press: Press,
    exam: Arc<ExamInfo>,
    form: Form,
}

/// Where first starts wait for each other: to be looked at, and to be written.
#[derive(Default)]
pub(crate) struct Starts {
    looks: Together<Press, Option<Seen>>,
    writes: Together<FirstStart, Option<Begun>>,
}

impl App {
    /// Begins somebody's first attempt; none when the press is something else.
    ///
    /// # Errors
    /// A refusal, or what the database says.
    pub(crate) fn start_first(&self, press: &Press) -> AppResult<Option<Begun>> {
        let starts = &self.inner.starts;
        let seen = starts.looks.ask(press.clone(), |presses| self.look_together(&presses))?;
        let Some(Seen { exam, person_key, prepared }) = seen else { return Ok(None) };
        // Papers are put together before the transaction; whoever presses twice at once makes one for nothing.
        let form = match self.prepared_paper(&exam, prepared)? {
            Some(form) => form,
            None => self.form_with_key(&exam, &person_key, 1)?,
        };
        let start = FirstStart { press: press.clone(), exam, form };
        starts.writes.ask(start, |starts| self.write_together(starts))
    }

    fn look_together(&self, presses: &[Press]) -> Vec<AppResult<Option<Seen>>> {
        let wanted = people_by_exam(presses.iter());
        let exams = self.store().read(|connection| {
            wanted
                .iter()
                .map(|(exam, people)| Ok((exam.clone(), ExamSeen::read(connection, exam, people)?)))
                .collect::<AppResult<BTreeMap<_, _>>>()
        });
        let exams = match exams {
            Ok(exams) => exams,
            Err(error) => return error.for_each_of(presses.len()),
        };
        let now = self.now();
        presses.iter().map(|press| exams.get(&press.exam).map_or(Ok(None), |exam| exam.of(press, now))).collect()
    }

    fn write_together(&self, starts: Vec<FirstStart>) -> Vec<AppResult<Option<Begun>>> {
        let count = starts.len();
        let now = self.now();
        match self.store().write(move |connection| write_starts(connection, starts, now)) {
            Ok(begun) => begun,
            Err(AppError::Unavailable { cause }) => AppError::Unavailable { cause }.for_each_of(count),
            Err(error) => {
                // One of them spoils it for all: each is tried alone, and says what is wrong with it.
                tracing::warn!(%error, count, "starts could not be written together");
                std::iter::repeat_with(|| Ok(None)).take(count).collect()
            }
        }
    }
}

fn people_by_exam<'a>(presses: impl Iterator<Item = &'a Press>) -> BTreeMap<String, Vec<String>> {
    let mut people: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for press in presses {
        people.entry(press.exam.clone()).or_default().insert(press.person.clone());
    }
    people.into_iter().map(|(exam, people)| (exam, people.into_iter().collect())).collect()
}

/// An exam and those who press 开始, read outside the transaction that writes.
struct ExamSeen {
    exam: Option<Arc<ExamInfo>>,
    places: BTreeMap<String, RosterRow>,
    extensions: Vec<ExtensionRow>,
    begun: BTreeSet<String>,
    prepared: BTreeMap<String, PreparedRow>,
    keys: BTreeMap<String, String>,
}

impl ExamSeen {
    fn read(connection: &mut DbConnection, exam: &str, people: &[String]) -> AppResult<Self> {
        let row = match storage::exams::exam(connection, exam) {
            Ok(row) => Some(row),
            Err(storage::StorageError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let by_person = |rows: Vec<RosterRow>| rows.into_iter().map(|row| (row.person_id.clone(), row)).collect();
        Ok(Self {
            exam: row.map(ExamInfo::new).transpose()?.map(Arc::new),
            places: by_person(storage::exams::places(connection, exam, &people)?),
            extensions: storage::exam_day::partial_extensions(connection, &[exam.to_owned()])?,
            begun: begun(connection, exam, &people)?,
            prepared: storage::prepared::papers(connection, exam, &people)?
                .into_iter()
                .map(|row| (row.person_id.clone(), row))
                .collect(),
            keys: storage::organisation::keys_of(connection, &people)?.into_iter().collect(),
        })
    }

    fn of(&self, press: &Press, now: Timestamp) -> AppResult<Option<Seen>> {
        let (Some(exam), Some(place), Some(key)) =
            (&self.exam, self.places.get(&press.person), self.keys.get(&press.person))
        else {
            return Ok(None);
        };
        if exam.is_trial() || self.begun.contains(&press.person) {
            return Ok(None);
        }
        let own = ExamInfo::clone(exam).for_place(place, &self.extensions);
        match decide(&own, Some(place), &[], now)? {
            StartDecision::New { number: 1 } => Ok(Some(Seen {
                exam: Arc::clone(exam),
                person_key: key.clone(),
                prepared: self.prepared.get(&press.person).cloned(),
            })),
            StartDecision::Refused(refusal) => Err(refused(refusal)),
            _ => Ok(None),
        }
    }
}

fn begun(connection: &mut DbConnection, exam: &str, people: &[&str]) -> AppResult<BTreeSet<String>> {
    Ok(storage::attempts::of_people(connection, exam, people)?.into_iter().map(|row| row.person_id).collect())
}

/// Writes first attempts in one transaction. Exams and places are held while it is decided once more: an exam may have
/// been cancelled, paused or extended a moment ago, and a person may have pressed on another phone.
fn write_starts(
    connection: &mut DbConnection,
    starts: Vec<FirstStart>,
    now: Timestamp,
) -> AppResult<Vec<AppResult<Option<Begun>>>> {
    let mut held = BTreeMap::new();
    for (exam, people) in people_by_exam(starts.iter().map(|start| &start.press)) {
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let row: ExamRow = storage::exams::exam_shared(connection, &exam)?;
        let places: BTreeMap<String, RosterRow> = storage::exams::places_for_update(connection, &exam, &people)?
            .into_iter()
            .map(|row| (row.person_id.clone(), row))
            .collect();
        let extensions = storage::exam_day::partial_extensions(connection, std::slice::from_ref(&exam))?;
        let begun = begun(connection, &exam, &people)?;
        held.insert(exam, (row, places, extensions, begun));
    }
    let (mut attempts, mut steps) = (Vec::new(), Vec::new());
    let mut outcomes = Vec::with_capacity(starts.len());
    for FirstStart { press, exam, form } in starts {
        let Some((row, places, extensions, begun)) = held.get_mut(&press.exam) else {
            outcomes.push(Ok(None));
            continue;
        };
        // Whoever has begun meanwhile, or pressed twice, goes on with the attempt that is there.
        let (Some(place), true) = (places.get(&press.person), begun.insert(press.person.clone())) else {
            outcomes.push(Ok(None));
            continue;
        };
        let own = ExamInfo { row: row.clone(), ..ExamInfo::clone(&exam) }.for_place(place, extensions);
        outcomes.push(match decide(&own, Some(place), &[], now)? {
            StartDecision::New { number: 1 } => {
                let attempt = new_attempt(&own, &press.person, 1, press.device.as_deref(), &form, now)?;
                steps.push(StepRow {
                    attempt_id: attempt.id.clone(),
                    sequence: 1,
                    kind: step_word(StepKind::Started).to_owned(),
                    at: now.as_microsecond(),
                    detail_json: "{}".to_owned(),
                });
                attempts.push(attempt.clone());
                Ok(Some(Begun { exam, attempt, form }))
            }
            StartDecision::Refused(refusal) => Err(refused(refusal)),
            _ => Ok(None),
        });
    }
    storage::attempts::insert(connection, &attempts)?;
    storage::attempts::insert_steps(connection, &steps)?;
    Ok(outcomes)
}
