//! What a row below the headings is: a person, a sum, a section, the headings again.

use super::clean::shown;
use super::header::Header;
use super::headings::{bare, field_of};
use crate::grid::{GridRow, Sheet};
use organisation::roster::Field;
use organisation::text::{is_han, squeeze};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Person,
    /// A row that only says what follows, such as 一、东风村（12人）.
    Section(String),
    /// A row that only says a unit, in the unit's own column: the unit of the rows below it.
    UnitOnly,
    /// Sums, repeated headings, notes, pre-numbered empty rows.
    PassOver,
}

/// The values of merged regions that span rows, by column.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Column → (first row, last row) → the region's first column, sorted by first row.
    by_column: BTreeMap<u32, Vec<(u32, u32, u32)>>,
    /// First row → (first column, last column) of regions that span columns.
    wide: BTreeMap<u32, Vec<(u32, u32)>>,
}

impl Merged {
    pub(super) fn of(sheet: &Sheet, header: &Header) -> Self {
        let mut merged = Self::default();
        for region in sheet.merges.iter().filter(|region| region.last_row > header.last_row) {
            if region.last_row > region.first_row {
                for column in header.fields.keys().filter(|c| (region.first_column..=region.last_column).contains(*c)) {
                    let list = merged.by_column.entry(*column).or_default();
                    list.push((region.first_row, region.last_row, region.first_column));
                }
            }
            if region.last_column > region.first_column {
                let list = merged.wide.entry(region.first_row).or_default();
                list.push((region.first_column, region.last_column));
            }
        }
        for list in merged.by_column.values_mut() {
            list.sort_unstable();
        }
        merged
    }

    /// The row and column whose value a cell of a merged region shows, if it is not the region's first row.
    pub(super) fn source(&self, row: u32, column: u32) -> Option<(u32, u32)> {
        let list = self.by_column.get(&column)?;
        let after = list.partition_point(|(first, _, _)| *first <= row);
        let (first, last, first_column) = list.get(after.checked_sub(1)?)?;
        (*last >= row && *first < row).then_some((*first, *first_column))
    }

    /// Does any region of several rows touch the column?
    pub(super) fn touches(&self, column: u32) -> bool {
        self.by_column.contains_key(&column)
    }

    fn is_wide(&self, row: u32, column: u32) -> bool {
        self.wide.get(&row).is_some_and(|list| list.iter().any(|(first, last)| *first == column && last - first >= 1))
    }
}

pub(super) fn kind(row: &GridRow, header: &Header, merged: &Merged) -> Line {
    let name_column = header.column_of(Field::Name);
    let name_cell = name_column.and_then(|column| row.get(column)).map(|cell| squeeze(&shown(cell)));
    let name = name_cell.as_deref().unwrap_or_default();
    if field_of(name).is_some_and(|(field, _)| field == Field::Name) {
        return Line::PassOver;
    }
    let first = row.cells.first().map(|(_, cell)| squeeze(&shown(cell))).unwrap_or_default();
    if is_sum(&first) || is_sum(name) {
        return Line::PassOver;
    }
    if let [(column, cell)] = row.cells.as_slice() {
        let text = shown(cell);
        let bare_text = squeeze(&text);
        let alone_as_name = Some(*column) == name_column && !merged.is_wide(row.number, *column);
        if alone_as_name && bare_text.chars().count() <= 6 {
            return Line::Person;
        }
        if Some(*column) == header.column_of(Field::Unit) {
            return Line::UnitOnly;
        }
        let only_number = bare_text.chars().all(|c| c.is_ascii_digit() || c == '.');
        if (only_number && !header.fields.contains_key(column)) || is_note(&bare_text) {
            return Line::PassOver;
        }
        // A lone key, or another value of a person, is a person's row without its name, which must be said.
        let field = header.fields.get(column).filter(|_| !merged.is_wide(row.number, *column) && !alone_as_name);
        let is_key = matches!(field, Some(Field::StaffNo | Field::IdNumber | Field::Phone));
        if (is_key && !bare_text.chars().any(is_han)) || (field.is_some() && *column != 0) {
            return Line::Person;
        }
        return Line::Section(text);
    }
    if name.is_empty() {
        if is_note(&first) {
            return Line::PassOver;
        }
        // Pre-numbered rows that nobody filled in: nothing but a unit stands in a used column.
        let filled =
            row.cells.iter().any(|(column, _)| header.fields.get(column).is_some_and(|field| !says_unit(*field)));
        if !filled {
            let unit = header.column_of(Field::Unit).and_then(|column| row.get(column));
            return if unit.is_some() { Line::UnitOnly } else { Line::PassOver };
        }
    }
    Line::Person
}

fn says_unit(field: Field) -> bool {
    matches!(field, Field::Unit | Field::ParentUnit | Field::UnitCode | Field::Department)
}

/// 合计, 小计：12人, 共 12 人
pub(super) fn is_sum(text: &str) -> bool {
    const SUMS: [&str; 6] = ["合计", "小计", "总计", "共计", "总人数", "本页小计"];
    let text = bare(text);
    if SUMS.iter().any(|sum| text.starts_with(sum)) {
        return text.chars().count() <= 20;
    }
    let counted = text.strip_prefix('共').and_then(|rest| rest.strip_suffix('人').or(rest.strip_suffix("名")));
    counted.is_some_and(|n| {
        !n.is_empty() && n.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十百千".contains(c))
    }) || (text.ends_with("小计") || text.ends_with("合计"))
}

/// What stands below a table.
pub(super) fn is_note(text: &str) -> bool {
    const NOTES: [&str; 14] = [
        "填表人",
        "填报人",
        "审核人",
        "负责人",
        "制表人",
        "制表",
        "联系人",
        "联系电话",
        "备注",
        "说明",
        "注:",
        "注：",
        "填表说明",
        "经办人",
    ];
    NOTES.iter().any(|note| text.starts_with(note)) || text.chars().count() > 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        for text in
            ["合计", "合 计", "小计：12人", "总计", "共 12 人", "共计12人", "共十二人", "财政局小计", "合计（人）"]
        {
            assert!(is_sum(&squeeze(text)), "{text}");
        }
        for text in ["共青团区委", "张三", "共有", "合计划局的一段很长很长很长很长很长很长的说明文字", ""]
        {
            assert!(!is_sum(text), "{text}");
        }
    }
}
