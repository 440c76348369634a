//! The operations of a batch, for the core: all of them at once, or made part by part where nothing but a key differs.

use aerospike_core::{BatchOperation, BatchReadPolicy, Bins, Key};

use crate::convert::keys::Keys;
use crate::errors::Failure;

/// The operations of a part.
pub enum Part<'p> {
    /// They lie where those of all parts do.
    Kept(&'p mut [BatchOperation]),
    /// They were made for it.
    Made(Vec<BatchOperation>),
}

impl Part<'_> {
    /// For the core.
    pub fn all(&mut self) -> &mut [BatchOperation] {
        match self {
            Part::Kept(operations) => operations,
            Part::Made(operations) => operations,
        }
    }
}

/// Parts, one after the other. Boxed: the compiler cannot tell that a task may hold the iterators themselves.
pub type Parts<'p> = Box<dyn Iterator<Item = Result<Part<'p>, Failure>> + Send + 'p>;

/// What a batch sends.
pub trait Operations: Send {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// The operations in parts of so many rows.
    fn parts(&mut self, rows: usize) -> Parts<'_>;

    /// The operations of some rows, which are given in their order: None for one that is lost.
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

/// The core leaves an empty key in the place of an operation that it lost.
fn is_whole(operation: &BatchOperation) -> bool {
    !operation.batch_record().key.namespace().is_empty()
}

/// The same bins of many records. An operation of the core takes many times the bytes of the key that it is made from:
/// there are only those of the parts that are under way.
pub struct Reads<'a> {
    /// The keys of the records.
    pub keys: Keys<'a>,
    /// How each is read.
    pub policy: BatchReadPolicy,
    /// What is read of each.
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
            // Collecting results would not know how many come, and move the operations whenever it has to grow.
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
