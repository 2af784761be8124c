//! How it stands, on a terminal.

use std::io::IsTerminal as _;
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::run::Snapshot;
use crate::text::grouped;

/// A bar on standard error (进度条), when that is a terminal. Dropped, it disappears.
pub fn bar() -> impl FnMut(&Snapshot) -> ControlFlow<()> {
    let is_shown = std::io::stderr().is_terminal();
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(1), target);
    if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:24}] {pos}/{len} 秒　{msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    let guard = Clearing(bar);
    move |snapshot| {
        let bar = &guard.0;
        bar.set_prefix(snapshot.stage);
        bar.set_length(snapshot.seconds_planned.max(1));
        bar.set_position(snapshot.seconds.min(snapshot.seconds_planned.max(1)));
        bar.set_message(format!(
            "开始 {}　确认 {}　交卷 {}　异常 {}",
            grouped(snapshot.started),
            grouped(snapshot.acked),
            grouped(snapshot.submitted),
            grouped(snapshot.trouble)
        ));
        ControlFlow::Continue(())
    }
}

struct Clearing(ProgressBar);

impl Drop for Clearing {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
