//! Connections: info, truncation, malformed bytes, and the segmentation of requests.

use std::io::Read;
use std::net::Shutdown;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::security::{ADMIN, Administer};
use crate::common::wire::{READ, Request, batch, parse_reply, proto};
use crate::common::{START, TestServer};
use aerospike_local::security::SecurityConfig;
use aerospike_local::{Config, StrongConsistency};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const ENTERPRISE_ONLY: u8 = 25;

fn int(value: i64) -> [u8; 8] {
    value.to_be_bytes()
}

#[test]
fn survives_malformed_requests() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        report(info);
    }));
    let server = TestServer::start();
    let whole = [
        Request::put(1).int("a", 1).bytes(),
        batch(4, &[Request::put(1).int("a", 1), Request::get(2)]).bytes(),
        Request::default()
            .info(1, READ)
            .field(0, b"test")
            .field(11, &[0, 0])
            .bytes(),
    ];
    let mut client = server.connect();
    for request in &whole {
        // Truncated to every length, with a header that matches.
        for end in 8..request.len() {
            client.send(&proto(3, &request[8..end]));
            let (kind, body) = client.receive();
            assert_eq!(kind, 3);
            let rows = parse_reply(&body);
            if rows.iter().any(|row| row.is_last()) || rows.len() == 1 && rows[0].result == 4 {
                continue;
            }
            while !parse_reply(&client.receive().1).iter().any(|row| row.is_last()) {}
        }
    }
    // With each byte modified in turn, each on a separate connection. Any reply is acceptable.
    for request in &whole {
        for at in 8..request.len() {
            let mut changed = request.clone();
            changed[at] ^= 0xff;
            let mut client = server.connect();
            client.send(&changed);
            client.stream.shutdown(Shutdown::Write).unwrap();
            // Whatever the reply is, the server closes the connection in the end.
            let _ = client.stream.read_to_end(&mut Vec::new()).unwrap();
        }
    }
    for header in [
        b"GET / HT".to_vec(),
        vec![2, 7, 0, 0, 0, 0, 0, 0],
        vec![2, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ] {
        let mut broken = server.connect();
        broken.send(&header);
        assert!(broken.is_closed());
    }
    let mut client = server.connect();
    assert_eq!(client.call(&Request::put(3).int("a", 1).bytes()).result, OK);
    // A panic in a server task closes only its connection, so check the counter.
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}

#[test]
fn accepts_pipelined_and_fragmented_requests() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut bytes = Vec::new();
    for n in 0..100 {
        bytes.extend(Request::put(n).int("a", n.into()).bytes());
        bytes.extend(Request::get(n).bytes());
    }
    for piece in bytes.chunks(997) {
        client.send(piece);
    }
    for n in 0..100 {
        assert_eq!(parse_reply(&client.receive().1)[0].generation, 1);
        let reply = &parse_reply(&client.receive().1)[0];
        assert_eq!(reply.bins(), [("a", 1, &int(n)[..])]);
    }
}

#[test]
fn truncation() {
    let server = TestServer::start();
    let mut client = server.connect();
    let put = |n, set: &str| Request::put(n).int("a", 1).field(1, set.as_bytes()).bytes();
    client.call(&put(1, "one"));
    server.clock.advance_ms(1000);
    client.call(&put(2, "one"));
    client.call(&put(3, "two"));
    let nanos = (u64::from(START) + 1_262_304_000 + 1) * 1_000_000_000;
    let before = format!("truncate:namespace=test;set=one;lut={nanos}");
    assert_eq!(client.info(&before), "ok");
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_FOUND);
    assert_eq!(client.call(&Request::get(2).bytes()).result, OK);
    assert_eq!(client.info("truncate:namespace=test;set=one"), "ok");
    assert_eq!(client.call(&Request::get(2).bytes()).result, NOT_FOUND);
    assert_eq!(client.call(&Request::get(3).bytes()).result, OK);
    // Records that are written afterwards stay, even in the same millisecond.
    client.call(&put(2, "one"));
    assert_eq!(client.call(&Request::get(2).bytes()).result, OK);
    assert_eq!(client.info("truncate-namespace:namespace=test"), "ok");
    assert_eq!(client.call(&Request::get(3).bytes()).result, NOT_FOUND);
    assert_eq!(client.info("truncate:namespace=test;set=none"), "ok");
    for wrong in [
        "truncate:namespace=test",
        "truncate:set=one",
        "truncate:namespace=test;set=one;lut=x",
        "truncate:namespace=test;set=one;lut=9999999999999999999",
        "truncate-namespace:lut=1",
    ] {
        assert!(client.info(wrong).starts_with("ERROR:"), "{wrong}");
    }
}

#[test]
fn features_of_the_enterprise_edition_change_the_edition() {
    let features: [fn(&mut Config); 5] = [
        |config| config.security = Some(SecurityConfig::default()),
        |config| config.network.compression = true,
        |config| config.racks = vec![1],
        |config| config.xdr_datacenters = vec!["west".to_owned()],
        |config| config.strong_consistency = Some(StrongConsistency::default()),
    ];
    for (number, feature) in features.into_iter().enumerate() {
        let server = TestServer::with(feature);
        let mut client = server.connect();
        if number == 0 {
            assert_eq!(client.log_in("admin", ADMIN).result, OK);
        }
        assert_eq!(
            client.info("edition"),
            "Aerospike Enterprise Edition",
            "feature {number}"
        );
    }
}

