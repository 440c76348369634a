//! Finds the nested list or map that an operation addresses, and writes it back into the collections around it.

use std::borrow::Cow;

use super::call::int;
use super::list::List;
use super::map::Map;
use super::select::{place, wrapped};
use super::{Kind, remove_positions};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token, marker, matches, normalise_value, string_kind, write};

/// Maximum number of context steps.
const MAX_STEPS: usize = 255;

/// Bits of a context step's type.
mod bit {
    pub(super) const LIST: i64 = 0x10;
    pub(super) const MAP: i64 = 0x20;
    pub(super) const CREATE: i64 = 0xc0;
    pub(super) const BY: i64 = 0x0f;
}

/// How a step selects an element.
mod by {
    pub(super) const INDEX: i64 = 0;
    pub(super) const RANK: i64 = 1;
    pub(super) const KEY: i64 = 2;
    pub(super) const VALUE: i64 = 3;
}

/// How a step creates a missing element.
mod create {
    pub(super) const UNORDERED: i64 = 0x40;
    /// Maps: key-ordered. Lists: unordered, and padded with nil up to the position.
    pub(super) const KEY_ORDERED_OR_PADDED: i64 = 0x80;
    /// Maps: key- and value-ordered.
    pub(super) const ORDERED: i64 = 0xc0;
}

/// Where a value goes in the collection that encloses it.
#[derive(Debug)]
enum Slot<'s> {
    /// Replaces the element at this position.
    At(usize),
    /// Goes after the end of a list, padded to this length first.
    PastEnd(usize),
    /// Goes at its sorted position in an ordered list.
    Sorted,
    /// Goes under a new key.
    Under(&'s [u8]),
}

/// A collection that the context passes through, and the position of the next level in it.
#[derive(Debug)]
struct Level<'a, 's> {
    around: Cow<'a, [u8]>,
    kind: Kind,
    slot: Slot<'s>,
}

/// The element that a context addresses.
#[derive(Debug)]
pub(super) struct Place<'a, 's> {
    levels: Vec<Level<'a, 's>>,
    /// The element, if it exists.
    pub(super) found: Option<&'a [u8]>,
}

