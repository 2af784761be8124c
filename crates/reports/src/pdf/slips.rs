//! Activation slips (激活条): a card for each person, ten on a page, to cut apart and hand over.

use jiff::civil::DateTime;
use typst::foundations::{Array, Bytes, Dict, IntoValue as _, Value, dict};

use super::document::{Pdf, SLIPS, set};
use super::text::{LACKING, Writer};
use super::{Fonts, PdfError};
use crate::qr;

/// Slips of one document at the most.
pub const MAX_SLIPS: usize = 5_000;
/// Slips of a page: five rows of two.
const PAGE_SLIPS: usize = 10;
/// Letters of an activation code that stand together.
const GROUP_CHARS: usize = 5;

/// What a person needs to sign in for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Name.
    pub name: String,
    /// Login (登录名).
    pub login: String,
    /// Activation code (激活码), without blanks.
    pub code: String,
    /// Until when the code is good, in Asia/Shanghai.
    pub valid_until: DateTime,
    /// What the QR code holds; without it there is none.
    pub link: Option<String>,
}

/// The slips of a unit; they begin on a page of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSlips {
    /// The unit's name, with those above it where that is needed to know it.
    pub unit: String,
    /// Its people's slips, in the order of printing.
    pub slips: Vec<Slip>,
}

/// All slips of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipSheet {
    /// Whose and which system, on each slip.
    pub title: String,
    /// The address at which a code is entered, as people type it.
    pub address: Option<String>,
    /// The units in the order of printing. Those without slips are left out.
    pub units: Vec<UnitSlips>,
}

/// Activation slips on A4: each with name, unit, login, code, QR code, the last day and what to do; lines to cut along;
/// the unit and its count above each page. `made_at` is the time in Asia/Shanghai that the pages and the file state.
///
/// # Errors
/// [`PdfError::Empty`] without slips, [`PdfError::TooMany`] above [`MAX_SLIPS`], [`PdfError::Qr`] for a link that fits
/// no QR code.
pub fn activation_slips(sheet: &SlipSheet, fonts: &Fonts, made_at: DateTime) -> Result<Pdf, PdfError> {
    let found = sheet.units.iter().map(|unit| unit.slips.len()).sum();
    if found == 0 {
        return Err(PdfError::Empty("没有需要发码的人，没有生成激活条"));
    }
    if found > MAX_SLIPS {
        return Err(PdfError::TooMany { what: "激活条", found, most: MAX_SLIPS });
    }
    let mut writer = Writer::new(fonts);
    let values = values_of_sheet(sheet, made_at, &mut writer)?;
    set(&SLIPS, values, fonts, made_at, writer.into_lacking())
}

fn values_of_sheet(sheet: &SlipSheet, made_at: DateTime, writer: &mut Writer<'_>) -> Result<Dict, PdfError> {
    let mut pages = Array::new();
    for unit in &sheet.units {
        push_pages(&mut pages, unit, writer)?;
    }
    Ok(dict! {
        "title" => writer.line(&sheet.title),
        "address" => sheet.address.as_deref().map(|address| writer.line(address)),
        "made" => minute(made_at),
        "pages" => pages,
        "lacking" => LACKING.to_string(),
    })
}

fn push_pages(pages: &mut Array, unit: &UnitSlips, writer: &mut Writer<'_>) -> Result<(), PdfError> {
    let name = writer.line(&unit.unit);
    let of = unit.slips.len().div_ceil(PAGE_SLIPS);
    for (page, slips) in (1_usize..).zip(unit.slips.chunks(PAGE_SLIPS)) {
        let slips =
            slips.iter().map(|slip| values_of_slip(slip, writer).map(Value::Dict)).collect::<Result<Array, _>>()?;
        let values: Dict = dict! {
            "unit" => name.clone(),
            "count" => unit.slips.len(),
            "page" => page,
            "of" => of,
            "slips" => slips,
        };
        pages.push(values.into_value());
    }
    Ok(())
}

fn values_of_slip(slip: &Slip, writer: &mut Writer<'_>) -> Result<Dict, PdfError> {
    let picture = slip.link.as_deref().map(qr::drawing).transpose()?;
    let name = writer.line(&slip.name);
    Ok(dict! {
        "to-complete" => name.as_str().contains(LACKING) && !slip.name.contains(LACKING),
        "name" => name,
        "login" => writer.line(&slip.login),
        "code" => groups(&slip.code, writer),
        "until" => minute(slip.valid_until),
        "qr" => picture.map(|svg| Bytes::new(svg.into_bytes())),
    })
}

/// A code in groups, so that the eye does not lose its place. The gap is drawn, so that it is never copied.
fn groups(code: &str, writer: &mut Writer<'_>) -> Array {
    let letters: Vec<char> = code.chars().collect();
    let group = |letters: &[char]| writer.line(&letters.iter().collect::<String>()).into_value();
    letters.chunks(GROUP_CHARS).map(group).collect()
}

/// 2026年11月24日 17:30
fn minute(at: DateTime) -> String {
    format!("{}年{}月{}日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests;