#[test]
fn info_commands_let_clients_discover_the_cluster() {
    let server = TestServer::with(|config| config.cluster_name = Some("mine".to_owned()));
    let mut client = server.connect();
    let address = server.server().address();
    assert_eq!(client.info("node"), server.server().node(0).unwrap().id());
    assert_eq!(client.info("build"), "8.1.2.0");
    assert_eq!(client.info("edition"), "Aerospike Community Edition");
    assert_eq!(client.info("cluster-name"), "mine");
    assert_eq!(client.info("service-clear-std"), address.to_string());
    assert_eq!(client.info("peers-clear-std"), format!("1,{},[]", address.port()));
    assert_eq!(client.info("namespaces"), "test;demo");
    assert_eq!(client.info("status"), "ok");
    assert_eq!(client.info("user-agent-set:value=abc="), "ok");
    let replicas = client.info("replicas");
    let maps: Vec<_> = replicas.split(';').collect();
    assert!(maps[0].starts_with("test:0,1,//////") && maps[1].starts_with("demo:0,1,"));
    assert_eq!(maps[0].len(), "test:0,1,".len() + 684);
    client.call(&Request::put(1).int("a", 1).bytes());
    assert!(client.info("namespace/test").contains("objects=1;"));
    assert!(client.info("sets").contains("ns=test:set=set:objects=1:"));
    assert_eq!(client.info("sets/demo"), "");
    assert!(client.info("statistics").contains("cluster_size=1;"));
    assert_eq!(client.info("namespace/nope"), "type=unknown");
    assert_eq!(client.info("sets/nope"), "ns_type=unknown");
    for unknown in ["nonsense", "set-config:x=y"] {
        assert!(client.info(unknown).starts_with("ERROR:"), "{unknown}");
    }
    for same in ["get-config", "get-config:", "get-config:context=service"] {
        assert!(client.info(same).starts_with("cluster-name=mine;node-id=BB9"), "{same}");
    }
    for same in [
        "get-config:context=namespace;id=test",
        "get-config:context=namespace;namespace=test",
    ] {
        assert!(client.info(same).contains("max-record-size=1048576;"), "{same}");
    }
    assert!(
        client
            .info("get-config:context=network")
            .contains(&format!("service.port={};", address.port()))
    );
    for (wrong, error) in [
        ("get-config:id=test", "ERROR:4:missing 'context'"),
        ("get-config:context=", "ERROR:4:missing 'context' value"),
        ("get-config:context=nope", "ERROR:4:invalid context"),
        ("get-config:context=namespace", "ERROR:20:missing 'namespace'"),
        (
            "get-config:context=namespace;id=nope",
            "ERROR:20:namespace not found on node",
        ),
    ] {
        assert_eq!(client.info(wrong), error, "{wrong}");
    }
    // Several commands in one request are answered in order.
    client.send(&proto(1, b"status\n\nnode\nbuild"));
    let text = String::from_utf8(client.receive().1).unwrap();
    // An empty line is a command too; a line without its end is ignored.
    assert!(text.starts_with("status\tok\n\tERROR:4:unrecognized command\nnode\tBB9"));
    assert!(!text.contains("build"));
    assert_eq!(client.info("status;node"), "ok");
    client.send(&proto(1, b"\xff\n"));
    assert!(client.receive().1.starts_with(b"\xff\tERROR:"));
}

#[test]
fn rejects_security_and_compressed_messages() {
    let server = TestServer::start();
    let mut client = server.connect();
    let mut login = [0; 16];
    login[2] = 20;
    client.send(&proto(2, &login));
    let (kind, body) = client.receive();
    assert_eq!((kind, body[1], body[2]), (2, 51, 20));
    client.send(&proto(4, &[0; 20]));
    let (kind, body) = client.receive();
    assert_eq!((kind, parse_reply(&body)[0].result), (3, ENTERPRISE_ONLY));
    assert_eq!(client.info("status"), "ok");
}

#[test]
fn namespaces_and_servers_are_isolated() {
    let server = TestServer::start();
    let other = TestServer::start();
    let mut client = server.connect();
    client.call(&Request::put(1).int("a", 1).bytes());
    let demo = Request::get(1).field(0, b"demo");
    assert_eq!(client.call(&demo.bytes()).result, NOT_FOUND);
    let reply = other.connect().call(&Request::get(1).bytes());
    assert_eq!(reply.result, NOT_FOUND);
}

#[test]
fn stopping_closes_connections() {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.info("status"), "ok");
    drop(server);
    assert!(client.is_closed());
}

#[test]
fn concurrent_writes_are_not_lost() {
    const THREADS: i64 = 8;
    const WRITES: i64 = 500;
    let server = TestServer::start();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let mut client = server.connect();
            scope.spawn(move || {
                let add = Request::put(1).op(5, 1, "a", &1i64.to_be_bytes()).bytes();
                for _ in 0..WRITES {
                    assert_eq!(client.call(&add).result, OK);
                }
            });
        }
    });
    let reply = server.connect().call(&Request::get(1).bytes());
    assert_eq!(reply.bins()[0].2, (THREADS * WRITES).to_be_bytes());
    assert_eq!(i64::from(reply.generation), THREADS * WRITES);
}
