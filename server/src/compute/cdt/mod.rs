//! Operations on lists and maps, at any depth.
//!
//! Input and output are MessagePack, so the operations work on both bin values and values of expressions.
//!
//! An operation is parsed (`call`), looked up (`code`), routed to the list or map that it addresses (`context`)
//! and performed. Selecting elements is shared by lists and maps (`select`, `select_lists`, `result`); the
//! other operations are not (`list_ops`, `map_ops`).

mod answer;
mod call;
mod code;
mod context;
mod context_path;
mod list;
mod list_ops;
mod map;
mod map_ops;
mod number;
mod result;
mod select;
mod select_lists;
mod selection;

pub use answer::to_particle;
pub use context_path::ContextPath;

use call::Call;
use code::{Action, By, Spec};
use list::List;
use map::Map;

use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{Malformed, Reader, Token};
use crate::record::particle::{Access, Effect, Value, kind};

/// The result of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The reply, as one MessagePack element, if the operation has one. [`to_particle`] converts it to a bin
    /// value.
    pub answer: Option<Vec<u8>>,
    /// Particle type and bytes of the modified list or map, if the operation changed it.
    pub changed: Option<(u8, Vec<u8>)>,
}

impl Outcome {
    fn answer(element: Vec<u8>) -> Self {
        Self {
            answer: Some(element),
            changed: None,
        }
    }
}

/// The kind of collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Map,
}

impl Kind {
    /// The kind of an element, if it is a list or map.
    fn of(element: &[u8]) -> Option<Self> {
        match Reader::new(element).token() {
            Ok(Token::List(_)) => Some(Self::List),
            Ok(Token::Map(_)) => Some(Self::Map),
            _ => None,
        }
    }

    fn particle(self) -> u8 {
        match self {
            Self::List => kind::LIST,
            Self::Map => kind::MAP,
        }
    }
}

impl From<Malformed> for ResultCode {
    fn from(_: Malformed) -> Self {
        Self::PARAMETER
    }
}

