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

/// How a column of keys is written, beside 0 for a list of keys. The numbers are those of `lib/columns/keys.ts`.
mod source {
    pub const LIST: u8 = 0;
    pub const TAGGED: u8 = 1;
    pub const I32: u8 = 2;
    pub const U32: u8 = 3;
    pub const I64: u8 = 4;
    pub const UTF8: u8 = 5;
    pub const BINARY: u8 = 6;
}

/// Reads keys that were given as a list or as a column of user keys of one namespace and set.
///
/// # Errors
/// A body that ends early, text that is not UTF-8.
pub fn read_source(reader: &mut Reader<'_>) -> Result<Vec<Key>, Failure> {
    let source = reader.u8()?;
    if source == source::LIST {
        return read_list(reader);
    }
    let (namespace, set) = (reader.name()?, reader.name()?);
    let count = reader.u32()? as usize;
    let key = |value: Value| Ok(Key::new(namespace, set, value)?);
    match source {
        source::TAGGED => (0..count).map(|_| read_user_key(reader, namespace, set)).collect(),
        source::I32 => words(reader, count)?
            .map(|id| key(Value::Int(i64::from(i32::from_le_bytes(id)))))
            .collect(),
        source::U32 => words(reader, count)?
            .map(|id| key(Value::Int(i64::from(u32::from_le_bytes(id)))))
            .collect(),
        source::I64 => words(reader, count)?
            .map(|id| key(Value::Int(i64::from_le_bytes(id))))
            .collect(),
        source::UTF8 | source::BINARY if count == 0 => Ok(Vec::new()),
        source::UTF8 => parts(reader, count)?
            .map(|part| {
                let text =
                    std::str::from_utf8(part?).map_err(|_| Failure::invalid("keys: a user key is not valid UTF-8"))?;
                key(Value::String(text.to_owned()))
            })
            .collect(),
        source::BINARY => parts(reader, count)?
            .map(|part| key(Value::Blob(part?.to_vec())))
            .collect(),
        other => Err(Failure::client(format!("keys are given in the unknown way {other}"))),
    }
}

/// Integers of `N` bytes, one behind the other.
fn words<'a, const N: usize>(
    reader: &mut Reader<'a>,
    count: usize,
) -> Result<impl Iterator<Item = [u8; N]> + use<'a, N>, Failure> {
    let bytes = reader.bytes(count.saturating_mul(N))?;
    Ok(bytes.chunks_exact(N).map(|chunk| {
        let mut word = [0; N];
        word.copy_from_slice(chunk);
        word
    }))
}

/// The `count` parts of a run of bytes behind their `count + 1` offsets, the first of which may be more than 0.
///
/// # Errors
/// A body that ends early.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::wire::Writer;

    fn column(source: u8, count: u32, rest: &[u8]) -> Vec<u8> {
        let mut body = vec![source, 4];
        body.extend_from_slice(b"test\x03set");
        body.put_u32(count);
        body.extend_from_slice(rest);
        body
    }

    fn values(body: &[u8]) -> Option<Vec<Value>> {
        let keys = read_source(&mut Reader::new(body)).ok()?;
        Some(keys.iter().filter_map(|key| key.user_key().cloned()).collect())
    }

    #[test]
    fn columns_of_integers_are_keys() {
        let ids: Vec<u8> = [-1_i32, 7].iter().flat_map(|id| id.to_le_bytes()).collect();
        assert_eq!(
            values(&column(source::I32, 2, &ids)),
            Some(vec![Value::Int(-1), Value::Int(7)])
        );
        assert_eq!(
            values(&column(source::U32, 1, &u32::MAX.to_le_bytes())),
            Some(vec![Value::Int(4_294_967_295)])
        );
        assert_eq!(
            values(&column(source::I64, 1, &i64::MIN.to_le_bytes())),
            Some(vec![Value::Int(i64::MIN)])
        );
        assert_eq!(values(&column(source::I32, 3, &ids)), None);
        assert_eq!(values(&column(99, 0, &[])), None);
    }

    #[test]
    fn columns_of_texts_are_keys_whatever_their_first_offset() {
        let mut rest = Vec::new();
        for offset in [5, 6, 8] {
            rest.put_u32(offset);
        }
        rest.put_blob(b"abc");
        let text = |text: &str| Value::String(text.into());
        assert_eq!(
            values(&column(source::UTF8, 2, &rest)),
            Some(vec![text("a"), text("bc")])
        );
        assert_eq!(
            values(&column(source::BINARY, 2, &rest)),
            Some(vec![Value::Blob(b"a".to_vec()), Value::Blob(b"bc".to_vec())])
        );
        rest[8] = 9;
        assert_eq!(values(&column(source::UTF8, 2, &rest)), None);
        rest[4] = 1;
        assert_eq!(values(&column(source::UTF8, 2, &rest)), None);
        assert_eq!(values(&column(source::UTF8, 0, &[])), Some(vec![]));
    }
}
