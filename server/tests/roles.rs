//! Access control: roles, the privileges that commands need, allowlists and quotas.

use crate::common::security::*;
use crate::common::wire::{GET_ALL, READ, Request, WRITE, batch};
use crate::common::{Client, TestServer};
use aerospike_local::security::SecurityConfig;

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
