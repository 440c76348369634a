//! Values of UDFs, and conversions to and from particles and MessagePack.
//!
//! Lists, maps and bytes are shared by reference, as in Lua: a change is visible to all holders.

use std::collections::BTreeMap;

use crate::compute::geo;
use crate::compute::hll;
use crate::compute::msgpack::{self, MAX_DEPTH, Reader, Token, string_kind, write};
pub use crate::compute::udf::shared::Shared;
use crate::compute::udf::shared::{Content, Nested, Text};
use crate::proto::cursor::Cursor;
use crate::record::particle::kind;

/// A byte array and the particle type for storing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Particle type. Invalid types stand for untyped bytes.
    pub kind: u32,
    /// Declared capacity in bytes.
    pub capacity: usize,
    pub bytes: Vec<u8>,
}

impl Content for Blob {
    type Item = Value;

    fn footprint(&self) -> usize {
        self.bytes.capacity()
    }
}

pub type List = Vec<Value>;

impl Content for List {
    type Item = Value;

    fn footprint(&self) -> usize {
        self.capacity() * size_of::<Value>()
    }

    fn take_nested(&mut self, out: &mut Vec<Value>) {
        out.extend(std::mem::take(self).into_iter().filter(Value::is_collection));
    }
}

/// The content of a map, sorted by key.
pub type Map = BTreeMap<Key, Value>;

impl Content for Map {
    type Item = Value;

    fn footprint(&self) -> usize {
        // Tree nodes are two thirds full on average.
        self.len() * (size_of::<Key>() + size_of::<Value>()) * 3 / 2
    }

    fn take_nested(&mut self, out: &mut Vec<Value>) {
        out.extend(std::mem::take(self).into_values().filter(Value::is_collection));
    }
}

/// A value that UDFs work with.
#[derive(Debug, Clone)]
pub enum Value {
    Nil,
    /// A boolean.
    Bool(bool),
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A string, of any encoding.
    String(Text),
    GeoJson(Text),
    /// A byte array.
    Bytes(Shared<Blob>),
    List(Shared<List>),
    Map(Shared<Map>),
}

impl Nested for Value {
    fn take_nested(self, out: &mut Vec<Value>) {
        match self {
            Self::List(list) => list.take_nested(out),
            Self::Map(map) => map.take_nested(out),
            _ => {}
        }
    }
}

/// Maximum encoded size of a list or map in bytes: more than any record can hold. It also limits values that
/// contain another value many times.
const MAX_WRITTEN: usize = 16 * 1024 * 1024;

/// The error for a value that cannot be stored: it is nested too deeply, too large, or not valid GeoJSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unstorable;

