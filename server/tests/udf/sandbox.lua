-- The environment of UDFs.
local function try(f, ...)
  local results = table.pack(pcall(f, ...))
  while results.n > 1 and results[results.n] == nil do results.n = results.n - 1 end
  local texts = {}
  for i = 1, results.n do texts[i] = tostring(results[i]):gsub("^/[^:]*/", ""):gsub("0x%x+", "") end
  return table.concat(texts, " ")
end
local count = 0
local shared = {}
loaded_global = 5
local function helper(a) return a + 1 end
function other(r) return "other" end
function local_state(r) count = count + 1 return type(count) end
function upvalue_table(r) shared.x = 1 return shared.x end
function reads_global(r) return loaded_global end
function reads_missing_global(r) return missing_global end
function sets_global(r) new_global = 5 return new_global end
function sets_loaded_global(r) loaded_global = 6 return loaded_global end
function calls_helper(r) return helper(1) end
function calls_other(r) return other(r) end
function calls_itself(r, n) if n == nil then return calls_itself(r, 1) end return n end
function sees_functions(r) return type(other), type(_G.other), type(_ENV.other) end
function sets_in_g(r) _G.through_g = 5 return type(through_g) end
function rawset_global(r) rawset(_G, "raw_global", 5) return type(raw_global) end
function changes_library(r) list.mine = 5 return tostring(list.mine) end
function changes_string(r) string.mine = 5 return tostring(string.mine) end
function io_open(r) return try(function() return io.open("/tmp/nothing-here", "r") end) end
function io_write(r) return try(function() return io.write("") end) end
function io_popen(r) return try(function() return io.popen("true") end) end
function io_lines(r) return try(function() return io.lines("/tmp/nothing-here") end) end
function os_execute(r) return try(function() return os.execute("true") end) end
function os_exit(r) return try(function() return os.exit(1) end) end
function os_getenv(r) return try(function() return os.getenv("NOTHING") end) end
function os_remove(r) return try(function() return os.remove("/tmp/nothing-here") end) end
function os_tmpname(r) return try(function() return type(os.tmpname()) end) end
function os_setlocale(r) return try(function() return os.setlocale("C") end) end
function os_time(r) return try(function() return type(os.time()), type(os.clock()), type(os.date()), os.difftime(3, 1) end) end
function os_date(r) return try(function() return os.date("!%Y-%m-%d", 0) end) end
function debug_type(r) return type(debug) end
function load_text(r) return try(function() return load("return 1 + 1")() end) end
function load_bad(r) return try(function() return load("return +") end) end
function load_env(r) return try(function() return load("return x", "chunk", "t", { x = 5 })() end) end
function load_binary(r) return try(function() return load(string.dump(function() return 1 end)) ~= nil end) end
function dofile_nothing(r) return try(dofile, "/tmp/nothing-here") end
function loadfile_nothing(r) return try(loadfile, "/tmp/nothing-here") end
function require_missing(r) return (try(require, "missing_module"):gsub("\n.*", "")) end
function require_library(r) return try(require, "string") end
function coroutines(r) local co = coroutine.wrap(function() coroutine.yield(1) coroutine.yield(2) end) return co() + co() end
function coroutine_updates(r) local co = coroutine.wrap(function() r.n = 1 return aerospike:exists(r) end) return co() end
function tostring_number(r) return tostring(1) .. tostring(1.5) .. tostring(2.0) .. tostring(1e15) .. tostring(1e100) end
function integer_division(r) return list { 7 // 2, 7 % 3, -7 // 2, 7 / 2, 2 ^ 3, 7 // 2.0 } end
function bit_operators(r) return list { 5 & 3, 5 | 3, 5 ~ 3, ~0, 1 << 4, 256 >> 4 } end
function string_functions(r) return list { ("%d %s %5.2f"):format(5, "x", 1.5), ("abc"):upper(), #("abc"), ("a,b"):find(","), ("abc"):sub(2), ("x"):rep(3, "-") } end
function utf8_functions(r) return list { utf8.len("äö"), utf8.char(228) } end
function table_functions(r) local t = { 3, 1, 2 } table.sort(t) return table.concat(t, ",") .. select("#", table.unpack(t)) end
function goto_and_close(r) local n = 0 ::top:: n = n + 1 if n < 3 then goto top end local x <const> = n return x end
function math_functions(r) return list { math.floor(1.7), math.ceil(1.2), math.max(1, 5), math.type(1), math.type(1.0), math.tointeger(3.0), math.abs(-1), math.ult(1, -1), math.sum and math.sum(1, 2) or 0 } end
function math_extra(r) return list { try(math.sum, 1, 2), try(math.product, 3, 4) } end
function logs(r) return list { try(info, "a %s", "b"), try(warn, "a"), try(debug, "a"), try(trace, "a") } end
function prints(r) return try(print, "x") end
function version(r) return _VERSION end
function arity(r, ...) return select("#", ...) end
function named(r, a, b) return list { tostring(a), tostring(b) } end
function metatables(r) return list { try(function() return getmetatable("").__name end), try(setmetatable, list(), {}), try(function() return rawlen(list { 1 }) end), try(function() return rawget(list, "size") == list.size end) } end
function garbage(r) return try(function() return type(collectgarbage("count")) end) end
function finalizer(r) setmetatable({}, { __gc = function() end }) collectgarbage() return 1 end
function streams(r) return list { type(stream), type(stream.read), try(function() return stream.readable(5) end), type(StreamOps) } end
function aerospike_members(r) return list { type(aerospike.create), type(aerospike.update), type(aerospike.exists), type(aerospike.remove), type(aerospike.log), type(aerospike.rec_create), type(aerospike.get_current_time), type(aerospike.set_context), type(aerospike.create_subrec), type(aerospike.crec_create), type(aerospike.x) } end
function aerospike_set(r) aerospike.x = 5 return type(aerospike.x) end
function tostrings(r) return list { tostring(aerospike):gsub("0x%x+", ""), (tostring(r):gsub("0x%x+", "")), tostring(nil), tostring(true) } end
function compares(r) return list { geojson("a") == geojson("a"), tostring(geojson("a")), try(function() return #geojson("abc") end), try(function() return geojson("a").x end), try(function() return geojson() end), try(function() return geojson(5) end) , try(function() return geojson(nil) end) } end
