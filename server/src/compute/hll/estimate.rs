//! Estimates computed from registers.

use super::sketch::Sketch;

/// Number of possible ranks, for 64-bit values.
const RANKS: usize = 65;

/// Estimates the number of distinct elements, with Ertl's improved estimator and the constants of the original
/// one.
pub(super) fn count(sketch: &Sketch) -> u64 {
    let mut histogram = [0_u32; RANKS + 1];
    for register in &sketch.registers {
        let rank = usize::try_from(register >> sketch.minhash_bits).unwrap_or(RANKS);
        if let Some(place) = histogram.get_mut(rank.min(RANKS)) {
            *place += 1;
        }
    }
    let m = sketch.registers.len() as f64;
    let [zeros, ranks @ .., beyond] = histogram;
    let mut z = m * tau(1.0 - f64::from(beyond) / m);
    for registers in ranks.iter().rev() {
        z = 0.5 * (z + f64::from(*registers));
    }
    z += m * sigma(f64::from(zeros) / m);
    let alpha = match sketch.registers.len() {
        16 => 0.673,
        32 => 0.697,
        64 => 0.709,
        _ => 0.7213 / (1.0 + 1.079 / m),
    };
    (alpha * m * m / z).round() as u64
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

/// The Jaccard similarity of sketches with equal numbers of index and minhash bits: the share of used registers
/// that are equal, after subtracting the expected number of collisions.
pub(super) fn minhash_similarity(sketches: &[Sketch], counts: &[u64]) -> f64 {
    let Some((one, others)) = sketches.split_first() else {
        return f64::NAN;
    };
    let (mut used, mut equal) = (0_u32, 0_u32);
    for (place, register) in one.registers.iter().enumerate() {
        let of_others = || {
            others
                .iter()
                .map(|other| other.registers.get(place).copied().unwrap_or(0))
        };
        if *register != 0 || of_others().any(|other| other != 0) {
            used += 1;
            equal += u32::from(of_others().all(|other| other == *register));
        }
    }
    let by_chance = expected_collisions(one, counts);
    let similarity = (f64::from(equal) - by_chance) / f64::from(used);
    if similarity < 0.0 { 0.0 } else { similarity }
}

/// The expected number of registers that are equal by chance in sketches of sets of these sizes, according to
/// the authors of HyperMinHash.
fn expected_collisions(sketch: &Sketch, counts: &[u64]) -> f64 {
    let p = i32::from(sketch.index_bits);
    let mut sum = 0.0;
    for rank in 1..64 {
        let low = 2_f64.powi(-(p + rank));
        sum += probability(low, 2.0 * low, counts);
    }
    sum += probability(0.0, 2_f64.powi(-(p + 63)), counts);
    sum * 2_f64.powi(p) * 2_f64.powi(-i32::from(sketch.minhash_bits))
}

/// The probability that, for every count, the minimum of that many random numbers lies between two bounds.
fn probability(low: f64, high: f64, counts: &[u64]) -> f64 {
    counts
        .iter()
        .map(|count| (1.0 - low).powf(*count as f64) - (1.0 - high).powf(*count as f64))
        .product()
}
