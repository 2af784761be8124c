//! Birth months (出生年月) in all the forms of a 花名册.

use crate::grid::Cell;
use organisation::YearMonth;
use organisation::text::squeeze;

/// Why a birth month was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoMonth {
    /// 1985.1 as a number: January, or October whose zero the spreadsheet dropped.
    Ambiguous,
    /// A year without a month.
    YearOnly,
    /// Nothing known.
    Unknown,
}

/// Spreadsheet serials of 1920 to 2030 (1900 system): a number in between is a date whose format was lost.
const SERIALS: std::ops::RangeInclusive<u32> = 7_306..=47_848;

pub(super) fn birth_month(cell: &Cell) -> Result<YearMonth, NoMonth> {
    match cell {
        Cell::Date(date) => YearMonth::new(date.year(), date.month()).filter(plausible).ok_or(NoMonth::Unknown),
        Cell::Number(number) => of_number(*number),
        Cell::Text(text) => of_text(text),
        Cell::Bool(_) | Cell::Error(_) => Err(NoMonth::Unknown),
    }
}

fn plausible(month: &YearMonth) -> bool {
    (1920..=2030).contains(&month.year())
}

fn month(year: u32, month: u32) -> Result<YearMonth, NoMonth> {
    let parts = (i16::try_from(year), i8::try_from(month));
    let (Ok(year), Ok(month)) = parts else { return Err(NoMonth::Unknown) };
    YearMonth::new(year, month).filter(plausible).ok_or(NoMonth::Unknown)
}

/// A number as a spreadsheet shows it, read as text: 1985.07, 198507, 19850701, a serial.
fn of_number(number: f64) -> Result<YearMonth, NoMonth> {
    if !(0.0..1e9).contains(&number) {
        return Err(NoMonth::Unknown);
    }
    let text = format!("{number:.2}");
    let Some((whole, fraction)) = text.split_once('.') else { return Err(NoMonth::Unknown) };
    let (whole, fraction): (u32, u32) =
        (whole.parse().map_err(|_| NoMonth::Unknown)?, fraction.parse().map_err(|_| NoMonth::Unknown)?);
    match (whole, fraction) {
        (1920..=2030, 0) => Err(NoMonth::YearOnly),
        // Typed as 1985.1 or as 1985.10: the number is the same.
        (1920..=2030, 10) => Err(NoMonth::Ambiguous),
        (1920..=2030, 1..=9 | 11 | 12) => month(whole, fraction),
        (1920..=2030, _) if fraction % 10 == 0 => month(whole, fraction / 10),
        (192_001..=203_012, 0) => month(whole / 100, whole % 100),
        (19_200_101..=20_301_231, 0) => month(whole / 10_000, whole / 100 % 100),
        (serial, _) if SERIALS.contains(&serial) => of_serial(serial),
        _ => Err(NoMonth::Unknown),
    }
}

/// Days counted so that 1 is 1900-01-01 and, by a mistake that everybody keeps, 60 is a 29 February 1900.
fn of_serial(serial: u32) -> Result<YearMonth, NoMonth> {
    let days = i64::from(serial) - 2;
    let date = jiff::civil::date(1900, 1, 1).checked_add(jiff::Span::new().days(days));
    date.ok().and_then(|date| YearMonth::new(date.year(), date.month())).ok_or(NoMonth::Unknown)
}

