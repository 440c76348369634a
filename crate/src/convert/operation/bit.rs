//! Operations on the bits of blobs, the counterpart of `lib/operations/bits.ts`. The codes are the server's.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::bitwise::{
    self, BitPolicy, BitwiseOverflowActions, BitwiseResizeFlags, BitwiseWriteFlags,
};

use super::arguments::Call;
use crate::common::errors::Failure;

fn policy(call: &mut Call) -> Result<BitPolicy, Failure> {
    Ok(BitPolicy::new(BitwiseWriteFlags::from_bits(call.byte()?)))
}

fn overflow(call: &mut Call) -> Result<BitwiseOverflowActions, Failure> {
    match call.int()? {
        0 => Ok(BitwiseOverflowActions::Fail),
        2 => Ok(BitwiseOverflowActions::Saturate),
        4 => Ok(BitwiseOverflowActions::Wrap),
        _ => Err(call.misfit("an unknown action on overflow")),
    }
}

/// Calls the builder for `call`. Modifying operations have their flags before the other arguments.
pub fn build(call: &mut Call) -> Result<Operation, Failure> {
    let bin = call.bin();
    if call.code < 50 {
        return write(call, bin);
    }
    Ok(match call.code {
        50 => bitwise::get(bin, call.int()?, call.int()?),
        51 => bitwise::count(bin, call.int()?, call.int()?),
        52 => bitwise::lscan(bin, call.int()?, call.int()?, call.flag()?),
        53 => bitwise::rscan(bin, call.int()?, call.int()?, call.flag()?),
        54 => bitwise::get_int(bin, call.int()?, call.int()?, call.flag()?),
        55 if call.left() == 0 => bitwise::b64_encode(bin),
        55 => bitwise::b64_encode_range(bin, call.int()?, call.int()?, call.flag()?),
        _ => return Err(call.unknown()),
    })
}

fn write(call: &mut Call, bin: String) -> Result<Operation, Failure> {
    let policy = policy(call)?;
    let (code, first) = (call.code, call.int()?);
    Ok(match code {
        0 => bitwise::resize(bin, first, BitwiseResizeFlags::from_bits(call.byte()?), &policy),
        1 => bitwise::insert(bin, first, Value::Blob(call.bytes()?), &policy),
        2 => bitwise::remove(bin, first, call.int()?, &policy),
        3..=6 => {
            let (size, value) = (call.int()?, Value::Blob(call.bytes()?));
            let builder = match code {
                3 => bitwise::set,
                4 => bitwise::or,
                5 => bitwise::xor,
                _ => bitwise::and,
            };
            builder(bin, first, size, value, &policy)
        }
        7 => bitwise::not(bin, first, call.int()?, &policy),
        8 => bitwise::lshift(bin, first, call.int()?, call.int()?, &policy),
        9 => bitwise::rshift(bin, first, call.int()?, call.int()?, &policy),
        10 | 11 => {
            let (size, value, signed) = (call.int()?, call.int()?, call.flag()?);
            let action = overflow(call)?;
            if code == 10 {
                bitwise::add(bin, first, size, value, signed, action, &policy)
            } else {
                bitwise::subtract(bin, first, size, value, signed, action, &policy)
            }
        }
        12 => bitwise::set_int(bin, first, call.int()?, call.int()?, &policy),
        _ => return Err(call.unknown()),
    })
}
