//! The indexes of a namespace.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::RwLock;

use super::definition::Definition;
use super::tree::Index;
use crate::record::SetId;
use crate::record::digest::Digest;
use crate::record::view::RecordView;

/// Maximum number of indexes per namespace, as on a real server.
const MAX_INDEXES: usize = 256;

type All = Arc<Vec<Arc<Index>>>;

/// Why an index could not be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Another index has this name.
    Name,
    /// The namespace has the maximum number of indexes.
    TooMany,
}

/// The indexes of a namespace.
#[derive(Debug, Default)]
pub struct Indexes {
    all: RwLock<All>,
    /// Number of indexes, so that writers need no lock if there are none.
    count: AtomicUsize,
    /// Sets with a set index. Queries ignore these indexes, because finding the records of a set is fast enough
    /// without them.
    of_sets: RwLock<Vec<(SetId, Arc<str>)>>,
}

impl Indexes {
    /// All indexes, in order of creation.
    #[must_use]
    pub fn all(&self) -> All {
        Arc::clone(&self.all.read())
    }

    /// Finds an index by name.
    #[must_use]
    pub fn named(&self, name: &[u8]) -> Option<Arc<Index>> {
        self.all().iter().find(|index| index.name().as_bytes() == name).cloned()
    }

    /// Whether the namespace has no indexes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Adds an empty index and returns it. If an index with the same definition exists, renames that index and
    /// returns `None`.
    ///
    /// # Errors
    /// Returns an error if an index with another definition has this name, or the namespace has too many indexes.
    pub fn add(&self, name: &str, definition: Definition) -> Result<Option<Arc<Index>>, Conflict> {
        let mut all = self.all.write();
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

    /// Adds a set index, or renames the existing one.
    pub fn add_of_set(&self, name: &str, set: SetId) {
        let mut of_sets = self.of_sets.write();
        of_sets.retain(|(other, _)| *other != set);
        of_sets.push((set, name.into()));
    }

    /// The name of a set's set index, if it has one.
    #[must_use]
    pub fn of_set(&self, set: SetId) -> Option<Arc<str>> {
        self.of_sets()
            .into_iter()
            .find(|(other, _)| *other == set)
            .map(|(_, name)| name)
    }

    /// The sets with a set index, and the names of these indexes.
    #[must_use]
    pub fn of_sets(&self) -> Vec<(SetId, Arc<str>)> {
        self.of_sets.read().clone()
    }

    /// Removes an index by name, if it exists.
    pub fn remove(&self, name: &str) {
        let mut all = self.all.write();
        let mut of_sets = self.of_sets.write();
        of_sets.retain(|(_, other)| **other != *name);
        let Some(at) = all.iter().position(|index| index.is_named(name)) else {
            return;
        };
        Arc::make_mut(&mut all).remove(at).mark_dropped();
        self.count.store(all.len(), Ordering::Release);
    }

    /// Begins a change to a record of a set. The record's partition must stay locked until the change is
    /// finished. `before` is the record before the change, if it exists.
    pub fn change(&self, set: SetId, before: Option<&RecordView<'_>>) -> Changes {
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

/// A record change in progress: the affected indexes, and the record's current keys in them.
#[derive(Debug)]
#[must_use]
pub struct Changes(Vec<(Arc<Index>, Vec<i64>)>);

impl Changes {
    /// Completes the change. `after` is the record after the change, if it still exists.
    pub fn finish(self, digest: &Digest, after: Option<&RecordView<'_>>) {
        for (index, before) in self.0 {
            let after = after.map(|after| index.keys(after)).unwrap_or_default();
            index.replace(digest, &before, &after);
        }
    }
}
