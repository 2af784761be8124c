//! Drawing in whole pixels.

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, PathElement, RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};

use super::text::{clean, wrap};
use crate::ReportError;

/// System fonts only; the first that the reader has is taken.
const FONTS: &str = "PingFang SC, HarmonyOS Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif";
/// plotters divides a size by this before it writes it.
const SIZE_SCALE: f64 = 1.24;

pub(super) const INK: RGBColor = RGBColor(0x1F, 0x1F, 0x1F);
pub(super) const GREY: RGBColor = RGBColor(0x5C, 0x5C, 0x5C);
pub(super) const RULE: RGBColor = RGBColor(0xD9, 0xD9, 0xD9);
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// Room around the picture.
pub(super) const MARGIN: i32 = 24;
/// Size of the title.
const TITLE_SIZE: i32 = 20;
const TITLE_LINE: i32 = 28;
const TITLE_LINES: usize = 3;
/// Size of the notes.
const NOTE_SIZE: i32 = 12;
const NOTE_LINE: i32 = 19;
const NOTE_LINES: usize = 4;
/// Room between the title and what is below, and above the notes.
const GAP: i32 = 16;

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

pub(super) const LABEL: Look = Look { size: 13, color: INK, bold: false };
pub(super) const SMALL: Look = Look { size: 12, color: GREY, bold: false };

/// The title and the notes, broken into lines for a width.
pub(super) struct Frame {
    title: Vec<String>,
    notes: Vec<String>,
    width: i32,
}

impl Frame {
    pub(super) fn new(title: &str, notes: &[String], width: i32) -> Self {
        let inner = width - 2 * MARGIN;
        let notes = notes.iter().flat_map(|note| wrap(&clean(note), NOTE_SIZE, inner, NOTE_LINES)).collect();
        Self { title: wrap(&clean(title), TITLE_SIZE, inner, TITLE_LINES), notes, width }
    }

    /// Where the drawing begins.
    pub(super) fn top(&self) -> i32 {
        MARGIN + rows(self.title.len()) * TITLE_LINE + GAP
    }

    /// The height of the picture when the drawing is this high.
    pub(super) fn height(&self, drawing: i32) -> i32 {
        self.top() + drawing + GAP + rows(self.notes.len()) * NOTE_LINE + MARGIN
    }

