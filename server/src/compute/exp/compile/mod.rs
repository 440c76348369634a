//! Compiles expressions from their wire form, and checks their types.

mod call;
mod parts;
mod path;

pub(super) use path::compile_path;

use super::node::{Comparison, LoopPart, Metadata, Node};
use super::number::{Arithmetic, Operands};
use super::pattern::Pattern;
use super::value::{Type, Value};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token};
use parts::{Parts, Result, check, malformed};

/// Maximum nesting depth. Deeper expressions are rejected, because they could overflow the stack.
const MAX_DEPTH: u32 = 256;

mod code {
    pub(super) const UNKNOWN: i64 = 0;
    pub(super) const REGEX: i64 = 7;
    pub(super) const GEO: i64 = 8;
    pub(super) const IN_LIST: i64 = 9;
    pub(super) const AND: i64 = 16;
    pub(super) const OR: i64 = 17;
    pub(super) const NOT: i64 = 18;
    pub(super) const XOR: i64 = 19;
    pub(super) const DIGEST_MODULO: i64 = 64;
    pub(super) const KEY: i64 = 80;
    pub(super) const BIN: i64 = 81;
    pub(super) const BIN_TYPE: i64 = 82;
    pub(super) const REMOVE: i64 = 100;
    pub(super) const MAP_KEYS: i64 = 101;
    pub(super) const MAP_VALUES: i64 = 102;
    pub(super) const LOOP: i64 = 122;
    pub(super) const COND: i64 = 123;
    pub(super) const VARIABLE: i64 = 124;
    pub(super) const LET: i64 = 125;
    pub(super) const QUOTED: i64 = 126;
    pub(super) const CALL: i64 = 127;
}

type Typed = (Node, Type);

/// The state of a compilation.
#[derive(Debug, Default)]
pub(super) struct Compiler<'a> {
    depth: u32,
    /// Variables in scope, with their types once these are known.
    variables: Vec<(&'a [u8], Option<Type>)>,
}

impl<'a> Compiler<'a> {
    /// Compiles the next expression.
    pub(super) fn expression(&mut self, reader: &mut Reader<'a>) -> Result<Typed> {
        let mut ahead = *reader;
        let token = reader.token().map_err(|_| ResultCode::PARAMETER)?;
        let Token::List(left) = token else {
            let element = ahead.element().map_err(|_| ResultCode::PARAMETER)?;
            *reader = ahead;
            let value = Value::from_element(element).ok_or(ResultCode::PARAMETER)?;
            let kind = value.kind();
            return Ok((Node::Literal(value.into_owned()), kind));
        };
        if self.depth == MAX_DEPTH {
            return malformed();
        }
        self.depth += 1;
        let mut parts = Parts { reader, left };
        let code = parts.int()?;
        let compiled = self.operation(code, &mut parts)?;
        check(parts.left == 0)?;
        self.depth -= 1;
        Ok(compiled)
    }

    /// Compiles the next part as an expression.
    fn next(&mut self, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        parts.count_one()?;
        self.expression(parts.reader)
    }

    /// Compiles the next part as an expression of this type.
    fn expect(&mut self, parts: &mut Parts<'_, 'a>, kind: Type) -> Result<Node> {
        let (node, found) = self.next(parts)?;
        check(kind.accepts(found)).map(|()| node)
    }

