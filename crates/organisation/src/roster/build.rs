//! The person as a row says, over the person as stored.

use super::MADE_UP_KEY;
use super::matching::Candidate;
use super::notes::Notes;
use super::outcome::FieldChange;
use super::plan::PlanTools;
use super::row::{Field, KeyKind, Severity};
use super::units::UnitResolver;
use crate::person::{Party, Person, Status};
use crate::ranks::{
    Category, GroupSlug, ListEntry, ListKind, Lists, PostLevelSlug, RankSlug, Spellings, SuperviseeSlug, nearest,
};
use crate::unit::UnitKind;
use crate::{PersonId, UnitId};

pub(super) struct Facts<'a> {
    pub(super) candidate: &'a Candidate<'a>,
    pub(super) before: Option<&'a Person>,
    pub(super) unit: UnitId,
}

pub(super) fn build_person(
    facts: &Facts<'_>,
    units: &UnitResolver<'_>,
    spellings: &mut Spellings<'_>,
    tools: &mut PlanTools<'_>,
    notes: &mut Notes,
) -> (Person, Vec<FieldChange>) {
    let row = facts.candidate.row;
    let mut after = facts.before.cloned().unwrap_or_else(|| blank(facts, tools));
    if let Some(before) = facts.before.filter(|before| before.name != facts.candidate.name) {
        let reason = format!("识别号相同而姓名由“{}”改为“{}”，请核对是否同一人", before.name, facts.candidate.name);
        notes.row(row, Some(Field::Name), Severity::Warning, reason);
    }
    after.name = facts.candidate.name.to_owned();
    after.unit = facts.unit.clone();
    take_key(facts, &mut after);
    take_levels(facts, units, spellings, &mut after, notes);
    if let Some(post) = row.get(Field::Post) {
        after.post = Some(post.to_owned());
    }
    if let Some(text) = row.get(Field::Party) {
        match Party::parse(text) {
            Some(party) => after.party = Some(party),
            None => unknown(notes, facts, Field::Party, text, &near(Party::ALL.map(Party::title), text)),
        }
    }
    if let Some(text) = row.get(Field::Supervisee) {
        let lists = spellings.lists();
        match spellings.supervisee(text) {
            Some(slug) => {
                let entry = lists.entry(ListKind::Supervisee, slug.as_str());
                let has = after.supervisee.as_ref().map(SuperviseeSlug::as_str);
                if !retired(notes, facts, (Field::Supervisee, text), entry, has) {
                    after.supervisee = Some(slug);
                }
            }
            None => unknown(notes, facts, Field::Supervisee, text, &lists.nearest(ListKind::Supervisee, text)),
        }
    }
    after.born = facts.candidate.born.or(after.born);
    if let Some(phone) = row.get(Field::Phone) {
        after.phone = Some(phone.to_owned());
    }
    take_status(facts, units, &mut after, notes);
    if let Some(id) = row.get(Field::IdNumber) {
        after.id_last4 = Some(id.chars().skip(id.chars().count().saturating_sub(4)).collect());
    }
    let fields =
        facts.before.map(|before| differences(before, &after, facts, units, spellings.lists())).unwrap_or_default();
    (after, fields)
}

fn blank(facts: &Facts<'_>, tools: &mut PlanTools<'_>) -> Person {
    let id = (tools.new_id)();
    Person {
        key: format!("{MADE_UP_KEY}{id}"),
        id: PersonId::new(id),
        name: String::new(),
        unit: facts.unit.clone(),
        post_level: None,
        rank: None,
        group: GroupSlug::new(""),
        post: None,
        party: None,
        supervisee: None,
        born: None,
        phone: None,
        status: Status::Active,
        seconded_unit: None,
        id_last4: None,
    }
}

/// The best key of the row becomes the person's. A weaker one never replaces what is there: that may be the better
/// kind, which this file lacks.
fn take_key(facts: &Facts<'_>, after: &mut Person) {
    let keys = &facts.candidate.keys;
    let Some((_, best)) = keys.first() else { return };
    let known_by = keys.iter().position(|(_, key)| *key == after.key);
    if known_by.is_some_and(|place| place > 0) || after.key.starts_with(MADE_UP_KEY) {
        after.key.clone_from(best);
    }
}

fn unknown(notes: &mut Notes, facts: &Facts<'_>, field: Field, text: &str, near: &[&str]) {
    notes.once(facts.candidate.row, field, text, || {
        let near = if near.is_empty() { String::new() } else { format!("，相近的有：{}", near.join("、")) };
        format!("不认识的{}“{text}”，这一格没有采用；请改成名单中的写法{near}", field.title())
    });
}

