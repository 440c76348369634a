//! Stand-alone contexts, as used by indexes.

use super::{call, context};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::Reader;
use crate::record::particle::{Value, kind};

/// The path from a list or map to a nested element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextPath {
    source: Box<[u8]>,
}

impl ContextPath {
    /// Parses a context in its wire form: `[type, value, type, value, ...]`.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn parse(source: &[u8]) -> Result<Self, ResultCode> {
        let mut reader = Reader::new(source);
        call::context(&mut reader)?;
        if reader.is_empty() {
            Ok(Self { source: source.into() })
        } else {
            Err(ResultCode::PARAMETER)
        }
    }

    /// The context in its wire form.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// The element that the context addresses, if it exists.
    #[must_use]
    pub fn find<'a>(&self, value: Value<'a>) -> Option<&'a [u8]> {
        if !matches!(value.kind, kind::LIST | kind::MAP) {
            return None;
        }
        let steps = call::context(&mut Reader::new(&self.source)).ok()?;
        context::follow(Some(value.bytes), &steps, false).ok()?.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_nested_elements() {
        let list = Value {
            kind: kind::LIST,
            bytes: b"\x92\x07\x91\x08",
        };
        let first = ContextPath::parse(b"\x92\x10\x00").unwrap();
        assert_eq!(first.find(list), Some(&b"\x07"[..]));
        let nested = ContextPath::parse(b"\x94\x10\x01\x10\x00").unwrap();
        assert_eq!(nested.find(list), Some(&b"\x08"[..]));
        let beyond = ContextPath::parse(b"\x92\x10\x05").unwrap();
        assert_eq!(beyond.find(list), None);
        for bad in [&b""[..], b"\x90", b"\x91\x10", b"\x92\x10\x00\x00"] {
            assert!(ContextPath::parse(bad).is_err());
        }
    }
}
