//! Work of the codecs and the boundary for `make count-instructions`, which runs each test under valgrind and counts the
//! instructions of the function `counted_*`. As tests, they check the results.

use aerospike_core::{Bin, FloatValue, IndexMap, Record, Value};

use crate::catalog::formats::{ElementType, column_layout, key_source};
use crate::common::errors::Failure;
use crate::convert::column::Columns;
use crate::convert::keys::Keys;
use crate::convert::{bins, record, value};
use crate::requests::Channel;
use crate::requests::subject::Subject;
use crate::wire::{Reader, Writer};

const TIMES: usize = 1000;

/// A record of a string, an integer and a double.
fn user(index: usize) -> [(&'static str, Value); 3] {
    [
        ("name", Value::String(format!("user {index} of the benchmark"))),
        ("visits", Value::Int(index as i64)),
        ("score", Value::Float(FloatValue::from(index as f64 + 0.5))),
    ]
}

/// A list of ten maps.
fn nested() -> Value {
    let order = |number: i64| {
        let entries = [
            ("id", Value::Int(number)),
            ("city", Value::String("Turin".into())),
            ("items", Value::List(vec![Value::Int(1), Value::Int(2)])),
        ];
        let map: IndexMap<Value, Value> = entries
            .into_iter()
            .map(|(name, value)| (Value::String(name.into()), value))
            .collect();
        Value::OrderedMap(map)
    };
    Value::List((0..10).map(order).collect())
}

fn stored(bins: impl IntoIterator<Item = (&'static str, Value)>) -> Record {
    let bins: IndexMap<String, Value> = bins.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Record::new(None, bins, None, 1, 0)
}

fn put_name(out: &mut Vec<u8>, name: &str) {
    out.put_u8(name.len() as u8);
    out.extend_from_slice(name.as_bytes());
}

#[inline(never)]
fn counted_read_bins(encoded: &[u8]) -> Vec<Bin> {
    bins::read(&mut Reader::new(encoded)).unwrap_or_default()
}

#[test]
fn read_bins() {
    let mut encoded = Vec::new();
    encoded.put_u16(3);
    for (name, bin) in user(7) {
        put_name(&mut encoded, name);
        value::write(&mut encoded, &bin);
    }
    for _ in 0..TIMES {
        assert_eq!(counted_read_bins(&encoded).len(), 3);
    }
}

#[inline(never)]
fn counted_write_records(out: &mut Vec<u8>, channel: &Channel, records: &[Record]) {
    for stored in records {
        record::write(out, channel, stored);
    }
}

#[test]
fn write_records() {
    let channel = Channel::new(Box::new(|_| ()), |_, _| ());
    let records: Vec<_> = (0..TIMES).map(|index| stored(user(index))).collect();
    let mut out = Vec::new();
    counted_write_records(&mut out, &channel, &records);
    assert!(out.len() > 40 * TIMES);
}

#[inline(never)]
fn counted_nested_values(out: &mut Vec<u8>, written: &Value) -> Option<Value> {
    out.clear();
    value::write(out, written);
    value::read(&mut Reader::new(out)).ok()
}

#[test]
fn nested_values() {
    let written = nested();
    let mut out = Vec::new();
    for _ in 0..TIMES / 10 {
        assert_eq!(counted_nested_values(&mut out, &written).as_ref(), Some(&written));
    }
}

#[inline(never)]
fn counted_read_keys(encoded: &[u8]) -> usize {
    let subject = Subject {
        namespace: "test",
        set: "users",
        rows: Some(TIMES as u32),
    };
    Keys::read(subject, &mut Reader::new(encoded)).map_or(0, |keys| keys.iter().filter(Result::is_ok).count())
}

#[test]
fn read_keys() {
    let mut encoded = vec![key_source::UTF8];
    let mut texts = Vec::new();
    for index in 0..TIMES {
        encoded.put_u32(texts.len() as u32);
        texts.extend_from_slice(format!("user-{index}").as_bytes());
    }
    encoded.put_u32(texts.len() as u32);
    encoded.put_blob(&texts);
    assert_eq!(counted_read_keys(&encoded), TIMES);
}

#[inline(never)]
fn counted_fill_columns(columns: &mut Columns, records: &[Record]) {
    for (row, record) in records.iter().enumerate() {
        columns.record(row, record);
    }
}

#[test]
fn fill_columns() {
    const ELEMENTS: [ElementType; 2] = [ElementType::I32, ElementType::F64];
    let names = ["a", "b", "c", "d", "e"];
    let mut schema = vec![0];
    schema.put_u16(names.len() as u16);
    for (index, name) in names.iter().enumerate() {
        put_name(&mut schema, name);
        schema.put_u8(column_layout::SCALAR);
        schema.put_u8(ELEMENTS[index / 3] as u8);
        schema.put_u32(0);
        schema.put_u8(0);
    }
    let Ok(mut columns) = Columns::read(&mut Reader::new(&schema), TIMES, None) else {
        unreachable!()
    };
    let cell = |index: usize, row: usize| match index / 3 {
        0 => Value::Int((row * index) as i64),
        _ => Value::Float(FloatValue::from(row as f64 + 0.5)),
    };
    let records: Vec<_> = (0..TIMES)
        .map(|row| {
            stored(
                names
                    .into_iter()
                    .enumerate()
                    .map(|(index, name)| (name, cell(index, row))),
            )
        })
        .collect();
    counted_fill_columns(&mut columns, &records);
    let mut body = Vec::new();
    assert!(columns.finish(|| Failure::client("missing"), &mut body).is_ok());
    // The last number is that of the rows that failed.
    assert!(body.ends_with(&[0; 4]));
}
