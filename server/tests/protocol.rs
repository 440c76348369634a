//! What the recordings do not show: policies, errors and broken requests, spoken in bytes.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aerospike_local::clock::Clock;
use common::wire::{self, NO_BIN_DATA, READ, RESPOND_ALL, Request, batch, digest, parse_reply, proto};
use common::{START, TestServer};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const PARAMETER: u8 = 4;
const EXISTS: u8 = 5;
const TIMEOUT: u8 = 9;
const BIN_TYPE: u8 = 12;
const TOO_BIG: u8 = 13;
const UNSUPPORTED: u8 = 16;
const KEY_MISMATCH: u8 = 19;
const NAMESPACE: u8 = 20;
const BIN_NAME: u8 = 21;
const ENTERPRISE_ONLY: u8 = 25;

const CREATE_ONLY: u8 = 32;
const GEN_EQUAL: u8 = 4;
const GEN_GT: u8 = 8;
const UPDATE_ONLY: u8 = 8;
const REPLACE: u8 = 16;
const REPLACE_ONLY: u8 = 32;

const INCR: u8 = 5;
const APPEND: u8 = 9;
const PREPEND: u8 = 10;
const TOUCH: u8 = 11;
const DELETE_OP: u8 = 14;

const NEVER: u32 = u32::MAX;
const DO_NOT_UPDATE: u32 = u32::MAX - 1;

fn int(value: i64) -> [u8; 8] {
    value.to_be_bytes()
}

#[test]
fn exists_policies() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = || Request::put(1).int("a", 1);
    let mut result = |request: Request| client.ask(&request.bytes()).result;

    assert_eq!(result(put().info(3, UPDATE_ONLY)), NOT_FOUND);
    assert_eq!(result(put().info(3, REPLACE_ONLY)), NOT_FOUND);
    assert_eq!(result(put().info(2, CREATE_ONLY)), OK);
    assert_eq!(result(put().info(2, CREATE_ONLY)), EXISTS);
    assert_eq!(result(put().info(3, UPDATE_ONLY).int("b", 2)), OK);
    assert_eq!(client.ask(&Request::get(1).bytes()).bins().len(), 2);
    let replace = Request::put(1).int("c", 3).info(3, REPLACE);
    assert_eq!(client.ask(&replace.bytes()).generation, 3);
    let reply = client.ask(&Request::get(1).bytes());
    assert_eq!(reply.bins(), [("c", 1, &int(3)[..])]);
    // Nothing can be added to a value that goes away at the same time.
    let nonsense = Request::put(1).op(INCR, 1, "c", &int(1)).info(3, REPLACE);
    assert_eq!(client.ask(&nonsense.bytes()).result, PARAMETER);
}

#[test]
fn generation_policies() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = |generation, flag| Request::put(1).int("a", 1).generation(generation).info(2, flag);
    let mut ask = |request: Request| {
        let reply = client.ask(&request.bytes());
        (reply.result, reply.generation)
    };
    assert_eq!(ask(put(1, GEN_EQUAL)), (GENERATION, 0));
    assert_eq!(ask(put(0, GEN_EQUAL)), (OK, 1));
    assert_eq!(ask(put(0, GEN_EQUAL)), (GENERATION, 1));
    assert_eq!(ask(put(1, GEN_EQUAL)), (OK, 2));
    assert_eq!(ask(put(2, GEN_GT)), (GENERATION, 2));
    assert_eq!(ask(put(3, GEN_GT)), (OK, 3));
    let delete = |generation| Request::delete(1).generation(generation).info(2, GEN_EQUAL);
    assert_eq!(ask(delete(2)), (GENERATION, 3));
    assert_eq!(ask(delete(3)), (OK, 0));
    assert_eq!(ask(delete(3)), (NOT_FOUND, 0));
}

