//! Literals, bins, metadata, comparisons, logic and arithmetic; the counterpart of `cases-basic.ts`.

use aerospike_core::expressions::string::to_string;
use aerospike_core::expressions::*;
use aerospike_core::{IndexMap, Value};

use crate::{Case, expression};

const REGION: &str = r#"{"type":"AeroCircle","coordinates":[[-122.0, 37.5], 1000]}"#;

fn map(entries: &[(Value, Value)]) -> Value {
    Value::OrderedMap(entries.iter().cloned().collect::<IndexMap<_, _>>())
}

fn map_of(entries: &[(&str, Value)]) -> IndexMap<Value, Value> {
    entries
        .iter()
        .map(|(key, value)| (Value::from(*key), value.clone()))
        .collect()
}

fn i() -> Expression {
    int_bin("i")
}

fn f() -> Expression {
    float_bin("f")
}

fn s() -> Expression {
    string_bin("s")
}

pub fn cases() -> Vec<Case> {
    let all = [literals(), bins(), metadata(), comparisons(), control(), arithmetic()];
    all.concat().iter().map(|(name, made)| expression(name, made)).collect()
}

type Named = (String, Expression);

fn named(cases: Vec<(&str, Expression)>) -> Vec<Named> {
    cases.into_iter().map(|(name, made)| (name.to_owned(), made)).collect()
}

fn literals() -> Vec<Named> {
    let integers: [i64; 22] = [
        0,
        127,
        128,
        255,
        256,
        65_535,
        65_536,
        4_294_967_295,
        4_294_967_296,
        (1 << 53) - 1,
        i64::MAX,
        -1,
        -32,
        -33,
        -128,
        -129,
        -32_768,
        -32_769,
        -2_147_483_648,
        -2_147_483_649,
        -(1 << 53) + 1,
        i64::MIN,
    ];
    let mut all: Vec<Named> = integers
        .iter()
        .map(|value| (format!("int {value}"), int_val(*value)))
        .collect();
    let geo = || Value::GeoJson(REGION.to_owned());
    let numbers = |count: i64| (0..count).map(Value::from).collect::<Vec<_>>();
    all.extend(named(vec![
        ("bool true", bool_val(true)),
        ("bool false", bool_val(false)),
        ("boolVal", bool_val(true)),
        ("intVal", int_val(7)),
        ("uint", int_val(7)),
        ("float 1", float_val(1.0)),
        ("float -0.5", float_val(-0.5)),
        ("float of a Double", float_val(2.0)),
        ("floatVal", float_val(1.5)),
        ("str empty", string_val("")),
        ("str short", string_val("Ada")),
        ("str 30", string_val("a".repeat(30))),
        ("str 31", string_val("a".repeat(31))),
        ("str 300", string_val("a".repeat(300))),
        ("str 70000", string_val("a".repeat(70_000))),
        ("str wide", string_val("Zoë 한글 🎉")),
        ("stringVal", string_val("Ada")),
        ("bytes", blob_val(vec![1, 2, 255])),
        ("bytes of a size", blob_val(vec![1, 2])),
        ("blobVal", blob_val(vec![1, 2, 255])),
        ("geo", geo_val(REGION)),
        ("geo of a GeoJSON", geo_val(REGION)),
        ("geoVal", geo_val(REGION)),
        ("nil", nil()),
        ("inf", infinity()),
        ("infinity", infinity()),
        ("wildcard", wildcard()),
        ("list empty", list_val(vec![])),
        (
            "list of everything",
            list_val(vec![
                Value::from(1),
                Value::from(-1.5),
                Value::from("a"),
                Value::from(true),
                Value::Nil,
                Value::Blob(vec![9]),
                Value::List(vec![Value::from(1), Value::List(vec![Value::from(2)])]),
                map(&[(Value::from("a"), Value::from(1))]),
                geo(),
                Value::Hll(vec![1, 2]),
            ]),
        ),
        ("list of 20", list_val(numbers(20))),
        (
            "list with infinity and wildcard",
            list_val(vec![Value::Infinity, Value::Wildcard]),
        ),
        ("listVal", list_val(vec![Value::from(1), Value::from(2)])),
        ("map empty", map_val(map_of(&[]))),
        (
            "map of strings",
            map_val(map_of(&[
                ("b", Value::from(2)),
                ("a", Value::List(vec![Value::from(1)])),
                (
                    "Z",
                    map(&[(Value::from("y"), Value::from(1)), (Value::from("x"), Value::from(2))]),
                ),
                ("é", Value::from(0)),
            ])),
        ),
        (
            "map of every key",
            map_val(
                [
                    (Value::Blob(vec![2]), 1),
                    (Value::Blob(vec![1, 1]), 2),
                    (Value::from("b"), 3),
                    (Value::from("a"), 4),
                    (Value::from(10), 5),
                    (Value::from(-3), 6),
                    (Value::from(1_i64 << 40), 7),
                ]
                .into_iter()
                .map(|(key, value)| (key, Value::from(value)))
                .collect::<IndexMap<_, _>>(),
            ),
        ),
        (
            "map of 20",
            map_val(
                (0..20_i64)
                    .map(|index| (Value::from(19 - index), Value::from(index)))
                    .collect::<IndexMap<_, _>>(),
            ),
        ),
        ("mapVal", map_val(map_of(&[("a", Value::from(1))]))),
    ]));
    all
}

