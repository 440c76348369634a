//! Approximates regions by sets of cells.

use super::cell::{Cell, leaves};
use super::region::Region;

/// Maximum number of cells in a covering, as on a real server.
const MAX_CELLS: usize = 12;

/// Minimum and maximum level of the cells in a covering, as on a real server.
const MIN_LEVEL: u32 = 1;
const MAX_LEVEL: u32 = 30;

/// A cell that becomes part of the covering, or is replaced by its children.
#[derive(Debug)]
struct Candidate {
    cell: Cell,
    /// Whether the cell is not subdivided further: it lies entirely in the region, or it is small enough.
    terminal: bool,
    children: Vec<Candidate>,
}

impl Candidate {
    /// Creates a candidate, if the cell intersects the region.
    fn new(region: &Region, cell: Cell) -> Option<Self> {
        if !region.intersects(&cell) {
            return None;
        }
        let terminal = cell.level() >= MIN_LEVEL && (cell.level() + 1 > MAX_LEVEL || region.covers(&cell));
        Some(Self {
            cell,
            terminal,
            children: Vec::new(),
        })
    }
}

/// Covers a region with cells, in ascending order.
///
/// Large cells are subdivided first, and among cells of one level those with the fewest children that intersect
/// the region, until another subdivision would produce too many cells.
pub(super) fn cover(region: &Region) -> Vec<u64> {
    let mut covering = Covering {
        region,
        queue: Queue::default(),
        result: Vec::new(),
    };
    for face in 0..6 {
        covering.add(Candidate::new(region, Cell::face(face)));
    }
    while let Some(mut candidate) = covering.queue.pop() {
        let cells = covering.result.len() + covering.queue.len() + candidate.children.len();
        if candidate.cell.level() < MIN_LEVEL || candidate.children.len() == 1 || cells <= MAX_CELLS {
            for child in candidate.children {
                covering.add(Some(child));
            }
        } else {
            candidate.terminal = true;
            covering.add(Some(candidate));
        }
    }
    normalised(covering.result)
}

struct Covering<'a> {
    region: &'a Region,
    queue: Queue,
    result: Vec<u64>,
}

impl Covering<'_> {
    fn add(&mut self, candidate: Option<Candidate>) {
        let Some(mut candidate) = candidate else {
            return;
        };
        if candidate.terminal {
            self.result.push(candidate.cell.id());
            return;
        }
        let children = candidate.cell.children().into_iter();
        candidate.children = children
            .filter_map(|child| Candidate::new(self.region, child))
            .collect();
        let terminals = candidate.children.iter().filter(|child| child.terminal).count();
        if candidate.children.is_empty() {
            return;
        }
        let level = candidate.cell.level();
        if terminals == 4 && level >= MIN_LEVEL {
            // Its children would not improve the covering.
            self.result.push(candidate.cell.id());
            return;
        }
        let priority = ((level as usize) << 2) + candidate.children.len();
        self.queue.push((priority << 2) + terminals, candidate);
    }
}

/// A min-heap that orders equal priorities like the heap of the C++ standard library.
#[derive(Default)]
struct Queue(Vec<(usize, Candidate)>);

impl Queue {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn push(&mut self, priority: usize, candidate: Candidate) {
        self.0.push((priority, candidate));
        self.sift_up(self.0.len() - 1, 0);
    }

    fn pop(&mut self) -> Option<Candidate> {
        let last = self.0.len().checked_sub(1)?;
        self.0.swap(0, last);
        let (_, top) = self.0.pop()?;
        self.sift_down();
        Some(top)
    }

    fn priority(&self, at: usize) -> usize {
        self.0.get(at).map_or(usize::MAX, |(priority, _)| *priority)
    }

    fn sift_up(&mut self, mut at: usize, top: usize) {
        while at > top {
            let parent = (at - 1) / 2;
            if self.priority(parent) <= self.priority(at) {
                return;
            }
            self.0.swap(parent, at);
            at = parent;
        }
    }

    /// Moves the first entry, which was the last, down to the bottom along the smaller children, and then up to
    /// its place.
    fn sift_down(&mut self) {
        let len = self.0.len();
        let mut at = 0;
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let child = if right < len {
                if self.priority(right) > self.priority(left) {
                    left
                } else {
                    right
                }
            } else if left < len {
                left
            } else {
                break;
            };
            self.0.swap(at, child);
            at = child;
        }
        self.sift_up(at, 0);
    }
}

/// Sorts the cells, removes those that other cells contain, and replaces four sibling cells by their parent.
fn normalised(mut cells: Vec<u64>) -> Vec<u64> {
    cells.sort_unstable();
    let mut out: Vec<u64> = Vec::with_capacity(cells.len());
    let contains = |outer: u64, inner: u64| {
        let (first, last) = leaves(outer);
        (first..=last).contains(&inner)
    };
    for mut cell in cells {
        if out.last().is_some_and(|last| contains(*last, cell)) {
            continue;
        }
        while out.last().is_some_and(|last| contains(cell, *last)) {
            out.pop();
        }
        while let [.., a, b, c] = out[..]
            && let Some(parent) = common_parent([a, b, c, cell])
        {
            out.truncate(out.len() - 3);
            cell = parent;
        }
        out.push(cell);
    }
    out
}

/// The parent of four cells, if they are all of its children and the parent is not a face, which is too large.
fn common_parent(cells: [u64; 4]) -> Option<u64> {
    let lowest = cells[3] & cells[3].wrapping_neg();
    let parent_lowest = lowest << 2;
    let parent = cells[3] & parent_lowest.wrapping_neg() | parent_lowest;
    let is_face = parent_lowest >> 60 != 0;
    let expected = |at: u64| parent - parent_lowest + lowest * (2 * at + 1);
    let all = cells.iter().zip(0..).all(|(cell, at)| *cell == expected(at));
    (all && !is_face).then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::geo::parse;

    #[test]
    fn covers_regions_like_a_real_server() {
        let polygon = br#"{"type":"Polygon","coordinates":[[[-123.0,37.0],[-121.0,37.0],[-121.0,38.0],
            [-123.0,38.0],[-123.0,37.0]]]}"#;
        let region = Region::of(&parse(polygon).unwrap()).unwrap();
        let cells: Vec<u64> = [
            0x80855, 0x80857, 0x8085c, 0x808e1, 0x808e3, 0x808e5, 0x808ed, 0x808ef, 0x808f4, 0x808fc, 0x80904, 0x8091c,
        ]
        .iter()
        .map(|cell| cell << 44)
        .collect();
        assert_eq!(cover(&region), cells);
    }
}
