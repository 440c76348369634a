//! What commands are called in metrics and traces, and where their bodies say what they are about.

#[allow(clippy::wildcard_imports)]
use super::*;

/// The name of the method behind a command, in lower case; `variant` tells methods apart that share a command, as
/// `lib/commands/` numbers them.
pub fn operation(command: u8, variant: u8) -> &'static str {
    match (command, variant) {
        (CONNECT, _) => "connect",
        (CLOSE, _) => "close",
        (PUT, 1) => "remove_bin",
        (PUT, _) => "put",
        (GET, 1) => "select",
        (GET, _) => "get",
        (EXISTS, 1) => "get_meta",
        (EXISTS, 2) => "get_or_null",
        (EXISTS, _) => "exists",
        (REMOVE, _) => "remove",
        (TOUCH, _) => "touch",
        (APPEND, _) => "append",
        (PREPEND, _) => "prepend",
        (ADD, _) => "increment",
        (OPERATE, _) => "operate",
        (OPERATE_ORDERED, _) => "operate_ordered",
        (INFO_ALL, 1) => "namespaces",
        (INFO_ALL, 2) => "sets",
        (INFO_ALL, 3) => "build",
        (INFO_ALL, 4) => "features",
        (INFO_ALL, _) => "info_all",
        (INFO_NODE, _) => "info_node",
        (INFO_RANDOM, 1) => "index_list",
        (INFO_RANDOM, 2) => "udf_list",
        (INFO_RANDOM, 3) => "udf_get",
        (INFO_RANDOM, _) => "info_random_node",
        (BATCH_READ, _) => "batch_read",
        (BATCH_READ_COLUMNS, _) => "batch_read_columns",
        (BATCH_WRITE, _) => "batch_write",
        (BATCH_OPERATE, _) => "batch_operate",
        (BATCH_REMOVE, _) => "batch_remove",
        (BATCH_APPLY, _) => "batch_apply",
        (BATCH, _) => "batch",
        (BATCH_WRITE_COLUMNS, _) => "batch_write_columns",
        (BATCH_STREAM, _) => "batch_stream",
        (QUERY, _) => "query",
        (QUERY_APPLY, _) => "query_apply",
        (QUERY_OPERATE, _) => "query_operate",
        (QUERY_AGGREGATE, _) => "query_aggregate",
        (INDEX_CREATE, 1) => "create_set_index",
        (INDEX_CREATE, _) => "create_index",
        (INDEX_REMOVE, _) => "index_remove",
        (UDF_REGISTER, _) => "udf_register",
        (UDF_REMOVE, _) => "udf_remove",
        (APPLY, _) => "apply",
        (TRUNCATE, _) => "truncate",
        (JOB_PROGRESS, _) => "job_progress",
        (JOB_ABORT, _) => "job_abort",
        _ => "unknown",
    }
}

/// Where a command's body says what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// It says nothing of it.
    Nothing,
    /// Namespace and set come first, as names.
    Space,
    /// Namespace and set come first, as texts.
    Texts,
    /// The namespace comes first, as a text.
    Text,
    /// Rows with their keys, behind a policy.
    Rows,
    /// Keys, as a list or a column.
    Source,
    /// The same, behind two policies.
    Written,
}

/// How a command's body is to be read for that.
pub fn body(command: u8) -> Body {
    match command {
        PUT | GET | EXISTS | REMOVE | TOUCH | APPEND | PREPEND | ADD | OPERATE | OPERATE_ORDERED | APPLY | QUERY
        | QUERY_APPLY | QUERY_OPERATE | QUERY_AGGREGATE => Body::Space,
        TRUNCATE | INDEX_CREATE => Body::Texts,
        INDEX_REMOVE => Body::Text,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH | BATCH_STREAM => Body::Rows,
        BATCH_READ_COLUMNS => Body::Source,
        BATCH_WRITE_COLUMNS => Body::Written,
        _ => Body::Nothing,
    }
}

/// Whether a command is told of: pulls are not, whose stream is told of as a whole, nor is what connects and closes.
pub fn told(command: u8) -> bool {
    !matches!(
        command,
        CONNECT | CLOSE | STREAM_NEXT | START_METRICS_SERVER | STOP_METRICS_SERVER | SHUTDOWN_TRACING
    )
}