/// A value that is no longer given, unless the person has it already.
fn retired(
    notes: &mut Notes,
    facts: &Facts<'_>,
    (field, text): (Field, &str),
    entry: Option<&ListEntry>,
    has: Option<&str>,
) -> bool {
    let Some(entry) = entry.filter(|entry| entry.retired && has != Some(entry.slug.as_str())) else { return false };
    notes.once(facts.candidate.row, field, text, || {
        format!("{}“{}”已停用，这一格没有采用；请改成名单中在用的写法", field.title(), entry.title)
    });
    true
}

fn near<'a>(titles: impl IntoIterator<Item = &'a str>, text: &str) -> Vec<&'a str> {
    nearest::titles(titles.into_iter().map(|title| (title, title)), text)
}

/// 领导职务层次 and 职级; offices often write one into the other's column.
fn take_levels(
    facts: &Facts<'_>,
    units: &UnitResolver<'_>,
    spellings: &mut Spellings<'_>,
    after: &mut Person,
    notes: &mut Notes,
) {
    let (row, lists) = (facts.candidate.row, spellings.lists());
    let (mut post_level, mut rank): (Option<PostLevelSlug>, Option<RankSlug>) = (None, None);
    let post_text = row.get(Field::PostLevel);
    let rank_text = row.get(Field::Rank);
    let mut from_other: Option<(Field, &str, String)> = None;
    if let Some(text) = post_text {
        post_level = spellings.post_level(text);
        if post_level.is_none() {
            match spellings.rank(text) {
                Some(found) => {
                    from_other = Some((Field::PostLevel, text, format!("按职级“{}”处理", lists.rank_title(&found))));
                    rank = Some(found);
                }
                None => unknown(notes, facts, Field::PostLevel, text, &lists.nearest(ListKind::PostLevel, text)),
            }
        }
    }
    if let Some(text) = rank_text {
        match (spellings.rank(text), spellings.post_level(text)) {
            (Some(found), _) => rank = Some(found),
            (None, Some(found)) if post_level.is_none() => {
                let reason = format!("按领导职务层次“{}”处理", lists.post_level_title(&found));
                from_other = Some((Field::Rank, text, reason));
                post_level = Some(found);
            }
            // The other column said it already.
            (None, Some(found)) if post_level.as_ref() == Some(&found) => {}
            _ => unknown(notes, facts, Field::Rank, text, &lists.nearest(ListKind::Rank, text)),
        }
    }
    if let Some((field, text, how)) = from_other {
        notes.once(row, field, text, || format!("{}写着“{text}”，{how}，请核对", field.title()));
    }
    let entry = post_level.as_ref().and_then(|slug| lists.entry(ListKind::PostLevel, slug.as_str()));
    let has = after.post_level.as_ref().map(PostLevelSlug::as_str);
    if retired(notes, facts, (Field::PostLevel, post_text.unwrap_or_default()), entry, has) {
        post_level = None;
    }
    let entry = rank.as_ref().and_then(|slug| lists.entry(ListKind::Rank, slug.as_str()));
    let has = after.rank.as_ref().map(RankSlug::as_str);
    if retired(notes, facts, (Field::Rank, rank_text.unwrap_or_default()), entry, has) {
        rank = None;
    }
    let changed = post_level.as_ref().is_some_and(|own| after.post_level.as_ref() != Some(own))
        || rank.as_ref().is_some_and(|own| after.rank.as_ref() != Some(own));
    after.post_level = post_level.or(after.post_level.take());
    after.rank = rank.or(after.rank.take());
    let said = row.get(Field::Category).and_then(Category::parse);
    if facts.before.is_none() || changed || said.is_some() {
        let category = said.or_else(|| category_of_unit(units.kind(&after.unit), after));
        after.group = lists.analysis_group(after.post_level.as_ref(), after.rank.as_ref(), category);
    }
    // The column may hold an analysis group itself; then the office has decided.
    if let Some(text) = row.get(Field::Category) {
        match spellings.group(text) {
            Some(group) => {
                let entry = lists.entry(ListKind::RankGroup, group.as_str());
                if !retired(notes, facts, (Field::Category, text), entry, Some(after.group.as_str())) {
                    after.group = group;
                }
            }
            None if said.is_none() => {
                unknown(notes, facts, Field::Category, text, &lists.nearest(ListKind::RankGroup, text));
            }
            None => {}
        }
    }
}

