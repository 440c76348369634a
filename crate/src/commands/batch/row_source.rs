//! The operations of a batch. Rows that differ only in their key get their operations part by part; other rows have all
//! of them in memory.

use aerospike_core::{BatchOperation, BatchReadPolicy, Bins, Key};

use crate::common::errors::Failure;
use crate::convert::keys::Keys;

/// The operations of one part of a batch.
pub enum Part<'p> {
    /// A slice of the operations of the whole batch.
    Kept(&'p mut [BatchOperation]),
    /// Operations that were created for this part.
    Made(Vec<BatchOperation>),
}

impl Part<'_> {
    pub fn all(&mut self) -> &mut [BatchOperation] {
        match self {
            Part::Kept(operations) => operations,
            Part::Made(operations) => operations,
        }
    }
}

/// An iterator over the parts. Boxed, because the compiler cannot prove that a task may hold the iterator types
/// directly.
pub type Parts<'p> = Box<dyn Iterator<Item = Result<Part<'p>, Failure>> + Send + 'p>;

/// The operations that a batch sends.
pub trait Operations: Send {
    fn rows(&self) -> usize;

    /// The operations, in parts of `rows` rows each.
    fn parts(&mut self, rows: usize) -> Parts<'_>;

    /// The operations of the given rows, in the same order; `None` for an operation that the core has lost. `rows` is
    /// sorted.
    fn again(&self, rows: &[usize]) -> Vec<Option<BatchOperation>>;
}

impl Operations for Vec<BatchOperation> {
    fn rows(&self) -> usize {
        self.len()
    }

    fn parts(&mut self, rows: usize) -> Parts<'_> {
        Box::new(self.chunks_mut(rows).map(|part| Ok(Part::Kept(part))))
    }

    fn again(&self, rows: &[usize]) -> Vec<Option<BatchOperation>> {
        let whole = |row: &usize| self.get(*row).filter(|operation| is_whole(operation)).cloned();
        rows.iter().map(whole).collect()
    }
}

/// Whether the core still has this operation: it leaves an empty key in place of a lost one.
fn is_whole(operation: &BatchOperation) -> bool {
    !operation.batch_record().key.namespace().is_empty()
}

/// Reads of the same bins of many records. An operation of the core is many times larger than the key that it is made
/// from, so only the operations of the parts in progress exist at a time.
pub struct Reads<'a> {
    /// The keys of the records.
    pub keys: Keys<'a>,
    /// The read policy of every row.
    pub policy: BatchReadPolicy,
    /// The bins to read.
    pub bins: Bins,
}

impl Reads<'_> {
    fn of(&self, key: Key) -> BatchOperation {
        BatchOperation::read(&self.policy, key, self.bins.clone())
    }
}

impl Operations for Reads<'_> {
    fn rows(&self) -> usize {
        self.keys.len()
    }

    fn parts(&mut self, rows: usize) -> Parts<'_> {
        let reads = &*self;
        let mut keys = reads.keys.iter();
        Box::new((0..reads.rows().div_ceil(rows)).map(move |_| {
            // Collecting into a `Result` does not know the number of items and would move the operations whenever it
            // grows.
            let mut made = Vec::with_capacity(rows.min(keys.len()));
            for key in keys.by_ref().take(rows) {
                made.push(reads.of(key?));
            }
            Ok(Part::Made(made))
        }))
    }

    fn again(&self, rows: &[usize]) -> Vec<Option<BatchOperation>> {
        let mut keys = self.keys.iter().enumerate();
        let mut found = |row: &usize| {
            let (_, key) = keys.find(|(index, _)| index == row)?;
            Some(self.of(key.ok()?))
        };
        rows.iter().map(&mut found).collect()
    }
}
