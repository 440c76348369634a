-- The globals of modules besides Lua's own: list, map, streams and logging, as on the server. Bytes are opaque.
local over, log = ...
local type, next, pairs, ipairs, error = type, next, pairs, ipairs, error
local rawget, rawset, setmetatable, getmetatable = rawget, rawset, setmetatable, getmetatable
local tostring, mathtype, format = tostring, math.type, string.format
local pack, unpack, sort, concat = table.pack, table.unpack, table.sort, table.concat

-- Check for the end after each protected call, so that a module that catches errors can still be stopped.
local function settle(...)
  over()
  return ...
end
local pcall, xpcall = pcall, xpcall
function _G.pcall(...) return settle(pcall(...)) end
function _G.xpcall(...) return settle(xpcall(...)) end

-- Accept only source text: Lua does not verify precompiled code.
local load = load
function _G.load(chunk, name, _, ...)
  if select("#", ...) > 0 then return load(chunk, name, "t", (...)) end
  return load(chunk, name, "t")
end
os = { clock = os.clock, date = os.date, difftime = os.difftime, time = os.time }
dofile, loadfile, string.dump, print = nil, nil, nil, function() end

-- Private keys under which lists and maps store their content.
local ITEMS, SIZE = {}, {}
local List, Map = {}, {}

local function describe(value)
  local meta = getmetatable(value)
  return meta == List and "list" or meta == Map and "map" or type(value)
end
local function need(value, meta, what)
  if type(value) ~= "table" or getmetatable(value) ~= meta then
    error(format("a %s is needed, not a %s", what, describe(value)), 3)
  end
  return rawget(value, ITEMS)
end

local function make_list(items, size)
  return setmetatable({ [ITEMS] = items, [SIZE] = size }, List)
end
local function size_of(l) return rawget(l, SIZE) end
local function text(value)
  if type(value) == "string" then return format("%q", value) end
  return tostring(value)
end

function List.__index(l, at)
  if mathtype(at) == "integer" then return rawget(l, ITEMS)[at] end
end
function List.__newindex(l, at, value)
  if mathtype(at) ~= "integer" or at < 1 then return end
  rawget(l, ITEMS)[at] = value
  if at > size_of(l) then rawset(l, SIZE, at) end
end
List.__len = size_of
function List.__tostring(l)
  local parts, items = {}, rawget(l, ITEMS)
  for at = 1, size_of(l) do parts[at] = text(items[at]) end
  return "[" .. concat(parts, ", ") .. "]"
end

list = setmetatable({}, {
  __call = function(_, items)
    local copy, size = {}, 0
    if type(items) == "table" then
      for _, value in ipairs(items) do
        size = size + 1
        copy[size] = value
      end
    end
    return make_list(copy, size)
  end,
})
function list.create(capacity) return capacity and capacity > 0 and list() or nil end
list.new = list.create
function list.is_list(value) return type(value) == "table" and getmetatable(value) == List end
function list.size(l) need(l, List, "list") return size_of(l) end
function list.append(l, value)
  local items = need(l, List, "list")
  local size = size_of(l) + 1
  items[size] = value
  rawset(l, SIZE, size)
end
function list.insert(l, at, value)
  local items = need(l, List, "list")
  local size = size_of(l)
  if mathtype(at) ~= "integer" or at < 1 then return end
  for place = size, at, -1 do items[place + 1] = items[place] end
  items[at] = value
  rawset(l, SIZE, at > size and at or size + 1)
end
function list.prepend(l, value) list.insert(l, 1, value) end
function list.remove(l, at)
  local items = need(l, List, "list")
  local size = size_of(l)
  if mathtype(at) ~= "integer" or at < 1 or at > size then return end
  for place = at, size do items[place] = items[place + 1] end
  rawset(l, SIZE, size - 1)
end
function list.trim(l, at)
  local items = need(l, List, "list")
  for place = at, size_of(l) do items[place] = nil end
  if at - 1 < size_of(l) then rawset(l, SIZE, at > 1 and at - 1 or 0) end
end
local function part(l, from, to)
  local items, copy, size = rawget(l, ITEMS), {}, 0
  for place = from, to do
    size = size + 1
    copy[size] = items[place]
  end
  return make_list(copy, size)
end
function list.clone(l) need(l, List, "list") return part(l, 1, size_of(l)) end
function list.take(l, count) need(l, List, "list") return part(l, 1, count < size_of(l) and count or size_of(l)) end
function list.drop(l, count) need(l, List, "list") return part(l, (count > 0 and count or 0) + 1, size_of(l)) end
function list.concat(l, other)
  need(l, List, "list")
  local items = need(other, List, "list")
  for place = 1, size_of(other) do list.append(l, items[place]) end
end
function list.merge(a, b)
  need(a, List, "list")
  need(b, List, "list")
  local merged = list.clone(a)
  list.concat(merged, b)
  return merged
end
function list.iterator(l)
  local items, at, size = need(l, List, "list"), 0, size_of(l)
  return function()
    at = at + 1
    if at <= size then return items[at] end
  end
end
list.tostring = tostring

local function make_map(items) return setmetatable({ [ITEMS] = items }, Map) end
local function is_key(key) return mathtype(key) == "integer" or type(key) == "string" end
local function before(a, b)
  if type(a) == type(b) then return a < b end
  return type(a) == "number"
