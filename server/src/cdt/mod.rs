//! Operations on lists and maps, at any depth.
//!
//! Values go in and come out as MessagePack, so that whoever has a list or map, be it a bin's or an
//! expression's, can use them.
//!
//! An operation is parsed (`call`), looked up (`code`), brought to the list or map that it is about
//! (`context`) and done there: selecting elements is the same for lists and maps (`select`,
//! `select_lists`, `result`), other operations are not (`list_ops`, `map_ops`).

mod answer;
mod call;
mod code;
mod context;
mod list;
mod list_ops;
mod map;
mod map_ops;
mod number;
mod result;
mod select;
mod select_lists;
mod selection;
mod way;

pub use answer::to_particle;
pub use way::Context;

use call::Call;
use code::{Action, By, Spec};
use list::List;
use map::Map;

use crate::msgpack::{Malformed, Reader, Token};
use crate::particle::{Effect, Value, kind};
use crate::result_code::ResultCode;

/// Whether an operation may change what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only operations that read are allowed.
    Read,
    /// Only operations that change are allowed.
    Modify,
}

/// What an operation comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer as one MessagePack element, if the operation has one. [`to_particle`] makes it the
    /// value of a bin.
    pub answer: Option<Vec<u8>>,
    /// The list or map as it is after an operation that changed it: its particle type and bytes.
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

/// What operations are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Map,
}

impl Kind {
    /// Of an element, if it is one of them.
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

/// Does one operation.
///
/// `value` is what it is about: a list or map (the particle type tells which, the bytes are its
/// MessagePack as it is stored), or nothing when there is no bin. `payload` is what clients send:
/// `[code, arguments...]`, or `[0xff, context, [code, arguments...]]`.
///
/// # Errors
/// With the result code to answer. Nothing changes then.
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
        return begun(spec, &call, top, run(spec, &call, top)?);
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

/// A bin that does not exist cannot be sorted, though everything else that needs one does nothing.
fn check_sort(call: &Call<'_>, top: Option<&[u8]>) -> Result<(), ResultCode> {
    if top.is_none() && call.code == code::list::SORT {
        return Err(ResultCode::BIN_TYPE);
    }
    Ok(())
}

/// What an operation came to on a bin: one that may create leaves a list or map behind, though it
/// did nothing because that was no failure.
fn begun(spec: Spec, call: &Call<'_>, top: Option<&[u8]>, mut outcome: Outcome) -> Result<Outcome, ResultCode> {
    if top.is_none() && spec.action == Action::Create && outcome.changed.is_none() {
        outcome.changed = Some(if spec.on_map {
            (kind::MAP, map_ops::empty(call.code, &call.arguments)?)
        } else {
            (kind::LIST, list_ops::empty(call.code, &call.arguments)?)
        });
    }
    Ok(outcome)
}

/// Does an operation on the element that it is about, or where there is none.
fn run(spec: Spec, call: &Call<'_>, element: Option<&[u8]>) -> Result<Outcome, ResultCode> {
    let wanted = if spec.on_map { Kind::Map } else { Kind::List };
    if element.is_some_and(|element| Kind::of(element) != Some(wanted)) {
        return Err(ResultCode::BIN_TYPE);
    }
    let creates = spec.action == Action::Create;
    let arguments = &call.arguments;
    let (least, most) = spec.arguments;
    let fits = (least..=most).contains(&arguments.count());
    if element.is_none() && !creates {
        // Nobody looks at the arguments then, but at those of sorting.
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

/// Answers elements that are selected, and removes them if that is wanted.
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
                without(&mut list.items, &selection.order);
                (kind.particle(), list.encode())
            });
            Ok(Outcome { answer, changed })
        }
        Kind::Map => {
            let mut map = Map::parse(bytes)?;
            let selection = select::select(by, &call.arguments, map.view(), inverted)?;
            let answer = result::answer(wanted, &selection, map.view())?;
            let changed = (remove && !selection.order.is_empty()).then(|| {
                without(&mut map.keys, &selection.order);
                without(&mut map.values, &selection.order);
                (kind.particle(), map.encode())
            });
            Ok(Outcome { answer, changed })
        }
    }
}

/// Removes the elements at these positions.
fn without(all: &mut Vec<&[u8]>, positions: &[usize]) {
    let mut keeps = vec![true; all.len()];
    for position in positions {
        if let Some(keep) = keeps.get_mut(*position) {
            *keep = false;
        }
    }
    let mut keeps = keeps.into_iter();
    all.retain(|_| keeps.next().unwrap_or(true));
}

/// Does one operation on a bin.
///
/// # Errors
/// As [`evaluate`].
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
