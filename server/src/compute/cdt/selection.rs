//! The elements to select from, and the result of a selection.

use std::cmp::Ordering;
use std::ops::Range;

use crate::compute::msgpack::{Wildcards, compare, order};

/// The elements to select from: the elements of a list or the pairs of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'v, 'a> {
    /// A map's keys, sorted.
    pub(super) keys: Option<&'v [&'a [u8]]>,
    /// A map's values, or a list's elements.
    pub(super) values: &'v [&'a [u8]],
    /// Whether the list is ordered.
    pub(super) ordered: bool,
    /// Whether the map is flagged as key-ordered. The keys are sorted in either case.
    pub(super) keys_ordered: bool,
}

impl View<'_, '_> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Positions sorted by value; equal values keep the order of their positions.
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

    /// Number of values that are less than this one.
    pub(super) fn count_less(&self, value: &[u8]) -> usize {
        let less = |item: &&&[u8]| order(item, value, Wildcards::Match) == Ordering::Less;
        if self.ordered {
            self.values.partition_point(|item| less(&item))
        } else {
            self.values.iter().filter(less).count()
        }
    }

    /// Positions of the values that satisfy `wanted`.
    pub(super) fn find(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<usize> {
        let found = self.values.iter().enumerate().filter(|(_, value)| wanted(value));
        found.map(|(position, _)| position).collect()
    }
}

/// Positions to return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Positions {
    /// Ranges. Each range is ascending, even if positions count from the end.
    Ranges(Vec<Range<usize>>),
    /// Individual positions.
    Each(Vec<usize>),
}

impl Positions {
    pub(super) fn range(range: Range<usize>) -> Self {
        Self::Ranges(vec![range])
    }

    /// All of `total` positions except a range.
    pub(super) fn outside(range: Range<usize>, total: usize) -> Self {
        if range.is_empty() {
            return Self::range(0..total);
        }
        let parts = [0..range.start, range.end..total];
        Self::Ranges(parts.into_iter().filter(|part| !part.is_empty()).collect())
    }
}

/// The ranks of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ranks {
    /// The ranks are known.
    Known(Positions),
    /// The ranks must be computed.
    Unknown,
    /// Ranks are not supported for this kind of selection.
    Unsupported,
}

/// The result of a selection.
#[derive(Debug)]
pub(super) struct Selection {
    /// Positions, in the order in which keys and values are returned.
    pub(super) order: Vec<usize>,
    pub(super) indexes: Positions,
    pub(super) ranks: Ranks,
    /// Whether the selection has at most one element, which is returned without an enclosing list.
    pub(super) single: bool,
    /// Overrides the result of "exists", if it differs from whether anything was selected.
    pub(super) reported_exists: Option<bool>,
}

impl Selection {
    /// Number of selected elements, without duplicates.
    pub(super) fn count(&self) -> usize {
        let mut order = self.order.clone();
        order.sort_unstable();
        order.dedup();
        order.len()
    }

    /// The result of "exists".
    pub(super) fn exists(&self) -> bool {
        self.reported_exists.unwrap_or(!self.order.is_empty())
    }
}

/// Selects the elements at these positions or, if `inverted`, all others.
pub(super) fn index_range(range: Range<usize>, view: View<'_, '_>, inverted: bool) -> Selection {
    let total = view.len();
    let (order, indexes): (Vec<usize>, _) = if inverted {
        let order = (0..range.start).chain(range.end..total).collect();
        (order, Positions::outside(range, total))
    } else {
        (range.clone().collect(), Positions::range(range))
    };
    // If all elements are selected, their ranks are known, and are returned in rank order.
    let ranks = if order.len() == total {
        Ranks::Known(Positions::range(0..total))
    } else if view.ordered {
        Ranks::Known(indexes.clone())
    } else {
        Ranks::Unknown
    };
    Selection {
        order,
        indexes,
        ranks,
        single: false,
        reported_exists: None,
    }
}

/// Number of keys that are less than this one.
pub(super) fn lower_bound(keys: &[&[u8]], key: &[u8]) -> usize {
    keys.partition_point(|stored| order(stored, key, Wildcards::Match) == Ordering::Less)
}

/// All positions that are not in `chosen`.
pub(super) fn complement(chosen: &[usize], total: usize) -> Vec<usize> {
    let mut is_chosen = vec![false; total];
    for position in chosen {
        if let Some(flag) = is_chosen.get_mut(*position) {
            *flag = true;
        }
    }
    let others = is_chosen.iter().enumerate().filter(|(_, chosen)| !**chosen);
    others.map(|(position, _)| position).collect()
}

/// Positions whose flag equals `wanted`.
pub(super) fn pick(flags: &[bool], wanted: bool) -> Vec<usize> {
    let found = flags.iter().enumerate().filter(|(_, flag)| **flag == wanted);
    found.map(|(position, _)| position).collect()
}

/// Converts ascending positions to ranges.
pub(super) fn runs(positions: &[usize]) -> Positions {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for position in positions {
        match ranges.last_mut() {
            Some(last) if last.end == *position => last.end += 1,
            _ => ranges.push(*position..position + 1),
        }
    }
    Positions::Ranges(ranges)
}
