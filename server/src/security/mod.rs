//! Access control, as in the Enterprise Edition: users, roles, privileges, sessions, quotas and allowlists.
//!
//! [`Security`] belongs to the cluster, like the security data that real nodes share. Every connection has a
//! [`Caller`], which logs in through [`Caller::handle`] and has an [`Access`] that permits or refuses commands.
//! Without security, the server replies like a Community Edition and permits everything.

mod access;
mod administration;
mod allowlist;
mod caller;
mod config;
mod info;
mod message;
mod need;
mod privilege;
mod role;
mod session;
mod usage;
mod user;

pub use access::{Access, Command};
pub use caller::Caller;
pub use config::{InitialUser, SecurityConfig};
pub use need::Need;

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use role::Role;
use session::Sessions;
use usage::Usage;
use user::User;

/// The usage of each user on each node: node number and user name -> usage.
type UsageByNode = HashMap<(usize, Box<str>), Arc<Usage>>;

/// The security data of a cluster.
#[derive(Debug)]
pub struct Security {
    accounts: RwLock<Accounts>,
    /// Changes with every change of a user or role, so that connections refresh what they cache.
    version: AtomicU64,
    sessions: Sessions,
    /// What each user has used of each node, because quotas apply to nodes.
    usage: Mutex<UsageByNode>,
    quotas: bool,
}

/// What a security message is handled with.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The security data of the cluster.
    pub security: &'a Security,
    /// Index of the node among the members of the cluster.
    pub member: usize,
    /// The time, in milliseconds since 2010-01-01.
    pub now_ms: u64,
}

/// All users and roles, by name.
#[derive(Debug, Default)]
struct Accounts {
    users: BTreeMap<String, User>,
    roles: BTreeMap<String, Role>,
}

impl Accounts {
    /// The roles of a user.
    fn roles_of(&self, user: &str) -> impl Iterator<Item = &Role> {
        let names = self.users.get(user).map(|user| user.roles.iter());
        names.into_iter().flatten().filter_map(|name| self.roles.get(name))
    }
}

impl Security {
    /// Creates the predefined roles and the configured users.
    ///
    /// # Errors
    /// Returns a message if a configured user is invalid.
    pub fn new(config: &SecurityConfig) -> Result<Self, String> {
        let mut accounts = Accounts {
            roles: role::predefined(),
            ..Accounts::default()
        };
        for initial in &config.users {
            let user = User::initial(initial, &accounts.roles)?;
            if accounts.users.insert(initial.name.clone(), user).is_some() {
                return Err(format!("user {:?} is given twice", initial.name));
            }
        }
        Ok(Self {
            accounts: RwLock::new(accounts),
            version: AtomicU64::new(0),
            sessions: Sessions::new(config.session_ttl_s),
            usage: Mutex::default(),
            quotas: config.quotas,
        })
    }

    /// Ends all sessions, as if their time had passed. Connections that are already authenticated stay open.
    pub fn expire_sessions(&self) {
        self.sessions.expire_all();
    }

    fn accounts(&self) -> RwLockReadGuard<'_, Accounts> {
        self.accounts.read()
    }

    /// Locks the users and roles for a change, which connections notice at their next request.
    fn change(&self) -> RwLockWriteGuard<'_, Accounts> {
        let accounts = self.accounts.write();
        self.version.fetch_add(1, Ordering::Release);
        accounts
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// What a user has used of a node.
    fn usage(&self, member: usize, user: &str) -> Arc<Usage> {
        let mut usage = self.usage.lock();
        Arc::clone(usage.entry((member, user.into())).or_default())
    }
}
