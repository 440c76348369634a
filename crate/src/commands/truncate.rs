//! Truncation: removes every record of a set or a namespace, or those last updated before a given time.

use std::pin::pin;

use super::await_core::until;
use super::info::check_namespace;
use super::record::done;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::Sends;
use crate::policy;
use crate::requests::Call;
use crate::requests::subject::Subject;

/// Truncates a set; an empty set name means the whole namespace.
pub async fn truncate(client: &Client, call: &Call) -> Result<(), Failure> {
    let (Subject { namespace, set, .. }, mut reader) = call.open()?;
    let before = reader.i64()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    check_namespace(client, call, &policy, namespace).await?;
    let begun = client.core.truncate(&policy, namespace, set, before);
    until(call.request(), Sends::Uncounted, pin!(begun)).await?;
    done(call);
    Ok(())
}
