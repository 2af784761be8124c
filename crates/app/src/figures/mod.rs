//! Counts and rates of units, live while the window is open.

mod topics;

use std::collections::{BTreeMap, BTreeSet};

use api::Marks;
use api::figures::{MissingPerson, Progress, ResultFigures, ResultRow, Results};
use exam_session::MarksCenti;
use exam_session::counts::{Count, Figures, RosterOutcome, Sitting, SittingMark};
use exam_session::rules::EXCELLENT_BAND;
use exam_session::state::ExamState;
use jiff::Timestamp;
use measurement::disclosure::Shown;
use storage::exams::Sitting as SittingRow;

use crate::access::{FIGURE_ROLES, UNIT_ROLES, require_unit};
use crate::clock::{from_micros, rfc3339};
use crate::directory::{Directory, LIST_RANK_GROUPS};
use crate::disclosure::{decide, is_under, units_of};
use crate::exam_info::{ExamInfo, roster_status};
use crate::{App, AppError, AppResult, Principal};

/// People below whom a head or liaison gets counts and no comparison.
pub const SMALL_GROUP: u32 = 5;

/// One person's line: place, as it was when the roster was fixed, and outcome.
struct Line {
    unit: String,
    path: String,
    rank: String,
    outcome: RosterOutcome,
    marks_centi: Option<i64>,
    first_attempt: Option<String>,
    counting_attempt: Option<String>,
}

/// A roster with what became of each person, at one instant.
pub(crate) struct Sheet {
    lines: BTreeMap<String, Line>,
    over: bool,
}

impl Sheet {
    pub(crate) fn new(exam: &ExamInfo, rows: Vec<SittingRow>, now: Timestamp) -> AppResult<Self> {
        let mut by_person: BTreeMap<String, Vec<SittingRow>> = BTreeMap::new();
        for row in rows {
            by_person.entry(row.person_id.clone()).or_default().push(row);
        }
        let mut lines = BTreeMap::new();
        for (person, rows) in by_person {
            if let Some(line) = line(exam, &rows, now)? {
                lines.insert(person, line);
            }
        }
        let over = matches!(exam.state(now), ExamState::Closed | ExamState::Sealed) && exam.is_over(now);
        Ok(Self { lines, over })
    }

    fn figures<'a>(&self, lines: impl Iterator<Item = &'a Line>, count: Count) -> Figures {
        let outcomes: Vec<RosterOutcome> = lines.map(|line| line.outcome).collect();
        Figures::count(&outcomes, count, self.over)
    }

    /// Where a person stands, in the words of a roster.
    pub(crate) fn person_state(&self, person: &str, status: &str) -> &'static str {
        match self.lines.get(person) {
            Some(line) if line.outcome.answering => "answering",
            Some(line) if line.outcome.first.is_some() => "submitted",
            _ if self.over && status == "due" => "absent",
            _ => "not_started",
        }
    }

    /// The marks of the attempt that counts.
    pub(crate) fn marks(&self, person: &str) -> Option<i64> {
        self.lines.get(person)?.marks_centi
    }
}

