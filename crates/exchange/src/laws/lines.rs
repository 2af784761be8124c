//! The lines of a document, whatever it came as.

use super::error::LawFileError;
use super::{label, layout};

/// A layout nested deeper than this is flattened.
const DEPTH: usize = 32;
/// A cell with more lines than this lays out the page; it is no table of the law.
const CELL_LINES: usize = 3;

/// A line with something in it, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    /// Whether it is a row of a table.
    pub(super) table: bool,
}

/// A document as lines.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) lines: Vec<Line>,
    /// What the page calls itself.
    pub(super) page_title: Option<String>,
    /// Whether paragraphs are numbered by the program, so that their numbers are not in the text.
    pub(super) automatic_numbers: bool,
}

#[derive(Debug)]
enum Frame {
    Table,
    Row { cells: Vec<Vec<Line>>, cell: Vec<Line> },
}

/// Collects lines from text, breaks and tables.
#[derive(Debug)]
pub(super) struct Collector {
    done: Vec<Line>,
    current: String,
    frames: Vec<Frame>,
    count: usize,
    limit: usize,
}

impl Collector {
    pub(super) fn new(limit: usize) -> Self {
        Self { done: Vec::new(), current: String::new(), frames: Vec::new(), count: 0, limit }
    }

    pub(super) fn push(&mut self, sign: char) {
        self.current.push(sign);
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.current.push_str(text);
    }

    /// The last sign of the line that is being written.
    pub(super) fn last(&self) -> Option<char> {
        self.current.chars().next_back()
    }

    pub(super) fn end_line(&mut self) {
        if self.current.is_empty() {
            return;
        }
        let current = std::mem::take(&mut self.current);
        for part in paragraphs(&current) {
            let text = clean(part);
            if !text.is_empty() {
                self.add(Line { text, table: false });
            }
        }
    }

    fn add(&mut self, line: Line) {
        self.count += 1;
        if self.count > self.limit {
            return;
        }
        self.place(line);
    }

    fn place(&mut self, line: Line) {
        let inner = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Row { cell, .. } => Some(cell),
            Frame::Table => None,
        });
        inner.unwrap_or(&mut self.done).push(line);
    }

    pub(super) fn table_start(&mut self) {
        self.end_line();
        if self.frames.len() < DEPTH {
            self.frames.push(Frame::Table);
        }
    }

    pub(super) fn table_end(&mut self) {
        self.end_line();
        while let Some(Frame::Row { .. }) = self.frames.last() {
            self.row_end();
        }
        self.frames.pop();
    }

    pub(super) fn row_start(&mut self) {
        self.row_end();
        if self.frames.len() < DEPTH {
            self.frames.push(Frame::Row { cells: Vec::new(), cell: Vec::new() });
        }
    }

    pub(super) fn cell_end(&mut self) {
        self.end_line();
        if let Some(Frame::Row { cells, cell }) = self.frames.last_mut()
            && !cell.is_empty()
        {
            cells.push(std::mem::take(cell));
        }
    }

    /// A row whose cells are short becomes one line; a row that lays out the page, its lines.
    pub(super) fn row_end(&mut self) {
        self.cell_end();
        if !matches!(self.frames.last(), Some(Frame::Row { .. })) {
            return;
        }
        let Some(Frame::Row { cells, .. }) = self.frames.pop() else { return };
        let one_each = cells.iter().all(|cell| cell.len() == 1);
        if cells.len() > 1 && one_each {
            let texts: Vec<String> = cells.into_iter().flatten().map(|line| line.text).collect();
            self.place(Line { text: texts.join(" "), table: true });
            return;
        }
        let table = cells.len() > 1 && cells.iter().all(|cell| cell.len() <= CELL_LINES);
        for line in cells.into_iter().flatten() {
            self.place(Line { table: table || line.table, ..line });
        }
    }

    /// # Errors
    /// There were more lines than allowed.
    pub(super) fn finish(mut self) -> Result<Vec<Line>, LawFileError> {
        self.end_line();
        while !self.frames.is_empty() {
            self.table_end();
        }
        if self.count > self.limit { Err(LawFileError::TooManyLines { limit: self.limit }) } else { Ok(self.done) }
    }
}

fn is_indent(sign: char) -> bool {
    matches!(sign, '\u{3000}' | '\u{A0}' | '\u{2003}')
}

/// Whether an article or a heading begins here.
fn begins_anew(text: &str) -> bool {
    label::article(text).is_some_and(|mark| mark.apart) || label::part_heading(text) == Some(true)
}

/// Some pages part paragraphs by an indent alone: a sentence's end, then two wide blanks; or two, then 第一条.
fn paragraphs(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some((before, after)) = rest.get(from..).and_then(|tail| tail.split_once(is_indent)) {
        let at = from + before.len();
        let blanks = after.chars().take_while(|sign| is_indent(*sign)).count();
        let (head, tail) = rest.split_at(at);
        let tail = tail.trim_start_matches(is_indent);
        if blanks > 0 && (layout::ends_sentence(head) || begins_anew(tail)) {
            parts.push(head);
            rest = tail;
            from = 0;
        } else {
            from = rest.len() - after.trim_start_matches(is_indent).len();
        }
    }
    parts.push(rest);
    parts
}

/// Without marks that do not show, trimmed; breaks and hard blanks are blanks.
pub(super) fn clean(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter_map(|sign| match sign {
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => None,
            '\u{A0}' | '\t' | '\r' | '\n' => Some(' '),
            _ if sign.is_control() => None,
            _ => Some(sign),
        })
        .collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Line]) -> Vec<(&str, bool)> {
        lines.iter().map(|line| (line.text.as_str(), line.table)).collect()
    }

    #[test]
    fn rows_are_lines() {
        let mut collector = Collector::new(100);
        collector.table_start();
        for row in [["甲", "一"], ["乙", "二"]] {
            collector.row_start();
            for cell in row {
                collector.push_str(cell);
                collector.cell_end();
            }
            collector.row_end();
        }
        collector.table_end();
        collector.push_str("尾");
        assert_eq!(texts(&collector.finish().unwrap()), [("甲 一", true), ("乙 二", true), ("尾", false)]);
    }

    #[test]
    fn a_table_that_lays_out_the_page_keeps_its_lines() {
        let mut collector = Collector::new(100);
        collector.table_start();
        collector.row_start();
        for line in ["第一条 甲。", "第二条 乙。", "第三条 丙。", "第四条 丁。"] {
            collector.push_str(line);
            collector.end_line();
        }
        // Nobody closes anything.
        let lines = collector.finish().unwrap();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| !line.table));
    }

    #[test]
    fn indents_part_paragraphs() {
        assert_eq!(
            paragraphs("甲。\u{3000}\u{3000}乙。\u{3000}丙\u{3000}\u{3000}丁"),
            ["甲。", "乙。\u{3000}丙\u{3000}\u{3000}丁"]
        );
        assert_eq!(
            paragraphs("第一章\u{3000}\u{3000}甲\u{3000}\u{3000}第一条\u{3000}\u{3000}乙"),
            ["第一章\u{3000}\u{3000}甲", "第一条\u{3000}\u{3000}乙"]
        );
        assert_eq!(paragraphs(""), [""]);
        assert_eq!(clean("\u{FEFF}\u{3000}甲\u{200B}\u{A0}乙\u{7}\u{A0}"), "甲 乙");
    }

    #[test]
    fn lines_are_bounded() {
        let mut collector = Collector::new(2);
        for _ in 0..3 {
            collector.push('甲');
            collector.end_line();
        }
        assert_eq!(collector.finish(), Err(LawFileError::TooManyLines { limit: 2 }));
    }
}
