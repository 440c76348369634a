//! Monitors of transactions: how they are created, marked and read, and what the server does after their deadline.

use crate::common::START;
use crate::common::transaction::{BACK, DEADLINE, FORWARD, Txn, get, put, start};
use crate::common::wire::{DELETE, GET_ALL, READ, WRITE, digest};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const PARAMETER: u8 = 4;
const FORBIDDEN: u8 = 22;
const BLOCKED: u8 = 120;
const EXPIRED: u8 = 122;
const TOO_MANY: u8 = 123;
const COMMITTED: u8 = 124;
const ABORTED: u8 = 125;
const EXISTS: u8 = 127;

#[test]
fn monitors_are_created_once_and_marked_once() {
    let server = start();
    let mut client = server.connect();
    let mut txn = Txn::new(1);
    // Without a monitor, because it has expired, or the client has removed it.
    assert_eq!(client.call(&txn.mark()).result, NOT_FOUND);
    assert_eq!(client.call(&txn.adding(&[digest(1)], false, 0).bytes()).result, EXPIRED);
    txn.add(&mut client, 1);
    // Two commands of a transaction that both think that they are the first.
    assert_eq!(client.call(&txn.adding(&[digest(2)], true, 0).bytes()).result, EXISTS);
    assert_eq!(client.call(&txn.put(1, 1)).result, OK);
    assert_eq!(client.call(&txn.mark()).result, OK);
    assert_eq!(client.call(&txn.mark()).result, COMMITTED);
    assert_eq!(
        client.call(&txn.adding(&[digest(2)], false, 0).bytes()).result,
        COMMITTED
    );
    assert_eq!(client.call(&txn.put(1, 2)).result, COMMITTED);
    client.call(&txn.roll(1, FORWARD));
    assert_eq!(get(&mut client, 1), Some(1));
}

#[test]
fn monitors_can_be_read_but_not_written_otherwise() {
    let server = start();
    let mut client = server.connect();
    let mut txn = Txn::new(5);
    txn.add(&mut client, 1);
    txn.add(&mut client, 1);
    txn.add(&mut client, 2);
    let monitor = client.call(&txn.monitor(READ | GET_ALL, 0).bytes());
    assert_eq!(monitor.result, OK);
    let names: Vec<_> = monitor.bins().iter().map(|bin| bin.0.to_owned()).collect();
    assert_eq!(names, ["id", "keyds"]);
    // Two digests, and the marker of an ordered list.
    assert_eq!(monitor.ops[1].3[0], 0x93);
    assert_eq!(
        client.call(&txn.monitor(0, WRITE).int("x", 1).bytes()).result,
        PARAMETER
    );
    assert_eq!(client.call(&txn.monitor(0, WRITE | DELETE).bytes()).result, FORBIDDEN);
    // The id must be that of the record's key.
    let wrong = Txn::new(6)
        .monitor(0, WRITE)
        .int("id", 7)
        .op(4, 4, "keyds", &[0x92, 1, 1]);
    assert_eq!(client.call(&wrong.bytes()).result, PARAMETER);
}

#[test]
fn transactions_write_at_most_4096_records() {
    let server = start();
    let mut client = server.connect();
    let digests = |range: std::ops::Range<u16>| -> Vec<[u8; 20]> {
        range
            .map(|n| {
                let mut digest = [0; 20];
                digest[..2].copy_from_slice(&n.to_be_bytes());
                digest
            })
            .collect()
    };
    let txn = Txn::new(1);
    assert_eq!(client.call(&txn.adding(&digests(0..4000), true, 0).bytes()).result, OK);
    assert_eq!(
        client.call(&txn.adding(&digests(3000..4097), false, 0).bytes()).result,
        TOO_MANY
    );
    assert_eq!(
        client.call(&txn.adding(&digests(3000..4096), false, 0).bytes()).result,
        OK
    );
    assert_eq!(
        client.call(&txn.adding(&digests(4096..4097), false, 0).bytes()).result,
        TOO_MANY
    );
    let other = Txn::new(2);
    assert_eq!(
        client.call(&other.adding(&digests(0..4097), true, 0).bytes()).result,
        TOO_MANY
    );
    assert_eq!(client.call(&other.mark()).result, NOT_FOUND);
}

#[test]
fn the_server_rolls_back_transactions_that_outlive_their_deadline() {
    let server = start();
    let mut client = server.connect();
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    let reply = client.call(&txn.adding(&[digest(1)], true, 3).bytes());
    txn.deadline = Some(u32::from_le_bytes(reply.field(DEADLINE).unwrap().try_into().unwrap()));
    assert_eq!(txn.deadline, Some(START + 3));
    assert_eq!(client.call(&txn.put(1, 11)).result, OK);
    server.clock.advance_ms(3000);
    assert_eq!(client.call(&txn.put(1, 12)).result, OK);
    assert_eq!(put(&mut client, 1, 13), BLOCKED);
    server.clock.advance_ms(1000);
    assert_eq!(client.call(&txn.put(1, 14)).result, EXPIRED);
    assert_eq!(put(&mut client, 1, 15), OK);
    // The lock was resolved, which ended the transaction.
    assert_eq!(client.call(&txn.mark()).result, ABORTED);
    assert_eq!(client.call(&txn.adding(&[digest(1)], false, 0).bytes()).result, ABORTED);
    assert_eq!(client.call(&txn.roll(1, BACK)).result, OK);
    assert_eq!(get(&mut client, 1), Some(15));
}

#[test]
fn the_server_rolls_committed_transactions_forward_after_their_deadline() {
    let server = start();
    let mut client = server.connect();
    let mut txn = Txn::new(1);
    txn.add(&mut client, 1);
    client.call(&txn.put(1, 11));
    assert_eq!(client.call(&txn.mark()).result, OK);
    server.clock.advance_ms(11_000);
    assert_eq!(get(&mut client, 1), Some(11));
    assert_eq!(put(&mut client, 1, 12), OK);
}

#[test]
fn records_that_nobody_touches_are_unlocked_in_the_background() {
    let server = start();
    let mut client = server.connect();
    let (mut committed, mut lost) = (Txn::new(1), Txn::new(2));
    committed.add(&mut client, 1);
    lost.add(&mut client, 2);
    client.call(&committed.put(1, 11));
    client.call(&lost.put(2, 22));
    client.call(&committed.mark());
    let stats = client.info("namespace/test");
    for stat in ["mrt_provisionals=2", "mrt_monitors=2", "mrt_monitors_active=1"] {
        assert!(stats.split(';').any(|other| other == stat), "{stats}");
    }
    server.clock.advance_ms(11_000);
    let stats = loop {
        let stats = client.info("namespace/test");
        if stats.contains("mrt_provisionals=0;") {
            break stats;
        }
        std::thread::yield_now();
    };
    assert!(
        stats.contains("mrt_monitor_roll_forward_success=1;mrt_monitor_roll_back_success=1"),
        "{stats}"
    );
    assert_eq!((get(&mut client, 1), get(&mut client, 2)), (Some(11), None));
}
