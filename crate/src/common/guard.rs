//! Converts panics to failures that name their location, so that a bug in the addon or the core does not end the
//! process.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::pin::Pin;
use std::sync::Once;

use futures_util::FutureExt;

use crate::common::errors::{Failure, Kind, code};

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

static HOOK: Once = Once::new();

/// Stores the location of a panic instead of printing it. The hook belongs to this addon's copy of the standard
/// library, so it does not affect other libraries.
pub fn install() {
    HOOK.call_once(|| {
        set_hook(Box::new(|info| {
            let place = info
                .location()
                .map(|at| format!("{}:{}", at.file(), at.line()))
                .unwrap_or_default();
            PLACE.with_borrow_mut(|last| *last = place);
        }));
    });
}

fn failure(payload: &(dyn std::any::Any + Send)) -> Failure {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    let place = PLACE.with_borrow_mut(std::mem::take);
    let message = format!("the native code panicked: {text} ({place})");
    log::error!("{message}");
    Failure::new(Kind::Panic, code::CLIENT, message)
}

/// Runs `work` and converts a panic to a failure.
pub fn guard<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| failure(payload.as_ref()))
}

/// Awaits `work` and converts a panic to a failure. Takes the future pinned in place: passed by value, a command's
/// future of several kilobytes would be stored again inside this one and copied with it at every spawn.
pub async fn guard_async<F: Future>(work: Pin<&mut F>) -> Result<F::Output, Failure> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .map_err(|payload| failure(payload.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_is_a_failure_with_its_place() {
        install();
        let caught = guard(|| -> () { std::panic::panic_any("boom") });
        let message = caught.err().map(|failure| failure.message).unwrap_or_default();
        assert!(message.contains("boom") && message.contains("guard.rs:"), "{message}");
    }
}
