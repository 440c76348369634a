//! A server with transactions, and the requests that clients send for them.

use aerospike_local::StrongConsistency;
use aerospike_local::record::digest::Digest;

use super::wire::{DELETE, NO_BIN_DATA, READ, RESPOND_ALL, Reply, Request, WRITE, digest};
use super::{Client, TestServer};

pub const VERSION: u8 = 3;
pub const ID: u8 = 5;
pub const DEADLINE: u8 = 6;
pub const DURABLE: u8 = 16;
pub const VERIFY: u8 = 1;
pub const FORWARD: u8 = 2;
pub const BACK: u8 = 4;

/// A transaction of a client.
pub struct Txn {
    pub id: i64,
    pub deadline: Option<u32>,
}

impl Txn {
    pub fn new(id: i64) -> Self {
        Self { id, deadline: None }
    }

    pub fn monitor(&self, info1: u8, info2: u8) -> Request {
        let mut key = vec![1];
        key.extend_from_slice(&self.id.to_be_bytes());
        Request::on(0, info1, info2)
            .field(1, b"<ERO~MRT")
            .field(4, &Digest::of_key(b"<ERO~MRT", &key).0)
    }

    /// The request that adds records to the monitor. The first one creates it.
    pub fn adding(&self, records: &[[u8; 20]], begins: bool, seconds: u32) -> Request {
        let mut request = self.monitor(0, WRITE | RESPOND_ALL).ttl(seconds);
        if begins {
            request = request.int("id", self.id);
        }
        // Append items: ordered, unique, no failures, partial.
        let mut items = vec![0x94, 2, 0xdc];
        items.extend_from_slice(&(records.len() as u16).to_be_bytes());
        for record in records {
            items.extend_from_slice(&[0xb5, 4]);
            items.extend_from_slice(record);
        }
        items.extend_from_slice(&[1, 13]);
        request.op(4, 4, "keyds", &items)
    }

    /// Adds a record to the monitor.
    pub fn add(&mut self, client: &mut Client, n: u8) {
        let reply = client.call(&self.adding(&[digest(n)], self.deadline.is_none(), 0).bytes());
        assert_eq!(reply.result, 0);
        let deadline = reply.field(DEADLINE).unwrap();
        self.deadline = Some(u32::from_le_bytes(deadline.try_into().unwrap()));
    }

    /// Makes a request part of the transaction.
    pub fn bind(&self, request: Request) -> Request {
        let request = request.field(ID, &self.id.to_le_bytes());
        match self.deadline {
            Some(deadline) if request.info[1] & WRITE != 0 => request.field(DEADLINE, &deadline.to_le_bytes()),
            _ => request,
        }
    }

    pub fn get(&self, n: u8) -> Vec<u8> {
        self.bind(Request::get(n)).bytes()
    }

    pub fn put(&self, n: u8, value: i64) -> Vec<u8> {
        self.bind(Request::put(n).int("a", value)).bytes()
    }

    pub fn delete(&self, n: u8) -> Vec<u8> {
        self.bind(durable_delete(n)).bytes()
    }

    pub fn roll(&self, n: u8, how: u8) -> Vec<u8> {
        Request::on(n, 0, WRITE | DURABLE)
            .info(4, how)
            .field(ID, &self.id.to_le_bytes())
            .bytes()
    }

    pub fn mark(&self) -> Vec<u8> {
        self.monitor(0, WRITE).op(2, 17, "fwd", &[1]).bytes()
    }

    pub fn close(&self) -> Vec<u8> {
        self.monitor(0, WRITE | DELETE | DURABLE).bytes()
    }
}

pub fn durable_delete(n: u8) -> Request {
    Request::delete(n).info(2, DURABLE)
}

pub fn verify(n: u8, version: &[u8]) -> Vec<u8> {
    Request::on(n, READ | NO_BIN_DATA, 0)
        .info(3, 64)
        .info(4, VERIFY)
        .field(VERSION, version)
        .bytes()
}

/// The value of the bin `a`; `None` if the record does not exist.
pub fn value(reply: &Reply) -> Option<i64> {
    match reply.result {
        0 => Some(i64::from_be_bytes(reply.ops[0].3.as_slice().try_into().unwrap())),
        2 => None,
        result => panic!("result code {result}"),
    }
}

/// A server whose namespace `test` has strong consistency, and `demo` has not.
pub fn start() -> TestServer {
    TestServer::with(|config| {
        config.strong_consistency = Some(StrongConsistency {
            namespaces: vec!["test".to_owned()],
            ..StrongConsistency::default()
        });
    })
}

pub fn put(client: &mut Client, n: u8, value: i64) -> u8 {
    client.call(&Request::put(n).int("a", value).bytes()).result
}

pub fn get(client: &mut Client, n: u8) -> Option<i64> {
    value(&client.call(&Request::get(n).bytes()))
}
