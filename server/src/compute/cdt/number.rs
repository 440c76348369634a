//! Increments of numbers inside lists and maps.

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token, write};

/// A number: integer or float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// Parses a number.
    pub(super) fn parse(element: &[u8]) -> Result<Self, ResultCode> {
        match Reader::new(element).token() {
            Ok(Token::Int(value)) => Ok(Self::Int(value)),
            Ok(Token::Unsigned(value)) => Ok(Self::Int(value.cast_signed())),
            Ok(Token::Float(value)) => Ok(Self::Float(value)),
            _ => Err(ResultCode::PARAMETER),
        }
    }

    /// Parses the increment, which defaults to 1.
    pub(super) fn parse_step(element: Option<&[u8]>) -> Result<Self, ResultCode> {
        match element {
            None => Ok(Self::Int(1)),
            Some(element) if matches!(Reader::new(element).token(), Ok(Token::Nil)) => Ok(Self::Int(1)),
            Some(element) => Self::parse(element),
        }
    }

    /// Adds and keeps the type of this number. Integers wrap on overflow.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    pub(super) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Self::Int(a.wrapping_add(b)),
            (Self::Int(a), Self::Float(b)) => Self::Int(a.wrapping_add(b as i64)),
            (Self::Float(a), Self::Int(b)) => Self::Float(a + b as f64),
            (Self::Float(a), Self::Float(b)) => Self::Float(a + b),
        }
    }

    /// The negated number.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Int(value) => Self::Int(value.wrapping_neg()),
            Self::Float(value) => Self::Float(-value),
        }
    }

    /// Encodes the number as a MessagePack element.
    pub(super) fn encode(self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Int(value) => write::int(&mut out, value),
            Self::Float(value) => write::float(&mut out, value),
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn increments_keep_the_number_type() {
        assert_eq!(Number::Int(1).plus(Number::Float(5.5)), Number::Int(6));
        assert_eq!(Number::Float(1.5).plus(Number::Int(5)), Number::Float(6.5));
        assert_eq!(Number::Int(i64::MAX).plus(Number::Int(1)), Number::Int(i64::MIN));
        assert_eq!(Number::Int(i64::MIN).negated(), Number::Int(i64::MIN));
    }

    #[test]
    fn rejects_values_that_are_not_numbers() {
        assert_eq!(Number::parse(b"\xa2\x03a"), Err(ResultCode::PARAMETER));
        assert_eq!(Number::parse(b"\xc0"), Err(ResultCode::PARAMETER));
        assert_eq!(Number::parse_step(Some(b"\xc0")), Ok(Number::Int(1)));
    }
}
