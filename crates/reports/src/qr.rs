//! QR codes for activation slips.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Side of the picture in user units; print style decides the real size.
const SIDE: u32 = 160;

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
#[error("内容过长，无法生成二维码：{0}")]
pub struct QrError(String);

/// A QR code as an SVG document, black on white, with a quiet zone.
///
/// # Errors
/// When the text is too long for any QR code.
pub fn svg(text: &str) -> Result<String, QrError> {
    let code =
        QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).map_err(|error| QrError(error.to_string()))?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIDE, SIDE)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_fits_and_a_book_does_not() {
        let code = svg("https://example.invalid/activate.html#login=1001&code=ABCDEFGH23").unwrap();
        assert!(code.contains("<svg") && code.contains("#000"));
        assert!(svg(&"纪".repeat(2_000)).unwrap_err().to_string().contains("过长"));
    }
}
