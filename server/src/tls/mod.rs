//! TLS: a port per node on which connections are encrypted, with certificates of a throw-away authority.

mod acceptor;
mod authority;
mod certificate;

pub(crate) use acceptor::client_name;
pub use acceptor::{CertificateKind, Pem, Tls};

/// TLS settings of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsConfig {
    /// Port of the first node; 0 selects a free port. The other nodes use the ports that follow (or free ports,
    /// if 0).
    pub port: u16,
    /// Name that clients verify, besides the address of the server.
    pub name: String,
    /// Whether clients need a certificate of the authority.
    pub authenticates_clients: bool,
    /// Common name of the client certificate that is made at the start.
    pub client_name: String,
    /// The certificate that the server presents.
    pub certificate: CertificateKind,
}

impl Default for TlsConfig {
    fn default() -> Self {
        Self {
            port: 0,
            name: "localhost".to_owned(),
            authenticates_clients: false,
            client_name: "client".to_owned(),
            certificate: CertificateKind::Valid,
        }
    }
}
