//! `bytes`: byte arrays. Positions start at 1.
//!
//! As on a real server, a new array has a capacity but no bytes.

use mlua::{Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods};

use super::args::{Args, function};
use super::types::{LuaBytes, Named};
use super::{library, memory};
use crate::compute::udf::value::{Blob, Shared, Value};
use crate::record::particle::kind;

/// Maximum size of an array in bytes: more than any record can hold.
const MAX_SIZE: usize = 16 * 1024 * 1024;

impl LuaBytes {
    fn of(bytes: Vec<u8>) -> Self {
        Self(Shared::new(Blob {
            kind: kind::BLOB.into(),
            capacity: bytes.len(),
            bytes,
        }))
    }

    fn size(&self) -> usize {
        self.0.lock().bytes.len()
    }

    fn get_array<const N: usize>(&self, index: i64) -> Option<[u8; N]> {
        let start = place(index)?;
        let blob = self.0.lock();
        blob.bytes.get(start..)?.first_chunk().copied()
    }

    /// Writes bytes at a position. The array grows if needed. Returns false if the position is invalid or the array
    /// would exceed its maximum size.
    fn set(&self, index: i64, bytes: &[u8]) -> bool {
        place(index).is_some_and(|start| self.write(start, bytes))
    }

    fn write(&self, start: usize, bytes: &[u8]) -> bool {
        let Some(end) = start.checked_add(bytes.len()).filter(|end| *end <= MAX_SIZE) else {
            return false;
        };
        let mut blob = self.0.lock();
        if blob.bytes.len() < end {
            blob.bytes.resize(end, 0);
            blob.capacity = blob.capacity.max(end);
        }
        if let Some(place) = blob.bytes.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        true
    }

    fn append(&self, bytes: &[u8]) -> bool {
        let end = self.size();
        self.write(end, bytes)
    }
}

impl UserData for LuaBytes {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, Self::NAME);
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, key: mlua::Value| {
            let index = Args::after_receiver(lua, &[key]).int(2)?;
            Ok(this.get_array(index).map(|[byte]: [u8; 1]| byte))
        });
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |lua, this, (key, byte): (mlua::Value, mlua::Value)| {
                let args = Args::after_receiver(lua, &[key, byte]);
                let (index, byte) = (args.int(2)?, args.int(3)?);
                set_byte(this, index, byte);
                memory::check(lua)
            },
        );
        methods.add_meta_method(MetaMethod::Len, |_, _, ()| Ok(0));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            if this.size() == 0 {
                return lua.create_string("Bytes()");
            }
            lua.create_string(super::text::of(&Value::Bytes(this.0.clone())))
        });
    }
}

/// Registers the library `bytes`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = function(lua, |args: &Args<'_>| {
        let capacity = usize::try_from(args.int(2)?).unwrap_or_default();
        let bytes = LuaBytes::of(Vec::new());
        bytes.0.lock().capacity = capacity;
        Ok(bytes)
    })?;
    let bytes = library(lua, "bytes", construct)?;
    add_getters(lua, &bytes)?;
    integers(lua, &bytes)?;
    strings(lua, &bytes)?;
    sequences(lua, &bytes)?;
    variable(lua, &bytes)
}

/// Functions for the size and type.
fn add_getters(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set("size", function(lua, |args| Ok(args.data::<LuaBytes>(1)?.size()))?)?;
    // `set_size` only returns whether the size is within the capacity. It changes nothing.
    bytes.set(
        "set_size",
        function(lua, |args| {
            let (bytes, size) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            let room = bytes.0.lock().capacity;
            Ok(!args.raw(2).is_nil() && usize::try_from(size).is_ok_and(|size| size <= room))
        })?,
    )?;
    bytes.set(
        "get_type",
        function(lua, |args| Ok(args.data::<LuaBytes>(1)?.0.lock().kind))?,
    )?;
    bytes.set(
        "set_type",
        function(lua, |args| {
            let (bytes, kind) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            if args.raw(2).is_nil() {
                return Ok(false);
            }
            bytes.0.lock().kind = u32::from_be_bytes(low_bytes(kind));
            Ok(true)
        })?,
    )
}

