//! The userdata types of the libraries.

use mlua::AnyUserData;

use crate::compute::udf::record::OpenRecord;
use crate::compute::udf::shared::Text;
use crate::compute::udf::value::{Blob, List, Map, Shared};

/// A userdata type with a name for error messages.
pub(super) trait Named: 'static {
    /// Type name in error messages.
    const NAME: &'static str;
}

/// The userdata of a byte array.
#[derive(Debug, Clone)]
pub(super) struct LuaBytes(pub(super) Shared<Blob>);

impl Named for LuaBytes {
    const NAME: &'static str = "Bytes";
}

/// The text of a GeoJSON value.
#[derive(Debug)]
pub(super) struct LuaGeoJson(pub(super) Text);

impl Named for LuaGeoJson {
    const NAME: &'static str = "GeoJSON";
}

/// The userdata of a list.
#[derive(Debug, Clone)]
pub(super) struct LuaList(pub(super) Shared<List>);

impl Named for LuaList {
    const NAME: &'static str = "List";
}

/// The userdata of a map.
#[derive(Debug, Clone)]
pub(super) struct LuaMap(pub(super) Shared<Map>);

impl Named for LuaMap {
    const NAME: &'static str = "Map";
}

/// The userdata of a record.
#[derive(Debug, Clone)]
pub(super) struct LuaRecord(pub(super) Shared<OpenRecord>);

impl Named for LuaRecord {
    const NAME: &'static str = "Record";
}

/// The name of the type of a userdata value, for error messages.
pub(super) fn name_of(data: &AnyUserData) -> &'static str {
    if data.is::<LuaList>() {
        LuaList::NAME
    } else if data.is::<LuaMap>() {
        LuaMap::NAME
    } else if data.is::<LuaBytes>() {
        LuaBytes::NAME
    } else if data.is::<LuaGeoJson>() {
        LuaGeoJson::NAME
    } else if data.is::<LuaRecord>() {
        LuaRecord::NAME
    } else {
        "userdata"
    }
}
