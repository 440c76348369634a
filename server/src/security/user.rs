//! Users and their passwords.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::config::InitialUser;
use super::role::{Role, is_name};

/// The salt and cost with which every Aerospike client hashes passwords.
const SALT: [u8; 16] = [
    244, 107, 11, 190, 207, 254, 141, 27, 6, 103, 216, 79, 109, 193, 216, 169,
];
const COST: u32 = 10;

/// What every hash of a client starts with: version, cost and salt.
const HASH_PREFIX: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoO";

/// Length of a hash.
const HASH_SIZE: usize = 60;

/// The hash of `nopassword`, which clients send for users that log in with a certificate.
const NO_PASSWORD: &str = "$2a$10$7EqJtq98hPqEX7fNZaFWoOePA2sZy..tlOF99W2N0g5KZ3dLaw8WO";

/// How a user logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// With a password, of which the server stores the hash.
    Hash(String),
    /// With a client certificate only.
    Certificate,
    /// With external authentication.
    External(String),
}

/// A user.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) credential: Credential,
    pub(super) roles: BTreeSet<String>,
}

impl Credential {
    /// The credential for a password hash. Returns `None` if it is not one.
    pub(super) fn from_hash(hash: &str) -> Option<Self> {
        match hash {
            NO_PASSWORD => Some(Self::Certificate),
            _ if hash.len() == HASH_SIZE && hash.starts_with(HASH_PREFIX) => Some(Self::Hash(hash.to_owned())),
            _ => None,
        }
    }
}

impl User {
    /// Creates a configured user.
    pub(super) fn initial(config: &InitialUser, roles: &BTreeMap<String, Role>) -> Result<Self, String> {
        let name = &config.name;
        if !is_name(name) {
            return Err(format!("user {name:?}: not a valid name"));
        }
        if let Some(role) = config.roles.iter().find(|role| !roles.contains_key(*role)) {
            return Err(format!("user {name:?}: there is no role {role:?}"));
        }
        let credential = match &config.password {
            None => Credential::Certificate,
            Some(password) if config.external => Credential::External(password.clone()),
            Some(password) => {
                let hash = hash(password).map_err(|error| format!("user {name:?}: {error}"))?;
                Credential::Hash(hash)
            }
        };
        Ok(Self {
            credential,
            roles: config.roles.iter().cloned().collect(),
        })
    }
}

/// Hashes a password as clients do.
fn hash(password: &str) -> Result<String, bcrypt::BcryptError> {
    let parts = bcrypt::hash_with_salt(password, COST, SALT)?;
    Ok(parts.format_for_version(bcrypt::Version::TwoA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_clients() {
        let expected = "$2a$10$7EqJtq98hPqEX7fNZaFWoOqUH6KN8IKy3Yk5Kz..RHGKNAUCoP/LG";
        assert_eq!(hash("password").unwrap(), expected);
        assert_eq!(
            Credential::from_hash(&hash("nopassword").unwrap()),
            Some(Credential::Certificate)
        );
        assert_eq!(Credential::from_hash("password"), None);
    }

    #[test]
    fn configured_users_are_checked() {
        let roles = super::super::role::predefined();
        let mut config = InitialUser::admin();
        assert!(User::initial(&config, &roles).is_ok());
        config.roles.push("nobody".to_owned());
        assert!(
            User::initial(&config, &roles)
                .unwrap_err()
                .contains("no role \"nobody\"")
        );
        config.name = "a:b".to_owned();
        assert!(User::initial(&config, &roles).unwrap_err().contains("valid name"));
    }
}
