//! Operations that evaluate an expression, the counterpart of `lib/operations/expression.ts`.

use aerospike_core::expressions;
use aerospike_core::operations::Operation;
use aerospike_core::operations::exp::{ExpReadFlags, ExpWriteFlags, read_exp, write_exp};

use super::arguments::Call;
use crate::catalog::operation_codes::expression_code as code;
use crate::common::errors::Failure;

/// Calls the builder for `call`. The expression is already packed.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    let packed = call.bytes()?;
    if packed.is_empty() {
        return Err(call.misfit("an empty expression"));
    }
    let expression = expressions::from_packed_bytes(packed);
    let flags = call.int()?;
    Ok(match call.code {
        code::READ => read_exp(bin, expression, ExpReadFlags::from_bits(flags)),
        code::WRITE => write_exp(bin, expression, ExpWriteFlags::from_bits(flags)),
        _ => return Err(call.unknown()),
    })
}
