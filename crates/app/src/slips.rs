//! Activation slips as a PDF. New codes are stored only once the document is there, so that whatever fails on the way
//! leaves the codes that people hold.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use api::session::ActivationCode;
use jiff::Timestamp;
use jiff::civil::DateTime;
use organisation::UnitId;
use reports::pdf::{Pdf, PdfError, Slip, SlipSheet, UnitSlips, activation_slips};

use crate::access::{UNIT_ROLES, require_unit};
use crate::accounts::{Holder, Minted};
use crate::address::PublicAddress;
use crate::clock::{from_micros, zone};
use crate::directory::Directory;
use crate::{App, AppError, AppResult, Principal, fonts};

/// What every slip says above the name, after the name of the top unit.
const SYSTEM: &str = "知戒纪法知识测试";

/// What slips are asked for with.
#[derive(Debug, Clone, Copy)]
pub struct SlipOrder<'a> {
    /// The unit; all below it are meant, too.
    pub unit: &'a str,
    /// Only for those who cannot sign in yet. Otherwise everybody's password ends.
    pub only_missing: bool,
    /// Where people enter their code. Without it slips have no QR code.
    pub address: Option<&'a PublicAddress>,
}

/// What was printed.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The document.
    pub pdf: Pdf,
    /// How many slips.
    pub slips: usize,
    /// How many units.
    pub units: usize,
}

/// One at a time: a document holds some hundred megabytes while it is set.
static PRESS: Mutex<()> = Mutex::new(());

impl App {
    /// New codes for the people of a unit and all below it, printed. `keep` gets the document before the codes are
    /// stored; when it fails, no code has changed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a unit outside the caller's; [`AppError::Conflict`] when nobody needs a code or no
    /// font is there; [`AppError::TooLarge`]; what `keep` says.
    pub fn print_slips<E: From<AppError>>(
        &self,
        principal: &Principal,
        order: SlipOrder<'_>,
        keep: impl FnOnce(&Pdf) -> Result<(), E>,
    ) -> Result<Printed, E> {
        require_unit(principal, &*self.directory()?, UNIT_ROLES, order.unit)?;
        self.print_slips_as(&principal.account, order, keep)
    }

    /// As [`App::print_slips`], by the command line, whose rights are those of the machine.
    ///
    /// # Errors
    /// As [`App::print_slips`].
    pub fn print_slips_of_unit<E: From<AppError>>(
        &self,
        order: SlipOrder<'_>,
        keep: impl FnOnce(&Pdf) -> Result<(), E>,
    ) -> Result<Printed, E> {
        self.print_slips_as("cli", order, keep)
    }

    fn print_slips_as<E: From<AppError>>(
        &self,
        actor: &str,
        order: SlipOrder<'_>,
        keep: impl FnOnce(&Pdf) -> Result<(), E>,
    ) -> Result<Printed, E> {
        let directory = self.directory()?;
        let holders = self.holders(&directory, order.unit, order.only_missing)?;
        let minted = self.mint(actor, &holders, order.address)?;
        let sheet = sheet(&directory, &holders, &minted, order.address)?;
        let _one_at_a_time = PRESS.lock().unwrap_or_else(PoisonError::into_inner);
        let fonts = fonts::find(self.config().font.as_deref(), &sheet_text(&sheet)).map_err(AppError::from)?;
        let pdf = activation_slips(&sheet, &fonts, local(self.now())).map_err(refusal)?;
        keep(&pdf)?;
        let slips = minted.codes.len();
        self.store_codes(actor, &holders, minted)?;
        Ok(Printed { pdf, slips, units: sheet.units.len() })
    }
}

fn refusal(error: PdfError) -> AppError {
    match error {
        PdfError::Empty(_) => AppError::Conflict(error.to_string()),
        PdfError::TooMany { .. } => AppError::TooLarge(error.to_string()),
        PdfError::Qr(_) => AppError::invalid("url", error.to_string()),
        PdfError::Typesetting(cause) => AppError::Internal(format!("pdf: {cause}")),
        PdfError::Font => AppError::Internal(error.to_string()),
    }
}

/// The slips by unit, units in the order of the tree, people in the order in which they came.
fn sheet(
    directory: &Directory,
    holders: &[Holder],
    minted: &Minted,
    address: Option<&PublicAddress>,
) -> AppResult<SlipSheet> {
    let valid_until = local(from_micros(minted.expires_at_us));
    let mut by_unit: BTreeMap<&str, Vec<Slip>> = BTreeMap::new();
    for (holder, code) in holders.iter().zip(&minted.codes) {
        by_unit.entry(holder.unit.as_str()).or_default().push(slip(code, valid_until, address));
    }
    let units = directory.tree.iter().filter_map(|unit| {
        let slips = by_unit.remove(unit.id.as_str())?;
        Some(UnitSlips { unit: unit_label(directory, &unit.id), slips })
    });
    let units: Vec<UnitSlips> = units.collect();
    if !by_unit.is_empty() {
        return Err(AppError::Internal("people of a unit that is not in the tree".to_owned()));
    }
    let top = directory.tree.top().map(|top| top.name.as_str()).unwrap_or_default();
    Ok(SlipSheet { title: format!("{top} · {SYSTEM}"), address: address.map(PublicAddress::activation_page), units })
}

fn slip(code: &ActivationCode, valid_until: DateTime, address: Option<&PublicAddress>) -> Slip {
    Slip {
        name: code.name.clone(),
        login: code.login.clone(),
        code: code.code.clone(),
        valid_until,
        link: address.map(|address| address.activation_link(&code.login, &code.code)),
    }
}

/// 城关镇 东村: the name alone often says too little, such as 办公室.
fn unit_label(directory: &Directory, unit: &UnitId) -> String {
    directory.tree.path_names(unit).join(" ")
}

/// All that people wrote, for the choice of fonts.
fn sheet_text(sheet: &SlipSheet) -> String {
    let mut text = sheet.title.clone();
    for unit in &sheet.units {
        text.push_str(&unit.unit);
        for slip in &unit.slips {
            text.push_str(&slip.name);
            text.push_str(&slip.login);
        }
    }
    text
}

fn local(at: Timestamp) -> DateTime {
    at.to_zoned_datetime(zone()).datetime()
}
