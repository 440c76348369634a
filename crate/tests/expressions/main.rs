//! Checks that `lib/expressions/` packs expressions as aerospike-core does: compares the bytes in
//! `__test__/fixtures/expressions.json`, which the TypeScript tests write and check, with those of the core's builders
//! under the same names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod basic;
mod collections;
mod modules;

use std::collections::BTreeMap;

use aerospike_core::expressions::Expression;

/// The name of a case, and the core's packed expression in base64.
pub type Case = (String, String);

/// Creates the case of an expression.
pub fn expression(name: &str, made: &Expression) -> Case {
    (name.to_owned(), made.base64().unwrap())
}

/// Reads the cases of the file, one per line: `"name": "base64"`.
fn fixture() -> BTreeMap<String, String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../__test__/fixtures/expressions.json");
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .filter_map(|line| {
            let line = line.trim().trim_end_matches(',');
            let (name, base64) = line.strip_prefix('"')?.strip_suffix('"')?.split_once("\": \"")?;
            Some((name.to_owned(), base64.to_owned()))
        })
        .collect()
}

#[test]
fn typescript_packs_what_the_core_packs() {
    let fixture = fixture();
    let all: Vec<Case> = [basic::cases(), collections::cases(), modules::cases()].concat();
    let core: BTreeMap<String, String> = all.iter().cloned().collect();
    assert_eq!(core.len(), all.len(), "a name is there twice");

    let missing: Vec<_> = fixture.keys().filter(|name| !core.contains_key(*name)).collect();
    assert!(missing.is_empty(), "the core's side lacks {missing:?}");
    let unknown: Vec<_> = core.keys().filter(|name| !fixture.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "the fixture lacks {unknown:?}");

    let different: Vec<_> = core
        .iter()
        .filter(|(name, base64)| fixture.get(*name) != Some(*base64))
        .map(|(name, base64)| format!("{name}: core {base64}, TypeScript {}", fixture[name]))
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}
