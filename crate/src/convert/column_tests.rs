use aerospike_core::{FloatValue, IndexMap};

use super::*;

/// (name, kind, element, width)
fn columns(schema: &[(&str, u8, u8, u32)], rows: usize, wrap: bool) -> Columns {
    let mut body = vec![u8::from(wrap)];
    body.put_u16(schema.len() as u16);
    for (name, kind, element, width) in schema {
        body.put_u8(name.len() as u8);
        body.extend_from_slice(name.as_bytes());
        body.put_u8(*kind);
        body.put_u8(*element);
        body.put_u32(*width);
    }
    let Ok(columns) = Columns::read(&mut Reader::new(&body), rows) else {
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
    let data = strict.columns[0].data;
    assert_eq!(strict.memory.bytes()[data..data + 2], [0x80, 0]);
    assert_eq!(strict.memory.bytes()[strict.columns[0].validity], 1);

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
            .columns
            .iter()
            .all(|column| columns.memory.bytes()[column.validity] == 0)
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
    let _ = (reader.u32(), reader.f64(), reader.f64(), reader.f64());
    let (Ok(data), Ok(length), Ok(offsets)) = (reader.f64(), reader.f64(), reader.f64()) else {
        unreachable!()
    };
    let (data, length, offsets) = (data as usize, length as usize, offsets as usize);
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
    let data = columns.columns[0].data;
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