/// Functions for integers of 1, 2, 4 and 8 bytes.
fn integers(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    let read = |[byte]: [u8; 1]| i64::from(byte);
    let wrote = |bytes: &LuaBytes, index, value| set_byte(bytes, index, value);
    integer(lua, bytes, "byte", read, wrote)?;
    for (ending, little) in [("", false), ("_be", false), ("_le", true)] {
        let order = move |value: i64| if little { value.swap_bytes() } else { value };
        integer(
            lua,
            bytes,
            &format!("int16{ending}"),
            move |value: [u8; 2]| i64::from(ordered(little, i16::from_le_bytes(value), i16::from_be_bytes(value))),
            move |bytes, index, value| {
                let fits = i16::try_from(value).ok();
                fits.is_some_and(|value| bytes.set(index, &ordered(little, value.to_le_bytes(), value.to_be_bytes())))
            },
        )?;
        integer(
            lua,
            bytes,
            &format!("int32{ending}"),
            move |value: [u8; 4]| i64::from(ordered(little, i32::from_le_bytes(value), i32::from_be_bytes(value))),
            move |bytes, index, value| {
                let fits = i32::try_from(value).ok();
                fits.is_some_and(|value| bytes.set(index, &ordered(little, value.to_le_bytes(), value.to_be_bytes())))
            },
        )?;
        integer(
            lua,
            bytes,
            &format!("int64{ending}"),
            move |value: [u8; 8]| order(i64::from_be_bytes(value)),
            move |bytes, index, value| bytes.set(index, &order(value).to_be_bytes()),
        )?;
    }
    Ok(())
}

fn ordered<T>(little: bool, le: T, be: T) -> T {
    if little { le } else { be }
}

fn set_byte(bytes: &LuaBytes, index: i64, value: i64) -> bool {
    u8::try_from(value).is_ok_and(|byte| bytes.set(index, &[byte]))
}

fn integer<const N: usize>(
    lua: &Lua,
    bytes: &Table,
    name: &str,
    decode: impl Fn([u8; N]) -> i64 + Send + 'static,
    write: impl Fn(&LuaBytes, i64, i64) -> bool + Send + Clone + 'static,
) -> mlua::Result<()> {
    bytes.set(
        format!("get_{name}"),
        function(lua, move |args| {
            let (bytes, index) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            Ok(bytes.get_array(index).map(&decode))
        })?,
    )?;
    let set = write.clone();
    bytes.set(
        format!("set_{name}"),
        function(lua, move |args| {
            let (bytes, index, value) = (args.data::<LuaBytes>(1)?, args.int(2)?, args.int(3)?);
            Ok(!args.raw(3).is_nil() && set(&bytes, index, value))
        })?,
    )?;
    bytes.set(
        format!("append_{name}"),
        function(lua, move |args| {
            let (bytes, value) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            let end = i64::try_from(bytes.size()).unwrap_or(i64::MAX);
            Ok(!args.raw(2).is_nil() && write(&bytes, end.saturating_add(1), value))
        })?,
    )
}

fn strings(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set(
        "get_string",
        function(lua, |args| {
            let (bytes, index, size) = (args.data::<LuaBytes>(1)?, args.int(2)?, args.int(3)?);
            let (Some(start), Ok(size @ 1..)) = (place(index), usize::try_from(size)) else {
                return Ok(None);
            };
            let blob = bytes.0.lock();
            let text: Vec<u8> = blob.bytes.iter().skip(start).take(size).copied().collect();
            args.lua().create_string(text).map(Some)
        })?,
    )?;
    bytes.set(
        "set_string",
        function(lua, |args| {
            let (bytes, index) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            Ok(!args.raw(3).is_nil() && bytes.set(index, &args.text(3)?))
        })?,
    )?;
    bytes.set(
        "append_string",
        function(lua, |args| {
            let bytes = args.data::<LuaBytes>(1)?;
            if args.raw(2).is_nil() {
                return Ok(false);
            }
            let text = args.text(2)?;
            Ok(!text.is_empty() && bytes.append(&text))
        })?,
    )
}

