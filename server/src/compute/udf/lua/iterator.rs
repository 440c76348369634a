//! Iterators: a function and its state, as used by the generic `for`.

use std::sync::atomic::{AtomicUsize, Ordering};

use mlua::{AnyUserData, Function, IntoLua, Lua, MultiValue, UserData};

use crate::compute::udf::shared::Charge;
use crate::compute::udf::value::Value;

/// Size in bytes of an item of up to two values.
const ITEM: usize = size_of::<Vec<Value>>() + 2 * size_of::<Value>();

/// The state of an iterator.
struct Iterator {
    next: AtomicUsize,
    items: Box<dyn Fn(usize) -> Option<Vec<Value>> + Send>,
    /// The memory of the items, if the iterator owns them.
    _charge: Charge,
}

impl UserData for Iterator {}

/// Registers the library `iterator`, and stores its `next` function for [`start`].
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

/// Creates an iterator that calls `items` with 0, 1, 2 and so on, until it returns `None`. `own` is the number
/// of items that the iterator itself owns.
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
