//! Comparing values.

use std::cmp::Ordering;

use super::node::Comparison;
use super::value::{Type, Value};
use crate::msgpack::{self, Reader, Token};

impl Comparison {
    /// Compares two values of the same type; nothing when what comes of it is unknown.
    pub(super) fn apply(self, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
        if let (Value::Float(a), Value::Float(b)) = (a, b) {
            return Some(self.holds(a.partial_cmp(b)));
        }
        let order = match (a, b) {
            (Value::Nil, Value::Nil) => Ordering::Equal,
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Bytes(Type::List | Type::Map, a), Value::Bytes(Type::List | Type::Map, b)) if a_b_same(a, b) => {
                // Maps without an order have none to compare by.
                if has_unordered_map(a) || has_unordered_map(b) {
                    return None;
                }
                msgpack::compare(a, b)
            }
            (Value::Bytes(x, a), Value::Bytes(y, b)) if x == y => a.cmp(b),
            _ => return None,
        };
        Some(self.holds(Some(order)))
    }

    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        }
    }
}

/// Whether both are lists or both are maps.
fn a_b_same(a: &[u8], b: &[u8]) -> bool {
    matches!(
        (Reader::new(a).token(), Reader::new(b).token()),
        (Ok(Token::List(_)), Ok(Token::List(_))) | (Ok(Token::Map(_)), Ok(Token::Map(_)))
    )
}

/// Whether there is, at any depth, a map with more than nothing in it and without an order.
fn has_unordered_map(collection: &[u8]) -> bool {
    let mut reader = Reader::new(collection);
    while !reader.is_empty() {
        match reader.token() {
            Ok(Token::Map(1..)) if !matches!(reader.token(), Ok(Token::Ext(..))) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    false
}
