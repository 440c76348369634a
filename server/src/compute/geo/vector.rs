//! Vectors from the centre of the Earth.

/// A direction. Not necessarily of unit length.
pub(super) type Vector = [f64; 3];

/// The unit vector of a position in degrees.
pub(super) fn direction((longitude, latitude): (f64, f64)) -> Vector {
    let (theta, phi) = (longitude.to_radians(), latitude.to_radians());
    [theta.cos() * phi.cos(), theta.sin() * phi.cos(), phi.sin()]
}

pub(super) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

pub(super) fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn scaled(a: Vector, by: f64) -> Vector {
    [a[0] * by, a[1] * by, a[2] * by]
}

pub(super) fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

pub(super) fn unit(a: Vector) -> Vector {
    scaled(a, 1.0 / length(a))
}

/// Whether the shortest lines between two pairs of points cross.
pub(super) fn edges_cross(a: Vector, b: Vector, c: Vector, d: Vector) -> bool {
    let ab = cross(a, b);
    let (acb, bda) = (-dot(ab, c), dot(ab, d));
    if acb * bda <= 0.0 {
        return false;
    }
    let cd = cross(c, d);
    let (cbd, dac) = (-dot(cd, b), dot(cd, a));
    acb * cbd > 0.0 && acb * dac > 0.0
}
