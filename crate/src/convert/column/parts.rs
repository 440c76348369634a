//! Where the parts of the memory lie: codes, generations, lifetimes, doubts, then each column's cells and validity.

use super::schema::Schema;

/// Every part of the memory starts at a multiple of this.
const PART: usize = 64;

/// Bytes of a digest.
pub const DIGEST: usize = 20;

/// Where the keys of rows lie that were not asked for by key.
#[derive(Debug, Clone, Copy)]
pub struct KeyParts {
    pub digests: usize,
    /// The particle type of the user key, 0 for none.
    pub kinds: usize,
    /// Number of the set's name.
    pub sets: usize,
}

/// Starts of the parts that every row has a fixed share of.
#[derive(Debug, Clone)]
pub struct Parts {
    pub codes: usize,
    pub gens: usize,
    pub ttls: usize,
    pub doubts: usize,
    /// Cells and validity, by column.
    pub columns: Vec<(usize, usize)>,
    pub keys: Option<KeyParts>,
    pub end: usize,
}

/// Adds a part and gives its start, None where that is beyond what can be addressed.
pub fn part(end: &mut usize, length: usize) -> Option<usize> {
    let start = end.checked_next_multiple_of(PART)?;
    *end = start.checked_add(length)?;
    Some(start)
}

/// Bytes of a bitmap.
pub fn bitmap(rows: usize) -> usize {
    rows.div_ceil(8)
}

impl Parts {
    /// The parts for so many rows, None where they need more than can be addressed.
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
            Some(KeyParts {
                digests: part(&mut end, rows.checked_mul(DIGEST)?)?,
                kinds: part(&mut end, rows)?,
                sets: part(&mut end, words)?,
            })
        } else {
            None
        };
        Some(Parts {
            codes,
            gens,
            ttls,
            doubts,
            columns,
            keys,
            end,
        })
    }

    /// Start and length of each part's share of the first `rows` rows.
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
