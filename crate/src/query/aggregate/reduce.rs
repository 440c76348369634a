//! The client's part of an aggregation: runs the module's reduce in Lua.
//!
//! The core's own implementation (its feature `lua`) is not used. It runs Lua on the threads that do all I/O, so an
//! endless function would block a part of the process's connections, and it cannot be interrupted. It identifies
//! modules by name for the whole process, and lets them open files and start programs. Here, a module comes from a
//! server, has no access to files and programs, has limited memory, and ends when the stream is closed.

use std::sync::Arc;

use aerospike_core::Value;
use mlua::{Function, HookTriggers, Lua, LuaOptions, MultiValue, StdLib, Table, VmState};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::common::errors::{Failure, Kind, code};
use crate::convert::function_call::FunctionCall;
use crate::convert::value;
use crate::query::aggregate::values::Library;
use crate::stream::buffer::{ChunkRows, Stream};

/// Memory limit of a module.
const MAX_MEMORY: usize = 256 << 20;

/// Number of instructions between two checks whether the stream is closed. One instruction that joins long strings can
/// take milliseconds.
const INSTRUCTIONS: u32 = 1000;

const LIBRARY: &str = include_str!("library.lua");

/// The Lua libraries that modules may require by name.
const LIBRARIES: [&str; 6] = ["string", "table", "math", "utf8", "coroutine", "os"];

/// A message of the servers' part.
pub enum Input {
    /// A partial result of a node.
    Partial(Value),
    /// The end of the partial results. If the channel ends without it, results are missing.
    End,
}

/// The function to run.
pub struct ReduceCall {
    /// The function, with its arguments after the stream.
    pub call: FunctionCall,
    /// Source of the module.
    pub source: Vec<u8>,
}

/// Returns the source of a module that another one requires.
pub type Find = Box<dyn Fn(&str) -> Result<Vec<u8>, Failure> + Send>;

/// Runs the reduce, on a thread that may block: loads the module, signals `ready`, reads the servers' partial results,
/// and writes results to `stream`.
///
/// # Errors
/// Lua failed.
pub fn run(
    reduce: &ReduceCall,
    find: Find,
    ready: oneshot::Sender<()>,
    input: mpsc::Receiver<Input>,
    stream: &Arc<Stream>,
) -> Result<(), Failure> {
    run_lua(reduce, find, ready, input, stream).map_err(|error| {
        let mut failure = Failure::new(Kind::Server, code::UDF, describe(&error));
        if let mlua::Error::MemoryError(_) = error {
            failure = failure.with_context(&format!(
                "{}: it needs more than {} MiB",
                reduce.call.module,
                MAX_MEMORY >> 20
            ));
        }
        failure
    })
}

fn run_lua(
    reduce: &ReduceCall,
    find: Find,
    ready: oneshot::Sender<()>,
    mut input: mpsc::Receiver<Input>,
    stream: &Arc<Stream>,
) -> mlua::Result<()> {
    let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::OS | StdLib::COROUTINE;
    let lua = Lua::new_with(libraries, LuaOptions::default())?;
    lua.set_memory_limit(MAX_MEMORY)?;
    let watched = Arc::clone(stream);
    let check = move || {
        if watched.closed() {
            return Err(mlua::Error::runtime("nobody wants the results any more"));
        }
        Ok(())
    };
    let over = check.clone();
    lua.set_global_hook(HookTriggers::new().every_nth_instruction(INSTRUCTIONS), move |_, _| {
        over().map(|()| VmState::Continue)
    })?;
    interruptible_lua::install(&lua, check.clone())?;
    let over = lua.create_function(move |_, ()| check())?;
    // Logging is left to the servers.
    let log = lua.create_function(|_, _: MultiValue| Ok(()))?;
    let functions: Table = lua.load(LIBRARY).set_name("=aerospike").call((over, log))?;
    let library = Arc::new(Library {
        make_list: functions.get("list")?,
        make_map: functions.get("map")?,
        open: functions.get("open")?,
    });
    provide_modules(&lua, find)?;
    load(&lua, &reduce.call.module, &reduce.source)?.call::<()>(())?;
    let Ok(function) = lua.globals().raw_get::<Function>(reduce.call.function.as_str()) else {
        let (module, function) = (&reduce.call.module, &reduce.call.function);
        return Err(mlua::Error::runtime(format!(
            "the module {module} has no function {function}"
        )));
    };
    let mut arguments: MultiValue = [mlua::Value::Function(function)].into_iter().collect();
    for arg in &reduce.call.args {
        arguments.push_back(library.give(&lua, arg.clone())?);
    }
    let plan: mlua::Value = functions.get::<Function>("plan")?.call(arguments)?;
    if ready.send(()).is_err() {
        return Ok(());
    }

    let given = Arc::clone(&library);
    let mut ended = false;
    let read = lua.create_function_mut(move |lua, ()| {
        while !ended {
            match input.blocking_recv() {
                Some(Input::Partial(Value::Nil)) => {}
                Some(Input::Partial(value)) => return given.give(lua, value),
                Some(Input::End) => ended = true,
                None => return Err(mlua::Error::runtime("the servers' part did not come to its end")),
            }
        }
        Ok(mlua::Value::Nil)
    })?;
    let (results, runtime) = (Arc::clone(stream), Handle::current());
    let write = lua.create_function(move |_, result: mlua::Value| {
        let mut encoded = Vec::new();
        value::write(&mut encoded, &library.take(&result)?);
        let pushed = results.push(|rows| {
            if let ChunkRows::Encoded(out) = rows {
                out.extend_from_slice(&encoded);
            }
            encoded.len()
        });
        if runtime.block_on(pushed.room()) {
            return Ok(());
        }
        Err(mlua::Error::runtime("nobody wants the results any more"))
    })?;
    functions.get::<Function>("run")?.call((plan, read, write))
}

fn load(lua: &Lua, module: &str, source: &[u8]) -> mlua::Result<Function> {
    lua.load(source)
        .set_name(format!("@{module}.lua"))
        .set_mode(mlua::ChunkMode::Text)
        .into_function()
}

/// Defines `require` for the allowed libraries and the modules that are registered on the servers.
fn provide_modules(lua: &Lua, find: Find) -> mlua::Result<()> {
    let loaded = lua.create_table()?;
    for name in LIBRARIES {
        loaded.set(name, lua.globals().get::<mlua::Value>(name)?)?;
    }
    let require = lua.create_function(move |lua, name: String| {
        let known: mlua::Value = loaded.get(name.as_str())?;
        if !known.is_nil() {
            return Ok(known);
        }
        let source = find(&name).map_err(|failure| mlua::Error::runtime(failure.message))?;
        let result = match load(lua, &name, &source)?.call(name.as_str())? {
            mlua::Value::Nil => mlua::Value::Boolean(true),
            result => result,
        };
        loaded.set(name, &result)?;
        Ok(result)
    })?;
    lua.globals().set("require", require)
}

/// The message of an error without the Lua traceback.
fn describe(error: &mlua::Error) -> String {
    match error {
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => describe(cause),
        mlua::Error::SyntaxError { message, .. } | mlua::Error::RuntimeError(message) => message
            .split("\nstack traceback:")
            .next()
            .unwrap_or_default()
            .to_owned(),
        error => error.to_string(),
    }
}
