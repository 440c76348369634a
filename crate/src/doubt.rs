//! Whether a write that failed may have been applied all the same: the one place that reads this from an error of the core.
//!
//! Which commands write is the table of `lib/commands/effects.ts`; it crosses as a flag of each request. What ends without
//! an answer (a deadline, an abort, a close, a panic) is judged by [`Request::in_doubt`](crate::boundary::completion::Request).

use aerospike_core::{Client, Error, ErrorKind, ResultCode, Version};

/// What a call of the core sends, and whether its error says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Nothing that changes anything, whatever the command does afterwards.
    Questions,
    /// The command. The core counts how often it sent it, and marks its error where it did.
    Counted,
    /// The same, for a command that calls a function; `undone` tells whether its servers undo what one has done that fails.
    Function {
        /// See [`undoes_failed_functions`].
        undone: bool,
    },
    /// The command. The core does not count: background queries and info requests.
    Uncounted,
}

/// Whether a call that writes and failed with `error` may have been applied.
pub fn may_be_applied(error: &Error, sends: Sends) -> bool {
    match sends {
        Sends::Questions => false,
        // The core marks a function's failure, and a refusal that it has retried, like an answer that never came.
        Sends::Counted => was_sent(error) && !rules_out(error, true),
        Sends::Function { undone } => was_sent(error) && !rules_out(error, undone),
        Sends::Uncounted => !rules_out(error, true),
    }
}

/// Whether something was sent, as far as the core counts: rows of batches that a server answered are not marked.
fn was_sent(error: &Error) -> bool {
    error.in_doubt() || error.server_result_code().is_some()
}

/// Whether every attempt that `error` tells of certainly changed nothing. The core keeps earlier attempts as sub-errors,
/// those of a batch in the chain of causes.
fn rules_out(error: &Error, undone: bool) -> bool {
    let all = |other: &Error| rules_out(other, undone);
    attempt_rules_out(error, undone) && error.cause().is_none_or(all) && error.sub_errors().iter().all(all)
}

fn attempt_rules_out(error: &Error, undone: bool) -> bool {
    match error.kind() {
        ErrorKind::Server { rc, .. } => code_rules_out(*rc),
        ErrorKind::UdfBadResponse => undone || never_ran(&error.base_message()),
        // Decided before anything was sent.
        ErrorKind::ConnectionPoolEmpty
        | ErrorKind::NoMoreConnections
        | ErrorKind::MaxErrorRate
        | ErrorKind::InvalidNode
        | ErrorKind::InvalidNamespace
        | ErrorKind::InvalidArgument => true,
        // A server does nothing with half a request.
        ErrorKind::Connection => says(
            error,
            &[": flush: ", ": write: ", "No connections available", "No active node"],
        ),
        ErrorKind::Timeout => {
            wraps_attempts(error) || error.iteration() == Some(0) || says(error, &["Timeout writing"])
        }
        // The core's words for a request that it could not write down.
        ErrorKind::Client => says(error, &["send buffer"]),
        _ => false,
    }
}

/// Whether an error only says how many attempts there were; the last is its cause.
fn wraps_attempts(error: &Error) -> bool {
    let message = error.base_message();
    error.cause().is_some() && (message.ends_with(" tries") || message.ends_with(": Timeout"))
}

fn says(error: &Error, words: &[&str]) -> bool {
    let message = error.base_message();
    words.iter().any(|word| message.contains(word))
}

/// Whether a server that answers with this code has changed nothing. A timeout leaves it open: the master may have written
/// and waited for a replica. So does a code that is not known here. The code of a function that failed is judged apart.
fn code_rules_out(code: ResultCode) -> bool {
    !matches!(code, ResultCode::Ok | ResultCode::Timeout | ResultCode::Unknown(_))
}

/// The same, of a code by its number.
pub fn number_rules_out(code: i32) -> bool {
    u8::try_from(code).is_ok_and(|code| code_rules_out(ResultCode::from(code)))
}

/// The first servers of which it is known that they undo what a function has done when it fails.
const UNDOING: Version = Version::new(8, 1, 0, 0);

/// Whether all servers undo what a function has done to its record when it fails. Tried with 8.1: after
/// `aerospike:update`, `create` or `remove` and an error the record is as it was. Earlier ones are taken not to.
pub fn undoes_failed_functions(core: &Client) -> bool {
    core.nodes().iter().all(|node| node.version() >= &UNDOING)
}

/// Whether a server's text about a function that failed says that it was never called.
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
            Sends::Questions,
            Sends::Counted,
            Sends::Function { undone: false },
            Sends::Uncounted,
        ] {
            assert!(!may_be_applied(&refused, sends));
        }
    }

    #[test]
    fn what_the_core_does_not_count_is_open_unless_something_rules_it_out() {
        let unknown = Error::client_error("no answer");
        assert!(may_be_applied(&unknown, Sends::Uncounted));
        assert!(!may_be_applied(&unknown, Sends::Questions));
        let unsent = Error::invalid_argument("too long").chain_error("Failed to prepare send buffer");
        assert!(!may_be_applied(&unsent, Sends::Uncounted));
    }
}
