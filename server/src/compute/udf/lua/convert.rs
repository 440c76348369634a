//! Conversion of values between the server and Lua.

use mlua::{IntoLua, Lua};

use super::types::{LuaBytes, LuaGeoJson, LuaList, LuaMap};
use crate::compute::udf::value::Value;

impl IntoLua for Value {
    fn into_lua(self, lua: &Lua) -> mlua::Result<mlua::Value> {
        Ok(match self {
            Self::Nil => mlua::Value::Nil,
            Self::Bool(value) => mlua::Value::Boolean(value),
            Self::Int(value) => mlua::Value::Integer(value),
            Self::Float(value) => mlua::Value::Number(value),
            Self::String(value) => mlua::Value::String(lua.create_string(&*value)?),
            Self::GeoJson(text) => mlua::Value::UserData(lua.create_userdata(LuaGeoJson(text))?),
            Self::Bytes(blob) => mlua::Value::UserData(lua.create_userdata(LuaBytes(blob))?),
            Self::List(list) => mlua::Value::UserData(lua.create_userdata(LuaList(list))?),
            Self::Map(map) => mlua::Value::UserData(lua.create_userdata(LuaMap(map))?),
        })
    }
}

/// Converts a Lua value to a database value. Returns `None` for tables, functions and other values that the
/// database cannot store.
pub(super) fn of_lua(value: &mlua::Value) -> Option<Value> {
    Some(match value {
        mlua::Value::Nil => Value::Nil,
        mlua::Value::Boolean(value) => Value::Bool(*value),
        mlua::Value::Integer(value) => Value::Int(*value),
        mlua::Value::Number(value) => Value::Float(*value),
        // On a real server, strings end at the first zero byte.
        mlua::Value::String(value) => Value::string(up_to_zero(&value.as_bytes())),
        mlua::Value::UserData(data) => {
            if let Ok(list) = data.borrow::<LuaList>() {
                Value::List(list.0.clone())
            } else if let Ok(map) = data.borrow::<LuaMap>() {
                Value::Map(map.0.clone())
            } else if let Ok(bytes) = data.borrow::<LuaBytes>() {
                Value::Bytes(bytes.0.clone())
            } else if let Ok(text) = data.borrow::<LuaGeoJson>() {
                Value::GeoJson(text.0.clone())
            } else {
                return None;
            }
        }
        _ => return None,
    })
}

/// The part of a string before its first zero byte.
pub(super) fn up_to_zero(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}
