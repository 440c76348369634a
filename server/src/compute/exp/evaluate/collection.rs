//! Lists and maps split into children, for path traversal.

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{self, Reader, Token, marker, order_marker, write};

/// The child of a list or map that a loop currently visits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child<'v> {
    /// The key, if the collection is a map.
    pub(super) key: Option<&'v [u8]>,
    pub(super) value: &'v [u8],
    /// The index, if the collection is a list.
    pub(super) index: Option<usize>,
}

/// A child of a list or map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The key, if the parent is a map.
    pub(super) key: Option<&'a [u8]>,
    pub(super) value: &'a [u8],
}

/// A list or map and its children.
#[derive(Debug)]
pub(super) struct Collection<'a> {
    pub(super) is_map: bool,
    flags: u8,
    pub(super) items: Vec<Item<'a>>,
}

impl<'a> Collection<'a> {
    /// Splits a list or map into its children. Returns `None` for other elements.
    pub(super) fn parse(element: &'a [u8]) -> Result<Option<Self>, ResultCode> {
        let mut reader = Reader::new(element);
        let (is_map, count) = match reader.token() {
            Ok(Token::List(count)) => (false, count),
            Ok(Token::Map(count)) => (true, count),
            Ok(_) => return Ok(None),
            Err(_) => return Err(ResultCode::PARAMETER),
        };
        let mut next = || reader.element().map_err(|_| ResultCode::PARAMETER);
        let mut left = count;
        let mut flags = 0;
        if let Some(found) = order_marker(Reader::new(element_rest(element))).filter(|_| count > 0) {
            flags = found;
            next()?;
            if is_map {
                next()?;
            }
            left -= 1;
        }
        let mut items = Vec::new();
        for _ in 0..left {
            let key = if is_map { Some(next()?) } else { None };
            items.push(Item { key, value: next()? });
        }
        Ok(Some(Self { is_map, flags, items }))
    }

    /// Appends the head of a collection of the same kind with `count` children.
    pub(super) fn write_head(&self, count: usize, out: &mut Vec<u8>) {
        if self.is_map {
            write::map_head(out, self.flags, count);
        } else {
            write::list_head(out, self.flags, count);
        }
    }

    /// Appends the head without order flags.
    pub(super) fn write_plain_head(&self, count: usize, out: &mut Vec<u8>) {
        if self.is_map {
            write::map_head(out, 0, count);
        } else {
            write::list_head(out, 0, count);
        }
    }

    pub(super) fn is_ordered_list(&self) -> bool {
        !self.is_map && self.flags & marker::ORDERED != 0
    }

    /// The loop variables of a child.
    pub(super) fn child<'v>(&self, place: usize, item: &Item<'v>) -> Child<'v> {
        Child {
            key: item.key,
            value: item.value,
            index: (!self.is_map).then_some(place),
        }
    }

    pub(super) fn find_key(&self, wanted: &[u8]) -> Option<usize> {
        self.items
            .iter()
            .position(|item| item.key.is_some_and(|key| msgpack::matches(key, wanted)))
    }
}

/// The bytes after a collection's head.
fn element_rest(element: &[u8]) -> &[u8] {
    let mut reader = Reader::new(element);
    match reader.token() {
        Ok(_) => reader.rest(),
        Err(_) => &[],
    }
}
