//! Operations on lists and maps, at any depth.
//!
//! Values go in and come out as MessagePack, so that whoever has a list or map, be it a bin's or an
//! expression's, can use them.

mod answer;

pub use answer::to_particle;

use crate::particle::{Effect, Value};
use crate::result_code::ResultCode;

/// Whether an operation may change what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only operations that read are allowed.
    Read,
    /// Only operations that change are allowed.
    Modify,
}

/// What an operation comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer as one MessagePack element, if the operation has one. [`to_particle`] makes it the
    /// value of a bin.
    pub answer: Option<Vec<u8>>,
    /// The list or map as it is after an operation that changed it: its particle type and bytes.
    pub changed: Option<(u8, Vec<u8>)>,
}

/// Does one operation.
///
/// `value` is what it is about: a list or map (the particle type tells which, the bytes are its
/// MessagePack as it is stored), or nothing when there is no bin. `payload` is what clients send:
/// `[code, arguments...]`, or `[0xff, context, [code, arguments...]]`.
///
/// # Errors
/// With the result code to answer. Nothing changes then.
pub fn evaluate(value: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Outcome, ResultCode> {
    let _ = (value, payload, access);
    Err(ResultCode::UNSUPPORTED)
}

/// Does one operation on a bin.
///
/// # Errors
/// As [`evaluate`].
pub fn operate(bin: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Effect, ResultCode> {
    let outcome = evaluate(bin, payload, access)?;
    let answer = match outcome.answer {
        Some(element) => {
            let mut bytes = Vec::new();
            let kind = to_particle(&element, &mut bytes)?;
            Some((kind, bytes))
        }
        None => None,
    };
    Ok(Effect {
        answer,
        changed: outcome.changed,
    })
}
