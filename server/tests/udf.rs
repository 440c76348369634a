//! UDFs: modules, functions, and the records that they are applied to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::common::wire::{Reply, Request, batch};
use crate::common::{Client, TestServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

const UDF_FAILED: u8 = 100;
const PARAMETER: u8 = 4;
const FILTERED_OUT: u8 = 27;
const INTEGER: u8 = 1;
const STRING: u8 = 3;

/// The message of a real server for a module that does not exist.
const NO_MODULE: &str = "UDF: Execution Error 1";

fn put(client: &mut Client, file: &str, text: &str) -> String {
    let content = BASE64.encode(text);
    let size = content.len();
    client.info(&format!(
        "udf-put:filename={file};content={content};content-len={size};udf-type=LUA;"
    ))
}

/// A UDF call with MessagePack arguments.
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
fn functions_change_their_record() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function add(r, n)
        r.n = (r.n or 0) + n
        if aerospike:exists(r) then aerospike:update(r) else aerospike:create(r) end
        return r.n
    end";
    assert_eq!(put(&mut client, "module.lua", text), "ok");
    let reply = client.call(&apply(1, "add", b"\x91\x05").bytes());
    assert_eq!(result(&reply), (0, "SUCCESS", INTEGER, &5i64.to_be_bytes()[..]));
    assert_eq!(reply.generation, 1);
    let reply = client.call(&apply(1, "add", b"\x91\x02").bytes());
    assert_eq!(result(&reply), (0, "SUCCESS", INTEGER, &7i64.to_be_bytes()[..]));
    let stored = client.call(&Request::get(1).bytes());
    assert_eq!(stored.generation, 2);
    assert_eq!(stored.bins(), [("n", INTEGER, &7i64.to_be_bytes()[..])]);
}

#[test]
fn errors_name_file_and_line() {
    let server = TestServer::start();
    let mut client = server.connect();
    let reply = client.call(&apply(1, "f", b"\x90").bytes());
    assert_eq!(message(&reply), NO_MODULE);
    put(&mut client, "module.lua", "function f(r)\n  error('no')\nend");
    assert_eq!(
        message(&client.call(&apply(1, "f", b"\x90").bytes())),
        "/opt/aerospike/usr/udf/lua/module.lua:2: no"
    );
    let reply = client.call(&apply(1, "g", b"\x90").bytes());
    assert_eq!(message(&reply), "function not found");
    // Arguments must be a list.
    assert_eq!(client.call(&apply(1, "f", b"\x05").bytes()).result, PARAMETER);
    assert_eq!(client.call(&apply(1, "f", b"\x91").bytes()).result, PARAMETER);
}

#[test]
fn interrupts_endless_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function loop(r) while true do pcall(function() while true do end end) end end
        function deep(r) local function f() return f() + 1 end return f() end
        function large(r) local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end end";
    put(&mut client, "module.lua", text);
    let mut request = apply(1, "loop", b"\x90");
    request.timeout = 50;
    assert_eq!(client.call(&request.bytes()).result, UDF_FAILED);
    // On a busy machine, filling the stack may take longer than the default time limit.
    let mut request = apply(1, "deep", b"\x90");
    request.timeout = 10_000;
    assert!(message(&client.call(&request.bytes())).contains("stack overflow"));
    assert_eq!(client.call(&apply(1, "large", b"\x90").bytes()).result, UDF_FAILED);
    // No effects of the failed calls remain.
    put(&mut client, "module.lua", "function echo(r, v) return v end");
    assert_eq!(client.call(&apply(1, "echo", b"\x91\x07").bytes()).result, 0);
}

