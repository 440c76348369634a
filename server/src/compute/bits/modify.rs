//! Operations that modify bits.

use super::code;
use super::region::Region;
use super::request::{Request, overflow, policy, resize};
use crate::common::result_code::ResultCode;
use crate::record::particle::{Effect, Value, kind};

/// A size limit, in bytes, above that of any record.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// Performs an operation that modifies a blob, or creates the blob if the bin does not exist.
pub(super) fn modify(bin: Option<Value<'_>>, request: &Request<'_>) -> Result<Effect, ResultCode> {
    let old = match bin {
        Some(bin) if bin.kind != kind::BLOB => return Err(ResultCode::BIN_TYPE),
        Some(_) if request.has(policy::CREATE_ONLY) => {
            return tolerate(request, Err(ResultCode::BIN_EXISTS));
        }
        Some(bin) => bin.bytes,
        None => {
            let creates = matches!(request.code, code::RESIZE | code::INSERT);
            if !creates || request.has(policy::UPDATE_ONLY) {
                return tolerate(request, Err(ResultCode::BIN_NOT_FOUND));
            }
            &[]
        }
    };
    match request.code {
        // Resizing a missing bin to 0 bytes does not create the bin.
        code::RESIZE if bin.is_none() && request.size == 0 => Ok(Effect::default()),
        code::RESIZE => tolerate(request, resized(bin.is_some(), old, request)),
        code::INSERT => {
            let at = absolute(request.offset, old.len())?;
            check_size(at.max(old.len()) + request.bytes.len())?;
            Ok(changed(inserted(old, at, request.bytes)))
        }
        code::REMOVE => {
            let start = absolute(request.offset, old.len())?;
            tolerate(request, removed(old, start, request))
        }
        _ => {
            let start = absolute(request.offset, old.len() * 8)?;
            tolerate(request, rewritten(old, start, request))
        }
    }
}

/// Converts an offset, which counts from the end if it is negative, to an offset from the start.
pub(super) fn absolute(offset: i64, size: usize) -> Result<usize, ResultCode> {
    let from_start = if offset < 0 {
        i64::try_from(size).unwrap_or(i64::MAX).saturating_add(offset)
    } else {
        offset
    };
    usize::try_from(from_start).map_err(|_| ResultCode::PARAMETER)
}

/// Rejects sizes that no record can hold, before memory is allocated for them.
fn check_size(size: usize) -> Result<(), ResultCode> {
    if size > MAX_SIZE {
        return Err(ResultCode::RECORD_TOO_BIG);
    }
    Ok(())
}

fn changed(bytes: Vec<u8>) -> Effect {
    Effect {
        answer: None,
        changed: Some((kind::BLOB, bytes)),
    }
}

/// Suppresses errors that depend on the contents of the bin, if the client set the no-fail flag.
fn tolerate(request: &Request<'_>, result: Result<Vec<u8>, ResultCode>) -> Result<Effect, ResultCode> {
    match result {
        Ok(bytes) => Ok(changed(bytes)),
        Err(_) if request.has(policy::NO_FAIL) => Ok(Effect::default()),
        Err(result) => Err(result),
    }
}

fn resized(exists: bool, old: &[u8], request: &Request<'_>) -> Result<Vec<u8>, ResultCode> {
    let size = usize::try_from(request.size).map_err(|_| ResultCode::PARAMETER)?;
    let refused = if size > old.len() {
        request.flags & resize::SHRINK_ONLY != 0
    } else {
        exists && size < old.len() && request.flags & resize::GROW_ONLY != 0
    };
    if refused {
        return Err(ResultCode::PARAMETER);
    }
    check_size(size)?;
    let kept = size.min(old.len());
    let mut new = vec![0; size];
    let (to, from) = if request.flags & resize::FROM_FRONT != 0 {
        (new.get_mut(size - kept..), old.get(old.len() - kept..))
    } else {
        (new.get_mut(..kept), old.get(..kept))
    };
    if let (Some(to), Some(from)) = (to, from) {
        to.copy_from_slice(from);
    }
    Ok(new)
}

fn inserted(old: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let (head, tail) = old.split_at_checked(at).unwrap_or((old, &[]));
    let mut new = head.to_vec();
    new.resize(at, 0);
    new.extend_from_slice(bytes);
    new.extend_from_slice(tail);
    new
}

