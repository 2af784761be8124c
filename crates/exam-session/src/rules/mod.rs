//! The rules of an exam (考试规则) are data.

mod parse;
mod validate;

use std::collections::BTreeMap;

use jiff::civil::Date;
use scoring::MultipleRule;
use serde::{Deserialize, Serialize};

use crate::entry::EntryWaves;
use crate::marks::MarksCenti;
use crate::screen::ScreenLeaves;

pub use validate::{
    ATTEMPTS_MAX, BANDS_MAX, CLAUSE_CHARS_MAX, DURATION_MAX_SECONDS, LATE_SYNC_MAX_SECONDS, WAIT_MAX_SECONDS,
    WINDOW_MAX_SECONDS, validate, validate_paper,
};

/// The late-sync time (补传时间) where none is set, in seconds.
pub const LATE_SYNC_DEFAULT_SECONDS: i64 = 120;
/// The name of the band that the 优秀率 counts.
pub const EXCELLENT_BAND: &str = "优秀";

/// What is wrong with one field, in words for the person who fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// The field as it is named in JSON, such as `bands[1].from`.
    pub field: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl FieldProblem {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// A band (等次): its name from these marks on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lowest marks of the band.
    pub from: MarksCenti,
    /// Its name, such as 优秀.
    pub name: String,
}

/// A least mark for a section (分项最低分).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionMinimum {
    /// The title of the section on the paper.
    pub section: String,
    /// The least marks in it.
    pub from: MarksCenti,
}

/// The kind of a slot (题型), as the paper has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// 单选.
    Single,
    /// 多选.
    Multiple,
    /// 判断.
    Judgement,
    /// 填空.
    Blank,
    /// 简答.
    Essay,
}

impl SlotKind {
    /// The Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Single => "单选题",
            Self::Multiple => "多选题",
            Self::Judgement => "判断题",
            Self::Blank => "填空题",
            Self::Essay => "简答题",
        }
    }
}

/// Which questions must be right (必对题). They are marked as such on the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum MustBeRight {
    /// The first `count` slots of a kind on the person's own paper.
    FirstOfKind {
        /// The kind.
        kind: SlotKind,
        /// How many.
        count: u32,
    },
    /// One question, by its reference; it binds those who have it.
    Question {
        /// The reference in the bank.
        question: String,
    },
}

/// Which of several attempts counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountRule {
    /// 取最高.
    #[default]
    Best,
    /// 取最后一次.
    Last,
    /// 取第一次.
    First,
}

/// When an examinee may see marks and verdict (成绩公布).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseMarks {
    /// 交卷即公布, once marked.
    #[default]
    AtSubmission,
    /// 考试结束后公布.
    AfterWindow,
}

/// When an examinee may see keys and explanations (答案公布).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseKeys {
    /// 交卷即公布: for practice.
    AtSubmission,
    /// 考试结束后公布.
    #[default]
    AfterWindow,
    /// 不公布.
    Never,
}

/// Who sits with books open (开卷).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OpenBook {
    /// Everybody (`true`) or nobody (`false`).
    Everybody(bool),
    /// Those of an age and above (福建 2015: 50 and over).
    ByAge(OpenFromAge),
}

/// The age from which books may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenFromAge {
    /// In full years on the day of the exam (周岁).
    pub from_age: u8,
}

/// What a verdict can rest on; the key of `clauses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 合格: everything that is asked is reached.
    Passed,
    /// 总分未达合格分.
    BelowPassMark,
    /// 分项未达最低分.
    SectionMinimum,
    /// 必对题答错.
    MustBeRight,
    /// 取消成绩.
    Disqualified,
    /// 缺考: for lists and notices, no verdict on a paper.
    Absent,
}

