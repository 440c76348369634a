//! Validates values from clients and converts them to their stored form: integers, strings and sizes in their
//! shortest encoding, maps sorted by key.

use std::cmp::Ordering;

use super::{MAX_DEPTH, Malformed, Reader, Token, compare, marker, order_marker, special, string_kind, write};

/// The kind of collection that a particle must contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// The particle must contain a list.
    List,
    /// The particle must contain a map.
    Map,
}

/// Validates a list or map from a client and appends its stored form.
///
/// # Errors
/// Returns [`Malformed`] unless the bytes are exactly one well-formed collection of this kind, or if a map has
/// duplicate or invalid keys, or an ordered collection is out of order.
pub fn normalise(bytes: &[u8], kind: Collection, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut ahead = Reader::new(bytes);
    match (kind, ahead.token()?) {
        (Collection::List, Token::List(_)) | (Collection::Map, Token::Map(_)) => whole(bytes, out, 0),
        _ => Err(Malformed),
    }
}

/// Validates one value of any type, which will be a part of a collection, and appends its stored form.
///
/// # Errors
/// See [`normalise`].
pub fn normalise_value(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    whole(bytes, out, 1)
}

fn whole(bytes: &[u8], out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let mut reader = Reader::new(bytes);
    element(&mut reader, out, depth)?;
    if reader.is_empty() { Ok(()) } else { Err(Malformed) }
}

fn element(reader: &mut Reader<'_>, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed);
    }
    let before = reader.rest();
    match reader.token()? {
        Token::List(count) => return list(reader, count, out, depth),
        Token::Map(count) => return map(reader, count, out, depth),
        Token::Int(value) => write::int(out, value),
        Token::Bytes(value) => write::bytes(out, value),
        Token::Ext(kind, data) if special::is_reserved(kind, data) => return Err(Malformed),
        Token::Ext(kind, data) => write::extension(out, kind, data),
        _ => {
            let read = before.len() - reader.rest().len();
            out.extend_from_slice(before.get(..read).ok_or(Malformed)?);
        }
    }
    Ok(())
}

fn list(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let marker = order_marker(*reader).filter(|_| count > 0);
    let mut left = count;
    if marker.is_some() {
        reader.element()?;
        left -= 1;
    }
    let ordered = marker.unwrap_or_default() & marker::ORDERED;
    let mut stored_flags = ordered;
    if depth == 0
        && marker.is_some()
        && ordered == 0
        && left > 0
        && let Some(flags) = second_marker(reader)?
    {
        stored_flags = flags;
        left -= 1;
    }
    write::list_head(out, stored_flags, to_size(left)?);
    let mut previous = (reader.rest(), out.len());
    for i in 0..left {
        let this = (reader.rest(), out.len());
        element(reader, out, depth + 1)?;
        if ordered != 0 && i > 0 {
            let (before, after) = out.split_at(this.1);
            let stored = compare(before.get(previous.1..).ok_or(Malformed)?, after);
            // Nested maps are sorted when they are stored, so compare the elements both as stored and as sent.
            if stored == Ordering::Greater || compare(previous.0, this.0) == Ordering::Greater {
                return Err(Malformed);
            }
        }
        previous = this;
    }
    Ok(())
}

/// Reads an extension that follows the marker of an unordered list in a bin, and returns the flags that are stored. That
/// marker is not stored, so that the extension is in its place: a real server takes it for a marker, and does not check the
/// order. It does not do so inside other collections.
fn second_marker(reader: &mut Reader<'_>) -> Result<Option<u8>, Malformed> {
    let mut ahead = *reader;
    match ahead.token()? {
        // The shortest encoding of one byte is not a marker.
        Token::Ext(kind, data) if data.len() != 1 && !special::is_reserved(kind, data) => {
            if (kind, data.len()) == (0, 0) {
                return Ok(None);
            }
            *reader = ahead;
            Ok(Some(kind & !marker::PERSIST_INDEX))
        }
        _ => Ok(None),
    }
}

