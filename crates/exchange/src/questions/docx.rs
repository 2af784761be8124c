//! docx: paragraphs with the numbers that the program gives them, and tables (ECMA-376 part 1, chapter 17).
//!
//! Read as with all changes accepted. Word, WPS and LibreOffice differ in names of parts and in how they number; the
//! number's form stands in `word/numbering.xml`, by list and level.

use super::office::{Auto, Line, read_lines};
use super::sheet::{Header, read_sheet};
use super::{Format, Limits, ParsedFile, QuestionFileError};
use crate::grid::{Cell, GridRow, Sheet, Visibility};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Elements that are left out with all that is in them.
const LEFT_OUT: [&str; 11] =
    ["del", "moveFrom", "txbxContent", "pict", "drawing", "object", "Fallback", "rt", "instrText", "delText", "sectPr"];
/// Columns of a table in a document.
const MAX_COLUMNS: u32 = 64;

/// # Errors
/// Encrypted, too much, damaged, without questions.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(QuestionFileError::damaged)?;
    let names: Vec<String> = crate::archive::part_names(bytes)?;
    let part = |wanted: &dyn Fn(&str) -> bool| {
        names.iter().position(|name| wanted(&name.replace('\\', "/").to_ascii_lowercase()))
    };
    let main = part(&|name| {
        name.trim_start_matches('/')
            .strip_prefix("word/document")
            .and_then(|rest| rest.strip_suffix(".xml"))
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let main =
        main.ok_or_else(|| QuestionFileError::NotQuestions { what: "是不完整的 Word 文档".to_owned() })?;
    let lists = match part(&|name| name.ends_with("word/numbering.xml")) {
        Some(place) => Lists::read(&unpack(&mut archive, place, limits)?)?,
        None => Lists::default(),
    };
    let text = unpack(&mut archive, main, limits)?;
    let mut walk = Walk::new(&lists, limits);
    walk.run(&text)?;
    let (lines, tables) = (walk.lines, walk.tables);
    read_content(&lines, tables, limits)
}

/// Questions of the tables that have headings; of the text, where there is any.
fn read_content(lines: &[Line], tables: Vec<Sheet>, limits: &Limits) -> Result<ParsedFile, QuestionFileError> {
    let mut file = ParsedFile::of(Format::Docx);
    let mut loose: Vec<Line> = Vec::new();
    for table in tables {
        match Header::find(&table) {
            Some(header) => read_sheet(&table, &header, &mut file, limits)?,
            // A table for the layout alone: its cells are lines.
            None => loose.extend(table.rows.iter().flat_map(|row| {
                row.cells.iter().filter_map(|(_, cell)| match cell {
                    Cell::Text(text) => Some(Line { no: row.number, text: text.clone(), auto: None }),
                    _ => None,
                })
            })),
        }
    }
    for question in &mut file.questions {
        question.sheet = None;
    }
    let own: Vec<Line> = if lines.is_empty() { loose } else { lines.to_vec() };
    match read_lines(&own, Format::Docx, limits) {
        Ok(read) => {
            file.questions.extend(read.questions);
            file.problems.extend(read.problems);
            Ok(file)
        }
        Err(QuestionFileError::NoQuestions { .. }) if !file.questions.is_empty() => Ok(file),
        Err(error) => Err(error),
    }
}

fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, place: usize, limits: &Limits) -> Result<String, QuestionFileError> {
    let raw = archive.by_index_raw(place).map_err(QuestionFileError::damaged)?;
    if raw.encrypted() {
        return Err(QuestionFileError::Protected);
    }
    drop(raw);
    let part = archive.by_index(place).map_err(QuestionFileError::damaged)?;
    let mut xml = Vec::new();
    // What the part declares may be a lie: one byte more than allowed shows it.
    part.take(limits.expanded_bytes.saturating_add(1)).read_to_end(&mut xml).map_err(QuestionFileError::damaged)?;
    if u64::try_from(xml.len()).map_or(true, |bytes| bytes > limits.expanded_bytes) {
        return Err(limits.expands_too_much());
    }
    Ok(crate::delimited::decode(&xml)?.into_owned())
}

