//! The database's ordering of values: by type first, in the order nil, booleans, integers, strings, lists,
//! maps, blobs, floats, GeoJSON.

use std::cmp::Ordering;

use super::{MAX_DEPTH, Reader, Token, order_marker, special, string_kind};

/// Whether wildcards match any value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wildcards {
    /// Wildcards match, as in search values from clients.
    Match,
    /// Wildcards do not match. Sorting needs this, because it requires a total order.
    Plain,
}

/// Compares the first elements of two byte strings.
#[must_use]
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    order(a, b, Wildcards::Plain)
}

/// Whether a stored element matches a search value.
#[must_use]
pub fn matches(stored: &[u8], wanted: &[u8]) -> bool {
    order(stored, wanted, Wildcards::Match) == Ordering::Equal
}

/// Compares the first elements of two byte strings.
#[must_use]
pub fn order(a: &[u8], b: &[u8], wildcards: Wildcards) -> Ordering {
    let mut pair = Pair {
        a: Reader::new(a),
        b: Reader::new(b),
        wildcards,
    };
    pair.next(0).order()
}

/// The result of comparing a part of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Both are equal so far.
    Equal,
    /// The order is decided; the remaining elements do not matter.
    Decided(Ordering),
}

impl Step {
    /// The final ordering if nothing follows.
    #[must_use]
    pub fn order(self) -> Ordering {
        match self {
            Self::Equal => Ordering::Equal,
            Self::Decided(order) => order,
        }
    }

    /// This step, or `order` if both values are equal so far.
    #[must_use]
    pub fn or(self, order: Ordering) -> Self {
        match self {
            Self::Equal => order.into(),
            decided => decided,
        }
    }
}

impl From<Ordering> for Step {
    fn from(order: Ordering) -> Self {
        match order {
            Ordering::Equal => Self::Equal,
            order => Self::Decided(order),
        }
    }
}

struct Pair<'a> {
    a: Reader<'a>,
    b: Reader<'a>,
    wildcards: Wildcards,
}

impl Pair<'_> {
    /// Compares the next elements. If they are equal, both readers have moved past them.
    fn next(&mut self, depth: u32) -> Step {
        let (Ok(x), Ok(y)) = (self.a.token(), self.b.token()) else {
            return Step::Decided(Ordering::Equal);
        };
        if self.wildcards == Wildcards::Match && (is_wildcard(&x) || is_wildcard(&y)) {
            return Step::Decided(Ordering::Equal);
        }
        let by_type = rank(&x).cmp(&rank(&y));
        if by_type != Ordering::Equal {
            return Step::Decided(by_type);
        }
        if depth > MAX_DEPTH {
            return Step::Decided(Ordering::Equal);
        }
        match (x, y) {
            (Token::List(x), Token::List(y)) => {
                let (x, y) = (unmarked(&mut self.a, x, false), unmarked(&mut self.b, y, false));
                self.run(x.min(y), depth).or(x.cmp(&y))
            }
            (Token::Map(x), Token::Map(y)) => {
                let (x, y) = (unmarked(&mut self.a, x, true), unmarked(&mut self.b, y, true));
                match x.cmp(&y) {
                    Ordering::Equal => self.run(x.saturating_mul(2), depth),
                    order => Step::Decided(order),
                }
            }
            (x, y) => scalars(&x, &y).into(),
        }
    }

    fn run(&mut self, count: u32, depth: u32) -> Step {
        for _ in 0..count {
            if let Step::Decided(order) = self.next(depth + 1) {
                return Step::Decided(order);
            }
        }
        Step::Equal
    }
}

/// Skips a collection's order marker, which does not affect the comparison. Returns the number of remaining
/// elements or pairs.
fn unmarked(reader: &mut Reader<'_>, count: u32, is_map: bool) -> u32 {
    if count == 0 || order_marker(*reader).is_none() {
        return count;
    }
    let skipped = reader.element().is_ok() && (!is_map || reader.element().is_ok());
    if skipped { count - 1 } else { 0 }
}

