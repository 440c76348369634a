//! The unanswered requests by slot, and their deadlines in order.
//!
//! Deadlines are in a heap, so that the sweep reads only those that are due. An answered request leaves its deadline in
//! the heap; it is skipped when it comes due. Such deadlines are removed when they outnumber the others.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::request::Request;

/// Extra time for a running command after its deadline: the core enforces the same deadline, and only the core knows
/// whether anything was sent.
const GRACE: Duration = Duration::from_millis(5);

/// Minimum number of slots and deadlines that keep their memory.
const KEPT: usize = 1024;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Instant,
    slot: u32,
}

/// The unanswered requests, indexed by slot.
#[derive(Debug, Default)]
pub struct PendingRequests {
    slots: Vec<Option<Arc<Request>>>,
    count: usize,
    /// Earliest first.
    due: BinaryHeap<Reverse<Due>>,
}

impl PendingRequests {
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn insert(&mut self, request: &Arc<Request>) {
        let slot = request.slot as usize;
        if self.slots.len() <= slot {
            self.slots.resize_with(slot + 1, || None);
        }
        if self.slots[slot].replace(Arc::clone(request)).is_none() {
            self.count += 1;
        }
        if let Some(at) = request.deadline {
            if self.due.len() >= 2 * self.count + KEPT {
                let slots = &self.slots;
                self.due.retain(|Reverse(due)| is_live(slots, due));
            }
            self.due.push(Reverse(Due { at, slot: request.slot }));
        }
    }

    pub fn get(&self, slot: u32) -> Option<&Arc<Request>> {
        self.slots.get(slot as usize).and_then(Option::as_ref)
    }

