//! Secondary indexes, index queries and background queries.

use std::time::{Duration, Instant};

use crate::common::wire::{NO_BIN_DATA, READ, Reply, Request, digest};
use crate::common::{Client, TestServer};

const OK: u8 = 0;
const PARAMETER: u8 = 4;
const UNSUPPORTED: u8 = 16;
const NO_INDEX: u8 = 201;

/// Particle types.
const INTEGER: u8 = 1;
const STRING: u8 = 3;
const BLOB: u8 = 4;
const MAP: u8 = 19;
const LIST: u8 = 20;
const GEOJSON: u8 = 23;

fn int(value: i64) -> [u8; 8] {
    value.to_be_bytes()
}

fn all_partitions() -> Vec<u8> {
    (0..4096u16).flat_map(u16::to_le_bytes).collect()
}

/// The index range of a query.
fn range(bin: &str, particle: u8, first: &[u8], last: &[u8]) -> Vec<u8> {
    let mut range = vec![1, bin.len() as u8];
    range.extend_from_slice(bin.as_bytes());
    range.push(particle);
    for value in [first, last] {
        range.extend_from_slice(&(value.len() as u32).to_be_bytes());
        range.extend_from_slice(value);
    }
    range
}

fn query(bin: &str, particle: u8, first: &[u8], last: &[u8]) -> Request {
    Request::default()
        .info(1, READ)
        .info(3, 4)
        .field(0, b"test")
        .field(1, b"set")
        .field(11, &all_partitions())
        .field(22, &range(bin, particle, first, last))
}

fn equal(bin: &str, particle: u8, value: &[u8]) -> Request {
    query(bin, particle, value, value)
}

/// The ids of the records `0..50` in these rows.
fn found(rows: &[Reply]) -> Vec<u8> {
    assert!(rows.last().unwrap().is_last(), "{rows:?}");
    let mut found: Vec<u8> = rows
        .iter()
        .filter_map(|row| row.field(4))
        .map(|field| (0..50).find(|n| digest(*n) == field).unwrap())
        .collect();
    found.sort_unstable();
    found
}

fn find(client: &mut Client, request: &Request) -> Vec<u8> {
    found(&client.ask_many(&request.bytes()))
}

fn refused(client: &mut Client, request: &Request) -> u8 {
    let rows = client.ask_many(&request.bytes());
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].result
}

fn create(client: &mut Client, name: &str, rest: &str) {
    let question = format!("sindex-create:namespace=test;set=set;indexname={name};{rest}");
    assert_eq!(client.info(&question), "ok", "{rest}");
}

fn entries(client: &mut Client, name: &str) -> String {
    let text = client.info(&format!("sindex-stat:namespace=test;indexname={name}"));
    text.split(';').next().unwrap().to_owned()
}

fn put(client: &mut Client, request: &Request) {
    assert_eq!(client.call(&request.bytes()).result, OK);
}

