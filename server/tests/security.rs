//! Access control: logins, sessions, users, roles, and the privileges that commands need.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use aerospike_local::security::{InitialUser, SecurityConfig};
use common::wire::{GET_ALL, READ, Request, WRITE, batch, proto};
use common::{Client, TestServer};

const OK: u8 = 0;
const QUERY_END: u8 = 50;
const NOT_SUPPORTED: u8 = 51;
const INVALID_COMMAND: u8 = 54;
const INVALID_FIELD: u8 = 55;
const INVALID_USER: u8 = 60;
const USER_EXISTS: u8 = 61;
const INVALID_PASSWORD: u8 = 62;
const FORBIDDEN_PASSWORD: u8 = 64;
const INVALID_CREDENTIAL: u8 = 65;
const EXPIRED_SESSION: u8 = 66;
const INVALID_ROLE: u8 = 70;
const ROLE_EXISTS: u8 = 71;
const INVALID_PRIVILEGE: u8 = 72;
const INVALID_ALLOWLIST: u8 = 73;
const QUOTAS_NOT_ENABLED: u8 = 74;
const NOT_AUTHENTICATED: u8 = 80;
const ROLE_VIOLATION: u8 = 81;
const NOT_ALLOWLISTED: u8 = 82;
const QUOTA_EXCEEDED: u8 = 83;

/// Hashes of clients, of `admin`, `password`, `aerospike` and `nopassword`.
const ADMIN: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa";
const PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOqUH6KN8IKy3Yk5Kz..RHGKNAUCoP/LG";
const AEROSPIKE: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOg3vLO9BrDMi.IgzR5fG6wXhnUUDTrIG";
const NO_PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOePA2sZy..tlOF99W2N0g5KZ3dLaw8WO";

mod command {
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

mod id {
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

mod privilege {
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
struct Part {
    result: u8,
    fields: Vec<(u8, Vec<u8>)>,
}

impl Part {
    fn field(&self, id: u8) -> Option<&[u8]> {
        self.fields.iter().find(|field| field.0 == id).map(|field| &*field.1)
    }

