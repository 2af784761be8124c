//! What is written is read back as it was, where the format can hold it.

use super::read;
use crate::questions::{COLUMNS, ParsedQuestion, rows_of, write_gift};
use question_bank::draft::{Draft, DraftCitation, DraftKey};
use question_bank::question::{Kind, OptionId, Question, load_bank};
use rust_xlsxwriter::Workbook;

/// The questions that the product comes with, and one of each kind.
fn questions() -> Vec<Question> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../question-bank/questions");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.push(("own.toml".into(), OWN.into()));
    let (bank, problems) = load_bank(&files);
    assert_eq!(problems, []);
    bank.entries.into_iter().map(|entry| entry.question).collect()
}

const OWN: &str = r#"law = "jia-fa"
edition = "2020"
[[question]]
ref = "own-1"
version = 1
state = "active"
author = "甲"
reviewer = "乙"
kind = "blank"
pool = "secure"
topics = ["jia", "yi"]
level = "application"
audience = ["party", "village"]
prior_facility = 0.35
checked_on = 2026-11-24
review_by = 2027-11-24
enemies = ["own-2", "own-3"]
stem = "期间从____起算，记过为____。"
key = [["次日", "第二天"], ["十二个月"]]
explanation = "见该条：{一} ~ a=b \\ #1 ::"
citation = [{ article = "7-1", paragraph = 2, words = "十二个月" }, { law = "yi-fa", edition = "2018", article = "8", item = 3, words = "次日" }]
[[question]]
ref = "own-2"
version = 1
state = "active"
author = "甲"
reviewer = "乙"
kind = "case"
pool = "exam"
topics = ["jia"]
level = "application"
audience = ["all"]
prior_facility = 0.6
facts_on = 2025-03-10
checked_on = 2026-11-24
review_by = 2027-11-24
passage = "某人受记过处分。"
[[question.part]]
kind = "single"
stem = "期间是？"
options = [{ id = "a", text = "六个月", misconception = "混同" }, { id = "b", text = "十二个月" }, { id = "c", text = "十八个月", misconception = "混：同" }]
key = ["b"]
fixed_order = true
explanation = "见该条。"
[[question.part.citation]]
article = "8"
words = "记过，十二个月"
[[question.part]]
kind = "judgement"
stem = "处分自次日起生效。"
key = false
misconception = "当作次日"
explanation = "见第二款。"
[[question.part.citation]]
article = "8"
words = "自作出之日起生效"
[[question]]
ref = "own-3"
version = 1
state = "active"
author = "甲"
reviewer = "乙"
kind = "essay"
pool = "practice"
topics = ["jia"]
level = "understanding"
audience = ["all"]
prior_facility = 0.6
checked_on = 2026-11-24
review_by = 2027-11-24
stem = "说说处分的种类。"
reference = "三种。\n分别是……"
points = [{ text = "警告", marks = 1.5 }, { text = "记过=重", marks = 1 }]
[[question.citation]]
article = "7"
words = "处分的种类"
"#;

/// What an import makes of the sources, with slugs for names.
fn resolved(parsed: &ParsedQuestion) -> Draft {
    let mut draft = parsed.draft.clone();
    if !parsed.topics.is_empty() {
        draft.topics = parsed.topics.iter().map(|topic| topic.as_str().into()).collect();
    }
    for source in &parsed.sources {
        let citation = DraftCitation {
            law: Some(source.law.as_str().into()),
            edition: source.edition.clone(),
            article: source.article.as_deref().map(Into::into),
            paragraph: source.paragraph,
            item: source.item,
            words: source.words.clone(),
            supports: source.supports.iter().map(|letter| OptionId::new(letter.to_lowercase())).collect(),
            bind: None,
        };
        draft.items_mut()[source.part].citations.push(citation);
    }
    draft
}

fn without(question: &Question, change: impl Fn(&mut Draft)) -> Draft {
    let mut draft = Draft::of(question);
    draft.authorship.review_by = None;
    for item in draft.items_mut() {
        item.citations.iter_mut().for_each(|citation| citation.bind = None);
    }
    change(&mut draft);
    draft
}

#[test]
fn a_table_holds_every_kind() {
    let questions = questions();
    let all: Vec<&Question> = questions.iter().collect();
    let (rows, losses) = rows_of(&all);
    assert_eq!(losses, []);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "题库").unwrap();
    for (row, cells) in (1_u32..).zip(std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(rows)) {
        assert_eq!(cells.len(), COLUMNS.len());
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let file = read("题库.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(file.questions.len(), all.len());
    for (parsed, question) in file.questions.iter().zip(&all) {
        assert_eq!(parsed.problems, [], "{}", question.reference);
        let expected = without(question, |draft| draft.successor_of = None);
        assert_eq!(resolved(parsed), expected, "{}", question.reference);
    }
}

#[test]
fn gift_holds_what_it_can_and_says_what_it_cannot() {
    let questions = questions();
    let all: Vec<&Question> = questions.iter().collect();
    let gift = write_gift(&all);
    let file = read("题库.gift", gift.text.as_bytes());
    assert_eq!(file.problems, []);
    let left_out = |question: &Question| {
        question.kind() == Kind::Case
            || matches!(Draft::of(question).items()[0].key, Some(DraftKey::Blanks(ref key)) if key.len() > 1)
    };
    let written: Vec<&&Question> = all.iter().filter(|question| !left_out(question)).collect();
    assert_eq!(file.questions.len(), written.len());
    for (parsed, question) in file.questions.iter().zip(written) {
        let (found, expected) = (&resolved(parsed).items()[0].clone(), &Draft::of(question).items()[0].clone());
        assert_eq!(
            (found.kind, &found.stem, &found.options, &found.key, &found.misconception, &found.explanation),
            (
                expected.kind,
                &expected.stem,
                &expected.options,
                &expected.key,
                &expected.misconception,
                &expected.explanation
            ),
            "{}",
            question.reference
        );
        assert_eq!(parsed.draft.reference.as_ref(), Some(&question.reference));
        assert_eq!(parsed.topics[0], question.topics[0].as_str());
    }
    for (reference, word) in [("own-1", "一个空"), ("own-2", "案例"), ("own-3", "得分点")] {
        assert!(gift.losses.iter().any(|(of, reason)| of == reference && reason.contains(word)), "{:?}", gift.losses);
    }
    assert!(
        gift.losses.iter().all(|(of, reason)| of.starts_with("own-")
            || ["选项不打乱", "案例", "空"].iter().any(|word| reason.contains(word)))
    );
}

#[test]
fn the_content_as_json_comes_back_whole() {
    let questions = questions();
    let text = serde_json::to_string(&questions).unwrap();
    let file = read("题库.json", text.as_bytes());
    for (parsed, question) in file.questions.iter().zip(&questions) {
        assert_eq!((parsed.problems.len(), &parsed.draft), (0, &Draft::of(question)));
    }
    assert_eq!(file.questions.len(), questions.len());
}
