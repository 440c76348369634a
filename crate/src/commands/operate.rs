//! Runs several operations on one record in one request.

use std::pin::pin;

use super::await_core::at_master;
use super::read_mode;
use crate::catalog::commands::OPERATE_ORDERED;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::Sends;
use crate::convert::{key, operation, record};
use crate::policy;
use crate::requests::Call;

/// operate and operateOrdered. They differ only in the form of their results.
pub async fn operate(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let (operations, steps) = operation::read_list(&mut reader)?;
    let mut policy = policy::write(&client.defaults, &mut reader, request)?;
    if call.command == OPERATE_ORDERED && !policy.respond_per_each_op {
        // One answer per operation: otherwise a request with only reads would omit missing bins.
        policy.to_mut().respond_per_each_op = true;
    }
    if !request.writes() && read_mode::needs_batch(client, &policy.base_policy, key.namespace()) {
        return Err(Failure::invalid(
            "readModeSc: an operate that only reads is always in the mode 'session'; use get, select or batchOperate",
        ));
    }
    let found = at_master(
        client,
        call,
        &key,
        Sends::Counted,
        pin!(client.core.operate(&policy, &key, &operations)),
    )
    .await?;
    channel.reply(request, |out, channel| {
        if call.command == OPERATE_ORDERED {
            record::write_ordered(out, &found, &steps);
        } else {
            record::write_operated(out, channel, &found, &steps);
        }
        Ok(())
    });
    Ok(())
}
