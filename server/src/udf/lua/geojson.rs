//! `geojson`: geospatial values.

use std::sync::Arc;

use mlua::{Lua, MetaMethod, UserData, UserDataMethods};

/// The text of a geospatial value.
#[derive(Debug)]
pub(super) struct LuaGeoJson(pub(super) Arc<[u8]>);

impl UserData for LuaGeoJson {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| lua.create_string(&this.0));
    }
}

/// `geojson(text)`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct =
        lua.create_function(|_, text: mlua::prelude::LuaString| Ok(LuaGeoJson(Arc::from(&*text.as_bytes()))))?;
    lua.globals().set("geojson", construct)
}
