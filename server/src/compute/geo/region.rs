//! Regions on the sphere: containment of points, and intersection with cells.

use super::cell::Cell;
use super::vector::{Vector, cross, direction, dot, edges_cross, length, minus, scaled};
use super::{Position, Shape};
use std::f64::consts::{PI, TAU};

/// The radius of the Earth used for distances, in metres.
const EARTH_RADIUS: f64 = 6_371_000.0;

/// A region of the sphere.
#[derive(Debug)]
pub(super) enum Region {
    /// All points within a distance of a centre.
    Cap(Cap),
    /// All points inside an odd number of loops.
    Polygon(Vec<Loop>),
}

impl Region {
    /// The region of a shape, if the shape is a region.
    pub(super) fn of(shape: &Shape) -> Option<Self> {
        match shape {
            Shape::Point(_) => None,
            Shape::Circle { centre, radius } => Some(Self::Cap(Cap::new(*centre, *radius))),
            Shape::Polygons(polygons) => {
                let rings = polygons.iter().flatten();
                Some(Self::Polygon(rings.map(|ring| Loop::new(ring)).collect()))
            }
        }
    }

    /// Whether the region contains a point.
    pub(super) fn contains(&self, point: Vector) -> bool {
        match self {
            Self::Cap(cap) => cap.contains(point),
            Self::Polygon(loops) => loops.iter().filter(|one| one.contains(point)).count() % 2 == 1,
        }
    }

    /// Whether the region intersects a cell.
    pub(super) fn intersects(&self, cell: &Cell) -> bool {
        let corners = cell.corners();
        match self {
            Self::Cap(cap) => {
                corners.iter().any(|corner| cap.contains(*corner)) || cap.intersects_interior(cell, &corners)
            }
            Self::Polygon(loops) => {
                corners.iter().any(|corner| self.contains(*corner))
                    || loops.iter().any(|one| one.crosses(cell, &corners))
            }
        }
    }

    /// Whether the region contains a whole cell.
    pub(super) fn covers(&self, cell: &Cell) -> bool {
        let corners = cell.corners();
        if !corners.iter().all(|corner| self.contains(*corner)) {
            return false;
        }
        match self {
            Self::Cap(cap) => !cap.rest().intersects_interior(cell, &corners),
            Self::Polygon(loops) => !loops.iter().any(|one| one.crosses(cell, &corners)),
        }
    }
}

/// A spherical cap: a circle on the sphere and its interior.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    axis: Vector,
    /// Height above the plane of the circle, on the unit sphere: 2 is the whole sphere.
    height: f64,
}

impl Cap {
    fn new(centre: Position, radius: f64) -> Self {
        let angle = radius / EARTH_RADIUS;
        let half = (0.5 * angle.min(PI)).sin();
        Self {
            axis: direction(centre),
            height: 2.0 * half * half,
        }
    }

    fn contains(&self, point: Vector) -> bool {
        let between = minus(self.axis, point);
        dot(between, between) <= 2.0 * self.height
    }

    fn rest(&self) -> Self {
        Self {
            axis: scaled(self.axis, -1.0),
            height: 2.0 - self.height,
        }
    }

    /// Whether the cap intersects a cell, given that it contains none of the cell's corners.
    fn intersects_interior(&self, cell: &Cell, corners: &[Vector; 4]) -> bool {
        if self.height >= 1.0 || self.height < 0.0 {
            // The complement of the cap and the cell are convex, and all corners of the cell lie in the
            // complement.
            return false;
        }
        if cell.contains(self.axis) {
            return true;
        }
        let sine2 = self.height * (2.0 - self.height);
        for at in 0..4 {
            let (from, to) = (corners[at], corners[(at + 1) & 3]);
            let normal = cross(from, to);
            let distance = dot(self.axis, normal);
            if distance > 0.0 {
                // The centre lies on the inner side of this edge. Only an edge with the centre on its outer
                // side can be crossed.
                continue;
            }
            if distance * distance > sine2 * dot(normal, normal) {
                return false;
            }
            let along = cross(normal, self.axis);
            if dot(along, from) < 0.0 && dot(along, to) > 0.0 {
                return true;
            }
        }
        false
    }
}

/// A closed line. Its interior is the smaller of the two parts into which it divides the sphere.
#[derive(Debug)]
pub(super) struct Loop {
    /// The corners, counterclockwise around the interior.
    corners: Vec<Vector>,
}

impl Loop {
    fn new(ring: &[Position]) -> Self {
        let mut corners: Vec<Vector> = ring.iter().map(|corner| direction(*corner)).collect();
        // The last position of a GeoJSON ring repeats the first.
        if corners.len() > 1 && ring.first() == ring.last() {
            corners.pop();
        }
        if area(&corners) < 0.0 {
            corners.reverse();
        }
        Self { corners }
    }

