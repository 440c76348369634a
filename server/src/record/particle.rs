//! Bin values in their stored form, and the results of operations on them.

/// Particle types.
pub mod kind {
    /// No value: writing it deletes the bin.
    pub const NULL: u8 = 0;
    /// 64-bit signed integer.
    pub const INTEGER: u8 = 1;
    /// 64-bit floating-point number.
    pub const FLOAT: u8 = 2;
    /// String, UTF-8 by convention. The server does not validate the encoding.
    pub const STRING: u8 = 3;
    /// Blob: any bytes.
    pub const BLOB: u8 = 4;
    /// First particle type of language-specific serialised objects, which the server treats as bytes.
    pub const LANGUAGE_BLOB_FIRST: u8 = 7;
    /// Last particle type of language-specific serialised objects.
    pub const LANGUAGE_BLOB_LAST: u8 = 11;
    /// Boolean.
    pub const BOOL: u8 = 17;
    /// HyperLogLog sketch.
    pub const HLL: u8 = 18;
    /// Map, encoded as MessagePack.
    pub const MAP: u8 = 19;
    /// List, encoded as MessagePack.
    pub const LIST: u8 = 20;
    /// GeoJSON.
    pub const GEOJSON: u8 = 23;
}

/// A value in its stored form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// Particle type, one of [`kind`].
    pub kind: u8,
    /// The value in the wire form of its type.
    pub bytes: &'a [u8],
}

/// Which operations are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only operations that read.
    Read,
    /// Only operations that modify.
    Modify,
}

/// The result of an operation on a bin. Values are particle types and bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// The reply, if the operation has one.
    pub answer: Option<(u8, Vec<u8>)>,
    /// The new value of the bin, if it changes.
    pub changed: Option<(u8, Vec<u8>)>,
}
