//! Replays recorded requests of a client to a real server, and compares the replies field by field.
//!
//! `EXCEPTIONS` and CONFORMANCE.md list the exceptions and their reasons.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::common::wire::{Reply, parse_batch, parse_reply, split_protos};
use crate::common::{Client, TestServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

/// Default TTL of the recorded server's namespaces, in seconds.
const DEFAULT_TTL: u32 = 30 * 24 * 60 * 60;

const TIMEOUT: u8 = 9;

/// How a reply may differ from the recorded one.
enum Exception {
    /// Rows that the recorded server did not reach within the client's timeout are not compared, nor are the
    /// rows that the client did not receive because it disconnected.
    TimedOut,
}

/// Recording, exchange, permitted difference, and reason.
const EXCEPTIONS: &[(&str, u32, Exception, &str)] = &[("batch", 14, Exception::TimedOut, "10 ms for 10 000 rows")];

/// Times of exchanges whose replies do not reveal it (replies to writes do), in seconds since 2010. Only tests
/// of expiry depend on them.
const TIMES: &[(&str, u32, u32)] = &[
    // The next read reports that the expiry, 2 seconds, was renewed to 533098118.
    ("kv", 24, 533_098_116),
    // The next read reports that the expiry of the first row, 10 seconds, was renewed to 533098142.
    ("batch", 12, 533_098_132),
    // Later reads find changed records that expire at 535690665.
    ("query-query_operate_scan_all", 103, 533_098_665),
    // Likewise, at 535690675.
    ("query-query_operate_write", 2003, 533_098_675),
    // The second row was not renewed and has expired.
    ("batch", 13, 533_098_135),
    // The times at which background UDFs ran, computed from the expiry of the records that they wrote.
    ("udf", 61, 533_098_304),
    ("udf", 135, 533_098_306),
];

/// Exchanges that request records that were written within the same second.
const MOMENTS: &[(&str, u32)] = &[("exp", 1475)];

struct Exchange {
    n: u32,
    kind: String,
    request: Vec<u8>,
    response: Vec<u8>,
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

fn load(path: &Path) -> Vec<Exchange> {
    let mut text = String::new();
    let file = fs::File::open(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        let mut file = file;
        file.read_to_string(&mut text).unwrap();
    }
    text.lines()
        .map(|line| Exchange {
            n: json_value(line, "n").parse().unwrap(),
            kind: json_value(line, "kind").to_owned(),
            request: BASE64.decode(json_value(line, "req")).unwrap(),
            response: BASE64.decode(json_value(line, "res")).unwrap(),
        })
        .collect()
}

/// The value of a member of a JSON object, which may contain only numbers and strings without escapes.
fn json_value<'a>(line: &'a str, name: &str) -> &'a str {
    let start = line.find(&format!("\"{name}\":")).unwrap() + name.len() + 3;
    let value = line[start..].trim_start();
    match value.strip_prefix('"') {
        Some(text) => &text[..text.find('"').unwrap()],
        None => &value[..value.find([',', '}']).unwrap()],
    }
}

fn rows(bytes: &[u8]) -> Vec<Reply> {
    split_protos(bytes)
        .into_iter()
        .flat_map(|(_, body)| parse_reply(body))
        .collect()
}

/// All messages that the server sends in reply to one request.
fn replay(client: &mut Client, exchange: &Exchange) -> Vec<u8> {
    client.send(&exchange.request);
    let mut all = Vec::new();
    let many = exchange.kind == "msg" && {
        let message = &parse_reply(&exchange.request[8..])[0];
        message.field(41).is_some() || message.field(4).is_none()
    };
    loop {
        let (kind, body) = client.receive();
        all.extend_from_slice(&crate::common::wire::proto(kind, &body));
        if !many || parse_reply(&body).last().is_some_and(Reply::is_last) {
            return all;
        }
    }
}

