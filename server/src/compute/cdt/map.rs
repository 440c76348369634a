//! A map, split into its pairs.

use std::cmp::Ordering;

use super::selection::View;
use crate::compute::msgpack::{Malformed, Reader, Token, compare, marker, order_marker, write};

/// A parsed map. Its pairs are sorted by key, whatever its flags are.
#[derive(Debug, Clone, Default)]
pub(super) struct Map<'a> {
    pub(super) flags: u8,
    pub(super) keys: Vec<&'a [u8]>,
    pub(super) values: Vec<&'a [u8]>,
}

/// Parses the head of a map: its flags, the number of pairs, and their bytes.
pub(super) fn head(bytes: &[u8]) -> Result<(u8, usize, &[u8]), Malformed> {
    let mut reader = Reader::new(bytes);
    let Token::Map(mut count) = reader.token()? else {
        return Err(Malformed);
    };
    let flags = order_marker(reader).filter(|_| count > 0);
    if flags.is_some() {
        reader.element()?;
        reader.element()?;
        count -= 1;
    }
    let count = usize::try_from(count).map_err(|_| Malformed)?;
    Ok((flags.unwrap_or_default() & marker::OF_MAPS, count, reader.rest()))
}

impl<'a> Map<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (flags, count, rest) = head(bytes)?;
        let mut reader = Reader::new(rest);
        // Every pair takes at least two bytes, so this reserves no more pairs than there are bytes.
        let expected = count.min(rest.len());
        let mut map = Self {
            flags,
            keys: Vec::with_capacity(expected),
            values: Vec::with_capacity(expected),
        };
        for _ in 0..count {
            map.keys.push(reader.element()?);
            map.values.push(reader.element()?);
        }
        map.ensure_order();
        Ok(map)
    }

    /// Sorts the pairs by key. Stored maps are sorted already; values of expressions need not be.
    fn ensure_order(&mut self) {
        if self.keys.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater) {
            return;
        }
        let mut pairs: Vec<_> = self.keys.drain(..).zip(self.values.drain(..)).collect();
        pairs.sort_by(|(a, _), (b, _)| compare(a, b));
        (self.keys, self.values) = pairs.into_iter().unzip();
    }

    pub(super) fn view(&self) -> View<'_, 'a> {
        View {
            keys: Some(&self.keys),
            values: &self.values,
            ordered: false,
            keys_ordered: self.flags != 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let size: usize = self.keys.iter().chain(&self.values).map(|part| part.len()).sum();
        let mut out = Vec::with_capacity(size + 10);
        write::map_head(&mut out, self.flags, self.len());
        for (key, value) in self.keys.iter().zip(&self.values) {
            out.extend_from_slice(key);
            out.extend_from_slice(value);
        }
        out
    }

    /// The position of a key, or the position at which to insert it.
    pub(super) fn find(&self, key: &[u8]) -> Result<usize, usize> {
        self.keys.binary_search_by(|stored| compare(stored, key))
    }

    /// Sets several keys, which must be sorted.
    pub(super) fn set_all(&mut self, pairs: &[(&'a [u8], &'a [u8])]) {
        if let [(key, value)] = pairs {
            return self.set(key, value);
        }
        let old = std::mem::take(&mut self.keys)
            .into_iter()
            .zip(std::mem::take(&mut self.values));
        let mut old = old.peekable();
        for (key, value) in pairs {
            while let Some((before, kept)) = old.next_if(|(stored, _)| compare(stored, key) == Ordering::Less) {
                self.keys.push(before);
                self.values.push(kept);
            }
            old.next_if(|(stored, _)| compare(stored, key) == Ordering::Equal);
            self.keys.push(key);
            self.values.push(value);
        }
        for (key, value) in old {
            self.keys.push(key);
            self.values.push(value);
        }
    }

    /// Sets a key.
    pub(super) fn set(&mut self, key: &'a [u8], value: &'a [u8]) {
        match self.find(key) {
            Ok(at) => {
                if let Some(place) = self.values.get_mut(at) {
                    *place = value;
                }
            }
            Err(at) => {
                self.keys.insert(at, key);
                self.values.insert(at, value);
            }
        }
    }
}
