//! Selection of elements.

use std::cmp::Ordering;
use std::ops::Range;

use super::call::Arguments;
use super::code::By;
use super::select_lists::{key_list, value_list};
use super::selection::{Positions, Ranks, Selection, View, complement, index_range, lower_bound};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Wildcards, matches, order};

/// Checks the types of the arguments, before any other validation.
pub(super) fn check(by: By, arguments: &Arguments<'_>) -> Result<(), ResultCode> {
    match by {
        By::Index | By::Rank => arguments.int(1).map(drop),
        By::IndexRange | By::RankRange => arguments.int(1).and(arguments.int_or(2, 0)).map(drop),
        By::KeyRelIndex | By::ValueRelRank => arguments.int(2).and(arguments.int_or(3, 0)).map(drop),
        By::KeyList | By::ValueList => arguments.list(1).map(drop),
        By::Key | By::KeyInterval | By::Value | By::ValueInterval => Ok(()),
    }
}

/// Selects elements. The arguments start after the return type.
pub(super) fn select(
    by: By,
    arguments: &Arguments<'_>,
    view: View<'_, '_>,
    inverted: bool,
) -> Result<Selection, ResultCode> {
    let mut selection = select_plainly(by, arguments, view, inverted)?;
    if inverted {
        selection.reported_exists = reported_exists(by, view, &selection);
    }
    Ok(selection)
}