#[test]
fn times_to_live() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut put = |n, ttl| {
        let reply = client.ask(&Request::put(n).int("a", 1).ttl(ttl).bytes());
        (reply.result, reply.void_time)
    };
    // This server's default is for ever.
    assert_eq!(put(1, 0), (OK, 0));
    assert_eq!(put(1, 100), (OK, START + 100));
    assert_eq!(put(1, DO_NOT_UPDATE), (OK, START + 100));
    assert_eq!(put(2, DO_NOT_UPDATE), (OK, 0));
    assert_eq!(put(2, 50), (OK, START + 50));
    assert_eq!(put(2, NEVER), (OK, 0));
    assert_eq!(put(3, 10 * 365 * 86_400 + 1).0, PARAMETER);

    server.clock.advance_ms(100_999);
    assert_eq!(client.ask(&Request::get(1).bytes()).result, OK);
    server.clock.advance_ms(1);
    assert_eq!(client.ask(&Request::get(1).bytes()).result, NOT_FOUND);
    // A record that comes after an expired one is a new one.
    let create = Request::put(1).int("b", 1).info(2, CREATE_ONLY);
    let reply = client.ask(&create.bytes());
    assert_eq!((reply.result, reply.generation), (OK, 1));
    assert_eq!(client.ask(&Request::get(1).bytes()).bins().len(), 1);
    assert_eq!(client.ask(&Request::get(2).bytes()).result, OK);
}

#[test]
fn default_time_to_live() {
    let server = TestServer::with(|config| config.rules.default_ttl = 60);
    let mut client = server.connect();
    let put = Request::put(1).int("a", 1);
    assert_eq!(client.ask(&put.bytes()).void_time, START + 60);
    let touch = Request::put(1).op(TOUCH, 0, "", &[]).ttl(500);
    assert_eq!(client.ask(&touch.bytes()).void_time, START + 500);
    assert_eq!(
        client.ask(&Request::put(9).op(TOUCH, 0, "", &[]).bytes()).result,
        NOT_FOUND
    );
}

#[test]
fn numbers_and_strings() {
    let server = TestServer::start();
    let mut client = server.connect();
    let half = 0.5f64.to_be_bytes();
    let put = Request::put(1)
        .int("i", i64::MAX)
        .op(2, 2, "f", &half)
        .string("s", "b")
        .op(2, 4, "x", &[2]);
    assert_eq!(client.ask(&put.bytes()).result, OK);
    let change = Request::put(1)
        .op(INCR, 1, "i", &int(1))
        .op(INCR, 2, "f", &half)
        .op(INCR, 1, "new", &int(7))
        .op(APPEND, 3, "s", b"c")
        .op(PREPEND, 3, "s", b"a")
        .op(APPEND, 4, "x", &[3])
        .op(APPEND, 3, "fresh", b"z");
    assert_eq!(client.ask(&change.bytes()).result, OK);
    let reply = client.ask(&Request::get(1).bytes());
    assert_eq!(
        reply.bins(),
        [
            ("i", 1, &int(i64::MIN)[..]),
            ("f", 2, &1f64.to_be_bytes()),
            ("s", 3, b"abc"),
            ("x", 4, &[2, 3]),
            ("new", 1, &int(7)),
            ("fresh", 3, b"z"),
        ]
    );
    for wrong in [
        Request::put(1).op(INCR, 1, "f", &int(1)),
        Request::put(1).op(INCR, 1, "s", &int(1)),
        Request::put(1).op(APPEND, 3, "i", b"x"),
        Request::put(1).op(APPEND, 4, "s", b"x"),
        Request::put(1).op(PREPEND, 1, "i", &int(1)),
    ] {
        assert_eq!(client.ask(&wrong.bytes()).result, BIN_TYPE);
    }
}

#[test]
fn a_failed_write_changes_nothing() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.ask(&Request::put(1).int("a", 1).string("s", "x").bytes());
    let half_done = Request::on(1, READ, 1 | RESPOND_ALL)
        .int("a", 2)
        .op(1, 0, "a", &[])
        .op(INCR, 1, "s", &int(1));
    let reply = client.ask(&half_done.bytes());
    assert_eq!((reply.result, reply.generation), (BIN_TYPE, 1));
    assert!(reply.ops.is_empty());
    let reply = client.ask(&Request::get(1).bytes());
    assert_eq!(reply.generation, 1);
    assert_eq!(reply.bins()[0], ("a", 1, &int(1)[..]));
}

