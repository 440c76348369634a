-- Interruptible versions of standard library functions that loop in C. Error messages are those of Lua.
local scan, find_plain, check, name_of = ...
local type, select, error, tostring, tonumber = type, select, error, tostring, tonumber
local pcall = pcall
local format, sub = string.format, string.sub
local pack, unpack, concat, sort = table.pack, table.unpack, table.concat, table.sort
local tointeger, maxinteger, mathtype = math.tointeger, math.maxinteger, math.type

local function bad(n, name, why, level)
  error(format("bad argument #%d to '%s' (%s)", n, name, why), level + 1)
end
local function expected(n, name, what, given, value, level)
  local got = n > given and "no value" or name_of(value)
  bad(n, name, format("%s expected, got %s", what, got), level + 1)
end
local function text(value, n, name, given)
  if type(value) == "string" then return value end
  if type(value) == "number" then return tostring(value) end
  expected(n, name, "string", given, value, 3)
end
local function integer(value, otherwise, n, name, given)
  if value == nil then return otherwise end
  if mathtype(value) == "integer" then return value end
  local number = (type(value) == "number" or type(value) == "string") and tonumber(value)
  if not number then expected(n, name, "number", given, value, 3) end
  local whole = tointeger(number)
  if whole == nil then bad(n, name, "number has no integer representation", 3) end
  return whole
end
-- Converts a position to an offset from the start. Negative positions count from the end.
local function place(at, size)
  if at > 0 then return at end
  if at == 0 or at < -size then return 1 end
  return size + at + 1
end

-- `scan` returns false and a message; or true and, for a match, its first and last position and its captures.
-- These functions are tail calls, so that level 2 is the caller of the library function.
local function settle(ok, ...)
  if ok then return ... end
  error((...), 2)
end
local function captured(ok, first, last, ...)
  if not ok then error(first, 2) end
  if first == nil then return nil end
  return ...
end

