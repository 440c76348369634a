//! Roles: named groups of privileges, with quotas and an allowlist.

use std::collections::BTreeMap;

use super::allowlist::Allowlist;
use super::privilege::{Code, Privilege};

/// Maximum length of the name of a role or user, in bytes.
const MAX_NAME: usize = 63;

/// A role.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    /// Whether the role is predefined and cannot be changed.
    pub(super) predefined: bool,
    /// Sorted, without duplicates.
    pub(super) privileges: Vec<Privilege>,
    pub(super) allowlist: Allowlist,
    /// Reads per second; 0 means no limit.
    pub(super) read_quota: u32,
    /// Writes per second; 0 means no limit.
    pub(super) write_quota: u32,
}

impl Role {
    pub(super) fn grant(&mut self, privileges: Vec<Privilege>) {
        self.privileges.extend(privileges);
        self.privileges.sort();
        self.privileges.dedup();
    }

    pub(super) fn revoke(&mut self, privileges: &[Privilege]) {
        self.privileges.retain(|privilege| !privileges.contains(privilege));
    }
}

/// The predefined roles: one for each privilege.
pub(super) fn predefined() -> BTreeMap<String, Role> {
    let role = |code| Role {
        predefined: true,
        privileges: vec![Privilege::global(code)],
        ..Role::default()
    };
    Code::ALL.map(|code| (code.name().to_owned(), role(code))).into()
}

/// Whether a role or user may have this name. Info replies use colons and semicolons as separators.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= MAX_NAME && !name.contains([':', ';'])
}
