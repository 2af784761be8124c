//! Our own question files, read so that a question that lacks something is a draft with gaps.

use super::{Format, Limits, ParsedFile, ParsedQuestion, QuestionFileError, RowProblem};
use question_bank::draft::Draft;
use serde_json::{Map, Value};
use toml::Table;

/// Fields of what a slot asks; the others stand beside the body.
const ITEM_FIELDS: [&str; 9] =
    ["kind", "stem", "options", "key", "fixed_order", "misconception", "reference", "points", "explanation"];
/// Fields that are not a draft's to say.
const PASSED_OVER: [&str; 6] = ["version", "state", "author", "reviewer", "checked_on", "unproven_reason"];

/// # Errors
/// Not TOML, or without questions.
pub(super) fn read(text: &str, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let text = text.trim_start_matches('\u{FEFF}');
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |line| format!("第 {line} 行附近"));
        QuestionFileError::Malformed { format: "TOML", place, reason: error.message().to_owned() }
    })?;
    let tables = table.get("question").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if tables.is_empty() {
        return Err(QuestionFileError::none("每道题写成一个 [[question]]"));
    }
    limits.check_questions(tables.len())?;
    let head = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let defaults = (head("law"), head("edition"));
    let mut file = ParsedFile::of(Format::Toml);
    for (question, row) in tables.iter().zip(1_u32..) {
        file.questions.push(read_question(question, row, &defaults));
    }
    Ok(file)
}

fn read_question(question: &toml::Value, row: u32, defaults: &(Option<String>, Option<String>)) -> ParsedQuestion {
    let value = question.as_table().map(|table| content_of(table, defaults)).unwrap_or(Value::Null);
    parsed(&value, row)
}

/// A question from JSON of the shape of its content.
pub(super) fn parsed(content: &Value, row: u32) -> ParsedQuestion {
    let (draft, problems) = match Draft::from_json(content) {
        Ok((draft, problems)) => (draft, problems),
        Err(problem) => (Draft::default(), vec![problem]),
    };
    let problems = problems
        .into_iter()
        .map(|problem| RowProblem { field: problem.field, severity: problem.severity, reason: problem.reason })
        .collect();
    ParsedQuestion { sheet: None, row, draft, topics: Vec::new(), sources: Vec::new(), problems }
}

/// The table of a question in the shape of its content as JSON.
fn content_of(table: &Table, defaults: &(Option<String>, Option<String>)) -> Value {
    let mut content = Map::new();
    let mut item = Map::new();
    for (name, value) in table {
        match name.as_str() {
            name if PASSED_OVER.contains(&name) => {}
            "review_by" => {
                content.insert(
                    "authorship".to_owned(),
                    Value::Object([("review_by".to_owned(), json_of(value))].into_iter().collect()),
                );
            }
            "part" | "passage" | "citation" => {}
            name if ITEM_FIELDS.contains(&name) => {
                item.insert(name.to_owned(), json_of(value));
            }
            name => {
                content.insert(name.to_owned(), json_of(value));
            }
        }
    }
    let is_case = table.get("kind").and_then(toml::Value::as_str) == Some("case") || table.contains_key("part");
    let body = if is_case {
        let parts = table.get("part").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let parts: Vec<Value> = parts
            .iter()
            .map(|part| {
                let Some(part) = part.as_table() else { return Value::Null };
                let mut own: Map<String, Value> = part
                    .iter()
                    .filter(|(name, _)| *name != "citation")
                    .map(|(name, value)| (name.clone(), json_of(value)))
                    .collect();
                own.insert("citations".to_owned(), citations_of(part, defaults));
                Value::Object(own)
            })
            .collect();
        let passage = table.get("passage").map_or(Value::Null, json_of);
        serde_json::json!({ "case": { "passage": passage, "parts": parts } })
    } else {
        item.insert("citations".to_owned(), citations_of(table, defaults));
        serde_json::json!({ "item": item })
    };
    content.insert("body".to_owned(), body);
    Value::Object(content)
}

fn citations_of(table: &Table, (law, edition): &(Option<String>, Option<String>)) -> Value {
    let Some(citations) = table.get("citation").and_then(toml::Value::as_array) else {
        return Value::Array(Vec::new());
    };
    let with_defaults = |citation: &toml::Value| {
        let mut own = json_of(citation);
        if let Some(own) = own.as_object_mut() {
            for (name, default) in [("law", law), ("edition", edition)] {
                if let Some(default) = default.as_ref().filter(|_| !own.contains_key(name)) {
                    own.insert(name.to_owned(), Value::String(default.clone()));
                }
            }
        }
        own
    };
    citations.iter().map(with_defaults).collect()
}

fn json_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        toml::Value::Array(items) => items.iter().map(json_of).collect(),
        toml::Value::Table(table) => table.iter().map(|(name, value)| (name.clone(), json_of(value))).collect(),
        scalar => serde_json::to_value(scalar).unwrap_or(Value::Null),
    }
}