/// Nobody said what a person is employed as: in a village or an enterprise, somebody without level and rank is one
/// of theirs.
fn category_of_unit(kind: Option<UnitKind>, person: &Person) -> Option<Category> {
    let none = |slug: Option<&str>| matches!(slug, None | Some("wu"));
    if !none(person.post_level.as_ref().map(PostLevelSlug::as_str)) || !none(person.rank.as_ref().map(RankSlug::as_str))
    {
        return None;
    }
    match kind? {
        UnitKind::Village => Some(Category::Village),
        UnitKind::Enterprise => Some(Category::Enterprise),
        UnitKind::Institution => Some(Category::Institution),
        _ => None,
    }
}

fn take_status(facts: &Facts<'_>, units: &UnitResolver<'_>, after: &mut Person, notes: &mut Notes) {
    let row = facts.candidate.row;
    let said = row.get(Field::Status).and_then(Status::parse);
    match (row.get(Field::Status), said) {
        (_, Some(status)) => after.status = status,
        (Some(text), None) => {
            unknown(notes, facts, Field::Status, text, &near(Status::ALL.map(Status::title), text));
        }
        (None, None) => {}
    }
    // Named again in a roster: back, unless the file says otherwise.
    if said.is_none() && facts.before.is_some_and(|before| before.status == Status::Left) {
        after.status = Status::Active;
        notes.row(row, Some(Field::Name), Severity::Warning, "此人曾标为离开，现在名册里又有，改为在岗，请核对");
    }
    if let Some(text) = row.get(Field::SecondedUnit) {
        match units.known_by_name(text) {
            Some(unit) => after.seconded_unit = Some(unit),
            None => notes.once(row, Field::SecondedUnit, text, || {
                format!("借调（挂职）单位“{text}”不在本区机构里，没有记录单位")
            }),
        }
        if said.is_none() && after.status == Status::Active {
            after.status = Status::Seconded;
        }
    }
}

fn differences(
    before: &Person,
    after: &Person,
    facts: &Facts<'_>,
    units: &UnitResolver<'_>,
    lists: &Lists,
) -> Vec<FieldChange> {
    if before == after {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut compare = |field: &str, old: Option<String>, new: Option<String>| {
        if old != new {
            found.push(FieldChange { field: field.to_owned(), before: old, after: new });
        }
    };
    let each = |person: &Person| -> [(Field, Option<String>); 11] {
        [
            (Field::Name, Some(person.name.clone())),
            (Field::PostLevel, person.post_level.as_ref().map(|slug| lists.post_level_title(slug).to_owned())),
            (Field::Rank, person.rank.as_ref().map(|slug| lists.rank_title(slug).to_owned())),
            (Field::Post, person.post.clone()),
            (Field::Party, person.party.map(|party| party.title().to_owned())),
            (Field::Supervisee, person.supervisee.as_ref().map(|slug| lists.supervisee_title(slug).to_owned())),
            (Field::Born, person.born.map(|born| born.to_string())),
            (Field::Phone, person.phone.clone()),
            (Field::Status, Some(person.status.title().to_owned())),
            (Field::SecondedUnit, person.seconded_unit.as_ref().map(|unit| units.path(unit))),
            (Field::IdNumber, person.id_last4.as_ref().map(|last| format!("**************{last}"))),
        ]
    };
    if before.unit != after.unit {
        compare(Field::Unit.title(), Some(units.path(&before.unit)), Some(units.path(&after.unit)));
    }
    for ((field, old), (_, new)) in each(before).into_iter().zip(each(after)) {
        compare(field.title(), old, new);
    }
    let group = |person: &Person| Some(lists.group_title(&person.group).to_owned());
    compare("分析层级", group(before), group(after));
    if before.key != after.key {
        compare("识别号", Some(shown_key(&before.key, None)), Some(shown_key(&after.key, Some(facts))));
    }
    found
}

/// A key for showing: a made-up one as 无, that of an ID number as its masked number.
fn shown_key(key: &str, facts: Option<&Facts<'_>>) -> String {
    if key.starts_with(MADE_UP_KEY) {
        return "无".to_owned();
    }
    let by_id = facts
        .is_some_and(|facts| facts.candidate.keys.iter().any(|(kind, own)| *kind == KeyKind::IdNumber && own == key));
    match facts.and_then(|facts| facts.candidate.row.get(Field::IdNumber)) {
        Some(number) if by_id => crate::id_number::mask(number),
        _ => crate::text::shorten(key, 20),
    }
}
