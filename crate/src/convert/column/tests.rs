use aerospike_core::{FloatValue, IndexMap, Key};

use super::scalar::Scalar;
use super::*;
use crate::wire::Writer;

/// Columns with the schema `(name, kind, element, width)`.
fn columns(schema: &[(&str, u8, u8, u32)], rows: usize, wrap: bool) -> Columns {
    let mut body = vec![u8::from(wrap)];
    body.put_u16(schema.len() as u16);
    for (name, kind, element, width) in schema {
        body.put_u8(name.len() as u8);
        body.extend_from_slice(name.as_bytes());
        body.put_u8(*kind);
        body.put_u8(*element);
        body.put_u32(*width);
        body.put_u8(0);
    }
    let Ok(columns) = Columns::read(&mut Reader::new(&body), rows, None) else {
        unreachable!()
    };
    columns
}

fn record(bins: &[(&str, Value)]) -> Record {
    let bins: IndexMap<String, Value> = bins
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    Record::new(None, bins, None, 3, 0)
}

/// Reads the rest of a column's place, after its cells and validity: offsets, data and length.
fn place(reader: &mut Reader<'_>) -> (usize, usize, usize) {
    let mut number = || reader.f64().map_or(0, |number| number as usize);
    let (offsets, _entries, data, length) = (number(), number(), number(), number());
    (offsets, data, length)
}

fn ints(bytes: &[u8]) -> Vec<i32> {
    bytes
        .chunks_exact(4)
        .map(|chunk| i32::from_ne_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]))
        .collect()
}

fn code_of(columns: &Columns, row: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&columns.memory.bytes()[row * 4..row * 4 + 4]);
    i32::from_ne_bytes(bytes)
}

#[test]
fn integers_are_checked_against_their_column_unless_wrapped() {
    let mut strict = columns(&[("a", 0, 1, 0)], 2, false);
    strict.record(0, &record(&[("a", Value::Int(-128))]));
    strict.record(1, &record(&[("a", Value::Int(128))]));
    assert_eq!((code_of(&strict, 0), code_of(&strict, 1)), (0, code::BIN_TYPE));
    let data = strict.parts.columns[0].0;
    assert_eq!(strict.memory.bytes()[data..data + 2], [0x80, 0]);
    assert_eq!(strict.memory.bytes()[strict.parts.columns[0].1], 1);

    let mut wrapped = columns(&[("a", 0, 1, 0)], 1, true);
    wrapped.record(0, &record(&[("a", Value::Int(128))]));
    assert_eq!(code_of(&wrapped, 0), 0);
}

#[test]
fn a_row_that_does_not_fit_is_cleared_whole() {
    let mut columns = columns(&[("n", 0, 11, 0), ("s", 3, 0, 0), ("bad", 0, 4, 0)], 1, false);
    columns.record(
        0,
        &record(&[
            ("n", Value::Float(FloatValue::from(1.5))),
            ("s", Value::String("text".into())),
            ("bad", Value::String("no".into())),
        ]),
    );
    assert_eq!(code_of(&columns, 0), code::BIN_TYPE);
    assert!(
        columns
            .parts
            .columns
            .iter()
            .all(|(_, validity)| columns.memory.bytes()[*validity] == 0)
    );
    let mut body = Vec::new();
    let Ok(memory) = columns.finish(|| Failure::client("none"), &mut body) else {
        unreachable!()
    };
    assert!(memory.bytes()[64..].iter().all(|byte| *byte == 0));
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(text.contains("bin bad holds a string of 2 bytes"), "{text}");
}

#[test]
fn varying_columns_lie_in_row_order_whatever_arrived_first() {
    let mut columns = columns(&[("s", 3, 0, 0)], 3, false);
    columns.record(2, &record(&[("s", Value::String("two".into()))]));
    columns.record(0, &record(&[("s", Value::String("nil".into()))]));
    let mut body = Vec::new();
    let Ok(memory) = columns.finish(|| Failure::client("no answer"), &mut body) else {
        unreachable!()
    };
    let mut reader = Reader::new(&body);
    let _ = reader.bytes(4 + 4 * 8 + 2 * 8);
    let (offsets, data, length) = place(&mut reader);
    assert_eq!(&memory.bytes()[data..data + length], b"niltwo");
    let ends: Vec<u32> = memory.bytes()[offsets..offsets + 16]
        .chunks_exact(4)
        .map(|chunk| u32::from_ne_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]))
        .collect();
    assert_eq!(ends, [0, 3, 3, 6]);
    assert_eq!(memory.bytes().as_ptr() as usize % 64, 0);
}

#[test]
fn sub_arrays_take_a_blob_of_the_right_length_or_a_list() {
    let mut columns = columns(&[("v", 2, 10, 2)], 3, false);
    let blob: Vec<u8> = [1f32, 2.0].iter().flat_map(|number| number.to_ne_bytes()).collect();
    columns.record(0, &record(&[("v", Value::Blob(blob.clone()))]));
    columns.record(
        1,
        &record(&[(
            "v",
            Value::List(vec![Value::Int(1), Value::Float(FloatValue::from(2.0))]),
        )]),
    );
    columns.record(2, &record(&[("v", Value::Blob(vec![1, 2, 3]))]));
    let data = columns.parts.columns[0].0;
    assert_eq!(columns.memory.bytes()[data..data + 8], blob);
    assert_eq!(columns.memory.bytes()[data + 8..data + 16], blob);
    assert_eq!(code_of(&columns, 2), code::BIN_TYPE);
}

