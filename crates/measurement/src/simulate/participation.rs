//! Who comes, and when in the window.

use super::{happens, stream, weighted};

const HOUR_SECONDS: u64 = 3_600;
const DAY_HOURS: usize = 24;
/// How many hours of a window are looked at: a leap year.
const MOST_HOURS: u64 = 24 * 366;

/// How people come to a test (参加习惯).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Chance that a person takes part at all.
    pub participation: f64,
    /// How much likelier an hour of the first day is than one in between.
    pub first_day: f64,
    /// How much likelier an hour of the last day is: people put it off.
    pub last_day: f64,
    /// Weight of each hour of the day, from 0:00.
    pub hours: [f64; DAY_HOURS],
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            participation: 0.94,
            first_day: 1.6,
            last_day: 2.2,
            hours: [
                0.05, 0.0, 0.0, 0.0, 0.0, 0.05, 0.3, 0.8, 3.0, 5.0, 5.0, 3.5, 2.0, 1.5, 3.0, 4.5, 4.0, 2.5, 1.5, 2.0,
                2.5, 2.0, 1.0, 0.3,
            ],
        }
    }
}

/// When the person begins, in seconds after the opening; nothing for one who stays away.
///
/// `opening_second_of_day` is the local time of the opening, `last_start_seconds` the last moment after the opening
/// at which one may begin.
pub fn start_offset_seconds(
    seed: &[u8],
    label: &str,
    habits: &Habits,
    opening_second_of_day: u64,
    last_start_seconds: u64,
) -> Option<u64> {
    let mut stream = stream(seed, "participation", label);
    if !happens(&mut stream, habits.participation) {
        return None;
    }
    let into_hour = opening_second_of_day % HOUR_SECONDS;
    let first_hour = opening_second_of_day / HOUR_SECONDS;
    let hours = ((last_start_seconds + into_hour) / HOUR_SECONDS + 1).min(MOST_HOURS);
    let day = u64::try_from(DAY_HOURS).unwrap_or(u64::MAX);
    let weights: Vec<f64> = (0..hours)
        .map(|hour| {
            let of_day = usize::try_from((first_hour + hour) % day).ok();
            let base = of_day.and_then(|hour| habits.hours.get(hour)).copied().unwrap_or(0.0);
            let first = if hour < day { habits.first_day } else { 1.0 };
            let last = if hour + day >= hours { habits.last_day } else { 1.0 };
            base * first * last
        })
        .collect();
    // A window in dead hours only: any time will do.
    let hour = weighted(&mut stream, &weights).and_then(|hour| u64::try_from(hour).ok());
    let Some(hour) = hour else { return Some(stream.below(last_start_seconds + 1)) };
    let from = (hour * HOUR_SECONDS).saturating_sub(into_hour);
    let to = ((hour + 1) * HOUR_SECONDS - into_hour).min(last_start_seconds + 1);
    Some(from + stream.below(to.saturating_sub(from)))
}
