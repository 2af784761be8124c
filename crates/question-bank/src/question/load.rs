//! Reads question files.

use super::load_item::load_item;
use super::types::{Authorship, Body, Question, QuestionRef};
use super::words::{Audience, Kind, Level, Pool, State};
use crate::Problem;
use crate::fields::{Fields, Place, parse_table};
use crate::topic::TopicSlug;
use toml::Table;

/// A question and the file that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct BankEntry {
    /// The file.
    pub file: String,
    /// The question.
    pub question: Question,
}

/// The questions of a bank, in the order of files and of questions in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bank {
    /// The questions.
    pub entries: Vec<BankEntry>,
}

impl Bank {
    /// The questions without their files.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.entries.iter().map(|entry| &entry.question)
    }

    /// The question of a reference.
    pub fn question(&self, reference: &QuestionRef) -> Option<&Question> {
        self.questions().find(|question| question.reference == *reference)
    }
}

/// What the head of a file says.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    pub(super) law: Option<String>,
    pub(super) edition: Option<String>,
}

/// Reads question files, given as (name, text). A question that has an error of form is left out and named.
pub fn load_bank(files: &[(String, String)]) -> (Bank, Vec<Problem>) {
    let mut bank = Bank::default();
    let mut problems = Vec::new();
    for (file, text) in files {
        for loaded in load_file(file, text, &mut problems).into_iter().flatten() {
            bank.entries.push(BankEntry { file: file.clone(), question: loaded });
        }
    }
    (bank, problems)
}

