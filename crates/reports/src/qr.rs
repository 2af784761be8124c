//! QR codes for activation slips.

use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

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
    let code = encode(text)?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIDE, SIDE)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build())
}

/// A QR code as a picture to draw with: an SVG of one black path, a module being a unit, without a quiet zone. Whoever
/// draws it leaves four modules blank around it.
///
/// # Errors
/// When the text is too long for any QR code.
pub(crate) fn drawing(text: &str) -> Result<String, QrError> {
    let code = encode(text)?;
    let side = code.width();
    let modules = code.to_colors();
    let mut path = String::new();
    for (y, row) in modules.chunks(side).enumerate() {
        let mut x = 0;
        // Modules side by side become one rectangle: a third of the size.
        for run in row.chunk_by(|one, next| one == next) {
            let length = run.len();
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            x += length;
        }
    }
    Ok(format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>"#))
}

fn encode(text: &str) -> Result<QrCode, QrError> {
    QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).map_err(|error| QrError(error.to_string()))
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
    #[test]
    fn a_drawing_has_every_module() {
        let text = "https://example.invalid/activate.html#login=1001&code=ABCDEFGH23";
        let code = encode(text).unwrap();
        let side = code.width();
        let svg = drawing(text).unwrap();
        assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")), "{svg}");
        let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut drawn = vec![0; side * side];
        for rectangle in path.split('M').skip(1) {
            let (corner, rest) = rectangle.split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.strip_suffix('z').unwrap().split_once("v1h-").unwrap().1.parse().unwrap();
            assert_eq!(rest, format!("{length}v1h-{length}z"));
            (x..x + length).for_each(|x| drawn[y * side + x] += 1);
        }
        let dark: Vec<i32> = code.to_colors().iter().map(|color| i32::from(*color == Color::Dark)).collect();
        assert_eq!(drawn, dark);
        assert!(drawing(&"纪".repeat(2_000)).unwrap_err().to_string().contains("过长"));
    }
}
