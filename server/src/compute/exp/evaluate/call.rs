//! Evaluates calls of list, map, bit and HyperLogLog operations.

use super::Environment;
use crate::compute::bits;
use crate::compute::cdt;
use crate::compute::exp::node::{Argument, Call, IN_CONTEXT, Module};
use crate::compute::exp::value::Value;
use crate::compute::hll;
use crate::compute::msgpack::write;
use crate::record::particle::{self, Access};

impl Call {
    /// The result of the call. `None` if it fails or its type is not the declared one.
    pub(super) fn evaluate<'v>(&'v self, environment: &mut Environment<'v>) -> Option<Value<'v>> {
        let on = self.on.evaluate(environment)?;
        let mut payload = Vec::new();
        if let Some(context) = &self.context {
            write::list_head(&mut payload, 0, 3);
            write::int(&mut payload, IN_CONTEXT);
            payload.extend_from_slice(context);
        }
        write::list_head(&mut payload, 0, self.arguments.len());
        for argument in &self.arguments {
            match argument {
                Argument::Element(element) => payload.extend_from_slice(element),
                Argument::Node(node) => node.evaluate(environment)?.write_element(&mut payload),
            }
        }
        let result = self.perform(&on, &payload)?;
        (result.kind() == self.result).then_some(result)
    }

    fn perform<'v>(&self, on: &Value<'v>, payload: &[u8]) -> Option<Value<'v>> {
        let access = if self.modifies { Access::Modify } else { Access::Read };
        let Value::Bytes(kind, bytes) = on else {
            return None;
        };
        let value = Some(particle::Value {
            kind: kind.particle(),
            bytes,
        });
        if self.module == Module::Collection {
            let outcome = cdt::evaluate(value, payload, access).ok()?;
            return if self.modifies {
                Some(changed(on, outcome.changed))
            } else {
                Value::from_element(&outcome.answer?).map(Value::into_owned)
            };
        }
        let operate = match self.module {
            Module::Bits => bits::operate,
            _ => hll::operate,
        };
        let effect = operate(value, payload, access).ok()?;
        if self.modifies {
            return Some(changed(on, effect.changed));
        }
        let (kind, bytes) = effect.answer?;
        let answer = particle::Value { kind, bytes: &bytes };
        Value::from_particle(answer).map(Value::into_owned)
    }
}

/// The value after a modifying operation.
fn changed<'v>(old: &Value<'v>, new: Option<(u8, Vec<u8>)>) -> Value<'v> {
    let new = new.and_then(|(kind, bytes)| {
        let value = particle::Value { kind, bytes: &bytes };
        Value::from_particle(value).map(Value::into_owned)
    });
    new.unwrap_or_else(|| old.clone())
}
