//! Single-record commands: policies, operations and errors that the recordings do not cover.

use crate::common::wire::{GET_ALL, NO_BIN_DATA, READ, RESPOND_ALL, Request};
use crate::common::{START, TestServer};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const MALFORMED_VALUE: u8 = 1;
const PARAMETER: u8 = 4;
const EXISTS: u8 = 5;
const BIN_TYPE: u8 = 12;
const TOO_BIG: u8 = 13;
const KEY_MISMATCH: u8 = 19;
const NAMESPACE: u8 = 20;
const BIN_NAME: u8 = 21;
const ENTERPRISE_ONLY: u8 = 25;
const UDF_FAILED: u8 = 100;
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
    let mut result = |request: Request| client.call(&request.bytes()).result;

    assert_eq!(result(put().info(3, UPDATE_ONLY)), NOT_FOUND);
    assert_eq!(result(put().info(3, REPLACE_ONLY)), NOT_FOUND);
    assert_eq!(result(put().info(2, CREATE_ONLY)), OK);
    assert_eq!(result(put().info(2, CREATE_ONLY)), EXISTS);
    assert_eq!(result(put().info(3, UPDATE_ONLY).int("b", 2)), OK);
    assert_eq!(client.call(&Request::get(1).bytes()).bins().len(), 2);
    let replace = Request::put(1).int("c", 3).info(3, REPLACE);
    assert_eq!(client.call(&replace.bytes()).generation, 3);
    let reply = client.call(&Request::get(1).bytes());
    assert_eq!(reply.bins(), [("c", 1, &int(3)[..])]);
    // A replace cannot be combined with an operation that uses the old value.
    let nonsense = Request::put(1).op(INCR, 1, "c", &int(1)).info(3, REPLACE);
    assert_eq!(client.call(&nonsense.bytes()).result, PARAMETER);
}

#[test]
fn generation_policies() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = |generation, flag| Request::put(1).int("a", 1).generation(generation).info(2, flag);
    let mut ask = |request: Request| {
        let reply = client.call(&request.bytes());
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
fn ttls_expire_records() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut put = |n, ttl| {
        let reply = client.call(&Request::put(n).int("a", 1).ttl(ttl).bytes());
        (reply.result, reply.void_time)
    };
    // The default of this server is that records never expire.
    assert_eq!(put(1, 0), (OK, 0));
    assert_eq!(put(1, 100), (OK, START + 100));
    assert_eq!(put(1, DO_NOT_UPDATE), (OK, START + 100));
    assert_eq!(put(2, DO_NOT_UPDATE), (OK, 0));
    assert_eq!(put(2, 50), (OK, START + 50));
    assert_eq!(put(2, NEVER), (OK, 0));
    assert_eq!(put(3, 10 * 365 * 86_400 + 1).0, PARAMETER);

    server.clock.advance_ms(100_999);
    assert_eq!(client.call(&Request::get(1).bytes()).result, OK);
    server.clock.advance_ms(1);
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);
    // A record written after the previous one expired is a new record.
    let create = Request::put(1).int("b", 1).info(2, CREATE_ONLY);
    let reply = client.call(&create.bytes());
    assert_eq!((reply.result, reply.generation), (OK, 1));
    assert_eq!(client.call(&Request::get(1).bytes()).bins().len(), 1);
    assert_eq!(client.call(&Request::get(2).bytes()).result, OK);
}

#[test]
fn default_ttl() {
    let server = TestServer::with(|config| config.rules.default_ttl = 60);
    let mut client = server.connect();
    let put = Request::put(1).int("a", 1);
    assert_eq!(client.call(&put.bytes()).void_time, START + 60);
    let touch = Request::put(1).op(TOUCH, 0, "", &[]).ttl(500);
    assert_eq!(client.call(&touch.bytes()).void_time, START + 500);
    assert_eq!(
        client.call(&Request::put(9).op(TOUCH, 0, "", &[]).bytes()).result,
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
    assert_eq!(client.call(&put.bytes()).result, OK);
    let change = Request::put(1)
        .op(INCR, 1, "i", &int(1))
        .op(INCR, 2, "f", &half)
        .op(INCR, 1, "new", &int(7))
        .op(APPEND, 3, "s", b"c")
        .op(PREPEND, 3, "s", b"a")
        .op(APPEND, 4, "x", &[3])
        .op(APPEND, 3, "fresh", b"z");
    assert_eq!(client.call(&change.bytes()).result, OK);
    let reply = client.call(&Request::get(1).bytes());
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
        assert_eq!(client.call(&wrong.bytes()).result, BIN_TYPE);
    }
}