#[test]
fn every_operation_is_answered_when_asked_for() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.ask(&Request::put(1).int("a", 1).bytes());
    let ops = |request: Request| {
        request
            .int("b", 5)
            .op(1, 0, "b", &[])
            .op(INCR, 1, "a", &int(1))
            .op(1, 0, "none", &[])
            .op(TOUCH, 0, "", &[])
            .op(1, 0, "a", &[])
    };
    let reply = client.ask(&ops(Request::on(1, READ, 1 | RESPOND_ALL)).bytes());
    let codes: Vec<_> = reply
        .ops
        .iter()
        .map(|(code, particle, name, _)| (*code, *particle, name.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            (2, 0, "b"),
            (1, 1, "b"),
            (INCR, 0, "a"),
            (1, 0, "none"),
            (TOUCH, 0, ""),
            (1, 1, "a")
        ]
    );
    let reply = client.ask(&ops(Request::on(1, READ, 1)).bytes());
    assert_eq!(reply.bins(), [("b", 1, &int(5)[..]), ("a", 1, &int(3)[..])]);
}

#[test]
fn records_go_with_their_last_bin() {
    let server = TestServer::start();
    let mut client = server.connect();
    let nothing = Request::put(1).op(2, 0, "a", &[]);
    assert_eq!(client.ask(&nothing.bytes()).result, NOT_FOUND);
    client.ask(&Request::put(1).int("a", 1).int("b", 1).bytes());
    assert_eq!(client.ask(&nothing.bytes()).result, OK);
    assert_eq!(client.ask(&Request::get(1).bytes()).bins().len(), 1);
    let last = Request::put(1).op(2, 0, "b", &[]);
    assert_eq!(client.ask(&last.bytes()).result, OK);
    assert_eq!(client.ask(&Request::get(1).bytes()).result, NOT_FOUND);

    client.ask(&Request::put(1).int("a", 1).bytes());
    let take = Request::on(1, READ, 1).op(1, 0, "", &[]).op(DELETE_OP, 0, "", &[]);
    let reply = client.ask(&take.bytes());
    assert_eq!((reply.result, reply.bins().len()), (OK, 1));
    assert_eq!(client.ask(&Request::get(1).bytes()).result, NOT_FOUND);
    assert!(client.info("sets/test/set").contains("objects=0"));
    // Deleting and writing in one go leaves what is written.
    client.ask(&Request::put(1).int("a", 1).bytes());
    let renew = Request::put(1).op(DELETE_OP, 0, "", &[]).int("z", 1);
    assert_eq!(client.ask(&renew.bytes()).result, OK);
    let reply = client.ask(&Request::get(1).bytes());
    assert_eq!(reply.bins(), [("z", 1, &int(1)[..])]);
}

#[test]
fn keys_are_kept_and_compared() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = Request::put(1).int("a", 1);
    client.ask(&put.clone().field(2, b"\x03key").bytes());
    assert_eq!(client.ask(&put.bytes()).result, OK);
    let other = b"\x03other";
    assert_eq!(client.ask(&put.field(2, other).bytes()).result, KEY_MISMATCH);
    assert_eq!(
        client.ask(&Request::get(1).field(2, other).bytes()).result,
        KEY_MISMATCH
    );
    assert_eq!(
        client.ask(&Request::delete(1).field(2, other).bytes()).result,
        KEY_MISMATCH
    );
    // A request without digest has one all the same.
    let by_key = |request: Request| request.without(4).field(2, b"\x03abc");
    client.ask(&by_key(Request::put(1).int("a", 7)).bytes());
    let reply = client.ask(&by_key(Request::get(1)).bytes());
    assert_eq!(reply.bins(), [("a", 1, &int(7)[..])]);
}

