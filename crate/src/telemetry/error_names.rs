//! Names of failures for metrics and traces: the `code` of JavaScript's errors (`lib/common/errors.ts`).

use std::borrow::Cow;

use crate::catalog::boundary::transaction_code as refusal;
use crate::common::errors::{Failure, Kind, code};

/// The `code` of the error that this failure becomes in JavaScript.
pub fn code_name(failure: &Failure) -> Cow<'static, str> {
    match failure.kind {
        Kind::Server => server_code(failure.code),
        Kind::Client if failure.code == code::BAD_RESPONSE => "BAD_RESPONSE".into(),
        Kind::Client => "CLIENT".into(),
        Kind::Cluster if failure.code == code::INVALID_HOST => "INVALID_HOST".into(),
        Kind::Cluster => "CLUSTER".into(),
        Kind::InvalidArgument => "INVALID_ARGUMENT".into(),
        Kind::Timeout => "TIMEOUT".into(),
        Kind::Abort => "ABORT_ERR".into(),
        Kind::Panic => "RUST_PANIC".into(),
        Kind::Closed => "CLIENT_CLOSED".into(),
        Kind::Transaction => transaction_code(failure.code).into(),
    }
}

fn transaction_code(number: i32) -> &'static str {
    match number {
        refusal::COMMIT_FAILED => "TRANSACTION_COMMIT_FAILED",
        refusal::COMMITTED => "TRANSACTION_COMMITTED",
        refusal::ABORTED => "TRANSACTION_ABORTED",
        refusal::BUSY => "TRANSACTION_BUSY",
        _ => "TRANSACTION_IN_DOUBT",
    }
}

fn server_code(code: i32) -> Cow<'static, str> {
    Cow::Borrowed(match code {
        1 => "SERVER_ERROR",
        2 => "RECORD_NOT_FOUND",
        3 => "RECORD_GENERATION",
        4 => "INVALID_ARGUMENT",
        5 => "RECORD_EXISTS",
        6 => "BIN_EXISTS",
        7 => "CLUSTER_KEY_MISMATCH",
        8 => "SERVER_OUT_OF_MEMORY",
        9 => "TIMEOUT",
        10 => "ALWAYS_FORBIDDEN",
        11 => "PARTITION_UNAVAILABLE",
        12 => "BIN_TYPE",
        13 => "RECORD_TOO_BIG",
        14 => "KEY_BUSY",
        15 => "SCAN_ABORTED",
        16 => "UNSUPPORTED_FEATURE",
        17 => "BIN_NOT_FOUND",
        18 => "DEVICE_OVERLOAD",
        19 => "KEY_MISMATCH",
        20 => "INVALID_NAMESPACE",
        21 => "BIN_NAME",
        22 => "FAIL_FORBIDDEN",
        23 => "ELEMENT_NOT_FOUND",
        24 => "ELEMENT_EXISTS",
        25 => "ENTERPRISE_ONLY",
        26 => "OP_NOT_APPLICABLE",
        27 => "FILTERED_OUT",
        28 => "LOST_CONFLICT",
        32 => "XDR_KEY_BUSY",
        50 => "QUERY_END",
        51 => "SECURITY_NOT_SUPPORTED",
        52 => "SECURITY_NOT_ENABLED",
        53 => "SECURITY_SCHEME_NOT_SUPPORTED",
        54 => "INVALID_COMMAND",
        55 => "INVALID_FIELD",
        56 => "ILLEGAL_STATE",
        60 => "INVALID_USER",
        61 => "USER_EXISTS",
        62 => "INVALID_PASSWORD",
        63 => "EXPIRED_PASSWORD",
        64 => "FORBIDDEN_PASSWORD",
        65 => "INVALID_CREDENTIAL",
        66 => "EXPIRED_SESSION",
        70 => "INVALID_ROLE",
        71 => "ROLE_EXISTS",
        72 => "INVALID_PRIVILEGE",
        73 => "INVALID_ALLOWLIST",
        74 => "QUOTAS_NOT_ENABLED",
        75 => "INVALID_QUOTA",
        80 => "NOT_AUTHENTICATED",
        81 => "ROLE_VIOLATION",
        82 => "NOT_ALLOWED",
        83 => "QUOTA_EXCEEDED",
        100 => "UDF",
        120 => "TRANSACTION_BLOCKED",
        121 => "TRANSACTION_VERSION_MISMATCH",
        122 => "TRANSACTION_EXPIRED",
        123 => "TRANSACTION_TOO_MANY_WRITES",
        124 => "TRANSACTION_COMMITTED",
        125 => "TRANSACTION_ABORTED",
        126 => "TRANSACTION_ALREADY_LOCKED",
        127 => "TRANSACTION_MONITOR_EXISTS",
        150 => "BATCH_DISABLED",
        151 => "BATCH_MAX_REQUESTS",
        152 => "BATCH_QUEUES_FULL",
        160 => "INVALID_GEOJSON",
        200 => "INDEX_FOUND",
        201 => "INDEX_NOT_FOUND",
        202 => "INDEX_OUT_OF_MEMORY",
        203 => "INDEX_NOT_READABLE",
        204 => "INDEX_GENERIC",
        205 => "INDEX_NAME_MAX_LENGTH",
        206 => "INDEX_MAX_COUNT",
        210 => "QUERY_ABORTED",
        211 => "QUERY_QUEUE_FULL",
        212 => "QUERY_TIMEOUT",
        213 => "QUERY_GENERIC",
        code if code < 0 => "CLIENT",
        code => return Cow::Owned(format!("SERVER_{code}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the TypeScript side, from its source.
    fn typescript_names() -> Vec<(i32, String)> {
        include_str!("../../../lib/common/errors.ts")
            .lines()
            .filter_map(|line| {
                let (code, rest) = line.trim().strip_prefix('[')?.split_once(", ['")?;
                Some((code.parse().ok()?, rest.split_once('\'')?.0.to_owned()))
            })
            .collect()
    }

    #[test]
    fn names_are_those_of_the_errors() {
        let reported = typescript_names();
        assert!(reported.len() > 60, "{}", reported.len());
        for (code, name) in reported {
            assert_eq!(code_name(&Failure::new(Kind::Server, code, "")), name);
        }
        assert_eq!(code_name(&Failure::new(Kind::Server, 999, "")), "SERVER_999");
        assert_eq!(code_name(&Failure::timeout("")), "TIMEOUT");
        assert_eq!(code_name(&Failure::closed("")), "CLIENT_CLOSED");
        assert_eq!(
            code_name(&Failure::new(Kind::Client, code::BAD_RESPONSE, "")),
            "BAD_RESPONSE"
        );
        assert_eq!(code_name(&Failure::cluster(code::INVALID_HOST, "")), "INVALID_HOST");
    }
}
