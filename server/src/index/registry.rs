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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
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
    /// Sets that have an index of themselves. Queries do not need them here: a set is found soon enough.
    of_sets: RwLock<Vec<(SetId, Arc<str>)>>,
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

    /// Adds an index that has nothing yet, and returns it. One of the same definition gets the name
    /// instead.
    ///
    /// # Errors
    /// When there is another of that name, or too many.
    pub fn add(&self, name: &str, definition: Definition) -> Result<Option<Arc<Index>>, Conflict> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let same = all.iter().find(|index| index.definition().is_like(&definition));
        if all
            .iter()
            .any(|index| index.is_named(name) && !index.definition().is_like(&definition))
        {
            return Err(Conflict::Name);
        }
        if let Some(same) = same {
            same.rename(name);
            return Ok(None);
        }
        if all.len() >= MAX_INDEXES {
            return Err(Conflict::TooMany);
        }
        let index = Arc::new(Index::new(name, definition));
        Arc::make_mut(&mut all).push(Arc::clone(&index));
        self.count.store(all.len(), Ordering::Release);
        Ok(Some(index))
    }

    /// Gives a set an index of itself, or that another name.
    pub fn add_of_set(&self, name: &str, set: SetId) {
        let mut of_sets = self.of_sets.write().unwrap_or_else(PoisonError::into_inner);
        of_sets.retain(|(other, _)| *other != set);
        of_sets.push((set, name.into()));
    }

    /// The name of a set's index of itself.
    #[must_use]
    pub fn of_set(&self, set: SetId) -> Option<Arc<str>> {
        self.of_sets()
            .into_iter()
            .find(|(other, _)| *other == set)
            .map(|(_, name)| name)
    }

    /// The sets that have an index of themselves, and its names.
    #[must_use]
    pub fn of_sets(&self) -> Vec<(SetId, Arc<str>)> {
        self.of_sets.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Removes the index of that name, if there is one.
    pub fn remove(&self, name: &str) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let mut of_sets = self.of_sets.write().unwrap_or_else(PoisonError::into_inner);
        of_sets.retain(|(_, other)| **other != *name);
        let Some(at) = all.iter().position(|index| index.is_named(name)) else {
            return;
        };
        Arc::make_mut(&mut all).remove(at).drop_it();
        self.count.store(all.len(), Ordering::Release);
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
