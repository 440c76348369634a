//! A list, split into its elements.

use std::cmp::Ordering;

use super::selection::View;
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Malformed, Reader, Token, compare, marker, order_marker, write};

/// Maximum number of elements that padding may create: more than any record can hold.
const MAX_PADDING: usize = 8 * 1024 * 1024;

/// A parsed list.
#[derive(Debug, Clone, Default)]
pub(super) struct List<'a> {
    /// Whether the list is ordered by value.
    pub(super) ordered: bool,
    pub(super) items: Vec<&'a [u8]>,
}

/// An element and its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordered<'a>(pub(super) &'a [u8]);

impl Ord for Ordered<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.0, other.0)
    }
}

impl PartialOrd for Ordered<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered<'_> {}

/// Parses the head of a list: whether it is ordered, the number of elements, and their bytes.
pub(super) fn head(bytes: &[u8]) -> Result<(bool, usize, &[u8]), Malformed> {
    let mut reader = Reader::new(bytes);
    let Token::List(mut count) = reader.token()? else {
        return Err(Malformed);
    };
    let flags = order_marker(reader).filter(|_| count > 0);
    if flags.is_some() {
        reader.element()?;
        count -= 1;
    }
    let ordered = flags.unwrap_or_default() & marker::ORDERED != 0;
    let count = usize::try_from(count).map_err(|_| Malformed)?;
    Ok((ordered, count, reader.rest()))
}

impl<'a> List<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (ordered, count, rest) = head(bytes)?;
        let mut reader = Reader::new(rest);
        // Every element takes at least one byte, so this reserves no more elements than there are bytes.
        let mut items = Vec::with_capacity(count.min(rest.len()));
        for _ in 0..count {
            items.push(reader.element()?);
        }
        Ok(Self { ordered, items })
    }

    pub(super) fn view(&self) -> View<'_, 'a> {
        View {
            keys: None,
            values: &self.items,
            ordered: self.ordered,
            keys_ordered: false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.items.iter().map(|item| item.len()).sum::<usize>() + 8);
        write::list_head(&mut out, u8::from(self.ordered), self.len());
        for item in &self.items {
            out.extend_from_slice(item);
        }
        out
    }

    /// Sorts the elements by value.
    pub(super) fn sort(&mut self) {
        self.items.sort_by(|a, b| compare(a, b));
    }

    /// Pads the list with nil to a length.
    pub(super) fn pad(&mut self, len: usize) -> Result<(), ResultCode> {
        const NIL: &[u8] = &[write::NIL];
        if len <= self.len() {
            return Ok(());
        }
        if len > MAX_PADDING {
            return Err(ResultCode::RECORD_TOO_BIG);
        }
        self.items.resize(len, NIL);
        Ok(())
    }

    /// Whether the list contains a value.
    pub(super) fn contains(&self, value: &[u8]) -> bool {
        if self.ordered {
            self.items.binary_search_by(|item| compare(item, value)).is_ok()
        } else {
            self.items.iter().any(|item| compare(item, value) == Ordering::Equal)
        }
    }

    /// Adds an element: at the end or, in an ordered list, before the first element that is not less.
    pub(super) fn add(&mut self, value: &'a [u8]) {
        let at = if self.ordered {
            self.items
                .partition_point(|item| compare(item, value) == Ordering::Less)
        } else {
            self.len()
        };
        self.items.insert(at, value);
    }

    /// Adds several elements; see [`List::add`].
    pub(super) fn add_all(&mut self, mut new: Vec<&'a [u8]>) {
        match new.as_slice() {
            [only] => self.add(only),
            _ if self.ordered => {
                new.append(&mut self.items);
                self.items = new;
                self.sort();
            }
            _ => self.items.append(&mut new),
        }
    }
}
