//! User-defined functions: registers and removes modules, and applies a function to a record.

use std::pin::pin;

use aerospike_core::{UdfLang, Value};

use super::await_core::{at_master, until};
use super::record::done;
use super::transaction_call;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::{Sends, rolls_back_failed_functions};
use crate::convert::function_call::FunctionCall;
use crate::convert::{key, value};
use crate::policy;
use crate::requests::Call;

/// Registers a module. It reaches the other nodes a moment later; JavaScript polls them with info requests.
pub async fn register(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let (name, source) = (reader.text()?, reader.blob()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let begun = client.core.register_udf(&policy, source, name, UdfLang::Lua);
    until(call.request(), Sends::Uncounted, pin!(begun)).await?;
    done(call);
    Ok(())
}

/// Removes a module. A missing module is not an error for the server.
pub async fn remove(client: &Client, call: &Call) -> Result<(), Failure> {
    let mut reader = call.reader();
    let name = reader.text()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    until(
        call.request(),
        Sends::Uncounted,
        pin!(client.core.remove_udf(&policy, name)),
    )
    .await?;
    done(call);
    Ok(())
}

/// Applies a function to a record.
pub async fn apply(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    transaction_call::refuse(request, "a function")?;
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let FunctionCall { module, function, args } = FunctionCall::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    let called = client.core.execute_udf(&policy, &key, &module, &function, &args);
    let rolled_back = rolls_back_failed_functions(&client.core);
    let sends = Sends::Function { rolled_back };
    let result = at_master(client, call, &key, sends, pin!(called)).await?;
    channel.reply(request, |out, _| {
        value::write(out, result.as_ref().unwrap_or(&Value::Nil));
        Ok(())
    });
    Ok(())
}
