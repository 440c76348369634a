//! MessagePack as lists and maps hold it: checking, ordering and putting maps into order.
//!
//! Strings and blobs inside collections carry their particle type as their first byte. An ordered
//! list begins with an extension that says so; an ordered map has one as its first key, with a nil
//! value.

use std::cmp::Ordering;

use crate::proto::cursor::Cursor;

/// How deep collections may be nested; deeper ones are refused rather than risking the stack.
const MAX_DEPTH: u32 = 256;

/// Bit of an order marker's type that says that the elements are ordered.
const ORDERED: u8 = 1;

/// Particle types that may be the first byte of a string.
mod string_kind {
    pub const BLOB: u8 = 4;
    pub const GEOJSON: u8 = 23;
}

/// Bytes that are not MessagePack, or not what a list or map may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The next element's beginning: a whole scalar, or the size of a collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    /// Nothing.
    Nil,
    /// True or false.
    Bool(bool),
    /// An integer that fits 64 signed bits.
    Int(i64),
    /// An integer beyond those.
    Unsigned(u64),
    /// A floating-point number.
    Float(f64),
    /// A string or blob, with its leading particle type.
    Bytes(&'a [u8]),
    /// An extension: type and bytes.
    Ext(u8, &'a [u8]),
    /// A list and its number of elements.
    List(u32),
    /// A map and its number of pairs.
    Map(u32),
}

/// Reads elements one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(bytes),
        }
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cursor.is_empty()
    }

    /// The next element or, of a collection, its size.
    ///
    /// # Errors
    /// When the bytes end too early or are not MessagePack.
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

    /// Reads over one element, however deep, and returns its bytes.
    ///
    /// # Errors
    /// When the bytes end too early or are not MessagePack.
    pub fn element(&mut self) -> Result<&'a [u8], Malformed> {
        let start = self.cursor.rest();
        // Not recursive: what is compared or skipped may be deeper than what is stored.
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

/// Which collection a particle must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// A list.
    List,
    /// A map.
    Map,
}

/// Checks a list or map that a client sent and appends it in the order in which it is stored:
/// maps by key, ordered lists by value, at every depth.
///
/// # Errors
/// When it is not one well-formed collection of that kind, or a map has a key twice.
pub fn normalise(bytes: &[u8], kind: Collection, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut reader = Reader::new(bytes);
    let mut ahead = reader;
    match (kind, ahead.token()?) {
        (Collection::List, Token::List(_)) | (Collection::Map, Token::Map(_)) => {}
        _ => return Err(Malformed),
    }
    normalise_element(&mut reader, out, 0)?;
    if reader.is_empty() { Ok(()) } else { Err(Malformed) }
}

fn normalise_element(reader: &mut Reader<'_>, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed);
    }
    let before = reader.cursor.rest();
    let token = reader.token()?;
    let read = before.len() - reader.cursor.rest().len();
    out.extend_from_slice(before.get(..read).ok_or(Malformed)?);
    match token {
        Token::List(count) => normalise_list(reader, count, out, depth),
        Token::Map(count) => normalise_map(reader, count, out, depth),
        _ => Ok(()),
    }
}

fn normalise_list(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let marker = order_marker(*reader).filter(|_| count > 0);
    let mut left = count;
    if marker.is_some() {
        out.extend_from_slice(reader.element()?);
        left -= 1;
    }
    if marker.is_none_or(|flags| flags & ORDERED == 0) {
        for _ in 0..left {
            normalise_element(reader, out, depth + 1)?;
        }
        return Ok(());
    }
    let start = out.len();
    let mut ends = Vec::new();
    for _ in 0..left {
        normalise_element(reader, out, depth + 1)?;
        ends.push(out.len());
    }
    sort_tail(out, start, &ends, |_, _| true)
}

fn normalise_map(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let mut left = count;
    if order_marker(*reader).is_some() && left > 0 {
        out.extend_from_slice(reader.element()?);
        out.extend_from_slice(reader.element()?);
        left -= 1;
    }
    let start = out.len();
    let mut ends = Vec::new();
    for _ in 0..left {
        normalise_element(reader, out, depth + 1)?;
        normalise_element(reader, out, depth + 1)?;
        ends.push(out.len());
    }
    // An element's comparison looks at its first part only, which is the key.
    sort_tail(out, start, &ends, |a, b| compare(a, b) != Ordering::Equal)
}

/// The flags of the marker that the next element is, if it is one: an extension without bytes, its
/// type being the flags.
fn order_marker(mut reader: Reader<'_>) -> Option<u8> {
    match reader.token() {
        Ok(Token::Ext(flags, [])) => Some(flags),
        _ => None,
    }
}

/// Sorts the parts of `out` from `start` on, each of which ends at one of `ends`, by their first
/// element. Neighbours for which `may_follow` does not hold make the whole thing malformed.
fn sort_tail(
    out: &mut [u8],
    start: usize,
    ends: &[usize],
    may_follow: impl Fn(&[u8], &[u8]) -> bool,
) -> Result<(), Malformed> {
    let tail = out.get(start..).ok_or(Malformed)?;
    let mut parts = Vec::with_capacity(ends.len());
    let mut from = 0;
    for end in ends {
        let to = end - start;
        parts.push(tail.get(from..to).ok_or(Malformed)?);
        from = to;
    }
    let sorted = parts.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater);
    if !sorted {
        parts.sort_by(|a, b| compare(a, b));
    }
    if !parts.is_sorted_by(|a, b| may_follow(a, b)) {
        return Err(Malformed);
    }
    if !sorted {
        let moved = parts.concat();
        out.get_mut(start..).ok_or(Malformed)?.copy_from_slice(&moved);
    }
    Ok(())
}

