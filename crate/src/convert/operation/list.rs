//! Operations on lists, the counterpart of `lib/operations/lists.ts`.

use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType, ListSortFlags, ListWriteFlags, Operation, lists,
};

use super::arguments::Arguments;
use crate::catalog::operation_codes::{list_code as code, list_order_code};
use crate::common::errors::Failure;

fn order(args: &mut Arguments) -> Result<ListOrderType, Failure> {
    match args.int()? {
        list_order_code::UNORDERED => Ok(ListOrderType::Unordered),
        list_order_code::ORDERED => Ok(ListOrderType::Ordered),
        _ => Err(args.misfit("an unknown order")),
    }
}

fn policy(args: &mut Arguments) -> Result<ListPolicy, Failure> {
    Ok(ListPolicy::new(order(args)?, ListWriteFlags::from_bits(args.byte()?)))
}

fn answer(args: &mut Arguments) -> Result<ListReturnType, Failure> {
    Ok(ListReturnType::from_bits(args.int()?))
}

/// Calls the builder of `args`.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    let left = args.left();
    Ok(match args.code {
        code::SET_ORDER => {
            let order = order(args)?;
            if args.flag()? {
                lists::set_order_with_index(bin, order)
            } else {
                lists::set_order(bin, order)
            }
        }
        code::APPEND => {
            let policy = policy(args)?;
            lists::append(&policy, bin, args.value()?)
        }
        code::APPEND_ITEMS => {
            let policy = policy(args)?;
            lists::append_items(&policy, bin, args.items()?)
        }
        code::INSERT => {
            let policy = policy(args)?;
            lists::insert(&policy, bin, args.int()?, args.value()?)
        }
        code::INSERT_ITEMS => {
            let policy = policy(args)?;
            lists::insert_items(&policy, bin, args.int()?, args.items()?)
        }
        code::POP => lists::pop(bin, args.int()?),
        code::POP_RANGE if left == 1 => lists::pop_range_from(bin, args.int()?),
        code::POP_RANGE => lists::pop_range(bin, args.int()?, args.int()?),
        code::REMOVE => lists::remove(bin, args.int()?),
        code::REMOVE_RANGE if left == 1 => lists::remove_range_from(bin, args.int()?),
        code::REMOVE_RANGE => lists::remove_range(bin, args.int()?, args.int()?),
        code::SET => {
            let index = args.int()?;
            let value = args.value()?;
            if value.is_nil() {
                return Err(args.misfit("nil as its value"));
            }
            if left == 2 {
                lists::set(bin, index, value)
            } else {
                lists::set_with_policy(&policy(args)?, bin, index, value)
            }
        }
        code::TRIM => lists::trim(bin, args.int()?, args.int()?),
        code::CLEAR => lists::clear(bin),
        code::INCREMENT if left == 1 => lists::increment_by_one(bin, args.int()?),
        code::INCREMENT => {
            let index = args.int()?;
            let by = args.int()?;
            lists::increment(&policy(args)?, bin, index, by)
        }
        code::SORT => lists::sort(bin, ListSortFlags::from_bits(args.byte()?)),
        code::SIZE => lists::size(bin),
        code::GET => lists::get(bin, args.int()?),
        code::GET_RANGE if left == 1 => lists::get_range_from(bin, args.int()?),
        code::GET_RANGE => lists::get_range(bin, args.int()?, args.int()?),
        code::JOIN if left == 0 => lists::join(bin),
        code::JOIN => lists::join_by_separator(bin, args.text()?),
        code::CREATE => {
            let order = order(args)?;
            let pad = args.flag()?;
            lists::create_persistent(bin, order, pad, args.flag()?)
        }
        code::GET_BY_INDEX..=code::GET_BY_VALUE_REL_RANK_RANGE => get_by(args, bin)?,
        code::REMOVE_BY_INDEX..=code::REMOVE_BY_VALUE_REL_RANK_RANGE => remove_by(args, bin)?,
        _ => return Err(args.unknown()),
    })
}

fn get_by(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let answer = answer(args)?;
    let left = args.left();
    Ok(match args.code {
        code::GET_BY_INDEX => lists::get_by_index(bin, args.int()?, answer),
        code::GET_BY_RANK => lists::get_by_rank(bin, args.int()?, answer),
        code::GET_BY_VALUE => lists::get_by_value(bin, args.value()?, answer),
        code::GET_BY_VALUE_LIST => lists::get_by_value_list(bin, args.list()?, answer),
        code::GET_BY_INDEX_RANGE if left == 1 => lists::get_by_index_range(bin, args.int()?, answer),
        code::GET_BY_INDEX_RANGE => lists::get_by_index_range_count(bin, args.int()?, args.int()?, answer),
        code::GET_BY_VALUE_INTERVAL => lists::get_by_value_range(bin, args.value()?, args.value()?, answer),
        code::GET_BY_RANK_RANGE if left == 1 => lists::get_by_rank_range(bin, args.int()?, answer),
        code::GET_BY_RANK_RANGE => lists::get_by_rank_range_count(bin, args.int()?, args.int()?, answer),
        code::GET_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            lists::get_by_value_relative_rank_range(bin, args.value()?, args.int()?, answer)
        }
        code::GET_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (args.value()?, args.int()?, args.int()?);
            lists::get_by_value_relative_rank_range_count(bin, value, rank, count, answer)
        }
        _ => return Err(args.unknown()),
    })
}

fn remove_by(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let answer = answer(args)?;
    let left = args.left();
    Ok(match args.code {
        code::REMOVE_BY_INDEX => lists::remove_by_index(bin, args.int()?, answer),
        code::REMOVE_BY_RANK => lists::remove_by_rank(bin, args.int()?, answer),
        code::REMOVE_BY_VALUE => lists::remove_by_value(bin, args.value()?, answer),
        code::REMOVE_BY_VALUE_LIST => lists::remove_by_value_list(bin, args.list()?, answer),
        code::REMOVE_BY_INDEX_RANGE if left == 1 => lists::remove_by_index_range(bin, args.int()?, answer),
        code::REMOVE_BY_INDEX_RANGE => lists::remove_by_index_range_count(bin, args.int()?, args.int()?, answer),
        // This builder takes the return type in another position than the `get` builder.
        code::REMOVE_BY_VALUE_INTERVAL => lists::remove_by_value_range(bin, answer, args.value()?, args.value()?),
        code::REMOVE_BY_RANK_RANGE if left == 1 => lists::remove_by_rank_range(bin, args.int()?, answer),
        code::REMOVE_BY_RANK_RANGE => lists::remove_by_rank_range_count(bin, args.int()?, args.int()?, answer),
        code::REMOVE_BY_VALUE_REL_RANK_RANGE if left == 2 => {
            lists::remove_by_value_relative_rank_range(bin, answer, args.value()?, args.int()?)
        }
        code::REMOVE_BY_VALUE_REL_RANK_RANGE => {
            let (value, rank, count) = (args.value()?, args.int()?, args.int()?);
            lists::remove_by_value_relative_rank_range_count(bin, answer, value, rank, count)
        }
        _ => return Err(args.unknown()),
    })
}
