//! The commands. Each reads its arguments, calls the core and answers.

mod admin;
mod aggregate;
pub mod auto_batch;
mod await_core;
pub mod batch;
mod indexes;
mod info;
pub mod job;
mod operate;
mod query;
mod read_mode;
mod record;
mod transaction;
mod transaction_call;
mod truncate;
mod udf;

use std::sync::Arc;

use crate::catalog::commands::*;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::requests::Call;
use crate::stream::pull;

/// Runs one command and answers it.
pub async fn execute(client: &Arc<Client>, call: &Call) {
    let outcome = match call.command {
        // The hottest commands run inline; the others are boxed to keep the task small.
        GET | EXISTS => record::get(client, call).await,
        PUT => record::put(client, call).await,
        REMOVE => Box::pin(record::remove(client, call)).await,
        TOUCH => Box::pin(record::touch(client, call)).await,
        APPEND | PREPEND => Box::pin(record::change(client, call)).await,
        INCREMENT => Box::pin(record::increment(client, call)).await,
        OPERATE | OPERATE_ORDERED => Box::pin(operate::operate(client, call)).await,
        INFO_ALL | INFO_NODE | INFO_RANDOM_NODE => Box::pin(info::info(client, call)).await,
        BATCH_READ_COLUMNS => Box::pin(batch::read_columns(client, call)).await,
        BATCH_WRITE_COLUMNS => Box::pin(batch::write_columns(client, call)).await,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH => {
            Box::pin(batch::batch(client, call)).await
        }
        BATCH_STREAM => Box::pin(batch::open(client, call)).await,
        CREATE_INDEX => Box::pin(indexes::create(client, call)).await,
        DROP_INDEX => Box::pin(indexes::remove(client, call)).await,
        UDF_REGISTER => Box::pin(udf::register(client, call)).await,
        UDF_REMOVE => Box::pin(udf::remove(client, call)).await,
        APPLY => Box::pin(udf::apply(client, call)).await,
        TRUNCATE => Box::pin(truncate::truncate(client, call)).await,
        TRANSACTION_COMMIT => Box::pin(transaction::commit(client, call)).await,
        TRANSACTION_ABORT => Box::pin(transaction::abort(client, call)).await,
        QUERY => Box::pin(query::open(client, call)).await,
        QUERY_AGGREGATE => Box::pin(aggregate::open(client, call)).await,
        STREAM_NEXT => Box::pin(pull::next(&client.streams, call)).await,
        QUERY_APPLY | QUERY_OPERATE => Box::pin(job::begin(client, call)).await,
        JOB_PROGRESS => Box::pin(job::progress(client, call)).await,
        JOB_ABORT => Box::pin(job::abort(client, call)).await,
        CREATE_USER => Box::pin(admin::create_user(client, call)).await,
        DROP_USER => Box::pin(admin::drop_user(client, call)).await,
        CHANGE_PASSWORD => Box::pin(admin::change_password(client, call)).await,
        GRANT_ROLES | REVOKE_ROLES => Box::pin(admin::change_roles(client, call, call.command == GRANT_ROLES)).await,
        QUERY_USERS => Box::pin(admin::query_users(client, call)).await,
        CREATE_ROLE => Box::pin(admin::create_role(client, call)).await,
        DROP_ROLE => Box::pin(admin::drop_role(client, call)).await,
        GRANT_PRIVILEGES | REVOKE_PRIVILEGES => {
            Box::pin(admin::change_privileges(client, call, call.command == GRANT_PRIVILEGES)).await
        }
        SET_ALLOWLIST => Box::pin(admin::set_allowlist(client, call)).await,
        SET_QUOTAS => Box::pin(admin::set_quotas(client, call)).await,
        QUERY_ROLES => Box::pin(admin::query_roles(client, call)).await,
        other => Err(Failure::client(format!("the command {other} is unknown"))),
    };
    if let Err(failure) = outcome {
        await_core::fail(call, failure);
    }
}
