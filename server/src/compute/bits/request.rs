//! Parsing of bitwise operations.

use super::code;
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token};

/// Write flags of a bit policy.
pub(super) mod policy {
    pub(in crate::compute::bits) const CREATE_ONLY: i64 = 1;
    pub(in crate::compute::bits) const UPDATE_ONLY: i64 = 2;
    pub(in crate::compute::bits) const NO_FAIL: i64 = 4;
    pub(in crate::compute::bits) const PARTIAL: i64 = 8;
}

/// Flags of the resize operation.
pub(super) mod resize {
    pub(in crate::compute::bits) const FROM_FRONT: i64 = 1;
    pub(in crate::compute::bits) const GROW_ONLY: i64 = 2;
    pub(in crate::compute::bits) const SHRINK_ONLY: i64 = 4;
}

/// Actions for results that overflow.
pub(super) mod overflow {
    pub(in crate::compute::bits) const SIGNED: i64 = 1;
    pub(in crate::compute::bits) const SATURATE: i64 = 2;
    pub(in crate::compute::bits) const WRAP: i64 = 4;
}

/// Exclusive upper bound for byte offsets and sizes: the size of the largest request.
const BYTES_END: i64 = 1 << 27;

const BITS_MAX: i64 = BYTES_END * 8;

/// An operation with its arguments, validated as far as that is possible without the bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub(super) code: i64,
    /// Offset: in bytes for byte operations, in bits otherwise. Negative offsets count from the end.
    pub(super) offset: i64,
    /// Size, in the same unit as the offset. Positive, except when resizing.
    pub(super) size: i64,
    /// The bytes to write, for operations that do not take a number.
    pub(super) bytes: &'a [u8],
    /// The numeric argument: the operand, the shift count, or the bit value to search for.
    pub(super) number: i64,
    /// Flags, see [`policy`].
    pub(super) policy: i64,
    /// Flags, see [`resize`] and [`overflow`], or whether numbers are signed.
    pub(super) flags: i64,
}

/// Reads arguments in order.
struct Arguments<'a> {
    reader: Reader<'a>,
    left: u32,
}

impl<'a> Arguments<'a> {
    fn token(&mut self) -> Result<Token<'a>, ResultCode> {
        self.left = self.left.checked_sub(1).ok_or(ResultCode::PARAMETER)?;
        self.reader.token().map_err(|_| ResultCode::PARAMETER)
    }

    fn number(&mut self) -> Result<i64, ResultCode> {
        match self.token()? {
            Token::Int(number) => Ok(number),
            // Like a real server, reinterpret the same 64 bits as signed.
            Token::Unsigned(number) => Ok(number as i64),
            _ => Err(ResultCode::PARAMETER),
        }
    }

    /// An optional last argument, in which only the bits of `allowed` may be set.
    fn flags(&mut self, allowed: i64) -> Result<i64, ResultCode> {
        let flags = if self.left == 0 { 0 } else { self.number()? };
        check(flags & !allowed == 0).map(|()| flags)
    }

    fn policy(&mut self, allowed: i64) -> Result<i64, ResultCode> {
        const BOTH: i64 = policy::CREATE_ONLY | policy::UPDATE_ONLY;
        let flags = self.flags(allowed | policy::NO_FAIL)?;
        check(flags & BOTH != BOTH).map(|()| flags)
    }

    /// A byte string. Its leading particle type is ignored.
    fn bytes(&mut self) -> Result<&'a [u8], ResultCode> {
        match self.token()? {
            Token::Bytes([_, bytes @ ..]) if !bytes.is_empty() => Ok(bytes),
            _ => Err(ResultCode::PARAMETER),
        }
    }

    fn within(&mut self, lowest: i64, highest: i64) -> Result<i64, ResultCode> {
        let number = self.number()?;
        check((lowest..=highest).contains(&number)).map(|()| number)
    }
}

fn check(holds: bool) -> Result<(), ResultCode> {
    if holds { Ok(()) } else { Err(ResultCode::PARAMETER) }
}

