//! The commands: their numbers, their names in metrics and traces, and what the rest of the crate must know of each.
//! `lib/commands/` uses the same numbers.

/// Connects a client. The body is the client configuration.
pub const CONNECT: u8 = 1;
/// Closes a client. The body is how long to wait for running commands, in milliseconds (u32).
pub const CLOSE: u8 = 2;
/// Ends the use of tracing by an environment. The body is how long to wait for the export, in milliseconds (u32).
pub const SHUTDOWN_TRACING: u8 = 75;
pub const PUT: u8 = 3;
pub const GET: u8 = 4;
pub const EXISTS: u8 = 5;
pub const REMOVE: u8 = 6;
pub const TOUCH: u8 = 7;
pub const APPEND: u8 = 8;
pub const PREPEND: u8 = 9;
pub const ADD: u8 = 10;
pub const OPERATE: u8 = 11;
pub const OPERATE_ORDERED: u8 = 12;
pub const INFO_ALL: u8 = 13;
pub const INFO_NODE: u8 = 14;
pub const INFO_RANDOM: u8 = 15;
pub const BATCH_READ: u8 = 16;
pub const BATCH_READ_COLUMNS: u8 = 17;
pub const BATCH_WRITE: u8 = 18;
pub const BATCH_OPERATE: u8 = 19;
pub const BATCH_REMOVE: u8 = 20;
pub const BATCH_APPLY: u8 = 21;
pub const BATCH: u8 = 22;
pub const BATCH_WRITE_COLUMNS: u8 = 23;
pub const BATCH_STREAM: u8 = 24;
pub const INDEX_CREATE: u8 = 45;
pub const INDEX_REMOVE: u8 = 46;
pub const UDF_REGISTER: u8 = 50;
pub const UDF_REMOVE: u8 = 51;
pub const APPLY: u8 = 52;
pub const TRUNCATE: u8 = 58;
pub const QUERY: u8 = 30;
pub const STREAM_NEXT: u8 = 31;
pub const QUERY_AGGREGATE: u8 = 36;
pub const QUERY_APPLY: u8 = 33;
pub const QUERY_OPERATE: u8 = 34;
pub const JOB_PROGRESS: u8 = 60;
pub const JOB_ABORT: u8 = 61;

/// Starts the metrics server. The body is the host and the port.
pub const START_METRICS_SERVER: u8 = 65;
/// Stops the metrics server.
pub const STOP_METRICS_SERVER: u8 = 66;

pub const CREATE_USER: u8 = 80;
pub const DROP_USER: u8 = 81;
pub const CHANGE_PASSWORD: u8 = 82;
pub const GRANT_ROLES: u8 = 83;
pub const REVOKE_ROLES: u8 = 84;
pub const QUERY_USERS: u8 = 85;
pub const CREATE_ROLE: u8 = 86;
pub const DROP_ROLE: u8 = 87;
pub const GRANT_PRIVILEGES: u8 = 88;
pub const REVOKE_PRIVILEGES: u8 = 89;
pub const SET_ALLOWLIST: u8 = 90;
pub const SET_QUOTAS: u8 = 91;
pub const QUERY_ROLES: u8 = 92;

/// Whether a command is sent to several nodes.
pub fn is_batch(command: u8) -> bool {
    matches!(command, BATCH_READ..=BATCH_WRITE_COLUMNS)
}

/// Whether a command needs no admission permit: a pull only takes rows that are there, and a command that opens a
/// stream leaves admission to the stream's driver.
pub fn is_free(command: u8) -> bool {
    matches!(command, QUERY | STREAM_NEXT | BATCH_STREAM | QUERY_AGGREGATE)
}

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
        (CREATE_USER, 1) => "create_pki_user",
        (CREATE_USER, _) => "create_user",
        (DROP_USER, _) => "drop_user",
        (CHANGE_PASSWORD, _) => "change_password",
        (GRANT_ROLES, _) => "grant_roles",
        (REVOKE_ROLES, _) => "revoke_roles",
        (QUERY_USERS, 1) => "query_user",
        (QUERY_USERS, _) => "query_users",
        (CREATE_ROLE, _) => "create_role",
        (DROP_ROLE, _) => "drop_role",
        (GRANT_PRIVILEGES, _) => "grant_privileges",
        (REVOKE_PRIVILEGES, _) => "revoke_privileges",
        (SET_ALLOWLIST, _) => "set_allowlist",
        (SET_QUOTAS, _) => "set_quotas",
        (QUERY_ROLES, 1) => "query_role",
        (QUERY_ROLES, _) => "query_roles",
        (JOB_PROGRESS, _) => "job_progress",
        (JOB_ABORT, _) => "job_abort",
        _ => "unknown",
    }
}

/// Where the body of a command contains the namespace and set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectPlace {
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
pub fn subject_place(command: u8) -> SubjectPlace {
    match command {
        PUT | GET | EXISTS | REMOVE | TOUCH | APPEND | PREPEND | ADD | OPERATE | OPERATE_ORDERED | APPLY | QUERY
        | QUERY_APPLY | QUERY_OPERATE | QUERY_AGGREGATE => SubjectPlace::Space,
        TRUNCATE | INDEX_CREATE => SubjectPlace::Texts,
        INDEX_REMOVE => SubjectPlace::Text,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH | BATCH_STREAM => {
            SubjectPlace::Rows
        }
        BATCH_READ_COLUMNS => SubjectPlace::Source,
        BATCH_WRITE_COLUMNS => SubjectPlace::Written,
        _ => SubjectPlace::Nothing,
    }
}

/// Whether the end of a command is reported to metrics and spans. Pulls are not reported, because the whole stream is;
/// neither are commands that connect, close, start or stop something.
pub fn is_reported(command: u8) -> bool {
    !matches!(
        command,
        CONNECT | CLOSE | STREAM_NEXT | START_METRICS_SERVER | STOP_METRICS_SERVER | SHUTDOWN_TRACING
    )
}
