//! Which observers are on: metrics and traces.

use std::sync::atomic::{AtomicU8, Ordering};

/// Observer: spans.
pub const TRACING: u8 = 1 << 0;
/// Observer: metrics. On by default.
pub const METRICS: u8 = 1 << 1;

static OBSERVERS: AtomicU8 = AtomicU8::new(METRICS);

/// Turns an observer on or off.
pub fn set(who: u8, on: bool) {
    if on {
        OBSERVERS.fetch_or(who, Ordering::Relaxed);
    } else {
        OBSERVERS.fetch_and(!who, Ordering::Relaxed);
    }
}

/// Whether there is any observer.
pub fn any() -> bool {
    OBSERVERS.load(Ordering::Relaxed) != 0
}

/// Whether the observer `who` is on.
pub fn is_on(who: u8) -> bool {
    OBSERVERS.load(Ordering::Relaxed) & who != 0
}

/// Whether `who` is the only observer that is on.
pub fn is_only(who: u8) -> bool {
    OBSERVERS.load(Ordering::Relaxed) == who
}
