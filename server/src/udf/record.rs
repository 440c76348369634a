//! A record in the hands of a function: read, changed, and written when the function says so.

use std::collections::BTreeMap;

use crate::bins::{self, BinBuffer};
use crate::clock::EPOCH_UNIX_MS;
use crate::digest::Digest;
use crate::namespace::NamespaceRules;
use crate::particle;
use crate::record::{Record, SetId, stored_size};
use crate::udf::value::Value;

/// What a record's function is told of a failure.
mod status {
    pub(super) const OK: i64 = 0;
    pub(super) const FAILED: i64 = -1;
    pub(super) const EXISTS: i64 = -1;
}

/// Longest name of a bin.
const MAX_BIN_NAME: usize = 15;

/// Times to live with a meaning of their own.
mod ttl {
    pub(super) const NEVER: i64 = -1;
    pub(super) const DO_NOT_UPDATE: i64 = -2;
}

/// A record that a function works with.
#[derive(Debug)]
pub struct Open {
    /// What it is.
    pub identity: Identity,
    /// The namespace's rules.
    pub rules: NamespaceRules,
    /// The time, in milliseconds since 2010-01-01.
    pub now_ms: u64,
    /// The record as it is in the database, if it is there.
    pub stored: Option<Record>,
    /// Whether the function wrote or removed it.
    pub touched: bool,
    /// Whether it may be written.
    pub read_only: bool,
    bins: BTreeMap<Box<[u8]>, Cached>,
    ttl: Option<i64>,
    drops_key: bool,
}

/// What distinguishes a record from others.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its digest.
    pub digest: Digest,
    /// Its set's name; empty when it is in none.
    pub set: Box<[u8]>,
    /// Particle type and bytes of the key that came with the request.
    pub key: Option<Box<[u8]>>,
}

/// A bin that was looked at or changed.
#[derive(Debug)]
struct Cached {
    value: Value,
    changed: bool,
}

impl Open {
    /// A record as it is stored, or one that is not.
    #[must_use]
    pub fn new(identity: Identity, rules: NamespaceRules, now_ms: u64, stored: Option<Record>) -> Self {
        Self {
            identity,
            rules,
            now_ms,
            stored,
            touched: false,
            read_only: false,
            bins: BTreeMap::new(),
            ttl: None,
            drops_key: false,
        }
    }

    /// A bin's value.
    pub fn get(&mut self, name: &[u8]) -> Value {
        if let Some(bin) = self.bins.get(name) {
            return bin.value.clone();
        }
        let Some(value) = self.stored_bin(name) else {
            return Value::Nil;
        };
        let changed = false;
        let cached = Cached {
            value: value.clone(),
            changed,
        };
        self.bins.insert(name.into(), cached);
        value
    }

    fn stored_bin(&self, name: &[u8]) -> Option<Value> {
        let bin = bins::find(&self.stored.as_ref()?.bins, name)?;
        Value::of_particle(bin.value.kind, bin.value.bytes)
    }

    /// Sets a bin, or removes it when the value is nil. It is written by [`Self::update`].
    pub fn set(&mut self, name: &[u8], value: Value) {
        self.bins.insert(name.into(), Cached { value, changed: true });
    }

    /// The names of the bins that are not nil.
    #[must_use]
    pub fn names(&self) -> Vec<Vec<u8>> {
        let stored = self.stored.as_ref().map_or(&[][..], |record| &record.bins);
        let mut names: Vec<Vec<u8>> = bins::iter(stored).map(|bin| bin.name.to_vec()).collect();
        for (name, bin) in &self.bins {
            let nil = matches!(bin.value, Value::Nil);
            match names.iter().position(|known| known == &**name) {
                Some(place) if nil => {
                    names.remove(place);
                }
                None if !nil => names.push(name.to_vec()),
                _ => {}
            }
        }
        names
    }

    /// Seconds that are left of the record's time.
    #[must_use]
    pub fn ttl(&self) -> u32 {
        let void_time = self.stored.as_ref().map_or(0, |record| record.void_time);
        void_time.saturating_sub(self.now_s())
    }

    /// The generation.
    #[must_use]
    pub fn generation(&self) -> u16 {
        self.stored.as_ref().map_or(0, |record| record.generation)
    }

