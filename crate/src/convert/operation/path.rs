//! Operations on everything that a path selects (server 8.1.1), the counterpart of `lib/operations/paths.ts`.

use aerospike_core::expressions;
use aerospike_core::operations::Operation;
use aerospike_core::operations::path::{self, ModifyFlag, SelectFlag};

use super::arguments::Call;
use crate::catalog::operation_codes::path_code as code;
use crate::common::errors::Failure;

/// Calls the builder for `call`. The context is the path.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    let path = call.context();
    if path.is_empty() {
        return Err(call.misfit("an empty path"));
    }
    Ok(match call.code {
        code::SELECT => path::select_by_path(bin, SelectFlag::from_bits(call.int()?), &path),
        code::MODIFY => {
            let flags = ModifyFlag::from_bits(call.int()?);
            let change = call.bytes()?;
            if change.is_empty() {
                return Err(call.misfit("an empty expression"));
            }
            path::modify_by_path(bin, flags, expressions::from_packed_bytes(change), &path)
        }
        code::REMOVE => path::remove(bin, &path),
        _ => return Err(call.unknown()),
    })
}
