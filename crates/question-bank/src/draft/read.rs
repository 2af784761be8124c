//! Reads drafts from JSON.

use super::{
    Draft, DraftAuthorship, DraftBody, DraftCitation, DraftItem, DraftKey, DraftOption, DraftPoint, FieldProblem,
    item_path,
};
use crate::fields::{Fields, Place, as_texts};
use crate::law::{ArticleNo, LawSlug};
use crate::question::{Audience, Kind, Level, OptionId, Pool, QuestionRef};
use crate::topic::TopicSlug;
use serde_json::Value;
use toml::Table;

impl Draft {
    /// Reads a draft. What is of the wrong type or unknown is named by its path and left out; blank texts count as not
    /// written. Version, state, authors and days are passed over: they are not the writer's to say.
    ///
    /// # Errors
    /// When the value is no object at all.
    pub fn from_json(value: &Value) -> Result<(Self, Vec<FieldProblem>), FieldProblem> {
        let no_object = || FieldProblem::error("", "内容应当是一个 JSON 对象，请按接口说明的格式提交");
        let pruned = pruned(value.clone()).filter(Value::is_object).ok_or_else(no_object)?;
        let table = Table::try_from(pruned).map_err(|_| no_object())?;
        let mut problems = Vec::new();
        let draft = read_draft(&table, &mut problems);
        let problems = problems
            .into_iter()
            .map(|problem| FieldProblem {
                field: problem.field.unwrap_or_default(),
                severity: problem.severity,
                reason: problem.reason,
            })
            .collect();
        Ok((draft, problems))
    }
}

/// The value without nulls and blank texts, the other texts without white space around them.
fn pruned(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.to_owned().into()),
        Value::Array(items) => Some(items.into_iter().filter_map(pruned).collect()),
        Value::Object(map) => {
            Some(map.into_iter().filter_map(|(key, item)| pruned(item).map(|item| (key, item))).collect())
        }
        scalar => Some(scalar),
    }
}

fn read_draft(table: &Table, problems: &mut Vec<crate::Problem>) -> Draft {
    let mut fields = Fields::new(table, Place::default());
    let reference = fields.text("ref").map(QuestionRef::new);
    for passed_over in ["version", "state"] {
        let _ = fields.raw(passed_over);
    }
    let pool = fields.word("pool", Pool::parse, Pool::WORDS);
    let topics = fields.texts("topics").unwrap_or_default().into_iter().map(TopicSlug::new).collect();
    let level = fields.word("level", Level::parse, Level::WORDS);
    let mut audience = Vec::new();
    for word in fields.texts("audience").unwrap_or_default() {
        match Audience::parse(&word) {
            Some(one) => audience.push(one),
            None => fields.complain("audience", format!("“{word}”不认识，应当是 {} 之一", Audience::WORDS)),
        }
    }
    let prior_facility = fields.float("prior_facility");
    let facts_on = fields.date("facts_on");
    let enemies = fields.texts("enemies").unwrap_or_default().into_iter().map(QuestionRef::new).collect();
    let successor_of = fields.text("successor_of").map(QuestionRef::new);
    let authorship = fields.table("authorship").map(|table| {
        let mut authorship = Fields::new(table, fields.place().below("authorship"));
        let review_by = authorship.date("review_by");
        authorship.finish_kindless(problems);
        DraftAuthorship { review_by }
    });
    let body = fields.table("body").map(|table| read_body(table, fields.place().below("body"), problems));
    fields.finish(problems);
    Draft {
        reference,
        pool,
        topics,
        level,
        audience,
        prior_facility,
        facts_on,
        enemies,
        successor_of,
        authorship: authorship.unwrap_or_default(),
        body: body.unwrap_or_default(),
    }
}

