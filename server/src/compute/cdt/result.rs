//! Return types: what an operation reports about the selected elements.

use std::ops::Range;

use super::selection::{Positions, Ranks, Selection, View};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{matches, write};

/// Flag of a return type: select all elements except the specified ones.
const INVERTED: i64 = 0x1_0000;

/// Flag of maps whose pairs keep the order in which they were found.
const KEEPS_ORDER: u8 = 8;

/// Flag of key-ordered maps.
const KEY_ORDERED: u8 = 1;

/// The return type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    None,
    Index,
    ReverseIndex,
    Rank,
    ReverseRank,
    Count,
    Key,
    Value,
    KeyValue,
    Exists,
    UnorderedMap,
    OrderedMap,
}

impl Kind {
    /// Parses a return type, and whether the selection is inverted.
    pub(super) fn parse(number: i64) -> Result<(Self, bool), ResultCode> {
        let kind = match number & !INVERTED {
            0 => Self::None,
            1 => Self::Index,
            2 => Self::ReverseIndex,
            3 => Self::Rank,
            4 => Self::ReverseRank,
            5 => Self::Count,
            6 => Self::Key,
            7 => Self::Value,
            8 => Self::KeyValue,
            13 => Self::Exists,
            16 => Self::UnorderedMap,
            17 => Self::OrderedMap,
            _ => return Err(ResultCode::NOT_APPLICABLE),
        };
        Ok((kind, number & INVERTED != 0))
    }
}

/// Encodes the reply, unless the return type is "none".
pub(super) fn answer(kind: Kind, selection: &Selection, view: View<'_, '_>) -> Result<Option<Vec<u8>>, ResultCode> {
    let mut out = Vec::new();
    let total = view.len();
    match kind {
        Kind::None => return Ok(None),
        Kind::Count => write::size(&mut out, selection.count()),
        Kind::Exists => write::bool(&mut out, selection.exists()),
        Kind::Index => positions(&mut out, &selection.indexes, selection, None),
        Kind::ReverseIndex => positions(&mut out, &selection.indexes, selection, Some(total)),
        Kind::Rank => positions(&mut out, &ranks(selection, view)?, selection, None),
        Kind::ReverseRank => positions(&mut out, &ranks(selection, view)?, selection, Some(total)),
        Kind::Value => return Ok(elements(out, view.values, selection)),
        Kind::Key => {
            let keys = view.keys.ok_or(ResultCode::NOT_APPLICABLE)?;
            return Ok(elements(out, keys, selection));
        }
        Kind::KeyValue | Kind::UnorderedMap | Kind::OrderedMap => {
            let keys = view.keys.ok_or(ResultCode::NOT_APPLICABLE)?;
            let mut order = selection.order.clone();
            let flags = match kind {
                Kind::KeyValue => KEEPS_ORDER,
                Kind::OrderedMap => {
                    order.sort_unstable();
                    KEY_ORDERED
                }
                _ => 0,
            };
            write::map_head(&mut out, flags, order.len());
            for position in order {
                for part in [keys.get(position), view.values.get(position)] {
                    out.extend_from_slice(part.copied().unwrap_or_default());
                }
            }
        }
    }
    Ok(Some(out))
}

/// The elements themselves: as a list or, for a single-element selection, the element, if it exists.
fn elements(mut out: Vec<u8>, all: &[&[u8]], selection: &Selection) -> Option<Vec<u8>> {
    if selection.single {
        let only = selection.order.first().and_then(|position| all.get(*position))?;
        out.extend_from_slice(only);
        return Some(out);
    }
    write::list_head(&mut out, 0, selection.order.len());
    for position in &selection.order {
        out.extend_from_slice(all.get(*position).copied().unwrap_or_default());
    }
    Some(out)
}

/// The ranks of the selected elements, computed if they are not known.
fn ranks(selection: &Selection, view: View<'_, '_>) -> Result<Positions, ResultCode> {
    match &selection.ranks {
        Ranks::Known(ranks) => return Ok(ranks.clone()),
        Ranks::Unsupported => return Err(ResultCode::NOT_APPLICABLE),
        Ranks::Unknown => {}
    }
    // In an unordered list, all equal elements share the rank of the first.
    let shared = view.keys.is_none() && !view.ordered;
    let value_at = |position: usize| view.values.get(position).copied().unwrap_or_default();
    let mut rank_of = vec![0; view.len()];
    let mut previous: Option<(usize, usize)> = None;
    for (rank, position) in view.by_rank().into_iter().enumerate() {
        let rank = match previous {
            Some((rank, before)) if shared && matches(value_at(before), value_at(position)) => rank,
            _ => rank,
        };
        if let Some(place) = rank_of.get_mut(position) {
            *place = rank;
        }
        previous = Some((rank, position));
    }
    let rank_of = |position: &usize| rank_of.get(*position).copied().unwrap_or_default();
    Ok(Positions::Each(selection.order.iter().map(rank_of).collect()))
}

/// Encodes positions. If `from_end` is given, counts them from the end of that many elements.
fn positions(out: &mut Vec<u8>, all: &Positions, selection: &Selection, from_end: Option<usize>) {
    let all: Vec<usize> = match (all, from_end) {
        (Positions::Each(all), None) => all.clone(),
        (Positions::Each(all), Some(total)) => all.iter().map(|position| total.saturating_sub(position + 1)).collect(),
        (Positions::Ranges(ranges), None) => ranges.iter().cloned().flatten().collect(),
        (Positions::Ranges(ranges), Some(total)) => {
            let reversed = |range: &Range<usize>| total - range.end..total - range.start;
            ranges.iter().flat_map(reversed).collect()
        }
    };
    if !selection.single {
        write::list_head(out, 0, all.len());
    } else if all.is_empty() {
        write::int(out, -1);
    }
    for position in all {
        write::size(out, position);
    }
}
