//! The indexes of a namespace.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::definition::Definition;
use super::tree::Index;
use crate::digest::Digest;
use crate::exp::Subject;
use crate::record::SetId;

/// Most indexes of a namespace, as on a real server.
const MAX_INDEXES: usize = 256;

type All = Arc<Vec<Arc<Index>>>;

/// Why an index was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// There is one that has the same, of this name.
    Same(String),
    /// There is another of that name.
    Name,
    /// There are too many.
    TooMany,
}

/// The indexes of a namespace.
#[derive(Debug, Default)]
pub struct Indexes {
    all: RwLock<All>,
    /// How many there are, for writers who want to know no more than that there is none.
    count: AtomicUsize,
}

impl Indexes {
    /// All of them, in the order in which they were made.
    #[must_use]
    pub fn all(&self) -> All {
        Arc::clone(&self.all.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The one of that name.
    #[must_use]
    pub fn named(&self, name: &[u8]) -> Option<Arc<Index>> {
        self.all().iter().find(|index| index.name().as_bytes() == name).cloned()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Adds an index that has nothing yet.
    ///
    /// # Errors
    /// When there is one of that name or of the same definition, or too many.
    pub fn add(&self, name: &str, definition: Definition) -> Result<Arc<Index>, Conflict> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = all.iter().find(|index| index.definition().is_like(&definition)) {
            return Err(Conflict::Same(same.name().to_owned()));
        }
        if all.iter().any(|index| index.name() == name) {
            return Err(Conflict::Name);
        }
        if all.len() >= MAX_INDEXES {
            return Err(Conflict::TooMany);
        }
        let index = Arc::new(Index::new(name, definition));
        Arc::make_mut(&mut all).push(Arc::clone(&index));
        self.count.store(all.len(), Ordering::Release);
        Ok(index)
    }

    /// Removes an index; false when there is none of that name.
    pub fn remove(&self, name: &str) -> bool {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = all.iter().position(|index| index.name() == name) else {
            return false;
        };
        Arc::make_mut(&mut all).remove(at).drop_it();
        self.count.store(all.len(), Ordering::Release);
        true
    }

    /// Begins a change of a record of a set, whose partition is locked until the change is finished.
    /// `before` is the record as it is, if it is.
    pub fn change(&self, set: SetId, before: Option<&Subject<'_>>) -> Changes {
        if self.is_empty() {
            return Changes(Vec::new());
        }
        let covering = self.all();
        let covering = covering.iter().filter(|index| index.definition().covers(set));
        Changes(
            covering
                .map(|index| {
                    (
                        Arc::clone(index),
                        before.map(|before| index.keys(before)).unwrap_or_default(),
                    )
                })
                .collect(),
        )
    }
}

/// A change of a record: the indexes that it concerns, and what they have of the record.
#[derive(Debug)]
#[must_use]
pub struct Changes(Vec<(Arc<Index>, Vec<i64>)>);

impl Changes {
    /// Makes the change: `after` is the record as it has become, if it still is.
    pub fn finish(self, digest: &Digest, after: Option<&Subject<'_>>) {
        for (index, before) in self.0 {
            let after = after.map(|after| index.keys(after)).unwrap_or_default();
            index.replace(digest, &before, &after);
        }
    }
}
