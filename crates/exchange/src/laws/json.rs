//! JSON lines as the program itself writes them: a record `law`, then its records `article`; or an array of these.

use super::error::LawFileError;
use super::limits::Limits;
use super::{ImportedArticle, ImportedLaw, lines, numerals};
use serde_json::Value;
use std::collections::HashSet;

/// Whether the text is meant as JSON.
pub(super) fn is_json(text: &str) -> bool {
    let mut signs = text.chars().filter(|sign| !sign.is_whitespace() && *sign != '\u{FEFF}');
    matches!((signs.next(), signs.next()), (Some('{'), Some('"')) | (Some('['), Some('{')))
}

/// Signs of structure that an article's record may have.
const SIGNS_PER_ARTICLE: usize = 32;
/// The same for what is no article.
const SIGNS_BESIDE: usize = 10_000;

/// # Errors
/// Not JSON, a record without what it needs, an article twice, no article, or too many.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Vec<ImportedLaw>, LawFileError> {
    // A file of empty records takes many times its size once read.
    let signs = text.bytes().filter(|byte| matches!(byte, b'{' | b'[' | b',')).count();
    if signs > limits.articles.saturating_mul(SIGNS_PER_ARTICLE).saturating_add(SIGNS_BESIDE) {
        return Err(LawFileError::TooManyArticles { limit: limits.articles });
    }
    let mut reader = Reader { limits, laws: Vec::new(), seen: HashSet::new(), records: 0, articles: 0 };
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{FEFF}')).into_iter::<Value>() {
        match value.map_err(|error| LawFileError::Json { line: error.line().max(1) })? {
            Value::Array(records) => records.iter().try_for_each(|record| reader.take(record))?,
            record => reader.take(&record)?,
        }
    }
    if reader.articles == 0 { Err(LawFileError::NoArticles) } else { Ok(reader.laws) }
}

struct Reader<'a> {
    limits: &'a Limits,
    laws: Vec<ImportedLaw>,
    seen: HashSet<String>,
    records: usize,
    articles: usize,
}

impl Reader<'_> {
    fn wrong(&self, reason: impl Into<String>) -> LawFileError {
        LawFileError::Record { record: self.records, reason: reason.into() }
    }

    fn take(&mut self, record: &Value) -> Result<(), LawFileError> {
        self.records += 1;
        match record.get("record").and_then(Value::as_str) {
            Some("law") => self.law(record),
            Some("article") => self.article(record),
            // What later programs may add.
            Some(_) => Ok(()),
            None => Err(self.wrong("缺少 record 字段（应为 law 或 article）")),
        }
    }

    fn law(&mut self, record: &Value) -> Result<(), LawFileError> {
        let Some(id) = text_of(record, "id") else {
            return Err(self.wrong("法规记录缺少 id 字段（版本编号）"));
        };
        self.seen.clear();
        self.laws.push(ImportedLaw { edition_id: Some(id), title: text_of(record, "title"), articles: Vec::new() });
        Ok(())
    }

    fn article(&mut self, record: &Value) -> Result<(), LawFileError> {
        let no = match record.get("no") {
            Some(Value::String(no)) => no.trim().to_owned(),
            Some(Value::Number(no)) => no.to_string(),
            _ => return Err(self.wrong("条文记录缺少 no 字段（条号）")),
        };
        let well_formed = no.split('-').count() <= 2
            && no
                .split('-')
                .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
        if !well_formed {
            return Err(self.wrong(format!("条号“{}”有误，应如 17 或 17-1", no.chars().take(20).collect::<String>())));
        }
        let Some(text) = record.get("text").and_then(Value::as_str) else {
            return Err(self.wrong(format!("第 {no} 条缺少 text 字段（条文）")));
        };
        self.articles += 1;
        self.limits.check_articles(self.articles)?;
        if !self.seen.insert(no.clone()) {
            return Err(self.wrong(format!("条号 {no} 在同一部法规里出现了两次")));
        }
        let text: Vec<String> = text.lines().map(lines::clean).filter(|line| !line.is_empty()).collect();
        let label = text_of(record, "label").unwrap_or_else(|| label_of(&no));
        let article = ImportedArticle { no, label, text: text.join("\n") };
        match self.laws.last_mut() {
            Some(law) => law.articles.push(article),
            None => self.laws.push(ImportedLaw { edition_id: None, title: None, articles: vec![article] }),
        }
        Ok(())
    }
}

