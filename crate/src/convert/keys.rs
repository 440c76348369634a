//! The keys of many rows, as `lib/columns/keys.ts` encodes them behind the subject of the request: a list of keys, or a
//! column of user keys with one namespace and set. Keys are created on use, because a key with its digest takes many
//! times the bytes of its encoded form.

use aerospike_core::{Key, Value};

use super::key;
use crate::catalog::formats::key_source as source;
use crate::common::errors::Failure;
use crate::requests::subject::Subject;
use crate::wire::Reader;

#[derive(Clone)]
enum Source<'a> {
    /// Keys, each preceded by a byte: 1 if the namespace and set are those of the previous key, 0 if they follow.
    List(Reader<'a>),
    /// User keys, each preceded by its tag.
    Tagged(Reader<'a>),
    I32(&'a [u8]),
    U32(&'a [u8]),
    I64(&'a [u8]),
    Utf8(Vec<&'a [u8]>),
    Binary(Vec<&'a [u8]>),
}

/// The keys of many rows.
#[derive(Clone)]
pub struct Keys<'a> {
    namespace: &'a str,
    set: &'a str,
    count: usize,
    source: Source<'a>,
}

impl<'a> Keys<'a> {
    /// Reads the encoded keys.
    ///
    /// # Errors
    /// The body ends early, or a text is not UTF-8.
    pub fn read(subject: Subject<'a>, reader: &mut Reader<'a>) -> Result<Self, Failure> {
        let count = subject.row_count();
        let source = match reader.u8()? {
            source::LIST => {
                let start = reader.clone();
                for _ in 0..count {
                    if reader.u8()? == 0 {
                        reader.name()?;
                        reader.name()?;
                    }
                    key::skip_user_key(reader)?;
                }
                Source::List(start)
            }
            source::TAGGED => {
                let start = reader.clone();
                (0..count).try_for_each(|_| key::skip_user_key(reader))?;
                Source::Tagged(start)
            }
            source::I32 => Source::I32(reader.bytes(count.saturating_mul(4))?),
            source::U32 => Source::U32(reader.bytes(count.saturating_mul(4))?),
            source::I64 => Source::I64(reader.bytes(count.saturating_mul(8))?),
            source::UTF8 | source::BINARY if count == 0 => Source::Binary(Vec::new()),
            source::UTF8 => {
                let texts: Vec<_> = key::parts(reader, count)?.collect::<Result<_, _>>()?;
                if texts.iter().any(|text| std::str::from_utf8(text).is_err()) {
                    return Err(Failure::invalid("keys: a user key is not valid UTF-8"));
                }
                Source::Utf8(texts)
            }
            source::BINARY => Source::Binary(key::parts(reader, count)?.collect::<Result<_, _>>()?),
            other => return Err(Failure::client(format!("keys are given in the unknown way {other}"))),
        };
        Ok(Keys {
            namespace: subject.namespace,
            set: subject.set,
            count,
            source,
        })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// Creates the keys one by one.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            namespace: self.namespace,
            set: self.set,
            left: self.count,
            at: 0,
            source: match &self.source {
                Source::List(reader) => At::List(reader.clone()),
                Source::Tagged(reader) => At::Tagged(reader.clone()),
                other => At::Column(other),
            },
        }
    }
}

enum At<'k> {
    List(Reader<'k>),
    Tagged(Reader<'k>),
    Column(&'k Source<'k>),
}

/// Iterator over the keys.
pub struct Iter<'k> {
    namespace: &'k str,
    set: &'k str,
    left: usize,
    at: usize,
    source: At<'k>,
}

impl Iter<'_> {
    fn make(&mut self) -> Result<Key, Failure> {
        let at = self.at;
        let value = match &mut self.source {
            At::List(reader) => {
                if reader.u8()? == 0 {
                    self.namespace = reader.name()?;
                    self.set = reader.name()?;
                }
                return key::read_user_key(reader, self.namespace, self.set);
            }
            At::Tagged(reader) => return key::read_user_key(reader, self.namespace, self.set),
            At::Column(Source::I32(ids)) => Value::Int(i64::from(i32::from_le_bytes(word(ids, at)))),
            At::Column(Source::U32(ids)) => Value::Int(i64::from(u32::from_le_bytes(word(ids, at)))),
            At::Column(Source::I64(ids)) => Value::Int(i64::from_le_bytes(word(ids, at))),
            At::Column(Source::Utf8(texts)) => Value::String(String::from_utf8_lossy(texts[at]).into_owned()),
            At::Column(Source::Binary(blobs)) => Value::Blob(blobs[at].to_vec()),
            At::Column(_) => return Err(Failure::client("a list of keys is no column")),
        };
        Ok(Key::new(self.namespace, self.set, value)?)
    }
}

impl Iterator for Iter<'_> {
    type Item = Result<Key, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let made = self.make();
        self.at += 1;
        Some(made)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

fn word<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut word = [0; N];
    word.copy_from_slice(&bytes[at * N..(at + 1) * N]);
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Writer;

    fn column(source: u8, count: u32, rest: &[u8]) -> (u32, Vec<u8>) {
        (count, [&[source], rest].concat())
    }

    fn of(rows: u32) -> Subject<'static> {
        Subject {
            namespace: "a",
            set: "b",
            rows: Some(rows),
        }
    }

    fn values((count, body): &(u32, Vec<u8>)) -> Option<Vec<Value>> {
        let keys = Keys::read(of(*count), &mut Reader::new(body)).ok()?;
        let values = keys.iter().map(|key| key.ok()?.user_key().cloned());
        values.collect()
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

    #[test]
    fn lists_of_keys_name_their_namespace_where_it_changes() {
        let mut body = vec![source::LIST];
        for (same, names, id) in [(1, "", 1), (1, "", 2), (0, "\u{1}c\u{0}", 3)] {
            body.put_u8(same);
            body.extend_from_slice(names.as_bytes());
            body.put_u8(crate::convert::value::tag::I32);
            body.put_i32(id);
        }
        let mut reader = Reader::new(&body);
        let keys = Keys::read(of(3), &mut reader).ok();
        let reported: Vec<_> = keys
            .iter()
            .flat_map(Keys::iter)
            .filter_map(|key| {
                key.ok()
                    .map(|key| (key.namespace().to_owned(), key.user_key().cloned()))
            })
            .collect();
        let key = |namespace: &str, id| (namespace.to_owned(), Some(Value::Int(id)));
        assert_eq!(reported, [key("a", 1), key("a", 2), key("c", 3)]);
        assert!(reader.u8().is_err(), "all of it was read");
        for end in 0..body.len() {
            assert!(Keys::read(of(3), &mut Reader::new(&body[..end])).is_err());
        }
    }
}
