//! Path expressions: steps through nested lists and maps, and selection by them.

use super::compile::{Compiler, check, malformed};
use super::descend::{Collection, Item};
use super::eval::{Child, Environment};
use super::node::{Node, PathCall};
use super::value::{Type, Value};
use crate::common::result_code::ResultCode;
use crate::compute::msgpack::{self, Reader, Token, write};
use crate::record::particle::{self, Access, Effect, kind};

type Result<T> = std::result::Result<T, ResultCode>;

/// Step types.
mod step {
    pub(super) const EXPRESSION: i64 = 0x04;
    pub(super) const LIST_INDEX: i64 = 0x10;
    pub(super) const LIST_RANK: i64 = 0x11;
    pub(super) const LIST_VALUE: i64 = 0x13;
    pub(super) const MAP_INDEX: i64 = 0x20;
    pub(super) const MAP_RANK: i64 = 0x21;
    pub(super) const MAP_KEY: i64 = 0x22;
    pub(super) const MAP_VALUE: i64 = 0x23;
    pub(super) const MAP_KEYS: i64 = 0x2a;
    /// A condition on the elements that the previous step selects.
    pub(super) const AND: i64 = 0x200 | EXPRESSION;
}

/// What the operation returns, and its flags.
mod flag {
    pub(super) const WHAT: i64 = 0x0f;
    pub(super) const TREE: i64 = 0;
    pub(super) const VALUES: i64 = 1;
    pub(super) const KEYS: i64 = 2;
    pub(super) const KEYS_AND_VALUES: i64 = 3;
    pub(super) const MODIFY: i64 = 4;
    pub(super) const NO_FAIL: i64 = 0x10;
}

/// How a step selects children of a list or map.
#[derive(Debug)]
pub(super) enum Choice {
    All,
    Where(Node),
    ListIndex(i64),
    ListValue(Vec<u8>),
    MapKey(Vec<u8>),
    MapValue(Vec<u8>),
    MapKeys(Vec<Vec<u8>>),
    /// Accepted by a real server, but fails at evaluation.
    Unsupported,
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) choice: Choice,
    pub(super) and: Option<Node>,
}

/// What a path operation does with the selected elements.
#[derive(Debug)]
enum Purpose {
    Tree,
    Leaves { keys: bool, values: bool },
    Modify(Node),
}

/// A compiled path operation.
#[derive(Debug)]
pub(super) struct Path {
    steps: Vec<Step>,
    purpose: Purpose,
    no_fail: bool,
}

fn compiled(reader: &mut Reader<'_>) -> Result<Node> {
    let (node, kind) = Compiler::default().expression(reader)?;
    check(Type::Bool.admits(kind))?;
    Ok(node)
}

/// Parses a condition: `true`, or an expression.
fn condition(reader: &mut Reader<'_>) -> Result<Option<Node>> {
    let mut ahead = *reader;
    match ahead.token() {
        Ok(Token::Bool(true)) => {
            *reader = ahead;
            Ok(None)
        }
        Ok(Token::List(_)) => compiled(reader).map(Some),
        _ => malformed(),
    }
}

fn int(reader: &mut Reader<'_>) -> Result<i64> {
    match reader.token() {
        Ok(Token::Int(value)) => Ok(value),
        _ => malformed(),
    }
}

fn element(reader: &mut Reader<'_>) -> Result<Vec<u8>> {
    let element = reader.element().map_err(|_| ResultCode::PARAMETER)?;
    Ok(element.to_vec())
}

fn keys(reader: &mut Reader<'_>) -> Result<Vec<Vec<u8>>> {
    match reader.token() {
        Ok(Token::List(count)) => (0..count).map(|_| element(reader)).collect(),
        _ => malformed(),
    }
}

/// Whether a payload encodes a path operation.
#[must_use]
pub fn is_path(payload: &[u8]) -> bool {
    let mut reader = Reader::new(payload);
    matches!(reader.token(), Ok(Token::List(_))) && reader.token() == Ok(Token::Int(0xfe))
}

/// Performs a path operation on a bin.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn operate(bin: Option<particle::Value<'_>>, payload: &[u8], access: Access) -> Result<Effect> {
    let bin = match bin {
        Some(bin) if matches!(bin.kind, kind::LIST | kind::MAP) => bin,
        None if access == Access::Read => return Ok(Effect::default()),
        _ => return Err(ResultCode::BIN_TYPE),
    };
    let result = Path::parse(payload, access)?.run(bin.bytes)?;
    let result = Some((kind_of(&result)?, result));
    Ok(match access {
        Access::Read => Effect {
            answer: result,
            changed: None,
        },
        Access::Modify => Effect {
            answer: None,
            changed: result,
        },
    })
}

