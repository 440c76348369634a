//! Explains why a client could not connect. The core reports one line of text for each seed, without codes.

use std::time::Duration;

use aerospike_core::{AuthMode, ClientPolicy, Host};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::foreign;
use crate::common::address::bracketed;
use crate::common::errors::{Failure, Kind, code};
use crate::nodes::login;
use crate::policy::tls::{self, Tls};

/// How long the probes of the seeds may take.
const PROBE_TIMEOUT: Duration = Duration::from_millis(500);

/// An info request for the node's name.
const NAME: &[u8] = b"node\n";
/// Version and type of an info message.
const INFO: [u8; 2] = [2, 1];
/// Maximum size of an answer that is read.
const MAX_ANSWER_BYTES: usize = 4096;

/// The result codes of security.
const SECURITY: std::ops::RangeInclusive<i32> = 51..=83;

/// What a port expects, as its answer to an info request shows.
#[derive(Debug, PartialEq, Eq)]
enum PortKind {
    /// An Aerospike node without TLS.
    Plain,
    /// An Aerospike node without TLS that requires a login.
    Locked,
    /// A TLS server.
    Tls,
    /// Something else, or nothing.
    Unknown,
}

/// A connect that has failed.
pub struct Attempt<'a> {
    pub policy: &'a ClientPolicy,
    pub hosts: &'a [Host],
    pub tls: Option<&'a Tls>,
    /// Whether the client has a certificate.
    pub has_identity: bool,
    /// The end of the connect timeout.
    pub until: Instant,
}

impl Attempt<'_> {
    /// Adds the cause to the failure.
    pub async fn explain(&self, mut failure: Failure) -> Failure {
        if let Some(code) = security_code(&failure.message) {
            (failure.kind, failure.code) = (Kind::Server, code);
            if let Some(why) = login::explain(code, login::user(&self.policy.auth_mode)) {
                failure.message = format!("{}; {why}", failure.message);
            }
            return failure;
        }
        if let Some(reason) = self.tls.and_then(|tls| tls.refused.take()) {
            failure.message = format!("could not connect to {}: {reason}", named(self.hosts));
            return failure;
        }
        if self.tls.is_some()
            && let Some(why) = alert(&failure.message, self.has_identity)
        {
            failure.message = format!("{}; {why}", failure.message);
            return failure;
        }
        self.probe_hosts(failure).await
    }

    /// Finds out whether a seed expects something other than what the client sends.
    async fn probe_hosts(&self, mut failure: Failure) -> Failure {
        let mut until = Instant::now() + PROBE_TIMEOUT;
        // A server without TLS may wait for the rest of a request until the connect times out.
        if self.tls.is_none() {
            until = until.min(self.until);
        }
        for host in self.hosts {
            let kind = timeout_at(until, probe(host)).await.unwrap_or(PortKind::Unknown);
            let why = match (kind, self.tls.is_some()) {
                (PortKind::Locked, false) if matches!(self.policy.auth_mode, AuthMode::None) => {
                    (failure.kind, failure.code) = (Kind::Server, code::NOT_AUTHENTICATED);
                    "the server has security enabled, and the client has no credentials".to_owned()
                }
                (PortKind::Plain | PortKind::Locked, true) => {
                    format!(
                        "port {} does not use TLS: use the port for TLS, or leave out config.tls",
                        host.port
                    )
                }
                (PortKind::Tls, false) => {
                    format!(
                        "port {} uses TLS: set config.tls, or use the port without TLS",
                        host.port
                    )
                }
                _ => continue,
            };
            failure.message = format!("could not connect to {}: {why}", bracketed(&host.address()));
            return failure;
        }
        if self.tls.is_some() {
            if let Some(why) = silent_end(&failure.message, self.has_identity) {
                failure.message = format!("{}; {why}", failure.message);
            }
            return failure;
        }
        // With TLS, the peer's first bytes are those of a handshake.
        if let Some(explanation) = foreign::explanation(&failure.message) {
            failure.message = format!("{}; {explanation}", failure.message);
        }
        failure
    }
}

/// The addresses of seeds, for messages.
pub fn named(hosts: &[Host]) -> String {
    let addresses: Vec<_> = hosts
        .iter()
        .map(|host| bracketed(&host.address()).into_owned())
        .collect();
    addresses.join(", ")
}

/// Whether a node has refused the login. Other addresses would only refuse it again, and count another failed attempt.
pub fn is_refused_login(failure: &Failure) -> bool {
    security_code(&failure.message).is_some()
}

/// The result code of security in the core's text, such as "Error 65, node=127.0.0.1:3000: Invalid credential".
fn security_code(text: &str) -> Option<i32> {
    text.split("Error ")
        .skip(1)
        .filter_map(|rest| rest.split_once(", node=")?.0.parse().ok())
        .find(|code| SECURITY.contains(code))
}

/// The error of a handshake that the server has ended without an alert.
const NO_ALERT: &str = "tls handshake eof";

/// What a TLS alert of the server in the core's text means.
fn alert(text: &str, has_identity: bool) -> Option<&'static str> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["ProtocolVersion", "PeerIncompatible"]) {
        return Some("client and server have no TLS version or cipher in common: see config.tls.minVersion");
    }
    if says(&["CertificateRequired"]) || (!has_identity && says(&["alert: HandshakeFailure", "alert: BadCertificate"]))
    {
        return Some("the server requires a client certificate: set config.tls.cert and config.tls.key");
    }
    if has_identity && text.contains("fatal alert: ") {
        return Some("the server refuses the client certificate of config.tls.cert");
    }
    None
}

