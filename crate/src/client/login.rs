//! A login of its own, to learn how long sessions last: the core does not report it.

use std::time::Duration;

use aerospike_core::{AuthMode, ClientPolicy, Host};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Version and type of a security message.
const SECURITY: [u8; 2] = [2, 2];
const LOGIN: u8 = 20;
const HEADER_BYTES: usize = 24;
/// Maximum size of an answer.
const MOST_BYTES: usize = 64 << 10;

/// The fields of a login and of its answer.
mod field {
    pub const USER: u8 = 0;
    pub const CREDENTIAL: u8 = 3;
    pub const CLEAR_PASSWORD: u8 = 4;
    pub const SESSION_TTL: u8 = 6;
}

/// The salt and the cost with which all clients hash passwords, so that servers can compare the hashes.
const SALT: [u8; 16] = [
    244, 107, 11, 190, 207, 254, 141, 27, 6, 103, 216, 79, 109, 193, 216, 169,
];
const COST: u32 = 10;

/// Logs in to a node, and returns how many seconds the session lasts. `None` if the node does not say so.
pub async fn session_ttl(policy: &ClientPolicy, host: &Host) -> Option<u32> {
    let work = async {
        let request = request(policy.auth_mode.clone()).await?;
        let stream = TcpStream::connect((host.name.as_str(), host.port)).await.ok()?;
        match &policy.tls_policy {
            Some(tls) => {
                let name = ServerName::try_from(host.tls_name.clone()?).ok()?;
                let stream = TlsConnector::from(tls.config.clone())
                    .connect(name, stream)
                    .await
                    .ok()?;
                exchange(stream, &request).await
            }
            None => exchange(stream, &request).await,
        }
    };
    let patience = Duration::from_millis(u64::from(policy.login_timeout));
    tokio::time::timeout(patience, work).await.ok().flatten()
}

async fn request(mode: AuthMode) -> Option<Vec<u8>> {
    let (user, password, clear) = match mode {
        AuthMode::Internal(user, password) => (user, password, false),
        AuthMode::External(user, password) | AuthMode::ExternalInsecure(user, password) => (user, password, true),
        AuthMode::Pki => return Some(message(&[])),
        AuthMode::None => return None,
    };
    let hashed = password.clone();
    let hash = tokio::task::spawn_blocking(move || {
        let parts = bcrypt::hash_with_salt(hashed, COST, SALT).ok()?;
        Some(parts.format_for_version(bcrypt::Version::TwoA))
    });
    let hash = hash.await.ok().flatten()?;
    let mut fields = vec![(field::USER, user.as_bytes()), (field::CREDENTIAL, hash.as_bytes())];
    if clear {
        fields.push((field::CLEAR_PASSWORD, password.as_bytes()));
    }
    Some(message(&fields))
}

fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = vec![0; HEADER_BYTES];
    (out[10], out[11]) = (LOGIN, fields.len() as u8);
    for (id, value) in fields {
        out.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
        out.push(*id);
        out.extend_from_slice(value);
    }
    let size = (out.len() - 8) as u64;
    out[..8].copy_from_slice(&size.to_be_bytes());
    out[..2].copy_from_slice(&SECURITY);
    out
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> Option<u32> {
    stream.write_all(request).await.ok()?;
    stream.flush().await.ok()?;
    let mut size = [0; 8];
    stream.read_exact(&mut size).await.ok()?;
    size[..2].fill(0);
    let size = usize::try_from(u64::from_be_bytes(size))
        .ok()
        .filter(|size| *size <= MOST_BYTES)?;
    let mut body = vec![0; size];
    stream.read_exact(&mut body).await.ok()?;
    ttl(&body)
}

/// The session's duration in the answer to a login, after the size.
fn ttl(body: &[u8]) -> Option<u32> {
    let (header, mut rest) = body.split_at_checked(HEADER_BYTES - 8)?;
    if header[1] != 0 {
        return None;
    }
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (value, next) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        if let [field::SESSION_TTL, seconds @ ..] = value {
            return Some(u32::from_be_bytes(*seconds.first_chunk()?));
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_duration_of_a_session_is_found_among_the_fields() {
        let mut body = vec![0; 16];
        for (id, value) in [(5, vec![7; 9]), (field::SESSION_TTL, vec![0, 0, 1, 4])] {
            body.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
            body.push(id);
            body.extend_from_slice(&value);
        }
        assert_eq!(ttl(&body), Some(260));
        body.truncate(body.len() - 1);
        assert_eq!(ttl(&body), None);
        body[1] = 65;
        assert_eq!(ttl(&body), None);
        assert_eq!(ttl(&[0; 3]), None);
    }

    #[tokio::test]
    async fn a_login_is_a_security_message_with_the_hash_of_the_password() {
        let mode = AuthMode::Internal("ada".to_owned(), "password".to_owned());
        let Some(request) = request(mode).await else {
            unreachable!()
        };
        assert_eq!(request[..2], SECURITY);
        assert_eq!(usize::from(request[7]), request.len() - 8);
        let text = String::from_utf8_lossy(&request);
        assert!(text.contains("$2a$10$7EqJtq98hPqEX7fNZaFWoOqUH6KN8IKy3Yk5Kz..RHGKNAUCoP/LG"));
        assert!(!text.contains("password"));
    }
}
