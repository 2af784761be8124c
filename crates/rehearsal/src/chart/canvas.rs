//! Drawing in whole pixels, without any font: the reader's own fonts show the texts.

use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, PathElement, RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};

use crate::error::RehearsalError;

/// System fonts only; the first that the reader has is taken.
const FONTS: &str = "PingFang SC, HarmonyOS Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif";
/// plotters divides a size by this before it writes it.
const SIZE_SCALE: f64 = 1.24;

pub(super) const INK: RGBColor = RGBColor(0x1F, 0x1F, 0x1F);
pub(super) const GREY: RGBColor = RGBColor(0x5C, 0x5C, 0x5C);
pub(super) const RULE: RGBColor = RGBColor(0xD9, 0xD9, 0xD9);
const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// Where a text stands on its point.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Left,
    Middle,
    Right,
}

/// A look of text.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) size: i32,
    pub(super) color: RGBColor,
    pub(super) bold: bool,
}

pub(super) const TITLE: Look = Look { size: 18, color: INK, bold: true };
pub(super) const HEADING: Look = Look { size: 13, color: INK, bold: true };
pub(super) const SMALL: Look = Look { size: 12, color: GREY, bold: false };

/// The paper.
pub(super) struct Canvas<'a>(DrawingArea<SVGBackend<'a>, Shift>);

/// Draws on a paper of this size; `title` and `about` are for those who do not see it.
pub(super) fn svg(
    size: (u32, u32),
    title: &str,
    about: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), RehearsalError>,
) -> Result<String, RehearsalError> {
    let mut text = String::new();
    {
        let canvas = Canvas(SVGBackend::with_string(&mut text, size).into_drawing_area());
        canvas.0.fill(&PAPER).map_err(refused)?;
        draw(&canvas)?;
        canvas.0.present().map_err(refused)?;
    }
    let named = text.replacen("<svg ", "<svg role=\"img\" aria-labelledby=\"chart-title chart-about\" ", 1);
    let head = format!(
        ">\n<title id=\"chart-title\">{}</title>\n<desc id=\"chart-about\">{}</desc>",
        escape(title),
        escape(about)
    );
    Ok(named.replacen('>', &head, 1))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Canvas<'_> {
    /// A text whose middle line goes through the point.
    pub(super) fn text(&self, text: &str, at: (i32, i32), look: Look, side: Side) -> Result<(), RehearsalError> {
        let style = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(FONTS), f64::from(look.size) * SIZE_SCALE, style);
        let across = match side {
            Side::Left => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Right,
        };
        let style = TextStyle::from(font).color(&look.color).pos(Pos::new(across, VPos::Center));
        self.0.draw(&Text::new(text.to_owned(), at, style)).map_err(refused)
    }

    /// A line through points.
    pub(super) fn line(&self, points: Vec<(i32, i32)>, color: RGBColor, width: u32) -> Result<(), RehearsalError> {
        self.0.draw(&PathElement::new(points, ShapeStyle::from(color).stroke_width(width))).map_err(refused)
    }

    /// A filled rectangle between two corners.
    pub(super) fn fill(&self, corners: [(i32, i32); 2], color: RGBColor) -> Result<(), RehearsalError> {
        self.0.draw(&Rectangle::new(corners, ShapeStyle::from(color).filled())).map_err(refused)
    }
}

fn refused<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> RehearsalError {
    RehearsalError::Machine(format!("无法绘图：{error}"))
}