#[test]
fn queries_find_values_of_all_types() {
    let server = TestServer::start();
    let mut client = server.connect();
    // Half of the records are written before the indexes are created, half afterwards.
    let write = |client: &mut Client, n: u8| {
        let point = format!("\0\0\0{{\"type\":\"Point\",\"coordinates\":[{n}.5,0.5]}}");
        let request = Request::put(n)
            .int("n", i64::from(n))
            .string("s", &format!("s{}", n % 3))
            .op(2, BLOB, "b", &[n % 4])
            .op(2, LIST, "l", &[0x92, n % 5, n % 7])
            .op(2, MAP, "m", &[0x81, n % 5, 0xa2, 3, b'a' + n % 2])
            .op(2, GEOJSON, "g", point.as_bytes());
        put(client, &request);
    };
    (0..25).for_each(|n| write(&mut client, n));
    create(&mut client, "n", "bin=n;type=NUMERIC");
    create(&mut client, "s", "bin=s;type=STRING");
    create(&mut client, "b", "bin=b;type=BLOB");
    create(&mut client, "l", "bin=l;type=NUMERIC;indextype=LIST");
    create(&mut client, "k", "bin=m;type=NUMERIC;indextype=MAPKEYS");
    create(&mut client, "v", "bin=m;type=STRING;indextype=MAPVALUES");
    create(&mut client, "g", "bin=g;type=GEO2DSPHERE");
    create(&mut client, "c", "bin=l;context=khAB;type=NUMERIC");
    create(&mut client, "e", "exp=k1ECoW4=;type=NUMERIC");
    (25..50).for_each(|n| write(&mut client, n));

    let expect = |of: &dyn Fn(u8) -> bool| (0..50).filter(|n| of(*n)).collect::<Vec<u8>>();
    let numbers = query("n", INTEGER, &int(10), &int(30));
    assert_eq!(find(&mut client, &numbers), expect(&|n| (10..=30).contains(&n)));
    let text = equal("s", STRING, b"s1");
    assert_eq!(find(&mut client, &text), expect(&|n| n % 3 == 1));
    assert!(find(&mut client, &equal("s", STRING, b"none")).is_empty());
    assert_eq!(find(&mut client, &equal("b", BLOB, &[2])), expect(&|n| n % 4 == 2));
    // A record with several matching values is returned once.
    let list = query("l", INTEGER, &int(1), &int(2)).field(26, &[1]);
    assert_eq!(
        find(&mut client, &list),
        expect(&|n| matches!(n % 5, 1 | 2) || matches!(n % 7, 1 | 2))
    );
    let keys = equal("m", INTEGER, &int(3)).field(26, &[2]);
    assert_eq!(find(&mut client, &keys), expect(&|n| n % 5 == 3));
    let values = equal("m", STRING, b"b").field(26, &[3]);
    assert_eq!(find(&mut client, &values), expect(&|n| n % 2 == 1));
    let nested = equal("l", INTEGER, &int(6)).field(23, b"\x92\x10\x01");
    assert_eq!(find(&mut client, &nested), expect(&|n| n % 7 == 6));
    let computed = equal("", INTEGER, &int(7)).field(24, b"\x93\x51\x02\xa1n");
    assert_eq!(find(&mut client, &computed), [7]);
    let named = equal("", INTEGER, &int(8)).field(21, b"n");
    assert_eq!(find(&mut client, &named), [8]);
    let box_of_three = br#"{"type":"Polygon","coordinates":[[[2,0],[5,0],[5,1],[2,1],[2,0]]]}"#;
    assert_eq!(find(&mut client, &equal("g", GEOJSON, box_of_three)), [2, 3, 4]);
    let circle = br#"{"type":"AeroCircle","coordinates":[[9.5,0.5],112000]}"#;
    assert_eq!(find(&mut client, &equal("g", GEOJSON, circle)), [8, 9, 10]);

    let rows = client.ask_many(&numbers.clone().op(1, 0, "s", b"").bytes());
    let row = rows.iter().find(|row| row.field(4) == Some(&digest(11))).unwrap();
    assert_eq!(row.field(15), Some(&11i64.to_le_bytes()[..]));
    assert_eq!(row.bins(), [("s", STRING, &b"s2"[..])]);
    let rows = client.ask_many(&numbers.info(1, NO_BIN_DATA).bytes());
    assert!(rows.len() == 22 && rows.iter().all(|row| row.ops.is_empty()));
}

#[test]
fn queries_find_regions_around_a_point() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "g", "bin=g;type=GEO2DSPHERE");
    let square = |west: u8| {
        let east = west + 2;
        format!(
            "\0\0\0{{\"type\":\"Polygon\",\"coordinates\":[[[{west},0],[{east},0],[{east},2],[{west},2],[{west},0]]]}}"
        )
    };
    for n in 0..10 {
        put(&mut client, &Request::put(n).op(2, GEOJSON, "g", square(n).as_bytes()));
    }
    let point = br#"{"type":"Point","coordinates":[5.5,1]}"#;
    assert_eq!(find(&mut client, &equal("g", GEOJSON, point)), [4, 5]);
    put(&mut client, &Request::put(4).op(2, GEOJSON, "g", square(30).as_bytes()));
    assert_eq!(find(&mut client, &equal("g", GEOJSON, point)), [5]);
}

#[test]
fn writes_update_indexes() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "n", "bin=n;type=NUMERIC");
    for n in 0..10 {
        put(&mut client, &Request::put(n).int("n", 5).int("other", 1));
    }
    let five = equal("n", INTEGER, &int(5));
    assert_eq!(find(&mut client, &five), (0..10).collect::<Vec<u8>>());
    put(&mut client, &Request::put(0).int("n", 6));
    put(&mut client, &Request::put(1).op(5, INTEGER, "n", &int(1)));
    put(&mut client, &Request::put(2).string("n", "5"));
    put(&mut client, &Request::put(3).op(2, 0, "n", b""));
    put(&mut client, &Request::put(4).info(3, 16).int("other", 2));
    put(&mut client, &Request::delete(5));
    put(&mut client, &Request::put(6).ttl(10).int("other", 3));
    put(&mut client, &Request::put(7).op(11, 0, "", b""));
    assert_eq!(find(&mut client, &five), [6, 7, 8, 9]);
    assert_eq!(find(&mut client, &equal("n", INTEGER, &int(6))), [0, 1]);
    assert_eq!(entries(&mut client, "n"), "entries=6");
    server.clock.advance_ms(11_000);
    assert_eq!(find(&mut client, &five), [7, 8, 9]);
    put(&mut client, &Request::put(6).int("n", 7));
    assert_eq!(find(&mut client, &equal("n", INTEGER, &int(7))), [6]);
    server.clock.advance_ms(1000);
    put(
        &mut client,
        &Request::put(8).field(1, b"elsewhere").field(4, &digest(20)).int("n", 5),
    );
    assert_eq!(client.info("truncate:namespace=test;set=set"), "ok");
    assert!(find(&mut client, &five).is_empty());
    assert_eq!(entries(&mut client, "n"), "entries=0");
}