/// What it may mean that the server has ended a handshake without an alert.
fn silent_end(text: &str, has_identity: bool) -> Option<&'static str> {
    if !text.contains(NO_ALERT) {
        return None;
    }
    Some(if has_identity {
        "the server has closed the connection during the handshake: it may refuse the client certificate of config.tls.cert"
    } else {
        "the server has closed the connection during the handshake: it may require a client certificate (config.tls.cert and \
         config.tls.key)"
    })
}

/// Finds out how a seed answers.
async fn probe(host: &Host) -> PortKind {
    match ask(host).await {
        Ok(answer) if answer.starts_with(&INFO) => {
            let text = String::from_utf8_lossy(&answer);
            if text.contains("ERROR:80") || text.to_lowercase().contains("not authenticated") {
                PortKind::Locked
            } else {
                PortKind::Plain
            }
        }
        _ if speaks_tls(host).await => PortKind::Tls,
        _ => PortKind::Unknown,
    }
}

/// Sends an info request without TLS, and returns the start of the answer.
async fn ask(host: &Host) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((host.name.as_str(), host.port)).await?;
    let mut request = (NAME.len() as u64).to_be_bytes().to_vec();
    request[..2].copy_from_slice(&INFO);
    request.extend_from_slice(NAME);
    stream.write_all(&request).await?;
    let mut answer = vec![0; MAX_ANSWER_BYTES];
    let count = stream.read(&mut answer).await?;
    answer.truncate(count);
    Ok(answer)
}

/// Whether the port completes a TLS handshake, or refuses it with an alert.
async fn speaks_tls(host: &Host) -> bool {
    let (Ok(config), Ok(stream)) = (
        tls::accepting(),
        TcpStream::connect((host.name.as_str(), host.port)).await,
    ) else {
        return false;
    };
    let name = ServerName::try_from(host.name.clone()).or_else(|_| ServerName::try_from("localhost".to_owned()));
    let Ok(name) = name else { return false };
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(_) => true,
        Err(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .is_some_and(|error| matches!(error, rustls::Error::AlertReceived(_))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::ServerConfig;
    use rustls::crypto::ring;
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// A port whose connections `serve` handles.
    async fn port<F: Future<Output = ()> + Send>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Host {
        let Ok(listener) = TcpListener::bind("127.0.0.1:0").await else {
            unreachable!()
        };
        let port = listener.local_addr().map_or(0, |address| address.port());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream).await;
            }
        });
        Host::new("127.0.0.1", port)
    }

    /// A port that answers to each info request with `text`.
    async fn answering(text: &'static str) -> Host {
        port(move |mut stream| async move {
            let mut request = [0; 13];
            if stream
                .read_exact(&mut request)
                .await
                .is_ok_and(|_| request.starts_with(&INFO))
            {
                let mut answer = (text.len() as u64).to_be_bytes().to_vec();
                answer[..2].copy_from_slice(&INFO);
                answer.extend_from_slice(text.as_bytes());
                let _ = stream.write_all(&answer).await;
            }
        })
        .await
    }

    async fn tls_port() -> Host {
        let Ok(certified) = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]) else {
            unreachable!()
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![certified.cert.der().clone()], key)
            });
        let Ok(config) = config else { unreachable!() };
        let acceptor = TlsAcceptor::from(Arc::new(config));
        port(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let _ = acceptor.accept(stream).await;
            }
        })
        .await
    }

    #[tokio::test]
    async fn a_probe_tells_ports_with_and_without_tls_and_security_apart() {
        assert_eq!(probe(&answering("node\tA1\n").await).await, PortKind::Plain);
        assert_eq!(
            probe(&answering("node\tERROR:80:not authenticated\n").await).await,
            PortKind::Locked
        );
        assert_eq!(probe(&tls_port().await).await, PortKind::Tls);
        let closing = port(|stream| async move { drop(stream) }).await;
        assert_eq!(probe(&closing).await, PortKind::Unknown);
    }

    #[test]
    fn the_code_of_a_refused_login_is_found_in_the_cores_text() {
        let text = "Failed to connect to [1] host(s): 127.0.0.1:3000 Error 65, node=127.0.0.1:3000: Invalid credential";
        assert_eq!(security_code(text), Some(65));
        assert_eq!(security_code("Error 9, node=127.0.0.1:3000: Timeout"), None);
        assert_eq!(security_code("Connection refused"), None);
    }

    #[test]
    fn alerts_are_explained_by_what_the_client_sent() {
        let required = "received fatal alert: CertificateRequired";
        assert!(alert(required, false).is_some_and(|why| why.contains("requires a client certificate")));
        let unknown = "received fatal alert: UnknownCA";
        assert!(alert(unknown, true).is_some_and(|why| why.contains("refuses the client certificate")));
        assert_eq!(alert(unknown, false), None);
        assert_eq!(alert("tls handshake eof", true), None);
        assert!(
            silent_end("tls handshake eof", false).is_some_and(|why| why.contains("may require a client certificate"))
        );
        assert!(
            silent_end("tls handshake eof", true).is_some_and(|why| why.contains("may refuse the client certificate"))
        );
        assert_eq!(silent_end("Connection refused", true), None);
    }
}
