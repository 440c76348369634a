//! TLS: the configuration of connections, and the reasons why a server's certificate is refused.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::Host;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme, version,
};
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::common::errors::Failure;
use crate::wire::Reader;

/// The TLS options of a client, as `lib/options/tls.ts` encodes them. Certificates and the key are in DER form.
#[derive(Clone)]
pub struct TlsOptions {
    /// The certificate authorities that verify servers; empty for those of the system.
    authorities: Vec<CertificateDer<'static>>,
    /// The client's certificate and its intermediate certificates, and its key in PKCS #8 form.
    identity: Option<(Vec<CertificateDer<'static>>, Vec<u8>)>,
    /// The name that certificates must have, whatever the name of the node is.
    server_name: Option<String>,
    /// Whether servers are verified at all.
    verify: bool,
    /// Whether TLS 1.2 is refused.
    only_tls13: bool,
    /// Whether only the login is encrypted.
    pub login_only: bool,
}

/// A TLS configuration, and the last certificate that it has refused.
pub struct Tls {
    /// For the connections.
    pub config: Arc<ClientConfig>,
    /// For messages.
    pub refused: Refused,
}

/// Why a server's certificate was refused last.
#[derive(Clone, Debug, Default)]
pub struct Refused(Arc<Mutex<Option<String>>>);

impl Refused {
    /// Takes the reason, if a certificate was refused since the last call.
    pub fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, reason: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }
}

fn certificates(reader: &mut Reader<'_>) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| Ok(CertificateDer::from(reader.blob()?.to_vec())))
        .collect()
}