fn map(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let marker = order_marker(*reader).filter(|_| count > 0);
    let mut left = count;
    if marker.is_some() {
        reader.element()?;
        left -= 1;
        marker_value(reader, left == 0)?;
    }
    let flags = marker.unwrap_or_default() & marker::OF_MAPS;
    write::map_head(out, flags, to_size(left)?);
    let start = out.len();
    let mut ends = Vec::new();
    for _ in 0..left {
        if !is_key(*reader)? {
            return Err(Malformed);
        }
        element(reader, out, depth + 1)?;
        element(reader, out, depth + 1)?;
        ends.push(out.len());
    }
    sort_pairs(out, start, &ends, flags & marker::ORDERED == 0)
}

/// Reads the value of a map's marker. It is not stored, and cannot be a collection with elements.
fn marker_value(reader: &mut Reader<'_>, is_last: bool) -> Result<(), Malformed> {
    match reader.token()? {
        Token::List(1..) | Token::Map(1..) => Err(Malformed),
        // A real server accepts these at the end.
        Token::Ext(kind, data) if !is_last && special::is_reserved(kind, data) => Err(Malformed),
        _ => Ok(()),
    }
}

/// Whether the next element is allowed as a map key.
fn is_key(mut reader: Reader<'_>) -> Result<bool, Malformed> {
    Ok(match reader.token()? {
        Token::Int(_) | Token::Unsigned(_) => true,
        Token::Bytes([kind, ..]) => matches!(*kind, string_kind::STRING | string_kind::BLOB),
        _ => false,
    })
}

/// Sizes on the wire have four bytes, and `usize` has at least as many.
fn to_size(count: u32) -> Result<usize, Malformed> {
    usize::try_from(count).map_err(|_| Malformed)
}