#[test]
fn a_failed_write_changes_nothing() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).string("s", "x").bytes());
    let half_done = Request::on(1, READ, 1 | RESPOND_ALL)
        .int("a", 2)
        .op(1, 0, "a", &[])
        .op(INCR, 1, "s", &int(1));
    let reply = client.call(&half_done.bytes());
    assert_eq!((reply.result, reply.generation), (BIN_TYPE, 1));
    assert!(reply.ops.is_empty());
    let reply = client.call(&Request::get(1).bytes());
    assert_eq!(reply.generation, 1);
    assert_eq!(reply.bins()[0], ("a", 1, &int(1)[..]));
}

#[test]
fn replies_to_every_operation_if_requested() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let ops = |request: Request| {
        request
            .int("b", 5)
            .op(1, 0, "b", &[])
            .op(INCR, 1, "a", &int(1))
            .op(1, 0, "none", &[])
            .op(TOUCH, 0, "", &[])
            .op(1, 0, "a", &[])
    };
    let reply = client.call(&ops(Request::on(1, READ, 1 | RESPOND_ALL)).bytes());
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
            // Touch has no result.
            (1, 1, "a")
        ]
    );
    let reply = client.call(&ops(Request::on(1, READ, 1)).bytes());
    assert_eq!(reply.bins(), [("b", 1, &int(5)[..]), ("a", 1, &int(3)[..])]);
}

#[test]
fn reading_all_bins_excludes_other_results() {
    const CDT_MODIFY: u8 = 4;
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let write = |info2| Request::on(1, READ | GET_ALL, info2);
    let all = |request: Request| request.op(1, 0, "", &[]);
    let reply = client.call(
        &all(write(1).int("b", 5).op(TOUCH, 0, "", &[]))
            .op(INCR, 1, "a", &int(1))
            .bytes(),
    );
    assert_eq!(reply.bins(), [("a", 1, &int(1)[..]), ("b", 1, &int(5)[..])]);

    for refused in [
        all(write(1 | RESPOND_ALL).int("c", 1)),
        all(all(write(1).int("c", 1))),
        all(write(1).int("c", 1)).op(1, 0, "a", &[]),
        all(write(1).int("c", 1)).op(CDT_MODIFY, 4, "c", &[0x92, 1, 5]),
        write(1).int("c", 1),
    ] {
        assert_eq!(client.call(&refused.bytes()).result, PARAMETER);
    }

    // If a read requests all bins or none, its other operations are ignored.
    let reply = client.call(&all(Request::on(1, READ | GET_ALL, 0).op(1, 0, "b", &[])).bytes());
    assert_eq!(reply.bins(), [("a", 1, &int(2)[..]), ("b", 1, &int(5)[..])]);
    let none = Request::on(1, READ | NO_BIN_DATA, 0).int("c", 1).op(1, 0, "a", &[]);
    let reply = client.call(&none.bytes());
    assert_eq!((reply.result, reply.ops.len()), (OK, 0));
}

