//! The `where` filter of a query, as `lib/query/filter.ts` encodes it. The core's builders panic on values that an
//! index cannot contain, so these are rejected first.

use aerospike_core::expressions::from_packed_bytes;
use aerospike_core::{CollectionIndexType, Value, query::Filter};

use super::{context, value};
use crate::catalog::formats::{collection_type, filter_kind};
use crate::common::errors::Failure;
use crate::wire::Reader;

/// Reads a filter: its kind, whether a bin (0) or an index (1) is
/// named, the name, the indexed collection type, the values, the context and the expression.
///
/// # Errors
/// The body ends early, or a value cannot be in an index.
pub fn read(reader: &mut Reader<'_>) -> Result<Filter, Failure> {
    let kind = reader.u8()?;
    let by_index = reader.u8()? != 0;
    let name = reader.text()?.to_owned();
    let collection = match reader.u8()? {
        collection_type::DEFAULT => CollectionIndexType::Default,
        collection_type::LIST => CollectionIndexType::List,
        collection_type::MAP_KEYS => CollectionIndexType::MapKeys,
        collection_type::MAP_VALUES => CollectionIndexType::MapValues,
        other => return Err(Failure::client(format!("the index type {other} is unknown"))),
    };
    let filter = match kind {
        filter_kind::VALUE => {
            let value = comparable(reader)?;
            if by_index {
                Filter::contains_by_index(name, value, collection)
            } else {
                Filter::contains(name, value, collection)
            }
        }
        filter_kind::RANGE => {
            let (begin, end) = (comparable(reader)?, comparable(reader)?);
            if by_index {
                Filter::contains_range_by_index(name, begin, end, collection)
            } else {
                Filter::contains_range(name, begin, end, collection)
            }
        }
        _ => {
            let json = reader.text()?;
            let filter = if by_index {
                Filter::geo_within_region_by_index(name, json)
            } else {
                Filter::geo_within_region(name, json)
            };
            filter.collection_type(collection)
        }
    };
    let (packed, expression) = (reader.blob()?, reader.blob()?);
    let filter = if packed.is_empty() {
        filter
    } else {
        filter.context(context::read(packed)?)
    };
    Ok(if expression.is_empty() {
        filter
    } else {
        filter.expression(from_packed_bytes(expression.to_vec()))
    })
}

fn comparable(reader: &mut Reader<'_>) -> Result<Value, Failure> {
    match value::read(reader)? {
        value @ (Value::Int(_) | Value::String(_) | Value::Blob(_)) => Ok(value),
        _ => Err(Failure::invalid(
            "an index holds integers, strings and bytes, nothing else",
        )),
    }
}
