//! Operations on HyperLogLogs, the counterpart of `lib/operations/hll.ts`. The codes are the server's.

use aerospike_core::operations::Operation;
use aerospike_core::operations::hll::{self, HllPolicy, HllWriteFlags};

use super::arguments::Call;
use crate::common::errors::Failure;

fn policy(call: &mut Call) -> Result<HllPolicy, Failure> {
    Ok(HllPolicy::new(HllWriteFlags::from_bits(call.byte()?)))
}

/// Calls the builder for `call`. Operations with a policy have its flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    Ok(match call.code {
        0 => {
            let policy = policy(call)?;
            hll::init_with_min_hash(&policy, bin, call.int()?, call.int()?)
        }
        1 => {
            let policy = policy(call)?;
            hll::add_with_index_and_min_hash(&policy, bin, call.list()?, call.int()?, call.int()?)
        }
        2 => {
            let policy = policy(call)?;
            hll::set_union(&policy, bin, call.list()?)
        }
        3 => hll::refresh_count(bin),
        4 => hll::fold(bin, call.int()?),
        50 => hll::get_count(bin),
        51 => hll::get_union(bin, call.list()?),
        52 => hll::get_union_count(bin, call.list()?),
        53 => hll::get_intersect_count(bin, call.list()?),
        54 => hll::get_similarity(bin, call.list()?),
        55 => hll::describe(bin),
        _ => return Err(call.unknown()),
    })
}
