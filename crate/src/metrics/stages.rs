//! The stage profile: how long the parts of a call's way take. It is off unless it is asked for.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::families::{STAGE_DURATION, WAIT, label};
use super::family::Collection;
use super::histogram::Histogram;

/// A part of a call's way. The numbers are those of `lib/telemetry/stage-profile.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// From the call until its block is handed over.
    Submit = 0,
    /// Until it is its turn.
    Queue = 1,
    /// Until its answer is there: a connection is found, the request sent, the answer read.
    Network = 2,
    /// Until the event loop takes the answer.
    Wake = 3,
    /// The answer is decoded.
    Decode = 4,
    /// Until the promise's reactions run.
    Settle = 5,
}

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

/// Begins to profile, or ends.
pub fn profile(on: bool) {
    ON.store(on, Ordering::Relaxed);
}

/// Whether it is on.
pub fn profiled() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Counts what a part has taken.
pub fn record(stage: Stage, time: Duration) {
    TIMES[stage as usize].record_time(time);
}

/// Counts what JavaScript has measured: pairs of a stage's number and nanoseconds.
pub fn record_all(measured: &[f64]) {
    for pair in measured.chunks_exact(2) {
        // A cast of a float saturates; what is no stage is left out.
        if let Some(times) = TIMES.get(pair[0] as usize) {
            times.record(pair[1].max(0.0) as u64);
        }
    }
}

/// Tells of the stages that were seen.
pub fn collect(into: &mut Collection) {
    for (stage, name) in STAGES {
        let times = &TIMES[stage as usize];
        if !times.is_empty() {
            into.add(&STAGE_DURATION, vec![(label::STAGE, name.to_owned())], times.value());
        }
    }
}