    fn operation(&mut self, code: i64, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        if let Some(arithmetic) = arithmetic(code) {
            return self.arithmetic(arithmetic, parts);
        }
        if let Some(metadata) = metadata(code) {
            return Ok((Node::Metadata(metadata), metadata.kind()));
        }
        if let Some(comparison) = comparison(code) {
            return self.comparison(comparison, parts);
        }
        Ok(match code {
            code::UNKNOWN => (Node::Unknown, Type::Unknown),
            code::REGEX => {
                let flags = parts.int()?;
                let pattern = Pattern::new(parts.name()?, flags).ok_or(ResultCode::PARAMETER)?;
                let text = self.expect(parts, Type::String)?;
                (Node::Regex(Box::new((pattern, text))), Type::Bool)
            }
            code::GEO => {
                let a = self.geo(parts)?;
                let b = self.geo(parts)?;
                (Node::GeoWithin(Box::new((a, b))), Type::Bool)
            }
            code::IN_LIST => {
                let (value, _) = self.next(parts)?;
                let list = self.expect(parts, Type::List)?;
                (Node::InList(Box::new((value, list))), Type::Bool)
            }
            code::AND => (Node::And(self.conditions(parts)?), Type::Bool),
            code::OR => (Node::Or(self.conditions(parts)?), Type::Bool),
            code::XOR => (Node::Xor(self.conditions(parts)?), Type::Bool),
            code::NOT => (Node::Not(Box::new(self.expect(parts, Type::Bool)?)), Type::Bool),
            code::DIGEST_MODULO => {
                // Like a real server, use the low 32 bits.
                let modulus = parts.int()? as i32;
                check(modulus != 0)?;
                (Node::DigestModulo(modulus), Type::Int)
            }
            code::KEY => {
                let kind = parts.kind()?;
                check(matches!(kind, Type::Int | Type::String | Type::Blob))?;
                (Node::Key(kind), kind)
            }
            code::BIN => {
                let kind = parts.kind()?;
                (Node::Bin(kind, parts.bin_name()?), kind)
            }
            code::BIN_TYPE => (Node::BinType(parts.bin_name()?), Type::Int),
            code::REMOVE => (Node::Remove, Type::Removed),
            code::MAP_KEYS => (Node::MapKeys(Box::new(self.next(parts)?.0)), Type::List),
            code::MAP_VALUES => (Node::MapValues(Box::new(self.next(parts)?.0)), Type::List),
            code::LOOP => {
                let kind = parts.kind()?;
                let part = match parts.int()? {
                    0 => LoopPart::Key,
                    1 => LoopPart::Value,
                    2 if kind == Type::Int => LoopPart::Index,
                    _ => return malformed(),
                };
                (Node::Loop(kind, part), kind)
            }
            code::COND => return self.cond(parts),
            code::VARIABLE => {
                let name = parts.name()?;
                let mut known = self.variables.iter().enumerate();
                match known.find(|(_, (known, _))| *known == name) {
                    Some((place, (_, Some(kind)))) => (Node::Variable(place), *kind),
                    _ => return malformed(),
                }
            }
            code::LET => return self.bindings(parts),
            code::QUOTED => match Value::from_element(parts.element()?) {
                Some(list) if list.kind() == Type::List => (Node::Literal(list.into_owned()), Type::List),
                _ => return malformed(),
            },
            code::CALL => return call::compile(self, parts),
            _ => return malformed(),
        })
    }

    fn geo(&mut self, parts: &mut Parts<'_, 'a>) -> Result<Node> {
        let node = self.expect(parts, Type::Geo)?;
        if let Node::Literal(Value::Bytes(_, text)) = &node {
            check(crate::compute::geo::is_valid(text))?;
        }
        Ok(node)
    }

    fn comparison(&mut self, comparison: Comparison, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        let (a, x) = self.next(parts)?;
        let (b, y) = self.next(parts)?;
        check(x.accepts(y) && x != Type::Geo && y != Type::Geo)?;
        Ok((Node::Compare(comparison, Box::new((a, b))), Type::Bool))
    }

    fn conditions(&mut self, parts: &mut Parts<'_, 'a>) -> Result<Vec<Node>> {
        check(parts.left >= 2)?;
        let mut nodes = Vec::new();
        while parts.left > 0 {
            nodes.push(self.expect(parts, Type::Bool)?);
        }
        Ok(nodes)
    }

    fn arithmetic(&mut self, arithmetic: Arithmetic, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        let signature = arithmetic.signature();
        let mut nodes = Vec::new();
        let mut common = Type::Unknown;
        while parts.left > 0 {
            let (node, kind) = self.next(parts)?;
            if nodes.is_empty() {
                common = kind;
            }
            let fits = match signature.operands {
                Operands::Exactly(kinds) => kinds.get(nodes.len()).is_some_and(|wanted| wanted.accepts(kind)),
                Operands::Number | Operands::Numbers => matches!(kind, Type::Int | Type::Float) && kind == common,
                Operands::Integers => Type::Int.accepts(kind),
            };
            check(fits)?;
            nodes.push(node);
        }
        check(match signature.operands {
            Operands::Exactly(kinds) => nodes.len() == kinds.len(),
            Operands::Number => nodes.len() == 1,
            Operands::Numbers | Operands::Integers => !nodes.is_empty(),
        })?;
        let kind = signature.result.unwrap_or(common);
        Ok((Node::Arithmetic(arithmetic, nodes), kind))
    }

