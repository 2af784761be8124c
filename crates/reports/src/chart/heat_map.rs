//! Heat maps (热力图): a share for each pair, as a number on a shade.

use plotters::prelude::RGBColor;

use super::canvas::{Canvas, Frame, GREY, INK, LABEL, Look, MARGIN, PAPER, RULE, SMALL, Side};
use super::text::{clean, fit, width, wrap};
use crate::{ReportError, TOO_FEW};

/// More rows than this nobody reads.
const MAX_ROWS: usize = 200;
/// More columns than this do not fit.
const MAX_COLUMNS: usize = 30;

const LABEL_WIDTHS: (i32, i32) = (72, 260);
const CELL_WIDTHS: (i32, i32) = (56, 104);
const CELL_HEIGHT: i32 = 28;
/// Room that the cells share when they are few.
const GRID_WIDTH: i32 = 640;
const LEAST_WIDTH: i32 = 720;
const HEADING_LINE: i32 = 16;
const HEADING_LINES: usize = 3;
const HEADING_SIZE: i32 = 12;
const LEGEND_HEIGHT: i32 = 52;
const SWATCH: (i32, i32) = (60, 14);

/// One hue from dark (weak) to light (strong), so that it holds on grey paper and for the colour-blind: what needs
/// work stands out. Shares below the bound have the shade; the last holds for the rest.
const SHADES: [(f64, &str, RGBColor); 6] = [
    (0.5, "低于 50", RGBColor(0x12, 0x3F, 0x73)),
    (0.6, "50–60", RGBColor(0x2F, 0x6B, 0xA3)),
    (0.7, "60–70", RGBColor(0x6A, 0x9C, 0xC8)),
    (0.8, "70–80", RGBColor(0xA3, 0xC4, 0xDE)),
    (0.9, "80–90", RGBColor(0xCF, 0xE0, 0xEE)),
    (f64::INFINITY, "90 以上", RGBColor(0xF0, 0xF5, 0xFA)),
];
/// The first shades are dark: figures on them are white.
const DARK_BELOW: f64 = 0.6;

/// A cell of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatCell {
    /// A share from 0 to 1.
    Share(f64),
    /// Withheld: too few persons.
    Suppressed,
    /// Nothing there.
    Empty,
}

/// A heat map (热力图), such as units × topics.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// The finding, as a sentence.
    pub title: String,
    /// What the rows and columns are, such as 单位 and 主题.
    pub axes: (String, String),
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// For each row its cells.
    pub cells: Vec<Vec<HeatCell>>,
    /// What the shades mean, such as 掌握率.
    pub measure: String,
    /// n, source and other notes.
    pub notes: Vec<String>,
}

struct Layout {
    label: i32,
    cell: i32,
    heading: i32,
    headings: Vec<Vec<String>>,
    top: i32,
}

/// The map as an SVG document.
///
/// # Errors
/// When there are more rows or columns than can be read, or the cells do not fit to them.
pub fn heat_map(map: &HeatMap) -> Result<String, ReportError> {
    for (what, found, most) in [("行", map.rows.len(), MAX_ROWS), ("列", map.columns.len(), MAX_COLUMNS)] {
        if found > most {
            return Err(ReportError::TooMany { what, found, most });
        }
    }
    let columns = map.columns.len();
    let whole = map.cells.iter().map(Some).chain(std::iter::repeat(None)).take(map.rows.len().max(map.cells.len()));
    for (row, cells) in (1..).zip(whole) {
        let cells = cells.map_or(0, Vec::len);
        if cells != columns || row > map.rows.len() {
            return Err(ReportError::RowWidth { row, cells, columns });
        }
    }
    let (count, rows) = (i32::try_from(columns).unwrap_or(0), i32::try_from(map.rows.len()).unwrap_or(0));
    let label = map.rows.iter().map(|name| width(&clean(name), LABEL.size)).max().unwrap_or(0) + 12;
    let label = label.max(width(&axes(map), HEADING_SIZE) + 12).clamp(LABEL_WIDTHS.0, LABEL_WIDTHS.1);
    let cell = (GRID_WIDTH / count.max(1)).clamp(CELL_WIDTHS.0, CELL_WIDTHS.1);
    let headings: Vec<Vec<String>> =
        map.columns.iter().map(|name| wrap(&clean(name), HEADING_SIZE, cell - 6, HEADING_LINES)).collect();
    let lines = headings.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let heading = i32::try_from(lines).unwrap_or(1) * HEADING_LINE + 8;
    let width = (2 * MARGIN + label + count * cell).max(LEAST_WIDTH);
    let frame = Frame::new(&map.title, &map.notes, width);
    let bottom = frame.top() + heading + rows * CELL_HEIGHT;
    let layout = Layout { label, cell, heading, headings, top: frame.top() };
    let about = format!("{}；{} 行，{} 列。{}", map.measure, rows, count, map.notes.join(" "));
    frame.svg(bottom - frame.top() + LEGEND_HEIGHT, &map.title, &about, |canvas| {
        headings_of(canvas, map, &layout)?;
        for (at, (name, cells)) in (0..).zip(map.rows.iter().zip(&map.cells)) {
            row(canvas, name, cells, at, &layout)?;
        }
        legend(canvas, map, bottom + 14)
    })
}

