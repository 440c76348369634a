//! Random list and map operations, compared with plain vectors and trees.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use aerospike_local::common::result_code::ResultCode;
use aerospike_local::compute::cdt::{Outcome, evaluate};
use aerospike_local::compute::msgpack::write;
use aerospike_local::record::particle::{Access, Value, kind};

const ROUNDS: u64 = 400;
const STEPS: usize = 60;

/// A pseudo-random number generator with the same sequence in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn int(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to.abs_diff(from) + 1).cast_signed()
    }
}

enum Argument {
    Int(i64),
    Ints(Vec<i64>),
    Pairs(Vec<(i64, i64)>),
}

fn payload(context: &[i64], code: i64, arguments: &[Argument]) -> Vec<u8> {
    let mut out = Vec::new();
    if !context.is_empty() {
        write::list_head(&mut out, 0, 3);
        write::int(&mut out, 0xff);
        write::list_head(&mut out, 0, context.len());
        context.iter().for_each(|part| write::int(&mut out, *part));
    }
    write::list_head(&mut out, 0, arguments.len() + 1);
    write::int(&mut out, code);
    for argument in arguments {
        match argument {
            Argument::Int(value) => write::int(&mut out, *value),
            Argument::Ints(values) => out.extend(encode_list(values, false)),
            Argument::Pairs(pairs) => {
                write::map_head(&mut out, 0, pairs.len());
                for (key, value) in pairs {
                    write::int(&mut out, *key);
                    write::int(&mut out, *value);
                }
            }
        }
    }
    out
}

fn encode_list(values: &[i64], ordered: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write::list_head(&mut out, u8::from(ordered), values.len());
    values.iter().for_each(|value| write::int(&mut out, *value));
    out
}

fn encode_map(map: &BTreeMap<i64, i64>, flags: u8) -> Vec<u8> {
    let mut out = Vec::new();
    write::map_head(&mut out, flags, map.len());
    for (key, value) in map {
        write::int(&mut out, *key);
        write::int(&mut out, *value);
    }
    out
}

fn encode_int(value: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write::size(&mut out, value);
    Some(out)
}

/// A collection under test: directly in a bin, or nested two levels deep in another collection.
struct Subject {
    kind: u8,
    bytes: Vec<u8>,
    nested: bool,
}

impl Subject {
    fn new(kind: u8, bytes: Vec<u8>, nested: bool) -> Self {
        Self { kind, bytes, nested }
    }

    /// `[0, {1: collection, 2: 2}]`
    fn wrap(bytes: &[u8]) -> Vec<u8> {
        [b"\x92\x00\x82\x01", bytes, b"\x02\x02"].concat()
    }

    fn run(&mut self, code: i64, arguments: &[Argument], access: Access) -> Result<Option<Vec<u8>>, ResultCode> {
        let (context, kind, bytes): (&[i64], _, _) = if self.nested {
            (&[0x10, 1, 0x22, 1], kind::LIST, Self::wrap(&self.bytes))
        } else {
            (&[], self.kind, self.bytes.clone())
        };
        let value = Value { kind, bytes: &bytes };
        let Outcome { answer, changed } = evaluate(Some(value), &payload(context, code, arguments), access)?;
        if let Some((_, bytes)) = changed {
            assert_eq!(access, Access::Modify);
            self.bytes = if self.nested {
                let inner = bytes.strip_prefix(b"\x92\x00\x82\x01").unwrap();
                inner.strip_suffix(b"\x02\x02").unwrap().to_vec()
            } else {
                bytes
            };
        }
        Ok(answer)
    }

    fn modify(&mut self, code: i64, arguments: &[Argument]) -> Result<Option<Vec<u8>>, ResultCode> {
        self.run(code, arguments, Access::Modify)
    }

    fn read(&mut self, code: i64, arguments: &[Argument]) -> Option<Vec<u8>> {
        self.run(code, arguments, Access::Read).unwrap()
    }
}

/// The elements that a position and a count select, in a list of `len` elements.
fn range(index: i64, count: i64, len: usize) -> std::ops::Range<usize> {
    let len = i64::try_from(len).unwrap();
    let from = if index < 0 { index + len } else { index };
    let to = (from + count).clamp(0, len);
    let from = from.clamp(0, len);
    usize::try_from(from).unwrap()..usize::try_from(to.max(from)).unwrap()
}