impl TlsOptions {
    /// Reads the options.
    ///
    /// # Errors
    /// The body ends early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let authorities = certificates(reader)?;
        let chain = certificates(reader)?;
        let key = reader.blob()?.to_vec();
        let server_name = reader.text()?.to_owned();
        Ok(TlsOptions {
            authorities,
            identity: (!chain.is_empty()).then_some((chain, key)),
            server_name: (!server_name.is_empty()).then_some(server_name),
            verify: reader.u8()? != 0,
            only_tls13: reader.u8()? != 0,
            login_only: reader.u8()? != 0,
        })
    }

    /// Whether the client has a certificate.
    pub fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// The name that the certificate of a seed without a TLS name must have.
    pub fn name_of(&self, seed: &Host) -> String {
        self.server_name.clone().unwrap_or_else(|| seed.name.clone())
    }

    /// Builds the configuration. `seed_names` are the TLS names of seeds, which `serverName` does not replace.
    ///
    /// # Errors
    /// A certificate or the key cannot be used, or the system has no certificate authorities.
    pub fn build(&self, seed_names: Vec<String>) -> Result<Tls, Failure> {
        let provider = Arc::new(ring::default_provider());
        let refused = Refused::default();
        let server_name = match &self.server_name {
            Some(name) => Some(ServerName::try_from(name.clone()).map_err(|_| {
                Failure::invalid(format!(
                    "config.tls.serverName: {name} is neither a host name nor an IP address"
                ))
            })?),
            None => None,
        };
        let inner = if self.verify {
            Some(self.verifier(&provider)?)
        } else {
            None
        };
        let verifier = Verifier {
            inner,
            provider: Arc::clone(&provider),
            server_name,
            seed_names,
            own_authorities: !self.authorities.is_empty(),
            refused: refused.clone(),
        };
        let versions: &[_] = if self.only_tls13 {
            &[&version::TLS13]
        } else {
            &[&version::TLS13, &version::TLS12]
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|error| Failure::invalid(format!("config.tls.minVersion: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.clone()));
                builder.with_client_auth_cert(chain.clone(), key).map_err(|error| {
                    Failure::invalid(format!("config.tls.key: it does not fit config.tls.cert: {error}"))
                })?
            }
        };
        Ok(Tls {
            config: Arc::new(config),
            refused,
        })
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Failure> {
        let mut roots = RootCertStore::empty();
        for authority in &self.authorities {
            roots.add(authority.clone()).map_err(|error| {
                Failure::invalid(format!("config.tls.ca: {} cannot be used: {error}", Shown(authority)))
            })?;
        }
        if self.authorities.is_empty() {
            let system = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(system.certs);
            if roots.is_empty() {
                let why = system
                    .errors
                    .first()
                    .map_or_else(String::new, |error| format!(" ({error})"));
                return Err(Failure::invalid(format!(
                    "config.tls.ca: it is needed, because the certificate authorities of the system could not be found{why}"
                )));
            }
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| Failure::invalid(format!("config.tls.ca: {error}")))
    }
}

/// A configuration that accepts any certificate, to find out whether a port speaks TLS.
///
/// # Errors
/// Never occurs in practice, because the provider supports both versions.
pub fn accepting() -> Result<Arc<ClientConfig>, Failure> {
    let options = TlsOptions {
        authorities: Vec::new(),
        identity: None,
        server_name: None,
        verify: false,
        only_tls13: false,
        login_only: false,
    };
    Ok(options.build(Vec::new())?.config)
}

/// Verifies the certificates of servers, and describes those that it refuses.
#[derive(Debug)]
struct Verifier {
    /// `None` to accept any certificate.
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    server_name: Option<ServerName<'static>>,
    seed_names: Vec<String>,
    own_authorities: bool,
    refused: Refused,
}

impl Verifier {
    fn expected<'n>(&'n self, node: &'n ServerName<'n>) -> &'n ServerName<'n> {
        match &self.server_name {
            Some(name) if !self.seed_names.iter().any(|seed| *seed == node.to_str()) => name,
            _ => node,
        }
    }

    /// Why a certificate is refused.
    fn reason(&self, certificate: &CertificateDer<'_>, expected: &ServerName<'_>, error: &Error) -> String {
        let expected = expected.to_str();
        let why = match error {
            Error::InvalidCertificate(error) => match error {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".to_owned(),
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    "is not valid yet".to_owned()
                }
                CertificateError::NotValidForName => format!("is not valid for the name {expected}"),
                CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
                    format!("is not valid for the name {expected}: it has no subject alternative names")
                }
                CertificateError::NotValidForNameContext { presented, .. } => format!(
                    "is not valid for the name {expected}, but for {}; set tlsName of the host or config.tls.serverName",
                    presented.join(", ")
                ),
                CertificateError::UnknownIssuer if self.own_authorities => {
                    "is signed by no certificate authority of config.tls.ca".to_owned()
                }
                CertificateError::UnknownIssuer => {
                    "is signed by no certificate authority of the system; set config.tls.ca".to_owned()
                }
                other => format!("is invalid: {other}"),
            },
            other => format!("is invalid: {other}"),
        };
        format!("the server's certificate {why} ({})", Shown(certificate))
    }
}

/// A reason as an error of rustls. Its text is the reason alone, in the debug format too, which rustls uses.
struct Reason(String);

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Reason {}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else {
            return Ok(ServerCertVerified::assertion());
        };
        let expected = self.expected(server_name);
        inner
            .verify_server_cert(certificate, intermediates, expected, ocsp_response, now)
            .map_err(|error| {
                let reason = self.reason(certificate, expected, &error);
                self.refused.set(&reason);
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(Reason(reason)))))
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate in messages: subject, issuer and dates.
struct Shown<'c>(&'c CertificateDer<'c>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(certificate) = Certificate::from_der(self.0) else {
            return f.write_str("a certificate that cannot be parsed");
        };
        let certificate = certificate.tbs_certificate();
        let validity = certificate.validity();
        write!(
            f,
            "subject {}, issuer {}, valid from {} to {}",
            certificate.subject(),
            certificate.issuer(),
            validity.not_before,
            validity.not_after
        )
    }
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
