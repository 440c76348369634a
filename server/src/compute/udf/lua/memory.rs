//! The memory limit of UDFs, for memory that Lua allocates and for values outside of Lua.

use mlua::Lua;

use crate::compute::udf::shared::Account;

/// Maximum memory that the functions of an interpreter may use at a time, in bytes.
pub(super) const MAX: usize = 256 * 1024 * 1024;

/// Sets the memory limit of an interpreter.
pub(super) fn limit(lua: &Lua, account: &Account) -> mlua::Result<()> {
    lua.set_memory_limit(MAX)?;
    lua.set_app_data(account.clone());
    Ok(())
}

/// Fails if the memory limit is exceeded. Lua enforces the limit for its own memory; the memory of lists and
/// other values outside of Lua is checked here, after each function that can allocate them.
pub(super) fn check(lua: &Lua) -> mlua::Result<()> {
    let used = || lua.app_data_ref::<Account>().map_or(0, |account| account.used());
    if used().saturating_add(lua.used_memory()) <= MAX {
        return Ok(());
    }
    // Unreachable values do not count. Lua does not collect them in time by itself, because it does not know
    // their size.
    lua.gc_collect()?;
    if used().saturating_add(lua.used_memory()) <= MAX {
        return Ok(());
    }
    Err(mlua::Error::runtime("not enough memory"))
}
