//! Entry points of the fuzz targets in `fuzz/`. The tests run them on the kept inputs.
//!
//! Each takes any bytes. It must not panic, and must not use memory out of proportion to its input.

use std::sync::Arc;
use std::time::Instant;

use aerospike_core::{IndexMap, Record, Value};

use crate::catalog::commands::*;
use crate::client::foreign;
use crate::commands::batch::row_spec;
use crate::common::errors::Failure;
use crate::convert::column::{Columns, Schema, SourceColumn};
use crate::convert::function_call::FunctionCall;
use crate::convert::keys::Keys;
use crate::convert::{bins, context, cursor, key, operation, record, statement, value};
use crate::nodes::claims::Claims;
use crate::policy::client::ClientConfig;
use crate::policy::{self, Defaults};
use crate::requests::subject::Subject;
use crate::requests::{BlockReader, Body, Channel, Request};
use crate::telemetry::tracing;
use crate::wire::{Reader, Writer, put_failure};

/// Maximum size of the columns of one input: a few bytes can describe a table that is too large to allocate.
const MAX_COLUMNS: usize = 16 << 20;

/// Selects blocks in [`request`]: a number that is not a command.
const BLOCK: u8 = u8::MAX;
/// Selects the configuration of spans in [`request`].
const TRACING: u8 = u8::MAX - 1;

/// Decodes what JavaScript submits. The first byte is the number of a command, whose body follows.
pub fn request(bytes: &[u8]) {
    let Some((kind, body)) = bytes.split_first() else {
        return;
    };
    let outcome = match *kind {
        BLOCK => block(body),
        TRACING => tracing::Config::read(&mut Reader::new(body)).map(|_| ()),
        command => command_body(command, body),
    };
    // A malformed request fails, and only this request.
    if let Err(failure) = outcome {
        put_failure(&mut Vec::new(), &failure);
    }
}

/// A block of requests, with the bodies of all commands.
fn block(bytes: &[u8]) -> Result<(), Failure> {
    let mut entries = BlockReader::new(bytes);
    while let Some(entry) = entries.next_entry()? {
        let (start, end) = entry.body;
        // A body that is malformed does not affect the others.
        let _ = command_body(entry.command, &bytes[start..end]);
    }
    Ok(())
}

fn command_body(command: u8, body: &[u8]) -> Result<(), Failure> {
    let defaults = Defaults::default();
    let request = Request::new(0, 1, is_write(command), 1000, Instant::now(), Body::default());
    let mut reader = Reader::new(body);
    match command {
        PUT => {
            key::read(&mut reader)?;
            bins::read(&mut reader)?;
            policy::write(&defaults, &mut reader, &request)?;
        }
        OPERATE | OPERATE_ORDERED => {
            key::read(&mut reader)?;
            operation::read_list(&mut reader)?;
            policy::write(&defaults, &mut reader, &request)?;
        }
        APPLY => {
            key::read(&mut reader)?;
            FunctionCall::read(&mut reader)?;
            policy::write(&defaults, &mut reader, &request)?;
        }
        QUERY | QUERY_AGGREGATE | QUERY_APPLY | QUERY_OPERATE => query(command, &mut reader, &request)?,
        BATCH_READ_COLUMNS => {
            let subject = Subject::read(command, &mut reader)?;
            let keys = Keys::read(subject, &mut reader)?;
            let schema = schema(&mut reader, keys.len())?;
            let columns = Columns::new(schema, keys.len(), None)?;
            policy::batch::read(&defaults, &mut reader, &request)?.read_row();
            keys.iter().try_for_each(|key| key.map(|_| ()))?;
            columns.finish(|| Failure::client("no answer"), &mut Vec::new())?;
        }
        BATCH_WRITE_COLUMNS => {
            let subject = Subject::read(command, &mut reader)?;
            let keys = Keys::read(subject, &mut reader)?;
            for _ in 0..reader.u16()? {
                let column = SourceColumn::read(&mut reader, keys.len())?;
                let mut value = Value::Nil;
                for row in 0..keys.len() {
                    // A value that the server cannot hold fails its row.
                    let _ = column.value(row, &mut value);
                }
            }
            policy::batch::read(&defaults, &mut reader, &request)?.write_row_of(&mut reader)?;
        }
        CREATE_INDEX => {
            Subject::read(command, &mut reader)?;
            context::read(reader.blob()?)?;
        }
        CONNECT | RECONNECT => {
            ClientConfig::read(&mut reader)?;
        }
        batch if is_batch(batch) => {
            let subject = Subject::read(command, &mut reader)?;
            let policies = policy::batch::read(&defaults, &mut reader, &request)?;
            row_spec::read(subject, &mut reader, &policies)?;
        }
        _ => {
            key::read(&mut reader)?;
            bins::read_selection(&mut reader)?;
            policy::read(&defaults, &mut reader)?;
        }
    }
    Ok(())
}

