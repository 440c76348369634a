//! Variable-length values while rows arrive, and the distinct strings of dictionaries.

use std::collections::HashMap;

/// Values in the order of arrival, with the place of each row's value.
#[derive(Debug, Clone, Default)]
pub struct VariableWidth {
    arena: Vec<u8>,
    places: Vec<(usize, u32)>,
}

impl VariableWidth {
    /// Allocates the places of `rows` rows.
    pub fn new(rows: usize) -> Self {
        VariableWidth {
            arena: Vec::new(),
            places: vec![(0, 0); rows],
        }
    }

    /// Total bytes of the values, including unused ones.
    pub fn bytes(&self) -> usize {
        self.arena.len()
    }

    /// Stores the value of a row.
    pub fn set(&mut self, row: usize, bytes: &[u8]) {
        if let Some(place) = self.places.get_mut(row) {
            *place = (self.arena.len(), bytes.len() as u32);
            self.arena.extend_from_slice(bytes);
        }
    }

    /// Removes the value of a row. Its bytes stay allocated.
    pub fn clear(&mut self, row: usize) {
        if let Some(place) = self.places.get_mut(row) {
            *place = (0, 0);
        }
    }

    /// Stores one value for all `rows`.
    pub fn fill(&mut self, rows: impl Iterator<Item = usize>, bytes: &[u8]) {
        let place = (self.arena.len(), bytes.len() as u32);
        self.arena.extend_from_slice(bytes);
        for row in rows {
            if let Some(of) = self.places.get_mut(row) {
                *of = place;
            }
        }
    }

    /// Total bytes of the first `rows` rows.
    pub fn length(&self, rows: usize) -> usize {
        self.places.iter().take(rows).map(|place| place.1 as usize).sum()
    }

    /// Writes the first `rows` rows in order: `rows + 1` 32-bit offsets at `offsets`, and the bytes at `data`.
    pub fn write(&self, rows: usize, memory: &mut [u8], offsets: usize, data: usize) {
        let mut written = 0;
        for (row, (start, length)) in self.places.iter().take(rows).enumerate() {
            let length = *length as usize;
            memory[data + written..data + written + length].copy_from_slice(&self.arena[*start..*start + length]);
            written += length;
            let at = offsets + (row + 1) * 4;
            memory[at..at + 4].copy_from_slice(&(written as u32).to_ne_bytes());
        }
    }
}

/// The distinct strings of a dictionary.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    ids: HashMap<Box<[u8]>, i32>,
    words: Vec<Box<[u8]>>,
    bytes: usize,
}

impl Dictionary {
    /// Total bytes of the strings.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The index of a string, which is added if it is new.
    pub fn id(&mut self, word: &[u8]) -> i32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        // A column has fewer rows than there are indexes.
        let id = self.words.len() as i32;
        self.ids.insert(word.into(), id);
        self.words.push(word.into());
        self.bytes += word.len();
        id
    }

    /// Renumbers the strings in the order in which `cells` (of `rows`) first refer to them, so that the result does not
    /// depend on the order of arrival. Drops strings that no cell refers to. Returns the strings.
    pub fn renumber(&mut self, cells: &mut [u8], rows: impl Iterator<Item = usize>) -> Vec<Box<[u8]>> {
        let mut numbers = vec![-1_i32; self.words.len()];
        let mut order = Vec::new();
        for row in rows {
            let cell = &mut cells[row * 4..row * 4 + 4];
            let old = i32::from_ne_bytes([cell[0], cell[1], cell[2], cell[3]]);
            let Some(number) = numbers.get_mut(old as usize) else {
                continue;
            };
            if *number < 0 {
                *number = order.len() as i32;
                order.push(std::mem::take(&mut self.words[old as usize]));
            }
            cell.copy_from_slice(&number.to_ne_bytes());
        }
        order
    }
}
