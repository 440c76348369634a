//! Columns: rows of a batch or a query laid into typed memory, with no value object per row.
//!
//! A row is laid in whole or not at all: one cell that does not fit makes it a failed row with zeroed cells. Memory is our
//! own and is handed to JavaScript only when no more row can come.

use aerospike_core::{Record, Value};
use half::f16;

use super::record::ttl;
use crate::boundary::buffer::Aligned;
use crate::boundary::wire::{Reader, Writer, put_failure};
use crate::errors::{Failure, Kind, code};

/// Every part of the memory starts at a multiple of this.
const PART: usize = 64;

/// Failures told in full; beyond, a row's code alone tells.
const MAX_TOLD: usize = 1024;

/// Type of a fixed-width cell or of a sub-array's elements. The numbers are those of `lib/columns.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scalar {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
    Bool,
}

impl Scalar {
    fn from_number(number: u8) -> Result<Self, Failure> {
        use Scalar::{Bool, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
        let all = [I8, I16, I32, I64, U8, U16, U32, U64, F16, F32, F64, Bool];
        all.get(usize::from(number).wrapping_sub(1))
            .copied()
            .ok_or_else(|| Failure::client(format!("a column is of the unknown type {number}")))
    }

    fn size(self) -> usize {
        match self {
            Scalar::I8 | Scalar::U8 | Scalar::Bool => 1,
            Scalar::I16 | Scalar::U16 | Scalar::F16 => 2,
            Scalar::I32 | Scalar::U32 | Scalar::F32 => 4,
            Scalar::I64 | Scalar::U64 | Scalar::F64 => 8,
        }
    }

    fn name(self) -> &'static str {
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

    /// Lays one value into its cell.
    fn lay(self, cell: &mut [u8], value: &Value, wrap: bool) -> Result<(), Misfit> {
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
            // Servers before 5.6 know no boolean: clients stored 0 and 1.
            (Scalar::Bool, Value::Int(number @ 0..=1)) => cell[0] = u8::from(*number == 1),
            (Scalar::F64 | Scalar::F32 | Scalar::F16 | Scalar::Bool, _) => return Err(Misfit::Type),
            (_, Value::Int(number)) => return self.lay_int(cell, *number, wrap),
            _ => return Err(Misfit::Type),
        }
        Ok(())
    }

    fn lay_int(self, cell: &mut [u8], number: i64, wrap: bool) -> Result<(), Misfit> {
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
            return Err(Misfit::Range);
        }
        match self.size() {
            1 => cell.copy_from_slice(&(number as u8).to_ne_bytes()),
            2 => cell.copy_from_slice(&(number as u16).to_ne_bytes()),
            4 => cell.copy_from_slice(&(number as u32).to_ne_bytes()),
            _ => cell.copy_from_slice(&number.to_ne_bytes()),
        }
        Ok(())
    }
}

/// Why a value does not go into its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Misfit {
    Type,
    Range,
    Length,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Scalar(Scalar),
    /// So many bytes, zero-padded.
    Bytes(usize),
    /// So many elements, stored as one blob (or a list of numbers).
    Array(Scalar, usize),
    Utf8,
    Binary,
}

impl Layout {
    fn width(self) -> usize {
        match self {
            Layout::Scalar(scalar) => scalar.size(),
            Layout::Bytes(width) => width,
            Layout::Array(scalar, count) => scalar.size() * count,
            Layout::Utf8 | Layout::Binary => 0,
        }
    }

    fn name(self) -> String {
        match self {
            Layout::Scalar(scalar) => scalar.name().to_owned(),
            Layout::Bytes(width) => format!("['bytes', {width}]"),
            Layout::Array(scalar, count) => format!("['{}', {count}]", scalar.name()),
            Layout::Utf8 => "utf8".to_owned(),
            Layout::Binary => "binary".to_owned(),
        }
    }

    fn varying(self) -> bool {
        matches!(self, Layout::Utf8 | Layout::Binary)
    }
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    layout: Layout,
    data: usize,
    validity: usize,
    nulls: u32,
    /// Varying columns: what arrived, in the order of arrival, and where each row's part of it lies.
    arena: Vec<u8>,
    places: Vec<(usize, u32)>,
}

/// The columns of one call while rows arrive.
#[derive(Debug)]
pub struct Columns {
    rows: usize,
    wrap: bool,
    columns: Vec<Column>,
    memory: Aligned,
    gens: usize,
    ttls: usize,
    answered: Vec<bool>,
    failures: Vec<(u32, Failure)>,
}

fn part(end: &mut usize, length: usize) -> Option<usize> {
    let start = end.checked_next_multiple_of(PART)?;
    *end = start.checked_add(length)?;
    Some(start)
}