fn read_body(table: &Table, place: Place, problems: &mut Vec<crate::Problem>) -> DraftBody {
    let mut fields = Fields::new(table, place);
    let item = fields.table("item");
    let case = fields.table("case");
    if item.is_some() && case.is_some() {
        fields.complain("", "item 和 case 只能写一个");
    }
    fields.finish(problems);
    let Some(case) = case else {
        let item = item.map(|table| read_item(table, &item_path(false, 0), problems));
        return DraftBody::Item(item.unwrap_or_default());
    };
    let mut fields = Fields::new(case, Place::default().below("body.case"));
    let passage = fields.text("passage");
    let tables = fields.tables("parts");
    fields.finish(problems);
    let parts = tables
        .into_iter()
        .enumerate()
        .map(|(index, table)| {
            let path = item_path(true, index);
            let mut part = read_item(table, &path, problems);
            if matches!(part.kind, Some(Kind::Case | Kind::Essay)) {
                let reason = "小题只能是 single、multiple、judgement、blank 之一";
                problems.push(Place::default().below(&path).problem("kind", reason));
                part.kind = None;
            }
            part
        })
        .collect();
    DraftBody::Case { passage, parts }
}

fn read_item(table: &Table, path: &str, problems: &mut Vec<crate::Problem>) -> DraftItem {
    let mut fields = Fields::new(table, Place::default().below(path));
    let kind = fields.word("kind", Kind::parse, Kind::WORDS);
    let stem = fields.text("stem");
    let options = fields.tables("options");
    let place = fields.place().clone();
    let options = list(&options, &place, "options", problems, |option| DraftOption {
        id: option.text("id").map(OptionId::new),
        text: option.text("text"),
        misconception: option.text("misconception"),
    });
    let key = read_key(&mut fields, kind);
    let fixed_order = fields.boolean("fixed_order").unwrap_or(false);
    let misconception = fields.text("misconception");
    let reference = fields.text("reference");
    let points = fields.tables("points");
    let points = list(&points, &place, "points", problems, |point| DraftPoint {
        text: point.text("text"),
        marks: point.marks("marks"),
    });
    let explanation = fields.text("explanation");
    let citations = fields.tables("citations");
    let citations = list(&citations, &place, "citations", problems, |one| DraftCitation {
        law: one.text("law").map(LawSlug::new),
        edition: one.text("edition"),
        article: one.text("article").map(ArticleNo::new),
        paragraph: one.number("paragraph"),
        item: one.number("item"),
        words: one.text("words"),
        supports: one.texts("supports").unwrap_or_default().into_iter().map(OptionId::new).collect(),
        bind: one.text("bind"),
    });
    fields.finish(problems);
    DraftItem { kind, stem, options, key, fixed_order, misconception, reference, points, explanation, citations }
}

fn list<T>(
    tables: &[&Table],
    place: &Place,
    name: &str,
    problems: &mut Vec<crate::Problem>,
    read: impl Fn(&mut Fields<'_>) -> T,
) -> Vec<T> {
    tables
        .iter()
        .enumerate()
        .map(|(index, table)| {
            let mut fields = Fields::new(table, place.below(&format!("{name}[{index}]")));
            let one = read(&mut fields);
            fields.finish(problems);
            one
        })
        .collect()
}

/// One option bare or in a list, several options, a truth, or a list of answers for each blank.
fn read_key(fields: &mut Fields<'_>, kind: Option<Kind>) -> Option<DraftKey> {
    let value = fields.raw("key")?;
    let options = |texts: Vec<String>| DraftKey::of_options(kind, texts.into_iter().map(OptionId::new).collect());
    match value {
        toml::Value::Boolean(truth) => return Some(DraftKey::Truth(*truth)),
        toml::Value::String(id) => return options(vec![id.clone()]),
        toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
            return options(as_texts(value).unwrap_or_default());
        }
        toml::Value::Array(items) => {
            if let Some(blanks) = items.iter().map(as_texts).collect::<Option<Vec<_>>>() {
                return Some(DraftKey::Blanks(blanks));
            }
        }
        _ => {}
    }
    fields.complain("key", "答案应当是选项的 id（如 \"b\" 或 [\"a\", \"c\"]）、true 或 false，或者每空一个列表");
    None
}
