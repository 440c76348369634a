//! The server's time source.
//!
//! Time is injected so that tests can expire records without sleeping. The server stores all times relative to
//! the protocol's epoch, 2010-01-01 UTC.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds from the Unix epoch to the protocol's epoch (2010-01-01 UTC).
pub const EPOCH_UNIX_MS: u64 = 1_262_304_000_000;

/// A source of time.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 2010-01-01 UTC.
    fn now_ms(&self) -> u64;

    /// Whole seconds since 2010-01-01 UTC, the unit of void times.
    fn now_s(&self) -> u32 {
        u32::try_from(self.now_ms() / 1000).unwrap_or(u32::MAX)
    }
}

/// The system clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        let unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        unix.saturating_sub(EPOCH_UNIX_MS)
    }
}

/// Milliseconds since 1970-01-01 UTC, from the system clock.
#[must_use]
pub fn unix_ms() -> u64 {
    SystemClock.now_ms().saturating_add(EPOCH_UNIX_MS)
}

/// A clock for tests that advances only on request.
#[derive(Debug, Default)]
pub struct ManualClock {
    ms: AtomicU64,
}

impl ManualClock {
    /// Creates a clock set to `seconds` since 2010-01-01 UTC.
    #[must_use]
    pub fn at(seconds: u32) -> Self {
        Self {
            ms: AtomicU64::new(u64::from(seconds) * 1000),
        }
    }

    /// Sets the clock to `seconds` since 2010-01-01 UTC.
    pub fn set(&self, seconds: u32) {
        self.ms.store(u64::from(seconds) * 1000, Ordering::Release);
    }

    /// Advances the clock by `ms` milliseconds.
    pub fn advance_ms(&self, ms: u64) {
        self.ms.fetch_add(ms, Ordering::AcqRel);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> u64 {
        self.ms.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_advanced() {
        let clock = ManualClock::at(10);
        assert_eq!(clock.now_s(), 10);
        clock.advance_ms(1500);
        assert_eq!((clock.now_s(), clock.now_ms()), (11, 11_500));
        clock.set(3);
        assert_eq!(clock.now_s(), 3);
    }

    #[test]
    fn the_system_clock_counts_from_2010() {
        // The bounds are 2025-01-01 and 2100-01-01, relative to the protocol's epoch.
        let now = SystemClock.now_s();
        assert!(now > 473_385_600 && now < 2_840_140_800);
    }
}
