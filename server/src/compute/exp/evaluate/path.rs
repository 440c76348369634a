//! Evaluates path expressions: selects elements of nested lists and maps, and replaces them.

use super::Environment;
use super::collection::{Child, Collection, Item};
use crate::common::result_code::ResultCode;
use crate::compute::exp::node::{Node, Path, PathAction, PathCall, Selector, Step};
use crate::compute::exp::value::{Type, Value};
use crate::compute::msgpack::{self, write};

type Result<T> = std::result::Result<T, ResultCode>;

impl Path {
    /// Performs the operation on a list or map.
    pub(in crate::compute::exp) fn run(&self, root: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        match &self.action {
            PathAction::Leaves { keys, values } => {
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
            PathAction::Tree => self.prune(&self.steps, root, &mut out)?,
            PathAction::Modify(expression) => self.rewrite(&self.steps, root, expression, &mut out)?,
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
        let of_map = match &step.selector {
            Selector::All | Selector::Where(_) | Selector::Unsupported => collection.is_map,
            Selector::ListIndex(_) | Selector::ListValue(_) => false,
            Selector::MapKey(_) | Selector::MapValue(_) | Selector::MapKeys(_) => true,
        };
        if of_map != collection.is_map {
            return Err(ResultCode::PARAMETER);
        }
        match &step.selector {
            Selector::All => chosen.fill(true),
            Selector::Where(condition) => {
                for (place, item) in collection.items.iter().enumerate() {
                    chosen[place] = self.holds(condition, collection.child(place, item))?;
                }
            }
            Selector::ListIndex(index) => {
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
            Selector::ListValue(wanted) | Selector::MapValue(wanted) => {
                let found = collection
                    .items
                    .iter()
                    .position(|item| msgpack::matches(item.value, wanted));
                mark(&mut chosen, found);
            }
            Selector::MapKey(wanted) => mark(&mut chosen, collection.find_key(wanted)),
            Selector::MapKeys(wanted) => {
                for key in wanted {
                    mark(&mut chosen, collection.find_key(key));
                }
            }
            Selector::Unsupported => return Err(ResultCode::SERVER_ERROR),
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
            _ => Err(ResultCode::PARAMETER),
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
