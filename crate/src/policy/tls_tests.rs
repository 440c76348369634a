use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

struct Certified {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

fn authority(name: &str) -> Authority {
    let Ok(key) = KeyPair::generate() else { unreachable!() };
    let Ok(mut params) = CertificateParams::new(Vec::new()) else {
        unreachable!()
    };
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let Ok(certificate) = params.self_signed(&key) else {
        unreachable!()
    };
    Authority {
        certificate: certificate.der().clone(),
        issuer: Issuer::new(params, key),
    }
}

fn certify(authority: &Authority, names: &[&str], years: (i32, i32)) -> Certified {
    let Ok(key) = KeyPair::generate() else { unreachable!() };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let Ok(mut params) = CertificateParams::new(names) else {
        unreachable!()
    };
    params.distinguished_name.push(DnType::CommonName, "a node");
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    let Ok(certificate) = params.signed_by(&key, &authority.issuer) else {
        unreachable!()
    };
    Certified {
        chain: vec![certificate.der().clone()],
        key: key.serialize_der(),
    }
}

fn options(authorities: &[&Authority]) -> TlsOptions {
    TlsOptions {
        authorities: authorities
            .iter()
            .map(|authority| authority.certificate.clone())
            .collect(),
        identity: None,
        server_name: None,
        verify: true,
        only_tls13: false,
        login_only: false,
    }
}

fn server(certified: &Certified, clients: Option<&Authority>) -> TlsAcceptor {
    let provider = Arc::new(ring::default_provider());
    let Ok(builder) = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()
    else {
        unreachable!()
    };
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            let added = roots.add(authority.certificate.clone());
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            let (Ok(()), Ok(verifier)) = (added, verifier) else {
                unreachable!()
            };
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certified.key.clone()));
    let Ok(config) = builder.with_single_cert(certified.chain.clone(), key) else {
        unreachable!()
    };
    TlsAcceptor::from(Arc::new(config))
}

/// A handshake; the error of the client or the server, and the reason why the certificate was refused.
async fn handshake(
    options: &TlsOptions,
    seed_names: &[&str],
    name: &str,
    server: TlsAcceptor,
) -> (Result<(), String>, Option<String>) {
    let names = seed_names.iter().map(|name| (*name).to_owned()).collect();
    let (Ok(tls), Ok(name)) = (options.build(names), ServerName::try_from(name.to_owned())) else {
        unreachable!()
    };
    let (near, far) = tokio::io::duplex(1 << 16);
    let connecting = TlsConnector::from(Arc::clone(&tls.config)).connect(name, near);
    let (client, server) = tokio::join!(connecting, server.accept(far));
    let outcome = match (client, server) {
        (Err(error), _) => Err(error.to_string()),
        (_, Err(error)) => Err(error.to_string()),
        _ => Ok(()),
    };
    (outcome, tls.refused.take())
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_with_the_right_name_is_accepted() {
    let authority = authority("our authority");
    let node = certify(&authority, &["db.example", "10.0.0.1"], (2020, 2100));
    for name in ["db.example", "10.0.0.1"] {
        let (outcome, refused) = handshake(&options(&[&authority]), &[], name, server(&node, None)).await;
        assert_eq!((outcome, refused), (Ok(()), None));
    }
}

#[tokio::test]
async fn a_refusal_names_the_cause_and_the_certificate() {
    let (authority, other) = (authority("our authority"), self::authority("another authority"));
    let valid = (2020, 2100);
    let cases = [
        (certify(&authority, &["db.example"], (2001, 2002)), "has expired"),
        (certify(&authority, &["db.example"], (2090, 2100)), "is not valid yet"),
        (
            certify(&authority, &["a.example", "b.example"], valid),
            "is not valid for the name db.example, but for",
        ),
        (
            certify(&authority, &[], valid),
            "is not valid for the name db.example: it has no subject alternative names",
        ),
        (
            certify(&other, &["db.example"], valid),
            "is signed by no certificate authority of config.tls.ca",
        ),
    ];
    for (node, why) in cases {
        let (outcome, refused) = handshake(&options(&[&authority]), &[], "db.example", server(&node, None)).await;
        let refused = refused.unwrap_or_default();
        assert!(
            refused.starts_with(&format!("the server's certificate {why}")),
            "{refused}"
        );
        assert!(refused.contains("(subject CN=a node, issuer CN="), "{refused}");
        assert!(
            refused.contains("valid from 20") && refused.contains("-01-01T00:00:00Z to 2"),
            "{refused}"
        );
        assert!(outcome.is_err_and(|error| error.contains(&refused)));
    }
}

#[tokio::test]
async fn a_server_name_replaces_the_names_of_nodes_but_not_those_of_seeds() {
    let authority = authority("our authority");
    let node = certify(&authority, &["db.example"], (2020, 2100));
    let mut options = options(&[&authority]);
    options.server_name = Some("db.example".to_owned());
    let (outcome, _) = handshake(&options, &["seed"], "10.0.0.7", server(&node, None)).await;
    assert_eq!(outcome, Ok(()));
    let (outcome, refused) = handshake(&options, &["seed"], "seed", server(&node, None)).await;
    assert!(outcome.is_err());
    assert!(refused.is_some_and(|reason| reason.contains("not valid for the name seed")));
    options.server_name = Some("not a name".to_owned());
    assert!(
        options
            .build(Vec::new())
            .is_err_and(|failure| failure.message.contains("config.tls.serverName"))
    );
}

#[tokio::test]
async fn without_verification_any_certificate_is_accepted() {
    let (authority, other) = (authority("our authority"), self::authority("another authority"));
    let node = certify(&other, &[], (2001, 2002));
    let mut options = options(&[&authority]);
    options.verify = false;
    let (outcome, refused) = handshake(&options, &[], "db.example", server(&node, None)).await;
    assert_eq!((outcome, refused), (Ok(()), None));
}

#[tokio::test]
async fn a_client_certificate_is_sent_to_servers_that_require_one() {
    let authority = authority("our authority");
    let node = certify(&authority, &["db.example"], (2020, 2100));
    let own = certify(&authority, &[], (2020, 2100));
    let mut options = options(&[&authority]);
    let (outcome, _) = handshake(&options, &[], "db.example", server(&node, Some(&authority))).await;
    assert!(outcome.is_err());
    options.identity = Some((own.chain, own.key));
    let (outcome, _) = handshake(&options, &[], "db.example", server(&node, Some(&authority))).await;
    assert_eq!(outcome, Ok(()));
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let authority = authority("our authority");
    let (own, other) = (
        certify(&authority, &[], (2020, 2100)),
        certify(&authority, &[], (2020, 2100)),
    );
    let mut options = options(&[&authority]);
    options.identity = Some((own.chain, other.key));
    let refused = options.build(Vec::new()).err();
    assert!(refused.is_some_and(|failure| failure.message.contains("config.tls.key")));
}
