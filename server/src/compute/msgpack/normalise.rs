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
        (Collection::List, Token::List(_)) | (Collection::Map, Token::Map(_)) => normalise_value(bytes, out),
        _ => Err(Malformed),
    }
}

/// Validates one element of any type and appends its stored form.
///
/// # Errors
/// See [`normalise`].
pub fn normalise_value(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut reader = Reader::new(bytes);
    element(&mut reader, out, 0)?;
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
        Token::Ext(special::TYPE, _) => return Err(Malformed),
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
    let flags = marker.unwrap_or_default() & marker::ORDERED;
    write::list_head(out, flags, to_size(left)?);
    let mut previous = (reader.rest(), out.len());
    for i in 0..left {
        let this = (reader.rest(), out.len());
        element(reader, out, depth + 1)?;
        if flags != 0 && i > 0 {
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

fn map(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>, depth: u32) -> Result<(), Malformed> {
    let marker = order_marker(*reader).filter(|_| count > 0);
    let mut left = count;
    if marker.is_some() {
        reader.element()?;
        reader.element()?;
        left -= 1;
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
    sort_pairs(out, start, &ends, flags == 0)
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
}
