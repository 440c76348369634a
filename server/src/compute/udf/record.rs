//! A record that a UDF reads and modifies.
//!
//! As on a real server, the changes are written only after the function has succeeded, and count as one write.
//! Until then, generation and expiry have their old values.

use std::collections::BTreeMap;

use crate::common::result_code::ResultCode;
use crate::compute::client_value;
use crate::compute::udf::shared::Content;
use crate::compute::udf::value::Value;
use crate::record::bins::{self, BinBuffer};
use crate::record::digest::Digest;
use crate::record::particle;
use crate::record::rules::RecordRules;
use crate::record::view::RecordView;
use crate::record::{Record, SetId, stored_size};

/// Return values of the record functions.
mod status {
    pub(super) const OK: i64 = 0;
    /// `create`: the record already exists. `remove`: the record does not exist.
    pub(super) const REFUSED: i64 = 1;
    /// `update`: the record does not exist.
    pub(super) const MISSING: i64 = -2;
    pub(super) const READ_ONLY: i64 = -1;
}

/// Maximum length of a bin name in bytes. Values of bins with longer names are discarded.
const MAX_BIN_NAME: usize = 15;

/// Maximum time to live in seconds: ten years, as for other writes.
const MAX_TTL: u32 = 10 * 365 * 24 * 60 * 60;

/// Time to live values with a special meaning.
mod ttl {
    pub(super) const NAMESPACE_DEFAULT: u32 = 0;
    pub(super) const NEVER: u32 = u32::MAX;
    pub(super) const DO_NOT_UPDATE: u32 = u32::MAX - 1;
}

#[derive(Debug, Clone)]
pub struct Identity {
    /// Digest of the key.
    pub digest: Digest,
    /// Set name; empty if the record is not in a set.
    pub set: Box<[u8]>,
    /// Particle type and bytes of the key in the request.
    pub key: Option<Box<[u8]>>,
}

/// A record that a UDF works on.
#[derive(Debug)]
pub struct OpenRecord {
    identity: Identity,
    rules: RecordRules,
    now_ms: u64,
    /// The stored record, if it exists.
    stored: Option<Record>,
    read_only: bool,
    /// Whether the record exists, or existed at some point during the function.
    exists: bool,
    /// Whether the record exists now, so that `create` fails.
    present: bool,
    touched: bool,
    /// The encoded bins to write.
    bins: BinBuffer,
    /// Bins that the function has read or changed.
    seen: BTreeMap<Box<[u8]>, Value>,
    /// Bins changed since the last update, in order of change.
    changed: Vec<Box<[u8]>>,
    ttl: u32,
    drops_key: bool,
}

impl Content for OpenRecord {
    type Item = Value;

    fn footprint(&self) -> usize {
        const BIN: usize = 2 * (MAX_BIN_NAME + size_of::<Value>() + 2 * size_of::<Box<[u8]>>());
        self.seen.len() * BIN
    }
}

/// The effect of a UDF on its record.
#[derive(Debug)]
pub enum Change {
    /// The record is unchanged.
    None,
    /// The record is written.
    Written(Record),
    /// The record is removed. Contains the metadata for the reply.
    Removed(Record),
}

impl OpenRecord {
    /// Opens a stored record, or a record that does not exist.
    #[must_use]
    pub fn new(identity: Identity, rules: RecordRules, now_ms: u64, stored: Option<Record>) -> Self {
        let mut bins = BinBuffer::default();
        if let Some(record) = &stored {
            bins.load(&record.bins, record.bin_count);
        }
        Self {
            identity,
            rules,
            now_ms,
            read_only: false,
            exists: stored.is_some(),
            present: stored.is_some(),
            touched: false,
            bins,
            seen: BTreeMap::new(),
            changed: Vec::new(),
            ttl: ttl::NAMESPACE_DEFAULT,
            drops_key: false,
            stored,
        }
    }

    /// Makes the record read-only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Sets the TTL that the record gets unless the function sets another one.
    #[must_use]
    pub fn with_ttl(mut self, ttl: u32) -> Self {
        self.ttl = ttl;
        self
    }