/// The time of an exchange, computed from the expiry that a write reports.
fn time_of(exchange: &Exchange) -> Option<u32> {
    if exchange.kind != "msg" {
        return None;
    }
    let request = &parse_reply(&exchange.request[8..])[0];
    let replies = rows(&exchange.response);
    let mut ttls = BTreeMap::new();
    match request.field(41) {
        Some(field) => {
            for row in parse_batch(field) {
                ttls.insert(row.index, (row.info2, row.ttl));
            }
        }
        None => {
            // The second info byte is not part of a reply, so it is not parsed.
            ttls.insert(0, (exchange.request[10], request.void_time));
        }
    }
    replies
        .iter()
        .filter(|reply| reply.result == 0 && reply.void_time != 0)
        .find_map(|reply| match ttls.get(&reply.index) {
            Some((info2, ttl)) if info2 & 1 != 0 => match ttl {
                0 => Some(reply.void_time - DEFAULT_TTL),
                ttl => reply.void_time.checked_sub(*ttl),
            },
            _ => None,
        })
}

/// Sorts rows for comparison: the last row stays last, the others are sorted by index and digest.
fn ordered(mut rows: Vec<Reply>) -> Vec<Reply> {
    rows.sort_by_key(|row| {
        (
            row.is_last(),
            row.index,
            row.field(4).map(<[u8]>::to_vec).unwrap_or_default(),
        )
    });
    rows
}

fn compare(exchange: &Exchange, answer: &[u8], exception: Option<&Exception>) -> Result<(), String> {
    if exchange.kind == "info" {
        let expected = timeless(exchange.response[8..].to_vec());
        let answer = timeless(answer[8..].to_vec());
        return if answer == expected {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&answer).into_owned())
        };
    }
    let answered = ordered(rows(answer));
    let mut recorded = ordered(rows(&exchange.response));
    match exception {
        Some(Exception::TimedOut) => recorded.retain(|row| row.result != TIMEOUT),
        None if recorded.len() != answered.len() => {
            return Err(format!("{} rows instead of {}", answered.len(), recorded.len()));
        }
        None => {}
    }
    for (recorded, answered) in recorded.iter().zip(&answered) {
        if recorded != answered {
            return Err(format!("\n  recorded {recorded:?}\n  answered {answered:?}"));
        }
    }
    Ok(())
}

/// An info text without the parts that depend on timing and on the client's address.
fn timeless(text: Vec<u8>) -> Vec<u8> {
    let mut text = String::from_utf8(text).unwrap();
    for (name, end) in [
        ("load_time=", ';'),
        (":run-time=", ':'),
        (":time-since-done=", ':'),
        (":from=", ':'),
    ] {
        if let Some(start) = text.find(name).map(|at| at + name.len())
            && let Some(size) = text[start..].find(end)
        {
            text.replace_range(start..start + size, "?");
        }
    }
    text.into_bytes()
}