#[test]
fn interrupts_endless_library_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function find(r) return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(41)) end
        function move(r) return table.move({}, 1, math.maxinteger - 1, 2) end
        function caught(r) while true do pcall(string.find, ('a'):rep(100000), '.-.-.-b') end end
        function finalise(r) setmetatable({}, { __gc = function() while true do end end }) collectgarbage() end";
    put(&mut client, "module.lua", text);
    let begun = Instant::now();
    for (function, reason) in [
        ("find", "UDF Execution Timeout"),
        ("move", "UDF Execution Timeout"),
        ("caught", "UDF Execution Timeout"),
    ] {
        let mut request = apply(1, function, b"\x90");
        request.timeout = 50;
        let message = message(&client.call(&request.bytes()));
        assert!(message.ends_with(reason), "{function}: {message}");
    }
    // Code that could not be interrupted does not run.
    assert_eq!(client.call(&apply(1, "finalise", b"\x90").bytes()).result, 0);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn limits_the_size_of_lists() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "function deep(r) local l = list() for i = 1, 200000 do local n = list() list.append(n, l) l = n end return 1 end
        function deep_map(r) local m = map() for i = 1, 200000 do local n = map() n[1] = m m = n end return 1 end
        function twice(r) local l = list() list.append(l, 1) while true do list.concat(l, l) end end
        function strings(r) local l = list() while true do list.append(l, ('x'):rep(4000000) .. list.size(l)) end end
        function maps(r) local t, m = {}, map() for i = 1, 10000 do m[i] = i end
            while true do t[#t + 1] = map.clone(m) end end
        function garbage(r) for i = 1, 200 do local l = list() list.append(l, ('x'):rep(4000000)) end return 2 end
        function wide(r) local l = list() for i = 1, 100 do local n = list() list.append(n, l) list.append(n, l) l = n end
            return l end
        function told(r) local l = list() for i = 1, 15 do
            local n = list() for j = 1, 100 do list.append(n, l) end l = n end
            return #tostring(l) < 10000000 end";
    put(&mut client, "module.lua", text);
    let mut call = |function: &str| {
        let mut request = apply(1, function, b"\x90");
        request.timeout = 10_000;
        client.call(&request.bytes())
    };
    assert_eq!(result(&call("deep")).3, 1i64.to_be_bytes());
    assert_eq!(result(&call("deep_map")).3, 1i64.to_be_bytes());
    for function in ["twice", "strings", "maps"] {
        assert!(message(&call(function)).ends_with("not enough memory"), "{function}");
    }
    assert_eq!(result(&call("garbage")).3, 2i64.to_be_bytes());
    assert_eq!(call("wide").result, 1);
    assert_eq!(result(&call("told")).3, [1]);
}

#[test]
fn accepts_module_names_like_a_real_server() {
    let server = TestServer::start();
    let mut client = server.connect();
    let (longest, longer) = ("x".repeat(123), "x".repeat(124));
    for name in [
        "a,b.lua",
        "a=b.lua",
        "a:b.lua",
        "a b.lua",
        "a..b.lua",
        "a.py",
        &format!("{longest}.lua"),
    ] {
        assert_eq!(put(&mut client, name, "function f(r) return 1 end"), "ok", "{name}");
        assert!(
            client.info("udf-list").contains(&format!("filename={name},hash=")),
            "{name}"
        );
    }
    for name in ["", ".lua", "../a.lua", "noext", &format!("{longer}.lua")] {
        assert_eq!(
            put(&mut client, name, "function f(r) return 1 end"),
            "error=invalid_filename",
            "{name}"
        );
    }
}

#[test]
fn rejects_names_of_more_than_127_bytes_in_calls() {
    let server = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let (longest, longer) = ("x".repeat(127), "x".repeat(128));
    let named = |request: Request, module: &[u8]| request.without(30).field(30, module).bytes();
    for (module, function) in [(&*longer, "f"), ("module", &*longer)] {
        let reply = client.call(&named(apply(1, function, b"\x90"), module.as_bytes()));
        assert_eq!((reply.result, reply.bins()), (PARAMETER, vec![]));
        for purpose in [1, 2] {
            let reply = client.call(&named(query(purpose, function, b"\x90"), module.as_bytes()));
            assert_eq!(reply.result, PARAMETER);
        }
    }
    let reply = client.call(&named(apply(1, &longest, b"\x90"), longest.as_bytes()));
    assert_eq!(message(&reply), NO_MODULE);
    // Bytes that are not UTF-8 name no module.
    assert_eq!(
        message(&client.call(&named(apply(1, "f", b"\x90"), b"\xff"))),
        NO_MODULE
    );
}

#[test]
fn lists_replaces_and_removes_modules() {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.info("udf-list"), "");
    assert!(put(&mut client, "module.lua", "function f(").starts_with("error=compile_error;"));
    assert_eq!(client.info("udf-list"), "");
    for n in [1, 2] {
        put(&mut client, "module.lua", &format!("function f(r) return {n} end"));
        let reply = client.call(&apply(1, "f", b"\x90").bytes());
        assert_eq!(result(&reply).3, i64::to_be_bytes(n));
    }
    assert_eq!(client.info("udf-remove:filename=module.lua;"), "ok");
    assert_eq!(client.info("udf-list"), "");
    assert_eq!(message(&client.call(&apply(1, "f", b"\x90").bytes())), NO_MODULE);
}

#[test]
fn batch_rows_apply_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    put(&mut client, "module.lua", "function echo(r, v) return v end");
    let rows = client.ask_many(&batch(4, &[apply(1, "echo", b"\x91\x01"), apply(2, "no", b"\x90")]).bytes());
    assert_eq!(result(&rows[0]), (0, "SUCCESS", INTEGER, &1i64.to_be_bytes()[..]));
    assert_eq!((rows[1].index, message(&rows[1])), (1, "function not found".to_owned()));
}

