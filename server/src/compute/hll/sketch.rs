//! The stored form of HyperLogLogs.
//!
//! `u8 flags (0), u8 index bits, u8 minhash bits, u64 cached count (little-endian; 0 means no cached count)`,
//! followed by the registers. Each register is 6 bits of rank and the minhash bits; registers are packed
//! without padding.

use super::hash::murmur3;

/// Size of the header before the registers, in bytes.
const HEADER_SIZE: usize = 11;

const RANK_BITS: u8 = 6;

/// A HyperLogLog, with or without minhashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch {
    pub(super) index_bits: u8,
    pub(super) minhash_bits: u8,
    /// The last count, or 0 if the sketch has changed since.
    pub(super) cached: u64,
    /// The registers, each with its minhash in the low bits.
    pub(super) registers: Vec<u64>,
}

/// Whether these sizes are valid.
pub(super) fn is_possible(index_bits: u8, minhash_bits: u8) -> bool {
    (4..=16).contains(&index_bits)
        && (minhash_bits == 0 || (4..=51).contains(&minhash_bits))
        && index_bits + minhash_bits <= 64
}

impl Sketch {
    pub(super) fn empty(index_bits: u8, minhash_bits: u8) -> Self {
        Self {
            index_bits,
            minhash_bits,
            cached: 0,
            registers: vec![0; 1 << index_bits],
        }
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let ([flags, index_bits, minhash_bits, cached @ ..], body) = bytes.split_first_chunk::<HEADER_SIZE>()?;
        if *flags != 0 || !is_possible(*index_bits, *minhash_bits) {
            return None;
        }
        let count = 1_usize << index_bits;
        let width = u32::from(RANK_BITS + minhash_bits);
        if body.len() != (count * width as usize).div_ceil(8) {
            return None;
        }
        let mut registers = Vec::with_capacity(count);
        let (mut pending, mut have) = (0_u128, 0);
        for byte in body {
            pending = pending << 8 | u128::from(*byte);
            have += 8;
            while have >= width && registers.len() < count {
                have -= width;
                registers.push((pending >> have) as u64 & mask(width));
                pending &= (1 << have) - 1;
            }
        }
        Some(Self {
            index_bits: *index_bits,
            minhash_bits: *minhash_bits,
            cached: u64::from_le_bytes(*cached),
            registers,
        })
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let width = u32::from(RANK_BITS + self.minhash_bits);
        let mut out = vec![0, self.index_bits, self.minhash_bits];
        out.extend_from_slice(&self.cached.to_le_bytes());
        let (mut pending, mut have) = (0_u128, 0);
        for register in &self.registers {
            pending = pending << width | u128::from(*register);
            have += width;
            while have >= 8 {
                have -= 8;
                out.push((pending >> have) as u8);
                pending &= (1 << have) - 1;
            }
        }
        if have > 0 {
            out.push((pending << (8 - have)) as u8);
        }
        out
    }

    /// The register of an element (given as MessagePack), and the minimum value of that register once the
    /// element is added.
    fn place(&self, element: &[u8]) -> (usize, u64) {
        let (low, high) = murmur3(element);
        let index = usize::try_from(low & mask(self.index_bits.into())).unwrap_or(0);
        let minhash = low >> self.index_bits & mask(self.minhash_bits.into());
        let rank = u64::from(high.trailing_zeros() + 1).min(mask(RANK_BITS.into()));
        (index, rank << self.minhash_bits | minhash)
    }

    /// Adds an element. Returns whether the sketch changed.
    pub(super) fn add(&mut self, element: &[u8]) -> bool {
        let (index, value) = self.place(element);
        match self.registers.get_mut(index) {
            Some(register) if *register < value => {
                *register = value;
                self.cached = 0;
                true
            }
            _ => false,
        }
    }

    /// Whether an element may have been added.
    pub(super) fn may_contain(&self, element: &[u8]) -> bool {
        let (index, value) = self.place(element);
        self.registers.get(index).is_some_and(|register| *register >= value)
    }

    /// A copy with fewer registers, and with or without minhashes.
    pub(super) fn folded(&self, index_bits: u8, minhash_bits: u8) -> Self {
        let mut new = Self::empty(index_bits, minhash_bits);
        new.merge(self);
        new
    }

    /// Merges another sketch into this one. It must have at least as many registers and, if this sketch has
    /// minhashes, minhashes of the same size.
    pub(super) fn merge(&mut self, other: &Self) {
        let dropped = other.minhash_bits - self.minhash_bits.min(other.minhash_bits);
        let last = self.registers.len() - 1;
        for (place, value) in other.registers.iter().enumerate() {
            let value = value >> dropped;
            if let Some(register) = self.registers.get_mut(place & last) {
                *register = value.max(*register);
            }
        }
        self.cached = 0;
    }
}

fn mask(bits: u32) -> u64 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_the_sketch_of_a_real_server() {
        let mut sketch = Sketch::empty(6, 0);
        assert!(sketch.add(b"\xa7\x03123asd"));
        assert!(!sketch.add(b"\xa7\x03123asd"));
        let mut stored = vec![0; 59];
        stored[1] = 6;
        stored[49] = 2;
        assert_eq!(sketch.encode(), stored);
        assert_eq!(Sketch::parse(&stored), Some(sketch));
    }

    #[test]
    fn rejects_invalid_sketches() {
        for (index_bits, minhash_bits) in [(4, 0), (4, 51), (7, 5), (16, 4)] {
            let mut sketch = Sketch::empty(index_bits, minhash_bits);
            sketch.add(b"\x01");
            sketch.cached = 7;
            let stored = sketch.encode();
            assert_eq!(Sketch::parse(&stored), Some(sketch));
            assert_eq!(Sketch::parse(&stored[..stored.len() - 1]), None);
            assert_eq!(Sketch::parse(&[&stored[..], &[0]].concat()), None);
            assert_eq!(Sketch::parse(&[&[1], &stored[1..]].concat()), None);
        }
        assert_eq!(Sketch::parse(&[0; 11]), None);
        assert_eq!(Sketch::parse(b""), None);
    }
}
