//! Bin values: particle types, validation of client values, and their stored form.

use crate::common::result_code::ResultCode;
use crate::compute::geo;
use crate::compute::hll;
use crate::compute::msgpack::{self, Collection};

/// Particle types.
pub mod kind {
    /// No value: writing it deletes the bin.
    pub const NULL: u8 = 0;
    /// 64-bit signed integer.
    pub const INTEGER: u8 = 1;
    /// 64-bit floating-point number.
    pub const FLOAT: u8 = 2;
    /// String, UTF-8 by convention. The server does not validate the encoding.
    pub const STRING: u8 = 3;
    /// Blob: any bytes.
    pub const BLOB: u8 = 4;
    /// First particle type of language-specific serialised objects, which the server treats as bytes.
    pub const LANGUAGE_BLOB_FIRST: u8 = 7;
    /// Last particle type of language-specific serialised objects.
    pub const LANGUAGE_BLOB_LAST: u8 = 11;
    /// Boolean.
    pub const BOOL: u8 = 17;
    /// HyperLogLog sketch.
    pub const HLL: u8 = 18;
    /// Map, encoded as MessagePack.
    pub const MAP: u8 = 19;
    /// List, encoded as MessagePack.
    pub const LIST: u8 = 20;
    /// GeoJSON.
    pub const GEOJSON: u8 = 23;
}

/// A value in its stored form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// Particle type, one of [`kind`].
    pub kind: u8,
    /// The value in the wire form of its type.
    pub bytes: &'a [u8],
}

/// The result of an operation on a bin. Values are particle types and bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// The reply, if the operation has one.
    pub answer: Option<(u8, Vec<u8>)>,
    /// The new value of the bin, if it changes.
    pub changed: Option<(u8, Vec<u8>)>,
}

/// Validates a client's value and converts it to its stored form. `buffer` is used if the stored form differs
/// from the client's bytes.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn accept<'a>(kind: u8, bytes: &'a [u8], buffer: &'a mut Vec<u8>) -> Result<Value<'a>, ResultCode> {
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
    if stored.kind != kind {
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
    fn values_of_the_wrong_form_are_refused() {
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
            assert_eq!(accept(kind, bytes, &mut buffer), Err(ResultCode::PARAMETER), "{kind}");
        }
        for (kind, bytes) in [(kind::LIST, &[][..]), (kind::MAP, &[0x90])] {
            assert_eq!(
                accept(kind, bytes, &mut buffer),
                Err(ResultCode::MALFORMED_VALUE),
                "{kind}"
            );
        }
        assert_eq!(accept(kind::GEOJSON, b"{", &mut buffer), Err(ResultCode::GEO_INVALID));
    }

    #[test]
    fn short_integers_have_no_sign() {
        let mut buffer = Vec::new();
        for (bytes, value) in [
            (&[0xff][..], 0xff),
            (&[0xff, 2], 0xff02),
            (&[0xff, 0, 0, 1], 0xff00_0001),
            (&[0xff; 8], u64::MAX),
        ] {
            let stored = accept(kind::INTEGER, bytes, &mut buffer).expect("an integer");
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
    fn integers_wrap_and_types_do_not_mix() {
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
