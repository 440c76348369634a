//! Operations on strings (server 8.2), the counterpart of `lib/operations/strings.ts`. The codes are the server's, plus
//! one for `toString`, which is a separate operation in the wire protocol.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::string::{self, StringNumericType, StringPolicy, StringRegexFlags, StringWriteFlags};

use super::arguments::Call;
use crate::common::errors::Failure;

/// Not one of the server's codes.
const TO_STRING: u8 = 0xf0;

fn policy(call: &mut Call) -> Result<StringPolicy, Failure> {
    Ok(StringPolicy::new(StringWriteFlags::from_bits(call.int()?)))
}

fn regex(call: &mut Call) -> Result<StringRegexFlags, Failure> {
    Ok(StringRegexFlags::from_bits(call.int()?))
}

fn numeric(call: &mut Call) -> Result<StringNumericType, Failure> {
    match call.int()? {
        0 => Ok(StringNumericType::Any),
        1 => Ok(StringNumericType::Int),
        2 => Ok(StringNumericType::Float),
        _ => Err(call.misfit("an unknown kind of number")),
    }
}

/// Calls the builder for `call`. Modifying operations have their flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    let left = call.left();
    Ok(match call.code {
        0 => string::strlen(bin),
        1 if left == 1 => string::substr_from(bin, call.int()?),
        1 => string::substr(bin, call.int()?, call.int()?),
        2 => string::char_at(bin, call.int()?),
        3 if left == 1 => string::find(bin, call.text()?),
        3 => string::find_nth(bin, call.text()?, call.int()?),
        4 => string::contains(bin, call.text()?),
        5 => string::starts_with(bin, call.text()?),
        6 => string::ends_with(bin, call.text()?),
        7 => string::to_integer(bin),
        8 => string::to_double(bin),
        9 => string::byte_length(bin),
        10 if left == 0 => string::is_numeric(bin),
        10 => string::is_numeric_typed(bin, numeric(call)?),
        11 => string::is_upper(bin),
        12 => string::is_lower(bin),
        13 => string::to_blob(bin),
        14 if left == 0 => string::split(bin),
        14 => string::split_by_separator(bin, call.text()?),
        15 => string::b64_decode(bin),
        16 if left == 1 => string::regex_compare(bin, call.text()?),
        16 => string::regex_compare_with_flags(bin, call.text()?, regex(call)?),
        TO_STRING => string::to_string(bin),
        50.. => modify(call, bin)?,
        _ => return Err(call.unknown()),
    })
}

fn modify(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let policy = policy(call)?;
    let left = call.left();
    Ok(match call.code {
        50 => string::insert(&policy, bin, call.int()?, call.text()?),
        51 => string::overwrite(&policy, bin, call.int()?, call.text()?),
        52 => concat(call, &policy, bin)?,
        53 if left == 1 => string::snip_from(&policy, bin, call.int()?),
        53 => string::snip(&policy, bin, call.int()?, call.int()?),
        54 => string::replace(&policy, bin, call.text()?, call.text()?),
        55 => string::replace_all(&policy, bin, call.text()?, call.text()?),
        56 => string::upper(&policy, bin),
        57 => string::lower(&policy, bin),
        58 => string::case_fold(&policy, bin),
        59 => string::normalize_nfc(&policy, bin),
        60 => string::trim_start(&policy, bin),
        61 => string::trim_end(&policy, bin),
        62 => string::trim(&policy, bin),
        63 => string::pad_start(&policy, bin, call.int()?, call.text()?),
        64 => string::pad_end(&policy, bin, call.int()?, call.text()?),
        65 => string::repeat(&policy, bin, call.int()?),
        66 => string::regex_replace(&policy, bin, call.text()?, call.text()?, regex(call)?),
        67 => string::append(&policy, bin, call.text()?),
        68 => string::prepend(&policy, bin, call.text()?),
        _ => return Err(call.unknown()),
    })
}

fn concat(call: &mut Call, policy: &StringPolicy, bin: String) -> Result<Operation, Failure> {
    match call.value()? {
        Value::String(value) => Ok(string::concat(policy, bin, value)),
        Value::List(values) => {
            let texts = values.iter().map(|value| match value {
                Value::String(text) => Ok(text.as_str()),
                _ => Err(call.misfit("a list of other than strings")),
            });
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            Ok(string::concat_list(policy, bin, &texts))
        }
        _ => Err(call.misfit("an argument that is neither a string nor a list")),
    }
}
