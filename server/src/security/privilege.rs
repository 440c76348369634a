//! Privileges: what a role permits, and where.

use super::need::Need;

/// Maximum length of the namespace name in a scope, in bytes.
const MAX_NAMESPACE: usize = 31;

/// Maximum length of the set name in a scope, in bytes.
const MAX_SET: usize = 63;

/// The kind of a privilege, with its number in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Code {
    UserAdmin = 0,
    SysAdmin = 1,
    DataAdmin = 2,
    UdfAdmin = 3,
    SindexAdmin = 4,
    Read = 10,
    ReadWrite = 11,
    ReadWriteUdf = 12,
    Write = 13,
    Truncate = 14,
    MaskingAdmin = 15,
    ReadMasked = 16,
    WriteMasked = 17,
}

impl Code {
    /// All codes. There is a predefined role of the same name for each of them.
    pub(super) const ALL: [Self; 13] = [
        Self::UserAdmin,
        Self::SysAdmin,
        Self::DataAdmin,
        Self::UdfAdmin,
        Self::SindexAdmin,
        Self::Read,
        Self::ReadWrite,
        Self::ReadWriteUdf,
        Self::Write,
        Self::Truncate,
        Self::MaskingAdmin,
        Self::ReadMasked,
        Self::WriteMasked,
    ];

    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as u8 == number)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UserAdmin => "user-admin",
            Self::SysAdmin => "sys-admin",
            Self::DataAdmin => "data-admin",
            Self::UdfAdmin => "udf-admin",
            Self::SindexAdmin => "sindex-admin",
            Self::Read => "read",
            Self::ReadWrite => "read-write",
            Self::ReadWriteUdf => "read-write-udf",
            Self::Write => "write",
            Self::Truncate => "truncate",
            Self::MaskingAdmin => "masking-admin",
            Self::ReadMasked => "read-masked",
            Self::WriteMasked => "write-masked",
        }
    }

    /// Whether the privilege has a scope in the protocol. The clients encode one for each code from `read` on.
    pub(super) fn has_scope(self) -> bool {
        self >= Self::Read
    }

    fn grants(self, need: Need) -> bool {
        match need {
            Need::Read => matches!(self, Self::Read | Self::ReadWrite | Self::ReadWriteUdf),
            Need::Write => matches!(self, Self::Write | Self::ReadWrite | Self::ReadWriteUdf),
            Need::Udf => self == Self::ReadWriteUdf,
            Need::Truncate => matches!(self, Self::Truncate | Self::DataAdmin),
            Need::UdfAdmin => matches!(self, Self::UdfAdmin | Self::DataAdmin),
            Need::SindexAdmin => matches!(self, Self::SindexAdmin | Self::DataAdmin),
            Need::DataAdmin => matches!(self, Self::DataAdmin | Self::SysAdmin),
            Need::SysAdmin => self == Self::SysAdmin,
            Need::UserAdmin => self == Self::UserAdmin,
        }
    }
}

/// A privilege, for all records or for those of a namespace or set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Privilege {
    pub(super) code: Code,
    /// Namespace name; empty for all namespaces.
    pub(super) namespace: String,
    /// Set name; empty for all sets of the namespace.
    pub(super) set: String,
}

impl Privilege {
    pub(super) fn global(code: Code) -> Self {
        Self {
            code,
            namespace: String::new(),
            set: String::new(),
        }
    }

    /// Whether the scope is well-formed.
    pub(super) fn is_valid(&self) -> bool {
        self.namespace.len() <= MAX_NAMESPACE
            && self.set.len() <= MAX_SET
            && (!self.namespace.is_empty() || self.set.is_empty())
    }

    /// Whether the privilege permits something in a namespace and set.
    pub(super) fn permits(&self, need: Need, namespace: &[u8], set: &[u8]) -> bool {
        self.code.grants(need)
            && (self.namespace.is_empty() || self.namespace.as_bytes() == namespace)
            && (self.set.is_empty() || self.set.as_bytes() == set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_limit_privileges() {
        let of_set = Privilege {
            code: Code::ReadWrite,
            namespace: "test".to_owned(),
            set: "users".to_owned(),
        };
        assert!(of_set.permits(Need::Read, b"test", b"users"));
        assert!(of_set.permits(Need::Write, b"test", b"users"));
        assert!(!of_set.permits(Need::Udf, b"test", b"users"));
        assert!(!of_set.permits(Need::Read, b"test", b""));
        assert!(!of_set.permits(Need::Read, b"demo", b"users"));
        assert!(Privilege::global(Code::Read).permits(Need::Read, b"demo", b""));
        assert!(!Privilege::global(Code::Write).permits(Need::Read, b"demo", b""));
    }

    #[test]
    fn a_set_needs_a_namespace() {
        let mut privilege = Privilege::global(Code::Read);
        privilege.set = "users".to_owned();
        assert!(!privilege.is_valid());
        privilege.namespace = "test".to_owned();
        assert!(privilege.is_valid());
        privilege.set = "x".repeat(64);
        assert!(!privilege.is_valid());
    }
}
