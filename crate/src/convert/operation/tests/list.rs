//! List operations, created by the core's builders.

use ListOrderType::{Ordered, Unordered};
use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType as Return, ListSortFlags, ListWriteFlags as Flags, MapOrder, Operation,
    cdt_context as ctx, lists,
};
use aerospike_core::{IndexMap, Value};

fn text(value: &str) -> Value {
    Value::String(value.into())
}

fn list(items: Vec<Value>) -> Value {
    Value::List(items)
}

fn int(value: i64) -> Value {
    Value::Int(value)
}

pub fn built() -> Vec<(&'static str, Operation)> {
    let plain = ListPolicy::default();
    let flags = |flags| ListPolicy::new(Unordered, flags);
    let unique = Flags::ADD_UNIQUE;
    let many = vec![
        int(1),
        text("two"),
        Value::from(3.5),
        Value::Bool(true),
        Value::Blob(vec![0xf0, 0x0f]),
        Value::Nil,
        list(vec![int(1)]),
        Value::OrderedMap(IndexMap::from([(text("k"), int(1))])),
    ];
    let nested = vec![
        ctx::ctx_list_index_create(-1, Ordered, false),
        ctx::ctx_map_key_create(text("k"), MapOrder::KeyValueOrdered),
        ctx::ctx_list_rank(2),
        ctx::ctx_map_value(list(vec![int(0), int(1), int(2)])),
    ];
    vec![
        ("list create", lists::create("b", Unordered, false)),
        (
            "list create padded",
            lists::create("b", Unordered, true).context(vec![ctx::ctx_list_index(3)]),
        ),
        (
            "list create ordered",
            lists::create("b", Ordered, false).context(vec![ctx::ctx_map_key(text("k"))]),
        ),
        ("list create index", lists::create_with_index("b", Ordered)),
        ("list set_order", lists::set_order("b", Ordered)),
        ("list set_order index", lists::set_order_with_index("b", Ordered)),
        ("list append", lists::append(&plain, "b", int(1))),
        (
            "list append policy",
            lists::append(&ListPolicy::new(Ordered, unique), "b", text("x")),
        ),
        ("list append nil", lists::append(&plain, "b", Value::Nil)),
        (
            "list append context",
            lists::append(&plain, "b", int(-1)).context(nested),
        ),
        ("list append_items", lists::append_items(&plain, "b", many)),
        ("list insert", lists::insert(&plain, "b", 2, int(1))),
        (
            "list insert flags",
            lists::insert(&flags(Flags::INSERT_BOUNDED), "b", -2, int(1)),
        ),
        (
            "list insert_items",
            lists::insert_items(
                &flags(unique | Flags::NO_FAIL | Flags::PARTIAL),
                "b",
                2,
                vec![int(1), int(2)],
            ),
        ),
        ("list pop", lists::pop("b", -1)),
        ("list pop_range", lists::pop_range("b", 1, 2)),
        ("list pop_range from", lists::pop_range_from("b", 1)),
        ("list remove", lists::remove("b", 1)),
        ("list remove_range", lists::remove_range("b", 1, 2)),
        ("list remove_range from", lists::remove_range_from("b", 1)),
        ("list set", lists::set("b", 1, text("x"))),
        (
            "list set policy",
            lists::set_with_policy(&flags(Flags::NO_FAIL), "b", 1, text("x")),
        ),
        ("list trim", lists::trim("b", 1, 2)),
        ("list clear", lists::clear("b")),
        ("list increment", lists::increment_by_one("b", 1)),
        ("list increment by", lists::increment(&plain, "b", 1, 1 << 62)),
        (
            "list increment policy",
            lists::increment(&flags(Flags::NO_FAIL), "b", 1, 1),
        ),
        ("list sort", lists::sort("b", ListSortFlags::DEFAULT)),
        ("list sort flags", lists::sort("b", ListSortFlags::DESCENDING)),
        ("list size", lists::size("b")),
        ("list get", lists::get("b", 1)),
        ("list get_range", lists::get_range("b", 1, 2)),
        ("list get_range from", lists::get_range_from("b", 1)),
        ("list join", lists::join("b")),
        ("list join separator", lists::join_by_separator("b", ", ")),
    ]
    .into_iter()
    .chain(get_by())
    .chain(remove_by())
    .collect()
}

fn get_by() -> Vec<(&'static str, Operation)> {
    let some = vec![int(1), list(vec![int(2), Value::Wildcard])];
    let (begin, end) = (list(vec![int(1)]), list(vec![int(1), Value::Infinity]));
    vec![
        ("list get_by_index", lists::get_by_index("b", 1, Return::VALUES)),
        (
            "list get_by_index_range",
            lists::get_by_index_range("b", 1, Return::COUNT),
        ),
        (
            "list get_by_index_range count",
            lists::get_by_index_range_count("b", 1, 2, Return::INDEX.inverted()),
        ),
        ("list get_by_rank", lists::get_by_rank("b", -1, Return::RANK)),
        (
            "list get_by_rank_range",
            lists::get_by_rank_range("b", -3, Return::VALUES),
        ),
        (
            "list get_by_rank_range count",
            lists::get_by_rank_range_count("b", -3, 3, Return::REVERSE_RANK),
        ),
        (
            "list get_by_value",
            lists::get_by_value("b", Value::Wildcard, Return::EXISTS),
        ),
        (
            "list get_by_value_list",
            lists::get_by_value_list("b", some, Return::REVERSE_INDEX),
        ),
        (
            "list get_by_value_range",
            lists::get_by_value_range("b", begin, end, Return::VALUES),
        ),
        (
            "list get_by_value_range open",
            lists::get_by_value_range("b", Value::Nil, Value::Nil, Return::VALUES),
        ),
        (
            "list get_by_value_rel",
            lists::get_by_value_relative_rank_range("b", int(5), -1, Return::VALUES),
        ),
        (
            "list get_by_value_rel count",
            lists::get_by_value_relative_rank_range_count("b", int(5), -1, 2, Return::COUNT.inverted()),
        ),
    ]
}

fn remove_by() -> Vec<(&'static str, Operation)> {
    let x = || text("x");
    vec![
        ("list remove_by_index", lists::remove_by_index("b", 1, Return::NONE)),
        (
            "list remove_by_index_range",
            lists::remove_by_index_range("b", 1, Return::NONE),
        ),
        (
            "list remove_by_index_range count",
            lists::remove_by_index_range_count("b", 1, 2, Return::VALUES),
        ),
        ("list remove_by_rank", lists::remove_by_rank("b", 0, Return::NONE)),
        (
            "list remove_by_rank_range",
            lists::remove_by_rank_range("b", 0, Return::NONE),
        ),
        (
            "list remove_by_rank_range count",
            lists::remove_by_rank_range_count("b", 0, 2, Return::COUNT),
        ),
        ("list remove_by_value", lists::remove_by_value("b", x(), Return::COUNT)),
        (
            "list remove_by_value_list",
            lists::remove_by_value_list("b", vec![x()], Return::VALUES.inverted()),
        ),
        (
            "list remove_by_value_range",
            lists::remove_by_value_range("b", Return::COUNT, int(1), int(5)),
        ),
        (
            "list remove_by_value_rel",
            lists::remove_by_value_relative_rank_range("b", Return::NONE, int(5), 1),
        ),
        (
            "list remove_by_value_rel count",
            lists::remove_by_value_relative_rank_range_count("b", Return::NONE, int(5), 1, 2),
        ),
    ]
}
