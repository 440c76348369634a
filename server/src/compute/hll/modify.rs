//! Operations that modify HyperLogLogs.

use super::estimate;
use super::int;
use super::read::union;
use super::request::{Request, Sizes, policy};
use super::sketch::{Sketch, is_possible};
use crate::common::result_code::ResultCode;
use crate::record::particle::{Effect, kind};

pub(super) fn modify(old: Option<Sketch>, request: Request<'_>, flags: i64) -> Result<Effect, ResultCode> {
    let creates = matches!(request, Request::Init(_) | Request::Add(..) | Request::SetUnion(_));
    let refused = if old.is_some() && flags & policy::CREATE_ONLY != 0 {
        Some(ResultCode::BIN_EXISTS)
    } else if old.is_none() && (!creates || flags & policy::UPDATE_ONLY != 0) {
        Some(ResultCode::BIN_NOT_FOUND)
    } else {
        None
    };
    match refused {
        Some(_) if flags & policy::NO_FAIL != 0 => return Ok(Effect::default()),
        Some(result) => return Err(result),
        None => {}
    }
    match (request, old) {
        (Request::Init(sizes), old) => Ok(changed(&init(old.as_ref(), sizes)?, None)),
        (Request::Add(elements, sizes), old) => {
            let mut sketch = match old {
                Some(old) => old,
                None => init(None, sizes)?,
            };
            let updates = elements.iter().filter(|element| sketch.add(element)).count();
            Ok(changed(&sketch, Some(updates as u64)))
        }
        (Request::SetUnion(sketches), None) => Ok(changed(&union(&sketches), None)),
        (Request::SetUnion(mut sketches), Some(old)) => {
            let (index_bits, minhash_bits) = (old.index_bits, old.minhash_bits);
            sketches.push(old);
            let result = union(&sketches);
            let same = result.index_bits == index_bits && result.minhash_bits == minhash_bits;
            if !same && flags & policy::ALLOW_FOLD == 0 {
                return Err(ResultCode::NOT_APPLICABLE);
            }
            Ok(changed(&result, None))
        }
        (Request::SetCount, Some(mut sketch)) => {
            sketch.cached = estimate::count(&sketch);
            Ok(changed(&sketch, Some(sketch.cached)))
        }
        (Request::Fold(index_bits), Some(sketch)) => match index_bits {
            Some(bits) if bits == sketch.index_bits && sketch.minhash_bits == 0 => Ok(changed(&sketch, None)),
            // The minhashes of a folded sketch are unknown, so only sketches without minhashes can be folded.
            Some(bits) if bits <= sketch.index_bits && sketch.minhash_bits == 0 => {
                Ok(changed(&sketch.folded(bits, 0), None))
            }
            _ => Err(ResultCode::NOT_APPLICABLE),
        },
        _ => Err(ResultCode::PARAMETER),
    }
}

fn changed(sketch: &Sketch, answer: Option<u64>) -> Effect {
    Effect {
        answer: answer.map(int),
        changed: Some((kind::HLL, sketch.encode())),
    }
}

/// An empty sketch. Sizes that the request leaves out are those of the old sketch.
fn init(old: Option<&Sketch>, sizes: Sizes) -> Result<Sketch, ResultCode> {
    let index_bits = sizes.index_bits.or(old.map(|old| old.index_bits));
    let minhash_bits = sizes.minhash_bits.or(old.map(|old| old.minhash_bits)).unwrap_or(0);
    let Some(index_bits) = index_bits else {
        return Err(ResultCode::NOT_APPLICABLE);
    };
    if !is_possible(index_bits, minhash_bits) {
        return Err(ResultCode::PARAMETER);
    }
    Ok(Sketch::empty(index_bits, minhash_bits))
}
