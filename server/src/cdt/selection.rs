//! What there is to select from, and what was selected.

use std::cmp::Ordering;
use std::ops::Range;

use crate::msgpack::{Wildcards, compare, order};

/// The elements to select from: those of a list, or the pairs of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'v, 'a> {
    /// A map's keys, in their order.
    pub(super) keys: Option<&'v [&'a [u8]]>,
    /// A map's values, or a list's elements.
    pub(super) values: &'v [&'a [u8]],
    /// Whether a list's elements are in their order.
    pub(super) ordered: bool,
    /// Whether a map says that its keys are in their order. They are in any case.
    pub(super) keys_ordered: bool,
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
    pub(super) fn find(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<usize> {
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
    pub(super) fn range(range: Range<usize>) -> Self {
        Self::Ranges(vec![range])
    }

    /// All but a range of `total` positions.
    pub(super) fn outside(range: Range<usize>, total: usize) -> Self {
        if range.is_empty() {
            return Self::range(0..total);
        }
        let parts = [0..range.start, range.end..total];
        Self::Ranges(parts.into_iter().filter(|part| !part.is_empty()).collect())
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
    /// Whether anything is said to exist, where that is not what is selected.
    pub(super) said_to_exist: Option<bool>,
}

impl Selection {
    /// How many elements were selected, none of them counted twice.
    pub(super) fn count(&self) -> usize {
        let mut order = self.order.clone();
        order.sort_unstable();
        order.dedup();
        order.len()
    }

    /// Whether anything was selected.
    pub(super) fn exists(&self) -> bool {
        self.said_to_exist.unwrap_or(!self.order.is_empty())
    }
}

/// All positions but these.
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

/// Positions whose flag is this.
pub(super) fn pick(flags: &[bool], wanted: bool) -> Vec<usize> {
    let found = flags.iter().enumerate().filter(|(_, flag)| **flag == wanted);
    found.map(|(position, _)| position).collect()
}

/// Ascending positions as ranges.
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
