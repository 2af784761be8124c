//! Tables as csv.

use csv::{QuoteStyle, WriterBuilder};

use crate::table::looks_like_formula;
use crate::{ReportError, TOO_FEW, Table, Value};

/// The byte order mark by which spreadsheets know UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// What stands in the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// Names for people.
    Titles,
    /// Names for programs.
    Keys,
}

/// The columns and rows as csv: UTF-8 with a byte order mark, lines ending in CR LF (RFC 4180). Rates are numbers
/// from 0 to 1, missing figures are empty, withheld ones say so. A text that a spreadsheet might run as a formula has
/// an apostrophe before it. Title and notes are left out: they would be no rows.
///
/// # Errors
/// When a row has not as many cells as there are columns.
pub fn csv(table: &Table, header: Header) -> Result<Vec<u8>, ReportError> {
    table.check()?;
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Necessary)
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.to_vec());
    let names = table.columns.iter().map(|column| match header {
        Header::Titles => safe(&column.title),
        Header::Keys => safe(&column.key),
    });
    writer.write_record(names).map_err(ReportError::writer)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(text)).map_err(ReportError::writer)?;
    }
    writer.into_inner().map_err(|error| ReportError::writer(error.into_error()))
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => safe(text),
        Value::Count(count) => count.to_string(),
        Value::Number(number) if number.is_finite() => number.to_string(),
        Value::Number(_) | Value::Missing => String::new(),
        Value::Suppressed => TOO_FEW.to_owned(),
    }
}

fn safe(text: &str) -> String {
    if looks_like_formula(text) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Kind};

    fn table(rows: Vec<Vec<Value>>) -> Table {
        Table {
            title: "各单位掌握率".to_owned(),
            columns: vec![Column::new("unit", "单位", Kind::Text), Column::new("facility", "掌握率", Kind::Rate)],
            rows,
            notes: vec!["口径".to_owned()],
        }
    }

    fn lines(rows: Vec<Vec<Value>>, header: Header) -> Vec<String> {
        let bytes = csv(&table(rows), header).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        text.strip_suffix("\r\n").expect("a last line that ends").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn cells() {
        for (value, expected) in [
            (Value::from("区纪委"), "区纪委"),
            (Value::from("一,二"), "\"一,二\""),
            (Value::from("引\"号"), "\"引\"\"号\""),
            (Value::from("=1+1"), "'=1+1"),
            (Value::from("+86 138"), "'+86 138"),
            (Value::from("-"), "'-"),
            (Value::from("@cmd"), "'@cmd"),
            (Value::from("＝全角"), "'＝全角"),
            (Value::from("\t=1"), "'\t=1"),
            (Value::from("a=1"), "a=1"),
            (Value::from(7_u64), "7"),
            (Value::from(-0.5), "-0.5"),
            (Value::from(0.821_4), "0.8214"),
            (Value::from(f64::NAN), ""),
            (Value::Number(f64::INFINITY), ""),
            (Value::from(None::<u64>), ""),
            (Value::Suppressed, TOO_FEW),
        ] {
            let found = lines(vec![vec![value.clone(), Value::Missing]], Header::Titles);
            assert_eq!(found, ["单位,掌握率".to_owned(), format!("{expected},")], "{value:?}");
        }
    }

    #[test]
    fn keys_for_programs() {
        assert_eq!(lines(vec![], Header::Keys), ["unit,facility"]);
    }

    #[test]
    fn a_short_row_is_named() {
        let error = csv(&table(vec![vec!["a".into(), 0.5.into()], vec!["b".into()]]), Header::Keys).unwrap_err();
        assert_eq!(error.to_string(), "第 2 行有 1 个单元格，表头有 2 列，无法生成表格");
    }
}
