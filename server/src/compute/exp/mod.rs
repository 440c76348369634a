//! Expressions, used as record filters and in operations.
//!
//! An expression is compiled and type-checked once, and then evaluated for any number of records.

mod compare;
mod compile;
mod evaluate;
mod node;
mod number;
mod pattern;
mod value;

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token};
use crate::record::particle::{self, Access, Effect, kind};
use crate::record::view::RecordView;
use compile::Compiler;
use evaluate::Environment;
use node::{BY_PATH, Node};
use value::{Type, Value};

/// Write flags of an expression operation.
mod flag {
    pub(super) const CREATE_ONLY: i64 = 1;
    pub(super) const UPDATE_ONLY: i64 = 2;
    pub(super) const ALLOW_DELETE: i64 = 4;
    pub(super) const POLICY_NO_FAIL: i64 = 8;
    pub(super) const EVAL_NO_FAIL: i64 = 16;
    pub(super) const ALL: i64 = 31;
}

/// A compiled filter on records.
#[derive(Debug)]
pub struct Filter(Node);

impl Filter {
    /// Compiles a filter.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn compile(bytes: &[u8]) -> Result<Self, ResultCode> {
        let mut reader = Reader::new(bytes);
        let (node, kind) = Compiler::default().expression(&mut reader)?;
        let no_condition = matches!(node, Node::Literal(Value::Nil));
        if !reader.is_empty() || !(no_condition || Type::Bool.accepts(kind)) {
            return Err(ResultCode::PARAMETER);
        }
        Ok(Self(node))
    }

    /// Whether the record matches. An unknown result does not match.
    #[must_use]
    pub fn matches(&self, view: &RecordView<'_>) -> bool {
        let result = self.0.evaluate(&mut Environment::of_record(view));
        matches!(result, Some(Value::Bool(true) | Value::Nil))
    }
}

/// A compiled expression of any type.
#[derive(Debug)]
pub struct Expression {
    node: Node,
    kind: Type,
    source: Box<[u8]>,
}

impl Expression {
    /// Compiles an expression of any type.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn compile(source: &[u8]) -> Result<Self, ResultCode> {
        let mut reader = Reader::new(source);
        let (node, kind) = Compiler::default().expression(&mut reader)?;
        if !reader.is_empty() {
            return Err(ResultCode::PARAMETER);
        }
        let source = source.into();
        Ok(Self { node, kind, source })
    }

    /// The expression in its wire form.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// Particle type of the result.
    #[must_use]
    pub fn particle(&self) -> u8 {
        self.kind.particle()
    }

    /// Particle type and bytes of the result, or `None` if it is unknown.
    #[must_use]
    pub fn evaluate(&self, view: &RecordView<'_>) -> Option<(u8, Vec<u8>)> {
        evaluate(&self.node, view)
    }
}

/// Parses `[expression, flags]`.
fn parse(payload: &[u8], allowed: i64) -> Result<(Node, i64), ResultCode> {
    let mut reader = Reader::new(payload);
    if reader.token() != Ok(Token::List(2)) {
        return Err(ResultCode::PARAMETER);
    }
    let (node, _) = Compiler::default().expression(&mut reader)?;
    match reader.token() {
        Ok(Token::Int(flags)) if flags & !allowed == 0 => Ok((node, flags)),
        _ => Err(ResultCode::PARAMETER),
    }
}

fn evaluate(node: &Node, view: &RecordView<'_>) -> Option<(u8, Vec<u8>)> {
    let value = node.evaluate(&mut Environment::of_record(view));
    value.and_then(Value::into_particle)
}

/// Evaluates an expression read operation.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn read(payload: &[u8], view: &RecordView<'_>) -> Result<Effect, ResultCode> {
    let (node, flags) = parse(payload, flag::EVAL_NO_FAIL)?;
    match evaluate(&node, view) {
        Some((kind, bytes)) => Ok(Effect {
            answer: (kind != kind::NULL).then_some((kind, bytes)),
            changed: None,
        }),
        None if flags & flag::EVAL_NO_FAIL != 0 => Ok(Effect::default()),
        None => Err(ResultCode::NOT_APPLICABLE),
    }
}

/// Evaluates an expression write operation. A null result deletes the bin, if the flags allow it.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn write(payload: &[u8], view: &RecordView<'_>, exists: bool) -> Result<Effect, ResultCode> {
    let (node, flags) = parse(payload, flag::ALL)?;
    let has = |flag: i64| flags & flag != 0;
    let refused = if exists && has(flag::CREATE_ONLY) {
        Some(ResultCode::BIN_EXISTS)
    } else if !exists && has(flag::UPDATE_ONLY) {
        Some(ResultCode::BIN_NOT_FOUND)
    } else {
        None
    };
    match refused {
        Some(_) if has(flag::POLICY_NO_FAIL) => return Ok(Effect::default()),
        Some(result) => return Err(result),
        None => {}
    }
    let nothing = Ok(Effect::default());
    match evaluate(&node, view) {
        None if has(flag::EVAL_NO_FAIL) => nothing,
        None => Err(ResultCode::NOT_APPLICABLE),
        Some((kind::NULL, _)) if !exists => nothing,
        Some((kind::NULL, _)) if !has(flag::ALLOW_DELETE) => {
            // Like a real server: any of these flags suppresses the error.
            if has(flag::UPDATE_ONLY | flag::POLICY_NO_FAIL | flag::EVAL_NO_FAIL) {
                nothing
            } else {
                Err(ResultCode::NOT_APPLICABLE)
            }
        }
        changed => Ok(Effect { answer: None, changed }),
    }
}

/// Whether a payload encodes a path operation.
#[must_use]
pub fn is_path(payload: &[u8]) -> bool {
    let mut reader = Reader::new(payload);
    matches!(reader.token(), Ok(Token::List(_))) && reader.token() == Ok(Token::Int(BY_PATH))
}

/// Performs a path operation on a bin.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn operate_by_path(bin: Option<particle::Value<'_>>, payload: &[u8], access: Access) -> Result<Effect, ResultCode> {
    let bin = match bin {
        Some(bin) if matches!(bin.kind, kind::LIST | kind::MAP) => bin,
        None if access == Access::Read => return Ok(Effect::default()),
        _ => return Err(ResultCode::BIN_TYPE),
    };
    let result = compile::compile_path(payload, access)?.run(bin.bytes)?;
    let result = Some((particle_of(&result)?, result));
    Ok(match access {
        Access::Read => Effect {
            answer: result,
            changed: None,
        },
        Access::Modify => Effect {
            answer: None,
            changed: result,
        },
    })
}

/// The particle type of a list or map.
fn particle_of(element: &[u8]) -> Result<u8, ResultCode> {
    match Reader::new(element).token() {
        Ok(Token::List(_)) => Ok(kind::LIST),
        Ok(Token::Map(_)) => Ok(kind::MAP),
        _ => Err(ResultCode::PARAMETER),
    }
}
