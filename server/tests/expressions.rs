//! Filters, expression operations and malformed payloads, with the replies of a real server.

use crate::common::wire::{GET_ALL, READ, RESPOND_ALL, Request, WRITE, batch};
use crate::common::{Client, TestServer};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const PARAMETER: u8 = 4;
const EXISTS: u8 = 5;
const BIN_EXISTS: u8 = 6;
const BIN_NOT_FOUND: u8 = 17;
const NOT_APPLICABLE: u8 = 26;
const FILTERED_OUT: u8 = 27;

const FILTER: u8 = 43;
const EXP_READ: u8 = 7;
const EXP_MODIFY: u8 = 8;

/// `a == 1`, `a == 2`, and the value of a bin that does not exist.
const IS_ONE: &[u8] = b"\x93\x01\x93\x51\x02\xa1a\x01";
const IS_TWO: &[u8] = b"\x93\x01\x93\x51\x02\xa1a\x02";
const MISSING: &[u8] = b"\x93\x51\x02\xa1z";

/// Starts a server with record 1, whose bin `a` is 1.
fn start() -> (TestServer, Client) {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.call(&Request::put(1).int("a", 1).bytes()).result, OK);
    (server, client)
}

/// The payload of an operation: an expression and flags.
fn payload(expression: &[u8], flags: u8) -> Vec<u8> {
    [b"\x92", expression, &[flags]].concat()
}

#[test]
fn filters_single_records() {
    let (_server, mut client) = start();
    let mut result = |request: Request| client.call(&request.bytes()).result;
    assert_eq!(result(Request::get(1).field(FILTER, IS_ONE)), OK);
    assert_eq!(result(Request::get(1).field(FILTER, IS_TWO)), FILTERED_OUT);
    assert_eq!(result(Request::put(1).int("b", 1).field(FILTER, IS_TWO)), FILTERED_OUT);
    assert_eq!(result(Request::delete(1).field(FILTER, IS_TWO)), FILTERED_OUT);
    // An unknown result does not match; nil matches everything.
    let unknown = [b"\x93\x01", MISSING, b"\x01"].concat();
    assert_eq!(result(Request::get(1).field(FILTER, &unknown)), FILTERED_OUT);
    assert_eq!(result(Request::get(1).field(FILTER, b"\x91\x00")), FILTERED_OUT);
    assert_eq!(result(Request::get(1).field(FILTER, b"\xc0")), OK);
    // Write policies are checked first. The filter is not evaluated for a record that does not exist.
    let put = Request::put(1).int("b", 1).field(FILTER, IS_TWO);
    assert_eq!(result(put.clone().info(2, 32)), EXISTS);
    assert_eq!(result(put.info(2, 4).generation(7)), GENERATION);
    assert_eq!(result(Request::get(2).field(FILTER, IS_TWO)), NOT_FOUND);
    assert_eq!(result(Request::put(2).int("a", 1).field(FILTER, IS_TWO)), OK);
    assert_eq!(result(Request::delete(1).field(FILTER, IS_ONE)), OK);
}

#[test]
fn filters_batches_and_scans() {
    let (_server, mut client) = start();
    client.call(&Request::put(2).int("a", 2).bytes());
    let rows = [
        Request::get(1),
        Request::get(2),
        Request::get(2).field(FILTER, IS_TWO),
        Request::put(2).int("b", 1),
    ];
    let replies = client.ask_many(&batch(4, &rows).field(FILTER, IS_ONE).bytes());
    let results: Vec<_> = replies.iter().map(|row| row.result).collect();
    assert_eq!(results, [OK, FILTERED_OUT, OK, FILTERED_OUT, OK]);

    let replies = client.ask_many(&batch(4, &rows).field(FILTER, b"\x05").bytes());
    assert_eq!((replies.len(), replies[0].result), (1, PARAMETER));

    let scan = Request {
        info: [READ | GET_ALL, 0, 4, 0],
        ..Request::default()
    };
    let all: Vec<u8> = (0..4096u16).flat_map(u16::to_le_bytes).collect();
    let scan = scan.field(0, b"test").field(1, b"set").field(11, &all);
    let replies = client.ask_many(&scan.clone().field(FILTER, IS_TWO).bytes());
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0].bins()[0].2, 2i64.to_be_bytes());
    assert_eq!(
        client.ask_many(&scan.clone().field(FILTER, b"\x05").bytes())[0].result,
        PARAMETER
    );
    // Operations on each record. A record for which one fails is left out.
    let computed = scan.op(
        EXP_READ,
        4,
        "x",
        &payload(b"\x93\x17\x0a\x93\x15\x93\x51\x02\xa1a\x01", 0),
    );
    let replies = client.ask_many(&computed.bytes());
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0].bins(), [("x", 1, &10i64.to_be_bytes()[..])]);
}

