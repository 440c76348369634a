//! Values that clients send: validation, conversion to their stored form, and arithmetic with stored values.

use super::geo;
use super::hll;
use super::msgpack::{self, Collection};
use crate::common::result_code::ResultCode;
use crate::record::particle::{Value, kind};

/// Validates a client's value and converts it to its stored form. `buffer` is used if the stored form differs
/// from the client's bytes.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn to_stored<'a>(kind: u8, bytes: &'a [u8], buffer: &'a mut Vec<u8>) -> Result<Value<'a>, ResultCode> {
    let stored = match kind {
        kind::INTEGER => {
            buffer.clear();
            buffer.extend_from_slice(&integer(bytes).ok_or(ResultCode::PARAMETER)?);
            buffer
        }
        kind::FLOAT if bytes.len() == 8 => bytes,
        kind::BOOL if matches!(bytes, [0 | 1]) => bytes,
        kind::STRING | kind::BLOB => bytes,
        kind::HLL if hll::is_valid(bytes) => bytes,
        kind::LANGUAGE_BLOB_FIRST..=kind::LANGUAGE_BLOB_LAST => bytes,
        kind::LIST | kind::MAP => {
            let collection = if kind == kind::LIST {
                Collection::List
            } else {
                Collection::Map
            };
            buffer.clear();
            msgpack::normalise(bytes, collection, buffer).map_err(|_| ResultCode::MALFORMED_VALUE)?;
            buffer
        }
        kind::GEOJSON => {
            buffer.clear();
            geo::store(bytes, buffer)?;
            buffer
        }
        _ => return Err(ResultCode::PARAMETER),
    };
    Ok(Value { kind, bytes: stored })
}

/// Converts a client's integer to its stored form. Integers of 1, 2 or 4 bytes are unsigned.
fn integer(bytes: &[u8]) -> Option<[u8; 8]> {
    let value = match *bytes {
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_be_bytes([a, b])),
        [a, b, c, d] => u64::from(u32::from_be_bytes([a, b, c, d])),
        _ => u64::from_be_bytes(bytes.try_into().ok()?),
    };
    Some(value.to_be_bytes())
}

/// Adds a client's number to a stored number of the same type. Integers wrap on overflow.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn increment(stored: Value<'_>, kind: u8, bytes: &[u8]) -> Result<[u8; 8], ResultCode> {
    if stored.kind != kind || !matches!(kind, kind::INTEGER | kind::FLOAT) {
        return Err(ResultCode::BIN_TYPE);
    }
    let by = if kind == kind::INTEGER {
        integer(bytes)
    } else {
        bytes.try_into().ok()
    };
    let (Ok(old), Some(by)) = (stored.bytes.try_into(), by) else {
        return Err(ResultCode::PARAMETER);
    };
    match kind {
        kind::INTEGER => Ok(i64::from_be_bytes(old)
            .wrapping_add(i64::from_be_bytes(by))
            .to_be_bytes()),
        kind::FLOAT => Ok((f64::from_be_bytes(old) + f64::from_be_bytes(by)).to_be_bytes()),
        _ => Err(ResultCode::BIN_TYPE),
    }
}

/// Whether `append` and `prepend` work on values of this type.
#[must_use]
pub fn is_concatenable(kind: u8) -> bool {
    matches!(
        kind,
        kind::STRING | kind::BLOB | kind::LANGUAGE_BLOB_FIRST..=kind::LANGUAGE_BLOB_LAST
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_malformed_values() {
        let mut buffer = Vec::new();
        for (kind, bytes) in [
            (kind::INTEGER, &[][..]),
            (kind::INTEGER, &[1, 2, 3]),
            (kind::INTEGER, &[0; 9]),
            (kind::FLOAT, &[0; 4]),
            (kind::BOOL, &[2]),
            (kind::BOOL, &[]),
            (kind::NULL, &[]),
            (24, &[1]),
            (255, &[]),
        ] {
            assert_eq!(
                to_stored(kind, bytes, &mut buffer),
                Err(ResultCode::PARAMETER),
                "{kind}"
            );
        }
        for (kind, bytes) in [(kind::LIST, &[][..]), (kind::MAP, &[0x90])] {
            assert_eq!(
                to_stored(kind, bytes, &mut buffer),
                Err(ResultCode::MALFORMED_VALUE),
                "{kind}"
            );
        }
        assert_eq!(
            to_stored(kind::GEOJSON, b"{", &mut buffer),
            Err(ResultCode::GEO_INVALID)
        );
    }

    #[test]
    fn only_numbers_are_incremented() {
        for kind in [kind::BLOB, kind::STRING, kind::BOOL] {
            let stored = Value { kind, bytes: &[1] };
            assert_eq!(increment(stored, kind, &[1]), Err(ResultCode::BIN_TYPE), "{kind}");
        }
    }

    #[test]
    fn short_integers_are_unsigned() {
        let mut buffer = Vec::new();
        for (bytes, value) in [
            (&[0xff][..], 0xff),
            (&[0xff, 2], 0xff02),
            (&[0xff, 0, 0, 1], 0xff00_0001),
            (&[0xff; 8], u64::MAX),
        ] {
            let stored = to_stored(kind::INTEGER, bytes, &mut buffer).expect("an integer");
            assert_eq!(stored.bytes, value.to_be_bytes());
        }
        let one = 1u64.to_be_bytes();
        let stored = Value {
            kind: kind::INTEGER,
            bytes: &one,
        };
        assert_eq!(increment(stored, kind::INTEGER, &[0xff]), Ok(0x100i64.to_be_bytes()));
    }

    #[test]
    fn integers_wrap_and_types_must_match() {
        let max = i64::MAX.to_be_bytes();
        let stored = Value {
            kind: kind::INTEGER,
            bytes: &max,
        };
        assert_eq!(
            increment(stored, kind::INTEGER, &1i64.to_be_bytes()),
            Ok(i64::MIN.to_be_bytes())
        );
        assert_eq!(
            increment(stored, kind::FLOAT, &1f64.to_be_bytes()),
            Err(ResultCode::BIN_TYPE)
        );
        let half = 0.5f64.to_be_bytes();
        let stored = Value {
            kind: kind::FLOAT,
            bytes: &half,
        };
        assert_eq!(increment(stored, kind::FLOAT, &half), Ok(1f64.to_be_bytes()));
    }
}
