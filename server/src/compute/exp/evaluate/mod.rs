//! Evaluation of expressions.
//!
//! A value is unknown (`None`) if a bin is missing or has the wrong type, or if an operation failed. Boolean
//! operators therefore use three-valued logic.

mod call;
mod collection;
mod metadata;
mod path;

use super::node::{LoopPart, Node};
use super::value::{Type, Value};
use crate::compute::msgpack::{self, Reader, Token, order_marker, write};
use crate::record::bins;
use crate::record::view::RecordView;
use collection::Child;

/// The inputs of an expression.
#[derive(Debug, Default)]
pub(super) struct Environment<'v> {
    view: Option<&'v RecordView<'v>>,
    child: Option<Child<'v>>,
    /// Values of the variables in scope, innermost last.
    variables: Vec<Option<Value<'v>>>,
}

impl<'v> Environment<'v> {
    pub(super) fn of_record(view: &'v RecordView<'v>) -> Self {
        Self {
            view: Some(view),
            ..Self::default()
        }
    }

    fn of_child(child: Child<'v>) -> Self {
        Self {
            child: Some(child),
            ..Self::default()
        }
    }
}

impl Node {
    /// Evaluates the expression. Returns `None` if the value is unknown.
    pub(super) fn evaluate<'v>(&'v self, environment: &mut Environment<'v>) -> Option<Value<'v>> {
        match self {
            Self::Unknown | Self::Remove => None,
            Self::Literal(value) => Some(value.clone()),
            Self::Compare(comparison, operands) => {
                let a = operands.0.evaluate(environment)?;
                let b = operands.1.evaluate(environment)?;
                comparison.apply(&a, &b).map(Value::Bool)
            }
            Self::Regex(operands) => match operands.1.evaluate(environment)? {
                Value::Bytes(Type::String, text) => Some(Value::Bool(operands.0.is_match(&text))),
                _ => None,
            },
            Self::GeoWithin(operands) => {
                let a = operands.0.evaluate(environment)?;
                let b = operands.1.evaluate(environment)?;
                match (a, b) {
                    (Value::Bytes(Type::Geo, a), Value::Bytes(Type::Geo, b)) => {
                        crate::compute::geo::within(&a, &b).map(Value::Bool)
                    }
                    _ => None,
                }
            }
            Self::InList(operands) => {
                let mut wanted = Vec::new();
                operands.0.evaluate(environment)?.write_element(&mut wanted);
                let list = operands.1.evaluate(environment)?;
                contains(&list, &wanted).map(Value::Bool)
            }
            Self::And(nodes) => logic(nodes, false, environment),
            Self::Or(nodes) => logic(nodes, true, environment),
            Self::Xor(nodes) => exactly_one(nodes, environment),
            Self::Not(node) => truth(node.evaluate(environment)).map(|value| Value::Bool(!value)),
            Self::Arithmetic(arithmetic, nodes) => {
                let values: Option<Vec<_>> = nodes.iter().map(|node| node.evaluate(environment)).collect();
                arithmetic.apply(&values?)
            }
            Self::MapKeys(map) => parts_of_map(&map.evaluate(environment)?, true),
            Self::MapValues(map) => parts_of_map(&map.evaluate(environment)?, false),
            Self::Cond(cases, otherwise) => {
                for (condition, result) in cases {
                    if truth(condition.evaluate(environment))? {
                        return result.evaluate(environment);
                    }
                }
                otherwise.evaluate(environment)
            }
            Self::Variable(place) => environment.variables.get(*place).cloned().flatten(),
            Self::Let(values, scope) => {
                let before = environment.variables.len();
                for value in values {
                    // Reserve the variable's slot while its value is evaluated.
                    let place = environment.variables.len();
                    environment.variables.push(None);
                    let value = value.evaluate(environment);
                    if let Some(variable) = environment.variables.get_mut(place) {
                        *variable = value;
                    }
                }
                let result = scope.evaluate(environment);
                environment.variables.truncate(before);
                result
            }
            Self::Call(call) => call.evaluate(environment),
            Self::Path(call) => call.evaluate(environment),
            Self::Loop(kind, part) => current(environment.child?, *kind, *part),
            Self::DigestModulo(_) | Self::Metadata(_) | Self::Key(_) | Self::Bin(..) | Self::BinType(_) => {
                self.of_record(environment.view?)
            }
        }
    }

