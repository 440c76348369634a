//! Operations that exist for lists only.

use std::collections::BTreeSet;

use super::Outcome;
use super::call::Arguments;
use super::code::list as code;
use super::list::{List, Ordered, head};
use super::number::Number;
use super::select::{clip, place, wrapped};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{compare, marker, write};
use crate::record::particle::kind;

/// Write flags of a list policy.
#[derive(Debug, Clone, Copy)]
struct WriteFlags(i64);

impl WriteFlags {
    /// Rejects elements that are already in the list.
    fn add_unique(self) -> bool {
        self.0 & 1 != 0
    }

    /// Rejects insertions past the end of the list; directly after the last element is allowed.
    fn insert_bounded(self) -> bool {
        self.0 & 2 != 0
    }

    /// Skips rejected elements instead of failing.
    fn no_fail(self) -> bool {
        self.0 & 4 != 0
    }

    /// Writes the accepted elements even if others are rejected.
    fn partial(self) -> bool {
        self.0 & 8 != 0
    }
}

/// Flags of the sort operation.
mod sort_flag {
    pub(super) const DESCENDING: i64 = 1;
    pub(super) const DROP_DUPLICATES: i64 = 2;
}

/// Performs an operation that reads a list.
pub(super) fn read(op: u8, arguments: &Arguments<'_>, bytes: &[u8]) -> Result<Outcome, ResultCode> {
    if op == code::SIZE {
        let (_, count, _) = head(bytes)?;
        return Ok(answer_size(count));
    }
    let list = List::parse(bytes)?;
    let from = wrapped(arguments.int(0)?, list.len());
    if op == code::GET {
        let found = usize::try_from(from).ok().and_then(|at| list.items.get(at));
        let item = found.ok_or(ResultCode::NOT_APPLICABLE)?;
        return Ok(Outcome::answer(item.to_vec()));
    }
    let range = clip(from, arguments, 1, list.len())?;
    Ok(Outcome::answer(encode_part(list.items.get(range).unwrap_or_default())))
}

/// Performs an operation that modifies a list, or creates it if the bin does not exist.
pub(super) fn modify(op: u8, arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    match op {
        code::SET_TYPE => set_type(arguments, bytes),
        code::APPEND | code::APPEND_ITEMS => append(op, arguments, bytes),
        code::INSERT | code::INSERT_ITEMS => insert(op, arguments, bytes),
        code::SET => set(arguments, parse(bytes)?),
        code::INCREMENT => increment(arguments, bytes),
        code::CLEAR => {
            let mut list = parse(bytes)?;
            list.items.clear();
            Ok(changed(&list, None))
        }
        code::SORT => sort(arguments, parse(bytes)?),
        code::POP | code::REMOVE | code::POP_RANGE | code::REMOVE_RANGE | code::TRIM => {
            remove(op, arguments, parse(bytes)?)
        }
        _ => Err(ResultCode::PARAMETER),
    }
}

fn parse(bytes: Option<&[u8]>) -> Result<List<'_>, ResultCode> {
    Ok(bytes.map(List::parse).transpose()?.unwrap_or_default())
}

fn changed(list: &List<'_>, answer: Option<Vec<u8>>) -> Outcome {
    Outcome {
        answer,
        changed: Some((kind::LIST, list.encode())),
    }
}

fn changed_size(list: &List<'_>) -> Outcome {
    changed(list, answer_size(list.len()).answer)
}

fn answer_size(size: usize) -> Outcome {
    let mut out = Vec::new();
    write::size(&mut out, size);
    Outcome::answer(out)
}

fn encode_part(items: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    write::list_head(&mut out, 0, items.len());
    for item in items {
        out.extend_from_slice(item);
    }
    out
}

