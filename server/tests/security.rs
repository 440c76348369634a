//! Access control: logins, sessions and users.

use crate::common::TestServer;
use crate::common::security::*;
use crate::common::wire::{Request, batch, proto};
use aerospike_local::security::{InitialUser, SecurityConfig};

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
