//! Which questions may come, which row describes them, and what to say when there are too few.

use crate::Marks;
use crate::blueprint::{Blueprint, Row};
use crate::law::{Register, Validity};
use crate::question::{Audience, Kind, Pool, Question, State as QuestionState};
use jiff::civil::Date;

/// Whether every citation of a question is in force on a day: the edition on that day, the article at all, and the
/// facts of a case not later than it.
pub fn in_force(question: &Question, register: &Register, day: Date) -> bool {
    let cited = question.citations().all(|citation| {
        register.edition(&citation.edition_id()).is_some_and(|edition| {
            let article = edition.article(&citation.article);
            edition.in_force_on(day) && article.is_some_and(|article| article.validity == Validity::InForce)
        })
    });
    cited && question.facts_on.is_none_or(|facts| facts <= day)
}

/// Whether the blueprint as a whole admits a question.
pub(super) fn admits(blueprint: &Blueprint, question: &Question) -> bool {
    let constraints = &blueprint.constraints;
    let pool = blueprint.pools.contains(&question.pool)
        || (blueprint.practice_share.is_some() && question.pool == Pool::Practice);
    let suits = |audience: &Audience| *audience == Audience::All || constraints.audience.contains(audience);
    question.state == QuestionState::Active
        && pool
        && !constraints.avoid.contains(&question.reference)
        && (constraints.audience.is_empty() || question.audience.iter().any(suits))
}

/// Whether a row describes a question.
pub(super) fn describes(row: &Row, question: &Question) -> bool {
    let kind = question.kind();
    let right_kind = match row.kind {
        Some(wanted) => wanted == kind,
        None => !matches!(kind, Kind::Case | Kind::Essay),
    };
    right_kind
        && row.level.is_none_or(|level| level == question.level)
        && (row.topics.is_empty() || question.topics.iter().any(|topic| row.topics.contains(topic)))
        && (row.laws.is_empty() || question.law().is_some_and(|law| row.laws.contains(law)))
}

/// Names a row that goes short, and why.
pub(super) fn shortage(blueprint: &Blueprint, row: &(usize, usize, &Row), found: u32, rows_suffice: bool) -> String {
    let (section, in_section, row) = row;
    let title = blueprint.sections.get(*section).map_or("", |section| section.title.as_str());
    let mut what: Vec<String> = Vec::new();
    what.extend(row.kind.map(|kind| kind.title().to_owned()));
    what.extend(row.level.map(|level| level.title().to_owned()));
    what.extend((!row.topics.is_empty()).then(|| join(row.topics.iter().map(crate::topic::TopicSlug::as_str))));
    what.extend((!row.laws.is_empty()).then(|| join(row.laws.iter().map(crate::law::LawSlug::as_str))));
    let what = if what.is_empty() { "任意".to_owned() } else { what.join("·") };
    let why = if found < row.count {
        format!("能用的只有 {found} 题")
    } else if rows_suffice {
        "受同一条文题数、互斥题、练习题占比或者案例小题数的限制".to_owned()
    } else {
        "与别的细目争用同一批题".to_owned()
    };
    let marks: Marks = row.marks;
    format!(
        "第 {} 部分“{title}”第 {} 行（{what}，{} 题，每题 {marks} 分）：{why}",
        section + 1,
        in_section + 1,
        row.count
    )
}

fn join<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.collect::<Vec<_>>().join("、")
}
