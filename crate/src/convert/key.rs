//! Keys, as `lib/values/key.ts` encodes them: namespace, set, then the user key or the digest.

use aerospike_core::{Key, Value};

use super::value::tag;
use crate::common::errors::Failure;
use crate::wire::Reader;

/// Tag of a key that consists of its digest.
const DIGEST: u8 = 0x20;

/// Reads a whole key.
///
/// # Errors
/// The body ends early, or the key has an unknown type.
pub fn read(reader: &mut Reader<'_>) -> Result<Key, Failure> {
    let namespace = reader.name()?;
    let set = reader.name()?;
    read_user_key(reader, namespace, set)
}

/// Reads the part of a key after namespace and set.
///
/// # Errors
/// The body ends early, or the key has an unknown type.
pub fn read_user_key(reader: &mut Reader<'_>, namespace: &str, set: &str) -> Result<Key, Failure> {
    let value = match reader.u8()? {
        tag::I32 => Value::Int(i64::from(reader.i32()?)),
        tag::SAFE => Value::Int(reader.f64()? as i64),
        tag::I64 => Value::Int(reader.i64()?),
        tag::ASCII | tag::UTF8 => Value::String(reader.text()?.to_owned()),
        tag::BLOB => Value::Blob(reader.blob()?.to_vec()),
        DIGEST => {
            let mut digest = [0; 20];
            digest.copy_from_slice(reader.bytes(20)?);
            return Ok(Key::with_digest(namespace, set, None, digest));
        }
        other => return Err(unknown(other)),
    };
    Ok(Key::new(namespace, set, value)?)
}

/// Skips what `read_user_key` reads.
///
/// # Errors
/// The body ends early, or the key has an unknown type.
pub fn skip_user_key(reader: &mut Reader<'_>) -> Result<(), Failure> {
    match reader.u8()? {
        tag::I32 => reader.bytes(4).map(|_| ()),
        tag::SAFE | tag::I64 => reader.bytes(8).map(|_| ()),
        tag::ASCII | tag::UTF8 => reader.text().map(|_| ()),
        tag::BLOB => reader.blob().map(|_| ()),
        DIGEST => reader.bytes(20).map(|_| ()),
        other => Err(unknown(other)),
    }
}

fn unknown(kind: u8) -> Failure {
    Failure::client(format!("a key is of the unknown kind {kind}"))
}

/// Splits bytes into `count` parts by their `count + 1` offsets. The first offset may be greater than 0.
///
/// # Errors
/// The body ends early. A part is an error if its offsets are invalid.
pub fn parts<'a>(
    reader: &mut Reader<'a>,
    count: usize,
) -> Result<impl Iterator<Item = Result<&'a [u8], Failure>> + use<'a>, Failure> {
    let offsets = reader.bytes((count + 1).saturating_mul(4))?;
    let data = reader.blob()?;
    let offset = move |index: usize| {
        let mut word = [0; 4];
        word.copy_from_slice(&offsets[index * 4..index * 4 + 4]);
        u32::from_le_bytes(word) as usize
    };
    let first = offset(0);
    Ok((0..count).map(move |index| {
        let (start, end) = (offset(index).wrapping_sub(first), offset(index + 1).wrapping_sub(first));
        data.get(start..end)
            .ok_or_else(|| Failure::invalid("offsets that decrease or reach beyond their data"))
    }))
}
