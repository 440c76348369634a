//! The command names in metrics and traces, and the position of the namespace and set in each command's body.

#[allow(clippy::wildcard_imports)]
use super::*;

/// The name of the method behind a command, in lower case. `variant` distinguishes the methods that share a command;
/// `lib/commands/` uses the same numbers.
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

/// Where the body of a command contains the namespace and set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Nowhere.
    Nothing,
    /// Namespace and set at the start, each as a name (u8 length).
    Space,
    /// Namespace and set at the start, each as a text (u32 length).
    Texts,
    /// The namespace at the start, as a text (u32 length); no set.
    Text,
    /// In the key of the first row; the rows follow a policy.
    Rows,
    /// In the keys at the start, which are a list or a column.
    Source,
    /// In the keys, which are a list or a column and follow two policies.
    Written,
}

/// Where the body of `command` contains the namespace and set.
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

/// Whether the end of a command is reported to metrics and spans. Pulls are not reported, because the whole stream is;
/// neither are commands that connect, close, start or stop something.
pub fn told(command: u8) -> bool {
    !matches!(
        command,
        CONNECT | CLOSE | STREAM_NEXT | START_METRICS_SERVER | STOP_METRICS_SERVER | SHUTDOWN_TRACING
    )
}
