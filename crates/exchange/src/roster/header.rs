//! Where the headings of a sheet are.

use super::ParsedColumn;
use super::headings::field_of;
use crate::grid::{Cell, GridRow, Sheet, column_letters};
use organisation::roster::Field;
use organisation::text::{shorten, tidy};
use std::collections::BTreeMap;

/// Headings are looked for in so many rows with something in them.
const HEADER_SEARCH_ROWS: usize = 40;
const KEYS: [Field; 3] = [Field::StaffNo, Field::IdNumber, Field::Phone];

/// The headings of a sheet.
#[derive(Debug)]
pub(super) struct Header {
    /// The row of the headings, from 1.
    pub(super) row: u32,
    /// The last row of the headings: the next one when they take two lines.
    pub(super) last_row: u32,
    /// Columns that are used.
    pub(super) fields: BTreeMap<u32, Field>,
    /// All columns with a heading.
    pub(super) columns: Vec<ParsedColumn>,
}

impl Header {
    pub(super) fn column_of(&self, field: Field) -> Option<u32> {
        self.fields.iter().find(|(_, own)| **own == field).map(|(column, _)| *column)
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.column_of(field).is_some()
    }

    pub(super) fn has_key(&self) -> bool {
        KEYS.iter().any(|key| self.has(*key))
    }

    /// The headings of a sheet of units (单位表): they name a unit and say something more of it, and nothing of people.
    pub(super) fn is_of_units(&self) -> bool {
        let names_one = self.has(Field::Unit) || self.has(Field::UnitCode);
        names_one && self.fields.len() >= 2 && self.fields.values().all(|field| Field::OF_UNITS.contains(field))
    }

    /// A column that says the unit.
    pub(super) fn has_unit(&self) -> bool {
        [Field::Unit, Field::UnitCode, Field::Department].iter().any(|field| self.has(*field))
    }
}

pub(super) enum Found {
    Header(Header),
    /// A sheet of units.
    Units(Header),
    /// It is a roster, but a column that it needs is not there.
    Lacking {
        reason: String,
        /// So few columns are known that it may be a sheet of sums.
        unsure: bool,
    },
    /// It does not look like a roster.
    Nothing {
        reason: String,
    },
}

pub(super) fn find(sheet: &Sheet) -> Found {
    let rows = sheet.rows.iter().take(HEADER_SEARCH_ROWS).enumerate();
    let mut best: Option<(usize, usize, bool)> = None;
    for (place, row) in rows {
        let fields = fields_of(row);
        let named = fields.values().any(|(field, _)| *field == Field::Name);
        let count = distinct(&fields);
        let better = best.is_none_or(|(_, best_count, best_named)| (named, count) > (best_named, best_count));
        if count > 0 && better {
            best = Some((place, count, named));
        }
        if named && count >= 2 {
            break;
        }
    }
    let Some((place, count, named)) = best.filter(|(_, count, named)| *count >= 2 || *named) else {
        return Found::Nothing {
            reason: "没有找到表头，工作表没有读取；表头至少要有“姓名”，以及工号、身份证号、手机号或单位之一".to_owned(),
        };
    };
    let header = build(sheet, place);
    if header.is_of_units() {
        return Found::Units(header);
    }
    if !named && !header.has(Field::Name) {
        return Found::Lacking { reason: lacking("姓名", &header), unsure: count < 3 };
    }
    Found::Header(header)
}

/// Names what is missing, what was found, and what would be understood.
pub(super) fn lacking(what: &str, header: &Header) -> String {
    let found: Vec<&str> = header.columns.iter().map(|column| column.heading.as_str()).collect();
    format!(
        "缺少{what}列。第 {} 行的表头有：{}。需要：姓名，以及工号、身份证号、手机号或单位之一；可用的列名：{}",
        header.row,
        found.join("、"),
        Field::ALL.map(Field::title).join("、")
    )
}

type Fields = BTreeMap<u32, (Field, bool)>;

fn fields_of(row: &GridRow) -> Fields {
    let fields = row.cells.iter().filter_map(|(column, cell)| Some((*column, field_of(text(cell)?)?)));
    fields.collect()
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn distinct(fields: &Fields) -> usize {
    fields.values().map(|(field, _)| *field).collect::<std::collections::BTreeSet<_>>().len()
}

fn build(sheet: &Sheet, place: usize) -> Header {
    let mut fields = Fields::new();
    let mut headings: BTreeMap<u32, String> = BTreeMap::new();
    let (mut row_number, mut last_row) = (0, 0);
    if let Some(row) = sheet.rows.get(place) {
        row_number = row.number;
        last_row = row.number;
        fields = fields_of(row);
        headings.extend(row.cells.iter().filter_map(|(column, cell)| Some((*column, tidy(text(cell)?)))));
    }
    if let Some(second) = sheet.rows.get(place.saturating_add(1)).filter(|next| is_second_line(next, &fields)) {
        last_row = second.number;
        for (column, cell) in &second.cells {
            let Some(own) = text(cell) else { continue };
            // The line below is the finer one: 职务 above 领导职务层次 and 职级.
            fields.remove(column);
            fields.extend(field_of(own).map(|found| (*column, found)));
            headings.insert(*column, tidy(own));
        }
    }
    let fields = unique(fields);
    let columns = headings
        .into_iter()
        .map(|(column, heading)| ParsedColumn {
            column: column_letters(column),
            heading: shorten(&heading, 40),
            field: fields.get(&column).copied(),
        })
        .collect();
    Header { row: row_number, last_row, fields, columns }
}

/// The row below the headings goes on with headings: it has some, and no name under 姓名.
fn is_second_line(row: &GridRow, above: &Fields) -> bool {
    let under_name = above
        .iter()
        .find(|(_, (field, _))| *field == Field::Name)
        .and_then(|(column, _)| row.get(*column))
        .and_then(text)
        .is_some_and(|text| field_of(text).is_none_or(|(field, _)| field != Field::Name));
    let texts = row.cells.iter().filter(|(_, cell)| text(cell).is_some()).count();
    let named = fields_of(row).len();
    !under_name && named > 0 && texts == row.cells.len()
}

/// Each field once: the exact name before a near one, the left before the right.
fn unique(fields: Fields) -> BTreeMap<u32, Field> {
    let mut order: Vec<(u32, Field, bool)> =
        fields.into_iter().map(|(column, (field, exact))| (column, field, exact)).collect();
    order.sort_by_key(|(column, _, exact)| (!*exact, *column));
    let mut taken = BTreeMap::new();
    for (column, field, _) in order {
        if !taken.values().any(|own| *own == field) {
            taken.insert(column, field);
        }
    }
    taken
}
