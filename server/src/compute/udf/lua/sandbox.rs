//! The sandbox: the parts of Lua's standard library that UDFs may use, and the conversion of errors to messages.

use mlua::{Function, Lua, MultiValue, Table};

use super::limit::TooLong;
use super::load;
use crate::compute::udf::Source;

/// The functions of `os` that do not access the system.
const OS: [&str; 4] = ["clock", "date", "difftime", "time"];

/// Global functions that read files.
const FILES: [&str; 2] = ["dofile", "loadfile"];

/// Replacements for `pcall` and `xpcall`: they return error messages instead of this server's error objects, and
/// they cannot keep a function running after its time limit.
const PROTECT: &str = r"
local pcall, xpcall, message = pcall, xpcall, ...
local function settle(ok, thrown, ...)
  if ok then return ok, thrown, ... end
  return ok, message(thrown)
end
return
  function(f, ...) return settle(pcall(f, ...)) end,
  function(f, handler, ...)
    return settle(xpcall(f, function(thrown) return handler(message(thrown)) end, ...))
  end
";

/// Log functions, one per level, and the function that a real server adds to `math`.
const FUNCTIONS: &str = r"
local format = string.format
function trace(...) return aerospike:log(4, format(...)) end
function debug(...) return aerospike:log(3, format(...)) end
function info(...) return aerospike:log(2, format(...)) end
function warn(...) return aerospike:log(1, format(...)) end
function print() end
function math.sum(a, b) return a + b end
function math.product(a, b) return a * b end
";

/// The standard libraries that modules can `require`.
const LIBRARIES: [&str; 6] = ["string", "table", "math", "utf8", "coroutine", "os"];

/// Removes functions that reach outside of the interpreter.
pub(super) fn restrict(lua: &Lua) -> mlua::Result<()> {
    let globals = lua.globals();
    for name in FILES {
        globals.set(name, mlua::Value::Nil)?;
    }
    let os: Table = globals.get("os")?;
    let kept = lua.create_table()?;
    for name in OS {
        kept.set(name, os.get::<mlua::Value>(name)?)?;
    }
    globals.set("os", kept)?;
    // Precompiled code is not allowed, because Lua does not verify it.
    let compile: Function = globals.get("load")?;
    globals.set(
        "load",
        lua.create_function(
            move |_, (chunk, name, _, environment): (mlua::Value, mlua::Value, mlua::Value, Option<mlua::Value>)| {
                let mut arguments: MultiValue = [chunk, name].into_iter().collect();
                arguments.push_back(mlua::Value::Nil);
                if let Some(environment) = environment {
                    arguments.push_back(environment);
                }
                compile.call::<MultiValue>(arguments)
            },
        )?,
    )?;
    let message = lua.create_function(|lua, thrown: mlua::Value| match thrown {
        mlua::Value::Error(error) if error.downcast_ref::<TooLong>().is_some() => Err(*error),
        mlua::Value::Error(error) => lua.create_string(describe(&error)).map(mlua::Value::String),
        thrown => Ok(thrown),
    })?;
    let (pcall, xpcall): (Function, Function) = lua.load(PROTECT).set_name("=protect").call(message)?;
    globals.set("pcall", pcall)?;
    globals.set("xpcall", xpcall)
}

/// Adds global functions that are written in Lua.
pub(super) fn add_functions(lua: &Lua) -> mlua::Result<()> {
    lua.load(FUNCTIONS).set_name("=aerospike").exec()
}

/// Provides `require`, which finds registered modules.
pub(super) fn provide_modules<F>(lua: &Lua, find: F) -> mlua::Result<()>
where
    F: Fn(&str) -> Option<Source> + Send + 'static,
{
    let loaded = lua.create_table()?;
    for name in LIBRARIES {
        loaded.set(name, lua.globals().get::<mlua::Value>(name)?)?;
    }
    let require = lua.create_function(move |lua, name: String| {
        let known: mlua::Value = loaded.get(name.as_str())?;
        if !known.is_nil() {
            return Ok(known);
        }
        let source = find(&name)
            .ok_or_else(|| mlua::Error::runtime(format!("module '{name}' not found:\n\tit is not registered")))?;
        let result = match load(lua, &source)?.call(name.as_str())? {
            mlua::Value::Nil => mlua::Value::Boolean(true),
            result => result,
        };
        loaded.set(name, &result)?;
        Ok(result)
    })?;
    lua.globals().set("require", require)
}

/// The message of an error, without the server's stack trace.
pub(super) fn describe(error: &mlua::Error) -> String {
    match error {
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => describe(cause),
        mlua::Error::BadArgument { to, pos, cause, .. } => {
            let to = to.as_deref().unwrap_or("?");
            format!("bad argument #{pos} to '{to}' ({})", describe(cause))
        }
        mlua::Error::SyntaxError { message, .. } | mlua::Error::RuntimeError(message) => message
            .split("\nstack traceback:")
            .next()
            .unwrap_or_default()
            .to_owned(),
        error => error.to_string(),
    }
}

/// Splits an error message about a module into line number and text.
pub(super) fn place_of(message: &str, module: &Source) -> (u32, String) {
    let place = format!("{}:", module.file);
    let rest = message.find(&place).and_then(|at| message.get(at + place.len()..));
    let split = rest.and_then(|rest| rest.split_once(": "));
    match split.map(|(line, message)| (line.parse(), message)) {
        Some((Ok(line), message)) => (line, message.to_owned()),
        _ => (0, message.to_owned()),
    }
}
