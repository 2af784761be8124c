//! What became of units (机构沿革): renamed, merged, split, from a date.

use crate::UnitId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

pub mod plan;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuccessionKind {
    /// 更名
    Renamed,
    /// 合并
    Merged,
    /// 拆分
    Split,
}

impl SuccessionKind {
    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Renamed => "更名",
            Self::Merged => "合并",
            Self::Split => "拆分",
        }
    }

    /// The word in the database and in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::Merged => "merged",
            Self::Split => "split",
        }
    }

    /// The kind of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Renamed, Self::Merged, Self::Split].into_iter().find(|kind| kind.slug() == slug)
    }
}

/// One unit follows another from a day on. A merger has one record for each unit that went in, a split one for each
/// unit that came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// What happened.
    pub kind: SuccessionKind,
    /// The unit before.
    pub from: UnitId,
    /// The unit after.
    pub to: UnitId,
    /// The first day of the new state.
    pub since: Date,
}

/// A name that a unit no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The unit.
    pub unit: UnitId,
    /// What it was called.
    pub name: String,
    /// The first day on which it had another name.
    pub until: Date,
}

/// What became of the units of a district: rosters go on using old names for years.
#[derive(Debug, Clone, Default)]
pub struct UnitHistory {
    /// Names that units no longer have.
    pub former_names: Vec<FormerName>,
    /// Mergers and splits.
    pub successions: Successions,
}

/// Who stands for a unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    /// The unit itself.
    Same,
    /// One other unit.
    One(UnitId),
    /// It was split: each person's unit must be looked up; figures as a whole cannot be carried over.
    Several(Vec<UnitId>),
}

/// Why records contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// A unit follows itself by a round trip that never ends.
    #[error("单位沿革有循环：单位 {0} 最后又成为自己，请更正沿革记录")]
    Cycle(UnitId),
    /// A unit that is not split has two successors on one day.
    #[error("单位 {0} 在同一天有两个后继单位却不是拆分，请更正沿革记录")]
    TwoSuccessors(UnitId),
    /// Something happens to a unit after the day on which it ended.
    #[error("单位 {0} 在撤销之后又有沿革，请核对日期")]
    AfterTheEnd(UnitId),
}

/// All records, proved and ready for questions.
#[derive(Debug, Clone, Default)]
pub struct Successions {
    by_from: HashMap<UnitId, Vec<Succession>>,
}

impl Successions {
    /// Takes the records. A unit that is renamed stays the unit it is: such a record only dates a name.
    ///
    /// # Errors
    /// A cycle, two successors on one day without a split, or anything after a unit's end.
    pub fn new(records: impl IntoIterator<Item = Succession>) -> Result<Self, SuccessionError> {
        let mut by_from: HashMap<UnitId, Vec<Succession>> = HashMap::new();
        let renamed_only = |record: &Succession| record.kind == SuccessionKind::Renamed && record.from == record.to;
        for record in records.into_iter().filter(|record| !renamed_only(record)) {
            by_from.entry(record.from.clone()).or_default().push(record);
        }
        for (from, list) in &mut by_from {
            list.sort_by(|a, b| (a.since, &a.to).cmp(&(b.since, &b.to)));
            let mut ended = false;
            for day in list.chunk_by(|a, b| a.since == b.since) {
                if ended {
                    return Err(SuccessionError::AfterTheEnd(from.clone()));
                }
                if day.len() > 1 && day.iter().any(|record| record.kind != SuccessionKind::Split) {
                    return Err(SuccessionError::TwoSuccessors(from.clone()));
                }
                ended = !day.iter().any(stays);
            }
        }
        let all = Self { by_from };
        let mut ids: Vec<&UnitId> = all.by_from.keys().collect();
        ids.sort();
        match ids.into_iter().find(|id| all.comes_back(id)) {
            Some(id) => Err(SuccessionError::Cycle(id.clone())),
            None => Ok(all),
        }
    }

    /// The unit or units that stand for `unit` on `date`, every change up to and on that day followed.
    pub fn successor_on(&self, unit: &UnitId, date: Date) -> Successor {
        let mut ends = BTreeSet::new();
        self.follow(unit, None, date, &mut ends);
        let ends: Vec<UnitId> = ends.into_iter().collect();
        match ends.as_slice() {
            [only] if only == unit => Successor::Same,
            [only] => Successor::One(only.clone()),
            [] => Successor::Same,
            _ => Successor::Several(ends),
        }
    }

    /// Collects the ends of all chains; what happened to a unit before somebody joined it does not concern them.
    fn follow(&self, unit: &UnitId, joined: Option<Date>, date: Date, ends: &mut BTreeSet<UnitId>) {
        let steps = self.by_from.get(unit).map(Vec::as_slice).unwrap_or_default();
        let mut goes_on = true;
        for day in steps.chunk_by(|a, b| a.since == b.since) {
            let counts = |step: &&Succession| step.since <= date && joined.is_none_or(|joined| step.since >= joined);
            if !day.iter().any(|step| counts(&step)) {
                continue;
            }
            for step in day.iter().filter(|step| !stays(step)) {
                self.follow(&step.to, Some(step.since), date, ends);
            }
            goes_on = day.iter().any(stays);
        }
        if goes_on {
            ends.insert(unit.clone());
        }
    }

