//! Operations on the bits of blobs, the counterpart of `lib/operations/bits.ts`.

use aerospike_core::Value;
use aerospike_core::operations::Operation;
use aerospike_core::operations::bitwise::{
    self, BitPolicy, BitwiseOverflowActions, BitwiseResizeFlags, BitwiseWriteFlags,
};

use super::arguments::Arguments;
use crate::catalog::operation_codes::{bit_code as code, bit_overflow_code};
use crate::common::errors::Failure;

fn policy(args: &mut Arguments) -> Result<BitPolicy, Failure> {
    Ok(BitPolicy::new(BitwiseWriteFlags::from_bits(args.byte()?)))
}

fn overflow(args: &mut Arguments) -> Result<BitwiseOverflowActions, Failure> {
    match args.int()? {
        bit_overflow_code::FAIL => Ok(BitwiseOverflowActions::Fail),
        bit_overflow_code::SATURATE => Ok(BitwiseOverflowActions::Saturate),
        bit_overflow_code::WRAP => Ok(BitwiseOverflowActions::Wrap),
        _ => Err(args.misfit("an unknown action on overflow")),
    }
}

/// Calls the builder of `args`. Modifying operations have their flags before the other arguments.
pub fn build(args: &mut Arguments) -> Result<Operation, Failure> {
    let bin = args.bin();
    if args.code < code::GET {
        return write(args, bin);
    }
    Ok(match args.code {
        code::GET => bitwise::get(bin, args.int()?, args.int()?),
        code::COUNT => bitwise::count(bin, args.int()?, args.int()?),
        code::LSCAN => bitwise::lscan(bin, args.int()?, args.int()?, args.flag()?),
        code::RSCAN => bitwise::rscan(bin, args.int()?, args.int()?, args.flag()?),
        code::GET_INT => bitwise::get_int(bin, args.int()?, args.int()?, args.flag()?),
        code::B64_ENCODE if args.left() == 0 => bitwise::b64_encode(bin),
        code::B64_ENCODE => bitwise::b64_encode_range(bin, args.int()?, args.int()?, args.flag()?),
        _ => return Err(args.unknown()),
    })
}

fn write(args: &mut Arguments, bin: String) -> Result<Operation, Failure> {
    let policy = policy(args)?;
    let (number, first) = (args.code, args.int()?);
    Ok(match number {
        code::RESIZE => bitwise::resize(bin, first, BitwiseResizeFlags::from_bits(args.byte()?), &policy),
        code::INSERT => bitwise::insert(bin, first, Value::Blob(args.bytes()?), &policy),
        code::REMOVE => bitwise::remove(bin, first, args.int()?, &policy),
        code::SET..=code::AND => {
            let (size, value) = (args.int()?, Value::Blob(args.bytes()?));
            let builder = match number {
                code::SET => bitwise::set,
                code::OR => bitwise::or,
                code::XOR => bitwise::xor,
                _ => bitwise::and,
            };
            builder(bin, first, size, value, &policy)
        }
        code::NOT => bitwise::not(bin, first, args.int()?, &policy),
        code::LSHIFT => bitwise::lshift(bin, first, args.int()?, args.int()?, &policy),
        code::RSHIFT => bitwise::rshift(bin, first, args.int()?, args.int()?, &policy),
        code::ADD | code::SUBTRACT => {
            let (size, value, signed) = (args.int()?, args.int()?, args.flag()?);
            let action = overflow(args)?;
            if number == code::ADD {
                bitwise::add(bin, first, size, value, signed, action, &policy)
            } else {
                bitwise::subtract(bin, first, size, value, signed, action, &policy)
            }
        }
        code::SET_INT => bitwise::set_int(bin, first, args.int()?, args.int()?, &policy),
        _ => return Err(args.unknown()),
    })
}
