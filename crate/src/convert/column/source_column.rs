//! Input columns of a batch write. Their bytes are in the request's block, and the values of each row are created from
//! them.

use aerospike_core::Value;

use crate::common::errors::Failure;
use crate::convert::column::scalar::Scalar;
use crate::convert::column::schema::Layout;
use crate::convert::{key, value};
use crate::wire::Reader;

/// Kind of a column with values of any type, each encoded as for a single record; extends the kinds of [`Layout`].
const VALUES: u8 = 6;

/// The encoded cells of a column.
enum Cells<'a> {
    Scalars(Scalar, &'a [u8]),
    /// Fixed-width blobs: the width, and the bytes.
    Blobs(usize, &'a [u8]),
    Texts(Vec<&'a [u8]>),
    Binaries(Vec<&'a [u8]>),
    Words(&'a [u8], Vec<&'a [u8]>),
    Values(Vec<Value>),
}

pub struct SourceColumn<'a> {
    /// The name of the bin.
    pub name: &'a str,
    validity: Option<&'a [u8]>,
    cells: Cells<'a>,
}

fn parts<'a>(reader: &mut Reader<'a>, count: usize) -> Result<Vec<&'a [u8]>, Failure> {
    key::parts(reader, count)?.collect()
}

impl<'a> SourceColumn<'a> {
    /// Reads a column of `rows` rows.
    ///
    /// # Errors
    /// The body ends early, the kind is unknown, or the core does not support a value.
    pub fn read(reader: &mut Reader<'a>, rows: usize) -> Result<Self, Failure> {
        let name = reader.name()?;
        let validity = match reader.u8()? {
            0 => None,
            _ => Some(reader.bytes(rows.div_ceil(8))?),
        };
        let mut layout = reader.clone();
        if layout.u8()? == VALUES {
            reader.u8()?;
            let values = (0..rows).map(|_| value::read(reader)).collect::<Result<_, _>>();
            let values = values.map_err(|failure| failure.with_context(name))?;
            return Ok(SourceColumn {
                name,
                validity,
                cells: Cells::Values(values),
            });
        }
        let layout = Layout::read(reader)?;
        let fixed = |reader: &mut Reader<'a>| reader.bytes(rows.saturating_mul(layout.width()));
        let cells = match layout {
            Layout::Scalar(scalar) => Cells::Scalars(scalar, fixed(reader)?),
            Layout::Bytes(_) | Layout::Array(..) => Cells::Blobs(layout.width(), fixed(reader)?),
            Layout::Utf8 if rows == 0 => Cells::Texts(Vec::new()),
            Layout::Binary if rows == 0 => Cells::Binaries(Vec::new()),
            Layout::Utf8 => Cells::Texts(parts(reader, rows)?),
            Layout::Binary => Cells::Binaries(parts(reader, rows)?),
            Layout::Dictionary => {
                let ids = fixed(reader)?;
                let count = reader.u32()? as usize;
                Cells::Words(ids, if count == 0 { Vec::new() } else { parts(reader, count)? })
            }
        };
        Ok(SourceColumn { name, validity, cells })
    }

    /// Stores the value of a row in `value`, whose memory is reused. Returns false if the row has no value.
    ///
    /// # Errors
    /// The server cannot represent the value.
    pub fn value(&self, row: usize, value: &mut Value) -> Result<bool, Failure> {
        if self.validity.is_some_and(|bits| bits[row / 8] & (1 << (row % 8)) == 0) {
            return Ok(false);
        }
        match &self.cells {
            Cells::Scalars(scalar, bytes) => {
                let size = scalar.size();
                *value = scalar
                    .value(&bytes[row * size..(row + 1) * size])
                    .ok_or_else(|| self.reject("an integer beyond 2^63-1, which the server cannot hold"))?;
            }
            Cells::Blobs(width, bytes) => set_blob(value, &bytes[row * width..(row + 1) * width]),
            Cells::Binaries(parts) => set_blob(value, parts[row]),
            Cells::Texts(parts) => self.set_text(value, parts[row])?,
            Cells::Words(ids, words) => {
                let id = &ids[row * 4..(row + 1) * 4];
                let id = i32::from_le_bytes([id[0], id[1], id[2], id[3]]);
                let Ok(id) = usize::try_from(id) else { return Ok(false) };
                let word = words
                    .get(id)
                    .ok_or_else(|| self.reject("a number beyond its dictionary"))?;
                self.set_text(value, word)?;
            }
            Cells::Values(values) => {
                if values[row].is_nil() {
                    return Ok(false);
                }
                value.clone_from(&values[row]);
            }
        }
        Ok(true)
    }