/// The rules of one exam, as CONTRACT §5 has them; stored and sent as this JSON.
///
/// Only `pass_marks` must be given. It has more fields than a type should: it is the contract's flat object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// 合格分: the least total of a pass.
    pub pass_marks: MarksCenti,
    /// 等次, the highest first.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// 分项最低分.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section_minima: Vec<SectionMinimum>,
    /// 必对题.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_be_right: Vec<MustBeRight>,
    /// How often the exam may be taken (次数).
    #[serde(default = "one")]
    pub attempts: u32,
    /// Which attempt counts.
    #[serde(default)]
    pub count: CountRule,
    /// Time between the end of one attempt and the start of the next (间隔), in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<i64>,
    /// No further attempt once passed (达标为止).
    #[serde(default)]
    pub until_passed: bool,
    /// Who starts late still has the full duration (时长给足).
    #[serde(default)]
    pub full_duration: bool,
    /// How long after the deadline answers given before still count (补传时间), in seconds.
    #[serde(default = "late_sync_default")]
    pub late_sync_seconds: i64,
    /// When marks are shown.
    #[serde(default)]
    pub release_marks: ReleaseMarks,
    /// When keys are shown.
    #[serde(default)]
    pub release_keys: ReleaseKeys,
    /// Whether options are shuffled for each person (选项乱序).
    #[serde(default = "yes")]
    pub shuffle: bool,
    /// 开卷; absent is 闭卷.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_book: Option<OpenBook>,
    /// 依据日; absent is the opening day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law_date: Option<Date>,
    /// The clause (条款) that stands behind each ground; without one a plain sentence is used.
    #[serde(default)]
    pub clauses: BTreeMap<Ground, String>,
    /// How 多选 is marked.
    #[serde(default)]
    pub multiple_rule: MultipleRule,
    /// 分批入场; absent is everybody at the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_waves: Option<EntryWaves>,
    /// 离开页面; absent is neither counted nor recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_leaves: Option<ScreenLeaves>,
    /// While the exam runs, people, units, lists and questions are not edited (考试期间冻结修改).
    #[serde(default)]
    pub freeze_edits: bool,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

fn late_sync_default() -> i64 {
    LATE_SYNC_DEFAULT_SECONDS
}

impl Rules {
    /// One attempt, closed book, a pass mark, and the defaults for the rest.
    pub fn with_pass_marks(pass_marks: MarksCenti) -> Self {
        Self {
            pass_marks,
            bands: Vec::new(),
            section_minima: Vec::new(),
            must_be_right: Vec::new(),
            attempts: one(),
            count: CountRule::default(),
            wait_seconds: None,
            until_passed: false,
            full_duration: false,
            late_sync_seconds: LATE_SYNC_DEFAULT_SECONDS,
            release_marks: ReleaseMarks::default(),
            release_keys: ReleaseKeys::default(),
            shuffle: true,
            open_book: None,
            law_date: None,
            clauses: BTreeMap::new(),
            multiple_rule: MultipleRule::default(),
            entry_waves: None,
            screen_leaves: None,
            freeze_edits: false,
        }
    }

    /// The day whose law holds (依据日).
    pub fn law_date_or(&self, opening_day: Date) -> Date {
        self.law_date.unwrap_or(opening_day)
    }

    /// Whether a person sits with books open on a day. Where only the month of birth is known, its first day is
    /// meant; where nothing is known, books are closed.
    pub fn is_open_book(&self, born: Option<Date>, on: Date) -> bool {
        match self.open_book {
            None => false,
            Some(OpenBook::Everybody(open)) => open,
            Some(OpenBook::ByAge(OpenFromAge { from_age })) => {
                born.is_some_and(|born| full_years(born, on) >= i16::from(from_age))
            }
        }
    }
}

fn full_years(born: Date, on: Date) -> i16 {
    let before_birthday = (on.month(), on.day()) < (born.month(), born.day());
    on.year() - born.year() - i16::from(before_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn books_are_open_by_age() {
        // 福建 2015: under 50 closed book, 50 and over open book.
        let rules = |open_book| Rules { open_book, ..Rules::with_pass_marks(MarksCenti::from_whole(60)) };
        let by_age = Some(OpenBook::ByAge(OpenFromAge { from_age: 50 }));
        let on = date(2026, 12, 1);
        for (open_book, born, expected) in [
            (by_age, Some(date(1976, 12, 1)), true),
            (by_age, Some(date(1976, 12, 2)), false),
            (by_age, Some(date(1976, 11, 30)), true),
            (by_age, Some(date(1990, 1, 1)), false),
            (by_age, None, false),
            (Some(OpenBook::Everybody(true)), None, true),
            (Some(OpenBook::Everybody(false)), Some(date(1950, 1, 1)), false),
            (None, Some(date(1950, 1, 1)), false),
        ] {
            assert_eq!(rules(open_book).is_open_book(born, on), expected, "{open_book:?} {born:?}");
        }
    }

    #[test]
    fn the_law_date_is_the_opening_day_unless_set() {
        let mut rules = Rules::with_pass_marks(MarksCenti::from_whole(60));
        assert_eq!(rules.law_date_or(date(2026, 12, 1)), date(2026, 12, 1));
        rules.law_date = Some(date(2027, 1, 1));
        assert_eq!(rules.law_date_or(date(2026, 12, 1)), date(2027, 1, 1));
    }
}
