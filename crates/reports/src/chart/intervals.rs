//! Interval charts (区间图): an estimate as a dot, its 95 % interval as a whisker, a row for each group.

use plotters::prelude::RGBColor;

use super::canvas::{Canvas, Frame, GREY, INK, LABEL, Look, MARGIN, RULE, SMALL, Side, pixels};
use super::text::{clean, fit, width};
use crate::{ReportError, TOO_FEW};

/// More rows than this nobody reads.
const MAX_ROWS: usize = 300;

const LABEL_WIDTHS: (i32, i32) = (72, 260);
const ROW_HEIGHT: i32 = 26;
const AXIS_WIDTH: i32 = 380;
const FIGURES_WIDTH: i32 = 158;
const PERSONS_WIDTH: i32 = 76;
const HEAD_HEIGHT: i32 = 44;
const FOOT_HEIGHT: i32 = 24;
const CAP: i32 = 4;
const DOT: i32 = 4;
/// Dashes of the line of comparison, on and off.
const DASH: (i32, i32) = (5, 4);
/// The axis goes in steps of ten per cent and shows at least this many of them.
const LEAST_STEPS: i32 = 3;

/// Dot and whisker: dark, so that they hold on grey paper.
const MARK: RGBColor = RGBColor(0x1D, 0x4F, 0x82);
/// The line of comparison.
const COMPARE: RGBColor = RGBColor(0x9B, 0x1C, 0x1C);

/// An estimate with its interval, shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Persons behind it.
    pub persons: u64,
}

/// A row of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalRow {
    /// Name of the group.
    pub label: String,
    /// Its estimate; nothing where it is withheld.
    pub estimate: Option<Estimate>,
}

/// An interval chart (区间图). The rows stand as they are given.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalChart {
    /// The finding, as a sentence.
    pub title: String,
    /// What is measured, such as 掌握率.
    pub measure: String,
    /// The groups.
    pub rows: Vec<IntervalRow>,
    /// A share to compare with and its name, such as 全区.
    pub compare: Option<(String, f64)>,
    /// n, source and other notes.
    pub notes: Vec<String>,
}

struct Layout {
    label: i32,
    left: i32,
    top: i32,
    bottom: i32,
    /// Ends of the axis in steps of ten per cent.
    steps: (i32, i32),
}

impl Layout {
    fn x(&self, share: f64) -> i32 {
        let (from, to) = self.steps;
        let along = (share * 10.0 - f64::from(from)) / f64::from(to - from);
        self.left + pixels(along.clamp(0.0, 1.0), AXIS_WIDTH)
    }
}

/// The chart as an SVG document.
///
/// # Errors
/// When there are more rows than can be read.
pub fn interval_chart(chart: &IntervalChart) -> Result<String, ReportError> {
    if chart.rows.len() > MAX_ROWS {
        return Err(ReportError::TooMany { what: "行", found: chart.rows.len(), most: MAX_ROWS });
    }
    let rows = i32::try_from(chart.rows.len()).unwrap_or(0);
    let label = chart.rows.iter().map(|row| width(&clean(&row.label), LABEL.size)).max().unwrap_or(0) + 16;
    let label = label.clamp(LABEL_WIDTHS.0, LABEL_WIDTHS.1);
    let left = MARGIN + label;
    let whole = left + AXIS_WIDTH + 20 + FIGURES_WIDTH + PERSONS_WIDTH + MARGIN;
    let frame = Frame::new(&chart.title, &chart.notes, whole);
    let top = frame.top() + HEAD_HEIGHT;
    let layout = Layout { label, left, top, bottom: top + rows * ROW_HEIGHT, steps: steps(chart) };
    let about = format!("{}及其 95% 区间，共 {} 组。{}", chart.measure, rows, chart.notes.join(" "));
    frame.svg(HEAD_HEIGHT + rows * ROW_HEIGHT + FOOT_HEIGHT, &chart.title, &about, |canvas| {
        axis(canvas, &layout, chart.compare.is_some())?;
        head(canvas, chart, &layout)?;
        for (at, row) in (0..).zip(&chart.rows) {
            group(canvas, row, layout.top + at * ROW_HEIGHT + ROW_HEIGHT / 2, &layout)?;
        }
        Ok(())
    })
}

