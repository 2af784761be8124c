//! Reads blueprints from TOML and JSON.

use super::{Blueprint, BlueprintId, Constraints, MAX_SLOTS, Mode, Row, Section, Share};
use crate::fields::{Fields, Place, parse_table};
use crate::law::LawSlug;
use crate::question::{Audience, Kind, Level, Pool, QuestionRef};
use crate::topic::TopicSlug;
use crate::{Marks, Problem};
use toml::{Table, Value};

impl Blueprint {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// Every problem, with its field.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let blueprint = parse_table(file, text, &mut problems).and_then(|table| load(file, &table, &mut problems));
        blueprint.ok_or(problems)
    }

    /// Reads JSON of the same shape; lists may also be called `sections` and `rows`.
    ///
    /// # Errors
    /// Every problem, with its field.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        let file = "细目表";
        let mut problems = Vec::new();
        let table = serde_json::from_str::<serde_json::Value>(text)
            .ok()
            .and_then(|value| Table::try_from(without_nulls(value)).ok());
        let Some(table) = table else { return Err(vec![Problem::error(file, "不是正确的 JSON，请核对")]) };
        load(file, &table, &mut problems).ok_or(problems)
    }
}

fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect(),
        Value::Object(map) => {
            map.into_iter().filter(|(_, item)| !item.is_null()).map(|(key, item)| (key, without_nulls(item))).collect()
        }
        scalar => scalar,
    }
}

fn load(file: &str, table: &Table, problems: &mut Vec<Problem>) -> Option<Blueprint> {
    let before = problems.len();
    let mut fields = Fields::new(table, Place::file(file));
    let id = fields.need_text("id");
    if let Some(id) = &id
        && !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        fields.complain("id", "id 只能用小写字母、数字和连字符");
    }
    let title = fields.need_text("title");
    let pools = words(&mut fields, "pools", Pool::parse, Pool::WORDS).unwrap_or_else(|| vec![Pool::Exam]);
    if pools.is_empty() {
        fields.complain("pools", "pools 是空的，请至少写一个题库池");
    }
    let practice_share = fields.share("practice_share").map(Share::from_basis_points);
    let mode = fields.word("mode", mode_of, "fixed、random").unwrap_or_default();
    let shuffle_within_section = fields.boolean("shuffle_within_section").unwrap_or(true);
    let shuffle_options = fields.boolean("shuffle_options").unwrap_or(true);
    let constraints =
        fields.table("constraints").map_or_else(Constraints::default, |table| load_constraints(file, table, problems));
    let sections = if fields.has("sections") { fields.tables("sections") } else { fields.tables("section") };
    if sections.is_empty() {
        fields.complain("section", "没有任何部分，请至少写一个 [[section]]");
    }
    let sections: Vec<Section> = sections
        .into_iter()
        .zip(1_u32..)
        .filter_map(|(table, no)| load_section(table, Place::file(file).below(&format!("section[{no}]")), problems))
        .collect();
    let total: u64 = sections.iter().flat_map(|section| &section.rows).map(|row| u64::from(row.count)).sum();
    if total > u64::from(MAX_SLOTS) {
        fields.complain("section", format!("一共 {total} 题，至多 {MAX_SLOTS} 题"));
    }
    fields.finish(problems);
    if problems.len() > before {
        return None;
    }
    Some(Blueprint {
        id: BlueprintId::new(id?),
        title: title?,
        pools,
        practice_share,
        mode,
        shuffle_within_section,
        shuffle_options,
        constraints,
        sections,
    })
}

fn mode_of(word: &str) -> Option<Mode> {
    match word {
        "fixed" => Some(Mode::Fixed),
        "random" => Some(Mode::Random),
        _ => None,
    }
}

fn words<T>(fields: &mut Fields<'_>, name: &'static str, read: fn(&str) -> Option<T>, all: &str) -> Option<Vec<T>> {
    let texts = fields.texts(name)?;
    let mut found = Vec::with_capacity(texts.len());
    for text in &texts {
        match read(text) {
            Some(word) => found.push(word),
            None => fields.complain(name, format!("“{text}”不认识，应当是 {all} 之一")),
        }
    }
    Some(found)
}

