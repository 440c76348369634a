//! Truncation: removes every record of a set or a namespace, or those last updated before a given time.

use std::pin::pin;

use super::call::until;
use super::info::check_namespace;
use super::record::done;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::Sends;
use crate::policy;
use crate::requests::Job;

/// Truncates a set; an empty set name means the whole namespace.
pub async fn truncate(client: &Client, job: &Job) -> Result<(), Failure> {
    let mut reader = job.reader();
    let (ns, set, before) = (reader.text()?, reader.text()?, reader.i64()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    check_namespace(client, job, &policy, ns).await?;
    let begun = client.core.truncate(&policy, ns, set, before);
    until(job.request(), Sends::Uncounted, pin!(begun)).await?;
    done(job);
    Ok(())
}
