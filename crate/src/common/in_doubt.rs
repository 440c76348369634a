//! Decides whether a failed write may have been applied. This is the only place that derives this from an error of the
//! core.
//!
//! The table in `lib/catalog/commands.ts` says which commands write; it is sent as a flag of each request. For calls
//! that end without an answer (a deadline, an abort, a close, a panic), see
//! [`Request::in_doubt`](crate::requests::Request).

use aerospike_core::{Client, Error, ErrorKind, ResultCode, Version};

use super::errors::{unencodable_request, unreadable_reply};

/// What a call of the core sends, and whether its error reports that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Nothing that changes data, whatever the command does afterwards.
    Nothing,
    /// The command. The core counts how often it sent the command and marks its error accordingly.
    Counted,
    /// Like `Counted`, for a command that calls a function.
    Function {
        /// Whether the servers roll back a function that fails; see [`rolls_back_failed_functions`].
        rolled_back: bool,
    },
    /// The command, without counting by the core: background queries and info requests.
    Uncounted,
}

/// Whether a writing call that failed with `error` may have been applied.
pub fn may_be_applied(error: &Error, sends: Sends) -> bool {
    match sends {
        Sends::Nothing => false,
        // The core marks a failed function, and a rejection after retries, in the same way as a missing answer.
        Sends::Counted => was_sent(error) && !rules_out(error, true),
        Sends::Function { rolled_back } => was_sent(error) && !rules_out(error, rolled_back),
        Sends::Uncounted => !rules_out(error, true),
    }
}

/// Whether something was sent, according to the core. The core does not mark rows of batches that a server answered.
fn was_sent(error: &Error) -> bool {
    error.in_doubt() || error.server_result_code().is_some()
}

/// Whether every attempt that `error` contains certainly changed nothing. The core stores earlier attempts as
/// sub-errors, and those of a batch in the chain of causes.
fn rules_out(error: &Error, rolled_back: bool) -> bool {
    if unencodable_request(error) {
        return true;
    }
    let all = |other: &Error| rules_out(other, rolled_back);
    attempt_rules_out(error, rolled_back) && error.cause().is_none_or(all) && error.sub_errors().iter().all(all)
}

fn attempt_rules_out(error: &Error, rolled_back: bool) -> bool {
    match error.kind() {
        ErrorKind::Server { rc, .. } => code_rules_out(*rc),
        ErrorKind::UdfBadResponse => rolled_back || never_ran(&error.base_message()),
        // These fail before anything is sent.
        ErrorKind::ConnectionPoolEmpty
        | ErrorKind::NoMoreConnections
        | ErrorKind::MaxErrorRate
        | ErrorKind::InvalidNode
        | ErrorKind::InvalidNamespace => true,
        ErrorKind::InvalidArgument => !unreadable_reply(error),
        // A server ignores an incomplete request.
        ErrorKind::Connection => message_contains(
            error,
            &[": flush: ", ": write: ", "No connections available", "No active node"],
        ),
        ErrorKind::Timeout => {
            wraps_attempts(error) || error.iteration() == Some(0) || message_contains(error, &["Timeout writing"])
        }
        _ => false,
    }
}

/// Whether an error only reports the number of attempts; its cause is the last attempt.
fn wraps_attempts(error: &Error) -> bool {
    let message = error.base_message();
    error.cause().is_some() && (message.ends_with(" tries") || message.ends_with(": Timeout"))
}

fn message_contains(error: &Error, words: &[&str]) -> bool {
    let message = error.base_message();
    words.iter().any(|word| message.contains(word))
}

/// Whether a server that returns this code has changed nothing. This is unknown after a timeout, because the master may
/// have written and waited for a replica, and for unknown codes. The code of a failed function is handled separately.
fn code_rules_out(code: ResultCode) -> bool {
    !matches!(code, ResultCode::Ok | ResultCode::Timeout | ResultCode::Unknown(_))
}

/// Like `code_rules_out`, for a numeric code.
pub fn number_rules_out(code: i32) -> bool {
    u8::try_from(code).is_ok_and(|code| code_rules_out(ResultCode::from(code)))
}

/// The first server version that is known to roll back a function that fails.
const ROLLS_BACK: Version = Version::new(8, 1, 0, 0);

/// Whether all servers roll back a function's changes to its record when the function fails. Tested with 8.1: after
/// `aerospike:update`, `create` or `remove` and an error, the record is unchanged. Earlier versions are assumed not to.
pub fn rolls_back_failed_functions(core: &Client) -> bool {
    core.nodes().iter().all(|node| node.version() >= &ROLLS_BACK)
}

/// Whether a server's message about a failed function means that the function was not called.
pub fn never_ran(reason: &str) -> bool {
    reason == "function not found"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_a_server_but_a_timeout_rules_a_write_out() {
        for code in 1..=u8::MAX {
            let code = ResultCode::from(code);
            let open = matches!(code, ResultCode::Timeout | ResultCode::Unknown(_));
            assert_eq!(code_rules_out(code), !open, "{code:?}");
        }
    }

    #[test]
    fn what_is_refused_before_it_is_sent_is_never_in_doubt() {
        let refused = Error::invalid_argument("no");
        for sends in [
            Sends::Nothing,
            Sends::Counted,
            Sends::Function { rolled_back: false },
            Sends::Uncounted,
        ] {
            assert!(!may_be_applied(&refused, sends));
        }
    }

    #[test]
    fn a_reply_that_the_core_cannot_read_leaves_a_write_open() {
        let unreadable = Error::invalid_argument("Invalid size for buffer: 281474976710625");
        assert!(may_be_applied(&unreadable, Sends::Uncounted));
        let unsent =
            Error::invalid_argument("Invalid size for buffer: 200000000").chain_error("Failed to prepare send buffer");
        assert!(!may_be_applied(&unsent, Sends::Uncounted));
    }

    #[test]
    fn what_the_core_does_not_count_is_open_unless_something_rules_it_out() {
        let unknown = Error::client_error("no answer");
        assert!(may_be_applied(&unknown, Sends::Uncounted));
        assert!(!may_be_applied(&unknown, Sends::Nothing));
        let unsent = Error::invalid_argument("too long").chain_error("Failed to prepare send buffer");
        assert!(!may_be_applied(&unsent, Sends::Uncounted));
    }
}
