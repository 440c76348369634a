//! Bits, HyperLogLogs and strings; the counterpart of `cases-modules.ts`.

use aerospike_core::Value;
use aerospike_core::expressions::{
    Expression, bitwise, blob_bin, blob_val, bool_val, hll, hll_bin, int_val, list_bin, list_val, string, string_bin,
    string_val,
};
use aerospike_core::operations::bitwise::{BitPolicy, BitwiseOverflowActions, BitwiseResizeFlags, BitwiseWriteFlags};
use aerospike_core::operations::hll::{HllPolicy, HllWriteFlags};
use aerospike_core::operations::string::{StringNumericType, StringPolicy, StringRegexFlags, StringWriteFlags};

use crate::{Case, expression};

type Named = (&'static str, Expression);

pub fn cases() -> Vec<Case> {
    let all = [bits(), hlls(), string_reads(), string_writes()].concat();
    all.iter().map(|(name, made)| expression(name, made)).collect()
}

fn n(value: i64) -> Expression {
    int_val(value)
}

fn t(value: &str) -> Expression {
    string_val(value)
}

fn bits() -> Vec<Named> {
    let plain = BitPolicy::default();
    let policy = BitPolicy::new(BitwiseWriteFlags::NO_FAIL);
    let b = || blob_bin("b");
    let v = || blob_val(vec![0xab]);
    let (offset, size) = (|| n(4), || n(8));
    let (fail, saturate, wrap) = (
        BitwiseOverflowActions::Fail,
        BitwiseOverflowActions::Saturate,
        BitwiseOverflowActions::Wrap,
    );
    vec![
        (
            "bit.reSize",
            bitwise::resize(&plain, n(4), BitwiseResizeFlags::FROM_FRONT, b()),
        ),
        (
            "bit.reSize with a policy",
            bitwise::resize(&policy, n(4), BitwiseResizeFlags::GROW_ONLY, b()),
        ),
        ("bit.insert", bitwise::insert(&plain, n(1), v(), b())),
        ("bit.remove", bitwise::remove(&plain, n(1), n(2), b())),
        ("bit.set", bitwise::set(&plain, offset(), size(), v(), b())),
        (
            "bit.set with a policy",
            bitwise::set(&policy, offset(), size(), v(), b()),
        ),
        ("bit.or", bitwise::or(&plain, offset(), size(), v(), b())),
        ("bit.xor", bitwise::xor(&plain, offset(), size(), v(), b())),
        ("bit.and", bitwise::and(&plain, offset(), size(), v(), b())),
        ("bit.not", bitwise::not(&plain, offset(), size(), b())),
        ("bit.lShift", bitwise::lshift(&plain, offset(), size(), n(3), b())),
        ("bit.rShift", bitwise::rshift(&plain, offset(), size(), n(3), b())),
        (
            "bit.add",
            bitwise::add(&plain, offset(), size(), n(3), false, fail, b()),
        ),
        (
            "bit.add signed and wrapping",
            bitwise::add(&policy, offset(), size(), n(3), true, wrap, b()),
        ),
        (
            "bit.subtract",
            bitwise::subtract(&plain, offset(), size(), n(3), false, saturate, b()),
        ),
        ("bit.setInt", bitwise::set_int(&plain, offset(), size(), n(-3), b())),
        ("bit.get", bitwise::get(offset(), size(), b())),
        ("bit.count", bitwise::count(offset(), size(), b())),
        ("bit.lScan", bitwise::lscan(offset(), size(), bool_val(true), b())),
        ("bit.rScan", bitwise::rscan(offset(), size(), bool_val(false), b())),
        ("bit.getInt", bitwise::get_int(offset(), size(), false, b())),
        ("bit.getInt signed", bitwise::get_int(offset(), size(), true, b())),
        ("bit.b64Encode", bitwise::b64_encode(b())),
        (
            "bit.b64Encode of a part",
            bitwise::b64_encode_range(n(1), n(2), false, b()),
        ),
        (
            "bit.b64Encode of all but a part",
            bitwise::b64_encode_range(n(1), n(2), true, b()),
        ),
    ]
}

fn hlls() -> Vec<Named> {
    let plain = HllPolicy::default;
    let h = || hll_bin("h");
    let l = || list_bin("l");
    let items = |items: &[Value]| list_val(items.to_vec());
    vec![
        ("hll.init", hll::init(plain(), n(8), h())),
        (
            "hll.initMH",
            hll::init_with_min_hash(HllPolicy::new(HllWriteFlags::CREATE_ONLY), n(8), n(6), h()),
        ),
        (
            "hll.add",
            hll::add_with_index(plain(), items(&[Value::from("a"), Value::from("b")]), n(8), h()),
        ),
        (
            "hll.addMH",
            hll::add_with_index_and_min_hash(plain(), items(&[Value::from(1)]), n(8), n(6), h()),
        ),
        ("hll.update", hll::add(HllPolicy::new(HllWriteFlags::NO_FAIL), l(), h())),
        ("hll.getCount", hll::get_count(h())),
        ("hll.getUnion", hll::get_union(l(), h())),
        ("hll.getUnionCount", hll::get_union_count(l(), h())),
        ("hll.getIntersectCount", hll::get_intersect_count(l(), h())),
        ("hll.getSimilarity", hll::get_similarity(l(), h())),
        ("hll.describe", hll::describe(h())),
        ("hll.mayContain", hll::may_contain(items(&[Value::from("a")]), h())),
    ]
}

fn s() -> Expression {
    string_bin("s")
}

fn string_reads() -> Vec<Named> {
    vec![
        ("strings.strlen", string::strlen(s())),
        ("strings.substr", string::substr(s(), n(1))),
        ("strings.substr to an end", string::substr_range(s(), n(1), n(-1))),
        ("strings.charAt", string::char_at(s(), n(1))),
        ("strings.find", string::find(s(), t("a"))),
        ("strings.find again", string::find_nth(s(), t("a"), n(2))),
        ("strings.contains", string::contains(s(), t("a"))),
        ("strings.startsWith", string::starts_with(s(), t("a"))),
        ("strings.endsWith", string::ends_with(s(), t("a"))),
        ("strings.toInteger", string::to_integer(s())),
        ("strings.toDouble", string::to_double(s())),
        ("strings.byteLength", string::byte_length(s())),
        ("strings.isNumeric", string::is_numeric(s())),
        (
            "strings.isNumeric of a type",
            string::is_numeric_typed(s(), StringNumericType::Float),
        ),
        ("strings.isUpper", string::is_upper(s())),
        ("strings.isLower", string::is_lower(s())),
        ("strings.toBlob", string::to_blob(s())),
        ("strings.split", string::split(s())),
        ("strings.split at a separator", string::split_by_separator(s(), t(","))),
        ("strings.b64Decode", string::b64_decode(s())),
        ("strings.regexCompare", string::regex_compare(s(), t("^a"))),
        (
            "strings.regexCompare with flags",
            string::regex_compare_with_flags(s(), t("^a"), StringRegexFlags::CASE_INSENSITIVE),
        ),
    ]
}

fn string_writes() -> Vec<Named> {
    let plain = StringPolicy::default();
    let policy = StringPolicy::new(StringWriteFlags::NO_FAIL);
    vec![
        ("strings.insert", string::insert(&plain, s(), n(1), t("x"))),
        ("strings.overwrite", string::overwrite(&policy, s(), n(1), t("x"))),
        (
            "strings.concat",
            string::concat(&plain, s(), list_val(vec![Value::from("x"), Value::from("y")])),
        ),
        ("strings.append", string::append(&plain, s(), t("x"))),
        ("strings.prepend", string::prepend(&plain, s(), t("x"))),
        ("strings.snip", string::snip_from(&plain, s(), n(1))),
        ("strings.snip to an end", string::snip(&policy, s(), n(1), n(3))),
        ("strings.replace", string::replace(&plain, s(), t("x"), t("y"))),
        ("strings.replaceAll", string::replace_all(&policy, s(), t("x"), t("y"))),
        ("strings.upper", string::upper(&plain, s())),
        ("strings.lower", string::lower(&plain, s())),
        ("strings.caseFold", string::case_fold(&plain, s())),
        ("strings.normalizeNfc", string::normalize_nfc(&plain, s())),
        ("strings.trimStart", string::trim_start(&plain, s())),
        ("strings.trimEnd", string::trim_end(&plain, s())),
        ("strings.trim", string::trim(&plain, s())),
        ("strings.padStart", string::pad_start(&plain, s(), n(5), t("*"))),
        ("strings.padEnd", string::pad_end(&plain, s(), n(5), t("*"))),
        ("strings.repeat", string::repeat(&plain, s(), n(3))),
        (
            "strings.regexReplace",
            string::regex_replace(&policy, s(), t("a+"), t("b"), StringRegexFlags::GLOBAL),
        ),
    ]
}
