//! Columns: rows of a batch or a query in typed memory, without a value object per row.
//!
//! A row is stored completely or not at all: if one cell does not fit, the row fails and its cells are empty. Rust owns
//! the memory and passes it to JavaScript only when no more rows can arrive.
//!
//! A batch knows the number of its rows and answers them by index ([`Columns::new`], [`Columns::record`],
//! [`Columns::fail`]). A query appends rows as they arrive ([`Columns::appending`], [`Columns::append`]) and passes on
//! the columns when they are full.

mod finish;
mod layout;
mod row_keys;
mod scalar;
mod schema;
mod source_column;
mod variable_width;

use std::sync::Arc;

use aerospike_core::{Record, Value};

use self::row_keys::RowKeys;
use self::scalar::CellError;
use super::record::ttl;
use crate::common::errors::{Failure, Kind, code};
use crate::convert::column::layout::MemoryLayout;
use crate::convert::column::variable_width::{Dictionary, VariableWidth};
use crate::wire::{Aligned, Reader};

pub use self::schema::{Field, Layout, Schema};
pub use self::source_column::SourceColumn;

/// Maximum number of failures with details; further failed rows have only their result code.
const MAX_FAILURES: usize = 1024;

/// The data of a column besides its cells.
#[derive(Debug)]
enum Extra {
    None,
    VariableWidth(VariableWidth),
    Dictionary(Dictionary),
}

/// The columns of one call while rows arrive.
#[derive(Debug)]
pub struct Columns {
    schema: Arc<Schema>,
    /// Capacity in rows.
    room: usize,
    rows: usize,
    parts: MemoryLayout,
    memory: Aligned,
    extras: Vec<Extra>,
    answered: Vec<bool>,
    failures: Vec<(u32, Failure)>,
    keys: Option<RowKeys>,
}

fn too_large() -> Failure {
    Failure::invalid("the columns need more memory than there is")
}

impl Columns {
    /// Reads a schema and allocates `rows` rows, in `reused` if that is large enough.
    ///
    /// # Errors
    /// The body ends early, a type is unknown, or there is not enough memory.
    pub fn read(reader: &mut Reader<'_>, rows: usize, reused: Option<Aligned>) -> Result<Self, Failure> {
        Self::new(Arc::new(Schema::read(reader)?), rows, reused)
    }

    /// Creates columns with `rows` rows, which are answered by index. `reused` is memory to reuse.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn new(schema: Arc<Schema>, rows: usize, reused: Option<Aligned>) -> Result<Self, Failure> {
        let mut columns = Self::with_room(schema, rows, false, reused)?;
        columns.rows = rows;
        Ok(columns)
    }

    fn with_room(schema: Arc<Schema>, room: usize, keyed: bool, reused: Option<Aligned>) -> Result<Self, Failure> {
        let parts = MemoryLayout::of(&schema, room, keyed).ok_or_else(too_large)?;
        let memory = Aligned::reuse(reused, parts.end).ok_or_else(too_large)?;
        let extras = schema
            .fields
            .iter()
            .map(|field| match field.layout {
                layout if layout.varying() => Extra::VariableWidth(VariableWidth::new(room)),
                Layout::Dictionary => Extra::Dictionary(Dictionary::default()),
                _ => Extra::None,
            })
            .collect();
        Ok(Columns {
            schema,
            room,
            rows: 0,
            parts,
            memory,
            extras,
            answered: vec![false; room],
            failures: Vec::new(),
            keys: keyed.then(|| RowKeys::new(room)),
        })
    }

    /// The bins that the columns read.
    pub fn bins(&self) -> Vec<String> {
        self.schema.bins()
    }

    fn set_u32(&mut self, offset: usize, row: usize, value: u32) {
        let at = offset + row * 4;
        self.memory.bytes_mut()[at..at + 4].copy_from_slice(&value.to_ne_bytes());
    }

    /// Stores a record in its row, unless the row is already answered.
    pub fn record(&mut self, row: usize, record: &Record) {
        if row >= self.rows || std::mem::replace(&mut self.answered[row], true) {
            return;
        }
        if let Err(failure) = self.store_row(row, record) {
            self.clear(row);
            self.fail_row(row, failure);
            return;
        }
        self.set_u32(self.parts.gens, row, record.generation);
        self.set_u32(self.parts.ttls, row, ttl(record));
    }

    fn store_row(&mut self, row: usize, record: &Record) -> Result<(), Failure> {
        let memory = self.memory.bytes_mut();
        let columns = self.schema.fields.iter().zip(&self.parts.columns).zip(&mut self.extras);
        // The server returns the bins in the requested order, so each bin is expected right after the previous one.
        let mut next = 0;
        for ((field, (cells, validity)), extra) in columns {
            let value = match record.bins.get_index(next) {
                Some((name, value)) if *name == field.name => Some(value),
                _ => record.bins.get(&field.name),
            };
            let Some(value) = value else { continue };
            next += 1;
            if value.is_nil() {
                continue;
            }
            let width = field.layout.width();
            let cell = &mut memory[*cells + row * width..*cells + (row + 1) * width];
            store(field.layout, extra, cell, row, value, self.schema.wrap)
                .map_err(|error| cell_failure(field, value, error))?;
            memory[*validity + row / 8] |= 1 << (row % 8);
        }
        Ok(())
    }

    /// Marks a row as failed, unless it is already answered.
    pub fn fail(&mut self, row: usize, failure: Failure) {
        if row < self.rows && !std::mem::replace(&mut self.answered[row], true) {
            self.fail_row(row, failure);
        }
    }

    fn fail_row(&mut self, row: usize, failure: Failure) {
        self.set_u32(self.parts.codes, row, failure.code as u32);
        if failure.in_doubt {
            self.memory.bytes_mut()[self.parts.doubts + row / 8] |= 1 << (row % 8);
        }
        let plain = failure.kind == Kind::Server && failure.code == 2;
        if !plain && self.failures.len() < MAX_FAILURES {
            self.failures.push((row as u32, failure));
        }
    }

    fn clear(&mut self, row: usize) {
        let memory = self.memory.bytes_mut();
        for ((field, (cells, validity)), extra) in
            self.schema.fields.iter().zip(&self.parts.columns).zip(&mut self.extras)
        {
            let width = field.layout.width();
            memory[*cells + row * width..*cells + (row + 1) * width].fill(0);
            memory[*validity + row / 8] &= !(1 << (row % 8));
            if let Extra::VariableWidth(values) = extra {
                values.clear(row);
            }
        }
    }
}

