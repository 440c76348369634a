//! Failures in replies.

use crate::common::address::bracketed;
use crate::common::errors::{Failure, MAX_CAUSES, NODE_BYTES};
use crate::common::node_names::name_at;
use crate::common::shorten::shorten;
use crate::wire::Writer;

/// Writes the body of a failure; `lib/common/errors.ts` reads it. Texts and causes are truncated, so the size is
/// bounded.
pub fn put_failure(out: &mut Vec<u8>, failure: &Failure) {
    put_failure_and_causes(out, failure, MAX_CAUSES);
}

fn put_failure_and_causes(out: &mut Vec<u8>, failure: &Failure, causes: usize) {
    out.put_u8(failure.kind as u8);
    out.put_u8(u8::from(failure.in_doubt));
    out.put_i32(failure.code);
    out.put_u32(failure.sub_code);
    out.put_u32(failure.attempts);
    out.put_u32(failure.waited_ms);
    out.put_text(&shorten(&name_at(&failure.address), NODE_BYTES));
    out.put_text(&shorten(&bracketed(&failure.address), NODE_BYTES));
    out.put_text(&failure.shown());
    let cause = failure.cause.as_ref().filter(|_| causes > 0);
    out.put_u8(u8::from(cause.is_some()));
    if let Some(cause) = cause {
        put_failure_and_causes(out, cause, causes - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reader;

    #[test]
    #[cfg_attr(miri, ignore = "large, takes minutes")]
    fn a_failure_is_bounded_whatever_its_texts_and_causes_are() {
        let mut failure = Failure::client("the last cause");
        for _ in 0..100 {
            let mut outer = Failure::client("x".repeat(2 << 20));
            outer.address = "n".repeat(2 << 20);
            outer.cause = Some(Box::new(failure));
            failure = outer;
        }
        let mut out = Vec::new();
        put_failure(&mut out, &failure);
        assert!(out.len() < 100 << 10, "{}", out.len());
        let mut reader = Reader::new(&out);
        assert!(reader.bytes(18).is_ok());
        assert!(reader.text().is_ok_and(str::is_empty));
        assert!(reader.text().is_ok_and(|address| address.contains("bytes cut")));
        assert!(reader.text().is_ok_and(|message| message.contains("bytes cut")));
    }
}
