//! S2 cells.
//!
//! S2 projects the sphere onto the six faces of a cube and numbers the cells of each face's 2^30 x 2^30 grid
//! along a Hilbert curve. A cell of one level consists of four cells of the next.

use super::vector::{Vector, cross, direction, dot, unit};

const LEVELS: u32 = 30;
const SIZE: f64 = (1u64 << LEVELS) as f64;

/// Bits of a curve orientation: swapped axes, inverted axes.
const SWAP: usize = 1;
const INVERT: usize = 2;

/// Position on the curve of each quadrant (2 * i + j), by orientation.
const POSITION: [[u64; 4]; 4] = [[0, 1, 3, 2], [0, 3, 1, 2], [2, 3, 1, 0], [2, 1, 3, 0]];

/// Quadrant at each position of the curve, by orientation.
const QUADRANT: [[u64; 4]; 4] = [[0, 1, 3, 2], [0, 2, 3, 1], [3, 2, 0, 1], [3, 1, 0, 2]];

/// Change of orientation from a cell to its child at each position of the curve.
const TURN: [usize; 4] = [SWAP, 0, 0, INVERT | SWAP];

/// The id of the leaf cell that contains a position in degrees.
pub(super) fn leaf(position: (f64, f64)) -> u64 {
    let (face, u, v) = project(direction(position));
    let (i, j) = (grid(u), grid(v));
    let mut orientation = face & SWAP;
    let mut id = face as u64;
    for level in (0..LEVELS).rev() {
        let quadrant = 2 * ((i >> level) & 1) + ((j >> level) & 1);
        let position = POSITION[orientation][quadrant as usize & 3];
        id = id << 2 | position;
        orientation ^= TURN[position as usize & 3];
    }
    id << 1 | 1
}

/// The centre of the leaf cell that contains a position. A real server uses this point in place of the position.
pub(super) fn snapped(position: (f64, f64)) -> Vector {
    let (face, u, v) = project(direction(position));
    let middle = |column: u64| stretched((column as f64 + 0.5) / SIZE);
    unit(direction_at(face, middle(grid(u)), middle(grid(v))))
}

/// The cells of all levels that contain a leaf cell, including the leaf cell.
pub(super) fn ancestors(leaf: u64) -> impl Iterator<Item = u64> {
    (0..=LEVELS).map(move |level| {
        let lowest = 1u64 << (2 * (LEVELS - level));
        leaf & lowest.wrapping_neg() | lowest
    })
}

/// The first and the last leaf cell of a cell.
pub(super) fn leaves(id: u64) -> (u64, u64) {
    let lowest = id & id.wrapping_neg();
    (id - (lowest - 1), id + (lowest - 1))
}

/// The cube face that a direction intersects, and the coordinates on that face.
fn project([x, y, z]: Vector) -> (usize, f64, f64) {
    let largest = x.abs().max(y.abs()).max(z.abs());
    if largest == x.abs() {
        if x >= 0.0 { (0, y / x, z / x) } else { (3, z / x, y / x) }
    } else if largest == y.abs() {
        if y >= 0.0 {
            (1, -x / y, z / y)
        } else {
            (4, z / y, -x / y)
        }
    } else if z >= 0.0 {
        (2, -x / z, -y / z)
    } else {
        (5, -y / z, -x / z)
    }
}

/// The direction of a point on a face.
fn direction_at(face: usize, u: f64, v: f64) -> Vector {
    match face {
        0 => [1.0, u, v],
        1 => [-u, 1.0, v],
        2 => [-u, -v, 1.0],
        3 => [-1.0, -v, -u],
        4 => [v, -1.0, -u],
        _ => [v, u, -1.0],
    }
}

/// The grid column of a face coordinate, with S2's quadratic area correction.
fn grid(u: f64) -> u64 {
    let s = if u >= 0.0 {
        0.5 * (1.0 + 3.0 * u).sqrt()
    } else {
        1.0 - 0.5 * (1.0 - 3.0 * u).sqrt()
    };
    (s * SIZE).floor().clamp(0.0, SIZE - 1.0) as u64
}