fn of_text(text: &str) -> Result<YearMonth, NoMonth> {
    let text = squeeze(text);
    // 1985.07（40岁）
    let text = text.split('(').next().unwrap_or_default().trim_start_matches(['\'', '’', '‘']);
    let digits = text.chars().all(|c| c.is_ascii_digit());
    if digits {
        let number: u32 = text.parse().map_err(|_| NoMonth::Unknown)?;
        return match text.len() {
            4 if (1920..=2030).contains(&number) => Err(NoMonth::YearOnly),
            6 => month(number / 100, number % 100),
            8 => month(number / 10_000, number / 100 % 100),
            5 => of_number(f64::from(number)),
            _ => Err(NoMonth::Unknown),
        };
    }
    let signs = ['.', '-', '/', '年', '月', '日', '\\', '．', '。', '、', '－', '—'];
    let parts: Vec<&str> = text.split(signs).filter(|part| !part.is_empty()).collect();
    let year_part = parts.first().copied().unwrap_or_default();
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let year = number(year_part).ok_or(NoMonth::Unknown)?;
    if year_part.len() != 4 {
        return Err(NoMonth::Unknown);
    }
    let Some(second) = parts.get(1) else { return Err(NoMonth::YearOnly) };
    // In a text with a point, one digit after it may be what a spreadsheet left of 1985.10.
    if parts.len() == 2 && *second == "1" && text.contains('.') && !text.contains('月') {
        return Err(NoMonth::Ambiguous);
    }
    // 1985-07-0100:00:00 after the spaces are gone.
    month(year, number(second).ok_or(NoMonth::Unknown)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, expected) in [
            (text("1985.07"), Ok("1985-07")),
            (text("1985.7"), Ok("1985-07")),
            (text("1985年7月"), Ok("1985-07")),
            (text("1985 年 07 月 12 日"), Ok("1985-07")),
            (text("198507"), Ok("1985-07")),
            (text("19850712"), Ok("1985-07")),
            (text("1985-07-12"), Ok("1985-07")),
            (text("1985/7/12"), Ok("1985-07")),
            (text("1985-07-12 00:00:00"), Ok("1985-07")),
            (text("1985.07\n（40岁）"), Ok("1985-07")),
            (text("１９８５．０７"), Ok("1985-07")),
            (text("'1985.10"), Ok("1985-10")),
            (text("1985年1月"), Ok("1985-01")),
            (text("31229"), Ok("1985-07")),
            (text("1985.1"), Err(NoMonth::Ambiguous)),
            (text("1985"), Err(NoMonth::YearOnly)),
            (text("1985年"), Err(NoMonth::YearOnly)),
            (text("85.07"), Err(NoMonth::Unknown)),
            (text("1985.13"), Err(NoMonth::Unknown)),
            (text("7月"), Err(NoMonth::Unknown)),
            (text("不详"), Err(NoMonth::Unknown)),
            (text("999999999999"), Err(NoMonth::Unknown)),
            (Cell::Number(1985.07), Ok("1985-07")),
            (Cell::Number(1985.2), Ok("1985-02")),
            (Cell::Number(1985.11), Ok("1985-11")),
            (Cell::Number(1985.12), Ok("1985-12")),
            (Cell::Number(1985.1), Err(NoMonth::Ambiguous)),
            (Cell::Number(1985.0), Err(NoMonth::YearOnly)),
            (Cell::Number(1985.13), Err(NoMonth::Unknown)),
            (Cell::Number(198507.0), Ok("1985-07")),
            (Cell::Number(19850712.0), Ok("1985-07")),
            // 1985-07-01 is serial 31229 (LibreOffice Calc, Excel: DATEVALUE).
            (Cell::Number(31229.0), Ok("1985-07")),
            (Cell::Number(31228.0), Ok("1985-06")),
            (Cell::Number(f64::NAN), Err(NoMonth::Unknown)),
            (Cell::Number(-1.0), Err(NoMonth::Unknown)),
            (Cell::Date(jiff::civil::date(1985, 7, 1)), Ok("1985-07")),
            (Cell::Date(jiff::civil::date(1905, 7, 1)), Err(NoMonth::Unknown)),
            (Cell::Bool(true), Err(NoMonth::Unknown)),
        ] {
            let got = birth_month(&cell).map(|month| month.to_string());
            assert_eq!(got, expected.map(str::to_owned), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_and_no_number_is_a_crash(text in any::<String>(), number in any::<f64>()) {
            let _ = birth_month(&Cell::Text(text));
            let _ = birth_month(&Cell::Number(number));
        }

        #[test]
        fn every_month_is_read_back(year in 1930_i16..2020, month in 1_i8..=12) {
            let expected = YearMonth::new(year, month).unwrap();
            for text in [format!("{year}.{month:02}"), format!("{year}年{month}月"), format!("{year}{month:02}"), format!("{year}-{month:02}-15")] {
                prop_assert_eq!(birth_month(&Cell::Text(text)), Ok(expected));
            }
            let date = jiff::civil::date(year, month, 15);
            let serial = (date - jiff::civil::date(1899, 12, 30)).get_days();
            prop_assert_eq!(birth_month(&Cell::Number(f64::from(serial))), Ok(expected));
        }
    }
}
