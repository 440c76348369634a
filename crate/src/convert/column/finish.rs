//! Completes the columns: fills missing values, adds the variable-length data after the fixed-width parts, and writes
//! the offsets for JavaScript. The counterpart is `readParts` in `lib/columns/memory.ts`.

use crate::common::errors::Failure;
use crate::convert::column::layout::{MemoryLayout, bitmap, part};
use crate::convert::column::row_keys::{RowKeys, UserKeyPlace};
use crate::convert::column::schema::{Field, ID};
use crate::convert::column::{Columns, Extra, Layout};
use crate::wire::{Aligned, Writer, put_failure};

/// Where the values of a column are: `entries + 1` offsets, if it has any, and the bytes that they point to.
#[derive(Debug, Clone, Copy, Default)]
struct ColumnPlace {
    offsets: usize,
    entries: usize,
    data: usize,
    length: usize,
}

fn too_large() -> Failure {
    Failure::client("the columns need more memory than there is")
}

fn beyond(field: &Field) -> Failure {
    Failure::client(format!("the column {} holds more than 2 GiB", field.name))
}

/// The rows whose validity bit is 0.
fn missing(bits: &[u8], rows: usize) -> impl Iterator<Item = usize> + '_ {
    (0..rows).filter(|row| bits[row / 8] & (1 << (row % 8)) == 0)
}

fn words_place(field: &Field, words: &[Box<[u8]>], end: &mut usize) -> Result<ColumnPlace, Failure> {
    let length = words.iter().map(|word| word.len()).sum::<usize>();
    i32::try_from(length).map_err(|_| beyond(field))?;
    let offsets = part(end, (words.len() + 1) * 4).ok_or_else(too_large)?;
    let data = part(end, length).ok_or_else(too_large)?;
    Ok(ColumnPlace {
        offsets,
        entries: words.len(),
        data,
        length,
    })
}

fn write_words(words: &[Box<[u8]>], place: &ColumnPlace, memory: &mut [u8]) {
    let mut written = 0;
    for (index, word) in words.iter().enumerate() {
        memory[place.data + written..place.data + written + word.len()].copy_from_slice(word);
        written += word.len();
        let at = place.offsets + (index + 1) * 4;
        memory[at..at + 4].copy_from_slice(&(written as u32).to_ne_bytes());
    }
}

impl Columns {
    /// Completes the columns. Rows without an outcome fail with `pending`. Returns the memory, and writes its layout to
    /// `body`.
    ///
    /// # Errors
    /// A variable-length column exceeds 2 GiB, which its 32-bit offsets cannot address.
    pub fn finish(mut self, pending: impl Fn() -> Failure, body: &mut Vec<u8>) -> Result<Aligned, Failure> {
        for row in 0..self.rows {
            if !self.answered[row] {
                self.fail(row, pending());
            }
        }
        self.trim()?;
        let nulls = self.fill();
        let (places, keys) = self.gather()?;
        body.put_u32(self.rows as u32);
        for start in [self.parts.codes, self.parts.gens, self.parts.ttls, self.parts.doubts] {
            body.put_f64(start as f64);
        }
        for ((place, (cells, validity)), nulls) in places.iter().zip(&self.parts.columns).zip(nulls) {
            for number in [
                *cells,
                *validity,
                place.offsets,
                place.entries,
                place.data,
                place.length,
            ] {
                body.put_f64(number as f64);
            }
            body.put_u32(nulls);
        }
        if let (Some(row_keys), Some(place)) = (&self.keys, keys) {
            row_keys.write_layout(&self.parts, place, body);
        }
        body.put_u32(self.failures.len() as u32);
        for (row, failure) in &self.failures {
            body.put_u32(*row);
            put_failure(body, failure);
        }
        self.memory.fitted().ok_or_else(too_large)
    }

    /// Frees the unused capacity of appended columns that are not full.
    fn trim(&mut self) -> Result<(), Failure> {
        if self.rows == self.room {
            return Ok(());
        }
        let parts = MemoryLayout::of(&self.schema, self.rows, self.keys.is_some()).ok_or_else(too_large)?;
        let mut memory = Aligned::zeroed(parts.end).ok_or_else(too_large)?;
        let from = self.parts.spans(&self.schema, self.rows);
        let to = parts.spans(&self.schema, self.rows);
        for ((from, length), (to, _)) in from.into_iter().zip(to) {
            memory.bytes_mut()[to..to + length].copy_from_slice(&self.memory.bytes()[from..from + length]);
        }
        self.memory = memory;
        self.parts = parts;
        self.room = self.rows;
        Ok(())
    }

