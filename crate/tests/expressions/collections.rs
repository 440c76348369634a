//! Lists, maps, contexts and paths; the counterpart of `cases-collections.ts`.

use aerospike_core::expressions::{
    self as exp, ExpType, Expression, LoopVarPart, int_val, list_val, lists, maps, string_val,
};
use aerospike_core::operations::cdt_context::{self as context, CdtContext};
use aerospike_core::operations::path::{ModifyFlag, SelectFlag};
use aerospike_core::operations::{
    ListOrderType, ListPolicy, ListReturnType, ListSortFlags, ListWriteFlags, MapOrder, MapPolicy, MapReturnType,
    MapWriteFlags,
};
use aerospike_core::{IndexMap, Value};

use crate::{Case, expression};

type Named = (&'static str, Expression);

fn l() -> Expression {
    exp::list_bin("l")
}

fn m() -> Expression {
    exp::map_bin("m")
}

fn n(value: i64) -> Expression {
    int_val(value)
}

fn k() -> Expression {
    string_val("k")
}

fn list(items: &[Value]) -> Expression {
    list_val(items.to_vec())
}

fn in_map() -> Vec<CdtContext> {
    vec![context::ctx_map_key(Value::from("k"))]
}

fn in_list() -> Vec<CdtContext> {
    vec![context::ctx_list_index(-1), context::ctx_map_key(Value::from(3))]
}

pub fn cases() -> Vec<Case> {
    let all = [list_reads(), list_writes(), map_reads(), map_writes(), paths()].concat();
    let mut cases: Vec<Case> = all.iter().map(|(name, made)| expression(name, made)).collect();
    cases.extend(contexts());
    cases
}

fn list_reads() -> Vec<Named> {
    use ListReturnType as Return;
    vec![
        ("lists.size", lists::size(l(), &[])),
        ("lists.size in a map", lists::size(m(), &in_map())),
        ("lists.size in a list", lists::size(l(), &in_list())),
        ("lists.join", lists::join(l(), &[])),
        (
            "lists.join with a separator",
            lists::join_by_separator(string_val(", "), l(), &[]),
        ),
        ("lists.getByValue", lists::get_by_value(Return::COUNT, n(5), l(), &[])),
        (
            "lists.getByValue of a list",
            lists::get_by_value(Return::VALUES, list(&[Value::from(1), Value::Wildcard]), l(), &[]),
        ),
        (
            "lists.getByValueRange",
            lists::get_by_value_range(Return::VALUES, Some(n(1)), Some(n(5)), l(), &[]),
        ),
        (
            "lists.getByValueRange open",
            lists::get_by_value_range(Return::VALUES.inverted(), None, None, l(), &[]),
        ),
        (
            "lists.getByValueRange in a map",
            lists::get_by_value_range(Return::EXISTS, None, Some(exp::infinity()), m(), &in_map()),
        ),
        (
            "lists.getByValueList",
            lists::get_by_value_list(Return::INDEX, list(&[Value::from(1), Value::from(2)]), l(), &[]),
        ),
        (
            "lists.getByRelRankRangeToEnd",
            lists::get_by_value_relative_rank_range(Return::VALUES, n(5), n(-1), l(), &[]),
        ),
        (
            "lists.getByRelRankRange",
            lists::get_by_value_relative_rank_range_count(Return::VALUES, n(5), n(-1), n(2), l(), &[]),
        ),
        (
            "lists.getByIndex",
            lists::get_by_index(Return::VALUES, ExpType::Int, n(2), l(), &[]),
        ),
        (
            "lists.getByIndex auto",
            lists::get_by_index(Return::RANK, ExpType::Int, n(2), l(), &[]),
        ),
        (
            "lists.getByIndexRangeToEnd",
            lists::get_by_index_range(Return::VALUES, n(2), l(), &[]),
        ),
        (
            "lists.getByIndexRange",
            lists::get_by_index_range_count(Return::VALUES, n(2), n(3), l(), &[]),
        ),
        (
            "lists.getByRank",
            lists::get_by_rank(Return::VALUES, ExpType::String, n(-1), l(), &[]),
        ),
        (
            "lists.getByRankRangeToEnd",
            lists::get_by_rank_range(Return::VALUES, n(2), l(), &[]),
        ),
        (
            "lists.getByRankRange",
            lists::get_by_rank_range_count(Return::VALUES, n(2), n(3), l(), &[]),
        ),
    ]
}

fn list_writes() -> Vec<Named> {
    let plain = ListPolicy::default;
    let none = ListReturnType::NONE;
    let unique = ListWriteFlags::ADD_UNIQUE;
    let ordered = ListPolicy::new(ListOrderType::Ordered, unique | ListWriteFlags::NO_FAIL);
    let both = ListSortFlags::DESCENDING | ListSortFlags::DROP_DUPLICATES;
    let ab = || list(&[Value::from("a"), Value::from("b")]);
    vec![
        ("lists.append", lists::append(plain(), n(5), l(), &[])),
        ("lists.append with a policy", lists::append(ordered, n(5), l(), &[])),
        ("lists.append in a map", lists::append(plain(), n(5), m(), &in_map())),
        (
            "lists.appendItems",
            lists::append_items(plain(), list(&[Value::from(1), Value::from(2)]), l(), &[]),
        ),
        (
            "lists.insert",
            lists::insert(
                ListPolicy::new(ListOrderType::Unordered, unique),
                n(0),
                string_val("a"),
                l(),
                &[],
            ),
        ),
        ("lists.insertItems", lists::insert_items(plain(), n(0), ab(), l(), &[])),
        ("lists.increment", lists::increment(plain(), n(0), n(2), l(), &[])),
        ("lists.set", lists::set(plain(), n(0), string_val("a"), l(), &[])),
        ("lists.clear", lists::clear(l(), &[])),
        ("lists.sort", lists::sort(both, l(), &[])),
        (
            "lists.sort in a list",
            lists::sort(ListSortFlags::DESCENDING, l(), &in_list()),
        ),
        ("lists.removeByValue", lists::remove_by_value(none, n(5), l(), &[])),
        (
            "lists.removeByValue inverted",
            lists::remove_by_value(none.inverted(), n(5), l(), &[]),
        ),
        (
            "lists.removeByValueList",
            lists::remove_by_value_list(none, list(&[Value::from(5)]), l(), &[]),
        ),
        (
            "lists.removeByValueRange",
            lists::remove_by_value_range(none, Some(n(1)), Some(n(9)), l(), &[]),
        ),
        (
            "lists.removeByValueRange open",
            lists::remove_by_value_range(none, None, None, m(), &in_map()),
        ),
        (
            "lists.removeByRelRankRangeToEnd",
            lists::remove_by_value_relative_rank_range(none, n(5), n(1), l(), &[]),
        ),
        (
            "lists.removeByRelRankRange",
            lists::remove_by_value_relative_rank_range_count(none, n(5), n(1), n(2), l(), &[]),
        ),
        ("lists.removeByIndex", lists::remove_by_index(none, n(0), l(), &[])),
        (
            "lists.removeByIndexRangeToEnd",
            lists::remove_by_index_range(none, n(1), l(), &[]),
        ),
        (
            "lists.removeByIndexRange",
            lists::remove_by_index_range_count(none, n(1), n(2), l(), &[]),
        ),
        ("lists.removeByRank", lists::remove_by_rank(none, n(0), l(), &[])),
        (
            "lists.removeByRankRangeToEnd",
            lists::remove_by_rank_range(none, n(1), l(), &[]),
        ),
        (
            "lists.removeByRankRange",
            lists::remove_by_rank_range_count(none, n(1), n(2), l(), &[]),
        ),
    ]
}

fn map_writes() -> Vec<Named> {
    let none = MapReturnType::NONE;
    let plain = MapPolicy::new(MapOrder::Unordered, MapWriteFlags::DEFAULT);
    let create = MapPolicy::new(MapOrder::KeyOrdered, MapWriteFlags::CREATE_ONLY);
    let partial = MapPolicy::new(MapOrder::KeyOrdered, MapWriteFlags::NO_FAIL | MapWriteFlags::PARTIAL);
    let by_both = MapPolicy::new(MapOrder::KeyValueOrdered, MapWriteFlags::DEFAULT);
    let entries = |entries: &[(&str, i64)]| {
        let map: IndexMap<Value, Value> = entries
            .iter()
            .map(|(k, v)| (Value::from(*k), Value::from(*v)))
            .collect();
        exp::map_val(map)
    };
    let (a, z) = (|| Some(string_val("a")), || Some(string_val("z")));
    vec![
        ("maps.put", maps::put(&plain, k(), n(5), m(), &[])),
        ("maps.put with a policy", maps::put(&create, k(), n(5), m(), &[])),
        ("maps.put in a list", maps::put(&plain, k(), n(5), l(), &in_list())),
        (
            "maps.putItems",
            maps::put_items(&plain, entries(&[("b", 1), ("a", 2)]), m(), &[]),
        ),
        (
            "maps.putItems with a policy",
            maps::put_items(&partial, entries(&[("a", 2)]), m(), &[]),
        ),
        ("maps.increment", maps::increment(&by_both, k(), n(2), m(), &[])),
        ("maps.clear", maps::clear(m(), &[])),
        ("maps.removeByKey", maps::remove_by_key(none, k(), m(), &[])),
        (
            "maps.removeByKeyList",
            maps::remove_by_key_list(none, list(&[Value::from("k"), Value::from(1)]), m(), &[]),
        ),
        (
            "maps.removeByKeyRange",
            maps::remove_by_key_range(none, a(), z(), m(), &[]),
        ),
        (
            "maps.removeByKeyRange open",
            maps::remove_by_key_range(none.inverted(), None, None, m(), &in_map()),
        ),
        (
            "maps.removeByKeyRelIndexRangeToEnd",
            maps::remove_by_key_relative_index_range(none, k(), n(1), m(), &[]),
        ),
        (
            "maps.removeByKeyRelIndexRange",
            maps::remove_by_key_relative_index_range_count(none, k(), n(1), n(2), m(), &[]),
        ),
        ("maps.removeByValue", maps::remove_by_value(none, n(5), m(), &[])),
        (
            "maps.removeByValueList",
            maps::remove_by_value_list(none, list(&[Value::from(5)]), m(), &[]),
        ),
        (
            "maps.removeByValueRange",
            maps::remove_by_value_range(none, Some(n(1)), Some(n(9)), m(), &[]),
        ),
        (
            "maps.removeByValueRelRankRangeToEnd",
            maps::remove_by_value_relative_rank_range(none, n(5), n(1), m(), &[]),
        ),
        (
            "maps.removeByValueRelRankRange",
            maps::remove_by_value_relative_rank_range_count(none, n(5), n(1), n(2), m(), &[]),
        ),
        ("maps.removeByIndex", maps::remove_by_index(none, n(0), m(), &[])),
        (
            "maps.removeByIndexRangeToEnd",
            maps::remove_by_index_range(none, n(1), m(), &[]),
        ),
        (
            "maps.removeByIndexRange",
            maps::remove_by_index_range_count(none, n(1), n(2), m(), &[]),
        ),
        ("maps.removeByRank", maps::remove_by_rank(none, n(0), m(), &[])),
        (
            "maps.removeByRankRangeToEnd",
            maps::remove_by_rank_range(none, n(1), m(), &[]),
        ),
        (
            "maps.removeByRankRange",
            maps::remove_by_rank_range_count(none, n(1), n(2), m(), &[]),
        ),
    ]
}

fn map_reads() -> Vec<Named> {
    use MapReturnType as Return;
    let (a, z) = (|| Some(string_val("a")), || Some(string_val("z")));
    vec![
        ("maps.size", maps::size(m(), &[])),
        ("maps.size in a list", maps::size(l(), &in_list())),
        (
            "maps.getByKey",
            maps::get_by_key(Return::VALUE, ExpType::String, k(), m(), &[]),
        ),
        (
            "maps.getByKey auto",
            maps::get_by_key(Return::EXISTS, ExpType::Bool, k(), m(), &[]),
        ),
        (
            "maps.getByKeyRange",
            maps::get_by_key_range(Return::KEY, a(), z(), m(), &[]),
        ),
        (
            "maps.getByKeyRange open",
            maps::get_by_key_range(Return::KEY, None, None, m(), &[]),
        ),
        (
            "maps.getByKeyList",
            maps::get_by_key_list(Return::KEY_VALUE, list(&[Value::from("k")]), m(), &[]),
        ),
        (
            "maps.getByKeyRelIndexRangeToEnd",
            maps::get_by_key_relative_index_range(Return::VALUE, k(), n(1), m(), &[]),
        ),
        (
            "maps.getByKeyRelIndexRange",
            maps::get_by_key_relative_index_range_count(Return::VALUE, k(), n(1), n(2), m(), &[]),
        ),
        ("maps.getByValue", maps::get_by_value(Return::COUNT, n(5), m(), &[])),
        (
            "maps.getByValueRange",
            maps::get_by_value_range(Return::RANK, Some(n(1)), Some(n(9)), m(), &[]),
        ),
        (
            "maps.getByValueRange open",
            maps::get_by_value_range(Return::RANK, Some(n(1)), None, m(), &[]),
        ),
        (
            "maps.getByValueList",
            maps::get_by_value_list(Return::KEY, list(&[Value::from(5)]), m(), &[]),
        ),
        (
            "maps.getByValueRelRankRangeToEnd",
            maps::get_by_value_relative_rank_range(Return::KEY, n(5), n(1), m(), &[]),
        ),
        (
            "maps.getByValueRelRankRange",
            maps::get_by_value_relative_rank_range_count(Return::KEY, n(5), n(1), n(2), m(), &[]),
        ),
        (
            "maps.getByIndex",
            maps::get_by_index(Return::VALUE, ExpType::Int, n(0), m(), &[]),
        ),
        (
            "maps.getByIndexRangeToEnd",
            maps::get_by_index_range(Return::VALUE, n(1), m(), &[]),
        ),
        (
            "maps.getByIndexRange",
            maps::get_by_index_range_count(Return::VALUE, n(1), n(2), m(), &[]),
        ),
        (
            "maps.getByRank",
            maps::get_by_rank(Return::VALUE, ExpType::Float, n(-1), m(), &in_map()),
        ),
        (
            "maps.getByRankRangeToEnd",
            maps::get_by_rank_range(Return::VALUE, n(1), m(), &[]),
        ),
        (
            "maps.getByRankRange",
            maps::get_by_rank_range_count(Return::VALUE, n(1), n(2), m(), &[]),
        ),
    ]
}

fn value() -> Expression {
    exp::exp_int_loop_var(LoopVarPart::VALUE)
}

fn dear() -> Expression {
    exp::gt(value(), n(10))
}

fn tree() -> Vec<CdtContext> {
    vec![
        context::ctx_map_key(Value::from("book")),
        context::ctx_all_children(),
        context::ctx_map_key(Value::from("price")),
    ]
}

fn paths() -> Vec<Named> {
    let part = LoopVarPart::VALUE;
    let filtered = [
        context::ctx_map_keys_in(["a", "b"]),
        context::ctx_and_filter(dear()),
        context::ctx_all_children_with_filter(exp::not(dear())),
    ];
    let doubled = || exp::num_mul(vec![value(), n(2)]);
    vec![
        ("selectByPath", exp::exp_select_values(ExpType::List, m(), &tree())),
        (
            "selectByPath of keys",
            exp::exp_select_by_path(ExpType::List, SelectFlag::MAP_KEY | SelectFlag::NO_FAIL, m(), &tree()),
        ),
        (
            "selectByPath with filters",
            exp::exp_select_matching_tree(ExpType::Map, m(), &filtered),
        ),
        ("modifyByPath", exp::exp_modify(ExpType::Map, m(), doubled(), &tree())),
        (
            "modifyByPath without failure",
            exp::exp_modify_by_path(
                ExpType::Map,
                ModifyFlag::NO_FAIL,
                m(),
                exp::exp_remove_result(),
                &tree(),
            ),
        ),
        ("removeResult", exp::exp_remove_result()),
        ("resultRemove", exp::exp_remove_result()),
        ("mapKeys", exp::map_keys(m())),
        ("mapValues", exp::map_values(m())),
        ("loopVarFloat", exp::exp_float_loop_var(part)),
        ("loopVarInt", exp::exp_int_loop_var(LoopVarPart::INDEX)),
        ("loopVarList", exp::exp_list_loop_var(part)),
        ("loopVarMap", exp::exp_map_loop_var(part)),
        ("loopVarStr", exp::exp_string_loop_var(LoopVarPart::MAP_KEY)),
        ("loopVarBlob", exp::exp_blob_loop_var(part)),
        ("loopVarBool", exp::exp_bool_loop_var(part)),
        ("loopVarNil", exp::exp_nil_loop_var(part)),
        ("loopVarGeoJSON", exp::exp_geo_json_loop_var(part)),
        ("loopVarHLL", exp::exp_hll_loop_var(part)),
    ]
}

/// A context with flags that create a level. These flags are sent with operations, but the core omits them when it
/// packs a context for an index. So build the context from the bytes of an operation, which also shows that the core
/// reads the flags.
fn creating(id: u8, value: &[u8]) -> Vec<CdtContext> {
    let bytes = [&[0x92, 0xcc, id][..], value].concat();
    context::ctx_from_bytes(&bytes).unwrap()
}

fn contexts() -> Vec<Case> {
    let k = [0xa2, 3, b'k'];
    let mut map = IndexMap::new();
    map.insert(Value::from("a"), Value::from(1));
    let long = exp::eq(
        exp::exp_string_loop_var(LoopVarPart::VALUE),
        string_val("a".repeat(300)),
    );
    let list = Value::List(vec![Value::from(1), Value::from("a"), Value::from(2.5)]);
    let all = vec![
        ("empty", vec![]),
        ("addListIndex", vec![context::ctx_list_index(-3)]),
        ("addListRank", vec![context::ctx_list_rank(-1)]),
        ("addListValue", vec![context::ctx_list_value(list)]),
        ("addMapIndex", vec![context::ctx_map_index(4)]),
        ("addMapRank", vec![context::ctx_map_rank(0)]),
        ("addMapKey of a string", in_map()),
        (
            "addMapKey of an integer",
            vec![context::ctx_map_key(Value::from(1_i64 << 40))],
        ),
        (
            "addMapKey of bytes",
            vec![context::ctx_map_key(Value::Blob(vec![1, 2]))],
        ),
        ("addMapValue", vec![context::ctx_map_value(Value::OrderedMap(map))]),
        (
            "addMapKeysIn",
            vec![context::ctx_map_keys_in(vec![Value::from("a"), Value::from(1)])],
        ),
        ("addAllChildren", vec![context::ctx_all_children()]),
        (
            "addAllChildrenWithFilter",
            vec![context::ctx_all_children_with_filter(dear())],
        ),
        (
            "addAllChildrenWithFilter of 300",
            vec![context::ctx_all_children_with_filter(long)],
        ),
        (
            "addAndFilter",
            vec![context::ctx_map_keys_in(["a"]), context::ctx_and_filter(dear())],
        ),
        ("of 20 levels", vec![context::ctx_list_index(0); 20]),
        ("fromBase64", tree()),
        ("addListIndexCreate unordered", creating(0x50, &[1])),
        ("addListIndexCreate padded", creating(0x90, &[1])),
        ("addListIndexCreate ordered", creating(0xd0, &[1])),
        ("addMapKeyCreate unordered", creating(0x62, &k)),
        ("addMapKeyCreate key-ordered", creating(0xa2, &k)),
        ("addMapKeyCreate key-value-ordered", creating(0xe2, &k)),
    ];
    all.into_iter()
        .map(|(name, made)| (format!("context {name}"), context::to_base64(&made).unwrap()))
        .collect()
}
