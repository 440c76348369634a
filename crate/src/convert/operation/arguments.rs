//! The part of an operation after its bin name: code, context and arguments.

use aerospike_core::operations::{CdtContext, Operation};
use aerospike_core::{IndexMap, Value};

use crate::common::errors::Failure;
use crate::convert::{context, value};
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
        let context = context::read(reader.blob()?)?;
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
