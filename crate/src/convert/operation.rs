//! The operations of `operate`, as `lib/operations/` writes them.

use aerospike_core::Bin;
use aerospike_core::operations::{Operation, scalar};

use super::value;
use crate::boundary::wire::Reader;
use crate::errors::Failure;

/// Codes of the scalar operations: the wire's own, and one for the header read, which shares the wire's READ.
mod code {
    pub const READ: u8 = 1;
    pub const WRITE: u8 = 2;
    pub const INCR: u8 = 5;
    pub const APPEND: u8 = 9;
    pub const PREPEND: u8 = 10;
    pub const TOUCH: u8 = 11;
    pub const DELETE: u8 = 14;
    pub const READ_HEADER: u8 = 0x41;
}

/// One operation with what `operate` needs to know to name its result.
pub struct Step {
    /// The core's operation.
    pub operation: Operation,
    /// The bin that it names, or empty.
    pub bin: String,
    /// Whether it answers (a plain write does not).
    pub answers: bool,
    /// Whether it reads all bins, which takes the results out of their order.
    pub reads_all: bool,
}

/// Reads a list of operations.
///
/// # Errors
/// A body that ends early or an unknown code.
pub fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Step>, Failure> {
    let count = usize::from(reader.u16()?);
    (0..count).map(|_| read(reader)).collect()
}

fn read(reader: &mut Reader<'_>) -> Result<Step, Failure> {
    let code = reader.u8()?;
    let bin = reader.name()?.to_owned();
    let mut with_value = || -> Result<Bin, Failure> { Ok(Bin::new(bin.clone(), value::read(reader)?)) };
    let operation = match code {
        code::READ if bin.is_empty() => scalar::get(),
        code::READ => scalar::get_bin(bin.clone()),
        code::READ_HEADER => scalar::get_header(),
        code::WRITE => scalar::put(&with_value()?),
        code::INCR => scalar::add(&with_value()?),
        code::APPEND => scalar::append(&with_value()?),
        code::PREPEND => scalar::prepend(&with_value()?),
        code::TOUCH => scalar::touch(),
        code::DELETE => scalar::delete(),
        other => return Err(Failure::client(format!("an operation has the unknown code {other}"))),
    };
    let reads_all = code == code::READ && bin.is_empty();
    Ok(Step {
        operation,
        answers: code == code::READ && !bin.is_empty(),
        reads_all,
        bin,
    })
}
