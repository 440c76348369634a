//! Packed contexts of collections.

use aerospike_core::operations::CdtContext;
use aerospike_core::operations::cdt_context::ctx_from_bytes;

use crate::common::errors::Failure;

/// Reads a packed context; no bytes are an empty one.
///
/// # Errors
/// The bytes are no context. The core would panic, or take memory for as many steps as they announce.
pub fn read(bytes: &[u8]) -> Result<Vec<CdtContext>, Failure> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let malformed = || Failure::invalid("a context cannot be read");
    if !complete(bytes) {
        return Err(malformed());
    }
    ctx_from_bytes(bytes).map_err(|_| malformed())
}

/// Whether `bytes` are exactly one msgpack value with the types that contexts use. The core's reader assumes this.
fn complete(bytes: &[u8]) -> bool {
    let mut at = 0_usize;
    let mut values = 1_usize;
    let length = |at: usize, size: usize| -> Option<usize> {
        let field = bytes.get(at..at.checked_add(size)?)?;
        Some(field.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
    };
    let mut step = || -> Option<()> {
        while values > 0 {
            values -= 1;
            let head = *bytes.get(at)?;
            at += 1;
            // Bytes of the length field after the head, bytes of the payload if there is no length field, and number of
            // nested values.
            let (field, extra, inner) = match head {
                0x80..=0x8f => (0, 0, usize::from(head & 0x0f) * 2),
                0x90..=0x9f => (0, 0, usize::from(head & 0x0f)),
                0xa0..=0xbf => (0, usize::from(head & 0x1f), 0),
                0xc4 | 0xd9 => (1, length(at, 1)?, 0),
                0xc5 | 0xda => (2, length(at, 2)?, 0),
                0xc6 | 0xdb => (4, length(at, 4)?, 0),
                0xc7 => (1, length(at, 1)?.checked_add(1)?, 0),
                0xc8 => (2, length(at, 2)?.checked_add(1)?, 0),
                0xc9 => (4, length(at, 4)?.checked_add(1)?, 0),
                0xcc | 0xd0 => (0, 1, 0),
                0xcd | 0xd1 | 0xd4 => (0, 2, 0),
                0xca | 0xce | 0xd2 => (0, 4, 0),
                0xcb | 0xcf | 0xd3 => (0, 8, 0),
                0xd5 => (0, 3, 0),
                0xd6 => (0, 5, 0),
                0xd7 => (0, 9, 0),
                0xd8 => (0, 17, 0),
                0xdc => (2, 0, length(at, 2)?),
                0xdd => (4, 0, length(at, 4)?),
                0xde => (2, 0, length(at, 2)?.checked_mul(2)?),
                0xdf => (4, 0, length(at, 4)?.checked_mul(2)?),
                _ => (0, 0, 0),
            };
            at = at.checked_add(field)?.checked_add(extra)?;
            if at > bytes.len() {
                return None;
            }
            values = values.checked_add(inner)?;
        }
        Some(())
    };
    step().is_some() && at == bytes.len()
}

#[cfg(test)]
mod tests {
    use aerospike_core::Value;
    use aerospike_core::operations::cdt_context;

    use super::*;

    #[test]
    fn contexts_that_end_early_are_refused() {
        let whole = cdt_context::to_bytes(&[
            cdt_context::ctx_map_key(Value::from("a key")),
            cdt_context::ctx_list_index(-3),
            cdt_context::ctx_list_value(Value::List(vec![Value::from(1.5), Value::Int(1 << 40)])),
            cdt_context::ctx_all_children(),
        ]);
        let whole = whole.unwrap_or_default();
        assert!(read(&whole).is_ok_and(|context| context.len() == 4));
        for end in 1..whole.len() {
            assert!(read(&whole[..end]).is_err(), "cut at {end}");
        }
        for other in [
            &[0x93, 1, 0xc0, 2][..],
            &[0xff],
            &[0xdd, 0xff, 0xff, 0xff, 0xff],
            &[0x92, 0xc4, 0],
        ] {
            assert!(read(other).is_err());
        }
    }
}
