//! Keys, as `lib/key.ts` writes them: namespace, set, then the user key or the digest.

use aerospike_core::{Key, Value};

use super::value::tag;
use crate::boundary::wire::Reader;
use crate::errors::Failure;

/// Tag of a key that is given by its digest.
const DIGEST: u8 = 0x20;

/// Reads a whole key.
///
/// # Errors
/// A body that ends early.
pub fn read(reader: &mut Reader<'_>) -> Result<Key, Failure> {
    let namespace = reader.name()?;
    let set = reader.name()?;
    read_user_key(reader, namespace, set)
}

/// Reads what follows namespace and set.
///
/// # Errors
/// A body that ends early.
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
        other => return Err(Failure::client(format!("a key is of the unknown kind {other}"))),
    };
    Ok(Key::new(namespace, set, value)?)
}

/// Reads a list of keys: a count, then each key behind a byte that says whether namespace and set are those of the key
/// before it (1) or follow (0).
///
/// # Errors
/// A body that ends early.
pub fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Key>, Failure> {
    let count = reader.u32()? as usize;
    let mut keys = Vec::with_capacity(count.min(1 << 20));
    let (mut namespace, mut set) = ("", "");
    for _ in 0..count {
        if reader.u8()? == 0 {
            namespace = reader.name()?;
            set = reader.name()?;
        }
        keys.push(read_user_key(reader, namespace, set)?);
    }
    Ok(keys)
}
