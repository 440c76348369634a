//! The Lua interpreter: the environment of UDFs, and calls of them.

mod args;
mod bytes;
mod convert;
mod geojson;
mod iterator;
mod limit;
mod list;
mod map;
mod memory;
mod record;
mod sandbox;
mod stream;
mod text;
mod types;

use std::time::Duration;

use mlua::{Function, IntoLua, Lua, LuaOptions, MultiValue, StdLib, Table};

use super::record::OpenRecord;
use super::shared::Account;
use super::value::{Shared, Value};
use super::{Failure, Source};
use limit::Limit;
use types::LuaRecord;

/// Maximum size in bytes of the values in an idle interpreter. Values with reference cycles are never freed.
const MAX_KEPT: usize = 16 * 1024 * 1024;

/// An interpreter with a loaded module.
#[derive(Debug)]
pub struct Interpreter {
    lua: Lua,
    pcall: Function,
    limit: Limit,
    account: Account,
}

/// A syntax error in a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub line: u32,
    pub message: String,
}

impl Interpreter {
    /// Loads a module. `find` looks up modules that it requires.
    ///
    /// # Errors
    /// Returns an error if the module cannot be loaded.
    pub fn new<F>(module: &Source, find: F) -> Result<Self, Failure>
    where
        F: Fn(&str) -> Option<Source> + Send + 'static,
    {
        let made = Self::empty().and_then(|interpreter| {
            sandbox::provide_modules(&interpreter.lua, find)?;
            Ok(interpreter)
        });
        let interpreter = made.map_err(|error| Failure::new(&error.to_string()))?;
        let chunk = load(&interpreter.lua, module).map_err(|error| Failure::new(&sandbox::describe(&error)))?;
        interpreter.limit.start(limit::LOADING);
        interpreter.protected(chunk, MultiValue::new())?;
        Ok(interpreter)
    }

    fn empty() -> mlua::Result<Self> {
        let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::OS | StdLib::COROUTINE;
        let lua = Lua::new_with(libraries, LuaOptions::default())?;
        let account = Account::default();
        memory::limit(&lua, &account)?;
        let limit = Limit::install(&lua)?;
        sandbox::restrict(&lua)?;
        let pcall = lua.globals().get("pcall")?;
        geojson::register(&lua)?;
        bytes::register(&lua)?;
        iterator::register(&lua)?;
        list::register(&lua)?;
        map::register(&lua)?;
        record::register(&lua)?;
        sandbox::add_functions(&lua)?;
        stream::register(&lua)?;
        Ok(Self {
            lua,
            pcall,
            limit,
            account,
        })
    }

    /// Applies a function to a record.
    ///
    /// # Errors
    /// Returns an error if the function does not exist or fails.
    pub fn apply(
        &self,
        function: &str,
        record: &Shared<OpenRecord>,
        arguments: Vec<Value>,
        timeout: Duration,
    ) -> Result<Value, Failure> {
        let function = self.function(function)?;
        let arguments = self.arguments(record, arguments).map_err(|error| Failure::of(&error))?;
        self.limit.start(timeout);
        let result = self.protected(function, arguments)?;
        Ok(convert::of_lua(&result).unwrap_or(Value::Nil))
    }

    /// Applies a function to a stream of records and returns the results.
    ///
    /// # Errors
    /// Returns an error if the function does not exist or fails.
    pub fn apply_to_stream(
        &self,
        function: &str,
        records: Vec<OpenRecord>,
        arguments: &[Value],
        timeout: Duration,
    ) -> Result<Vec<Value>, Failure> {
        let function = self.function(function)?;
        let arguments = stream::arguments(&self.lua, function, records, arguments);
        let arguments = arguments.map_err(|error| Failure::of(&error))?;
        let run = stream::run(&self.lua).map_err(|error| Failure::of(&error))?;
        self.limit.start(timeout);
        let results = self.protected(run, arguments)?;
        Ok(stream::results(&results))
    }

    /// Whether a call exceeded its time limit or left too many values behind. Do not use the interpreter again
    /// in this case.
    #[must_use]
    pub fn is_unusable(&self) -> bool {
        self.limit.is_over() || self.account.used() > MAX_KEPT
    }

    fn function(&self, name: &str) -> Result<Function, Failure> {
        match self.lua.globals().raw_get(name) {
            Ok(mlua::Value::Function(function)) => Ok(function),
            _ => Err(Failure::new(NO_FUNCTION)),
        }
    }

    fn arguments(&self, record: &Shared<OpenRecord>, arguments: Vec<Value>) -> mlua::Result<MultiValue> {
        let record = self.lua.create_userdata(LuaRecord(record.clone()))?;
        let mut all = MultiValue::new();
        all.push_back(mlua::Value::UserData(record));
        for argument in arguments {
            all.push_back(argument.into_lua(&self.lua)?);
        }
        Ok(all)
    }

    /// Calls a function in protected mode, which preserves the thrown value.
    fn protected(&self, function: Function, mut arguments: MultiValue) -> Result<mlua::Value, Failure> {
        let _entered = self.account.enter();
        arguments.push_front(mlua::Value::Function(function));
        let (ok, result) = self
            .pcall
            .call::<(bool, mlua::Value)>(arguments)
            .map_err(|error| Failure::of(&error))?;
        if ok { Ok(result) } else { Err(Failure::thrown(&result)) }
    }
}

/// The default UDF directory of a real server, which appears in error messages.
const DIRECTORY: &str = "/opt/aerospike/usr/udf/lua/";

/// Error message for a function that the module does not have.
const NO_FUNCTION: &str = "function not found";

/// Error message for a module that does not exist.
pub const NO_MODULE: &str = "UDF: Execution Error 1";

impl Failure {
    fn of(error: &mlua::Error) -> Self {
        Self::new(&sandbox::describe(error))
    }

    fn thrown(value: &mlua::Value) -> Self {
        match value {
            mlua::Value::String(message) => Self {
                message: convert::up_to_zero(&message.as_bytes()).to_vec(),
            },
            mlua::Value::Error(error) => Self::of(error),
            _ => Self::new("result value type unexpected"),
        }
    }
}

/// Checks whether a module can be loaded. `find` looks up modules that it requires.
///
/// # Errors
/// Returns the first syntax error.
pub fn check<F>(module: &Source, find: F) -> Result<(), SyntaxError>
where
    F: Fn(&str) -> Option<Source> + Send + 'static,
{
    match Interpreter::new(module, find) {
        Ok(_) => Ok(()),
        Err(failure) => {
            let message = String::from_utf8_lossy(&failure.message);
            let (line, message) = sandbox::place_of(&message, module);
            Err(SyntaxError { line, message })
        }
    }
}

fn load(lua: &Lua, module: &Source) -> mlua::Result<Function> {
    lua.load(&*module.text)
        .set_name(format!("@{DIRECTORY}{}", module.file))
        .set_mode(mlua::ChunkMode::Text)
        .into_function()
}

/// Creates a global table that is also a constructor function.
fn library(lua: &Lua, name: &str, construct: Function) -> mlua::Result<Table> {
    let library = lua.create_table()?;
    let meta = lua.create_table()?;
    meta.set("__call", construct)?;
    library.set_metatable(Some(meta))?;
    lua.globals().set(name, &library)?;
    Ok(library)
}
