//! Operations on maps, the counterpart of `lib/operations/maps.ts`.

use aerospike_core::operations::{MapOrder, MapPolicy, MapReturnType, MapWriteFlags, Operation, maps};
use aerospike_core::{IndexMap, Value};

use super::arguments::Arguments;
use crate::catalog::operation_codes::{map_code as code, map_order_code};
use crate::common::errors::Failure;

fn order(args: &mut Arguments) -> Result<MapOrder, Failure> {
    match args.int()? {
        map_order_code::UNORDERED => Ok(MapOrder::Unordered),
        map_order_code::KEY_ORDERED => Ok(MapOrder::KeyOrdered),
        map_order_code::KEY_VALUE_ORDERED => Ok(MapOrder::KeyValueOrdered),
        _ => Err(args.misfit("an unknown order")),
    }
}

fn policy(args: &mut Arguments) -> Result<MapPolicy, Failure> {
    let order = order(args)?;
    let flags = MapWriteFlags::from_bits(args.byte()?);
    Ok(if args.flag()? {
        MapPolicy::with_persisted_index(order, flags)
    } else {
        MapPolicy::new(order, flags)
    })
}

fn answer(args: &mut Arguments) -> Result<MapReturnType, Failure> {
    Ok(MapReturnType::from_bits(args.int()?))
}

/// Calls the builder of `args`.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    Ok(match args.code {
        code::SET_ORDER if args.left() == 1 => maps::set_order(bin, order(args)?),
        code::SET_ORDER => {
            let policy = policy(args)?;
            maps::set_policy(&policy, bin, args.context())
        }
        code::PUT => {
            let policy = policy(args)?;
            let (key, value) = (args.value()?, args.value()?);
            if value.is_nil() && policy.flags == MapWriteFlags::DEFAULT {
                // The core would omit the nil, and the server would read the order as the value.
                maps::put_items(&policy, bin, IndexMap::from([(checked_key(args, key)?, value)]))
            } else {
                maps::put(&policy, bin, key, value)
            }
        }
        code::PUT_ITEMS => {
            let policy = policy(args)?;
            maps::put_items(&policy, bin, args.map()?)
        }
        code::INCREMENT => {
            let policy = policy(args)?;
            maps::increment_value(&policy, bin, args.value()?, delta(args)?)
        }
        code::DECREMENT => {
            let policy = policy(args)?;
            maps::decrement_value(&policy, bin, args.value()?, delta(args)?)
        }
        code::CLEAR => maps::clear(bin),
        code::SIZE => maps::size(bin),
        code::CREATE => {
            let order = order(args)?;
            let persist_index = args.flag()?;
            let context = args.context();
            if persist_index && context.is_empty() {
                maps::create_with_index(bin, order)
            } else {
                maps::create(bin, order, context)
            }
        }
        code::GET_BY_KEY..=code::GET_BY_VALUE_REL_RANK_RANGE => get_by(args, bin)?,
        code::REMOVE_BY_KEY..=code::REMOVE_BY_VALUE_REL_RANK_RANGE => remove_by(args, bin)?,
        _ => return Err(args.unknown()),
    })
}

/// Checks that a key has a type that the core's maps can hash.
fn checked_key(args: &Arguments, key: Value) -> Result<Value, Failure> {
    match key {
        Value::Int(_) | Value::String(_) | Value::Blob(_) => Ok(key),
        _ => Err(args.misfit("a key that is neither an integer nor a string nor bytes")),
    }
}

/// Takes the amount to add. The core would omit a nil, and the server would add the order instead.
fn delta(args: &mut Arguments) -> Result<Value, Failure> {
    match args.value()? {
        number @ (Value::Int(_) | Value::Float(_)) => Ok(number),
        _ => Err(args.misfit("an argument that is no number")),
    }
}

