//! Record digests: the 20 bytes that identify a record in its namespace.

use std::hash::{BuildHasherDefault, Hash, Hasher};

use ripemd::{Digest as _, Ripemd160};

/// Length of a digest, in bytes.
pub const DIGEST_SIZE: usize = 20;

/// Number of partitions of a namespace; fixed by the protocol.
pub const PARTITIONS: usize = 4096;

/// RIPEMD-160 of a record's set name and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; DIGEST_SIZE]);

impl Digest {
    /// Computes the digest of a key. `key` is the particle type byte followed by the value bytes.
    #[must_use]
    pub fn of_key(set: &[u8], key: &[u8]) -> Self {
        let mut hash = Ripemd160::new();
        hash.update(set);
        hash.update(key);
        Self(hash.finalize().into())
    }

    /// Creates a digest from exactly 20 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The partition that the record belongs to.
    #[must_use]
    pub fn partition(&self) -> usize {
        usize::from(u16::from_le_bytes([self.0[0], self.0[1]])) & (PARTITIONS - 1)
    }
}

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The first bytes select the partition, so they are equal for all records of a map.
        let [.., a, b, c, d, e, f, g, h] = self.0;
        state.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

/// A hasher that uses eight bytes of the digest as the hash, because digests are evenly distributed already.
#[derive(Debug, Default)]
pub struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// Creates [`DigestHasher`]s.
pub type DigestBuildHasher = BuildHasherDefault<DigestHasher>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_ripemd160_of_set_and_key() {
        // RIPEMD-160("abc"), from the published test vectors.
        let digest = Digest::of_key(b"a", b"bc");
        assert_eq!(digest.0[..4], [0x8e, 0xb2, 0x08, 0xf7]);
    }

    #[test]
    fn the_partition_is_the_low_twelve_bits_little_endian() {
        let mut bytes = [0; DIGEST_SIZE];
        (bytes[0], bytes[1]) = (0xcf, 0xc0);
        assert_eq!(Digest(bytes).partition(), 0x0cf);
    }
}
