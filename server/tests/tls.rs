//! TLS: handshakes with and without client certificates, defective certificates, and logins by certificate.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::common::TestServer;
use crate::common::wire::{Request, proto};
use aerospike_local::security::{InitialUser, SecurityConfig};
use aerospike_local::tls::{CertificateKind, Pem, Tls, TlsConfig};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn server(adjust: impl FnOnce(&mut TlsConfig)) -> TestServer {
    TestServer::with(|config| {
        let mut tls = TlsConfig::default();
        adjust(&mut tls);
        config.tls = Some(tls);
    })
}

fn tls(server: &TestServer) -> &Tls {
    server.server().cluster().tls().unwrap()
}

fn address(server: &TestServer, node: usize) -> SocketAddr {
    server.server().cluster().members()[node].tls_address.unwrap()
}

type Connection = StreamOwned<ClientConnection, TcpStream>;

/// Connects and completes the handshake. The error names what is wrong.
fn connect(server: &TestServer, name: &str, client: Option<&Pem>) -> Result<Connection, String> {
    connect_to(address(server, 0), &tls(server).ca(), name, client)
}

fn connect_to(address: SocketAddr, ca: &str, name: &str, client: Option<&Pem>) -> Result<Connection, String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match client {
        None => config.with_no_client_auth(),
        Some(pem) => {
            let certificate = CertificateDer::from_pem_slice(pem.certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(pem.key.as_bytes()).unwrap();
            config.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    // In TLS 1.3, the client learns of a rejected certificate only with its first read.
    ask(&mut stream, &proto(1, b"status\n")).map_err(|error| error.to_string())?;
    Ok(stream)
}

fn ask(stream: &mut Connection, request: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(request)?;
    let mut header = [0; 8];
    stream.read_exact(&mut header)?;
    let size = u64::from_be_bytes(header) & 0xffff_ffff_ffff;
    let mut body = vec![0; usize::try_from(size).unwrap()];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn info(stream: &mut Connection, question: &str) -> String {
    let body = ask(stream, &proto(1, format!("{question}\n").as_bytes())).unwrap();
    let text = String::from_utf8(body).unwrap();
    text.trim_end().split_once('\t').unwrap().1.to_owned()
}

#[test]
fn requests_are_answered_over_tls_and_without() {
    let server = server(|_| {});
    for name in ["localhost", "127.0.0.1"] {
        let mut client = connect(&server, name, None).unwrap();
        let reply = ask(&mut client, &Request::put(1).int("a", 1).bytes()).unwrap();
        assert_eq!(reply[5], 0);
        // More than one TLS record.
        let large = vec![7; 200_000];
        let put = Request::put(2).op(2, 4, "a", &large);
        assert_eq!(ask(&mut client, &put.bytes()).unwrap()[5], 0);
        let reply = ask(&mut client, &Request::get(2).bytes()).unwrap();
        assert!(reply.ends_with(&large));
    }
    assert_eq!(server.connect().info("status"), "ok");
}

#[test]
fn nodes_report_their_addresses() {
    let server = TestServer::with(|config| {
        config.nodes = 2;
        config.tls = Some(TlsConfig {
            name: "db.example".to_owned(),
            ..TlsConfig::default()
        });
    });
    let mut client = connect(&server, "db.example", None).unwrap();
    let plain = server.server().addresses().next().unwrap();
    let other = server.server().cluster().members()[1].clone();
    let own = address(&server, 0);
    assert_eq!(info(&mut client, "service-clear-std"), plain.to_string());
    assert_eq!(info(&mut client, "service-tls-std"), own.to_string());
    assert_eq!(
        info(&mut client, "peers-tls-std"),
        format!(
            "1,{},[[{},db.example,[{}]]]",
            own.port(),
            other.id,
            other.tls_address.unwrap()
        )
    );
    assert_eq!(
        info(&mut client, "peers-clear-std"),
        format!("1,{},[[{},,[{}]]]", plain.port(), other.id, other.address)
    );
    assert_eq!(
        TestServer::start().connect().info("peers-tls-std"),
        "ERROR:25:enterprise only"
    );
}

#[test]
fn stopped_nodes_refuse_tls_too() {
    let mut server = server(|_| {});
    let mut client = connect(&server, "localhost", None).unwrap();
    let at = address(&server, 0);
    server.stop_node(0);
    assert!(ask(&mut client, &proto(1, b"status\n")).is_err());
    assert!(TcpStream::connect(at).is_err());
    server.start_node(0);
    assert_eq!(address(&server, 0), at);
    assert!(connect(&server, "localhost", None).is_ok());
}

#[test]
fn defective_certificates_are_refused_by_clients() {
    for (kind, text) in [
        (CertificateKind::Expired, "expired"),
        (CertificateKind::NotYetValid, "not valid yet"),
        (CertificateKind::WrongName, "not valid for name"),
        (CertificateKind::UnknownAuthority, "UnknownIssuer"),
    ] {
        let server = server(|tls| tls.certificate = kind);
        let error = connect(&server, "localhost", None).map(drop).unwrap_err();
        assert!(error.contains(text), "{kind:?}: {error}");
    }
}

#[test]
fn certificates_are_replaced_while_the_server_runs() {
    let server = server(|_| {});
    let mut before = connect(&server, "localhost", None).unwrap();
    tls(&server).present(CertificateKind::Expired).unwrap();
    assert!(connect(&server, "localhost", None).is_err());
    // Connections that are open stay open.
    assert_eq!(info(&mut before, "status"), "ok");
    tls(&server).present(CertificateKind::Valid).unwrap();
    assert!(connect(&server, "localhost", None).is_ok());
}

#[test]
fn clients_are_authenticated_by_certificate() {
    let server = server(|tls| tls.authenticates_clients = true);
    assert!(connect(&server, "localhost", None).is_err());
    assert!(connect(&server, "localhost", Some(tls(&server).client())).is_ok());
    for kind in [
        CertificateKind::Expired,
        CertificateKind::NotYetValid,
        CertificateKind::UnknownAuthority,
    ] {
        let pem = tls(&server).issue_client("client", kind).unwrap();
        assert!(connect(&server, "localhost", Some(&pem)).is_err(), "{kind:?}");
    }
    assert!(tls(&server).issue_client("client", CertificateKind::WrongName).is_err());
}

#[test]
fn users_log_in_by_certificate() {
    let server = TestServer::with(|config| {
        let mut security = SecurityConfig::default();
        security.users.push(InitialUser {
            name: "ada".to_owned(),
            password: None,
            roles: vec!["read".to_owned()],
            external: false,
        });
        config.security = Some(security);
        config.tls = Some(TlsConfig::default());
    });
    let login = |client: Option<&Pem>| {
        let mut body = [0; 16];
        body[2] = 20;
        let mut stream = connect(&server, "localhost", client).unwrap();
        let result = ask(&mut stream, &proto(2, &body)).unwrap()[1];
        (result, ask(&mut stream, &Request::get(1).bytes()).unwrap()[5])
    };
    let issue = |name| tls(&server).issue_client(name, CertificateKind::Valid).unwrap();
    assert_eq!(login(Some(&issue("ada"))), (0, 2));
    assert_eq!(login(Some(&issue("bob"))), (60, 80));
    assert_eq!(login(None), (65, 80));
}

#[test]
fn plain_clients_on_a_tls_port_are_disconnected() {
    let server = server(|_| {});
    let mut stream = TcpStream::connect(address(&server, 0)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(&proto(1, b"status\n")).unwrap();
    // The server sends at most an alert.
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received);
    assert!(received.len() < 16, "{received:?}");
}
