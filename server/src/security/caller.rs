//! The security state of a connection: who the client is, and what it may do.

use std::net::IpAddr;
use std::sync::Arc;

use super::administration;
use super::message::{self, Reply, Request, command, field};
use super::session::Invalid;
use super::usage::Usage;
use super::user::Credential;
use super::{Access, Accounts, Context, Security};
use crate::common::result_code::ResultCode;

/// The client of a connection.
#[derive(Debug)]
pub struct Caller {
    address: IpAddr,
    /// Common name of the client's certificate, which names the user of a login without a user name.
    common_name: Option<String>,
    login: Option<Login>,
}

/// An authenticated user.
#[derive(Debug)]
struct Login {
    user: String,
    /// Version of the users and roles from which `access` was derived.
    version: u64,
    access: Access,
    usage: Arc<Usage>,
}

impl Login {
    fn new(security: &Security, member: usize, user: &str, address: IpAddr) -> Result<Self, ResultCode> {
        let usage = security.usage(member, user);
        // The version first: a change in between then causes one refresh too many, not one too few.
        let version = security.version();
        let access = access(&security.accounts(), user, address, &usage)?;
        usage.connect();
        Ok(Self {
            user: user.to_owned(),
            version,
            access,
            usage,
        })
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        self.usage.disconnect();
    }
}

/// The access of a user from an address.
fn access(accounts: &Accounts, user: &str, address: IpAddr, usage: &Arc<Usage>) -> Result<Access, ResultCode> {
    if !accounts.users.contains_key(user) {
        return Err(ResultCode::NOT_AUTHENTICATED);
    }
    let mut lists = accounts
        .roles_of(user)
        .map(|role| &role.allowlist)
        .filter(|list| !list.is_empty())
        .peekable();
    if lists.peek().is_some() && !lists.any(|list| list.contains(address)) {
        return Err(ResultCode::NOT_ALLOWLISTED);
    }
    Ok(Access::of_user(accounts, user, Arc::clone(usage)))
}

impl Caller {
    /// Creates the state of a new connection.
    #[must_use]
    pub fn new(address: IpAddr, common_name: Option<String>) -> Self {
        Self {
            address,
            common_name,
            login: None,
        }
    }

    /// The access of the connection. Changes of users and roles take effect at once; a real server refreshes
    /// what it caches within five minutes.
    ///
    /// # Errors
    /// Returns the result code to send to the client if it may not send commands at all.
    pub fn access(&mut self, security: Option<&Security>) -> Result<Access, ResultCode> {
        let Some(security) = security else {
            return Ok(Access::UNLIMITED);
        };
        let login = self.login.as_mut().ok_or(ResultCode::NOT_AUTHENTICATED)?;
        let version = security.version();
        if login.version != version {
            let refreshed = access(&security.accounts(), &login.user, self.address, &login.usage);
            match refreshed {
                Ok(access) => {
                    login.access = access;
                    login.version = version;
                }
                Err(ResultCode::NOT_AUTHENTICATED) => {
                    self.login = None;
                    return Err(ResultCode::NOT_AUTHENTICATED);
                }
                Err(result) => return Err(result),
            }
        }
        Ok(login.access.clone())
    }

    /// Handles a security message. There is no context if security is not enabled.
    pub fn handle(&mut self, context: Option<&Context<'_>>, body: &[u8], out: &mut Vec<u8>) {
        let command = message::command_of(body);
        let result = match (context, Request::parse(body)) {
            (None, _) => Err(ResultCode::SECURITY_NOT_SUPPORTED),
            (Some(_), None) => Err(ResultCode::INVALID_FIELD),
            (Some(context), Some(request)) => match request.command {
                command::LOGIN => self.log_in(context, &request, out),
                command::AUTHENTICATE => self.authenticate(context, &request, out),
                _ => self.administer(context, &request, out),
            },
        };
        if let Err(result) = result {
            Reply::begin(out, command, result).finish();
        }
    }

    fn log_in(&mut self, context: &Context<'_>, request: &Request<'_>, out: &mut Vec<u8>) -> Result<(), ResultCode> {
        let user = self.verify(context.security, request)?;
        self.enter(context, &user)?;
        let token = context.security.sessions.begin(&user, context.now_ms);
        let mut reply = Reply::begin(out, request.command, ResultCode::OK);
        reply.field(field::SESSION_TOKEN, &token);
        reply.field(field::SESSION_TTL, &context.security.sessions.ttl_s().to_be_bytes());
        reply.finish();
        Ok(())
    }

    /// Checks the credential of a login. Returns the user's name.
    fn verify(&self, security: &Security, request: &Request<'_>) -> Result<String, ResultCode> {
        let accounts = security.accounts();
        let Some(name) = request.text(field::USER)? else {
            let name = self.common_name.as_deref().ok_or(ResultCode::INVALID_CREDENTIAL)?;
            return match accounts.users.contains_key(name) {
                true => Ok(name.to_owned()),
                false => Err(ResultCode::INVALID_USER),
            };
        };
        let user = accounts.users.get(name).ok_or(ResultCode::INVALID_USER)?;
        let fits = match &user.credential {
            Credential::Hash(hash) => request.field(field::CREDENTIAL) == Some(hash.as_bytes()),
            Credential::External(password) => request.field(field::CLEAR_PASSWORD) == Some(password.as_bytes()),
            Credential::Certificate => false,
        };
        if fits {
            Ok(name.to_owned())
        } else {
            Err(ResultCode::INVALID_CREDENTIAL)
        }
    }

    fn authenticate(
        &mut self,
        context: &Context<'_>,
        request: &Request<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ResultCode> {
        let claimed = request.text(field::USER)?;
        match request.field(field::SESSION_TOKEN) {
            Some(token) => {
                let found = context.security.sessions.find(token, claimed, context.now_ms);
                let user = found.map_err(|invalid| match invalid {
                    Invalid::Unknown => ResultCode::INVALID_CREDENTIAL,
                    Invalid::Expired => ResultCode::EXPIRED_SESSION,
                })?;
                self.enter(context, &user)?;
            }
            // Old clients authenticate each connection with their password.
            None => {
                let user = self.verify(context.security, request)?;
                self.enter(context, &user)?;
            }
        }
        Reply::begin(out, request.command, ResultCode::OK).finish();
        Ok(())
    }

    fn enter(&mut self, context: &Context<'_>, user: &str) -> Result<(), ResultCode> {
        self.login = Some(Login::new(context.security, context.member, user, self.address)?);
        Ok(())
    }

    fn administer(
        &mut self,
        context: &Context<'_>,
        request: &Request<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ResultCode> {
        let access = self.access(Some(context.security))?;
        let user = self.login.as_ref().map_or("", |login| &login.user);
        let by = administration::Administrator { user, access: &access };
        administration::execute(context, &by, request, out)
    }
}