    /// Does any way from a unit lead back to it?
    fn comes_back(&self, unit: &UnitId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![unit];
        while let Some(next) = open.pop() {
            let steps = self.by_from.get(next).map(Vec::as_slice).unwrap_or_default();
            for step in steps.iter().filter(|step| !stays(step)) {
                if step.to == *unit {
                    return true;
                }
                if seen.insert(&step.to) {
                    open.push(&step.to);
                }
            }
        }
        false
    }
}

/// A part was split off and the rest goes on under the same unit.
fn stays(step: &Succession) -> bool {
    step.kind == SuccessionKind::Split && step.from == step.to
}

#[cfg(test)]
mod tests {
    use super::*;
    use SuccessionKind::*;
    use jiff::civil::date;

    fn record(kind: SuccessionKind, from: &str, to: &str, since: Date) -> Succession {
        Succession { kind, from: from.into(), to: to.into(), since }
    }

    fn history() -> Successions {
        Successions::new([
            record(Renamed, "a", "b", date(2025, 3, 1)),
            record(Merged, "b", "m", date(2026, 1, 1)),
            record(Merged, "c", "m", date(2026, 1, 1)),
            record(Split, "m", "x", date(2026, 7, 1)),
            record(Split, "m", "y", date(2026, 7, 1)),
        ])
        .unwrap()
    }

    #[test]
    fn by_day() {
        let history = history();
        let several = || Successor::Several(vec!["x".into(), "y".into()]);
        for (unit, day, expected) in [
            ("a", date(2025, 2, 28), Successor::Same),
            ("a", date(2025, 3, 1), Successor::One("b".into())),
            ("a", date(2026, 1, 1), Successor::One("m".into())),
            ("c", date(2026, 6, 30), Successor::One("m".into())),
            ("a", date(2026, 7, 1), several()),
            ("m", date(2026, 7, 1), several()),
            ("x", date(2027, 1, 1), Successor::Same),
            ("unknown", date(2027, 1, 1), Successor::Same),
        ] {
            assert_eq!(history.successor_on(&unit.into(), day), expected, "{unit} {day}");
        }
    }

    #[test]
    fn a_part_is_split_off_and_the_rest_goes_on() {
        let day = date(2026, 1, 1);
        let history = Successions::new([record(Split, "a", "a", day), record(Split, "a", "b", day)]).unwrap();
        assert_eq!(history.successor_on(&"a".into(), day), Successor::Several(vec!["a".into(), "b".into()]));
        assert_eq!(history.successor_on(&"b".into(), day), Successor::Same);
    }

    #[test]
    fn a_new_name_and_parts_split_off_end_nothing() {
        let history = Successions::new([
            record(Renamed, "a", "a", date(2025, 1, 1)),
            record(Split, "a", "a", date(2025, 6, 1)),
            record(Split, "a", "b", date(2025, 6, 1)),
            record(Renamed, "a", "a", date(2025, 9, 1)),
            record(Split, "a", "a", date(2026, 1, 1)),
            record(Split, "a", "c", date(2026, 1, 1)),
            record(Merged, "a", "t", date(2026, 6, 1)),
            record(Split, "t", "t", date(2025, 2, 1)),
            record(Split, "t", "x", date(2025, 2, 1)),
        ])
        .unwrap();
        let several = |ids: &[&str]| Successor::Several(ids.iter().copied().map(UnitId::from).collect());
        for (unit, day, expected) in [
            ("a", date(2025, 5, 31), Successor::Same),
            ("a", date(2025, 12, 31), several(&["a", "b"])),
            ("a", date(2026, 5, 31), several(&["a", "b", "c"])),
            // What was split off t before a joined it has nothing of a.
            ("a", date(2026, 6, 1), several(&["b", "c", "t"])),
            ("t", date(2026, 6, 1), several(&["t", "x"])),
            ("b", date(2026, 6, 1), Successor::Same),
        ] {
            assert_eq!(history.successor_on(&unit.into(), day), expected, "{unit} {day}");
        }
    }

    #[test]
    fn contradictions() {
        let day = date(2026, 1, 1);
        let own = Successions::new([record(Merged, "a", "a", day)]);
        assert_eq!(own.unwrap_err(), SuccessionError::Cycle("a".into()));
        let late = Successions::new([record(Merged, "a", "b", day), record(Merged, "a", "c", date(2026, 1, 2))]);
        assert_eq!(late.unwrap_err(), SuccessionError::AfterTheEnd("a".into()));
        let round = Successions::new([record(Renamed, "a", "b", day), record(Renamed, "b", "a", date(2027, 1, 1))]);
        assert_eq!(round.unwrap_err(), SuccessionError::Cycle("a".into()));
        let two = Successions::new([record(Renamed, "a", "b", day), record(Merged, "a", "c", day)]);
        assert_eq!(two.unwrap_err(), SuccessionError::TwoSuccessors("a".into()));
    }
}
