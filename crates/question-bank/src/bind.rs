//! Binding deciding words to the text that proved them (绑定).
//!
//! A `bind` is the SHA-256, in hexadecimal, of a domain and parts as `docs/shuffle.md` describes under `derive_seed`:
//! the domain is `zhijie-bind-1`, the parts are, in order and in UTF-8: id of the edition; its first day in force;
//! the first day no longer in force (each `YYYY-MM-DD` or empty); number of the article; its validity; its two hashes
//! in hexadecimal; paragraph; item (each a decimal number or empty); the words as they stand in the file; reference
//! of the question or part; its key as canonical JSON (see [`key_json`]). So whoever changes one of these without
//! looking at the text again breaks the bind.

use crate::canonical::canonical_json;
use crate::check::{Proof, prove_words};
use crate::law::{Article, Edition, LawTexts, Register, hash_text};
use crate::question::{Answer, Citation, Item, Question, SlotRef};
use crate::{Digest256, Problem};
use serde_json::{Map, Value, json};
use toml_edit::{DocumentMut, TableLike};

const DOMAIN: &str = "zhijie-bind-1";

/// The bind of a citation.
pub fn bind_hash(edition: &Edition, article: &Article, citation: &Citation, slot: &SlotRef, item: &Item) -> String {
    let or_empty = |value: Option<String>| value.unwrap_or_default();
    let parts = [
        edition.id.to_string(),
        or_empty(edition.effective.map(|day| day.to_string())),
        or_empty(edition.superseded_on.map(|day| day.to_string())),
        article.no.to_string(),
        article.validity.as_str().to_owned(),
        article.sha_text.to_string(),
        article.sha_han.to_string(),
        or_empty(citation.paragraph.map(|no| no.to_string())),
        or_empty(citation.item.map(|no| no.to_string())),
        citation.words.clone(),
        slot.to_string(),
        canonical_json(&key_json(item)),
    ];
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    Digest256::from_bytes(shuffle::derive_seed(DOMAIN, &parts)).to_string()
}

/// The key as a bind covers it: for 单选 and 多选 an object of the right options' ids and texts, so that exchanging
/// two options is noticed as well; `true` or `false`; a list of answers for each blank; `null` for an essay.
pub fn key_json(item: &Item) -> Value {
    match &item.answer {
        Answer::Single { .. } | Answer::Multiple { .. } => {
            let text_of = |id: &crate::question::OptionId| {
                item.options().iter().find(|option| option.id == *id).map(|option| option.text.clone())
            };
            let pairs: Map<String, Value> =
                item.key_options().iter().map(|id| (id.to_string(), json!(text_of(id)))).collect();
            Value::Object(pairs)
        }
        Answer::Judgement { key, .. } => json!(key),
        Answer::Blank { key } => json!(key),
        Answer::Essay { .. } => Value::Null,
    }
}

/// What a text says of the words of a citation: as [`bind_hash`] covers it when it proves them.
pub(crate) fn proven_hash(
    edition: &Edition,
    article: &Article,
    text: Option<&str>,
    citation: &Citation,
    slot: &SlotRef,
    item: &Item,
) -> Option<String> {
    // A text that differs from the register in punctuation is no ground for a proof of every character.
    let proven = text.is_some_and(|text| hash_text(text) == article.sha_text)
        && prove_words(article, text, citation) == Proof::Exact;
    proven.then(|| bind_hash(edition, article, citation, slot, item))
}

/// A bound file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BindOutcome {
    /// The new text; where nothing could be bound, the old one.
    pub text: String,
    /// Citations whose bind was already right.
    pub unchanged: usize,
    /// Citations whose bind was written.
    pub written: usize,
    /// What could not be bound, and why.
    pub problems: Vec<Problem>,
}