fn removed(old: &[u8], start: usize, request: &Request<'_>) -> Result<Vec<u8>, ResultCode> {
    let size = usize::try_from(request.size).map_err(|_| ResultCode::PARAMETER)?;
    if start >= old.len() || (start + size > old.len() && !request.has(policy::PARTIAL)) {
        return Err(ResultCode::PARAMETER);
    }
    let end = (start + size).min(old.len());
    let mut new = old.to_vec();
    new.drain(start..end);
    Ok(new)
}

/// Operations that change bits in place and keep the size.
fn rewritten(old: &[u8], start: usize, request: &Request<'_>) -> Result<Vec<u8>, ResultCode> {
    let all = old.len() * 8;
    let wanted = usize::try_from(request.size).map_err(|_| ResultCode::PARAMETER)?;
    let left = all.checked_sub(start).filter(|left| *left > 0);
    let size = match left {
        Some(left) if wanted <= left => wanted,
        Some(left) if request.has(policy::PARTIAL) => left,
        _ => return Err(ResultCode::NOT_APPLICABLE),
    };
    let region = Region { start, size };
    let mut new = old.to_vec();
    match request.code {
        code::SET => region.deposit(&mut new, request.bytes),
        code::OR => combine(region, &mut new, request.bytes, |a, b| a | b),
        code::XOR => combine(region, &mut new, request.bytes, |a, b| a ^ b),
        code::AND => combine(region, &mut new, request.bytes, |a, b| a & b),
        code::NOT => combine(region, &mut new, &[], |a, _| !a),
        code::LEFT_SHIFT | code::RIGHT_SHIFT => shift(region, &mut new, request),
        code::SET_INT => region.set_number(&mut new, request.number.cast_unsigned()),
        _ => {
            let sum = add(region, region.number(old), request)?;
            region.set_number(&mut new, sum);
        }
    }
    Ok(new)
}

fn combine(region: Region, bytes: &mut [u8], with: &[u8], operation: impl Fn(u8, u8) -> u8) {
    let mut bits = region.extract(bytes);
    for (at, byte) in bits.iter_mut().enumerate() {
        *byte = operation(*byte, with.get(at).copied().unwrap_or(0));
    }
    region.deposit(bytes, &bits);
}

fn shift(region: Region, bytes: &mut [u8], request: &Request<'_>) {
    let by = usize::try_from(request.number).unwrap_or(usize::MAX).min(region.size);
    let kept = region.size - by;
    let right = request.code == code::RIGHT_SHIFT;
    let from = if right { region.start } else { region.start + by };
    let to = if right { region.start + by } else { region.start };
    let bits = Region {
        start: from,
        size: kept,
    }
    .extract(bytes);
    region.deposit(bytes, &[]);
    Region { start: to, size: kept }.deposit(bytes, &bits);
}

/// Adds or subtracts within the region's size. Bits of the operand that do not fit the region are ignored.
fn add(region: Region, old: u64, request: &Request<'_>) -> Result<u64, ResultCode> {
    let operand = request.number.cast_unsigned() & region.mask();
    let subtracts = request.code == code::SUBTRACT;
    let (exact, lowest, highest) = if request.flags & overflow::SIGNED != 0 {
        // Like a real server, subtract by adding the negated operand. The negation of the minimum value is itself.
        let operand = if subtracts { operand.wrapping_neg() } else { operand };
        let (a, b) = (
            i128::from(region.sign_extend(old)),
            i128::from(region.sign_extend(operand)),
        );
        let half = i128::from(region.mask() / 2);
        // Like a real server, do not detect that twice the minimum value overflows.
        let sum = if a + b == -2 * (half + 1) { 0 } else { a + b };
        (sum, -half - 1, half)
    } else {
        let (a, b) = (i128::from(old), i128::from(operand));
        (if subtracts { a - b } else { a + b }, 0, i128::from(region.mask()))
    };
    let sum = if (lowest..=highest).contains(&exact) || request.flags & overflow::WRAP != 0 {
        exact
    } else if request.flags & overflow::SATURATE != 0 {
        exact.clamp(lowest, highest)
    } else {
        return Err(ResultCode::NOT_APPLICABLE);
    };
    // The low bits of the two's complement are the same for either sign.
    Ok(sum as u64 & region.mask())
}
