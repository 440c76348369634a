//! Transactions: locks, versions, batches and functions in transactions, and how a transaction ends.

use crate::common::transaction::{
    BACK, DEADLINE, FORWARD, Txn, VERSION, durable_delete, get, put, start, value, verify,
};
use crate::common::wire::{GET_ALL, READ, Request, WRITE, batch, digest};
use crate::common::{Client, START, TestServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const PARAMETER: u8 = 4;
const UNSUPPORTED: u8 = 16;
const FORBIDDEN: u8 = 22;
const ENTERPRISE_ONLY: u8 = 25;
const BLOCKED: u8 = 120;
const MISMATCH: u8 = 121;
const LOCKED: u8 = 126;
const ON_LOCKING_ONLY: u8 = 16;

#[test]
fn a_committed_transaction_becomes_visible_when_it_is_rolled_forward() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let mut txn = Txn::new(-7);
    txn.add(&mut client, 1);
    txn.add(&mut client, 2);
    assert_eq!(txn.deadline, Some(START + 10));
    assert_eq!(client.call(&txn.put(1, 11)).result, OK);
    assert_eq!(client.call(&txn.put(2, 20)).result, OK);
    // The transaction sees its own writes, and others see what was there before.
    assert_eq!(value(&client.call(&txn.get(1))), Some(11));
    assert_eq!(value(&client.call(&txn.get(2))), Some(20));
    assert_eq!((get(&mut client, 1), get(&mut client, 2)), (Some(10), None));
    assert_eq!(client.call(&txn.mark()).result, OK);
    assert_eq!(get(&mut client, 1), Some(10));
    assert_eq!(client.call(&txn.roll(1, FORWARD)).result, OK);
    assert_eq!(client.call(&txn.roll(2, FORWARD)).result, OK);
    assert_eq!((get(&mut client, 1), get(&mut client, 2)), (Some(11), Some(20)));
    // Clients repeat commands whose reply they did not receive.
    assert_eq!(client.call(&txn.roll(2, FORWARD)).result, OK);
    assert_eq!(client.call(&txn.close()).result, OK);
    assert_eq!(client.call(&txn.close()).result, NOT_FOUND);
}

#[test]
fn an_aborted_transaction_leaves_nothing() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    for n in [1, 2] {
        txn.add(&mut client, n);
        assert_eq!(client.call(&txn.put(n, 99)).result, OK);
    }
    for n in [1, 2] {
        assert_eq!(client.call(&txn.roll(n, BACK)).result, OK);
    }
    assert_eq!(client.call(&txn.close()).result, OK);
    assert_eq!((get(&mut client, 1), get(&mut client, 2)), (Some(10), None));
    assert_eq!(put(&mut client, 2, 1), OK);
}

#[test]
fn locked_records_block_writers_and_other_transactions() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let (mut first, mut second) = (Txn::new(1), Txn::new(2));
    first.add(&mut client, 1);
    second.add(&mut client, 1);
    assert_eq!(client.call(&first.put(1, 11)).result, OK);
    for request in [
        second.put(1, 12),
        second.get(1),
        second.delete(1),
        second.roll(1, FORWARD),
        second.roll(1, BACK),
        Request::put(1).int("a", 13).bytes(),
        durable_delete(1).bytes(),
    ] {
        assert_eq!(client.call(&request).result, BLOCKED);
    }
    assert_eq!(value(&client.call(&first.get(1))), Some(11));
    assert_eq!(client.call(&first.roll(1, BACK)).result, OK);
    assert_eq!(client.call(&second.put(1, 12)).result, OK);
    assert_eq!(client.call(&second.roll(1, FORWARD)).result, OK);
    assert_eq!(get(&mut client, 1), Some(12));
}

