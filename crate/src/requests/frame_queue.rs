//! The queue of reply frames. It consists of chunks, so that a growing backlog is not copied and a drained backlog is
//! freed.

use std::collections::VecDeque;

use crate::wire::Writer;
use crate::wire::headers::REPLY_HEADER;

/// Size of a chunk in bytes. A larger frame gets its own chunk.
const CHUNK: usize = 256 << 10;

/// A queue of whole frames.
#[derive(Debug, Default)]
pub struct Frames {
    /// All chunks but the first are unread; only the last may be empty.
    chunks: VecDeque<Vec<u8>>,
    /// Bytes of the first chunk that are already drained.
    read: usize,
}

impl Frames {
    pub fn push(&mut self, slot: u32, status: u16, flags: u16, body: &[u8]) {
        let bytes = REPLY_HEADER + body.len();
        let room = self
            .chunks
            .back()
            .is_some_and(|last| last.is_empty() || last.len() + bytes <= CHUNK);
        if !room {
            // The first chunk starts at the size of its first frame, because most queues never need a whole chunk.
            let capacity = if self.chunks.is_empty() {
                bytes
            } else {
                bytes.max(CHUNK)
            };
            self.chunks.push_back(Vec::with_capacity(capacity));
        }
        let Some(chunk) = self.chunks.back_mut() else { return };
        chunk.reserve(bytes);
        chunk.put_u32(slot);
        chunk.put_u16(status);
        chunk.put_u16(flags);
        chunk.put_blob(body);
    }

    /// Whether all frames are drained.
    pub fn is_empty(&self) -> bool {
        self.chunks.front().is_none_or(|first| self.read == first.len())
    }

    /// Moves whole frames to `target` until it is full, `max` frames were moved, or the queue is empty. Returns the
    /// number of bytes.
    pub fn drain(&mut self, target: &mut [u8], max: u32) -> usize {
        let (mut filled, mut left) = (0, max);
        loop {
            let last = self.chunks.len() == 1;
            let Some(first) = self.chunks.front_mut() else { break };
            let start = self.read;
            let room = target.len() - filled;
            let mut end = start;
            while left > 0 {
                let Some(header) = first.get(end..end + REPLY_HEADER) else {
                    break;
                };
                let length = u32::from_le_bytes([header[8], header[9], header[10], header[11]]) as usize;
                let next = end + REPLY_HEADER + length;
                if next - start > room {
                    break;
                }
                end = next;
                left -= 1;
            }
            target[filled..filled + end - start].copy_from_slice(&first[start..end]);
            filled += end - start;
            self.read = end;
            if end < first.len() {
                break;
            }
            self.read = 0;
            if !last {
                self.chunks.pop_front();
                continue;
            }
            if first.capacity() > CHUNK {
                *first = Vec::new();
            } else {
                first.clear();
            }
            break;
        }
        filled
    }

    /// Allocated bytes.
    #[cfg(test)]
    fn capacity(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(bytes: &[u8]) -> Vec<u32> {
        let (mut slots, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let number =
                |from: usize| u32::from_le_bytes([bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]]);
            slots.push(number(at));
            at += REPLY_HEADER + number(at + 8) as usize;
        }
        assert_eq!(at, bytes.len());
        slots
    }

    #[test]
    fn frames_come_whole_and_in_order_whatever_the_sizes() {
        for sizes in [[0, 1, 100], [CHUNK, 5, CHUNK / 2], [1000, 3 * CHUNK, 7]] {
            let mut frames = Frames::default();
            let mut target = vec![0; 4 * CHUNK];
            let mut seen = Vec::new();
            for slot in 0..300 {
                frames.push(slot, 0, 0, &vec![7; sizes[slot as usize % 3]]);
                if slot % 7 == 0 {
                    let bytes = frames.drain(&mut target, 5);
                    seen.extend(slots(&target[..bytes]));
                }
            }
            while !frames.is_empty() {
                let bytes = frames.drain(&mut target, 64);
                assert!(bytes > 0);
                seen.extend(slots(&target[..bytes]));
            }
            assert_eq!(seen, (0..300).collect::<Vec<_>>());
            assert_eq!(frames.drain(&mut target, 64), 0);
        }
    }

    #[test]
    fn a_frame_that_does_not_fit_stays() {
        let mut frames = Frames::default();
        frames.push(1, 0, 0, &[0; 100]);
        assert_eq!(frames.drain(&mut [0; 50], 64), 0);
        assert!(!frames.is_empty());
        assert_eq!(frames.drain(&mut [0; 200], 64), REPLY_HEADER + 100);
        assert!(frames.is_empty());
    }

    #[test]
    #[cfg_attr(miri, ignore = "large, takes minutes")]
    fn a_drained_backlog_keeps_no_more_than_a_chunk() {
        let mut frames = Frames::default();
        let body = [0; 100];
        for slot in 0..100_000 {
            frames.push(slot, 0, 0, &body);
        }
        assert!(frames.capacity() > 10 << 20);
        let mut target = vec![0; 1 << 20];
        while !frames.is_empty() {
            frames.drain(&mut target, 64);
        }
        assert!(frames.capacity() <= CHUNK);
        frames.push(0, 0, 0, &vec![0; 10 * CHUNK]);
        frames.drain(&mut vec![0; 20 * CHUNK], 64);
        assert!(frames.capacity() <= CHUNK);
    }
}
