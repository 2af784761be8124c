//! The desk's picture of an exam: who is where, by unit; the nodes, what they save and what waits.

use std::collections::{BTreeMap, BTreeSet};

use api::attempt::Announcement;
use api::exam_day::{LiveCounts, LiveUnit, LiveView, NodeView};
use organisation::{Role, UnitId};
use storage::exam_day::{NodeRow, StateCount};

use super::extensions::pause_view;
use crate::access::{require_unit, units_in_scope};
use crate::clock::{rfc3339, rfc3339_micros};
use crate::directory::Directory;
use crate::exam_info::state_word;
use crate::{ANSWER_QUEUE_ROWS, App, AppResult, Principal};

/// A node that has not been seen for so long is not counted as up, in microseconds.
const NODE_SEEN_US: i64 = 15 * 1_000_000;

impl App {
    /// The live state of an exam: of all that the caller runs, or of one unit with all below it.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] when the exam or the unit is not the caller's to run.
    pub fn live(&self, principal: &Principal, exam_id: &str, unit: Option<&str>) -> AppResult<LiveView> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let directory = self.directory()?;
        let now_us = self.now_us();
        let own = match unit {
            Some(unit) => {
                require_unit(principal, &directory, &[Role::Manager], unit)?;
                directory.subtree(unit)?
            }
            None => units_in_scope(principal, &directory, &[Role::Manager]),
        };
        let (counts, leavers, nodes, pauses, extensions, announcements, kept) = self.store().read(|connection| {
            let leavers = match exam.rules.screen_leaves {
                Some(rule) => storage::exam_day::left_more_often(connection, exam_id, rule.most)?,
                None => Vec::new(),
            };
            Ok::<_, crate::AppError>((
                storage::exam_day::state_counts(connection, exam_id)?,
                leavers,
                storage::exam_day::nodes(connection, now_us.saturating_sub(NODE_SEEN_US))?,
                storage::exam_day::pauses(connection, exam_id)?,
                storage::exam_day::extensions(connection, exam_id)?,
                storage::exams::announcements(connection, exam_id)?,
                storage::exam_day::kept_of_exam(connection, exam_id, &own)?,
            ))
        })?;
        let (total, units) = by_unit(&directory, &own.into_iter().collect(), &counts, &leavers);
        let nodes: Vec<NodeView> = nodes.into_iter().map(node_view).collect();
        Ok(LiveView {
            exam: exam.row.id.clone(),
            title: exam.row.title.clone(),
            state: state_word(exam.state(self.now())).to_owned(),
            opens_at: rfc3339_micros(exam.row.opens_at),
            closes_at: rfc3339(exam.window().closes_at),
            paused: pauses.iter().find(|row| row.resumed_at.is_none()).cloned().map(pause_view),
            total,
            units,
            saves_per_second: nodes.iter().map(|node| node.saves_per_second).fold(0, i64::saturating_add),
            answers_waiting: nodes.iter().map(|node| node.answers_waiting).fold(0, i64::saturating_add),
            nodes,
            kept_for_review: count(kept.iter().filter(|(row, ..)| row.decision.is_none()).count()),
            extensions: extensions
                .into_iter()
                .map(|row| self.extension_view(&directory, row))
                .collect::<AppResult<_>>()?,
            pauses: pauses.into_iter().map(pause_view).collect(),
            announcements: announcements
                .into_iter()
                .map(|row| Announcement { id: row.id, text: row.body, at: rfc3339_micros(row.created_at) })
                .collect(),
            server_now: rfc3339(self.now()),
        })
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn node_view(row: NodeRow) -> NodeView {
    NodeView {
        id: row.id,
        started_at: rfc3339_micros(row.started_at),
        seen_at: rfc3339_micros(row.seen_at),
        saves_per_second: row.saves_per_second,
        answers_waiting: row.answers_waiting,
        answer_queue_rows: count(ANSWER_QUEUE_ROWS),
        disk_free_bytes: row.disk_free_bytes,
    }
}

/// The total, and each unit directly below the caller's with all below it; a unit without subunits stands for itself.
fn by_unit(
    directory: &Directory,
    own: &BTreeSet<String>,
    counts: &[StateCount],
    leavers: &[String],
) -> (LiveCounts, Vec<LiveUnit>) {
    let mut by_id: BTreeMap<&str, LiveCounts> = BTreeMap::new();
    for row in counts.iter().filter(|row| own.contains(&row.unit_id)) {
        add(by_id.entry(&row.unit_id).or_default(), row);
    }
    for unit in leavers.iter().filter(|unit| own.contains(*unit)) {
        by_id.entry(unit).or_default().left_too_often += 1;
    }
    let mut total = LiveCounts::default();
    let mut rows: BTreeMap<String, LiveCounts> = BTreeMap::new();
    for (unit, counts) in by_id {
        sum(&mut total, &counts);
        sum(rows.entry(row_of(directory, own, unit)).or_default(), &counts);
    }
    let units = directory
        .tree
        .iter()
        .filter_map(|unit| {
            let counts = rows.get(unit.id.as_str())?;
            Some(LiveUnit { unit: unit.id.as_str().to_owned(), title: unit.name.clone(), counts: *counts })
        })
        .collect();
    (total, units)
}

/// The unit that stands for another on the desk: the one directly below the highest that the caller runs.
fn row_of(directory: &Directory, own: &BTreeSet<String>, unit: &str) -> String {
    let id = UnitId::from(unit);
    let above: Vec<&str> = directory
        .tree
        .ancestors(&id)
        .into_iter()
        .map(|ancestor| ancestor.id.as_str())
        .filter(|ancestor| own.contains(*ancestor))
        .collect();
    // Ancestors come nearest first: the last is the caller's highest, the one before it the row.
    match above.len().checked_sub(2).and_then(|index| above.get(index)) {
        Some(row) => (*row).to_owned(),
        None => unit.to_owned(),
    }
}

fn add(counts: &mut LiveCounts, row: &StateCount) {
    let many = row.attempts;
    counts.second_device += row.moved;
    match (row.state.as_str(), row.voiding.as_deref()) {
        ("exempt", _) => {
            counts.exempt += many;
            return;
        }
        ("deferred", _) => counts.deferred += many,
        ("answering", _) => counts.answering += many,
        ("submitted", _) => counts.submitted += many,
        ("auto_submitted", _) => counts.auto_submitted += many,
        ("voided", _) => counts.voided += many,
        _ => counts.not_started += many,
    }
    counts.due += many;
}

fn sum(total: &mut LiveCounts, part: &LiveCounts) {
    total.due += part.due;
    total.not_started += part.not_started;
    total.answering += part.answering;
    total.submitted += part.submitted;
    total.auto_submitted += part.auto_submitted;
    total.voided += part.voided;
    total.deferred += part.deferred;
    total.exempt += part.exempt;
    total.second_device += part.second_device;
    total.left_too_often += part.left_too_often;
}
