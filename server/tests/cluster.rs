//! Clusters: partition ownership, peers, and nodes that leave, return, hang or reply with errors.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::common::wire::{READ, Request, batch, digest};
use crate::common::{Client, TestServer};
use aerospike_local::cluster::faults::Fault;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const UNAVAILABLE: u8 = 11;
const GET_ALL: u8 = 2;
const PARTITION_DONE: u8 = 4;
const PARTITIONS: usize = 4096;

fn cluster(nodes: usize, replication_factor: Option<usize>) -> TestServer {
    TestServer::with(|config| {
        config.nodes = nodes;
        config.replication_factor = replication_factor;
    })
}

/// The partitions that a node reports to own: one list per position (master, replica, ...).
fn owned(client: &mut Client) -> Vec<Vec<bool>> {
    let answer = client.info("replicas");
    let maps = answer.split(';').next().unwrap().strip_prefix("test:0,").unwrap();
    let mut parts = maps.split(',');
    let count: usize = parts.next().unwrap().parse().unwrap();
    let maps: Vec<_> = parts
        .map(|map| {
            let bytes = BASE64.decode(map).unwrap();
            assert_eq!(bytes.len(), PARTITIONS / 8);
            (0..PARTITIONS)
                .map(|id| bytes[id / 8] & (0x80 >> (id % 8)) != 0)
                .collect()
        })
        .collect();
    assert_eq!(maps.len(), count);
    maps
}

/// Checks that each partition has one owner per position among these nodes, and that all owners differ.
fn check_owners(server: &TestServer, nodes: &[usize], replicas: usize) {
    let maps: Vec<_> = nodes.iter().map(|node| owned(&mut server.connect_to(*node))).collect();
    for id in 0..PARTITIONS {
        for place in 0..replicas {
            assert_eq!(maps.iter().filter(|map| map[place][id]).count(), 1);
        }
        assert!(maps.iter().all(|map| map.iter().filter(|place| place[id]).count() <= 1));
    }
    for map in &maps {
        let masters = map[0].iter().filter(|owned| **owned).count();
        let fair = PARTITIONS / nodes.len();
        assert!(masters.abs_diff(fair) <= 2, "{masters} of {PARTITIONS}");
    }
}

fn generations(client: &mut Client) -> Vec<u32> {
    ["partition-generation", "peers-generation", "rebalance-generation"]
        .map(|question| client.info(question).parse().unwrap())
        .to_vec()
}

#[test]
fn nodes_list_their_peers_and_share_the_partitions() {
    let server = cluster(3, None);
    let addresses: Vec<_> = server.server().addresses().collect();
    let ids: Vec<_> = (0..3).map(|node| server.connect_to(node).info("node")).collect();
    for node in 0..3 {
        let mut client = server.connect_to(node);
        let others: Vec<_> = (0..3)
            .filter(|other| *other != node)
            .map(|other| format!("[{},,[{}]]", ids[other], addresses[other]))
            .collect();
        let peers = format!("1,{},[{}]", addresses[node].port(), others.join(","));
        assert_eq!(client.info("peers-clear-std"), peers);
        assert_eq!(client.info("service-clear-std"), addresses[node].to_string());
        assert!(client.info("statistics").contains("cluster_size=3;"));
        assert!(
            client
                .info("namespace/test")
                .contains("effective_replication_factor=2;")
        );
        assert!(client.info("cluster-stable:size=2").starts_with("ERROR:"));
        assert_eq!(
            client.info("cluster-stable:size=3"),
            server.connect().info("cluster-stable")
        );
        assert_eq!(generations(&mut client), [1, 1, 1]);
    }
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    check_owners(&server, &[0, 1, 2], 2);
}

