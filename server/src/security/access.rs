//! What a connection may do: the privileges and quotas of its user.

use std::sync::Arc;

use super::need::Need;
use super::privilege::Privilege;
use super::usage::{Rate, Usage};
use super::{Accounts, info};
use crate::common::result_code::ResultCode;
use crate::proto::message::{Message, info1};

/// A command on one record.
#[derive(Debug, Clone, Copy)]
pub struct Command<'a> {
    /// Namespace name.
    pub namespace: &'a [u8],
    /// Set name; empty if the record is not in a set.
    pub set: &'a [u8],
    /// Whether the command reads.
    pub reads: bool,
    /// Whether the command writes. One that reads and writes counts as a write.
    pub writes: bool,
    /// Whether the command applies a user-defined function.
    pub is_udf: bool,
}

/// The access of a connection. The default is unlimited access, for a server without security.
#[derive(Debug, Clone, Default)]
pub struct Access(Option<Arc<Grant>>);

/// The rights of a user, from all of its roles.
#[derive(Debug)]
struct Grant {
    privileges: Vec<Privilege>,
    /// Reads per second; 0 means no limit.
    read_quota: u32,
    /// Writes per second; 0 means no limit.
    write_quota: u32,
    usage: Arc<Usage>,
}

/// The largest quotas of a user's roles: reads and writes per second, 0 if no role has one.
pub(super) fn quotas(accounts: &Accounts, user: &str) -> (u32, u32) {
    accounts.roles_of(user).fold((0, 0), |(read, write), role| {
        (role.read_quota.max(read), role.write_quota.max(write))
    })
}

impl Access {
    /// Unlimited access.
    pub const UNLIMITED: Self = Self(None);

    pub(super) fn of_user(accounts: &Accounts, user: &str, usage: Arc<Usage>) -> Self {
        let (read_quota, write_quota) = quotas(accounts, user);
        Self(Some(Arc::new(Grant {
            privileges: accounts
                .roles_of(user)
                .flat_map(|role| role.privileges.iter().cloned())
                .collect(),
            read_quota,
            write_quota,
            usage,
        })))
    }

    /// Checks a need that is not limited to a namespace.
    ///
    /// # Errors
    /// Returns [`ResultCode::ROLE_VIOLATION`] without a suitable privilege.
    pub fn check(&self, need: Need) -> Result<(), ResultCode> {
        self.check_in(need, b"", b"")
    }

    /// Checks a need in a namespace and set.
    ///
    /// # Errors
    /// Returns [`ResultCode::ROLE_VIOLATION`] without a suitable privilege.
    pub fn check_in(&self, need: Need, namespace: &[u8], set: &[u8]) -> Result<(), ResultCode> {
        match &self.0 {
            Some(grant) => grant.check(need, namespace, set),
            None => Ok(()),
        }
    }

    /// Checks a command on one record, and counts it.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn check_command(&self, command: &Command<'_>, now_ms: u64) -> Result<(), ResultCode> {
        let Some(grant) = &self.0 else {
            return Ok(());
        };
        for (applies, need) in [
            (command.is_udf, Need::Udf),
            (command.reads, Need::Read),
            (command.writes, Need::Write),
        ] {
            if applies {
                grant.check(need, command.namespace, command.set)?;
            }
        }
        if command.writes {
            count(grant.usage.writes(), grant.write_quota, now_ms)
        } else {
            count(grant.usage.reads(), grant.read_quota, now_ms)
        }
    }

    /// Checks a query. A query of a user with a quota must limit its records per second to that quota.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn check_query(&self, message: &Message<'_>) -> Result<(), ResultCode> {
        let Some(grant) = &self.0 else {
            return Ok(());
        };
        let fields = &message.fields;
        let writes = message.attributes.writes();
        let need = match fields.udf_op {
            Some(_) => Need::Udf,
            None if writes => Need::Write,
            None => Need::Read,
        };
        grant.check(need, fields.namespace.unwrap_or_default(), fields.set)?;
        let is_short = message.attributes.info1 & info1::SHORT_QUERY != 0;
        let quota = if writes { grant.write_quota } else { grant.read_quota };
        let rate = fields.records_per_second.unwrap_or_default();
        if quota == 0 || is_short || (rate != 0 && rate <= quota) {
            Ok(())
        } else {
            Err(ResultCode::QUOTA_EXCEEDED)
        }
    }

    /// Checks an info command.
    ///
    /// # Errors
    /// Returns [`ResultCode::ROLE_VIOLATION`] without a suitable privilege.
    pub fn check_info(&self, name: &str, namespace: &str, set: &str) -> Result<(), ResultCode> {
        match (&self.0, info::need(name)) {
            (Some(grant), Some(need)) => grant.check(need, namespace.as_bytes(), set.as_bytes()),
            _ => Ok(()),
        }
    }
}

impl Grant {
    fn check(&self, need: Need, namespace: &[u8], set: &[u8]) -> Result<(), ResultCode> {
        let permitted = self
            .privileges
            .iter()
            .any(|privilege| privilege.permits(need, namespace, set));
        if permitted {
            Ok(())
        } else {
            Err(ResultCode::ROLE_VIOLATION)
        }
    }
}

fn count(rate: &Rate, quota: u32, now_ms: u64) -> Result<(), ResultCode> {
    if rate.count(quota, now_ms) {
        Ok(())
    } else {
        Err(ResultCode::QUOTA_EXCEEDED)
    }
}
