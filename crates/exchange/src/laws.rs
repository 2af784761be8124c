//! Law texts (法规文本) that a commission downloads: docx, html, txt or JSON lines to articles (条文).
//!
//! Nothing is guessed about which law it is beyond what the file says of itself; whoever imports compares the articles
//! by hash with the register. What is recognised stands in `docs/law-import.md`.

mod chain;
mod decode;
mod docx;
mod error;
mod html;
mod json;
mod label;
mod layout;
mod limits;
mod lines;
pub(crate) mod numerals;
mod split;
mod title;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

pub use error::LawFileError;
pub use limits::Limits;

use crate::cfb::Cfb;
use crate::format::CFB_MAGIC;
use lines::{Collector, Document};

/// A law (法规) as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedLaw {
    /// The edition (版本) that the file names, such as `jiancha-fa-2024`; only JSON lines do.
    pub edition_id: Option<String>,
    /// The title (标题), without white space; from the text, the page, or the file's name.
    pub title: Option<String>,
    /// The articles, in the order of the file.
    pub articles: Vec<ImportedArticle>,
}

/// An article (条) with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedArticle {
    /// `17`, `17-1`; `0` for a preamble (序言、总纲).
    pub no: String,
    /// As the file writes it, without white space: 第十七条之一, 一、, （一）, 序言, 全文.
    pub label: String,
    /// Its paragraphs and items (款、项), one on a line, trimmed.
    pub text: String,
}

/// Reads the laws of a file. What the file is, its first bytes say; the name helps with pages and with the title.
///
/// # Errors
/// Too large, not a text, protected, damaged, in no known encoding, without articles: each says what to do.
pub fn parse(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<ImportedLaw>, LawFileError> {
    limits.check_file(bytes.len())?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return split::split(&docx::read(bytes, limits)?, file_name, limits);
    }
    refuse_others(bytes)?;
    let text = decode::decode(bytes)?;
    if text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{FEFF}').is_empty() {
        return Err(LawFileError::Empty);
    }
    if text.contains('\0') {
        return Err(LawFileError::NotText { what: "不是文本" });
    }
    if json::is_json(&text) {
        return json::read(&text, limits);
    }
    if let Some(what) = disguise(&text) {
        return Err(LawFileError::NotText { what });
    }
    if !html::is_html(file_name, &text) {
        return split::split(&plain(&text, limits)?, file_name, limits);
    }
    // Some pages wrap their text in what should be beside it.
    match split::split(&html::read(&text, limits, true)?, file_name, limits) {
        Err(LawFileError::NoArticles) => split::split(&html::read(&text, limits, false)?, file_name, limits),
        read => read,
    }
}

/// Files of other kinds, by their first bytes.
fn refuse_others(bytes: &[u8]) -> Result<(), LawFileError> {
    const OTHERS: [(&[u8], &str); 8] = [
        (b"%PDF", "是 PDF"),
        (b"\x89PNG", "是图片"),
        (b"\xFF\xD8\xFF", "是图片"),
        (b"Rar!", "是 RAR 压缩包（请先解压，再逐个导入）"),
        (b"7z\xBC\xAF", "是 7z 压缩包（请先解压，再逐个导入）"),
        (b"\x1F\x8B", "是 gzip 压缩包（请先解压，再逐个导入）"),
        (b"{\\rtf", "是 RTF 文档"),
        (b"\xFF\xFE\x00\x00", "是 UTF-32 文本"),
    ];
    if bytes.is_empty() {
        return Err(LawFileError::Empty);
    }
    if bytes.starts_with(&CFB_MAGIC) {
        let protected = Cfb::open(bytes).is_ok_and(|container| container.has("EncryptedPackage"));
        return Err(if protected { LawFileError::Protected } else { LawFileError::OldWord });
    }
    match OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, what)) => Err(LawFileError::NotText { what }),
        None => Ok(()),
    }
}

/// Texts that hold a document in a way of their own.
fn disguise(text: &str) -> Option<&'static str> {
    const HEAD_SIGNS: usize = 2_048;
    let head: String = text.chars().take(HEAD_SIGNS).map(|sign| sign.to_ascii_lowercase()).collect();
    let head = head.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '\u{FEFF}');
    if head.starts_with("mime-version:") || head.starts_with("from: <saved by") {
        return Some("是单一文件网页（mht）");
    }
    (head.starts_with("<?xml") && head.contains("word.document")).then_some("是 Word 2003 XML 文档")
}

/// Plain text; marks of Markdown are no text.
fn plain(text: &str, limits: &Limits) -> Result<Document, LawFileError> {
    let mut collector = Collector::new(limits.lines);
    for line in text.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let heading = line.trim_start_matches(['#', '\u{FEFF}']);
        collector.push_str(if heading.len() < line.len() { heading.trim_start() } else { line });
        collector.end_line();
    }
    let mut lines = collector.finish()?;
    for line in &mut lines {
        if line.text.contains("**") {
            line.text = line.text.replace("**", "").trim().to_owned();
        }
    }
    lines.retain(|line| !line.text.is_empty());
    Ok(Document { lines, page_title: None, automatic_numbers: false })
}
