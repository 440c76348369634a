//! Administration of users and roles.

use super::access::quotas;
use super::allowlist::Allowlist;
use super::message::{Part, Reply, Request, command, encode_privileges, encode_roles, encode_statistics, field};
use super::role::{Role, is_name};
use super::user::{Credential, User};
use super::{Access, Accounts, Context, Need, Security};
use crate::common::result_code::ResultCode;
use crate::proto::header::{self, HEADER_SIZE, Kind};

/// Size from which on the reply to a query continues in another message, in bytes.
const BLOCK_SIZE: usize = 128 * 1024;

/// The user who sends a command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Administrator<'a> {
    pub(super) user: &'a str,
    pub(super) access: &'a Access,
}

impl Administrator<'_> {
    fn check(&self) -> Result<(), ResultCode> {
        self.access.check(Need::UserAdmin)
    }
}

/// Executes a command and writes the reply, unless the command fails.
///
/// # Errors
/// Returns the result code to send to the client.
pub(super) fn execute(
    context: &Context<'_>,
    by: &Administrator<'_>,
    request: &Request<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ResultCode> {
    match request.command {
        command::QUERY_USERS => return query_users(context, by, request, out),
        command::QUERY_ROLES => return query_roles(context.security, by, request, out),
        command::CHANGE_PASSWORD => change_password(context.security, by, request)?,
        _ => {
            by.check()?;
            administer(context.security, request)?;
        }
    }
    Reply::begin(out, request.command, ResultCode::OK).finish();
    Ok(())
}

/// Executes a command that needs the privilege `user-admin`.
fn administer(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    match request.command {
        command::CREATE_USER => create_user(security, request),
        command::DROP_USER => drop_user(security, request),
        command::SET_PASSWORD => set_password(security, request),
        command::GRANT_ROLES => change_roles(security, request, true),
        command::REVOKE_ROLES => change_roles(security, request, false),
        command::CREATE_ROLE => create_role(security, request),
        command::DROP_ROLE => drop_role(security, request),
        command::GRANT_PRIVILEGES => {
            let privileges = request.privileges()?;
            change_role(security, request, |role| role.grant(privileges))
        }
        command::REVOKE_PRIVILEGES => {
            let privileges = request.privileges()?;
            change_role(security, request, |role| role.revoke(&privileges))
        }
        command::SET_ALLOWLIST => {
            let allowlist = allowlist(request)?;
            change_role(security, request, |role| role.allowlist = allowlist)
        }
        command::SET_QUOTAS => {
            let (read, write) = requested_quotas(security, request)?;
            change_role(security, request, |role| {
                role.read_quota = read.unwrap_or(role.read_quota);
                role.write_quota = write.unwrap_or(role.write_quota);
            })
        }
        _ => Err(ResultCode::INVALID_COMMAND),
    }
}

fn create_user(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::USER)?;
    if !is_name(name) {
        return Err(ResultCode::INVALID_USER);
    }
    let credential = password(request)?;
    let roles = request.roles()?;
    let mut accounts = security.change();
    if accounts.users.contains_key(name) {
        return Err(ResultCode::USER_EXISTS);
    }
    accounts.check_roles(&roles)?;
    let user = User {
        credential,
        roles: roles.into_iter().map(str::to_owned).collect(),
    };
    accounts.users.insert(name.to_owned(), user);
    Ok(())
}

fn drop_user(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::USER)?;
    let removed = security.change().users.remove(name);
    security.sessions.end_all(name);
    removed.map(drop).ok_or(ResultCode::INVALID_USER)
}

/// The new password of a request, which clients send as a hash.
fn password(request: &Request<'_>) -> Result<Credential, ResultCode> {
    let hash = request.required_text(field::PASSWORD)?;
    Credential::from_hash(hash).ok_or(ResultCode::INVALID_PASSWORD)
}

fn set_password(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::USER)?;
    replace_password(security, name, password(request)?, |_| Ok(()))
}

