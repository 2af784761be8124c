//! Measurement (测量): shares with their intervals, what may be shown of small groups, and simulated takers.
//!
//! Everything here is values in, values out: no I/O, no clock, no randomness of its own. The formulas and their
//! sources are gathered in `docs/mastery.md`.

pub mod disclosure;
pub mod facility;
pub mod interval;
mod number;
pub mod simulate;
