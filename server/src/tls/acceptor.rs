//! The TLS side of connections: which certificate the server presents, and which it demands.

use std::io;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use parking_lot::RwLock;
use serde::Serialize;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::TlsConfig;
use super::authority::{Authority, Issued, Validity};
use super::certificate::common_name;

/// The name in a certificate that does not fit the server.
const WRONG_NAME: &str = "wrong.example";

/// A kind of certificate, valid or with a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateKind {
    /// Valid for the server's name and address.
    Valid,
    /// No longer valid.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// For another server.
    WrongName,
    /// From another authority than the one whose certificate clients get.
    UnknownAuthority,
}

impl FromStr for CertificateKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "valid" => Ok(Self::Valid),
            "expired" => Ok(Self::Expired),
            "not-yet-valid" => Ok(Self::NotYetValid),
            "wrong-name" => Ok(Self::WrongName),
            "unknown-authority" => Ok(Self::UnknownAuthority),
            _ => Err(format!(
                "{text:?} is not valid, expired, not-yet-valid, wrong-name or unknown-authority"
            )),
        }
    }
}

impl CertificateKind {
    fn validity(self) -> Validity {
        match self {
            Self::Expired => Validity::Past,
            Self::NotYetValid => Validity::Future,
            Self::Valid | Self::WrongName | Self::UnknownAuthority => Validity::Now,
        }
    }
}

/// A certificate and its private key, both in PEM form.
#[derive(Debug, Clone, Serialize)]
pub struct Pem {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl From<&Issued> for Pem {
    fn from(issued: &Issued) -> Self {
        Self {
            certificate: issued.certificate.pem(),
            key: issued.key.serialize_pem(),
        }
    }
}

/// TLS of a server.
#[derive(Debug)]
pub struct Tls {
    name: String,
    host: IpAddr,
    authority: Authority,
    /// An authority that clients do not know.
    stranger: Authority,
    presented: Arc<Presented>,
    server: RwLock<Pem>,
    client: Pem,
    config: Arc<ServerConfig>,
}

/// The certificate that the server presents.
#[derive(Debug)]
struct Presented(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Presented {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read()))
    }
}

impl Tls {
    /// Makes an authority and the certificates of the server and of a client.
    ///
    /// # Errors
    /// Returns an error if the configured names are not possible in a certificate.
    pub fn new(config: &TlsConfig, host: IpAddr) -> io::Result<Self> {
        let provider = Arc::new(ring::default_provider());
        let authority = Authority::new("aerospike-local CA").map_err(other)?;
        let stranger = Authority::new("unknown CA").map_err(other)?;
        let server = issue_server(&authority, &stranger, &config.name, host, config.certificate).map_err(other)?;
        let client = authority.client(&config.client_name, Validity::Now).map_err(other)?;
        let presented = Arc::new(Presented(RwLock::new(certified(&server, &provider)?)));
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate().der().clone()).map_err(other)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = if config.authenticates_clients {
            verifier
        } else {
            // A client may present a certificate all the same, to log in with it.
            verifier.allow_unauthenticated()
        };
        let accepted = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_client_cert_verifier(verifier.build().map_err(other)?)
            .with_cert_resolver(Arc::clone(&presented) as _);
        Ok(Self {
            name: config.name.clone(),
            host,
            server: RwLock::new(Pem::from(&server)),
            client: Pem::from(&client),
            authority,
            stranger,
            presented,
            config: Arc::new(accepted),
        })
    }

    /// The name that clients verify.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The certificate of the authority, in PEM form.
    #[must_use]
    pub fn ca(&self) -> String {
        self.authority.certificate().pem()
    }

    /// The certificate that the server presents.
    #[must_use]
    pub fn server(&self) -> Pem {
        self.server.read().clone()
    }

    /// The certificate of a client that was made at the start.
    #[must_use]
    pub fn client(&self) -> &Pem {
        &self.client
    }

    /// Issues a certificate for another client.
    ///
    /// # Errors
    /// Returns a message if the name is not possible in a certificate, or if the kind makes no sense for a client.
    pub fn issue_client(&self, common_name: &str, kind: CertificateKind) -> Result<Pem, String> {
        let authority = match kind {
            CertificateKind::WrongName => return Err("a client's certificate has no name to be wrong".to_owned()),
            CertificateKind::UnknownAuthority => &self.stranger,
            _ => &self.authority,
        };
        let issued = authority.client(common_name, kind.validity());
        issued
            .map(|issued| Pem::from(&issued))
            .map_err(|error| error.to_string())
    }

    /// Replaces the certificate that the server presents on new connections.
    ///
    /// # Errors
    /// Returns an error if no certificate can be made.
    pub fn present(&self, kind: CertificateKind) -> io::Result<()> {
        let issued = issue_server(&self.authority, &self.stranger, &self.name, self.host, kind).map_err(other)?;
        let certified = certified(&issued, self.config.crypto_provider())?;
        *self.presented.0.write() = certified;
        *self.server.write() = Pem::from(&issued);
        Ok(())
    }

    /// Performs the handshake of a new connection.
    ///
    /// # Errors
    /// Returns an error if the client does not complete the handshake.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(Arc::clone(&self.config)).accept(stream).await
    }
}

/// The common name of the certificate that a client presented.
pub(crate) fn client_name(stream: &TlsStream<TcpStream>) -> Option<String> {
    let (_, session) = stream.get_ref();
    session
        .peer_certificates()?
        .first()
        .and_then(|certificate| common_name(certificate))
}

fn issue_server(
    authority: &Authority,
    stranger: &Authority,
    name: &str,
    host: IpAddr,
    kind: CertificateKind,
) -> Result<Issued, rcgen::Error> {
    let authority = match kind {
        CertificateKind::UnknownAuthority => stranger,
        _ => authority,
    };
    let (names, addresses): (&[&str], &[IpAddr]) = match kind {
        CertificateKind::WrongName => (&[WRONG_NAME], &[]),
        _ => (&[name, "localhost"], &[host]),
    };
    authority.server(names, addresses, kind.validity())
}

fn certified(issued: &Issued, provider: &CryptoProvider) -> io::Result<Arc<CertifiedKey>> {
    let key = PrivateKeyDer::try_from(issued.key.serialize_der()).map_err(other)?;
    let key = provider.key_provider.load_private_key(key).map_err(other)?;
    let chain = vec![issued.certificate.der().clone()];
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

fn other(error: impl ToString) -> io::Error {
    io::Error::other(error.to_string())
}
