//! Operations on strings (server 8.2), the counterpart of `lib/operations/strings.ts`.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::string::{self, StringNumericType, StringPolicy, StringRegexFlags, StringWriteFlags};

use super::arguments::Arguments;
use crate::catalog::operation_codes::{numeric_type_code, string_code as code};
use crate::common::errors::Failure;

fn policy(args: &mut Arguments) -> Result<StringPolicy, Failure> {
    Ok(StringPolicy::new(StringWriteFlags::from_bits(args.int()?)))
}

fn regex(args: &mut Arguments) -> Result<StringRegexFlags, Failure> {
    Ok(StringRegexFlags::from_bits(args.int()?))
}

fn numeric(args: &mut Arguments) -> Result<StringNumericType, Failure> {
    match args.int()? {
        numeric_type_code::ANY => Ok(StringNumericType::Any),
        numeric_type_code::INT => Ok(StringNumericType::Int),
        numeric_type_code::FLOAT => Ok(StringNumericType::Float),
        _ => Err(args.misfit("an unknown kind of number")),
    }
}

/// Calls the builder of `args`. Modifying operations have their flags before the other arguments.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    let left = args.left();
    Ok(match args.code {
        code::STRLEN => string::strlen(bin),
        code::SUBSTR if left == 1 => string::substr_from(bin, args.int()?),
        code::SUBSTR => string::substr(bin, args.int()?, args.int()?),
        code::CHAR_AT => string::char_at(bin, args.int()?),
        code::FIND if left == 1 => string::find(bin, args.text()?),
        code::FIND => string::find_nth(bin, args.text()?, args.int()?),
        code::CONTAINS => string::contains(bin, args.text()?),
        code::STARTS_WITH => string::starts_with(bin, args.text()?),
        code::ENDS_WITH => string::ends_with(bin, args.text()?),
        code::TO_INTEGER => string::to_integer(bin),
        code::TO_DOUBLE => string::to_double(bin),
        code::BYTE_LENGTH => string::byte_length(bin),
        code::IS_NUMERIC if left == 0 => string::is_numeric(bin),
        code::IS_NUMERIC => string::is_numeric_typed(bin, numeric(args)?),
        code::IS_UPPER => string::is_upper(bin),
        code::IS_LOWER => string::is_lower(bin),
        code::TO_BLOB => string::to_blob(bin),
        code::SPLIT if left == 0 => string::split(bin),
        code::SPLIT => string::split_by_separator(bin, args.text()?),
        code::B64_DECODE => string::b64_decode(bin),
        code::REGEX_COMPARE if left == 1 => string::regex_compare(bin, args.text()?),
        code::REGEX_COMPARE => string::regex_compare_with_flags(bin, args.text()?, regex(args)?),
        code::TO_STRING => string::to_string(bin),
        code::INSERT.. => modify(args, bin)?,
        _ => return Err(args.unknown()),
    })
}

fn modify(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let policy = policy(args)?;
    let left = args.left();
    Ok(match args.code {
        code::INSERT => string::insert(&policy, bin, args.int()?, args.text()?),
        code::OVERWRITE => string::overwrite(&policy, bin, args.int()?, args.text()?),
        code::CONCAT => concat(args, &policy, bin)?,
        code::SNIP if left == 1 => string::snip_from(&policy, bin, args.int()?),
        code::SNIP => string::snip(&policy, bin, args.int()?, args.int()?),
        code::REPLACE => string::replace(&policy, bin, args.text()?, args.text()?),
        code::REPLACE_ALL => string::replace_all(&policy, bin, args.text()?, args.text()?),
        code::UPPER => string::upper(&policy, bin),
        code::LOWER => string::lower(&policy, bin),
        code::CASE_FOLD => string::case_fold(&policy, bin),
        code::NORMALIZE_NFC => string::normalize_nfc(&policy, bin),
        code::TRIM_START => string::trim_start(&policy, bin),
        code::TRIM_END => string::trim_end(&policy, bin),
        code::TRIM => string::trim(&policy, bin),
        code::PAD_START => string::pad_start(&policy, bin, args.int()?, args.text()?),
        code::PAD_END => string::pad_end(&policy, bin, args.int()?, args.text()?),
        code::REPEAT => string::repeat(&policy, bin, args.int()?),
        code::REGEX_REPLACE => string::regex_replace(&policy, bin, args.text()?, args.text()?, regex(args)?),
        code::APPEND => string::append(&policy, bin, args.text()?),
        code::PREPEND => string::prepend(&policy, bin, args.text()?),
        _ => return Err(args.unknown()),
    })
}

fn concat(args: &mut Arguments, policy: &StringPolicy, bin: String) -> Result<Operation, Failure> {
    match args.value()? {
        Value::String(value) => Ok(string::concat(policy, bin, value)),
        Value::List(values) => {
            let texts = values.iter().map(|value| match value {
                Value::String(text) => Ok(text.as_str()),
                _ => Err(args.misfit("a list of other than strings")),
            });
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            Ok(string::concat_list(policy, bin, &texts))
        }
        _ => Err(args.misfit("an argument that is neither a string nor a list")),
    }
}