/// Writes the `bind` of every citation of a question file whose words the text proves. Comments and layout stay.
///
/// A citation that is not proven keeps what it has and is named.
pub fn bind_file(file: &str, text: &str, register: &Register, texts: &LawTexts) -> BindOutcome {
    let mut problems = Vec::new();
    let questions = crate::question::load_file(file, text, &mut problems);
    let mut outcome = BindOutcome { text: text.to_owned(), problems, ..BindOutcome::default() };
    let Ok(mut document) = text.parse::<DocumentMut>() else { return outcome };
    let binder = Binder { file, register, texts };
    let tables = document.as_table_mut().get_mut("question").map(tables_of).unwrap_or_default();
    for (question, table) in questions.iter().zip(tables) {
        if let Some(question) = question {
            binder.question(question, table, &mut outcome);
        }
    }
    if outcome.written > 0 {
        outcome.text = document.to_string();
    }
    outcome
}

struct Binder<'a> {
    file: &'a str,
    register: &'a Register,
    texts: &'a LawTexts,
}

impl Binder<'_> {
    fn question(&self, question: &Question, table: &mut dyn TableLike, outcome: &mut BindOutcome) {
        if question.passage().is_none() {
            for (slot, item) in question.slots() {
                self.item(&slot, item, table, outcome);
            }
            return;
        }
        let parts = table.get_mut("part").map(tables_of).unwrap_or_default();
        for ((slot, item), part) in question.slots().zip(parts) {
            self.item(&slot, item, part, outcome);
        }
    }

    fn item(&self, slot: &SlotRef, item: &Item, table: &mut dyn TableLike, outcome: &mut BindOutcome) {
        let tables = table.get_mut("citation").map(tables_of).unwrap_or_default();
        for ((citation, table), no) in item.citations.iter().zip(tables).zip(1_u32..) {
            match self.hash(slot, item, citation) {
                Ok(hash) if citation.bind.as_deref() == Some(&hash) => outcome.unchanged += 1,
                Ok(hash) => {
                    set_bind(table, &hash);
                    outcome.written += 1;
                }
                Err(reason) => {
                    let problem = Problem::error(self.file, reason).at(slot.as_str());
                    outcome.problems.push(problem.field(format!("citation[{no}].words")));
                }
            }
        }
    }

    fn hash(&self, slot: &SlotRef, item: &Item, citation: &Citation) -> Result<String, String> {
        let id = citation.edition_id();
        let edition = self.register.edition(&id).ok_or_else(|| format!("登记册里没有 {id}，请核对法规代号和版本"))?;
        let article = edition
            .article(&citation.article)
            .ok_or_else(|| format!("{id} 没有第 {} 条，请核对条号", citation.article))?;
        let text = self.texts.article(&id, &article.no);
        let text = text.ok_or_else(|| format!("没有 {id} {}的原文，不能绑定，请先导入", article.label))?;
        if hash_text(text) != article.sha_text {
            return Err(format!("{id} {}的原文与登记册不同（可能只差标点），不能据以绑定", article.label));
        }
        match prove_words(article, Some(text), citation) {
            Proof::Exact => Ok(bind_hash(edition, article, citation, slot, item)),
            Proof::Form => Err("决定词与原文只差标点或者全半角，请照原文改正后再绑定".to_owned()),
            Proof::Refuted(reason) => Err(reason),
            Proof::NoText => Err(format!("没有 {id} {}的原文，不能绑定，请先导入", article.label)),
        }
    }
}

/// The tables of a list, whichever way it is written.
fn tables_of(item: &mut toml_edit::Item) -> Vec<&mut dyn TableLike> {
    match item {
        toml_edit::Item::ArrayOfTables(tables) => {
            tables.iter_mut().map(|table| -> &mut dyn TableLike { table }).collect()
        }
        toml_edit::Item::Value(toml_edit::Value::Array(values)) => values
            .iter_mut()
            .filter_map(toml_edit::Value::as_inline_table_mut)
            .map(|table| -> &mut dyn TableLike { table })
            .collect(),
        _ => Vec::new(),
    }
}