impl Columns {
    /// Reads a schema and makes room for `rows` rows.
    ///
    /// # Errors
    /// A body that ends early, an unknown type, more memory than there can be.
    pub fn read(reader: &mut Reader<'_>, rows: usize) -> Result<Self, Failure> {
        let wrap = reader.u8()? != 0;
        let count = reader.u16()?;
        let mut columns = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let name = reader.name()?.to_owned();
            let kind = reader.u8()?;
            let element = reader.u8()?;
            let width = reader.u32()? as usize;
            let layout = match kind {
                0 => Layout::Scalar(Scalar::from_number(element)?),
                1 => Layout::Bytes(width),
                2 => Layout::Array(Scalar::from_number(element)?, width),
                3 => Layout::Utf8,
                4 => Layout::Binary,
                other => return Err(Failure::client(format!("a column is of the unknown kind {other}"))),
            };
            let places = if layout.varying() {
                vec![(0, 0); rows]
            } else {
                Vec::new()
            };
            columns.push(Column {
                name,
                layout,
                data: 0,
                validity: 0,
                nulls: 0,
                arena: Vec::new(),
                places,
            });
        }
        let too_large = || Failure::invalid("the columns need more memory than can be addressed");
        let mut end = 0;
        part(&mut end, rows * 4).ok_or_else(too_large)?;
        let gens = part(&mut end, rows * 4).ok_or_else(too_large)?;
        let ttls = part(&mut end, rows * 4).ok_or_else(too_large)?;
        for column in &mut columns {
            let length = rows.checked_mul(column.layout.width()).ok_or_else(too_large)?;
            column.data = part(&mut end, length).ok_or_else(too_large)?;
            column.validity = part(&mut end, rows.div_ceil(8)).ok_or_else(too_large)?;
        }
        let memory = Aligned::zeroed(end).ok_or_else(too_large)?;
        Ok(Columns {
            rows,
            wrap,
            columns,
            memory,
            gens,
            ttls,
            answered: vec![false; rows],
            failures: Vec::new(),
        })
    }

    /// The bins that the columns need.
    pub fn bins(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    fn set_u32(&mut self, offset: usize, row: usize, value: u32) {
        let at = offset + row * 4;
        self.memory.bytes_mut()[at..at + 4].copy_from_slice(&value.to_ne_bytes());
    }

    /// Lays a record into its row.
    pub fn record(&mut self, row: usize, record: &Record) {
        if row >= self.rows || std::mem::replace(&mut self.answered[row], true) {
            return;
        }
        // The server answers in the order of the question: a bin is where the one before it was found, plus one.
        let mut next = 0;
        for index in 0..self.columns.len() {
            let column = &mut self.columns[index];
            let value = match record.bins.get_index(next) {
                Some((name, value)) if *name == column.name => Some(value),
                _ => record.bins.get(&column.name),
            };
            let Some(value) = value else { continue };
            next += 1;
            if value.is_nil() {
                continue;
            }
            let memory = self.memory.bytes_mut();
            match lay(column, memory, row, value, self.wrap) {
                Ok(()) => memory[column.validity + row / 8] |= 1 << (row % 8),
                Err(misfit) => {
                    let failure = misfit_failure(column, value, misfit);
                    self.clear(row);
                    self.fail_row(row, failure);
                    return;
                }
            }
        }
        self.set_u32(self.gens, row, record.generation);
        self.set_u32(self.ttls, row, ttl(record));
    }

    /// Marks a row as failed, unless it was answered before.
    pub fn fail(&mut self, row: usize, failure: Failure) {
        if row < self.rows && !std::mem::replace(&mut self.answered[row], true) {
            self.fail_row(row, failure);
        }
    }

    fn fail_row(&mut self, row: usize, failure: Failure) {
        self.set_u32(0, row, failure.code as u32);
        let plain = failure.kind == Kind::Server && failure.code == 2;
        if !plain && self.failures.len() < MAX_TOLD {
            self.failures.push((row as u32, failure));
        }
    }

    fn clear(&mut self, row: usize) {
        let memory = self.memory.bytes_mut();
        for column in &mut self.columns {
            let width = column.layout.width();
            memory[column.data + row * width..column.data + (row + 1) * width].fill(0);
            memory[column.validity + row / 8] &= !(1 << (row % 8));
            if let Some(place) = column.places.get_mut(row) {
                *place = (0, 0);
            }
        }
    }

    /// Ends the laying in: rows without an outcome get `pending`'s. Gives the memory and, in `body`, its map.
    ///
    /// # Errors
    /// Varying columns beyond 2 GiB, which their 32-bit offsets cannot address.
    pub fn finish(mut self, pending: impl Fn() -> Failure, body: &mut Vec<u8>) -> Result<Aligned, Failure> {
        for row in 0..self.rows {
            if !self.answered[row] {
                self.fail(row, pending());
            }
        }
        self.count_nulls();
        let parts = self.gather()?;
        body.put_u32(self.rows as u32);
        body.put_f64(0.0);
        body.put_f64(self.gens as f64);
        body.put_f64(self.ttls as f64);
        for (column, (offsets, data, length)) in self.columns.iter().zip(parts) {
            body.put_f64(data as f64);
            body.put_f64(length as f64);
            body.put_f64(offsets as f64);
            body.put_f64(column.validity as f64);
            body.put_u32(column.nulls);
        }
        body.put_u32(self.failures.len() as u32);
        for (row, failure) in &self.failures {
            body.put_u32(*row);
            put_failure(body, failure);
        }
        Ok(self.memory)
    }

    fn count_nulls(&mut self) {
        let memory = self.memory.bytes();
        for column in &mut self.columns {
            let bits = &memory[column.validity..column.validity + self.rows.div_ceil(8)];
            let set: u32 = bits.iter().map(|byte| byte.count_ones()).sum();
            column.nulls = self.rows as u32 - set;
        }
    }

    /// Lays the arenas of the varying columns behind the fixed ones, in row order, behind their offsets. Gives for each
    /// column where its offsets are (0: it has none), where its data is and how long that is.
    fn gather(&mut self) -> Result<Vec<(usize, usize, usize)>, Failure> {
        let rows = self.rows;
        let mut parts = Vec::with_capacity(self.columns.len());
        let mut end = self.memory.bytes().len();
        for column in &self.columns {
            if !column.layout.varying() {
                parts.push((0, column.data, rows * column.layout.width()));
                continue;
            }
            let length: usize = column.places.iter().map(|place| place.1 as usize).sum();
            if i32::try_from(length).is_err() {
                return Err(Failure::client(format!(
                    "the column {} holds more than 2 GiB",
                    column.name
                )));
            }
            let too_large = || Failure::client("the columns hold more than can be addressed");
            let offsets = part(&mut end, (rows + 1) * 4).ok_or_else(too_large)?;
            let data = part(&mut end, length).ok_or_else(too_large)?;
            parts.push((offsets, data, length));
        }
        if end == self.memory.bytes().len() {
            return Ok(parts);
        }
        let mut memory =
            Aligned::zeroed(end).ok_or_else(|| Failure::client("the columns hold more than can be addressed"))?;
        let bytes = memory.bytes_mut();
        let fixed = self.memory.bytes();
        bytes[..fixed.len()].copy_from_slice(fixed);
        for (column, (offsets, data, _)) in self.columns.iter().zip(&parts) {
            if !column.layout.varying() {
                continue;
            }
            let mut written = 0;
            for (row, (start, length)) in column.places.iter().enumerate() {
                let length = *length as usize;
                bytes[data + written..data + written + length].copy_from_slice(&column.arena[*start..*start + length]);
                written += length;
                let at = offsets + (row + 1) * 4;
                bytes[at..at + 4].copy_from_slice(&(written as u32).to_ne_bytes());
            }
        }
        self.memory = memory;
        Ok(parts)
    }
}

