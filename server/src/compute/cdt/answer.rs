//! Conversion of results to bin values.

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token};
use crate::record::particle::kind;

/// Converts one MessagePack element to a bin value: appends its bytes to `out` and returns its particle type.
///
/// # Errors
/// Returns an error unless the input is exactly one well-formed element.
pub fn to_particle(element: &[u8], out: &mut Vec<u8>) -> Result<u8, ResultCode> {
    let token = Reader::new(element).token().map_err(|_| ResultCode::PARAMETER)?;
    Ok(match token {
        Token::Nil => kind::NULL,
        Token::Bool(value) => {
            out.push(u8::from(value));
            kind::BOOL
        }
        Token::Int(value) => {
            out.extend_from_slice(&value.to_be_bytes());
            kind::INTEGER
        }
        Token::Unsigned(value) => {
            out.extend_from_slice(&value.to_be_bytes());
            kind::INTEGER
        }
        Token::Float(value) => {
            out.extend_from_slice(&value.to_be_bytes());
            kind::FLOAT
        }
        Token::Bytes(bytes) => match bytes.split_first() {
            Some((&kind, bytes)) => {
                if kind == kind::GEOJSON {
                    // Bin values have flags and a number of cells here; elements of collections do not.
                    out.extend_from_slice(&[0; 3]);
                }
                out.extend_from_slice(bytes);
                kind
            }
            None => kind::STRING,
        },
        Token::List(_) => {
            out.extend_from_slice(element);
            kind::LIST
        }
        Token::Map(_) => {
            out.extend_from_slice(element);
            kind::MAP
        }
        Token::Ext(..) => return Err(ResultCode::PARAMETER),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn particle(element: &[u8]) -> (u8, Vec<u8>) {
        let mut out = Vec::new();
        let kind = to_particle(element, &mut out).unwrap();
        (kind, out)
    }

    #[test]
    fn converts_elements_to_bin_values() {
        assert_eq!(particle(b"\xc0"), (kind::NULL, vec![]));
        assert_eq!(particle(b"\xc3"), (kind::BOOL, vec![1]));
        assert_eq!(particle(b"\xff"), (kind::INTEGER, vec![255; 8]));
        assert_eq!(particle(b"\xa3\x03ab"), (kind::STRING, b"ab".to_vec()));
        assert_eq!(particle(b"\xa3\x04ab"), (kind::BLOB, b"ab".to_vec()));
        assert_eq!(particle(b"\x91\x01"), (kind::LIST, vec![0x91, 1]));
        assert_eq!(particle(b"\x80"), (kind::MAP, vec![0x80]));
        assert!(to_particle(b"\xc1", &mut Vec::new()).is_err());
    }
}