/// Functions for ranges of bytes.
fn sequences(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set(
        "get_bytes",
        function(lua, |args| {
            let (bytes, index, size) = (args.data::<LuaBytes>(1)?, args.int(2)?, args.int(3)?);
            let (Some(start), Ok(size @ 1..=MAX_SIZE)) = (place(index), usize::try_from(size)) else {
                return Ok(None);
            };
            let mut part: Vec<u8> = bytes.0.lock().bytes.iter().skip(start).take(size).copied().collect();
            part.resize(size, 0);
            Ok(Some(LuaBytes::of(part)))
        })?,
    )?;
    bytes.set(
        "set_bytes",
        function(lua, |args| {
            let (bytes, index) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            let part = part(args, 3)?.filter(|(_, whole)| *whole);
            Ok(part.is_some_and(|(part, _)| bytes.set(index, &part)))
        })?,
    )?;
    bytes.set(
        "append_bytes",
        function(lua, |args| {
            let bytes = args.data::<LuaBytes>(1)?;
            Ok(part(args, 2)?.is_some_and(|(part, _)| bytes.append(&part)))
        })?,
    )
}

/// A prefix of the array at argument `n`, of the length in the next argument, and whether the array is at least
/// that long.
fn part(args: &Args<'_>, n: usize) -> mlua::Result<Option<(Vec<u8>, bool)>> {
    let bytes = args.data::<LuaBytes>(n)?;
    let size = usize::try_from(args.int(n + 1)?).ok();
    let Some(size) = size.filter(|_| !args.raw(n + 1).is_nil()) else {
        return Ok(None);
    };
    let mut part = bytes.0.lock().bytes.clone();
    let whole = size <= part.len();
    part.truncate(size);
    Ok(Some((part, whole)))
}

/// Functions for variable-length integers: seven bits per byte, lowest first. The highest bit is set in every
/// byte except the last.
fn variable(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set(
        "get_var_int",
        function(lua, |args| {
            let (bytes, index) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            let mut value = 0u32;
            for size in 0..5u8 {
                let Some([byte]) = bytes.get_array::<1>(index.wrapping_add(i64::from(size))) else {
                    break;
                };
                value |= u32::from(byte & 0x7f).wrapping_shl(7 * u32::from(size));
                if byte & 0x80 == 0 {
                    return Ok((value, size + 1));
                }
            }
            Ok((0, 0))
        })?,
    )?;
    // An integer that does not fit in the array is not written, but its size is still returned.
    bytes.set(
        "set_var_int",
        function(lua, |args| {
            let (bytes, index) = (args.data::<LuaBytes>(1)?, args.int(2)?);
            let encoded = var_int(args.int(3)?);
            if let Some(start) = place(index).filter(|start| start.saturating_add(encoded.len()) <= bytes.size()) {
                bytes.write(start, &encoded);
            }
            Ok(encoded.len())
        })?,
    )?;
    bytes.set(
        "append_var_int",
        function(lua, |args| {
            args.data::<LuaBytes>(1)?;
            Ok(var_int(args.int(2)?).len())
        })?,
    )
}

fn var_int(value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    if i32::try_from(value).is_err() {
        return out;
    }
    let mut left = u32::from_be_bytes(low_bytes(value));
    loop {
        let [.., low] = (left & 0x7f).to_be_bytes();
        left >>= 7;
        if left == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

/// Converts a position that starts at 1 to an index.
fn place(index: i64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

/// The lowest `N` bytes of an integer, in big-endian order.
fn low_bytes<const N: usize>(value: i64) -> [u8; N] {
    value.to_be_bytes().last_chunk().copied().unwrap_or([0; N])
}
