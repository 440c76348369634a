//! Streams: the argument of aggregation UDFs.
//!
//! The UDF calls methods of the stream object to add operations: `filter`, `map`, `aggregate`, `reduce`,
//! `groupby`. The server performs the operations up to and including the first `reduce`, for a part of the
//! records at a time. The client performs the rest, for the results of all parts.

use parking_lot::Mutex;

use mlua::{Function, IntoLua, Lua, MultiValue};

use super::convert::of_lua;
use super::types::{LuaList, LuaRecord};
use crate::compute::udf::record::OpenRecord;
use crate::compute::udf::value::{List, Shared, Value};

const STREAM: &str = r#"
local list_clone, map_clone, list_append = list.clone, map.clone, list.append
local type, pairs, pcall, setmetatable, getmetatable = type, pairs, pcall, setmetatable, getmetatable
local is_list, is_map = ...

local function copy(value)
  if is_list(value) then return list_clone(value) end
  if is_map(value) then return map_clone(value) end
  if type(value) ~= "table" then return value end
  local copied = {}
  for key, item in pairs(value) do copied[key] = item end
  return copied
end

local steps = {}

function steps.filter(next, keep)
  return function()
    for value in next do
      if keep(value) then return value end
    end
  end
end

function steps.map(next, change)
  return function()
    local value = next()
    if value ~= nil then return change(value) end
  end
end

local function once(make)
  local over = false
  return function()
    if over then return nil end
    over = true
    return make()
  end
end

function steps.aggregate(next, start, add)
  return once(function()
    local result = copy(start)
    for value in next do result = add(result, value) end
    return result
  end)
end

function steps.reduce(next, combine)
  return once(function()
    local result = next()
    if result == nil then return nil end
    for value in next do result = combine(result, value) end
    return result
  end)
end

local Stream = {}
Stream.__index = Stream

for name in pairs(steps) do
  Stream[name] = function(self, ...)
    self[#self + 1] = { name, ... }
    return self
  end
end

function Stream:groupby(key)
  local function add(groups, value)
    local name = key and key(value)
    local group = groups[name] or list()
    list_append(group, value)
    groups[name] = group
    return groups
  end
  local function join(a, b)
    return map.merge(a, b, list.merge)
  end
  return self:aggregate(map(), add):reduce(join)
end

return function(f, next, ...)
  local stream = f(setmetatable({}, Stream), ...)
  if getmetatable(stream) ~= Stream then error("attempt to index a " .. type(stream) .. " value", 0) end
  for i = 1, #stream do
    local step = stream[i]
    next = steps[step[1]](next, table.unpack(step, 2))
    if step[1] == "reduce" then break end
  end
  local results = list()
  for value in next do
    local kind = type(value)
    if kind ~= "table" and kind ~= "function" then
      -- A record becomes nil.
      results[list.size(results) + 1] = nil
      results[list.size(results)] = value
    end
  end
  return results
end
"#;

/// Registry name of the function that runs a stream.
const RUN: &str = "aerospike-local.stream";

/// Registers the function that runs streams.
pub(super) fn register(lua: &Lua) -> mlua::Result<()> {
    let is_list = lua.create_function(|_, value: mlua::Value| Ok(matches!(of_lua(&value), Some(Value::List(_)))))?;
    let is_map = lua.create_function(|_, value: mlua::Value| Ok(matches!(of_lua(&value), Some(Value::Map(_)))))?;
    let run: Function = lua.load(STREAM).set_name("=stream").call((is_list, is_map))?;
    lua.set_named_registry_value(RUN, run)
}

pub(super) fn run(lua: &Lua) -> mlua::Result<Function> {
    lua.named_registry_value(RUN)
}

/// The arguments of the function that runs a stream.
pub(super) fn arguments(
    lua: &Lua,
    function: Function,
    records: Vec<OpenRecord>,
    arguments: &[Value],
) -> mlua::Result<MultiValue> {
    let left = Mutex::new(records.into_iter());
    let next = lua.create_function(move |_, ()| {
        let record = left.lock().next();
        Ok(record.map(|record| LuaRecord(Shared::new(record.read_only()))))
    })?;
    let mut all: MultiValue = [mlua::Value::Function(function), mlua::Value::Function(next)]
        .into_iter()
        .collect();
    for argument in arguments {
        all.push_back(argument.clone().into_lua(lua)?);
    }
    Ok(all)
}

pub(super) fn results(results: &mlua::Value) -> List {
    let list = results
        .as_userdata()
        .and_then(|results| results.borrow::<LuaList>().ok());
    list.map_or_else(List::new, |list| list.0.lock().clone())
}
