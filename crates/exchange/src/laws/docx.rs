//! docx: the text of `word/document.xml`, as it reads with all changes accepted (ECMA-376 part 1, chapter 17).
//!
//! Left out: deleted and moved-away text, notes, text boxes, field codes, hidden text, pronunciation guides, and the
//! numbers that the program gives to paragraphs.

use super::error::LawFileError;
use super::limits::Limits;
use super::lines::{Collector, Document};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Elements that are left out with all that is in them.
const LEFT_OUT: [&str; 10] =
    ["del", "moveFrom", "txbxContent", "pict", "drawing", "Fallback", "rt", "instrText", "delText", "sectPr"];

/// # Errors
/// No Word document, encrypted, too much, damaged.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, LawFileError> {
    let xml = main_part(bytes, limits)?;
    let text = super::decode::decode(&xml)?;
    Walk::new(limits).run(&text)
}

fn main_part(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, LawFileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(LawFileError::damaged)?;
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    let index = names.iter().position(|name| is_main_part(name)).ok_or_else(|| not_word(&names))?;
    let raw = archive.by_index_raw(index).map_err(LawFileError::damaged)?;
    if raw.encrypted() {
        return Err(LawFileError::Protected);
    }
    drop(raw);
    let part = archive.by_index(index).map_err(LawFileError::damaged)?;
    let mut xml = Vec::new();
    // What the part declares may be a lie: one byte more than allowed shows it.
    part.take(limits.expanded_bytes.saturating_add(1)).read_to_end(&mut xml).map_err(LawFileError::damaged)?;
    if u64::try_from(xml.len()).map_or(true, |bytes| bytes > limits.expanded_bytes) {
        return Err(limits.expands_too_much());
    }
    Ok(xml)
}