fn set_bind(table: &mut dyn TableLike, hash: &str) {
    match table.get_mut("bind").and_then(toml_edit::Item::as_value_mut) {
        Some(value) => {
            let decor = value.decor().clone();
            *value = toml_edit::Value::from(hash);
            *value.decor_mut() = decor;
        }
        None => {
            let mut value = toml_edit::Value::from(hash);
            // The blank before a closing brace moves behind the new last value.
            let last = table.iter_mut().last().and_then(|(_, item)| item.as_value_mut());
            if let Some(decor) = last.map(toml_edit::Value::decor_mut) {
                let blank = decor.suffix().and_then(|suffix| suffix.as_str()).filter(|suffix| suffix.trim().is_empty());
                if let Some(blank) = blank.filter(|blank| !blank.is_empty()).map(str::to_owned) {
                    decor.set_suffix("");
                    value.decor_mut().set_prefix(" ");
                    value.decor_mut().set_suffix(blank);
                }
            }
            table.insert("bind", toml_edit::Item::Value(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bind_file;
    use crate::fixtures::{SINGLE, all_kinds, jia_fa, texts};
    use crate::law::{LawTexts, Register};

    fn register() -> Register {
        Register::from_editions([jia_fa()]).unwrap()
    }

    #[test]
    fn every_citation_is_bound_and_the_rest_of_the_file_stays() {
        let outcome = bind_file("a.toml", all_kinds(), &register(), &texts());
        assert_eq!(outcome.problems, []);
        assert_eq!((outcome.written, outcome.unchanged), (8, 0));
        let kept = outcome.text.lines().filter(|line| !line.starts_with("bind = ")).map(|line| {
            let (before, after) = line.split_once(", bind = \"").unwrap_or((line, ""));
            format!("{before}{}", after.get(65..).unwrap_or_default())
        });
        let without_its_bind = all_kinds().replacen(
            "bind = \"0000000000000000000000000000000000000000000000000000000000000000\"\n",
            "",
            1,
        );
        assert_eq!(kept.collect::<Vec<_>>(), without_its_bind.lines().collect::<Vec<_>>());
        for comment in ["# 说明", "# 行尾", "# 依据", "# 第一项"] {
            assert!(outcome.text.contains(comment), "{comment}");
        }
        let again = bind_file("a.toml", &outcome.text, &register(), &texts());
        assert_eq!((again.written, again.unchanged, again.text == outcome.text), (0, 8, true));
    }

    #[test]
    fn words_that_the_text_does_not_prove_are_not_bound() {
        let cases = [
            ("words = \"警告\"", "words = \"严重警告\"", "没有“严重警告”"),
            ("item = 1", "item = 2", "不在所写的款、项里"),
            ("item = 1", "item = 4", "没有第 4 项"),
            ("article = \"7\"", "article = \"9\"", "没有第 9 条"),
            ("edition = \"2020\"", "edition = \"2021\"", "登记册里没有"),
        ];
        for (from, to, reason) in cases {
            let text = SINGLE.replace(from, to);
            let outcome = bind_file("a.toml", &text, &register(), &texts());
            assert_eq!((outcome.written, &outcome.text), (0, &text));
            assert!(outcome.problems[0].reason.contains(reason), "{to}: {:?}", outcome.problems);
        }
    }

    #[test]
    fn a_missing_or_foreign_text_binds_nothing() {
        let mut foreign = LawTexts::default();
        foreign.insert(
            "jia-fa-2020".into(),
            [("7".into(), "处分的种类为:\n（一）警告，\n（二）记过；\n（三）开除。".to_owned())],
        );
        for (texts, reason) in [(LawTexts::default(), "请先导入"), (foreign, "与登记册不同")] {
            let outcome = bind_file("a.toml", SINGLE, &register(), &texts);
            assert_eq!((outcome.written, outcome.text.as_str()), (0, SINGLE));
            assert!(outcome.problems[0].reason.contains(reason), "{:?}", outcome.problems);
        }
    }
}
