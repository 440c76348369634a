//! Cursors: the position of a query in each partition, as bytes with which another process can continue the query.
//!
//! The core serializes the retry flag of each partition but not that of the whole filter, which it sets when a query
//! with a maximum number of records took more than one round: after a restore, it silently skips partitions. A cursor
//! of this module stores the position of each partition and queries all of them again; a partition without further
//! records returns none.

use aerospike_core::PartitionFilter;
use aerospike_core::query::PartitionStatus;

use crate::common::errors::Failure;
use crate::wire::{Reader, Writer};

const VERSION: u8 = 1;

/// Number of partitions of a namespace.
pub const PARTITIONS: usize = 4096;

/// Hash (FNV-1a) of the query that a cursor belongs to.
pub fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        part.iter().copied().for_each(&mut add);
        // Hash the length of each part, so that bytes cannot move from one part to another.
        (part.len() as u32).to_le_bytes().into_iter().for_each(&mut add);
    }
    hash
}

/// Writes the position of `filter`.
pub fn write(filter: &PartitionFilter, query: u64) -> Vec<u8> {
    let mut out = vec![VERSION];
    out.put_i64(query as i64);
    out.put_u16(filter.begin as u16);
    out.put_u16(filter.count as u16);
    for status in filter.partitions.iter().flat_map(|statuses| statuses.iter()) {
        let status = status.lock();
        match (status.digest, status.bval) {
            (None, _) => out.put_u8(0),
            (Some(digest), None) => {
                out.put_u8(1);
                out.extend_from_slice(&digest);
            }
            (Some(digest), Some(value)) => {
                out.put_u8(2);
                out.extend_from_slice(&digest);
                out.put_i64(value as i64);
            }
        }
    }
    let check = fingerprint(&[&out]);
    out.put_i64(check as i64);
    out
}

/// Reads a cursor of the query with the fingerprint `query`.
///
/// # Errors
/// The bytes are not a cursor, or it belongs to another query.
pub fn read(bytes: &[u8], query: u64) -> Result<PartitionFilter, Failure> {
    let garbage = || Failure::invalid("cursor: this is no cursor of a page, or it was cut or changed");
    let (body, check) = bytes
        .split_at_checked(bytes.len().wrapping_sub(8))
        .ok_or_else(garbage)?;
    if check != fingerprint(&[body]).to_le_bytes() {
        return Err(garbage());
    }
    parse(&mut Reader::new(body), query).map_err(|failure| match failure.kind {
        crate::common::errors::Kind::Client => garbage(),
        _ => failure,
    })
}

fn parse(reader: &mut Reader<'_>, query: u64) -> Result<PartitionFilter, Failure> {
    if reader.u8()? != VERSION {
        return Err(Failure::invalid(
            "cursor: it was made by another version of aerospike-napi",
        ));
    }
    if reader.i64()? as u64 != query {
        return Err(Failure::invalid(
            "cursor: it belongs to another query; namespace, set, where, filter and partitions must be the same",
        ));
    }
    let (begin, count) = (usize::from(reader.u16()?), usize::from(reader.u16()?));
    if count == 0 || begin + count > PARTITIONS {
        return Err(Failure::client("a range beyond the partitions"));
    }
    let mut statuses = Vec::with_capacity(count);
    for partition in begin..begin + count {
        let mut status = PartitionStatus::new(partition);
        let kind = reader.u8()?;
        if kind > 0 {
            let mut digest = [0; 20];
            digest.copy_from_slice(reader.bytes(20)?);
            status.digest = Some(digest);
        }
        if kind > 1 {
            status.bval = Some(reader.i64()? as u64);
        }
        statuses.push(status);
    }
    let mut filter = PartitionFilter::by_range(begin, count);
    filter.partitions = Some(std::sync::Arc::new(statuses.into_iter().map(Into::into).collect()));
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started() -> PartitionFilter {
        let mut filter = PartitionFilter::by_range(10, 3);
        let mut statuses: Vec<_> = (10..13).map(PartitionStatus::new).collect();
        statuses[1].digest = Some([7; 20]);
        statuses[2].digest = Some([9; 20]);
        statuses[2].bval = Some(u64::MAX);
        filter.partitions = Some(std::sync::Arc::new(statuses.into_iter().map(Into::into).collect()));
        filter
    }

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let bytes = write(&started(), 5);
        let Ok(filter) = read(&bytes, 5) else { unreachable!() };
        assert_eq!((filter.begin, filter.count), (10, 3));
        let statuses: Vec<_> = filter
            .partitions
            .iter()
            .flat_map(|statuses| statuses.iter())
            .map(|status| {
                let status = status.lock();
                (status.digest, status.bval, status.retry)
            })
            .collect();
        assert_eq!(
            statuses,
            [
                (None, None, true),
                (Some([7; 20]), None, true),
                (Some([9; 20]), Some(u64::MAX), true)
            ]
        );
    }

    #[test]
    fn garbage_and_other_queries_are_refused() {
        let bytes = write(&started(), 5);
        assert!(read(&bytes, 6).is_err_and(|failure| failure.message.contains("another query")));
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut], 5).is_err());
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(read(&changed, 5).is_err());
        }
    }
}
