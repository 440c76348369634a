//! Values as text, for those who print them.

use crate::udf::value::Value;

/// How deep a text goes; a list that holds itself has an end.
const MAX_DEPTH: u32 = 16;

/// A value as text.
pub(super) fn of(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out, 0);
    out
}

fn write(value: &Value, out: &mut Vec<u8>, depth: u32) {
    if depth > MAX_DEPTH {
        out.extend_from_slice(b"...");
        return;
    }
    match value {
        Value::Nil => out.extend_from_slice(b"NIL"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Float(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::String(text) | Value::GeoJson(text) => {
            out.push(b'"');
            out.extend_from_slice(text);
            out.push(b'"');
        }
        Value::Bytes(blob) => {
            let blob = blob.lock();
            let hex: Vec<_> = blob.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            out.extend_from_slice(hex.join(" ").as_bytes());
        }
        Value::List(list) => {
            let items = list.lock().clone();
            out.extend_from_slice(b"List(");
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(item, out, depth + 1);
            }
            out.push(b')');
        }
        Value::Map(map) => {
            let pairs = map.lock().clone();
            out.extend_from_slice(b"Map(");
            for (i, (key, value)) in pairs.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(&key.value(), out, depth + 1);
                out.extend_from_slice(b"->");
                write(value, out, depth + 1);
            }
            out.push(b')');
        }
    }
}
