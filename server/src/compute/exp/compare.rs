//! Comparison of values.

use std::cmp::Ordering;

use super::node::Comparison;
use super::value::{Type, Value};
use crate::compute::msgpack::{self, Reader, Step, Token, is_wildcard, order_marker};

impl Comparison {
    /// Compares two values of the same type. Returns `None` if the result is unknown.
    pub(super) fn apply(self, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
        if let (Value::Float(a), Value::Float(b)) = (a, b) {
            return Some(self.holds(a.partial_cmp(b)));
        }
        let order = match (a, b) {
            (Value::Nil, Value::Nil) => Ordering::Equal,
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Bytes(x, a), Value::Bytes(y, b)) if x == y && matches!(x, Type::List | Type::Map) => {
                collections(&mut Reader::new(a), &mut Reader::new(b), 0)?.order()
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

/// Compares the next elements. Unordered maps cannot be compared: if the result depends on them, it is unknown,
/// unless they are empty. A wildcard equals all remaining elements.
fn collections(a: &mut Reader<'_>, b: &mut Reader<'_>, depth: u32) -> Option<Step> {
    if depth > msgpack::MAX_DEPTH {
        return None;
    }
    let (mut inner_a, mut inner_b) = (*a, *b);
    let (x, y) = (inner_a.token().ok()?, inner_b.token().ok()?);
    if is_wildcard(&x) || is_wildcard(&y) {
        return Some(Step::Decided(Ordering::Equal));
    }
    let step = match (x, y) {
        (Token::List(x), Token::List(y)) => {
            let x = x - marked(&mut inner_a, x, false)?;
            let y = y - marked(&mut inner_b, y, false)?;
            run(&mut inner_a, &mut inner_b, x.min(y), depth)?.or(x.cmp(&y))
        }
        (Token::Map(x), Token::Map(y)) => {
            let (of_x, of_y) = (marked(&mut inner_a, x, true)?, marked(&mut inner_b, y, true)?);
            if (x > 0 && of_x == 0) || (y > 0 && of_y == 0) {
                return None;
            }
            let (x, y) = (x - of_x, y - of_y);
            let entries = run(&mut inner_a, &mut inner_b, x.min(y).saturating_mul(2), depth)?;
            if x == y { entries } else { Step::Decided(x.cmp(&y)) }
        }
        _ => msgpack::compare(a.rest(), b.rest()).into(),
    };
    a.element().ok()?;
    b.element().ok()?;
    Some(step)
}

/// Skips an order marker. Returns the number of elements or pairs that it takes up: 0 if there is none.
fn marked(reader: &mut Reader<'_>, count: u32, is_map: bool) -> Option<u32> {
    if count == 0 || order_marker(*reader).is_none() {
        return Some(0);
    }
    reader.element().ok()?;
    if is_map {
        reader.element().ok()?;
    }
    Some(1)
}

fn run(a: &mut Reader<'_>, b: &mut Reader<'_>, count: u32, depth: u32) -> Option<Step> {
    for _ in 0..count {
        if let Step::Decided(order) = collections(a, b, depth + 1)? {
            return Some(Step::Decided(order));
        }
    }
    Some(Step::Equal)
}