fn scalars(x: &Token<'_>, y: &Token<'_>) -> Ordering {
    match (x, y) {
        (Token::Bool(x), Token::Bool(y)) => x.cmp(y),
        (Token::Int(x), Token::Int(y)) => x.cmp(y),
        (Token::Unsigned(x), Token::Unsigned(y)) => x.cmp(y),
        (Token::Int(_), Token::Unsigned(_)) => Ordering::Less,
        (Token::Unsigned(_), Token::Int(_)) => Ordering::Greater,
        // Adding 0.0 makes both zeros equal. `total_cmp` also orders NaN, as sorting requires.
        (Token::Float(x), Token::Float(y)) => (x + 0.0).total_cmp(&(y + 0.0)),
        (Token::Bytes(x), Token::Bytes(y)) => x.cmp(y),
        // The types of extensions are not compared.
        (Token::Ext(_, x), Token::Ext(_, y)) => x.cmp(y),
        _ => Ordering::Equal,
    }
}

/// Whether an element is the wildcard, which equals the element at its position and all that follow.
#[must_use]
pub fn is_wildcard(token: &Token<'_>) -> bool {
    matches!(token, Token::Ext(special::TYPE, [special::WILDCARD]))
}

fn rank(token: &Token<'_>) -> u8 {
    match token {
        Token::Nil => 0,
        Token::Bool(_) => 1,
        Token::Int(_) | Token::Unsigned(_) => 2,
        Token::Bytes(bytes) => match bytes.first() {
            Some(&string_kind::STRING) => 3,
            Some(&string_kind::GEOJSON) => 8,
            _ => 6,
        },
        Token::List(_) => 4,
        Token::Map(_) => 5,
        Token::Float(_) => 7,
        Token::Ext(special::TYPE, [special::INFINITY]) => 10,
        Token::Ext(..) => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_types_as_documented() {
        let ordered: [&[u8]; 18] = [
            b"\xc0",
            b"\xc2",
            b"\xc3",
            b"\xff",
            b"\x05",
            b"\xcd\x01\x00",
            b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xa2\x03a",
            b"\xa3\x03ab",
            b"\x91\x02",
            b"\x92\x02\x01",
            b"\x81\x01\x01",
            b"\x82\x00\x00\x01\x01",
            b"\xa0",
            b"\xa2\x04a",
            b"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00",
            b"\xa2\x17a",
            b"\xd4\xff\x01",
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn orders_extensions_by_their_bytes() {
        // Verified against a real server, in lists that claim to be ordered.
        let ordered: [&[u8]; 5] = [
            b"\xa2\x17a",
            b"\xc7\0\x06",
            b"\xd4\x06\x01",
            b"\xd6\x05\x01\x01\x01\x01",
            b"\xd4\x05\x02",
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:02x?} {b:02x?}");
            }
        }
        assert_eq!(compare(b"\xd4\x05\x01", b"\xd4\x06\x01"), Ordering::Equal);
        assert_eq!(compare(b"\xc7\0\x05", b"\xc7\0\x06"), Ordering::Equal);
    }

    #[test]
    fn ignores_order_markers() {
        assert_eq!(compare(b"\x92\xc7\x00\x01\x05", b"\x91\x05"), Ordering::Equal);
        assert_eq!(
            compare(b"\x82\xc7\x00\x01\xc0\x05\x05", b"\x81\x05\x05"),
            Ordering::Equal
        );
        assert_eq!(
            compare(b"\x92\x92\xc7\x00\x01\x05\x01", b"\x92\x91\x05\x02"),
            Ordering::Less
        );
    }

    #[test]
    fn a_wildcard_ends_the_comparison() {
        // [1, *] and [[*], 1], verified against a real server.
        assert!(matches(b"\x92\x01\x02", b"\x92\x01\xd4\xff\x00"));
        assert!(!matches(b"\x91\x01", b"\x92\x01\xd4\xff\x00"));
        assert!(matches(b"\x92\x91\x05\x02", b"\x92\x91\xd4\xff\x00\x01"));
        assert_ne!(compare(b"\x01", b"\xd4\xff\x00"), Ordering::Equal);
    }

    #[test]
    fn compares_zeros_as_equal_and_orders_nan() {
        let float = |value: f64| [&[0xcb][..], &value.to_be_bytes()].concat();
        assert_eq!(compare(&float(0.0), &float(-0.0)), Ordering::Equal);
        assert_eq!(compare(&float(f64::NAN), &float(f64::NAN)), Ordering::Equal);
        assert_eq!(compare(&float(f64::NAN), &float(f64::INFINITY)), Ordering::Greater);
    }
}