fn load_constraints(file: &str, table: &Table, problems: &mut Vec<Problem>) -> Constraints {
    let mut fields = Fields::new(table, Place::file(file).below("constraints"));
    let max_per_article = fields.number("max_per_article");
    if max_per_article == Some(0) {
        fields.complain("max_per_article", "同一条文的题数上限应当不小于 1");
    }
    let facility_band = fields.raw("facility_band").and_then(|value| {
        let band = match value.as_array().map(Vec::as_slice) {
            Some([low, high]) => {
                low.as_float().zip(high.as_float()).filter(|(low, high)| 0.0 <= *low && low <= high && *high <= 1.0)
            }
            _ => None,
        };
        if band.is_none() {
            fields.complain("facility_band", "难度区间应当是两个小数，如 [0.6, 0.75]，在 0 至 1 之间，前小后大");
        }
        band
    });
    let avoid = fields.texts("avoid").unwrap_or_default().into_iter().map(QuestionRef::new).collect();
    let audience = words(&mut fields, "audience", Audience::parse, Audience::WORDS).unwrap_or_default();
    fields.finish(problems);
    Constraints { max_per_article, facility_band, avoid, audience }
}

fn load_section(table: &Table, place: Place, problems: &mut Vec<Problem>) -> Option<Section> {
    let mut fields = Fields::new(table, place);
    let title = fields.need_text("title");
    let kind = fields.word("kind", Kind::parse, Kind::WORDS);
    let count = fields.number("count");
    let marks_each = fields.marks("marks_each");
    let tables = if fields.has("rows") { fields.tables("rows") } else { fields.tables("row") };
    let mut rows: Vec<Row> = Vec::with_capacity(tables.len() + 1);
    let listed = tables.len();
    for (table, no) in tables.into_iter().zip(1_u32..) {
        let place = fields.place().below(&format!("row[{no}]"));
        rows.extend(load_row(table, place, kind, marks_each, problems));
    }
    let sum: u64 = rows.iter().map(|row| u64::from(row.count)).sum();
    match count.map(u64::from) {
        None if listed == 0 => fields.complain("count", "请写题数 count，或者写细目 [[section.row]]"),
        Some(0) => fields.complain("count", "题数应当大于 0"),
        Some(count) if count < sum => fields.complain("count", format!("细目合计 {sum} 题，超过本部分的 {count} 题")),
        Some(count) if count > sum => match marks_each {
            Some(marks) => rows.push(Row {
                topics: Vec::new(),
                laws: Vec::new(),
                level: None,
                kind,
                count: u32::try_from(count - sum).unwrap_or(u32::MAX),
                marks,
            }),
            None => {
                fields.needed("marks_each", None::<Marks>);
            }
        },
        _ => {}
    }
    fields.finish(problems);
    Some(Section { title: title?, kind, rows })
}

fn load_row(
    table: &Table,
    place: Place,
    kind: Option<Kind>,
    marks_each: Option<Marks>,
    problems: &mut Vec<Problem>,
) -> Option<Row> {
    let mut fields = Fields::new(table, place);
    let topics = one_or_more(&mut fields, "topic", "topics");
    let laws = one_or_more(&mut fields, "law", "laws");
    let level = fields.word("level", Level::parse, Level::WORDS);
    let own_kind = fields.word("kind", Kind::parse, Kind::WORDS);
    if let (Some(own), Some(section)) = (own_kind, kind)
        && own != section
    {
        fields.complain("kind", format!("与本部分的题型 {section} 不同，请改其中一个"));
    }
    let count = fields.number("count");
    let count = fields.needed("count", count);
    if count == Some(0) {
        fields.complain("count", "题数应当大于 0");
    }
    let marks = fields.marks("marks").or(marks_each);
    let marks = fields.needed("marks", marks);
    fields.finish(problems);
    Some(Row {
        topics: topics.into_iter().map(TopicSlug::new).collect(),
        laws: laws.into_iter().map(LawSlug::new).collect(),
        level,
        kind: own_kind.or(kind),
        count: count?,
        marks: marks?,
    })
}