fn lay(column: &mut Column, memory: &mut [u8], row: usize, value: &Value, wrap: bool) -> Result<(), Misfit> {
    let width = column.layout.width();
    let cell = &mut memory[column.data + row * width..column.data + (row + 1) * width];
    let bytes = match (column.layout, value) {
        (Layout::Scalar(scalar), value) => return scalar.lay(cell, value, wrap),
        (Layout::Array(scalar, count), Value::List(items)) if items.len() == count => {
            let cells = cell.chunks_exact_mut(scalar.size());
            return cells
                .zip(items)
                .try_for_each(|(cell, item)| scalar.lay(cell, item, wrap));
        }
        (Layout::Array(..), Value::List(_)) => return Err(Misfit::Length),
        (Layout::Bytes(_) | Layout::Array(..) | Layout::Binary, Value::Blob(bytes) | Value::Hll(bytes)) => {
            bytes.as_slice()
        }
        (Layout::Bytes(_) | Layout::Utf8, Value::String(text)) | (Layout::Utf8, Value::GeoJson(text)) => {
            text.as_bytes()
        }
        _ => return Err(Misfit::Type),
    };
    match column.layout {
        Layout::Bytes(width) if bytes.len() <= width => cell[..bytes.len()].copy_from_slice(bytes),
        Layout::Array(..) if bytes.len() == width => cell.copy_from_slice(bytes),
        Layout::Bytes(_) | Layout::Array(..) => return Err(Misfit::Length),
        _ => {
            column.places[row] = (column.arena.len(), bytes.len() as u32);
            column.arena.extend_from_slice(bytes);
        }
    }
    Ok(())
}

fn misfit_failure(column: &Column, value: &Value, misfit: Misfit) -> Failure {
    let (name, wanted) = (&column.name, column.layout.name());
    let told = match value {
        Value::Int(number) => format!("the integer {number}"),
        Value::Float(_) => "a double".to_owned(),
        Value::String(text) => format!("a string of {} bytes", text.len()),
        Value::Blob(bytes) => format!("a blob of {} bytes", bytes.len()),
        Value::List(items) => format!("a list of {} items", items.len()),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::GeoJson(_) => "a GeoJSON value".to_owned(),
        Value::Hll(_) => "a HyperLogLog".to_owned(),
        _ => "a map or another value".to_owned(),
    };
    let why = match misfit {
        Misfit::Type => "is of another type than",
        Misfit::Range => "is out of the range of",
        Misfit::Length => "has not the length of",
    };
    Failure::new(
        Kind::Server,
        code::BIN_TYPE,
        format!("bin {name} holds {told}, which {why} its column ({wanted})"),
    )
}

#[cfg(test)]
#[path = "column_tests.rs"]
mod tests;
