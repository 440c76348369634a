//! The protocol header: the eight bytes before every request and reply.

use std::fmt;

/// Size of the header, in bytes.
pub const HEADER_SIZE: usize = 8;

/// Maximum size of a request body in bytes, as on a real server.
pub const MAX_BODY_SIZE: usize = 128 * 1024 * 1024;

const VERSION: u8 = 2;

/// The kind of a request or reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Info protocol: administrative commands in text form.
    Info = 1,
    /// Security protocol: users and roles.
    Security = 2,
    /// Commands on records, batches and queries.
    Message = 3,
    /// A compressed [`Kind::Message`].
    Compressed = 4,
}

/// A parsed protocol header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The kind of message that follows.
    pub kind: Kind,
    /// The size of the body that follows, in bytes.
    pub size: usize,
}

/// An invalid header. The stream cannot be resynchronised after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHeader {
    /// Unsupported protocol version.
    Version(u8),
    /// Unknown message kind.
    Kind(u8),
    /// Body larger than [`MAX_BODY_SIZE`].
    Size(u64),
}

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "protocol version {version}"),
            Self::Kind(kind) => write!(f, "message type {kind}"),
            Self::Size(size) => write!(f, "a message of {size} bytes"),
        }
    }
}

impl Header {
    /// Parses the header.
    ///
    /// # Errors
    /// Returns [`BadHeader`] if the bytes are not a valid header.
    pub fn parse(bytes: [u8; HEADER_SIZE]) -> Result<Self, BadHeader> {
        let [version, kind, ..] = bytes;
        if version != VERSION {
            return Err(BadHeader::Version(version));
        }
        let kind = match kind {
            1 => Kind::Info,
            2 => Kind::Security,
            3 => Kind::Message,
            4 => Kind::Compressed,
            other => return Err(BadHeader::Kind(other)),
        };
        let size = u64::from_be_bytes(bytes) & 0x0000_ffff_ffff_ffff;
        match usize::try_from(size) {
            Ok(size) if size <= MAX_BODY_SIZE => Ok(Self { kind, size }),
            _ => Err(BadHeader::Size(size)),
        }
    }

    fn bytes(kind: Kind, size: usize) -> [u8; HEADER_SIZE] {
        let mut bytes = (size as u64).to_be_bytes();
        bytes[0] = VERSION;
        bytes[1] = kind as u8;
        bytes
    }
}

/// Reserves space for a header. Call [`finish`] to fill it in when the size is known.
#[must_use]
pub fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER_SIZE]);
    start
}

/// Fills in a header that [`begin`] reserved at `start`.
pub fn finish(out: &mut [u8], start: usize, kind: Kind) {
    let size = out.len().saturating_sub(start + HEADER_SIZE);
    if let Some(place) = out.get_mut(start..start + HEADER_SIZE) {
        place.copy_from_slice(&Header::bytes(kind, size));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_round_trip() {
        let mut out = vec![9];
        let start = begin(&mut out);
        out.extend_from_slice(b"hello");
        finish(&mut out, start, Kind::Info);
        let header: [u8; HEADER_SIZE] = out[1..9].try_into().unwrap();
        assert_eq!(
            Header::parse(header),
            Ok(Header {
                kind: Kind::Info,
                size: 5
            })
        );
    }

    #[test]
    fn rejects_invalid_headers() {
        assert_eq!(Header::parse(*b"GET / HT"), Err(BadHeader::Version(b'G')));
        assert_eq!(Header::parse([2, 9, 0, 0, 0, 0, 0, 0]), Err(BadHeader::Kind(9)));
        assert_eq!(
            Header::parse([2, 3, 0xff, 0, 0, 0, 0, 0]),
            Err(BadHeader::Size(0xff00_0000_0000))
        );
    }
}