    /// Removes a request. Returns false if it is gone: its slot may already belong to a later request.
    pub fn remove(&mut self, request: &Arc<Request>) -> bool {
        let Some(place) = self.slots.get_mut(request.slot as usize) else {
            return false;
        };
        if place.as_ref().is_some_and(|entered| Arc::ptr_eq(entered, request)) {
            *place = None;
            self.count -= 1;
            return true;
        }
        false
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Request>> {
        self.slots.iter().flatten()
    }

    /// Removes and returns all requests.
    pub fn take(&mut self) -> Vec<Arc<Request>> {
        std::mem::take(self).slots.into_iter().flatten().collect()
    }

    /// Returns up to `max` requests to end at `now`: queued ones past their deadline, and running ones past their
    /// grace period.
    pub fn late(&mut self, now: Instant, max: usize) -> Vec<Arc<Request>> {
        let mut late = Vec::new();
        while late.len() < max
            && let Some(Reverse(first)) = self.due.peek()
            && first.at <= now
        {
            let Some(Reverse(due)) = self.due.pop() else { break };
            let Some(request) = self.get(due.slot).filter(|request| is_due(request, due.at)) else {
                continue;
            };
            let graced = request.deadline.is_some_and(|deadline| deadline < due.at);
            if graced || !request.begun.load(Ordering::Acquire) {
                late.push(Arc::clone(request));
            } else {
                let (at, slot) = (due.at + GRACE, due.slot);
                self.due.push(Reverse(Due { at, slot }));
            }
        }
        late
    }

    /// When `late` next has something to do.
    pub fn next_due(&mut self) -> Option<Instant> {
        while let Some(Reverse(first)) = self.due.peek() {
            if is_live(&self.slots, first) {
                return Some(first.at);
            }
            self.due.pop();
        }
        None
    }

    /// Frees memory that only a burst needed.
    pub fn trim(&mut self) {
        if self.slots.len() > KEPT && self.count < self.slots.len() / 8 {
            while self.slots.len() > KEPT && self.slots.last().is_some_and(Option::is_none) {
                self.slots.pop();
            }
        }
        if self.slots.capacity() / 4 > self.slots.len().max(KEPT) {
            self.slots.shrink_to(2 * self.slots.len().max(KEPT));
        }
        if self.due.capacity() / 4 > self.count.max(KEPT) {
            let slots = &self.slots;
            self.due.retain(|Reverse(due)| is_live(slots, due));
            self.due.shrink_to(2 * self.due.len().max(KEPT));
        }
    }
}

/// Whether `at` is the deadline of the request or the end of its grace period.
fn is_due(request: &Request, at: Instant) -> bool {
    request
        .deadline
        .is_some_and(|deadline| deadline == at || deadline + GRACE == at)
}

fn is_live(slots: &[Option<Arc<Request>>], due: &Due) -> bool {
    slots
        .get(due.slot as usize)
        .and_then(Option::as_ref)
        .is_some_and(|request| is_due(request, due.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::request::Body;

    fn request(slot: u32, timeout_ms: u32, now: Instant) -> Arc<Request> {
        Request::new(slot, 1, true, timeout_ms, now, Body::default())
    }

    fn entered(table: &mut PendingRequests, slot: u32, timeout_ms: u32, now: Instant) -> Arc<Request> {
        let request = request(slot, timeout_ms, now);
        table.insert(&request);
        request
    }

    fn slots(late: Vec<Arc<Request>>) -> Vec<u32> {
        late.iter().map(|request| request.slot).collect()
    }

    #[test]
    fn what_waits_is_late_at_its_deadline_and_what_runs_after_its_grace() {
        let (mut table, now) = (PendingRequests::default(), Instant::now());
        let ms = |count| now + Duration::from_millis(count);
        entered(&mut table, 0, 300, now);
        entered(&mut table, 1, 100, now);
        entered(&mut table, 2, 200, now).begin(now);
        entered(&mut table, 3, 0, now);
        assert!(table.late(ms(99), 10).is_empty());
        assert_eq!(slots(table.late(ms(100), 10)), [1]);
        assert_eq!(table.next_due(), Some(ms(200)));
        assert!(table.late(ms(204), 10).is_empty());
        assert_eq!(table.next_due(), Some(ms(205)));
        assert_eq!(slots(table.late(ms(205), 10)), [2]);
        assert_eq!(slots(table.late(ms(10_000), 10)), [0]);
        assert!(table.late(ms(1_000_000), 10).is_empty());
    }

    #[test]
    fn a_slot_that_is_used_again_has_its_own_deadline() {
        let (mut table, now) = (PendingRequests::default(), Instant::now());
        let old = entered(&mut table, 0, 100, now);
        assert!(table.remove(&old) && !table.remove(&old));
        let new = entered(&mut table, 0, 500, now);
        assert!(!table.remove(&old));
        assert_eq!(table.next_due(), Some(now + Duration::from_millis(500)));
        assert!(table.late(now + Duration::from_millis(499), 10).is_empty());
        let late = table.late(now + Duration::from_millis(500), 10);
        assert!(late.len() == 1 && Arc::ptr_eq(&late[0], &new));
    }

    #[test]
    fn many_that_are_late_come_in_parts() {
        let (mut table, now) = (PendingRequests::default(), Instant::now());
        for slot in 0..25 {
            entered(&mut table, slot, 100, now);
        }
        let later = now + Duration::from_secs(1);
        let counts: Vec<_> = (0..4).map(|_| table.late(later, 10).len()).collect();
        assert_eq!(counts, [10, 10, 5, 0]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "large, takes minutes")]
    fn deadlines_of_answered_requests_do_not_add_up() {
        let (mut table, now) = (PendingRequests::default(), Instant::now());
        let waiting = entered(&mut table, 1, 3_600_000, now);
        for nanos in 0..100_000 {
            let answered = entered(&mut table, 0, 3_600_000, now + Duration::from_nanos(nanos));
            table.remove(&answered);
        }
        assert!(table.due.len() <= 2 * (KEPT + 2), "{}", table.due.len());
        let late = table.late(now + Duration::from_secs(3600), 10);
        assert!(late.len() == 1 && Arc::ptr_eq(&late[0], &waiting));
    }

    #[test]
    #[cfg_attr(miri, ignore = "large, takes minutes")]
    fn what_a_burst_has_needed_is_given_back() {
        let (mut table, now) = (PendingRequests::default(), Instant::now());
        let mut burst: Vec<_> = (0..100_000)
            .map(|slot| entered(&mut table, slot, 60_000, now))
            .collect();
        let stays = burst.swap_remove(7);
        for request in burst {
            table.remove(&request);
        }
        table.trim();
        assert!(table.slots.capacity() <= 4 * KEPT && table.due.capacity() <= 4 * KEPT);
        assert_eq!(table.len(), 1);
        let late = table.late(now + Duration::from_secs(60), 10);
        assert!(late.len() == 1 && Arc::ptr_eq(&late[0], &stays));
        // A slot beyond the end counts as empty.
        assert!(!table.remove(&request(99_999, 0, now)));
        assert!(table.get(99_999).is_none());
    }
}
