//! Batches: rows with their own options.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::wire::{NO_BIN_DATA, READ, Request, batch, digest, parse_reply};
use crate::common::{START, TestServer};
use aerospike_local::common::clock::Clock;

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const TIMEOUT: u8 = 9;
const PARAMETER: u8 = 4;
const BIN_NAME: u8 = 21;
const GEN_EQUAL: u8 = 4;

fn int(value: i64) -> [u8; 8] {
    value.to_be_bytes()
}

#[test]
fn batches_reply_to_every_row() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let rows = [
        Request::get(1),
        Request::get(2),
        Request::put(3).int("b", 2).ttl(9),
        Request::put(1).int("a", 2).generation(7).info(2, GEN_EQUAL),
        Request::on(1, READ | NO_BIN_DATA, 0),
        Request::get(1).field(43, b"x"),
        Request::delete(1),
        Request::put(4).int("name-of-16-bytes", 2),
    ];
    let replies = client.ask_many(&batch(4, &rows).bytes());
    let results: Vec<_> = replies.iter().map(|row| (row.index, row.result)).collect();
    assert_eq!(
        results,
        [
            (0, OK),
            (1, NOT_FOUND),
            (2, OK),
            (3, GENERATION),
            (4, OK),
            (5, PARAMETER),
            (6, OK),
            (7, BIN_NAME),
            (0, OK),
        ]
    );
    assert_eq!(replies[2].void_time, START + 9);
    assert!(replies[4].ops.is_empty());
}

#[test]
fn a_batch_that_stops_at_a_failure_returns_only_the_failure() {
    let server = TestServer::start();
    let mut client = server.connect();
    let rows = [
        Request::get(1),
        Request::put(2).int("a", 1),
        Request::put(3).int("a", 1).generation(7).info(2, GEN_EQUAL),
        Request::put(4).int("a", 1),
    ];
    let replies = client.ask_many(&batch(0, &rows).bytes());
    assert_eq!((replies.len(), replies[0].result), (1, GENERATION));
    // The other rows are executed all the same.
    for (n, result) in [(2, OK), (3, NOT_FOUND), (4, OK)] {
        assert_eq!(client.call(&Request::get(n).bytes()).result, result);
    }
    // A record that does not exist does not end the batch.
    let replies = client.ask_many(&batch(0, &[Request::get(1), Request::get(2)]).bytes());
    let results: Vec<_> = replies.iter().map(|row| row.result).collect();
    assert_eq!(results, [NOT_FOUND, OK, OK]);
}

#[test]
fn a_malformed_row_fails_the_batch() {
    let server = TestServer::start();
    let mut client = server.connect();
    let cases = [
        Request::get(1).field(0, b"nope"),
        Request::get(1).without(0),
        Request::get(1).field(0, b""),
    ];
    for (n, case) in (10..).zip(cases) {
        let rows = [Request::put(n).int("a", 1), case, Request::put(n + 10).int("a", 1)];
        let replies = client.ask_many(&batch(4, &rows).bytes());
        assert_eq!((replies.len(), replies[0].result), (1, PARAMETER));
        assert_eq!(client.call(&Request::get(n).bytes()).result, OK);
        assert_eq!(client.call(&Request::get(n + 10).bytes()).result, NOT_FOUND);
    }
}

#[test]
fn sends_large_batches_in_blocks() {
    let server = TestServer::start();
    let mut client = server.connect();
    let value = "x".repeat(1000);
    client.call(&Request::put(1).string("a", &value).bytes());
    let rows = vec![Request::get(1); 1000];
    client.send(&batch(4, &rows).bytes());
    let mut blocks = 0;
    let mut count = 0;
    loop {
        let rows = parse_reply(&client.receive().1);
        if rows.iter().any(|row| row.is_last()) {
            break;
        }
        blocks += 1;
        count += rows.len();
    }
    assert_eq!(count, 1000);
    assert_eq!(blocks, 8);
}

#[test]
fn a_block_holds_128_kib_or_one_row() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    client.call(&Request::put(2).string("a", &"x".repeat(200_000)).bytes());
    let rows = [1, 1, 2, 1, 2].map(Request::get);
    client.send(&batch(4, &rows).bytes());
    let blocks: Vec<_> = (0..5).map(|_| parse_reply(&client.receive().1).len()).collect();
    assert_eq!(blocks, [2, 1, 1, 1, 1]);
    // Exactly as on a real server: 127 rows of 1031 bytes.
    client.call(&Request::put(3).string("a", &"x".repeat(1000)).bytes());
    client.send(&batch(4, &vec![Request::get(3); 800]).bytes());
    let sizes: Vec<_> = (0..8).map(|_| client.receive().1.len()).collect();
    assert_eq!(
        sizes,
        [130_937, 130_937, 130_937, 130_937, 130_937, 130_937, 39_178, 22]
    );
}

#[test]
fn accepts_short_rows_of_older_clients() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let mut field = vec![0, 0, 0, 2, 4, 0, 0, 0, 5];
    field.extend_from_slice(&digest(1));
    // No flags: one info byte, fields and operations.
    field.extend_from_slice(&[0, 3, 0, 1, 0, 0, 0, 0, 0, 5, 0]);
    field.extend_from_slice(b"test");
    field.extend_from_slice(&[0, 0, 0, 6]);
    field.extend_from_slice(&digest(2));
    field.push(1);
    let request = Request::default().info(1, 8).field(41, &field);
    let replies = client.ask_many(&request.bytes());
    assert_eq!(replies[0].bins(), [("a", 1, &int(1)[..])]);
    assert_eq!((replies[1].index, replies[1].result), (6, NOT_FOUND));
}

#[test]
fn does_not_execute_rows_after_the_clients_timeout() {
    /// A clock that advances by a millisecond each time it is read.
    #[derive(Debug)]
    struct Ticking(AtomicU64);
    impl Clock for Ticking {
        fn now_ms(&self) -> u64 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }
    }
    let server = TestServer::with(|config| {
        config.clock = Arc::new(Ticking(AtomicU64::new(u64::from(START) * 1000)));
    });
    let mut client = server.connect();
    let mut request = batch(4, &vec![Request::put(1).int("a", 1); 1000]);
    request.timeout = 5;
    let replies = client.ask_many(&request.bytes());
    assert_eq!(replies.len(), 1001);
    let done = replies.partition_point(|row| row.result == OK);
    assert!((1..1000).contains(&done));
    assert!(replies[done..1000].iter().all(|row| row.result == TIMEOUT));
    let stored = client.call(&Request::get(1).bytes());
    assert_eq!(stored.generation as usize, done);
}
