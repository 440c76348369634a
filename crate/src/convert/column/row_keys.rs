//! The keys of a query's rows.

use aerospike_core::{Key, Value};

use crate::convert::column::layout::{DIGEST, KeyLayout, MemoryLayout, part};
use crate::convert::column::variable_width::VariableWidth;
use crate::wire::Writer;

/// Types of user keys: the server's particle types.
mod kind {
    pub const INTEGER: u8 = 1;
    pub const STRING: u8 = 3;
    pub const BLOB: u8 = 4;
}

/// Offset of the user keys' offsets, offset of their bytes, and number of their bytes.
pub type UserKeyPlace = (usize, usize, usize);

/// The variable-length data of the rows' keys.
#[derive(Debug)]
pub struct RowKeys {
    sets: Vec<String>,
    user_keys: VariableWidth,
}

impl RowKeys {
    pub fn new(rows: usize) -> Self {
        RowKeys {
            sets: Vec::new(),
            user_keys: VariableWidth::new(rows),
        }
    }

    /// Total bytes of the user keys.
    pub fn bytes(&self) -> usize {
        self.user_keys.bytes()
    }

    fn set(&mut self, name: &str) -> u32 {
        // A query reads one set, or all sets of a namespace.
        let known = self.sets.iter().position(|set| set == name);
        known.unwrap_or_else(|| {
            self.sets.push(name.to_owned());
            self.sets.len() - 1
        }) as u32
    }

    /// Stores the key of a row.
    pub fn store(&mut self, parts: &KeyLayout, memory: &mut [u8], row: usize, key: &Key) {
        let at = parts.digests + row * DIGEST;
        memory[at..at + DIGEST].copy_from_slice(&key.digest());
        let set = self.set(key.set_name());
        let at = parts.sets + row * 4;
        memory[at..at + 4].copy_from_slice(&set.to_ne_bytes());
        let kind = match key.user_key() {
            Some(Value::Int(number)) => {
                self.user_keys.set(row, &number.to_le_bytes());
                kind::INTEGER
            }
            Some(Value::String(text)) => {
                self.user_keys.set(row, text.as_bytes());
                kind::STRING
            }
            Some(Value::Blob(bytes)) => {
                self.user_keys.set(row, bytes);
                kind::BLOB
            }
            _ => 0,
        };
        memory[parts.kinds + row] = kind;
    }

    /// Reserves places for the offsets and bytes of the user keys after `end`.
    pub fn place(&self, rows: usize, end: &mut usize) -> Option<UserKeyPlace> {
        let length = self.user_keys.length(rows);
        i32::try_from(length).ok()?;
        Some((part(end, (rows + 1) * 4)?, part(end, length)?, length))
    }

    /// Writes the user keys to the reserved places.
    pub fn write(&self, rows: usize, memory: &mut [u8], offsets: usize, data: usize) {
        self.user_keys.write(rows, memory, offsets, data);
    }

    /// Writes the offsets of all key parts, and the names of the sets.
    pub fn write_layout(&self, parts: &MemoryLayout, (offsets, data, length): UserKeyPlace, body: &mut Vec<u8>) {
        let Some(keys) = &parts.keys else { return };
        for number in [keys.digests, keys.kinds, keys.sets, offsets, data, length] {
            body.put_f64(number as f64);
        }
        body.put_u32(self.sets.len() as u32);
        for set in &self.sets {
            body.put_text(set);
        }
    }
}
