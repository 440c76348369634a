//! Modules whose functions were applied on a real server. `tests/udf` contains the modules, the replies of the
//! real server, and the records afterwards.
//!
//! Each function is applied to a record with ten bins (1) and to a record that does not exist (2). A line of
//! the expected results is `result generation name:type:value`; anything but plain text is escaped.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::common::wire::{Reply, Request};
use crate::common::{Client, TestServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

const POINT: &[u8] = br#"{"type":"Point","coordinates":[1,2]}"#;

fn line(reply: &Reply) -> String {
    let mut line = format!("  {} {}", reply.result, reply.generation);
    for (_, kind, name, value) in &reply.ops {
        write!(line, " {}:{kind}:{}", name.escape_default(), value.escape_ascii()).unwrap();
    }
    line + "\n"
}

fn reset(client: &mut Client) {
    client.call(&on(1, Request::delete(1)).bytes());
    client.call(&on(2, Request::delete(2)).bytes());
    let put = on(1, Request::put(1))
        .field(2, &[&[1][..], &1i64.to_be_bytes()].concat())
        .int("i", 7)
        .op(2, 2, "f", &1.5f64.to_be_bytes())
        .string("s", "abc")
        .op(2, 4, "b", b"\x01\x02")
        .op(2, 17, "t", b"\x01")
        .op(2, 20, "l", b"\x92\x01\xa2\x03a")
        .op(2, 19, "m", b"\x81\xa2\x03a\x01")
        .op(2, 23, "g", &[b"\0\0\0", POINT].concat())
        .op(2, 20, "o", b"\x94\xc7\x00\x01\x01\x02\x03")
        .op(2, 19, "k", b"\x83\xc7\x00\x01\xc0\x01\x02\xa2\x03b\x01");
    assert_eq!(client.call(&put.bytes()).result, 0);
}

/// Uses the recorded set and digests, because functions can read them.
fn on(key: i64, request: Request) -> Request {
    let digest = aerospike_local::record::digest::Digest::of_key(b"luatest", &[&[1][..], &key.to_be_bytes()].concat());
    request.field(1, b"luatest").field(4, &digest.0)
}

fn check(module: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/udf");
    let text = fs::read_to_string(directory.join(format!("{module}.lua"))).unwrap();
    let expected = fs::read_to_string(directory.join(format!("{module}.expected"))).unwrap();
    let server = TestServer::with(|config| config.rules.default_ttl = 30 * 24 * 60 * 60);
    let mut client = server.connect();
    let content = BASE64.encode(text);
    let size = content.len();
    let put = format!("udf-put:filename={module}.lua;content={content};content-len={size};udf-type=LUA;");
    assert_eq!(client.info(&put), "ok");
    let mut previous = "";
    let mut answered = String::new();
    for header in expected.lines().filter(|line| !line.starts_with(' ')) {
        let (function, key) = header.split_once(' ').unwrap();
        let key: i64 = key.parse().unwrap();
        if function != previous {
            reset(&mut client);
            previous = function;
        }
        let mut call = on(key, Request::put(0));
        call.timeout = 10_000; // the default of one second is short for a stack overflow on a busy machine
        let call = call
            .field(30, module.as_bytes())
            .field(31, function.as_bytes())
            .field(32, b"\x90");
        let reply = client.call(&call.bytes());
        let record = client.call(&on(key, Request::get(0)).bytes());
        write!(answered, "{header}\n{}{}", line(&reply), line(&record)).unwrap();
    }
    for (expected, answered) in expected.lines().zip(answered.lines()) {
        assert_eq!(answered, expected, "{module}");
    }
    assert_eq!(answered.lines().count(), expected.lines().count());
}

#[test]
fn values() {
    check("values");
}

#[test]
fn lists() {
    check("lists");
}

#[test]
fn maps() {
    check("maps");
}

#[test]
fn bytes() {
    check("bytestrings");
}

#[test]
fn records() {
    check("records");
}

#[test]
fn errors() {
    check("errors");
}

#[test]
fn libraries() {
    check("sandbox");
}
