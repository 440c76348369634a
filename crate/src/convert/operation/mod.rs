//! The operations of `operate`, as `lib/operations/` encodes them. Each becomes a call of the core's builder.

mod arguments;
mod bit;
mod expression;
mod hll;
mod list;
mod map;
mod path;
mod scalar;
mod string;

use aerospike_core::operations::Operation;

use self::arguments::Arguments;
use crate::catalog::operation_codes::operation_family as family;
use crate::common::errors::Failure;
use crate::wire::Reader;

/// The result of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The value of its bin, or nil.
    Value,
    /// No value, but the server includes a place for it in the results.
    Nothing,
    /// No value, and no place in the results.
    NoPlace,
    /// All bins. The results are then not in the order of the operations.
    AllBins,
    /// Generation and TTL, which every answer contains.
    Header,
}

/// How to assign the result of an operation.
pub struct Step {
    /// The bin of the operation, or empty.
    pub bin: String,
    /// The kind of its result.
    pub answer: Answer,
}

/// Reads a list of operations: for the core, and how to assign the result of each.
///
/// # Errors
/// The body ends early, a code is unknown, or an argument does not suit the core's builder.
pub fn read_list(reader: &mut Reader<'_>) -> Result<(Vec<Operation>, Vec<Step>), Failure> {
    let count = usize::from(reader.u16()?);
    let mut steps = (0..count).map(|_| read(reader)).collect::<Result<Vec<_>, _>>()?;
    if steps.iter().any(|(_, step)| step.answer == Answer::Value) {
        // A header read would suppress the values of the other operations; every answer has the header anyway.
        steps.retain(|(_, step)| step.answer != Answer::Header);
    }
    Ok(steps.into_iter().unzip())
}

fn read(reader: &mut Reader<'_>) -> Result<(Operation, Step), Failure> {
    let family = reader.u8()?;
    let bin = reader.name()?.to_owned();
    let build: fn(&mut Arguments) -> Result<Operation, Failure> = match family {
        family::LIST => list::build,
        family::MAP => map::build,
        family::BIT => bit::build,
        family::HLL => hll::build,
        family::STRING => string::build,
        family::PATH => path::build,
        family::EXPRESSION => expression::build,
        code => return scalar::read(reader, code, bin),
    };
    let mut args = Arguments::read(reader, bin)?;
    let operation = build(&mut args)?;
    let (bin, operation) = args.finish(operation)?;
    // Modifying operations return a result too, if only nil: the server includes a place for each.
    let answer = Answer::Value;
    Ok((operation, Step { bin, answer }))
}

#[cfg(test)]
mod tests;