fn get_by(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let answer = answer(args)?;
    let left = args.left();
    Ok(match args.code {
        code::GET_BY_KEY => maps::get_by_key(bin, args.value()?, answer),
        code::GET_BY_INDEX => maps::get_by_index(bin, args.int()?, answer),
        code::GET_BY_RANK => maps::get_by_rank(bin, args.int()?, answer),
        code::GET_BY_VALUE => maps::get_by_value(bin, args.value()?, answer),
        code::GET_BY_KEY_INTERVAL => maps::get_by_key_range(bin, args.value()?, args.value()?, answer),
        code::GET_BY_INDEX_RANGE if left == 1 => maps::get_by_index_range_from(bin, args.int()?, answer),
        code::GET_BY_INDEX_RANGE => maps::get_by_index_range(bin, args.int()?, args.int()?, answer),
        code::GET_BY_VALUE_INTERVAL => maps::get_by_value_range(bin, args.value()?, args.value()?, answer),
        code::GET_BY_RANK_RANGE if left == 1 => maps::get_by_rank_range_from(bin, args.int()?, answer),
        code::GET_BY_RANK_RANGE => maps::get_by_rank_range(bin, args.int()?, args.int()?, answer),
        code::GET_BY_KEY_LIST => maps::get_by_key_list(bin, args.list()?, answer),
        code::GET_BY_VALUE_LIST => maps::get_by_value_list(bin, args.list()?, answer),
        code::GET_BY_KEY_REL_INDEX_RANGE if left == 2 => {
            maps::get_by_key_relative_index_range(bin, args.value()?, args.int()?, answer)
        }
        code::GET_BY_KEY_REL_INDEX_RANGE => {
            let (key, index, count) = (args.value()?, args.int()?, args.int()?);
            maps::get_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            maps::get_by_value_relative_rank_range(bin, args.value()?, args.int()?, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (args.value()?, args.int()?, args.int()?);
            maps::get_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(args.unknown()),
    })
}

fn remove_by(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let answer = answer(args)?;
    let left = args.left();
    Ok(match args.code {
        code::REMOVE_BY_KEY => maps::remove_by_key(bin, args.value()?, answer),
        code::REMOVE_BY_INDEX => maps::remove_by_index(bin, args.int()?, answer),
        code::REMOVE_BY_RANK => maps::remove_by_rank(bin, args.int()?, answer),
        code::REMOVE_BY_KEY_LIST => maps::remove_by_key_list(bin, args.list()?, answer),
        code::REMOVE_BY_VALUE => maps::remove_by_value(bin, args.value()?, answer),
        code::REMOVE_BY_VALUE_LIST => maps::remove_by_value_list(bin, args.list()?, answer),
        code::REMOVE_BY_KEY_INTERVAL => maps::remove_by_key_range(bin, args.value()?, args.value()?, answer),
        code::REMOVE_BY_INDEX_RANGE if left == 1 => maps::remove_by_index_range_from(bin, args.int()?, answer),
        code::REMOVE_BY_INDEX_RANGE => maps::remove_by_index_range(bin, args.int()?, args.int()?, answer),
        code::REMOVE_BY_VALUE_INTERVAL => maps::remove_by_value_range(bin, args.value()?, args.value()?, answer),
        code::REMOVE_BY_RANK_RANGE if left == 1 => maps::remove_by_rank_range_from(bin, args.int()?, answer),
        code::REMOVE_BY_RANK_RANGE => maps::remove_by_rank_range(bin, args.int()?, args.int()?, answer),
        code::REMOVE_BY_KEY_REL_INDEX_RANGE if left == 2 => {
            maps::remove_by_key_relative_index_range(bin, args.value()?, args.int()?, answer)
        }
        code::REMOVE_BY_KEY_REL_INDEX_RANGE => {
            let (key, index, count) = (args.value()?, args.int()?, args.int()?);
            maps::remove_by_key_relative_index_range_count(bin, key, index, count, answer)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            maps::remove_by_value_relative_rank_range(bin, args.value()?, args.int()?, answer)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (args.value()?, args.int()?, args.int()?);
            maps::remove_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(args.unknown()),
    })
}
