//! Operations on lists, the counterpart of `lib/operations/lists.ts`.

use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType, ListSortFlags, ListWriteFlags, Operation, lists,
};

use super::arguments::Call;
use crate::catalog::operation_codes::{list_code as code, list_order_code};
use crate::common::errors::Failure;

fn order(call: &mut Call) -> Result<ListOrderType, Failure> {
    match call.int()? {
        list_order_code::UNORDERED => Ok(ListOrderType::Unordered),
        list_order_code::ORDERED => Ok(ListOrderType::Ordered),
        _ => Err(call.misfit("an unknown order")),
    }
}

fn policy(call: &mut Call) -> Result<ListPolicy, Failure> {
    Ok(ListPolicy::new(order(call)?, ListWriteFlags::from_bits(call.byte()?)))
}

fn answer(call: &mut Call) -> Result<ListReturnType, Failure> {
    Ok(ListReturnType::from_bits(call.int()?))
}

/// Calls the builder for `call`.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    let left = call.left();
    Ok(match call.code {
        code::SET_ORDER => {
            let order = order(call)?;
            if call.flag()? {
                lists::set_order_with_index(bin, order)
            } else {
                lists::set_order(bin, order)
            }
        }
        code::APPEND => {
            let policy = policy(call)?;
            lists::append(&policy, bin, call.value()?)
        }
        code::APPEND_ITEMS => {
            let policy = policy(call)?;
            lists::append_items(&policy, bin, call.items()?)
        }
        code::INSERT => {
            let policy = policy(call)?;
            lists::insert(&policy, bin, call.int()?, call.value()?)
        }
        code::INSERT_ITEMS => {
            let policy = policy(call)?;
            lists::insert_items(&policy, bin, call.int()?, call.items()?)
        }
        code::POP => lists::pop(bin, call.int()?),
        code::POP_RANGE if left == 1 => lists::pop_range_from(bin, call.int()?),
        code::POP_RANGE => lists::pop_range(bin, call.int()?, call.int()?),
        code::REMOVE => lists::remove(bin, call.int()?),
        code::REMOVE_RANGE if left == 1 => lists::remove_range_from(bin, call.int()?),
        code::REMOVE_RANGE => lists::remove_range(bin, call.int()?, call.int()?),
        code::SET => {
            let index = call.int()?;
            let value = call.value()?;
            if value.is_nil() {
                return Err(call.misfit("nil as its value"));
            }
            if left == 2 {
                lists::set(bin, index, value)
            } else {
                lists::set_with_policy(&policy(call)?, bin, index, value)
            }
        }
        code::TRIM => lists::trim(bin, call.int()?, call.int()?),
        code::CLEAR => lists::clear(bin),
        code::INCREMENT if left == 1 => lists::increment_by_one(bin, call.int()?),
        code::INCREMENT => {
            let index = call.int()?;
            let by = call.int()?;
            lists::increment(&policy(call)?, bin, index, by)
        }
        code::SORT => lists::sort(bin, ListSortFlags::from_bits(call.byte()?)),
        code::SIZE => lists::size(bin),
        code::GET => lists::get(bin, call.int()?),
        code::GET_RANGE if left == 1 => lists::get_range_from(bin, call.int()?),
        code::GET_RANGE => lists::get_range(bin, call.int()?, call.int()?),
        code::JOIN if left == 0 => lists::join(bin),
        code::JOIN => lists::join_by_separator(bin, call.text()?),
        code::CREATE => {
            let order = order(call)?;
            let pad = call.flag()?;
            lists::create_persistent(bin, order, pad, call.flag()?)
        }
        code::GET_BY_INDEX..=code::GET_BY_VALUE_REL_RANK_RANGE => get_by(call, bin)?,
        code::REMOVE_BY_INDEX..=code::REMOVE_BY_VALUE_REL_RANK_RANGE => remove_by(call, bin)?,
        _ => return Err(call.unknown()),
    })
}

fn get_by(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let answer = answer(call)?;
    let left = call.left();
    Ok(match call.code {
        code::GET_BY_INDEX => lists::get_by_index(bin, call.int()?, answer),
        code::GET_BY_RANK => lists::get_by_rank(bin, call.int()?, answer),
        code::GET_BY_VALUE => lists::get_by_value(bin, call.value()?, answer),
        code::GET_BY_VALUE_LIST => lists::get_by_value_list(bin, call.list()?, answer),
        code::GET_BY_INDEX_RANGE if left == 1 => lists::get_by_index_range(bin, call.int()?, answer),
        code::GET_BY_INDEX_RANGE => lists::get_by_index_range_count(bin, call.int()?, call.int()?, answer),
        code::GET_BY_VALUE_INTERVAL => lists::get_by_value_range(bin, call.value()?, call.value()?, answer),
        code::GET_BY_RANK_RANGE if left == 1 => lists::get_by_rank_range(bin, call.int()?, answer),
        code::GET_BY_RANK_RANGE => lists::get_by_rank_range_count(bin, call.int()?, call.int()?, answer),
        code::GET_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            lists::get_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            lists::get_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(call.unknown()),
    })
}

fn remove_by(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let answer = answer(call)?;
    let left = call.left();
    Ok(match call.code {
        code::REMOVE_BY_INDEX => lists::remove_by_index(bin, call.int()?, answer),
        code::REMOVE_BY_RANK => lists::remove_by_rank(bin, call.int()?, answer),
        code::REMOVE_BY_VALUE => lists::remove_by_value(bin, call.value()?, answer),
        code::REMOVE_BY_VALUE_LIST => lists::remove_by_value_list(bin, call.list()?, answer),
        code::REMOVE_BY_INDEX_RANGE if left == 1 => lists::remove_by_index_range(bin, call.int()?, answer),
        code::REMOVE_BY_INDEX_RANGE => lists::remove_by_index_range_count(bin, call.int()?, call.int()?, answer),
        // This builder takes the return type in another position than the `get` builder.
        code::REMOVE_BY_VALUE_INTERVAL => lists::remove_by_value_range(bin, answer, call.value()?, call.value()?),
        code::REMOVE_BY_RANK_RANGE if left == 1 => lists::remove_by_rank_range(bin, call.int()?, answer),
        code::REMOVE_BY_RANK_RANGE => lists::remove_by_rank_range_count(bin, call.int()?, call.int()?, answer),
        code::REMOVE_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            lists::remove_by_value_relative_rank_range(bin, answer, call.value()?, call.int()?)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            lists::remove_by_value_relative_rank_range_count(bin, answer, value, rank, count)
        }
        _ => return Err(call.unknown()),
    })
}
