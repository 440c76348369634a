//! Query predicates on an index.

use super::definition::Definition;
use super::value::{Indexed, hash, values};
use crate::compute::geo;
use crate::record::view::RecordView;

/// The ranges of index keys to search, and the condition that found values must satisfy.
#[derive(Debug)]
pub struct Predicate {
    ranges: Vec<(i64, i64)>,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    /// All values within the ranges match.
    Range,
    /// Exactly these bytes match. Other values may have the same hash.
    Bytes(Box<[u8]>),
    /// Points in this region, or regions around this point.
    Geo(geo::Query),
}

impl Predicate {
    /// Integers in a range; both bounds are inclusive.
    #[must_use]
    pub fn between(first: i64, last: i64) -> Self {
        Self {
            ranges: vec![(first, last)],
            wanted: Wanted::Range,
        }
    }

    /// Strings or blobs equal to `bytes`.
    #[must_use]
    pub fn equal(bytes: &[u8]) -> Self {
        let hash = hash(bytes);
        Self {
            ranges: vec![(hash, hash)],
            wanted: Wanted::Bytes(bytes.into()),
        }
    }

    /// Points in a region, or regions around a point. Returns `None` if the GeoJSON is malformed.
    #[must_use]
    pub fn geo(text: &[u8]) -> Option<Self> {
        let query = geo::Query::parse(text)?;
        let mut ranges: Vec<_> = query
            .ranges()
            .into_iter()
            .map(|(first, last)| (first.cast_signed(), last.cast_signed()))
            .collect();
        ranges.sort_unstable();
        Some(Self {
            ranges,
            wanted: Wanted::Geo(query),
        })
    }

    /// The ranges of index keys to search, in ascending order.
    #[must_use]
    pub fn ranges(&self) -> &[(i64, i64)] {
        &self.ranges
    }

    /// The lowest index key of a record's matching values, or `None` if the record does not match. A query
    /// returns a record with several matching values only once: at its lowest key.
    #[must_use]
    pub fn first_of(&self, definition: &Definition, view: &RecordView<'_>) -> Option<i64> {
        let mut first: Option<i64> = None;
        values(definition, view, |value| {
            if !self.matches_value(&value) {
                return;
            }
            value.keys(|key| {
                let within = self.ranges.iter().any(|(min, max)| (min..=max).contains(&&key));
                if within && first.is_none_or(|first| key < first) {
                    first = Some(key);
                }
            });
        });
        first
    }

    fn matches_value(&self, value: &Indexed<'_>) -> bool {
        match (&self.wanted, value) {
            (Wanted::Range, Indexed::Int(_)) => true,
            (Wanted::Bytes(wanted), Indexed::Bytes(bytes)) => **wanted == **bytes,
            (Wanted::Geo(query), Indexed::Geo(text)) => query.matches(text),
            (Wanted::Geo(query), Indexed::StoredGeo(stored)) => {
                geo::stored_text(stored).is_some_and(|text| query.matches(text))
            }
            _ => false,
        }
    }
}