#[test]
fn impossible_requests_are_refused() {
    let server = TestServer::with(|config| config.rules.max_record_size = 1000);
    let mut client = server.connect();
    let value = "x".repeat(1000);
    let cases = [
        (Request::put(1), PARAMETER, "no operations"),
        (Request::on(1, READ, 0), PARAMETER, "no bins"),
        (Request::on(1, 0, 0), PARAMETER, "neither read nor write"),
        (Request::put(1).int("", 1), PARAMETER, "no name"),
        (Request::put(1).int("sixteen-letters-", 1), BIN_NAME, "name"),
        (Request::put(1).op(2, 1, "a", &[1]), PARAMETER, "short int"),
        (Request::put(1).op(2, 99, "a", &[1]), PARAMETER, "type"),
        (Request::put(1).op(2, 20, "a", &[1]), PARAMETER, "no list"),
        (Request::put(1).op(77, 1, "a", &int(1)), PARAMETER, "code"),
        (Request::put(1).string("a", &value), TOO_BIG, "size"),
        (Request::put(1).int("a", 1).field(0, b"nope"), NAMESPACE, "namespace"),
        (Request::get(1).field(4, b"short"), PARAMETER, "digest"),
        (Request::put(1).int("a", 1).field(1, &[b's'; 64]), PARAMETER, "set"),
        (
            Request::put(1).op(4, 4, "a", b"\x91\x01"),
            UNSUPPORTED,
            "list operation",
        ),
        (Request::get(1).field(43, b"\x91\x01"), UNSUPPORTED, "filter"),
        (Request::put(1).field(30, b"m").field(31, b"f"), UNSUPPORTED, "UDF"),
        (Request::delete(1).info(2, 16), ENTERPRISE_ONLY, "durable delete"),
        (Request::get(1).field(5, &[0; 8]), ENTERPRISE_ONLY, "transaction"),
    ];
    for (request, result, what) in cases {
        assert_eq!(client.ask(&request.bytes()).result, result, "{what}");
    }
    assert_eq!(client.ask(&Request::get(1).bytes()).result, NOT_FOUND);
}

#[test]
fn broken_bytes_never_hurt_the_server() {
    let server = TestServer::start();
    let whole = [
        Request::put(1).int("a", 1).bytes(),
        batch(4, &[Request::put(1).int("a", 1), Request::get(2)]).bytes(),
        Request::default()
            .info(1, READ)
            .field(0, b"test")
            .field(11, &[0, 0])
            .bytes(),
    ];
    let mut client = server.connect();
    for request in &whole {
        // Cut short, in all lengths, under a header that fits.
        for end in 8..request.len() {
            client.send(&proto(3, &request[8..end]));
            let (kind, body) = client.receive();
            assert_eq!(kind, 3);
            let rows = parse_reply(&body);
            if rows.iter().any(|row| row.is_last()) || rows.len() == 1 && rows[0].result == 4 {
                continue;
            }
            while !parse_reply(&client.receive().1).iter().any(|row| row.is_last()) {}
        }
    }
    // With each byte changed in turn, on connections of their own: the reply may be anything.
    for request in &whole {
        for at in 8..request.len() {
            let mut changed = request.clone();
            changed[at] ^= 0xff;
            server.connect().send(&changed);
        }
    }
    for header in [
        b"GET / HT".to_vec(),
        vec![2, 7, 0, 0, 0, 0, 0, 0],
        vec![2, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ] {
        let mut broken = server.connect();
        broken.send(&header);
        assert!(broken.is_closed());
    }
    let mut client = server.connect();
    assert_eq!(client.ask(&Request::put(3).int("a", 1).bytes()).result, OK);
}

#[test]
fn pipelined_and_scattered_requests() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut bytes = Vec::new();
    for n in 0..100 {
        bytes.extend(Request::put(n).int("a", n.into()).bytes());
        bytes.extend(Request::get(n).bytes());
    }
    for piece in bytes.chunks(997) {
        client.send(piece);
    }
    for n in 0..100 {
        assert_eq!(parse_reply(&client.receive().1)[0].generation, 1);
        let reply = &parse_reply(&client.receive().1)[0];
        assert_eq!(reply.bins(), [("a", 1, &int(n)[..])]);
    }
}

