//! Namespaces with strong consistency: durable deletes, and partitions without enough nodes.

use crate::common::transaction::{DURABLE, FORWARD, Txn, durable_delete, value};
use crate::common::wire::{GET_ALL, READ, Request, batch};
use crate::common::{Client, TestServer};
use aerospike_local::StrongConsistency;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const UNAVAILABLE: u8 = 11;
const FORBIDDEN: u8 = 22;
const PARTITION_DONE: u8 = 4;

fn start(nodes: usize) -> TestServer {
    TestServer::with(|config| {
        config.nodes = nodes;
        config.strong_consistency = Some(StrongConsistency::default());
    })
}

fn put(client: &mut Client, n: u8, value: i64) -> u8 {
    client.call(&Request::put(n).int("a", value).bytes()).result
}

fn get(client: &mut Client, n: u8) -> Option<i64> {
    value(&client.call(&Request::get(n).bytes()))
}

/// Number of partitions that a node reports to master.
fn masters(client: &mut Client) -> u32 {
    let answer = client.info("replicas-master");
    let map = answer.split(';').next().unwrap().strip_prefix("test:").unwrap();
    BASE64.decode(map).unwrap().iter().map(|byte| byte.count_ones()).sum()
}

fn statistic(client: &mut Client, name: &str) -> String {
    let stats = client.info("namespace/test");
    let value = stats.split(';').find_map(|stat| stat.strip_prefix(&format!("{name}=")));
    value.unwrap().to_owned()
}

#[test]
fn deletions_must_be_durable_and_records_do_not_expire() {
    let server = start(1);
    let mut client = server.connect();
    assert_eq!(client.call(&Request::delete(1).bytes()).result, NOT_FOUND);
    put(&mut client, 1, 10);
    assert_eq!(client.call(&Request::delete(1).bytes()).result, FORBIDDEN);
    // A write that leaves no bins is a deletion.
    let empty = Request::put(1).op(2, 0, "a", b"");
    assert_eq!(client.call(&empty.bytes()).result, FORBIDDEN);
    assert_eq!(get(&mut client, 1), Some(10));
    assert_eq!(
        client.call(&Request::put(2).int("a", 1).ttl(60).bytes()).result,
        FORBIDDEN
    );
    assert_eq!(
        client.call(&Request::put(2).int("a", 1).ttl(u32::MAX).bytes()).result,
        OK
    );
    assert_eq!(client.call(&empty.info(2, DURABLE).bytes()).result, OK);
    assert_eq!(statistic(&mut client, "tombstones"), "1");
    assert_eq!(statistic(&mut client, "strong-consistency"), "true");
    put(&mut client, 1, 11);
    assert_eq!(statistic(&mut client, "tombstones"), "0");
    assert_eq!(client.call(&durable_delete(1).bytes()).result, OK);
    assert_eq!(statistic(&mut client, "tombstones"), "1");
}

#[test]
fn a_minority_of_the_nodes_serves_no_partition_but_keeps_the_records() {
    let mut server = start(3);
    let mut client = server.connect_to(2);
    put(&mut client, 1, 10);
    let mut txn = Txn::new(1);
    txn.add(&mut client, 2);
    client.call(&txn.put(2, 20));
    client.call(&txn.mark());
    server.stop_node(0);
    // Two of three nodes have a copy of each record.
    assert_eq!(statistic(&mut client, "unavailable_partitions"), "0");
    assert_eq!(masters(&mut client) + masters(&mut server.connect_to(1)), 4096);
    assert_eq!(get(&mut client, 1), Some(10));
    server.stop_node(1);
    assert_eq!(statistic(&mut client, "unavailable_partitions"), "4096");
    assert_eq!(masters(&mut client), 0);
    assert_eq!(client.call(&Request::get(1).bytes()).result, UNAVAILABLE);
    assert_eq!(put(&mut client, 1, 11), UNAVAILABLE);
    assert_eq!(client.call(&txn.roll(2, FORWARD)).result, UNAVAILABLE);
    assert_eq!(client.call(&txn.close()).result, UNAVAILABLE);
    let rows = client.ask_many(&batch(4, &[Request::get(1), Request::get(2)]).bytes());
    assert_eq!((rows[0].result, rows[1].result), (UNAVAILABLE, UNAVAILABLE));
    // Clients may ask for records that could be old.
    let stale = Request::get(1).info(3, 64 | 128);
    assert_eq!(value(&client.call(&stale.bytes())), Some(10));
    assert_eq!(client.call(&Request::get(1).info(3, 64).bytes()).result, UNAVAILABLE);
    let query = Request {
        info: [READ | GET_ALL, 0, PARTITION_DONE, 0],
        ..Request::default()
    };
    let rows = client.ask_many(&query.field(0, b"test").field(11, &[1, 0]).bytes());
    assert_eq!((rows[0].result, rows[0].generation), (UNAVAILABLE, 1));
    server.start_node(0);
    assert_eq!(get(&mut client, 1), Some(10));
    assert_eq!(client.call(&txn.roll(2, FORWARD)).result, OK);
    assert_eq!(get(&mut client, 2), Some(20));
    assert_eq!(client.call(&txn.close()).result, OK);
}

#[test]
fn half_of_the_nodes_serve_the_partitions_whose_master_they_have() {
    let mut server = start(2);
    let mut client = server.connect_to(1);
    let before = client.info("replicas");
    assert!(before.starts_with("test:1,2,"));
    server.stop_node(0);
    assert_eq!(statistic(&mut client, "unavailable_partitions"), "2048");
    assert_eq!(masters(&mut client), 2048);
    assert!(client.info("replicas").starts_with("test:2,1,"));
    let results: Vec<_> = (0..50).map(|n| client.call(&Request::get(n).bytes()).result).collect();
    assert!(
        results.contains(&UNAVAILABLE) && results.contains(&NOT_FOUND),
        "{results:?}"
    );
}

#[test]
fn the_roster_contains_all_nodes() {
    let mut server = start(2);
    let mut client = server.connect_to(1);
    let own = client.info("node");
    let roster = client.info("roster:namespace=test");
    let (all, rest) = roster.strip_prefix("roster=").unwrap().split_once(':').unwrap();
    assert_eq!(all.split(',').count(), 2);
    assert_eq!(rest, format!("pending_roster={all}:observed_nodes={all}"));
    server.stop_node(0);
    let roster = client.info("roster:namespace=test");
    assert_eq!(
        roster,
        format!("roster={all}:pending_roster={all}:observed_nodes={own}")
    );
    assert!(client.info("roster:namespace=none").starts_with("ERROR:20:"));
}

#[test]
fn writes_do_not_wait_for_nodes_that_have_left() {
    let mut server = start(3);
    let mut client = server.connect_to(2);
    server.stop_node(0);
    for n in 0..20 {
        assert_eq!(put(&mut client, n, 1), OK);
    }
}
