//! One sheet: its rows of people.

use super::clean::{self, shown};
use super::header::{Header, lacking};
use super::lines::{Line, Merged, kind};
use super::{ParsedRoster, ParsedSheet, unit_names};
use crate::grid::{Cell, GridRow, Sheet};
use organisation::id_number::IdNumber;
use organisation::roster::{Field, ParsedRow, Problem, Severity};
use std::collections::{BTreeMap, HashMap};

struct Reader<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    merged: Merged,
    /// Cells at the head of merged regions, by place.
    heads: HashMap<(u32, u32), &'a Cell>,
    /// The unit that the sheet itself names, when no column does.
    sheet_unit: Option<String>,
    section_unit: Option<String>,
    sections: Vec<(u32, String)>,
    /// The last unit written in its column, for blank cells below it.
    last_unit: Option<String>,
    filled_down: Vec<u32>,
    people: u32,
    passed_over: u32,
    problems: Vec<Problem>,
    rows: Vec<ParsedRow>,
}

pub(super) fn read(sheet: &Sheet, header: &Header, roster: &mut ParsedRoster) {
    let sheet_unit = if header.has_unit() { None } else { unit_of_sheet(sheet, header) };
    let mut parsed = ParsedSheet {
        name: sheet.name.clone(),
        header_row: Some(header.row),
        columns: header.columns.clone(),
        ..ParsedSheet::default()
    };
    let merged = Merged::of(sheet, header);
    let mut reader = Reader {
        sheet,
        header,
        heads: heads(sheet),
        merged,
        sheet_unit,
        section_unit: None,
        sections: Vec::new(),
        last_unit: None,
        filled_down: Vec::new(),
        people: 0,
        passed_over: 0,
        problems: Vec::new(),
        rows: Vec::new(),
    };
    for row in sheet.rows.iter().filter(|row| row.number > header.last_row) {
        reader.line(row);
    }
    let no_unit = !header.has_unit() && reader.sheet_unit.is_none() && reader.sections.is_empty();
    if no_unit && !header.has_key() {
        // Without a key and without a unit nobody can be told apart: the sheet is refused as a whole.
        let reason = lacking("工号（或身份证号、手机号）或单位", header);
        roster.problems.push(Problem::of_sheet(Some(&sheet.name), Severity::Error, reason));
        parsed.header_row = None;
        roster.sheets.push(parsed);
        return;
    }
    reader.sum_up(no_unit);
    parsed.people = reader.people;
    parsed.passed_over = reader.passed_over;
    roster.rows.append(&mut reader.rows);
    roster.problems.append(&mut reader.problems);
    roster.sheets.push(parsed);
}

/// 填报单位： above the headings, the name of the sheet, or the title.
fn unit_of_sheet(sheet: &Sheet, header: &Header) -> Option<String> {
    let above: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .take_while(|row| row.number < header.row)
        .map(|row| row.cells.iter().map(|(_, cell)| shown(cell)).collect())
        .collect();
    let label = above.iter().find_map(|row| unit_names::in_label(row.iter().map(String::as_str)));
    let title = || above.iter().flatten().find_map(|text| unit_names::in_title(text));
    label.or_else(|| unit_names::in_title(&sheet.name)).or_else(title)
}

/// The cells at the head of merged regions that span rows, by place.
pub(super) fn heads(sheet: &Sheet) -> HashMap<(u32, u32), &Cell> {
    let mut wanted: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for region in sheet.merges.iter().filter(|region| region.last_row > region.first_row) {
        wanted.entry(region.first_row).or_default().push(region.first_column);
    }
    let mut heads = HashMap::new();
    for row in &sheet.rows {
        for column in wanted.get(&row.number).into_iter().flatten() {
            if let Some(cell) = row.get(*column) {
                heads.insert((row.number, *column), cell);
            }
        }
    }
    heads
}

/// The date of birth that an ID number holds.
pub(super) fn born_by_id(row: &ParsedRow) -> Option<String> {
    let number = row.get(Field::IdNumber).and_then(|text| IdNumber::parse(text).ok())?;
    number.born_month().map(|month| month.to_string())
}

