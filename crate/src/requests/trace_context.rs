//! What a span needs besides the request itself.

use std::sync::Arc;

use crate::common::errors::Failure;
use crate::wire::Reader;

/// The first seed host of a client.
#[derive(Debug)]
pub struct SeedHost {
    /// Host name or address.
    pub address: Arc<str>,
    pub port: u16,
}

/// The parent span of a call, as in the W3C `traceparent` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    /// Trace id; all zeros if no span is to be created.
    pub trace: [u8; 16],
    pub span: [u8; 8],
    /// Trace flags; bit 0 means sampled.
    pub flags: u8,
}

impl TraceParent {
    /// Bytes of a parent, which follows the body of a request.
    pub const BYTES: usize = 25;

    /// Reads a parent.
    ///
    /// # Errors
    /// The body ends early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        trace.copy_from_slice(reader.bytes(16)?);
        span.copy_from_slice(reader.bytes(8)?);
        let flags = reader.u8()?;
        Ok(TraceParent { trace, span, flags })
    }

    /// Whether the caller does not want a span, because it creates the span itself.
    pub fn forbids(&self) -> bool {
        self.trace == [0; 16]
    }
}

/// Additional data of a request that is needed for its span.
#[derive(Debug)]
pub struct TraceContext {
    /// The first seed host of the client.
    pub server: Option<Arc<SeedHost>>,
    pub parent: Option<TraceParent>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_read_as_it_was_written() {
        let bytes: Vec<u8> = (0..25).collect();
        let Ok(parent) = TraceParent::read(&mut Reader::new(&bytes)) else {
            unreachable!()
        };
        assert_eq!((parent.trace[15], parent.span[7], parent.flags), (15, 23, 24));
        assert!(TraceParent::read(&mut Reader::new(&bytes[1..])).is_err());
    }
}