#[test]
fn every_node_serves_every_record_and_counts_its_own() {
    let server = cluster(3, None);
    for n in 0..200 {
        let node = usize::from(n) % 3;
        assert_eq!(
            server
                .connect_to(node)
                .call(&Request::put(n).int("a", n.into()).bytes())
                .result,
            OK
        );
        let read = server.connect_to((node + 1) % 3).call(&Request::get(n).bytes());
        assert_eq!(read.bins()[0].2, i64::from(n).to_be_bytes());
    }
    let rows: Vec<_> = (0..200).map(Request::get).collect();
    let replies = server.connect_to(2).ask_many(&batch(4, &rows).bytes());
    assert!(replies.iter().all(|row| row.result == OK));
    let counts = |name: &str| -> u64 {
        (0..3)
            .map(|node| {
                let text = server.connect_to(node).info("namespace/test");
                let rest = text.split(&format!(";{name}=")).nth(1).unwrap();
                rest.split(';').next().unwrap().parse::<u64>().unwrap()
            })
            .sum()
    };
    assert_eq!((counts("master_objects"), counts("prole_objects")), (200, 200));
    let sets: u64 = (0..3)
        .map(|node| {
            let text = server.connect_to(node).info("sets/test/set");
            let rest = text.strip_prefix("objects=").unwrap();
            rest.split(':').next().unwrap().parse::<u64>().unwrap()
        })
        .sum();
    assert_eq!(sets, 400);
}

#[test]
fn scans_reject_partitions_of_other_nodes() {
    let server = cluster(2, None);
    let mut client = server.connect();
    for n in 0..100 {
        client.call(&Request::put(n).int("a", 1).bytes());
    }
    let mut seen = 0;
    let all: Vec<u8> = (0..PARTITIONS as u16).flat_map(u16::to_le_bytes).collect();
    for node in 0..2 {
        let mut client = server.connect_to(node);
        let masters = owned(&mut client).remove(0);
        let scan = Request::default()
            .info(1, READ | GET_ALL)
            .info(3, PARTITION_DONE)
            .field(0, b"test")
            .field(11, &all);
        let rows = client.ask_many(&scan.bytes());
        let refused: Vec<_> = rows
            .iter()
            .filter(|row| row.info3 & PARTITION_DONE != 0)
            .map(|row| (row.result, row.generation as usize))
            .collect();
        let others: Vec<_> = (0..PARTITIONS)
            .filter(|id| !masters[*id])
            .map(|id| (UNAVAILABLE, id))
            .collect();
        assert_eq!(refused, others);
        seen += rows.iter().filter(|row| row.field(4).is_some()).count();
    }
    assert_eq!(seen, 100);
}

#[test]
fn stopping_a_node_closes_connections_but_keeps_replicated_records() {
    let mut server = cluster(3, None);
    let mut idle = server.connect_to(1);
    assert_eq!(idle.info("status"), "ok");
    for n in 0..200 {
        server.connect().call(&Request::put(n).int("a", 1).bytes());
    }
    let address = server.server().addresses().nth(1).unwrap();
    server.stop_node(1);
    assert!(idle.is_closed());
    assert_eq!(
        TcpStream::connect(address).unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    assert!(server.server().node(1).is_none());
    for node in [0, 2] {
        let mut client = server.connect_to(node);
        assert_eq!(generations(&mut client), [2, 2, 2]);
        assert_eq!(client.info("peers-clear-std").matches(",,[").count(), 1);
        assert!(client.info("statistics").contains("cluster_size=2;"));
        for n in 0..200 {
            assert_eq!(client.call(&Request::get(n).bytes()).result, OK);
        }
    }
    check_owners(&server, &[0, 2], 2);
    server.stop_node(1); // Stopping it again does nothing.
    assert_eq!(generations(&mut server.connect()), [2, 2, 2]);

    server.start_node(1);
    assert_eq!(server.server().addresses().nth(1).unwrap(), address);
    assert_eq!(generations(&mut server.connect_to(1)), [3, 3, 3]);
    check_owners(&server, &[0, 1, 2], 2);
    assert_eq!(server.connect_to(1).call(&Request::get(7).bytes()).result, OK);
}

#[test]
fn records_without_a_remaining_copy_are_lost() {
    let mut server = cluster(2, Some(1));
    let mut client = server.connect();
    for n in 0..100 {
        client.call(&Request::put(n).int("a", 1).bytes());
    }
    let masters = owned(&mut client).remove(0);
    server.stop_node(1);
    server.start_node(1);
    for n in 0..100 {
        let id = digest(n);
        let partition = usize::from(u16::from_le_bytes([id[0], id[1]])) % PARTITIONS;
        let result = client.call(&Request::get(n).bytes()).result;
        assert_eq!(result, if masters[partition] { OK } else { NOT_FOUND });
    }
    // A single node owns all partitions.
    let mut server = TestServer::start();
    server.connect().call(&Request::put(1).int("a", 1).bytes());
    server.stop_node(0);
    server.start_node(0);
    let mut client = server.connect();
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);
    assert!(client.info("namespace/test").contains(";objects=0;"));
}

