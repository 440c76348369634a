//! Converts values between the core and Lua.

use aerospike_core::{FloatValue, IndexMap, Value};
use mlua::{Function, Lua, Table, UserData};

use crate::convert::value::MAX_DEPTH;

/// A value that Lua can only pass on: bytes, GeoJSON or HyperLogLog.
struct Opaque(Value);

impl UserData for Opaque {}

/// The Lua functions that create and open lists and maps.
pub struct Library {
    pub make_list: Function,
    pub make_map: Function,
    pub open: Function,
}

fn too_deep() -> mlua::Error {
    mlua::Error::runtime(format!("a value is nested deeper than {MAX_DEPTH} levels"))
}

impl Library {
    /// Converts a value to Lua.
    pub fn give(&self, lua: &Lua, value: Value) -> mlua::Result<mlua::Value> {
        Ok(match value {
            Value::Nil => mlua::Value::Nil,
            Value::Bool(flag) => mlua::Value::Boolean(flag),
            Value::Int(number) => mlua::Value::Integer(number),
            Value::Float(number) => mlua::Value::Number(f64::from(number)),
            Value::String(text) => mlua::Value::String(lua.create_string(text)?),
            Value::List(items) | Value::MultiResult(items) => {
                let (table, size) = (lua.create_table()?, items.len());
                for (at, item) in items.into_iter().enumerate() {
                    table.raw_set(at + 1, self.give(lua, item)?)?;
                }
                self.make_list.call((table, size))?
            }
            Value::HashMap(map) => self.give_map(lua, map)?,
            Value::OrderedMap(map) => self.give_map(lua, map)?,
            Value::SortedMap(map) => self.give_map(lua, map)?,
            Value::KeyValueList(pairs) => self.give_map(lua, pairs)?,
            other => mlua::Value::UserData(lua.create_userdata(Opaque(other))?),
        })
    }

    fn give_map(&self, lua: &Lua, pairs: impl IntoIterator<Item = (Value, Value)>) -> mlua::Result<mlua::Value> {
        let table = lua.create_table()?;
        for (key, value) in pairs {
            if !matches!(key, Value::Int(_) | Value::String(_)) {
                return Err(mlua::Error::runtime(format!(
                    "the client's part of an aggregation takes maps with integers and strings as keys, not {key}"
                )));
            }
            table.raw_set(self.give(lua, key)?, self.give(lua, value)?)?;
        }
        self.make_map.call(table)
    }

    /// Converts a value from Lua.
    pub fn take(&self, value: &mlua::Value) -> mlua::Result<Value> {
        self.take_nested(value, 0)
    }

    fn take_nested(&self, value: &mlua::Value, depth: usize) -> mlua::Result<Value> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(match value {
            mlua::Value::Nil => Value::Nil,
            mlua::Value::Boolean(flag) => Value::Bool(*flag),
            mlua::Value::Integer(number) => Value::Int(*number),
            mlua::Value::Number(number) => Value::Float(FloatValue::from(*number)),
            mlua::Value::String(text) => match text.to_str() {
                Ok(text) => Value::String(text.to_owned()),
                Err(_) => Value::Blob(text.as_bytes().to_vec()),
            },
            mlua::Value::UserData(data) => match data.borrow::<Opaque>() {
                Ok(opaque) => opaque.0.clone(),
                Err(_) => return Err(no_result("userdata")),
            },
            mlua::Value::Table(table) => return self.take_table(table, depth),
            other => return Err(no_result(other.type_name())),
        })
    }

    fn take_table(&self, table: &Table, depth: usize) -> mlua::Result<Value> {
        let (kind, first, second): (String, Option<Table>, mlua::Value) = self.open.call(table)?;
        match (kind.as_str(), first, second) {
            ("list", Some(items), mlua::Value::Integer(size)) => {
                let items = (1..=size).map(|at| self.take_nested(&items.raw_get(at)?, depth + 1));
                Ok(Value::List(items.collect::<mlua::Result<_>>()?))
            }
            ("map", Some(keys), mlua::Value::Table(values)) => {
                let mut map = IndexMap::new();
                for key in keys.sequence_values::<mlua::Value>() {
                    let key = key?;
                    let value = self.take_nested(&values.raw_get(&key)?, depth + 1)?;
                    map.insert(self.take_nested(&key, depth + 1)?, value);
                }
                Ok(Value::OrderedMap(map))
            }
            _ => Err(no_result("table; lists and maps are made with list() and map()")),
        }
    }
}

fn no_result(what: &str) -> mlua::Error {
    mlua::Error::runtime(format!("the result of an aggregation cannot be a {what}"))
}
