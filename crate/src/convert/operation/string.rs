//! Operations on strings (server 8.2), the counterpart of `lib/operations/strings.ts`.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::string::{self, StringNumericType, StringPolicy, StringRegexFlags, StringWriteFlags};

use super::arguments::Call;
use crate::catalog::operation_codes::{numeric_type_code, string_code as code};
use crate::common::errors::Failure;

fn policy(call: &mut Call) -> Result<StringPolicy, Failure> {
    Ok(StringPolicy::new(StringWriteFlags::from_bits(call.int()?)))
}

fn regex(call: &mut Call) -> Result<StringRegexFlags, Failure> {
    Ok(StringRegexFlags::from_bits(call.int()?))
}

fn numeric(call: &mut Call) -> Result<StringNumericType, Failure> {
    match call.int()? {
        numeric_type_code::ANY => Ok(StringNumericType::Any),
        numeric_type_code::INT => Ok(StringNumericType::Int),
        numeric_type_code::FLOAT => Ok(StringNumericType::Float),
        _ => Err(call.misfit("an unknown kind of number")),
    }
}

/// Calls the builder for `call`. Modifying operations have their flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    let left = call.left();
    Ok(match call.code {
        code::STRLEN => string::strlen(bin),
        code::SUBSTR if left == 1 => string::substr_from(bin, call.int()?),
        code::SUBSTR => string::substr(bin, call.int()?, call.int()?),
        code::CHAR_AT => string::char_at(bin, call.int()?),
        code::FIND if left == 1 => string::find(bin, call.text()?),
        code::FIND => string::find_nth(bin, call.text()?, call.int()?),
        code::CONTAINS => string::contains(bin, call.text()?),
        code::STARTS_WITH => string::starts_with(bin, call.text()?),
        code::ENDS_WITH => string::ends_with(bin, call.text()?),
        code::TO_INTEGER => string::to_integer(bin),
        code::TO_DOUBLE => string::to_double(bin),
        code::BYTE_LENGTH => string::byte_length(bin),
        code::IS_NUMERIC if left == 0 => string::is_numeric(bin),
        code::IS_NUMERIC => string::is_numeric_typed(bin, numeric(call)?),
        code::IS_UPPER => string::is_upper(bin),
        code::IS_LOWER => string::is_lower(bin),
        code::TO_BLOB => string::to_blob(bin),
        code::SPLIT if left == 0 => string::split(bin),
        code::SPLIT => string::split_by_separator(bin, call.text()?),
        code::B64_DECODE => string::b64_decode(bin),
        code::REGEX_COMPARE if left == 1 => string::regex_compare(bin, call.text()?),
        code::REGEX_COMPARE => string::regex_compare_with_flags(bin, call.text()?, regex(call)?),
        code::TO_STRING => string::to_string(bin),
        code::INSERT.. => modify(call, bin)?,
        _ => return Err(call.unknown()),
    })
}

fn modify(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let policy = policy(call)?;
    let left = call.left();
    Ok(match call.code {
        code::INSERT => string::insert(&policy, bin, call.int()?, call.text()?),
        code::OVERWRITE => string::overwrite(&policy, bin, call.int()?, call.text()?),
        code::CONCAT => concat(call, &policy, bin)?,
        code::SNIP if left == 1 => string::snip_from(&policy, bin, call.int()?),
        code::SNIP => string::snip(&policy, bin, call.int()?, call.int()?),
        code::REPLACE => string::replace(&policy, bin, call.text()?, call.text()?),
        code::REPLACE_ALL => string::replace_all(&policy, bin, call.text()?, call.text()?),
        code::UPPER => string::upper(&policy, bin),
        code::LOWER => string::lower(&policy, bin),
        code::CASE_FOLD => string::case_fold(&policy, bin),
        code::NORMALIZE_NFC => string::normalize_nfc(&policy, bin),
        code::TRIM_START => string::trim_start(&policy, bin),
        code::TRIM_END => string::trim_end(&policy, bin),
        code::TRIM => string::trim(&policy, bin),
        code::PAD_START => string::pad_start(&policy, bin, call.int()?, call.text()?),
        code::PAD_END => string::pad_end(&policy, bin, call.int()?, call.text()?),
        code::REPEAT => string::repeat(&policy, bin, call.int()?),
        code::REGEX_REPLACE => string::regex_replace(&policy, bin, call.text()?, call.text()?, regex(call)?),
        code::APPEND => string::append(&policy, bin, call.text()?),
        code::PREPEND => string::prepend(&policy, bin, call.text()?),
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
