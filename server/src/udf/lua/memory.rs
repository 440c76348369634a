//! The limit of the memory that a function may have, in Lua and here.

use mlua::Lua;

use crate::udf::shared::Account;

/// Memory that the functions of an interpreter may have at a time.
pub(super) const MAX: usize = 256 * 1024 * 1024;

/// Limits the memory of an interpreter.
pub(super) fn limit(lua: &Lua, account: &Account) -> mlua::Result<()> {
    lua.set_memory_limit(MAX)?;
    lua.set_app_data(account.clone());
    Ok(())
}

/// Ends a function that has more memory than it may. Lua sees to its own; what lists and their like take is checked after each function
/// that can make some.
pub(super) fn check(lua: &Lua) -> mlua::Result<()> {
    let used = || lua.app_data_ref::<Account>().map_or(0, |account| account.used());
    if used().saturating_add(lua.used_memory()) <= MAX {
        return Ok(());
    }
    // What is not reachable any more does not count, and Lua does not know how large it is.
    lua.gc_collect()?;
    if used().saturating_add(lua.used_memory()) <= MAX {
        return Ok(());
    }
    Err(mlua::Error::runtime("not enough memory"))
}
