//! The eight bytes in front of every request and reply.

use std::fmt;

/// Size of the header.
pub const HEADER_SIZE: usize = 8;

/// Largest request that is read; as on a real server.
pub const MAX_BODY_SIZE: usize = 128 * 1024 * 1024;

const VERSION: u8 = 2;

/// What kind of request or reply follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text: administrative questions.
    Info = 1,
    /// Users and roles.
    Security = 2,
    /// Records, batches, queries.
    Message = 3,
    /// A compressed [`Kind::Message`].
    Compressed = 4,
}

/// Kind and size of what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What follows.
    pub kind: Kind,
    /// How many bytes follow.
    pub size: usize,
}

/// Bytes that cannot be the start of a request; there is no way to find the next one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHeader {
    /// Not this protocol's version.
    Version(u8),
    /// No such kind.
    Kind(u8),
    /// More than the server is willing to read.
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
    /// Takes the header's bytes apart.
    ///
    /// # Errors
    /// When they cannot be a header.
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

/// Leaves room for a header; [`finish`] fills it in once the size is known.
#[must_use]
pub fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER_SIZE]);
    start
}

/// Fills in the header whose place was taken by [`begin`].
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
    fn what_is_written_is_read() {
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
    fn nonsense_is_refused() {
        assert_eq!(Header::parse(*b"GET / HT"), Err(BadHeader::Version(b'G')));
        assert_eq!(Header::parse([2, 9, 0, 0, 0, 0, 0, 0]), Err(BadHeader::Kind(9)));
        assert_eq!(
            Header::parse([2, 3, 0xff, 0, 0, 0, 0, 0]),
            Err(BadHeader::Size(0xff00_0000_0000))
        );
    }
}