/// Users change their own passwords, for which they need no privilege but their old password.
fn change_password(security: &Security, by: &Administrator<'_>, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::USER)?;
    if name != by.user {
        return Err(ResultCode::ROLE_VIOLATION);
    }
    let old = request.required_text(field::OLD_PASSWORD)?;
    replace_password(security, name, password(request)?, |hash| {
        if hash == old {
            Ok(())
        } else {
            Err(ResultCode::INVALID_PASSWORD)
        }
    })
}

fn replace_password(
    security: &Security,
    name: &str,
    credential: Credential,
    check: impl FnOnce(&str) -> Result<(), ResultCode>,
) -> Result<(), ResultCode> {
    let mut accounts = security.change();
    let user = accounts.users.get_mut(name).ok_or(ResultCode::INVALID_USER)?;
    match &user.credential {
        Credential::Hash(hash) => check(hash)?,
        // The server has no password of such a user, so there is none to replace.
        Credential::Certificate | Credential::External(_) => return Err(ResultCode::FORBIDDEN_PASSWORD),
    }
    user.credential = credential;
    Ok(())
}

fn change_roles(security: &Security, request: &Request<'_>, granted: bool) -> Result<(), ResultCode> {
    let name = request.required_text(field::USER)?;
    let roles = request.roles()?;
    let mut accounts = security.change();
    if !accounts.users.contains_key(name) {
        return Err(ResultCode::INVALID_USER);
    }
    accounts.check_roles(&roles)?;
    let user = accounts.users.get_mut(name).ok_or(ResultCode::INVALID_USER)?;
    for role in roles {
        if granted {
            user.roles.insert(role.to_owned());
        } else {
            user.roles.remove(role);
        }
    }
    Ok(())
}

fn create_role(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::ROLE)?;
    if !is_name(name) {
        return Err(ResultCode::INVALID_ROLE);
    }
    let (read_quota, write_quota) = requested_quotas(security, request)?;
    let mut role = Role {
        allowlist: allowlist(request)?,
        read_quota: read_quota.unwrap_or_default(),
        write_quota: write_quota.unwrap_or_default(),
        ..Role::default()
    };
    role.grant(request.privileges()?);
    let mut accounts = security.change();
    if accounts.roles.contains_key(name) {
        return Err(ResultCode::ROLE_EXISTS);
    }
    accounts.roles.insert(name.to_owned(), role);
    Ok(())
}

/// Drops a role, which its users lose.
fn drop_role(security: &Security, request: &Request<'_>) -> Result<(), ResultCode> {
    let name = request.required_text(field::ROLE)?;
    let mut accounts = security.change();
    accounts.custom_role(name)?;
    accounts.roles.remove(name);
    for user in accounts.users.values_mut() {
        user.roles.remove(name);
    }
    Ok(())
}

fn change_role(security: &Security, request: &Request<'_>, change: impl FnOnce(&mut Role)) -> Result<(), ResultCode> {
    let name = request.required_text(field::ROLE)?;
    change(security.change().custom_role(name)?);
    Ok(())
}

/// The allowlist of a request. Without the field, it is empty: every address is allowed.
fn allowlist(request: &Request<'_>) -> Result<Allowlist, ResultCode> {
    match request.text(field::ALLOWLIST)? {
        None => Ok(Allowlist::default()),
        Some(text) => Allowlist::parse(text).ok_or(ResultCode::INVALID_ALLOWLIST),
    }
}

fn requested_quotas(security: &Security, request: &Request<'_>) -> Result<(Option<u32>, Option<u32>), ResultCode> {
    let quotas = (request.quota(field::READ_QUOTA)?, request.quota(field::WRITE_QUOTA)?);
    if quotas != (None, None) && !security.quotas {
        return Err(ResultCode::QUOTAS_NOT_ENABLED);
    }
    Ok(quotas)
}

impl Accounts {
    fn check_roles(&self, roles: &[&str]) -> Result<(), ResultCode> {
        match roles.iter().all(|role| self.roles.contains_key(*role)) {
            true => Ok(()),
            false => Err(ResultCode::INVALID_ROLE),
        }
    }

    /// A role that is not predefined, for a change.
    fn custom_role(&mut self, name: &str) -> Result<&mut Role, ResultCode> {
        self.roles
            .get_mut(name)
            .filter(|role| !role.predefined)
            .ok_or(ResultCode::INVALID_ROLE)
    }
}

