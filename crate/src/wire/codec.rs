//! Reader and writer of the flat buffers that cross the boundary, the counterpart of `lib/wire/wire.ts`. All integers
//! are little-endian. Our own TypeScript writes everything that is read here, but lengths are still checked: a body
//! that ends early fails only its own request.

use crate::common::errors::Failure;

/// Reads the body of a request from start to end. Every method advances the reader and fails if the body ends early.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// Reads the next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        let Some((head, rest)) = self.rest.split_at_checked(count) else {
            return Err(Failure::client(
                "a request ended early; please report this as a bug of aerospike-napi",
            ));
        };
        self.rest = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    /// The bytes that were not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn u8(&mut self) -> Result<u8, Failure> {
        Ok(self.array::<1>()?[0])
    }

    pub fn u16(&mut self) -> Result<u16, Failure> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub fn u32(&mut self) -> Result<u32, Failure> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn i32(&mut self) -> Result<i32, Failure> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub fn i64(&mut self) -> Result<i64, Failure> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub fn u64(&mut self) -> Result<u64, Failure> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub fn f64(&mut self) -> Result<f64, Failure> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// Reads bytes that a u32 length precedes.
    pub fn blob(&mut self) -> Result<&'a [u8], Failure> {
        let length = self.u32()? as usize;
        self.bytes(length)
    }

    /// Reads UTF-8 text that a u32 length precedes.
    pub fn text(&mut self) -> Result<&'a str, Failure> {
        utf8(self.blob()?)
    }

    /// Reads UTF-8 text that a u8 length precedes; used for names.
    pub fn name(&mut self) -> Result<&'a str, Failure> {
        let length = usize::from(self.u8()?);
        utf8(self.bytes(length)?)
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| Failure::invalid("a text is not valid UTF-8"))
}

/// Appends to the body of a reply; integers and doubles are little-endian.
pub trait Writer {
    fn put_u8(&mut self, value: u8);
    fn put_u16(&mut self, value: u16);
    fn put_u32(&mut self, value: u32);
    fn put_i32(&mut self, value: i32);
    fn put_i64(&mut self, value: i64);
    fn put_u64(&mut self, value: u64);
    fn put_f64(&mut self, value: f64);
    /// Appends a u32 length and the bytes.
    fn put_blob(&mut self, bytes: &[u8]);
    /// Appends a u32 length and the text.
    fn put_text(&mut self, text: &str) {
        self.put_blob(text.as_bytes());
    }
}

impl Writer for Vec<u8> {
    fn put_u8(&mut self, value: u8) {
        self.push(value);
    }

    fn put_u16(&mut self, value: u16) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u32(&mut self, value: u32) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_i32(&mut self, value: i32) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_i64(&mut self, value: i64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u64(&mut self, value: u64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_f64(&mut self, value: f64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_blob(&mut self, bytes: &[u8]) {
        self.put_u32(bytes.len() as u32);
        self.extend_from_slice(bytes);
    }
}

/// Writes the output of `write` after its u32 length, so that a reader can skip it. Returns the total number of bytes.
pub fn put_sized(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> usize {
    let at = out.len();
    out.put_u32(0);
    let start = out.len();
    write(out);
    let size = (out.len() - start) as u32;
    out[at..start].copy_from_slice(&size.to_le_bytes());
    out.len() - at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_ends_early_is_a_failure() {
        assert!(Reader::new(&[5, 0, 0, 0, 1]).blob().is_err());
        assert!(Reader::new(&[]).u8().is_err());
    }

    #[test]
    fn what_was_written_is_read() {
        let mut out = Vec::new();
        out.put_u16(7);
        out.put_i64(i64::MIN);
        out.put_text("ä");
        out.put_f64(0.5);
        let mut reader = Reader::new(&out);
        assert_eq!(reader.u16().ok(), Some(7));
        assert_eq!(reader.i64().ok(), Some(i64::MIN));
        assert_eq!(reader.text().ok(), Some("ä"));
        assert_eq!(reader.f64().ok(), Some(0.5));
    }
}
