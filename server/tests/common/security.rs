//! Messages of users and roles, as clients send them.

use aerospike_local::security::SecurityConfig;

use super::wire::proto;
use super::{Client, TestServer};

pub const OK: u8 = 0;
pub const QUERY_END: u8 = 50;
pub const NOT_SUPPORTED: u8 = 51;
pub const INVALID_COMMAND: u8 = 54;
pub const INVALID_FIELD: u8 = 55;
pub const INVALID_USER: u8 = 60;
pub const USER_EXISTS: u8 = 61;
pub const INVALID_PASSWORD: u8 = 62;
pub const FORBIDDEN_PASSWORD: u8 = 64;
pub const INVALID_CREDENTIAL: u8 = 65;
pub const EXPIRED_SESSION: u8 = 66;
pub const INVALID_ROLE: u8 = 70;
pub const ROLE_EXISTS: u8 = 71;
pub const INVALID_PRIVILEGE: u8 = 72;
pub const INVALID_ALLOWLIST: u8 = 73;
pub const QUOTAS_NOT_ENABLED: u8 = 74;
pub const NOT_AUTHENTICATED: u8 = 80;
pub const ROLE_VIOLATION: u8 = 81;
pub const NOT_ALLOWLISTED: u8 = 82;
pub const QUOTA_EXCEEDED: u8 = 83;

/// Hashes of clients, of `admin`, `password`, `aerospike` and `nopassword`.
pub const ADMIN: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa";
pub const PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOqUH6KN8IKy3Yk5Kz..RHGKNAUCoP/LG";
pub const AEROSPIKE: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOg3vLO9BrDMi.IgzR5fG6wXhnUUDTrIG";
pub const NO_PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOePA2sZy..tlOF99W2N0g5KZ3dLaw8WO";

pub mod command {
    pub const AUTHENTICATE: u8 = 0;
    pub const CREATE_USER: u8 = 1;
    pub const DROP_USER: u8 = 2;
    pub const SET_PASSWORD: u8 = 3;
    pub const CHANGE_PASSWORD: u8 = 4;
    pub const GRANT_ROLES: u8 = 5;
    pub const REVOKE_ROLES: u8 = 6;
    pub const QUERY_USERS: u8 = 9;
    pub const CREATE_ROLE: u8 = 10;
    pub const DROP_ROLE: u8 = 11;
    pub const GRANT_PRIVILEGES: u8 = 12;
    pub const REVOKE_PRIVILEGES: u8 = 13;
    pub const SET_ALLOWLIST: u8 = 14;
    pub const SET_QUOTAS: u8 = 15;
    pub const QUERY_ROLES: u8 = 16;
    pub const LOGIN: u8 = 20;
}

pub mod id {
    pub const USER: u8 = 0;
    pub const PASSWORD: u8 = 1;
    pub const OLD_PASSWORD: u8 = 2;
    pub const CREDENTIAL: u8 = 3;
    pub const CLEAR_PASSWORD: u8 = 4;
    pub const SESSION_TOKEN: u8 = 5;
    pub const SESSION_TTL: u8 = 6;
    pub const ROLES: u8 = 10;
    pub const ROLE: u8 = 11;
    pub const PRIVILEGES: u8 = 12;
    pub const ALLOWLIST: u8 = 13;
    pub const READ_QUOTA: u8 = 14;
    pub const WRITE_QUOTA: u8 = 15;
    pub const READ_INFO: u8 = 16;
    pub const CONNECTIONS: u8 = 18;
}

pub mod privilege {
    pub const SYS_ADMIN: u8 = 1;
    pub const UDF_ADMIN: u8 = 3;
    pub const SINDEX_ADMIN: u8 = 4;
    pub const READ: u8 = 10;
    pub const READ_WRITE: u8 = 11;
    pub const READ_WRITE_UDF: u8 = 12;
    pub const WRITE: u8 = 13;
    pub const TRUNCATE: u8 = 14;
}

/// A security message of a reply.
#[derive(Debug)]
pub struct Part {
    pub result: u8,
    pub fields: Vec<(u8, Vec<u8>)>,
}

