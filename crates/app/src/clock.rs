//! The clock: injected, so that tests and the demo can move it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Goes by the database's clock from now on. A simulated clock does not.
    fn follow(&self, _database_now_us: i64) {}

    /// Moves a simulated clock forward and says whether it is one.
    fn advance(&self, _seconds: i64) -> bool {
        false
    }
}

/// The machine's clock; where several nodes share a database, the database's. From one look at it to the next it goes on
/// with the time since the start, so that a node whose machine's clock is set, by whomever, knows the same deadlines as the
/// others.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    /// The database's time at the start.
    database_us: AtomicI64,
}

/// No database was followed yet.
const NOT_FOLLOWED: i64 = i64::MIN;

impl Default for SystemClock {
    fn default() -> Self {
        Self { started: Instant::now(), database_us: AtomicI64::new(NOT_FOLLOWED) }
    }
}

impl SystemClock {
    fn elapsed_us(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        match self.database_us.load(Ordering::Acquire) {
            NOT_FOLLOWED => Timestamp::now(),
            at_start => from_micros(at_start.saturating_add(self.elapsed_us())),
        }
    }

    fn follow(&self, database_now_us: i64) {
        self.database_us.store(database_now_us.saturating_sub(self.elapsed_us()), Ordering::Release);
    }
}

/// The machine's clock plus an offset that can be moved. Only under `--demo` and in tests.
#[derive(Debug, Default)]
pub struct SimulatedClock {
    offset_us: AtomicI64,
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now().as_microsecond();
        from_micros(now.saturating_add(self.offset_us.load(Ordering::Acquire)))
    }

    fn advance(&self, seconds: i64) -> bool {
        self.offset_us.fetch_add(seconds.saturating_mul(1_000_000), Ordering::AcqRel);
        true
    }
}

/// The zone of every day and every printed time: Asia/Shanghai, which has had no summer time since 1991.
pub fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The calendar day of an instant in Asia/Shanghai.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(zone()).date()
}

/// An instant from microseconds UTC, as stored. Out of range becomes the end of time.
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// RFC 3339 with the offset of Asia/Shanghai.
pub fn rfc3339(at: Timestamp) -> String {
    let zoned = at.to_zoned_datetime(zone());
    jiff::fmt::strtime::format("%Y-%m-%dT%H:%M:%S%.3f%:z", &zoned).unwrap_or_else(|_| at.to_string())
}

/// As [`rfc3339`], from stored microseconds.
pub fn rfc3339_micros(micros: i64) -> String {
    rfc3339(from_micros(micros))
}

/// Reads an instant of the contract: RFC 3339 with an offset.
///
/// # Errors
/// A sentence for the person who wrote it.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("时间“{text}”无法识别，应写成带时区的形式，例如 2026-11-24T17:30:00+08:00"))
}
