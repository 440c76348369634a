//! The elements of the list that encodes an expression, and checks of them.

use crate::common::result_code::ResultCode;
use crate::compute::exp::value::Type;
use crate::compute::msgpack::{Reader, Token};

/// Maximum length of a bin name, in bytes.
const MAX_BIN_NAME: usize = 15;

pub(super) type Result<T> = std::result::Result<T, ResultCode>;

/// The remaining elements of the list that encodes an expression.
pub(super) struct Parts<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) left: u32,
}

pub(super) fn malformed<T>() -> Result<T> {
    Err(ResultCode::PARAMETER)
}

pub(super) fn check(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { malformed() }
}

impl<'a> Parts<'_, 'a> {
    pub(super) fn count_one(&mut self) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or(ResultCode::PARAMETER)?;
        Ok(())
    }

    pub(super) fn token(&mut self) -> Result<Token<'a>> {
        self.count_one()?;
        self.reader.token().map_err(|_| ResultCode::PARAMETER)
    }

    pub(super) fn element(&mut self) -> Result<&'a [u8]> {
        self.count_one()?;
        self.reader.element().map_err(|_| ResultCode::PARAMETER)
    }

    pub(super) fn int(&mut self) -> Result<i64> {
        match self.token()? {
            Token::Int(value) => Ok(value),
            Token::Unsigned(value) => Ok(value.cast_signed()),
            _ => malformed(),
        }
    }

    pub(super) fn kind(&mut self) -> Result<Type> {
        Type::from_code(self.int()?).ok_or(ResultCode::PARAMETER)
    }

    /// Reads a name. Unlike values, names have no particle type in front.
    pub(super) fn name(&mut self) -> Result<&'a [u8]> {
        match self.token()? {
            Token::Bytes(name) => Ok(name),
            _ => malformed(),
        }
    }

    pub(super) fn bin_name(&mut self) -> Result<Box<[u8]>> {
        let name = self.name()?;
        check(name.len() <= MAX_BIN_NAME)?;
        Ok(name.into())
    }
}