end
-- The keys of a map, in the server's order.
local function sorted(m)
  local keys = {}
  for key in next, rawget(m, ITEMS) do keys[#keys + 1] = key end
  sort(keys, before)
  return keys
end

function Map.__index(m, key)
  if is_key(key) then return rawget(m, ITEMS)[key] end
end
function Map.__newindex(m, key, value)
  if is_key(key) then rawget(m, ITEMS)[key] = value end
end
function Map.__len(m)
  local count = 0
  for _ in next, rawget(m, ITEMS) do count = count + 1 end
  return count
end
function Map.__tostring(m)
  local parts, items = {}, rawget(m, ITEMS)
  for at, key in ipairs(sorted(m)) do parts[at] = text(key) .. ":" .. text(items[key]) end
  return "{" .. concat(parts, ", ") .. "}"
end

map = setmetatable({}, {
  __call = function(_, pairs_of)
    local items = {}
    if type(pairs_of) == "table" then
      for key, value in next, pairs_of do
        if is_key(key) then items[key] = value end
      end
    end
    return make_map(items)
  end,
})
function map.create(capacity) return capacity and capacity > 0 and map() or nil end
map.new = map.create
function map.is_map(value) return type(value) == "table" and getmetatable(value) == Map end
function map.size(m) need(m, Map, "map") return #m end
function map.remove(m, key)
  local items = need(m, Map, "map")
  if is_key(key) then items[key] = nil end
end
function map.clone(m)
  local copy = {}
  for key, value in next, need(m, Map, "map") do copy[key] = value end
  return make_map(copy)
end
local function walk(m, give)
  local items, keys, at = need(m, Map, "map"), sorted(m), 0
  return function()
    at = at + 1
    local key = keys[at]
    if key ~= nil then return give(key, items[key]) end
  end
end
function map.pairs(m) return walk(m, function(key, value) return key, value end) end
map.iterator = map.pairs
function map.keys(m) return walk(m, function(key) return key end) end
function map.values(m) return walk(m, function(_, value) return value end) end
function map.merge(a, b, merge)
  local merged = map.clone(a)
  for key, value in map.pairs(b) do
    local old = merged[key]
    merged[key] = old ~= nil and merge and merge(old, value) or value
  end
  return merged
end
function map.diff(a, b)
  local diff = map.clone(a)
  for key, value in map.pairs(b) do
    if diff[key] ~= nil then diff[key] = nil else diff[key] = value end
  end
  return diff
end
map.tostring = tostring

aerospike = {}
function aerospike:log(level, message) log(level, message) end
function trace(...) log(4, format(...)) end
function debug(...) log(3, format(...)) end
function info(...) log(2, format(...)) end
function warn(...) log(1, format(...)) end
function math.sum(a, b) return a + b end
function math.product(a, b) return a * b end

local function copied(value)
  if list.is_list(value) then return list.clone(value) end
  if map.is_map(value) then return map.clone(value) end
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, item in pairs(value) do copy[key] = item end
  return copy
end

local function once(make)
  local done = false
  return function()
    if done then return nil end
    done = true
    return make()
  end
end

local steps = {}
function steps.filter(read, keep)
  return function()
    for value in read do
      if keep(value) then return value end
    end
  end
end
function steps.map(read, change)
  return function()
    local value = read()
    if value ~= nil then return change(value) end
  end
end
function steps.aggregate(read, start, add)
  return once(function()
    local result = copied(start)
    for value in read do result = add(result, value) end
    return result
  end)
end
function steps.reduce(read, combine)
  return once(function()
    local result = read()
    if result == nil then return nil end
    for value in read do result = combine(result, value) end
    return result
  end)
end

local Stream = {}
Stream.__index = Stream
for name in pairs(steps) do
  Stream[name] = function(self, ...)
    rawset(self, #self + 1, pack(name, ...))
    return self
  end
end
function Stream:groupby(key)
  local function add(groups, value)
    local name = key and key(value)
    local group = groups[name] or list()
    list.append(group, value)
    groups[name] = group
    return groups
  end
  return self:aggregate(map(), add):reduce(function(a, b) return map.merge(a, b, list.merge) end)
end

local library = {}
library.list, library.map = make_list, make_map

-- Returns the content of a list, or the keys and values of a map.
function library.open(value)
  local meta = getmetatable(value)
  if meta == List then return "list", rawget(value, ITEMS), size_of(value) end
  if meta == Map then return "map", sorted(value), rawget(value, ITEMS) end
  return "table"
end

-- Calls a function with an empty stream, to record its steps.
function library.plan(f, ...)
  local stream = f(setmetatable({}, Stream), ...)
  if type(stream) ~= "table" or getmetatable(stream) ~= Stream then
    error(format("the function gives a %s, not the stream that it was given", describe(stream)), 0)
  end
  return stream
end

-- Runs the recorded steps from the first reduce on. The servers have already run the earlier ones.
function library.run(stream, read, write)
  local reducing = false
  for at = 1, #stream do
    local step = stream[at]
    reducing = reducing or step[1] == "reduce"
    if reducing then read = steps[step[1]](read, unpack(step, 2, step.n)) end
  end
  for value in read do write(value) end
end

return library
