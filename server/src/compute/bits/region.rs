//! Runs of bits inside byte strings.
//!
//! An extracted run is left-justified: its first bit becomes the highest bit of the first byte, and unused bits
//! of the last byte are zero.

/// A run of bits within a byte string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// Offset of the first bit.
    pub(super) start: usize,
    /// Number of bits.
    pub(super) size: usize,
}

/// The 8 bits that start at bit `shift` of `first` and continue in `second`.
fn window(first: u8, second: u8, shift: usize) -> u8 {
    let both = u16::from_be_bytes([first, second]) << shift;
    both.to_be_bytes()[0]
}

impl Region {
    /// The bits of the run, left-justified. Bits past the end of `bytes` read as zero.
    pub(super) fn extract(self, bytes: &[u8]) -> Vec<u8> {
        let (first, shift) = (self.start / 8, self.start % 8);
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let count = self.size.div_ceil(8);
        let mut out: Vec<u8> = (first..first + count)
            .map(|at| window(byte(at), byte(at + 1), shift))
            .collect();
        if let (Some(last), unused @ 1..) = (out.last_mut(), count * 8 - self.size) {
            *last &= 0xff << unused;
        }
        out
    }

    /// Overwrites the run with left-justified bits.
    pub(super) fn deposit(self, bytes: &mut [u8], bits: &[u8]) {
        let (mut at, end) = (self.start, self.start + self.size);
        let mut taken = 0;
        while at < end {
            let shift = at % 8;
            let run = (8 - shift).min(end - at);
            let source = |index: usize| bits.get(index).copied().unwrap_or(0);
            let value = window(source(taken / 8), source(taken / 8 + 1), taken % 8) >> shift;
            let mask = (0xff_u8 << (8 - run)) >> shift;
            if let Some(byte) = bytes.get_mut(at / 8) {
                *byte = *byte & !mask | value & mask;
            }
            at += run;
            taken += run;
        }
    }

    /// The run as an unsigned number. The run must not be longer than 64 bits.
    pub(super) fn number(self, bytes: &[u8]) -> u64 {
        let mut padded = [0; 8];
        for (to, from) in padded.iter_mut().zip(self.extract(bytes)) {
            *to = from;
        }
        u64::from_be_bytes(padded).checked_shr(64 - self.width()).unwrap_or(0)
    }

    /// Overwrites the run with the low bits of a number.
    pub(super) fn set_number(self, bytes: &mut [u8], number: u64) {
        let bits = number.checked_shl(64 - self.width()).unwrap_or(0);
        self.deposit(bytes, &bits.to_be_bytes());
    }

    /// The largest unsigned number that fits in the run.
    pub(super) fn mask(self) -> u64 {
        u64::MAX.checked_shr(64 - self.width()).unwrap_or(0)
    }

    /// Interprets the low bits of a number as a signed number of the run's size.
    pub(super) fn sign_extend(self, number: u64) -> i64 {
        let unused = 64 - self.width();
        (number.checked_shl(unused).unwrap_or(0) as i64)
            .checked_shr(unused)
            .unwrap_or(0)
    }

    fn width(self) -> u32 {
        u32::try_from(self.size.min(64)).unwrap_or(64)
    }

    /// Number of set bits.
    pub(super) fn count(self, bytes: &[u8]) -> u64 {
        self.extract(bytes)
            .iter()
            .map(|byte| u64::from(byte.count_ones()))
            .sum()
    }

    /// Position of the first bit equal to `wanted`, searching from the start or from the end. The position is
    /// relative to the start of the run.
    pub(super) fn scan(self, bytes: &[u8], wanted: bool, from_end: bool) -> Option<usize> {
        let bits = self.extract(bytes);
        let fits = |at: &usize| {
            let byte = bits.get(at / 8).copied().unwrap_or(0);
            (byte & (0x80 >> (at % 8)) != 0) == wanted
        };
        if from_end {
            (0..self.size).rev().find(fits)
        } else {
            (0..self.size).find(fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extracted_bits_round_trip() {
        let bytes = [0b1011_0010, 0b0100_1101, 0xff, 0x00, 0x5a];
        for start in 0..40 {
            for size in 1..=40 - start {
                let region = Region { start, size };
                let taken = region.extract(&bytes);
                let mut copy = [0x33; 5];
                region.deposit(&mut copy, &taken);
                for bit in 0..40 {
                    let of = |b: &[u8]| b[bit / 8] >> (7 - bit % 8) & 1;
                    let inside = (start..start + size).contains(&bit);
                    assert_eq!(of(&copy), if inside { of(&bytes) } else { of(&[0x33; 5]) });
                }
                let mut copy = [0; 5];
                region.set_number(&mut copy, region.number(&bytes));
                assert_eq!(region.extract(&copy), taken);
            }
        }
    }

    #[test]
    fn reads_numbers_and_scans_for_bits() {
        let region = Region { start: 4, size: 8 };
        assert_eq!(region.number(&[0x0f, 0xe0]), 0xfe);
        assert_eq!(region.sign_extend(0xfe), -2);
        assert_eq!(region.mask(), 0xff);
        assert_eq!(region.count(&[0x0f, 0xe0]), 7);
        assert_eq!(region.scan(&[0x0f, 0xe0], false, false), Some(7));
        assert_eq!(region.scan(&[0x0f, 0xe0], true, true), Some(6));
        assert_eq!(region.scan(&[0, 0], true, true), None);
        assert_eq!(Region { start: 0, size: 64 }.mask(), u64::MAX);
    }
}
