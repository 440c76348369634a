//! The requests in a block that JavaScript submits; `lib/boundary/request-block.ts` writes it.

use super::trace_context::TraceParent;
use crate::common::errors::Failure;
use crate::wire::Reader;
use crate::wire::headers::{FLAG_PARENT, FLAG_QUIET, FLAG_REUSE, FLAG_TRANSACTION, FLAG_WRITE, VARIANT_SHIFT};

/// The transaction of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionRef {
    pub number: u32,
    /// Timeout of the transaction in seconds.
    pub timeout: u32,
}

/// The header of a request, the place of its body, and what follows the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockEntry {
    pub command: u8,
    flags: u8,
    /// Length of the policy at the end of the body; 0 if unknown.
    pub policy: usize,
    pub slot: u32,
    /// Total timeout in milliseconds; 0 means no limit.
    pub timeout_ms: u32,
    /// Start and end offsets of the body in the block.
    pub body: (usize, usize),
    /// Number of the memory to reuse for the result.
    pub reuse: Option<u32>,
    pub parent: Option<TraceParent>,
    pub transaction: Option<TransactionRef>,
}

impl BlockEntry {
    /// Distinguishes the methods that share the command.
    pub fn variant(&self) -> u8 {
        self.flags >> VARIANT_SHIFT
    }

    /// Whether the command writes.
    pub fn writes(&self) -> bool {
        self.flags & FLAG_WRITE != 0
    }

    /// Whether a logger made the call, so that it must not produce log lines.
    pub fn quiet(&self) -> bool {
        self.flags & FLAG_QUIET != 0
    }
}

/// Reads a block, entry by entry.
#[derive(Debug)]
pub struct BlockReader<'a> {
    block: &'a [u8],
    reader: Reader<'a>,
}

impl<'a> BlockReader<'a> {
    pub fn new(block: &'a [u8]) -> Self {
        BlockReader {
            block,
            reader: Reader::new(block),
        }
    }

    /// Reads the next entry, or `None` at the end of the block.
    ///
    /// # Errors
    /// The block ends within the entry, or the entry is too short for what its flags announce.
    pub fn next_entry(&mut self) -> Result<Option<BlockEntry>, Failure> {
        let reader = &mut self.reader;
        if reader.rest().is_empty() {
            return Ok(None);
        }
        let (command, flags, policy) = (reader.u8()?, reader.u8()?, reader.u16()?);
        let (slot, length, timeout_ms) = (reader.u32()?, reader.u32()? as usize, reader.u32()?);
        let start = self.block.len() - reader.rest().len();
        let mut rest = reader.bytes(length)?;
        let reuse = match flags & FLAG_REUSE {
            0 => None,
            _ => Some(trailer(&mut rest, 4)?.u32()?),
        };
        let parent = match flags & FLAG_PARENT {
            0 => None,
            _ => Some(TraceParent::read(&mut trailer(&mut rest, TraceParent::BYTES)?)?),
        };
        let transaction = match flags & FLAG_TRANSACTION {
            0 => None,
            _ => {
                let mut reader = trailer(&mut rest, 8)?;
                let (number, timeout) = (reader.u32()?, reader.u32()?);
                Some(TransactionRef { number, timeout })
            }
        };
        Ok(Some(BlockEntry {
            command,
            flags,
            policy: usize::from(policy),
            slot,
            timeout_ms,
            body: (start, start + rest.len()),
            reuse,
            parent,
            transaction,
        }))
    }
}

/// Cuts the last `count` bytes off `rest`.
fn trailer<'a>(rest: &mut &'a [u8], count: usize) -> Result<Reader<'a>, Failure> {
    let split = rest.len().checked_sub(count).and_then(|at| rest.split_at_checked(at));
    let (head, tail) = split.ok_or_else(|| Failure::client("a request is too short for its flags"))?;
    *rest = head;
    Ok(Reader::new(tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::boundary::header;
    use crate::wire::Writer;

    fn put_entry(block: &mut Vec<u8>, command: u8, flags: u8, body: &[u8]) {
        block.put_u8(command);
        block.put_u8(flags);
        block.put_u16(3);
        block.put_u32(7);
        block.put_u32(body.len() as u32);
        block.put_u32(1000);
        block.extend_from_slice(body);
    }

    fn all(block: &[u8]) -> Result<Vec<BlockEntry>, Failure> {
        let mut reader = BlockReader::new(block);
        let mut entries = Vec::new();
        while let Some(entry) = reader.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }

    #[test]
    fn entries_follow_each_other_and_what_flags_announce_follows_the_body() {
        let mut block = Vec::new();
        put_entry(&mut block, 1, FLAG_WRITE | (2 << VARIANT_SHIFT), b"body");
        let mut body = b"body".to_vec();
        for number in [5, 60] {
            body.put_u32(number);
        }
        body.extend(0..25);
        body.put_u32(9);
        put_entry(&mut block, 2, FLAG_REUSE | FLAG_PARENT | FLAG_TRANSACTION, &body);
        let entries = all(&block).unwrap_or_default();
        assert_eq!(entries.first().map(|entry| entry.body.0), Some(header::REQUEST));
        let [first, second] = &entries[..] else {
            unreachable!("{entries:?}")
        };
        assert_eq!((first.command, first.variant(), first.writes()), (1, 2, true));
        assert_eq!((first.slot, first.policy, first.timeout_ms), (7, 3, 1000));
        assert_eq!((first.reuse, first.parent, first.transaction), (None, None, None));
        assert_eq!((second.reuse, second.writes(), second.quiet()), (Some(9), false, false));
        assert_eq!(second.parent.map(|parent| parent.flags), Some(24));
        assert_eq!(
            second
                .transaction
                .map(|transaction| (transaction.number, transaction.timeout)),
            Some((5, 60))
        );
        for entry in [first, second] {
            assert_eq!(&block[entry.body.0..entry.body.1], b"body");
        }
    }

    #[test]
    fn a_block_that_ends_early_or_is_too_short_for_its_flags_is_a_failure() {
        let mut block = Vec::new();
        put_entry(&mut block, 1, 0, b"body");
        for end in 1..block.len() {
            assert!(all(&block[..end]).is_err(), "{end}");
        }
        for (flags, bytes) in [(FLAG_REUSE, 4), (FLAG_PARENT, 25), (FLAG_TRANSACTION, 8)] {
            let mut block = Vec::new();
            put_entry(&mut block, 1, flags, &vec![0; bytes - 1]);
            assert!(all(&block).is_err(), "{flags}");
        }
    }
}