#[test]
fn batches_answer_every_row() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.ask(&Request::put(1).int("a", 1).bytes());
    let rows = [
        Request::get(1),
        Request::get(2),
        Request::put(3).int("b", 2).ttl(9),
        Request::put(1).int("a", 2).generation(7).info(2, GEN_EQUAL),
        Request::get(1).field(0, b"nope"),
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
            (4, NAMESPACE),
            (5, OK),
            (6, UNSUPPORTED),
            (7, OK),
            (8, BIN_NAME),
            (0, OK),
        ]
    );
    assert_eq!(replies[2].void_time, START + 9);
    assert!(replies[5].ops.is_empty());

    // Without the flag a row that fails ends the batch, unless its record is just not there.
    let replies = client.ask_many(&batch(0, &rows).bytes());
    let results: Vec<_> = replies.iter().map(|row| (row.index, row.result)).collect();
    assert_eq!(
        results,
        [(0, NOT_FOUND), (1, NOT_FOUND), (2, OK), (3, GENERATION), (0, OK)]
    );
}

#[test]
fn large_batches_come_in_blocks() {
    let server = TestServer::start();
    let mut client = server.connect();
    let value = "x".repeat(1000);
    client.ask(&Request::put(1).string("a", &value).bytes());
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
    assert!(blocks >= 8, "{blocks} blocks");
}

#[test]
fn short_rows_of_older_clients() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.ask(&Request::put(1).int("a", 1).bytes());
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
fn rows_after_the_clients_timeout_are_not_done() {
    /// Time goes on by a millisecond whenever somebody looks.
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
    let stored = client.ask(&Request::get(1).bytes());
    assert_eq!(stored.generation as usize, done);
}

fn scan(set: &str) -> Request {
    let all: Vec<u8> = (0..4096u16).flat_map(u16::to_le_bytes).collect();
    let request = Request::default()
        .info(1, READ)
        .info(3, 4)
        .field(0, b"test")
        .field(11, &all);
    if set.is_empty() {
        request
    } else {
        request.field(1, set.as_bytes())
    }
}

#[test]
fn scans_tell_what_was_stored() {
    let server = TestServer::start();
    let mut client = server.connect();
    for n in 0..50 {
        let request = Request::put(n).int("a", n.into()).string("b", "x");
        let request = if n % 2 == 0 {
            request.field(2, &[&[1][..], &int(n.into())].concat())
        } else {
            request.field(1, b"odd")
        };
        client.ask(&request.bytes());
    }
    client.ask(&Request::put(99).int("a", 1).ttl(5).without(1).bytes());

    let rows = client.ask_many(&scan("set").bytes());
    assert_eq!(rows.len(), 26);
    for row in &rows[..25] {
        let digest = row.field(4).unwrap();
        let n = (0..50).find(|n| wire::digest(*n) == digest).unwrap();
        assert_eq!(row.field(0), Some(&b"test"[..]));
        assert_eq!(row.field(1), Some(&b"set"[..]));
        assert_eq!(row.field(2).unwrap()[1..], int(n.into()));
        assert_eq!(row.bins(), [("a", 1, &int(n.into())[..]), ("b", 3, b"x")]);
    }
    let whole = client.ask_many(&scan("").bytes());
    assert_eq!(whole.len(), 52);
    assert!(whole.iter().any(|row| !row.is_last() && row.field(1).is_none()));
    server.clock.advance_ms(6000);
    assert_eq!(client.ask_many(&scan("").bytes()).len(), 51);

    let some = scan("odd").op(1, 0, "b", &[]).op(1, 0, "none", &[]);
    let rows = client.ask_many(&some.bytes());
    assert!(rows[..25].iter().all(|row| row.bins() == [("b", 3, &b"x"[..])]));
    let rows = client.ask_many(&scan("odd").info(1, NO_BIN_DATA).bytes());
    assert!(rows[..25].iter().all(|row| row.ops.is_empty()));
    assert_eq!(client.ask_many(&scan("unknown").bytes()).len(), 1);
}

