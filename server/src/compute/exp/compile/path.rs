//! Compiles path expressions.

use super::Compiler;
use super::parts::{Result, check, malformed};
use crate::common::result_code::ResultCode;
use crate::compute::exp::node::{Node, Path, PathAction, Selector, Step};
use crate::compute::exp::value::Type;
use crate::compute::msgpack::{Reader, Token};
use crate::record::particle::Access;

mod step {
    pub(super) const EXPRESSION: i64 = 0x04;
    pub(super) const LIST_INDEX: i64 = 0x10;
    pub(super) const LIST_RANK: i64 = 0x11;
    pub(super) const LIST_VALUE: i64 = 0x13;
    pub(super) const MAP_INDEX: i64 = 0x20;
    pub(super) const MAP_RANK: i64 = 0x21;
    pub(super) const MAP_KEY: i64 = 0x22;
    pub(super) const MAP_VALUE: i64 = 0x23;
    pub(super) const MAP_KEYS: i64 = 0x2a;
    /// A condition on the elements that the previous step selects.
    pub(super) const AND: i64 = 0x200 | EXPRESSION;
}

/// What the operation returns, and its flags.
mod flag {
    pub(super) const WHAT: i64 = 0x0f;
    pub(super) const TREE: i64 = 0;
    pub(super) const VALUES: i64 = 1;
    pub(super) const KEYS: i64 = 2;
    pub(super) const KEYS_AND_VALUES: i64 = 3;
    pub(super) const MODIFY: i64 = 4;
    pub(super) const NO_FAIL: i64 = 0x10;
}

fn compiled(reader: &mut Reader<'_>) -> Result<Node> {
    let (node, kind) = Compiler::default().expression(reader)?;
    check(Type::Bool.accepts(kind))?;
    Ok(node)
}

/// Parses a condition: `true`, or an expression.
fn condition(reader: &mut Reader<'_>) -> Result<Option<Node>> {
    let mut ahead = *reader;
    match ahead.token() {
        Ok(Token::Bool(true)) => {
            *reader = ahead;
            Ok(None)
        }
        Ok(Token::List(_)) => compiled(reader).map(Some),
        _ => malformed(),
    }
}

fn int(reader: &mut Reader<'_>) -> Result<i64> {
    match reader.token() {
        Ok(Token::Int(value)) => Ok(value),
        _ => malformed(),
    }
}

fn element(reader: &mut Reader<'_>) -> Result<Vec<u8>> {
    let element = reader.element().map_err(|_| ResultCode::PARAMETER)?;
    Ok(element.to_vec())
}

fn keys(reader: &mut Reader<'_>) -> Result<Vec<Vec<u8>>> {
    match reader.token() {
        Ok(Token::List(count)) => (0..count).map(|_| element(reader)).collect(),
        _ => malformed(),
    }
}

fn steps(reader: &mut Reader<'_>) -> Result<Vec<Step>> {
    let Ok(Token::List(count @ 1..)) = reader.token() else {
        return malformed();
    };
    check(count % 2 == 0)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut can_be_narrowed = false;
    for _ in 0..count / 2 {
        let selector = match int(reader)? {
            step::AND => {
                let last = steps.last_mut().filter(|_| can_be_narrowed);
                last.ok_or(ResultCode::PARAMETER)?.and = condition(reader)?;
                can_be_narrowed = false;
                continue;
            }
            step::EXPRESSION => condition(reader)?.map_or(Selector::All, Selector::Where),
            step::LIST_INDEX => Selector::ListIndex(int(reader)?),
            step::LIST_VALUE => Selector::ListValue(element(reader)?),
            step::MAP_KEY => Selector::MapKey(element(reader)?),
            step::MAP_VALUE => Selector::MapValue(element(reader)?),
            step::MAP_KEYS => Selector::MapKeys(keys(reader)?),
            step::LIST_RANK | step::MAP_INDEX | step::MAP_RANK => {
                int(reader)?;
                Selector::Unsupported
            }
            _ => return malformed(),
        };
        can_be_narrowed = !matches!(selector, Selector::All | Selector::Where(_));
        steps.push(Step { selector, and: None });
    }
    Ok(steps)
}

/// Compiles `[0xfe, path, flags]` or, for modifications, `[0xfe, path, flags, expression]`.
///
/// # Errors
/// Returns the result code to send to the client.
pub(in crate::compute::exp) fn compile_path(payload: &[u8], access: Access) -> Result<Path> {
    let mut reader = Reader::new(payload);
    let wanted = if access == Access::Modify { 4 } else { 3 };
    check(reader.token() == Ok(Token::List(wanted)))?;
    int(&mut reader)?;
    let steps = steps(&mut reader)?;
    let flags = int(&mut reader)?;
    check(flags >= 0)?;
    let action = match (flags & flag::WHAT, access) {
        (flag::TREE, Access::Read) => PathAction::Tree,
        (what @ (flag::VALUES | flag::KEYS | flag::KEYS_AND_VALUES), Access::Read) => PathAction::Leaves {
            keys: what & flag::KEYS != 0,
            values: what & flag::VALUES != 0,
        },
        (flag::MODIFY, Access::Modify) => PathAction::Modify(Compiler::default().expression(&mut reader)?.0),
        _ => return malformed(),
    };
    Ok(Path {
        steps,
        action,
        no_fail: flags & flag::NO_FAIL != 0,
    })
}
