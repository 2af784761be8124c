//! Counts and rates (人数与比率), in integers until a rate is asked for.
//!
//! 在册 registered = 应考 due + 免考 exempt; 应考 = 实考 taken + 缓考 deferred + 缺考 absent, and while the window is
//! open those who have not sat yet are missing (未考), not absent.

use serde::{Deserialize, Serialize};

use crate::marks::MarksCenti;
use crate::roster::RosterStatus;

/// Which sittings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// 首考: first sittings, the headline. A deferred sitting is a first sitting.
    #[default]
    First,
    /// 含补考: the sitting that counts, over all tries and make-ups.
    All,
}

/// How a sitting was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SittingMark {
    /// The marks.
    pub marks: MarksCenti,
    /// A pass.
    pub passed: bool,
    /// In the band 优秀.
    pub excellent: bool,
}

/// What a handed-in paper was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sitting {
    /// With at least one answer; `None` while it is not marked.
    Answered(Option<SittingMark>),
    /// 白卷: not one answer. Taken and failed, with no marks.
    Blank,
    /// 取消成绩. Taken and failed, with no marks.
    Disqualified,
}

/// What became of one person on the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RosterOutcome {
    /// The person on the roster.
    pub status: RosterStatus,
    /// The first sitting that ended, if any, annulled ones left out.
    pub first: Option<Sitting>,
    /// The sitting that counts over all tries and make-ups, if any.
    pub all: Option<Sitting>,
    /// An attempt is open.
    pub answering: bool,
}

/// The figures of a group of people. `registered = due + exempt` and `due = taken + deferred + absent + missing`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// 在册.
    pub registered: u32,
    /// 免考.
    pub exempt: u32,
    /// 应考.
    pub due: u32,
    /// 实考: papers handed in, by the person or by the deadline, the blank and the disqualified among them.
    pub taken: u32,
    /// 缓考, not taken yet.
    pub deferred: u32,
    /// 缺考: none before the window is over.
    pub absent: u32,
    /// 未考: may still sit, or is sitting.
    pub missing: u32,
    /// 答题中: those of the missing who have an attempt open.
    pub in_progress: u32,
    /// 白卷, of the taken.
    pub blank: u32,
    /// 取消成绩, of the taken.
    pub disqualified: u32,
    /// 未评分, of the taken: handed in a moment ago.
    pub unmarked: u32,
    /// 合格.
    pub passed: u32,
    /// 优秀.
    pub excellent: u32,
    /// The marks of all marked papers, sorted; blank and disqualified ones count as none.
    marks: Vec<i64>,
}

impl Figures {
    /// Counts people. `over`: the window is over for everybody who has not begun.
    pub fn count(outcomes: &[RosterOutcome], count: Count, over: bool) -> Self {
        let mut figures = Self::default();
        for outcome in outcomes {
            figures.add(outcome, count, over);
        }
        figures.marks.sort_unstable();
        figures
    }

    fn add(&mut self, outcome: &RosterOutcome, count: Count, over: bool) {
        self.registered += 1;
        if outcome.status == RosterStatus::Exempt {
            self.exempt += 1;
            return;
        }
        self.due += 1;
        let sitting = match count {
            Count::First => outcome.first,
            Count::All => outcome.all,
        };
        match (sitting, outcome.status) {
            (Some(sitting), _) => self.add_sitting(sitting),
            (None, _) if outcome.answering => {
                self.missing += 1;
                self.in_progress += 1;
            }
            (None, RosterStatus::Deferred) => self.deferred += 1,
            (None, _) if over => self.absent += 1,
            (None, _) => self.missing += 1,
        }
    }

    fn add_sitting(&mut self, sitting: Sitting) {
        self.taken += 1;
        match sitting {
            Sitting::Answered(Some(mark)) => {
                self.passed += u32::from(mark.passed);
                self.excellent += u32::from(mark.passed && mark.excellent);
                self.marks.push(mark.marks.centi());
            }
            Sitting::Answered(None) => self.unmarked += 1,
            Sitting::Blank => {
                self.blank += 1;
                self.marks.push(0);
            }
            Sitting::Disqualified => {
                self.disqualified += 1;
                self.marks.push(0);
            }
        }
    }