#[test]
fn scans_go_on_where_they_stopped() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut digests = Vec::new();
    // All in one partition, so that pages end within it.
    for n in 0..30u8 {
        let mut digest = digest(n);
        (digest[0], digest[1]) = (7, 0);
        digests.push(digest);
        client.ask(&Request::put(n).int("a", 1).field(4, &digest).bytes());
    }
    let mut seen: Vec<[u8; 20]> = Vec::new();
    loop {
        let mut request = scan("set").field(13, &int(8));
        if let Some(last) = seen.last() {
            let rest: Vec<u8> = (8..4096u16).flat_map(u16::to_le_bytes).collect();
            request = request.field(11, &rest).field(12, last);
        }
        let rows = client.ask_many(&request.bytes());
        let found = rows.len() - 1;
        assert!(found <= 8);
        if found == 0 {
            break;
        }
        seen.extend(
            rows.iter()
                .filter_map(|row| row.field(4))
                .map(|digest| <[u8; 20]>::try_from(digest).unwrap()),
        );
    }
    digests.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(seen, digests);
}

#[test]
fn scans_can_be_slow() {
    let server = TestServer::start();
    let mut client = server.connect();
    for n in 0..20 {
        client.ask(&Request::put(n).int("a", 1).bytes());
    }
    let start = std::time::Instant::now();
    let slow = scan("set").field(10, &100u32.to_be_bytes());
    assert_eq!(client.ask_many(&slow.bytes()).len(), 21);
    assert!(start.elapsed().as_millis() >= 150);
}

#[test]
fn queries_that_are_no_scans_are_refused() {
    let server = TestServer::start();
    let mut client = server.connect();
    for (request, result) in [
        (scan("set").field(22, b"\x01"), UNSUPPORTED),
        (scan("set").field(43, b"\x01"), UNSUPPORTED),
        (scan("set").field(33, b"\x01"), UNSUPPORTED),
        (scan("set").op(3, 4, "a", b"\x91\x10"), UNSUPPORTED),
        (
            Request::default()
                .info(2, 1)
                .field(0, b"test")
                .field(7, &[0; 8])
                .int("a", 1),
            UNSUPPORTED,
        ),
        (scan("set").field(0, b"nope"), NAMESPACE),
        (scan("set").field(11, &[0xff, 0xff]), PARAMETER),
        (scan("set").field(11, &[0]), PARAMETER),
        (scan("set").field(12, &[0; 19]), PARAMETER),
    ] {
        let rows = client.ask_many(&request.bytes());
        assert_eq!((rows.len(), rows[0].result), (1, result));
    }
}

#[test]
fn truncation() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = |n, set: &str| Request::put(n).int("a", 1).field(1, set.as_bytes()).bytes();
    client.ask(&put(1, "one"));
    server.clock.advance_ms(1000);
    client.ask(&put(2, "one"));
    client.ask(&put(3, "two"));
    let nanos = (u64::from(START) + 1_262_304_000 + 1) * 1_000_000_000;
    let before = format!("truncate:namespace=test;set=one;lut={nanos}");
    assert_eq!(client.info(&before), "ok");
    assert_eq!(client.ask(&Request::get(1).bytes()).result, NOT_FOUND);
    assert_eq!(client.ask(&Request::get(2).bytes()).result, OK);
    assert_eq!(client.info("truncate:namespace=test;set=one"), "ok");
    assert_eq!(client.ask(&Request::get(2).bytes()).result, NOT_FOUND);
    assert_eq!(client.ask(&Request::get(3).bytes()).result, OK);
    // What is written afterwards stays, even in the same millisecond.
    client.ask(&put(2, "one"));
    assert_eq!(client.ask(&Request::get(2).bytes()).result, OK);
    assert_eq!(client.info("truncate-namespace:namespace=test"), "ok");
    assert_eq!(client.ask(&Request::get(3).bytes()).result, NOT_FOUND);
    assert_eq!(client.info("truncate:namespace=test;set=none"), "ok");
    for wrong in [
        "truncate:namespace=nope;set=one",
        "truncate:namespace=test",
        "truncate:set=one",
        "truncate:namespace=test;set=one;lut=x",
        "truncate:namespace=test;set=one;lut=9999999999999999999",
        "truncate-namespace:namespace=nope",
    ] {
        assert!(client.info(wrong).starts_with("ERROR:"), "{wrong}");
    }
}

