//! One cell of a known column, cleaned, or what is wrong with it.

use super::dates::{NoMonth, birth_month};
use crate::grid::Cell;
use organisation::id_number::IdNumber;
use organisation::roster::{Field, Severity};
use organisation::text::{is_han, squeeze, tidy};

/// The longest name of a person, in characters.
const NAME_MAX_CHARS: usize = 40;
/// The longest text of any other cell, in characters.
const TEXT_MAX_CHARS: usize = 200;

/// What is wrong with a cell. A warning leaves the cell out and takes the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) severity: Severity,
    pub(super) reason: String,
    /// What is taken in spite of it.
    pub(super) taken: Option<String>,
}

fn error(reason: impl Into<String>) -> Trouble {
    Trouble { severity: Severity::Error, reason: reason.into(), taken: None }
}

fn warning(reason: impl Into<String>, taken: Option<String>) -> Trouble {
    Trouble { severity: Severity::Warning, reason: reason.into(), taken }
}

/// The cell as text, for messages and for finding out what a row is.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => tidy(text),
        Cell::Number(number) => number_text(*number),
        Cell::Date(date) => date.to_string(),
        Cell::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        Cell::Error(text) => text.clone(),
    }
}

/// A number without a fraction as its digits; up to 15 digits a spreadsheet keeps every one of them.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

/// The value of a cell; none when nothing is said in it.
pub(super) fn value(field: Field, cell: &Cell) -> Result<Option<String>, Trouble> {
    if let Cell::Error(text) = cell {
        return Err(formula_error(field, text));
    }
    match field {
        Field::IdNumber => id_number(cell),
        Field::Born => born(cell),
        Field::Phone => phone(cell),
        Field::Name => name(cell),
        Field::PostLevel | Field::Rank => Ok(text_of(cell, false)?),
        _ => Ok(text_of(cell, true)?),
    }
}

fn formula_error(field: Field, text: &str) -> Trouble {
    let reason = format!("公式出错（{text}），请改成文字或改正公式");
    match field {
        Field::Name
        | Field::StaffNo
        | Field::IdNumber
        | Field::Unit
        | Field::UnitCode
        | Field::ParentUnit
        | Field::Department => error(reason),
        _ => warning(format!("{reason}；这一格没有采用"), None),
    }
}

