//! UDFs: modules, functions and the records that they are applied to.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::wire::{Reply, Request, batch};
use common::{Client, TestServer};

const UDF_FAILED: u8 = 100;
const PARAMETER: u8 = 4;
const FILTERED_OUT: u8 = 27;
const INTEGER: u8 = 1;
const STRING: u8 = 3;

fn put(client: &mut Client, file: &str, text: &str) -> String {
    let content = BASE64.encode(text);
    let size = content.len();
    client.info(&format!(
        "udf-put:filename={file};content={content};content-len={size};udf-type=LUA;"
    ))
}

/// A call with arguments in MessagePack.
fn apply(n: u8, function: &str, arguments: &[u8]) -> Request {
    Request::put(n)
        .field(30, b"module")
        .field(31, function.as_bytes())
        .field(32, arguments)
}

fn result(reply: &Reply) -> (u8, &str, u8, &[u8]) {
    let bins = reply.bins();
    assert_eq!(bins.len(), 1);
    (reply.result, bins[0].0, bins[0].1, bins[0].2)
}

fn message(reply: &Reply) -> String {
    let (code, name, particle, text) = result(reply);
    assert_eq!((code, name, particle), (UDF_FAILED, "FAILURE", STRING));
    String::from_utf8(text.to_vec()).unwrap()
}

#[test]
fn a_function_changes_its_record() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function add(r, n)
        r.n = (r.n or 0) + n
        if aerospike:exists(r) then aerospike:update(r) else aerospike:create(r) end
        return r.n
    end";
    assert_eq!(put(&mut client, "module.lua", text), "ok");
    let reply = client.ask(&apply(1, "add", b"\x91\x05").bytes());
    assert_eq!(result(&reply), (0, "SUCCESS", INTEGER, &5i64.to_be_bytes()[..]));
    assert_eq!(reply.generation, 1);
    let reply = client.ask(&apply(1, "add", b"\x91\x02").bytes());
    assert_eq!(result(&reply), (0, "SUCCESS", INTEGER, &7i64.to_be_bytes()[..]));
    let stored = client.ask(&Request::get(1).bytes());
    assert_eq!(stored.generation, 2);
    assert_eq!(stored.bins(), [("n", INTEGER, &7i64.to_be_bytes()[..])]);
}

#[test]
fn what_fails_says_where() {
    let server = TestServer::start();
    let mut client = server.connect();
    let reply = client.ask(&apply(1, "f", b"\x90").bytes());
    assert_eq!(message(&reply), "function not found");
    put(&mut client, "module.lua", "function f(r)\n  error('no')\nend");
    assert_eq!(
        message(&client.ask(&apply(1, "f", b"\x90").bytes())),
        "module.lua:2: no"
    );
    let reply = client.ask(&apply(1, "g", b"\x90").bytes());
    assert_eq!(message(&reply), "function not found");
    // Arguments are a list.
    assert_eq!(client.ask(&apply(1, "f", b"\x05").bytes()).result, PARAMETER);
    assert_eq!(client.ask(&apply(1, "f", b"\x91").bytes()).result, PARAMETER);
}

#[test]
fn a_function_that_never_ends_is_ended() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function loop(r) while true do pcall(function() while true do end end) end end
        function deep(r) local function f() return f() + 1 end return f() end
        function large(r) local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end end";
    put(&mut client, "module.lua", text);
    let mut request = apply(1, "loop", b"\x90");
    request.timeout = 50;
    assert_eq!(client.ask(&request.bytes()).result, UDF_FAILED);
    assert!(message(&client.ask(&apply(1, "deep", b"\x90").bytes())).contains("stack overflow"));
    assert_eq!(client.ask(&apply(1, "large", b"\x90").bytes()).result, UDF_FAILED);
    // Nothing is left of it.
    put(&mut client, "module.lua", "function echo(r, v) return v end");
    assert_eq!(client.ask(&apply(1, "echo", b"\x91\x07").bytes()).result, 0);
}

#[test]
fn modules_are_listed_replaced_and_removed() {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.info("udf-list"), "");
    assert!(put(&mut client, "module.lua", "function f(").starts_with("error=compile_error;"));
    assert_eq!(client.info("udf-list"), "");
    for n in [1, 2] {
        put(&mut client, "module.lua", &format!("function f(r) return {n} end"));
        let reply = client.ask(&apply(1, "f", b"\x90").bytes());
        assert_eq!(result(&reply).3, i64::to_be_bytes(n));
    }
    assert_eq!(client.info("udf-remove:filename=module.lua;"), "ok");
    assert_eq!(client.info("udf-list"), "");
    assert_eq!(
        message(&client.ask(&apply(1, "f", b"\x90").bytes())),
        "function not found"
    );
}

#[test]
fn rows_of_a_batch_apply_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    put(&mut client, "module.lua", "function echo(r, v) return v end");
    let rows = client.ask_many(&batch(4, &[apply(1, "echo", b"\x91\x01"), apply(2, "no", b"\x90")]).bytes());
    assert_eq!(result(&rows[0]), (0, "SUCCESS", INTEGER, &1i64.to_be_bytes()[..]));
    assert_eq!((rows[1].index, message(&rows[1])), (1, "function not found".to_owned()));
}

#[test]
fn a_filter_keeps_a_function_away() {
    let server = TestServer::start();
    let mut client = server.connect();
    put(
        &mut client,
        "module.lua",
        "function f(r) r.a = 2 aerospike:update(r) end",
    );
    client.ask(&Request::put(1).int("a", 1).bytes());
    // The bin is greater than 1.
    let filter = b"\x93\x03\x93\x51\x02\xa1a\x01";
    let reply = client.ask(&apply(1, "f", b"\x90").field(43, filter).bytes());
    assert_eq!((reply.result, reply.generation), (FILTERED_OUT, 1));
    client.ask(&apply(1, "f", b"\x90").bytes());
    let reply = client.ask(&apply(1, "f", b"\x90").field(43, filter).bytes());
    assert_eq!((reply.result, reply.generation), (0, 3));
}
