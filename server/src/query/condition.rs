//! The index condition of a query.

use std::sync::Arc;

use crate::common::result_code::ResultCode;
use crate::compute::cdt::ContextPath;
use crate::proto::cursor::Cursor;
use crate::proto::field::IndexFields;
use crate::record::SetId;
use crate::store::index::{Definition, Index, Part, Predicate, Source, ValueKind};
use crate::store::namespace::Namespace;

/// Maximum length of a bin name, in bytes.
const MAX_BIN_NAME: usize = 15;

/// A query predicate, and the index to search.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) index: Arc<Index>,
    pub(super) predicate: Predicate,
}

/// Finds the index that a query needs. Returns `None` if it needs no index.
pub(super) fn find(
    namespace: &Namespace,
    set: Option<SetId>,
    fields: &IndexFields<'_>,
) -> Result<Option<Condition>, ResultCode> {
    let Some(range) = fields.range else {
        return Ok(None);
    };
    let Range { bin, kind, predicate } = parse_range(range).ok_or(ResultCode::PARAMETER)?;
    let part = match fields.part {
        None => Some(Part::Whole),
        Some(code) => Part::from_code(*code.first().ok_or(ResultCode::PARAMETER)?),
    };
    // The index is identified by exactly one of name, expression and bin.
    let context = fields.context.map(ContextPath::parse).transpose()?;
    let index = match (fields.name, fields.expression, bin) {
        (Some(name), None, []) => namespace.indexes().named(name),
        (None, Some(expression), []) => find_like(
            namespace,
            set,
            kind,
            part,
            |source| matches!(source, Source::Expression(other) if other.source() == expression),
        ),
        (None, None, [_, ..]) => find_like(
            namespace,
            set,
            kind,
            part,
            |source| matches!(source, Source::Bin(name, path) if **name == *bin && *path == context),
        ),
        _ => return Err(ResultCode::PARAMETER),
    };
    let index = index.ok_or(ResultCode::INDEX_NOT_FOUND)?;
    if !index.is_ready() {
        return Err(ResultCode::INDEX_NOT_READABLE);
    }
    Ok(Some(Condition { index, predicate }))
}

/// An index of the set or, if there is none, of the whole namespace.
fn find_like(
    namespace: &Namespace,
    set: Option<SetId>,
    kind: ValueKind,
    part: Option<Part>,
    is_source: impl Fn(&Source) -> bool,
) -> Option<Arc<Index>> {
    let part = part?;
    let all = namespace.indexes().all();
    let find = |set| {
        let is_like = |definition: &Definition| {
            definition.set == set && definition.kind == kind && definition.part == part && is_source(&definition.source)
        };
        all.iter().find(|index| is_like(index.definition())).cloned()
    };
    find(set).or_else(|| find(None))
}

/// A bin, and the range of values to find in it.
struct Range<'a> {
    /// Empty if the index is identified by other means.
    bin: &'a [u8],
    kind: ValueKind,
    predicate: Predicate,
}

/// Parses `u8 1, u8 length, bin, u8 particle type, u32 size, first, u32 size, last`.
fn parse_range(range: &[u8]) -> Option<Range<'_>> {
    let mut cursor = Cursor::new(range);
    let [1, size] = cursor.array()? else {
        return None;
    };
    let bin = cursor.take(usize::from(size)).filter(|bin| bin.len() <= MAX_BIN_NAME)?;
    let particle = cursor.u8()?;
    let size = usize::try_from(cursor.u32()?).ok()?;
    let first = cursor.take(size)?;
    let size = usize::try_from(cursor.u32()?).ok()?;
    let last = cursor.take(size)?;
    let kind = ValueKind::of_particle(particle)?;
    let predicate = match kind {
        ValueKind::Numeric => {
            let first = i64::from_be_bytes(first.try_into().ok()?);
            let last = i64::from_be_bytes(last.try_into().ok()?);
            if first > last {
                return None;
            }
            Predicate::between(first, last)
        }
        ValueKind::Geo => Predicate::geo(first)?,
        ValueKind::String | ValueKind::Blob => Predicate::equal(first),
    };
    Some(Range { bin, kind, predicate })
}
