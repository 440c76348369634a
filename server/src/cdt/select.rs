//! Which elements an operation selects.

use std::cmp::Ordering;
use std::ops::Range;

use super::call::Arguments;
use super::code::By;
use crate::msgpack::{Wildcards, compare, matches, order};
use crate::result_code::ResultCode;

/// The elements to select from: those of a list, or the pairs of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'v, 'a> {
    /// A map's keys, in their order.
    pub(super) keys: Option<&'v [&'a [u8]]>,
    /// A map's values, or a list's elements.
    pub(super) values: &'v [&'a [u8]],
    /// Whether the values are in their order.
    pub(super) ordered: bool,
}

impl View<'_, '_> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Positions in the order of the values, equal ones in the order of their positions.
    pub(super) fn by_rank(&self) -> Vec<usize> {
        let mut positions: Vec<usize> = (0..self.len()).collect();
        if !self.ordered {
            positions.sort_by(|a, b| match (self.values.get(*a), self.values.get(*b)) {
                (Some(a), Some(b)) => compare(a, b),
                _ => Ordering::Equal,
            });
        }
        positions
    }

    /// How many values are less than this one.
    pub(super) fn count_less(&self, value: &[u8]) -> usize {
        let less = |item: &&&[u8]| order(item, value, Wildcards::Match) == Ordering::Less;
        if self.ordered {
            self.values.partition_point(|item| less(&item))
        } else {
            self.values.iter().filter(less).count()
        }
    }

    /// Positions of the values for which `wanted` holds.
    fn find(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<usize> {
        let found = self.values.iter().enumerate().filter(|(_, value)| wanted(value));
        found.map(|(position, _)| position).collect()
    }
}

/// Positions as they are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Positions {
    /// Ranges; counted from the end, each still ascends.
    Ranges(Vec<Range<usize>>),
    /// One after the other.
    Each(Vec<usize>),
}

impl Positions {
    fn range(range: Range<usize>) -> Self {
        Self::Ranges(vec![range])
    }

    /// All but a range of `total` positions.
    fn outside(range: Range<usize>, total: usize) -> Self {
        Self::Ranges(vec![0..range.start, range.end..total])
    }
}

/// What is known of the ranks of what was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ranks {
    /// They are these.
    Known(Positions),
    /// They have to be looked for.
    Unknown,
    /// They are not answered for this way of selecting.
    Refused,
}

/// What an operation selected.
#[derive(Debug)]
pub(super) struct Selection {
    /// Positions, in the order in which keys and values are answered.
    pub(super) order: Vec<usize>,
    pub(super) indexes: Positions,
    pub(super) ranks: Ranks,
    /// At most one element, which is answered as such.
    pub(super) single: bool,
}

/// Selects elements; arguments begin behind the type of the answer.
pub(super) fn select(
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
            index_range(clip(from, arguments, 2, total)?, total, inverted)
        }
        By::KeyInterval => {
            let keys = view.keys.unwrap_or_default();
            let start = lower_bound(keys, arguments.at(1)?);
            let end = arguments.get(2).map_or(total, |end| lower_bound(keys, end));
            index_range(start..end.max(start), total, inverted)
        }
        By::KeyRelIndex => {
            let base = lower_bound(view.keys.unwrap_or_default(), arguments.at(1)?);
            let from = i128::from(arguments.int(2)?) + to_i128(base);
            index_range(clip(from, arguments, 3, total)?, total, inverted)
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
        By::ValueList => value_list(&arguments.list(1)?, view, inverted),
        By::KeyList => key_list(&arguments.list(1)?, view, inverted),
    })
}

/// A position that must be there, counted from the end when it is negative.
fn index(arguments: &Arguments<'_>, total: usize, inverted: bool) -> Result<usize, ResultCode> {
    let position = usize::try_from(wrapped(arguments.int(1)?, total)).ok();
    position
        .filter(|position| *position < total && !inverted)
        .ok_or(ResultCode::NOT_APPLICABLE)
}

/// A position counted from the beginning, which may be out of bounds.
pub(super) fn wrapped(position: i64, total: usize) -> i128 {
    let position = i128::from(position);
    if position < 0 {
        position + to_i128(total)
    } else {
        position
    }
}

fn to_i128(value: usize) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

/// The part that exists of a range: from a position on, as many as an argument says or all. Numbers
/// are taken without their sign: negative ones are very large.
pub(super) fn clip(
    from: i128,
    arguments: &Arguments<'_>,
    count_at: usize,
    total: usize,
) -> Result<Range<usize>, ResultCode> {
    let end = if arguments.get(count_at).is_some() {
        from + i128::from(arguments.int(count_at)?.cast_unsigned())
    } else {
        to_i128(total)
    };
    let inside = |position: i128| usize::try_from(position.max(0)).unwrap_or(total).min(total);
    let start = inside(from);
    Ok(start..inside(end).max(start))
}

/// How many keys are less than this one.
fn lower_bound(keys: &[&[u8]], key: &[u8]) -> usize {
    keys.partition_point(|stored| order(stored, key, Wildcards::Match) == Ordering::Less)
}

