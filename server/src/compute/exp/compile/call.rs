//! Compiles calls of list, map, bit and HyperLogLog operations.

use super::Compiler;
use super::parts::{Parts, check, malformed};
use super::path::compile_path;
use crate::common::result_code::ResultCode;
use crate::compute::exp::node::{Argument, BY_PATH, Call, IN_CONTEXT, Module, Node, PathCall};
use crate::compute::exp::value::Type;
use crate::compute::msgpack::{Reader, Token};
use crate::record::particle::Access;

/// Bit of the module number that marks a modifying operation.
const MODIFY: i64 = 0x40;

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
        let node = match compile_path(operation, access) {
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
