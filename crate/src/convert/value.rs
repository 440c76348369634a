//! Decodes and encodes values. `lib/values/value.ts` is the counterpart; its table of types is the reference.

use aerospike_core::{FloatValue, IndexMap, Value};

use crate::common::errors::Failure;
use crate::wire::{Reader, Writer};

/// Maximum nesting depth of a value sent to the server.
pub const MAX_DEPTH: usize = 256;

pub use crate::catalog::formats::value_tag as tag;

/// Largest integer that a JavaScript number represents exactly.
const MAX_SAFE: i64 = (1 << 53) - 1;

/// Reads a value.
///
/// # Errors
/// The body ends early, a map key occurs twice, or the nesting exceeds [`MAX_DEPTH`].
pub fn read(reader: &mut Reader<'_>) -> Result<Value, Failure> {
    read_nested(reader, 0)
}

fn read_nested(reader: &mut Reader<'_>, depth: usize) -> Result<Value, Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::invalid(format!(
            "a value is nested deeper than {MAX_DEPTH} levels"
        )));
    }
    Ok(match reader.u8()? {
        tag::NIL => Value::Nil,
        tag::FALSE => Value::Bool(false),
        tag::TRUE => Value::Bool(true),
        tag::I32 => Value::Int(i64::from(reader.i32()?)),
        tag::SAFE => Value::Int(reader.f64()? as i64),
        tag::I64 => Value::Int(reader.i64()?),
        tag::F64 => Value::Float(FloatValue::from(reader.f64()?)),
        tag::ASCII | tag::UTF8 => Value::String(reader.text()?.to_owned()),
        tag::BLOB => Value::Blob(reader.blob()?.to_vec()),
        tag::LIST => {
            let count = reader.u32()? as usize;
            let mut items = Vec::with_capacity(count.min(1 << 16));
            for _ in 0..count {
                items.push(read_nested(reader, depth + 1)?);
            }
            Value::List(items)
        }
        tag::OBJECT | tag::MAP => {
            let count = reader.u32()? as usize;
            let mut map = IndexMap::with_capacity(count.min(1 << 16));
            for _ in 0..count {
                let key = read_nested(reader, depth + 1)?;
                let value = read_nested(reader, depth + 1)?;
                if map.contains_key(&key) {
                    return Err(Failure::invalid(format!("a map has the key {key} twice")));
                }
                map.insert(key, value);
            }
            Value::OrderedMap(map)
        }
        tag::GEOJSON => Value::GeoJson(reader.text()?.to_owned()),
        tag::HLL => Value::Hll(reader.blob()?.to_vec()),
        tag::INFINITY => Value::Infinity,
        tag::WILDCARD => Value::Wildcard,
        tag::UNKNOWN => {
            let particle = reader.u8()?;
            Value::Unknown(particle, reader.blob()?.to_vec())
        }
        other => {
            return Err(Failure::client(format!(
                "a request has a value of the unknown kind {other}"
            )));
        }
    })
}

/// Writes an integer in the shortest form that JavaScript reads in one call.
pub fn write_int(out: &mut Vec<u8>, value: i64) {
    if let Ok(short) = i32::try_from(value) {
        out.put_u8(tag::I32);
        out.put_i32(short);
    } else if (-MAX_SAFE..=MAX_SAFE).contains(&value) {
        out.put_u8(tag::SAFE);
        out.put_f64(value as f64);
    } else {
        out.put_u8(tag::I64);
        out.put_i64(value);
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    out.put_u8(if text.is_ascii() { tag::ASCII } else { tag::UTF8 });
    out.put_text(text);
}

fn write_map<'v>(out: &mut Vec<u8>, count: usize, entries: impl Iterator<Item = (&'v Value, &'v Value)> + Clone) {
    let strings = entries.clone().all(|(key, _)| matches!(key, Value::String(_)));
    out.put_u8(if strings { tag::OBJECT } else { tag::MAP });
    out.put_u32(count as u32);
    for (key, value) in entries {
        write(out, key);
        write(out, value);
    }
}

fn write_list<'v>(out: &mut Vec<u8>, items: impl ExactSizeIterator<Item = &'v Value>) {
    out.put_u8(tag::LIST);
    out.put_u32(items.len() as u32);
    for item in items {
        write(out, item);
    }
}

/// Writes a value from the server.
pub fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Bool(flag) => out.put_u8(if *flag { tag::TRUE } else { tag::FALSE }),
        Value::Int(number) => write_int(out, *number),
        Value::Float(number) => {
            out.put_u8(tag::F64);
            out.put_f64(f64::from(number));
        }
        Value::String(text) => write_text(out, text),
        Value::Blob(bytes) => {
            out.put_u8(tag::BLOB);
            out.put_blob(bytes);
        }
        Value::List(items) | Value::MultiResult(items) => write_list(out, items.iter()),
        Value::HashMap(map) => write_map(out, map.len(), map.iter()),
        Value::OrderedMap(map) => write_map(out, map.len(), map.iter()),
        Value::SortedMap(map) => write_map(out, map.len(), map.iter()),
        Value::KeyValueList(pairs) => {
            out.put_u8(tag::PAIRS);
            out.put_u32(pairs.len() as u32);
            for (key, value) in pairs {
                write(out, key);
                write(out, value);
            }
        }
        Value::GeoJson(text) => {
            out.put_u8(tag::GEOJSON);
            out.put_text(text);
        }
        Value::Hll(bytes) => {
            out.put_u8(tag::HLL);
            out.put_blob(bytes);
        }
        Value::Unknown(particle, bytes) => {
            out.put_u8(tag::UNKNOWN);
            out.put_u8(*particle);
            out.put_blob(bytes);
        }
        // Infinity and wildcard occur only in arguments; a server never returns them.
        _ => out.put_u8(tag::NIL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(value: &Value) -> Value {
        let mut out = Vec::new();
        write(&mut out, value);
        read(&mut Reader::new(&out)).unwrap_or(Value::Nil)
    }

    #[test]
    fn values_come_back() {
        let mut map = IndexMap::new();
        map.insert(
            Value::String("k".into()),
            Value::List(vec![Value::Int(1), Value::Nil, Value::Bool(true)]),
        );
        map.insert(Value::Int(7), Value::Blob(vec![0, 255]));
        let values = [
            Value::Int(0),
            Value::Int(i64::from(i32::MIN)),
            Value::Int(MAX_SAFE),
            Value::Int(-MAX_SAFE - 1),
            Value::Int(i64::MAX),
            Value::Int(i64::MIN),
            Value::Float(FloatValue::from(-0.0)),
            Value::Float(FloatValue::from(f64::INFINITY)),
            Value::String(String::new()),
            Value::String("\u{feff}ü".into()),
            Value::OrderedMap(map),
            Value::GeoJson("{}".into()),
            Value::Hll(vec![1]),
            Value::Unknown(7, vec![1, 2]),
        ];
        for value in values {
            assert_eq!(round(&value), value);
        }
    }

    #[test]
    fn nesting_and_duplicate_keys_are_refused() {
        let mut deep = Vec::new();
        for _ in 0..=MAX_DEPTH {
            deep.put_u8(tag::LIST);
            deep.put_u32(1);
        }
        deep.put_u8(tag::NIL);
        assert!(read(&mut Reader::new(&deep)).is_err());

        let mut twice = vec![tag::MAP, 2, 0, 0, 0];
        for _ in 0..2 {
            write(&mut twice, &Value::Int(1));
            write(&mut twice, &Value::Nil);
        }
        assert!(read(&mut Reader::new(&twice)).is_err());
    }
}