#[test]
fn a_row_is_answered_once() {
    let mut columns = columns(&[("a", 0, 4, 0)], 1, false);
    columns.fail(0, Failure::new(Kind::Server, 2, "no"));
    columns.record(0, &record(&[("a", Value::Int(1))]));
    columns.fail(7, Failure::client("no such row"));
    assert_eq!(code_of(&columns, 0), 2);
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

#[test]
fn a_dictionary_is_numbered_in_row_order_whatever_arrived_first() {
    let mut columns = columns(&[("d", 5, 0, 0)], 5, false);
    columns.record(4, &record(&[("d", text("b"))]));
    columns.record(2, &record(&[("d", text("never"))]));
    columns.clear(2);
    columns.record(0, &record(&[("d", text("a"))]));
    columns.record(1, &record(&[("d", text("b"))]));
    columns.record(3, &record(&[("other", Value::Int(1))]));
    let cells = columns.parts.columns[0].0;
    let mut body = Vec::new();
    let Ok(memory) = columns.finish(|| Failure::client("none"), &mut body) else {
        unreachable!()
    };
    assert_eq!(ints(&memory.bytes()[cells..cells + 20]), [0, 1, -1, -1, 1]);
    let mut reader = Reader::new(&body);
    let _ = reader.bytes(4 + 4 * 8 + 2 * 8);
    let (offsets, data, length) = place(&mut reader);
    assert_eq!(&memory.bytes()[data..data + length], b"ab");
    assert_eq!(ints(&memory.bytes()[offsets..offsets + 12]), [0, 1, 2]);
}

#[test]
fn what_is_missing_is_filled() {
    let field = |name: &str, layout, fill: &[u8]| Field {
        name: name.to_owned(),
        layout,
        fill: Some(fill.to_vec()),
    };
    let schema = Schema {
        fields: vec![
            field("n", Layout::Scalar(Scalar::I16), &(-7_i16).to_ne_bytes()),
            field("v", Layout::Array(Scalar::U8, 3), &[9]),
            field("s", Layout::Utf8, b"none"),
            field("d", Layout::Dictionary, b"none"),
        ],
        wrap: false,
    };
    let Ok(mut columns) = Columns::new(Arc::new(schema), 2, None) else {
        unreachable!()
    };
    columns.fail(0, Failure::client("no"));
    let full = [
        ("n", Value::Int(1)),
        ("v", Value::Blob(vec![1, 2, 3])),
        ("s", text("a")),
        ("d", text("b")),
    ];
    columns.record(1, &record(&full));
    let cells: Vec<usize> = columns.parts.columns.iter().map(|column| column.0).collect();
    let mut body = Vec::new();
    let Ok(memory) = columns.finish(|| Failure::client("none"), &mut body) else {
        unreachable!()
    };
    let bytes = memory.bytes();
    assert_eq!(bytes[cells[0]..cells[0] + 2], (-7_i16).to_ne_bytes());
    assert_eq!(bytes[cells[1]..cells[1] + 6], [9, 9, 9, 1, 2, 3]);
    assert_eq!(ints(&bytes[cells[3]..cells[3] + 8]), [0, 1]);
    let found = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    assert!(found(b"nonea") && found(b"noneb"));
}

fn with_key(user_key: Option<Value>, digest: u8, bins: &[(&str, Value)]) -> Record {
    let mut made = record(bins);
    made.key = Some(Key::with_digest("test", "set", user_key, [digest; 20]));
    made
}

#[test]
fn rows_are_appended_with_their_keys_until_there_is_no_room() {
    let mut body = vec![0];
    body.put_u16(1);
    body.put_u8(1);
    body.extend_from_slice(b"s\x03\0\0\0\0\0\0");
    let Ok(schema) = Schema::read(&mut Reader::new(&body)) else {
        unreachable!()
    };
    let schema = Arc::new(schema);
    let Ok(mut columns) = Columns::appending(Arc::clone(&schema), 2, None) else {
        unreachable!()
    };
    assert!(columns.append(&with_key(Some(text("k")), 1, &[("s", text("x"))])));
    assert!(columns.append(&with_key(None, 2, &[("s", text("yz"))])));
    assert_eq!(columns.varying_bytes(), 4);
    assert!(!columns.append(&with_key(None, 3, &[])));
    let mut out = Vec::new();
    let Ok(memory) = columns.finish(|| Failure::client("none"), &mut out) else {
        unreachable!()
    };
    let found = |word: &[u8]| memory.bytes().windows(word.len()).any(|window| window == word);
    assert!(found(b"xyz") && found(&[1; 20]) && found(&[2; 20]) && found(&[3, 0]));

    // The last, smaller chunk does not keep the memory of a full one.
    let Ok(mut last) = Columns::appending(schema, 10_000, Some(memory)) else {
        unreachable!()
    };
    assert!(last.append(&with_key(Some(Value::Int(5)), 4, &[("s", Value::Int(1))])));
    assert_eq!((last.rows, code_of(&last, 0)), (1, code::BIN_TYPE));
    let mut out = Vec::new();
    let Ok(memory) = last.finish(|| Failure::client("none"), &mut out) else {
        unreachable!()
    };
    assert!(memory.bytes().len() < 1024);
    let mut reader = Reader::new(&out);
    assert_eq!(reader.u32().ok(), Some(1));
    assert!(memory.bytes().windows(20).any(|window| window == [4; 20]));
}

#[test]
fn cells_give_the_values_that_they_hold() {
    assert_eq!(Scalar::I16.value(&(-5_i16).to_ne_bytes()), Some(Value::Int(-5)));
    assert_eq!(Scalar::U64.value(&u64::MAX.to_ne_bytes()), None);
    assert_eq!(Scalar::F32.value(&1.5_f32.to_ne_bytes()), Some(Value::from(1.5)));
    assert_eq!(Scalar::Bool.value(&[1]), Some(Value::Bool(true)));
}