/// Whether `command` is executed as a write: its policies then have the fields of writes.
fn is_write(command: u8) -> bool {
    !matches!(command, QUERY | QUERY_AGGREGATE | BATCH_READ | BATCH_READ_COLUMNS)
}

fn query(command: u8, reader: &mut Reader<'_>, request: &Request) -> Result<(), Failure> {
    let defaults = Defaults::default();
    let subject = Subject::read(command, reader)?;
    let query = statement::read(subject, reader)?;
    let position = cursor::write(&query.partitions, query.fingerprint);
    if query.partitions.partitions.is_some() {
        assert!(
            cursor::read(&position, query.fingerprint).is_ok(),
            "a cursor is read again"
        );
    }
    if command == QUERY {
        policy::query(&defaults, reader)?;
        return Ok(());
    }
    if command != QUERY_OPERATE {
        FunctionCall::read(reader)?;
    }
    if command == QUERY_AGGREGATE {
        policy::query(&defaults, reader)?;
    } else {
        policy::write(&defaults, reader, request)?;
    }
    Ok(())
}

/// Reads a schema, unless its columns would be too large.
fn schema(reader: &mut Reader<'_>, rows: usize) -> Result<Arc<Schema>, Failure> {
    let schema = Schema::read(reader)?;
    let row = schema.fields.iter().map(|field| field.layout.width() + 8);
    if row.sum::<usize>().saturating_mul(rows) > MAX_COLUMNS {
        return Err(Failure::client("too large for a fuzzer"));
    }
    Ok(Arc::new(schema))
}

/// Decodes a value. What is decoded must be encoded so that it decodes to the same value.
///
/// # Panics
/// If it does not.
pub fn value(bytes: &[u8]) {
    let Ok(decoded) = value::read(&mut Reader::new(bytes)) else {
        return;
    };
    let mut first = Vec::new();
    value::write(&mut first, &decoded);
    if is_argument(&decoded) {
        return;
    }
    let again = value::read(&mut Reader::new(&first));
    assert!(again.is_ok(), "{decoded:?} is not read again");
    let mut second = Vec::new();
    value::write(&mut second, again.as_ref().unwrap_or(&Value::Nil));
    assert!(first == second, "{decoded:?} became {again:?}");
}

/// Whether a value contains one that occurs only in arguments and is never encoded.
fn is_argument(value: &Value) -> bool {
    match value {
        Value::Infinity | Value::Wildcard => true,
        Value::List(items) => items.iter().any(is_argument),
        Value::OrderedMap(map) => map.iter().any(|(key, value)| is_argument(key) || is_argument(value)),
        _ => false,
    }
}

/// Encodes replies: records as whole, as results of operations, and as rows of columns. The bytes hold the operations, the
/// columns and the records.
///
/// # Panics
/// If a reply is not well-formed.
pub fn reply(bytes: &[u8]) {
    let mut reader = Reader::new(bytes);
    // The input ends anywhere.
    let _ = replies(&mut reader);
}

fn replies(reader: &mut Reader<'_>) -> Result<(), Failure> {
    let channel = Channel::new(Box::new(|_| ()), |_, _| ());
    let steps = match reader.u8()? {
        0 => Vec::new(),
        _ => operation::read_list(reader)?.1,
    };
    let rows = usize::from(reader.u8()?);
    let schema = schema(reader, rows)?;
    let count = schema.fields.len();
    let mut indexed = Columns::new(Arc::clone(&schema), rows, None)?;
    let mut appended = Columns::appending(schema, rows, None)?;
    while let Ok(found) = record(reader) {
        let mut out = Vec::new();
        record::write(&mut out, &channel, &found);
        assert_eq!(count_values(&out), Some(found.bins.len()), "{found:?}");
        record::write_operated(&mut out, &channel, &found, &steps);
        record::write_ordered(&mut out, &found, &steps);
        if let Some(step) = steps.first() {
            record::write_last(&mut out, &found, &step.bin);
        }
        indexed.record(found.generation as usize, &found);
        appended.append(&found);
    }
    for (columns, keyed) in [(indexed, false), (appended, true)] {
        let mut body = Vec::new();
        let memory = columns.finish(|| Failure::client("no answer"), &mut body)?;
        check_layout(&body, memory.bytes().len(), count, keyed)?;
    }
    Ok(())
}

