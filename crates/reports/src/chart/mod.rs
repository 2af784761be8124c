//! Charts as SVG (图): a title that states the finding, figures beside the marks, n and source below.
//!
//! plotters draws them without any font: the width of a text is estimated, so labels are laid out here, with room to
//! spare, and cut with an ellipsis where they would run into something.

mod canvas;
mod heat_map;
mod intervals;
mod text;

pub use heat_map::{HeatCell, HeatMap, heat_map};
pub use intervals::{Estimate, IntervalChart, IntervalRow, interval_chart};
