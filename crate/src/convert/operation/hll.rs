//! Operations on HyperLogLogs, the counterpart of `lib/operations/hll.ts`.

use aerospike_core::operations::Operation;
use aerospike_core::operations::hll::{self, HllPolicy, HllWriteFlags};

use super::arguments::Call;
use crate::catalog::operation_codes::hll_code as code;
use crate::common::errors::Failure;

fn policy(call: &mut Call) -> Result<HllPolicy, Failure> {
    Ok(HllPolicy::new(HllWriteFlags::from_bits(call.byte()?)))
}

/// Calls the builder for `call`. Operations with a policy have its flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    Ok(match call.code {
        code::INIT => {
            let policy = policy(call)?;
            hll::init_with_min_hash(&policy, bin, call.int()?, call.int()?)
        }
        code::ADD => {
            let policy = policy(call)?;
            hll::add_with_index_and_min_hash(&policy, bin, call.list()?, call.int()?, call.int()?)
        }
        code::SET_UNION => {
            let policy = policy(call)?;
            hll::set_union(&policy, bin, call.list()?)
        }
        code::REFRESH_COUNT => hll::refresh_count(bin),
        code::FOLD => hll::fold(bin, call.int()?),
        code::COUNT => hll::get_count(bin),
        code::UNION => hll::get_union(bin, call.list()?),
        code::UNION_COUNT => hll::get_union_count(bin, call.list()?),
        code::INTERSECT_COUNT => hll::get_intersect_count(bin, call.list()?),
        code::SIMILARITY => hll::get_similarity(bin, call.list()?),
        code::DESCRIBE => hll::describe(bin),
        _ => return Err(call.unknown()),
    })
}
