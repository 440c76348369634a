//! List and map operations, with the replies of a real server.

use aerospike_local::common::result_code::ResultCode;
use aerospike_local::compute::cdt::{evaluate, operate};
use aerospike_local::record::particle::{Access, Value, kind};

const LIST: u8 = kind::LIST;
const MAP: u8 = kind::MAP;

/// Payload, reply and resulting value. `None` if the value does not change.
type Case<'a> = (&'a [u8], Option<&'a [u8]>, Option<&'a [u8]>);

fn value(kind: u8, bytes: &[u8]) -> Option<Value<'_>> {
    Some(Value { kind, bytes })
}

fn check(kind: u8, bytes: &[u8], access: Access, cases: &[Case<'_>]) {
    for (payload, answer, after) in cases {
        let outcome = evaluate(value(kind, bytes), payload, access).unwrap();
        assert_eq!(outcome.answer.as_deref(), *answer, "answer to {payload:x?}");
        let changed = outcome.changed.map(|(_, bytes)| bytes);
        assert_eq!(changed.as_deref(), *after, "after {payload:x?}");
    }
}

fn fails(kind: u8, bytes: &[u8], access: Access, cases: &[(&[u8], ResultCode)]) {
    for (payload, result) in cases {
        assert_eq!(
            evaluate(value(kind, bytes), payload, access),
            Err(*result),
            "{payload:x?}"
        );
    }
}

#[test]
fn appends_and_inserts_elements() {
    let cases: [Case<'_>; 8] = [
        (b"\x92\x01\x09", Some(b"\x03"), Some(b"\x93\x01\x02\x09")),
        (b"\x92\x02\x92\x08\x09", Some(b"\x04"), Some(b"\x94\x01\x02\x08\x09")),
        // Unique with no-fail: 2 exists. All or nothing, then partial.
        (b"\x94\x01\x02\x00\x05", Some(b"\x02"), None),
        (b"\x94\x02\x92\x02\x03\x00\x05", Some(b"\x02"), None),
        (
            b"\x94\x02\x92\x02\x03\x00\x0d",
            Some(b"\x03"),
            Some(b"\x93\x01\x02\x03"),
        ),
        (b"\x93\x03\xff\x09", Some(b"\x03"), Some(b"\x93\x01\x09\x02")),
        (b"\x93\x03\x03\x09", Some(b"\x04"), Some(b"\x94\x01\x02\xc0\x09")),
        (b"\x94\x03\x03\x09\x06", Some(b"\x02"), None),
    ];
    check(LIST, b"\x92\x01\x02", Access::Modify, &cases);
    fails(
        LIST,
        b"\x92\x01\x02",
        Access::Modify,
        &[
            (b"\x94\x01\x02\x00\x01", ResultCode::ELEMENT_EXISTS),
            (b"\x94\x02\x92\x07\x07\x00\x01", ResultCode::NOT_APPLICABLE),
            (b"\x94\x03\x03\x09\x02", ResultCode::NOT_APPLICABLE),
            (b"\x93\x03\xfb\x09", ResultCode::NOT_APPLICABLE),
            (b"\x92\x02\x09", ResultCode::PARAMETER),
            (b"\x91\x01", ResultCode::PARAMETER),
            (b"\x95\x01\x09\x00\x00\x00", ResultCode::PARAMETER),
            (b"\x92\x01\xd4\xff\x00", ResultCode::PARAMETER),
            (b"\x92\x01\x92\xc7\x00\x01", ResultCode::PARAMETER),
            (b"\x91\x10", ResultCode::PARAMETER),
            (b"\x92\x00\x02", ResultCode::NOT_APPLICABLE),
        ],
    );
}

#[test]
fn ordered_lists_stay_ordered() {
    let ordered = b"\x93\xc7\x00\x01\x01\x05";
    let cases: [Case<'_>; 4] = [
        (b"\x92\x01\x03", Some(b"\x03"), Some(b"\x94\xc7\x00\x01\x01\x03\x05")),
        (
            b"\x92\x02\x92\x07\x03",
            Some(b"\x04"),
            Some(b"\x95\xc7\x00\x01\x01\x03\x05\x07"),
        ),
        (b"\x93\x0c\x00\x09", Some(b"\x0a"), Some(b"\x93\xc7\x00\x01\x05\x0a")),
        (b"\x92\x00\x00", None, Some(b"\x92\x01\x05")),
    ];
    check(LIST, ordered, Access::Modify, &cases);
    fails(
        LIST,
        ordered,
        Access::Modify,
        &[
            (b"\x93\x03\x00\x09", ResultCode::NOT_APPLICABLE),
            (b"\x93\x09\x00\x09", ResultCode::NOT_APPLICABLE),
        ],
    );
    let cases: [Case<'_>; 3] = [
        (b"\x92\x00\x01", None, Some(b"\x94\xc7\x00\x01\x01\x02\x03")),
        (b"\x92\x0d\x01", None, Some(b"\x93\x03\x02\x01")),
        (b"\x91\x0d", None, Some(b"\x93\x01\x02\x03")),
    ];
    check(LIST, b"\x93\x03\x01\x02", Access::Modify, &cases);
}

#[test]
fn increments_keep_the_number_type() {
    let half = b"\x92\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\x01";
    let cases: [Case<'_>; 3] = [
        (
            b"\x92\x0c\x00",
            Some(b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"),
            Some(b"\x92\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\x01"),
        ),
        (
            b"\x93\x0c\x01\xcb\x40\x16\x00\x00\x00\x00\x00\x00",
            Some(b"\x06"),
            Some(b"\x92\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\x06"),
        ),
        (
            b"\x93\x0c\x02\x05",
            Some(b"\x05"),
            Some(b"\x93\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\x01\x05"),
        ),
    ];
    check(LIST, half, Access::Modify, &cases);
    let map = b"\x81\x01\xa2\x03a";
    fails(
        MAP,
        map,
        Access::Modify,
        &[(b"\x93\x49\x01\x05", ResultCode::PARAMETER)],
    );
    check(
        MAP,
        map,
        Access::Modify,
        &[(b"\x93\x4a\x02\x05", Some(b"\xfb"), Some(b"\x82\x01\xa2\x03a\x02\xfb"))],
    );
}

#[test]
fn supports_all_return_types() {
    // [3, 1, 2, 1, "a"]
    let list = b"\x95\x03\x01\x02\x01\xa2\x03a";
    let cases: [Case<'_>; 13] = [
        (b"\x93\x16\x01\x01", Some(b"\x92\x01\x03"), None),
        (b"\x93\x16\x02\x01", Some(b"\x92\x03\x01"), None),
        (b"\x93\x16\x03\x01", Some(b"\x92\x00\x01"), None),
        (b"\x93\x16\x04\x01", Some(b"\x92\x03\x04"), None),
        (b"\x93\x16\x05\x01", Some(b"\x02"), None),
        (b"\x93\x16\x0d\x01", Some(b"\xc3"), None),
        (b"\x93\x16\x00\x01", None, None),
        // All except 1.
        (
            b"\x93\x16\xce\x00\x01\x00\x07\x01",
            Some(b"\x93\x03\x02\xa2\x03a"),
            None,
        ),
        (b"\x94\x19\x07\x01\x03", Some(b"\x93\x01\x02\x01"), None),
        // Near the minimum in descending order, near the maximum in ascending order.
        (b"\x94\x1a\x07\x01\x02", Some(b"\x92\x02\x01"), None),
        (b"\x93\x1a\x07\xfe", Some(b"\x92\x03\xa2\x03a"), None),
        (b"\x94\x1b\x07\x02\x00", Some(b"\x93\x02\x03\xa2\x03a"), None),
        (b"\x94\x18\x03\x01\x02", Some(b"\x92\x00\x02"), None),
    ];
    check(LIST, list, Access::Read, &cases);
    fails(
        LIST,
        list,
        Access::Read,
        &[
            (b"\x93\x13\x07\x05", ResultCode::NOT_APPLICABLE),
            (b"\x93\x15\x07\xfa", ResultCode::NOT_APPLICABLE),
            (b"\x93\x16\x06\x01", ResultCode::NOT_APPLICABLE),
            (b"\x93\x13\xce\x00\x01\x00\x07\x01", ResultCode::NOT_APPLICABLE),
            (b"\x92\x11\x05", ResultCode::NOT_APPLICABLE),
            (b"\x93\x17\x07\x05", ResultCode::PARAMETER),
            (b"\x91\x60", ResultCode::BIN_TYPE),
        ],
    );
}

#[test]
fn returns_pairs_as_maps_with_their_order() {
    // {1: 3, 2: 2, 3: 1, "a": 1}
    let map = b"\x84\x01\x03\x02\x02\x03\x01\xa2\x03a\x01";
    let cases: [Case<'_>; 8] = [
        (b"\x93\x61\x07\x02", Some(b"\x02"), None),
        (b"\x93\x61\x01\x09", Some(b"\xff"), None),
        (b"\x93\x61\x07\x09", None, None),
        (
            b"\x94\x6a\x08\x01\x02",
            Some(b"\x83\xc7\x00\x08\xc0\xa2\x03a\x01\x02\x02"),
            None,
        ),
        (b"\x94\x6a\x10\x01\x02", Some(b"\x82\xa2\x03a\x01\x02\x02"), None),
        (
            b"\x94\x6a\x11\x01\x02",
            Some(b"\x83\xc7\x00\x01\xc0\x02\x02\xa2\x03a\x01"),
            None,
        ),
        (b"\x93\x6b\x01\x93\xa2\x03a\x01\x4d", Some(b"\x92\x03\x00"), None),
        (b"\x94\x67\x06\x02\xa2\x03z", Some(b"\x93\x02\x03\xa2\x03a"), None),
    ];
    check(MAP, map, Access::Read, &cases);
    fails(
        MAP,
        map,
        Access::Read,
        &[(b"\x93\x6b\x03\x91\x01", ResultCode::NOT_APPLICABLE)],
    );
    check(
        MAP,
        map,
        Access::Modify,
        &[
            (b"\x93\x52\x05\x01", Some(b"\x02"), Some(b"\x82\x01\x03\x02\x02")),
            (b"\x93\x4c\x00\x09", None, None),
        ],
    );
}

#[test]
fn compares_wildcards_and_infinity() {
    // [[1, 2], [1], [3, 4]]
    let list = b"\x93\x92\x01\x02\x91\x01\x92\x03\x04";
    let cases: [Case<'_>; 3] = [
        (b"\x93\x16\x07\x92\x01\xd4\xff\x00", Some(b"\x91\x92\x01\x02"), None),
        (
            b"\x94\x19\x07\x91\x01\x92\x01\xd4\xff\x01",
            Some(b"\x92\x92\x01\x02\x91\x01"),
            None,
        ),
        (b"\x94\x19\x05\xc0\xd4\xff\x01", Some(b"\x03"), None),
    ];
    check(LIST, list, Access::Read, &cases);
}

#[test]
fn write_flags_allow_or_forbid_creating_and_updating_keys() {
    let map = b"\x81\x01\x01";
    let cases: [Case<'_>; 5] = [
        (b"\x93\x43\x02\x02", Some(b"\x02"), Some(b"\x82\x01\x01\x02\x02")),
        (b"\x95\x43\x01\x09\x00\x05", Some(b"\x01"), None),
        (b"\x95\x43\x02\x09\x00\x06", Some(b"\x01"), None),
        (
            b"\x94\x44\x82\x02\x02\x01\x09\x00\x0d",
            Some(b"\x02"),
            Some(b"\x82\x01\x01\x02\x02"),
        ),
        (b"\x92\x40\x03", None, Some(b"\x82\xc7\x00\x03\xc0\x01\x01")),
    ];
    check(MAP, map, Access::Modify, &cases);
    fails(
        MAP,
        map,
        Access::Modify,
        &[
            (b"\x95\x43\x01\x09\x00\x01", ResultCode::ELEMENT_EXISTS),
            (b"\x95\x43\x02\x09\x00\x02", ResultCode::ELEMENT_NOT_FOUND),
            (b"\x93\x43\xc3\x09", ResultCode::PARAMETER),
            (b"\x93\x43\x91\x01\x09", ResultCode::PARAMETER),
            (b"\x92\x40\x04", ResultCode::NOT_APPLICABLE),
            (b"\x92\x44\x91\x01", ResultCode::PARAMETER),
        ],
    );
}

#[test]
fn contexts_address_nested_elements_and_create_missing_ones() {
    // [[1, 2], {"k": {9: 9}}, 5]
    let list = b"\x93\x92\x01\x02\x81\xa2\x03k\x81\x09\x09\x05";
    let cases: [Case<'_>; 5] = [
        (
            b"\x93\xcc\xff\x92\x10\x00\x92\x01\x07",
            Some(b"\x03"),
            Some(b"\x93\x93\x01\x02\x07\x81\xa2\x03k\x81\x09\x09\x05"),
        ),
        (
            b"\x93\xcc\xff\x94\x11\xff\x22\xa2\x03k\x93\x43\x01\x01",
            Some(b"\x02"),
            Some(b"\x93\x92\x01\x02\x81\xa2\x03k\x82\x01\x01\x09\x09\x05"),
        ),
        // Key-ordered and under a new key.
        (
            b"\x93\xcc\xff\x94\x10\x01\xcc\xa2\x01\x93\x43\x02\x02",
            Some(b"\x01"),
            Some(b"\x93\x92\x01\x02\x82\x01\x81\x02\x02\xa2\x03k\x81\x09\x09\x05"),
        ),
        // Past the end, with nil padding.
        (
            b"\x93\xcc\xff\x92\xcc\x90\x04\x92\x01\x07",
            Some(b"\x01"),
            Some(b"\x95\x92\x01\x02\x81\xa2\x03k\x81\x09\x09\x05\xc0\x91\x07"),
        ),
        // Nothing is removed from a missing element, although the context could create it.
        (b"\x93\xcc\xff\x92\xcc\x90\x04\x92\x05\x00", None, None),
    ];
    check(LIST, list, Access::Modify, &cases);
    fails(
        LIST,
        list,
        Access::Modify,
        &[
            (b"\x93\xcc\xff\x92\x10\x09\x92\x01\x07", ResultCode::NOT_APPLICABLE),
            (b"\x93\xcc\xff\x92\x20\x00\x92\x01\x07", ResultCode::NOT_APPLICABLE),
            (b"\x93\xcc\xff\x92\x10\x02\x92\x01\x07", ResultCode::BIN_TYPE),
            (
                b"\x93\xcc\xff\x94\x10\x02\x10\x00\x92\x01\x07",
                ResultCode::NOT_APPLICABLE,
            ),
            (b"\x93\xcc\xff\x92\xcc\x90\xf0\x92\x01\x07", ResultCode::NOT_APPLICABLE),
            (b"\x93\xcc\xff\x90\x92\x01\x07", ResultCode::PARAMETER),
        ],
    );
    // In an ordered list, the changed element moves to its new position.
    check(
        LIST,
        b"\x93\xc7\x00\x01\x91\x01\x91\x02",
        Access::Modify,
        &[(
            b"\x93\xcc\xff\x92\x10\x00\x93\x09\x00\x09",
            None,
            Some(b"\x93\xc7\x00\x01\x91\x02\x91\x09"),
        )],
    );
}

#[test]
fn some_operations_create_a_missing_bin() {
    let new = |payload: &[u8]| {
        let outcome = evaluate(None, payload, Access::Modify)?;
        Ok((outcome.answer, outcome.changed))
    };
    assert_eq!(
        new(b"\x94\x01\x05\x01\x00"),
        Ok((Some(vec![1]), Some((LIST, b"\x92\xc7\x00\x01\x05".to_vec()))))
    );
    assert_eq!(
        new(b"\x94\x43\x01\x02\x03"),
        Ok((Some(vec![1]), Some((MAP, b"\x82\xc7\x00\x03\xc0\x01\x02".to_vec()))))
    );
    assert_eq!(
        new(b"\x93\xcc\xff\x92\x62\x01\x92\x01\x05"),
        Ok((Some(vec![1]), Some((MAP, b"\x81\x01\x91\x05".to_vec()))))
    );
    // A no-fail operation that is not allowed leaves an empty list.
    assert_eq!(new(b"\x94\x09\x05\x01\x06"), Ok((None, Some((LIST, b"\x90".to_vec())))));
    // The last element of an empty list is created as its first element.
    assert_eq!(
        new(b"\x93\xcc\xff\x94\x62\x01\x10\xff\x92\x01\x05"),
        Ok((Some(vec![1]), Some((MAP, b"\x81\x01\x91\x91\x05".to_vec()))))
    );
    assert_eq!(new(b"\x92\x05\x00"), Ok((None, None)));
    assert_eq!(new(b"\x91\x0d"), Err(ResultCode::BIN_TYPE));
    assert_eq!(
        new(b"\x93\xcc\xff\x92\x10\x00\x92\x01\x05"),
        Err(ResultCode::NOT_APPLICABLE)
    );
    assert_eq!(evaluate(None, b"\x91\x10", Access::Read), Ok(Default::default()));
}

#[test]
fn extreme_positions_are_handled() {
    let huge = b"\x93\x09\xcf\x7f\xff\xff\xff\xff\xff\xff\xff\x01";
    let padded = b"\x93\xcc\xff\x92\xcc\x90\xce\x7f\xff\xff\xff\x92\x01\x01";
    let repeated = [&b"\x93\x17\x05\xdc\xff\xff"[..], &[0x01; 65_535]].concat();
    let ones = [&b"\xdc\xff\xff\xc7\x00\x01"[..], &[0x01; 65_534]].concat();
    fails(LIST, b"\x90", Access::Modify, &[(huge, ResultCode::NOT_APPLICABLE)]);
    fails(LIST, b"\x90", Access::Modify, &[(padded, ResultCode::RECORD_TOO_BIG)]);
    fails(LIST, &ones, Access::Read, &[(&repeated, ResultCode::RECORD_TOO_BIG)]);
    let deep = [&b"\x92\x01"[..], &[0x91; 100_000], b"\x90"].concat();
    fails(LIST, b"\x90", Access::Modify, &[(&deep, ResultCode::PARAMETER)]);
    let mut steps = b"\x93\xcc\xff\xdc\x04\x00".to_vec();
    steps.extend(std::iter::repeat_n([0x50, 0], 512).flatten());
    steps.extend(b"\x92\x01\x01");
    fails(LIST, b"\x90", Access::Modify, &[(&steps, ResultCode::PARAMETER)]);
}

#[test]
fn results_become_bin_values_of_their_types() {
    let list = b"\x94\xc0\xc3\x05\xa2\x17g";
    let get = |index: u8| operate(value(LIST, list), &[0x92, 0x11, index], Access::Read);
    assert_eq!(get(0).unwrap().answer, None);
    assert_eq!(get(1).unwrap().answer, Some((kind::BOOL, vec![1])));
    assert_eq!(
        get(2).unwrap().answer,
        Some((kind::INTEGER, 5i64.to_be_bytes().to_vec()))
    );
    assert_eq!(get(3).unwrap().answer, Some((kind::GEOJSON, b"\0\0\0g".to_vec())));
    let on_integer = value(kind::INTEGER, &[0; 8]);
    assert_eq!(
        operate(on_integer, b"\x91\x10", Access::Read),
        Err(ResultCode::BIN_TYPE)
    );
}