impl Columns {
    /// Creates columns without rows but with capacity for `room` rows, to be appended. They also store the keys of the
    /// rows.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn appending(schema: Arc<Schema>, room: usize, reused: Option<Aligned>) -> Result<Self, Failure> {
        Self::with_room(schema, room, true, reused)
    }

    /// Total bytes of the variable-length values.
    pub fn varying_bytes(&self) -> usize {
        let values = self.extras.iter().map(|extra| match extra {
            Extra::None => 0,
            Extra::VariableWidth(values) => values.bytes(),
            Extra::Dictionary(words) => words.bytes(),
        });
        values.sum::<usize>() + self.keys.as_ref().map_or(0, RowKeys::bytes)
    }

    /// Appends a record and its key as the next row. Returns false if the columns are full.
    pub fn append(&mut self, record: &Record) -> bool {
        let row = self.rows;
        if row == self.room {
            return false;
        }
        self.rows += 1;
        if let (Some(keys), Some(parts), Some(key)) = (&mut self.keys, &self.parts.keys, &record.key) {
            keys.store(parts, self.memory.bytes_mut(), row, key);
        }
        self.record(row, record);
        true
    }
}

/// Stores a value in its cell, or among the values of its column.
fn store(
    layout: Layout,
    extra: &mut Extra,
    cell: &mut [u8],
    row: usize,
    value: &Value,
    wrap: bool,
) -> Result<(), CellError> {
    let bytes = match (layout, value) {
        (Layout::Scalar(scalar), value) => return scalar.store(cell, value, wrap),
        (Layout::Array(scalar, count), Value::List(items)) if items.len() == count => {
            let cells = cell.chunks_exact_mut(scalar.size());
            return cells
                .zip(items)
                .try_for_each(|(cell, item)| scalar.store(cell, item, wrap));
        }
        (Layout::Array(..), Value::List(_)) => return Err(CellError::Length),
        (Layout::Bytes(_) | Layout::Array(..) | Layout::Binary, Value::Blob(bytes) | Value::Hll(bytes)) => {
            bytes.as_slice()
        }
        (Layout::Bytes(_) | Layout::Utf8 | Layout::Dictionary, Value::String(text))
        | (Layout::Utf8 | Layout::Dictionary, Value::GeoJson(text)) => text.as_bytes(),
        _ => return Err(CellError::Type),
    };
    match (layout, extra) {
        (Layout::Bytes(width), _) if bytes.len() <= width => cell[..bytes.len()].copy_from_slice(bytes),
        (Layout::Array(..), _) if bytes.len() == cell.len() => cell.copy_from_slice(bytes),
        (_, Extra::VariableWidth(values)) => values.set(row, bytes),
        (_, Extra::Dictionary(words)) => cell.copy_from_slice(&words.id(bytes).to_ne_bytes()),
        _ => return Err(CellError::Length),
    }
    Ok(())
}

fn cell_failure(field: &Field, value: &Value, error: CellError) -> Failure {
    let (name, wanted) = (&field.name, field.layout.name());
    let found = match value {
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
    let why = match error {
        CellError::Type => "is of another type than",
        CellError::Range => "is out of the range of",
        CellError::Length => "has not the length of",
    };
    Failure::new(
        Kind::Server,
        code::BIN_TYPE,
        format!("bin {name} holds {found}, which {why} its column ({wanted})"),
    )
}

#[cfg(test)]
mod tests;