function string.find(...)
  local given, s, pattern, init, plain = select("#", ...), ...
  s, pattern = text(s, 1, "find", given), text(pattern, 2, "find", given)
  local from = place(integer(init, 1, 3, "find", given), #s)
  if from > #s + 1 then return nil end
  if plain then return settle(find_plain(s, pattern, from)) end
  return settle(scan(s, pattern, from, true, nil, false))
end
function string.match(...)
  local given, s, pattern, init = select("#", ...), ...
  s, pattern = text(s, 1, "match", given), text(pattern, 2, "match", given)
  local from = place(integer(init, 1, 3, "match", given), #s)
  if from > #s + 1 then return nil end
  return captured(scan(s, pattern, from, true, nil, true))
end
function string.gmatch(...)
  local given, s, pattern, init = select("#", ...), ...
  s, pattern = text(s, 1, "gmatch", given), text(pattern, 2, "gmatch", given)
  local from, last_end = place(integer(init, 1, 3, "gmatch", given), #s), nil
  local function go_on(ok, first, last, ...)
    if not ok then error(first, 2) end
    if first == nil then
      from = #s + 2
      return nil
    end
    from, last_end = last + 1, last
    return ...
  end
  return function()
    if from > #s + 1 then return nil end
    return go_on(scan(s, pattern, from, false, last_end, true))
  end
end

local REPLACEMENTS = { string = true, number = true, table = true, ["function"] = true }

-- The replacement of a match, for a replacement string.
local function filled(replacement, found)
  local parts, at = {}, 1
  while true do
    local _, mark = find_plain(replacement, "%", at)
    if mark == nil then break end
    parts[#parts + 1] = sub(replacement, at, mark - 1)
    local what = sub(replacement, mark + 1, mark + 1)
    if what == "%" then
      parts[#parts + 1] = "%"
    else
      local number = tonumber(what)
      if number == nil then error("invalid use of '%' in replacement string", 3) end
      -- The whole match follows ok, first and last; the captures come after it.
      local value = found[4 + number]
      if number > 0 and found.n == 4 then value = number == 1 and found[4] or nil end
      if value == false then error("unfinished capture", 3) end
      if value == nil then error(format("invalid capture index %%%d", number), 3) end
      parts[#parts + 1] = tostring(value)
    end
    at = mark + 2
  end
  parts[#parts + 1] = sub(replacement, at)
  return concat(parts)
end

function string.gsub(...)
  local given, s, pattern, replacement, most = select("#", ...), ...
  s, pattern = text(s, 1, "gsub", given), text(pattern, 2, "gsub", given)
  local kind = type(replacement)
  if not REPLACEMENTS[kind] then expected(3, "gsub", "string/function/table", given, replacement, 2) end
  if kind == "number" then replacement, kind = tostring(replacement), "string" end
  most = integer(most, #s + 1, 4, "gsub", given)
  local anchored = sub(pattern, 1, 1) == "^"
  local parts, count, at, last_end = {}, 0, 1, nil
  while count < most and at <= #s + 1 do
    -- The whole match comes first, even if there are captures.
    local found = pack(scan(s, pattern, at, true, last_end, "all"))
    if not found[1] then error(found[2], 2) end
    local first, last = found[2], found[3]
    if first == nil then break end
    count = count + 1
    for at = 5, kind == "table" and 5 or kind == "function" and found.n or 4 do
      if found[at] == false then error("unfinished capture", 2) end
    end
    local value
    if kind == "string" then
      value = filled(replacement, found)
    elseif kind == "table" then
      value = replacement[found[5] == nil and found[4] or found[5]]
    elseif found.n > 4 then
      value = replacement(unpack(found, 5, found.n))
    else
      value = replacement(found[4])
    end
    if not value then
      value = found[4]
    elseif type(value) ~= "string" and type(value) ~= "number" then
      error(format("invalid replacement value (a %s)", type(value)), 2)
    end
    parts[#parts + 1] = sub(s, at, first - 1)
    parts[#parts + 1] = value
    at, last_end = last + 1, last
    if anchored then break end
  end
  parts[#parts + 1] = sub(s, at)
  return concat(parts), count
end

-- The table functions are implemented in Lua, because a table can report any length.
local function checked(t, n, name, given)
  if type(t) ~= "table" and type(t) ~= "userdata" then expected(n, name, "table", given, t, 3) end
end
local function needed(value, n, name, given)
  if value == nil then expected(n, name, "number", given, value, 3) end
end
function table.insert(...)
  local given, t, at, value = select("#", ...), ...
  checked(t, 1, "insert", given)
  local size = #t + 1
  if given == 2 then
    t[size] = at
  elseif given == 3 then
    needed(at, 2, "insert", given)
    at = integer(at, nil, 2, "insert", given)
    if at < 1 or at > size then bad(2, "insert", "position out of bounds", 2) end
    for i = size, at + 1, -1 do t[i] = t[i - 1] end
    t[at] = value
  else
    error("wrong number of arguments to 'insert'", 2)
  end
end
function table.remove(...)
  local given, t, at = select("#", ...), ...
  checked(t, 1, "remove", given)
  local size = #t
  if given > 1 then
    needed(at, 2, "remove", given)
    at = integer(at, nil, 2, "remove", given)
    if at ~= size and (at < 1 or at > size + 1) then bad(2, "remove", "position out of bounds", 2) end
  else
    at = size
  end
  local value = t[at]
  while at < size do
    t[at] = t[at + 1]
    at = at + 1
  end
  t[at] = nil
  return value
end
function table.move(...)
  local given, from, first, last, at, to = select("#", ...), ...
  needed(first, 2, "move", given)
  first = integer(first, nil, 2, "move", given)
  needed(last, 3, "move", given)
  last = integer(last, nil, 3, "move", given)
  needed(at, 4, "move", given)
  at = integer(at, nil, 4, "move", given)
  if to == nil then to = from end
  checked(from, 1, "move", given)
  checked(to, 5, "move", given)
  if last >= first then
    if not (first > 0 or last < maxinteger + first) then bad(3, "move", "too many elements to move", 2) end
    local count = last - first + 1
    if at > maxinteger - count + 1 then bad(4, "move", "destination wrap around", 2) end
    if at > last or at <= first or to ~= from then
      for i = 0, count - 1 do to[at + i] = from[first + i] end
    else
      for i = count - 1, 0, -1 do to[at + i] = from[first + i] end
    end
  end
  return to
end
-- Comparisons run in Lua, where they can be interrupted.
local function less(a, b) return a < b end
function table.sort(...)
  local given, t, before = select("#", ...), ...
  checked(t, 1, "sort", given)
  if before ~= nil and type(before) ~= "function" and #t > 1 then expected(2, "sort", "function", given, before, 2) end
  local ok, why = pcall(sort, t, before and function(a, b) return before(a, b) end or less)
  if ok then return end
  if why == "invalid order function for sorting" then error(why, 2) end
  if type(why) == "string" then why = why:gsub("^libraries:%d+: ", "") end
  error(why, 0)
end
-- Collect copies of the values first, because a table can return any value at any position.
function table.concat(...)
  local given, t, between, first, last = select("#", ...), ...
  checked(t, 1, "concat", given)
  between = between == nil and "" or text(between, 2, "concat", given)
  first, last = integer(first, 1, 3, "concat", given), integer(last, nil, 4, "concat", given)
  if last == nil then last = #t end
  local parts, count = {}, 0
  for at = first, last do
    local part = t[at]
    if type(part) ~= "string" and type(part) ~= "number" then
      error(format("invalid value (%s) at index %d in table for 'concat'", type(part), at), 2)
    end
    count = count + 1
    parts[count] = part
  end
  return concat(parts, between)
end

local collect = collectgarbage
function collectgarbage(...)
  check()
  return collect(...)
end
