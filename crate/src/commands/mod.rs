//! The commands. Each reads its arguments, calls the core and answers.

mod admin;
mod aggregate;
pub mod auto_batch;
mod batch;
mod call;
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
use crate::requests::Job;
use crate::stream::pull;

/// Runs one command and answers it.
pub async fn execute(client: &Arc<Client>, job: &Job) {
    let outcome = match job.command {
        // The hottest commands run inline; the others are boxed to keep the task small.
        GET | EXISTS => record::get(client, job).await,
        PUT => record::put(client, job).await,
        REMOVE => Box::pin(record::remove(client, job)).await,
        TOUCH => Box::pin(record::touch(client, job)).await,
        APPEND | PREPEND => Box::pin(record::change(client, job)).await,
        INCREMENT => Box::pin(record::increment(client, job)).await,
        OPERATE | OPERATE_ORDERED => Box::pin(operate::operate(client, job)).await,
        INFO_ALL | INFO_NODE | INFO_RANDOM_NODE => Box::pin(info::info(client, job)).await,
        BATCH_READ_COLUMNS => Box::pin(batch::read_columns(client, job)).await,
        BATCH_WRITE_COLUMNS => Box::pin(batch::write_columns(client, job)).await,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH => {
            Box::pin(batch::batch(client, job)).await
        }
        BATCH_STREAM => Box::pin(batch::open(client, job)).await,
        CREATE_INDEX => Box::pin(indexes::create(client, job)).await,
        DROP_INDEX => Box::pin(indexes::remove(client, job)).await,
        UDF_REGISTER => Box::pin(udf::register(client, job)).await,
        UDF_REMOVE => Box::pin(udf::remove(client, job)).await,
        APPLY => Box::pin(udf::apply(client, job)).await,
        TRUNCATE => Box::pin(truncate::truncate(client, job)).await,
        TRANSACTION_COMMIT => Box::pin(transaction::commit(client, job)).await,
        TRANSACTION_ABORT => Box::pin(transaction::abort(client, job)).await,
        QUERY => Box::pin(query::open(client, job)).await,
        QUERY_AGGREGATE => Box::pin(aggregate::open(client, job)).await,
        STREAM_NEXT => Box::pin(pull::next(&client.streams, job)).await,
        QUERY_APPLY | QUERY_OPERATE => Box::pin(job::begin(client, job)).await,
        JOB_PROGRESS => Box::pin(job::progress(client, job)).await,
        JOB_ABORT => Box::pin(job::abort(client, job)).await,
        CREATE_USER => Box::pin(admin::create_user(client, job)).await,
        DROP_USER => Box::pin(admin::drop_user(client, job)).await,
        CHANGE_PASSWORD => Box::pin(admin::change_password(client, job)).await,
        GRANT_ROLES | REVOKE_ROLES => Box::pin(admin::change_roles(client, job, job.command == GRANT_ROLES)).await,
        QUERY_USERS => Box::pin(admin::query_users(client, job)).await,
        CREATE_ROLE => Box::pin(admin::create_role(client, job)).await,
        DROP_ROLE => Box::pin(admin::drop_role(client, job)).await,
        GRANT_PRIVILEGES | REVOKE_PRIVILEGES => {
            Box::pin(admin::change_privileges(client, job, job.command == GRANT_PRIVILEGES)).await
        }
        SET_ALLOWLIST => Box::pin(admin::set_allowlist(client, job)).await,
        SET_QUOTAS => Box::pin(admin::set_quotas(client, job)).await,
        QUERY_ROLES => Box::pin(admin::query_roles(client, job)).await,
        other => Err(Failure::client(format!("the command {other} is unknown"))),
    };
    if let Err(failure) = outcome {
        call::fail(job, failure);
    }
}
