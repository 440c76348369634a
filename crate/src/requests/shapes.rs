//! Record shapes: the ordered bin names of a record, identified by a number. JavaScript clones a template per shape
//! instead of building every record key by key, which is faster and keeps wide records out of dictionary mode.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::RwLock;

use crate::wire::Writer;

/// Maximum number of shapes. Beyond it (bin names that are data), each record carries its names.
const MAX_SHAPES: usize = 2048;

/// A record with more bins than this gets no shape.
const MAX_BINS: usize = 1024;

#[derive(Default)]
struct Table {
    /// The names of each shape, indexed by its number.
    shapes: Vec<Vec<String>>,
    /// From the hash of the names to the shapes with that hash.
    by_hash: HashMap<u64, Vec<u32>>,
}

impl Table {
    fn is<'n>(&self, number: u32, names: impl Iterator<Item = &'n str>) -> bool {
        self.shapes
            .get(number as usize)
            .is_some_and(|shape| shape.iter().map(String::as_str).eq(names))
    }
}

/// The shapes that one channel has announced.
#[derive(Default)]
pub struct Shapes {
    table: RwLock<Table>,
    /// The shape that was found last. The rows of a batch, and most successive records, have the same shape, and
    /// comparing is cheaper than hashing.
    last: AtomicU32,
    hasher: RandomState,
}

impl Shapes {
    /// Returns the number of the shape with these names. A new shape is passed to `announce` (number, body) before it
    /// can be found. Returns `None` if there are too many names or the table is full.
    pub fn find<'n>(
        &self,
        names: impl ExactSizeIterator<Item = &'n str> + Clone,
        announce: impl FnOnce(u32, &[u8]),
    ) -> Option<u32> {
        if names.len() > MAX_BINS {
            return None;
        }
        let table = self.table.read();
        let last = self.last.load(Ordering::Relaxed);
        if table.is(last, names.clone()) {
            return Some(last);
        }
        let hash = self.hash(names.clone());
        if let Some(number) = Self::known(&table, hash, names.clone()) {
            self.last.store(number, Ordering::Relaxed);
            return Some(number);
        }
        if table.shapes.len() >= MAX_SHAPES {
            return None;
        }
        drop(table);
        let mut table = self.table.write();
        if let Some(number) = Self::known(&table, hash, names.clone()) {
            return Some(number);
        }
        let number = table.shapes.len() as u32;
        let mut body = Vec::new();
        body.put_u16(names.len() as u16);
        for name in names.clone() {
            body.put_u8(name.len() as u8);
            body.extend_from_slice(name.as_bytes());
        }
        // Announce under the lock, so that no reply can use the number before its frame is queued.
        announce(number, &body);
        table.by_hash.entry(hash).or_default().push(number);
        table.shapes.push(names.map(str::to_owned).collect());
        Some(number)
    }

    fn hash<'n>(&self, names: impl Iterator<Item = &'n str>) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for name in names {
            hasher.write(name.as_bytes());
            hasher.write_u8(0xff);
        }
        hasher.finish()
    }

    fn known<'n>(table: &Table, hash: u64, names: impl Iterator<Item = &'n str> + Clone) -> Option<u32> {
        table
            .by_hash
            .get(&hash)?
            .iter()
            .copied()
            .find(|number| table.is(*number, names.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_announced_once_and_order_matters() {
        let shapes = Shapes::default();
        let mut announced = Vec::new();
        let ab = shapes.find(["a", "b"].into_iter(), |number, _| announced.push(number));
        let again = shapes.find(["a", "b"].into_iter(), |number, _| announced.push(number));
        let ba = shapes.find(["b", "a"].into_iter(), |number, _| announced.push(number));
        assert_eq!((ab, again, ba), (Some(0), Some(0), Some(1)));
        assert_eq!(announced, [0, 1]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "large, takes minutes")]
    fn the_table_is_capped() {
        let shapes = Shapes::default();
        for number in 0..MAX_SHAPES {
            assert!(
                shapes
                    .find([number.to_string().as_str()].into_iter(), |_, _| ())
                    .is_some()
            );
        }
        assert_eq!(shapes.find(["one more"].into_iter(), |_, _| ()), None);
    }
}
