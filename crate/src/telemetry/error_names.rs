//! Names of failures for metrics and traces: the `code` of JavaScript's errors.

use std::borrow::Cow;

use crate::catalog::result_codes::{client_code_name, failure_code, result_code_name};
use crate::common::errors::{Failure, Kind};

/// The `code` of the error that this failure becomes in JavaScript.
pub fn code_name(failure: &Failure) -> Cow<'static, str> {
    match failure.kind {
        Kind::Server if failure.code >= 0 => match result_code_name(failure.code) {
            Some(name) => name.into(),
            None => format!("SERVER_{}", failure.code).into(),
        },
        Kind::Server => client_code_name(failure.code)
            .unwrap_or(failure_code(Kind::Client))
            .into(),
        kind => client_code_name(failure.code).unwrap_or(failure_code(kind)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::errors::code;

    #[test]
    fn a_result_code_names_the_failure_and_else_its_kind() {
        let of = |kind, code| code_name(&Failure::new(kind, code, "")).into_owned();
        assert_eq!(of(Kind::Server, code::RECORD_NOT_FOUND), "RECORD_NOT_FOUND");
        assert_eq!(of(Kind::Server, 999), "SERVER_999");
        assert_eq!(of(Kind::Server, code::CLIENT), "CLIENT");
        assert_eq!(of(Kind::Client, code::BAD_RESPONSE), "BAD_RESPONSE");
        assert_eq!(of(Kind::Client, code::CLIENT), "CLIENT");
        assert_eq!(code_name(&Failure::timeout("")), "TIMEOUT");
        assert_eq!(code_name(&Failure::closed("")), "CLIENT_CLOSED");
        assert_eq!(code_name(&Failure::cluster(code::INVALID_HOST, "")), "INVALID_HOST");
        assert_eq!(code_name(&Failure::cluster(code::MAX_ERROR_RATE, "")), "CLUSTER");
    }
}
