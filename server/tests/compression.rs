//! Compressed requests and replies.

use std::io::{Read, Write};

use crate::common::wire::{READ, Request, batch, parse_reply, proto};
use crate::common::{Client, TestServer};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

const OK: u8 = 0;
const PARAMETER: u8 = 4;
const ENTERPRISE_ONLY: u8 = 25;
const GET_ALL: u8 = 2;
const COMPRESS_RESPONSE: u8 = 128;
const MESSAGE: u8 = 3;
const COMPRESSED: u8 = 4;

fn server() -> TestServer {
    TestServer::with(|config| config.network.compression = true)
}

fn compressed(message: &[u8]) -> Vec<u8> {
    let mut body = (message.len() as u64).to_be_bytes().to_vec();
    let mut encoder = ZlibEncoder::new(&mut body, Compression::fast());
    encoder.write_all(message).unwrap();
    encoder.finish().unwrap();
    proto(COMPRESSED, &body)
}

fn decompressed(body: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    ZlibDecoder::new(&body[8..]).read_to_end(&mut message).unwrap();
    assert_eq!(u64::from_be_bytes(body[..8].try_into().unwrap()), message.len() as u64);
    assert_eq!(message[1], MESSAGE);
    message.split_off(8)
}

fn put(client: &mut Client, n: u8, text: &str) {
    let reply = client.call(&compressed(&Request::put(n).string("a", text).bytes()));
    assert_eq!(reply.result, OK);
}

fn read(n: u8) -> Request {
    Request::on(n, READ | GET_ALL | COMPRESS_RESPONSE, 0)
}

#[test]
fn requests_and_replies_are_compressed() {
    let server = server();
    let mut client = server.connect();
    put(&mut client, 1, &"x".repeat(10_000));
    client.send(&compressed(&read(1).bytes()));
    let (kind, body) = client.receive();
    assert_eq!(kind, COMPRESSED);
    assert!(body.len() < 1000, "{} bytes", body.len());
    let rows = parse_reply(&decompressed(&body));
    assert_eq!(rows[0].bins()[0].2, "x".repeat(10_000).as_bytes());
}

#[test]
fn small_replies_and_those_of_other_clients_are_not_compressed() {
    let server = server();
    let mut client = server.connect();
    put(&mut client, 1, "short");
    put(&mut client, 2, &"x".repeat(10_000));
    for request in [read(1), Request::get(2)] {
        client.send(&request.bytes());
        assert_eq!(client.receive().0, MESSAGE);
    }
}

#[test]
fn rows_of_batches_are_compressed() {
    let server = server();
    let mut client = server.connect();
    let rows: Vec<_> = (0..20).map(Request::get).collect();
    for n in 0..20 {
        put(&mut client, n, &"y".repeat(1000));
    }
    client.send(&compressed(&batch(4, &rows).info(1, COMPRESS_RESPONSE).bytes()));
    let (kind, body) = client.receive();
    assert_eq!(kind, COMPRESSED);
    let rows = parse_reply(&decompressed(&body));
    assert!(rows.len() >= 20 && rows[..20].iter().all(|row| row.result == OK));
}

#[test]
fn without_compression_such_requests_are_refused() {
    let server = TestServer::start();
    let mut client = server.connect();
    let reply = client.call(&compressed(&Request::get(1).bytes()));
    assert_eq!(reply.result, ENTERPRISE_ONLY);
    client.call(&Request::put(1).string("a", &"x".repeat(10_000)).bytes());
    assert_eq!(client.call(&read(1).bytes()).result, OK);
}

#[test]
fn a_malformed_request_is_refused_and_the_connection_stays() {
    let server = server();
    let mut client = server.connect();
    for body in [&b""[..], &[0; 8], b"\0\0\0\0\0\0\0\x40no zlib stream"] {
        assert_eq!(client.call(&proto(COMPRESSED, body)).result, PARAMETER);
    }
    put(&mut client, 1, "still here");
}
