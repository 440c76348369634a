-- Errors.
local function try(f, ...)
  local results = table.pack(pcall(f, ...))
  local texts = {}
  for i = 1, results.n do texts[i] = tostring(results[i]) end
  return table.concat(texts, " ")
end
function with_text(r) error("text") end
function with_level_0(r) error("text", 0) end
function with_level_1(r) error("text", 1) end
function with_level_2(r) error("text", 2) end
function with_number(r) error(5) end
function with_float(r) error(1.5) end
function with_nil(r) error() end
function with_true(r) error(true) end
function with_table(r) error({ code = 1 }) end
function with_text_table(r) error(setmetatable({}, { __tostring = function() return "mine" end })) end
function with_list(r) error(list { 1 }) end
function with_function(r) error(print) end
function empty_text(r) error("") end
function long_text(r) error(("x"):rep(5000)) end
function binary_text(r) error("a\0b\255") end
function lines(r) error("one\ntwo") end
function asserted(r) assert(false) end
function asserted_text(r) assert(false, "wrong") end
function asserted_nil(r) assert(nil) end
function arithmetic(r) return 1 + nil end
function arithmetic_on_bin(r) return r.nothing + 1 end
function concatenation(r) return "a" .. {} end
function comparison(r) return 1 < "x" end
function index_nil(r) local x return x.y end
function call_nil(r) local x x() end
function call_missing_global(r) missing() end
function call_number(r) local x = 5 x() end
function deep(r) local function f() return 1 + f() end return f() end
function endless_tail(r) local function f(n) if n == 0 then return 0 end return f(n - 1) end return f(1000) end
local function inner() error("inner") end
function from_local(r) inner() end
function misuse_list(r) list.append(5, 1) end
function misuse_map(r) map.size(5) end
function misuse_bytes(r) bytes.size(5) end
function misuse_record(r) record.gen(5) end
function misuse_string(r) return ("x"):rep({}) end
function misuse_tonumber(r) return tonumber() end
function caught(r) return try(function() error("x") end) end
function caught_table(r) local ok, e = pcall(error, { code = 7 }) return e.code end
function caught_misuse(r) local ok, e = pcall(list.append, 5, 1) return type(e) end
function caught_misuse_text(r) local ok, e = pcall(list.append, 5, 1) return tostring(e) end
function caught_nested(r) return try(function() return try(function() error("x") end) end) end
function xcaught(r) local ok, e = xpcall(function() error("x") end, function(m) return "handled " .. m end) return e end
function xcaught_nil(r) local ok, e = xpcall(function() local x = nil + 1 end, function(m) return "handled " .. m end) return e end
function select_error(r) return select("x") end
function setmetatable_error(r) return setmetatable(5, {}) end
