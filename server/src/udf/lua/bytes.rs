//! `bytes`: arrays of bytes, whose positions begin with 1.

use mlua::prelude::LuaString;
use mlua::{Lua, MetaMethod, Table, UserData, UserDataMethods, UserDataRef};

use super::library;
use crate::particle::kind;
use crate::udf::value::{Blob, Shared, Value};

/// Largest array: more than any record can hold.
const MAX_SIZE: usize = 128 * 1024 * 1024;

/// An array of bytes.
#[derive(Debug)]
pub(super) struct LuaBytes(pub(super) Shared<Blob>);

type Ref = UserDataRef<LuaBytes>;

impl LuaBytes {
    fn of(bytes: Vec<u8>) -> Self {
        Self(Shared::new(Blob {
            kind: kind::BLOB,
            bytes,
        }))
    }

    /// Bytes at a position; nothing unless all of them are there.
    fn get(&self, index: i64, size: usize) -> Option<Vec<u8>> {
        let blob = self.0.lock();
        let start = place(index)?;
        blob.bytes.get(start..start.checked_add(size)?).map(<[u8]>::to_vec)
    }

    fn get_array<const N: usize>(&self, index: i64) -> Option<[u8; N]> {
        self.get(index, N)?.try_into().ok()
    }

    /// Writes bytes at a position; the array grows to have them.
    fn set(&self, index: i64, bytes: &[u8]) -> bool {
        place(index).is_some_and(|start| self.write(start, bytes))
    }

    fn write(&self, start: usize, bytes: &[u8]) -> bool {
        let mut blob = self.0.lock();
        let Some(end) = start.checked_add(bytes.len()).filter(|end| *end <= MAX_SIZE) else {
            return false;
        };
        if blob.bytes.len() < end {
            blob.bytes.resize(end, 0);
        }
        if let Some(place) = blob.bytes.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        true
    }

    fn append(&self, bytes: &[u8]) -> bool {
        let end = self.0.lock().bytes.len();
        self.write(end, bytes)
    }
}

impl UserData for LuaBytes {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, key: mlua::Value| {
            let byte = key.as_integer().and_then(|index| this.get_array(index));
            Ok(byte.map(|[byte]: [u8; 1]| byte))
        });
        methods.add_meta_method(MetaMethod::NewIndex, |_, this, (index, byte): (i64, i64)| {
            this.set(index, &low_bytes::<1>(byte));
            Ok(())
        });
        methods.add_meta_method(MetaMethod::Len, |_, this, ()| Ok(this.0.lock().bytes.len()));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string(super::text::of(&Value::Bytes(this.0.clone())))
        });
    }
}

/// The library `bytes`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = lua.create_function(|_, (_, size): (Table, Option<i64>)| {
        let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
        Ok(LuaBytes::of(vec![0; size.min(MAX_SIZE)]))
    })?;
    let bytes = library(lua, "bytes", construct)?;
    bytes.set(
        "size",
        lua.create_function(|_, bytes: Ref| Ok(bytes.0.lock().bytes.len()))?,
    )?;
    bytes.set(
        "set_size",
        lua.create_function(|_, (bytes, size): (Ref, i64)| {
            let Some(size) = usize::try_from(size).ok().filter(|size| *size <= MAX_SIZE) else {
                return Ok(false);
            };
            bytes.0.lock().bytes.resize(size, 0);
            Ok(true)
        })?,
    )?;
    bytes.set(
        "get_type",
        lua.create_function(|_, bytes: Ref| Ok(bytes.0.lock().kind))?,
    )?;
    bytes.set(
        "set_type",
        lua.create_function(|_, (bytes, kind): (Ref, i64)| {
            let Ok(kind) = u8::try_from(kind) else {
                return Ok(false);
            };
            bytes.0.lock().kind = kind;
            Ok(true)
        })?,
    )?;
    integers(lua, &bytes)?;
    sequences(lua, &bytes)?;
    variable(lua, &bytes)
}

/// Integers of 1, 2, 4 and 8 bytes.
fn integers(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    integer::<1>(lua, bytes, &["byte"], low_bytes, |[byte]| i64::from(byte))?;
    integer::<2>(lua, bytes, &["int16", "int16_be"], low_bytes, |value| {
        i64::from(i16::from_be_bytes(value))
    })?;
    integer::<2>(lua, bytes, &["int16_le"], low_bytes_le, |value| {
        i64::from(i16::from_le_bytes(value))
    })?;
    integer::<4>(lua, bytes, &["int32", "int32_be"], low_bytes, |value| {
        i64::from(i32::from_be_bytes(value))
    })?;
    integer::<4>(lua, bytes, &["int32_le"], low_bytes_le, |value| {
        i64::from(i32::from_le_bytes(value))
    })?;
    integer::<8>(lua, bytes, &["int64", "int64_be"], low_bytes, i64::from_be_bytes)?;
    integer::<8>(lua, bytes, &["int64_le"], low_bytes_le, i64::from_le_bytes)
}

