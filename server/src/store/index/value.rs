//! Extracts the indexed values of a record.

use super::definition::{Definition, Part, Source, ValueKind};
use crate::compute::geo;
use crate::compute::msgpack::{Reader, Token, order_marker};
use crate::record::bins;
use crate::record::particle::{Value, kind};
use crate::record::view::RecordView;

/// A value that can be indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed<'a> {
    Int(i64),
    /// A string or blob.
    Bytes(&'a [u8]),
    /// GeoJSON in the form stored in bins, with its cells.
    StoredGeo(&'a [u8]),
    /// GeoJSON in the form stored in lists and maps: only the text.
    Geo(&'a [u8]),
}

impl Indexed<'_> {
    /// Calls `each` with every index key of the value: the integer, the hash of the bytes, or each cell.
    pub fn keys(&self, mut each: impl FnMut(i64)) {
        match self {
            Self::Int(value) => each(*value),
            Self::Bytes(bytes) => each(hash(bytes)),
            Self::StoredGeo(stored) => geo::stored_cells(stored).for_each(|cell| each(cell.cast_signed())),
            Self::Geo(text) => geo::cells(text).into_iter().for_each(|cell| each(cell.cast_signed())),
        }
    }
}

/// The index key of a string or blob.
#[must_use]
pub fn hash(bytes: &[u8]) -> i64 {
    // FNV-1a with a final mix. Collisions are rare, and queries compare the values themselves.
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15).cast_signed()
}

/// Calls `each` with every value of a record that this definition indexes.
pub fn values(definition: &Definition, view: &RecordView<'_>, mut each: impl FnMut(Indexed<'_>)) {
    match &definition.source {
        Source::Bin(name, None) => {
            if let Some(bin) = bins::find(view.bins, name) {
                of_value(definition, bin.value, &mut each);
            }
        }
        Source::Bin(name, Some(context)) => {
            if let Some(bin) = bins::find(view.bins, name)
                && let Some(element) = context.find(bin.value)
            {
                of_element(definition, element, &mut each);
            }
        }
        Source::Expression(expression) => {
            if let Some((kind, bytes)) = expression.evaluate(view) {
                of_value(definition, Value { kind, bytes: &bytes }, &mut each);
            }
        }
    }
}

fn of_value(definition: &Definition, value: Value<'_>, each: &mut impl FnMut(Indexed<'_>)) {
    match definition.part {
        Part::Whole => {
            if value.kind != definition.kind.particle() {
                return;
            }
            let indexed = match definition.kind {
                ValueKind::Numeric => value
                    .bytes
                    .try_into()
                    .ok()
                    .map(|bytes| Indexed::Int(i64::from_be_bytes(bytes))),
                ValueKind::String | ValueKind::Blob => Some(Indexed::Bytes(value.bytes)),
                ValueKind::Geo => Some(Indexed::StoredGeo(value.bytes)),
            };
            if let Some(indexed) = indexed {
                each(indexed);
            }
        }
        _ if matches!(value.kind, kind::LIST | kind::MAP) => of_collection(definition, value.bytes, each),
        _ => {}
    }
}

fn of_element(definition: &Definition, element: &[u8], each: &mut impl FnMut(Indexed<'_>)) {
    match definition.part {
        Part::Whole => {
            if let Some(indexed) = scalar(definition.kind, element) {
                each(indexed);
            }
        }
        _ => of_collection(definition, element, each),
    }
}

fn of_collection(definition: &Definition, bytes: &[u8], each: &mut impl FnMut(Indexed<'_>)) {
    let mut reader = Reader::new(bytes);
    let (count, keys, values) = match (reader.token(), definition.part) {
        (Ok(Token::List(count)), Part::List) => (count, false, true),
        (Ok(Token::Map(count)), Part::MapKeys) => (count, true, false),
        (Ok(Token::Map(count)), Part::MapValues) => (count, false, true),
        _ => return,
    };
    let is_map = definition.part != Part::List;
    for at in 0..count {
        let marker = at == 0 && order_marker(reader).is_some();
        if is_map {
            let Ok(key) = reader.element() else { return };
            if keys
                && !marker
                && let Some(indexed) = scalar(definition.kind, key)
            {
                each(indexed);
            }
        }
        let Ok(value) = reader.element() else { return };
        if values
            && !marker
            && let Some(indexed) = scalar(definition.kind, value)
        {
            each(indexed);
        }
    }
}

/// Converts a scalar of a list or map to an indexed value.
fn scalar(wanted: ValueKind, element: &[u8]) -> Option<Indexed<'_>> {
    match (Reader::new(element).token().ok()?, wanted) {
        (Token::Int(value), ValueKind::Numeric) => Some(Indexed::Int(value)),
        (Token::Bytes([kind::STRING, bytes @ ..]), ValueKind::String)
        | (Token::Bytes([kind::BLOB, bytes @ ..]), ValueKind::Blob) => Some(Indexed::Bytes(bytes)),
        (Token::Bytes([kind::GEOJSON, text @ ..]), ValueKind::Geo) => Some(Indexed::Geo(text)),
        _ => None,
    }
}
