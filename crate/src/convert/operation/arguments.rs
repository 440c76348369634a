//! The part of an operation after its bin name: code, context and arguments.

use aerospike_core::operations::{CdtContext, Operation, cdt_context};
use aerospike_core::{IndexMap, Value};

use crate::common::errors::Failure;
use crate::convert::value;
use crate::wire::Reader;

/// The arguments of a builder, which takes them in order. The TypeScript side has validated them; an argument of
/// the wrong type is still a failure and never a panic.
pub struct Arguments {
    /// The builder within the family.
    pub code: u8,
    bin: String,
    context: Vec<CdtContext>,
    arguments: std::vec::IntoIter<Value>,
}

impl Arguments {
    /// Reads the code of a builder, its context and its arguments.
    pub fn read(reader: &mut Reader<'_>, bin: String) -> Result<Self, Failure> {
        let code = reader.u8()?;
        let context = read_context(reader.blob()?)?;
        let count = reader.u8()?;
        let arguments = (0..count).map(|_| value::read(reader)).collect::<Result<Vec<_>, _>>()?;
        Ok(Arguments {
            code,
            bin,
            context,
            arguments: arguments.into_iter(),
        })
    }

    /// Adds the context to the built operation and returns the bin name with it. Fails if arguments are left.
    pub fn finish(self, operation: Operation) -> Result<(String, Operation), Failure> {
        if self.arguments.len() > 0 {
            return Err(self.misfit("too many arguments"));
        }
        let operation = if self.context.is_empty() {
            operation
        } else {
            operation.context(self.context)
        };
        Ok((self.bin, operation))
    }

    /// The bin name, for the builder.
    pub fn bin(&self) -> String {
        self.bin.clone()
    }

    /// Takes the context, so that `finish` does not add it; for builders that use it themselves.
    pub fn context(&mut self) -> Vec<CdtContext> {
        std::mem::take(&mut self.context)
    }

    /// Number of remaining arguments.
    pub fn left(&self) -> usize {
        self.arguments.len()
    }

    /// Takes the next argument.
    pub fn value(&mut self) -> Result<Value, Failure> {
        self.arguments.next().ok_or_else(|| self.misfit("too few arguments"))
    }

    /// Takes the next argument, an integer.
    pub fn int(&mut self) -> Result<i64, Failure> {
        match self.value()? {
            Value::Int(number) => Ok(number),
            _ => Err(self.misfit("an argument that is no integer")),
        }
    }

    /// Takes the next argument, an integer that fits a byte: flags and orders.
    pub fn byte(&mut self) -> Result<u8, Failure> {
        let number = self.int()?;
        u8::try_from(number).map_err(|_| self.misfit("an argument that is no byte"))
    }

    /// Takes the next argument, a boolean.
    pub fn flag(&mut self) -> Result<bool, Failure> {
        match self.value()? {
            Value::Bool(flag) => Ok(flag),
            _ => Err(self.misfit("an argument that is neither true nor false")),
        }
    }

    /// Takes the next argument, a string.
    pub fn text(&mut self) -> Result<String, Failure> {
        match self.value()? {
            Value::String(text) => Ok(text),
            _ => Err(self.misfit("an argument that is no string")),
        }
    }

    /// Takes the next argument, bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, Failure> {
        match self.value()? {
            Value::Blob(bytes) => Ok(bytes),
            _ => Err(self.misfit("an argument that is no blob")),
        }
    }

    /// Takes the next argument, a list.
    pub fn list(&mut self) -> Result<Vec<Value>, Failure> {
        match self.value()? {
            Value::List(items) => Ok(items),
            _ => Err(self.misfit("an argument that is no list")),
        }
    }

    /// Takes the next argument, a list that must not be empty, because the core's builder would panic.
    pub fn items(&mut self) -> Result<Vec<Value>, Failure> {
        let items = self.list()?;
        if items.is_empty() {
            return Err(self.misfit("an empty list of items"));
        }
        Ok(items)
    }

    /// Takes the next argument, a map.
    pub fn map(&mut self) -> Result<IndexMap<Value, Value>, Failure> {
        match self.value()? {
            Value::OrderedMap(map) => Ok(map),
            _ => Err(self.misfit("an argument that is no map")),
        }
    }

    /// The failure for an unknown code.
    pub fn unknown(&self) -> Failure {
        self.misfit("an unknown code")
    }

    /// The failure for arguments that the builder does not accept.
    pub fn misfit(&self, what: &str) -> Failure {
        Failure::invalid(format!("bin {}: operation {} has {what}", self.bin, self.code))
    }
}