/// Whether a request does not get a reply within a short time.
fn is_unanswered(client: &mut Client, request: &[u8]) -> bool {
    client.stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    client.send(request);
    let error = client.stream.read(&mut [0; 1]).err().map(|error| error.kind());
    client.stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    matches!(error, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

#[test]
fn a_stopped_node_is_listed_and_waited_for_until_it_is_noticed() {
    let mut server = cluster(2, None);
    server.stop_node_noticed_after(1, Duration::from_millis(1500));
    let mut client = server.connect();
    assert_eq!(generations(&mut client), [1, 1, 1]);
    assert!(is_unanswered(&mut client, &Request::put(1).int("a", 1).bytes()));
    client.receive();
    assert_eq!(generations(&mut client), [2, 2, 2]);
    assert_eq!(client.call(&Request::get(1).bytes()).result, OK);
    // The node starts before the others noticed its absence, and leaves the cluster for that moment.
    server.start_node(1);
    server.stop_node_noticed_after(1, Duration::from_secs(600));
    server.start_node(1);
    assert_eq!(generations(&mut server.connect_to(1)), [5, 5, 5]);
    assert_eq!(client.call(&Request::put(2).int("a", 1).bytes()).result, OK);
}

#[test]
fn writes_wait_for_a_paused_replica_and_reads_do_not() {
    let server = cluster(2, None);
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    server.server().pause_node(1).unwrap();
    assert_eq!(client.call(&Request::get(1).bytes()).result, OK);
    assert!(is_unanswered(&mut client, &Request::put(2).int("a", 1).bytes()));
    server.server().resume_node(1).unwrap();
    client.receive();
    assert_eq!(client.call(&Request::get(2).bytes()).result, OK);
}

#[test]
fn nodes_report_their_racks() {
    let server = TestServer::with(|config| {
        config.nodes = 2;
        config.racks = vec![7];
    });
    assert_eq!(server.connect().info("rack-ids"), "test:7;demo:7");
    assert_eq!(server.connect_to(1).info("rack-ids"), "test:0;demo:0");
    // A Community Edition has no racks.
    assert_eq!(
        TestServer::start().connect().info("rack-ids"),
        "ERROR:25:enterprise only"
    );
}

#[test]
fn a_paused_node_replies_only_after_it_is_resumed() {
    let mut server = cluster(2, None);
    let pause = |server: &TestServer| server.server().node(1).unwrap().faults().pause();
    pause(&server);
    let mut client = server.connect_to(1);
    client.stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    client.send(&Request::put(1).int("a", 1).bytes());
    let error = client.stream.read(&mut [0; 1]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
    // The request was not executed either.
    let mut other = server.connect();
    assert_eq!(other.call(&Request::get(1).bytes()).result, NOT_FOUND);
    server.server().node(1).unwrap().faults().resume();
    client.stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    client.receive();
    assert_eq!(other.call(&Request::get(1).bytes()).result, OK);

    pause(&server);
    client.send(&Request::put(2).int("a", 1).bytes());
    server.stop_node(1);
    assert!(client.is_closed());
    server.start_node(1);
    assert_eq!(
        server.connect_to(1).call(&Request::get(2).bytes()).result,
        NOT_FOUND,
        "a node that was started anew has no faults"
    );
}

#[test]
fn injects_faults_into_replies() {
    let server = TestServer::start();
    let faults = server.server().node(0).unwrap().faults();
    let mut client = server.connect();

    faults.plan(Fault::Delay(Duration::from_millis(80)), Some(1));
    let begin = Instant::now();
    assert_eq!(client.call(&Request::put(1).int("a", 1).bytes()).result, OK);
    assert!(begin.elapsed() >= Duration::from_millis(80));

    // The first request gets no reply, although it is executed. Info requests are still answered.
    faults.plan(Fault::Drop, Some(1));
    client.send(&Request::put(2).int("a", 1).bytes());
    assert_eq!(client.info("status"), "ok");
    assert_eq!(client.call(&Request::get(2).bytes()).result, OK);

    faults.plan(Fault::Cut(22 + 8 + 5), None);
    let rows = vec![Request::put(3).int("a", 1); 10];
    client.send(&batch(4, &rows).bytes());
    let mut received = Vec::new();
    client.stream.read_to_end(&mut received).unwrap();
    assert_eq!(received.len(), 22 + 8 + 5);
    faults.clear();
    let reply = server.connect().call(&Request::get(3).bytes());
    assert_eq!(reply.generation, 10);
}

#[test]
fn background_queries_on_all_nodes_change_each_record_once() {
    const WRITE: u8 = 1;
    let server = cluster(3, None);
    for n in 0..100 {
        server.connect().call(&Request::put(n).int("a", 0).bytes());
    }
    for node in 0..3 {
        let mut client = server.connect_to(node);
        let add = Request::default()
            .info(2, WRITE)
            .field(0, b"test")
            .field(1, b"set")
            .field(7, &77u64.to_be_bytes())
            .op(5, 1, "a", &1i64.to_be_bytes());
        assert_eq!(client.call(&add.bytes()).result, OK);
        while !client.info("query-show:id=77").contains("status=done") {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    for n in 0..100 {
        let reply = server.connect().call(&Request::get(n).bytes());
        assert_eq!(reply.bins()[0].2, 1i64.to_be_bytes());
    }
}

#[test]
fn nodes_report_the_configured_hosts() {
    let server = TestServer::with(|config| {
        config.nodes = 2;
        config.network.access_host = Some("inside.example".to_owned());
        config.network.alternate_host = Some("outside.example".to_owned());
    });
    let mut client = server.connect();
    let ports: Vec<_> = server.server().addresses().map(|address| address.port()).collect();
    for (kind, host) in [("std", "inside.example"), ("alt", "outside.example")] {
        assert_eq!(
            client.info(&format!("service-clear-{kind}")),
            format!("{host}:{}", ports[0])
        );
        let peers = client.info(&format!("peers-clear-{kind}"));
        assert!(peers.ends_with(&format!(",,[{host}:{}]]]", ports[1])), "{peers}");
    }
    assert_eq!(client.info("services"), format!("inside.example:{}", ports[1]));
    assert_eq!(
        client.info("services-alternate"),
        format!("outside.example:{}", ports[1])
    );
}

#[test]
fn nodes_without_alternate_addresses_report_none() {
    let server = cluster(2, None);
    let mut client = server.connect();
    let port = server.server().addresses().next().unwrap().port();
    assert_eq!(client.info("service-clear-std"), format!("127.0.0.1:{port}"));
    assert_eq!(client.info("service-clear-alt"), "");
    assert_eq!(client.info("services-alternate"), "");
    assert!(client.info("peers-clear-alt").ends_with(",[]"));
}

#[test]
fn filters_of_datacenters_are_kept() {
    let server = TestServer::with(|config| config.xdr_datacenters = vec!["west".to_owned()]);
    let mut client = server.connect();
    let filter = BASE64.encode([0x93, 1, 1, 1]); // 1 = 1
    let set = |exp: &str| format!("xdr-set-filter:dc=west;namespace=test;exp={exp}");
    assert_eq!(client.info("xdr-get-filter:dc=west"), "");
    assert_eq!(client.info(&set(&filter)), "ok");
    assert_eq!(
        client.info("xdr-get-filter:dc=west;namespace=test"),
        format!("namespace=test:exp={filter}")
    );
    assert_eq!(client.info(&set("null")), "ok");
    assert_eq!(client.info("xdr-get-filter:dc=west"), "");
    for bad in [
        "xdr-set-filter:dc=east;namespace=test;exp=null",
        "xdr-set-filter:dc=west;namespace=nowhere;exp=null",
        "xdr-set-filter:dc=west;namespace=test;exp=kg==",
        "xdr-set-filter:dc=west;namespace=test",
        "xdr-get-filter:dc=east",
    ] {
        assert!(client.info(bad).starts_with("ERROR:"), "{bad}");
    }
    let community = TestServer::start();
    assert_eq!(community.connect().info(&set("null")), "ERROR:25:enterprise only");
}