    #[must_use]
    pub fn stored(&self) -> Option<&Record> {
        self.stored.as_ref()
    }

    /// The value of a bin. Repeated calls return the same shared list or map, so changes to it are visible to
    /// all holders.
    pub fn get(&mut self, name: &[u8]) -> Value {
        if let Some(value) = self.seen.get(name) {
            return value.clone();
        }
        let Some(bin) = self.bins.find(name) else {
            return Value::Nil;
        };
        let value = Value::of_particle(bin.value.kind, bin.value.bytes).unwrap_or(Value::Nil);
        self.seen.insert(name.into(), value.clone());
        value
    }

    /// Sets a bin, or removes it if the value is nil.
    pub fn set(&mut self, name: &[u8], value: Value) {
        if name.len() > MAX_BIN_NAME {
            return;
        }
        self.seen.insert(name.into(), value);
        if !self.changed.iter().any(|known| &**known == name) {
            self.changed.push(name.into());
        }
    }

    /// The bin names, without changes since the last update. `None` if the record does not exist.
    #[must_use]
    pub fn names(&self) -> Option<Vec<Vec<u8>>> {
        self.exists
            .then(|| bins::iter(self.bins.encoded()).map(|bin| bin.name.to_vec()).collect())
    }

    /// The number of bins, without changes since the last update.
    #[must_use]
    pub fn bin_count(&self) -> u16 {
        self.bins.count()
    }

    /// The remaining time to live in seconds.
    #[must_use]
    pub fn ttl(&self) -> u32 {
        let void_time = self.stored.as_ref().map_or(0, |record| record.void_time);
        void_time.saturating_sub(self.now_s())
    }

    #[must_use]
    pub fn generation(&self) -> u16 {
        self.stored.as_ref().map_or(0, |record| record.generation)
    }

    /// Time of the last update, in milliseconds since 2010-01-01.
    #[must_use]
    pub fn last_update_time(&self) -> u64 {
        self.stored.as_ref().map_or(0, |record| record.last_update_ms)
    }

    /// The key, if it is stored or was sent with the request.
    #[must_use]
    pub fn key(&self) -> Value {
        if self.drops_key {
            return Value::Nil;
        }
        let stored = self.stored.as_ref().and_then(|record| record.key.as_deref());
        match stored.or(self.identity.key.as_deref()) {
            Some([kind, bytes @ ..]) => Value::of_particle(*kind, bytes).unwrap_or(Value::Nil),
            _ => Value::Nil,
        }
    }

    #[must_use]
    pub fn digest(&self) -> Value {
        Value::bytes(particle::kind::BLOB, &self.identity.digest.0)
    }

    /// The set name. `None` if the record does not exist or is not in a set.
    #[must_use]
    pub fn set_name(&self) -> Option<&[u8]> {
        self.exists
            .then_some(&*self.identity.set)
            .filter(|name| !name.is_empty())
    }

    /// The record size in bytes, as in expressions.
    #[must_use]
    pub fn size(&self) -> i64 {
        self.stored.as_ref().map_or(0, |record| {
            let view = RecordView::of(record, &self.identity.digest, &self.identity.set, self.now_ms);
            i64::try_from(view.record_size()).unwrap_or(i64::MAX)
        })
    }

    /// Sets the time to live for the write.
    pub fn set_ttl(&mut self, ttl: i64) {
        let [.., a, b, c, d] = ttl.to_be_bytes();
        self.ttl = u32::from_be_bytes([a, b, c, d]);
    }

    /// Removes the key from the record when it is written.
    pub fn drop_key(&mut self) {
        self.drops_key = true;
    }