fn bins() -> Vec<Named> {
    named(vec![
        ("bin int", bin("a", ExpType::Int)),
        ("bin hll", bin("a", ExpType::Hll)),
        ("binBool", bool_bin("a")),
        ("binInt", int_bin("a")),
        ("binFloat", float_bin("a")),
        ("binStr", string_bin("a")),
        ("binBlob", blob_bin("a")),
        ("binGeo", geo_bin("a")),
        ("binList", list_bin("a")),
        ("binMap", map_bin("a")),
        ("binHll", hll_bin("a bin of 15 byt")),
        ("binType", bin_type("a")),
        ("binExists", bin_exists("a")),
        ("boolBin", bool_bin("a")),
        ("intBin", int_bin("a")),
        ("floatBin", float_bin("a")),
        ("stringBin", string_bin("a")),
        ("blobBin", blob_bin("a")),
        ("geoBin", geo_bin("a")),
        ("listBin", list_bin("a")),
        ("mapBin", map_bin("a")),
        ("hllBin", hll_bin("a")),
    ])
}

fn metadata() -> Vec<Named> {
    named(vec![
        ("key int", key(ExpType::Int)),
        ("key string", key(ExpType::String)),
        ("key blob", key(ExpType::Blob)),
        ("keyInt", key(ExpType::Int)),
        ("keyStr", key(ExpType::String)),
        ("keyBlob", key(ExpType::Blob)),
        ("keyExist", key_exists()),
        ("keyExists", key_exists()),
        ("setName", set_name()),
        ("recordSize", record_size()),
        // The core has no separate builders for these two: the record size replaced them.
        ("deviceSize", record_size()),
        ("memorySize", record_size()),
        ("lastUpdate", last_update()),
        ("sinceUpdate", since_update()),
        ("voidTime", void_time()),
        ("ttl", ttl()),
        ("isTombstone", is_tombstone()),
        ("digestModulo", digest_modulo(1000)),
    ])
}

fn comparisons() -> Vec<Named> {
    let flags = RegexFlags::ICASE | RegexFlags::NEWLINE;
    named(vec![
        ("eq", eq(i(), int_val(5))),
        ("eq plain", eq(s(), string_val("Seoul"))),
        ("eq plain float", eq(f(), float_val(20.0))),
        (
            "eq plain list",
            eq(list_bin("l"), list_val(vec![Value::from(1), Value::from(2)])),
        ),
        (
            "eq plain map",
            eq(map_bin("m"), map_val(map_of(&[("a", Value::from(1))]))),
        ),
        ("ne", ne(i(), int_val(5))),
        ("gt", gt(i(), int_val(5))),
        ("ge", ge(i(), int_val(5))),
        ("lt", lt(i(), int_val(5))),
        ("le", le(i(), int_val(5))),
        ("cmpRegex", regex_compare("prefix.*suffix", flags, s())),
        ("regexCompare", regex_compare("^ä", RegexFlags::EXTENDED, s())),
        ("cmpGeo", geo_compare(geo_bin("g"), geo_val(REGION))),
        ("geoCompare", geo_compare(geo_bin("g"), geo_val(REGION))),
        ("inList", in_list(i(), list_val(vec![Value::from(1), Value::from(2)]))),
    ])
}

