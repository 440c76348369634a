//! Operations on HyperLogLogs, the counterpart of `lib/operations/hll.ts`.

use aerospike_core::operations::Operation;
use aerospike_core::operations::hll::{self, HllPolicy, HllWriteFlags};

use super::arguments::Arguments;
use crate::catalog::operation_codes::hll_code as code;
use crate::common::errors::Failure;

fn policy(args: &mut Arguments) -> Result<HllPolicy, Failure> {
    Ok(HllPolicy::new(HllWriteFlags::from_bits(args.byte()?)))
}

/// Calls the builder of `args`. Operations with a policy have its flags before the other arguments.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    Ok(match args.code {
        code::INIT => {
            let policy = policy(args)?;
            hll::init_with_min_hash(&policy, bin, args.int()?, args.int()?)
        }
        code::ADD => {
            let policy = policy(args)?;
            hll::add_with_index_and_min_hash(&policy, bin, args.list()?, args.int()?, args.int()?)
        }
        code::SET_UNION => {
            let policy = policy(args)?;
            hll::set_union(&policy, bin, args.list()?)
        }
        code::REFRESH_COUNT => hll::refresh_count(bin),
        code::FOLD => hll::fold(bin, args.int()?),
        code::COUNT => hll::get_count(bin),
        code::UNION => hll::get_union(bin, args.list()?),
        code::UNION_COUNT => hll::get_union_count(bin, args.list()?),
        code::INTERSECT_COUNT => hll::get_intersect_count(bin, args.list()?),
        code::SIMILARITY => hll::get_similarity(bin, args.list()?),
        code::DESCRIBE => hll::describe(bin),
        _ => return Err(args.unknown()),
    })
}
