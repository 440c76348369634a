//! `geojson`: geospatial values. They are validated only when they are stored.

use mlua::{Lua, MetaMethod, UserData, UserDataFields, UserDataMethods};

use super::args::{Args, function};
use super::library;
use super::types::{LuaGeoJson, Named};

impl UserData for LuaGeoJson {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, Self::NAME);
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string([b"\"", &*this.0, b"\""].concat())
        });
    }
}

/// Registers `geojson(text)`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = function(lua, |args: &Args<'_>| {
        if args.raw(2).is_nil() {
            return Ok(None);
        }
        Ok(Some(LuaGeoJson(args.text(2)?.into())))
    })?;
    library(lua, "geojson", construct)?;
    Ok(())
}