    /// Whether the record exists, or existed at some point during the function.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.exists
    }

    /// Creates the record. Fails if it already exists.
    pub fn create(&mut self) -> i64 {
        if self.read_only {
            return status::READ_ONLY;
        }
        if self.present {
            return status::REFUSED;
        }
        self.exists = true;
        self.write()
    }

    /// Applies the changes to the bins that will be written.
    pub fn update(&mut self) -> i64 {
        if self.read_only {
            return status::READ_ONLY;
        }
        if !self.exists {
            return status::MISSING;
        }
        self.write()
    }

    pub fn remove(&mut self) -> i64 {
        if self.read_only {
            return status::READ_ONLY;
        }
        if !self.exists {
            return status::REFUSED;
        }
        self.present = false;
        self.touched = true;
        self.bins.clear();
        self.seen.clear();
        self.changed.clear();
        status::OK
    }

    fn write(&mut self) -> i64 {
        self.present = true;
        self.touched = true;
        for name in std::mem::take(&mut self.changed) {
            match self.seen.get(&name) {
                None | Some(Value::Nil) => self.bins.swap_remove(&name),
                Some(value) => {
                    if !self.is_stored(&name, value)
                        && let Ok((kind, bytes)) = value.to_particle()
                    {
                        store(&mut self.bins, &name, kind, &bytes);
                    }
                }
            }
        }
        status::OK
    }

    /// Whether a list or map equals the stored one, which is then kept unchanged, including its order.
    fn is_stored(&self, name: &[u8], value: &Value) -> bool {
        if !matches!(value, Value::List(_) | Value::Map(_)) {
            return false;
        }
        let stored = self.bins.find(name);
        let stored = stored.and_then(|bin| Value::of_particle(bin.value.kind, bin.value.bytes));
        stored.is_some_and(|stored| {
            std::mem::discriminant(&stored) == std::mem::discriminant(value)
                && stored.to_msgpack().is_ok_and(|stored| Ok(stored) == value.to_msgpack())
        })
    }

    /// The effect on the stored record, after the function has returned.
    ///
    /// # Errors
    /// Returns the result code to send to the client if the record cannot be written.
    pub fn finish(&mut self) -> Result<Change, ResultCode> {
        if !self.touched {
            return Ok(Change::None);
        }
        if !matches!(self.ttl, ttl::NEVER | ttl::DO_NOT_UPDATE | 0..=MAX_TTL) {
            return Err(ResultCode::PARAMETER);
        }
        let old = self.stored.as_ref();
        let key = old.map_or(self.identity.key.as_deref(), |record| record.key.as_deref());
        let key = key.filter(|_| !self.drops_key);
        if stored_size(self.bins.encoded(), key) > self.rules.max_record_size {
            return Err(ResultCode::RECORD_TOO_BIG);
        }
        // The set id is assigned when the record is stored.
        let mut record = Record::new(old.map_or(SetId(0), |record| record.set));
        record.generation = old.map_or(1, Record::next_generation);
        record.void_time = self.void_time();
        record.last_update_ms = self.now_ms;
        record.bin_count = self.bins.count();
        record.bins = self.bins.encoded().to_vec();
        record.key = key.map(Into::into);
        match (record.bin_count, old) {
            (0, None) => Err(ResultCode::NOT_FOUND),
            (0, Some(_)) => Ok(Change::Removed(record)),
            _ => Ok(Change::Written(record)),
        }
    }

    fn void_time(&self) -> u32 {
        let seconds = match (self.ttl, &self.stored) {
            (ttl::NEVER, _) => 0,
            (ttl::DO_NOT_UPDATE, Some(record)) => return record.void_time,
            (ttl::DO_NOT_UPDATE | ttl::NAMESPACE_DEFAULT, _) => self.rules.default_ttl,
            (seconds, _) => seconds,
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

/// Stores a value in its stored form. Values that are not valid for their type are left out.
fn store(bins: &mut BinBuffer, name: &[u8], kind: u8, bytes: &[u8]) {
    let mut buffer = Vec::new();
    let value = match client_value::to_stored(kind, bytes, &mut buffer) {
        Ok(value) => value,
        // UDFs may store text that is not valid GeoJSON.
        Err(_) if kind == particle::kind::GEOJSON => particle::Value { kind, bytes },
        Err(_) => return,
    };
    bins.set(name, value);
}
