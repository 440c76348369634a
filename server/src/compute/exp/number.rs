//! Arithmetic operators.

use super::value::{Type, Value};

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Logarithm,
    Modulo,
    Absolute,
    Floor,
    Ceiling,
    ToInteger,
    ToFloat,
    And,
    Or,
    Xor,
    Not,
    ShiftLeft,
    ShiftRight,
    ShiftRightSigned,
    Count,
    ScanLeft,
    ScanRight,
    Minimum,
    Maximum,
}

/// Operand and result types of an operator.
pub(super) struct Signature {
    pub(super) operands: Operands,
    /// `None` if the result has the type of the operands.
    pub(super) result: Option<Type>,
}

pub(super) enum Operands {
    /// Exactly these operand types.
    Exactly(&'static [Type]),
    /// One number of either type.
    Number,
    /// One or more numbers of the same type.
    Numbers,
    /// One or more integers.
    Integers,
}

impl Arithmetic {
    pub(super) fn signature(self) -> Signature {
        const INT: Type = Type::Int;
        const FLOAT: Type = Type::Float;
        let (operands, result) = match self {
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Minimum | Self::Maximum => {
                (Operands::Numbers, None)
            }
            Self::Power | Self::Logarithm => (Operands::Exactly(&[FLOAT, FLOAT]), Some(FLOAT)),
            Self::Modulo | Self::ShiftLeft | Self::ShiftRight | Self::ShiftRightSigned => {
                (Operands::Exactly(&[INT, INT]), Some(INT))
            }
            Self::Absolute => (Operands::Number, None),
            Self::Floor | Self::Ceiling => (Operands::Exactly(&[FLOAT]), Some(FLOAT)),
            Self::ToInteger => (Operands::Exactly(&[FLOAT]), Some(INT)),
            Self::ToFloat => (Operands::Exactly(&[INT]), Some(FLOAT)),
            Self::And | Self::Or | Self::Xor => (Operands::Integers, Some(INT)),
            Self::Not | Self::Count => (Operands::Exactly(&[INT]), Some(INT)),
            Self::ScanLeft | Self::ScanRight => (Operands::Exactly(&[INT, Type::Bool]), Some(INT)),
        };
        Signature { operands, result }
    }

    /// Computes the result, or `None` if it is unknown.
    pub(super) fn apply(self, operands: &[Value<'_>]) -> Option<Value<'static>> {
        let (first, rest) = operands.split_first()?;
        match first {
            Value::Int(first) => self.integers(*first, rest),
            Value::Float(first) => self.floats(*first, rest),
            _ => None,
        }
    }

    fn integers(self, first: i64, rest: &[Value<'_>]) -> Option<Value<'static>> {
        let value = match (self, rest) {
            (Self::Subtract, []) => first.wrapping_neg(),
            (Self::Divide, []) => divide(1, first)?,
            (Self::Absolute, _) => first.wrapping_abs(),
            (Self::ToFloat, _) => return Some(Value::Float(first as f64)),
            (Self::Not, _) => !first,
            (Self::Count, _) => i64::from(first.count_ones()),
            (Self::ScanLeft | Self::ScanRight, [Value::Bool(wanted)]) => {
                let bits = if *wanted { first } else { !first };
                match (bits, self) {
                    (0, _) => -1,
                    (_, Self::ScanLeft) => i64::from(bits.leading_zeros()),
                    _ => 63 - i64::from(bits.trailing_zeros()),
                }
            }
            _ => rest.iter().try_fold(first, |value, next| match next {
                Value::Int(next) => self.combine_integers(value, *next),
                _ => None,
            })?,
        };
        Some(Value::Int(value))
    }

    fn combine_integers(self, a: i64, b: i64) -> Option<i64> {
        // Only the low six bits of the shift count are used, as in the processor's shift instructions.
        let by = b as u32;
        Some(match self {
            Self::Add => a.wrapping_add(b),
            Self::Subtract => a.wrapping_sub(b),
            Self::Multiply => a.wrapping_mul(b),
            Self::Divide => divide(a, b)?,
            Self::Modulo if b == 0 => return None,
            Self::Modulo => a.wrapping_rem(b),
            Self::And => a & b,
            Self::Or => a | b,
            Self::Xor => a ^ b,
            Self::ShiftLeft => a.wrapping_shl(by),
            Self::ShiftRight => a.cast_unsigned().wrapping_shr(by).cast_signed(),
            Self::ShiftRightSigned => a.wrapping_shr(by),
            Self::Minimum => a.min(b),
            Self::Maximum => a.max(b),
            _ => return None,
        })
    }

    fn floats(self, first: f64, rest: &[Value<'_>]) -> Option<Value<'static>> {
        let value = match (self, rest) {
            (Self::Subtract, []) => -first,
            (Self::Divide, []) => 1.0 / first,
            (Self::Absolute, _) => first.abs(),
            (Self::Floor, _) => first.floor(),
            (Self::Ceiling, _) => first.ceil(),
            (Self::ToInteger, _) => return Some(Value::Int(truncate(first))),
            _ => rest.iter().try_fold(first, |value, next| match next {
                Value::Float(next) => self.combine_floats(value, *next),
                _ => None,
            })?,
        };
        Some(Value::Float(value))
    }

    fn combine_floats(self, a: f64, b: f64) -> Option<f64> {
        Some(match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => a.powf(b),
            Self::Logarithm => a.ln() / b.ln(),
            Self::Minimum if b < a => b,
            Self::Maximum if b > a => b,
            Self::Minimum | Self::Maximum => a,
            _ => return None,
        })
    }
}

fn divide(a: i64, b: i64) -> Option<i64> {
    (b != 0).then(|| a.wrapping_div(b))
}

/// Converts as the processor does: values out of range become the minimum integer.
fn truncate(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}
