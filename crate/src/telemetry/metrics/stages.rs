//! The stage profile: how long each stage of a call takes. Off by default.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::telemetry::metrics::definitions::{STAGE_DURATION, WAIT, label};
use crate::telemetry::metrics::histogram::Histogram;
use crate::telemetry::metrics::metric::Collection;

pub use crate::catalog::boundary::Stage;

const STAGES: [(Stage, &str); 6] = [
    (Stage::Submit, "submit"),
    (Stage::Queue, "queue"),
    (Stage::Network, "network"),
    (Stage::Wake, "wake"),
    (Stage::Decode, "decode"),
    (Stage::Settle, "settle"),
];

static ON: AtomicBool = AtomicBool::new(false);
static TIMES: LazyLock<[Histogram; STAGES.len()]> = LazyLock::new(|| std::array::from_fn(|_| Histogram::new(&WAIT)));

/// Turns the profile on or off.
pub fn profile(on: bool) {
    ON.store(on, Ordering::Relaxed);
}

/// Whether the profile is on.
pub fn profiled() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Records the time of a stage.
pub fn record(stage: Stage, time: Duration) {
    TIMES[stage as usize].record_time(time);
}

/// Records stage times that JavaScript measured, as pairs of a stage number and nanoseconds.
pub fn record_all(measured: &[f64]) {
    for pair in measured.chunks_exact(2) {
        // The float cast saturates; an unknown stage is ignored.
        if let Some(times) = TIMES.get(pair[0] as usize) {
            times.record(pair[1].max(0.0) as u64);
        }
    }
}

/// Collects the times of the stages that were recorded.
pub fn collect(into: &mut Collection) {
    for (stage, name) in STAGES {
        let times = &TIMES[stage as usize];
        if !times.is_empty() {
            into.add(&STAGE_DURATION, vec![(label::STAGE, name.to_owned())], times.value());
        }
    }
}
