//! Selection by several values or keys.

use std::cmp::Ordering;
use std::ops::Range;

use super::selection::{Positions, Ranks, Selection, View, complement, index_range, lower_bound, pick, runs};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Wildcards, matches, order};

/// Maximum number of returned positions, including duplicates.
const MAX_POSITIONS: usize = 8 * 1024 * 1024;

/// Selects the elements that have one of these values.
pub(super) fn value_list(wanted: &[&[u8]], view: View<'_, '_>, inverted: bool) -> Result<Selection, ResultCode> {
    let total = view.len();
    if wanted.is_empty() {
        return Ok(index_range(0..0, view, inverted));
    }
    let by_rank = view.by_rank();
    let mut chosen = vec![false; total];
    let mut ranks: Vec<Range<usize>> = Vec::new();
    let mut count = 0;
    for wanted in wanted {
        let found = ranks_of(&by_rank, wanted, view);
        let positions = by_rank.get(found.clone()).unwrap_or_default();
        let is_chosen = |position: Option<&usize>| position.is_some_and(|at| chosen.get(*at) == Some(&true));
        let is_new = !is_chosen(positions.first()) || !is_chosen(positions.last());
        if found.is_empty() || (!is_new && !view.ordered) {
            continue;
        }
        count += found.len();
        if count > MAX_POSITIONS {
            return Err(ResultCode::RECORD_TOO_BIG);
        }
        ranks.push(found);
        for position in positions {
            if let Some(flag) = chosen.get_mut(*position) {
                *flag = true;
            }
        }
    }
    if view.ordered && !inverted {
        // For an ordered list, the results follow the order of the request, including duplicates.
        let positions = Positions::Ranges(ranks.clone());
        return Ok(Selection {
            order: ranks.into_iter().flatten().collect(),
            indexes: positions.clone(),
            ranks: Ranks::Known(positions),
            single: false,
            reported_exists: None,
        });
    }
    let order = pick(&chosen, !inverted);
    let each: Vec<usize> = ranks.into_iter().flatten().collect();
    let ranks = if !inverted {
        Positions::Each(each)
    } else if view.ordered {
        Positions::Each(order.clone())
    } else {
        runs(&complement(&each, total))
    };
    Ok(Selection {
        indexes: Positions::Each(order.clone()),
        order,
        ranks: Ranks::Known(ranks),
        single: false,
        reported_exists: None,
    })
}

/// The range of ranks of the elements with a value.
fn ranks_of(by_rank: &[usize], wanted: &[u8], view: View<'_, '_>) -> Range<usize> {
    let ordering = |position: &usize| {
        let value = view.values.get(*position).copied().unwrap_or_default();
        order(value, wanted, Wildcards::Match)
    };
    let start = by_rank.partition_point(|position| ordering(position) == Ordering::Less);
    let rest = by_rank.get(start..).unwrap_or_default();
    start..start + rest.partition_point(|position| ordering(position) == Ordering::Equal)
}

/// Selects the pairs that have one of these keys.
pub(super) fn key_list(wanted: &[&[u8]], view: View<'_, '_>, inverted: bool) -> Result<Selection, ResultCode> {
    let keys = view.keys.unwrap_or_default();
    if wanted.is_empty() {
        return Ok(Selection {
            ranks: Ranks::Unsupported,
            ..index_range(0..0, view, inverted)
        });
    }
    let mut chosen = vec![false; keys.len()];
    let mut indexes = Vec::new();
    let mut steps = 0;
    for wanted in wanted {
        let mut position = lower_bound(keys, wanted);
        while keys.get(position).is_some_and(|stored| matches(stored, wanted)) {
            if let Some(flag) = chosen.get_mut(position) {
                // For an ordered map, an index is returned once for each time that the request names its key.
                if !*flag || view.keys_ordered {
                    indexes.push(position);
                }
                *flag = true;
            }
            position += 1;
            steps += 1;
            if steps > MAX_POSITIONS {
                return Err(ResultCode::RECORD_TOO_BIG);
            }
        }
    }
    let order = pick(&chosen, !inverted);
    let indexes = if inverted && view.keys_ordered {
        Positions::Each(order.clone())
    } else if inverted {
        runs(&order)
    } else {
        Positions::Each(indexes)
    };
    Ok(Selection {
        order,
        indexes,
        ranks: Ranks::Unsupported,
        single: false,
        reported_exists: None,
    })
}