fn line(exam: &ExamInfo, rows: &[SittingRow], now: Timestamp) -> AppResult<Option<Line>> {
    let Some(place) = rows.first() else { return Ok(None) };
    let mut ended: Vec<Ended> = Vec::new();
    let mut answering = false;
    for row in rows {
        let (Some(number), Some(state)) = (row.attempt_number, row.attempt_state.as_deref()) else { continue };
        match (state, row.voiding.as_deref()) {
            (_, Some("annulled")) => {}
            (_, Some(_)) => ended.push((number, Sitting::Disqualified, None)),
            ("answering", _) if row.held_since.is_some() => answering = true,
            ("answering", _) if row.late_until.is_some_and(|until| now <= from_micros(until)) => answering = true,
            // Its time is over; the scheduler closes it in a moment.
            ("answering", _) => ended.push((number, Sitting::Answered(None), None)),
            _ if row.answered == Some(0) => ended.push((number, Sitting::Blank, None)),
            _ => {
                let mark = row.marks_centi.map(|marks| SittingMark {
                    marks: MarksCenti::from_centi(marks),
                    passed: row.verdict.as_deref() == Some("passed"),
                    excellent: row.band.as_deref() == Some(EXCELLENT_BAND),
                });
                ended.push((number, Sitting::Answered(mark), mark));
            }
        }
    }
    ended.sort_by_key(|(number, ..)| *number);
    let counting = counting_sitting(exam, &ended);
    Ok(Some(Line {
        unit: place.unit_id.clone(),
        path: place.unit_path.clone(),
        rank: place.rank_group.clone(),
        outcome: RosterOutcome {
            status: roster_status(&place.status)?,
            first: ended.first().map(|(_, sitting, _)| *sitting),
            all: counting.map(|(_, sitting, _)| sitting),
            answering,
        },
        marks_centi: counting.and_then(|(.., mark)| mark).map(|mark| mark.marks.centi()),
        first_attempt: attempt_of(rows, ended.first()),
        counting_attempt: attempt_of(rows, counting.as_ref()),
    }))
}

type Ended = (i64, Sitting, Option<SittingMark>);

/// The id of the attempt behind a sitting that was marked.
fn attempt_of(rows: &[SittingRow], ended: Option<&Ended>) -> Option<String> {
    let (number, _, mark) = ended?;
    mark.as_ref()?;
    rows.iter().find(|row| row.attempt_number == Some(*number))?.attempt_id.clone()
}

fn counting_sitting(exam: &ExamInfo, ended: &[Ended]) -> Option<Ended> {
    use exam_session::rules::CountRule;
    let key = |one: &&Ended| {
        let mark = one.2;
        (mark.is_some_and(|mark| mark.passed), mark.map(|mark| mark.marks), std::cmp::Reverse(one.0))
    };
    match exam.rules.count {
        CountRule::First => ended.first(),
        CountRule::Last => ended.last(),
        CountRule::Best => ended.iter().max_by_key(key),
    }
    .copied()
}

/// What a caller may see of groups: everybody's counts by name, or cells by the one decision for the exam.
enum Sight {
    /// The own units of a head, liaison or manager.
    Named,
    /// Everybody else. `taken` is decided once the exam is over; before, nothing of what came out is shown.
    Cells { registered: Shown, taken: Option<Shown> },
}

/// What may be shown of one cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// Names are seen anyway.
    Named,
    /// All figures.
    Whole,
    /// Who is due and who has come, but nothing of marks.
    Turnout,
    /// Nothing.
    Nothing,
}

impl Sight {
    fn of(&self, unit: &str, rank: Option<&str>) -> Cell {
        match self {
            Self::Named => Cell::Named,
            Self::Cells { registered, .. } if !registered.is_shown(Some(unit), rank) => Cell::Nothing,
            Self::Cells { taken: Some(taken), .. } if taken.is_shown(Some(unit), rank) => Cell::Whole,
            Self::Cells { taken: Some(_), .. } => Cell::Nothing,
            Self::Cells { taken: None, .. } => Cell::Turnout,
        }
    }
}

impl Sheet {
    fn sight(&self, directory: &Directory, named: bool) -> AppResult<Sight> {
        if named {
            return Ok(Sight::Named);
        }
        fn place(line: &Line) -> (&str, &str) {
            (line.path.as_str(), line.rank.as_str())
        }
        let all = self.lines.values();
        let taken = if self.over {
            Some(decide(directory, all.clone().filter(|line| line.outcome.first.is_some()).map(place))?)
        } else {
            None
        };
        Ok(Sight::Cells { registered: decide(directory, all.map(place))?, taken })
    }
}

impl App {
    pub(crate) fn sheet(&self, exam: &ExamInfo) -> AppResult<Sheet> {
        let rows = self.store().read(|connection| storage::exams::sittings(connection, &exam.row.id))?;
        Sheet::new(exam, rows, self.now())
    }