/// The questions of a file in order; `None` for one that could not be read.
pub(crate) fn load_file(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Option<Question>> {
    let Some(table) = parse_table(file, text, problems) else { return Vec::new() };
    let mut head = Fields::new(&table, Place::file(file));
    let defaults = Defaults { law: head.text("law"), edition: head.text("edition") };
    let _title = head.text("title");
    let questions = head.tables("question");
    head.finish(problems);
    questions
        .into_iter()
        .zip(1_usize..)
        .map(|(table, no)| load_question(file, no, table, &defaults, problems))
        .collect()
}

fn load_question(
    file: &str,
    no: usize,
    table: &Table,
    defaults: &Defaults,
    problems: &mut Vec<Problem>,
) -> Option<Question> {
    let named = table.get("ref").and_then(toml::Value::as_str).map_or_else(|| format!("第 {no} 题"), str::to_owned);
    let before = problems.len();
    let mut fields = Fields::new(table, Place::question(file, &named));
    let reference = fields.need_text("ref").map(QuestionRef::new);
    let version = fields.number("version");
    let version = fields.needed("version", version);
    let state = fields.word("state", State::parse, State::WORDS);
    let state = fields.needed("state", state);
    let authorship = load_authorship(&mut fields);
    let pool = fields.word("pool", Pool::parse, Pool::WORDS);
    let pool = fields.needed("pool", pool);
    let topics = fields.texts("topics");
    let topics = fields.needed("topics", topics);
    let level = fields.word("level", Level::parse, Level::WORDS);
    let level = fields.needed("level", level);
    let audience = load_audience(&mut fields);
    let prior_facility = fields.float("prior_facility");
    let prior_facility = fields.needed("prior_facility", prior_facility);
    let facts_on = fields.date("facts_on");
    let enemies = fields.texts("enemies").unwrap_or_default();
    let successor_of = fields.text("successor_of").map(QuestionRef::new);
    let kind = fields.word("kind", Kind::parse, Kind::WORDS);
    let kind = fields.needed("kind", kind);
    // Without its kind, which fields the question may have is unknown: naming them all would only confuse.
    let Some(kind) = kind else {
        fields.finish_kindless(problems);
        return None;
    };
    let body = if kind == Kind::Case {
        load_case(&mut fields, defaults, problems)
    } else {
        load_item(&mut fields, kind, defaults, problems).map(Body::Item)
    };
    fields.finish(problems);
    if problems.len() > before {
        return None;
    }
    Some(Question {
        reference: reference?,
        version: version?,
        state: state?,
        authorship: authorship?,
        pool: pool?,
        topics: topics?.into_iter().map(TopicSlug::new).collect(),
        level: level?,
        audience: audience?,
        prior_facility: prior_facility?,
        facts_on,
        enemies: enemies.into_iter().map(QuestionRef::new).collect(),
        successor_of,
        body: body?,
    })
}

fn load_authorship(fields: &mut Fields<'_>) -> Option<Authorship> {
    let author = fields.need_text("author");
    let reviewer = fields.text("reviewer");
    let checked_on = fields.date("checked_on");
    let checked_on = fields.needed("checked_on", checked_on);
    let review_by = fields.date("review_by");
    let review_by = fields.needed("review_by", review_by);
    let unproven_reason = fields.text("unproven_reason");
    Some(Authorship { author: author?, reviewer, checked_on: checked_on?, review_by: review_by?, unproven_reason })
}

fn load_audience(fields: &mut Fields<'_>) -> Option<Vec<Audience>> {
    let words = fields.texts("audience");
    let words = fields.needed("audience", words)?;
    let mut audience = Vec::with_capacity(words.len());
    for word in &words {
        match Audience::parse(word) {
            Some(one) => audience.push(one),
            None => fields.complain("audience", format!("“{word}”不认识，应当是 {} 之一", Audience::WORDS)),
        }
    }
    Some(audience)
}

fn load_case(fields: &mut Fields<'_>, defaults: &Defaults, problems: &mut Vec<Problem>) -> Option<Body> {
    let passage = fields.need_text("passage");
    let tables = fields.tables("part");
    if tables.is_empty() {
        fields.complain("part", "案例题至少要有一个小题（[[question.part]]）");
    }
    let mut parts = Vec::with_capacity(tables.len());
    for (table, no) in tables.into_iter().zip(1_u32..) {
        let mut part = Fields::new(table, fields.place().below(&format!("part[{no}]")));
        let kind = part.word("kind", Kind::parse, Kind::WORDS);
        match part.needed("kind", kind) {
            Some(Kind::Case | Kind::Essay) => {
                part.complain("kind", "小题只能是 single、multiple、judgement、blank 之一");
                part.finish_kindless(problems);
            }
            Some(kind) => {
                parts.extend(load_item(&mut part, kind, defaults, problems));
                part.finish(problems);
            }
            None => part.finish_kindless(problems),
        }
    }
    Some(Body::Case { passage: passage?, parts })
}

#[cfg(test)]
mod tests {
    use super::load_bank;
    use crate::fixtures::{SINGLE, all_kinds};
    use crate::question::Kind;

    fn fields_of(text: &str) -> Vec<String> {
        let (bank, problems) = load_bank(&[("a.toml".into(), text.to_owned())]);
        assert!(bank.entries.is_empty() || problems.is_empty(), "{problems:?}");
        problems.into_iter().filter_map(|problem| problem.field).collect()
    }

    #[test]
    fn every_kind_is_read() {
        let (bank, problems) = load_bank(&[("a.toml".into(), all_kinds().to_owned())]);
        assert_eq!(problems, []);
        assert_eq!(bank.questions().map(crate::question::Question::kind).collect::<Vec<_>>(), Kind::ALL);
        let case = bank.questions().find(|question| question.kind() == Kind::Case).unwrap();
        let slots: Vec<_> = case.slots().map(|(slot, item)| (slot.into_string(), item.kind())).collect();
        assert_eq!(slots, [("jia-5.1".to_owned(), Kind::Single), ("jia-5.2".to_owned(), Kind::Judgement)]);
        assert_eq!(bank.questions().next().unwrap().citations().next().unwrap().edition_id().as_str(), "jia-fa-2020");
    }

    #[test]
    fn each_broken_field_is_named() {
        let cases = [
            ("version = 1", "version = \"1\"", "version"),
            ("version = 1", "version = -1", "version"),
            ("state = \"active\"", "state = \"live\"", "state"),
            ("author = \"甲\"", "", "author"),
            ("pool = \"exam\"", "pool = \"open\"", "pool"),
            ("topics = [\"jia\"]", "topics = \"jia\"", "topics"),
            ("audience = [\"all\"]", "audience = [\"all\", \"nobody\"]", "audience"),
            ("checked_on = 2026-11-24", "checked_on = \"昨天\"", "checked_on"),
            ("kind = \"single\"", "kind = \"choice\"", "kind"),
            ("kind = \"single\"", "kind = \"judgement\"", "key"),
            ("key = [\"a\"]", "key = [\"a\", \"b\"]", "key"),
            ("key = [\"a\"]", "key = \"a\"", "key"),
            ("stem = ", "stemm = ", "stem"),
            ("stem = ", "stemm = ", "stemm"),
            ("words = \"警告\"", "words = \"\"", "citation[1].words"),
            ("article = \"7\"", "article = 7", "citation[1].article"),
            ("article = \"7\"", "article = \"7\"\npage = 3", "citation[1].page"),
            ("text = \"降级\"", "txt = \"降级\"", "options[2].txt"),
            ("explanation = ", "# ", "explanation"),
            ("[[question.citation]]", "[[question.citations]]", "citation"),
        ];
        for (from, to, field) in cases {
            let text = SINGLE.replacen(from, to, 1);
            assert_ne!(text, SINGLE, "{from}");
            assert!(fields_of(&text).contains(&field.to_owned()), "{to}: {:?}", fields_of(&text));
        }
    }

    #[test]
    fn law_and_edition_may_stand_in_the_citation() {
        let text = SINGLE
            .replace("law = \"jia-fa\"\n", "")
            .replace("article = \"7\"", "article = \"7\"\nlaw = \"yi-fa\"\nedition = \"2018\"");
        let (bank, problems) = load_bank(&[("a.toml".into(), text)]);
        assert_eq!(problems, []);
        assert_eq!(bank.questions().next().unwrap().law().unwrap().as_str(), "yi-fa");
        assert_eq!(fields_of(&SINGLE.replace("law = \"jia-fa\"\n", "")), ["citation[1].law"]);
    }

    #[test]
    fn one_broken_question_does_not_hide_the_others() {
        let broken = all_kinds().replacen("prior_facility = 0.7", "prior_facility = \"易\"", 1);
        let (bank, problems) = load_bank(&[("a.toml".into(), broken)]);
        assert_eq!((bank.entries.len(), problems.len()), (5, 1));
        assert_eq!(problems[0].question.as_deref(), Some("jia-1"));
    }
}