    /// Draws the title, the notes and, by `draw`, what is between; `title` and `about` are for those who do not see it.
    pub(super) fn svg(
        &self,
        drawing: i32,
        title: &str,
        about: &str,
        draw: impl FnOnce(&Canvas<'_>) -> Result<(), ReportError>,
    ) -> Result<String, ReportError> {
        let mut svg = String::new();
        let size = (positive(self.width), positive(self.height(drawing)));
        {
            let canvas = Canvas(SVGBackend::with_string(&mut svg, size).into_drawing_area());
            canvas.0.fill(&PAPER).map_err(refused)?;
            let look = Look { size: TITLE_SIZE, color: INK, bold: true };
            for (at, line) in (0..).zip(&self.title) {
                canvas.text(line, (MARGIN, MARGIN + at * TITLE_LINE + TITLE_LINE / 2), look, Side::Left)?;
            }
            draw(&canvas)?;
            let below = self.top() + drawing + GAP;
            for (at, line) in (0..).zip(&self.notes) {
                canvas.text(line, (MARGIN, below + at * NOTE_LINE + NOTE_LINE / 2), SMALL, Side::Left)?;
            }
            canvas.0.present().map_err(refused)?;
        }
        Ok(named(&svg, title, about))
    }
}

/// Gives the picture a role, a name and a description, for screen readers.
fn named(svg: &str, title: &str, about: &str) -> String {
    let (title, about) = (escape(&clean(title)), escape(&clean(about)));
    let named = svg.replacen("<svg ", "<svg role=\"img\" aria-labelledby=\"chart-title chart-about\" ", 1);
    let head = format!(">\n<title id=\"chart-title\">{title}</title>\n<desc id=\"chart-about\">{about}</desc>");
    named.replacen('>', &head, 1)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The paper.
pub(super) struct Canvas<'a>(DrawingArea<SVGBackend<'a>, Shift>);

impl Canvas<'_> {
    /// A text whose middle line goes through the point.
    pub(super) fn text(&self, text: &str, at: (i32, i32), look: Look, side: Side) -> Result<(), ReportError> {
        if text.is_empty() {
            return Ok(());
        }
        let style = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(FONTS), f64::from(look.size) * SIZE_SCALE, style);
        let across = match side {
            Side::Left => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Right,
        };
        let style = TextStyle::from(font).color(&look.color).pos(Pos::new(across, VPos::Center));
        // plotters centres on half the height of an x; the middle of a Han character is a little higher.
        let (x, y) = at;
        self.0.draw(&Text::new(clean(text), (x, y + look.size / 9), style)).map_err(refused)
    }

    /// A filled rectangle from its corner, width and height.
    pub(super) fn fill(&self, at: (i32, i32), size: (i32, i32), color: RGBColor) -> Result<(), ReportError> {
        let (x, y) = at;
        self.0.draw(&Rectangle::new([at, (x + size.0, y + size.1)], ShapeStyle::from(color).filled())).map_err(refused)
    }

    /// The border of a rectangle.
    pub(super) fn frame(&self, at: (i32, i32), size: (i32, i32), color: RGBColor) -> Result<(), ReportError> {
        let (x, y) = at;
        self.0.draw(&Rectangle::new([at, (x + size.0, y + size.1)], ShapeStyle::from(color))).map_err(refused)
    }

    /// A line through points.
    pub(super) fn line(&self, points: Vec<(i32, i32)>, color: RGBColor, width: u32) -> Result<(), ReportError> {
        self.0.draw(&PathElement::new(points, ShapeStyle::from(color).stroke_width(width))).map_err(refused)
    }

    /// A filled dot.
    pub(super) fn dot(&self, at: (i32, i32), radius: i32, color: RGBColor) -> Result<(), ReportError> {
        self.0.draw(&Circle::new(at, radius, ShapeStyle::from(color).filled())).map_err(refused)
    }

    /// Slanting lines all over a rectangle, as one stroke.
    pub(super) fn hatch(&self, at: (i32, i32), size: (i32, i32), color: RGBColor) -> Result<(), ReportError> {
        const STEP: i32 = 7;
        let ((x, y), (width, height)) = (at, size);
        let mut points = Vec::new();
        let mut upwards = true;
        let mut start = STEP - height;
        while start < width {
            let (from, to) = ((-start).max(0), height.min(width - start));
            let ends = [(x + start + from, y + height - from), (x + start + to, y + height - to)];
            if upwards {
                points.extend(ends)
            } else {
                points.extend(ends.into_iter().rev())
            }
            upwards = !upwards;
            start += STEP;
        }
        self.line(points, color, 1)
    }
}

fn refused<E: std::error::Error + Send + Sync + 'static>(error: DrawingAreaErrorKind<E>) -> ReportError {
    ReportError::writer(error)
}

fn rows(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn positive(pixels: i32) -> u32 {
    u32::try_from(pixels).unwrap_or(1).max(1)
}

/// A share of a length, in whole pixels.
#[expect(clippy::as_conversions, reason = "a real number becomes an integer no other way; `as` saturates")]
pub(super) fn pixels(share: f64, length: i32) -> i32 {
    (share * f64::from(length)).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let svg = named("<svg width=\"1\" height=\"1\">\n</svg>\n", "<a> & \"b\"", "x\u{0}y");
        assert!(svg.starts_with("<svg role=\"img\" aria-labelledby=\"chart-title chart-about\" width=\"1\""), "{svg}");
        assert!(svg.contains("<title id=\"chart-title\">&lt;a&gt; &amp; &quot;b&quot;</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"chart-about\">x y</desc>"), "{svg}");
    }
}