    /// Stores the replacement in cells without a value. Returns the number of such cells of each column.
    fn fill(&mut self) -> Vec<u32> {
        let rows = self.rows;
        let memory = self.memory.bytes_mut();
        let mut counts = Vec::with_capacity(self.extras.len());
        for ((field, (cells, validity)), extra) in
            self.schema.fields.iter().zip(&self.parts.columns).zip(&mut self.extras)
        {
            let bits = memory[*validity..*validity + bitmap(rows)].to_vec();
            let set: u32 = bits.iter().map(|byte| byte.count_ones()).sum();
            let nulls = rows as u32 - set;
            counts.push(nulls);
            if nulls == 0 {
                continue;
            }
            match (extra, &field.fill) {
                (Extra::VariableWidth(values), Some(text)) => values.fill(missing(&bits, rows), text),
                (Extra::Dictionary(words), fill) => {
                    let id = fill.as_ref().map_or(-1, |text| words.id(text));
                    for row in missing(&bits, rows) {
                        memory[*cells + row * ID..*cells + (row + 1) * ID].copy_from_slice(&id.to_ne_bytes());
                    }
                }
                (Extra::None, Some(element)) if !element.is_empty() => {
                    let width = field.layout.width();
                    for row in missing(&bits, rows) {
                        let cell = &mut memory[*cells + row * width..*cells + (row + 1) * width];
                        for part in cell.chunks_exact_mut(element.len()) {
                            part.copy_from_slice(element);
                        }
                    }
                }
                _ => {}
            }
        }
        counts
    }

    /// Writes the variable-length data after the fixed-width parts, in row order, each column after its offsets.
    fn gather(&mut self) -> Result<(Vec<ColumnPlace>, Option<UserKeyPlace>), Failure> {
        let rows = self.rows;
        let mut end = self.memory.bytes().len();
        let mut places = Vec::with_capacity(self.extras.len());
        let mut dictionaries = Vec::new();
        for ((field, (cells, _)), extra) in self.schema.fields.iter().zip(&self.parts.columns).zip(&mut self.extras) {
            places.push(match extra {
                Extra::None => ColumnPlace::default(),
                Extra::VariableWidth(values) => {
                    let length = values.length(rows);
                    i32::try_from(length).map_err(|_| beyond(field))?;
                    let offsets = part(&mut end, (rows + 1) * 4).ok_or_else(too_large)?;
                    let data = part(&mut end, length).ok_or_else(too_large)?;
                    ColumnPlace {
                        offsets,
                        entries: rows,
                        data,
                        length,
                    }
                }
                Extra::Dictionary(words) => {
                    debug_assert_eq!(field.layout, Layout::Dictionary);
                    let cells = &mut self.memory.bytes_mut()[*cells..*cells + rows * ID];
                    let words = words.renumber(cells, 0..rows);
                    let place = words_place(field, &words, &mut end)?;
                    dictionaries.push((words, place));
                    place
                }
            });
        }
        let keys = match &self.keys {
            Some(keys) => Some(keys.place(rows, &mut end).ok_or_else(too_large)?),
            None => None,
        };
        if end > self.memory.bytes().len() {
            let memory = std::mem::replace(&mut self.memory, Aligned::zeroed(0).ok_or_else(too_large)?);
            self.memory = memory.grow(end).ok_or_else(too_large)?;
            let memory = self.memory.bytes_mut();
            for (extra, place) in self.extras.iter().zip(&places) {
                if let Extra::VariableWidth(values) = extra {
                    values.write(rows, memory, place.offsets, place.data);
                }
            }
            for (words, place) in &dictionaries {
                write_words(words, place, memory);
            }
            if let (Some(row_keys), Some((offsets, data, _))) = (&self.keys, keys) {
                RowKeys::write(row_keys, rows, memory, offsets, data);
            }
        }
        Ok((places, keys))
    }
}
