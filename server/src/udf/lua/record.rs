//! `record` and `aerospike`: the record that a function is applied to.

use mlua::prelude::LuaString;
use mlua::{Lua, MetaMethod, MultiValue, Table, UserData, UserDataMethods, UserDataRef};

use super::convert::of_lua;
use crate::udf::record::Open;
use crate::udf::value::{Shared, Value};

/// A record.
#[derive(Debug)]
pub(super) struct LuaRecord(pub(super) Shared<Open>);

type Ref = UserDataRef<LuaRecord>;

impl UserData for LuaRecord {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, name: mlua::Value| {
            Ok(match &name {
                mlua::Value::String(name) => this.0.lock().get(&name.as_bytes()),
                _ => Value::Nil,
            })
        });
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |_, this, (name, value): (LuaString, mlua::Value)| {
                let value = of_lua(&value).unwrap_or(Value::Nil);
                this.0.lock().set(&name.as_bytes(), value);
                Ok(())
            },
        );
        methods.add_meta_method(MetaMethod::ToString, |_, _, ()| Ok("Record()"));
    }
}

/// The libraries `record` and `aerospike`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let record = lua.create_table()?;
    about(lua, &record)?;
    record.set(
        "set_ttl",
        lua.create_function(|_, (record, ttl): (Ref, i64)| {
            record.0.lock().set_ttl(ttl);
            Ok(())
        })?,
    )?;
    record.set(
        "drop_key",
        lua.create_function(|_, record: Ref| {
            record.0.lock().drop_key();
            Ok(())
        })?,
    )?;
    lua.globals().set("record", record)?;
    let aerospike = lua.create_table()?;
    database(lua, &aerospike)?;
    lua.globals().set("aerospike", aerospike)
}

/// What is known of a record.
fn about(lua: &Lua, record: &Table) -> mlua::Result<()> {
    record.set("ttl", lua.create_function(|_, record: Ref| Ok(record.0.lock().ttl()))?)?;
    record.set(
        "gen",
        lua.create_function(|_, record: Ref| Ok(record.0.lock().generation()))?,
    )?;
    record.set(
        "last_update_time",
        lua.create_function(|_, record: Ref| Ok(record.0.lock().last_update_time()))?,
    )?;
    record.set(
        "numbins",
        lua.create_function(|_, record: Ref| Ok(record.0.lock().names().len()))?,
    )?;
    record.set("key", lua.create_function(|_, record: Ref| Ok(record.0.lock().key()))?)?;
    record.set(
        "digest",
        lua.create_function(|_, record: Ref| Ok(record.0.lock().digest()))?,
    )?;
    record.set(
        "setname",
        lua.create_function(|lua, record: Ref| {
            let record = record.0.lock();
            lua.create_string(record.set_name())
        })?,
    )?;
    record.set(
        "bin_names",
        lua.create_function(|lua, record: Ref| {
            let names = record.0.lock().names();
            let names: mlua::Result<Vec<_>> = names.into_iter().map(|name| lua.create_string(name)).collect();
            lua.create_sequence_from(names?)
        })?,
    )?;
    for name in ["size", "device_size", "memory_size"] {
        record.set(name, lua.create_function(|_, record: Ref| Ok(record.0.lock().size()))?)?;
    }
    Ok(())
}

/// What is done with a record.
fn database(lua: &Lua, aerospike: &Table) -> mlua::Result<()> {
    aerospike.set(
        "create",
        lua.create_function(|_, (_, record): (Table, Ref)| Ok(record.0.lock().create()))?,
    )?;
    aerospike.set(
        "update",
        lua.create_function(|_, (_, record): (Table, Ref)| Ok(record.0.lock().update()))?,
    )?;
    aerospike.set(
        "remove",
        lua.create_function(|_, (_, record): (Table, Ref)| Ok(record.0.lock().remove()))?,
    )?;
    aerospike.set(
        "exists",
        lua.create_function(|_, (_, record): (Table, Ref)| Ok(record.0.lock().exists()))?,
    )?;
    aerospike.set("set_context", lua.create_function(|_, _: MultiValue| Ok(0))?)?;
    aerospike.set("log", lua.create_function(|_, _: MultiValue| Ok(0))?)
}