fn value_of(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    attributes
        .with_checks(false)
        .flatten()
        .find(|one| one.key.local_name().into_inner() == name)
        .map(|one| one.value.into_owned())
}

/// Which form the numbers of each list have, by list and level.
#[derive(Debug, Default)]
struct Lists {
    forms: BTreeMap<(u32, u32), Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Letter,
    Number,
    /// 一、二、三: headings, whose text says what they are.
    Other,
}

impl Lists {
    fn read(xml: &str) -> Result<Self, QuestionFileError> {
        let mut reader = Reader::from_str(xml);
        let mut abstracts: BTreeMap<(u32, u32), Form> = BTreeMap::new();
        let mut lists = Self::default();
        let (mut own, mut level, mut number) = (None, 0, None);
        loop {
            let event = reader.read_event().map_err(QuestionFileError::damaged)?;
            let (Event::Start(tag) | Event::Empty(tag)) = &event else {
                if matches!(event, Event::Eof) {
                    return Ok(lists);
                }
                continue;
            };
            let id = |name: &str| value_of(tag, name).and_then(|text| text.parse::<u32>().ok());
            match tag.local_name().into_inner() {
                "abstractNum" => (own, number) = (id("abstractNumId"), None),
                "lvl" => level = id("ilvl").unwrap_or(0),
                "numFmt" => {
                    let form = match value_of(tag, "val").as_deref() {
                        Some("upperLetter" | "lowerLetter") => Form::Letter,
                        Some("decimal" | "decimalFullWidth" | "decimalEnclosedCircle" | "decimalZero") => Form::Number,
                        _ => Form::Other,
                    };
                    if let (Some(own), None) = (own, number) {
                        abstracts.insert((own, level), form);
                    }
                }
                "num" => number = id("numId"),
                "abstractNumId" => {
                    if let (Some(list), Some(of)) = (number, id("val")) {
                        let levels = abstracts.range((of, 0)..=(of, u32::MAX));
                        lists.forms.extend(levels.map(|((_, level), form)| ((list, *level), *form)));
                    }
                }
                _ => {}
            }
        }
    }

    fn auto(&self, list: u32, level: u32) -> Option<Auto> {
        match self.forms.get(&(list, level))? {
            Form::Letter => Some(Auto::Letter),
            Form::Number => Some(Auto::Number(list.saturating_mul(16).saturating_add(level))),
            Form::Other => None,
        }
    }
}

struct Walk<'a> {
    lists: &'a Lists,
    limits: &'a Limits,
    lines: Vec<Line>,
    tables: Vec<Sheet>,
    paragraph: String,
    paragraph_no: u32,
    list: Option<u32>,
    level: u32,
    skipped: usize,
    in_text: bool,
    in_properties: bool,
    hidden: bool,
    /// How many tables deep; the inner ones are text of the cell.
    table_depth: usize,
    row: Vec<String>,
    cell: String,
}

impl<'a> Walk<'a> {
    fn new(lists: &'a Lists, limits: &'a Limits) -> Self {
        Self {
            lists,
            limits,
            lines: Vec::new(),
            tables: Vec::new(),
            paragraph: String::new(),
            paragraph_no: 0,
            list: None,
            level: 0,
            skipped: 0,
            in_text: false,
            in_properties: false,
            hidden: false,
            table_depth: 0,
            row: Vec::new(),
            cell: String::new(),
        }
    }

