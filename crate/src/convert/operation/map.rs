//! Operations on maps, the counterpart of `lib/operations/maps.ts`. The codes are the server's, plus one for `create`.

use aerospike_core::operations::{MapOrder, MapPolicy, MapReturnType, MapWriteFlags, Operation, maps};
use aerospike_core::{IndexMap, Value};

use super::arguments::Call;
use crate::common::errors::Failure;

fn order(call: &mut Call) -> Result<MapOrder, Failure> {
    match call.int()? {
        0 => Ok(MapOrder::Unordered),
        1 => Ok(MapOrder::KeyOrdered),
        3 => Ok(MapOrder::KeyValueOrdered),
        _ => Err(call.misfit("an unknown order")),
    }
}

fn policy(call: &mut Call) -> Result<MapPolicy, Failure> {
    let order = order(call)?;
    let flags = MapWriteFlags::from_bits(call.byte()?);
    Ok(if call.flag()? {
        MapPolicy::with_persisted_index(order, flags)
    } else {
        MapPolicy::new(order, flags)
    })
}

fn answer(call: &mut Call) -> Result<MapReturnType, Failure> {
    Ok(MapReturnType::from_bits(call.int()?))
}

/// `create` has the server's code of `set_order`, so it needs its own number here.
const CREATE: u8 = 0xf0;

/// Calls the builder for `call`.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    Ok(match call.code {
        64 if call.left() == 1 => maps::set_order(bin, order(call)?),
        64 => {
            let policy = policy(call)?;
            maps::set_policy(&policy, bin, call.context())
        }
        67 => {
            let policy = policy(call)?;
            let (key, value) = (call.value()?, call.value()?);
            if value.is_nil() && policy.flags == MapWriteFlags::DEFAULT {
                // The core would omit the nil, and the server would read the order as the value.
                maps::put_items(&policy, bin, IndexMap::from([(checked_key(call, key)?, value)]))
            } else {
                maps::put(&policy, bin, key, value)
            }
        }
        68 => {
            let policy = policy(call)?;
            maps::put_items(&policy, bin, call.map()?)
        }
        73 => {
            let policy = policy(call)?;
            maps::increment_value(&policy, bin, call.value()?, delta(call)?)
        }
        74 => {
            let policy = policy(call)?;
            maps::decrement_value(&policy, bin, call.value()?, delta(call)?)
        }
        75 => maps::clear(bin),
        96 => maps::size(bin),
        CREATE => {
            let order = order(call)?;
            let persist_index = call.flag()?;
            let context = call.context();
            if persist_index && context.is_empty() {
                maps::create_with_index(bin, order)
            } else {
                maps::create(bin, order, context)
            }
        }
        97..=110 => get_by(call, bin)?,
        76..=89 => remove_by(call, bin)?,
        _ => return Err(call.unknown()),
    })
}

/// Checks that a key has a type that the core's maps can hash.
fn checked_key(call: &Call, key: Value) -> Result<Value, Failure> {
    match key {
        Value::Int(_) | Value::String(_) | Value::Blob(_) => Ok(key),
        _ => Err(call.misfit("a key that is neither an integer nor a string nor bytes")),
    }
}

/// Takes the amount to add. The core would omit a nil, and the server would add the order instead.
fn delta(call: &mut Call) -> Result<Value, Failure> {
    match call.value()? {
        number @ (Value::Int(_) | Value::Float(_)) => Ok(number),
        _ => Err(call.misfit("an argument that is no number")),
    }
}

fn get_by(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let answer = answer(call)?;
    let left = call.left();
    Ok(match call.code {
        97 => maps::get_by_key(bin, call.value()?, answer),
        98 => maps::get_by_index(bin, call.int()?, answer),
        100 => maps::get_by_rank(bin, call.int()?, answer),
        102 => maps::get_by_value(bin, call.value()?, answer),
        103 => maps::get_by_key_range(bin, call.value()?, call.value()?, answer),
        104 if left == 1 => maps::get_by_index_range_from(bin, call.int()?, answer),
        104 => maps::get_by_index_range(bin, call.int()?, call.int()?, answer),
        105 => maps::get_by_value_range(bin, call.value()?, call.value()?, answer),
        106 if left == 1 => maps::get_by_rank_range_from(bin, call.int()?, answer),
        106 => maps::get_by_rank_range(bin, call.int()?, call.int()?, answer),
        107 => maps::get_by_key_list(bin, call.list()?, answer),
        108 => maps::get_by_value_list(bin, call.list()?, answer),
        109 if left == 2 => maps::get_by_key_relative_index_range(bin, call.value()?, call.int()?, answer),
        109 => {
            let (key, index, count) = (call.value()?, call.int()?, call.int()?);
            maps::get_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        110 if left == 2 => maps::get_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer),
        110 => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            maps::get_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(call.unknown()),
    })
}

fn remove_by(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let answer = answer(call)?;
    let left = call.left();
    Ok(match call.code {
        76 => maps::remove_by_key(bin, call.value()?, answer),
        77 => maps::remove_by_index(bin, call.int()?, answer),
        79 => maps::remove_by_rank(bin, call.int()?, answer),
        81 => maps::remove_by_key_list(bin, call.list()?, answer),
        82 => maps::remove_by_value(bin, call.value()?, answer),
        83 => maps::remove_by_value_list(bin, call.list()?, answer),
        84 => maps::remove_by_key_range(bin, call.value()?, call.value()?, answer),
        85 if left == 1 => maps::remove_by_index_range_from(bin, call.int()?, answer),
        85 => maps::remove_by_index_range(bin, call.int()?, call.int()?, answer),
        86 => maps::remove_by_value_range(bin, call.value()?, call.value()?, answer),
        87 if left == 1 => maps::remove_by_rank_range_from(bin, call.int()?, answer),
        87 => maps::remove_by_rank_range(bin, call.int()?, call.int()?, answer),
        88 if left == 2 => maps::remove_by_key_relative_index_range(bin, call.value()?, call.int()?, answer),
        88 => {
            let (key, index, count) = (call.value()?, call.int()?, call.int()?);
            maps::remove_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        89 if left == 2 => maps::remove_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer),
        89 => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            maps::remove_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(call.unknown()),
    })
}
