//! The report as a picture (演练曲线): latency over time, and below it how much came back.

mod canvas;

use plotters::prelude::RGBColor;

use crate::error::RehearsalError;
use crate::number::{pixels, real, whole};
use crate::report::{Moment, Report};
use crate::text::{grouped, profile_title};

use canvas::{Canvas, HEADING, Look, RULE, SMALL, Side, TITLE, svg};

const WIDTH: i32 = 860;
const LEFT: i32 = 76;
const RIGHT: i32 = 810;
/// Top and bottom of the latencies, and of what came back.
const LATENCY: (i32, i32) = (110, 310);
const REPLIES: (i32, i32) = (370, 490);
const HEIGHT: i32 = 560;

/// The two curves: dark, and different in width too, so that they can be told apart on grey paper.
const HALF: RGBColor = RGBColor(0x1D, 0x4F, 0x82);
const MOST: RGBColor = RGBColor(0x9B, 0x1C, 0x1C);
const BARS: RGBColor = RGBColor(0x8A, 0xA4, 0xBF);

/// Marks of the axis of time at the most.
const TIME_MARKS: f64 = 10.0;
/// Marks of the axis of counts at the most.
const COUNT_MARKS: f64 = 4.0;

/// The picture as an SVG document.
///
/// # Errors
/// [`RehearsalError::Machine`] when it cannot be drawn.
pub fn chart(report: &Report) -> Result<String, RehearsalError> {
    let name = match report.charted {
        "start" => "开始",
        "submit" => "交卷",
        _ => "保存",
    };
    let latency = match report.charted {
        "start" => report.latency_ms.start,
        "submit" => report.latency_ms.submit,
        _ => report.latency_ms.save,
    };
    let title = match (latency.p50, latency.p99) {
        (Some(half), Some(most)) => format!(
            "{name} {} 次：一半在 {}内，99% 在 {}内；丢失 {}",
            grouped(latency.n),
            spoken(half),
            spoken(most),
            grouped(report.lost)
        ),
        _ => format!("{name} 0 次"),
    };
    let size = (u32::try_from(WIDTH).unwrap_or(0), u32::try_from(HEIGHT).unwrap_or(0));
    let about = format!("每 {} 秒一点：{name}时延的中位数和 99% 分位数，以及每秒应答数。", report.moment_seconds);
    svg(size, &title, &about, |canvas| {
        canvas.text(&title, (24, 36), TITLE, Side::Left)?;
        let seconds = last_second(report);
        let time = |second: f64| LEFT + pixels(second / seconds * f64::from(RIGHT - LEFT));
        latencies(canvas, report, name, &time)?;
        replies(canvas, report, &time)?;
        time_axis(canvas, seconds, &time)?;
        let note = format!(
            "{}，{} 人，种子 {}；时延自计划发出的时刻起算，记在计划发出的那一秒",
            profile_title(report.profile),
            grouped(u64::from(report.takers)),
            report.seed
        );
        canvas.text(&note, (24, HEIGHT - 20), SMALL, Side::Left)
    })
}

fn last_second(report: &Report) -> f64 {
    real(report.moments.last().map_or(1, |moment| moment.second + report.moment_seconds).max(1))
}

/// A time with as many decimals as it needs.
fn spoken(ms: f64) -> String {
    match ms {
        ms if ms >= 1_000.0 => format!("{:.1} 秒", ms / 1_000.0),
        ms if ms >= 100.0 => format!("{ms:.0} 毫秒"),
        ms => format!("{ms:.1} 毫秒"),
    }
}

/// The middle of a moment on the axis of time.
fn middle(report: &Report, moment: &Moment) -> f64 {
    real(moment.second) + real(report.moment_seconds) / 2.0
}