/// Sorts the pairs of `out` by key. The first pair starts at `start`, and each pair ends at one of `ends`.
fn sort_pairs(out: &mut [u8], start: usize, ends: &[usize], may_sort: bool) -> Result<(), Malformed> {
    let tail = out.get(start..).ok_or(Malformed)?;
    let mut pairs = Vec::with_capacity(ends.len());
    let mut from = 0;
    for end in ends {
        let to = end - start;
        pairs.push(tail.get(from..to).ok_or(Malformed)?);
        from = to;
    }
    // `compare` looks only at the first element of a pair, which is the key.
    let ascend = |a: &&[u8], b: &&[u8]| compare(a, b) == Ordering::Less;
    if pairs.is_sorted_by(ascend) {
        return Ok(());
    }
    pairs.sort_by(|a, b| compare(a, b));
    if !may_sort || !pairs.is_sorted_by(ascend) {
        return Err(Malformed);
    }
    let moved = pairs.concat();
    out.get_mut(start..).ok_or(Malformed)?.copy_from_slice(&moved);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(bytes: &[u8], kind: Collection) -> Result<Vec<u8>, Malformed> {
        let mut out = Vec::new();
        normalise(bytes, kind, &mut out).map(|()| out)
    }

    #[test]
    fn sorts_maps_by_key() {
        // Sent to and read from a real server.
        let sent = b"\x84\x04\xc2\x01\x01\x03\xa4\x03hi!\x02\x02";
        let stored = b"\x84\x01\x01\x02\x02\x03\xa4\x03hi!\x04\xc2";
        assert_eq!(normal(sent, Collection::Map).unwrap(), stored);
        let nested = b"\x91\x82\x02\x01\x01\x02";
        assert_eq!(normal(nested, Collection::List).unwrap(), b"\x91\x82\x01\x02\x02\x01");
    }

    #[test]
    fn rejects_unsorted_collections_that_are_marked_as_ordered() {
        assert!(normal(b"\x94\xc7\x00\x01\x01\x01\x03", Collection::List).is_ok());
        assert!(normal(b"\x94\xc7\x00\x01\x03\x01\x01", Collection::List).is_err());
        assert!(normal(b"\x91\x83\xc7\x00\x01\xc0\x02\xc0\x01\xc0", Collection::List).is_err());
        assert_eq!(
            normal(b"\x93\x03\x01\x02", Collection::List).unwrap(),
            b"\x93\x03\x01\x02"
        );
    }

    #[test]
    fn writes_the_shortest_form_and_only_known_markers() {
        assert_eq!(
            normal(b"\xdc\x00\x02\xd1\x00\x01\xc4\x02\x03a", Collection::List).unwrap(),
            b"\x92\x01\xa2\x03a"
        );
        assert_eq!(
            normal(b"\x92\xc7\x00\x13\x01", Collection::List).unwrap(),
            b"\x92\xc7\x00\x01\x01"
        );
        assert_eq!(normal(b"\x92\xc7\x00\x02\x01", Collection::List).unwrap(), b"\x91\x01");
        assert_eq!(
            normal(b"\x82\xc7\x00\x13\x05\x01\x01", Collection::Map).unwrap(),
            b"\x82\xc7\x00\x03\xc0\x01\x01"
        );
        assert_eq!(
            normal(b"\x82\xc7\x00\x08\xc0\x01\x01", Collection::Map).unwrap(),
            b"\x81\x01\x01"
        );
    }

    #[test]
    fn rejects_values_that_are_not_collections() {
        assert!(normal(b"\x01", Collection::List).is_err());
        assert!(normal(b"\x80", Collection::List).is_err());
        assert!(normal(b"\x92\x01", Collection::List).is_err());
        assert!(normal(b"\x91\x01\x01", Collection::List).is_err());
        assert!(normal(b"\x91\xc1", Collection::List).is_err());
        assert!(normal(b"\x91\xd4\xff\x01", Collection::List).is_err());
        assert!(normal(b"\xdd\xff\xff\xff\xff", Collection::List).is_err());
        assert!(normal(b"\x82\x01\x01\x01\x02", Collection::Map).is_err());
        assert!(normal(b"\x81\xc3\x01", Collection::Map).is_err());
        assert!(normal(b"\x81\xa2\x17a\x01", Collection::Map).is_err());
        assert!(normal(&[0x91; 100_000], Collection::List).is_err());
    }

    /// Cases sent to and read from a real server: what was sent, and what was stored.
    fn assert_stored(kind: Collection, cases: &[(&[u8], Option<&[u8]>)]) {
        for (sent, stored) in cases {
            assert_eq!(normal(sent, kind).ok().as_deref(), *stored, "{sent:02x?}");
        }
    }

    #[test]
    fn stores_extensions_in_their_shortest_encoding() {
        assert_stored(
            Collection::List,
            &[
                (b"\x92\x05\xd4\x05\x01", Some(b"\x92\x05\xd4\x05\x01")),
                (b"\x92\x05\xc7\x01\x05\x01", Some(b"\x92\x05\xd4\x05\x01")),
                (b"\x92\x05\xc9\0\0\0\x02\x05\x06\x06", Some(b"\x92\x05\xd5\x05\x06\x06")),
                (
                    b"\x92\x05\xc7\x03\x05\x06\x06\x06",
                    Some(b"\x92\x05\xc7\x03\x05\x06\x06\x06"),
                ),
                (b"\x92\x05\xc8\0\x04\x05abcd", Some(b"\x92\x05\xd6\x05abcd")),
                (b"\x92\x05\xc8\0\x08\x05abcdefgh", Some(b"\x92\x05\xd7\x05abcdefgh")),
                (b"\x92\x05\xc8\0\x05\x05abcde", Some(b"\x92\x05\xc7\x05\x05abcde")),
                (b"\x92\x05\xc8\0\0\x05", Some(b"\x92\x05\xc7\0\x05")),
                (
                    b"\x92\x05\xc7\x10\x05abcdefghijklmnop",
                    Some(b"\x92\x05\xd8\x05abcdefghijklmnop"),
                ),
            ],
        );
    }

    #[test]
    fn rejects_reserved_extensions() {
        assert_stored(
            Collection::List,
            &[
                (b"\x92\x05\xc7\0\xff", Some(b"\x92\x05\xc7\0\xff")),
                (b"\x92\x05\xd4\xff\x01", None),
                (b"\x92\x05\xd5\xff\x01\x01", None),
                (b"\x92\x05\xc7\x03\xff\x01\x01\x01", None),
                (b"\x92\x05\xd6\xffabcd", Some(b"\x92\x05\xd6\xffabcd")),
                (b"\x91\xc7\x01\xff\x01", None),
            ],
        );
    }

    #[test]
    fn takes_extensions_at_the_start_for_markers_except_those_of_one_byte() {
        assert_stored(
            Collection::List,
            &[
                (b"\x91\xd4\x05\x01", Some(b"\x91\xd4\x05\x01")),
                (b"\x94\xd4\x01\x01\x05\x03\x04", Some(b"\x94\xd4\x01\x01\x05\x03\x04")),
                (b"\x91\xc7\x01\x05\x01", Some(b"\x91\xc7\0\x01")),
                (b"\x91\xc7\x03\x02\x01\x01\x01", Some(b"\x90")),
                (b"\x91\xd5\xff\x01\x01", Some(b"\x91\xc7\0\x01")),
                (b"\x91\xc7\0\xff", Some(b"\x91\xc7\0\x01")),
                (b"\x93\xc7\0\0\xd4\x05\x01\x05", Some(b"\x92\xd4\x05\x01\x05")),
                (b"\x93\xc7\0\0\xc7\0\0\x05", Some(b"\x92\xc7\0\0\x05")),
                (b"\x93\xc7\0\0\xc7\x03\0\x07\x07\x07\x05", Some(b"\x91\x05")),
                (b"\x93\xc7\0\0\xc7\x03\x05\x07\x07\x07\x05", Some(b"\x92\xc7\0\x05\x05")),
                (b"\x93\xc7\0\0\xc7\0\xff\x05", Some(b"\x92\xc7\0\xef\x05")),
                (b"\x93\xc7\0\0\xc7\x01\x05\x01\x05", Some(b"\x92\xd4\x05\x01\x05")),
                (b"\x94\xc7\0\0\xc7\0\x01\x05\x03", Some(b"\x93\xc7\0\x01\x05\x03")),
                (
                    b"\x91\x92\xc7\0\0\xd6\x81\0\0\x01\0",
                    Some(b"\x91\x91\xd6\x81\0\0\x01\0"),
                ),
            ],
        );
        assert_stored(
            Collection::Map,
            &[
                (b"\x82\xd4\x01\x01\xc0\x05\x06", None),
                (
                    b"\x83\xc7\0\x02\xc0\x07\x08\x05\x06",
                    Some(b"\x83\xc7\0\x02\xc0\x05\x06\x07\x08"),
                ),
                (b"\x82\xc7\x01\x01\x01\xc0\x05\x06", Some(b"\x82\xc7\0\x01\xc0\x05\x06")),
                (b"\x82\xd5\xff\x01\x01\xc0\x05\x06", Some(b"\x82\xc7\0\x03\xc0\x05\x06")),
                (b"\x82\xc7\0\x01\xa2\x03a\x05\x06", Some(b"\x82\xc7\0\x01\xc0\x05\x06")),
                (b"\x82\xc7\0\x01\x80\x05\x06", Some(b"\x82\xc7\0\x01\xc0\x05\x06")),
                (b"\x82\xc7\0\x01\x91\x05\x05\x06", None),
                (b"\x82\xc7\0\x01\x81\x05\x06\x05\x06", None),
                (b"\x82\xc7\0\x01\xd4\xff\x01\x05\x06", None),
                (b"\x81\xc7\0\x01\xd4\xff\x01", Some(b"\x81\xc7\0\x01\xc0")),
            ],
        );
    }
}