/// Cleaned text; a leading apostrophe is the sign of text and no part of it.
fn text_of(cell: &Cell, dash_is_empty: bool) -> Result<Option<String>, Trouble> {
    let text = shown(cell);
    let text = text.trim_start_matches(['\'', '’', '‘', '`']).trim();
    if text.is_empty() || (dash_is_empty && matches!(text, "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "空" | "暂无"))
    {
        return Ok(None);
    }
    if text.chars().count() > TEXT_MAX_CHARS {
        return Err(error(format!("内容超过 {TEXT_MAX_CHARS} 个字，请核对是不是写错了列")));
    }
    Ok(Some(text.to_owned()))
}

/// 张 三 → 张三; 李四（女） → 李四.
fn name(cell: &Cell) -> Result<Option<String>, Trouble> {
    let Some(text) = text_of(cell, true)? else { return Ok(None) };
    let text = without_notes(&text);
    let text = if text.chars().any(is_han) { squeeze(&text) } else { tidy(&text) };
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > NAME_MAX_CHARS {
        return Err(error(format!("姓名超过 {NAME_MAX_CHARS} 个字，请核对是不是写错了列")));
    }
    if text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
        return Err(error("姓名里没有文字，请核对是不是写错了列"));
    }
    if text.chars().any(|c| c.is_ascii_digit()) {
        return Err(warning("姓名里有数字，请核对", Some(text)));
    }
    Ok(Some(text))
}

/// Takes off what rosters add in brackets: sex and ethnic group.
fn without_notes(text: &str) -> String {
    let Some((before, rest)) = text.split_once('(') else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once(')') else { return text.to_owned() };
    let note = |part: &str| matches!(part, "女" | "男") || part.ends_with('族');
    let only_notes = inside.split([',', '，', '、', ' ']).filter(|part| !part.is_empty()).all(note);
    if only_notes { format!("{before}{after}") } else { text.to_owned() }
}

fn id_number(cell: &Cell) -> Result<Option<String>, Trouble> {
    const SPOILT: &str = "身份证号被表格软件当成数字，后几位已经丢失，不能猜；请把这一列设为“文本”格式后重新填写";
    let text = match cell {
        // Beyond 15 digits a spreadsheet has rounded the number.
        Cell::Number(number) if number.abs() >= 1e15 => return Err(error(SPOILT)),
        other => squeeze(&shown(other)),
    };
    let text = text.trim_start_matches(['\'', '’', '‘', '`']).replace(['-', '－'], "");
    if text.is_empty() || matches!(text.as_str(), "/" | "无" | "暂无" | "—") {
        return Ok(None);
    }
    if is_scientific(&text) {
        return Err(error(SPOILT));
    }
    let text = text.replace(['×', '✕', 'х', 'Х'], "X");
    match IdNumber::parse(&text) {
        Ok(number) if number.text.ends_with("000") => {
            let reason = "身份证号末三位都是 0，可能被表格软件截断过，请核对";
            Err(warning(reason, Some(number.text)))
        }
        Ok(number) => Ok(Some(number.text)),
        Err(_) if text.len() == 18 && text.ends_with("000") => Err(error(SPOILT)),
        Err(wrong) => Err(error(wrong.to_string())),
    }
}

/// 1.10105E+17
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    digits(&mantissa.replacen('.', "", 1)) && digits(exponent.trim_start_matches('+'))
}

fn phone(cell: &Cell) -> Result<Option<String>, Trouble> {
    let text = squeeze(&shown(cell));
    let text = text.trim_start_matches(['\'', '’', '‘', '`']);
    if text.is_empty() || matches!(text, "-" | "/" | "无" | "暂无" | "—") {
        return Ok(None);
    }
    let bare: String = text.chars().filter(|c| !matches!(c, '-' | '－' | '—' | '(' | ')')).collect();
    let digits = bare.strip_prefix("+86").or(bare.strip_prefix("0086")).unwrap_or(&bare);
    let mobile = digits.len() == 11
        && digits.chars().all(|c| c.is_ascii_digit())
        && digits.starts_with('1')
        && !digits.starts_with("10")
        && !digits.starts_with("11")
        && !digits.starts_with("12");
    if mobile {
        return Ok(Some(digits.to_owned()));
    }
    let reason = "不是 11 位手机号，这一格没有采用；请只写一个手机号";
    Err(warning(reason, None))
}

