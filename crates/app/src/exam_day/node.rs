//! The line that each server writes of itself, for the desk to see.

use std::path::Path;
use std::time::Instant;

use storage::exam_day::NodeRow;

use crate::{App, AppResult, new_id};

/// A node that has not been seen for so long is forgotten, in microseconds.
const FORGOTTEN_US: i64 = 24 * 3_600 * 1_000_000;

/// What this node says of itself.
#[derive(Debug)]
pub struct Node {
    id: String,
    started_at: i64,
    wrote: Instant,
    saves: u64,
}

impl Node {
    /// A server that has just started.
    pub fn new(app: &App) -> Self {
        Self { id: new_id(), started_at: app.now_us(), wrote: Instant::now(), saves: 0 }
    }

    fn line(&mut self, app: &App) -> NodeRow {
        let saves = app.store().answers_written();
        let millis = self.wrote.elapsed().as_millis().max(1);
        let rate = u128::from(saves.saturating_sub(self.saves)).saturating_mul(1_000) / millis;
        self.wrote = Instant::now();
        self.saves = saves;
        NodeRow {
            id: self.id.clone(),
            started_at: self.started_at,
            seen_at: app.now_us(),
            saves: i64::try_from(saves).unwrap_or(i64::MAX),
            saves_per_second: i64::try_from(rate).unwrap_or(i64::MAX),
            answers_waiting: i64::try_from(app.store().answers_waiting()).unwrap_or(i64::MAX),
            disk_free_bytes: disk_free(&app.config().lake_dir),
        }
    }
}

fn disk_free(folder: &Path) -> Option<i64> {
    fs4::available_space(folder).ok().and_then(|bytes| i64::try_from(bytes).ok())
}

impl App {
    /// Writes this node's line: it is up, saves so much, has so much waiting.
    ///
    /// # Errors
    /// What the database says.
    pub fn node_is_up(&self, node: &mut Node) -> AppResult<()> {
        let row = node.line(self);
        let forget = row.seen_at.saturating_sub(FORGOTTEN_US);
        self.store().write(move |connection| storage::exam_day::node_is_up(connection, &row, forget))?;
        Ok(())
    }
}
