//! Random transactions, interleaved at random: those that commit must be equivalent to a serial execution.
//!
//! The point of a transaction in the serial order is the moment when its client starts to verify what it has read.
//! By then it holds all its locks, and if no verification fails, what it has read is still current.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::transaction::{BACK, FORWARD, Txn, VERSION, durable_delete, value, verify};
use crate::common::wire::{Reply, Request};
use crate::common::{Client, TestServer};
use aerospike_local::StrongConsistency;

const ROUNDS: u64 = 150;
const STEPS: usize = 250;
const CLIENTS: usize = 4;
const RECORDS: u64 = 4;
const FAILURES: std::ops::RangeInclusive<u8> = 120..=127;

/// A pseudo-random number generator with the same sequence in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn record(&mut self) -> u8 {
        self.below(RECORDS) as u8
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Working(u64),
    Verifying,
    Marking,
    Rolling(u8),
    Closing,
}

/// A transaction, and what its client remembers.
struct Running {
    txn: Txn,
    phase: Phase,
    /// Versions to verify.
    versions: BTreeMap<u8, Vec<u8>>,
    /// Records that still have to be verified or rolled.
    left: Vec<u8>,
    /// The first value read from each record that the transaction had not written.
    reads: BTreeMap<u8, Option<i64>>,
    writes: BTreeMap<u8, Option<i64>>,
    point: usize,
}

/// What happened at a point of the serial order.
struct Committed {
    reads: BTreeMap<u8, Option<i64>>,
    writes: BTreeMap<u8, Option<i64>>,
}

struct World {
    client: Client,
    random: Random,
    /// The number of steps so far.
    now: usize,
    next: i64,
    history: BTreeMap<usize, Committed>,
    /// All values that were seen outside transactions.
    seen: BTreeSet<i64>,
    discarded: BTreeSet<i64>,
}

impl World {
    fn unique(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn begin(&mut self) -> Running {
        Running {
            txn: Txn::new(self.unique()),
            phase: Phase::Working(1 + self.random.below(6)),
            versions: BTreeMap::new(),
            left: Vec::new(),
            reads: BTreeMap::new(),
            writes: BTreeMap::new(),
            point: 0,
        }
    }

    /// Sends the next request of a transaction. Returns false once it has ended.
    fn step(&mut self, run: &mut Running) -> bool {
        match run.phase {
            Phase::Working(0) if self.random.below(5) == 0 => run.roll(BACK),
            Phase::Working(0) => {
                run.point = self.now;
                run.left = run.versions.keys().copied().collect();
                run.phase = Phase::Verifying;
            }
            Phase::Working(left) => {
                run.phase = Phase::Working(left - 1);
                if !self.work(run) {
                    run.roll(BACK);
                }
            }
            Phase::Verifying => match run.left.pop() {
                Some(n) => {
                    if self.client.call(&verify(n, &run.versions[&n])).result != 0 {
                        run.roll(BACK);
                    }
                }
                None => run.phase = Phase::Marking,
            },
            Phase::Marking => {
                let has_monitor = run.txn.deadline.is_some();
                if has_monitor && self.client.call(&run.txn.mark()).result != 0 {
                    run.roll(BACK);
                } else {
                    let committed = Committed {
                        reads: run.reads.clone(),
                        writes: run.writes.clone(),
                    };
                    self.history.insert(run.point, committed);
                    run.roll(FORWARD);
                }
            }
            Phase::Rolling(how) => match run.left.pop() {
                Some(n) => {
                    let result = self.client.call(&run.txn.roll(n, how)).result;
                    // If the server has ended the transaction, another one may have locked the record.
                    assert!(matches!(result, 0 | 120), "{result}");
                }
                None => {
                    if how == BACK {
                        self.discarded.extend(run.writes.values().flatten());
                    }
                    run.phase = Phase::Closing;
                }
            },
            Phase::Closing => {
                let result = self.client.call(&run.txn.close()).result;
                assert!(matches!(result, 0 | 2), "{result}");
                return false;
            }
        }
        true
    }

    /// Reads, writes or deletes a record. Returns false if the transaction must be rolled back.
    fn work(&mut self, run: &mut Running) -> bool {
        let n = self.random.record();
        let kind = self.random.below(5);
        if kind < 2 {
            let request = run.with_version(run.txn.bind(Request::get(n)), n);
            let reply = self.client.call(&request.bytes());
            return run.note_read(n, &reply);
        }
        let added = self.client.call(
            &run.txn
                .adding(&[crate::common::wire::digest(n)], run.txn.deadline.is_none(), 0)
                .bytes(),
        );
        if added.result != 0 {
            return false;
        }
        let deadline = added.field(crate::common::transaction::DEADLINE).unwrap();
        run.txn.deadline = Some(u32::from_le_bytes(deadline.try_into().unwrap()));
        let after = (kind < 4).then(|| self.unique());
        let request = match after {
            Some(value) => Request::put(n).int("a", value),
            None => durable_delete(n),
        };
        let request = run.with_version(run.txn.bind(request), n);
        let reply = self.client.call(&request.bytes());
        if reply.result == 0 {
            run.versions.remove(&n);
            run.writes.insert(n, after);
            return true;
        }
        // The record does not exist: a deletion that fails is a read.
        run.note_read(n, &reply)
    }

    /// What happens outside transactions.
    fn outside(&mut self) {
        let n = self.random.record();
        if self.random.below(3) > 0 {
            let seen = value(&self.client.call(&Request::get(n).bytes()));
            self.seen.extend(seen);
            return;
        }
        let after = self.unique();
        let reply = self.client.call(&Request::put(n).int("a", after).bytes());
        match reply.result {
            0 => {
                let written = Committed {
                    reads: BTreeMap::new(),
                    writes: BTreeMap::from([(n, Some(after))]),
                };
                self.history.insert(self.now, written);
            }
            result => assert_eq!(result, 120),
        }
    }

    /// Executes the history in order, and compares what was read, and the state at the end.
    fn check(&mut self, seed: u64) {
        let mut state: BTreeMap<u8, i64> = BTreeMap::new();
        for (point, committed) in &self.history {
            for (n, read) in &committed.reads {
                assert_eq!(state.get(n), read.as_ref(), "seed {seed}: record {n}, read at {point}");
            }
            for (n, written) in &committed.writes {
                match written {
                    Some(value) => state.insert(*n, *value),
                    None => state.remove(n),
                };
            }
        }
        for n in 0..RECORDS as u8 {
            let stored = value(&self.client.call(&Request::get(n).bytes()));
            assert_eq!(stored.as_ref(), state.get(&n), "seed {seed}: record {n} at the end");
        }
        let dirty: Vec<_> = self.seen.intersection(&self.discarded).collect();
        assert!(dirty.is_empty(), "seed {seed}: dirty reads {dirty:?}");
    }
}

impl Running {
    fn roll(&mut self, how: u8) {
        self.left = self.writes.keys().copied().collect();
        self.phase = Phase::Rolling(how);
    }

