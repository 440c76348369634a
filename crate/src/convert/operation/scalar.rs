//! Operations on whole bins and on the record, the counterpart of `lib/operations/scalar.ts`.

use aerospike_core::Bin;
use aerospike_core::operations::{Operation, scalar};

use super::{Answer, Step};
use crate::catalog::operation_codes::scalar_code as code;
use crate::common::errors::Failure;
use crate::convert::value;
use crate::wire::Reader;

/// Reads the part of an operation after its bin name.
pub fn read(reader: &mut Reader<'_>, code: u8, bin: String) -> Result<(Operation, Step), Failure> {
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
    let answer = match code {
        code::READ if bin.is_empty() => Answer::AllBins,
        code::READ => Answer::Value,
        code::READ_HEADER => Answer::Header,
        code::TOUCH => Answer::NoPlace,
        _ => Answer::Nothing,
    };
    Ok((operation, Step { bin, answer }))
}