/// Orders the first elements of two byte strings as the database does: by type first, nil before
/// booleans, integers, strings, lists, maps, blobs, floats and GeoJSON.
#[must_use]
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    compare_next(&mut Reader::new(a), &mut Reader::new(b), 0)
}

fn compare_next(a: &mut Reader<'_>, b: &mut Reader<'_>, depth: u32) -> Ordering {
    let (Ok(x), Ok(y)) = (a.token(), b.token()) else {
        return Ordering::Equal;
    };
    let by_type = rank(&x).cmp(&rank(&y));
    if by_type != Ordering::Equal || depth > MAX_DEPTH {
        return by_type;
    }
    match (x, y) {
        (Token::Bool(x), Token::Bool(y)) => x.cmp(&y),
        (Token::Int(x), Token::Int(y)) => x.cmp(&y),
        (Token::Unsigned(x), Token::Unsigned(y)) => x.cmp(&y),
        (Token::Int(_), Token::Unsigned(_)) => Ordering::Less,
        (Token::Unsigned(_), Token::Int(_)) => Ordering::Greater,
        (Token::Float(x), Token::Float(y)) => x.total_cmp(&y),
        (Token::Bytes(x), Token::Bytes(y)) | (Token::Ext(_, x), Token::Ext(_, y)) => x.cmp(y),
        (Token::List(x), Token::List(y)) => compare_run(a, b, x.min(y), depth).then_with(|| x.cmp(&y)),
        (Token::Map(x), Token::Map(y)) => x.cmp(&y).then_with(|| compare_run(a, b, x.saturating_mul(2), depth)),
        _ => Ordering::Equal,
    }
}

fn compare_run(a: &mut Reader<'_>, b: &mut Reader<'_>, count: u32, depth: u32) -> Ordering {
    for _ in 0..count {
        let mut x = *a;
        let mut y = *b;
        let order = compare_next(&mut x, &mut y, depth + 1);
        if order != Ordering::Equal || a.element().is_err() || b.element().is_err() {
            return order;
        }
    }
    Ordering::Equal
}

fn rank(token: &Token<'_>) -> u8 {
    match token {
        Token::Nil => 0,
        Token::Bool(_) => 1,
        Token::Int(_) | Token::Unsigned(_) => 2,
        Token::Bytes(bytes) => match bytes.first() {
            Some(&string_kind::BLOB) => 6,
            Some(&string_kind::GEOJSON) => 8,
            _ => 3,
        },
        Token::List(_) => 4,
        Token::Map(_) => 5,
        Token::Float(_) => 7,
        Token::Ext(..) => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(bytes: &[u8], kind: Collection) -> Result<Vec<u8>, Malformed> {
        let mut out = Vec::new();
        normalise(bytes, kind, &mut out).map(|()| out)
    }

    #[test]
    fn maps_are_stored_by_key() {
        // Sent to and read from a real server.
        let sent = b"\x84\x04\xc2\x01\x01\x03\xa4\x03hi!\x02\x02";
        let stored = b"\x84\x01\x01\x02\x02\x03\xa4\x03hi!\x04\xc2";
        assert_eq!(normal(sent, Collection::Map).unwrap(), stored);
        // Inside a list, and behind the marker of an ordered map.
        let nested = b"\x91\x83\xc7\x00\x01\xc0\x02\xc0\x01\xc0";
        let sorted = b"\x91\x83\xc7\x00\x01\xc0\x01\xc0\x02\xc0";
        assert_eq!(normal(nested, Collection::List).unwrap(), sorted);
    }

    #[test]
    fn ordered_lists_are_stored_by_value_and_others_as_sent() {
        assert_eq!(
            normal(b"\x93\x03\x01\x02", Collection::List).unwrap(),
            b"\x93\x03\x01\x02"
        );
        assert_eq!(
            normal(b"\x94\xc7\x00\x01\x03\x01\x01", Collection::List).unwrap(),
            b"\x94\xc7\x00\x01\x01\x01\x03"
        );
    }

    #[test]
    fn what_is_no_collection_is_refused() {
        assert!(normal(b"\x01", Collection::List).is_err());
        assert!(normal(b"\x80", Collection::List).is_err());
        assert!(normal(b"\x92\x01", Collection::List).is_err());
        assert!(normal(b"\x91\x01\x01", Collection::List).is_err());
        assert!(normal(b"\x91\xc1", Collection::List).is_err());
        assert!(normal(b"\xdd\xff\xff\xff\xff", Collection::List).is_err());
        assert!(normal(b"\x82\x01\x01\x01\x02", Collection::Map).is_err());
        assert!(normal(&[0x91; 100_000], Collection::List).is_err());
    }

    #[test]
    fn types_are_ordered_as_documented() {
        let ordered: [&[u8]; 15] = [
            b"\xc0",
            b"\xc2",
            b"\xc3",
            b"\xff",
            b"\x05",
            b"\xcd\x01\x00",
            b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xa2\x03a",
            b"\xa3\x03ab",
            b"\x91\x02",
            b"\x92\x02\x01",
            b"\x81\x01\x01",
            b"\xa2\x04a",
            b"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00",
            b"\xa2\x17a",
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} {b:?}");
            }
        }
    }
}
