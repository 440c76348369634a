//! Operations on everything that a path selects (server 8.1.1), the counterpart of `lib/operations/paths.ts`.

use aerospike_core::expressions;
use aerospike_core::operations::Operation;
use aerospike_core::operations::path::{self, ModifyFlag, SelectFlag};

use super::arguments::Arguments;
use crate::catalog::operation_codes::path_code as code;
use crate::common::errors::Failure;

/// Calls the builder of `args`. The context is the path.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    let path = args.context();
    if path.is_empty() {
        return Err(args.misfit("an empty path"));
    }
    Ok(match args.code {
        code::SELECT => path::select_by_path(bin, SelectFlag::from_bits(args.int()?), &path),
        code::MODIFY => {
            let flags = ModifyFlag::from_bits(args.int()?);
            let change = args.bytes()?;
            if change.is_empty() {
                return Err(args.misfit("an empty expression"));
            }
            path::modify_by_path(bin, flags, expressions::from_packed_bytes(change), &path)
        }
        code::REMOVE => path::remove(bin, &path),
        _ => return Err(args.unknown()),
    })
}