impl Value {
    fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }

    /// Creates a string.
    #[must_use]
    pub fn string(bytes: &[u8]) -> Self {
        Self::String(bytes.into())
    }

    /// Creates a byte array with a particle type.
    #[must_use]
    pub fn bytes(kind: u8, bytes: &[u8]) -> Self {
        Self::Bytes(Shared::new(Blob {
            kind: kind.into(),
            capacity: bytes.len(),
            bytes: bytes.to_vec(),
        }))
    }

    /// Converts a bin value. Returns `None` if it is malformed.
    #[must_use]
    pub fn of_particle(kind: u8, bytes: &[u8]) -> Option<Self> {
        Some(match kind {
            kind::NULL => Self::Nil,
            kind::INTEGER => Self::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            kind::FLOAT => Self::Float(f64::from_be_bytes(bytes.try_into().ok()?)),
            kind::BOOL => Self::Bool(bytes == [1]),
            kind::STRING => Self::string(bytes),
            kind::GEOJSON => Self::GeoJson(geo::stored_text(bytes)?.into()),
            kind::LIST | kind::MAP => Self::of_msgpack(bytes)?,
            _ => Self::bytes(kind, bytes),
        })
    }

    /// Converts a single MessagePack element. Returns `None` if the bytes are anything else.
    #[must_use]
    pub fn of_msgpack(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let value = read(&mut reader, 0)?;
        reader.is_empty().then_some(value)
    }

    /// Converts to a reply value: particle type and bytes. GeoJSON is sent without cells, and byte arrays as
    /// plain blobs.
    ///
    /// # Errors
    /// Returns an error if the value cannot be encoded.
    pub fn to_reply(&self) -> Result<(u8, Vec<u8>), Unstorable> {
        Ok(match self {
            Self::Bytes(blob) => (kind::BLOB, blob.lock().bytes.clone()),
            Self::GeoJson(text) => (kind::GEOJSON, without_cells(text)),
            other => return other.to_particle(),
        })
    }

    /// Converts to a bin value: particle type and bytes.
    ///
    /// # Errors
    /// Returns an error if the value cannot be stored.
    pub fn to_particle(&self) -> Result<(u8, Vec<u8>), Unstorable> {
        Ok(match self {
            Self::Nil => (kind::NULL, Vec::new()),
            Self::Bool(value) => (kind::BOOL, vec![u8::from(*value)]),
            Self::Int(value) => (kind::INTEGER, value.to_be_bytes().to_vec()),
            Self::Float(value) => (kind::FLOAT, value.to_be_bytes().to_vec()),
            Self::String(value) => (kind::STRING, value.to_vec()),
            Self::GeoJson(text) => {
                let mut stored = Vec::new();
                match geo::store_text(text, &mut stored) {
                    Ok(()) => (kind::GEOJSON, stored),
                    // UDFs may store GeoJSON that clients may not.
                    Err(_) => (kind::GEOJSON, without_cells(text)),
                }
            }
            Self::Bytes(blob) => {
                let blob = blob.lock();
                (bin_kind(&blob), blob.bytes.clone())
            }
            Self::List(_) => (kind::LIST, self.to_msgpack()?),
            Self::Map(_) => (kind::MAP, self.to_msgpack()?),
        })
    }

    /// Converts to a MessagePack element.
    ///
    /// # Errors
    /// Returns an error if the value is nested too deeply or too large.
    pub fn to_msgpack(&self) -> Result<Vec<u8>, Unstorable> {
        let mut out = Vec::new();
        self.write(&mut out, 0)?;
        Ok(out)
    }

    fn write(&self, out: &mut Vec<u8>, depth: u32) -> Result<(), Unstorable> {
        if depth > MAX_DEPTH || out.len() > MAX_WRITTEN {
            return Err(Unstorable);
        }
        match self {
            Self::Nil => out.push(write::NIL),
            Self::Bool(value) => write::bool(out, *value),
            Self::Int(value) => write::int(out, *value),
            Self::Float(value) => write::float(out, *value),
            Self::String(value) => write_tagged(out, string_kind::STRING, value),
            Self::GeoJson(text) => write_tagged(out, string_kind::GEOJSON, text),
            Self::Bytes(blob) => {
                let blob = blob.lock();
                let kind = u8::try_from(blob.kind).unwrap_or_default();
                write_tagged(out, if kind == 0 { kind::BLOB } else { kind }, &blob.bytes);
            }
            // Cloned to release the lock: a list that contains itself then fails at the depth limit instead of
            // deadlocking.
            Self::List(list) => {
                let items = list.lock().clone();
                write::list_head(out, 0, items.len());
                for item in items {
                    item.write(out, depth + 1)?;
                }
            }
            Self::Map(map) => {
                let pairs = map.lock().clone();
                write::map_head(out, 0, pairs.len());
                for (key, value) in pairs {
                    key.write(out);
                    value.write(out, depth + 1)?;
                }
            }
        }
        Ok(())
    }
}

/// The particle type for storing a byte array.
fn bin_kind(blob: &Blob) -> u8 {
    match u8::try_from(blob.kind) {
        Ok(kind @ (kind::STRING | kind::LANGUAGE_BLOB_FIRST..=kind::LANGUAGE_BLOB_LAST)) => kind,
        Ok(kind::HLL) if hll::is_valid(&blob.bytes) => kind::HLL,
        _ => kind::BLOB,
    }
}

/// The stored form of GeoJSON, without cells.
fn without_cells(text: &[u8]) -> Vec<u8> {
    [&[0, 0, 0], text].concat()
}

fn write_tagged(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    let tagged = [&[kind], bytes].concat();
    write::bytes(out, &tagged);
}