    /// Counts of a unit with all below it, live.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn progress(&self, principal: &Principal, unit: &str, exam: &str) -> AppResult<Progress> {
        let directory = self.directory()?;
        require_unit(principal, &directory, FIGURE_ROLES, unit)?;
        let exam = self.exam_for_figures(principal, exam)?;
        let sheet = self.sheet(&exam)?;
        let named = require_unit(principal, &directory, UNIT_ROLES, unit).is_ok();
        if sheet.sight(&directory, named)?.of(unit, None) == Cell::Nothing {
            return Err(AppError::Forbidden("人数不足 5，不显示".to_owned()));
        }
        let own: Vec<&Line> = sheet.lines.values().filter(|line| is_under(&line.path, unit)).collect();
        let figures = sheet.figures(own.iter().copied(), Count::First);
        let in_progress = own.iter().filter(|line| line.outcome.answering).count();
        Ok(Progress {
            unit: unit.to_owned(),
            exam: exam.row.id.clone(),
            registered: figures.registered.into(),
            exempt: figures.exempt.into(),
            due: figures.due.into(),
            in_progress: i64::try_from(in_progress).unwrap_or(i64::MAX),
            taken: figures.taken.into(),
            deferred: figures.deferred.into(),
            absent: figures.absent.into(),
            missing: figures.missing.into(),
            server_now: rfc3339(self.now()),
        })
    }

    /// Who of a unit has not handed in yet, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn missing(&self, principal: &Principal, unit: &str, exam: &str) -> AppResult<Vec<MissingPerson>> {
        let directory = self.directory()?;
        require_unit(principal, &directory, UNIT_ROLES, unit)?;
        let exam = self.exam_for_figures(principal, exam)?;
        let units = self.units_then(&exam.row.id, &[unit.to_owned()])?;
        let people = self.store().read(|connection| storage::exams::roster_people(connection, &exam.row.id, &units))?;
        let sheet = self.sheet(&exam)?;
        Ok(people
            .into_iter()
            .filter(|(place, ..)| place.status == "due")
            .filter_map(|(place, name, _)| {
                let state = sheet.person_state(&place.person_id, &place.status);
                (state != "submitted").then(|| MissingPerson {
                    unit_name: directory.unit_name(&place.unit_id),
                    rank_title: directory.title(LIST_RANK_GROUPS, &place.rank_group),
                    rank: place.rank_group,
                    person: place.person_id,
                    name,
                    unit: place.unit_id,
                    state: state.to_owned(),
                })
            })
            .collect())
    }

    /// Counts and rates of a unit, in total and by subunit or rank.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit; [`AppError::Invalid`] for an unknown grouping.
    pub fn unit_results(
        &self,
        principal: &Principal,
        unit: &str,
        exam: &str,
        by: &str,
        count: &str,
    ) -> AppResult<Results> {
        let directory = self.directory()?;
        require_unit(principal, &directory, FIGURE_ROLES, unit)?;
        let exam = self.exam_for_figures(principal, exam)?;
        let count_kind = match count {
            "first" => Count::First,
            "all" => Count::All,
            other => return Err(AppError::invalid("count", format!("没有“{other}”这种口径，可用 first 或 all"))),
        };
        let sheet = self.sheet(&exam)?;
        let own: Vec<&Line> = sheet.lines.values().filter(|line| is_under(&line.path, unit)).collect();
        let named = require_unit(principal, &directory, UNIT_ROLES, unit).is_ok();
        let sight = sheet.sight(&directory, named)?;
        let groups = match by {
            "subunit" => by_subunit(&directory, unit, named, &own),
            "rank" => by_rank(&directory),
            "topic" => {
                let cell = sight.of(unit, None);
                return self.results_by_topic(&exam, unit, count, &sheet, &own, count_kind, cell);
            }
            other => {
                return Err(AppError::invalid("by", format!("没有“{other}”这种分组，可用 subunit、rank 或 topic")));
            }
        };
        let rows = groups
            .into_iter()
            .map(|(key, title, belongs)| {
                let figures = sheet.figures(own.iter().copied().filter(|line| belongs(line)), count_kind);
                (key, title, figures)
            })
            // A group without anybody is no secret, and no row.
            .filter(|(.., figures)| figures.registered > 0)
            .map(|(key, title, figures)| {
                let cell = if by == "rank" { sight.of(unit, Some(&key)) } else { sight.of(&key, None) };
                ResultRow { key, title, figures: view(&figures, cell), marks_max: None, facility: None }
            })
            .collect();
        let total = sheet.figures(own.iter().copied(), count_kind);
        Ok(Results {
            unit: unit.to_owned(),
            exam: exam.row.id.clone(),
            count: count.to_owned(),
            total: view(&total, sight.of(unit, None)),
            rows,
            marks_max: Marks(exam.row.marks_max_centi),
            server_now: rfc3339(self.now()),
        })
    }
}

