//! Writes question files in the layout of `docs/question-format.md`.

use super::types::{Answer, Body, Citation, Item, OptionText, Question};
use std::fmt::Write as _;
use toml_edit::Value;

/// What the head of a file says: the law and edition that its citations need not repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileHead {
    /// Default of `law`.
    pub law: Option<String>,
    /// Default of `edition`.
    pub edition: Option<String>,
    /// What staff read.
    pub title: Option<String>,
}

/// A question file with these questions; [`super::load_bank`] reads them back as they are.
pub fn write_file(head: &FileHead, questions: &[&Question]) -> String {
    let mut out = String::new();
    for (name, value) in [("law", &head.law), ("edition", &head.edition), ("title", &head.title)] {
        if let Some(value) = value {
            field(&mut out, name, text(value));
        }
    }
    for question in questions {
        if !out.is_empty() {
            out.push('\n');
        }
        write_question(&mut out, head, question);
    }
    out
}

fn write_question(out: &mut String, head: &FileHead, question: &Question) {
    out.push_str("[[question]]\n");
    field(out, "ref", text(question.reference.as_str()));
    field(out, "version", question.version.to_string());
    field(out, "state", text(question.state.as_str()));
    let people = &question.authorship;
    field(out, "author", text(&people.author));
    if let Some(reviewer) = &people.reviewer {
        field(out, "reviewer", text(reviewer));
    }
    field(out, "kind", text(question.kind().as_str()));
    field(out, "pool", text(question.pool.as_str()));
    field(out, "topics", texts(question.topics.iter().map(|topic| topic.as_str())));
    field(out, "level", text(question.level.as_str()));
    field(out, "audience", texts(question.audience.iter().map(|audience| audience.as_str())));
    field(out, "prior_facility", Value::from(question.prior_facility).to_string().trim());
    if let Some(day) = question.facts_on {
        field(out, "facts_on", day.to_string());
    }
    if !question.enemies.is_empty() {
        field(out, "enemies", texts(question.enemies.iter().map(|enemy| enemy.as_str())));
    }
    if let Some(earlier) = &question.successor_of {
        field(out, "successor_of", text(earlier.as_str()));
    }
    field(out, "checked_on", people.checked_on.to_string());
    field(out, "review_by", people.review_by.to_string());
    if let Some(reason) = &people.unproven_reason {
        field(out, "unproven_reason", text(reason));
    }
    match &question.body {
        Body::Item(item) => write_item(out, head, item, "question"),
        Body::Case { passage, parts } => {
            field(out, "passage", text(passage));
            for part in parts {
                out.push_str("\n[[question.part]]\n");
                field(out, "kind", text(part.kind().as_str()));
                write_item(out, head, part, "question.part");
            }
        }
    }
}

fn write_item(out: &mut String, head: &FileHead, item: &Item, table: &str) {
    field(out, "stem", text(&item.stem));
    match &item.answer {
        Answer::Single { options, key, fixed_order } => {
            write_choice(out, options, std::slice::from_ref(key), *fixed_order);
        }
        Answer::Multiple { options, key, fixed_order } => write_choice(out, options, key, *fixed_order),
        Answer::Judgement { key, misconception } => {
            field(out, "key", key.to_string());
            if let Some(misconception) = misconception {
                field(out, "misconception", text(misconception));
            }
        }
        Answer::Blank { key } => {
            let blanks: Vec<String> = key.iter().map(|answers| texts(answers.iter().map(String::as_str))).collect();
            field(out, "key", format!("[{}]", blanks.join(", ")));
        }
        Answer::Essay { reference, points } => {
            field(out, "reference", text(reference));
            let points: Vec<String> = points
                .iter()
                .map(|point| format!("{{ text = {}, marks = {} }}", text(&point.text), point.marks))
                .collect();
            field(out, "points", format!("[{}]", points.join(", ")));
        }
    }
    if !item.explanation.is_empty() {
        field(out, "explanation", text(&item.explanation));
    }
    for citation in &item.citations {
        let _ = writeln!(out, "\n[[{table}.citation]]");
        write_citation(out, head, citation);
    }
}

fn write_choice(out: &mut String, options: &[OptionText], key: &[super::OptionId], fixed_order: bool) {
    out.push_str("options = [\n");
    for option in options {
        let _ = write!(out, "  {{ id = {}, text = {}", text(option.id.as_str()), text(&option.text));
        if let Some(misconception) = &option.misconception {
            let _ = write!(out, ", misconception = {}", text(misconception));
        }
        out.push_str(" },\n");
    }
    out.push_str("]\n");
    if fixed_order {
        field(out, "fixed_order", "true");
    }
    field(out, "key", texts(key.iter().map(|id| id.as_str())));
}

fn write_citation(out: &mut String, head: &FileHead, citation: &Citation) {
    if head.law.as_deref() != Some(citation.law.as_str()) {
        field(out, "law", text(citation.law.as_str()));
    }
    if head.edition.as_deref() != Some(citation.edition.as_str()) {
        field(out, "edition", text(&citation.edition));
    }
    field(out, "article", text(citation.article.as_str()));
    if let Some(paragraph) = citation.paragraph {
        field(out, "paragraph", paragraph.to_string());
    }
    if let Some(item) = citation.item {
        field(out, "item", item.to_string());
    }
    field(out, "words", text(&citation.words));
    if !citation.supports.is_empty() {
        field(out, "supports", texts(citation.supports.iter().map(|id| id.as_str())));
    }
    if let Some(bind) = &citation.bind {
        field(out, "bind", text(bind));
    }
}

fn field(out: &mut String, name: &str, value: impl AsRef<str>) {
    let _ = writeln!(out, "{name} = {}", value.as_ref());
}

/// A TOML string on one line, whatever is in it: an inline table may hold no line break.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len().saturating_add(2));
    out.push('"');
    for sign in value.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            sign if sign.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(sign));
            }
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", values.map(text).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{FileHead, text, write_file};
    use crate::fixtures::{all_kinds, bank};
    use crate::question::{Question, load_bank};
    use proptest::prelude::*;

    #[test]
    fn every_kind_is_read_back_as_it_is() {
        let bank = bank(&all_kinds().replace("author = \"甲\"", "author = \"甲\"\nunproven_reason = \"原文未到\""));
        let questions: Vec<&Question> = bank.questions().collect();
        for law in [Some("jia-fa"), None] {
            let head = FileHead {
                law: law.map(str::to_owned),
                edition: law.map(|_| "2020".to_owned()),
                title: Some("甲法 \"x\"".into()),
            };
            let written = write_file(&head, &questions);
            let (again, problems) = load_bank(&[("b.toml".into(), written.clone())]);
            assert_eq!(problems, [], "{written}");
            assert_eq!(again.questions().collect::<Vec<_>>(), questions);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(value in any::<String>()) {
            let table: toml::Table = format!("a = {}", text(&value)).parse().unwrap();
            prop_assert_eq!(table["a"].as_str(), Some(value.as_str()));
        }
    }
}
