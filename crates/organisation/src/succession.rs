//! What became of units (机构沿革): renamed, merged, split, from a date.

use crate::UnitId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

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
    /// A unit follows itself, at once or by a round trip that never ends.
    #[error("单位沿革有循环：单位 {0} 最后又成为自己，请更正沿革记录")]
    Cycle(UnitId),
    /// A unit that is not split has two successors on one day.
    #[error("单位 {0} 在同一天有两个后继单位却不是拆分，请更正沿革记录")]
    TwoSuccessors(UnitId),
}

/// All records, proved and ready for questions.
#[derive(Debug, Clone, Default)]
pub struct Successions {
    by_from: HashMap<UnitId, Vec<Succession>>,
}

impl Successions {
    /// Takes the records.
    ///
    /// # Errors
    /// A cycle, or two successors on one day without a split.
    pub fn new(records: impl IntoIterator<Item = Succession>) -> Result<Self, SuccessionError> {
        let mut by_from: HashMap<UnitId, Vec<Succession>> = HashMap::new();
        for record in records {
            by_from.entry(record.from.clone()).or_default().push(record);
        }
        for (from, list) in &mut by_from {
            list.sort_by(|a, b| (a.since, &a.to).cmp(&(b.since, &b.to)));
            let single = list.iter().any(|record| record.kind != SuccessionKind::Split);
            if single && list.len() > 1 {
                return Err(SuccessionError::TwoSuccessors(from.clone()));
            }
        }
        let all = Self { by_from };
        let mut ids: Vec<&UnitId> = all.by_from.keys().collect();
        ids.sort();
        for id in ids {
            all.follow(id, None).map_err(SuccessionError::Cycle)?;
        }
        Ok(all)
    }

    /// The unit or units that stand for `unit` on `date`, every change up to and on that day followed.
    pub fn successor_on(&self, unit: &UnitId, date: Date) -> Successor {
        let ends: Vec<UnitId> = self.follow(unit, Some(date)).unwrap_or_default().into_iter().collect();
        match ends.as_slice() {
            [only] if only == unit => Successor::Same,
            [only] => Successor::One(only.clone()),
            [] => Successor::Same,
            _ => Successor::Several(ends),
        }
    }

    /// The ends of all chains; the unit of a cycle as error. Without a date every record counts.
    fn follow(&self, unit: &UnitId, date: Option<Date>) -> Result<BTreeSet<UnitId>, UnitId> {
        let mut ends = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![unit];
        while let Some(next) = open.pop() {
            let steps = self.by_from.get(next).map(Vec::as_slice).unwrap_or_default();
            let steps: Vec<_> = steps.iter().filter(|step| date.is_none_or(|date| step.since <= date)).collect();
            if steps.is_empty() {
                ends.insert(next.clone());
                continue;
            }
            for step in steps {
                // A part was split off and the rest goes on under the same unit.
                if step.kind == SuccessionKind::Split && step.to == *next {
                    ends.insert(next.clone());
                    continue;
                }
                if step.to == *unit {
                    return Err(unit.clone());
                }
                if seen.insert(&step.to) {
                    open.push(&step.to);
                }
            }
        }
        Ok(ends)
    }
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
    fn contradictions() {
        let day = date(2026, 1, 1);
        let own = Successions::new([record(Renamed, "a", "a", day)]);
        assert_eq!(own.unwrap_err(), SuccessionError::Cycle("a".into()));
        let round = Successions::new([record(Renamed, "a", "b", day), record(Renamed, "b", "a", date(2027, 1, 1))]);
        assert_eq!(round.unwrap_err(), SuccessionError::Cycle("a".into()));
        let two = Successions::new([record(Renamed, "a", "b", day), record(Merged, "a", "c", day)]);
        assert_eq!(two.unwrap_err(), SuccessionError::TwoSuccessors("a".into()));
    }
}