/// Follows a context from a list or map, or from a missing bin.
pub(super) fn follow<'a, 's>(
    top: Option<&'a [u8]>,
    steps: &[(i64, &'s [u8])],
    may_create: bool,
) -> Result<Place<'a, 's>, ResultCode> {
    if steps.len() > MAX_STEPS {
        return Err(ResultCode::PARAMETER);
    }
    let mut place = Place {
        levels: Vec::new(),
        found: top,
    };
    if let (None, Some((kind, _))) = (top, steps.first())
        && (!may_create || kind & bit::CREATE == 0)
    {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    for (kind, value) in steps {
        let creates = if may_create { kind & bit::CREATE } else { 0 };
        let step = Step {
            kind: kind & !bit::CREATE,
            value,
            creates,
        };
        let level = match place.found {
            Some(bytes) => {
                let (level, found) = step.take(bytes)?;
                place.found = found;
                level
            }
            None => step.create()?,
        };
        place.levels.push(level);
    }
    Ok(place)
}

impl Place<'_, '_> {
    /// The kind of the outermost collection.
    pub(super) fn outermost(&self) -> Option<Kind> {
        self.levels.first().map(|level| level.kind)
    }

    /// Returns the outermost collection, with a new value at the place that the context addresses.
    pub(super) fn put(self, value: Vec<u8>) -> Result<Vec<u8>, ResultCode> {
        let mut inner = value;
        for level in self.levels.into_iter().rev() {
            inner = level.with(&inner)?;
        }
        Ok(inner)
    }
}

impl Level<'_, '_> {
    fn with(&self, inner: &[u8]) -> Result<Vec<u8>, ResultCode> {
        if self.kind == Kind::Map {
            let mut map = Map::parse(&self.around)?;
            let key = match self.slot {
                Slot::Under(key) => stored_key(key)?,
                _ => Vec::new(),
            };
            match &self.slot {
                Slot::At(at) => {
                    if let Some(place) = map.values.get_mut(*at) {
                        *place = inner;
                    }
                }
                Slot::Under(_) => map.set(&key, inner),
                Slot::PastEnd(_) | Slot::Sorted => return Err(ResultCode::PARAMETER),
            }
            return Ok(map.encode());
        }
        let mut list = List::parse(&self.around)?;
        match &self.slot {
            Slot::At(at) if list.ordered => {
                remove_positions(&mut list.items, &[*at]);
                list.add(inner);
            }
            Slot::At(at) => {
                if let Some(place) = list.items.get_mut(*at) {
                    *place = inner;
                }
            }
            Slot::PastEnd(len) => {
                list.pad(*len)?;
                list.items.push(inner);
            }
            Slot::Sorted => list.add(inner),
            Slot::Under(_) => return Err(ResultCode::PARAMETER),
        }
        Ok(list.encode())
    }
}

/// One context step.
struct Step<'s> {
    kind: i64,
    value: &'s [u8],
    creates: i64,
}

impl<'s> Step<'s> {
    /// Applies the step to a collection. Returns its level and the element, if it exists.
    fn take<'a>(&self, bytes: &'a [u8]) -> Result<(Level<'a, 's>, Option<&'a [u8]>), ResultCode> {
        let kind = Kind::of(bytes).ok_or(ResultCode::NOT_APPLICABLE)?;
        let wanted = match kind {
            Kind::List => bit::LIST,
            Kind::Map => bit::MAP,
        };
        let by = self.kind & bit::BY;
        // Steps that do not specify a collection kind match both.
        if self.kind & !bit::BY != 0 && self.kind & !bit::BY != wanted {
            return Err(ResultCode::NOT_APPLICABLE);
        }
        let (slot, found) = match kind {
            Kind::List => self.find_in_list(by, &List::parse(bytes)?)?,
            Kind::Map => self.find_in_map(by, &Map::parse(bytes)?)?,
        };
        let level = Level {
            around: Cow::Borrowed(bytes),
            kind,
            slot,
        };
        Ok((level, found))
    }

    fn find_in_list<'a>(&self, by: i64, list: &List<'a>) -> Result<(Slot<'s>, Option<&'a [u8]>), ResultCode> {
        let at = match by {
            by::INDEX => {
                let at = match self.int()? {
                    // In an empty list, index -1 addresses position 0 if the step creates it.
                    -1 if list.len() == 0 && self.creates != 0 => 0,
                    position => place(position, list.len())?,
                };
                if at >= list.len() {
                    return Ok((self.new_in_list(at, list)?, None));
                }
                Some(at)
            }
            by::RANK => self.ranked(&list.view().by_rank())?,
            by::VALUE => list.items.iter().position(|item| matches(item, self.value)),
            _ => None,
        };
        existing(at, &list.items)
    }

    fn find_in_map<'a>(&self, by: i64, map: &Map<'a>) -> Result<(Slot<'s>, Option<&'a [u8]>), ResultCode> {
        let at = match by {
            by::INDEX => {
                let at = usize::try_from(wrapped(self.int()?, map.len()));
                at.ok().filter(|at| *at < map.len())
            }
            by::RANK => self.ranked(&map.view().by_rank())?,
            by::VALUE => map.values.iter().position(|value| matches(value, self.value)),
            by::KEY => {
                let found = map.keys.iter().position(|key| matches(key, self.value));
                if found.is_none() && self.creates != 0 {
                    return Ok((Slot::Under(self.value), None));
                }
                found
            }
            _ => None,
        };
        existing(at, &map.values)
    }

    /// The position of the element with the rank that the step names.
    fn ranked(&self, by_rank: &[usize]) -> Result<Option<usize>, ResultCode> {
        let rank = usize::try_from(wrapped(self.int()?, by_rank.len()));
        Ok(rank.ok().and_then(|rank| by_rank.get(rank).copied()))
    }

    fn int(&self) -> Result<i64, ResultCode> {
        int(&mut Reader::new(self.value)).map_err(|_| ResultCode::NOT_APPLICABLE)
    }

    /// Where to insert a new list element whose position lies past the end of the list.
    fn new_in_list(&self, at: usize, list: &List<'_>) -> Result<Slot<'s>, ResultCode> {
        match self.creates {
            0 => Err(ResultCode::NOT_APPLICABLE),
            _ if list.ordered => Ok(Slot::Sorted),
            create::KEY_ORDERED_OR_PADDED => Ok(Slot::PastEnd(at)),
            _ if at == list.len() => Ok(Slot::PastEnd(at)),
            _ => Err(ResultCode::NOT_APPLICABLE),
        }
    }

    /// Applies the step to a missing collection, by creating an empty one. Steps after one that creates need no
    /// create flag of their own.
    fn create(&self) -> Result<Level<'static, 's>, ResultCode> {
        let mut around = Vec::new();
        let (kind, slot) = match (self.kind & !bit::BY, self.kind & bit::BY) {
            (bit::LIST, by::INDEX) => {
                let list = List {
                    ordered: self.creates == create::ORDERED,
                    items: Vec::new(),
                };
                write::list_head(&mut around, u8::from(list.ordered), 0);
                let at = match self.int()? {
                    -1 => 0,
                    position => place(position, 0)?,
                };
                if self.creates == 0 && at > 0 {
                    return Err(ResultCode::NOT_APPLICABLE);
                }
                let slot = if self.creates == 0 {
                    Slot::PastEnd(0)
                } else {
                    self.new_in_list(at, &list)?
                };
                (Kind::List, slot)
            }
            (bit::MAP, by::KEY) => {
                let flags = match self.creates {
                    0 | create::UNORDERED => 0,
                    create::KEY_ORDERED_OR_PADDED => marker::ORDERED,
                    _ => marker::OF_MAPS,
                };
                write::map_head(&mut around, flags, 0);
                (Kind::Map, Slot::Under(self.value))
            }
            _ => return Err(ResultCode::NOT_APPLICABLE),
        };
        Ok(Level {
            around: Cow::Owned(around),
            kind,
            slot,
        })
    }
}

fn existing<'a, 's>(at: Option<usize>, all: &[&'a [u8]]) -> Result<(Slot<'s>, Option<&'a [u8]>), ResultCode> {
    let at = at.ok_or(ResultCode::NOT_APPLICABLE)?;
    let found = all.get(at).copied().ok_or(ResultCode::NOT_APPLICABLE)?;
    Ok((Slot::At(at), Some(found)))
}

/// A key in its stored form.
fn stored_key(key: &[u8]) -> Result<Vec<u8>, ResultCode> {
    let mut out = Vec::new();
    normalise_value(key, &mut out).map_err(|_| ResultCode::NOT_APPLICABLE)?;
    match Reader::new(&out).token() {
        Ok(Token::Int(_) | Token::Unsigned(_)) => Ok(out),
        Ok(Token::Bytes([string_kind::STRING | string_kind::BLOB, ..])) => Ok(out),
        _ => Err(ResultCode::NOT_APPLICABLE),
    }
}
