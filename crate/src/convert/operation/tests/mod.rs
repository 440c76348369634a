//! Checks that each encoded operation (`crossing.txt`, which the TypeScript tests write) becomes the same operation as
//! the core's builder creates, and that the same bytes are sent to the server.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bit_hll;
mod list;
mod map;
mod recorder;
mod string_path;

use aerospike_core::operations::Operation;

use self::recorder::Recorder;
use super::{Step, family, read_list};
use crate::wire::{Reader, Writer};

/// The operations of the core's builders, by the names of `__test__/unit/operations/cases.ts`.
fn built() -> Vec<(&'static str, Operation)> {
    [list::built(), map::built(), bit_hll::built(), string_path::built()].concat()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The encoded operations, by name.
fn crossed() -> Vec<(&'static str, Vec<u8>)> {
    let lines = include_str!("../crossing.txt").lines();
    lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, hex)| (name, unhex(hex)))
        .collect()
}

fn read_one(bytes: &[u8]) -> (Operation, Step) {
    let mut reader = Reader::new(bytes);
    let (operations, steps) = read_list(&mut reader).unwrap_or_else(|failure| panic!("{}", failure.message));
    let mut pairs: Vec<_> = operations.into_iter().zip(steps).collect();
    assert_eq!(pairs.len(), 1);
    pairs.remove(0)
}

#[test]
fn each_operation_reaches_the_socket_as_the_core_builds_it() {
    let (crossed, built) = (crossed(), built());
    assert_eq!(
        crossed.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        built.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
    );
    let recorder = Recorder::start();
    for ((name, bytes), (_, expected)) in crossed.iter().zip(&built) {
        let (operation, step) = read_one(bytes);
        assert_eq!(step.bin, "b", "{name}");
        let ours = recorder.operate(&operation);
        assert_eq!(ours, recorder.operate(expected), "{name}");
        assert!(
            ours.ends_with(b"\x01b") || ours.windows(3).any(|window| window == b"\x00\x01b"),
            "{name}"
        );
    }
}

#[test]
fn arguments_that_do_not_fit_are_failures_and_never_panics() {
    for (name, bytes) in crossed() {
        // Truncated anywhere, it is rejected.
        for end in 0..bytes.len() {
            assert!(
                read_list(&mut Reader::new(&bytes[..end])).is_err(),
                "{name} cut at {end}"
            );
        }
        // With any byte changed, it is rejected or read as another operation. The core's builders must not panic.
        for at in 2..bytes.len() {
            for value in [0, 1, 2, 3, 9, 10, 17, 0x50, 0x90, 0xff] {
                let mut other = bytes.clone();
                other[at] = value;
                let _ = read_list(&mut Reader::new(&other));
            }
        }
    }
}

#[test]
fn what_the_core_panics_at_is_refused() {
    // Family, bin, code, no context, then the arguments.
    let call = |code: u8, arguments: &[&[u8]]| {
        let mut body = vec![1, 0, family::LIST, 1, b'b', code];
        body.put_u32(0);
        body.push(arguments.len() as u8);
        body.extend(arguments.concat());
        read_list(&mut Reader::new(&body))
            .map(|(operations, _)| operations.len())
            .map_err(|failure| failure.message)
    };
    let zero: &[u8] = &[3, 0, 0, 0, 0];
    let empty: &[u8] = &[10, 0, 0, 0, 0];
    let nil: &[u8] = &[0];
    let refused = |code: u8, what: &str| Err(format!("bin b: operation {code} has {what}"));
    assert_eq!(call(2, &[zero, zero, empty]), refused(2, "an empty list of items"));
    assert_eq!(
        call(4, &[zero, zero, zero, empty]),
        refused(4, "an empty list of items")
    );
    assert_eq!(call(9, &[zero, nil]), refused(9, "nil as its value"));
    assert_eq!(call(16, &[zero]), refused(16, "too many arguments"));
    assert_eq!(call(17, &[]), refused(17, "too few arguments"));
    assert_eq!(call(17, &[nil]), refused(17, "an argument that is no integer"));
    assert_eq!(call(99, &[]), refused(99, "an unknown code"));
    assert_eq!(call(17, &[zero]), Ok(1));
}