impl Part {
    pub fn field(&self, id: u8) -> Option<&[u8]> {
        self.fields.iter().find(|field| field.0 == id).map(|field| &*field.1)
    }

    pub fn number(&self, id: u8) -> Option<u32> {
        self.field(id)
            .map(|value| u32::from_be_bytes(value.try_into().unwrap()))
    }
}

pub fn parts(mut body: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    while !body.is_empty() {
        let (result, count) = (body[1], body[3]);
        let mut at = 16;
        let mut fields = Vec::new();
        for _ in 0..count {
            let size = u32::from_be_bytes(body[at..at + 4].try_into().unwrap()) as usize;
            fields.push((body[at + 4], body[at + 5..at + 4 + size].to_vec()));
            at += 4 + size;
        }
        parts.push(Part { result, fields });
        body = &body[at..];
    }
    parts
}

pub fn message(command: u8, fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut body = vec![0, 0, command, fields.len() as u8];
    body.extend_from_slice(&[0; 12]);
    for (id, value) in fields {
        body.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
        body.push(*id);
        body.extend_from_slice(value);
    }
    proto(2, &body)
}

/// A connection that sends security messages.
pub trait Administer {
    fn parts(&mut self, command: u8, fields: &[(u8, &[u8])]) -> Vec<Part>;

    /// Sends a command and returns the result code.
    fn admin(&mut self, command: u8, fields: &[(u8, &[u8])]) -> u8 {
        self.parts(command, fields)[0].result
    }

    fn log_in(&mut self, user: &str, hash: &str) -> Part {
        let fields = [(id::USER, user.as_bytes()), (id::CREDENTIAL, hash.as_bytes())];
        self.parts(command::LOGIN, &fields).remove(0)
    }

    fn create_user(&mut self, user: &str, roles: &[&str]) -> u8 {
        let fields = [
            (id::USER, user.as_bytes()),
            (id::PASSWORD, PASSWORD.as_bytes()),
            (id::ROLES, &names(roles)),
        ];
        self.admin(command::CREATE_USER, &fields)
    }

    fn create_role(&mut self, role: &str, privileges: &[(u8, &str, &str)]) -> u8 {
        let fields = [(id::ROLE, role.as_bytes()), (id::PRIVILEGES, &encode(privileges))];
        self.admin(command::CREATE_ROLE, &fields)
    }
}

impl Administer for Client {
    fn parts(&mut self, command: u8, fields: &[(u8, &[u8])]) -> Vec<Part> {
        self.send(&message(command, fields));
        let (kind, body) = self.receive();
        assert_eq!(kind, 2);
        parts(&body)
    }
}

pub fn names(names: &[&str]) -> Vec<u8> {
    let mut out = vec![names.len() as u8];
    for name in names {
        out.push(name.len() as u8);
        out.extend_from_slice(name.as_bytes());
    }
    out
}

pub fn encode(privileges: &[(u8, &str, &str)]) -> Vec<u8> {
    let mut out = vec![privileges.len() as u8];
    for (code, namespace, set) in privileges {
        out.push(*code);
        if *code >= privilege::READ {
            for part in [namespace, set] {
                out.push(part.len() as u8);
                out.extend_from_slice(part.as_bytes());
            }
        }
    }
    out
}

pub fn secure() -> TestServer {
    TestServer::with(|config| config.security = Some(SecurityConfig::default()))
}

pub fn admin(server: &TestServer) -> Client {
    let mut client = server.connect();
    assert_eq!(client.log_in("admin", ADMIN).result, OK);
    client
}

/// A connection of a new user.
pub fn user(server: &TestServer, name: &str, roles: &[&str]) -> Client {
    assert_eq!(admin(server).create_user(name, roles), OK);
    let mut client = server.connect();
    assert_eq!(client.log_in(name, PASSWORD).result, OK);
    client
}

pub fn token(login: &Part) -> Vec<u8> {
    login.field(id::SESSION_TOKEN).unwrap().to_vec()
}