impl Path {
    /// Parses `[0xfe, path, flags]` or, for modifications, `[0xfe, path, flags, expression]`.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub(super) fn parse(payload: &[u8], access: Access) -> Result<Self> {
        let mut reader = Reader::new(payload);
        let wanted = if access == Access::Modify { 4 } else { 3 };
        check(reader.token() == Ok(Token::List(wanted)))?;
        int(&mut reader)?;
        let steps = steps(&mut reader)?;
        let flags = int(&mut reader)?;
        check(flags >= 0)?;
        let purpose = match (flags & flag::WHAT, access) {
            (flag::TREE, Access::Read) => Purpose::Tree,
            (what @ (flag::VALUES | flag::KEYS | flag::KEYS_AND_VALUES), Access::Read) => Purpose::Leaves {
                keys: what & flag::KEYS != 0,
                values: what & flag::VALUES != 0,
            },
            (flag::MODIFY, Access::Modify) => Purpose::Modify(Compiler::default().expression(&mut reader)?.0),
            _ => return malformed(),
        };
        Ok(Self {
            steps,
            purpose,
            no_fail: flags & flag::NO_FAIL != 0,
        })
    }

    fn run(&self, root: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        match &self.purpose {
            Purpose::Leaves { keys, values } => {
                let mut leaves = Leaves {
                    keys: *keys,
                    values: *values,
                    out: Vec::new(),
                    count: 0,
                };
                self.collect(&self.steps, root, &mut leaves)?;
                write::list_head(&mut out, 0, leaves.count);
                out.extend_from_slice(&leaves.out);
            }
            Purpose::Tree => self.prune(&self.steps, root, &mut out)?,
            Purpose::Modify(expression) => self.rewrite(&self.steps, root, expression, &mut out)?,
        }
        Ok(out)
    }

    fn collect(&self, steps: &[Step], element: &[u8], leaves: &mut Leaves) -> Result<()> {
        let Some((step, deeper, collection)) = descend(steps, element)? else {
            return Ok(());
        };
        if deeper.is_empty() && leaves.keys && !collection.is_map {
            // The elements of a list have no keys.
            return if self.no_fail {
                Ok(())
            } else {
                Err(ResultCode::BIN_TYPE)
            };
        }
        for (item, chosen) in collection.items.iter().zip(self.choose(step, &collection)?) {
            if !chosen {
                continue;
            }
            if deeper.is_empty() {
                leaves.add(item);
            } else {
                self.collect(deeper, item.value, leaves)?;
            }
        }
        Ok(())
    }

    /// Removes the elements that are not selected.
    fn prune(&self, steps: &[Step], element: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let Some((step, deeper, collection)) = descend(steps, element)? else {
            out.extend_from_slice(element);
            return Ok(());
        };
        let chosen = self.choose(step, &collection)?;
        collection.write_plain_head(chosen.iter().filter(|chosen| **chosen).count(), out);
        for (item, _) in collection.items.iter().zip(chosen).filter(|(_, chosen)| *chosen) {
            out.extend_from_slice(item.key.unwrap_or_default());
            self.prune(deeper, item.value, out)?;
        }
        Ok(())
    }

    /// Replaces the selected elements with the result of an expression.
    fn rewrite(&self, steps: &[Step], element: &[u8], expression: &Node, out: &mut Vec<u8>) -> Result<()> {
        let Some((step, deeper, collection)) = descend(steps, element)? else {
            out.extend_from_slice(element);
            return Ok(());
        };
        let mut parts = Vec::new();
        let chosen = self.choose(step, &collection)?;
        for (place, (item, chosen)) in collection.items.iter().zip(chosen).enumerate() {
            let mut part = item.key.unwrap_or_default().to_vec();
            if !chosen {
                part.extend_from_slice(item.value);
            } else if !deeper.is_empty() {
                self.rewrite(deeper, item.value, expression, &mut part)?;
            } else if matches!(expression, Node::Remove) {
                continue;
            } else {
                let child = collection.child(place, item);
                match expression.evaluate(&mut Environment::of_child(child)) {
                    Some(new) => new.write_element(&mut part),
                    None if self.no_fail => part.extend_from_slice(item.value),
                    None => return Err(ResultCode::SERVER_ERROR),
                }
            }
            parts.push(part);
        }
        if collection.is_ordered_list() {
            parts.sort_by(|a, b| msgpack::compare(a, b));
        }
        collection.write_head(parts.len(), out);
        parts.iter().for_each(|part| out.extend_from_slice(part));
        Ok(())
    }

    /// The children that a step selects.
    fn choose(&self, step: &Step, collection: &Collection<'_>) -> Result<Vec<bool>> {
        let mut chosen = vec![false; collection.items.len()];
        let of_map = match &step.choice {
            Choice::All | Choice::Where(_) | Choice::Unsupported => collection.is_map,
            Choice::ListIndex(_) | Choice::ListValue(_) => false,
            Choice::MapKey(_) | Choice::MapValue(_) | Choice::MapKeys(_) => true,
        };
        check(of_map == collection.is_map)?;
        match &step.choice {
            Choice::All => chosen.fill(true),
            Choice::Where(condition) => {
                for (place, item) in collection.items.iter().enumerate() {
                    chosen[place] = self.holds(condition, collection.child(place, item))?;
                }
            }
            Choice::ListIndex(index) => {
                let count = chosen.len() as i64;
                let index = if *index < 0 {
                    index.saturating_add(count)
                } else {
                    *index
                };
                if let Some(place) = usize::try_from(index).ok().and_then(|index| chosen.get_mut(index)) {
                    *place = true;
                }
            }
            Choice::ListValue(wanted) | Choice::MapValue(wanted) => {
                let found = collection
                    .items
                    .iter()
                    .position(|item| msgpack::matches(item.value, wanted));
                mark(&mut chosen, found);
            }
            Choice::MapKey(wanted) => mark(&mut chosen, collection.find_key(wanted)),
            Choice::MapKeys(wanted) => {
                for key in wanted {
                    mark(&mut chosen, collection.find_key(key));
                }
            }
            Choice::Unsupported => return Err(ResultCode::SERVER_ERROR),
        }
        if let Some(and) = &step.and {
            for (place, item) in collection.items.iter().enumerate() {
                if chosen[place] {
                    chosen[place] = self.holds(and, collection.child(place, item))?;
                }
            }
        }
        Ok(chosen)
    }

    fn holds(&self, condition: &Node, child: Child<'_>) -> Result<bool> {
        match condition.evaluate(&mut Environment::of_child(child)) {
            Some(Value::Bool(holds)) => Ok(holds),
            _ if self.no_fail => Ok(false),
            _ => malformed(),
        }
    }
}