    /// 参考率 = taken ÷ due.
    pub fn participation(&self) -> Option<f64> {
        ratio(self.taken.into(), self.due.into())
    }

    /// 参考率（不含缓考） = taken ÷ (due − deferred): the printed switch.
    pub fn participation_without_deferred(&self) -> Option<f64> {
        ratio(self.taken.into(), i64::from(self.due) - i64::from(self.deferred))
    }

    /// 合格率 = passed ÷ taken.
    pub fn pass_of_taken(&self) -> Option<f64> {
        ratio(self.passed.into(), self.taken.into())
    }

    /// 合格率（按应考） = passed ÷ due.
    pub fn pass_of_due(&self) -> Option<f64> {
        ratio(self.passed.into(), self.due.into())
    }

    /// 优秀率 = excellent ÷ taken.
    pub fn excellent_of_taken(&self) -> Option<f64> {
        ratio(self.excellent.into(), self.taken.into())
    }

    /// 优秀率（按应考） = excellent ÷ due.
    pub fn excellent_of_due(&self) -> Option<f64> {
        ratio(self.excellent.into(), self.due.into())
    }

    /// 平均分 over the taken that are marked, in marks.
    pub fn mean(&self) -> Option<f64> {
        let sum = self.marks.iter().fold(0i64, |sum, marks| sum.saturating_add(*marks));
        ratio(sum, self.marked().checked_mul(100)?)
    }

    /// 中位数 over the taken that are marked, in marks; the middle of two when their number is even.
    pub fn median(&self) -> Option<f64> {
        let upper = self.marks.get(self.marks.len() / 2)?;
        let lower = self.marks.get(self.marks.len().checked_sub(1)? / 2)?;
        ratio(lower.saturating_add(*upper), 200)
    }

    fn marked(&self) -> i64 {
        i64::try_from(self.marks.len()).unwrap_or(i64::MAX)
    }
}

