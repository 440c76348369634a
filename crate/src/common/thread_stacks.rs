//! The stack size of the I/O threads.
//!
//! aerospike-core decodes and drops lists and maps recursively: if a value is too deep for the stack, the process
//! crashes. In a release build, each level takes 288 bytes for a list and 1,425 bytes for a map, so a record of 8 MiB,
//! the largest that a server can be configured for, takes up to 6 GiB. Stacks are virtual memory: pages that are never
//! touched cost nothing.

use std::thread;

use parking_lot::Mutex;

/// A stack of this size is sufficient for any record of 8 MiB.
const LARGEST: usize = 8 << 30;

/// Minimum stack size. It is sufficient for 232,000 nested lists or 47,000 nested maps.
const SMALLEST: usize = 64 << 20;

/// The environment variable that sets the size, in MiB.
const VARIABLE: &str = "AEROSPIKE_RUNTIME_STACK_MIB";

/// The stack size for each of `threads` threads: the value of the environment variable, or else the largest size that
/// the system grants to all of them at once.
pub fn size(threads: usize) -> usize {
    if let Some(asked) = std::env::var(VARIABLE).ok().and_then(|text| parse(&text)) {
        return asked;
    }
    if virtual_memory_counts() {
        return SMALLEST;
    }
    let mut size = LARGEST;
    while size > SMALLEST && !granted(threads, size) {
        size /= 2;
    }
    size
}

/// Parses a size in MiB and clamps it to the allowed range.
fn parse(text: &str) -> Option<usize> {
    text.parse::<usize>()
        .ok()
        .map(|mib| mib.clamp(SMALLEST >> 20, LARGEST >> 20) << 20)
}

/// Whether reserved memory counts as used, because the system does not overcommit memory or limits the process's
/// address space (`ulimit -v`). In that case a large stack could be granted and make other allocations fail.
fn virtual_memory_counts() -> bool {
    if !cfg!(target_os = "linux") {
        return false;
    }
    let read = |path| std::fs::read_to_string(path).ok();
    let overcommit = read("/proc/sys/vm/overcommit_memory");
    let limits = read("/proc/self/limits");
    // If the system does not report its settings, use small stacks.
    overcommit.is_none_or(|mode| mode.trim() == "2") || limits.is_none_or(|limits| limits_address_space(&limits))
}

/// Whether `/proc/self/limits` contains a limit of the address space.
fn limits_address_space(limits: &str) -> bool {
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max address space"));
    limit.and_then(|line| line.split_whitespace().next()) != Some("unlimited")
}

/// Whether `threads` threads can have stacks of this size at the same time. Starts them to find out; they end at once.
fn granted(threads: usize, size: usize) -> bool {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let wait = || drop(gate.lock());
        let all = (0..threads).all(|_| {
            let thread = thread::Builder::new().stack_size(size);
            thread.spawn_scoped(scope, wait).is_ok()
        });
        drop(closed);
        all
    })
}

#[cfg(test)]
mod tests {
    use aerospike_core::operations::cdt_context::ctx_from_bytes;

    use super::*;

    #[test]
    fn a_size_is_kept_within_bounds() {
        assert_eq!(parse("512"), Some(512 << 20));
        assert_eq!(parse("0"), Some(SMALLEST));
        assert_eq!(parse("1000000"), Some(LARGEST));
        assert_eq!(parse("large"), None);
    }

    #[test]
    fn a_limit_of_the_address_space_is_seen() {
        let limits = |value: &str| {
            format!(
                "Max cpu time              unlimited            unlimited            seconds\nMax address space         {value}            unlimited            bytes\n"
            )
        };
        assert!(!limits_address_space(&limits("unlimited")));
        assert!(limits_address_space(&limits("8589934592")));
        assert!(limits_address_space(""));
    }

    #[test]
    fn a_size_that_no_system_has_is_refused() {
        assert!(granted(4, SMALLEST));
        assert!(!granted(1, 1 << 60));
    }

    /// Decodes and drops a value on a stack of the minimum size, as the core does with a bin.
    fn survives(value: Vec<u8>) {
        let context = [&[0x92, 0x01], &value[..]].concat();
        let thread = thread::Builder::new().stack_size(SMALLEST);
        let decoded = thread
            .spawn(move || ctx_from_bytes(&context).map(|context| context.len()))
            .map(thread::JoinHandle::join);
        assert!(matches!(decoded, Ok(Ok(Ok(1)))));
    }

    #[test]
    fn the_smallest_stack_holds_what_is_promised() {
        survives([vec![0x91; 100_000], vec![0x90]].concat());
        survives([[0x81, 0x01].repeat(45_000), vec![0x80]].concat());
    }
}
