//! Parsing of operations: `[code, arguments...]`, or `[0xff, context, [code, arguments...]]`.

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Reader, Token, normalise_value};

/// In place of an operation code: a context follows.
const WITH_CONTEXT: i64 = 0xff;

/// Maximum number of arguments to parse. No operation has as many, so calls with too many arguments are detected.
const MAX_ARGUMENTS: u32 = 8;

/// A parsed operation.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// Type and value of each context step, outermost first.
    pub(super) context: Vec<(i64, &'a [u8])>,
    pub(super) code: u8,
    pub(super) arguments: Arguments<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn parse(payload: &'a [u8]) -> Result<Self, ResultCode> {
        let mut reader = Reader::new(payload);
        let count = list_head(&mut reader)?;
        let first = int(&mut reader)?;
        if first != WITH_CONTEXT {
            return Self::new(Vec::new(), first, &mut reader, count);
        }
        if count != 3 {
            return Err(ResultCode::PARAMETER);
        }
        let context = context(&mut reader)?;
        let count = list_head(&mut reader)?;
        let code = int(&mut reader)?;
        Self::new(context, code, &mut reader, count)
    }

    fn new(context: Vec<(i64, &'a [u8])>, code: i64, reader: &mut Reader<'a>, count: u32) -> Result<Self, ResultCode> {
        let code = u8::try_from(code).map_err(|_| ResultCode::PARAMETER)?;
        let left = count.saturating_sub(1);
        if left > MAX_ARGUMENTS {
            return Err(ResultCode::PARAMETER);
        }
        let mut all = Vec::new();
        for _ in 0..left {
            all.push(element(reader)?);
        }
        let arguments = Arguments { all };
        Ok(Self {
            context,
            code,
            arguments,
        })
    }
}

pub(super) fn context<'a>(reader: &mut Reader<'a>) -> Result<Vec<(i64, &'a [u8])>, ResultCode> {
    let count = list_head(reader)?;
    if count == 0 || count % 2 != 0 {
        return Err(ResultCode::PARAMETER);
    }
    let mut steps = Vec::new();
    for _ in 0..count / 2 {
        let kind = int(reader)?;
        steps.push((kind, element(reader)?));
    }
    Ok(steps)
}

/// The arguments of an operation. Each is one complete element.
#[derive(Debug)]
pub(super) struct Arguments<'a> {
    all: Vec<&'a [u8]>,
}

impl<'a> Arguments<'a> {
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// The argument at a position; an error if it is missing.
    pub(super) fn at(&self, position: usize) -> Result<&'a [u8], ResultCode> {
        self.all.get(position).copied().ok_or(ResultCode::PARAMETER)
    }

    /// The argument at a position, or `None` if it is missing.
    pub(super) fn get(&self, position: usize) -> Option<&'a [u8]> {
        self.all.get(position).copied()
    }

    /// The integer at a position.
    pub(super) fn int(&self, position: usize) -> Result<i64, ResultCode> {
        int(&mut Reader::new(self.at(position)?))
    }

    /// The integer at a position, or `default` if it is missing.
    pub(super) fn int_or(&self, position: usize, default: i64) -> Result<i64, ResultCode> {
        match self.get(position) {
            Some(element) => int(&mut Reader::new(element)),
            None => Ok(default),
        }
    }

    /// A value to store, converted to its stored form.
    pub(super) fn value(&self, position: usize) -> Result<Vec<u8>, ResultCode> {
        let mut out = Vec::new();
        normalise_value(self.at(position)?, &mut out).map_err(|_| ResultCode::PARAMETER)?;
        Ok(out)
    }

    /// The elements of the list at a position.
    pub(super) fn list(&self, position: usize) -> Result<Vec<&'a [u8]>, ResultCode> {
        let mut reader = Reader::new(self.at(position)?);
        let count = list_head(&mut reader)?;
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(element(&mut reader)?);
        }
        Ok(all)
    }
}

fn list_head(reader: &mut Reader<'_>) -> Result<u32, ResultCode> {
    match reader.token() {
        Ok(Token::List(count)) => Ok(count),
        _ => Err(ResultCode::PARAMETER),
    }
}

/// Reads an integer.
pub(super) fn int(reader: &mut Reader<'_>) -> Result<i64, ResultCode> {
    match reader.token() {
        Ok(Token::Int(value)) => Ok(value),
        _ => Err(ResultCode::PARAMETER),
    }
}

fn element<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ResultCode> {
    reader.element().map_err(|_| ResultCode::PARAMETER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_operations_with_and_without_context() {
        let call = Call::parse(b"\x93\x01\x91\x07\x00").unwrap();
        assert_eq!((call.code, call.context.len(), call.arguments.count()), (1, 0, 2));
        assert_eq!(call.arguments.at(0), Ok(&b"\x91\x07"[..]));
        let call = Call::parse(b"\x93\xcc\xff\x94\x10\x05\x22\xa2\x03k\x91\x10").unwrap();
        assert_eq!((call.code, call.arguments.count()), (16, 0));
        assert_eq!(call.context, [(0x10, &b"\x05"[..]), (0x22, b"\xa2\x03k")]);
    }

    #[test]
    fn rejects_malformed_operations() {
        for payload in [
            &b""[..],
            b"\x90",
            b"\x91",
            b"\x91\xc0",
            b"\x10",
            b"\x92\xcc\xff\x90",
            b"\x93\xcc\xff\x90\x91\x10",
            b"\x93\xcc\xff\x91\x10\x91\x10",
            b"\x93\xcc\xff\x92\xa2\x03a\x00\x91\x10",
            b"\x93\xcc\xff\x92\x10\x00\x10",
            b"\x92\x01\xc1",
            b"\x92\x01\x91",
            b"\x91\xcd\x01\x00",
            b"\xdd\xff\xff\xff\xff\x01",
        ] {
            assert!(Call::parse(payload).is_err(), "{payload:?}");
        }
    }
}