fn read_context(bytes: &[u8]) -> Result<Vec<CdtContext>, Failure> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let malformed = || Failure::invalid("a context cannot be read");
    if !complete(bytes) {
        return Err(malformed());
    }
    cdt_context::ctx_from_bytes(bytes).map_err(|_| malformed())
}

/// Whether `bytes` are exactly one msgpack value with the types that contexts use. The core's reader assumes this.
fn complete(bytes: &[u8]) -> bool {
    let mut at = 0_usize;
    let mut values = 1_usize;
    let length = |at: usize, size: usize| -> Option<usize> {
        let field = bytes.get(at..at.checked_add(size)?)?;
        Some(field.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
    };
    let mut step = || -> Option<()> {
        while values > 0 {
            values -= 1;
            let head = *bytes.get(at)?;
            at += 1;
            // Bytes of the length field after the head, bytes of the payload if there is no length field, and number of
            // nested values.
            let (field, extra, inner) = match head {
                0x80..=0x8f => (0, 0, usize::from(head & 0x0f) * 2),
                0x90..=0x9f => (0, 0, usize::from(head & 0x0f)),
                0xa0..=0xbf => (0, usize::from(head & 0x1f), 0),
                0xc4 | 0xd9 => (1, length(at, 1)?, 0),
                0xc5 | 0xda => (2, length(at, 2)?, 0),
                0xc6 | 0xdb => (4, length(at, 4)?, 0),
                0xc7 => (1, length(at, 1)?.checked_add(1)?, 0),
                0xc8 => (2, length(at, 2)?.checked_add(1)?, 0),
                0xc9 => (4, length(at, 4)?.checked_add(1)?, 0),
                0xcc | 0xd0 => (0, 1, 0),
                0xcd | 0xd1 | 0xd4 => (0, 2, 0),
                0xca | 0xce | 0xd2 => (0, 4, 0),
                0xcb | 0xcf | 0xd3 => (0, 8, 0),
                0xd5 => (0, 3, 0),
                0xd6 => (0, 5, 0),
                0xd7 => (0, 9, 0),
                0xd8 => (0, 17, 0),
                0xdc => (2, 0, length(at, 2)?),
                0xdd => (4, 0, length(at, 4)?),
                0xde => (2, 0, length(at, 2)?.checked_mul(2)?),
                0xdf => (4, 0, length(at, 4)?.checked_mul(2)?),
                _ => (0, 0, 0),
            };
            at = at.checked_add(field)?.checked_add(extra)?;
            if at > bytes.len() {
                return None;
            }
            values = values.checked_add(inner)?;
        }
        Some(())
    };
    step().is_some() && at == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_that_end_early_are_refused() {
        let whole = cdt_context::to_bytes(&[
            cdt_context::ctx_map_key(Value::from("a key")),
            cdt_context::ctx_list_index(-3),
            cdt_context::ctx_list_value(Value::List(vec![Value::from(1.5), Value::Int(1 << 40)])),
            cdt_context::ctx_all_children(),
        ]);
        let whole = whole.unwrap_or_default();
        assert!(read_context(&whole).is_ok_and(|context| context.len() == 4));
        for end in 1..whole.len() {
            assert!(read_context(&whole[..end]).is_err(), "cut at {end}");
        }
        for other in [
            &[0x93, 1, 0xc0, 2][..],
            &[0xff],
            &[0xdd, 0xff, 0xff, 0xff, 0xff],
            &[0x92, 0xc4, 0],
        ] {
            assert!(read_context(other).is_err());
        }
    }
}