/// The next step and the collection that it applies to. Returns `None` at the end of the path, or if the
/// element is not a list or map, or is empty.
fn descend<'s, 'e>(steps: &'s [Step], element: &'e [u8]) -> Result<Option<(&'s Step, &'s [Step], Collection<'e>)>> {
    let Some((step, deeper)) = steps.split_first() else {
        return Ok(None);
    };
    let collection = Collection::parse(element)?.filter(|collection| !collection.items.is_empty());
    Ok(collection.map(|collection| (step, deeper, collection)))
}

fn mark(chosen: &mut [bool], place: Option<usize>) {
    if let Some(place) = place.and_then(|place| chosen.get_mut(place)) {
        *place = true;
    }
}

fn kind_of(element: &[u8]) -> Result<u8> {
    match Reader::new(element).token() {
        Ok(Token::List(_)) => Ok(kind::LIST),
        Ok(Token::Map(_)) => Ok(kind::MAP),
        _ => malformed(),
    }
}

/// The selected elements, in order.
struct Leaves {
    keys: bool,
    values: bool,
    out: Vec<u8>,
    count: usize,
}

impl Leaves {
    fn add(&mut self, item: &Item<'_>) {
        if let Some(key) = item.key.filter(|_| self.keys) {
            self.out.extend_from_slice(key);
            self.count += 1;
        }
        if self.values {
            self.out.extend_from_slice(item.value);
            self.count += 1;
        }
    }
}

fn steps(reader: &mut Reader<'_>) -> Result<Vec<Step>> {
    let Ok(Token::List(count @ 1..)) = reader.token() else {
        return malformed();
    };
    check(count % 2 == 0)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut can_be_narrowed = false;
    for _ in 0..count / 2 {
        let choice = match int(reader)? {
            step::AND => {
                let last = steps.last_mut().filter(|_| can_be_narrowed);
                last.ok_or(ResultCode::PARAMETER)?.and = condition(reader)?;
                can_be_narrowed = false;
                continue;
            }
            step::EXPRESSION => condition(reader)?.map_or(Choice::All, Choice::Where),
            step::LIST_INDEX => Choice::ListIndex(int(reader)?),
            step::LIST_VALUE => Choice::ListValue(element(reader)?),
            step::MAP_KEY => Choice::MapKey(element(reader)?),
            step::MAP_VALUE => Choice::MapValue(element(reader)?),
            step::MAP_KEYS => Choice::MapKeys(keys(reader)?),
            step::LIST_RANK | step::MAP_INDEX | step::MAP_RANK => {
                int(reader)?;
                Choice::Unsupported
            }
            _ => return malformed(),
        };
        can_be_narrowed = !matches!(choice, Choice::All | Choice::Where(_));
        steps.push(Step { choice, and: None });
    }
    Ok(steps)
}

impl PathCall {
    pub(super) fn evaluate<'v>(&'v self, environment: &mut Environment<'v>) -> Option<Value<'v>> {
        let Value::Bytes(Type::List | Type::Map, root) = self.on.evaluate(environment)? else {
            return None;
        };
        let result = self.path.run(&root).ok()?;
        let value = Value::from_element(&result)?.into_owned();
        (value.kind() == self.result).then_some(value)
    }
}
