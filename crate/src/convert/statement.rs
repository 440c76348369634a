//! The statement of a query, as `lib/query/statement.ts` encodes it.

use aerospike_core::{PartitionFilter, Statement};

use super::cursor::{self, PARTITIONS};
use super::{bins, filter, operation};
use crate::catalog::formats::partition_selection;
use crate::common::errors::Failure;
use crate::requests::subject::Subject;
use crate::wire::Reader;

/// The decoded query, except its policy.
pub struct Query {
    /// Namespace, set, bins, filter and operations.
    pub statement: Statement,
    /// The partitions to read, or the position of a cursor.
    pub partitions: PartitionFilter,
    /// Maximum number of records; 0 means no limit.
    pub max_records: u64,
    /// The fingerprint that a cursor of this query carries.
    pub fingerprint: u64,
    /// Whether rows have no bins, only key, generation and TTL.
    pub header: bool,
}

/// Reads the rest of a query: bins, filter, operations, partitions, maximum number of records, the bytes that the
/// fingerprint is computed from, and a cursor (empty to start from the beginning).
///
/// # Errors
/// The body ends early, the cursor belongs to another query, or the core does not support a value.
pub fn read(subject: Subject<'_>, reader: &mut Reader<'_>) -> Result<Query, Failure> {
    let Subject { namespace, set, .. } = subject;
    let bins = bins::read_selection(reader)?;
    let header = bins.is_none();
    let mut statement = Statement::new(namespace, set, bins);
    let looked_up = reader.blob()?;
    if !looked_up.is_empty() {
        statement.set_filter(filter::read(&mut Reader::new(looked_up))?);
    }
    if reader.u8()? != 0 {
        let (operations, _) = operation::read_list(reader)?;
        statement.set_operations(operations);
    }
    let chosen = reader.blob()?;
    let fresh = partitions(&mut Reader::new(chosen))?;
    let max_records = reader.f64()? as u64;
    let condition = reader.blob()?;
    let fingerprint = cursor::fingerprint(&[namespace.as_bytes(), set.as_bytes(), looked_up, chosen, condition]);
    let position = reader.blob()?;
    let partitions = if position.is_empty() {
        fresh
    } else {
        cursor::read(position, fingerprint)?
    };
    Ok(Query {
        statement,
        partitions,
        max_records,
        fingerprint,
        header,
    })
}

/// Reads the partitions: all, a range, or one partition after a digest.
fn partitions(reader: &mut Reader<'_>) -> Result<PartitionFilter, Failure> {
    match reader.u8()? {
        partition_selection::ALL => Ok(PartitionFilter::all()),
        partition_selection::RANGE => {
            let (begin, count) = (usize::from(reader.u16()?), usize::from(reader.u16()?));
            if count == 0 || begin + count > PARTITIONS {
                return Err(Failure::invalid(format!(
                    "partitions: {begin} to {} is beyond the {PARTITIONS} that there are",
                    begin + count
                )));
            }
            Ok(PartitionFilter::by_range(begin, count))
        }
        _ => {
            let mut digest = [0; 20];
            digest.copy_from_slice(reader.bytes(20)?);
            let key = aerospike_core::Key::with_digest("", "", None, digest);
            Ok(PartitionFilter::by_key(&key))
        }
    }
}
