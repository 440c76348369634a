//! Sessions: a login yields a token that authenticates further connections until it expires.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Number of sessions from which on expired ones are removed.
const MANY: usize = 1024;

/// Size of a token, in bytes.
pub(super) const TOKEN_SIZE: usize = 24;

/// A session token.
pub(super) type Token = [u8; TOKEN_SIZE];

/// The sessions of a cluster.
#[derive(Debug)]
pub(super) struct Sessions {
    ttl_s: u32,
    open: Mutex<HashMap<Token, Session>>,
    count: AtomicU64,
    random: [RandomState; 2],
}

#[derive(Debug)]
struct Session {
    user: String,
    expires_ms: u64,
}

/// Why a token does not authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invalid {
    /// It belongs to no session, or to another user's.
    Unknown,
    /// The session has expired.
    Expired,
}

impl Sessions {
    pub(super) fn new(ttl_s: u32) -> Self {
        Self {
            ttl_s,
            open: Mutex::default(),
            count: AtomicU64::new(0),
            random: [RandomState::new(), RandomState::new()],
        }
    }

    /// Lifetime of sessions, in seconds.
    pub(super) fn ttl_s(&self) -> u32 {
        self.ttl_s
    }

    /// Starts a session.
    pub(super) fn begin(&self, user: &str, now_ms: u64) -> Token {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut token = Token::default();
        for (place, part) in
            token
                .chunks_exact_mut(8)
                .zip([count, self.random[0].hash_one(count), self.random[1].hash_one(count)])
        {
            place.copy_from_slice(&part.to_be_bytes());
        }
        let session = Session {
            user: user.to_owned(),
            expires_ms: now_ms + u64::from(self.ttl_s) * 1000,
        };
        let mut open = self.open.lock();
        if open.len() >= MANY {
            open.retain(|_, session| session.expires_ms > now_ms);
        }
        open.insert(token, session);
        token
    }

    /// The user of a session. `claimed` is the user that the client names, if any.
    pub(super) fn find(&self, token: &[u8], claimed: Option<&str>, now_ms: u64) -> Result<String, Invalid> {
        let open = self.open.lock();
        let session = open.get(token).ok_or(Invalid::Unknown)?;
        if claimed.is_some_and(|claimed| claimed != session.user) {
            Err(Invalid::Unknown)
        } else if session.expires_ms <= now_ms {
            Err(Invalid::Expired)
        } else {
            Ok(session.user.clone())
        }
    }

    /// Lets all sessions expire at once.
    pub(super) fn expire_all(&self) {
        let mut open = self.open.lock();
        for session in open.values_mut() {
            session.expires_ms = 0;
        }
    }

    /// Removes the sessions of a user.
    pub(super) fn end_all(&self, user: &str) {
        let mut open = self.open.lock();
        open.retain(|_, session| session.user != user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_valid_until_they_expire() {
        let sessions = Sessions::new(10);
        let token = sessions.begin("ada", 1000);
        assert_ne!(token, sessions.begin("ada", 1000));
        assert_eq!(sessions.find(&token, Some("ada"), 10_999), Ok("ada".to_owned()));
        assert_eq!(sessions.find(&token, None, 10_999), Ok("ada".to_owned()));
        assert_eq!(sessions.find(&token, Some("bob"), 1000), Err(Invalid::Unknown));
        assert_eq!(sessions.find(b"token", Some("ada"), 1000), Err(Invalid::Unknown));
        assert_eq!(sessions.find(&token, Some("ada"), 11_000), Err(Invalid::Expired));
    }

    #[test]
    fn sessions_end_early() {
        let sessions = Sessions::new(10);
        let (ada, bob) = (sessions.begin("ada", 0), sessions.begin("bob", 0));
        sessions.end_all("ada");
        assert_eq!(sessions.find(&ada, None, 0), Err(Invalid::Unknown));
        assert!(sessions.find(&bob, None, 0).is_ok());
        sessions.expire_all();
        assert_eq!(sessions.find(&bob, None, 0), Err(Invalid::Expired));
    }
}