#[test]
fn filters_skip_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    put(
        &mut client,
        "module.lua",
        "function f(r) r.a = 2 aerospike:update(r) end",
    );
    client.call(&Request::put(1).int("a", 1).bytes());
    // The bin is greater than 1.
    let filter = b"\x93\x03\x93\x51\x02\xa1a\x01";
    let reply = client.call(&apply(1, "f", b"\x90").field(43, filter).bytes());
    assert_eq!((reply.result, reply.generation), (FILTERED_OUT, 1));
    client.call(&apply(1, "f", b"\x90").bytes());
    let reply = client.call(&apply(1, "f", b"\x90").field(43, filter).bytes());
    assert_eq!((reply.result, reply.generation), (0, 3));
}

static IDS: AtomicU64 = AtomicU64::new(1);

/// A query that applies a UDF. Purpose 1 passes all records as a stream; purpose 2 applies it to each record.
fn query(purpose: u8, function: &str, arguments: &[u8]) -> Request {
    let info = if purpose == 1 { [1, 0, 0, 0] } else { [0, 1, 0, 0] };
    Request {
        info,
        ..Request::default()
    }
    .field(0, b"test")
    .field(1, b"set")
    // A unique id, because an id cannot be reused while its query is listed.
    .field(7, &IDS.fetch_add(1, Ordering::Relaxed).to_be_bytes())
    .field(33, &[purpose])
    .field(30, b"module")
    .field(31, function.as_bytes())
    .field(32, arguments)
}

#[test]
fn functions_filter_map_aggregate_and_reduce_streams() {
    let server = TestServer::start();
    let mut client = server.connect();
    let text = "local function add(a, b) return a + b end
        function sum(s, bin) return s:map(function(r) return r[bin] end):reduce(add) end
        function few(s, most) return s:filter(function(r) return r.n <= most end):map(function(r) return r.n end) end
        function count(s) return s:aggregate(map{n = 0}, function(m, r) m.n = m.n + 1 return m end):reduce(map.merge) end
        function fail(s) return s:map(function(r) error('no') end) end
        function write(s) return s:map(function(r) r.n = 0 return aerospike:update(r) end) end";
    put(&mut client, "module.lua", text);
    for n in 1..=50 {
        client.call(&Request::put(n).int("n", n.into()).bytes());
    }
    let rows = client.ask_many(&query(1, "sum", b"\x91\xa2\x03n").bytes());
    let sum: i64 = rows
        .iter()
        .filter(|row| !row.is_last())
        .map(|row| i64::from_be_bytes(result(row).3.try_into().unwrap()))
        .sum();
    assert_eq!(sum, 50 * 51 / 2);
    assert_eq!(rows.last().unwrap().result, 0);
    let rows = client.ask_many(&query(1, "few", b"\x91\x03").bytes());
    assert_eq!(rows.len(), 4);
    let rows = client.ask_many(&query(1, "count", b"\x90").bytes());
    // Parts of the records are aggregated separately. The client combines the results.
    let counts = rows.iter().filter(|row| !row.is_last()).map(|row| {
        let (code, _, particle, value) = result(row);
        assert_eq!((code, particle, &value[..4]), (0, 19, &b"\x81\xa2\x03n"[..]));
        u32::from(value[4])
    });
    assert_eq!(counts.sum::<u32>(), 50);
    let rows = client.ask_many(&query(1, "fail", b"\x90").bytes());
    assert!(String::from_utf8_lossy(result(&rows[0]).3).ends_with("module.lua:5: no"));
    assert_eq!(rows.last().unwrap().result, 1);
    let rows = client.ask_many(&query(1, "write", b"\x90").bytes());
    assert_eq!(result(&rows[0]).3, (-1i64).to_be_bytes());
    assert_eq!(client.call(&Request::get(1).bytes()).generation, 1);
}

#[test]
fn background_queries_apply_functions() {
    let server = TestServer::start();
    let mut client = server.connect();
    put(
        &mut client,
        "module.lua",
        "function add(r, n) r.n = r.n + n aerospike:update(r) end",
    );
    for n in 1..=50 {
        client.call(&Request::put(n).int("n", n.into()).bytes());
    }
    let request = query(2, "add", b"\x91\x64").field(7, &1_000_000u64.to_be_bytes());
    let reply = client.call(&request.bytes());
    assert_eq!(reply.result, 0);
    let job = loop {
        let job = client.info("query-show:id=1000000");
        if job.contains("status=done(ok)") {
            break job;
        }
    };
    assert!(job.contains(":recs-succeeded=50:recs-failed=0:"), "{job}");
    assert!(job.contains(":job-type=background-udf:"), "{job}");
    for n in 1..=50 {
        let reply = client.call(&Request::get(n).bytes());
        assert_eq!(reply.bins(), [("n", INTEGER, &(100 + i64::from(n)).to_be_bytes()[..])]);
    }
}
