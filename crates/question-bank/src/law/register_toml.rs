//! The register as files: `question-bank/laws/<id>.toml`, a line for each article.

use super::register::Register;
use super::types::{Article, ArticleNo, Edition, EditionId, Jurisdiction, LawSlug, Quality, Validity};
use crate::fields::{Fields, Place, as_texts, parse_table};
use crate::{Digest256, Problem};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use toml::Value;

const HEAD: &str = "# Made by `zhijie bank register`; not written by hand.\n\
# article = [number, label, characters, SHA-256 of the normalised text, SHA-256 of Han characters and digits, validity, note]\n";

impl Edition {
    /// The file of this edition. Reading it back gives the same edition.
    pub fn to_toml(&self) -> String {
        let mut out = String::from(HEAD);
        let quote = |text: &str| Value::String(text.to_owned()).to_string();
        let mut line = |name: &str, value: String| {
            let _ = writeln!(out, "{name} = {value}");
        };
        line("law", quote(self.law.as_str()));
        line("edition", quote(&self.edition));
        line("title", quote(&self.title));
        line("short_title", quote(&self.short_title));
        line("kind", quote(&self.kind));
        line("issuer", quote(&self.issuer));
        for (name, day) in
            [("promulgated", self.promulgated), ("effective", self.effective), ("superseded_on", self.superseded_on)]
        {
            if let Some(day) = day {
                line(name, day.to_string());
            }
        }
        line("quality", quote(self.quality.as_str()));
        if self.jurisdiction != Jurisdiction::National {
            line("jurisdiction", quote(self.jurisdiction.as_str()));
        }
        if let Some(notes) = &self.notes {
            line("notes", quote(notes));
        }
        out.push_str("articles = [\n");
        for article in &self.articles {
            let (no, label) = (quote(article.no.as_str()), quote(&article.label));
            let _ =
                write!(out, "[{no}, {label}, {}, \"{}\", \"{}\"", article.length, article.sha_text, article.sha_han);
            if article.validity != Validity::InForce || article.note.is_some() {
                let _ = write!(out, ", \"{}\"", article.validity.as_str());
            }
            if let Some(note) = &article.note {
                let _ = write!(out, ", {}", quote(note));
            }
            out.push_str("],\n");
        }
        out.push_str("]\n");
        out
    }
}

impl Register {
    /// Reads the register's files, given as (name, text); what cannot be read is left out and named. The dates are
    /// looked at as well (see [`Register::problems`]).
    pub fn load(files: &[(String, String)]) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut editions: Vec<Edition> = Vec::new();
        let mut ids = BTreeSet::new();
        for (file, text) in files {
            let Some(edition) = load_edition(file, text, &mut problems) else { continue };
            if ids.insert(edition.id.clone()) {
                editions.push(edition);
            } else {
                problems.push(Problem::error(file, format!("{} 在另一个文件里已有，请删去一个", edition.id)));
            }
        }
        let register = Self::from_editions(editions).unwrap_or_default();
        problems.extend(register.problems());
        (register, problems)
    }
}