/// Performs one operation.
///
/// `value` is the list or map as it is stored (its particle type and MessagePack), or `None` if the bin does
/// not exist. `payload` is the operation in its wire form: `[code, arguments...]`, or `[0xff, context, [code,
/// arguments...]]`.
///
/// # Errors
/// Returns the result code to send to the client. Nothing is changed in that case.
pub fn evaluate(value: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Outcome, ResultCode> {
    let call = Call::parse(payload)?;
    let spec = Spec::of(call.code).ok_or(ResultCode::PARAMETER)?;
    if spec.access() != access {
        return Err(ResultCode::PARAMETER);
    }
    let top = match value {
        None if access == Access::Read => return Ok(Outcome::default()),
        None => None,
        Some(value) if matches!(value.kind, kind::LIST | kind::MAP) => Some(value.bytes),
        Some(_) if call.context.is_empty() => return Err(ResultCode::BIN_TYPE),
        Some(_) => return Err(ResultCode::PARAMETER),
    };
    if call.context.is_empty() {
        check_sort(&call, top)?;
        return create_missing_bin(spec, &call, top, run(spec, &call, top)?);
    }
    let place = context::follow(top, &call.context, access == Access::Modify)?;
    check_sort(&call, top)?;
    let mut outcome = run(spec, &call, place.found)?;
    if let Some((_, bytes)) = outcome.changed.take() {
        let outermost = place.outermost().ok_or(ResultCode::PARAMETER)?;
        outcome.changed = Some((outermost.particle(), place.put(bytes)?));
    }
    Ok(outcome)
}

/// Sorting a missing bin fails. All other operations that need an existing bin do nothing in this case.
fn check_sort(call: &Call<'_>, top: Option<&[u8]>) -> Result<(), ResultCode> {
    if top.is_none() && call.code == code::list::SORT {
        return Err(ResultCode::BIN_TYPE);
    }
    Ok(())
}

/// Completes the result of an operation on a bin: an operation with create semantics leaves a list or map even
/// if it did nothing, provided that it did not fail.
fn create_missing_bin(
    spec: Spec,
    call: &Call<'_>,
    top: Option<&[u8]>,
    mut outcome: Outcome,
) -> Result<Outcome, ResultCode> {
    if top.is_none() && spec.action == Action::Create && outcome.changed.is_none() {
        outcome.changed = Some(if spec.on_map {
            (kind::MAP, map_ops::empty(call.code, &call.arguments)?)
        } else {
            (kind::LIST, list_ops::empty(call.code, &call.arguments)?)
        });
    }
    Ok(outcome)
}

/// Performs an operation on the addressed element, or on a missing one.
fn run(spec: Spec, call: &Call<'_>, element: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let wanted = if spec.on_map { Kind::Map } else { Kind::List };
    if element.is_some_and(|element| Kind::of(element) != Some(wanted)) {
        return Err(ResultCode::BIN_TYPE);
    }
    let creates = spec.action == Action::Create;
    let arguments = &call.arguments;
    let (min, max) = spec.arguments;
    let fits = (min..=max).contains(&arguments.count());
    if element.is_none() && !creates {
        // The arguments are not validated in this case, except those of sort.
        if call.code == code::list::SORT && (!fits || arguments.int_or(0, 0).is_err()) {
            return Err(ResultCode::PARAMETER);
        }
        return Ok(Outcome::default());
    }
    if !fits {
        return Err(ResultCode::PARAMETER);
    }
    match (spec.action, wanted, element) {
        (Action::Create, Kind::List, _) => list_ops::modify(call.code, arguments, element),
        (Action::Create, Kind::Map, _) => map_ops::modify(call.code, arguments, element),
        (_, _, None) => Err(ResultCode::PARAMETER),
        (Action::Change, Kind::List, _) => list_ops::modify(call.code, arguments, element),
        (Action::Change, Kind::Map, _) => map_ops::modify(call.code, arguments, element),
        (Action::Read, Kind::List, Some(bytes)) => list_ops::read(call.code, arguments, bytes),
        (Action::Read, Kind::Map, Some(bytes)) => map_ops::read(call.code, bytes),
        (Action::Get(by), _, Some(bytes)) => by_selection(by, call, wanted, bytes, false),
        (Action::Remove(by), _, Some(bytes)) => by_selection(by, call, wanted, bytes, true),
    }
}

/// Returns the selected elements, and removes them if `remove` is set.
fn by_selection(by: By, call: &Call<'_>, kind: Kind, bytes: &[u8], remove: bool) -> Result<Outcome, ResultCode> {
    let wanted = call.arguments.int(0)?;
    select::check(by, &call.arguments)?;
    let (wanted, inverted) = result::Kind::parse(wanted)?;
    match kind {
        Kind::List => {
            let mut list = List::parse(bytes)?;
            let selection = select::select(by, &call.arguments, list.view(), inverted)?;
            let answer = result::answer(wanted, &selection, list.view())?;
            let changed = (remove && !selection.order.is_empty()).then(|| {
                remove_positions(&mut list.items, &selection.order);
                (kind.particle(), list.encode())
            });
            Ok(Outcome { answer, changed })
        }
        Kind::Map => {
            let mut map = Map::parse(bytes)?;
            let selection = select::select(by, &call.arguments, map.view(), inverted)?;
            let answer = result::answer(wanted, &selection, map.view())?;
            let changed = (remove && !selection.order.is_empty()).then(|| {
                remove_positions(&mut map.keys, &selection.order);
                remove_positions(&mut map.values, &selection.order);
                (kind.particle(), map.encode())
            });
            Ok(Outcome { answer, changed })
        }
    }
}

/// Removes the elements at these positions.
fn remove_positions(all: &mut Vec<&[u8]>, positions: &[usize]) {
    let mut keeps = vec![true; all.len()];
    for position in positions {
        if let Some(keep) = keeps.get_mut(*position) {
            *keep = false;
        }
    }
    let mut keeps = keeps.into_iter();
    all.retain(|_| keeps.next().unwrap_or(true));
}

/// Performs one operation on a bin.
///
/// # Errors
/// See [`evaluate`].
pub fn operate(bin: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Effect, ResultCode> {
    let outcome = evaluate(bin, payload, access)?;
    let answer = match outcome.answer {
        Some(element) => {
            let mut bytes = Vec::new();
            let kind = to_particle(&element, &mut bytes)?;
            (kind != kind::NULL).then_some((kind, bytes))
        }
        None => None,
    };
    Ok(Effect {
        answer,
        changed: outcome.changed,
    })
}
