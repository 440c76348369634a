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

/// Truncates a set; an empty set name means the whole namespace.
pub async fn truncate(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let (ns, set, before) = (reader.text()?, reader.text()?, reader.i64()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    check_namespace(client, call, &policy, ns).await?;
    let begun = client.core.truncate(&policy, ns, set, before);
    until(call.request(), Sends::Uncounted, pin!(begun)).await?;
    done(call);
    Ok(())
}
