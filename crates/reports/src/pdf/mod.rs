//! Documents to print (PDF): values in, bytes out.
//!
//! A document is a template of ours in Typst's language, kept in `templates/`, and the values that go into it. What
//! people wrote reaches the template as text values only, never as markup, so that no name can be an instruction.
//! Nothing is read from disk: the fonts come from the caller, and the template sees no file and no package. The same
//! values, fonts and time give the same bytes.

mod document;
mod fonts;
mod slips;
mod text;

pub use document::Pdf;
pub use fonts::{FontFace, FontFile, Fonts};
pub use slips::{MAX_SLIPS, Slip, SlipSheet, UnitSlips, activation_slips};

use crate::qr::QrError;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A file that holds no font, or no such face.
    #[error("不是可用的字体文件（应为 ttf、otf 或 ttc），或文件已损坏")]
    Font,
    /// Nothing to print.
    #[error("{0}")]
    Empty(&'static str),
    /// More than one document takes.
    #[error("{what}共 {found} 张，一次最多 {most} 张，请按下级单位分批")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many fit.
        most: usize,
    },
    /// A text that no QR code holds.
    #[error(transparent)]
    Qr(#[from] QrError),
    /// The typesetter refused: a defect of the template. The cause is for the log.
    #[error("PDF 生成失败，请把编号告诉系统管理员")]
    Typesetting(#[source] Box<dyn std::error::Error + Send + Sync>),
}