fn read(reader: &mut Reader<'_>, depth: u32) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match reader.token().ok()? {
        Token::Nil => Value::Nil,
        Token::Bool(value) => Value::Bool(value),
        Token::Int(value) => Value::Int(value),
        // Beyond the range of Lua integers: reinterpret the same 64 bits.
        Token::Unsigned(value) => Value::Int(i64::from_ne_bytes(value.to_ne_bytes())),
        Token::Float(value) => Value::Float(value),
        Token::Bytes([string_kind::STRING, text @ ..]) => Value::string(text),
        Token::Bytes([string_kind::GEOJSON, text @ ..]) => Value::GeoJson(text.into()),
        Token::Bytes([kind, bytes @ ..]) => Value::bytes(*kind, bytes),
        Token::Bytes([]) => return None,
        Token::Ext(..) => return None,
        Token::List(count) => {
            let marker = count > 0 && msgpack::order_marker(*reader).is_some();
            if marker {
                reader.element().ok()?;
            }
            let mut items = Vec::new();
            for _ in u32::from(marker)..count {
                items.push(read(reader, depth + 1)?);
            }
            Value::List(Shared::new(items))
        }
        Token::Map(count) => {
            let marker = count > 0 && msgpack::order_marker(*reader).is_some();
            if marker {
                reader.element().ok()?;
                reader.element().ok()?;
            }
            let mut pairs = Map::new();
            for _ in u32::from(marker)..count {
                let key = Key::of(&read(reader, depth + 1)?);
                let value = read(reader, depth + 1)?;
                if let Some(key) = key {
                    pairs.insert(key, value);
                }
            }
            Value::Map(Shared::new(pairs))
        }
    })
}

/// Converts the arguments of a call, a MessagePack list. Returns `None` if they are malformed.
#[must_use]
pub fn arguments(bytes: &[u8]) -> Option<Vec<Value>> {
    if Cursor::new(bytes).is_empty() {
        return Some(Vec::new());
    }
    match Value::of_msgpack(bytes)? {
        Value::List(list) => Some(list.lock().clone()),
        _ => None,
    }
}

/// A map key. It is a copy, so it does not change with the value that it was created from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Int(i64),
    String(Text),
    /// Bytes and their particle type.
    Bytes(Text, u8),
}

impl Key {
    /// Converts a value to a key. Returns `None` if the value cannot be a key.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(value) => Some(Self::Int(*value)),
            Value::String(text) => Some(Self::String(text.clone())),
            Value::Bytes(blob) => {
                let blob = blob.lock();
                Some(Self::Bytes(blob.bytes.as_slice().into(), kind::BLOB))
            }
            _ => None,
        }
    }

    /// Converts the key to a value.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Int(value) => Value::Int(*value),
            Self::String(text) => Value::String(text.clone()),
            Self::Bytes(bytes, kind) => Value::bytes(*kind, bytes),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(value) => write::int(out, *value),
            Self::String(text) => write_tagged(out, string_kind::STRING, text),
            Self::Bytes(bytes, kind) => write_tagged(out, *kind, bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::udf::shared::Account;

    #[test]
    fn drops_deeply_nested_lists_without_recursion() {
        let mut value = Value::Nil;
        for level in 0..1_000_000 {
            value = if level % 2 == 0 {
                Value::List(Shared::new(vec![value]))
            } else {
                let key = Key::Int(level);
                Value::Map(Shared::new(Map::from([(key, value)])))
            };
        }
        drop(value);
    }

    #[test]
    fn charges_allocations_until_they_are_dropped() {
        let account = Account::default();
        let outside = Shared::new(List::new());
        let entered = account.enter();
        let list = Shared::new(List::new());
        for _ in 0..1000 {
            list.lock().push(Value::string(&[b'x'; 1000]));
        }
        let used = account.used();
        assert!((1_000_000..1_200_000).contains(&used), "{used}");
        let copy = Shared::new(list.lock().clone());
        assert!(account.used() < used + 100_000);
        list.lock().clear();
        drop(entered);
        outside.lock().push(Value::string(&[b'x'; 1000]));
        assert!(account.used() >= 1_000_000);
        drop((list, copy));
        assert_eq!(account.used(), 0);
    }
}
