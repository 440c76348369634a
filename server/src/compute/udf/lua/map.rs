//! `map`: maps.

use mlua::{AnyUserData, Function, Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods};

use super::args::{Args, function};
use super::convert::of_lua;
use super::types::{LuaMap, Named};
use super::{iterator, library, memory};
use crate::compute::udf::value::{Key, Map, Shared, Value};

impl LuaMap {
    pub(super) fn of(pairs: Map) -> Self {
        Self(Shared::new(pairs))
    }

    fn pairs(&self) -> Map {
        self.0.lock().clone()
    }

    fn get(&self, key: &mlua::Value) -> Value {
        let key = of_lua(key).and_then(|key| Key::of(&key));
        let found = key.and_then(|key| self.0.lock().get(&key).cloned());
        found.unwrap_or(Value::Nil)
    }
}

/// Sets a pair. An invalid key is ignored; an invalid value removes the pair.
fn set(pairs: &mut Map, key: &mlua::Value, value: &mlua::Value) {
    let Some(key) = of_lua(key).and_then(|key| Key::of(&key)) else {
        return;
    };
    match of_lua(value) {
        Some(value) => pairs.insert(key, value),
        None => pairs.remove(&key),
    };
}

impl UserData for LuaMap {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, Self::NAME);
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, key: mlua::Value| Ok(this.get(&key)));
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |lua, this, (key, value): (mlua::Value, mlua::Value)| {
                set(&mut this.0.lock(), &key, &value);
                memory::check(lua)
            },
        );
        methods.add_meta_method(MetaMethod::Len, |_, this, ()| Ok(this.0.lock().len()));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string(super::text::of(&Value::Map(this.0.clone())))
        });
    }
}

/// Registers the library `map`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = function(lua, |args: &Args<'_>| {
        let mut map = Map::new();
        if let mlua::Value::Table(pairs) = args.raw(2) {
            for pair in pairs.pairs::<mlua::Value, mlua::Value>() {
                let (key, value) = pair?;
                set(&mut map, &key, &value);
            }
        }
        Ok(LuaMap::of(map))
    })?;
    let map = library(lua, "map", construct)?;
    let create = function(lua, |args| Ok((args.int(1)? > 0).then(|| LuaMap::of(Map::new()))))?;
    map.set("create", &create)?;
    map.set("new", create)?;
    add_getters(lua, &map)?;
    walk(lua, &map)?;
    combine(lua, &map)?;
    map.set(
        "remove",
        function(lua, |args| {
            let map = args.data::<LuaMap>(1)?;
            if let Some(key) = args.value(2).and_then(|key| Key::of(&key)) {
                map.0.lock().remove(&key);
            }
            Ok(())
        })?,
    )
}

/// Functions that read from a map.
fn add_getters(lua: &Lua, map: &Table) -> mlua::Result<()> {
    map.set(
        "size",
        function(lua, |args| Ok(args.data::<LuaMap>(1)?.0.lock().len()))?,
    )?;
    map.set(
        "nbytes",
        function(lua, |args| {
            let map = args.data::<LuaMap>(1)?;
            Ok(Value::Map(map.0.clone()).to_msgpack().map_or(0, |packed| packed.len()))
        })?,
    )?;
    map.set(
        "clone",
        function(lua, |args| Ok(LuaMap::of(args.data::<LuaMap>(1)?.pairs())))?,
    )?;
    map.set(
        "tostring",
        function(lua, |args| {
            let map = args.data::<LuaMap>(1)?;
            args.lua().create_string(super::text::of(&Value::Map(map.0.clone())))
        })?,
    )
}

/// Functions that iterate over a map. They use a snapshot of the map.
fn walk(lua: &Lua, map: &Table) -> mlua::Result<()> {
    let pairs = function(lua, |args| each(args, |key, value| vec![key.value(), value]))?;
    map.set("pairs", &pairs)?;
    map.set("iterator", pairs)?;
    map.set("keys", function(lua, |args| each(args, |key, _| vec![key.value()]))?)?;
    map.set("values", function(lua, |args| each(args, |_, value| vec![value]))?)
}

fn each(args: &Args<'_>, item: fn(&Key, Value) -> Vec<Value>) -> mlua::Result<(Function, AnyUserData)> {
    let pairs = args.data::<LuaMap>(1)?.pairs();
    let items: Vec<_> = pairs.into_iter().map(|(key, value)| item(&key, value)).collect();
    iterator::start(args.lua(), items.len(), move |place| items.get(place).cloned())
}

/// Functions that combine two maps.
fn combine(lua: &Lua, map: &Table) -> mlua::Result<()> {
    map.set(
        "merge",
        function(lua, |args| {
            let (mut pairs, other) = (args.data::<LuaMap>(1)?.pairs(), args.data::<LuaMap>(2)?.pairs());
            for (key, value) in other {
                let merged = match (pairs.get(&key), args.raw(3)) {
                    (Some(old), mlua::Value::Function(merge)) => {
                        let merged: mlua::Value = merge.call((old.clone(), value.clone()))?;
                        of_lua(&merged).filter(|merged| !matches!(merged, Value::Nil | Value::Bool(false)))
                    }
                    _ => None,
                };
                pairs.insert(key, merged.unwrap_or(value));
            }
            Ok(LuaMap::of(pairs))
        })?,
    )?;
    map.set(
        "diff",
        function(lua, |args| {
            let (mut a, mut b) = (args.data::<LuaMap>(1)?.pairs(), args.data::<LuaMap>(2)?.pairs());
            a.retain(|key, _| b.remove(key).is_none());
            a.append(&mut b);
            Ok(LuaMap::of(a))
        })?,
    )
}