fn axes(map: &HeatMap) -> String {
    clean(&format!("{} ＼ {}", map.axes.0, map.axes.1))
}

fn headings_of(canvas: &Canvas<'_>, map: &HeatMap, layout: &Layout) -> Result<(), ReportError> {
    let base = layout.top + layout.heading - 4;
    let corner = fit(&axes(map), HEADING_SIZE, layout.label - 8);
    canvas.text(&corner, (MARGIN, base - HEADING_LINE / 2), SMALL, Side::Left)?;
    let look = Look { size: HEADING_SIZE, color: INK, bold: false };
    for (at, lines) in (0..).zip(&layout.headings) {
        let middle = MARGIN + layout.label + at * layout.cell + layout.cell / 2;
        for (up, line) in (0..).zip(lines.iter().rev()) {
            canvas.text(line, (middle, base - HEADING_LINE / 2 - up * HEADING_LINE), look, Side::Middle)?;
        }
    }
    Ok(())
}

fn row(canvas: &Canvas<'_>, name: &str, cells: &[HeatCell], at: i32, layout: &Layout) -> Result<(), ReportError> {
    let y = layout.top + layout.heading + at * CELL_HEIGHT;
    let middle = y + CELL_HEIGHT / 2;
    canvas.text(&fit(&clean(name), LABEL.size, layout.label - 8), (MARGIN, middle), LABEL, Side::Left)?;
    for (column, cell) in (0..).zip(cells) {
        let x = MARGIN + layout.label + column * layout.cell;
        let size = (layout.cell, CELL_HEIGHT);
        let center = (x + layout.cell / 2, middle);
        match cell {
            HeatCell::Share(share) if share.is_finite() => {
                canvas.fill((x, y), size, shade(*share))?;
                let color = if *share < DARK_BELOW { PAPER } else { INK };
                canvas.text(&format!("{:.1}", share * 100.0), center, Look { color, ..LABEL }, Side::Middle)?;
            }
            HeatCell::Suppressed => {
                canvas.hatch((x, y), size, RULE)?;
                canvas.text("—", center, Look { color: GREY, ..LABEL }, Side::Middle)?;
            }
            HeatCell::Share(_) | HeatCell::Empty => {}
        }
        // A white gap between shades, a thin rule around what has none.
        let border = if matches!(cell, HeatCell::Share(_)) { PAPER } else { RULE };
        canvas.frame((x, y), size, border)?;
    }
    Ok(())
}

fn legend(canvas: &Canvas<'_>, map: &HeatMap, y: i32) -> Result<(), ReportError> {
    let name = fit(&clean(&format!("{}（%）", map.measure)), SMALL.size, 110);
    let (swatch, height) = SWATCH;
    canvas.text(&name, (MARGIN, y + height / 2), SMALL, Side::Left)?;
    let mut x = MARGIN + width(&name, SMALL.size) + 12;
    for (_, label, color) in SHADES {
        canvas.fill((x, y), (swatch, height), color)?;
        canvas.frame((x, y), (swatch, height), RULE)?;
        canvas.text(label, (x + swatch / 2, y + height + 12), SMALL, Side::Middle)?;
        x += swatch;
    }
    let has = |what: HeatCell| map.cells.iter().flatten().any(|cell| *cell == what);
    x += 16;
    let mut words = Vec::new();
    if has(HeatCell::Suppressed) {
        canvas.hatch((x, y), (28, height), RULE)?;
        canvas.frame((x, y), (28, height), RULE)?;
        canvas.text("—", (x + 14, y + height / 2), SMALL, Side::Middle)?;
        words.push(TOO_FEW);
    }
    if has(HeatCell::Empty) {
        words.push("空白：无数据");
    }
    canvas.text(&words.join("；"), (x, y + height + 12), SMALL, Side::Left)
}

fn shade(share: f64) -> RGBColor {
    let found = SHADES.iter().find(|(bound, _, _)| share < *bound).or(SHADES.last());
    found.map_or(PAPER, |(_, _, color)| *color)
}

#[cfg(test)]
mod tests;