    fn number(&self, id: u8) -> Option<u32> {
        self.field(id)
            .map(|value| u32::from_be_bytes(value.try_into().unwrap()))
    }
}

fn parts(mut body: &[u8]) -> Vec<Part> {
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

fn message(command: u8, fields: &[(u8, &[u8])]) -> Vec<u8> {
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
trait Administer {
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

fn names(names: &[&str]) -> Vec<u8> {
    let mut out = vec![names.len() as u8];
    for name in names {
        out.push(name.len() as u8);
        out.extend_from_slice(name.as_bytes());
    }
    out
}

fn encode(privileges: &[(u8, &str, &str)]) -> Vec<u8> {
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

fn secure() -> TestServer {
    TestServer::with(|config| config.security = Some(SecurityConfig::default()))
}

fn admin(server: &TestServer) -> Client {
    let mut client = server.connect();
    assert_eq!(client.log_in("admin", ADMIN).result, OK);
    client
}

/// A connection of a new user.
fn user(server: &TestServer, name: &str, roles: &[&str]) -> Client {
    assert_eq!(admin(server).create_user(name, roles), OK);
    let mut client = server.connect();
    assert_eq!(client.log_in(name, PASSWORD).result, OK);
    client
}

fn token(login: &Part) -> Vec<u8> {
    login.field(id::SESSION_TOKEN).unwrap().to_vec()
}

#[test]
fn without_security_there_are_no_users() {
    let server = TestServer::start();
    let mut client = server.connect();
    assert_eq!(client.log_in("admin", ADMIN).result, NOT_SUPPORTED);
    assert_eq!(client.create_user("ada", &[]), NOT_SUPPORTED);
    assert_eq!(client.call(&Request::put(1).int("a", 1).bytes()).result, OK);
}

#[test]
fn clients_have_to_log_in() {
    let server = secure();
    let mut client = server.connect();
    assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_AUTHENTICATED);
    assert_eq!(client.info("node"), "ERROR:80:not authenticated");
    assert_eq!(client.create_user("ada", &[]), NOT_AUTHENTICATED);
    let rows = client.ask_many(&batch(0, &[Request::get(1)]).bytes());
    assert_eq!((rows.len(), rows[0].result), (1, NOT_AUTHENTICATED));
    for (user, hash, result) in [
        ("admin", PASSWORD, INVALID_CREDENTIAL),
        ("admin", "admin", INVALID_CREDENTIAL),
        ("nobody", ADMIN, INVALID_USER),
    ] {
        assert_eq!(client.log_in(user, hash).result, result, "{user}");
        assert_eq!(client.call(&Request::get(1).bytes()).result, NOT_AUTHENTICATED);
    }
    let login = client.log_in("admin", ADMIN);
    assert_eq!((login.result, login.number(id::SESSION_TTL)), (OK, Some(86_400)));
    assert_eq!(client.call(&Request::put(1).int("a", 1).bytes()).result, OK);
    assert_eq!(client.info("node"), server.server().node(0).unwrap().id());
}

#[test]
fn tokens_authenticate_until_the_session_expires() {
    let server = TestServer::with(|config| {
        config.security = Some(SecurityConfig {
            session_ttl_s: 100,
            ..SecurityConfig::default()
        });
    });
    let mut first = server.connect();
    let login = first.log_in("admin", ADMIN);
    assert_eq!(login.number(id::SESSION_TTL), Some(100));
    let token = token(&login);
    let authenticate = |user: &str, token: &[u8]| {
        let mut client = server.connect();
        let fields = [(id::USER, user.as_bytes()), (id::SESSION_TOKEN, token)];
        let result = client.admin(command::AUTHENTICATE, &fields);
        assert_eq!(client.info("status") == "ok", result == OK);
        result
    };
    assert_eq!(authenticate("admin", &token), OK);
    assert_eq!(authenticate("ada", &token), INVALID_CREDENTIAL);
    assert_eq!(authenticate("admin", b"token"), INVALID_CREDENTIAL);
    server.clock.advance_ms(99_000);
    assert_eq!(authenticate("admin", &token), OK);
    server.clock.advance_ms(1_000);
    assert_eq!(authenticate("admin", &token), EXPIRED_SESSION);
    // The connections of the session stay open.
    assert_eq!(first.info("status"), "ok");
}

#[test]
fn sessions_can_be_expired_at_once() {
    let server = secure();
    let token = token(&server.connect().log_in("admin", ADMIN));
    server.server().expire_sessions().unwrap();
    let fields = [(id::USER, &b"admin"[..]), (id::SESSION_TOKEN, &token)];
    assert_eq!(server.connect().admin(command::AUTHENTICATE, &fields), EXPIRED_SESSION);
    assert!(TestServer::start().server().expire_sessions().is_err());
}

#[test]
fn tokens_are_valid_on_every_node() {
    let server = TestServer::with(|config| {
        config.nodes = 2;
        config.security = Some(SecurityConfig::default());
    });
    let token = token(&server.connect_to(0).log_in("admin", ADMIN));
    let mut second = server.connect_to(1);
    assert_eq!(second.admin(command::AUTHENTICATE, &[(id::SESSION_TOKEN, &token)]), OK);
    assert_eq!(second.create_user("ada", &["read"]), OK);
    assert_eq!(server.connect_to(0).log_in("ada", PASSWORD).result, OK);
}

#[test]
fn users_are_created_queried_and_dropped() {
    let server = secure();
    let mut admin = admin(&server);
    assert_eq!(admin.create_user("ada", &["read", "write"]), OK);
    assert_eq!(admin.create_user("ada", &[]), USER_EXISTS);
    assert_eq!(admin.create_user("bob", &["reader"]), INVALID_ROLE);
    assert_eq!(admin.create_user("a:b", &[]), INVALID_USER);
    assert_eq!(admin.create_user("", &[]), INVALID_USER);
    assert_eq!(admin.create_user(&"x".repeat(64), &[]), INVALID_USER);
    let clear = [(id::USER, &b"bob"[..]), (id::PASSWORD, b"secret")];
    assert_eq!(admin.admin(command::CREATE_USER, &clear), INVALID_PASSWORD);
    assert_eq!(admin.admin(command::CREATE_USER, &[]), INVALID_FIELD);

    let all = admin.parts(command::QUERY_USERS, &[]);
    let users: Vec<_> = all.iter().filter_map(|part| part.field(id::USER)).collect();
    assert_eq!(users, [&b"ada"[..], b"admin"]);
    assert_eq!(all.last().unwrap().result, QUERY_END);
    assert_eq!(all[0].field(id::ROLES).unwrap(), names(&["read", "write"]));
    assert_eq!(
        (all[0].number(id::CONNECTIONS), all[1].number(id::CONNECTIONS)),
        (Some(0), Some(1))
    );
    let one = admin.parts(command::QUERY_USERS, &[(id::USER, b"ada")]);
    assert_eq!((one.len(), one[0].field(id::USER)), (2, Some(&b"ada"[..])));
    assert_eq!(admin.admin(command::QUERY_USERS, &[(id::USER, b"bob")]), INVALID_USER);

    let with = |roles: &[&str]| [(id::USER, b"ada".to_vec()), (id::ROLES, names(roles))];
    let mut change = |command, roles: &[&str]| {
        let fields = with(roles);
        let fields: Vec<_> = fields.iter().map(|(id, value)| (*id, &**value)).collect();
        let result = admin.admin(command, &fields);
        let user = admin.parts(command::QUERY_USERS, &[(id::USER, b"ada")]).remove(0);
        (result, user.field(id::ROLES).unwrap().to_vec())
    };
    let roles = names(&["read", "truncate", "write"]);
    assert_eq!(change(command::GRANT_ROLES, &["truncate", "read"]), (OK, roles.clone()));
    assert_eq!(change(command::GRANT_ROLES, &["nothing"]), (INVALID_ROLE, roles));
    assert_eq!(
        change(command::REVOKE_ROLES, &["read", "write"]),
        (OK, names(&["truncate"]))
    );
    assert_eq!(admin.admin(command::GRANT_ROLES, &[(id::USER, b"bob")]), INVALID_USER);

    assert_eq!(admin.admin(command::DROP_USER, &[(id::USER, b"ada")]), OK);
    assert_eq!(admin.admin(command::DROP_USER, &[(id::USER, b"ada")]), INVALID_USER);
    assert_eq!(admin.admin(99, &[]), INVALID_COMMAND);
}

#[test]
fn dropped_users_lose_their_connections_and_sessions() {
    let server = secure();
    let mut ada = user(&server, "ada", &["read"]);
    let token = token(&ada.log_in("ada", PASSWORD));
    assert_eq!(admin(&server).admin(command::DROP_USER, &[(id::USER, b"ada")]), OK);
    assert_eq!(ada.call(&Request::get(1).bytes()).result, NOT_AUTHENTICATED);
    assert_eq!(ada.info("status"), "ERROR:80:not authenticated");
    assert_eq!(
        ada.admin(command::AUTHENTICATE, &[(id::SESSION_TOKEN, &token)]),
        INVALID_CREDENTIAL
    );
    assert_eq!(ada.log_in("ada", PASSWORD).result, INVALID_USER);
}

#[test]
fn passwords_are_changed() {
    let server = secure();
    let mut ada = user(&server, "ada", &["read"]);
    let change = |user: &'static [u8], old: &'static str, new: &'static str| {
        [
            (id::USER, user),
            (id::OLD_PASSWORD, old.as_bytes()),
            (id::PASSWORD, new.as_bytes()),
        ]
    };
    let wrong = change(b"ada", ADMIN, AEROSPIKE);
    assert_eq!(ada.admin(command::CHANGE_PASSWORD, &wrong), INVALID_PASSWORD);
    let others = change(b"admin", ADMIN, AEROSPIKE);
    assert_eq!(ada.admin(command::CHANGE_PASSWORD, &others), ROLE_VIOLATION);
    let own = change(b"ada", PASSWORD, AEROSPIKE);
    assert_eq!(ada.admin(command::CHANGE_PASSWORD, &own), OK);
    assert_eq!(ada.log_in("ada", PASSWORD).result, INVALID_CREDENTIAL);
    assert_eq!(ada.log_in("ada", AEROSPIKE).result, OK);

    let set = [(id::USER, &b"ada"[..]), (id::PASSWORD, PASSWORD.as_bytes())];
    assert_eq!(ada.admin(command::SET_PASSWORD, &set), ROLE_VIOLATION);
    assert_eq!(admin(&server).admin(command::SET_PASSWORD, &set), OK);
    assert_eq!(ada.log_in("ada", PASSWORD).result, OK);
    let unknown = [(id::USER, &b"bob"[..]), (id::PASSWORD, PASSWORD.as_bytes())];
    assert_eq!(admin(&server).admin(command::SET_PASSWORD, &unknown), INVALID_USER);
}

#[test]
fn users_without_password_cannot_log_in_with_one() {
    let server = secure();
    let mut admin = admin(&server);
    let fields = [(id::USER, &b"pki"[..]), (id::PASSWORD, NO_PASSWORD.as_bytes())];
    assert_eq!(admin.admin(command::CREATE_USER, &fields), OK);
    assert_eq!(server.connect().log_in("pki", NO_PASSWORD).result, INVALID_CREDENTIAL);
    let set = [(id::USER, &b"pki"[..]), (id::PASSWORD, PASSWORD.as_bytes())];
    assert_eq!(admin.admin(command::SET_PASSWORD, &set), FORBIDDEN_PASSWORD);
    // Without TLS, there is no certificate that names a user.
    assert_eq!(server.connect().admin(command::LOGIN, &[]), INVALID_CREDENTIAL);
}

#[test]
fn external_users_send_their_password() {
    let server = TestServer::with(|config| {
        let mut security = SecurityConfig::default();
        security.users.push(InitialUser {
            name: "ldap".to_owned(),
            password: Some("secret".to_owned()),
            roles: vec!["read".to_owned()],
            external: true,
        });
        config.security = Some(security);
    });
    let mut client = server.connect();
    let mut log_in = |clear: &[u8]| {
        let fields = [
            (id::USER, &b"ldap"[..]),
            (id::CREDENTIAL, PASSWORD.as_bytes()),
            (id::CLEAR_PASSWORD, clear),
        ];
        client.admin(command::LOGIN, &fields)
    };
    assert_eq!(log_in(b"wrong"), INVALID_CREDENTIAL);
    assert_eq!(log_in(b"secret"), OK);
    assert_eq!(client.log_in("ldap", PASSWORD).result, INVALID_CREDENTIAL);
}

#[test]
fn roles_are_created_changed_and_dropped() {
    let server = secure();
    let mut admin = admin(&server);
    let privileges = [(privilege::READ, "test", "set"), (privilege::SYS_ADMIN, "", "")];
    assert_eq!(admin.create_role("role", &privileges), OK);
    assert_eq!(admin.create_role("role", &[]), ROLE_EXISTS);
    assert_eq!(admin.create_role("read", &[]), ROLE_EXISTS);
    assert_eq!(admin.create_role("a;b", &[]), INVALID_ROLE);
    assert_eq!(admin.create_role("bad", &[(99, "", "")]), INVALID_PRIVILEGE);
    assert_eq!(
        admin.create_role("bad", &[(privilege::READ, "", "set")]),
        INVALID_PRIVILEGE
    );

    let of_role = (id::ROLE, &b"role"[..]);
    let query = |admin: &mut Client| admin.parts(command::QUERY_ROLES, &[of_role]).remove(0);
    let found = query(&mut admin);
    let sorted = [(privilege::SYS_ADMIN, "", ""), (privilege::READ, "test", "set")];
    assert_eq!(found.field(id::PRIVILEGES).unwrap(), encode(&sorted));
    assert_eq!((found.field(id::ALLOWLIST), found.number(id::READ_QUOTA)), (None, None));

    let write = encode(&[(privilege::WRITE, "test", "")]);
    let fields = [of_role, (id::PRIVILEGES, &write)];
    assert_eq!(admin.admin(command::GRANT_PRIVILEGES, &fields), OK);
    let granted = [sorted[0], sorted[1], (privilege::WRITE, "test", "")];
    assert_eq!(query(&mut admin).field(id::PRIVILEGES).unwrap(), encode(&granted));
    assert_eq!(admin.admin(command::REVOKE_PRIVILEGES, &fields), OK);
    assert_eq!(query(&mut admin).field(id::PRIVILEGES).unwrap(), encode(&sorted));

    let list = |text: &'static [u8]| [of_role, (id::ALLOWLIST, text)];
    assert_eq!(admin.admin(command::SET_ALLOWLIST, &list(b"10.0.0.0/8,::1")), OK);
    assert_eq!(query(&mut admin).field(id::ALLOWLIST), Some(&b"10.0.0.0/8,::1"[..]));
    for wrong in [&b""[..], b"everywhere", b"10.0.0.0/64"] {
        assert_eq!(admin.admin(command::SET_ALLOWLIST, &list(wrong)), INVALID_ALLOWLIST);
    }
    assert_eq!(admin.admin(command::SET_ALLOWLIST, &[of_role]), OK);
    assert_eq!(query(&mut admin).field(id::ALLOWLIST), None);

    let quotas = [
        of_role,
        (id::READ_QUOTA, &[0, 0, 0, 7]),
        (id::WRITE_QUOTA, &[0, 0, 0, 9]),
    ];
    assert_eq!(admin.admin(command::SET_QUOTAS, &quotas), OK);
    let found = query(&mut admin);
    assert_eq!(
        (found.number(id::READ_QUOTA), found.number(id::WRITE_QUOTA)),
        (Some(7), Some(9))
    );

    let roles = admin.parts(command::QUERY_ROLES, &[]);
    assert_eq!(roles.len(), 13 + 1 + 1);
    assert_eq!(admin.create_user("ada", &["role"]), OK);
    assert_eq!(admin.admin(command::DROP_ROLE, &[of_role]), OK);
    let ada = admin.parts(command::QUERY_USERS, &[(id::USER, b"ada")]).remove(0);
    assert_eq!(ada.field(id::ROLES).unwrap(), names(&[]));
    for command in [command::DROP_ROLE, command::QUERY_ROLES, command::SET_QUOTAS] {
        assert_eq!(admin.admin(command, &[of_role]), INVALID_ROLE);
    }
    // Predefined roles cannot be changed.
    assert_eq!(admin.admin(command::DROP_ROLE, &[(id::ROLE, b"read")]), INVALID_ROLE);
    assert_eq!(
        admin.admin(command::GRANT_PRIVILEGES, &[(id::ROLE, b"read")]),
        INVALID_ROLE
    );
}

#[test]
fn only_user_admins_administer() {
    let server = secure();
    let mut ada = user(&server, "ada", &["read-write-udf", "sys-admin", "data-admin"]);
    assert_eq!(ada.create_user("bob", &[]), ROLE_VIOLATION);
    assert_eq!(ada.create_role("role", &[]), ROLE_VIOLATION);
    assert_eq!(ada.admin(command::DROP_USER, &[(id::USER, b"admin")]), ROLE_VIOLATION);
    assert_eq!(ada.admin(command::QUERY_USERS, &[]), ROLE_VIOLATION);
    assert_eq!(ada.admin(command::QUERY_USERS, &[(id::USER, b"admin")]), ROLE_VIOLATION);
    assert_eq!(
        ada.admin(command::QUERY_ROLES, &[(id::ROLE, b"user-admin")]),
        ROLE_VIOLATION
    );
    // Users may query themselves and their roles.
    assert_eq!(ada.admin(command::QUERY_USERS, &[(id::USER, b"ada")]), OK);
    assert_eq!(ada.admin(command::QUERY_ROLES, &[(id::ROLE, b"sys-admin")]), OK);
    let mut bob = user(&server, "bob", &["user-admin"]);
    assert_eq!(bob.create_user("eve", &["read"]), OK);
    assert_eq!(bob.call(&Request::get(1).bytes()).result, ROLE_VIOLATION);
}

/// Commands on records, each with the privileges that permit it.
#[test]
fn commands_need_privileges() {
    let server = secure();
    let all = [
        privilege::READ,
        privilege::WRITE,
        privilege::READ_WRITE,
        privilege::READ_WRITE_UDF,
        privilege::TRUNCATE,
        privilege::SYS_ADMIN,
    ];
    let names = ["read", "write", "read-write", "read-write-udf", "truncate", "sys-admin"];
    let put = Request::put(1).int("a", 1);
    let operate = Request::on(1, READ, WRITE).int("a", 1).op(1, 0, "a", b"");
    let apply = Request::put(1)
        .field(30, b"module")
        .field(31, b"function")
        .field(32, b"\x90");
    let exists = Request::on(1, READ | 32, 0);
    let commands: [(&str, Request, &[u8]); 6] = [
        ("get", Request::get(1), &[10, 11, 12]),
        ("exists", exists, &[10, 11, 12]),
        ("put", put, &[11, 12, 13]),
        ("operate", operate, &[11, 12]),
        ("apply", apply, &[12]),
        ("delete", Request::delete(9), &[11, 12, 13]),
    ];
    for (code, name) in all.into_iter().zip(names) {
        let mut client = user(&server, name, &[name]);
        for (what, request, permitted) in &commands {
            let expected = !permitted.contains(&code);
            let refused = client.call(&request.bytes()).result == ROLE_VIOLATION;
            assert_eq!(refused, expected, "{what} with {name}");
            let rows = client.ask_many(&batch(4, &[request.clone(), request.clone()]).bytes());
            assert_eq!(
                rows[0].result == ROLE_VIOLATION,
                expected,
                "{what} in a batch with {name}"
            );
        }
    }
}

fn scan(rate: u32) -> Request {
    Request {
        info: [READ | GET_ALL, 0, 4, 0],
        ..Request::default()
    }
    .field(0, b"test")
    .field(1, b"set")
    .field(10, &rate.to_be_bytes())
    .field(11, &[0, 0])
}

#[test]
fn queries_need_privileges() {
    let server = secure();
    let background = Request {
        info: [0, WRITE, 4, 0],
        ..scan(0)
    }
    .int("a", 1);
    let applied = scan(0)
        .field(33, &[2])
        .field(30, b"module")
        .field(31, b"function")
        .field(32, b"\x90");
    for (role, reads, writes, applies) in [
        ("read", true, false, false),
        ("write", false, true, false),
        ("read-write", true, true, false),
        ("read-write-udf", true, true, true),
        ("sys-admin", false, false, false),
    ] {
        let mut client = user(&server, role, &[role]);
        let mut permits = |request: &Request| client.ask_many(&request.bytes())[0].result != ROLE_VIOLATION;
        assert_eq!(permits(&scan(0)), reads, "query with {role}");
        assert_eq!(permits(&background), writes, "background query with {role}");
        assert_eq!(permits(&applied), applies, "UDF with {role}");
    }
}

#[test]
fn scopes_limit_privileges() {
    let server = secure();
    let mut admin = admin(&server);
    let scoped = [
        (privilege::READ_WRITE, "test", "set"),
        (privilege::TRUNCATE, "test", "set"),
    ];
    assert_eq!(admin.create_role("scoped", &scoped), OK);
    let mut ada = user(&server, "ada", &["scoped"]);
    assert_eq!(ada.call(&Request::put(1).int("a", 1).bytes()).result, OK);
    let elsewhere = Request::put(1).int("a", 1).field(1, b"other");
    assert_eq!(ada.call(&elsewhere.bytes()).result, ROLE_VIOLATION);
    assert_eq!(ada.call(&Request::get(1).without(1).bytes()).result, ROLE_VIOLATION);
    assert_eq!(
        ada.call(&Request::get(1).field(0, b"demo").bytes()).result,
        ROLE_VIOLATION
    );
    let rows = ada.ask_many(&batch(4, &[Request::get(1), elsewhere, Request::get(1)]).bytes());
    let results: Vec<_> = rows.iter().map(|row| row.result).collect();
    assert_eq!(results, [OK, ROLE_VIOLATION, OK, OK]);
    assert_eq!(ada.ask_many(&scan(0).bytes()).last().unwrap().result, OK);
    assert_eq!(ada.ask_many(&scan(0).without(1).bytes())[0].result, ROLE_VIOLATION);
    server.clock.advance_ms(1_000);
    assert_eq!(ada.info("truncate:namespace=test;set=set"), "ok");
    assert_eq!(ada.info("truncate:namespace=test;set=other"), "ERROR:81:role violation");
    assert_eq!(ada.info("truncate-namespace:namespace=test"), "ERROR:81:role violation");
}

#[test]
fn info_commands_need_privileges() {
    let server = secure();
    let commands = [
        ("truncate-namespace:namespace=demo", "truncate"),
        (
            "sindex-create:namespace=test;set=set;indexname=i;bin=a;type=numeric",
            "sindex-admin",
        ),
        ("sindex-delete:namespace=test;indexname=i", "sindex-admin"),
        (
            "udf-put:filename=a.lua;udf-type=LUA;content-len=4;content=LS1h",
            "udf-admin",
        ),
        ("udf-remove:filename=a.lua", "udf-admin"),
        ("query-abort:id=1", "data-admin"),
        ("set-config:context=service;query-max-done=10", "sys-admin"),
    ];
    server.clock.advance_ms(1_000);
    for (command, role) in commands {
        let name = format!("with {command}").replace([':', ';'], " ");
        let mut with = user(&server, &name[..name.len().min(60)], &[role]);
        let mut without = user(
            &server,
            &format!("no {name}")[..name.len().min(60)],
            &["read-write-udf"],
        );
        assert_eq!(without.info(command), "ERROR:81:role violation", "{command}");
        assert_ne!(with.info(command), "ERROR:81:role violation", "{command} with {role}");
        assert_eq!(without.info("status"), "ok");
    }
    let admin = [privilege::UDF_ADMIN, privilege::SINDEX_ADMIN].map(|code| (code, "", ""));
    assert_eq!(self::admin(&server).create_role("both", &admin), OK);
}

#[test]
fn changes_of_roles_take_effect_on_open_connections() {
    let server = secure();
    let mut ada = user(&server, "ada", &[]);
    let mut admin = admin(&server);
    let get = Request::get(1).bytes();
    assert_eq!(ada.call(&get).result, ROLE_VIOLATION);
    assert_eq!(admin.create_role("role", &[]), OK);
    let grant = [(id::USER, &b"ada"[..]), (id::ROLES, &names(&["role"]))];
    assert_eq!(admin.admin(command::GRANT_ROLES, &grant), OK);
    assert_eq!(ada.call(&get).result, ROLE_VIOLATION);
    let read = [
        (id::ROLE, &b"role"[..]),
        (id::PRIVILEGES, &encode(&[(privilege::READ, "", "")])),
    ];
    assert_eq!(admin.admin(command::GRANT_PRIVILEGES, &read), OK);
    assert_eq!(ada.call(&get).result, 2);
    assert_eq!(admin.admin(command::DROP_ROLE, &[read[0]]), OK);
    assert_eq!(ada.call(&get).result, ROLE_VIOLATION);
}

#[test]
fn allowlists_limit_addresses() {
    let server = secure();
    let mut ada = user(&server, "ada", &["read"]);
    let mut admin = admin(&server);
    let elsewhere = [(id::ROLE, &b"far"[..]), (id::ALLOWLIST, b"10.0.0.0/8")];
    assert_eq!(admin.admin(command::CREATE_ROLE, &elsewhere), OK);
    let grant = [(id::USER, &b"ada"[..]), (id::ROLES, &names(&["far"]))];
    assert_eq!(admin.admin(command::GRANT_ROLES, &grant), OK);
    assert_eq!(ada.call(&Request::get(1).bytes()).result, NOT_ALLOWLISTED);
    assert_eq!(ada.info("status"), "ERROR:82:not whitelisted");
    assert_eq!(server.connect().log_in("ada", PASSWORD).result, NOT_ALLOWLISTED);
    let near = [(id::ROLE, &b"far"[..]), (id::ALLOWLIST, b"10.0.0.0/8,127.0.0.1")];
    assert_eq!(admin.admin(command::SET_ALLOWLIST, &near), OK);
    assert_eq!(ada.call(&Request::get(1).bytes()).result, 2);
}

#[test]
fn quotas_limit_records_per_second() {
    let server = secure();
    let mut admin = admin(&server);
    let quotas = [
        (id::ROLE, &b"slow"[..]),
        (id::READ_QUOTA, &[0, 0, 0, 2]),
        (id::WRITE_QUOTA, &[0, 0, 0, 1]),
    ];
    assert_eq!(admin.admin(command::CREATE_ROLE, &quotas), OK);
    let mut ada = user(&server, "ada", &["read-write", "slow"]);
    let (get, put) = (Request::get(1).bytes(), Request::put(1).int("a", 1).bytes());
    assert_eq!(ada.call(&put).result, OK);
    assert_eq!(ada.call(&put).result, QUOTA_EXCEEDED);
    assert_eq!(ada.call(&get).result, OK);
    let rows = ada.ask_many(&batch(4, &[Request::get(1), Request::get(1)]).bytes());
    assert_eq!((rows[0].result, rows[1].result), (OK, QUOTA_EXCEEDED));
    server.clock.advance_ms(1_000);
    assert_eq!((ada.call(&get).result, ada.call(&put).result), (OK, OK));
    let stats = ada.parts(command::QUERY_USERS, &[(id::USER, b"ada")]).remove(0);
    // The number of statistics, the quota, and the reads of the last second.
    assert_eq!(&stats.field(id::READ_INFO).unwrap()[..9], [4, 0, 0, 0, 2, 0, 0, 0, 2]);

    // Queries need a rate within the quota.
    assert_eq!(ada.ask_many(&scan(0).bytes())[0].result, QUOTA_EXCEEDED);
    assert_eq!(ada.ask_many(&scan(3).bytes())[0].result, QUOTA_EXCEEDED);
    assert_eq!(ada.ask_many(&scan(2).bytes()).last().unwrap().result, OK);
}

#[test]
fn quotas_can_be_disabled() {
    let server = TestServer::with(|config| {
        config.security = Some(SecurityConfig {
            quotas: false,
            ..SecurityConfig::default()
        });
    });
    let mut admin = admin(&server);
    let quotas = [(id::ROLE, &b"slow"[..]), (id::READ_QUOTA, &[0, 0, 0, 2])];
    assert_eq!(admin.admin(command::CREATE_ROLE, &quotas), QUOTAS_NOT_ENABLED);
    assert_eq!(admin.create_role("fast", &[]), OK);
    let quotas = [(id::ROLE, &b"fast"[..]), (id::READ_QUOTA, &[0, 0, 0, 2])];
    assert_eq!(admin.admin(command::SET_QUOTAS, &quotas), QUOTAS_NOT_ENABLED);
}

#[test]
fn malformed_messages_are_refused() {
    let server = secure();
    let mut client = admin(&server);
    client.send(&proto(2, &[0, 0, 1, 1, 0]));
    let (_, body) = client.receive();
    assert_eq!(parts(&body)[0].result, INVALID_FIELD);
    let text = [(id::USER, &[0xff, 0xfe][..])];
    assert_eq!(client.admin(command::DROP_USER, &text), INVALID_FIELD);
    assert_eq!(client.info("status"), "ok");
}
