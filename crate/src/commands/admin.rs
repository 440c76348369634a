//! Users, roles and privileges.

use std::pin::pin;

use aerospike_core::{Privilege, PrivilegeCode, Role, User};

use super::await_core::until;
use super::record::done;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::Sends;
use crate::policy;
use crate::requests::Call;
use crate::wire::{Reader, Writer};

/// The kinds of user that `create_user` creates.
const PKI: u8 = 1;

fn texts<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a str>, Failure> {
    let count = reader.u16()?;
    (0..count).map(|_| reader.text()).collect()
}

fn named(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn privileges(reader: &mut Reader<'_>) -> Result<Vec<Privilege>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| {
            let code = PrivilegeCode::try_from(reader.text()?)?;
            let (namespace, set) = (reader.text()?, reader.text()?);
            Ok(Privilege::new(code, named(namespace), named(set)))
        })
        .collect()
}

/// The request without the name of a user or a role means all of them.
fn subject(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Creates a user with a password, or one that a certificate authenticates.
pub async fn create_user(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let (kind, user, password) = (reader.u8()?, reader.text()?, reader.text()?);
    let roles = texts(&mut reader)?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let (core, request) = (&client.core, call.request());
    if kind == PKI {
        until(
            request,
            Sends::Uncounted,
            pin!(core.create_pki_user(&policy, user, &roles)),
        )
        .await?;
    } else {
        let created = core.create_user(&policy, user, password, &roles);
        until(request, Sends::Uncounted, pin!(created)).await?;
    }
    done(call);
    Ok(())
}

/// Removes a user.
pub async fn drop_user(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let user = reader.text()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let dropped = client.core.drop_user(&policy, user);
    until(call.request(), Sends::Uncounted, pin!(dropped)).await?;
    done(call);
    Ok(())
}

/// Changes the password of a user.
pub async fn change_password(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let (user, password) = (reader.text()?, reader.text()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let changed = client.core.change_password(&policy, user, password);
    until(call.request(), Sends::Uncounted, pin!(changed)).await?;
    done(call);
    Ok(())
}

/// Grants roles to a user, or revokes them.
pub async fn change_roles(client: &Client, call: &Call, grant: bool) -> Result<(), Failure> {
    let mut reader = call.reader();
    let user = reader.text()?;
    let roles = texts(&mut reader)?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let (core, request) = (&client.core, call.request());
    if grant {
        until(request, Sends::Uncounted, pin!(core.grant_roles(&policy, user, &roles))).await?;
    } else {
        until(
            request,
            Sends::Uncounted,
            pin!(core.revoke_roles(&policy, user, &roles)),
        )
        .await?;
    }
    done(call);
    Ok(())
}

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    out.put_u16(texts.len() as u16);
    for text in texts {
        out.put_text(text);
    }
}

fn put_numbers(out: &mut Vec<u8>, numbers: &[u32]) {
    out.put_u16(numbers.len() as u16);
    for number in numbers {
        out.put_u32(*number);
    }
}

/// Lists one user, or all of them.
pub async fn query_users(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let user = subject(reader.text()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let found = client.core.query_users(&policy, user);
    let users = until(call.request(), Sends::Nothing, pin!(found)).await?;
    call.channel().reply(call.request(), |out, _| {
        out.put_u32(users.len() as u32);
        for User {
            user,
            roles,
            read_info,
            write_info,
            conns_in_use,
        } in &users
        {
            out.put_text(user);
            put_texts(out, roles);
            out.put_u32(*conns_in_use);
            put_numbers(out, read_info);
            put_numbers(out, write_info);
        }
        Ok(())
    });
    Ok(())
}

/// Creates a role.
pub async fn create_role(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let role = reader.text()?;
    let privileges = privileges(&mut reader)?;
    let allowlist = texts(&mut reader)?;
    let (reads, writes) = (reader.u32()?, reader.u32()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let created = client
        .core
        .create_role(&policy, role, &privileges, &allowlist, reads, writes);
    until(call.request(), Sends::Uncounted, pin!(created)).await?;
    done(call);
    Ok(())
}

/// Removes a role.
pub async fn drop_role(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let role = reader.text()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let dropped = client.core.drop_role(&policy, role);
    until(call.request(), Sends::Uncounted, pin!(dropped)).await?;
    done(call);
    Ok(())
}

/// Grants privileges to a role, or revokes them.
pub async fn change_privileges(client: &Client, call: &Call, grant: bool) -> Result<(), Failure> {
    let mut reader = call.reader();
    let role = reader.text()?;
    let privileges = privileges(&mut reader)?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let (core, request) = (&client.core, call.request());
    if grant {
        let granted = core.grant_privileges(&policy, role, &privileges);
        until(request, Sends::Uncounted, pin!(granted)).await?;
    } else {
        let revoked = core.revoke_privileges(&policy, role, &privileges);
        until(request, Sends::Uncounted, pin!(revoked)).await?;
    }
    done(call);
    Ok(())
}

/// Replaces the addresses from which users of a role may connect; none lifts the restriction.
pub async fn set_allowlist(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let role = reader.text()?;
    let allowlist = texts(&mut reader)?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let set = client.core.set_allowlist(&policy, role, &allowlist);
    until(call.request(), Sends::Uncounted, pin!(set)).await?;
    done(call);
    Ok(())
}

/// Sets the quotas of a role, in records per second; 0 means no limit.
pub async fn set_quotas(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let (role, reads, writes) = (reader.text()?, reader.u32()?, reader.u32()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let set = client.core.set_quotas(&policy, role, reads, writes);
    until(call.request(), Sends::Uncounted, pin!(set)).await?;
    done(call);
    Ok(())
}

/// Lists one role, or all of them.
pub async fn query_roles(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let role = subject(reader.text()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let found = client.core.query_roles(&policy, role);
    let roles = until(call.request(), Sends::Nothing, pin!(found)).await?;
    call.channel().reply(call.request(), |out, _| {
        out.put_u32(roles.len() as u32);
        for Role {
            name,
            privileges,
            allowlist,
            read_quota,
            write_quota,
        } in &roles
        {
            out.put_text(name);
            out.put_u16(privileges.len() as u16);
            for privilege in privileges {
                out.put_text(&String::from(&privilege.code));
                out.put_text(privilege.namespace.as_deref().unwrap_or_default());
                out.put_text(privilege.set_name.as_deref().unwrap_or_default());
            }
            put_texts(out, allowlist);
            out.put_u32(*read_quota);
            out.put_u32(*write_quota);
        }
        Ok(())
    });
    Ok(())
}
