//! Configuration of access control.

/// Session lifetime of a real server that is not configured otherwise, in seconds.
const DEFAULT_SESSION_TTL_S: u32 = 86_400;

/// Access control settings of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityConfig {
    /// Users that exist from the start.
    pub users: Vec<InitialUser>,
    /// Lifetime of sessions in seconds. After that, a session token no longer authenticates new connections.
    pub session_ttl_s: u32,
    /// Whether roles may have quotas.
    pub quotas: bool,
}

/// A user that exists from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialUser {
    /// User name.
    pub name: String,
    /// Password. Without one, the user can log in only with a client certificate.
    pub password: Option<String>,
    /// Predefined roles.
    pub roles: Vec<String>,
    /// Whether the user logs in with external authentication, for which a real server contacts an LDAP server.
    pub external: bool,
}

impl InitialUser {
    /// The user `admin` with the password `admin`, who may do everything. On a real server, this user starts
    /// with the role `user-admin` only.
    #[must_use]
    pub fn admin() -> Self {
        let roles = ["user-admin", "sys-admin", "data-admin", "read-write-udf"];
        Self {
            name: "admin".to_owned(),
            password: Some("admin".to_owned()),
            roles: roles.map(str::to_owned).to_vec(),
            external: false,
        }
    }
}

impl Default for SecurityConfig {
    fn default() -> Self {
        Self {
            users: vec![InitialUser::admin()],
            session_ttl_s: DEFAULT_SESSION_TTL_S,
            quotas: true,
        }
    }
}