impl<'a> Reader<'a> {
    /// The cell of a column, or what the merged region over it shows. Names and keys are never taken from above.
    fn cell(&self, row: &'a GridRow, column: u32, field: Field) -> Option<&'a Cell> {
        let own = row.get(column);
        if own.is_some() || matches!(field, Field::Name | Field::StaffNo | Field::IdNumber | Field::Phone) {
            return own;
        }
        let source = self.merged.source(row.number, column)?;
        self.heads.get(&source).copied()
    }

    fn line(&mut self, row: &'a GridRow) {
        match kind(row, self.header, &self.merged) {
            Line::PassOver => self.passed_over += 1,
            Line::Section(text) => {
                self.passed_over += 1;
                let unit = unit_names::in_section(&text);
                if self.header.has_unit() {
                    // Rows below may leave their unit blank.
                    self.last_unit = unit.or(self.last_unit.take());
                    return;
                }
                self.sections.extend(unit.iter().map(|unit| (row.number, unit.clone())));
                self.section_unit = unit;
            }
            Line::UnitOnly => {
                self.passed_over += 1;
                let cell = self.header.column_of(Field::Unit).and_then(|column| row.get(column));
                let unit = cell.and_then(|cell| clean::value(Field::Unit, cell).ok().flatten());
                self.last_unit = unit.or(self.last_unit.take());
            }
            Line::Person => self.person(row),
        }
    }

    fn person(&mut self, row: &'a GridRow) {
        let header = self.header;
        let mut parsed =
            ParsedRow { sheet: self.sheet.name.clone(), row: row.number, fields: BTreeMap::new(), refused: false };
        let mut born_trouble = None;
        for (column, field) in &header.fields {
            let Some(cell) = self.cell(row, *column, *field) else { continue };
            match clean::value(*field, cell) {
                Ok(value) => {
                    parsed.fields.extend(value.map(|value| (*field, value)));
                }
                // The ID number may say it, whatever is wrong with the cell.
                Err(trouble) if *field == Field::Born => born_trouble = Some((shown(cell), trouble)),
                Err(trouble) => {
                    parsed.refused |= trouble.severity == Severity::Error;
                    parsed.fields.extend(trouble.taken.map(|value| (*field, value)));
                    let shown = shown(cell);
                    self.problem(row.number, *field, Some(&shown), trouble.severity, trouble.reason);
                }
            }
        }
        if parsed.get(Field::Name).is_none() && !parsed.refused {
            self.problem(row.number, Field::Name, None, Severity::Error, "没有姓名，请补上".to_owned());
            parsed.refused = true;
        }
        self.unit(&mut parsed);
        self.birth_by_id(&mut parsed);
        if let Some((shown, trouble)) = born_trouble.filter(|_| parsed.get(Field::Born).is_none()) {
            self.problem(row.number, Field::Born, Some(&shown), trouble.severity, trouble.reason);
        }
        self.people += 1;
        self.rows.push(parsed);
    }

    fn problem(&mut self, row: u32, field: Field, value: Option<&str>, severity: Severity, reason: String) {
        let problem = Problem::of_row(&self.sheet.name, row, Some(field), value, severity, reason);
        self.problems.push(problem);
    }

    /// A unit from the blank-filled column, the section, or the sheet.
    fn unit(&mut self, parsed: &mut ParsedRow) {
        if let Some(column) = self.header.column_of(Field::Unit) {
            match parsed.get(Field::Unit) {
                Some(unit) => self.last_unit = Some(unit.to_owned()),
                // Blank below a unit means the same unit, unless the sheet says it by merging.
                None if !self.merged.touches(column) && parsed.get(Field::UnitCode).is_none() => {
                    if let Some(unit) = &self.last_unit {
                        parsed.fields.insert(Field::Unit, unit.clone());
                        self.filled_down.push(parsed.row);
                    }
                }
                None => {}
            }
            return;
        }
        if self.header.has_unit() {
            return;
        }
        let unit = match (&self.sheet_unit, &self.section_unit) {
            (Some(sheet), Some(section)) if sheet != section => Some(format!("{sheet}/{section}")),
            (Some(unit), _) | (None, Some(unit)) => Some(unit.clone()),
            (None, None) => None,
        };
        parsed.fields.extend(unit.map(|unit| (Field::Unit, unit)));
    }

    /// The ID number holds the date of birth.
    fn birth_by_id(&mut self, parsed: &mut ParsedRow) {
        let Some(born) = born_by_id(parsed) else { return };
        match parsed.get(Field::Born) {
            None => {
                parsed.fields.insert(Field::Born, born);
            }
            Some(written) if written != born => {
                let reason = format!("与身份证号里的出生年月 {born} 不一致，按写的采用，请核对");
                let written = written.to_owned();
                self.problem(parsed.row, Field::Born, Some(&written), Severity::Warning, reason);
            }
            Some(_) => {}
        }
    }

    /// What was taken for granted in the whole sheet, said once.
    fn sum_up(&mut self, no_unit: bool) {
        let mut say = |reason: String| {
            let mut problem = Problem::of_sheet(Some(&self.sheet.name), Severity::Warning, reason);
            problem.field = Some(Field::Unit.title().to_owned());
            self.problems.push(problem);
        };
        if let (Some(first), n) = (self.filled_down.first(), self.filled_down.len()) {
            say(format!("有 {n} 行的单位是空的（第一处在第 {first} 行），按上一行的单位处理，请核对"));
        }
        if let Some(unit) = self.sheet_unit.as_ref().filter(|_| self.people > 0) {
            say(format!("没有单位列，按“{unit}”处理（取自填报单位、工作表名或标题），请核对"));
        }
        if let Some((row, unit)) = self.sections.first() {
            let n = self.sections.len();
            say(format!("没有单位列，按分段标题处理（共 {n} 段，如第 {row} 行“{unit}”），请核对"));
        }
        if no_unit {
            say("没有单位列，只能更新系统里已有的人；新增人员请加上单位列".to_owned());
        }
        if self.people == 0 {
            say("表头下面没有人员".to_owned());
        }
    }
}