    fn run(&mut self, xml: &str) -> Result<(), QuestionFileError> {
        let mut reader = Reader::from_str(xml);
        let mut depth = 0_usize;
        loop {
            match reader.read_event().map_err(QuestionFileError::damaged)? {
                Event::Start(tag) => {
                    depth += 1;
                    self.start(&tag);
                }
                Event::Empty(tag) => self.empty(&tag),
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    self.end(tag.local_name().into_inner())?;
                }
                Event::Text(text) if self.shows() => self.write(&text),
                Event::CData(text) if self.shows() => self.write(&text),
                Event::GeneralRef(reference) if self.shows() => self.reference(&reference),
                Event::Eof => break,
                _ => {}
            }
        }
        if depth > 0 { Err(QuestionFileError::damaged("document.xml ends early")) } else { Ok(()) }
    }

    fn shows(&self) -> bool {
        self.in_text && self.skipped == 0 && !self.hidden
    }

    fn write(&mut self, text: &str) {
        self.paragraph.extend(text.chars().map(|sign| if matches!(sign, '\n' | '\r') { ' ' } else { sign }));
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
        self.paragraph.push(named.unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name().into_inner();
        if self.skipped > 0 || LEFT_OUT.contains(&name) {
            self.skipped += 1;
            return;
        }
        match name {
            "p" => self.begin_paragraph(),
            "pPr" => self.in_properties = true,
            "r" => self.hidden = false,
            "t" => self.in_text = true,
            "tbl" => {
                self.table_depth += 1;
                if self.table_depth == 1 {
                    let name = format!("表格 {}", self.tables.len().saturating_add(1));
                    self.tables.push(Sheet {
                        name,
                        visibility: Visibility::Visible,
                        rows: Vec::new(),
                        merges: Vec::new(),
                    });
                }
            }
            "tr" if self.table_depth == 1 => self.row.clear(),
            "tc" if self.table_depth == 1 => self.cell.clear(),
            _ => self.empty(tag),
        }
    }

    fn begin_paragraph(&mut self) {
        self.paragraph.clear();
        self.paragraph_no = self.paragraph_no.saturating_add(1);
        (self.list, self.level) = (None, 0);
    }

    /// Elements that mean something without content.
    fn empty(&mut self, tag: &BytesStart<'_>) {
        if self.skipped > 0 {
            return;
        }
        let number = || value_of(tag, "val").and_then(|text| text.parse::<u32>().ok());
        match tag.local_name().into_inner() {
            "p" => self.begin_paragraph(),
            "br" | "cr" if !self.hidden => self.paragraph.push('\n'),
            "tab" | "ptab" if !self.hidden && !self.in_properties => self.paragraph.push(' '),
            "noBreakHyphen" if !self.hidden => self.paragraph.push('-'),
            "vanish" if !self.in_properties => {
                self.hidden = !matches!(value_of(tag, "val").as_deref(), Some("0" | "false" | "off"));
            }
            "numId" if self.in_properties => self.list = number().filter(|list| *list > 0),
            "ilvl" if self.in_properties => self.level = number().unwrap_or(0),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), QuestionFileError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "p" => self.end_paragraph()?,
            "pPr" => self.in_properties = false,
            "r" => self.hidden = false,
            "t" => self.in_text = false,
            "tbl" => self.table_depth = self.table_depth.saturating_sub(1),
            "tr" if self.table_depth == 1 => self.end_row(),
            "tc" if self.table_depth == 1 => self.row.push(self.cell.trim().to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), QuestionFileError> {
        let text = std::mem::take(&mut self.paragraph);
        if self.table_depth > 0 {
            if !self.cell.is_empty() {
                self.cell.push('\n');
            }
            self.cell.push_str(text.trim());
            return Ok(());
        }
        let auto = self.list.and_then(|list| self.lists.auto(list, self.level));
        for (part, line) in text.split('\n').map(str::trim).filter(|line| !line.is_empty()).enumerate() {
            let auto = auto.filter(|_| part == 0);
            self.lines.push(Line { no: self.paragraph_no, text: line.to_owned(), auto });
        }
        if self.lines.len() > self.limits.lines {
            return Err(QuestionFileError::TooManyLines { limit: self.limits.lines });
        }
        Ok(())
    }

    fn end_row(&mut self) {
        let cells: Vec<(u32, Cell)> = (0..MAX_COLUMNS)
            .zip(std::mem::take(&mut self.row))
            .filter(|(_, text)| !text.is_empty())
            .map(|(column, text)| (column, Cell::Text(text)))
            .collect();
        if let Some(table) = self.tables.last_mut().filter(|_| !cells.is_empty()) {
            let number = u32::try_from(table.rows.len().saturating_add(1)).unwrap_or(u32::MAX);
            table.rows.push(GridRow { number, cells });
        }
    }
}
