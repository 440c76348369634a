//! Parsing of HyperLogLog operations.

use super::sketch::{Sketch, is_possible};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token};

type Result<T> = std::result::Result<T, ResultCode>;

/// Write flags of a HyperLogLog policy.
pub(super) mod policy {
    pub(in crate::compute::hll) const CREATE_ONLY: i64 = 1;
    pub(in crate::compute::hll) const UPDATE_ONLY: i64 = 2;
    pub(in crate::compute::hll) const NO_FAIL: i64 = 4;
    pub(in crate::compute::hll) const ALLOW_FOLD: i64 = 8;
}

/// The sketch sizes that a request specifies. `None` leaves a size unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) index_bits: Option<u8>,
    pub(super) minhash_bits: Option<u8>,
}

/// An operation with its arguments.
#[derive(Debug)]
pub(super) enum Request<'a> {
    Init(Sizes),
    Add(Vec<&'a [u8]>, Sizes),
    SetUnion(Vec<Sketch>),
    SetCount,
    Fold(Option<u8>),
    Count,
    Union(Vec<Sketch>),
    UnionCount(Vec<Sketch>),
    IntersectCount(Vec<Sketch>),
    Similarity(Vec<Sketch>),
    Describe,
    MayContain(Vec<&'a [u8]>),
}

/// Reads arguments in order.
struct Arguments<'a> {
    reader: Reader<'a>,
    left: u32,
}

fn malformed<T>() -> Result<T> {
    Err(ResultCode::PARAMETER)
}

impl<'a> Arguments<'a> {
    fn element(&mut self) -> Result<&'a [u8]> {
        self.left = self.left.checked_sub(1).ok_or(ResultCode::PARAMETER)?;
        self.reader.element().map_err(|_| ResultCode::PARAMETER)
    }

    fn int(&mut self) -> Result<i64> {
        match Reader::new(self.element()?).token() {
            Ok(Token::Int(value)) => Ok(value),
            _ => malformed(),
        }
    }

    fn int_or(&mut self, default: i64) -> Result<i64> {
        if self.left == 0 { Ok(default) } else { self.int() }
    }

    fn index_bits(&mut self) -> Result<Option<u8>> {
        match self.int_or(-1)? {
            -1 => Ok(None),
            bits @ 4..=16 => Ok(Some(bits as u8)),
            _ => malformed(),
        }
    }

    fn sizes(&mut self) -> Result<Sizes> {
        let index_bits = self.index_bits()?;
        let minhash_bits = match self.int_or(-1)? {
            -1 => None,
            bits @ (0 | 4..=51) => Some(bits as u8),
            _ => return malformed(),
        };
        if let (Some(index_bits), Some(minhash_bits)) = (index_bits, minhash_bits)
            && !is_possible(index_bits, minhash_bits)
        {
            return malformed();
        }
        Ok(Sizes {
            index_bits,
            minhash_bits,
        })
    }

    fn policy(&mut self, allowed: i64) -> Result<i64> {
        const BOTH: i64 = policy::CREATE_ONLY | policy::UPDATE_ONLY;
        let flags = self.int_or(0)?;
        if flags & !(allowed | policy::NO_FAIL) != 0 || flags & BOTH == BOTH {
            return malformed();
        }
        Ok(flags)
    }

    /// A list of elements to add. Lists and maps are not allowed as elements.
    fn elements(&mut self) -> Result<Vec<&'a [u8]>> {
        let mut reader = Reader::new(self.element()?);
        let Ok(Token::List(count @ 1..)) = reader.token() else {
            return malformed();
        };
        let mut elements = Vec::new();
        for _ in 0..count {
            let element = reader.element().map_err(|_| ResultCode::PARAMETER)?;
            if matches!(Reader::new(element).token(), Ok(Token::List(_) | Token::Map(_))) {
                return malformed();
            }
            elements.push(element);
        }
        Ok(elements)
    }

    /// A list of sketches, or a single sketch.
    fn sketches(&mut self) -> Result<Vec<Sketch>> {
        let argument = self.element()?;
        let mut reader = Reader::new(argument);
        let count = match reader.token() {
            Ok(Token::List(count @ 1..)) => count,
            Ok(Token::Bytes(_)) => {
                reader = Reader::new(argument);
                1
            }
            _ => return malformed(),
        };
        (0..count)
            .map(|_| match reader.token() {
                Ok(Token::Bytes([_, sketch @ ..])) => Sketch::parse(sketch).ok_or(ResultCode::PARAMETER),
                _ => malformed(),
            })
            .collect()
    }
}

impl<'a> Request<'a> {
    /// Parses an operation in its wire form, `[code, arguments...]`. The second result is the policy flags.
    pub(super) fn parse(payload: &'a [u8]) -> Result<(Self, i64)> {
        let mut reader = Reader::new(payload);
        let Ok(Token::List(left @ 1..)) = reader.token() else {
            return malformed();
        };
        let arguments = &mut Arguments { reader, left };
        let mut policy = 0;
        let request = match arguments.int()? {
            0 => {
                let sizes = arguments.sizes()?;
                policy = arguments.policy(policy::CREATE_ONLY | policy::UPDATE_ONLY)?;
                Self::Init(sizes)
            }
            1 => {
                let elements = arguments.elements()?;
                let sizes = arguments.sizes()?;
                policy = arguments.policy(policy::CREATE_ONLY)?;
                Self::Add(elements, sizes)
            }
            2 => {
                let sketches = arguments.sketches()?;
                policy = arguments.policy(policy::CREATE_ONLY | policy::UPDATE_ONLY | policy::ALLOW_FOLD)?;
                Self::SetUnion(sketches)
            }
            3 => Self::SetCount,
            4 if arguments.left == 0 => return malformed(),
            4 => Self::Fold(arguments.index_bits()?),
            50 => Self::Count,
            51 => Self::Union(arguments.sketches()?),
            52 => Self::UnionCount(arguments.sketches()?),
            53 => Self::IntersectCount(arguments.sketches()?),
            54 => Self::Similarity(arguments.sketches()?),
            55 => Self::Describe,
            56 => Self::MayContain(arguments.elements()?),
            _ => return malformed(),
        };
        if arguments.left == 0 {
            Ok((request, policy))
        } else {
            malformed()
        }
    }

    pub(super) fn reads(&self) -> bool {
        matches!(
            self,
            Self::Count
                | Self::Union(_)
                | Self::UnionCount(_)
                | Self::IntersectCount(_)
                | Self::Similarity(_)
                | Self::Describe
                | Self::MayContain(_)
        )
    }
}