/// `word/document.xml`; some programs write `word/document2.xml`.
fn is_main_part(name: &str) -> bool {
    let name = name.replace('\\', "/").to_ascii_lowercase();
    name.trim_start_matches('/')
        .strip_prefix("word/document")
        .and_then(|rest| rest.strip_suffix(".xml"))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn not_word(names: &[String]) -> LawFileError {
    let has = |part: &str| names.iter().any(|name| name.starts_with(part));
    let what = if has("xl/") {
        "是表格"
    } else if has("ppt/") {
        "是演示文稿"
    } else if has("content.xml") {
        "是 odt 文档"
    } else if has("OFD.xml") {
        "是 OFD 版式文件"
    } else {
        "是压缩包（请先解压，再逐个导入）"
    };
    LawFileError::NotText { what }
}

struct Walk {
    collector: Collector,
    /// How many elements deep inside one that is left out.
    skipped: usize,
    /// Inside `w:t`.
    in_text: bool,
    /// Inside the properties of a paragraph: what stands there is about its mark.
    in_paragraph_properties: bool,
    /// The run is hidden.
    hidden: bool,
    /// The mark of the paragraph was deleted: the next one goes on with it.
    joined: bool,
    automatic_numbers: bool,
}

impl Walk {
    fn new(limits: &Limits) -> Self {
        Self {
            collector: Collector::new(limits.lines),
            skipped: 0,
            in_text: false,
            in_paragraph_properties: false,
            hidden: false,
            joined: false,
            automatic_numbers: false,
        }
    }

    fn run(mut self, xml: &str) -> Result<Document, LawFileError> {
        let mut reader = Reader::from_str(xml);
        let mut depth = 0_usize;
        loop {
            match reader.read_event().map_err(LawFileError::damaged)? {
                Event::Start(tag) => {
                    depth += 1;
                    self.start(&tag);
                }
                Event::Empty(tag) => self.empty(&tag),
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    self.end(tag.local_name().into_inner());
                }
                Event::Text(text) if self.shows() => self.write(&text),
                Event::CData(text) if self.shows() => self.write(&text),
                Event::GeneralRef(reference) if self.shows() => self.reference(&reference),
                Event::Eof => break,
                _ => {}
            }
        }
        if depth > 0 {
            return Err(LawFileError::damaged("document.xml ends early"));
        }
        Ok(Document { lines: self.collector.finish()?, page_title: None, automatic_numbers: self.automatic_numbers })
    }

    fn shows(&self) -> bool {
        self.in_text && self.skipped == 0 && !self.hidden
    }

    fn write(&mut self, text: &str) {
        for sign in text.chars() {
            self.collector.push(if matches!(sign, '\n' | '\r') { ' ' } else { sign });
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        let named = match reference.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        self.collector.push(named.unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name().into_inner();
        if self.skipped > 0 || LEFT_OUT.contains(&name) {
            if self.in_paragraph_properties && name == "del" {
                self.joined = true;
            }
            self.skipped += 1;
            return;
        }
        match name {
            "p" => {
                if !std::mem::take(&mut self.joined) {
                    self.collector.end_line();
                }
            }
            "pPr" => self.in_paragraph_properties = true,
            "r" => self.hidden = false,
            "t" => self.in_text = true,
            "tbl" => self.collector.table_start(),
            "tr" => self.collector.row_start(),
            _ => self.empty(tag),
        }
    }

    /// Elements that mean something without content.
    fn empty(&mut self, tag: &BytesStart<'_>) {
        if self.skipped > 0 {
            return;
        }
        match tag.local_name().into_inner() {
            "del" | "moveFrom" if self.in_paragraph_properties => self.joined = true,
            "p" if !std::mem::take(&mut self.joined) => self.collector.end_line(),
            "br" | "cr" if !self.hidden => self.collector.end_line(),
            "tab" | "ptab" if !self.hidden && !self.in_paragraph_properties => self.collector.push(' '),
            "noBreakHyphen" if !self.hidden => self.collector.push('-'),
            "vanish" if !self.in_paragraph_properties && is_on(tag) => self.hidden = true,
            "numPr" => self.automatic_numbers = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "p" if !self.joined => self.collector.end_line(),
            "pPr" => self.in_paragraph_properties = false,
            "r" => self.hidden = false,
            "t" => self.in_text = false,
            "tbl" => self.collector.table_end(),
            "tr" => self.collector.row_end(),
            "tc" => self.collector.cell_end(),
            _ => {}
        }
    }
}

/// A switch of a run's properties: on unless it says otherwise.
fn is_on(tag: &BytesStart<'_>) -> bool {
    !tag.attributes().with_checks(false).flatten().any(|attribute| {
        attribute.key.local_name().into_inner() == "val" && matches!(attribute.value.as_ref(), "0" | "false" | "off")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::fixtures::{docx_of, zip_of};

    fn lines(body: &str) -> Vec<String> {
        let document = read(&docx_of(body), &Limits::default()).unwrap();
        document.lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn paragraphs_runs_breaks_and_tables() {
        let body = r#"<w:p><w:pPr><w:tabs><w:tab w:pos="9"/></w:tabs></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>第一</w:t></w:r><w:r><w:t xml:space="preserve">条　甲&amp;乙</w:t></w:r>
            <w:r><w:tab/><w:t>丙&#12290;</w:t></w:r></w:p>
            <w:p/><w:p><w:r><w:t>丁</w:t><w:br/><w:t>戊</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>己</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>庚</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#;
        assert_eq!(lines(body), ["第一条　甲&乙 丙。", "丁", "戊", "己 庚"]);
    }

    #[test]
    fn what_is_left_out() {
        let body = r#"<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del>
            <w:ins><w:r><w:t>乙</w:t></w:r></w:ins><w:r><w:footnoteReference w:id="1"/></w:r>
            <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>丙</w:t></w:r>
            <w:r><w:instrText>PAGE</w:instrText></w:r>
            <w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>
            <w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>
            <w:r><w:ruby><w:rt><w:r><w:t>dīng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>丁</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"#;
        assert_eq!(lines(body), ["甲乙丙丁"]);
    }

    #[test]
    fn a_deleted_paragraph_mark_joins() {
        for mark in ["<w:del w:id=\"1\"/>", "<w:del w:id=\"1\"></w:del>"] {
            let body = format!(
                "<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p><w:p><w:r><w:t>丙</w:t></w:r></w:p>"
            );
            assert_eq!(lines(&body), ["甲乙", "丙"], "{mark}");
        }
    }

    #[test]
    fn automatic_numbers_are_noted() {
        let body = "<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>";
        assert!(read(&docx_of(body), &Limits::default()).unwrap().automatic_numbers);
        assert!(!read(&docx_of("<w:p/>"), &Limits::default()).unwrap().automatic_numbers);
    }

    #[test]
    fn other_archives_and_damage() {
        for (name, part) in [
            ("xl/workbook.xml", "是表格"),
            ("ppt/presentation.xml", "是演示文稿"),
            ("content.xml", "是 odt"),
            ("OFD.xml", "OFD"),
            ("甲.txt", "压缩包"),
            ("word/documents.xml", "压缩包"),
        ] {
            let message = read(&zip_of(&[(name, "甲")]), &Limits::default()).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        assert!(read(&zip_of(&[("word/document2.xml", "<a/>")]), &Limits::default()).is_ok());
        let whole = docx_of("<w:p><w:r><w:t>甲</w:t></w:r></w:p>");
        let damaged = |bytes: &[u8]| matches!(read(bytes, &Limits::default()), Err(LawFileError::Damaged { .. }));
        assert!(damaged(&whole[..whole.len() / 2]));
        assert!(damaged(&zip_of(&[("word/document.xml", "<w:a><w:b></w:a>")])));
        assert!(damaged(&zip_of(&[("word/document.xml", "<w:a><w:b>")])));
    }

    #[test]
    fn expansion_is_bounded_while_reading() {
        let body = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>".repeat(1_000);
        let tight = Limits { expanded_bytes: 10_000, ..Limits::default() };
        assert!(matches!(read(&docx_of(&body), &tight), Err(LawFileError::ExpandsTooMuch { .. })));
        let few = Limits { lines: 10, ..Limits::default() };
        assert_eq!(read(&docx_of(&body), &few).map(|_| ()), Err(LawFileError::TooManyLines { limit: 10 }));
    }
}