fn list_step(random: &mut Random, subject: &mut Subject, model: &mut Vec<i64>, ordered: bool) {
    use Argument::{Int, Ints};
    let (index, count) = (random.int(-8, 8), random.int(0, 4));
    let value = random.int(-3, 9);
    let len = model.len();
    let place = usize::try_from(if index < 0 { index + len as i64 } else { index }).ok();
    match random.below(10) {
        0 => {
            model.push(value);
            assert_eq!(subject.modify(1, &[Int(value)]), Ok(encode_int(len + 1)));
        }
        1 => {
            let new: Vec<i64> = (0..count).map(|_| random.int(-3, 9)).collect();
            model.extend(&new);
            assert_eq!(subject.modify(2, &[Ints(new)]), Ok(encode_int(model.len())));
        }
        2 => {
            let unique = !model.contains(&value);
            let answer = subject.modify(1, &[Int(value), Int(0), Int(1)]);
            if unique {
                model.push(value);
                assert_eq!(answer, Ok(encode_int(len + 1)));
            } else {
                assert_eq!(answer, Err(ResultCode::ELEMENT_EXISTS));
            }
        }
        3 => {
            let answer = subject.modify(3, &[Int(index), Int(value), Int(2)]);
            match place.filter(|place| *place <= len && !ordered) {
                Some(place) => {
                    model.insert(place, value);
                    assert_eq!(answer, Ok(encode_int(len + 1)));
                }
                None => assert_eq!(answer, Err(ResultCode::NOT_APPLICABLE)),
            }
        }
        4 => {
            let gone: Vec<i64> = model.drain(range(index, count, len)).collect();
            let answer = subject.modify(6, &[Int(index), Int(count)]);
            assert_eq!(answer, Ok(Some(encode_list(&gone, false))));
        }
        5 => {
            let answer = subject.modify(12, &[Int(index), Int(value)]);
            match place.filter(|place| *place < len) {
                Some(place) => model[place] += value,
                None if place == Some(len) => model.push(value),
                None => {
                    // Past the end of an unordered list, there would be padding.
                    if place.is_none() || ordered {
                        assert_eq!(answer, Err(ResultCode::NOT_APPLICABLE));
                    } else {
                        subject.bytes = encode_list(model, ordered);
                    }
                }
            }
        }
        6 => {
            model.retain(|item| !(value..value + count).contains(item));
            let answer = subject.modify(38, &[Int(5), Int(value), Int(value + count)]);
            assert_eq!(answer, Ok(encode_int(len - model.len())));
        }
        7 => {
            let found: Vec<i64> = model.iter().copied().filter(|item| *item == value).collect();
            let answer = subject.read(22, &[Int(7), Int(value)]);
            assert_eq!(answer, Some(encode_list(&found, false)));
            let others = subject.read(22, &[Int(0x1_0005), Int(value)]);
            assert_eq!(others, encode_int(len - found.len()));
        }
        8 => {
            let mut sorted = model.clone();
            sorted.sort_unstable();
            let taken = &sorted[range(index, count, len)];
            let answer = subject.read(26, &[Int(5), Int(index), Int(count)]);
            assert_eq!(answer, encode_int(taken.len()));
            let from = sorted.partition_point(|item| *item < value);
            let answer = subject.read(27, &[Int(5), Int(value), Int(0)]);
            assert_eq!(answer, encode_int(len - from));
        }
        _ => {
            let kept: Vec<i64> = model[range(index, count, len)].to_vec();
            let answer = subject.modify(10, &[Int(index), Int(count)]);
            assert_eq!(answer, Ok(encode_int(len - kept.len())));
            *model = kept;
        }
    }
    if ordered {
        model.sort_unstable();
    }
    assert_eq!(subject.bytes, encode_list(model, ordered));
    assert_eq!(subject.read(16, &[]), encode_int(model.len()));
}

