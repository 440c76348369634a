//! Encodes records and the results of `operate` into replies.

use aerospike_core::{Record, Value};

use super::operation::{Answer, Step};
use super::value;
use crate::requests::Channel;
use crate::wire::Writer;

/// Shape number of a record that contains its bin names.
const NO_SHAPE: u32 = u32::MAX;

/// TTL of a record that never expires.
const NEVER: u32 = u32::MAX;

/// Seconds until the record expires, or [`NEVER`].
pub fn ttl(record: &Record) -> u32 {
    record
        .time_to_live()
        .map_or(NEVER, |left| u32::try_from(left.as_secs()).unwrap_or(NEVER - 1))
}

/// Writes generation and TTL.
pub fn write_meta(out: &mut Vec<u8>, record: &Record) {
    out.put_u32(record.generation);
    out.put_u32(ttl(record));
}

/// Writes generation, TTL, shape and values.
pub fn write(out: &mut Vec<u8>, channel: &Channel, record: &Record) {
    write_meta(out, record);
    write_bins(
        out,
        channel,
        record.bins.iter().map(|(name, value)| (name.as_str(), value)),
    );
}

fn write_bins<'r>(
    out: &mut Vec<u8>,
    channel: &Channel,
    bins: impl ExactSizeIterator<Item = (&'r str, &'r Value)> + Clone,
) {
    if let Some(shape) = channel.shape(bins.clone().map(|(name, _)| name)) {
        out.put_u32(shape);
    } else {
        out.put_u32(NO_SHAPE);
        out.put_u32(bins.len() as u32);
        for (name, _) in bins.clone() {
            out.put_u8(name.len() as u8);
            out.extend_from_slice(name.as_bytes());
        }
    }
    for (_, value) in bins {
        value::write(out, value);
    }
}

/// The results of `steps`, in order. Uses the core's ordered results if their number matches the operations.
fn answers<'r>(record: &'r Record, steps: &'r [Step]) -> Vec<(&'r str, &'r Value)> {
    let lined_up = match &record.results {
        _ if steps.iter().any(|step| step.answer == Answer::AllBins) => None,
        Some(results) if results.len() == steps.len() => Some((results, false)),
        // The server returns no result for a touch.
        Some(results) if results.len() == steps.iter().filter(|step| step.answer != Answer::NoPlace).count() => {
            Some((results, true))
        }
        _ => None,
    };
    if let Some((results, without_touches)) = lined_up {
        let placed = steps
            .iter()
            .filter(|step| !(without_touches && step.answer == Answer::NoPlace));
        let pairs = placed
            .zip(results)
            .filter(|(step, value)| step.answer == Answer::Value || !value.is_nil());
        return pairs
            .filter(|(step, _)| !step.bin.is_empty())
            .map(|(step, value)| (step.bin.as_str(), value))
            .collect();
    }
    // All bins were read, or the server omitted missing bins: use the results by bin, in the order of arrival.
    let mut pairs = Vec::new();
    for (name, value) in &record.bins {
        match value {
            Value::MultiResult(values) => pairs.extend(values.iter().map(|value| (name.as_str(), value))),
            value => pairs.push((name.as_str(), value)),
        }
    }
    if !steps.iter().any(|step| step.answer == Answer::AllBins) {
        for step in steps.iter().filter(|step| step.answer == Answer::Value) {
            if !record.bins.contains_key(&step.bin) {
                pairs.push((step.bin.as_str(), &Value::Nil));
            }
        }
        let place = |name: &str| steps.iter().position(|step| step.bin == name);
        pairs.sort_by_key(|(name, _)| place(name));
    }
    pairs
}

/// Writes the result of `operate` as a record: for each bin, its last result that is not nil.
pub fn write_operated(out: &mut Vec<u8>, channel: &Channel, record: &Record, steps: &[Step]) {
    write_meta(out, record);
    let mut last: Vec<(&str, &Value)> = Vec::new();
    for (name, value) in answers(record, steps).into_iter().filter(|(_, value)| !value.is_nil()) {
        match last.iter_mut().find(|(known, _)| *known == name) {
            Some(place) => place.1 = value,
            None => last.push((name, value)),
        }
    }
    write_bins(out, channel, last.iter().copied());
}

/// Writes the last result of a bin, or nil if the bin has no result.
pub fn write_last(out: &mut Vec<u8>, record: &Record, bin: &str) {
    let value = match record.bins.get(bin) {
        Some(Value::MultiResult(values)) => values.last(),
        value => value,
    };
    value::write(out, value.unwrap_or(&Value::Nil));
}

/// Writes the result of `operateOrdered`: the result of each operation.
pub fn write_ordered(out: &mut Vec<u8>, record: &Record, steps: &[Step]) {
    write_meta(out, record);
    let answers = answers(record, steps);
    out.put_u32(answers.len() as u32);
    for (name, value) in answers {
        out.put_u8(name.len() as u8);
        out.extend_from_slice(name.as_bytes());
        value::write(out, value);
    }
}
