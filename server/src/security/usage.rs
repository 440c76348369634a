//! What a user has used of a node, for quotas and user statistics.

use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;

/// The usage of a user on a node.
#[derive(Debug, Default)]
pub(super) struct Usage {
    connections: AtomicU32,
    reads: Rate,
    writes: Rate,
}

/// Reads or writes of a user.
#[derive(Debug, Default)]
pub(super) struct Rate {
    current: Mutex<Second>,
}

/// The operations of the current second and of the one before.
#[derive(Debug, Default, Clone, Copy)]
struct Second {
    second: u64,
    count: u32,
    before: u32,
}

impl Usage {
    pub(super) fn reads(&self) -> &Rate {
        &self.reads
    }

    pub(super) fn writes(&self) -> &Rate {
        &self.writes
    }

    pub(super) fn connect(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn disconnect(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn connections(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Rate {
    /// Counts an operation. Returns false, and does not count it, if it would exceed the quota of the current
    /// second; 0 means no quota.
    pub(super) fn count(&self, quota: u32, now_ms: u64) -> bool {
        let mut current = self.current.lock();
        *current = current.at(now_ms);
        if quota != 0 && current.count >= quota {
            return false;
        }
        current.count = current.count.saturating_add(1);
        true
    }

    /// Number of operations in the last whole second.
    pub(super) fn per_second(&self, now_ms: u64) -> u32 {
        let current = self.current.lock();
        current.at(now_ms).before
    }
}

impl Second {
    fn at(self, now_ms: u64) -> Self {
        let second = now_ms / 1000;
        match second.checked_sub(self.second) {
            Some(0) | None => self,
            Some(1) => Self {
                second,
                count: 0,
                before: self.count,
            },
            Some(_) => Self {
                second,
                count: 0,
                before: 0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_apply_to_each_second() {
        let rate = Rate::default();
        assert!(rate.count(2, 5000) && rate.count(2, 5999) && !rate.count(2, 5999));
        assert!(rate.count(2, 6000));
        assert_eq!(rate.per_second(6000), 2);
        assert_eq!(rate.per_second(7000), 1);
        assert_eq!(rate.per_second(9000), 0);
        assert!((0..100).all(|_| rate.count(0, 9000)));
    }
}