#[test]
fn reads_in_a_transaction_are_verified_by_version() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let txn = Txn::new(1);
    let read = client.call(&txn.get(1));
    let version = read.field(VERSION).unwrap().to_vec();
    assert_eq!(version.len(), 7);
    assert!(client.call(&Request::get(1).bytes()).field(VERSION).is_none());
    assert_eq!(client.call(&verify(1, &version)).result, OK);
    // Reading again, or a different field, does not change the version.
    let again = txn.bind(Request::get(1)).field(VERSION, &version);
    assert_eq!(client.call(&again.bytes()).field(VERSION), Some(&version[..]));
    put(&mut client, 1, 11);
    assert_eq!(client.call(&verify(1, &version)).result, MISMATCH);
    let stale = client.call(&again.bytes());
    // Without a version: the client must keep the one that it has read.
    assert_eq!((stale.result, stale.field(VERSION)), (MISMATCH, None));
    let mut writer = Txn::new(1);
    writer.add(&mut client, 1);
    let write = writer.bind(Request::put(1).int("a", 1)).field(VERSION, &version);
    assert_eq!(client.call(&write.bytes()).result, MISMATCH);
    assert_eq!(put(&mut client, 1, 12), OK);
}

#[test]
fn missing_and_deleted_records_have_versions_too() {
    let server = start();
    let mut client = server.connect();
    let txn = Txn::new(1);
    let missing = client.call(&txn.get(1));
    assert_eq!(missing.result, NOT_FOUND);
    let missing = missing.field(VERSION).unwrap().to_vec();
    assert_eq!(client.call(&verify(1, &missing)).result, OK);
    put(&mut client, 1, 10);
    assert_eq!(client.call(&verify(1, &missing)).result, MISMATCH);
    let created = client.call(&txn.get(1)).field(VERSION).unwrap().to_vec();
    assert_eq!(client.call(&durable_delete(1).bytes()).result, OK);
    assert_eq!(client.call(&verify(1, &created)).result, MISMATCH);
    // A record that was created and deleted in the meantime is not the same as one that never existed.
    assert_eq!(client.call(&verify(1, &missing)).result, MISMATCH);
}

#[test]
fn a_locked_record_cannot_be_verified() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let version = client.call(&Txn::new(1).get(1)).field(VERSION).unwrap().to_vec();
    let mut other = Txn::new(2);
    other.add(&mut client, 1);
    client.call(&other.put(1, 11));
    assert_eq!(client.call(&verify(1, &version)).result, BLOCKED);
    client.call(&other.roll(1, BACK));
    assert_eq!(client.call(&verify(1, &version)).result, OK);
}

#[test]
fn failed_writes_lock_nothing_and_return_the_version_that_they_have_read() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    txn.add(&mut client, 1);
    let write = txn.bind(Request::put(1).int("a", 1).generation(9).info(2, 4));
    let failed = client.call(&write.bytes());
    assert_eq!(failed.result, GENERATION);
    let version = failed.field(VERSION).unwrap().to_vec();
    assert_eq!(client.call(&verify(1, &version)).result, OK);
    assert_eq!(put(&mut client, 1, 11), OK);
    let written = client.call(&txn.put(1, 12));
    assert_eq!((written.result, written.field(VERSION)), (OK, None));
    // The transaction's own state is not verified.
    assert!(client.call(&txn.get(1)).field(VERSION).is_none());
}

#[test]
fn deletes_in_a_transaction_can_be_undone() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    txn.add(&mut client, 1);
    assert_eq!(client.call(&txn.delete(1)).result, OK);
    assert_eq!(client.call(&txn.delete(1)).result, NOT_FOUND);
    assert_eq!(value(&client.call(&txn.get(1))), None);
    assert_eq!(get(&mut client, 1), Some(10));
    assert_eq!(client.call(&txn.put(1, 11)).result, OK);
    assert_eq!(client.call(&txn.delete(1)).result, OK);
    assert_eq!(client.call(&txn.roll(1, BACK)).result, OK);
    assert_eq!(get(&mut client, 1), Some(10));
    assert_eq!(client.call(&txn.delete(1)).result, OK);
    assert_eq!(client.call(&txn.roll(1, FORWARD)).result, OK);
    assert_eq!(get(&mut client, 1), None);
}

