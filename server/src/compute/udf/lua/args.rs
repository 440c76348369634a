//! Arguments of library functions. Error messages for invalid arguments are those of Lua's own libraries.

use mlua::{Function, IntoLuaMulti, Lua, MultiValue};

use super::convert::of_lua;
use super::memory;
use super::types::{Named, name_of};
use crate::compute::udf::value::Value;

/// The arguments of a call.
pub(super) struct Args<'a> {
    lua: &'a Lua,
    values: Vec<mlua::Value>,
}

/// Creates a Lua function from a closure that takes [`Args`].
pub(super) fn function<R: IntoLuaMulti + 'static>(
    lua: &Lua,
    run: impl Fn(&Args<'_>) -> mlua::Result<R> + Send + 'static,
) -> mlua::Result<Function> {
    lua.create_function(move |lua, values: MultiValue| {
        let result = run(&Args::new(lua, values))?;
        memory::check(lua)?;
        Ok(result)
    })
}

impl<'a> Args<'a> {
    pub(super) fn new(lua: &'a Lua, values: MultiValue) -> Self {
        Self {
            lua,
            values: values.into_vec(),
        }
    }

    /// The arguments of a metamethod, without the value that it belongs to. Positions start at 2, as if that
    /// value were the first argument.
    pub(super) fn after_receiver(lua: &'a Lua, values: &[mlua::Value]) -> Self {
        let mut all = vec![mlua::Value::Nil];
        all.extend_from_slice(values);
        Self { lua, values: all }
    }

    pub(super) fn lua(&self) -> &'a Lua {
        self.lua
    }

    /// The argument at a position, starting at 1; nil if it is missing.
    pub(super) fn raw(&self, n: usize) -> &mlua::Value {
        self.values.get(n - 1).unwrap_or(&mlua::Value::Nil)
    }

    /// The argument at a position as a database value. `None` if it is missing or has no equivalent in the
    /// database.
    pub(super) fn value(&self, n: usize) -> Option<Value> {
        self.values.get(n - 1).and_then(of_lua)
    }

    /// The argument at a position as userdata of type `T`. The returned value shares its contents, so the same
    /// object can be passed as two arguments.
    pub(super) fn data<T: Named + Clone>(&self, n: usize) -> mlua::Result<T> {
        let mlua::Value::UserData(data) = self.raw(n) else {
            return Err(self.expected(n, "userdata"));
        };
        match data.borrow::<T>() {
            Ok(data) => Ok(data.clone()),
            Err(_) => Err(self.expected(n, T::NAME)),
        }
    }

    /// The argument at a position as an integer; 0 if it is missing.
    pub(super) fn int(&self, n: usize) -> mlua::Result<i64> {
        let value = self.raw(n);
        if value.is_nil() {
            return Ok(0);
        }
        match self.lua.coerce_integer(value.clone()) {
            Ok(Some(value)) => Ok(value),
            _ => match self.lua.coerce_number(value.clone()) {
                Ok(Some(_)) => Err(self.bad(n, "number has no integer representation")),
                _ => Err(self.expected(n, "number")),
            },
        }
    }

    /// The argument at a position as a string. Numbers are converted.
    pub(super) fn text(&self, n: usize) -> mlua::Result<Vec<u8>> {
        match self.lua.coerce_string(self.raw(n).clone()) {
            Ok(Some(text)) => Ok(text.as_bytes().to_vec()),
            _ => Err(self.expected(n, "string")),
        }
    }

    fn expected(&self, n: usize, what: &str) -> mlua::Error {
        let got = match self.values.get(n - 1) {
            None => "no value",
            Some(mlua::Value::UserData(data)) => name_of(data),
            Some(mlua::Value::Integer(_)) => "number",
            Some(value) => value.type_name(),
        };
        self.bad(n, &format!("{what} expected, got {got}"))
    }

    fn bad(&self, n: usize, why: &str) -> mlua::Error {
        let name = self
            .lua
            .inspect_stack(0, |debug| debug.names().name.map(std::borrow::Cow::into_owned));
        let name = name.flatten().unwrap_or_else(|| "?".to_owned());
        self.failure(&format!("bad argument #{n} to '{name}' ({why})"))
    }

    /// An error that includes the current source line.
    pub(super) fn failure(&self, message: &str) -> mlua::Error {
        let place = self.lua.inspect_stack(1, |debug| {
            let source = debug.source().short_src.map(std::borrow::Cow::into_owned);
            Some((source?, debug.current_line()?))
        });
        mlua::Error::runtime(match place.flatten() {
            Some((source, line)) => format!("{source}:{line}: {message}"),
            None => message.to_owned(),
        })
    }
}
