//! Values between this server and Lua.

use mlua::{FromLua, IntoLua, Lua};

use super::bytes::LuaBytes;
use super::geojson::LuaGeoJson;
use super::list::LuaList;
use super::map::LuaMap;
use crate::udf::value::Value;

impl IntoLua for Value {
    fn into_lua(self, lua: &Lua) -> mlua::Result<mlua::Value> {
        Ok(match self {
            Self::Nil => mlua::Value::Nil,
            Self::Bool(value) => mlua::Value::Boolean(value),
            Self::Int(value) => mlua::Value::Integer(value),
            Self::Float(value) => mlua::Value::Number(value),
            Self::String(value) => mlua::Value::String(lua.create_string(&value)?),
            Self::GeoJson(text) => mlua::Value::UserData(lua.create_userdata(LuaGeoJson(text))?),
            Self::Bytes(blob) => mlua::Value::UserData(lua.create_userdata(LuaBytes(blob))?),
            Self::List(list) => mlua::Value::UserData(lua.create_userdata(LuaList(list))?),
            Self::Map(map) => mlua::Value::UserData(lua.create_userdata(LuaMap(map))?),
        })
    }
}

impl FromLua for Value {
    fn from_lua(value: mlua::Value, _: &Lua) -> mlua::Result<Self> {
        of_lua(&value).ok_or_else(|| mlua::Error::FromLuaConversionError {
            from: value.type_name(),
            to: "value".to_owned(),
            message: None,
        })
    }
}

/// What the database can hold of what Lua has: nothing for tables, functions and their like.
pub(super) fn of_lua(value: &mlua::Value) -> Option<Value> {
    Some(match value {
        mlua::Value::Nil => Value::Nil,
        mlua::Value::Boolean(value) => Value::Bool(*value),
        mlua::Value::Integer(value) => Value::Int(*value),
        mlua::Value::Number(value) => Value::Float(*value),
        mlua::Value::String(value) => Value::string(&value.as_bytes()),
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