fn map_step(random: &mut Random, subject: &mut Subject, model: &mut BTreeMap<i64, i64>, flags: u8) {
    use Argument::{Int, Ints, Pairs};
    let (key, value) = (random.int(-4, 12), random.int(-3, 5));
    let (index, count) = (random.int(-8, 8), random.int(0, 4));
    let len = model.len();
    let mut by_rank: Vec<(i64, i64)> = model.iter().map(|(key, value)| (*value, *key)).collect();
    by_rank.sort_unstable();
    match random.below(9) {
        0 => {
            model.insert(key, value);
            assert_eq!(subject.modify(67, &[Int(key), Int(value)]), Ok(encode_int(model.len())));
        }
        1 => {
            let pairs: BTreeMap<i64, i64> = (0..count).map(|i| (key + i * 2, value)).collect();
            model.extend(&pairs);
            // Sent in reverse order.
            let pairs = pairs.into_iter().rev().collect();
            assert_eq!(subject.modify(68, &[Pairs(pairs)]), Ok(encode_int(model.len())));
        }
        2 => {
            let answer = subject.modify(67, &[Int(key), Int(value), Int(0), Int(1)]);
            match model.entry(key) {
                Entry::Occupied(_) => assert_eq!(answer, Err(ResultCode::ELEMENT_EXISTS)),
                Entry::Vacant(place) => {
                    place.insert(value);
                    assert_eq!(answer, Ok(encode_int(len + 1)));
                }
            }
        }
        3 => {
            *model.entry(key).or_default() -= value;
            subject.modify(74, &[Int(key), Int(value)]).unwrap();
        }
        4 => {
            let gone = model.remove(&key);
            let answer = subject.modify(76, &[Int(5), Int(key)]);
            assert_eq!(answer, Ok(encode_int(usize::from(gone.is_some()))));
        }
        5 => {
            let gone = &by_rank[range(index, count, len)];
            let keys: Vec<i64> = gone.iter().map(|(_, key)| *key).collect();
            model.retain(|key, _| !keys.contains(key));
            let answer = subject.modify(87, &[Int(6), Int(index), Int(count)]);
            assert_eq!(answer, Ok(Some(encode_list(&keys, false))));
        }
        6 => {
            let values: Vec<i64> = model.range(key..key + count).map(|(_, value)| *value).collect();
            let answer = subject.read(103, &[Int(7), Int(key), Int(key + count)]);
            assert_eq!(answer, Some(encode_list(&values, false)));
        }
        7 => {
            let wanted = [value, value + 1];
            let kept: BTreeMap<i64, i64> = model
                .iter()
                .filter(|(_, v)| !wanted.contains(v))
                .map(|(k, v)| (*k, *v))
                .collect();
            let answer = subject.read(108, &[Int(0x1_0011), Ints(wanted.to_vec())]);
            assert_eq!(answer, Some(encode_map(&kept, 1)));
        }
        _ => {
            let rank = by_rank.iter().position(|(_, known)| *known == key);
            let answer = subject.read(97, &[Int(3), Int(key)]);
            assert_eq!(answer, rank.map_or(Some(vec![0xff]), encode_int));
        }
    }
    assert_eq!(subject.bytes, encode_map(model, flags));
    assert_eq!(subject.read(96, &[]), encode_int(model.len()));
}

#[test]
fn lists_behave_like_vectors() {
    for round in 1..=ROUNDS {
        let mut random = Random(round * 0x9e37_79b9_7f4a_7c15);
        let (ordered, nested) = (round % 2 == 0, round % 3 == 0);
        let mut model = Vec::new();
        let mut subject = Subject::new(kind::LIST, encode_list(&[], ordered), nested);
        for _ in 0..STEPS {
            list_step(&mut random, &mut subject, &mut model, ordered);
        }
    }
}

#[test]
fn maps_behave_like_trees() {
    for round in 1..=ROUNDS {
        let mut random = Random(round * 0x9e37_79b9_7f4a_7c15);
        let flags = [0, 1, 3][usize::try_from(round % 3).unwrap()];
        let mut model = BTreeMap::new();
        let mut subject = Subject::new(kind::MAP, encode_map(&model, flags), round % 2 == 0);
        for _ in 0..STEPS {
            map_step(&mut random, &mut subject, &mut model, flags);
        }
    }
}