/// The face coordinate at which a grid column begins.
fn place(column: u64) -> f64 {
    stretched(column as f64 / SIZE)
}

/// The face coordinate of a grid coordinate between 0 and 1.
fn stretched(s: f64) -> f64 {
    if s >= 0.5 {
        (4.0 * s * s - 1.0) / 3.0
    } else {
        (1.0 - 4.0 * (1.0 - s) * (1.0 - s)) / 3.0
    }
}

/// A cell of any level, and its location.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    face: usize,
    level: u32,
    /// Column and row among the cells of its level.
    i: u64,
    j: u64,
    orientation: usize,
    /// Position along the curve of its level.
    path: u64,
}

impl Cell {
    /// The cell that is a whole face.
    pub(super) fn face(face: usize) -> Self {
        Self {
            face,
            level: 0,
            i: 0,
            j: 0,
            orientation: face & SWAP,
            path: face as u64,
        }
    }

    pub(super) fn level(&self) -> u32 {
        self.level
    }

    pub(super) fn id(&self) -> u64 {
        (self.path << 1 | 1) << (2 * (LEVELS - self.level))
    }

    /// The four children, in curve order.
    pub(super) fn children(&self) -> [Self; 4] {
        std::array::from_fn(|position| {
            let quadrant = QUADRANT[self.orientation & 3][position & 3];
            Self {
                face: self.face,
                level: self.level + 1,
                i: self.i << 1 | quadrant >> 1,
                j: self.j << 1 | quadrant & 1,
                orientation: self.orientation ^ TURN[position & 3],
                path: self.path << 2 | position as u64,
            }
        })
    }

    /// The four corners, counterclockwise.
    pub(super) fn corners(&self) -> [Vector; 4] {
        let shift = LEVELS - self.level;
        let (u0, u1) = (place(self.i << shift), place((self.i + 1) << shift));
        let (v0, v1) = (place(self.j << shift), place((self.j + 1) << shift));
        [(u0, v0), (u1, v0), (u1, v1), (u0, v1)].map(|(u, v)| unit(direction_at(self.face, u, v)))
    }

    /// Whether the cell contains a direction.
    pub(super) fn contains(&self, point: Vector) -> bool {
        let corners = self.corners();
        (0..4).all(|at| dot(cross(corners[at], corners[(at + 1) & 3]), point) >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_cells_of_known_points() {
        // Recorded from a real server.
        assert_eq!(leaf((17.119_381, 19.456_12)), 0x115d_07cb_78e0_bfbf);
        assert_eq!(leaf((-122.0, 37.5)), 0x808f_b8a2_4795_4393);
    }

    #[test]
    fn cells_keep_their_face() {
        let centres = [
            (0.0, 0.0),
            (90.0, 0.0),
            (0.0, 90.0),
            (180.0, 0.0),
            (-90.0, 0.0),
            (0.0, -90.0),
        ];
        for (face, centre) in centres.into_iter().enumerate() {
            assert_eq!(leaf(centre) >> 61, face as u64);
        }
    }

    #[test]
    fn children_are_inside_their_parent() {
        let position = (-122.0, 37.5);
        let (leaf, point) = (leaf(position), direction(position));
        let mut cell = Cell::face((leaf >> 61) as usize);
        let all: Vec<u64> = ancestors(leaf).collect();
        for level in 0..LEVELS {
            assert_eq!(cell.level(), level);
            assert_eq!(cell.id(), all[level as usize]);
            let (first, last) = leaves(cell.id());
            assert!((first..=last).contains(&leaf));
            // Smaller cells are beyond floating-point precision, and do not occur in coverings.
            assert!(level > 20 || cell.contains(point));
            let search = cell.children().into_iter().find(|child| {
                let (first, last) = leaves(child.id());
                (first..=last).contains(&leaf)
            });
            cell = search.unwrap();
        }
        assert_eq!(cell.id(), leaf);
    }
}