    fn cond(&mut self, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        check(parts.left >= 3 && parts.left % 2 == 1)?;
        let mut cases = Vec::new();
        let mut common = Type::Unknown;
        while parts.left > 1 {
            let condition = self.expect(parts, Type::Bool)?;
            cases.push((condition, self.alternative(parts, &mut common)?));
        }
        let otherwise = self.alternative(parts, &mut common)?;
        Ok((Node::Cond(cases, Box::new(otherwise)), common))
    }

    /// Compiles one result of a conditional. All results must have the same type.
    fn alternative(&mut self, parts: &mut Parts<'_, 'a>, common: &mut Type) -> Result<Node> {
        let (node, kind) = self.next(parts)?;
        if *common == Type::Unknown {
            *common = kind;
        }
        check(kind == *common || kind == Type::Unknown)?;
        Ok(node)
    }

    fn bindings(&mut self, parts: &mut Parts<'_, 'a>) -> Result<Typed> {
        check(parts.left >= 1 && parts.left % 2 == 1)?;
        let before = self.variables.len();
        let mut values = Vec::new();
        while parts.left > 1 {
            let name = parts.name()?;
            let known = self.variables.iter().any(|(known, _)| *known == name);
            check(!name.is_empty() && !known)?;
            let place = self.variables.len();
            self.variables.push((name, None));
            let (value, kind) = self.next(parts)?;
            if let Some((_, of)) = self.variables.get_mut(place) {
                *of = Some(kind);
            }
            values.push(value);
        }
        let (scope, kind) = self.next(parts)?;
        self.variables.truncate(before);
        Ok((Node::Let(values, Box::new(scope)), kind))
    }
}

fn comparison(code: i64) -> Option<Comparison> {
    Some(match code {
        1 => Comparison::Equal,
        2 => Comparison::NotEqual,
        3 => Comparison::Greater,
        4 => Comparison::GreaterOrEqual,
        5 => Comparison::Less,
        6 => Comparison::LessOrEqual,
        _ => return None,
    })
}

fn metadata(code: i64) -> Option<Metadata> {
    Some(match code {
        65 => Metadata::DeviceSize,
        66 => Metadata::LastUpdate,
        67 => Metadata::SinceUpdate,
        68 => Metadata::VoidTime,
        69 => Metadata::TimeToLive,
        70 => Metadata::SetName,
        71 => Metadata::KeyExists,
        72 => Metadata::IsTombstone,
        // The size in memory, which newer servers report as the record size.
        73 | 74 => Metadata::RecordSize,
        _ => return None,
    })
}

impl Metadata {
    fn kind(self) -> Type {
        match self {
            Self::SetName => Type::String,
            Self::KeyExists | Self::IsTombstone => Type::Bool,
            _ => Type::Int,
        }
    }
}

fn arithmetic(code: i64) -> Option<Arithmetic> {
    Some(match code {
        20 => Arithmetic::Add,
        21 => Arithmetic::Subtract,
        22 => Arithmetic::Multiply,
        23 => Arithmetic::Divide,
        24 => Arithmetic::Power,
        25 => Arithmetic::Logarithm,
        26 => Arithmetic::Modulo,
        27 => Arithmetic::Absolute,
        28 => Arithmetic::Floor,
        29 => Arithmetic::Ceiling,
        30 => Arithmetic::ToInteger,
        31 => Arithmetic::ToFloat,
        32 => Arithmetic::And,
        33 => Arithmetic::Or,
        34 => Arithmetic::Xor,
        35 => Arithmetic::Not,
        36 => Arithmetic::ShiftLeft,
        37 => Arithmetic::ShiftRight,
        38 => Arithmetic::ShiftRightSigned,
        39 => Arithmetic::Count,
        40 => Arithmetic::ScanLeft,
        41 => Arithmetic::ScanRight,
        50 => Arithmetic::Minimum,
        51 => Arithmetic::Maximum,
        _ => return None,
    })
}
