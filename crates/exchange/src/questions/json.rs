//! JSON: a list, lines, or an object with a list; questions of the contract's shape, or with their whole content.

use super::key::KeyText;
use super::raw::{Raw, RawOption};
use super::toml_file::parsed;
use super::{Format, Limits, ParsedFile, ParsedQuestion, QuestionFileError, RowProblem};
use serde_json::Value;

/// Signs of structure that a question may have.
const SIGNS_PER_QUESTION: usize = 400;

/// # Errors
/// Not JSON, too much, or without questions.
pub(super) fn read(text: &str, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let text = text.trim_start_matches('\u{FEFF}');
    // A file of empty records takes many times its size once read.
    let signs = text.bytes().filter(|byte| matches!(byte, b'{' | b'[' | b',')).count();
    if signs > limits.questions.saturating_mul(SIGNS_PER_QUESTION) {
        return Err(QuestionFileError::TooManyQuestions { limit: limits.questions });
    }
    let mut file = ParsedFile::of(Format::Json);
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| QuestionFileError::Malformed {
            format: "JSON",
            place: format!("第 {} 行附近", error.line().max(1)),
            reason: "括号、引号或者逗号不完整".to_owned(),
        })?;
        let records = match value {
            Value::Array(records) => records,
            Value::Object(mut map) => match map.remove("questions").or_else(|| map.remove("items")) {
                Some(Value::Array(records)) => records,
                _ => vec![Value::Object(map)],
            },
            other => vec![other],
        };
        for record in records {
            limits.check_questions(file.questions.len().saturating_add(1))?;
            let row = u32::try_from(file.questions.len().saturating_add(1)).unwrap_or(u32::MAX);
            file.questions.push(read_record(&record, row, limits));
        }
    }
    if file.questions.is_empty() {
        return Err(QuestionFileError::none("JSON 应当是题目的列表，或者每行一道题"));
    }
    Ok(file)
}

fn read_record(record: &Value, row: u32, limits: &Limits) -> ParsedQuestion {
    if record.get("body").is_some_and(Value::is_object) {
        return parsed(record, row);
    }
    if let Some(content) = record.get("content").filter(|content| content.get("body").is_some_and(Value::is_object)) {
        return parsed(content, row);
    }
    if !record.is_object() {
        return ParsedQuestion {
            problems: vec![RowProblem::error("", "这一条不是题目（应当是 JSON 对象）")],
            ..Raw::at(row).into_question(limits)
        };
    }
    of_contract(record, row).into_question(limits)
}

/// `{ref, kind, stem, options: [text…], key: ["A","C"] | [true] | [["answer"…]…], explanation}`.
fn of_contract(record: &Value, row: u32) -> Raw {
    let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut raw = Raw::at(row);
    raw.reference = text("ref");
    raw.kind = text("kind");
    raw.stem = text("stem").unwrap_or_default();
    raw.explanation = text("explanation");
    raw.level = text("level");
    raw.pool = text("pool");
    if record.get("stem").is_some_and(|stem| !stem.is_string() && !stem.is_null()) {
        raw.error("stem", "stem 应当是文字");
    }
    match record.get("options") {
        None | Some(Value::Null) => {}
        Some(Value::Array(options)) => {
            for option in options {
                match option.as_str().or_else(|| option.get("text").and_then(Value::as_str)) {
                    Some(text) => raw.options.push(RawOption {
                        misconception: option.get("misconception").and_then(Value::as_str).map(str::to_owned),
                        ..RawOption::of(text)
                    }),
                    None => raw.error("options", "options 应当是文字的列表"),
                }
            }
        }
        Some(_) => raw.error("options", "options 应当是文字的列表"),
    }
    raw.key = key_of(record.get("key"), &mut raw);
    raw
}

fn key_of(key: Option<&Value>, raw: &mut Raw) -> KeyText {
    let wrong = |raw: &mut Raw| {
        raw.error("key", "key 应当是 [\"A\",\"C\"]、[true]，或者每空一个列表 [[\"六个月\",\"半年\"]]");
        KeyText::Missing
    };
    match key {
        None | Some(Value::Null) => KeyText::Missing,
        Some(Value::Bool(truth)) => KeyText::Truth(*truth),
        Some(Value::String(text)) => KeyText::Text(text.clone()),
        Some(Value::Array(items)) => match items.as_slice() {
            [] => KeyText::Missing,
            [Value::Bool(truth)] => KeyText::Truth(*truth),
            items if items.iter().all(Value::is_string) => {
                KeyText::Text(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"))
            }
            items => {
                let blanks: Option<Vec<Vec<String>>> = items
                    .iter()
                    .map(|blank| blank.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect())
                    .collect();
                blanks.map_or_else(|| wrong(raw), KeyText::Blanks)
            }
        },
        Some(_) => wrong(raw),
    }
}