#[test]
fn queries_resume() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "n", "bin=n;type=NUMERIC");
    // All in one partition, many with the same value.
    let mut digests = Vec::new();
    for n in 0..30u8 {
        let mut digest = digest(n);
        (digest[0], digest[1]) = (7, 0);
        digests.push(digest.to_vec());
        put(
            &mut client,
            &Request::put(n).field(4, &digest).int("n", i64::from(n % 4)),
        );
    }
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let mut last: Option<(Vec<u8>, Vec<u8>)> = None;
    loop {
        let mut request = query("n", INTEGER, &int(0), &int(9)).field(13, &int(4));
        if let Some((digest, bval)) = &last {
            let rest: Vec<u8> = (8..4096u16).flat_map(u16::to_le_bytes).collect();
            request = request.field(11, &rest).field(12, digest).field(15, bval);
        }
        let rows = client.ask_many(&request.bytes());
        let Some(row) = rows.iter().rev().find(|row| row.field(4).is_some()) else {
            break;
        };
        last = Some((row.field(4).unwrap().to_vec(), row.field(15).unwrap().to_vec()));
        assert!(rows.len() <= 5);
        seen.extend(rows.iter().filter_map(|row| row.field(4)).map(<[u8]>::to_vec));
    }
    assert_eq!(seen.len(), 30);
    seen.sort_unstable();
    digests.sort_unstable();
    assert_eq!(seen, digests);
}

#[test]
fn rejects_invalid_queries() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "n", "bin=n;type=NUMERIC");
    put(&mut client, &Request::put(1).int("n", 1));
    let good = || equal("n", INTEGER, &int(1));
    for (request, result) in [
        (equal("zz", INTEGER, &int(1)), NO_INDEX),
        (equal("n", STRING, b"x"), NO_INDEX),
        (good().field(26, &[1]), NO_INDEX),
        (good().field(26, &[9]), NO_INDEX),
        (good().field(23, b"\x92\x10\x00"), NO_INDEX),
        (equal("", INTEGER, &int(1)).field(21, b"nope"), NO_INDEX),
        (good().without(1), NO_INDEX),
        (good().field(21, b"n"), PARAMETER),
        (equal("", INTEGER, &int(1)), PARAMETER),
        (query("n", INTEGER, &int(2), &int(1)), PARAMETER),
        (equal("n", 2, &int(1)), PARAMETER),
        (equal("n", GEOJSON, b"{}"), PARAMETER),
        (good().field(23, b"\x92\x10"), PARAMETER),
        (good().field(22, b""), PARAMETER),
        (good().field(43, b"\x91"), PARAMETER),
        (good().field(12, &digest(1)), PARAMETER),
        (good().field(11, b"\x01\x00\x01\x00"), PARAMETER),
        (good().field(11, b""), PARAMETER),
        (good().without(11), UNSUPPORTED),
        (good().op(2, INTEGER, "n", &int(1)), PARAMETER),
        (good().info(1, 4).field(10, &5u32.to_be_bytes()), PARAMETER),
    ] {
        assert_eq!(refused(&mut client, &request), result, "{request:?}");
    }
    assert_eq!(find(&mut client, &good()), [1]);
    assert_eq!(client.info("sindex-delete:namespace=test;indexname=n"), "ok");
    assert_eq!(refused(&mut client, &good()), NO_INDEX);
}

