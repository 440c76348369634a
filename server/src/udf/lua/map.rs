//! `map`: keys and their values.

use std::sync::atomic::{AtomicUsize, Ordering};

use mlua::{Function, Lua, MetaMethod, MultiValue, Table, UserData, UserDataMethods, UserDataRef};

use super::library;
use super::list::LuaList;
use crate::udf::value::{Key, Map, Shared, Value};

/// A map.
#[derive(Debug)]
pub(super) struct LuaMap(pub(super) Shared<Map>);

type Ref = UserDataRef<LuaMap>;

impl LuaMap {
    fn of(pairs: Map) -> Self {
        Self(Shared::new(pairs))
    }

    fn pairs(&self) -> Map {
        self.0.lock().clone()
    }

    fn get(&self, key: &Value) -> Value {
        let key = Key::of(key);
        let found = key.and_then(|key| self.0.lock().get(&key).cloned());
        found.unwrap_or(Value::Nil)
    }

    fn set(&self, key: &Value, value: Value) {
        let Some(key) = Key::of(key) else {
            return;
        };
        let mut pairs = self.0.lock();
        match value {
            Value::Nil => pairs.remove(&key),
            value => pairs.insert(key, value),
        };
    }
}

impl UserData for LuaMap {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, key: Value| Ok(this.get(&key)));
        methods.add_meta_method(MetaMethod::NewIndex, |_, this, (key, value): (Value, Value)| {
            this.set(&key, value);
            Ok(())
        });
        methods.add_meta_method(MetaMethod::Len, |_, this, ()| Ok(this.0.lock().len()));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string(super::text::of(&Value::Map(this.0.clone())))
        });
    }
}

/// The library `map`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = lua.create_function(|_, (_, pairs): (Table, Option<Table>)| {
        let mut map = Map::new();
        for pair in pairs.iter().flat_map(Table::pairs::<Value, Value>) {
            let (key, value) = pair?;
            if let Some(key) = Key::of(&key) {
                map.insert(key, value);
            }
        }
        Ok(LuaMap::of(map))
    })?;
    let map = library(lua, "map", construct)?;
    map.set(
        "create",
        lua.create_function(|_, _: MultiValue| Ok(LuaMap::of(Map::new())))?,
    )?;
    map.set("size", lua.create_function(|_, map: Ref| Ok(map.0.lock().len()))?)?;
    map.set("clone", lua.create_function(|_, map: Ref| Ok(LuaMap::of(map.pairs())))?)?;
    map.set(
        "remove",
        lua.create_function(|_, (map, key): (Ref, Value)| {
            if let Some(key) = Key::of(&key) {
                map.0.lock().remove(&key);
            }
            Ok(())
        })?,
    )?;
    map.set(
        "clean",
        lua.create_function(|_, map: Ref| {
            map.0.lock().clear();
            Ok(())
        })?,
    )?;
    walk(lua, &map)?;
    combine(lua, &map)?;
    map.set(
        "is_map",
        lua.create_function(|_, value: mlua::Value| {
            Ok(value.as_userdata().is_some_and(mlua::AnyUserData::is::<LuaMap>))
        })?,
    )
}

/// What goes through a map.
fn walk(lua: &Lua, map: &Table) -> mlua::Result<()> {
    let pairs = lua.create_function(|lua, map: Ref| {
        each(
            lua,
            map.pairs().into_iter().map(|(key, value)| vec![key.value(), value]),
        )
    })?;
    map.set("pairs", &pairs)?;
    map.set("iterator", pairs)?;
    map.set(
        "keys",
        lua.create_function(|lua, map: Ref| each(lua, map.pairs().into_keys().map(|key| vec![key.value()])))?,
    )?;
    map.set(
        "values",
        lua.create_function(|lua, map: Ref| each(lua, map.pairs().into_values().map(|value| vec![value])))?,
    )?;
    map.set(
        "listkeys",
        lua.create_function(|_, map: Ref| {
            let keys = map.pairs().keys().map(Key::value).collect();
            Ok(LuaList(Shared::new(keys)))
        })?,
    )?;
    map.set(
        "listvalues",
        lua.create_function(|_, map: Ref| Ok(LuaList(Shared::new(map.pairs().into_values().collect()))))?,
    )
}

/// A function that returns one item after the other, and then nothing.
fn each(lua: &Lua, items: impl Iterator<Item = Vec<Value>>) -> mlua::Result<Function> {
    let items: Vec<_> = items.collect();
    let next = AtomicUsize::new(0);
    lua.create_function(move |lua, _: MultiValue| {
        let item = items.get(next.fetch_add(1, Ordering::Relaxed));
        item.cloned()
            .unwrap_or_default()
            .into_iter()
            .map(|value| mlua::IntoLua::into_lua(value, lua))
            .collect::<mlua::Result<MultiValue>>()
    })
}

/// What makes a map from two.
fn combine(lua: &Lua, map: &Table) -> mlua::Result<()> {
    map.set(
        "merge",
        lua.create_function(|_, (a, b, merge): (Ref, Ref, Option<Function>)| {
            let mut pairs = a.pairs();
            for (key, value) in b.pairs() {
                let value = match (pairs.get(&key), &merge) {
                    (Some(old), Some(merge)) => merge.call((old.clone(), value))?,
                    (Some(old), None) => old.clone(),
                    (None, _) => value,
                };
                pairs.insert(key, value);
            }
            Ok(LuaMap::of(pairs))
        })?,
    )?;
    map.set(
        "diff",
        lua.create_function(|_, (a, b): (Ref, Ref)| {
            let (mut a, mut b) = (a.pairs(), b.pairs());
            a.retain(|key, _| b.remove(key).is_none());
            a.append(&mut b);
            Ok(LuaMap::of(a))
        })?,
    )
}