    /// Evaluates nodes that read from the record.
    fn of_record<'v>(&self, view: &'v RecordView<'v>) -> Option<Value<'v>> {
        match self {
            Self::DigestModulo(modulus) => Some(metadata::digest_modulo(view, *modulus)),
            Self::Metadata(what) => Some(metadata::look_up(view, *what)),
            Self::Key(kind) => metadata::key(view, *kind),
            Self::Bin(kind, name) => {
                let bin = bins::find(view.bins, name)?;
                Value::from_particle(bin.value).filter(|value| value.kind() == *kind)
            }
            Self::BinType(name) => {
                let kind = bins::find(view.bins, name).map_or(0, |bin| bin.value.kind);
                Some(Value::Int(i64::from(kind)))
            }
            _ => None,
        }
    }
}

fn truth(value: Option<Value<'_>>) -> Option<bool> {
    match value {
        Some(Value::Bool(value)) => Some(value),
        _ => None,
    }
}

/// `and` and `or`: one operand with the decisive value determines the result, even if others are unknown.
fn logic<'v>(nodes: &'v [Node], decisive: bool, environment: &mut Environment<'v>) -> Option<Value<'v>> {
    let mut all_known = true;
    for node in nodes {
        match truth(node.evaluate(environment)) {
            Some(value) if value == decisive => return Some(Value::Bool(decisive)),
            Some(_) => {}
            None => all_known = false,
        }
    }
    all_known.then_some(Value::Bool(!decisive))
}

/// `exclusive`: stops at the first unknown operand or the second true one.
fn exactly_one<'v>(nodes: &'v [Node], environment: &mut Environment<'v>) -> Option<Value<'v>> {
    let mut held = false;
    for node in nodes {
        if truth(node.evaluate(environment))? {
            if held {
                return Some(Value::Bool(false));
            }
            held = true;
        }
    }
    Some(Value::Bool(held))
}

fn contains(list: &Value<'_>, wanted: &[u8]) -> Option<bool> {
    let Value::Bytes(Type::List, bytes) = list else {
        return None;
    };
    let mut reader = Reader::new(bytes);
    let Ok(Token::List(count)) = reader.token() else {
        return None;
    };
    for _ in 0..count {
        let element = reader.element().ok()?;
        if msgpack::matches(element, wanted) {
            return Some(true);
        }
    }
    Some(false)
}

fn parts_of_map<'v>(map: &Value<'_>, keys: bool) -> Option<Value<'v>> {
    let Value::Bytes(Type::Map, bytes) = map else {
        return None;
    };
    let mut reader = Reader::new(bytes);
    let Ok(Token::Map(count)) = reader.token() else {
        return None;
    };
    let mut left = count;
    if left > 0 && order_marker(reader).is_some() {
        reader.element().ok()?;
        reader.element().ok()?;
        left -= 1;
    }
    let mut out = Vec::new();
    write::list_head(&mut out, 0, usize::try_from(left).ok()?);
    for _ in 0..left {
        let key = reader.element().ok()?;
        let value = reader.element().ok()?;
        out.extend_from_slice(if keys { key } else { value });
    }
    Some(Value::Bytes(Type::List, out.into()))
}

fn current<'v>(child: Child<'v>, kind: Type, part: LoopPart) -> Option<Value<'v>> {
    let value = match part {
        LoopPart::Key => Value::from_element(child.key?)?,
        LoopPart::Value => Value::from_element(child.value)?,
        LoopPart::Index => Value::Int(i64::try_from(child.index?).ok()?),
    };
    (value.kind() == kind).then_some(value)
}