    /// When it was last written, in milliseconds since 1970.
    #[must_use]
    pub fn last_update_time(&self) -> u64 {
        self.stored
            .as_ref()
            .map_or(0, |record| record.last_update_ms + EPOCH_UNIX_MS)
    }

    /// The key, if it is stored or came with the request.
    #[must_use]
    pub fn key(&self) -> Value {
        let stored = self.stored.as_ref().and_then(|record| record.key.as_deref());
        match stored.or(self.identity.key.as_deref()) {
            Some([kind, bytes @ ..]) => Value::of_particle(*kind, bytes).unwrap_or(Value::Nil),
            _ => Value::Nil,
        }
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> Value {
        Value::bytes(particle::kind::BLOB, &self.identity.digest.0)
    }

    /// The set's name.
    #[must_use]
    pub fn set_name(&self) -> &[u8] {
        &self.identity.set
    }

    /// The bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.stored
            .as_ref()
            .map_or(0, |record| stored_size(&record.bins, record.key.as_deref()))
    }

    /// Sets the time to live that the next write gives.
    pub fn set_ttl(&mut self, ttl: i64) {
        self.ttl = Some(ttl);
    }

    /// Makes the next write forget the key.
    pub fn drop_key(&mut self) {
        self.drops_key = true;
    }

    /// Whether the record is in the database.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.stored.is_some()
    }

    /// Puts the record in the database, in which it must not be yet.
    pub fn create(&mut self) -> i64 {
        if self.stored.is_some() {
            return status::EXISTS;
        }
        self.write()
    }

    /// Writes what was changed.
    pub fn update(&mut self) -> i64 {
        self.write()
    }

    /// Removes the record from the database.
    pub fn remove(&mut self) -> i64 {
        if self.read_only || self.stored.is_none() {
            return status::FAILED;
        }
        self.stored = None;
        self.touched = true;
        self.bins.clear();
        status::OK
    }

    fn write(&mut self) -> i64 {
        if self.read_only {
            return status::FAILED;
        }
        let Some(record) = self.written() else {
            return status::FAILED;
        };
        self.touched = true;
        self.stored = record;
        for bin in self.bins.values_mut() {
            bin.changed = false;
        }
        status::OK
    }

    /// The record with what was changed, or none if that left nothing of it. Nothing if it cannot be.
    fn written(&self) -> Option<Option<Record>> {
        let mut buffer = BinBuffer::default();
        if let Some(stored) = &self.stored {
            buffer.load(&stored.bins, stored.bin_count);
        }
        for (name, bin) in self.bins.iter().filter(|(_, bin)| bin.changed) {
            if name.is_empty() || name.len() > MAX_BIN_NAME {
                return None;
            }
            if matches!(bin.value, Value::Nil) {
                buffer.remove(name);
                continue;
            }
            let (kind, bytes) = bin.value.to_particle().ok()?;
            let mut accepted = Vec::new();
            buffer.set(name, particle::accept(kind, &bytes, &mut accepted).ok()?);
        }
        let old = self.stored.as_ref();
        let key = old.map_or(self.identity.key.as_deref(), |record| record.key.as_deref());
        let key = key.filter(|_| !self.drops_key);
        if stored_size(buffer.encoded(), key) > self.rules.max_record_size {
            return None;
        }
        if buffer.count() == 0 {
            return Some(None);
        }
        // The set is numbered when the record goes to its partition.
        let mut record = Record::new(old.map_or(SetId(0), |record| record.set));
        record.generation = old.map_or(1, Record::next_generation);
        record.void_time = self.void_time();
        record.last_update_ms = self.now_ms;
        record.bin_count = buffer.count();
        record.bins = buffer.encoded().to_vec();
        record.key = key.map(Into::into);
        Some(Some(record))
    }

    fn void_time(&self) -> u32 {
        let seconds = match self.ttl {
            Some(ttl::NEVER) => return 0,
            Some(ttl::DO_NOT_UPDATE) => match &self.stored {
                Some(record) => return record.void_time,
                None => self.rules.default_ttl,
            },
            None | Some(0) => self.rules.default_ttl,
            Some(seconds) => u32::try_from(seconds).unwrap_or(self.rules.default_ttl),
        };
        if seconds == 0 {
            0
        } else {
            self.now_s().saturating_add(seconds)
        }
    }

    fn now_s(&self) -> u32 {
        u32::try_from(self.now_ms / 1000).unwrap_or(u32::MAX)
    }
}