#[test]
fn writes_can_be_limited_to_the_first_of_a_transaction() {
    let server = start();
    let mut client = server.connect();
    let mut txn = Txn::new(1);
    txn.add(&mut client, 1);
    let write = txn
        .bind(Request::put(1).op(5, 1, "a", &1i64.to_be_bytes()))
        .info(4, ON_LOCKING_ONLY)
        .bytes();
    assert_eq!(client.call(&write).result, OK);
    assert_eq!(client.call(&write).result, LOCKED);
    assert_eq!(value(&client.call(&txn.get(1))), Some(1));
}

#[test]
fn rows_of_a_batch_belong_to_transactions() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    put(&mut client, 2, 20);
    let mut txn = Txn::new(1);
    let reply = client.call(&txn.adding(&[digest(1), digest(3)], true, 0).bytes());
    txn.deadline = Some(u32::from_le_bytes(reply.field(DEADLINE).unwrap().try_into().unwrap()));
    let rows = [
        txn.bind(Request::put(1).int("a", 11)),
        txn.bind(Request::get(2)),
        txn.bind(Request::put(3).int("a", 31)),
        Request::put(1).int("a", 12),
        txn.bind(Request::get(4)),
    ];
    let replies = client.ask_many(&batch(4, &rows).bytes());
    let results: Vec<_> = replies.iter().map(|row| row.result).collect();
    assert_eq!(results, [OK, OK, OK, BLOCKED, NOT_FOUND, OK]);
    let version = replies[1].field(VERSION).unwrap().to_vec();
    assert!(replies[4].field(VERSION).is_some());
    let check = Request::on(2, 33, 0).info(3, 64).info(4, 1).field(VERSION, &version);
    let stale = check.clone().field(VERSION, &[9; 7]);
    let replies = client.ask_many(&batch(4, &[check, stale]).bytes());
    assert_eq!((replies[0].result, replies[1].result), (OK, MISMATCH));
    client.call(&txn.mark());
    let rolls = [1, 3].map(|n| {
        Request::on(n, 0, WRITE | 16)
            .info(4, FORWARD)
            .field(5, &1i64.to_le_bytes())
    });
    let replies = client.ask_many(&batch(4, &rolls).bytes());
    assert_eq!((replies[0].result, replies[1].result), (OK, OK));
    assert_eq!((get(&mut client, 1), get(&mut client, 3)), (Some(11), Some(31)));
}

#[test]
fn scans_see_what_was_committed() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    put(&mut client, 2, 20);
    let mut txn = Txn::new(1);
    for n in [1, 2, 3] {
        txn.add(&mut client, n);
    }
    client.call(&txn.put(1, 11));
    client.call(&txn.delete(2));
    client.call(&txn.put(3, 30));
    let scan = |client: &mut Client| {
        let all: Vec<u8> = (0..4096u16).flat_map(u16::to_le_bytes).collect();
        let request = Request {
            info: [READ | GET_ALL, 0, 4, 0],
            ..Request::default()
        };
        let rows = client.ask_many(&request.field(0, b"test").field(11, &all).bytes());
        let mut values: Vec<_> = rows
            .iter()
            .filter(|row| !row.ops.is_empty())
            .filter_map(value)
            .collect();
        values.sort_unstable();
        values
    };
    assert_eq!(scan(&mut client), [10, 20]);
    client.call(&txn.mark());
    for n in [1, 2, 3] {
        client.call(&txn.roll(n, FORWARD));
    }
    assert_eq!(scan(&mut client), [11, 30]);
    let in_transaction = Request::default().field(0, b"test").field(5, &1i64.to_le_bytes());
    assert_eq!(client.call(&in_transaction.info(1, 3).bytes()).result, UNSUPPORTED);
}