/// Sends one user, or all of them. Users may query themselves without a privilege.
fn query_users(
    context: &Context<'_>,
    by: &Administrator<'_>,
    request: &Request<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ResultCode> {
    let only = request.text(field::USER)?;
    if only != Some(by.user) {
        by.check()?;
    }
    let &Context {
        security,
        member,
        now_ms,
    } = context;
    let accounts = security.accounts();
    let add = |answer: &mut Answer<'_>, name: &str, user: &User| {
        let usage = security.usage(member, name);
        let (read_quota, write_quota) = quotas(&accounts, name);
        let mut part = answer.part();
        part.field(field::USER, name.as_bytes());
        part.field(field::ROLES, &encode_roles(user.roles.iter().map(String::as_str)));
        let reads = [read_quota, usage.reads().per_second(now_ms), 0, 0];
        let writes = [write_quota, usage.writes().per_second(now_ms), 0, 0];
        part.field(field::READ_INFO, &encode_statistics(reads));
        part.field(field::WRITE_INFO, &encode_statistics(writes));
        part.field(field::CONNECTIONS, &usage.connections().to_be_bytes());
    };
    let mut answer = Answer::begin(out, request.command);
    match only {
        Some(name) => match accounts.users.get(name) {
            Some(user) => add(&mut answer, name, user),
            None => return Err(answer.discard(ResultCode::INVALID_USER)),
        },
        None => accounts
            .users
            .iter()
            .for_each(|(name, user)| add(&mut answer, name, user)),
    }
    answer.finish();
    Ok(())
}

/// Sends one role, or all of them. Users may query their own roles without a privilege.
fn query_roles(
    security: &Security,
    by: &Administrator<'_>,
    request: &Request<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ResultCode> {
    let only = request.text(field::ROLE)?;
    let accounts = security.accounts();
    let is_own = |name| {
        accounts
            .users
            .get(by.user)
            .is_some_and(|user| user.roles.contains(name))
    };
    if !only.is_some_and(is_own) {
        by.check()?;
    }
    let mut answer = Answer::begin(out, request.command);
    match only {
        Some(name) => match accounts.roles.get(name) {
            Some(role) => add_role(&mut answer, name, role),
            None => return Err(answer.discard(ResultCode::INVALID_ROLE)),
        },
        None => accounts
            .roles
            .iter()
            .for_each(|(name, role)| add_role(&mut answer, name, role)),
    }
    answer.finish();
    Ok(())
}

fn add_role(answer: &mut Answer<'_>, name: &str, role: &Role) {
    let mut part = answer.part();
    part.field(field::ROLE, name.as_bytes());
    part.field(field::PRIVILEGES, &encode_privileges(&role.privileges));
    if !role.allowlist.is_empty() {
        part.field(field::ALLOWLIST, role.allowlist.text().as_bytes());
    }
    if role.read_quota != 0 || role.write_quota != 0 {
        part.field(field::READ_QUOTA, &role.read_quota.to_be_bytes());
        part.field(field::WRITE_QUOTA, &role.write_quota.to_be_bytes());
    }
}

/// The reply to a query: users or roles, then an end marker.
struct Answer<'a> {
    out: &'a mut Vec<u8>,
    command: u8,
    first: usize,
    start: usize,
}

impl<'a> Answer<'a> {
    fn begin(out: &'a mut Vec<u8>, command: u8) -> Self {
        let start = header::begin(out);
        Self {
            out,
            command,
            first: start,
            start,
        }
    }

    fn part(&mut self) -> Part<'_> {
        if self.out.len() > self.start + HEADER_SIZE + BLOCK_SIZE {
            header::finish(self.out, self.start, Kind::Security);
            self.start = header::begin(self.out);
        }
        Part::begin(self.out, self.command, ResultCode::OK)
    }

    fn finish(self) {
        Part::begin(self.out, self.command, ResultCode::QUERY_END);
        header::finish(self.out, self.start, Kind::Security);
    }

    fn discard(self, result: ResultCode) -> ResultCode {
        self.out.truncate(self.first);
        result
    }
}
