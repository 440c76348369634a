//! `record` and `aerospike`: the record that a UDF is applied to.

use mlua::{Function, Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods};

use super::args::{Args, function};
use super::convert::{of_lua, up_to_zero};
use super::memory;
use super::types::{LuaRecord, Named};
use crate::common::clock::unix_ms;
use crate::compute::udf::record::OpenRecord;
use crate::compute::udf::value::Value;

impl UserData for LuaRecord {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, Self::NAME);
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, name: mlua::Value| {
            let name = name_of(&Args::after_receiver(lua, &[name]))?;
            Ok(name.map_or(Value::Nil, |name| this.0.lock().get(&name)))
        });
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |lua, this, (name, value): (mlua::Value, mlua::Value)| {
                let args = Args::after_receiver(lua, &[name]);
                let Some(name) = name_of(&args)? else {
                    return Ok(());
                };
                let Some(value) = of_lua(&value) else {
                    let name = String::from_utf8_lossy(&name);
                    return Err(args.failure(&format!("can't set bin {name} to unsupported type")));
                };
                this.0.lock().set(&name, value);
                memory::check(lua)
            },
        );
    }
}

/// A bin name, up to its first zero byte. `None` for nil.
fn name_of(args: &Args<'_>) -> mlua::Result<Option<Vec<u8>>> {
    if args.raw(2).is_nil() {
        return Ok(None);
    }
    Ok(Some(up_to_zero(&args.text(2)?).to_vec()))
}

/// Registers the library `record`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let record = lua.create_table()?;
    metadata(lua, &record)?;
    identity(lua, &record)?;
    record.set(
        "set_ttl",
        function(lua, |args| {
            let (record, ttl) = (args.data::<LuaRecord>(1)?, args.int(2)?);
            record.0.lock().set_ttl(ttl);
            Ok(())
        })?,
    )?;
    record.set(
        "drop_key",
        function(lua, |args| {
            args.data::<LuaRecord>(1)?.0.lock().drop_key();
            Ok(())
        })?,
    )?;
    lua.globals().set("record", record)?;
    lua.globals().set("aerospike", LuaAerospike)
}

/// Functions for record metadata.
fn metadata(lua: &Lua, record: &Table) -> mlua::Result<()> {
    record.set("ttl", getter(lua, |record| i64::from(record.ttl()))?)?;
    record.set("gen", getter(lua, |record| i64::from(record.generation()))?)?;
    record.set("numbins", getter(lua, |record| i64::from(record.bin_count()))?)?;
    record.set(
        "last_update_time",
        getter(lua, |record| {
            i64::try_from(record.last_update_time()).unwrap_or(i64::MAX)
        })?,
    )?;
    record.set("size", getter(lua, OpenRecord::size)?)?;
    record.set("memory_size", getter(lua, OpenRecord::size)?)?;
    // Records are kept in memory, not on a device.
    record.set("device_size", getter(lua, |_| 0)?)
}

fn getter(lua: &Lua, question: fn(&OpenRecord) -> i64) -> mlua::Result<Function> {
    function(lua, move |args| Ok(question(&args.data::<LuaRecord>(1)?.0.lock())))
}

/// Functions for the identity of a record and the names of its bins.
fn identity(lua: &Lua, record: &Table) -> mlua::Result<()> {
    record.set(
        "key",
        function(lua, |args| Ok(args.data::<LuaRecord>(1)?.0.lock().key()))?,
    )?;
    record.set(
        "digest",
        function(lua, |args| Ok(args.data::<LuaRecord>(1)?.0.lock().digest()))?,
    )?;
    record.set(
        "setname",
        function(lua, |args| {
            let record = args.data::<LuaRecord>(1)?;
            let record = record.0.lock();
            record.set_name().map(|name| args.lua().create_string(name)).transpose()
        })?,
    )?;
    record.set(
        "bin_names",
        function(lua, |args| {
            let names = args.data::<LuaRecord>(1)?.0.lock().names();
            let names = names.ok_or_else(|| args.failure("can't get bin names"))?;
            let names: mlua::Result<Vec<_>> = names.iter().map(|name| args.lua().create_string(name)).collect();
            args.lua().create_sequence_from(names?)
        })?,
    )
}

/// The `aerospike` object: database functions for UDFs.
#[derive(Debug)]
struct LuaAerospike;

impl UserData for LuaAerospike {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, "Aerospike");
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_function("create", |lua, values| act(&Args::new(lua, values), OpenRecord::create));
        methods.add_function("update", |lua, values| act(&Args::new(lua, values), OpenRecord::update));
        methods.add_function("remove", |lua, values| act(&Args::new(lua, values), OpenRecord::remove));
        methods.add_function("exists", |lua, values| {
            let args = Args::new(lua, values);
            let record = args.data::<LuaRecord>(2)?;
            Ok(record.0.lock().exists())
        });
        methods.add_function("get_current_time", |_, ()| Ok(unix_ms()));
        methods.add_function("set_context", |_, ()| Ok(0));
        methods.add_function("log", |lua, values| {
            let args = Args::new(lua, values);
            let level = args.int(2)?;
            // Like a real server's log, which includes messages of level "info" and above.
            if level <= LOG_INFO {
                let level = if level == LOG_INFO { "info" } else { "warning" };
                eprintln!(
                    "aerospike-local: UDF {level}: {}",
                    String::from_utf8_lossy(&args.text(3)?)
                );
            }
            Ok(())
        });
    }
}

/// The log level "info".
const LOG_INFO: i64 = 2;

fn act(args: &Args<'_>, action: fn(&mut OpenRecord) -> i64) -> mlua::Result<i64> {
    Ok(action(&mut args.data::<LuaRecord>(2)?.0.lock()))
}
