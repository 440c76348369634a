//! Operations on maps, the counterpart of `lib/operations/maps.ts`.

use aerospike_core::operations::{MapOrder, MapPolicy, MapReturnType, MapWriteFlags, Operation, maps};
use aerospike_core::{IndexMap, Value};

use super::arguments::Call;
use crate::catalog::operation_codes::{map_code as code, map_order_code};
use crate::common::errors::Failure;

fn order(call: &mut Call) -> Result<MapOrder, Failure> {
    match call.int()? {
        map_order_code::UNORDERED => Ok(MapOrder::Unordered),
        map_order_code::KEY_ORDERED => Ok(MapOrder::KeyOrdered),
        map_order_code::KEY_VALUE_ORDERED => Ok(MapOrder::KeyValueOrdered),
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

/// Calls the builder for `call`.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    Ok(match call.code {
        code::SET_ORDER if call.left() == 1 => maps::set_order(bin, order(call)?),
        code::SET_ORDER => {
            let policy = policy(call)?;
            maps::set_policy(&policy, bin, call.context())
        }
        code::PUT => {
            let policy = policy(call)?;
            let (key, value) = (call.value()?, call.value()?);
            if value.is_nil() && policy.flags == MapWriteFlags::DEFAULT {
                // The core would omit the nil, and the server would read the order as the value.
                maps::put_items(&policy, bin, IndexMap::from([(checked_key(call, key)?, value)]))
            } else {
                maps::put(&policy, bin, key, value)
            }
        }
        code::PUT_ITEMS => {
            let policy = policy(call)?;
            maps::put_items(&policy, bin, call.map()?)
        }
        code::INCREMENT => {
            let policy = policy(call)?;
            maps::increment_value(&policy, bin, call.value()?, delta(call)?)
        }
        code::DECREMENT => {
            let policy = policy(call)?;
            maps::decrement_value(&policy, bin, call.value()?, delta(call)?)
        }
        code::CLEAR => maps::clear(bin),
        code::SIZE => maps::size(bin),
        code::CREATE => {
            let order = order(call)?;
            let persist_index = call.flag()?;
            let context = call.context();
            if persist_index && context.is_empty() {
                maps::create_with_index(bin, order)
            } else {
                maps::create(bin, order, context)
            }
        }
        code::GET_BY_KEY..=code::GET_BY_VALUE_REL_RANK_RANGE => get_by(call, bin)?,
        code::REMOVE_BY_KEY..=code::REMOVE_BY_VALUE_REL_RANK_RANGE => remove_by(call, bin)?,
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
        code::GET_BY_KEY => maps::get_by_key(bin, call.value()?, answer),
        code::GET_BY_INDEX => maps::get_by_index(bin, call.int()?, answer),
        code::GET_BY_RANK => maps::get_by_rank(bin, call.int()?, answer),
        code::GET_BY_VALUE => maps::get_by_value(bin, call.value()?, answer),
        code::GET_BY_KEY_INTERVAL => maps::get_by_key_range(bin, call.value()?, call.value()?, answer),
        code::GET_BY_INDEX_RANGE if left == 1 => maps::get_by_index_range_from(bin, call.int()?, answer),
        code::GET_BY_INDEX_RANGE => maps::get_by_index_range(bin, call.int()?, call.int()?, answer),
        code::GET_BY_VALUE_INTERVAL => maps::get_by_value_range(bin, call.value()?, call.value()?, answer),
        code::GET_BY_RANK_RANGE if left == 1 => maps::get_by_rank_range_from(bin, call.int()?, answer),
        code::GET_BY_RANK_RANGE => maps::get_by_rank_range(bin, call.int()?, call.int()?, answer),
        code::GET_BY_KEY_LIST => maps::get_by_key_list(bin, call.list()?, answer),
        code::GET_BY_VALUE_LIST => maps::get_by_value_list(bin, call.list()?, answer),
        code::GET_BY_KEY_REL_INDEX_RANGE if left == 2 => {
            maps::get_by_key_relative_index_range(bin, call.value()?, call.int()?, answer)
        }
        code::GET_BY_KEY_REL_INDEX_RANGE => {
            let (key, index, count) = (call.value()?, call.int()?, call.int()?);
            maps::get_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            maps::get_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE => {
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
        code::REMOVE_BY_KEY => maps::remove_by_key(bin, call.value()?, answer),
        code::REMOVE_BY_INDEX => maps::remove_by_index(bin, call.int()?, answer),
        code::REMOVE_BY_RANK => maps::remove_by_rank(bin, call.int()?, answer),
        code::REMOVE_BY_KEY_LIST => maps::remove_by_key_list(bin, call.list()?, answer),
        code::REMOVE_BY_VALUE => maps::remove_by_value(bin, call.value()?, answer),
        code::REMOVE_BY_VALUE_LIST => maps::remove_by_value_list(bin, call.list()?, answer),
        code::REMOVE_BY_KEY_INTERVAL => maps::remove_by_key_range(bin, call.value()?, call.value()?, answer),
        code::REMOVE_BY_INDEX_RANGE if left == 1 => maps::remove_by_index_range_from(bin, call.int()?, answer),
        code::REMOVE_BY_INDEX_RANGE => maps::remove_by_index_range(bin, call.int()?, call.int()?, answer),
        code::REMOVE_BY_VALUE_INTERVAL => maps::remove_by_value_range(bin, call.value()?, call.value()?, answer),
        code::REMOVE_BY_RANK_RANGE if left == 1 => maps::remove_by_rank_range_from(bin, call.int()?, answer),
        code::REMOVE_BY_RANK_RANGE => maps::remove_by_rank_range(bin, call.int()?, call.int()?, answer),
        code::REMOVE_BY_KEY_REL_INDEX_RANGE if left == 2 => {
            maps::remove_by_key_relative_index_range(bin, call.value()?, call.int()?, answer)
        }
        code::REMOVE_BY_KEY_REL_INDEX_RANGE => {
            let (key, index, count) = (call.value()?, call.int()?, call.int()?);
            maps::remove_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            maps::remove_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            maps::remove_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(call.unknown()),
    })
}