    fn edges(&self) -> impl Iterator<Item = (Vector, Vector)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Whether the loop contains a point. Edges are the shortest lines on the sphere: seen from a point inside,
    /// the corners make a full turn to the left. Seen from the antipode of such a point, they turn to the
    /// right.
    fn contains(&self, point: Vector) -> bool {
        let helper = if point[2].abs() < 0.9 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let east = cross(helper, point);
        let north = cross(point, east);
        let scale = length(east);
        let seen = |corner: Vector| (dot(corner, north) / scale).atan2(dot(corner, east) / scale);
        let mut turned = 0.0;
        for (from, to) in self.edges() {
            let mut turn = seen(to) - seen(from);
            if turn > PI {
                turn -= TAU;
            } else if turn < -PI {
                turn += TAU;
            }
            turned += turn;
        }
        turned > PI
    }

    /// Whether the loop passes through a cell.
    fn crosses(&self, cell: &Cell, corners: &[Vector; 4]) -> bool {
        self.corners.iter().any(|corner| cell.contains(*corner))
            || self
                .edges()
                .any(|(from, to)| (0..4).any(|at| edges_cross(from, to, corners[at], corners[(at + 1) & 3])))
    }
}

/// The area to the left of a closed line; negative if that is the larger part.
fn area(corners: &[Vector]) -> f64 {
    let Some((first, rest)) = corners.split_first() else {
        return 0.0;
    };
    rest.iter()
        .zip(rest.iter().skip(1))
        .map(|(a, b)| {
            let volume = dot(*first, cross(*a, *b));
            let sum = 1.0 + dot(*first, *a) + dot(*a, *b) + dot(*b, *first);
            2.0 * volume.atan2(sum)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::geo::cell::snapped;

    fn square(west: f64, east: f64) -> Region {
        let ring = vec![(west, -10.0), (east, -10.0), (east, 10.0), (west, 10.0), (west, -10.0)];
        Region::of(&Shape::Polygons(vec![vec![ring]])).unwrap()
    }

    #[test]
    fn polygons_and_circles_contain_points() {
        let middle = direction((0.0, 0.0));
        assert!(square(-10.0, 10.0).contains(middle));
        // The loop has the same interior in the other direction.
        assert!(square(10.0, -10.0).contains(middle));
        assert!(!square(5.0, 10.0).contains(middle));
        // On the opposite side of the Earth, and across the date line.
        assert!(!square(-10.0, 10.0).contains(direction((180.0, 0.0))));
        assert!(square(170.0, -170.0).contains(direction((179.0, 1.0))));
        let circle = |radius| {
            Region::of(&Shape::Circle {
                centre: (0.0, 1.0),
                radius,
            })
            .unwrap()
        };
        assert!(circle(112_000.0).contains(middle));
        assert!(!circle(111_000.0).contains(middle));
        assert!(Region::of(&Shape::Point((0.0, 0.0))).is_none());
    }

    #[test]
    fn corners_match_their_cells() {
        // Recorded from a real server.
        let ring = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let region = Region::of(&Shape::Polygons(vec![vec![ring]])).unwrap();
        assert!(region.contains(snapped((0.0, 0.0))));
        assert!(!region.contains(snapped((1.0, 1.0))));
    }

    #[test]
    fn holes_are_outside_of_a_polygon() {
        let ring = |size: f64| {
            vec![
                (-size, -size),
                (size, -size),
                (size, size),
                (-size, size),
                (-size, -size),
            ]
        };
        let region = Region::of(&Shape::Polygons(vec![vec![ring(10.0), ring(5.0)]])).unwrap();
        assert!(!region.contains(direction((0.0, 0.0))));
        assert!(region.contains(direction((7.0, 0.0))));
    }

    #[test]
    fn relates_cells_to_regions() {
        let hemisphere = Region::Cap(Cap::new((0.0, 0.0), 9_000_000.0));
        let faces: Vec<bool> = (0..6).map(|face| hemisphere.covers(&Cell::face(face))).collect();
        assert_eq!(faces, [true, false, false, false, false, false]);
        assert!((0..6).all(|face| hemisphere.intersects(&Cell::face(face)) == (face != 3)));
        // A region that lies within a cell and intersects none of its edges.
        let small = Region::Cap(Cap::new((0.1, 0.1), 10.0));
        assert!(small.intersects(&Cell::face(0)) && !small.covers(&Cell::face(0)) && !small.intersects(&Cell::face(1)));
    }
}
