//! Reader and writer of the flat buffers that cross the boundary, the counterpart of `lib/wire/wire.ts`. All integers
//! are little-endian. Our own TypeScript writes everything that is read here, but lengths are still checked: a body
//! that ends early fails only its own request.

use crate::errors::{Failure, MOST_CAUSES, NODE_BYTES};
use crate::shorten::shorten;

/// Bytes of a request header: command u8, flags u8, length of the policy at the end of the body u16 (0: unknown), slot
/// u32, body length u32, total timeout u32 (ms).
pub const REQUEST_HEADER: usize = 16;

/// Bytes of a reply header: slot u32, status u16, flags u16, body length u32.
pub const REPLY_HEADER: usize = 12;

/// Request flag: the command writes, so a failure after it has started may be in doubt.
pub const FLAG_WRITE: u8 = 1;

/// Request flag: the number (u32) of memory to reuse for the result follows the body.
pub const FLAG_SPARE: u8 = 2;

/// Request flag: the parent span of the call comes last in the frame (25 bytes: trace, span, flags).
pub const FLAG_PARENT: u8 = 4;

/// Request flag: the call comes from a logger, so it must not produce log lines.
pub const FLAG_QUIET: u8 = 8;

/// Shift of the variant within the flags. The upper four bits distinguish the methods that share a command.
pub const VARIANT_SHIFT: u8 = 4;

/// Reply flag: the body is an attachment; the frame contains the attachment's number (u32) instead.
pub const FLAG_ATTACHED: u16 = 1;

/// The kind of a reply frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Status {
    /// The result of the command.
    Ok = 0,
    /// The failure of the command, as `put_failure` writes it.
    Failed = 1,
    /// Not a reply: a record shape that later replies refer to.
    Shape = 2,
    /// Not a reply: a warning that does not belong to a failed call.
    Notice = 3,
}

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

/// Writes the body of a failure; `lib/common/errors.ts` reads it. Texts and causes are truncated, so the size is
/// bounded.
pub fn put_failure(out: &mut Vec<u8>, failure: &Failure) {
    put_failure_and_causes(out, failure, MOST_CAUSES);
}

fn put_failure_and_causes(out: &mut Vec<u8>, failure: &Failure, causes: usize) {
    out.put_u8(failure.kind as u8);
    out.put_u8(u8::from(failure.in_doubt));
    out.put_i32(failure.code);
    out.put_u32(failure.sub_code);
    out.put_u32(failure.attempts);
    out.put_u32(failure.waited_ms);
    out.put_text(&shorten(&failure.node, NODE_BYTES));
    out.put_text(&failure.shown());
    let cause = failure.cause.as_ref().filter(|_| causes > 0);
    out.put_u8(u8::from(cause.is_some()));
    if let Some(cause) = cause {
        put_failure_and_causes(out, cause, causes - 1);
    }
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
    fn a_failure_is_bounded_whatever_its_texts_and_causes_are() {
        let mut failure = Failure::client("the last cause");
        for _ in 0..100 {
            let mut outer = Failure::client("x".repeat(2 << 20));
            outer.node = "n".repeat(2 << 20);
            outer.cause = Some(Box::new(failure));
            failure = outer;
        }
        let mut out = Vec::new();
        put_failure(&mut out, &failure);
        assert!(out.len() < 100 << 10, "{}", out.len());
        let mut reader = Reader::new(&out);
        assert!(reader.bytes(18).is_ok());
        assert!(reader.text().is_ok_and(|node| node.contains("bytes cut")));
        assert!(reader.text().is_ok_and(|message| message.contains("bytes cut")));
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
