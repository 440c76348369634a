//! Operations on the bits of blobs, the counterpart of `lib/operations/bits.ts`.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::bitwise::{
    self, BitPolicy, BitwiseOverflowActions, BitwiseResizeFlags, BitwiseWriteFlags,
};

use super::arguments::Call;
use crate::catalog::operation_codes::{bit_code as code, bit_overflow_code};
use crate::common::errors::Failure;

fn policy(call: &mut Call) -> Result<BitPolicy, Failure> {
    Ok(BitPolicy::new(BitwiseWriteFlags::from_bits(call.byte()?)))
}

fn overflow(call: &mut Call) -> Result<BitwiseOverflowActions, Failure> {
    match call.int()? {
        bit_overflow_code::FAIL => Ok(BitwiseOverflowActions::Fail),
        bit_overflow_code::SATURATE => Ok(BitwiseOverflowActions::Saturate),
        bit_overflow_code::WRAP => Ok(BitwiseOverflowActions::Wrap),
        _ => Err(call.misfit("an unknown action on overflow")),
    }
}

/// Calls the builder for `call`. Modifying operations have their flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    if call.code < code::GET {
        return write(call, bin);
    }
    Ok(match call.code {
        code::GET => bitwise::get(bin, call.int()?, call.int()?),
        code::COUNT => bitwise::count(bin, call.int()?, call.int()?),
        code::LSCAN => bitwise::lscan(bin, call.int()?, call.int()?, call.flag()?),
        code::RSCAN => bitwise::rscan(bin, call.int()?, call.int()?, call.flag()?),
        code::GET_INT => bitwise::get_int(bin, call.int()?, call.int()?, call.flag()?),
        code::B64_ENCODE if call.left() == 0 => bitwise::b64_encode(bin),
        code::B64_ENCODE => bitwise::b64_encode_range(bin, call.int()?, call.int()?, call.flag()?),
        _ => return Err(call.unknown()),
    })
}

fn write(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let policy = policy(call)?;
    let (number, first) = (call.code, call.int()?);
    Ok(match number {
        code::RESIZE => bitwise::resize(bin, first, BitwiseResizeFlags::from_bits(call.byte()?), &policy),
        code::INSERT => bitwise::insert(bin, first, Value::Blob(call.bytes()?), &policy),
        code::REMOVE => bitwise::remove(bin, first, call.int()?, &policy),
        code::SET..=code::AND => {
            let (size, value) = (call.int()?, Value::Blob(call.bytes()?));
            let builder = match number {
                code::SET => bitwise::set,
                code::OR => bitwise::or,
                code::XOR => bitwise::xor,
                _ => bitwise::and,
            };
            builder(bin, first, size, value, &policy)
        }
        code::NOT => bitwise::not(bin, first, call.int()?, &policy),
        code::LSHIFT => bitwise::lshift(bin, first, call.int()?, call.int()?, &policy),
        code::RSHIFT => bitwise::rshift(bin, first, call.int()?, call.int()?, &policy),
        code::ADD | code::SUBTRACT => {
            let (size, value, signed) = (call.int()?, call.int()?, call.flag()?);
            let action = overflow(call)?;
            if number == code::ADD {
                bitwise::add(bin, first, size, value, signed, action, &policy)
            } else {
                bitwise::subtract(bin, first, size, value, signed, action, &policy)
            }
        }
        code::SET_INT => bitwise::set_int(bin, first, call.int()?, call.int()?, &policy),
        _ => return Err(call.unknown()),
    })
}