fn born(cell: &Cell) -> Result<Option<String>, Trouble> {
    if matches!(text_of(cell, true), Ok(None)) {
        return Ok(None);
    }
    let reason = match birth_month(cell) {
        Ok(month) => return Ok(Some(month.to_string())),
        Err(NoMonth::Ambiguous) => {
            "分不清是 1 月还是 10 月（表格软件会丢掉末尾的 0），这一格没有采用；请写成 1985-10 的样子"
        }
        Err(NoMonth::YearOnly) => "只有年份没有月份，这一格没有采用；请写成 1985-07 的样子",
        Err(NoMonth::Unknown) => "不是有效的出生年月，这一格没有采用；请写成 1985-07 的样子",
    };
    Err(warning(reason, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn taken(field: Field, cell: &Cell) -> Option<String> {
        value(field, cell).unwrap_or_else(|trouble| panic!("{cell:?}: {trouble:?}"))
    }

    fn refused(field: Field, cell: &Cell) -> Trouble {
        value(field, cell).expect_err(&format!("{cell:?}"))
    }

    #[test]
    fn names() {
        for (given, name) in [
            ("张 三", "张三"),
            ("张　三", "张三"),
            (" 欧阳\n娜娜 ", "欧阳娜娜"),
            ("李四（女）", "李四"),
            ("李四(女,回族)", "李四"),
            ("张伟（大）", "张伟(大)"),
            ("阿依古丽·买买提", "阿依古丽·买买提"),
            ("'王五", "王五"),
            ("John  Smith", "John Smith"),
        ] {
            assert_eq!(taken(Field::Name, &text(given)).as_deref(), Some(name), "{given}");
        }
        assert_eq!(taken(Field::Name, &text("—")), None);
        assert_eq!(refused(Field::Name, &text("张三1")).taken.as_deref(), Some("张三1"));
        assert_eq!(refused(Field::Name, &Cell::Number(5.0)).severity, Severity::Error);
        assert_eq!(refused(Field::Name, &text(&"张".repeat(41))).severity, Severity::Error);
        assert_eq!(refused(Field::Name, &Cell::Error("#N/A".into())).severity, Severity::Error);
        assert_eq!(refused(Field::Post, &Cell::Error("#N/A".into())).severity, Severity::Warning);
    }

    #[test]
    fn id_numbers() {
        for given in [
            "11010519491231002X",
            "'11010519491231002x",
            "110105 19491231 002X",
            "１１０１０５１９４９１２３１００２Ｘ",
            "’11010519491231002X",
        ] {
            assert_eq!(taken(Field::IdNumber, &text(given)).as_deref(), Some("11010519491231002X"), "{given}");
        }
        assert_eq!(taken(Field::IdNumber, &text("无")), None);
        for spoilt in
            [Cell::Number(1.10105194912310e17), text("1.10105E+17"), text("1.10105e17"), text("110105194912310000")]
        {
            let trouble = refused(Field::IdNumber, &spoilt);
            assert!(trouble.severity == Severity::Error && trouble.reason.contains("文本"), "{spoilt:?} {trouble:?}");
        }
        for (wrong, part) in [
            ("110105194912310021", "校验位"),
            ("11010519491231002", "17 位"),
            ("110105491231002", "15 位"),
            ("张三", "2 位"),
        ] {
            assert!(refused(Field::IdNumber, &text(wrong)).reason.contains(part), "{wrong}");
        }
        assert_eq!(refused(Field::IdNumber, &Cell::Number(5.0)).severity, Severity::Error);
    }

    #[test]
    fn phones() {
        for given in [
            text("138 0013 8000"),
            text("138-0013-8000"),
            text("+86 13800138000"),
            Cell::Number(13_800_138_000.0),
            text("'13800138000"),
        ] {
            assert_eq!(taken(Field::Phone, &given).as_deref(), Some("13800138000"), "{given:?}");
        }
        for given in ["13800138000/13900139000", "0531-12345678", "1380013800", "12345678901"] {
            let trouble = refused(Field::Phone, &text(given));
            assert_eq!((trouble.severity, trouble.taken), (Severity::Warning, None), "{given}");
        }
    }

    #[test]
    fn numbers_in_text_columns() {
        assert_eq!(taken(Field::StaffNo, &Cell::Number(10_023.0)).as_deref(), Some("10023"));
        assert_eq!(taken(Field::StaffNo, &Cell::Number(1.5)).as_deref(), Some("1.5"));
        assert_eq!(taken(Field::Unit, &text(" 区财政局 \n 办公室")).as_deref(), Some("区财政局 办公室"));
        assert_eq!(taken(Field::Rank, &text("无")).as_deref(), Some("无"));
        assert_eq!(taken(Field::SecondedUnit, &text("无")), None);
        assert_eq!(taken(Field::Party, &Cell::Bool(true)).as_deref(), Some("是"));
        assert_eq!(refused(Field::Post, &text(&"长".repeat(201))).severity, Severity::Error);
    }
}
