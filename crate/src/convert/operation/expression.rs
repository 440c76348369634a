//! Operations that evaluate an expression, the counterpart of `lib/operations/expression.ts`.

use aerospike_core::expressions;
use aerospike_core::operations::Operation;
use aerospike_core::operations::exp::{ExpReadFlags, ExpWriteFlags, read_exp, write_exp};

use super::arguments::Arguments;
use crate::catalog::operation_codes::expression_code as code;
use crate::common::errors::Failure;

/// Calls the builder of `args`. The expression is already packed.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    let packed = args.bytes()?;
    if packed.is_empty() {
        return Err(args.misfit("an empty expression"));
    }
    let expression = expressions::from_packed_bytes(packed);
    let flags = args.int()?;
    Ok(match args.code {
        code::READ => read_exp(bin, expression, ExpReadFlags::from_bits(flags)),
        code::WRITE => write_exp(bin, expression, ExpWriteFlags::from_bits(flags)),
        _ => return Err(args.unknown()),
    })
}