fn set_type(arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let known = i64::from(marker::ORDERED | marker::PERSIST_INDEX);
    let flags = arguments.int(0)?;
    if flags & !known != 0 {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    let mut list = parse(bytes)?;
    let ordered = flags & i64::from(marker::ORDERED) != 0;
    if ordered && !list.ordered {
        list.sort();
    }
    list.ordered = ordered;
    Ok(changed(&list, None))
}

fn asks_for_order(order: i64) -> bool {
    order & i64::from(marker::ORDERED) != 0
}

/// The empty list that an operation with create semantics leaves in a bin that does not exist, if it does
/// nothing else.
pub(super) fn empty(op: u8, arguments: &Arguments<'_>) -> Result<Vec<u8>, ResultCode> {
    let list = List {
        ordered: match op {
            code::APPEND | code::APPEND_ITEMS => asks_for_order(arguments.int_or(1, 0)?),
            code::INCREMENT => asks_for_order(arguments.int_or(2, 0)?),
            _ => false,
        },
        items: Vec::new(),
    };
    Ok(list.encode())
}

fn append(op: u8, arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let order = arguments.int_or(1, 0)?;
    let flags = WriteFlags(arguments.int_or(2, 0)?);
    let value = arguments.value(0)?;
    if let (code::APPEND, Some(bytes), false) = (op, bytes, flags.add_unique()) {
        let (ordered, count, items) = head(bytes)?;
        if !ordered {
            return Ok(append_plain(count, items, &value));
        }
    }
    let mut list = parse(bytes)?;
    if bytes.is_none() {
        list.ordered = asks_for_order(order);
    }
    let new = if op == code::APPEND {
        vec![value.as_slice()]
    } else {
        List::parse(&value)?.items
    };
    let nothing = bytes.is_some() && new.is_empty();
    let Some(new) = allowed(&list, new, flags)?.filter(|_| !nothing) else {
        return Ok(answer_size(list.len()));
    };
    list.add_all(new);
    Ok(changed_size(&list))
}

/// Appends a value without parsing the existing elements.
fn append_plain(count: usize, items: &[u8], value: &[u8]) -> Outcome {
    let mut out = Vec::with_capacity(items.len() + value.len() + 5);
    write::list_head(&mut out, 0, count + 1);
    out.extend_from_slice(items);
    out.extend_from_slice(value);
    Outcome {
        answer: answer_size(count + 1).answer,
        changed: Some((kind::LIST, out)),
    }
}

/// The elements that may be added. `None` if nothing is to be added and that is not an error.
fn allowed<'a>(list: &List<'_>, new: Vec<&'a [u8]>, flags: WriteFlags) -> Result<Option<Vec<&'a [u8]>>, ResultCode> {
    if !flags.add_unique() {
        return Ok(Some(new));
    }
    let existing: Option<BTreeSet<_>> = (new.len() > 1).then(|| list.items.iter().map(|item| Ordered(item)).collect());
    let mut seen = BTreeSet::new();
    let mut added = Vec::new();
    let mut failure = None;
    for item in new {
        let twice = !seen.insert(Ordered(item));
        let exists = match &existing {
            Some(existing) => existing.contains(&Ordered(item)),
            None => list.contains(item),
        };
        if !exists && !twice {
            added.push(item);
        } else if twice && list.ordered {
            // For an ordered list, the sent elements are checked before the list is.
            failure = Some(ResultCode::NOT_APPLICABLE);
        } else {
            failure = failure.or(Some(if exists {
                ResultCode::ELEMENT_EXISTS
            } else {
                ResultCode::NOT_APPLICABLE
            }));
        }
    }
    match failure {
        Some(failure) if !flags.no_fail() => Err(failure),
        Some(_) if !flags.partial() => Ok(None),
        _ => Ok(Some(added)),
    }
}

fn insert(op: u8, arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let mut list = parse(bytes)?;
    let at = arguments.int(0)?;
    let value = arguments.value(1)?;
    let flags = WriteFlags(arguments.int_or(2, 0)?);
    let new = if op == code::INSERT {
        vec![value.as_slice()]
    } else {
        List::parse(&value)?.items
    };
    if list.ordered {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    if new.is_empty() {
        return Ok(match bytes {
            Some(_) => answer_size(list.len()),
            None => changed_size(&list),
        });
    }
    let at = place(at, list.len())?;
    if at > list.len() && flags.insert_bounded() {
        return refused(flags, answer_size(list.len()));
    }
    let Some(new) = allowed(&list, new, flags)? else {
        return Ok(answer_size(list.len()));
    };
    if new.is_empty() {
        return Ok(answer_size(list.len()));
    }
    list.pad(at)?;
    let rest = list.items.split_off(at);
    let whole: Vec<&[u8]> = list.items.iter().copied().chain(new).chain(rest).collect();
    let list = List {
        ordered: false,
        items: whole,
    };
    Ok(changed_size(&list))
}

/// Returns the unchanged list if the no-fail flag is set, otherwise an error.
fn refused(flags: WriteFlags, unchanged: Outcome) -> Result<Outcome, ResultCode> {
    if flags.no_fail() {
        Ok(unchanged)
    } else {
        Err(ResultCode::NOT_APPLICABLE)
    }
}

fn set(arguments: &Arguments<'_>, mut list: List<'_>) -> Result<Outcome, ResultCode> {
    let value = arguments.value(1)?;
    let flags = WriteFlags(arguments.int_or(2, 0)?);
    let at = arguments.int(0)?;
    if list.ordered {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    let at = place(at, list.len())?;
    if at > list.len() && flags.insert_bounded() {
        return refused(flags, Outcome::default());
    }
    if flags.add_unique() && exists_elsewhere(&list, &value, at) {
        return if flags.no_fail() {
            Ok(Outcome::default())
        } else {
            Err(ResultCode::ELEMENT_EXISTS)
        };
    }
    list.pad(at.saturating_add(1))?;
    Ok(changed(&replaced(&list, at, &value), None))
}

/// Whether an element at any other position has this value.
fn exists_elsewhere(list: &List<'_>, value: &[u8], at: usize) -> bool {
    let mut others = list.items.iter().enumerate().filter(|(position, _)| *position != at);
    others.any(|(_, item)| compare(item, value).is_eq())
}

fn replaced<'a>(list: &List<'a>, at: usize, value: &'a [u8]) -> List<'a> {
    let mut items = list.items.clone();
    if let Some(place) = items.get_mut(at) {
        *place = value;
    }
    List {
        ordered: list.ordered,
        items,
    }
}

fn increment(arguments: &Arguments<'_>, bytes: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let order = arguments.int_or(2, 0)?;
    let mut list = parse(bytes)?;
    if bytes.is_none() {
        list.ordered = asks_for_order(order);
    }
    let flags = WriteFlags(arguments.int_or(3, 0)?);
    let at = place(arguments.int(0)?, list.len())?;
    let step = Number::parse_step(arguments.get(1))?;
    let old = list.items.get(at).copied();
    let sum = match old {
        Some(old) => Number::parse(old)?.plus(step),
        None => step,
    };
    let sum = sum.encode();
    if at > list.len() && list.ordered {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    if at > list.len() && flags.insert_bounded() {
        return refused(flags, Outcome::answer(sum));
    }
    let differs = !list.ordered || old.is_none_or(|old| !compare(old, &sum).is_eq());
    if flags.add_unique() && differs && exists_elsewhere(&list, &sum, at) {
        return if flags.no_fail() {
            Ok(Outcome::answer(sum))
        } else {
            Err(ResultCode::ELEMENT_EXISTS)
        };
    }
    list.pad(at.saturating_add(1))?;
    let mut list = replaced(&list, at, &sum);
    if list.ordered {
        list.sort();
    }
    Ok(changed(&list, Some(sum.clone())))
}

fn sort(arguments: &Arguments<'_>, mut list: List<'_>) -> Result<Outcome, ResultCode> {
    let flags = arguments.int_or(0, 0)?;
    let descending = flags & sort_flag::DESCENDING != 0;
    let unique = flags & sort_flag::DROP_DUPLICATES != 0;
    if descending && !list.ordered {
        list.items.sort_by(|a, b| compare(b, a));
    } else {
        list.sort();
    }
    if unique {
        list.items.dedup_by(|a, b| compare(a, b).is_eq());
        if descending && !list.ordered && list.len() > 1 {
            // A real server does not support both at once.
            return Err(ResultCode::PARAMETER);
        }
    }
    Ok(changed(&list, None))
}

fn remove(op: u8, arguments: &Arguments<'_>, mut list: List<'_>) -> Result<Outcome, ResultCode> {
    let from = wrapped(arguments.int(0)?, list.len());
    let single = matches!(op, code::POP | code::REMOVE);
    let range = if single {
        let at = usize::try_from(from).ok().filter(|at| *at < list.len());
        let at = at.ok_or(ResultCode::NOT_APPLICABLE)?;
        at..at + 1
    } else {
        clip(from, arguments, 1, list.len())?
    };
    let before = list.len();
    let rest = list.items.split_off(range.end);
    let taken = list.items.split_off(range.start);
    let mut answer = Vec::new();
    if op == code::TRIM {
        let kept = List {
            ordered: list.ordered,
            items: taken,
        };
        write::size(&mut answer, before - kept.len());
        return Ok(changed(&kept, Some(answer)));
    }
    list.items.extend(rest);
    match op {
        code::POP => answer.extend(taken.iter().flat_map(|item| item.iter())),
        code::POP_RANGE => answer = encode_part(&taken),
        _ => write::size(&mut answer, taken.len()),
    }
    Ok(changed(&list, Some(answer)))
}
