//! Operations on lists, the counterpart of `lib/operations/lists.ts`. The codes are the server's, plus one for
//! `create`.

use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType, ListSortFlags, ListWriteFlags, Operation, lists,
};

use super::arguments::Call;
use crate::common::errors::Failure;

fn order(call: &mut Call) -> Result<ListOrderType, Failure> {
    match call.int()? {
        0 => Ok(ListOrderType::Unordered),
        1 => Ok(ListOrderType::Ordered),
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
        0 => {
            let order = order(call)?;
            if call.flag()? {
                lists::set_order_with_index(bin, order)
            } else {
                lists::set_order(bin, order)
            }
        }
        1 => {
            let policy = policy(call)?;
            lists::append(&policy, bin, call.value()?)
        }
        2 => {
            let policy = policy(call)?;
            lists::append_items(&policy, bin, call.items()?)
        }
        3 => {
            let policy = policy(call)?;
            lists::insert(&policy, bin, call.int()?, call.value()?)
        }
        4 => {
            let policy = policy(call)?;
            lists::insert_items(&policy, bin, call.int()?, call.items()?)
        }
        5 => lists::pop(bin, call.int()?),
        6 if left == 1 => lists::pop_range_from(bin, call.int()?),
        6 => lists::pop_range(bin, call.int()?, call.int()?),
        7 => lists::remove(bin, call.int()?),
        8 if left == 1 => lists::remove_range_from(bin, call.int()?),
        8 => lists::remove_range(bin, call.int()?, call.int()?),
        9 => {
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
        10 => lists::trim(bin, call.int()?, call.int()?),
        11 => lists::clear(bin),
        12 if left == 1 => lists::increment_by_one(bin, call.int()?),
        12 => {
            let index = call.int()?;
            let by = call.int()?;
            lists::increment(&policy(call)?, bin, index, by)
        }
        13 => lists::sort(bin, ListSortFlags::from_bits(call.byte()?)),
        16 => lists::size(bin),
        17 => lists::get(bin, call.int()?),
        18 if left == 1 => lists::get_range_from(bin, call.int()?),
        18 => lists::get_range(bin, call.int()?, call.int()?),
        28 if left == 0 => lists::join(bin),
        28 => lists::join_by_separator(bin, call.text()?),
        CREATE => {
            let order = order(call)?;
            let pad = call.flag()?;
            lists::create_persistent(bin, order, pad, call.flag()?)
        }
        19..=27 => get_by(call, bin)?,
        32..=40 => remove_by(call, bin)?,
        _ => return Err(call.unknown()),
    })
}

/// `create` has the server's code of `set_order`, so it needs its own number here.
const CREATE: u8 = 0xf0;

fn get_by(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let answer = answer(call)?;
    let left = call.left();
    Ok(match call.code {
        19 => lists::get_by_index(bin, call.int()?, answer),
        21 => lists::get_by_rank(bin, call.int()?, answer),
        22 => lists::get_by_value(bin, call.value()?, answer),
        23 => lists::get_by_value_list(bin, call.list()?, answer),
        24 if left == 1 => lists::get_by_index_range(bin, call.int()?, answer),
        24 => lists::get_by_index_range_count(bin, call.int()?, call.int()?, answer),
        25 => lists::get_by_value_range(bin, call.value()?, call.value()?, answer),
        26 if left == 1 => lists::get_by_rank_range(bin, call.int()?, answer),
        26 => lists::get_by_rank_range_count(bin, call.int()?, call.int()?, answer),
        27 if left == 2 => lists::get_by_value_relative_rank_range(bin, call.value()?, call.int()?, answer),
        27 => {
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
        32 => lists::remove_by_index(bin, call.int()?, answer),
        34 => lists::remove_by_rank(bin, call.int()?, answer),
        35 => lists::remove_by_value(bin, call.value()?, answer),
        36 => lists::remove_by_value_list(bin, call.list()?, answer),
        37 if left == 1 => lists::remove_by_index_range(bin, call.int()?, answer),
        37 => lists::remove_by_index_range_count(bin, call.int()?, call.int()?, answer),
        // This builder takes the return type in another position than the `get` builder.
        38 => lists::remove_by_value_range(bin, answer, call.value()?, call.value()?),
        39 if left == 1 => lists::remove_by_rank_range(bin, call.int()?, answer),
        39 => lists::remove_by_rank_range_count(bin, call.int()?, call.int()?, answer),
        40 if left == 2 => lists::remove_by_value_relative_rank_range(bin, answer, call.value()?, call.int()?),
        40 => {
            let (value, rank, count) = (call.value()?, call.int()?, call.int()?);
            lists::remove_by_value_relative_rank_range_count(bin, answer, value, rank, count)
        }
        _ => return Err(call.unknown()),
    })
}
