//! Batches that write rows from columns.

use std::sync::Arc;

use aerospike_core::operations::{Operation, scalar};
use aerospike_core::{BatchOperation, BatchWritePolicy, Bin, Expiration, GenerationPolicy, Key, Record, Value};

use super::columns::answer_with;
use super::run::run;
use crate::client::Client;
use crate::commands::batch::tracker::{Sink, Writes};
use crate::common::errors::Failure;
use crate::convert::column::{Columns, Schema, SourceColumn};
use crate::convert::keys::Keys;
use crate::policy;
use crate::requests::Call;
use crate::wire::Reader;

/// The outcome of each row: a column result without bins that has each row's result code, generation and TTL.
struct Outcomes {
    rows: Columns,
    /// The input row of each row that was sent. Rows that fail before, such as those without a value to write, are not
    /// sent.
    sent: Vec<u32>,
}

impl Sink for Outcomes {
    fn record(&mut self, row: usize, record: &Record) {
        self.rows.record(self.sent[row] as usize, record);
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        self.rows.fail(self.sent[row] as usize, failure);
    }
}

/// A generation or TTL per row, or none.
struct PerRow<'a>(Option<&'a [u8]>);

impl<'a> PerRow<'a> {
    fn read(reader: &mut Reader<'a>, rows: usize) -> Result<Self, Failure> {
        Ok(PerRow(match reader.u8()? {
            0 => None,
            _ => Some(reader.bytes(rows.saturating_mul(4))?),
        }))
    }

    fn at(&self, row: usize) -> Option<u32> {
        let word = self.0?.get(row * 4..row * 4 + 4)?;
        Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
    }
}

/// The input table, and what its rows have in common.
struct InputTable<'a> {
    sources: Vec<SourceColumn<'a>>,
    bins: Vec<Bin>,
    /// Whether a missing value removes the bin instead of leaving it unchanged.
    remove: bool,
    policy: BatchWritePolicy,
    gens: PerRow<'a>,
    ttls: PerRow<'a>,
}

impl InputTable<'_> {
    fn operations(&mut self, row: usize) -> Result<Vec<Operation>, Failure> {
        let mut operations = Vec::with_capacity(self.bins.len());
        for (source, bin) in self.sources.iter().zip(&mut self.bins) {
            if source.value(row, &mut bin.value)? {
                operations.push(scalar::put(bin));
            } else if self.remove {
                bin.value = Value::Nil;
                operations.push(scalar::put(bin));
            }
        }
        // The core would fail the whole group because of one row without a write.
        if operations.is_empty() {
            return Err(Failure::invalid("the row has no value to write"));
        }
        Ok(operations)
    }

    fn row(&mut self, row: usize, key: Key) -> Result<BatchOperation, Failure> {
        let operations = self.operations(row)?;
        if let Some(generation) = self.gens.at(row) {
            self.policy.generation_policy = GenerationPolicy::ExpectGenEqual;
            self.policy.generation = generation;
        }
        if let Some(ttl) = self.ttls.at(row) {
            self.policy.expiration = match ttl as i32 {
                0 => Expiration::NamespaceDefault,
                -1 => Expiration::Never,
                -2 => Expiration::DontUpdate,
                _ => Expiration::Seconds(ttl),
            };
        }
        Ok(BatchOperation::write(&self.policy, key, operations))
    }
}

/// batchWriteColumns.
pub async fn write(client: &Client, call: &Call) -> Result<(), Failure> {
    let (subject, mut reader) = call.open()?;
    let keys = Keys::read(subject, &mut reader)?;
    let remove = reader.u8()? != 0;
    let gens = PerRow::read(&mut reader, keys.len())?;
    let ttls = PerRow::read(&mut reader, keys.len())?;
    let count = reader.u16()?;
    let sources: Vec<_> = (0..count)
        .map(|_| SourceColumn::read(&mut reader, keys.len()))
        .collect::<Result<_, _>>()?;
    let policies = policy::batch::read(&client.defaults, &mut reader, call.request())?;
    let policy = policies.write_row_of(&mut reader)?;
    let mut rows = Columns::new(Arc::new(Schema::default()), keys.len(), None)?;
    let mut sent = Vec::with_capacity(keys.len());
    let mut operations = Vec::with_capacity(keys.len());
    {
        let bins = sources.iter().map(|source| Bin::new(source.name, Value::Nil)).collect();
        let mut table = InputTable {
            sources,
            bins,
            remove,
            policy,
            gens,
            ttls,
        };
        for (row, key) in keys.iter().enumerate() {
            match table.row(row, key?) {
                Ok(operation) => {
                    sent.push(row as u32);
                    operations.push(operation);
                }
                Err(failure) => rows.fail(row, failure),
            }
        }
    }
    let sink = Outcomes { rows, sent };
    let outcomes = run(client, call, &policies, operations, sink, Writes::Always).await?;
    answer_with(call, outcomes.rows);
    Ok(())
}