#[expect(clippy::as_conversions, reason = "counts and sums of marks are far below 2^53, where f64 is exact")]
fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answered(marks: i64) -> Sitting {
        let marks = MarksCenti::from_whole(marks);
        let (pass, excellent) = (MarksCenti::from_whole(60), MarksCenti::from_whole(90));
        Sitting::Answered(Some(SittingMark { marks, passed: marks >= pass, excellent: marks >= excellent }))
    }

    fn sat(sitting: Sitting) -> RosterOutcome {
        RosterOutcome { status: RosterStatus::Due, first: Some(sitting), all: Some(sitting), answering: false }
    }

    fn not_sat(status: RosterStatus) -> RosterOutcome {
        RosterOutcome { status, first: None, all: None, answering: false }
    }

    /// A unit of twelve: two exempt, one deferred, one deferred who sat later, two absent (one of whom passed the
    /// make-up), one failed and passed the make-up, one blank, one disqualified, three passed.
    fn unit() -> Vec<RosterOutcome> {
        use RosterStatus::{Deferred, Due, Exempt};
        vec![
            not_sat(Exempt),
            not_sat(Exempt),
            not_sat(Deferred),
            RosterOutcome { status: Deferred, ..sat(answered(70)) },
            not_sat(Due),
            RosterOutcome { all: Some(answered(80)), ..not_sat(Due) },
            RosterOutcome { all: Some(answered(66)), ..sat(answered(50)) },
            sat(Sitting::Blank),
            sat(Sitting::Disqualified),
            sat(answered(95)),
            sat(answered(61)),
            sat(answered(90)),
        ]
    }

    #[test]
    fn first_sittings_are_the_headline() {
        let first = Figures::count(&unit(), Count::First, true);
        assert_eq!((first.registered, first.exempt, first.due), (12, 2, 10));
        assert_eq!((first.taken, first.deferred, first.absent, first.missing), (7, 1, 2, 0));
        assert_eq!((first.blank, first.disqualified, first.passed, first.excellent), (1, 1, 4, 2));
        assert_eq!(first.participation(), Some(0.7));
        assert_eq!(first.participation_without_deferred(), Some(7.0 / 9.0));
        assert_eq!(first.pass_of_taken(), Some(4.0 / 7.0));
        assert_eq!(first.pass_of_due(), Some(0.4));
        assert_eq!(first.excellent_of_taken(), Some(2.0 / 7.0));
        assert_eq!(first.excellent_of_due(), Some(0.2));
        // 0, 0, 50, 61, 70, 90, 95
        assert_eq!(first.mean(), Some(366.0 / 7.0));
        assert_eq!(first.median(), Some(61.0));
    }

    #[test]
    fn make_ups_are_the_second_count() {
        let all = Figures::count(&unit(), Count::All, true);
        assert_eq!((all.taken, all.deferred, all.absent), (8, 1, 1));
        assert_eq!((all.passed, all.excellent), (6, 2));
        // 0, 0, 61, 66, 70, 80, 90, 95
        assert_eq!((all.mean(), all.median()), (Some(462.0 / 8.0), Some(68.0)));
    }

    /// iomad/iomad#1709: who has not started was counted as 0.
    #[test]
    fn nobody_is_absent_before_the_window_is_over() {
        let people = [
            not_sat(RosterStatus::Due),
            RosterOutcome { answering: true, ..not_sat(RosterStatus::Due) },
            not_sat(RosterStatus::Deferred),
            sat(answered(80)),
            sat(Sitting::Answered(None)),
        ];
        let open = Figures::count(&people, Count::First, false);
        assert_eq!((open.taken, open.deferred, open.absent, open.missing, open.in_progress), (2, 1, 0, 2, 1));
        assert_eq!((open.unmarked, open.passed), (1, 1));
        assert_eq!((open.mean(), open.median()), (Some(80.0), Some(80.0)));
        let over = Figures::count(&people, Count::First, true);
        assert_eq!((over.absent, over.missing, over.in_progress), (1, 1, 1), "who is still answering is not absent");
    }

    /// A paper with high marks that failed by another ground is not excellent.
    #[test]
    fn only_a_pass_is_excellent() {
        let mark = SittingMark { marks: MarksCenti::from_whole(95), passed: false, excellent: true };
        let figures = Figures::count(&[sat(Sitting::Answered(Some(mark)))], Count::First, true);
        assert_eq!((figures.taken, figures.passed, figures.excellent), (1, 0, 0));
    }

    #[test]
    fn there_is_no_rate_of_nothing() {
        let none = Figures::count(&[not_sat(RosterStatus::Exempt)], Count::First, true);
        assert_eq!((none.registered, none.due), (1, 0));
        for rate in [
            none.participation(),
            none.participation_without_deferred(),
            none.pass_of_taken(),
            none.pass_of_due(),
            none.excellent_of_taken(),
            none.mean(),
            none.median(),
        ] {
            assert_eq!(rate, None);
        }
    }

    fn any_outcome() -> impl Strategy<Value = RosterOutcome> {
        let status = prop_oneof![Just(RosterStatus::Due), Just(RosterStatus::Exempt), Just(RosterStatus::Deferred)];
        let sitting = prop_oneof![
            Just(None),
            Just(Some(Sitting::Blank)),
            Just(Some(Sitting::Disqualified)),
            Just(Some(Sitting::Answered(None))),
            (0i64..=100).prop_map(|marks| Some(answered(marks))),
        ];
        (status, sitting.clone(), sitting, any::<bool>()).prop_map(|(status, first, all, answering)| RosterOutcome {
            status,
            first,
            all,
            answering,
        })
    }

    proptest! {
        #[test]
        fn the_counts_add_up(people in proptest::collection::vec(any_outcome(), 0..40), over in any::<bool>(), first in any::<bool>()) {
            let f = Figures::count(&people, if first { Count::First } else { Count::All }, over);
            prop_assert_eq!(usize::try_from(f.registered).unwrap(), people.len());
            prop_assert_eq!(f.registered, f.due + f.exempt);
            prop_assert_eq!(f.due, f.taken + f.deferred + f.absent + f.missing);
            prop_assert!(f.excellent <= f.passed);
            prop_assert!(f.passed + f.blank + f.disqualified + f.unmarked <= f.taken);
            prop_assert!(f.in_progress <= f.missing && (over || f.absent == 0));
            for rate in [f.participation(), f.pass_of_taken(), f.pass_of_due(), f.excellent_of_taken()].into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&rate));
            }
            if let (Some(mean), Some(median)) = (f.mean(), f.median()) {
                prop_assert!((0.0..=100.0).contains(&mean) && (0.0..=100.0).contains(&median));
            }
        }
    }
}