#[test]
fn info_tells_clients_their_way() {
    let server = TestServer::with(|config| config.cluster_name = Some("mine".to_owned()));
    let mut client = server.connect();
    let address = server.server().address();
    assert_eq!(client.info("node"), server.server().node().id());
    assert_eq!(client.info("build"), "8.1.2.0");
    assert_eq!(client.info("edition"), "Aerospike Community Edition");
    assert_eq!(client.info("cluster-name"), "mine");
    assert_eq!(client.info("service-clear-std"), address.to_string());
    assert_eq!(client.info("peers-clear-std"), format!("1,{},[]", address.port()));
    assert_eq!(client.info("namespaces"), "test;demo");
    assert_eq!(client.info("status"), "ok");
    assert_eq!(client.info("user-agent-set:value=abc="), "ok");
    let replicas = client.info("replicas");
    let maps: Vec<_> = replicas.split(';').collect();
    assert!(maps[0].starts_with("test:0,1,//////") && maps[1].starts_with("demo:0,1,"));
    assert_eq!(maps[0].len(), "test:0,1,".len() + 684);
    client.ask(&Request::put(1).int("a", 1).bytes());
    assert!(client.info("namespace/test").contains("objects=1;"));
    assert!(client.info("sets").contains("ns=test:set=set:objects=1:"));
    assert_eq!(client.info("sets/demo"), "");
    assert!(client.info("statistics").contains("cluster_size=1;"));
    for unknown in ["nonsense", "namespace/nope", "sets/nope", "set-config:x=y"] {
        assert!(client.info(unknown).starts_with("ERROR:"), "{unknown}");
    }
    // Several questions at once are answered in their order.
    client.send(&proto(1, b"status\n\nnode\n"));
    let text = String::from_utf8(client.receive().1).unwrap();
    assert!(text.starts_with("status\tok\nnode\tBB9"));
    client.send(&proto(1, b"\xff\n"));
    assert!(client.receive().1.starts_with(b"\xff\tERROR:"));
}

#[test]
fn a_community_edition_has_no_users_and_does_not_decompress() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut login = [0; 16];
    login[2] = 20;
    client.send(&proto(2, &login));
    let (kind, body) = client.receive();
    assert_eq!((kind, body[1], body[2]), (2, 51, 20));
    client.send(&proto(4, &[0; 20]));
    let (kind, body) = client.receive();
    assert_eq!((kind, parse_reply(&body)[0].result), (3, ENTERPRISE_ONLY));
    assert_eq!(client.info("status"), "ok");
}

#[test]
fn namespaces_and_servers_are_apart() {
    let server = TestServer::start();
    let other = TestServer::start();
    let mut client = server.connect();
    client.ask(&Request::put(1).int("a", 1).bytes());
    let demo = Request::get(1).field(0, b"demo");
    assert_eq!(client.ask(&demo.bytes()).result, NOT_FOUND);
    let reply = other.connect().ask(&Request::get(1).bytes());
    assert_eq!(reply.result, NOT_FOUND);
}

#[test]
fn stopping_closes_connections() {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.info("status"), "ok");
    drop(server);
    assert!(client.is_closed());
}