#[test]
fn index_commands_reply_like_a_real_server() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "a", "bin=n;type=NUMERIC");
    create(&mut client, "a", "bin=n;type=numeric");
    // The same definition under another name renames the index.
    create(&mut client, "b", "bin=n;type=NUMERIC");
    create(&mut client, "c", "indextype=set");
    assert_eq!(client.info("sindex-exists:namespace=test;indexname=a"), "false");
    assert_eq!(client.info("sindex-exists:namespace=test;indexname=b"), "true");
    assert_eq!(client.info("sindex-exists:namespace=test;indexname=c"), "true");
    assert_eq!(
        client.info("sindex-list:namespace=test"),
        "ns=test:indexname=b:set=set:bin=n:type=numeric:indextype=default:context=null:exp=null:state=RW;\
         ns=test:indexname=c:set=set:indextype=set;"
    );
    assert!(client.info("sets/test/set").contains(":sindexes=1:"));
    assert_eq!(client.info("sindex-delete:namespace=test;indexname=nope"), "ok");
    for (rest, error) in [
        ("indexname=b;bin=other;type=NUMERIC", "200:'indexname' already exists"),
        ("bin=n;type=NUMERIC", "4:missing 'indexname'"),
        ("indexname=x;type=NUMERIC", "4:both 'bin' and 'exp' are missing"),
        ("indexname=x;bin=n", "4:both 'indexdata' and 'type' are missing"),
        ("indexname=x;bin=n;type=FLOAT", "4:bad 'type'"),
        ("indexname=x;bin=n;type=NUMERIC;indextype=bad", "4:bad 'indextype'"),
        (
            "indexname=x;bin=a234567890123456;type=NUMERIC",
            "4:'bin' value too long",
        ),
        ("indexname=x;bin=n;type=NUMERIC;context=!", "4:'context' invalid base64"),
        (
            "indexname=x;bin=n;type=NUMERIC;context=kA==",
            "4:'context' invalid cdt context",
        ),
        ("indexname=x;exp=!;type=NUMERIC", "4:bad 'exp'"),
        (
            "indexname=x;exp=k1ECoWE=;type=STRING",
            "4:bad 'exp' - expression type 'numeric'",
        ),
        ("indexname=x;indextype=set;bin=n", "4:bin parameter is not supported"),
    ] {
        let answer = client.info(&format!("sindex-create:namespace=test;set=set;{rest}"));
        assert!(answer.starts_with(&format!("ERROR:{error}")), "{rest}: {answer}");
    }
    assert_eq!(
        client.info("sindex-stat:namespace=test;indexname=x"),
        "ERROR:201:no index"
    );
}

/// The info text of a job, once it has ended.
fn ended(client: &mut Client, id: u64) -> String {
    let start = Instant::now();
    loop {
        let text = client.info(&format!("query-show:id={id}"));
        if text.contains(":status=done") {
            return text;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{text}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn background(id: u64) -> Request {
    Request::default()
        .info(2, 1)
        .field(0, b"test")
        .field(1, b"set")
        .field(7, &id.to_be_bytes())
}

#[test]
fn background_queries_change_records() {
    let server = TestServer::start();
    let mut client = server.connect();
    create(&mut client, "n", "bin=n;type=NUMERIC");
    for n in 0..20 {
        put(&mut client, &Request::put(n).int("n", i64::from(n)));
    }
    let change = background(77)
        .field(22, &range("n", INTEGER, &int(0), &int(9)))
        .op(5, INTEGER, "n", &int(100));
    let rows = client.ask_many(&change.bytes());
    assert_eq!((rows.len(), rows[0].result), (1, OK));
    let text = ended(&mut client, 77);
    assert!(text.starts_with("trid=77:ns=test:set=set:sindex-name=n:"), "{text}");
    assert!(text.contains(":status=done(ok):job-progress=100.00:") && text.contains(":recs-succeeded=10:"));
    let changed = query("n", INTEGER, &int(100), &int(200));
    assert_eq!(find(&mut client, &changed), (0..10).collect::<Vec<u8>>());

    // All records of the set; the operation fails on some of them.
    put(&mut client, &Request::put(3).string("n", "text"));
    client.ask_many(&background(78).op(5, INTEGER, "n", &int(1)).bytes());
    let text = ended(&mut client, 78);
    assert!(text.contains(":recs-succeeded=19:recs-failed=1:"), "{text}");

    // An id cannot be reused while its job is listed.
    assert_eq!(
        refused(&mut client, &background(78).op(5, INTEGER, "n", &int(1))),
        PARAMETER
    );
    assert_eq!(refused(&mut client, &background(79).op(1, 0, "n", b"")), PARAMETER);
    assert_eq!(refused(&mut client, &background(79)), PARAMETER);
    let unknown = background(79).field(1, b"unknown").op(5, INTEGER, "n", &int(1));
    assert_eq!(refused(&mut client, &unknown), 2);
}

#[test]
fn background_queries_can_be_aborted() {
    let server = TestServer::start();
    let mut client = server.connect();
    for n in 0..50 {
        put(&mut client, &Request::put(n).int("n", 0));
    }
    let slow = background(5)
        .field(10, &5u32.to_be_bytes())
        .op(5, INTEGER, "n", &int(1));
    client.ask_many(&slow.bytes());
    assert!(client.info("query-show:id=5").contains(":status=active(ok):"));
    assert_eq!(client.info("query-abort:id=5"), "ok");
    let text = ended(&mut client, 5);
    assert!(text.contains(":status=done(user-aborted):"), "{text}");
    assert_eq!(client.info("query-abort:id=5"), "ERROR:2:id not active");
    assert_eq!(client.info("query-abort-all"), "number-of-queries-killed:0");
    assert_eq!(client.info("set-config:context=service;query-max-done=0"), "ok");
    assert_eq!(client.info("query-show"), "");
    assert_eq!(client.info("query-show:id=5"), "ERROR:2:job not found");
}
