//! What a query wants of which index.

use std::sync::Arc;

use crate::cdt::Context;
use crate::exp::Expression;
use crate::index::{Definition, Index, Part, Predicate, Source, ValueKind};
use crate::namespace::Namespace;
use crate::particle::kind;
use crate::proto::cursor::Cursor;
use crate::proto::field::IndexFields;
use crate::record::SetId;
use crate::result_code::ResultCode;

/// Longest name of a bin.
const MAX_BIN_NAME: usize = 15;

/// Values that are wanted, and the index that has them.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) index: Arc<Index>,
    pub(super) predicate: Predicate,
}

/// Finds the index that a query needs; nothing when it needs none.
pub(super) fn find(
    namespace: &Namespace,
    set: Option<SetId>,
    fields: &IndexFields<'_>,
) -> Result<Option<Condition>, ResultCode> {
    let Some(range) = fields.range else {
        return Ok(None);
    };
    let (bin, kind, predicate) = parse_range(range).ok_or(ResultCode::PARAMETER)??;
    let part = match fields.part {
        None => Part::Whole,
        Some([code]) => Part::from_code(*code).ok_or(ResultCode::PARAMETER)?,
        Some(_) => return Err(ResultCode::PARAMETER),
    };
    let index = match fields.name {
        Some(name) => namespace.indexes().named(name),
        None => {
            let source = match (fields.expression, fields.context) {
                (Some(expression), _) => Source::Expression(Expression::compile(expression)?),
                (None, Some(context)) => Source::Bin(bin.into(), Some(Context::parse(context)?)),
                (None, None) => Source::Bin(bin.into(), None),
            };
            by_definition(
                namespace,
                Definition {
                    set,
                    kind,
                    part,
                    source,
                },
            )
        }
    };
    let index = index.ok_or(ResultCode::INDEX_NOT_FOUND)?;
    if !predicate.fits(index.definition().kind) {
        return Err(ResultCode::PARAMETER);
    }
    if !index.is_ready() {
        return Err(ResultCode::INDEX_NOT_READABLE);
    }
    Ok(Some(Condition { index, predicate }))
}

/// The index of the set, or else one of the whole namespace.
fn by_definition(namespace: &Namespace, mut wanted: Definition) -> Option<Arc<Index>> {
    let all = namespace.indexes().all();
    let find = |wanted: &Definition| all.iter().find(|index| index.definition().is_like(wanted)).cloned();
    find(&wanted).or_else(|| {
        wanted.set.take()?;
        find(&wanted)
    })
}

type Range<'a> = (&'a [u8], ValueKind, Predicate);

/// `u8 1, u8 length, bin, u8 particle type, u32 size, first, u32 size, last`.
fn parse_range(range: &[u8]) -> Option<Result<Range<'_>, ResultCode>> {
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
    let predicate = match particle {
        kind::INTEGER => {
            let first = i64::from_be_bytes(first.try_into().ok()?);
            let last = i64::from_be_bytes(last.try_into().ok()?);
            if first > last {
                return None;
            }
            Predicate::between(first, last)
        }
        kind::GEOJSON => match Predicate::geo(first) {
            Some(predicate) => predicate,
            None => return Some(Err(ResultCode::GEO_INVALID)),
        },
        _ => Predicate::equal(first),
    };
    Some(Ok((bin, kind, predicate)))
}
