//! What a file of questions is, by its bytes.

use super::QuestionFileError;
use super::headings::looks_like_headings;
use crate::cfb::Cfb;
use crate::format::CFB_MAGIC;
use crate::{archive, delimited};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a file of questions is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Our own TOML (`docs/question-format.md`).
    #[serde(rename = "zhijie-toml")]
    Toml,
    /// JSON: a list or lines, of the contract's shape or of the whole content.
    Json,
    /// A workbook with a question in each row.
    Xlsx,
    /// The same as delimited text.
    Csv,
    /// Moodle's GIFT.
    Gift,
    /// Aiken.
    Aiken,
    /// Plain text in office style.
    Text,
    /// A Word document in office style.
    Docx,
}

impl Format {
    /// The word of messages and of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "zhijie-toml",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Gift => "gift",
            Self::Aiken => "aiken",
            Self::Text => "text",
            Self::Docx => "docx",
        }
    }

    /// Reads the word that a person gives.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "toml" | "zhijie-toml" => Self::Toml,
            "json" | "jsonl" => Self::Json,
            "xlsx" | "xls" => Self::Xlsx,
            "csv" => Self::Csv,
            "gift" => Self::Gift,
            "aiken" => Self::Aiken,
            "text" | "txt" => Self::Text,
            "docx" | "word" => Self::Docx,
            _ => return None,
        })
    }

    /// Whether such a file is text, so that a person may say which format it is.
    pub(super) fn is_text(self) -> bool {
        !matches!(self, Self::Xlsx | Self::Docx)
    }
}

pub(super) enum Container<'a> {
    Workbook,
    Document,
    Text(Cow<'a, str>),
}

/// # Errors
/// The file is empty, protected, or of a kind that holds no questions.
pub(super) fn container(bytes: &[u8]) -> Result<Container<'_>, QuestionFileError> {
    const OTHERS: [(&[u8], &str); 8] = [
        (b"%PDF", "是 PDF"),
        (b"\x89PNG", "是图片"),
        (b"\xFF\xD8\xFF", "是图片"),
        (b"Rar!", "是 RAR 压缩包（请先解压，再逐个导入）"),
        (b"7z\xBC\xAF", "是 7z 压缩包（请先解压，再逐个导入）"),
        (b"\x1F\x8B", "是 gzip 压缩包（请先解压，再逐个导入）"),
        (b"{\\rtf", "是 RTF 文档"),
        (b"MZ", "是程序"),
    ];
    if bytes.is_empty() {
        return Err(QuestionFileError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let is_document = archive::part_names(bytes).map_err(QuestionFileError::damaged)?.iter().any(|name| {
            name.replace('\\', "/").to_ascii_lowercase().trim_start_matches('/').starts_with("word/document")
        });
        return Ok(if is_document { Container::Document } else { Container::Workbook });
    }
    if bytes.starts_with(&CFB_MAGIC) {
        let container = Cfb::open(bytes)?;
        if container.has("EncryptedPackage") {
            return Err(QuestionFileError::Protected);
        }
        return if container.has("WordDocument") { Err(QuestionFileError::OldWord) } else { Ok(Container::Workbook) };
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(QuestionFileError::NotQuestions { what: (*what).to_owned() });
    }
    let text = delimited::decode(bytes)?;
    if text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{FEFF}').is_empty() {
        return Err(QuestionFileError::Empty);
    }
    if text.contains('\0') {
        return Err(QuestionFileError::NotQuestions { what: "不是文本".to_owned() });
    }
    let head: String = text.trim_start().chars().take(512).map(|sign| sign.to_ascii_lowercase()).collect();
    if ["<!doctype", "<html", "<?xml", "mime-version:"].iter().any(|tag| head.starts_with(tag)) {
        return Err(QuestionFileError::NotQuestions { what: "是网页或者 XML".to_owned() });
    }
    Ok(Container::Text(text))
}

/// What a text is. Office style is what is left: it has no signs of its own.
pub(super) fn of_text(file_name: &str, text: &str) -> Format {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut signs = text.chars().filter(|sign| !sign.is_whitespace());
    if matches!((signs.next(), signs.next()), (Some('{'), Some('"')) | (Some('['), Some('{'))) {
        return Format::Json;
    }
    if text.lines().any(|line| line.trim() == "[[question]]") {
        return Format::Toml;
    }
    if is_gift(text) {
        return Format::Gift;
    }
    if is_aiken(text) {
        return Format::Aiken;
    }
    if looks_like_table(file_name, text) {
        return Format::Csv;
    }
    Format::Text
}

/// Braces with an answer in them, as no other text has: `{=`, `{~`, `{T}`, `{}` behind a `::title::`.
fn is_gift(text: &str) -> bool {
    if text.lines().map(str::trim_start).any(|line| line.starts_with("$CATEGORY:") || line.starts_with("::")) {
        return text.contains('{');
    }
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).any(|(inside, _)| {
        let inside = inside.trim();
        inside.starts_with(['=', '~', '#'])
            || matches!(inside.split('#').next().map(str::trim), Some("T" | "F" | "TRUE" | "FALSE"))
    })
}

/// A line `ANSWER: B`.
fn is_aiken(text: &str) -> bool {
    text.lines().filter_map(|line| line.trim().strip_prefix("ANSWER:")).any(|rest| {
        let letter = rest.trim();
        letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

fn looks_like_table(file_name: &str, text: &str) -> bool {
    const HEAD_LINES: usize = 40;
    let named = file_name.to_ascii_lowercase();
    let named = named.ends_with(".csv") || named.ends_with(".tsv");
    text.lines().take(HEAD_LINES).any(|line| {
        [',', '\t', ';'].iter().any(|sign| {
            let cells: Vec<&str> = line.split(*sign).collect();
            cells.len() >= 2 && looks_like_headings(&cells, named)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_what_stands_in_it() {
        for (text, format) in [
            ("[{\"stem\":\"甲\"}]", Format::Json),
            ("{\"ref\":\"a\"}\n{\"ref\":\"b\"}", Format::Json),
            ("law = \"a\"\n[[question]]\nref = \"b\"", Format::Toml),
            ("::题一:: 甲是？ {=乙 ~丙}", Format::Gift),
            ("甲是乙。{T}", Format::Gift),
            ("$CATEGORY: 甲\n\n甲是{=乙}", Format::Gift),
            ("甲是？\nA. 乙\nB. 丙\nANSWER: A\n", Format::Aiken),
            ("题型,题干,答案\n单选,甲,B", Format::Csv),
            ("一、单选题\n1. 甲是？\nA. 乙 B. 丙\n答案：A", Format::Text),
            ("1. 甲{乙}是？\n答案：A", Format::Text),
        ] {
            assert_eq!(of_text("x.txt", text), format, "{text}");
        }
    }

    #[test]
    fn other_files_are_named() {
        for (bytes, word) in [
            (&b""[..], "空"),
            (b"  \n ", "空"),
            (b"%PDF-1.7", "PDF"),
            (b"ab\0cd", "不是文本"),
            (b"<html><body>", "网页"),
            (b"\xFF\xFF\xFF", "编码"),
        ] {
            let error = container(bytes).err().unwrap().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