    fn with_version(&self, request: Request, n: u8) -> Request {
        match self.versions.get(&n) {
            Some(version) => request.field(VERSION, version),
            None => request,
        }
    }

    /// Remembers what a reply reveals about a record. Returns false if the transaction must be rolled back.
    fn note_read(&mut self, n: u8, reply: &Reply) -> bool {
        if FAILURES.contains(&reply.result) {
            return false;
        }
        let read = value(reply);
        match (self.writes.get(&n), reply.field(VERSION)) {
            (Some(own), None) => assert_eq!(read, *own),
            (None, Some(version)) => {
                self.versions.insert(n, version.to_vec());
                let first = *self.reads.entry(n).or_insert(read);
                assert_eq!(first, read);
            }
            // The server has ended the transaction and unlocked the record.
            (Some(_), Some(_)) => return false,
            (None, None) => panic!("a read without a version"),
        }
        true
    }
}

#[test]
fn committed_transactions_are_serializable() {
    let server = TestServer::with(|config| config.strong_consistency = Some(StrongConsistency::default()));
    let mut committed = 0;
    for seed in 1..=ROUNDS {
        let mut client = server.connect();
        assert_eq!(client.info("truncate:namespace=test;set=set"), "ok");
        let mut world = World {
            client,
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            now: 0,
            next: i64::try_from(seed).unwrap() << 32,
            history: BTreeMap::new(),
            seen: BTreeSet::new(),
            discarded: BTreeSet::new(),
        };
        let mut running: Vec<Running> = (0..CLIENTS).map(|_| world.begin()).collect();
        for now in 1..=STEPS {
            world.now = now;
            match world.random.below(12) {
                0 | 1 => world.outside(),
                2 if world.random.below(4) == 0 => server.clock.advance_ms(3000),
                // A client that crashes.
                2 if world.random.below(4) == 0 => running[0] = world.begin(),
                chosen => {
                    let chosen = chosen as usize % CLIENTS;
                    if !world.step(&mut running[chosen]) {
                        running[chosen] = world.begin();
                    }
                }
            }
        }
        // The server ends the transactions that are left.
        server.clock.advance_ms(60_000);
        world.check(seed);
        committed += world
            .history
            .values()
            .filter(|committed| !committed.reads.is_empty())
            .count();
    }
    // The rounds have covered everything.
    assert!(committed > 100, "{committed}");
    let stats = server.connect().info("namespace/test");
    for name in [
        "mrt_verify_read_success",
        "mrt_verify_read_error",
        "mrt_roll_forward_success",
        "mrt_roll_back_success",
        "mrt_monitor_roll_forward_success",
        "mrt_monitor_roll_back_success",
        "fail_mrt_blocked",
        "fail_mrt_version_mismatch",
    ] {
        let count = stats.split(';').find_map(|stat| stat.strip_prefix(&format!("{name}=")));
        assert_ne!(count, Some("0"), "{name}");
    }
}
