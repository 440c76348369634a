//! The layout of the memory: result codes, generations, TTLs, in-doubt bits, then the cells and validity of each
//! column.

use crate::convert::column::schema::Schema;

/// Alignment of each part of the memory, in bytes.
const PART: usize = 64;

/// Bytes of a digest.
pub const DIGEST: usize = 20;

/// Offsets of the parts with the keys of a query's rows.
#[derive(Debug, Clone, Copy)]
pub struct KeyLayout {
    pub digests: usize,
    /// The particle type of the user key, 0 for none.
    pub kinds: usize,
    /// Index of the set's name.
    pub sets: usize,
}

/// Offsets of the fixed-width parts.
#[derive(Debug, Clone)]
pub struct MemoryLayout {
    pub codes: usize,
    pub gens: usize,
    pub ttls: usize,
    pub doubts: usize,
    /// Offsets of the cells and validity of each column.
    pub columns: Vec<(usize, usize)>,
    pub keys: Option<KeyLayout>,
    pub end: usize,
}

/// Adds a part and returns its offset; `None` if that exceeds the address space.
pub fn part(end: &mut usize, length: usize) -> Option<usize> {
    let start = end.checked_next_multiple_of(PART)?;
    *end = start.checked_add(length)?;
    Some(start)
}

/// Bytes of a bitmap with one bit per row.
pub fn bitmap(rows: usize) -> usize {
    rows.div_ceil(8)
}

impl MemoryLayout {
    /// The parts for this number of rows; `None` if they exceed the address space.
    pub fn of(schema: &Schema, rows: usize, keyed: bool) -> Option<Self> {
        let mut end = 0;
        let words = rows.checked_mul(4)?;
        let codes = part(&mut end, words)?;
        let gens = part(&mut end, words)?;
        let ttls = part(&mut end, words)?;
        let doubts = part(&mut end, bitmap(rows))?;
        let mut columns = Vec::with_capacity(schema.fields.len());
        for field in &schema.fields {
            let cells = part(&mut end, rows.checked_mul(field.layout.width())?)?;
            columns.push((cells, part(&mut end, bitmap(rows))?));
        }
        let keys = if keyed {
            Some(KeyLayout {
                digests: part(&mut end, rows.checked_mul(DIGEST)?)?,
                kinds: part(&mut end, rows)?,
                sets: part(&mut end, words)?,
            })
        } else {
            None
        };
        Some(MemoryLayout {
            codes,
            gens,
            ttls,
            doubts,
            columns,
            keys,
            end,
        })
    }

    /// Offset and length of the first `rows` rows in each part.
    pub fn spans(&self, schema: &Schema, rows: usize) -> Vec<(usize, usize)> {
        let mut spans = vec![
            (self.codes, rows * 4),
            (self.gens, rows * 4),
            (self.ttls, rows * 4),
            (self.doubts, bitmap(rows)),
        ];
        for (field, (cells, validity)) in schema.fields.iter().zip(&self.columns) {
            spans.push((*cells, rows * field.layout.width()));
            spans.push((*validity, bitmap(rows)));
        }
        if let Some(keys) = &self.keys {
            spans.push((keys.digests, rows * DIGEST));
            spans.push((keys.kinds, rows));
            spans.push((keys.sets, rows * 4));
        }
        spans
    }
}
