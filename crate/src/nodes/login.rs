//! A login on a connection of its own. It shows what the core does not report: how long sessions last, and why a node
//! refuses the logins of new connections.

use std::time::Duration;

use aerospike_core::{AuthMode, ClientPolicy, Host};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, OnceCell};
use tokio_rustls::TlsConnector;

use crate::common::errors::{Failure, Kind};

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

/// The answer of a node to a login.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Result code; 0 if the login succeeded.
    pub code: u8,
    /// Seconds that the session lasts, if the node reports it.
    pub session_ttl: Option<u32>,
}

/// The credentials of a client.
#[derive(Debug, Default)]
pub struct Login {
    /// The message of the login. It is kept because hashing the password takes long; `None` without credentials.
    request: OnceCell<Option<Vec<u8>>>,
    /// Held by `try_at`: a node that does not answer must not collect logins.
    turn: Mutex<()>,
}

impl Login {
    /// Logs in to a node with the credentials of `policy`. `None` if there are no credentials, or the node does not answer
    /// within the login timeout.
    pub async fn at(&self, host: &Host, policy: &ClientPolicy) -> Option<Answer> {
        let request = self.request.get_or_init(|| request(policy.auth_mode.clone()));
        let work = async {
            let request = request.await.as_deref()?;
            let stream = TcpStream::connect((host.name.as_str(), host.port)).await.ok()?;
            match &policy.tls_policy {
                Some(tls) => {
                    let name = ServerName::try_from(host.tls_name.clone()?).ok()?;
                    let stream = TlsConnector::from(tls.config.clone())
                        .connect(name, stream)
                        .await
                        .ok()?;
                    exchange(stream, request).await
                }
                None => exchange(stream, request).await,
            }
        };
        let patience = Duration::from_millis(u64::from(policy.login_timeout));
        tokio::time::timeout(patience, work).await.ok().flatten()
    }

    /// Logs in to a node. `None` if there are no credentials, the node does not answer, or another login is running.
    ///
    /// # Errors
    /// The node refuses the credentials.
    pub async fn try_at(&self, host: &Host, policy: &ClientPolicy) -> Option<Result<(), Failure>> {
        let _turn = self.turn.try_lock().ok()?;
        let code = i32::from(self.at(host, policy).await?.code);
        if code == 0 {
            return Some(Ok(()));
        }
        let mut message = "the node refuses the login".to_owned();
        if let Some(why) = explain(code, user(&policy.auth_mode)) {
            message = format!("{message}: {why}");
        }
        Some(Err(Failure::new(Kind::Server, code, message)))
    }
}

/// The name of the user, if the client has one.
pub fn user(mode: &AuthMode) -> Option<&str> {
    match mode {
        AuthMode::Internal(user, _) | AuthMode::External(user, _) | AuthMode::ExternalInsecure(user, _) => Some(user),
        _ => None,
    }
}

/// What the result code of a refused login means.
pub fn explain(code: i32, user: Option<&str>) -> Option<String> {
    let Some(user) = user else {
        return (code == 60 || code == 65)
            .then(|| "the server has no user with the name in the certificate of config.tls.cert".to_owned());
    };
    Some(match code {
        60 => format!("the server has no user {user}"),
        62 | 65 => format!("the password of the user {user} is wrong, or there is no such user"),
        63 => format!("the password of the user {user} has expired"),
        82 => format!("the allowlists of the roles of the user {user} do not contain the address of this client"),
        _ => return None,
    })
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

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> Option<Answer> {
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
    answer(&body)
}

/// The result code and the session's duration in the answer to a login, after the size.
fn answer(body: &[u8]) -> Option<Answer> {
    let (header, mut rest) = body.split_at_checked(HEADER_BYTES - 8)?;
    let code = header[1];
    let mut session_ttl = None;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (value, next) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        if let [field::SESSION_TTL, seconds @ ..] = value {
            session_ttl = Some(u32::from_be_bytes(*seconds.first_chunk()?));
        }
        rest = next;
    }
    Some(Answer { code, session_ttl })
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
        let session_ttl = Some(260);
        assert_eq!(answer(&body), Some(Answer { code: 0, session_ttl }));
        body.truncate(body.len() - 1);
        assert_eq!(answer(&body), None);
        assert_eq!(answer(&[0; 3]), None);
    }

    #[test]
    fn a_refused_login_has_a_result_code() {
        let mut body = vec![0; 16];
        body[1] = 65;
        let refused = Answer {
            code: 65,
            session_ttl: None,
        };
        assert_eq!(answer(&body), Some(refused));
        assert!(explain(65, Some("ada")).is_some_and(|why| why.contains("the password of the user ada")));
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
