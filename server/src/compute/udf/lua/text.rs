//! Text representation of values, for `tostring`.

use crate::compute::udf::value::Value;

/// Maximum nesting depth in a text, so that a list that contains itself terminates.
const MAX_DEPTH: u32 = 16;

/// Approximate maximum length of a text in bytes, so that lists that contain another list many times stay small.
const MAX_SIZE: usize = 1024 * 1024;

/// The text representation of a value.
pub(super) fn of(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out, 0);
    out
}

fn write(value: &Value, out: &mut Vec<u8>, depth: u32) {
    if depth > MAX_DEPTH || out.len() > MAX_SIZE {
        out.extend_from_slice(b"...");
        return;
    }
    match value {
        Value::Nil => out.extend_from_slice(b"NIL"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Float(value) => out.extend_from_slice(number(*value).as_bytes()),
        Value::String(text) | Value::GeoJson(text) => {
            out.push(b'"');
            out.extend_from_slice(text);
            out.push(b'"');
        }
        Value::Bytes(blob) => {
            let blob = blob.lock();
            if blob.bytes.is_empty() {
                out.extend_from_slice(b"<NULL>");
            }
            let hex: Vec<_> = blob.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            out.extend_from_slice(hex.join(" ").as_bytes());
        }
        Value::List(list) => {
            let items = list.lock().clone();
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(item, out, depth + 1);
            }
            out.push(b']');
        }
        Value::Map(map) => {
            let pairs = map.lock().clone();
            out.push(b'{');
            for (i, (key, value)) in pairs.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(&key.value(), out, depth + 1);
                out.push(b':');
                write(value, out, depth + 1);
            }
            out.push(b'}');
        }
    }
}

/// A number with six significant digits, like C's `%g`.
fn number(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return value.to_string();
    }
    let exact = format!("{value:.5e}");
    let (digits, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let trim = |digits: &str| {
        if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            digits.to_owned()
        }
    };
    if (-4..6).contains(&exponent) {
        let places = usize::try_from(5 - exponent).unwrap_or_default();
        return trim(&format!("{value:.places$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(digits), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_numbers_like_c() {
        for (value, text) in [
            (1.5, "1.5"),
            (2.0, "2"),
            (1e100, "1e+100"),
            (0.1, "0.1"),
            (-1e-7, "-1e-07"),
            (123_456_789.0, "1.23457e+08"),
            (0.000_12, "0.00012"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
