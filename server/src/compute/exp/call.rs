//! Calls of list, map, bit and HyperLogLog operations from expressions.

use super::compile::{Compiler, Parts, check, malformed};
use super::eval::Environment;
use super::node::{Argument, Call, Module, Node, PathCall};
use super::path::Path;
use super::value::{Type, Value};
use crate::common::result_code::ResultCode;
use crate::compute::bits;
use crate::compute::cdt;
use crate::compute::msgpack::{Reader, Token, write};
use crate::record::particle::{self, Access};

/// Bit of the module number that marks a modifying operation.
const MODIFY: i64 = 0x40;

/// Operation codes that introduce a context and a path.
const IN_CONTEXT: i64 = 0xff;
const BY_PATH: i64 = 0xfe;

/// Compiles a call: result type, module, operation, and the value that it operates on.
pub(super) fn compile<'a>(compiler: &mut Compiler<'a>, parts: &mut Parts<'_, 'a>) -> Result<(Node, Type), ResultCode> {
    let result = parts.kind()?;
    let number = parts.int()?;
    let module = match number & !MODIFY {
        0 => Module::Collection,
        1 => Module::Bits,
        2 => Module::Hll,
        _ => return malformed(),
    };
    let modifies = number & MODIFY != 0;
    let operation = parts.element()?;
    let (on, kind) = compiler.next(parts)?;
    // A bin of type nil passes this check and fails at evaluation.
    check(match (module, kind) {
        (_, Type::Nil) => !matches!(on, Node::Literal(_)),
        (Module::Collection, kind) => matches!(kind, Type::List | Type::Map),
        (Module::Bits, kind) => kind == Type::Blob,
        (Module::Hll, kind) => kind == Type::Hll,
    })?;
    let mut reader = Reader::new(operation);
    let count = list(&mut reader)?;
    let first = reader.clone().token();
    if module == Module::Collection && first == Ok(Token::Int(BY_PATH)) {
        let access = if modifies { Access::Modify } else { Access::Read };
        // Like a real server: an invalid path fails only when the call is evaluated.
        let node = match Path::parse(operation, access) {
            Ok(path) => Node::Path(Box::new(PathCall { result, path, on })),
            Err(_) => Node::Unknown,
        };
        return Ok((node, result));
    }
    let mut context = None;
    let mut left = count;
    if module == Module::Collection && first == Ok(Token::Int(IN_CONTEXT)) {
        check(count == 3)?;
        reader.element().map_err(|_| ResultCode::PARAMETER)?;
        context = Some(reader.element().map_err(|_| ResultCode::PARAMETER)?.to_vec());
        left = list(&mut reader)?;
    }
    let call = Call {
        result,
        module,
        modifies,
        context,
        arguments: arguments(compiler, &mut reader, left)?,
        on,
    };
    Ok((Node::Call(Box::new(call)), result))
}

fn list(reader: &mut Reader<'_>) -> Result<u32, ResultCode> {
    match reader.token() {
        Ok(Token::List(count @ 1..)) => Ok(count),
        _ => malformed(),
    }
}

/// Parses the operation code, a number, and the arguments. Arguments that are lists are expressions.
fn arguments<'a>(
    compiler: &mut Compiler<'a>,
    reader: &mut Reader<'a>,
    count: u32,
) -> Result<Vec<Argument>, ResultCode> {
    let mut arguments = Vec::new();
    for place in 0..count {
        let mut ahead = *reader;
        match ahead.token().map_err(|_| ResultCode::PARAMETER)? {
            Token::List(_) if place > 0 => arguments.push(Argument::Node(compiler.expression(reader)?.0)),
            Token::Int(_) => arguments.push(element(reader)?),
            _ if place == 0 => return malformed(),
            _ => arguments.push(element(reader)?),
        }
    }
    Ok(arguments)
}

fn element(reader: &mut Reader<'_>) -> Result<Argument, ResultCode> {
    let element = reader.element().map_err(|_| ResultCode::PARAMETER)?;
    Ok(Argument::Element(element.to_vec()))
}

impl Call {
    /// The result of the call. `None` if it fails or its type is not the declared one.
    pub(super) fn evaluate<'v>(&'v self, environment: &mut Environment<'v>) -> Option<Value<'v>> {
        let on = self.on.evaluate(environment)?;
        let mut payload = Vec::new();
        if let Some(context) = &self.context {
            write::list_head(&mut payload, 0, 3);
            write::int(&mut payload, IN_CONTEXT);
            payload.extend_from_slice(context);
        }
        write::list_head(&mut payload, 0, self.arguments.len());
        for argument in &self.arguments {
            match argument {
                Argument::Element(element) => payload.extend_from_slice(element),
                Argument::Node(node) => node.evaluate(environment)?.write_element(&mut payload),
            }
        }
        let result = self.perform(&on, &payload)?;
        (result.kind() == self.result).then_some(result)
    }

    fn perform<'v>(&self, on: &Value<'v>, payload: &[u8]) -> Option<Value<'v>> {
        let access = if self.modifies { Access::Modify } else { Access::Read };
        let Value::Bytes(kind, bytes) = on else {
            return None;
        };
        let value = Some(particle::Value {
            kind: kind.particle(),
            bytes,
        });
        if self.module == Module::Collection {
            let outcome = cdt::evaluate(value, payload, access).ok()?;
            return if self.modifies {
                Some(changed(on, outcome.changed))
            } else {
                Value::from_element(&outcome.answer?).map(Value::into_owned)
            };
        }
        let operate = match self.module {
            Module::Bits => bits::operate,
            _ => crate::compute::hll::operate,
        };
        let effect = operate(value, payload, access).ok()?;
        if self.modifies {
            return Some(changed(on, effect.changed));
        }
        let (kind, bytes) = effect.answer?;
        let answer = particle::Value { kind, bytes: &bytes };
        Value::from_particle(answer).map(Value::into_owned)
    }
}

/// The value after a modifying operation.
fn changed<'v>(old: &Value<'v>, new: Option<(u8, Vec<u8>)>) -> Value<'v> {
    let new = new.and_then(|(kind, bytes)| {
        let value = particle::Value { kind, bytes: &bytes };
        Value::from_particle(value).map(Value::into_owned)
    });
    new.unwrap_or_else(|| old.clone())
}
