//! String and path operations, created by the core's builders.

use aerospike_core::operations::path::{self, ModifyFlag, SelectFlag};
use aerospike_core::operations::string::{
    self, StringNumericType, StringPolicy, StringRegexFlags as Regex, StringWriteFlags as Flags,
};
use aerospike_core::operations::{CdtContext, Operation, cdt_context as ctx};
use aerospike_core::{Value, expressions};

pub fn built() -> Vec<(&'static str, Operation)> {
    let mut all = vec![
        ("string strlen", string::strlen("b")),
        ("string substr from", string::substr_from("b", 1)),
        ("string substr", string::substr("b", 1, -1)),
        ("string char_at", string::char_at("b", -1)),
        ("string find", string::find("b", "ü")),
        ("string find_nth", string::find_nth("b", "ü", -1)),
        ("string contains", string::contains("b", "x")),
        ("string starts_with", string::starts_with("b", "x")),
        ("string ends_with", string::ends_with("b", "x")),
        ("string to_integer", string::to_integer("b")),
        ("string to_double", string::to_double("b")),
        ("string byte_length", string::byte_length("b")),
        ("string is_numeric", string::is_numeric("b")),
        (
            "string is_numeric typed",
            string::is_numeric_typed("b", StringNumericType::Float),
        ),
        ("string is_upper", string::is_upper("b")),
        ("string is_lower", string::is_lower("b")),
        ("string to_blob", string::to_blob("b")),
        ("string split", string::split("b")),
        ("string split separator", string::split_by_separator("b", ",")),
        ("string b64_decode", string::b64_decode("b")),
        ("string regex_compare", string::regex_compare("b", "a.*")),
        (
            "string regex_compare flags",
            string::regex_compare_with_flags("b", "a.*", Regex::CASE_INSENSITIVE),
        ),
        ("string to_string", string::to_string("b")),
    ];
    all.extend(modifying());
    all.extend(paths());
    all
}

fn modifying() -> Vec<(&'static str, Operation)> {
    let plain = StringPolicy::default();
    let flags = StringPolicy::new;
    vec![
        ("string insert", string::insert(&flags(Flags::CREATE_ONLY), "b", 1, "x")),
        (
            "string insert context",
            string::insert(&plain, "b", 1, "x").context(vec![ctx::ctx_list_index(0)]),
        ),
        ("string overwrite", string::overwrite(&plain, "b", 1, "x")),
        ("string concat", string::concat(&plain, "b", "x")),
        (
            "string concat list",
            string::concat_list(&flags(Flags::NO_FAIL), "b", &["x", "y"]),
        ),
        ("string snip from", string::snip_from(&plain, "b", 1)),
        ("string snip", string::snip(&flags(Flags::UPDATE_ONLY), "b", 1, 3)),
        ("string replace", string::replace(&plain, "b", "x", "y")),
        ("string replace_all", string::replace_all(&plain, "b", "x", "")),
        ("string upper", string::upper(&plain, "b")),
        ("string lower", string::lower(&plain, "b")),
        ("string case_fold", string::case_fold(&plain, "b")),
        ("string normalize_nfc", string::normalize_nfc(&plain, "b")),
        ("string trim_start", string::trim_start(&plain, "b")),
        ("string trim_end", string::trim_end(&plain, "b")),
        ("string trim", string::trim(&plain, "b")),
        ("string pad_start", string::pad_start(&plain, "b", 8, "0")),
        ("string pad_end", string::pad_end(&plain, "b", 8, ".")),
        ("string repeat", string::repeat(&plain, "b", 3)),
        (
            "string regex_replace",
            string::regex_replace(&flags(Flags::NO_FAIL), "b", "a+", "b", Regex::GLOBAL),
        ),
        ("string append", string::append(&plain, "b", "x")),
        ("string prepend", string::prepend(&plain, "b", "x")),
    ]
}

/// A context as it is encoded: its expressions are bytes instead of trees.
fn packed(path: &[CdtContext]) -> Vec<CdtContext> {
    ctx::ctx_from_bytes(&ctx::to_bytes(path).unwrap()).unwrap()
}

fn paths() -> Vec<(&'static str, Operation)> {
    let all = packed(&[ctx::ctx_all_children()]);
    let below = packed(&[ctx::ctx_map_key(Value::from("k")), ctx::ctx_all_children()]);
    let keys = packed(&[ctx::ctx_map_keys_in([Value::from("a"), Value::from(1)])]);
    let one = packed(&[ctx::ctx_map_keys_in(["a"])]);
    let yes = || expressions::bool_val(true);
    let filtered = packed(&[ctx::ctx_all_children_with_filter(yes())]);
    let narrowed = packed(&[ctx::ctx_map_keys_in(["a"]), ctx::ctx_and_filter(yes())]);
    let five = || expressions::from_packed_bytes(vec![5]);
    vec![
        (
            "path select_by_path",
            path::select_by_path("b", SelectFlag::VALUE | SelectFlag::NO_FAIL, &all),
        ),
        ("path select_values", path::select_values("b", &below)),
        ("path select_map_keys", path::select_map_keys("b", &keys)),
        ("path select_map_entries", path::select_map_entries("b", &filtered)),
        ("path select_matching_tree", path::select_matching_tree("b", &narrowed)),
        (
            "path modify_by_path",
            path::modify_by_path("b", ModifyFlag::NO_FAIL, five(), &all),
        ),
        ("path modify", path::modify("b", five(), &all)),
        ("path modify_no_fail", path::modify_no_fail("b", five(), &all)),
        ("path remove", path::remove("b", &one)),
    ]
}