/// Replays one recording. Returns the number of exchanges and the differences.
fn run(path: &Path) -> (usize, Vec<String>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let name = name.split('.').next().unwrap();
    let exchanges = load(path);
    let server = TestServer::with(|config| config.rules.default_ttl = DEFAULT_TTL);
    let mut client = server.connect();
    let mut now = 0;
    let mut differences = Vec::new();
    for exchange in &exchanges {
        let at = TIMES
            .iter()
            .find(|(file, n, _)| *file == name && *n == exchange.n)
            .map(|(_, _, at)| *at)
            .or_else(|| time_of(exchange));
        if let Some(at) = at.filter(|at| *at > now) {
            now = at;
            server.clock.set(now);
        }
        if MOMENTS.contains(&(name, exchange.n)) {
            server.clock.advance_ms(100);
        }
        let exception = EXCEPTIONS
            .iter()
            .find(|(file, n, _, _)| *file == name && *n == exchange.n)
            .map(|(_, _, exception, _)| exception);
        let mut answer = replay(&mut client, exchange);
        // Background queries take a moment to finish. The recorded client waited for a second before it asked.
        while exchange.request[8..].starts_with(b"query-show:id=") && contains(&answer, b":status=active(ok):") {
            answer = replay(&mut client, exchange);
        }
        if let Err(difference) = compare(exchange, &answer, exception) {
            differences.push(format!("{name} {}: {difference}", exchange.n));
        }
    }
    (exchanges.len(), differences)
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn assert_equal(name: &str, exchanges: usize) {
    let (count, differences) = run(&directory().join(format!("{name}.jsonl.gz")));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(count, exchanges);
}

#[test]
fn kv() {
    assert_equal("kv", 32);
}

#[test]
fn serialization() {
    assert_equal("serialization", 3);
}

#[test]
fn batch() {
    assert_equal("batch", 96);
}

#[test]
fn cdt_list() {
    assert_equal("cdt_list", 79);
}

#[test]
fn cdt_map() {
    assert_equal("cdt_map", 110);
}

#[test]
fn functions() {
    assert_equal("udf", 212);
}

#[test]
fn truncate() {
    assert_equal("truncate", 1);
}

#[test]
fn scan_of_a_set_with_some_bins() {
    assert_equal("query-query_scan_with_specific_bins", 103);
}

#[test]
fn short_scan() {
    assert_equal("query-test_short_query_not_tracked", 105);
}

#[test]
fn scan_of_a_namespace() {
    assert_equal("scan-scan_single_consumer_no_setname", 1008);
}

#[test]
fn indexes() {
    assert_equal("index", 412);
}

#[test]
fn tasks() {
    assert_equal("task", 11);
}

#[test]
fn queries_of_collections() {
    assert_equal("query-query_filter_contains_list", 23);
    assert_equal("query-query_filter_contains_range_list", 23);
    assert_equal("query-query_filter_with_context_builder", 23);
}

#[test]
fn queries_by_expression() {
    assert_equal("query-query_filter_with_expression_builder", 53);
    assert_equal("query-query_filter_expression_with_policy_filter", 53);
}

#[test]
fn geospatial_queries() {
    assert_equal("query-query_filter_geo_contains", 6);
    assert_equal("query-query_filter_geo_within_radius", 7);
    assert_equal("query-test_query_geo_within_geojson_region", 7);
}

#[test]
fn queries_with_projections_and_keys() {
    assert_equal("query-query_ops_projection_basic_read", 103);
    assert_equal("query-query_ops_projection_multiple_bins", 43);
    assert_equal("query-query_returns_user_key_when_send_key_set", 13);
    assert_equal("query-query_large_i64", 3);
}

#[test]
fn background_operations() {
    assert_equal("query-query_operate_scan_all", 154);
}

#[test]
fn bits() {
    assert_equal("cdt_bitwise", 17);
}

#[test]
fn expressions() {
    assert_equal("exp", 1489);
}

#[test]
fn expressions_of_lists() {
    assert_equal("exp_list", 228);
}

#[test]
fn expressions_of_maps() {
    assert_equal("exp_map", 234);
}

#[test]
fn hyperloglogs() {
    assert_equal("hll", 14);
}

#[test]
fn expressions_of_hyperloglogs() {
    assert_equal("exp_hll", 307);
}

#[test]
fn expressions_of_bits() {
    assert_equal("exp_bitwise", 218);
}

#[test]
fn expression_operations() {
    assert_equal("exp_op", 5);
}

#[test]
fn paths() {
    assert_equal("path_expressions", 102);
}

/// Replays recordings from a directory of your choice and prints the differences. Use it to find missing
/// features; it does not fail.
#[test]
#[ignore = "needs AEROSPIKE_LOCAL_RECORDINGS, a directory of .jsonl or .jsonl.gz files"]
fn survey() {
    let directory = std::env::var("AEROSPIKE_LOCAL_RECORDINGS").unwrap();
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".jsonl"))
        .collect();
    paths.sort();
    for path in paths {
        let (count, differences) = run(&path);
        println!("{}: {} of {count} equal", path.display(), count - differences.len());
        for difference in &differences {
            println!("    {}", difference.replace("\n  ", " / "));
        }
    }
}