/// The ends of the axis: whole tens of per cent around all that is drawn.
fn steps(chart: &IntervalChart) -> (i32, i32) {
    let drawn = chart.rows.iter().filter_map(|row| row.estimate).flat_map(|found| [found.low, found.share, found.high]);
    let drawn: Vec<f64> =
        drawn.chain(chart.compare.iter().map(|(_, share)| *share)).filter(|share| share.is_finite()).collect();
    let low = drawn.iter().copied().fold(f64::INFINITY, f64::min);
    let high = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if drawn.is_empty() {
        return (0, 10);
    }
    let (mut from, mut to) =
        (pixels((low * 10.0).floor(), 1).clamp(0, 10), pixels((high * 10.0).ceil(), 1).clamp(0, 10));
    while to - from < LEAST_STEPS {
        if from > 0 {
            from -= 1;
        }
        if to < 10 && to - from < LEAST_STEPS {
            to += 1;
        }
    }
    (from, to)
}

fn axis(canvas: &Canvas<'_>, layout: &Layout, compared: bool) -> Result<(), ReportError> {
    let (from, to) = layout.steps;
    // The name of the line of comparison stands between these and the rows.
    let above = layout.top - if compared { 30 } else { 10 };
    for step in from..=to {
        let x = layout.x(f64::from(step) / 10.0);
        canvas.line(vec![(x, layout.top), (x, layout.bottom)], RULE, 1)?;
        let label = format!("{}%", step * 10);
        canvas.text(&label, (x, layout.bottom + 13), SMALL, Side::Middle)?;
        canvas.text(&label, (x, above), SMALL, Side::Middle)?;
    }
    Ok(())
}

/// The line of comparison and the names of the columns of figures.
fn head(canvas: &Canvas<'_>, chart: &IntervalChart, layout: &Layout) -> Result<(), ReportError> {
    let figures = layout.left + AXIS_WIDTH + 20 + FIGURES_WIDTH;
    let name = fit(&clean(&format!("{}（95% 区间）", chart.measure)), SMALL.size, FIGURES_WIDTH);
    canvas.text(&name, (figures, layout.top - 10), SMALL, Side::Right)?;
    canvas.text("人数", (figures + PERSONS_WIDTH, layout.top - 10), SMALL, Side::Right)?;
    let Some((name, share)) = chart.compare.as_ref().filter(|(_, share)| share.is_finite()) else { return Ok(()) };
    let x = layout.x(*share);
    let mut y = layout.top;
    while y < layout.bottom {
        canvas.line(vec![(x, y), (x, (y + DASH.0).min(layout.bottom))], COMPARE, 1)?;
        y += DASH.0 + DASH.1;
    }
    let text = fit(&clean(&format!("{name} {:.1}%", share * 100.0)), SMALL.size, AXIS_WIDTH / 2);
    let look = Look { color: COMPARE, ..SMALL };
    // Kept between the ends of the axis.
    let half = width(&text, SMALL.size) / 2;
    let middle = x.clamp(layout.left + half.min(AXIS_WIDTH / 2), layout.left + AXIS_WIDTH - half.min(AXIS_WIDTH / 2));
    canvas.text(&text, (middle, layout.top - 10), look, Side::Middle)
}

fn group(canvas: &Canvas<'_>, row: &IntervalRow, y: i32, layout: &Layout) -> Result<(), ReportError> {
    canvas.text(&fit(&clean(&row.label), LABEL.size, layout.label - 12), (MARGIN, y), LABEL, Side::Left)?;
    let finite = |found: &Estimate| found.share.is_finite() && found.low.is_finite() && found.high.is_finite();
    let Some(found) = row.estimate.filter(finite) else {
        let figures = layout.left + AXIS_WIDTH + 20 + FIGURES_WIDTH + PERSONS_WIDTH;
        return canvas.text(TOO_FEW, (figures, y), Look { color: GREY, ..LABEL }, Side::Right);
    };
    let (low, middle, high) = (layout.x(found.low), layout.x(found.share), layout.x(found.high));
    canvas.line(vec![(low, y), (high, y)], MARK, 2)?;
    for end in [low, high] {
        canvas.line(vec![(end, y - CAP), (end, y + CAP)], MARK, 2)?;
    }
    canvas.dot((middle, y), DOT, MARK)?;
    let figures = layout.left + AXIS_WIDTH + 20 + FIGURES_WIDTH;
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let text = format!("{}%（{}–{}）", percent(found.share), percent(found.low), percent(found.high));
    canvas.text(&text, (figures, y), Look { color: INK, ..LABEL }, Side::Right)?;
    canvas.text(&grouped(found.persons), (figures + PERSONS_WIDTH, y), Look { color: INK, ..LABEL }, Side::Right)
}

/// A count with commas between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
