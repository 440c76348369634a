use std::sync::atomic::AtomicUsize;

use super::*;
use crate::wire::Reader;

/// The process has only one logger, so these tests run one at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// All lines of the core.
const ALL: [u8; TARGETS] = [0, 5, 5, 5];

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock()
}

fn sink() -> (Arc<Sink>, Arc<AtomicUsize>) {
    let wakes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&wakes);
    let sink = Sink::new(Box::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    }));
    (sink, wakes)
}

/// Takes lines: level, target and text of each, and the number of waiting lines.
fn taken(sink: &Sink, max: usize) -> (Vec<(u8, u8, String)>, u32) {
    let bytes = sink.take(max);
    let mut reader = Reader::new(&bytes);
    let waiting = reader.u32().unwrap_or(u32::MAX);
    let mut lines = Vec::new();
    while let Ok(level) = reader.u8() {
        let target = reader.u8().unwrap_or(u8::MAX);
        assert!(reader.f64().is_ok_and(|time| time > 1.6e12));
        let _module = reader.text().unwrap_or_default();
        lines.push((level, target, reader.text().unwrap_or_default().to_owned()));
    }
    (lines, waiting)
}

fn texts(sink: &Sink) -> Vec<String> {
    taken(sink, usize::MAX).0.into_iter().map(|(_, _, text)| text).collect()
}

#[test]
fn targets_are_those_of_the_modules() {
    let target = |module| Target::of(module);
    assert_eq!(target("aerospike_napi::session"), Some(Target::Napi));
    assert_eq!(target("aerospike_napi::commands"), Some(Target::Command));
    assert_eq!(target("aerospike_napi::commands::batch"), Some(Target::Batch));
    assert_eq!(target("aerospike_core::cluster::node_validator"), Some(Target::Cluster));
    assert_eq!(target("aerospike_core::net::connection"), Some(Target::Cluster));
    assert_eq!(
        target("aerospike_core::commands::batch_operate_command"),
        Some(Target::Batch)
    );
    assert_eq!(
        target("aerospike_core::commands::single_command"),
        Some(Target::Command)
    );
    assert_eq!(target("query"), Some(Target::Command));
    assert_eq!(target("rustls::client"), Some(Target::Cluster));
    assert_eq!(target("mio::poll"), None);
}

#[test]
fn lines_come_in_order_filtered_and_with_one_wake() {
    let _alone = alone();
    let (sink, wakes) = sink();
    sink.set_levels([0, 4, 0, 2]);
    log::info!(target: "aerospike_core::cluster", "one");
    log::trace!(target: "aerospike_core::cluster", "below");
    log::debug!(target: "aerospike_core::cluster", "two {}", 2);
    log::error!(target: "aerospike_core::commands::batch_operate_command", "off");
    log::info!(target: "aerospike_core::commands::read_command", "below");
    log::warn!(target: "aerospike_core::commands::read_command", "three");
    log::error!(target: "somebody_else", "not ours");
    assert_eq!(wakes.load(Ordering::Relaxed), 1);
    let (first, waiting) = taken(&sink, 2);
    assert_eq!(first, [(3, 1, "one".to_owned()), (4, 1, "two 2".to_owned())]);
    assert_eq!(waiting, 1);
    // A reader that was informed of waiting lines takes them without another wakeup.
    log::info!(target: "aerospike_core::cluster", "four");
    assert_eq!(wakes.load(Ordering::Relaxed), 1);
    assert_eq!(texts(&sink), ["three", "four"]);
    log::info!(target: "aerospike_core::cluster", "five");
    assert_eq!(wakes.load(Ordering::Relaxed), 2);
    sink.close();
}

#[test]
fn nothing_is_heard_before_a_level_is_set_and_after_the_end() {
    let _alone = alone();
    let (sink, wakes) = sink();
    log::error!(target: "aerospike_core::cluster", "unheard");
    assert_eq!(log::max_level(), LevelFilter::Off);
    sink.set_levels(ALL);
    assert_eq!(log::max_level(), LevelFilter::Trace);
    log::trace!(target: "aerospike_core::cluster", "heard");
    sink.close();
    assert_eq!(log::max_level(), LevelFilter::Off);
    log::error!(target: "aerospike_core::cluster", "unheard");
    assert_eq!((wakes.load(Ordering::Relaxed), texts(&sink).len()), (1, 0));
}

#[test]
fn each_environment_has_its_own_levels_and_queue() {
    let _alone = alone();
    let ((loud, _), (calm, _)) = (sink(), sink());
    loud.set_levels(ALL);
    calm.set_levels([0, 2, 2, 2]);
    log::trace!(target: "aerospike_core::cluster", "trace");
    log::warn!(target: "aerospike_core::cluster", "warning");
    assert_eq!(texts(&loud), ["trace", "warning"]);
    loud.close();
    assert_eq!(log::max_level(), LevelFilter::Warn);
    log::error!(target: "aerospike_core::cluster", "error");
    assert_eq!(texts(&calm), ["warning", "error"]);
    calm.close();
}

#[test]
fn a_flood_is_bounded_and_dropped_lines_are_counted_in_their_place() {
    let _alone = alone();
    let (sink, _) = sink();
    sink.set_levels(ALL);
    for number in 0..MAX_LINES + 7 {
        log::info!(target: "aerospike_core::cluster", "{number}");
    }
    assert_eq!(taken(&sink, 10).0.len(), 10);
    log::info!(target: "aerospike_core::cluster", "after");
    let lines = texts(&sink);
    assert_eq!(lines.len(), MAX_LINES - 10 + 2);
    assert_eq!(
        lines[MAX_LINES - 10],
        "7 log lines were dropped: the logger did not keep up"
    );
    assert_eq!(lines[MAX_LINES - 9], "after");
    // If no line follows, the number is added at the end, even if the last free place was just taken.
    for number in 0..=MAX_LINES {
        log::info!(target: "aerospike_core::cluster", "{number}");
    }
    let (lines, waiting) = taken(&sink, MAX_LINES);
    assert_eq!((lines.len(), waiting), (MAX_LINES, 1));
    assert_eq!(texts(&sink), ["1 log line was dropped: the logger did not keep up"]);
    sink.close();
}

#[test]
fn long_lines_are_cut_and_many_of_them_bounded() {
    let _alone = alone();
    let (sink, _) = sink();
    sink.set_levels(ALL);
    let long = "ü".repeat(LINE_BYTES);
    for _ in 0..1000 {
        log::trace!(target: "aerospike_core::commands::info_command", "-{long}");
    }
    let lines = texts(&sink);
    assert!(lines[0].contains(" bytes cut) … "), "{}", lines[0].len());
    assert!(lines.iter().map(String::len).sum::<usize>() <= MAX_BYTES + 100);
    assert!(lines[lines.len() - 1].contains("log lines were dropped"));
    sink.close();
}

#[test]
fn calls_of_a_logger_log_nothing() {
    let _alone = alone();
    let (sink, _) = sink();
    sink.set_levels(ALL);
    futures_util::FutureExt::now_or_never(quietly(async {
        log::error!(target: "aerospike_core::cluster", "quiet");
    }));
    log::error!(target: "aerospike_core::cluster", "told");
    assert_eq!(texts(&sink), ["told"]);
    sink.close();
}