/// What a real server reports for "exists" with an inverted selection: in some cases it does not check whether
/// other elements exist, but negates the result of the non-inverted selection.
fn reported_exists(by: By, view: View<'_, '_>, selection: &Selection) -> Option<bool> {
    let total = view.len();
    let all_are_left = selection.order.len() == total;
    match by {
        By::Value | By::ValueInterval if view.keys.is_some() => Some(all_are_left && total > 0),
        By::Value | By::ValueInterval if !view.ordered => Some(all_are_left),
        By::RankRange | By::ValueRelRank if view.keys.is_none() && !view.ordered => Some(all_are_left && total > 0),
        By::RankRange | By::ValueRelRank if view.keys.is_some() => match &selection.ranks {
            Ranks::Known(Positions::Ranges(ranges)) if ranges.len() > 1 => Some(false),
            _ => None,
        },
        By::KeyInterval if !view.keys_ordered => Some(all_are_left),
        By::KeyRelIndex | By::IndexRange if view.keys.is_some() && !view.keys_ordered => match &selection.indexes {
            Positions::Ranges(ranges) if ranges.len() > 1 => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn select_plainly(
    by: By,
    arguments: &Arguments<'_>,
    view: View<'_, '_>,
    inverted: bool,
) -> Result<Selection, ResultCode> {
    let total = view.len();
    Ok(match by {
        By::Index => single(index(arguments, total, inverted)?, Ranks::Unknown),
        By::Rank => {
            let rank = index(arguments, total, inverted)?;
            let position = view.by_rank().get(rank).copied();
            let ranks = Ranks::Known(Positions::range(rank..rank + 1));
            single(position.ok_or(ResultCode::NOT_APPLICABLE)?, ranks)
        }
        By::Key => key(arguments, view, inverted)?,
        By::IndexRange => {
            let from = wrapped(arguments.int(1)?, total);
            index_range(clip(from, arguments, 2, total)?, view, inverted)
        }
        By::KeyInterval => {
            let keys = view.keys.unwrap_or_default();
            let start = lower_bound(keys, arguments.at(1)?);
            let end = arguments.get(2).map_or(total, |end| lower_bound(keys, end));
            let end = end.max(start);
            let mut selection = index_range(start..end, view, inverted);
            if !view.keys_ordered {
                selection.ranks = Ranks::Unknown;
                if inverted && start == end {
                    selection.indexes = Positions::Ranges(vec![0..start, start..total]);
                }
            }
            selection
        }
        By::KeyRelIndex => {
            let base = lower_bound(view.keys.unwrap_or_default(), arguments.at(1)?);
            let from = i128::from(arguments.int(2)?) + to_i128(base);
            index_range(clip(from, arguments, 3, total)?, view, inverted)
        }
        By::RankRange => {
            let from = wrapped(arguments.int(1)?, total);
            rank_range(clip(from, arguments, 2, total)?, view, inverted)
        }
        By::ValueRelRank => {
            let from = i128::from(arguments.int(2)?) + to_i128(view.count_less(arguments.at(1)?));
            rank_range(clip(from, arguments, 3, total)?, view, inverted)
        }
        By::Value => {
            let wanted = arguments.at(1)?;
            values(view.find(|value| matches(value, wanted)), wanted, view, inverted)
        }
        By::ValueInterval => {
            let begin = arguments.at(1)?;
            let end = arguments.get(2);
            let inside = |value: &[u8]| {
                order(value, begin, Wildcards::Match) != Ordering::Less
                    && end.is_none_or(|end| order(value, end, Wildcards::Match) == Ordering::Less)
            };
            values(view.find(inside), begin, view, inverted)
        }
        By::ValueList => value_list(&arguments.list(1)?, view, inverted)?,
        By::KeyList => key_list(&arguments.list(1)?, view, inverted)?,
    })
}

/// A position that must exist. Negative positions count from the end.
fn index(arguments: &Arguments<'_>, total: usize, inverted: bool) -> Result<usize, ResultCode> {
    let position = usize::try_from(wrapped(arguments.int(1)?, total)).ok();
    position
        .filter(|position| *position < total && !inverted)
        .ok_or(ResultCode::NOT_APPLICABLE)
}

/// Converts a position to an offset from the start, which may be out of bounds.
pub(super) fn wrapped(position: i64, total: usize) -> i128 {
    let position = i128::from(position);
    if position < 0 {
        position + to_i128(total)
    } else {
        position
    }
}

/// A position to write to, as an offset from the start. It may lie past the end.
pub(super) fn place(position: i64, total: usize) -> Result<usize, ResultCode> {
    let position = wrapped(position, total);
    if position > i128::from(i32::MAX) {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    usize::try_from(position).map_err(|_| ResultCode::NOT_APPLICABLE)
}

fn to_i128(value: usize) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

/// Number of elements of a range without an explicit count. It is finite: with positions far before the first
/// element, such a range does not reach the end.
const ALL: i128 = 0xffff_ffff;

/// The part of a range that exists: from a position, as many elements as an argument specifies, or all. Counts
/// are read as unsigned, so negative counts are very large.
pub(super) fn clip(
    from: i128,
    arguments: &Arguments<'_>,
    count_at: usize,
    total: usize,
) -> Result<Range<usize>, ResultCode> {
    let count = match arguments.get(count_at) {
        Some(_) => i128::from(arguments.int(count_at)?.cast_unsigned()),
        None => ALL,
    };
    let inside = |position: i128| usize::try_from(position.max(0)).unwrap_or(total).min(total);
    let start = inside(from);
    Ok(start..inside(from + count).max(start))
}

fn single(position: usize, ranks: Ranks) -> Selection {
    Selection {
        order: vec![position],
        indexes: Positions::range(position..position + 1),
        ranks,
        single: true,
        reported_exists: None,
    }
}

fn key(arguments: &Arguments<'_>, view: View<'_, '_>, inverted: bool) -> Result<Selection, ResultCode> {
    if inverted && !view.keys_ordered {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    let keys = view.keys.unwrap_or_default();
    let wanted = arguments.at(1)?;
    let position = lower_bound(keys, wanted);
    if keys.get(position).is_some_and(|stored| matches(stored, wanted)) {
        if inverted {
            return Err(ResultCode::NOT_APPLICABLE);
        }
        return Ok(single(position, Ranks::Unknown));
    }
    Ok(Selection {
        order: Vec::new(),
        indexes: Positions::range(0..0),
        ranks: Ranks::Unknown,
        single: true,
        reported_exists: None,
    })
}

fn rank_range(range: Range<usize>, view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    let by_rank = view.by_rank();
    // The remainder of a map is a range too, if its pairs are adjacent.
    let (range, inverted) = if !inverted || view.keys.is_none() {
        (range, inverted)
    } else if range.is_empty() {
        (0..total, false)
    } else if range.start == 0 {
        (range.end..total, false)
    } else if range.end == total {
        (0..range.start, false)
    } else {
        (range, true)
    };
    let mut order = by_rank.get(range.clone()).unwrap_or_default().to_vec();
    if inverted {
        let order = complement(&order, total);
        let ranks = if view.ordered || !range.is_empty() {
            Positions::outside(range, total)
        } else {
            Positions::Ranges(vec![0..range.start, range.start..total])
        };
        return Selection {
            indexes: indexes_of(&order, &ranks, view),
            order,
            ranks: Ranks::Known(ranks),
            single: false,
            reported_exists: None,
        };
    }
    let mut indexes = order.clone();
    if view.keys.is_none() {
        indexes.sort_unstable();
        // In an unordered list, a range closer to the minimum is searched from there, and returned in reverse
        // order.
        if !view.ordered && range.end <= total - range.start {
            order.reverse();
        }
    }
    let ranks = Positions::range(range);
    Selection {
        order,
        indexes: indexes_of(&indexes, &ranks, view),
        ranks: Ranks::Known(ranks),
        single: false,
        reported_exists: None,
    }
}

/// The positions to return as indexes. In an ordered list, indexes are ranks.
fn indexes_of(indexes: &[usize], ranks: &Positions, view: View<'_, '_>) -> Positions {
    if view.ordered {
        ranks.clone()
    } else {
        Positions::Each(indexes.to_vec())
    }
}

/// Selects values that are adjacent in value order, the first of which is not less than `lowest`.
fn values(found: Vec<usize>, lowest: &[u8], view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    if found.is_empty() && inverted && view.keys.is_some() {
        return index_range(0..0, view, inverted);
    }
    let start = view.count_less(lowest);
    let range = start..start + found.len();
    let (order, ranks) = if inverted && found.is_empty() && !view.ordered {
        let ranks = Positions::Ranges(vec![0..start, start..total]);
        ((0..total).collect(), ranks)
    } else if inverted {
        (complement(&found, total), Positions::outside(range, total))
    } else {
        (found, Positions::range(range))
    };
    Selection {
        indexes: indexes_of(&order, &ranks, view),
        order,
        ranks: Ranks::Known(ranks),
        single: false,
        reported_exists: None,
    }
}
