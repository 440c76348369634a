//! Map operations, created by the core's builders.

use std::collections::BTreeMap;

use MapOrder::{KeyOrdered, KeyValueOrdered, Unordered};
use aerospike_core::operations::{
    MapOrder, MapPolicy, MapReturnType as Return, MapWriteFlags as Flags, Operation, cdt_context as ctx, maps,
};
use aerospike_core::{IndexMap, Value};

fn text(value: &str) -> Value {
    Value::String(value.into())
}

fn int(value: i64) -> Value {
    Value::Int(value)
}

pub fn built() -> Vec<(&'static str, Operation)> {
    let plain = MapPolicy::default();
    let policy = MapPolicy::new;
    let persisted = MapPolicy::with_persisted_index(KeyOrdered, Flags::DEFAULT);
    let bytes = Value::Blob(vec![0xf0, 0x0f]);
    let items = IndexMap::from([(text("z"), int(1)), (text("a"), Value::List(vec![int(2)]))]);
    let sorted = BTreeMap::from([(text("z"), int(1)), (int(5), int(2))]);
    let index = |at| vec![ctx::ctx_map_index(at)];
    let mut all = vec![
        ("map create", maps::create("b", KeyOrdered, vec![])),
        (
            "map create context",
            maps::create("b", KeyValueOrdered, vec![ctx::ctx_map_key(int(1))]),
        ),
        ("map create index", maps::create_with_index("b", KeyOrdered)),
        ("map set_order", maps::set_order("b", KeyValueOrdered)),
        ("map set_policy", maps::set_policy(&persisted, "b", vec![])),
        ("map set_policy context", maps::set_policy(&persisted, "b", index(0))),
        ("map put", maps::put(&plain, "b", text("k"), int(1))),
        (
            "map put flags",
            maps::put(
                &policy(KeyOrdered, Flags::CREATE_ONLY | Flags::NO_FAIL),
                "b",
                int(1),
                text("v"),
            ),
        ),
        (
            "map put mode",
            maps::put(&policy(Unordered, Flags::UPDATE_ONLY), "b", bytes, text("v")),
        ),
        // The core's `put` would omit the nil.
        (
            "map put nil",
            maps::put_items(&plain, "b", IndexMap::from([(text("k"), Value::Nil)])),
        ),
        (
            "map put nil flags",
            maps::put(&policy(Unordered, Flags::NO_FAIL), "b", text("k"), Value::Nil),
        ),
        ("map put_items", maps::put_items(&plain, "b", items)),
        (
            "map put_items ordered",
            maps::put_items(&policy(KeyOrdered, Flags::CREATE_ONLY), "b", sorted),
        ),
        ("map increment", maps::increment_value(&plain, "b", text("k"), int(1))),
        (
            "map increment double",
            maps::increment_value(&policy(KeyOrdered, Flags::DEFAULT), "b", text("k"), Value::from(2.0)),
        ),
        (
            "map decrement",
            maps::decrement_value(&plain, "b", text("k"), Value::from(0.5)),
        ),
        ("map clear", maps::clear("b")),
        ("map size", maps::size("b")),
    ];
    all.extend(get_by());
    all.extend(remove_by());
    all
}

fn get_by() -> Vec<(&'static str, Operation)> {
    let (k, a, c) = (|| text("k"), || text("a"), || text("c"));
    let bytes = Value::Blob(vec![0xf0, 0x0f]);
    vec![
        ("map get_by_key", maps::get_by_key("b", k(), Return::VALUE)),
        (
            "map get_by_key_range",
            maps::get_by_key_range("b", a(), c(), Return::KEY_VALUE),
        ),
        (
            "map get_by_key_range open",
            maps::get_by_key_range("b", Value::Nil, Value::Nil, Return::VALUE),
        ),
        (
            "map get_by_key_list",
            maps::get_by_key_list("b", vec![a(), int(1), bytes], Return::KEY),
        ),
        (
            "map get_by_key_rel",
            maps::get_by_key_relative_index_range("b", k(), -1, Return::VALUE),
        ),
        (
            "map get_by_key_rel count",
            maps::get_by_key_relative_index_range_count("b", k(), -1, 2, Return::ORDERED_MAP),
        ),
        ("map get_by_value", maps::get_by_value("b", int(5), Return::INDEX)),
        (
            "map get_by_value_range",
            maps::get_by_value_range("b", int(1), Value::Infinity, Return::UNORDERED_MAP),
        ),
        (
            "map get_by_value_list",
            maps::get_by_value_list("b", vec![int(1), int(2)], Return::RANK),
        ),
        (
            "map get_by_value_rel",
            maps::get_by_value_relative_rank_range("b", int(5), 0, Return::VALUE),
        ),
        (
            "map get_by_value_rel count",
            maps::get_by_value_relative_rank_range_count("b", int(5), 0, 1, Return::VALUE),
        ),
        ("map get_by_index", maps::get_by_index("b", 0, Return::KEY_VALUE)),
        (
            "map get_by_index_range",
            maps::get_by_index_range("b", 0, 2, Return::REVERSE_INDEX),
        ),
        (
            "map get_by_index_range from",
            maps::get_by_index_range_from("b", 0, Return::VALUE),
        ),
        ("map get_by_rank", maps::get_by_rank("b", -1, Return::REVERSE_RANK)),
        (
            "map get_by_rank_range",
            maps::get_by_rank_range("b", -2, 2, Return::VALUE),
        ),
        (
            "map get_by_rank_range from",
            maps::get_by_rank_range_from("b", -2, Return::VALUE),
        ),
    ]
}

fn remove_by() -> Vec<(&'static str, Operation)> {
    let (k, a, c) = (|| text("k"), || text("a"), || text("c"));
    let none = Return::NONE;
    vec![
        ("map remove_by_key", maps::remove_by_key("b", k(), Return::EXISTS)),
        (
            "map remove_by_key_range",
            maps::remove_by_key_range("b", a(), c(), none),
        ),
        (
            "map remove_by_key_list",
            maps::remove_by_key_list("b", vec![a()], Return::COUNT.inverted()),
        ),
        (
            "map remove_by_key_rel",
            maps::remove_by_key_relative_index_range("b", k(), 0, none),
        ),
        (
            "map remove_by_key_rel count",
            maps::remove_by_key_relative_index_range_count("b", k(), 0, 1, none),
        ),
        ("map remove_by_value", maps::remove_by_value("b", int(1), none)),
        (
            "map remove_by_value_range",
            maps::remove_by_value_range("b", int(1), int(5), none),
        ),
        (
            "map remove_by_value_list",
            maps::remove_by_value_list("b", vec![int(1), int(5)], none),
        ),
        (
            "map remove_by_value_rel",
            maps::remove_by_value_relative_rank_range("b", int(5), 0, none),
        ),
        (
            "map remove_by_value_rel count",
            maps::remove_by_value_relative_rank_range_count("b", int(5), 0, 1, none),
        ),
        ("map remove_by_index", maps::remove_by_index("b", 0, none)),
        (
            "map remove_by_index_range",
            maps::remove_by_index_range("b", 0, 2, none),
        ),
        (
            "map remove_by_index_range from",
            maps::remove_by_index_range_from("b", 0, none),
        ),
        ("map remove_by_rank", maps::remove_by_rank("b", 0, none)),
        ("map remove_by_rank_range", maps::remove_by_rank_range("b", 0, 2, none)),
        (
            "map remove_by_rank_range from",
            maps::remove_by_rank_range_from("b", 0, none),
        ),
    ]
}
