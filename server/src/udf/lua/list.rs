//! `list`: sequences.

use mlua::{Function, Lua, MetaMethod, Table, UserData, UserDataMethods, UserDataRef};

use super::library;
use crate::udf::value::{List, Shared, Value};

/// Most room that is made for a list in advance.
const MAX_CAPACITY: usize = 1 << 16;

/// A list.
#[derive(Debug)]
pub(super) struct LuaList(pub(super) Shared<List>);

type Ref = UserDataRef<LuaList>;

impl LuaList {
    fn of(items: List) -> Self {
        Self(Shared::new(items))
    }

    fn items(&self) -> List {
        self.0.lock().clone()
    }

    fn get(&self, index: i64) -> Value {
        let items = self.0.lock();
        let place = usize::try_from(index.wrapping_sub(1)).ok();
        place.and_then(|place| items.get(place)).cloned().unwrap_or(Value::Nil)
    }

    /// Sets an element; the list grows to have it.
    fn set(&self, index: i64, value: Value) {
        let mut items = self.0.lock();
        let Ok(place) = usize::try_from(index.wrapping_sub(1)) else {
            return;
        };
        if place >= MAX_CAPACITY.max(items.len() + 1) {
            return;
        }
        while items.len() <= place {
            items.push(Value::Nil);
        }
        if let Some(item) = items.get_mut(place) {
            *item = value;
        }
    }
}

impl UserData for LuaList {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(MetaMethod::Index, |_, this, key: mlua::Value| {
            Ok(key.as_integer().map_or(Value::Nil, |index| this.get(index)))
        });
        methods.add_meta_method(MetaMethod::NewIndex, |_, this, (index, value): (i64, Value)| {
            this.set(index, value);
            Ok(())
        });
        methods.add_meta_method(MetaMethod::Len, |_, this, ()| Ok(this.0.lock().len()));
        methods.add_meta_method(MetaMethod::ToString, |lua, this, ()| {
            lua.create_string(super::text::of(&Value::List(this.0.clone())))
        });
    }
}

/// The library `list`.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let construct = lua.create_function(|_, (_, items): (Table, Option<Table>)| {
        let mut list = List::new();
        for item in items.iter().flat_map(Table::sequence_values) {
            list.push(item?);
        }
        Ok(LuaList::of(list))
    })?;
    let list = library(lua, "list", construct)?;
    change(lua, &list)?;
    derive(lua, &list)?;
    list.set("size", lua.create_function(|_, list: Ref| Ok(list.0.lock().len()))?)?;
    list.set("iterator", lua.create_function(iterator)?)?;
    list.set(
        "is_list",
        lua.create_function(|_, value: mlua::Value| {
            Ok(value.as_userdata().is_some_and(mlua::AnyUserData::is::<LuaList>))
        })?,
    )
}

/// What changes a list.
fn change(lua: &Lua, list: &Table) -> mlua::Result<()> {
    list.set(
        "append",
        lua.create_function(|_, (list, value): (Ref, Value)| {
            list.0.lock().push(value);
            Ok(())
        })?,
    )?;
    list.set(
        "prepend",
        lua.create_function(|_, (list, value): (Ref, Value)| {
            list.0.lock().insert(0, value);
            Ok(())
        })?,
    )?;
    list.set(
        "insert",
        lua.create_function(|_, (list, index, value): (Ref, i64, Value)| {
            let mut items = list.0.lock();
            if let Some(place) = place(index).filter(|place| *place <= items.len()) {
                items.insert(place, value);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "remove",
        lua.create_function(|_, (list, index): (Ref, i64)| {
            let mut items = list.0.lock();
            if let Some(place) = place(index).filter(|place| *place < items.len()) {
                items.remove(place);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "trim",
        lua.create_function(|_, (list, index): (Ref, i64)| {
            if let Some(place) = place(index) {
                list.0.lock().truncate(place);
            }
            Ok(())
        })?,
    )?;
    list.set(
        "concat",
        lua.create_function(|_, (list, other): (Ref, Ref)| {
            let mut more = other.items();
            list.0.lock().append(&mut more);
            Ok(())
        })?,
    )
}

/// What makes lists from others.
fn derive(lua: &Lua, list: &Table) -> mlua::Result<()> {
    list.set(
        "create",
        lua.create_function(|_, capacity: Option<i64>| {
            let capacity = capacity.and_then(|capacity| usize::try_from(capacity).ok());
            Ok(LuaList::of(List::with_capacity(
                capacity.unwrap_or_default().min(MAX_CAPACITY),
            )))
        })?,
    )?;
    list.set(
        "merge",
        lua.create_function(|_, (a, b): (Ref, Ref)| Ok(LuaList::of([a.items(), b.items()].concat())))?,
    )?;
    list.set(
        "clone",
        lua.create_function(|_, list: Ref| Ok(LuaList::of(list.items())))?,
    )?;
    list.set(
        "take",
        lua.create_function(|_, (list, count): (Ref, i64)| {
            let count = usize::try_from(count).unwrap_or_default();
            Ok(LuaList::of(list.items().into_iter().take(count).collect()))
        })?,
    )?;
    list.set(
        "drop",
        lua.create_function(|_, (list, count): (Ref, i64)| {
            let count = usize::try_from(count).unwrap_or_default();
            Ok(LuaList::of(list.items().into_iter().skip(count).collect()))
        })?,
    )
}

/// Where an element is whose number begins with 1.
fn place(index: i64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

/// A function that returns one element after the other.
fn iterator(lua: &Lua, list: Ref) -> mlua::Result<Function> {
    let shared = list.0.clone();
    let next = std::sync::atomic::AtomicUsize::new(0);
    lua.create_function(move |_, ()| {
        let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(shared.lock().get(place).cloned().unwrap_or(Value::Nil))
    })
}