/// Reads a record: generation, expiration, its key if there is one, its bins, and its ordered results.
fn record(reader: &mut Reader<'_>) -> Result<Record, Failure> {
    let (generation, expiration) = (u32::from(reader.u8()?), reader.u32()?);
    let key = match reader.u8()? {
        0 => None,
        _ => Some(key::read(reader)?),
    };
    let bins: IndexMap<String, Value> = bins::read(reader)?
        .into_iter()
        .map(|bin| (bin.name, bin.value))
        .collect();
    let results = match reader.u8()? {
        0 => None,
        _ => Some(bins::read(reader)?.into_iter().map(|bin| bin.value).collect()),
    };
    if bins.values().chain(results.iter().flatten()).any(is_argument) {
        return Err(Failure::client("no server returns an argument"));
    }
    Ok(Record::new(key, bins, results, generation, expiration))
}

/// The number of values in an encoded record. `None` if it is not well-formed.
fn count_values(out: &[u8]) -> Option<usize> {
    const NO_SHAPE: u32 = u32::MAX;
    let mut reader = Reader::new(out);
    let (_, _, shape) = (reader.u32().ok()?, reader.u32().ok()?, reader.u32().ok()?);
    if shape == NO_SHAPE {
        for _ in 0..reader.u32().ok()? {
            reader.name().ok()?;
        }
    }
    let mut count = 0;
    while !reader.rest().is_empty() {
        value::read(&mut reader).ok()?;
        count += 1;
    }
    Some(count)
}

/// Checks that the parts of columns lie in their memory: JavaScript creates views of them.
fn check_layout(body: &[u8], memory: usize, columns: usize, keyed: bool) -> Result<(), Failure> {
    let mut reader = Reader::new(body);
    let rows = reader.u32()? as usize;
    let within = |start: usize, length: usize| {
        assert!(
            start.saturating_add(length) <= memory,
            "{start} + {length} is beyond {memory}"
        );
    };
    for size in [rows * 4, rows * 4, rows * 4, rows.div_ceil(8)] {
        within(reader.f64()? as usize, size);
    }
    for _ in 0..columns {
        let mut place = [0; 6];
        for number in &mut place {
            *number = reader.f64()? as usize;
        }
        let [cells, validity, offsets, entries, data, length] = place;
        within(cells, 0);
        within(validity, rows.div_ceil(8));
        within(offsets, if entries > 0 { (entries + 1) * 4 } else { 0 });
        within(data, length);
        assert!(reader.u32()? as usize <= rows);
    }
    if !keyed {
        let failures = reader.u32()? as usize;
        assert!(failures <= rows);
    }
    Ok(())
}

/// Parses what nodes and callers send as text or opaque bytes: the partitions of a node, the start of another protocol, and
/// the cursor of a query.
///
/// # Panics
/// If a cursor is not well-formed.
pub fn answer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for namespace in Claims::parse(&text).0 {
        assert!(namespace.places.iter().all(|bits| bits.len() == 512));
    }
    let _ = foreign::explanation(&text);
    let _ = cursor::read(bytes, 0);
    // The checksum would stop a fuzzer.
    let mut signed = bytes.to_vec();
    signed.put_u64(cursor::fingerprint(&[bytes]));
    if let Ok(filter) = cursor::read(&signed, 0) {
        assert!(cursor::read(&cursor::write(&filter, 0), 0).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn replay(target: &str, run: fn(&[u8])) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fuzz/corpus/{target}.txt"));
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert!(!text.is_empty(), "{} is missing or empty", file.display());
        for line in text.lines() {
            let input = STANDARD.decode(line);
            assert!(input.is_ok(), "{line}");
            run(&input.unwrap_or_default());
        }
    }

    #[test]
    fn requests_of_the_fuzzer_are_decoded_or_refused() {
        replay("addon_request", super::request);
    }

    #[test]
    fn values_of_the_fuzzer_are_decoded_or_refused() {
        replay("addon_value", super::value);
    }

    #[test]
    fn records_of_the_fuzzer_are_encoded() {
        replay("addon_reply", super::reply);
    }

    #[test]
    fn answers_of_the_fuzzer_are_parsed_or_refused() {
        replay("addon_answer", super::answer);
    }
}