fn latencies(
    canvas: &Canvas<'_>,
    report: &Report,
    name: &str,
    time: &dyn Fn(f64) -> i32,
) -> Result<(), RehearsalError> {
    canvas.text(&format!("{name}时延（毫秒，对数刻度）"), (24, LATENCY.0 - 34), HEADING, Side::Left)?;
    let drawn = report.moments.iter().flat_map(|moment| [moment.p50_ms, moment.p99_ms]).flatten();
    let (low, high) = drawn.fold((f64::INFINITY, 0.0_f64), |(low, high), ms| (low.min(ms), high.max(ms)));
    if high <= 0.0 {
        return canvas.text("无数据", ((LEFT + RIGHT) / 2, (LATENCY.0 + LATENCY.1) / 2), SMALL, Side::Middle);
    }
    // Whole powers of ten around all that is drawn.
    let (from, to) = (low.log10().floor(), high.log10().ceil().max(low.log10().floor() + 1.0));
    let (top, bottom) = LATENCY;
    let y = |ms: f64| bottom - pixels((ms.log10() - from) / (to - from) * f64::from(bottom - top));
    let mut power = from;
    while power <= to {
        let ms = 10_f64.powf(power);
        let label = if ms < 1.0 { format!("{ms}") } else { grouped(whole(ms)) };
        canvas.line(vec![(LEFT, y(ms)), (RIGHT, y(ms))], RULE, 1)?;
        canvas.text(&label, (LEFT - 8, y(ms)), SMALL, Side::Right)?;
        power += 1.0;
    }
    type Curve = (fn(&Moment) -> Option<f64>, RGBColor, u32, &'static str, i32);
    let curves: [Curve; 2] =
        [(|moment| moment.p99_ms, MOST, 2, "99%", 0), (|moment| moment.p50_ms, HALF, 1, "一半", 84)];
    for (value, color, width, label, right) in curves {
        let mut run: Vec<(i32, i32)> = Vec::new();
        for moment in &report.moments {
            match value(moment) {
                Some(ms) => run.push((time(middle(report, moment)), y(ms))),
                None => draw_run(canvas, &mut run, color, width)?,
            }
        }
        draw_run(canvas, &mut run, color, width)?;
        let (x, at) = (RIGHT - 60 - right, LATENCY.0 - 34);
        canvas.line(vec![(x - 24, at), (x - 4, at)], color, width)?;
        canvas.text(label, (x, at), Look { color, ..SMALL }, Side::Left)?;
    }
    Ok(())
}

/// A curve is broken where nothing was due; a point by itself is a short stroke.
fn draw_run(canvas: &Canvas<'_>, run: &mut Vec<(i32, i32)>, color: RGBColor, width: u32) -> Result<(), RehearsalError> {
    let points = std::mem::take(run);
    match points.as_slice() {
        [] => Ok(()),
        [(x, y)] => canvas.line(vec![(x - 3, *y), (x + 3, *y)], color, width),
        _ => canvas.line(points, color, width),
    }
}

fn replies(canvas: &Canvas<'_>, report: &Report, time: &dyn Fn(f64) -> i32) -> Result<(), RehearsalError> {
    let (top, bottom) = REPLIES;
    canvas.text("每秒应答（次，所有请求）", (24, top - 26), HEADING, Side::Left)?;
    let highest = report.moments.iter().map(|moment| report.per_second(moment)).fold(1.0, f64::max);
    let step = round_step(highest / COUNT_MARKS);
    let most = (highest / step).ceil() * step;
    let y = |count: f64| bottom - pixels(count / most * f64::from(bottom - top));
    let mut mark = 0.0;
    while mark <= most {
        canvas.line(vec![(LEFT, y(mark)), (RIGHT, y(mark))], RULE, 1)?;
        canvas.text(&grouped(whole(mark)), (LEFT - 8, y(mark)), SMALL, Side::Right)?;
        mark += step;
    }
    for moment in &report.moments {
        let (from, to) = (real(moment.second), real(moment.second + report.moment_seconds));
        let count = report.per_second(moment);
        if count > 0.0 {
            // A white gap between bars, where there is room for one.
            let (left, right) = (time(from), time(to));
            let right = if right - left > 3 { right - 1 } else { right };
            canvas.fill([(left, y(count)), (right, bottom)], BARS)?;
        }
    }
    Ok(())
}

fn time_axis(canvas: &Canvas<'_>, seconds: f64, time: &dyn Fn(f64) -> i32) -> Result<(), RehearsalError> {
    let step = round_step(seconds / TIME_MARKS);
    let mut mark = 0.0;
    while mark <= seconds {
        for (_, bottom) in [LATENCY, REPLIES] {
            canvas.line(vec![(time(mark), bottom), (time(mark), bottom + 4)], RULE, 1)?;
        }
        canvas.text(&grouped(whole(mark)), (time(mark), REPLIES.1 + 16), SMALL, Side::Middle)?;
        mark += step;
    }
    canvas.text("秒", (RIGHT + 20, REPLIES.1 + 16), SMALL, Side::Left)
}

/// The next of 1, 2, 5, 10, 20, 50 … that is not smaller.
fn round_step(at_least: f64) -> f64 {
    let power = 10_f64.powf(at_least.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= at_least).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_own_unit() {
        assert_eq!([0.04, 2.44, 163.8, 6_910.0].map(spoken), ["0.0 毫秒", "2.4 毫秒", "164 毫秒", "6.9 秒"]);
    }

    #[test]
    fn steps_are_round() {
        for (at_least, step) in [(0.1, 1.0), (1.0, 1.0), (1.2, 2.0), (3.0, 5.0), (7.0, 10.0), (2_100.0, 5_000.0)] {
            assert!((round_step(at_least) - step).abs() < 1e-9, "{at_least}: {}", round_step(at_least));
        }
    }
}