fn single(position: usize, ranks: Ranks) -> Selection {
    Selection {
        order: vec![position],
        indexes: Positions::range(position..position + 1),
        ranks,
        single: true,
    }
}

fn key(arguments: &Arguments<'_>, view: View<'_, '_>, inverted: bool) -> Result<Selection, ResultCode> {
    if inverted {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    let keys = view.keys.unwrap_or_default();
    let wanted = arguments.at(1)?;
    let position = lower_bound(keys, wanted);
    if keys.get(position).is_some_and(|stored| matches(stored, wanted)) {
        return Ok(single(position, Ranks::Unknown));
    }
    Ok(Selection {
        order: Vec::new(),
        indexes: Positions::range(0..0),
        ranks: Ranks::Unknown,
        single: true,
    })
}

fn complement(chosen: &[usize], total: usize) -> Vec<usize> {
    let mut is_chosen = vec![false; total];
    for position in chosen {
        if let Some(flag) = is_chosen.get_mut(*position) {
            *flag = true;
        }
    }
    let others = is_chosen.iter().enumerate().filter(|(_, chosen)| !**chosen);
    others.map(|(position, _)| position).collect()
}

fn index_range(range: Range<usize>, total: usize, inverted: bool) -> Selection {
    let (order, indexes): (Vec<usize>, _) = if inverted {
        let order = (0..range.start).chain(range.end..total).collect();
        (order, Positions::outside(range, total))
    } else {
        (range.clone().collect(), Positions::range(range))
    };
    // All ranks are known without looking, and then they are answered in their own order.
    let ranks = if order.len() == total {
        Ranks::Known(Positions::range(0..total))
    } else {
        Ranks::Unknown
    };
    Selection {
        order,
        indexes,
        ranks,
        single: false,
    }
}

fn rank_range(range: Range<usize>, view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    let by_rank = view.by_rank();
    let mut order = by_rank.get(range.clone()).unwrap_or_default().to_vec();
    if inverted {
        let order = complement(&order, total);
        return Selection {
            indexes: Positions::Each(order.clone()),
            order,
            ranks: Ranks::Known(Positions::outside(range, total)),
            single: false,
        };
    }
    let mut indexes = order.clone();
    if view.keys.is_none() {
        indexes.sort_unstable();
        // What is nearer to the least value is found from there, and answered the other way round.
        if !view.ordered && range.end <= total - range.start {
            order.reverse();
        }
    }
    Selection {
        order,
        indexes: Positions::Each(indexes),
        ranks: Ranks::Known(Positions::range(range)),
        single: false,
    }
}

/// Values next to each other in their order, the first of them not less than `least`.
fn values(found: Vec<usize>, least: &[u8], view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    let start = view.count_less(least);
    let range = start..start + found.len();
    let (order, ranks) = if inverted {
        (complement(&found, total), Positions::outside(range, total))
    } else {
        (found, Positions::range(range))
    };
    Selection {
        indexes: Positions::Each(order.clone()),
        order,
        ranks: Ranks::Known(ranks),
        single: false,
    }
}

fn value_list(wanted: &[&[u8]], view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    let mut chosen = vec![false; total];
    let mut ranks: Vec<usize> = Vec::new();
    for wanted in wanted {
        let found = view.find(|value| matches(value, wanted));
        let is_new = found.iter().any(|position| chosen.get(*position) == Some(&false));
        if !is_new {
            continue;
        }
        let start = view.count_less(wanted);
        ranks.extend(start..start + found.len());
        for position in found {
            if let Some(flag) = chosen.get_mut(position) {
                *flag = true;
            }
        }
    }
    let order = pick(&chosen, !inverted);
    let ranks = if inverted {
        runs(&complement(&ranks, total))
    } else {
        Positions::Each(ranks)
    };
    Selection {
        indexes: Positions::Each(order.clone()),
        order,
        ranks: Ranks::Known(ranks),
        single: false,
    }
}

fn key_list(wanted: &[&[u8]], view: View<'_, '_>, inverted: bool) -> Selection {
    let keys = view.keys.unwrap_or_default();
    let mut chosen = vec![false; keys.len()];
    let mut indexes = Vec::new();
    for wanted in wanted {
        let mut position = lower_bound(keys, wanted);
        while keys.get(position).is_some_and(|stored| matches(stored, wanted)) {
            if let Some(flag) = chosen.get_mut(position).filter(|flag| !**flag) {
                *flag = true;
                indexes.push(position);
            }
            position += 1;
        }
    }
    let order = pick(&chosen, !inverted);
    let indexes = if inverted {
        runs(&order)
    } else {
        Positions::Each(indexes)
    };
    Selection {
        order,
        indexes,
        ranks: Ranks::Refused,
        single: false,
    }
}

/// Positions whose flag is this.
fn pick(flags: &[bool], wanted: bool) -> Vec<usize> {
    let found = flags.iter().enumerate().filter(|(_, flag)| **flag == wanted);
    found.map(|(position, _)| position).collect()
}

/// Ascending positions as ranges.
fn runs(positions: &[usize]) -> Positions {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for position in positions {
        match ranges.last_mut() {
            Some(last) if last.end == *position => last.end += 1,
            _ => ranges.push(*position..position + 1),
        }
    }
    Positions::Ranges(ranges)
}
