//! Compressed messages: the size of the whole message, and the message with its header as a zlib stream.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::proto::header::{self, HEADER_SIZE, Header, Kind, MAX_BODY_SIZE};
use crate::proto::message::info1;

/// Size of the field with the size of the message.
const SIZE_SIZE: usize = 8;

/// Replies that are not longer than this are sent as they are.
const THRESHOLD: usize = 128;

/// Decompresses the body of a compressed request, and returns that of the message in it. `None` if it is not a message of
/// the size that it states.
pub fn decompress(body: &[u8]) -> Option<Vec<u8>> {
    let (size, stream) = body.split_first_chunk::<SIZE_SIZE>()?;
    let size = usize::try_from(u64::from_be_bytes(*size)).ok()?;
    if !(HEADER_SIZE..=HEADER_SIZE + MAX_BODY_SIZE).contains(&size) {
        return None;
    }
    // The stated size alone must not claim memory: the buffer grows with what was decompressed.
    let mut message = Vec::new();
    let read = ZlibDecoder::new(stream)
        .take(size as u64 + 1)
        .read_to_end(&mut message)
        .ok()?;
    let header = Header::parse(*message.first_chunk::<HEADER_SIZE>()?).ok()?;
    if read != size || header.kind != Kind::Message || header.size != size - HEADER_SIZE {
        return None;
    }
    message.drain(..HEADER_SIZE);
    Some(message)
}

/// Whether a request asks for a compressed reply.
pub fn is_asked_for(body: &[u8]) -> bool {
    body.get(1).is_some_and(|flags| flags & info1::COMPRESS_RESPONSE != 0)
}

/// Compresses the messages in `out` from `start` on, except those that would not become smaller.
pub fn compress(out: &mut Vec<u8>, start: usize) {
    let written = out.split_off(start);
    let mut rest = written.as_slice();
    while let Some(header) = rest.first_chunk::<HEADER_SIZE>() {
        let size = Header::parse(*header).map_or(rest.len(), |header| HEADER_SIZE + header.size);
        let Some((message, following)) = rest.split_at_checked(size) else {
            break;
        };
        if message.len() <= THRESHOLD || !append(message, out) {
            out.extend_from_slice(message);
        }
        rest = following;
    }
    out.extend_from_slice(rest);
}

/// Appends the compressed form of a message. Returns false, and appends nothing, if that is not smaller.
fn append(message: &[u8], out: &mut Vec<u8>) -> bool {
    let start = header::begin(out);
    out.extend_from_slice(&(message.len() as u64).to_be_bytes());
    let mut encoder = ZlibEncoder::new(&mut *out, Compression::fast());
    let compressed = encoder
        .write_all(message)
        .and_then(|()| encoder.finish().map(drop))
        .is_ok();
    if !compressed || out.len() - start >= message.len() {
        out.truncate(start);
        return false;
    }
    header::finish(out, start, Kind::Compressed);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let start = header::begin(&mut out);
        out.extend_from_slice(body);
        header::finish(&mut out, start, Kind::Message);
        out
    }

    #[test]
    fn messages_round_trip() {
        let (long, short) = (message(&[7; 5000]), message(b"short"));
        let mut out = b"before".to_vec();
        out.extend_from_slice(&long);
        out.extend_from_slice(&short);
        compress(&mut out, 6);
        assert!(out.starts_with(b"before") && out.ends_with(&short), "{out:?}");
        let compressed = &out[6..out.len() - short.len()];
        let header = Header::parse(*compressed.first_chunk().unwrap()).unwrap();
        assert_eq!(
            (header.kind, header.size + HEADER_SIZE),
            (Kind::Compressed, compressed.len())
        );
        assert_eq!(decompress(&compressed[HEADER_SIZE..]).unwrap(), [7; 5000]);
    }

    #[test]
    fn a_message_that_does_not_shrink_is_left_as_it_is() {
        let random: Vec<u8> = (0..200_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        let mut out = message(&random);
        let before = out.clone();
        compress(&mut out, 0);
        assert_eq!(out, before);
    }

    #[test]
    fn refuses_what_is_not_a_message_of_its_size() {
        let mut out = message(&[7; 5000]);
        compress(&mut out, 0);
        let body = &out[HEADER_SIZE..];
        assert!(decompress(body).is_some());
        for size in [0, 1, 7, 5007, 5009, u64::MAX, 1 << 40] {
            let mut bad = body.to_vec();
            bad[..8].copy_from_slice(&u64::to_be_bytes(size));
            assert!(decompress(&bad).is_none(), "{size}");
        }
        assert!(decompress(&body[..body.len() - 8]).is_none());
        assert!(decompress(&[]).is_none());
        assert!(decompress(&[0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3]).is_none());
        // Compressed twice.
        let mut twice = Vec::new();
        assert!(append(&[out.as_slice(), &[0; 4000]].concat(), &mut twice));
        assert!(decompress(&twice[HEADER_SIZE..]).is_none());
    }
}
