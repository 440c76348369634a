//! Schemas: which bins are read into which columns.

use super::scalar::Scalar;
use crate::catalog::formats::column_layout;
use crate::common::errors::Failure;
use crate::wire::Reader;

/// The layout of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Scalar(Scalar),
    /// This number of bytes, zero-padded.
    Bytes(usize),
    /// This number of elements, stored as one blob (or a list of numbers).
    Array(Scalar, usize),
    Utf8,
    Binary,
    /// Indexes into the column's own list of distinct strings.
    Dictionary,
}

/// Bytes of a dictionary index.
pub const ID: usize = 4;

impl Layout {
    /// Reads kind, element type and width.
    ///
    /// # Errors
    /// The body ends early, or the kind or type is unknown.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let kind = reader.u8()?;
        let element = reader.u8()?;
        let width = reader.u32()? as usize;
        Ok(match kind {
            column_layout::SCALAR => Layout::Scalar(Scalar::read(element)?),
            column_layout::BYTES => Layout::Bytes(width),
            column_layout::ARRAY => Layout::Array(Scalar::read(element)?, width),
            column_layout::UTF8 => Layout::Utf8,
            column_layout::BINARY => Layout::Binary,
            column_layout::DICTIONARY => Layout::Dictionary,
            other => return Err(Failure::client(format!("a column is of the unknown kind {other}"))),
        })
    }

    /// Bytes of a cell.
    pub fn width(self) -> usize {
        match self {
            Layout::Scalar(scalar) => scalar.size(),
            Layout::Bytes(width) => width,
            Layout::Array(scalar, count) => scalar.size() * count,
            Layout::Dictionary => ID,
            Layout::Utf8 | Layout::Binary => 0,
        }
    }

    pub fn name(self) -> String {
        match self {
            Layout::Scalar(scalar) => scalar.name().to_owned(),
            Layout::Bytes(width) => format!("['bytes', {width}]"),
            Layout::Array(scalar, count) => format!("['{}', {count}]", scalar.name()),
            Layout::Utf8 => "utf8".to_owned(),
            Layout::Binary => "binary".to_owned(),
            Layout::Dictionary => "dictionary".to_owned(),
        }
    }

    /// Whether the values are variable-length and stored outside the cells.
    pub fn varying(self) -> bool {
        matches!(self, Layout::Utf8 | Layout::Binary)
    }
}

/// One column of a schema.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name of the bin.
    pub name: String,
    pub layout: Layout,
    /// The replacement for a missing value, if it is not zero: one element, or a text.
    pub fill: Option<Vec<u8>>,
}

/// The columns of a result.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    pub fields: Vec<Field>,
    /// Whether integers that do not fit are truncated instead of failing their row.
    pub wrap: bool,
}

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// The body ends early, or a type is unknown.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let wrap = reader.u8()? != 0;
        let count = reader.u16()?;
        let mut fields = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let name = reader.name()?.to_owned();
            let layout = Layout::read(reader)?;
            let fill = match reader.u8()? {
                0 => None,
                _ => Some(reader.blob()?.to_vec()),
            };
            fields.push(Field { name, layout, fill });
        }
        Ok(Schema { fields, wrap })
    }

    /// The bins that the columns read.
    pub fn bins(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }
}
