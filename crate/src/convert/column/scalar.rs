//! The types of fixed-width cells and of array elements.

use aerospike_core::Value;
use half::f16;

use crate::common::errors::Failure;

pub use crate::catalog::formats::ElementType as Scalar;

/// Why a value does not fit its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellError {
    Type,
    Range,
    Length,
}

/// The first `N` bytes of a cell, which must have at least that many.
fn array<const N: usize>(cell: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&cell[..N]);
    bytes
}

impl Scalar {
    /// The type with this number.
    ///
    /// # Errors
    /// No type has this number.
    pub fn read(number: u8) -> Result<Self, Failure> {
        Scalar::from_number(number).ok_or_else(|| Failure::client(format!("a column is of the unknown type {number}")))
    }

    pub fn size(self) -> usize {
        match self {
            Scalar::I8 | Scalar::U8 | Scalar::Bool => 1,
            Scalar::I16 | Scalar::U16 | Scalar::F16 => 2,
            Scalar::I32 | Scalar::U32 | Scalar::F32 => 4,
            Scalar::I64 | Scalar::U64 | Scalar::F64 => 8,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Scalar::I8 => "i8",
            Scalar::I16 => "i16",
            Scalar::I32 => "i32",
            Scalar::I64 => "i64",
            Scalar::U8 => "u8",
            Scalar::U16 => "u16",
            Scalar::U32 => "u32",
            Scalar::U64 => "u64",
            Scalar::F16 => "f16",
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
            Scalar::Bool => "bool",
        }
    }

    /// Stores a value in its cell.
    pub fn store(self, cell: &mut [u8], value: &Value, wrap: bool) -> Result<(), CellError> {
        match (self, value) {
            (Scalar::F64, Value::Float(number)) => cell.copy_from_slice(&f64::from(number).to_ne_bytes()),
            (Scalar::F64, Value::Int(number)) => cell.copy_from_slice(&(*number as f64).to_ne_bytes()),
            (Scalar::F32, Value::Float(number)) => cell.copy_from_slice(&(f64::from(number) as f32).to_ne_bytes()),
            (Scalar::F32, Value::Int(number)) => cell.copy_from_slice(&(*number as f32).to_ne_bytes()),
            (Scalar::F16, Value::Float(number)) => {
                cell.copy_from_slice(&f16::from_f64(f64::from(number)).to_ne_bytes())
            }
            (Scalar::F16, Value::Int(number)) => cell.copy_from_slice(&f16::from_f64(*number as f64).to_ne_bytes()),
            (Scalar::Bool, Value::Bool(flag)) => cell[0] = u8::from(*flag),
            // Servers before 5.6 have no booleans: clients stored 0 and 1.
            (Scalar::Bool, Value::Int(number @ 0..=1)) => cell[0] = u8::from(*number == 1),
            (Scalar::F64 | Scalar::F32 | Scalar::F16 | Scalar::Bool, _) => return Err(CellError::Type),
            (_, Value::Int(number)) => return self.store_int(cell, *number, wrap),
            _ => return Err(CellError::Type),
        }
        Ok(())
    }

    fn store_int(self, cell: &mut [u8], number: i64, wrap: bool) -> Result<(), CellError> {
        let fits = match self {
            Scalar::I8 => i8::try_from(number).is_ok(),
            Scalar::I16 => i16::try_from(number).is_ok(),
            Scalar::I32 => i32::try_from(number).is_ok(),
            Scalar::U8 => u8::try_from(number).is_ok(),
            Scalar::U16 => u16::try_from(number).is_ok(),
            Scalar::U32 => u32::try_from(number).is_ok(),
            Scalar::U64 => number >= 0,
            _ => true,
        };
        if !fits && !wrap {
            return Err(CellError::Range);
        }
        match self.size() {
            1 => cell.copy_from_slice(&(number as u8).to_ne_bytes()),
            2 => cell.copy_from_slice(&(number as u16).to_ne_bytes()),
            4 => cell.copy_from_slice(&(number as u32).to_ne_bytes()),
            _ => cell.copy_from_slice(&number.to_ne_bytes()),
        }
        Ok(())
    }

    /// The value of a cell of `size()` bytes. `None` for a `u64` beyond the server's integer range.
    pub fn value(self, cell: &[u8]) -> Option<Value> {
        Some(match self {
            Scalar::I8 => Value::Int(i64::from(i8::from_ne_bytes(array(cell)))),
            Scalar::I16 => Value::Int(i64::from(i16::from_ne_bytes(array(cell)))),
            Scalar::I32 => Value::Int(i64::from(i32::from_ne_bytes(array(cell)))),
            Scalar::I64 => Value::Int(i64::from_ne_bytes(array(cell))),
            Scalar::U8 => Value::Int(i64::from(cell[0])),
            Scalar::U16 => Value::Int(i64::from(u16::from_ne_bytes(array(cell)))),
            Scalar::U32 => Value::Int(i64::from(u32::from_ne_bytes(array(cell)))),
            Scalar::U64 => Value::Int(i64::try_from(u64::from_ne_bytes(array(cell))).ok()?),
            Scalar::F16 => Value::from(f16::from_ne_bytes(array(cell)).to_f64()),
            Scalar::F32 => Value::from(f64::from(f32::from_ne_bytes(array(cell)))),
            Scalar::F64 => Value::from(f64::from_ne_bytes(array(cell))),
            Scalar::Bool => Value::Bool(cell[0] != 0),
        })
    }
}
