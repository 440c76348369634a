//! Operations that exist for maps only.

use super::Outcome;
use super::call::Arguments;
use super::code::map as code;
use super::map::{Map, head};
use super::number::Number;
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token, marker, string_kind, write};
use crate::record::particle::kind;

/// Write flags of a map policy.
#[derive(Debug, Clone, Copy)]
struct WriteFlags(i64);

impl WriteFlags {
    const CREATE_ONLY: Self = Self(1);
    const UPDATE_ONLY: Self = Self(2);

    /// Rejects keys that already exist.
    fn create_only(self) -> bool {
        self.0 & 1 != 0
    }

    /// Rejects keys that do not exist.
    fn update_only(self) -> bool {
        self.0 & 2 != 0
    }

    /// Skips rejected pairs instead of failing.
    fn no_fail(self) -> bool {
        self.0 & 4 != 0
    }

    /// Writes the accepted pairs even if others are rejected.
    fn partial(self) -> bool {
        self.0 & 8 != 0
    }
}

/// Performs an operation that reads a map.
pub(super) fn read(op: u8, bytes: &[u8]) -> Result<Outcome, ResultCode> {
    if op != code::SIZE {
        return Err(ResultCode::PARAMETER);
    }
    let (_, count, _) = head(bytes)?;
    Ok(answer_size(count))
}

/// Performs an operation that modifies a map, or creates it if the bin does not exist.
pub(super) fn modify(op: u8, arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let map = bytes.map(Map::parse).transpose()?;
    match op {
        code::SET_TYPE => set_type(arguments, map.unwrap_or_default()),
        code::CLEAR => {
            let flags = map.unwrap_or_default().flags;
            let empty = Map {
                flags,
                ..Map::default()
            };
            Ok(changed(&empty, None))
        }
        code::PUT => put(arguments, map, 2, WriteFlags(arguments.int_or(3, 0)?)),
        code::ADD => put(arguments, map, 2, WriteFlags::CREATE_ONLY),
        code::REPLACE => put(arguments, map, 2, WriteFlags::UPDATE_ONLY),
        code::PUT_ITEMS => put_items(arguments, map, WriteFlags(arguments.int_or(2, 0)?)),
        code::ADD_ITEMS => put_items(arguments, map, WriteFlags::CREATE_ONLY),
        code::REPLACE_ITEMS => put_items(arguments, map, WriteFlags::UPDATE_ONLY),
        code::INCREMENT => increment(arguments, map, false),
        code::DECREMENT => increment(arguments, map, true),
        _ => Err(ResultCode::PARAMETER),
    }
}

fn changed(map: &Map<'_>, answer: Option<Vec<u8>>) -> Outcome {
    Outcome {
        answer,
        changed: Some((kind::MAP, map.encode())),
    }
}

fn answer_size(size: usize) -> Outcome {
    let mut out = Vec::new();
    write::size(&mut out, size);
    Outcome::answer(out)
}

/// Converts the order that a client requests to map flags.
fn order_flags(order: i64) -> Result<u8, ResultCode> {
    let known = i64::from(marker::OF_MAPS | marker::PERSIST_INDEX);
    if order & !known != 0 {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    u8::try_from(order & i64::from(marker::OF_MAPS)).map_err(|_| ResultCode::PARAMETER)
}

fn set_type(arguments: &Arguments<'_>, mut map: Map<'_>) -> Result<Outcome, ResultCode> {
    map.flags = order_flags(arguments.int(0)?)?;
    Ok(changed(&map, None))
}

/// The existing map, or a new one in the order that the argument at a position requests.
fn existing_or_new<'a>(
    arguments: &Arguments<'_>,
    map: Option<Map<'a>>,
    order_at: usize,
) -> Result<Map<'a>, ResultCode> {
    let order = arguments.int_or(order_at, 0)?;
    match map {
        Some(map) => Ok(map),
        None => Ok(Map {
            flags: order_flags(order)?,
            ..Map::default()
        }),
    }
}

/// The empty map that an operation with create semantics leaves in a bin that does not exist, if it does
/// nothing else.
pub(super) fn empty(op: u8, arguments: &Arguments<'_>) -> Result<Vec<u8>, ResultCode> {
    let order_at = if op == code::PUT { 2 } else { 1 };
    Ok(existing_or_new(arguments, None, order_at)?.encode())
}

/// A key in its stored form.
fn key(arguments: &Arguments<'_>) -> Result<Vec<u8>, ResultCode> {
    let key = arguments.value(0)?;
    match Reader::new(&key).token() {
        Ok(Token::Int(_) | Token::Unsigned(_)) => Ok(key),
        Ok(Token::Bytes([string_kind::STRING | string_kind::BLOB, ..])) => Ok(key),
        _ => Err(ResultCode::PARAMETER),
    }
}

/// Checks whether a pair may be written.
fn check(map: &Map<'_>, key: &[u8], flags: WriteFlags) -> Result<(), ResultCode> {
    match map.find(key) {
        Ok(_) if flags.create_only() => Err(ResultCode::ELEMENT_EXISTS),
        Err(_) if flags.update_only() => Err(ResultCode::ELEMENT_NOT_FOUND),
        _ => Ok(()),
    }
}

fn put(
    arguments: &Arguments<'_>,
    map: Option<Map<'_>>,
    order_at: usize,
    flags: WriteFlags,
) -> Result<Outcome, ResultCode> {
    let key = key(arguments)?;
    let value = arguments.value(1)?;
    let map = existing_or_new(arguments, map, order_at)?;
    write_pairs(map, &[(&key, &value)], flags, false)
}

fn put_items(arguments: &Arguments<'_>, map: Option<Map<'_>>, flags: WriteFlags) -> Result<Outcome, ResultCode> {
    let items = arguments.value(0)?;
    let items = Map::parse(&items)?;
    let map = existing_or_new(arguments, map, 1)?;
    let pairs: Vec<_> = items.keys.into_iter().zip(items.values).collect();
    write_pairs(map, &pairs, flags, true)
}

fn write_pairs<'a>(
    mut map: Map<'a>,
    pairs: &[(&'a [u8], &'a [u8])],
    flags: WriteFlags,
    several: bool,
) -> Result<Outcome, ResultCode> {
    // Like a real server: with no-fail and partial, an empty map accepts every pair.
    let (partial, flags) = match flags {
        flags if flags.partial() && flags.no_fail() && several && map.len() == 0 => (true, WriteFlags(0)),
        flags => (flags.partial() && several, flags),
    };
    let mut allowed = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        match check(&map, key, flags) {
            Ok(()) => allowed.push((*key, *value)),
            Err(failure) if !flags.no_fail() => return Err(failure),
            Err(_) if partial => {}
            Err(_) => return Ok(answer_size(map.len())),
        }
    }
    map.set_all(&allowed);
    let size = answer_size(map.len());
    Ok(changed(&map, size.answer))
}

fn increment(arguments: &Arguments<'_>, map: Option<Map<'_>>, negated: bool) -> Result<Outcome, ResultCode> {
    let key = key(arguments)?;
    let step = Number::parse_step(arguments.get(1))?;
    let step = if negated { step.negated() } else { step };
    let mut map = existing_or_new(arguments, map, 2)?;
    let old = map.find(&key).ok().and_then(|at| map.values.get(at));
    let sum = match old {
        Some(old) => Number::parse(old)?.plus(step),
        None => step,
    };
    let sum = sum.encode();
    map.set(&key, &sum);
    Ok(changed(&map, Some(sum.clone())))
}