fn integer<const N: usize>(
    lua: &Lua,
    bytes: &Table,
    names: &[&str],
    encode: fn(i64) -> [u8; N],
    decode: fn([u8; N]) -> i64,
) -> mlua::Result<()> {
    for name in names {
        bytes.set(
            format!("get_{name}"),
            lua.create_function(move |_, (bytes, index): (Ref, i64)| Ok(bytes.get_array(index).map(decode)))?,
        )?;
        bytes.set(
            format!("set_{name}"),
            lua.create_function(move |_, (bytes, index, value): (Ref, i64, i64)| Ok(bytes.set(index, &encode(value))))?,
        )?;
        bytes.set(
            format!("append_{name}"),
            lua.create_function(move |_, (bytes, value): (Ref, i64)| Ok(bytes.append(&encode(value))))?,
        )?;
    }
    Ok(())
}

/// Strings, and other bytes.
fn sequences(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set(
        "get_string",
        lua.create_function(|lua, (bytes, index, size): (Ref, i64, i64)| {
            let size = usize::try_from(size).unwrap_or_default();
            bytes.get(index, size).map(|text| lua.create_string(text)).transpose()
        })?,
    )?;
    bytes.set(
        "set_string",
        lua.create_function(|_, (bytes, index, text): (Ref, i64, LuaString)| Ok(bytes.set(index, &text.as_bytes())))?,
    )?;
    bytes.set(
        "append_string",
        lua.create_function(|_, (bytes, text): (Ref, LuaString)| Ok(bytes.append(&text.as_bytes())))?,
    )?;
    bytes.set(
        "get_bytes",
        lua.create_function(|_, (bytes, index, size): (Ref, i64, i64)| {
            let size = usize::try_from(size).unwrap_or_default();
            Ok(bytes.get(index, size).map(LuaBytes::of))
        })?,
    )?;
    bytes.set(
        "set_bytes",
        lua.create_function(|_, (bytes, index, other, size): (Ref, i64, Ref, Option<i64>)| {
            let part = part(&other, size);
            Ok(bytes.set(index, &part))
        })?,
    )?;
    bytes.set(
        "append_bytes",
        lua.create_function(|_, (bytes, other, size): (Ref, Ref, Option<i64>)| {
            let part = part(&other, size);
            Ok(bytes.append(&part))
        })?,
    )
}

/// The first bytes of an array, or all.
fn part(bytes: &Ref, size: Option<i64>) -> Vec<u8> {
    let mut part = bytes.0.lock().bytes.clone();
    if let Some(size) = size.and_then(|size| usize::try_from(size).ok()) {
        part.truncate(size);
    }
    part
}

/// Integers of as many bytes as they need: seven bits each, the lowest first, the highest bit of all
/// but the last one set.
fn variable(lua: &Lua, bytes: &Table) -> mlua::Result<()> {
    bytes.set(
        "get_var_int",
        lua.create_function(|_, (bytes, index): (Ref, i64)| {
            let mut value = 0u32;
            let mut size = 0;
            loop {
                let Some([byte]) = bytes.get_array::<1>(index.wrapping_add(size)) else {
                    return Ok((0, 0));
                };
                value |= u32::from(byte & 0x7f).wrapping_shl(u32::try_from(7 * size).unwrap_or_default());
                size += 1;
                if byte & 0x80 == 0 || size == 5 {
                    return Ok((value, size));
                }
            }
        })?,
    )?;
    bytes.set(
        "set_var_int",
        lua.create_function(|_, (bytes, index, value): (Ref, i64, i64)| {
            let encoded = var_int(value);
            Ok(if bytes.set(index, &encoded) { encoded.len() } else { 0 })
        })?,
    )?;
    bytes.set(
        "append_var_int",
        lua.create_function(|_, (bytes, value): (Ref, i64)| {
            let encoded = var_int(value);
            Ok(if bytes.append(&encoded) { encoded.len() } else { 0 })
        })?,
    )
}

fn var_int(value: i64) -> Vec<u8> {
    let mut left = u32::from_be_bytes(low_bytes(value));
    let mut out = Vec::new();
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

/// Where a byte is whose position begins with 1.
fn place(index: i64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

/// The lowest bytes of an integer, the highest first.
fn low_bytes<const N: usize>(value: i64) -> [u8; N] {
    let all = value.to_be_bytes();
    all.last_chunk().copied().unwrap_or([0; N])
}

/// The lowest bytes of an integer, the lowest first.
fn low_bytes_le<const N: usize>(value: i64) -> [u8; N] {
    let all = value.to_le_bytes();
    all.first_chunk().copied().unwrap_or([0; N])
}
