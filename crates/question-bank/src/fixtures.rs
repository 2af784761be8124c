//! Small laws and questions for tests.

use crate::law::{Article, Edition, EditionId, Jurisdiction, Quality, Validity, hash_han, hash_text, normalise_text};
use jiff::civil::date;

/// An edition with these articles, in force from the first day of 2020.
pub(crate) fn edition(law: &str, year: &str, articles: &[(&str, &str)]) -> Edition {
    let articles = articles
        .iter()
        .map(|(no, text)| Article {
            no: (*no).into(),
            label: format!("第{no}条"),
            length: normalise_text(text).chars().count().try_into().unwrap(),
            sha_text: hash_text(text),
            sha_han: hash_han(text),
            validity: Validity::InForce,
            note: None,
        })
        .collect();
    Edition {
        id: EditionId::of(&law.into(), year),
        law: law.into(),
        edition: year.into(),
        title: "甲法".into(),
        short_title: "甲法".into(),
        kind: "法律".into(),
        issuer: "甲机关".into(),
        promulgated: Some(date(2019, 12, 1)),
        effective: Some(date(2020, 1, 1)),
        superseded_on: None,
        quality: Quality::B,
        jurisdiction: Jurisdiction::National,
        notes: None,
        articles,
    }
}

/// A bank that must be readable.
pub(crate) fn bank(text: &str) -> crate::question::Bank {
    let (bank, problems) = crate::question::load_bank(&[("a.toml".into(), text.to_owned())]);
    assert_eq!(problems, []);
    bank
}

/// The articles that the questions below cite.
pub(crate) const ARTICLES: &[(&str, &str)] = &[
    ("7", "处分的种类为：\n（一）警告；\n（二）记过；\n（三）开除。"),
    ("8", "处分的期间为：\n（一）警告，六个月；\n（二）记过，十二个月。\n处分决定自作出之日起生效。"),
];

/// The edition that the questions below cite.
pub(crate) fn jia_fa() -> Edition {
    edition("jia-fa", "2020", ARTICLES)
}

/// A file with one 单选.
pub(crate) const SINGLE: &str = r#"law = "jia-fa"
edition = "2020"
title = "甲法"

# 说明
[[question]]
ref = "jia-1"
version = 1
state = "active"
author = "甲"
reviewer = "乙"
kind = "single"
pool = "exam"
topics = ["jia"]
level = "recall"
audience = ["all"]
prior_facility = 0.7
checked_on = 2026-11-24
review_by = 2027-11-24
stem = "下列哪一项是处分？"
options = [
  { id = "a", text = "警告" },
  { id = "b", text = "降级", misconception = "误以为有降级" },
  { id = "c", text = "批评", misconception = "把批评当处分" },
]
key = ["a"]
explanation = "种类里有它。" # 行尾

[[question.citation]] # 依据
article = "7"
item = 1
words = "警告"
bind = "0000000000000000000000000000000000000000000000000000000000000000"
"#;

const COMMON: &str = r#"version = 1
state = "active"
author = "甲"
reviewer = "乙"
pool = "exam"
topics = ["jia"]
level = "recall"
audience = ["all"]
prior_facility = 0.6
checked_on = 2026-11-24
review_by = 2027-11-24
"#;

/// A file with one question of each kind, in the order of [`crate::question::Kind::ALL`].
static ALL_KINDS_TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let rest = r#"
[[question]]
ref = "jia-2"
kind = "multiple"
COMMON
stem = "哪些是处分？"
options = [{ id = "a", text = "警告" }, { id = "b", text = "批评", misconception = "混同" }, { id = "c", text = "记过" }]
key = ["a", "c"]
explanation = "警告和记过都在其中，批评不在。"
citation = [
  { article = "7", item = 1, words = "警告", supports = ["a"] }, # 第一项
  { article = "7", item = 2, words = "记过", supports = ["c"] },
]

[[question]]
ref = "jia-3"
kind = "judgement"
COMMON
stem = "警告的期间是一年。"
key = false
misconception = "与记过混同"
explanation = "是半年。"
[[question.citation]]
article = "8"
paragraph = 1
item = 1
words = "六个月"

[[question]]
ref = "jia-4"
kind = "blank"
COMMON
stem = "记过的期间是____。"
key = [["十二个月", "一年"]]
explanation = "见该条。"
[[question.citation]]
article = "8"
item = 2
words = "十二个月"

[[question]]
ref = "jia-5"
kind = "case"
COMMON
facts_on = 2025-03-10
passage = "某人受记过处分。"
[[question.part]]
kind = "single"
stem = "期间是？"
options = [{ id = "a", text = "六个月", misconception = "混同" }, { id = "b", text = "十二个月" }, { id = "c", text = "十八个月", misconception = "混同" }]
key = ["b"]
fixed_order = true
explanation = "见该条。"
[[question.part.citation]]
article = "8"
item = 2
words = "记过，十二个月"
[[question.part]]
kind = "judgement"
stem = "处分自作出之日起生效。"
key = true
explanation = "见第二款。"
[[question.part.citation]]
article = "8"
paragraph = 2
words = "自作出之日起生效"

[[question]]
ref = "jia-6"
kind = "essay"
COMMON
stem = "说说处分的种类。"
reference = "三种。"
points = [{ text = "警告", marks = 1.5 }, { text = "记过", marks = 1 }]
[[question.citation]]
article = "7"
words = "处分的种类"
"#;
    format!("{SINGLE}{}", rest.replace("COMMON\n", COMMON))
});

/// A file with one question of each kind, in the order of [`crate::question::Kind::ALL`].
pub(crate) fn all_kinds() -> &'static str {
    &ALL_KINDS_TEXT
}

/// The texts of [`jia_fa`].
pub(crate) fn texts() -> crate::law::LawTexts {
    let mut texts = crate::law::LawTexts::default();
    texts.insert("jia-fa-2020".into(), ARTICLES.iter().map(|(no, text)| ((*no).into(), (*text).to_owned())));
    texts
}