fn control() -> Vec<Named> {
    let ael = |text: String| from_ael(&text).unwrap();
    let yes = || bool_val(true);
    let no = || bool_val(false);
    named(vec![
        ("not", not(yes())),
        ("and", and(vec![yes(), no(), eq(i(), int_val(5))])),
        ("or", or(vec![yes(), no()])),
        ("exclusive", exclusive(vec![yes(), no()])),
        ("xor", xor(vec![yes(), no()])),
        (
            "cond",
            cond(vec![
                lt(i(), int_val(18)),
                string_val("minor"),
                lt(i(), int_val(65)),
                string_val("adult"),
                string_val("senior"),
            ]),
        ),
        (
            "let with one def and var",
            exp_let(vec![def("x", i()), gt(var("x"), int_val(5))]),
        ),
        (
            "let with two",
            exp_let(vec![
                def("x", i()),
                def("y", num_add(vec![var("x"), int_val(1)])),
                gt(var("y"), var("x")),
            ]),
        ),
        ("var", var("x")),
        ("unknown", unknown()),
        ("toStr", to_string(i())),
        ("ael short", ael("$.age > 21".to_owned())),
        ("ael 300", ael(format!("$.name == \"{}\"", "a".repeat(300)))),
        ("ael 70000", ael(format!("$.name == \"{}\"", "ä".repeat(35_000)))),
        ("fromBase64", eq(i(), int_val(5))),
    ])
}

fn arithmetic() -> Vec<Named> {
    let one = || int_val(1);
    let mask = || int_val(255);
    named(vec![
        ("add", num_add(vec![i(), int_val(1), int_val(2)])),
        ("add one", num_add(vec![i()])),
        ("add plain float", num_add(vec![float_val(1.0), f(), float_val(2.5)])),
        ("sub", num_sub(vec![i(), int_val(1)])),
        ("mul", num_mul(vec![i(), int_val(2)])),
        ("div", num_div(vec![i(), int_val(2)])),
        ("pow", num_pow(f(), float_val(2.0))),
        ("log", num_log(f(), float_val(10.0))),
        ("mod", num_mod(i(), int_val(3))),
        ("abs", num_abs(i())),
        ("floor", num_floor(f())),
        ("ceil", num_ceil(f())),
        ("toInt", to_int(f())),
        ("toFloat", to_float(i())),
        ("intAnd", int_and(vec![i(), mask()])),
        ("intOr", int_or(vec![i(), mask()])),
        ("intXor", int_xor(vec![i(), mask()])),
        ("intNot", int_not(i())),
        ("intLshift", int_lshift(i(), int_val(2))),
        ("intRshift", int_rshift(i(), int_val(2))),
        ("intArshift", int_arshift(i(), int_val(2))),
        ("intCount", int_count(i())),
        ("intLscan", int_lscan(i(), bool_val(true))),
        ("intRscan", int_rscan(i(), bool_val(false))),
        ("min", min(vec![i(), int_val(3)])),
        ("max", max(vec![f(), float_val(3.0)])),
        ("numAdd", num_add(vec![i(), one()])),
        ("numSub", num_sub(vec![i(), one()])),
        ("numMul", num_mul(vec![i(), one()])),
        ("numDiv", num_div(vec![i(), one()])),
        ("numPow", num_pow(f(), float_val(1.0))),
        ("numLog", num_log(f(), float_val(1.0))),
        ("numMod", num_mod(i(), one())),
        ("numAbs", num_abs(i())),
        ("numFloor", num_floor(f())),
        ("numCeil", num_ceil(f())),
    ])
}
