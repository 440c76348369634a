//! The bins of a record, in their wire encoding.
//!
//! Bins are stored as consecutive read operations, so reading a whole record is one copy. Finding a bin is a
//! linear scan, which is faster than any index for the few bins of a typical record.

use crate::proto::op::{OP_HEADER_SIZE, code, write_op};
use crate::record::particle::Value;

/// A bin of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin<'a> {
    pub name: &'a [u8],
    pub value: Value<'a>,
    /// The whole bin, encoded as a read operation.
    pub encoded: &'a [u8],
}

fn split_bin(bytes: &[u8]) -> Option<(Bin<'_>, &[u8])> {
    let (size, _) = bytes.split_first_chunk::<4>()?;
    let size = usize::try_from(u32::from_be_bytes(*size)).ok()? + 4;
    let (encoded, rest) = bytes.split_at_checked(size)?;
    let (header, body) = encoded.split_first_chunk::<OP_HEADER_SIZE>()?;
    let [.., particle, _, name_size] = *header;
    let (name, value) = body.split_at_checked(usize::from(name_size))?;
    let bin = Bin {
        name,
        value: Value {
            kind: particle,
            bytes: value,
        },
        encoded,
    };
    Some((bin, rest))
}

/// Iterates over encoded bins.
pub fn iter(encoded: &[u8]) -> impl Iterator<Item = Bin<'_>> {
    let mut rest = encoded;
    std::iter::from_fn(move || {
        let (bin, after) = split_bin(rest)?;
        rest = after;
        Some(bin)
    })
}

/// Finds a bin by name among encoded bins.
#[must_use]
pub fn find<'a>(encoded: &'a [u8], name: &[u8]) -> Option<Bin<'a>> {
    iter(encoded).find(|bin| bin.name == name)
}

/// A mutable copy of a record's bins, edited before it is stored back in the record.
#[derive(Debug, Default)]
pub struct BinBuffer {
    encoded: Vec<u8>,
    count: u16,
}

impl BinBuffer {
    /// Replaces the contents with a record's `count` encoded bins.
    pub fn load(&mut self, encoded: &[u8], count: u16) {
        self.encoded.clear();
        self.encoded.extend_from_slice(encoded);
        self.count = count;
    }

    /// Removes all bins.
    pub fn clear(&mut self) {
        self.encoded.clear();
        self.count = 0;
    }

    /// The bins, encoded as read operations.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    #[must_use]
    pub fn count(&self) -> u16 {
        self.count
    }

    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<Bin<'_>> {
        find(&self.encoded, name)
    }

    /// Start and end of a bin in the buffer.
    fn place(&self, name: &[u8]) -> Option<(usize, usize)> {
        let mut start = 0;
        for bin in iter(&self.encoded) {
            let end = start + bin.encoded.len();
            if bin.name == name {
                return Some((start, end));
            }
            start = end;
        }
        None
    }

    /// Sets a bin: in place if it exists, otherwise appended.
    pub fn set(&mut self, name: &[u8], value: Value<'_>) {
        let Some((start, end)) = self.place(name) else {
            write_op(&mut self.encoded, code::READ, value.kind, name, value.bytes);
            self.count = self.count.saturating_add(1);
            return;
        };
        let old_len = self.encoded.len();
        let size = OP_HEADER_SIZE + name.len() + value.bytes.len();
        if size != end - start {
            // Grow before moving and shrink after moving, so that there is always room for the bins that follow.
            self.encoded.resize(old_len.max(start + size + old_len - end), 0);
            self.encoded.copy_within(end..old_len, start + size);
            self.encoded.truncate(start + size + old_len - end);
        }
        if let Some(place) = self.encoded.get_mut(start..start + size) {
            encode_into(place, name, value);
        }
    }

    /// Deletes a bin and moves the last bin into its place.
    pub fn swap_remove(&mut self, name: &[u8]) {
        let last = iter(&self.encoded).last().map(|bin| bin.encoded.len());
        let (Some((start, end)), Some(last)) = (self.place(name), last) else {
            return;
        };
        let moved = self.encoded.split_off(self.encoded.len() - last);
        if start < self.encoded.len() {
            self.encoded.splice(start..end, moved);
        }
        self.count = self.count.saturating_sub(1);
    }

    /// Deletes a bin and keeps the order of the others.
    pub fn remove(&mut self, name: &[u8]) {
        if let Some((start, end)) = self.place(name) {
            self.encoded.drain(start..end);
            self.count = self.count.saturating_sub(1);
        }
    }
}

/// Encodes a bin into `place`, which has exactly the encoded size.
fn encode_into(place: &mut [u8], name: &[u8], value: Value<'_>) {
    let size = u32::try_from(place.len() - 4).unwrap_or(u32::MAX);
    let name_size = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let [a, b, c, d] = size.to_be_bytes();
    let header = [a, b, c, d, code::READ, value.kind, 0, name_size];
    let (head, rest) = place.split_at_mut(OP_HEADER_SIZE);
    head.copy_from_slice(&header);
    let (name_place, value_place) = rest.split_at_mut(name.len());
    name_place.copy_from_slice(name);
    value_place.copy_from_slice(value.bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::particle::kind;

    fn string(bytes: &[u8]) -> Value<'_> {
        Value {
            kind: kind::STRING,
            bytes,
        }
    }

    fn all(bins: &BinBuffer) -> Vec<(&[u8], &[u8])> {
        iter(bins.encoded()).map(|bin| (bin.name, bin.value.bytes)).collect()
    }

    #[test]
    fn bins_keep_their_position_when_they_grow_and_shrink() {
        let mut bins = BinBuffer::default();
        bins.set(b"a", string(b"1"));
        bins.set(b"b", string(b"22"));
        bins.set(b"c", string(b"333"));
        bins.set(b"b", string(b"something longer"));
        assert_eq!(
            all(&bins),
            [(&b"a"[..], &b"1"[..]), (b"b", b"something longer"), (b"c", b"333")]
        );
        bins.set(b"a", string(b""));
        bins.set(b"b", string(b"x"));
        bins.set(b"c", string(b"444"));
        assert_eq!(all(&bins), [(&b"a"[..], &b""[..]), (b"b", b"x"), (b"c", b"444")]);
        let mut swapped = BinBuffer::default();
        swapped.load(bins.encoded(), 3);
        swapped.swap_remove(b"nope");
        swapped.swap_remove(b"a");
        assert_eq!(all(&swapped), [(&b"c"[..], &b"444"[..]), (b"b", b"x")]);
        swapped.swap_remove(b"b");
        assert_eq!(all(&swapped), [(&b"c"[..], &b"444"[..])]);
        bins.remove(b"b");
        bins.remove(b"nope");
        assert_eq!(all(&bins), [(&b"a"[..], &b""[..]), (b"c", b"444")]);
        assert_eq!(bins.count(), 2);
        assert_eq!(bins.find(b"c").unwrap().value, string(b"444"));
    }
}