type Group = (String, String, Box<dyn Fn(&Line) -> bool>);

/// The unit's own people, then each unit that stood directly below it, with everything under it. The own people are
/// no cell of the lattice: whoever sees no names does not see them apart.
fn by_subunit(directory: &Directory, unit: &str, named: bool, lines: &[&Line]) -> Vec<Group> {
    let own = unit.to_owned();
    let mut groups: Vec<Group> = Vec::new();
    if named {
        groups.push((
            unit.to_owned(),
            format!("{}（本级）", directory.unit_name(unit)),
            Box::new(move |line| line.unit == own),
        ));
    }
    let below = |line: &&Line| units_of(&line.path).skip_while(|own| *own != unit).nth(1).map(str::to_owned);
    let children: BTreeSet<String> = lines.iter().filter_map(below).collect();
    let order: BTreeMap<&str, usize> =
        directory.tree.iter().enumerate().map(|(place, unit)| (unit.id.as_str(), place)).collect();
    let mut children: Vec<String> = children.into_iter().collect();
    children.sort_by_key(|child| order.get(child.as_str()).copied());
    for child in children {
        let title = directory.unit_name(&child);
        let key = child.clone();
        groups.push((key, title, Box::new(move |line| is_under(&line.path, &child))));
    }
    groups
}

fn by_rank(directory: &Directory) -> Vec<Group> {
    directory
        .rank_groups
        .iter()
        .map(|(slug, title)| {
            let rank = slug.clone();
            let group: Group = (slug.clone(), title.clone(), Box::new(move |line: &Line| line.rank == rank));
            group
        })
        .collect()
}

/// Whoever sees names sees the counts of a small group, and no rates; marks of fewer than five papers are seen by nobody.
fn view(figures: &Figures, cell: Cell) -> ResultFigures {
    if cell == Cell::Nothing {
        return ResultFigures { suppressed: true, ..ResultFigures::default() };
    }
    let small = cell == Cell::Named && figures.registered < SMALL_GROUP;
    let counts = ResultFigures {
        registered: Some(figures.registered.into()),
        exempt: Some(figures.exempt.into()),
        due: Some(figures.due.into()),
        taken: Some(figures.taken.into()),
        deferred: Some(figures.deferred.into()),
        absent: Some(figures.absent.into()),
        suppressed: small,
        ..ResultFigures::default()
    };
    if cell == Cell::Turnout {
        return ResultFigures { participation: figures.participation(), ..counts };
    }
    let counts = ResultFigures { blank: Some(figures.blank.into()), passed: Some(figures.passed.into()), ..counts };
    if small {
        return counts;
    }
    let enough = figures.taken >= SMALL_GROUP;
    ResultFigures {
        excellent: Some(figures.excellent.into()),
        participation: figures.participation(),
        pass_of_taken: figures.pass_of_taken(),
        pass_of_due: figures.pass_of_due(),
        excellent_of_taken: figures.excellent_of_taken(),
        mean: figures.mean().filter(|_| enough),
        median: figures.median().filter(|_| enough),
        ..counts
    }
}
