//! Reads the fields of a TOML table by name, and names what is missing, of the wrong type, or unknown.

use crate::marks::{Marks, parse_scaled};
use crate::{Problem, Severity};
use jiff::civil::Date;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// Where a table stands: file, question, and the path of the table within it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) question: Option<String>,
    pub(crate) path: String,
}

impl Place {
    pub(crate) fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    pub(crate) fn question(file: &str, question: &str) -> Self {
        Self { file: file.to_owned(), question: Some(question.to_owned()), path: String::new() }
    }

    /// The same question, one table further down.
    pub(crate) fn below(&self, name: &str) -> Self {
        Self { path: join(&self.path, name), ..self.clone() }
    }

    pub(crate) fn problem(&self, field: &str, reason: impl Into<String>) -> Problem {
        Problem {
            file: self.file.clone(),
            question: self.question.clone(),
            field: Some(join(&self.path, field)).filter(|field| !field.is_empty()),
            severity: Severity::Error,
            reason: reason.into(),
        }
    }
}

fn join(path: &str, field: &str) -> String {
    match (path.is_empty(), field.is_empty()) {
        (true, _) => field.to_owned(),
        (false, true) => path.to_owned(),
        (false, false) => format!("{path}.{field}"),
    }
}

/// Parses a TOML text; a text that is none is one problem with its line.
pub(crate) fn parse_table(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Table> {
    match text.parse::<Table>() {
        Ok(table) => Some(table),
        Err(error) => {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
            let place = line.map_or_else(String::new, |line| format!("第 {line} 行附近"));
            problems.push(Problem::error(
                file,
                format!(
                    "{place}不是正确的 TOML（引号、括号或等号可能写错，或者同一字段写了两次）：{}",
                    error.message()
                ),
            ));
            None
        }
    }
}

/// A table that is being read.
pub(crate) struct Fields<'a> {
    table: &'a Table,
    place: Place,
    read: BTreeSet<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(table: &'a Table, place: Place) -> Self {
        Self { table, place, read: BTreeSet::new(), problems: Vec::new() }
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// Adds a problem at a field.
    pub(crate) fn complain(&mut self, name: &str, reason: impl Into<String>) {
        let problem = self.place.problem(name, reason);
        self.problems.push(problem);
    }

    fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.read.insert(name);
        self.table.get(name)
    }

    fn typed<T>(&mut self, name: &'static str, what: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.get(name)?;
        let typed = read(value);
        if typed.is_none() {
            self.complain(name, format!("“{name}”应当是{what}"));
        }
        typed
    }

    /// Turns "not there" into a problem.
    pub(crate) fn needed<T>(&mut self, name: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.has(name) {
            self.complain(name, format!("缺少“{name}”，请补上"));
        }
        value
    }

    pub(crate) fn raw(&mut self, name: &'static str) -> Option<&'a Value> {
        self.get(name)
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.typed(name, "不空的文字", |value| {
            value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
        })
    }

    pub(crate) fn need_text(&mut self, name: &'static str) -> Option<String> {
        let value = self.text(name);
        self.needed(name, value)
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Option<u32> {
        self.typed(name, "不小于 0 的整数", |value| {
            value.as_integer().and_then(|number| u32::try_from(number).ok())
        })
    }

    pub(crate) fn float(&mut self, name: &'static str) -> Option<f64> {
        self.typed(name, "数", as_float)
    }

    pub(crate) fn marks(&mut self, name: &'static str) -> Option<Marks> {
        self.typed(name, "分值（至多两位小数的数）", |value| Marks::parse(&decimal(value)?).ok())
    }

    /// A share from 0 to 1 in basis points.
    pub(crate) fn share(&mut self, name: &'static str) -> Option<u32> {
        self.typed(name, "0 至 1 之间、至多四位小数的数", |value| {
            parse_scaled(&decimal(value)?, 4)
                .and_then(|points| u32::try_from(points).ok())
                .filter(|&points| points <= 10_000)
        })
    }

    pub(crate) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        self.typed(name, " true 或 false", Value::as_bool)
    }

    pub(crate) fn date(&mut self, name: &'static str) -> Option<Date> {
        self.typed(name, "日期（如 2026-11-24，不加引号）", |value| match value {
            Value::Datetime(day) => day.to_string().parse().ok(),
            Value::String(day) => day.parse().ok(),
            _ => None,
        })
    }

    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.typed(name, "文字的列表", as_texts)
    }

    /// One of the words that a type knows.
    pub(crate) fn word<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Option<T>, all: &str) -> Option<T> {
        let text = self.text(name)?;
        let word = read(&text);
        if word.is_none() {
            self.complain(name, format!("“{text}”不认识，应当是 {all} 之一"));
        }
        word
    }

    pub(crate) fn table(&mut self, name: &'static str) -> Option<&'a Table> {
        self.typed(name, "表", Value::as_table)
    }

    /// A list of tables; an absent one is empty.
    pub(crate) fn tables(&mut self, name: &'static str) -> Vec<&'a Table> {
        self.typed(name, "表的列表", |value| {
            value.as_array()?.iter().map(Value::as_table).collect::<Option<Vec<_>>>()
        })
        .unwrap_or_default()
    }

    /// Hands over the problems without looking for unknown fields.
    pub(crate) fn finish_kindless(mut self, problems: &mut Vec<Problem>) {
        problems.append(&mut self.problems);
    }

    /// Names every field that was not asked for, and hands over the problems; true when there was no error.
    pub(crate) fn finish(mut self, problems: &mut Vec<Problem>) -> bool {
        let unknown: Vec<&String> = self.table.keys().filter(|key| !self.read.contains(key.as_str())).collect();
        for key in unknown {
            self.complain(key, format!("“{key}”不是这里的字段，请核对拼写或者删去"));
        }
        let clean = self.problems.is_empty();
        problems.append(&mut self.problems);
        clean
    }
}

pub(crate) fn as_texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Integer(number) => i32::try_from(*number).ok().map(f64::from),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Float(number) => Some(number.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, Place, parse_table};

    #[test]
    fn wrong_types_and_unknown_fields_are_named_with_their_place() {
        let mut problems = Vec::new();
        let table =
            parse_table("a.toml", "a = 1\nb = \" \"\nc = 2026-02-28\nd = 0.255\nzzz = 1", &mut problems).unwrap();
        let mut fields = Fields::new(&table, Place::question("a.toml", "q-1").below("part[1]"));
        assert_eq!(fields.text("a"), None);
        assert_eq!(fields.need_text("b"), None);
        assert_eq!(fields.date("c"), Some(jiff::civil::date(2026, 2, 28)));
        assert_eq!(fields.marks("d"), None);
        assert_eq!(fields.need_text("e"), None);
        assert!(!fields.finish(&mut problems));
        let found: Vec<_> = problems.iter().filter_map(|problem| problem.field.as_deref()).collect();
        assert_eq!(found, ["part[1].a", "part[1].b", "part[1].d", "part[1].e", "part[1].zzz"]);
        assert!(problems.iter().all(|problem| problem.question.as_deref() == Some("q-1")));
    }

    #[test]
    fn a_broken_text_is_one_problem_with_its_line() {
        let mut problems = Vec::new();
        assert!(parse_table("b.toml", "a = 1\nb = \"x\n", &mut problems).is_none());
        assert_eq!(problems.len(), 1);
        assert!(problems[0].reason.contains("第 2 行"), "{}", problems[0].reason);
    }
}