#[test]
fn deleting_the_last_bin_deletes_the_record() {
    let server = TestServer::start();
    let mut client = server.connect();
    let nothing = Request::put(1).op(2, 0, "a", &[]);
    assert_eq!(client.call(&nothing.bytes()).result, NOT_FOUND);
    client.call(&Request::put(1).int("a", 1).int("b", 1).bytes());
    assert_eq!(client.call(&nothing.bytes()).result, OK);
    assert_eq!(client.call(&Request::get(1).bytes()).bins().len(), 1);
    let last = Request::put(1).op(2, 0, "b", &[]);
    assert_eq!(client.call(&last.bytes()).result, OK);
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);

    client.call(&Request::put(1).int("a", 1).bytes());
    let take = Request::on(1, READ | GET_ALL, 1)
        .op(1, 0, "", &[])
        .op(DELETE_OP, 0, "", &[]);
    let reply = client.call(&take.bytes());
    assert_eq!((reply.result, reply.bins().len()), (OK, 1));
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);
    assert!(client.info("sets/test/set").contains("objects=0"));
    // A delete followed by a write leaves the written bins.
    client.call(&Request::put(1).int("a", 1).bytes());
    let renew = Request::put(1).op(DELETE_OP, 0, "", &[]).int("z", 1);
    assert_eq!(client.call(&renew.bytes()).result, OK);
    let reply = client.call(&Request::get(1).bytes());
    assert_eq!(reply.bins(), [("z", 1, &int(1)[..])]);
}

#[test]
fn stores_and_compares_keys() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = Request::put(1).int("a", 1);
    client.call(&put.clone().field(2, b"\x03key").bytes());
    assert_eq!(client.call(&put.bytes()).result, OK);
    let other = b"\x03other";
    assert_eq!(client.call(&put.field(2, other).bytes()).result, KEY_MISMATCH);
    assert_eq!(
        client.call(&Request::get(1).field(2, other).bytes()).result,
        KEY_MISMATCH
    );
    assert_eq!(
        client.call(&Request::delete(1).field(2, other).bytes()).result,
        KEY_MISMATCH
    );
    // If the request has no digest, the server computes it.
    let by_key = |request: Request| request.without(4).field(2, b"\x03abc");
    client.call(&by_key(Request::put(1).int("a", 7)).bytes());
    let reply = client.call(&by_key(Request::get(1)).bytes());
    assert_eq!(reply.bins(), [("a", 1, &int(7)[..])]);
}

#[test]
fn rejects_invalid_requests() {
    let server = TestServer::with(|config| config.rules.max_record_size = 1000);
    let mut client = server.connect();
    let value = "x".repeat(1000);
    let cases = [
        (Request::put(1), PARAMETER, "no operations"),
        (Request::on(1, READ, 0), NOT_FOUND, "no bins, and no record"),
        (Request::on(1, 0, 0), PARAMETER, "neither read nor write"),
        (Request::put(1).int("", 1), PARAMETER, "no name"),
        (Request::put(1).int("sixteen-letters-", 1), BIN_NAME, "name"),
        (Request::put(1).op(2, 1, "a", &[1, 2, 3]), PARAMETER, "int of 3"),
        (Request::put(1).op(2, 99, "a", &[1]), PARAMETER, "type"),
        (Request::put(1).op(2, 20, "a", &[1]), MALFORMED_VALUE, "no list"),
        (Request::put(1).op(77, 1, "a", &int(1)), PARAMETER, "code"),
        (Request::put(1).string("a", &value), TOO_BIG, "size"),
        (Request::put(1).int("a", 1).field(0, b"nope"), NAMESPACE, "namespace"),
        (Request::get(1).field(4, b"short"), PARAMETER, "digest"),
        (Request::put(1).int("a", 1).field(1, &[b's'; 64]), PARAMETER, "set"),
        (
            Request::put(1).op(4, 4, "a", b"\x91\x01"),
            PARAMETER,
            "list operation without arguments",
        ),
        (
            Request::put(1).op(18, 4, "a", b"\x91\x01"),
            PARAMETER,
            "string operation",
        ),
        (Request::put(1).field(30, b"m").field(31, b"f"), UDF_FAILED, "UDF"),
        (Request::delete(1).info(2, 16), ENTERPRISE_ONLY, "durable delete"),
        (Request::get(1).field(5, &[0; 8]), ENTERPRISE_ONLY, "transaction"),
    ];
    for (request, result, what) in cases {
        assert_eq!(client.call(&request.bytes()).result, result, "{what}");
    }
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);
    client.call(&Request::put(1).int("a", 1).bytes());
    let reply = client.call(&Request::on(1, READ, 0).bytes());
    assert_eq!((reply.result, reply.generation), (PARAMETER, 1), "no bins");
}
