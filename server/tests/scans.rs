//! Scans: partitions, pagination and projections.

use crate::common::TestServer;
use crate::common::wire::{self, NO_BIN_DATA, READ, Request, digest};

const PARAMETER: u8 = 4;
const NAMESPACE: u8 = 20;

fn int(value: i64) -> [u8; 8] {
    value.to_be_bytes()
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
fn scans_return_all_records() {
    let server = TestServer::start();
    let mut client = server.connect();
    for n in 0..50 {
        let request = Request::put(n).int("a", n.into()).string("b", "x");
        let request = if n % 2 == 0 {
            request.field(2, &[&[1][..], &int(n.into())].concat())
        } else {
            request.field(1, b"odd")
        };
        client.call(&request.bytes());
    }
    client.call(&Request::put(99).int("a", 1).ttl(5).without(1).bytes());

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
fn scans_resume() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut digests = Vec::new();
    // All in one partition, so that pages end within it.
    for n in 0..30u8 {
        let mut digest = digest(n);
        (digest[0], digest[1]) = (7, 0);
        digests.push(digest);
        client.call(&Request::put(n).int("a", 1).field(4, &digest).bytes());
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
fn scans_can_be_rate_limited() {
    let server = TestServer::start();
    let mut client = server.connect();
    for n in 0..20 {
        client.call(&Request::put(n).int("a", 1).bytes());
    }
    let start = std::time::Instant::now();
    let slow = scan("set").field(10, &100u32.to_be_bytes());
    assert_eq!(client.ask_many(&slow.bytes()).len(), 21);
    assert!(start.elapsed().as_millis() >= 200);
}

#[test]
fn rejects_invalid_scans() {
    let server = TestServer::start();
    let mut client = server.connect();
    for (request, result) in [
        (scan("set").field(22, b"\x01"), PARAMETER),
        (scan("set").field(43, b"\x01"), PARAMETER),
        (scan("set").field(33, b"\x01"), PARAMETER),
        (scan("set").op(2, 1, "a", &[0; 8]), PARAMETER),
        (scan("set").field(0, b"nope"), NAMESPACE),
        (scan("set").field(11, &[0xff, 0xff]), PARAMETER),
        (scan("set").field(11, &[0]), PARAMETER),
        (scan("set").field(12, &[0; 19]), PARAMETER),
    ] {
        let rows = client.ask_many(&request.bytes());
        assert_eq!((rows.len(), rows[0].result), (1, result));
    }
}