    fn set_text(&self, value: &mut Value, bytes: &[u8]) -> Result<(), Failure> {
        let text = std::str::from_utf8(bytes).map_err(|_| self.reject("a text that is not valid UTF-8"))?;
        if let Value::String(old) = value {
            old.clear();
            old.push_str(text);
        } else {
            *value = Value::String(text.to_owned());
        }
        Ok(())
    }

    fn reject(&self, what: &str) -> Failure {
        Failure::invalid(format!("the column {} holds {what}", self.name))
    }
}

fn set_blob(value: &mut Value, bytes: &[u8]) {
    if let Value::Blob(old) = value {
        old.clear();
        old.extend_from_slice(bytes);
    } else {
        *value = Value::Blob(bytes.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Writer;

    fn values(body: &[u8], rows: usize) -> Vec<Result<Option<Value>, String>> {
        let Ok(source) = SourceColumn::read(&mut Reader::new(body), rows) else {
            return Vec::new();
        };
        let mut value = Value::Nil;
        (0..rows)
            .map(|row| match source.value(row, &mut value) {
                Ok(there) => Ok(there.then(|| value.clone())),
                Err(failure) => Err(failure.message),
            })
            .collect()
    }

    fn head(kind: u8, element: u8, width: u32, validity: Option<u8>) -> Vec<u8> {
        let mut body = vec![1, b'b', u8::from(validity.is_some())];
        body.extend(validity);
        body.extend([kind, element]);
        body.put_u32(width);
        body
    }

    #[test]
    fn numbers_are_values_where_their_bit_is_set() {
        let mut body = head(0, 3, 1, Some(0b101));
        for number in [1_i32, 2, -3] {
            body.put_i32(number);
        }
        let found = values(&body, 3);
        assert_eq!(found, [Ok(Some(Value::Int(1))), Ok(None), Ok(Some(Value::Int(-3)))]);
        assert!(values(&body[..body.len() - 1], 3).is_empty());
    }

    #[test]
    fn what_the_server_cannot_hold_is_the_rows_own_failure() {
        let mut body = head(0, 8, 1, None);
        body.put_i64(-1);
        body.put_i64(5);
        let found = values(&body, 2);
        assert!(found[0].as_ref().is_err_and(|reported| reported.contains("column b")));
        assert_eq!(found[1], Ok(Some(Value::Int(5))));

        let mut body = head(3, 0, 0, None);
        for offset in [0, 1, 2] {
            body.put_u32(offset);
        }
        body.put_blob(&[0xff, b'a']);
        let found = values(&body, 2);
        assert!(found[0].as_ref().is_err_and(|reported| reported.contains("UTF-8")));
        assert_eq!(found[1], Ok(Some(Value::String("a".into()))));
    }

    #[test]
    fn dictionaries_give_their_words() {
        let mut body = head(5, 0, 0, None);
        for id in [1, -1, 0, 7] {
            body.put_i32(id);
        }
        body.put_u32(2);
        for offset in [0, 1, 3] {
            body.put_u32(offset);
        }
        body.put_blob(b"abc");
        let found = values(&body, 4);
        assert_eq!(found[..2], [Ok(Some(Value::String("bc".into()))), Ok(None)]);
        assert_eq!(found[2], Ok(Some(Value::String("a".into()))));
        assert!(found[3].is_err());
    }
}