#[test]
fn expression_operations_read_and_write() {
    let (_server, mut client) = start();
    let on = || Request::on(1, READ, WRITE | RESPOND_ALL);
    let mut ask = |request: Request| {
        let reply = client.call(&request.bytes());
        let kinds: Vec<u8> = reply.bins().iter().map(|bin| bin.1).collect();
        (reply.result, kinds)
    };
    let none = || (NOT_APPLICABLE, vec![]);
    let read =
        |expression: &[u8], flags| Request::on(1, READ, RESPOND_ALL).op(EXP_READ, 4, "x", &payload(expression, flags));
    assert_eq!(ask(read(b"\x93\x51\x02\xa1a", 0)), (OK, vec![1]));
    assert_eq!(ask(read(MISSING, 0)), none());
    assert_eq!(ask(read(MISSING, 16)), (OK, vec![0]));
    assert_eq!(ask(read(b"\xc0", 0)), (OK, vec![0]));
    assert_eq!(ask(read(b"\x05", 1)), (PARAMETER, vec![]));
    let write = |bin: &str, expression: &[u8], flags| {
        let request = on().op(EXP_MODIFY, 4, bin, &payload(expression, flags));
        request.op(1, 0, bin, &[])
    };
    assert_eq!(ask(write("b", b"\x05", 2)), (BIN_NOT_FOUND, vec![]));
    assert_eq!(ask(write("b", b"\x05", 10)), (OK, vec![0, 0]));
    assert_eq!(ask(write("b", b"\x05", 1)), (OK, vec![0, 1]));
    assert_eq!(ask(write("b", b"\x05", 1)), (BIN_EXISTS, vec![]));
    assert_eq!(ask(write("b", MISSING, 0)), none());
    assert_eq!(ask(write("b", MISSING, 16)), (OK, vec![0, 1]));
    assert_eq!(ask(write("b", b"\xc0", 0)), none());
    assert_eq!(ask(write("b", b"\xc0", 2)), (OK, vec![0, 1]));
    assert_eq!(ask(write("b", b"\xc0", 4)), (OK, vec![0, 0]));
}

/// A pseudo-random sequence that is the same in every run.
fn noise() -> impl FnMut() -> u8 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    }
}

#[test]
fn rejects_malformed_expressions() {
    let (_server, mut client) = start();
    client.call(
        &Request::put(1)
            .op(2, 4, "b", b"\x01\x02")
            .op(2, 20, "l", b"\x92\x01\x02")
            .bytes(),
    );
    let mut next = noise();
    let seeds: [&[u8]; 6] = [
        IS_ONE,
        b"\x95\x7f\x04\x00\x93\xcc\xfe\x92\x04\xc3\x01\x93\x51\x04\xa1l",
        b"\x95\x03\x00\x08\xa2\x04\xff\x00",
        b"\x94\x07\x01\xa5(a|b)\x93\x51\x03\xa1s",
        b"\x95\x01\x92\x01\x02\x04\x00\x00",
        b"\x94\xcc\xfe\x92\x04\xc3\x04\x93\x14\x93\x7a\x02\x01\x01",
    ];
    for round in 0..4000 {
        let mut bytes = seeds[round % seeds.len()].to_vec();
        for _ in 0..next() % 4 {
            let at = usize::from(next()) % bytes.len();
            bytes[at] = next();
        }
        bytes.truncate(bytes.len() - usize::from(next().is_multiple_of(16)));
        for (code, bin) in [(12, "b"), (15, "h"), (EXP_READ, "x"), (3, "l")] {
            client.call(&Request::on(1, READ, 0).op(code, 4, bin, &bytes).bytes());
            client.call(&Request::on(1, 0, WRITE).op(code + 1, 4, bin, &bytes).bytes());
            client.call(
                &Request::on(1, READ, 0)
                    .op(EXP_READ, 4, "x", &payload(&bytes, 0))
                    .bytes(),
            );
        }
        client.call(&Request::get(1).field(FILTER, &bytes).bytes());
    }
    let deep = [&[0x92, 0x12].repeat(100_000)[..], b"\xc3"].concat();
    client.call(&Request::put(1).int("a", 1).bytes());
    assert_eq!(
        client.call(&Request::get(1).field(FILTER, &deep).bytes()).result,
        PARAMETER
    );
}
