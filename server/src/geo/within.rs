//! Whether points lie in regions, on a sphere.

use std::f64::consts::{PI, TAU};

use super::Shape;

/// The radius of the Earth that distances are reckoned with, in metres.
const EARTH_RADIUS: f64 = 6_371_010.0;

/// Whether one of the two is a point that lies in the other.
pub(super) fn within(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Point(point), region) | (region, Shape::Point(point)) => holds(region, *point),
        _ => false,
    }
}

fn holds(region: &Shape, point: (f64, f64)) -> bool {
    let point = vector(point);
    match region {
        Shape::Point(_) => false,
        Shape::Circle { centre, radius } => {
            let centre = vector(*centre);
            let [x, y, z] = cross(centre, point);
            let angle = (x * x + y * y + z * z).sqrt().atan2(dot(centre, point));
            angle <= radius / EARTH_RADIUS
        }
        Shape::Polygons(polygons) => polygons.iter().any(|rings| match rings.split_first() {
            Some((outer, holes)) => surrounds(outer, point) && !holes.iter().any(|hole| surrounds(hole, point)),
            None => false,
        }),
    }
}

fn vector((longitude, latitude): (f64, f64)) -> [f64; 3] {
    let (theta, phi) = (longitude.to_radians(), latitude.to_radians());
    [theta.cos() * phi.cos(), theta.sin() * phi.cos(), phi.sin()]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Whether a ring goes round a point, its edges being the shortest lines on the sphere: the
/// directions in which its corners are seen make a full turn.
fn surrounds(ring: &[(f64, f64)], point: [f64; 3]) -> bool {
    let corners: Vec<[f64; 3]> = ring.iter().map(|corner| vector(*corner)).collect();
    let centre = corners.iter().fold([0.0; 3], |sum, corner| {
        [sum[0] + corner[0], sum[1] + corner[1], sum[2] + corner[2]]
    });
    // What is on the other side of the world is gone round too, but not held.
    if dot(centre, point) < 0.0 {
        return false;
    }
    // Two directions at right angles to the point and to each other.
    let helper = if point[2].abs() < 0.9 {
        [0.0, 0.0, 1.0]
    } else {
        [1.0, 0.0, 0.0]
    };
    let east = cross(helper, point);
    let north = cross(point, east);
    let scale = dot(east, east).sqrt();
    let seen = |corner: [f64; 3]| (dot(corner, north) / scale).atan2(dot(corner, east) / scale);
    let mut turned = 0.0;
    for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let mut turn = seen(*to) - seen(*from);
        if turn > PI {
            turn -= TAU;
        } else if turn < -PI {
            turn += TAU;
        }
        turned += turn;
    }
    turned.abs() > PI
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_polygons_and_circles() {
        let square = |west: f64, east: f64| {
            let ring = vec![(west, -10.0), (east, -10.0), (east, 10.0), (west, 10.0), (west, -10.0)];
            Shape::Polygons(vec![vec![ring]])
        };
        let inside = Shape::Point((0.0, 0.0));
        assert!(within(&inside, &square(-10.0, 10.0)));
        assert!(within(&square(-10.0, 10.0), &inside));
        assert!(!within(&inside, &square(5.0, 10.0)));
        // The other side of the world, and across the date line.
        assert!(!within(&Shape::Point((180.0, 0.0)), &square(-10.0, 10.0)));
        let across = vec![
            (170.0, -10.0),
            (-170.0, -10.0),
            (-170.0, 10.0),
            (170.0, 10.0),
            (170.0, -10.0),
        ];
        assert!(within(
            &Shape::Point((179.0, 1.0)),
            &Shape::Polygons(vec![vec![across]])
        ));
        let circle = |radius| Shape::Circle {
            centre: (0.0, 1.0),
            radius,
        };
        assert!(within(&inside, &circle(112_000.0)));
        assert!(!within(&inside, &circle(111_000.0)));
        assert!(!within(&inside, &inside));
    }
}
