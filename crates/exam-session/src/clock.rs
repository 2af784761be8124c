//! Deadlines and windows. Closing is a comparison with time that every reader makes.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, civil};

/// The window of an exam (考试窗口): it can be started from `opens_at` on, and no more from `closes_at` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// From this instant on (开始时间).
    pub opens_at: Timestamp,
    /// Before this instant (结束时间).
    pub closes_at: Timestamp,
    /// The time that a person has (答题时长), in seconds.
    pub duration_seconds: i64,
}

/// What one person is granted beyond everybody (个人延时), in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Added to the closing of the window.
    pub closing_seconds: i64,
    /// Added to the time that the person has.
    pub duration_seconds: i64,
}

impl Window {
    /// The window as it is for whoever has an allowance.
    pub fn with(self, allowance: Allowance) -> Self {
        Self {
            opens_at: self.opens_at,
            closes_at: plus_seconds(self.closes_at, allowance.closing_seconds.max(0)),
            duration_seconds: self.duration_seconds.saturating_add(allowance.duration_seconds.max(0)),
        }
    }
}

/// `at` plus a number of seconds; what lies past the end of time is the end of time.
pub(crate) fn plus_seconds(at: Timestamp, seconds: i64) -> Timestamp {
    let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(end)
}

/// The deadline (交卷时限) of an attempt: start plus duration, yet no later than the closing of the window
/// unless the full duration is granted (时长给足); an extension (延时) moves it in either case.
pub fn deadline(
    started_at: Timestamp,
    duration_seconds: i64,
    closes_at: Timestamp,
    full_duration: bool,
    extension_seconds: i64,
) -> Timestamp {
    let own = plus_seconds(started_at, duration_seconds.max(0));
    let base = if full_duration { own } else { own.min(closes_at) };
    plus_seconds(base, extension_seconds.max(0))
}

/// The last instant at which an answer still counts: deadline plus late-sync time (补传时间).
pub fn late_until(deadline: Timestamp, late_sync_seconds: i64) -> Timestamp {
    plus_seconds(deadline, late_sync_seconds.max(0))
}

/// Whether an attempt that is still answering is to be closed now: its late-sync time is over too.
pub fn is_due_for_closing(deadline: Timestamp, late_sync_seconds: i64, now: Timestamp) -> bool {
    now > late_until(deadline, late_sync_seconds)
}

/// The last instant at which any answer of an exam can still count; nothing that helps is shown before.
pub fn last_answer_at(
    window: &Window,
    full_duration: bool,
    largest_extension_seconds: i64,
    late_sync_seconds: i64,
) -> Timestamp {
    let last =
        deadline(window.closes_at, window.duration_seconds, window.closes_at, full_duration, largest_extension_seconds);
    late_until(last, late_sync_seconds)
}

/// A phone's claim of when something was answered, kept between the start and the receipt. It decides nothing.
pub fn clamp_answered_at(claim: Timestamp, started_at: Timestamp, received_at: Timestamp) -> Timestamp {
    claim.max(started_at).min(received_at)
}

/// Asia/Shanghai, which has had no other offset since 1991.
const SHANGHAI: Offset = Offset::constant(8);

/// The day of an instant in Asia/Shanghai.
pub fn shanghai_day(at: Timestamp) -> civil::Date {
    SHANGHAI.to_datetime(at).date()
}

/// An instant as people read it: `2026年12月1日 09:00`.
pub fn shanghai_text(at: Timestamp) -> String {
    let at = SHANGHAI.to_datetime(at);
    format!("{}年{}月{}日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    #[test]
    fn the_deadline_is_the_earlier_of_two_unless_all_time_is_granted() {
        // start, minutes, closing, full duration, extension in seconds → deadline
        for (start, minutes, closes, full, extension, expected) in [
            ("09:00:00", 50, "18:00:00", false, 0, "09:50:00"),
            ("17:30:00", 50, "18:00:00", false, 0, "18:00:00"),
            ("17:30:00", 50, "18:00:00", true, 0, "18:20:00"),
            ("17:30:00", 50, "18:00:00", false, 600, "18:10:00"),
            ("17:30:00", 50, "18:00:00", true, 600, "18:30:00"),
            ("09:00:00", 50, "18:00:00", false, 300, "09:55:00"),
            ("09:00:00", 50, "18:00:00", false, -300, "09:50:00"),
            ("09:00:00", -1, "18:00:00", false, 0, "09:00:00"),
        ] {
            assert_eq!(
                deadline(at(start), minutes * 60, at(closes), full, extension),
                at(expected),
                "{start} {minutes} {full} {extension}"
            );
        }
        assert_eq!(deadline(at("09:00:00"), i64::MAX, Timestamp::MAX, false, i64::MAX), Timestamp::MAX);
    }

    #[test]
    fn closing_waits_for_the_late_sync_time() {
        for (late_sync, now, due) in [
            (120, "10:00:00", false),
            (120, "10:02:00", false),
            (120, "10:02:01", true),
            (0, "10:00:00", false), // 任前必考
            (0, "10:00:01", true),
        ] {
            assert_eq!(is_due_for_closing(at("10:00:00"), late_sync, at(now)), due, "{late_sync} {now}");
        }
    }

    #[test]
    fn the_last_answer_counts_every_grant() {
        let window = Window { opens_at: at("09:00:00"), closes_at: at("18:00:00"), duration_seconds: 3000 };
        for (full, extension, late, expected) in [
            (false, 0, 120, "18:02:00"),
            (true, 0, 120, "18:52:00"),
            (false, 600, 0, "18:10:00"),
            (true, 600, 60, "19:01:00"),
        ] {
            assert_eq!(last_answer_at(&window, full, extension, late), at(expected));
        }
    }

    #[test]
    fn a_claim_is_clamped() {
        let (start, received) = (at("09:00:00"), at("09:10:00"));
        for (claim, expected) in [(at("09:05:00"), at("09:05:00")), (at("08:00:00"), start), (at("23:00:00"), received)]
        {
            assert_eq!(clamp_answered_at(claim, start, received), expected);
        }
    }

    #[test]
    fn days_are_those_of_shanghai() {
        let late: Timestamp = "2026-11-30T16:30:00Z".parse().unwrap();
        assert_eq!(shanghai_day(late), civil::date(2026, 12, 1));
        assert_eq!(shanghai_text(late), "2026年12月1日 00:30");
    }
}
