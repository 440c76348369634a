//! `list`: lists.

use mlua::{Lua, MetaMethod, Table, UserData, UserDataFields, UserDataMethods};

use super::args::{Args, function};
use super::convert::of_lua;
use super::types::{LuaList, Named};
use super::{iterator, library, memory};
use crate::compute::udf::value::{List, Shared, Value};

/// Maximum number of elements in a list.
const MAX_SIZE: usize = 1 << 22;

impl LuaList {
    pub(super) fn of(items: List) -> Self {
        Self(Shared::new(items))
    }

    fn items(&self) -> List {
        self.0.lock().clone()
    }

    fn get(&self, index: i64) -> Value {
        let items = self.0.lock();
        place(index)
            .and_then(|place| items.get(place))
            .cloned()
            .unwrap_or(Value::Nil)
    }

    /// Sets an element. The list grows if needed.
    fn set(&self, index: i64, value: Value) {
        let mut items = self.0.lock();
        let Some(place) = place(index).filter(|place| *place < MAX_SIZE) else {
            return;
        };
        while items.len() <= place {
            items.push(Value::Nil);
        }
        if let Some(item) = items.get_mut(place) {
            *item = value;
        }
    }

    /// Inserts an element. The list grows if needed.
    fn insert(&self, index: i64, value: Value) {
        let mut items = self.0.lock();
        let Some(place) = place(index).filter(|place| *place < MAX_SIZE) else {
            return;
        };
        while items.len() < place {
            items.push(Value::Nil);
        }
        items.insert(place, value);
    }
}

impl UserData for LuaList {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field(MetaMethod::Type, Self::NAME);
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |lua, this, key: mlua::Value| {
            Ok(this.get(Args::after_receiver(lua, &[key]).int(2)?))
        });
        methods.add_meta_method(
            MetaMethod::NewIndex,
            |lua, this, (key, value): (mlua::Value, mlua::Value)| {
                let index = Args::after_receiver(lua, &[key]).int(2)?;
                if let Some(value) = of_lua(&value) {
                    this.set(index, value);
                }
                memory::check(lua)
            },
        );
        methods.add_meta_method(MetaMethod::Len, |_, this, ()| Ok(this.0.lock().len()));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string(super::text::of(&Value::List(this.0.clone())))
        });
    }
}

/// Registers the library `list`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = function(lua, |args: &Args<'_>| {
        let mut list = List::new();
        if let mlua::Value::Table(items) = args.raw(2) {
            for index in 1..=items.raw_len() {
                let item: mlua::Value = items.raw_get(index)?;
                if !item.is_nil() {
                    list.push(of_lua(&item).unwrap_or(Value::Nil));
                }
            }
        }
        Ok(LuaList::of(list))
    })?;
    let list = library(lua, "list", construct)?;
    add_getters(lua, &list)?;
    change(lua, &list)?;
    derive(lua, &list)
}

/// Functions that read from a list.
fn add_getters(lua: &Lua, list: &Table) -> mlua::Result<()> {
    list.set(
        "size",
        function(lua, |args| Ok(args.data::<LuaList>(1)?.0.lock().len()))?,
    )?;
    list.set(
        "nbytes",
        function(lua, |args| {
            let list = args.data::<LuaList>(1)?;
            Ok(Value::List(list.0.clone())
                .to_msgpack()
                .map_or(0, |packed| packed.len()))
        })?,
    )?;
    list.set(
        "iterator",
        function(lua, |args| {
            let list = args.data::<LuaList>(1)?.0.clone();
            // The iteration includes elements that are appended while it runs.
            iterator::start(args.lua(), 0, move |place| {
                list.lock().get(place).cloned().map(|item| vec![item])
            })
        })?,
    )?;
    list.set(
        "tostring",
        function(lua, |args| {
            let list = args.data::<LuaList>(1)?;
            args.lua().create_string(super::text::of(&Value::List(list.0.clone())))
        })?,
    )
}

/// Functions that modify a list.
fn change(lua: &Lua, list: &Table) -> mlua::Result<()> {
    list.set(
        "append",
        function(lua, |args| {
            let list = args.data::<LuaList>(1)?;
            if let Some(value) = args.value(2) {
                list.0.lock().push(value);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "prepend",
        function(lua, |args| {
            let list = args.data::<LuaList>(1)?;
            if let Some(value) = args.value(2) {
                list.0.lock().insert(0, value);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "insert",
        function(lua, |args| {
            let (list, index) = (args.data::<LuaList>(1)?, args.int(2)?);
            if let Some(value) = args.value(3) {
                list.insert(index, value);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "remove",
        function(lua, |args| {
            let (list, index) = (args.data::<LuaList>(1)?, args.int(2)?);
            let mut items = list.0.lock();
            if let Some(place) = place(index).filter(|place| *place < items.len()) {
                items.remove(place);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "trim",
        function(lua, |args| {
            let (list, index) = (args.data::<LuaList>(1)?, args.int(2)?);
            if let Some(place) = place(index) {
                list.0.lock().truncate(place);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "concat",
        function(lua, |args| {
            let (list, other) = (args.data::<LuaList>(1)?, args.data::<LuaList>(2)?);
            let mut more = other.items();
            list.0.lock().append(&mut more);
            Ok(())
        })?,
    )
}

/// Functions that create lists.
fn derive(lua: &Lua, list: &Table) -> mlua::Result<()> {
    let create = function(lua, |args| Ok((args.int(1)? > 0).then(|| LuaList::of(List::new()))))?;
    list.set("create", &create)?;
    list.set("new", create)?;
    list.set(
        "merge",
        function(lua, |args| {
            let (a, b) = (args.data::<LuaList>(1)?, args.data::<LuaList>(2)?);
            Ok(LuaList::of([a.items(), b.items()].concat()))
        })?,
    )?;
    list.set(
        "clone",
        function(lua, |args| Ok(LuaList::of(args.data::<LuaList>(1)?.items())))?,
    )?;
    list.set(
        "take",
        function(lua, |args| {
            let (list, count) = (args.data::<LuaList>(1)?, count(args)?);
            Ok(count.map(|count| LuaList::of(list.items().into_iter().take(count).collect())))
        })?,
    )?;
    list.set(
        "drop",
        function(lua, |args| {
            let (list, count) = (args.data::<LuaList>(1)?, count(args)?);
            Ok(count.map(|count| LuaList::of(list.items().into_iter().skip(count).collect())))
        })?,
    )
}

/// An element count. `None` unless it is at least 1.
fn count(args: &Args<'_>) -> mlua::Result<Option<usize>> {
    Ok(usize::try_from(args.int(2)?).ok().filter(|count| *count > 0))
}

/// Converts a position that starts at 1 to an index.
fn place(index: i64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}
