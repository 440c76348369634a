//! Bit and HyperLogLog operations, created by the core's builders.

use aerospike_core::Value;
use aerospike_core::operations::bitwise::{
    self, BitPolicy, BitwiseOverflowActions as Overflow, BitwiseResizeFlags as Resize, BitwiseWriteFlags as Flags,
};
use aerospike_core::operations::hll::{self, HllPolicy, HllWriteFlags};
use aerospike_core::operations::{Operation, cdt_context as ctx};

pub fn built() -> Vec<(&'static str, Operation)> {
    let plain = BitPolicy::default();
    let flags = BitPolicy::new;
    let bytes = || Value::Blob(vec![0xf0, 0x0f]);
    let mut all = vec![
        (
            "bit resize",
            bitwise::resize("b", 4, Resize::FROM_FRONT | Resize::GROW_ONLY, &plain),
        ),
        (
            "bit insert",
            bitwise::insert("b", 1, bytes(), &flags(Flags::CREATE_ONLY)),
        ),
        ("bit remove", bitwise::remove("b", 1, 2, &plain)),
        ("bit set", bitwise::set("b", 3, 12, bytes(), &flags(Flags::UPDATE_ONLY))),
        (
            "bit set context",
            bitwise::set("b", 3, 12, bytes(), &plain).context(vec![ctx::ctx_map_key(Value::from("k"))]),
        ),
        ("bit or", bitwise::or("b", 3, 12, bytes(), &plain)),
        ("bit xor", bitwise::xor("b", 3, 12, bytes(), &plain)),
        ("bit and", bitwise::and("b", 3, 12, bytes(), &plain)),
        (
            "bit not",
            bitwise::not("b", 3, 12, &flags(Flags::NO_FAIL | Flags::PARTIAL)),
        ),
        ("bit lshift", bitwise::lshift("b", 3, 12, 1, &plain)),
        ("bit rshift", bitwise::rshift("b", 3, 12, 1, &plain)),
        ("bit add", bitwise::add("b", 8, 16, 5, false, Overflow::Fail, &plain)),
        (
            "bit add wrap",
            bitwise::add("b", 8, 16, 5, true, Overflow::Wrap, &plain),
        ),
        (
            "bit subtract",
            bitwise::subtract("b", 8, 16, 5, true, Overflow::Saturate, &plain),
        ),
        ("bit set_int", bitwise::set_int("b", 8, 16, -1, &plain)),
        ("bit get", bitwise::get("b", -8, 8)),
        ("bit count", bitwise::count("b", 0, 8)),
        ("bit lscan", bitwise::lscan("b", 0, 8, true)),
        ("bit rscan", bitwise::rscan("b", 0, 8, false)),
        ("bit get_int", bitwise::get_int("b", 0, 8, false)),
        ("bit get_int signed", bitwise::get_int("b", 0, 8, true)),
        ("bit b64_encode", bitwise::b64_encode("b")),
        ("bit b64_encode range", bitwise::b64_encode_range("b", 1, 2, false)),
        ("bit b64_encode rest", bitwise::b64_encode_range("b", 1, 0, true)),
    ];
    all.extend(sketches());
    all
}

fn sketches() -> Vec<(&'static str, Operation)> {
    let plain = HllPolicy::default();
    let flags = HllPolicy::new;
    let values = || vec![Value::from(1), Value::from("a")];
    let sketch = || vec![Value::Hll(vec![0, 8, 1])];
    vec![
        ("hll init", hll::init(&plain, "b", 8)),
        (
            "hll init minhash",
            hll::init_with_min_hash(&flags(HllWriteFlags::CREATE_ONLY), "b", 8, 16),
        ),
        ("hll add", hll::add(&plain, "b", values())),
        ("hll add index", hll::add_with_index(&plain, "b", values(), 8)),
        (
            "hll add minhash",
            hll::add_with_index_and_min_hash(&flags(HllWriteFlags::NO_FAIL), "b", values(), 8, 16),
        ),
        (
            "hll set_union",
            hll::set_union(&flags(HllWriteFlags::ALLOW_FOLD), "b", sketch()),
        ),
        ("hll refresh_count", hll::refresh_count("b")),
        ("hll fold", hll::fold("b", 6)),
        ("hll get_count", hll::get_count("b")),
        ("hll get_union", hll::get_union("b", sketch())),
        ("hll get_union_count", hll::get_union_count("b", sketch())),
        ("hll get_intersect_count", hll::get_intersect_count("b", sketch())),
        ("hll get_similarity", hll::get_similarity("b", sketch())),
        ("hll describe", hll::describe("b")),
    ]
}