fn one_or_more(fields: &mut Fields<'_>, one: &'static str, more: &'static str) -> Vec<String> {
    let mut all = fields.texts(more).unwrap_or_default();
    match fields.raw(one) {
        Some(Value::String(text)) => all.push(text.clone()),
        Some(_) => fields.complain(one, format!("“{one}”应当是文字；有几个时写 {more} = [\"…\"]")),
        None => {}
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::Marks;
    use crate::blueprint::{Blueprint, Mode};
    use crate::question::{Audience, Kind, Level, Pool};

    const FULL: &str = r#"
id = "jia"
title = "甲卷"
pools = ["exam", "secure"]
practice_share = 0.3
mode = "random"
shuffle_options = false
[constraints]
max_per_article = 2
facility_band = [0.6, 0.75]
avoid = ["q-1"]
audience = ["party"]
[[section]]
title = "一"
kind = "single"
count = 10
marks_each = 1.5
[[section.row]]
topic = "t1"
laws = ["a", "b"]
level = "recall"
count = 4
marks = 2
[[section]]
title = "二"
[[section.row]]
kind = "case"
count = 3
marks = 4
"#;

    #[test]
    fn a_full_blueprint_is_read_and_goes_through_json() {
        let blueprint = Blueprint::from_toml("b.toml", FULL).unwrap();
        assert_eq!((blueprint.count(), blueprint.marks()), (13, Marks::whole(8 + 9 + 12)));
        assert_eq!(blueprint.pools, [Pool::Exam, Pool::Secure]);
        assert_eq!(
            (blueprint.mode, blueprint.shuffle_options, blueprint.shuffle_within_section),
            (Mode::Random, false, true)
        );
        assert_eq!(blueprint.practice_share.unwrap().of(13), 4);
        assert_eq!(blueprint.constraints.audience, [Audience::Party]);
        let rows = &blueprint.sections[0].rows;
        assert_eq!((rows[0].count, rows[0].level, rows[0].kind), (4, Some(Level::Recall), Some(Kind::Single)));
        assert_eq!((rows[1].count, rows[1].marks, rows[1].topics.len()), (6, Marks::from_centi(150), 0));
        assert_eq!(Blueprint::from_json(&blueprint.to_json()).unwrap(), blueprint);
    }

    #[test]
    fn the_simple_form_is_kind_count_and_marks() {
        let text = "id = 'a'\ntitle = 'b'\n[[section]]\ntitle = 'c'\nkind = 'judgement'\ncount = 30\nmarks_each = 1\n";
        let blueprint = Blueprint::from_toml("b.toml", text).unwrap();
        assert_eq!(
            (blueprint.count(), blueprint.marks(), blueprint.pools.as_slice()),
            (30, Marks::whole(30), &[Pool::Exam][..])
        );
    }

    #[test]
    fn each_wrong_field_is_named() {
        let cases = [
            ("id = \"jia\"", "id = \"Jia\"", "id"),
            ("title = \"甲卷\"", "", "title"),
            ("\"secure\"", "\"open\"", "pools"),
            ("practice_share = 0.3", "practice_share = 1.3", "practice_share"),
            ("mode = \"random\"", "mode = \"any\"", "mode"),
            ("max_per_article = 2", "max_per_article = 0", "constraints.max_per_article"),
            ("[0.6, 0.75]", "[0.75, 0.6]", "constraints.facility_band"),
            ("avoid =", "avoids =", "constraints.avoids"),
            ("kind = \"single\"", "kind = \"choice\"", "section[1].kind"),
            ("count = 10", "count = 3", "section[1].count"),
            ("count = 10", "count = 600", "section"),
            ("marks_each = 1.5", "marks_each = 1.555", "section[1].marks_each"),
            ("count = 4", "count = 0", "section[1].row[1].count"),
            ("level = \"recall\"", "level = \"recall\"\nkind = \"blank\"", "section[1].row[1].kind"),
            ("topic = \"t1\"", "topic = [\"t1\"]", "section[1].row[1].topic"),
            ("marks = 4", "", "section[2].row[1].marks"),
        ];
        for (from, to, field) in cases {
            let text = FULL.replacen(from, to, 1);
            assert_ne!(text, FULL, "{from}");
            let problems = Blueprint::from_toml("b.toml", &text).unwrap_err();
            assert!(problems.iter().any(|problem| problem.field.as_deref() == Some(field)), "{to}: {problems:?}");
        }
        assert!(Blueprint::from_json("[]").is_err());
    }
}
