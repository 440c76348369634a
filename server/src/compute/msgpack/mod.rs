//! MessagePack for lists and maps: reading, writing, validation and ordering.
//!
//! Strings and blobs inside collections start with a byte that holds their particle type. An ordered list
//! starts with an extension element that marks it as ordered; in an ordered map, this extension is the first
//! key, with a nil value.

mod normalise;
mod order;
pub mod write;

pub use normalise::{Collection, normalise, normalise_value};
pub use order::{Step, Wildcards, compare, is_wildcard, matches, order};

use crate::proto::cursor::Cursor;

/// Maximum nesting depth of collections. Deeper ones are rejected, because they could overflow the stack.
pub const MAX_DEPTH: u32 = 256;

/// Flags in the type of an order marker.
pub mod marker {
    /// List elements are ordered by value, map pairs by key.
    pub const ORDERED: u8 = 1;
    /// Map pairs are also ordered by value.
    pub const BY_VALUE: u8 = 2;
    /// The flags of a map's marker that are stored.
    pub const OF_MAPS: u8 = ORDERED | BY_VALUE;
    /// Requests a persistent index of the collection. Not included in stored collections.
    pub const PERSIST_INDEX: u8 = 0x10;
}

/// Particle types that appear as the first byte of strings.
pub mod string_kind {
    /// String.
    pub const STRING: u8 = 3;
    /// Blob.
    pub const BLOB: u8 = 4;
    /// GeoJSON.
    pub const GEOJSON: u8 = 23;
}

/// The extension for arguments with special comparison rules.
pub mod special {
    /// Extension type.
    pub const TYPE: u8 = 0xff;
    /// Equals any value, and any values that follow.
    pub const WILDCARD: u8 = 0;
    /// Greater than any other value.
    pub const INFINITY: u8 = 1;

    /// Whether an extension is reserved for arguments, so that it cannot be stored.
    #[must_use]
    pub fn is_reserved(kind: u8, data: &[u8]) -> bool {
        kind == TYPE && matches!(data.len(), 1..=3)
    }
}

/// The error for bytes that are not valid MessagePack, or not allowed in a list or map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The start of an element: a complete scalar, or the head of a collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    /// Nil.
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer in the range of `i64`.
    Int(i64),
    /// An integer above the range of `i64`.
    Unsigned(u64),
    /// A floating-point number.
    Float(f64),
    /// A string or blob, including the leading particle type.
    Bytes(&'a [u8]),
    /// An extension: type and bytes.
    Ext(u8, &'a [u8]),
    /// The head of a list: its number of elements.
    List(u32),
    /// The head of a map: its number of pairs.
    Map(u32),
}

/// Reads elements in order.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Reader<'a> {
    /// Creates a reader at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(bytes),
        }
    }

    /// Whether all bytes were read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cursor.is_empty()
    }

    /// The bytes that were not read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.cursor.rest()
    }

    /// Reads the next scalar, or the head of the next collection.
    ///
    /// # Errors
    /// Returns [`Malformed`] if the bytes are truncated or not MessagePack.
    pub fn token(&mut self) -> Result<Token<'a>, Malformed> {
        self.try_token().ok_or(Malformed)
    }

    fn try_token(&mut self) -> Option<Token<'a>> {
        let c = &mut self.cursor;
        let first = c.u8()?;
        Some(match first {
            0x00..=0x7f => Token::Int(i64::from(first)),
            0x80..=0x8f => Token::Map(u32::from(first & 0x0f)),
            0x90..=0x9f => Token::List(u32::from(first & 0x0f)),
            0xa0..=0xbf => Token::Bytes(c.take(usize::from(first & 0x1f))?),
            0xc0 => Token::Nil,
            0xc2 => Token::Bool(false),
            0xc3 => Token::Bool(true),
            0xc4 | 0xd9 => {
                let size = usize::from(c.u8()?);
                Token::Bytes(c.take(size)?)
            }
            0xc5 | 0xda => {
                let size = usize::from(c.u16()?);
                Token::Bytes(c.take(size)?)
            }
            0xc6 | 0xdb => {
                let size = usize::try_from(c.u32()?).ok()?;
                Token::Bytes(c.take(size)?)
            }
            0xc7 => {
                let size = usize::from(c.u8()?);
                Token::Ext(c.u8()?, c.take(size)?)
            }
            0xc8 => {
                let size = usize::from(c.u16()?);
                Token::Ext(c.u8()?, c.take(size)?)
            }
            0xc9 => {
                let size = usize::try_from(c.u32()?).ok()?;
                Token::Ext(c.u8()?, c.take(size)?)
            }
            0xca => Token::Float(f64::from(f32::from_be_bytes(c.array()?))),
            0xcb => Token::Float(f64::from_be_bytes(c.array()?)),
            0xcc => Token::Int(i64::from(c.u8()?)),
            0xcd => Token::Int(i64::from(c.u16()?)),
            0xce => Token::Int(i64::from(c.u32()?)),
            0xcf => {
                let value = u64::from_be_bytes(c.array()?);
                i64::try_from(value).map_or(Token::Unsigned(value), Token::Int)
            }
            0xd0 => Token::Int(i64::from(i8::from_be_bytes(c.array()?))),
            0xd1 => Token::Int(i64::from(i16::from_be_bytes(c.array()?))),
            0xd2 => Token::Int(i64::from(i32::from_be_bytes(c.array()?))),
            0xd3 => Token::Int(i64::from_be_bytes(c.array()?)),
            0xd4..=0xd8 => Token::Ext(c.u8()?, c.take(1 << (first - 0xd4))?),
            0xdc => Token::List(u32::from(c.u16()?)),
            0xdd => Token::List(c.u32()?),
            0xde => Token::Map(u32::from(c.u16()?)),
            0xdf => Token::Map(c.u32()?),
            0xe0..=0xff => Token::Int(i64::from(i8::from_be_bytes([first]))),
            0xc1 => return None,
        })
    }

    /// Skips one element, including nested elements, and returns its bytes.
    ///
    /// # Errors
    /// Returns [`Malformed`] if the bytes are truncated or not MessagePack.
    pub fn element(&mut self) -> Result<&'a [u8], Malformed> {
        let start = self.cursor.rest();
        // Iterative, because compared or skipped values may be nested more deeply than stored ones.
        let mut left: u64 = 1;
        while left > 0 {
            left -= 1;
            match self.token()? {
                Token::List(count) => left += u64::from(count),
                Token::Map(count) => left += 2 * u64::from(count),
                _ => {}
            }
        }
        start.get(..start.len() - self.cursor.rest().len()).ok_or(Malformed)
    }
}

/// The format byte of an extension of one byte, which is never an order marker.
const FIXEXT_1: u8 = 0xd4;

/// The flags of the order marker, if the next element is one: an extension that is neither one of one byte nor a special
/// value.
#[must_use]
pub fn order_marker(mut reader: Reader<'_>) -> Option<u8> {
    if reader.rest().first() == Some(&FIXEXT_1) {
        return None;
    }
    match reader.token() {
        Ok(Token::Ext(special::TYPE, [_])) => None,
        Ok(Token::Ext(flags, _)) => Some(flags),
        _ => None,
    }
}