#[test]
fn functions_can_be_part_of_a_transaction() {
    let server = start();
    let mut client = server.connect();
    let text = "function add(r) r.a = r.a + 1; aerospike:update(r); return r.a end
        function read(r) return r.a end
        function remove(r) return aerospike:remove(r) end";
    let content = BASE64.encode(text);
    client.info(&format!(
        "udf-put:filename=module.lua;content={content};content-len={};udf-type=LUA;",
        content.len()
    ));
    let apply = |function: &str| {
        let request = Request::put(1).field(30, b"module");
        request.field(31, function.as_bytes()).field(32, b"\x90")
    };
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    txn.add(&mut client, 1);
    // A function that writes nothing locks nothing, but what it has read is verified.
    let read = client.call(&txn.bind(apply("read")).bytes());
    assert_eq!((read.result, value(&read)), (OK, Some(10)));
    assert_eq!(client.call(&verify(1, read.field(VERSION).unwrap())).result, OK);
    let added = client.call(&txn.bind(apply("add")).bytes());
    assert_eq!((added.result, value(&added)), (OK, Some(11)));
    assert_eq!(added.field(VERSION), None);
    assert_eq!(client.call(&apply("read").bytes()).result, BLOCKED);
    assert_eq!(get(&mut client, 1), Some(10));
    client.call(&txn.roll(1, FORWARD));
    assert_eq!(get(&mut client, 1), Some(11));
    assert_eq!(client.call(&apply("remove").bytes()).result, FORBIDDEN);
    assert_eq!(client.call(&apply("remove").info(2, 16).bytes()).result, OK);
    assert_eq!(get(&mut client, 1), None);
}

#[test]
fn namespaces_without_strong_consistency_have_no_transactions() {
    let server = start();
    let mut client = server.connect();
    let txn = Txn::new(1);
    let in_demo = |request: Request| request.field(0, b"demo").bytes();
    for request in [
        txn.bind(Request::get(1)),
        txn.bind(Request::put(1).int("a", 1)),
        Request::on(1, 33, 0).info(4, 1).field(VERSION, &[0; 7]),
        Request::on(1, 0, WRITE).info(4, FORWARD),
    ] {
        assert_eq!(client.call(&in_demo(request)).result, UNSUPPORTED);
    }
    assert_eq!(client.call(&in_demo(Request::put(1).int("a", 1).ttl(9))).result, OK);
    assert_eq!(client.call(&in_demo(durable_delete(1))).result, OK);
    assert_eq!(client.info("edition"), "Aerospike Enterprise Edition");
    assert!(client.info("replicas").contains("demo:0,1,"));
    assert!(client.info("replicas").contains("test:1,1,"));
}

#[test]
fn a_community_edition_rejects_transactions() {
    let server = TestServer::start();
    let mut client = server.connect();
    let txn = Txn::new(1);
    assert_eq!(client.call(&txn.get(1)).result, ENTERPRISE_ONLY);
    assert_eq!(client.call(&txn.put(1, 1)).result, ENTERPRISE_ONLY);
    assert_eq!(client.call(&txn.roll(1, BACK)).result, ENTERPRISE_ONLY);
    assert_eq!(client.call(&verify(1, &[0; 7])).result, ENTERPRISE_ONLY);
    assert_eq!(client.call(&durable_delete(1).bytes()).result, ENTERPRISE_ONLY);
    assert_eq!(
        client.call(&Request::get(1).info(3, 64).bytes()).result,
        ENTERPRISE_ONLY
    );
    // As on a real server: these bits mean nothing outside transactions.
    assert_eq!(
        client.call(&Request::get(1).info(3, 128 | 64).bytes()).result,
        NOT_FOUND
    );
    let write = Request::put(1).int("a", 1);
    assert_eq!(client.call(&write.clone().info(4, ON_LOCKING_ONLY).bytes()).result, OK);
    assert_eq!(client.call(&Request::get(1).field(VERSION, &[0; 7]).bytes()).result, OK);
    assert_eq!(
        client.call(&txn.adding(&[digest(1)], true, 0).bytes()).result,
        PARAMETER
    );
}