impl<'a> Request<'a> {
    /// Parses an operation in its wire form: `[code, arguments...]`.
    pub(super) fn parse(payload: &'a [u8]) -> Result<Self, ResultCode> {
        let mut reader = Reader::new(payload);
        let Ok(Token::List(left @ 1..)) = reader.token() else {
            return Err(ResultCode::PARAMETER);
        };
        let mut arguments = Arguments { reader, left };
        let code = arguments.number()?;
        let mut request = Self {
            code,
            offset: 0,
            size: 0,
            bytes: &[],
            number: 0,
            policy: 0,
            flags: 0,
        };
        request.read(&mut arguments)?;
        check(arguments.left == 0).map(|()| request)
    }

    fn read(&mut self, arguments: &mut Arguments<'a>) -> Result<(), ResultCode> {
        const CREATES: i64 = policy::CREATE_ONLY | policy::UPDATE_ONLY;
        const CHANGES: i64 = policy::UPDATE_ONLY | policy::PARTIAL;
        match self.code {
            code::RESIZE => {
                const BOTH: i64 = resize::GROW_ONLY | resize::SHRINK_ONLY;
                self.size = arguments.within(0, BYTES_END - 1)?;
                self.policy = arguments.policy(CREATES)?;
                self.flags = arguments.flags(resize::FROM_FRONT | BOTH)?;
                return check(self.flags & BOTH != BOTH);
            }
            code::INSERT => {
                self.offset = arguments.within(1 - BYTES_END, BYTES_END - 1)?;
                self.bytes = arguments.bytes()?;
                self.policy = arguments.policy(CREATES)?;
                return Ok(());
            }
            code::REMOVE => {
                self.offset = arguments.within(1 - BYTES_END, BYTES_END - 1)?;
                self.size = arguments.within(1, BYTES_END - 1)?;
                self.policy = arguments.policy(CHANGES)?;
                return Ok(());
            }
            _ => {}
        }
        self.offset = arguments.within(-BITS_MAX, BITS_MAX)?;
        self.size = arguments.within(1, BITS_MAX)?;
        match self.code {
            code::SET | code::OR | code::XOR | code::AND => {
                self.bytes = arguments.bytes()?;
                self.policy = arguments.policy(CHANGES)?;
                let available = self.bytes.len() as u64 * 8;
                check(self.size.unsigned_abs() <= available)
            }
            code::NOT => {
                self.policy = arguments.policy(CHANGES)?;
                Ok(())
            }
            code::LEFT_SHIFT | code::RIGHT_SHIFT => {
                self.number = arguments.within(0, BITS_MAX)?;
                self.policy = arguments.policy(CHANGES)?;
                Ok(())
            }
            code::ADD | code::SUBTRACT => {
                const BOTH: i64 = overflow::SATURATE | overflow::WRAP;
                self.number = arguments.number()?;
                self.policy = arguments.policy(policy::UPDATE_ONLY)?;
                self.flags = arguments.flags(overflow::SIGNED | BOTH)?;
                check(self.flags & BOTH != BOTH && self.size <= 64)
            }
            code::SET_INT => {
                self.number = arguments.number()?;
                self.policy = arguments.policy(policy::UPDATE_ONLY)?;
                check(self.size <= 64)
            }
            code::GET | code::COUNT => Ok(()),
            code::LEFT_SCAN | code::RIGHT_SCAN => match arguments.token()? {
                Token::Bool(wanted) => {
                    self.number = i64::from(wanted);
                    Ok(())
                }
                _ => Err(ResultCode::PARAMETER),
            },
            code::GET_INT => {
                self.flags = arguments.flags(overflow::SIGNED)?;
                check(self.size <= 64)
            }
            _ => Err(ResultCode::PARAMETER),
        }
    }

    /// Whether a policy flag is set.
    pub(super) fn has(&self, flag: i64) -> bool {
        self.policy & flag != 0
    }
}
