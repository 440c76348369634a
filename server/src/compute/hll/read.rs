//! Operations that read HyperLogLogs.

use super::estimate;
use super::int;
use super::request::Request;
use super::sketch::Sketch;
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::write;
use crate::record::particle::{Effect, kind};

pub(super) fn read(sketch: Sketch, request: Request<'_>) -> Result<Effect, ResultCode> {
    let answer = match request {
        Request::Count => int(estimate::count(&sketch)),
        Request::Union(others) => (kind::HLL, union(&with(others, sketch)).encode()),
        Request::UnionCount(others) => int(estimate::count(&union(&with(others, sketch)))),
        Request::IntersectCount(others) => int(intersection(sketch, others)?.count()),
        Request::Similarity(others) => {
            let similarity = intersection(sketch, others)?.similarity();
            (kind::FLOAT, similarity.to_be_bytes().to_vec())
        }
        Request::MayContain(elements) => {
            let contains = elements.iter().all(|element| sketch.may_contain(element));
            int(contains.into())
        }
        Request::Describe => {
            let mut list = Vec::new();
            write::list_head(&mut list, 0, 2);
            write::int(&mut list, sketch.index_bits.into());
            write::int(&mut list, sketch.minhash_bits.into());
            (kind::LIST, list)
        }
        _ => return Err(ResultCode::PARAMETER),
    };
    Ok(Effect {
        answer: Some(answer),
        changed: None,
    })
}

fn with(mut others: Vec<Sketch>, one: Sketch) -> Vec<Sketch> {
    others.push(one);
    others
}

/// The union of sketches. It has as many registers as the smallest sketch, and minhashes only if all sketches
/// have them in the same size.
pub(super) fn union(sketches: &[Sketch]) -> Sketch {
    let index_bits = sketches.iter().map(|sketch| sketch.index_bits).min().unwrap_or(4);
    let mut result = Sketch::empty(index_bits, common_minhash_bits(sketches));
    for sketch in sketches {
        result.merge(sketch);
    }
    result
}

fn common_minhash_bits(sketches: &[Sketch]) -> u8 {
    match sketches.split_first() {
        Some((one, others)) if others.iter().all(|other| other.minhash_bits == one.minhash_bits) => one.minhash_bits,
        _ => 0,
    }
}

/// The intersection of several sketches.
enum Intersection {
    /// Estimated from minhashes.
    Similar { similarity: f64, union: u64 },
    /// Estimated from the counts of the sketches and their unions.
    Counted { common: u64, union: u64 },
}

impl Intersection {
    fn count(&self) -> u64 {
        match self {
            Self::Similar { similarity, union } => (similarity * *union as f64).round() as u64,
            Self::Counted { common, .. } => *common,
        }
    }

    fn similarity(&self) -> f64 {
        match self {
            Self::Similar { similarity, .. } => *similarity,
            Self::Counted { common, union } => *common as f64 / *union as f64,
        }
    }
}

fn intersection(one: Sketch, others: Vec<Sketch>) -> Result<Intersection, ResultCode> {
    let many = others.len() > 2;
    if many && common_minhash_bits(&others) == 0 {
        return Err(ResultCode::PARAMETER);
    }
    let sketches = with(others, one);
    if many && common_minhash_bits(&sketches) == 0 {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    Ok(intersect(&sketches))
}

/// The intersection of any number of sketches with minhashes of the same size, or of two or three other sketches.
fn intersect(sketches: &[Sketch]) -> Intersection {
    let all = union(sketches);
    let counts: Vec<u64> = sketches.iter().map(estimate::count).collect();
    let union = estimate::count(&all);
    if all.minhash_bits > 0 {
        let folded: Vec<Sketch> = sketches
            .iter()
            .map(|sketch| sketch.folded(all.index_bits, all.minhash_bits))
            .collect();
        let similarity = estimate::minhash_similarity(&folded, &counts);
        return Intersection::Similar { similarity, union };
    }
    // Estimates can be inconsistent: saturate instead of going below zero.
    let sum: u64 = counts.iter().sum();
    let common = match sketches {
        [a, b, c] => {
            let pairs = [[a, b], [a, c], [b, c]].map(|pair| intersect(&pair.map(Sketch::clone)).count());
            (union + pairs.iter().sum::<u64>()).saturating_sub(sum)
        }
        _ => sum.saturating_sub(union),
    };
    Intersection::Counted { common, union }
}
