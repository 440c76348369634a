//! The operations of `operate`, as `lib/operations/` writes them: each becomes a call of the core's own builder.

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

use self::arguments::Call;
use crate::boundary::wire::Reader;
use crate::errors::Failure;

/// First byte of an operation: the family of its builder. The scalar operations have the wire's own codes there.
mod family {
    pub const LIST: u8 = 0x50;
    pub const MAP: u8 = 0x51;
    pub const BIT: u8 = 0x52;
    pub const HLL: u8 = 0x53;
    pub const STRING: u8 = 0x54;
    pub const PATH: u8 = 0x55;
    pub const EXPRESSION: u8 = 0x56;
}

/// What an operation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A value of its bin, or nil.
    Value,
    /// Nothing, but the server keeps a place for it among the results.
    Nothing,
    /// Nothing, and the server keeps no place for it.
    NoPlace,
    /// All bins, which takes the results out of their order.
    AllBins,
    /// Generation and lifetime, which come with every answer.
    Header,
}

/// One operation with what `operate` needs to know to name its result.
pub struct Step {
    /// The core's operation.
    pub operation: Operation,
    /// The bin that it names, or empty.
    pub bin: String,
    /// What it answers.
    pub answer: Answer,
}

/// Reads a list of operations.
///
/// # Errors
/// A body that ends early, an unknown code, arguments that the core's builders do not take.
pub fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Step>, Failure> {
    let count = usize::from(reader.u16()?);
    let mut steps = (0..count).map(|_| read(reader)).collect::<Result<Vec<_>, _>>()?;
    if steps.iter().any(|step| step.answer == Answer::Value) {
        // To ask for the header alone would leave the others without their values.
        steps.retain(|step| step.answer != Answer::Header);
    }
    Ok(steps)
}

fn read(reader: &mut Reader<'_>) -> Result<Step, Failure> {
    let family = reader.u8()?;
    let bin = reader.name()?.to_owned();
    let build: fn(&mut Call) -> Result<Operation, Failure> = match family {
        family::LIST => list::build,
        family::MAP => map::build,
        family::BIT => bit::build,
        family::HLL => hll::build,
        family::STRING => string::build,
        family::PATH => path::build,
        family::EXPRESSION => expression::build,
        code => return scalar::read(reader, code, bin),
    };
    let mut call = Call::read(reader, bin)?;
    let operation = build(&mut call)?;
    let (bin, operation) = call.finish(operation)?;
    // Those that change something answer too, if only with nil: the server keeps a place for each.
    Ok(Step {
        operation,
        bin,
        answer: Answer::Value,
    })
}

#[cfg(test)]
mod tests;