fn text_of(record: &Value, field: &str) -> Option<String> {
    record.get(field).and_then(Value::as_str).map(lines::clean).filter(|text| !text.is_empty())
}

fn label_of(no: &str) -> String {
    let chinese = |part: &str| part.parse().map_or_else(|_| part.to_owned(), numerals::chinese);
    match no.split_once('-') {
        Some((number, sub)) => format!("第{}条之{}", chinese(number), chinese(sub)),
        None => format!("第{}条", chinese(no)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: &str = r#"{"record":"law","id":"jia-2031","title":"甲条例","articles":2}"#;
    const ONE: &str = r#"{"record":"article","no":"1","article":1,"label":"第一条","text":" 甲。\r\n（一）乙。 "}"#;
    const SUB: &str = r#"{"record":"article","no":"17-1","text":"丙。"}"#;

    fn run(text: &str) -> Result<Vec<ImportedLaw>, LawFileError> {
        assert!(is_json(text), "{text}");
        read(text, &Limits::default())
    }

    #[test]
    fn lines_and_arrays() {
        let expected = [ImportedLaw {
            edition_id: Some("jia-2031".into()),
            title: Some("甲条例".into()),
            articles: vec![
                ImportedArticle { no: "1".into(), label: "第一条".into(), text: "甲。\n（一）乙。".into() },
                ImportedArticle { no: "17-1".into(), label: "第十七条之一".into(), text: "丙。".into() },
            ],
        }];
        assert_eq!(run(&format!("{LAW}\n{ONE}\n\n{SUB}\n")).unwrap(), expected);
        assert_eq!(run(&format!("\u{FEFF}[{LAW},{ONE},\n{SUB}]")).unwrap(), expected);
    }

    #[test]
    fn laws_follow_one_another() {
        let other = LAW.replace("jia", "yi");
        let laws = run(&format!("{LAW}\n{ONE}\n{other}\n{ONE}\n{SUB}")).unwrap();
        let found: Vec<(Option<&str>, usize)> =
            laws.iter().map(|law| (law.edition_id.as_deref(), law.articles.len())).collect();
        assert_eq!(found, [(Some("jia-2031"), 1), (Some("yi-2031"), 2)]);
        assert_eq!(run(SUB).unwrap()[0].edition_id, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            (format!("{LAW}\n{ONE}\n{ONE}"), "第 3 个记录有误：条号 1 在同一部法规里出现了两次"),
            (format!("{LAW}\n{ONE}\n{{\"record\":"), "第 3 行不是完整的 JSON"),
            (r#"{"record":"law","title":"甲"}"#.to_owned(), "缺少 id"),
            (r#"{"record":"article","no":"一","text":"甲"}"#.to_owned(), "应如 17 或 17-1"),
            (r#"{"record":"article","no":"1-","text":"甲"}"#.to_owned(), "应如 17 或 17-1"),
            (r#"{"record":"article","no":"1"}"#.to_owned(), "缺少 text"),
            (r#"{"record":"article","text":"甲"}"#.to_owned(), "缺少 no"),
            (r#"{"title":"甲"}"#.to_owned(), "缺少 record"),
            (LAW.to_owned(), "没有找到条文"),
        ] {
            let message = run(&text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        let tight = Limits { articles: 1, ..Limits::default() };
        let text = format!("{LAW}\n{ONE}\n{SUB}");
        assert_eq!(read(&text, &tight), Err(LawFileError::TooManyArticles { limit: 1 }));
    }

    #[test]
    fn other_texts_are_not_json() {
        for text in ["[打印]", "", "{甲", "第一条"] {
            assert!(!is_json(text));
        }
    }
}