fn load_edition(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Edition> {
    let table = parse_table(file, text, problems)?;
    let mut fields = Fields::new(&table, Place::file(file));
    let law = fields.need_text("law").map(LawSlug::new);
    let year = fields.need_text("edition");
    let title = fields.need_text("title");
    let short_title = fields.need_text("short_title");
    let kind = fields.need_text("kind");
    let issuer = fields.need_text("issuer");
    let (promulgated, effective, superseded_on) =
        (fields.date("promulgated"), fields.date("effective"), fields.date("superseded_on"));
    let quality = fields.word("quality", Quality::parse, "A、B、C");
    let quality = fields.needed("quality", quality);
    let jurisdiction =
        fields.word("jurisdiction", Jurisdiction::parse, "national、central、province、district").unwrap_or_default();
    let notes = fields.text("notes");
    let articles = load_articles(&mut fields);
    if !fields.finish(problems) {
        return None;
    }
    let (law, year) = (law?, year?);
    Some(Edition {
        id: EditionId::of(&law, &year),
        law,
        edition: year,
        title: title?,
        short_title: short_title?,
        kind: kind?,
        issuer: issuer?,
        promulgated,
        effective,
        superseded_on,
        quality: quality?,
        jurisdiction,
        notes,
        articles,
    })
}

fn load_articles(fields: &mut Fields<'_>) -> Vec<Article> {
    let rows = fields.raw("articles").and_then(Value::as_array);
    let Some(rows) = rows else {
        fields.complain("articles", "缺少“articles”：每条一行的列表");
        return Vec::new();
    };
    let mut articles = Vec::with_capacity(rows.len());
    let mut seen = BTreeSet::new();
    for (n, row) in rows.iter().enumerate() {
        match load_article(row) {
            Some(article) if seen.insert(article.no.clone()) => articles.push(article),
            Some(article) => fields.complain("articles", format!("{} 出现了两次，请删去一个", article.label)),
            None => {
                fields.complain("articles", format!("第 {} 个条文不合格式，请用 zhijie bank register 重新生成", n + 1))
            }
        }
    }
    articles
}

fn load_article(row: &Value) -> Option<Article> {
    let row = row.as_array()?;
    let (head, rest) = row.split_at_checked(5)?;
    let [no, label, length, sha_text, sha_han] = head else { return None };
    let rest = as_texts(&Value::Array(rest.to_vec()))?;
    let (validity, note) = match rest.as_slice() {
        [] => (Validity::InForce, None),
        [validity] => (Validity::parse(validity)?, None),
        [validity, note] => (Validity::parse(validity)?, Some(note.clone())),
        _ => return None,
    };
    Some(Article {
        no: ArticleNo::new(no.as_str()?),
        label: label.as_str()?.to_owned(),
        length: u32::try_from(length.as_integer()?).ok()?,
        sha_text: Digest256::parse(sha_text.as_str()?).ok()?,
        sha_han: Digest256::parse(sha_han.as_str()?).ok()?,
        validity,
        note,
    })
}

#[cfg(test)]
mod tests {
    use crate::fixtures::edition;
    use crate::law::{Edition, Jurisdiction, Register, Validity};
    use jiff::civil::date;

    fn full() -> Edition {
        let mut edition = edition("jia-fa", "2020", &[("1", "甲。"), ("1-1", "乙“丙”。"), ("2", "丁。")]);
        edition.superseded_on = Some(date(2030, 1, 1));
        edition.jurisdiction = Jurisdiction::Central;
        edition.notes = Some("引号\"与\\反斜线".into());
        edition.articles[1].validity = Validity::Overridden;
        edition.articles[2].validity = Validity::Doubtful;
        edition.articles[2].note = Some("说明".into());
        edition
    }

    #[test]
    fn a_file_reads_back_as_the_same_edition() {
        let edition = full();
        let (register, problems) = Register::load(&[("a.toml".into(), edition.to_toml())]);
        assert_eq!(problems, []);
        assert_eq!(register.edition(&edition.id), Some(&edition));
        let json = serde_json::to_string(&edition).unwrap();
        assert_eq!(serde_json::from_str::<Edition>(&json).unwrap(), edition);
    }

    #[test]
    fn broken_files_are_named() {
        let good = full().to_toml();
        let cases = [
            (good.replace("quality = \"B\"", "quality = \"D\""), "quality"),
            (good.replace("title = \"甲法\"", "titel = \"甲法\""), "titel"),
            (good.replace("\"1-1\"", "\"1\""), "articles"),
            (good.replacen("[\"1\", \"第1条\", 2,", "[\"1\", \"第1条\", -2,", 1), "articles"),
            (good.replace("\"overridden\"", "\"maybe\""), "articles"),
        ];
        for (text, field) in cases {
            assert_ne!(text, good, "{field}: the case must change the file");
            let (register, problems) = Register::load(&[("a.toml".into(), text)]);
            assert!(register.is_empty());
            assert!(problems.iter().any(|problem| problem.field.as_deref() == Some(field)), "{field}: {problems:?}");
        }
        let (register, problems) = Register::load(&[("a.toml".into(), good.clone()), ("b.toml".into(), good)]);
        assert_eq!((register.len(), problems.len()), (1, 1));
    }
}
