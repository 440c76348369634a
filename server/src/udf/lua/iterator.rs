//! Iterators: a function and what it has to be called with, as the generic `for` does.

use std::sync::atomic::{AtomicUsize, Ordering};

use mlua::{AnyUserData, Function, IntoLua, Lua, MultiValue, UserData};

use crate::udf::shared::Charge;
use crate::udf::value::Value;

/// What an item of up to two values takes.
const ITEM: usize = size_of::<Vec<Value>>() + 2 * size_of::<Value>();

/// How far an iterator is, and how it goes on.
struct Iterator {
    next: AtomicUsize,
    items: Box<dyn Fn(usize) -> Option<Vec<Value>> + Send>,
    /// What the items take, if they are the iterator's own.
    _charge: Charge,
}

impl UserData for Iterator {}

/// The library `iterator`; the function that goes on is kept for [`start`].
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let library = lua.create_table()?;
    library.set(
        "has_next",
        lua.create_function(|_, state: AnyUserData| {
            let iterator = state.borrow::<Iterator>()?;
            Ok((iterator.items)(iterator.next.load(Ordering::Relaxed)).is_some())
        })?,
    )?;
    let next = lua.create_function(|lua, arguments: MultiValue| {
        let Some(mlua::Value::UserData(state)) = arguments.front() else {
            return Ok(MultiValue::new());
        };
        let iterator = state.borrow::<Iterator>()?;
        let items = (iterator.items)(iterator.next.fetch_add(1, Ordering::Relaxed));
        items
            .unwrap_or_default()
            .into_iter()
            .map(|item| item.into_lua(lua))
            .collect()
    })?;
    library.set("next", &next)?;
    lua.set_named_registry_value(NEXT, next)?;
    lua.globals().set("iterator", library)
}

const NEXT: &str = "aerospike-local.next";

/// An iterator over what stands at one place after the other, until there is nothing. It holds so many items of its own.
pub(super) fn start(
    lua: &Lua,
    own: usize,
    items: impl Fn(usize) -> Option<Vec<Value>> + Send + 'static,
) -> mlua::Result<(Function, AnyUserData)> {
    let next: Function = lua.named_registry_value(NEXT)?;
    let iterator = Iterator {
        next: AtomicUsize::new(0),
        items: Box::new(items),
        _charge: Charge::new(own * ITEM),
    };
    Ok((next, lua.create_userdata(iterator)?))
}
