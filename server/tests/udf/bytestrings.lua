-- The `bytes` library.
local function try(f, ...)
  local results = table.pack(pcall(f, ...))
  while results.n > 1 and results[results.n] == nil do results.n = results.n - 1 end
  local texts = {}
  for i = 1, results.n do texts[i] = tostring(results[i]):gsub("^/[^:]*/", ""):gsub("0x%x+", "") end
  return table.concat(texts, " ")
end
local function run(steps)
  local l = list()
  for _, step in ipairs(steps) do list.append(l, try(step)) end
  return l
end
local function hex(b) local s = bytes.size(b) .. ":" for i = 1, bytes.size(b) do s = s .. string.format("%02x", bytes.get_byte(b, i) or -1) end return s end
local function b9() local b = bytes(9) for i = 1, 9 do b[i] = i * 28 end return b end

function construct(r)
  return run {
    function() return hex(bytes()) end, function() return hex(bytes(0)) end, function() return hex(bytes(3)) end, function() return hex(bytes(-1)) end, function() return hex(bytes("x")) end, function() return hex(bytes("3")) end, function() return hex(bytes(1.5)) end,
    function() return hex(bytes({ 1, 2 })) end, function() return hex(bytes(nil)) end, function() return tostring(bytes()) end, function() return tostring(bytes(2)) end, function() return tostring(b9()) end, function() return type(bytes(1)) end,
    function() return #b9(), bytes.size(b9()), #bytes(3), bytes.size(bytes(3)) end, function() return bytes.size() end, function() return bytes.size(5) end, function() return bytes.get_type(5) end,
    function() local b = bytes(1) local x = bytes.set_type(b, 3) return x, bytes.get_type(b) end, function() local b = bytes(1) local x = bytes.set_type(b, 300) return x, bytes.get_type(b) end, function() local b = bytes(1) local x = bytes.set_type(b, -1) return x, bytes.get_type(b) end, function() local b = bytes(1) return bytes.set_type(b) end,
    function() local b = b9() local x = bytes.set_size(b, 3) return x, hex(b) end, function() local b = b9() local x = bytes.set_size(b, 12) return x, hex(b) end, function() local b = b9() local x = bytes.set_size(b, 0) return x, hex(b) end, function() local b = b9() local x = bytes.set_size(b, -1) return x, hex(b) end, function() local b = b9() return bytes.set_size(b) end,
    function() local b = bytes(3) bytes.set_size(b, 3) return hex(b) end,
    function() return b9() == b9() end, function() return bytes.tostring end,
  }
end
function index(r)
  local function set(i, v) return function() local b = bytes(2) b[i] = v return hex(b) end end
  return run {
    function() return b9()[1], b9()[9], b9()[10], b9()[0], b9()[-1] end, function() return b9()["1"] end, function() return b9()["x"] end, function() return b9().size end, function() return b9()[1.0] end, function() return b9()[1.5] end, function() return b9()[nil] end,
    set(1, 5), set(2, 256), set(2, -1), set(3, 5), set(4, 5), set(0, 5), set(-1, 5), set(1, "7"), set(1, "x"), set(1, nil), set(1, 1.5), set("x", 1), set("1", 9), set(1, true), set(1, 1.0),
    function() local b = bytes() b[1] = 65 b[2] = 66 return hex(b) end, 
  }
end
function get(r)
  local steps = {}
  for _, n in ipairs { "byte", "int16", "int16_be", "int16_le", "int32", "int32_be", "int32_le", "int64", "int64_be", "int64_le" } do
    for _, i in ipairs { 1, 2, 6, 8, 9, 0, -1, "1", "x", 1.5 } do steps[#steps + 1] = function() return n, i, bytes["get_" .. n](b9(), i) end end
    steps[#steps + 1] = function() return n, bytes["get_" .. n](b9()) end
    steps[#steps + 1] = function() return n, bytes["get_" .. n](5, 1) end
  end
  return run(steps)
end
function set(r)
  local steps = {}
  for _, n in ipairs { "byte", "int16", "int16_be", "int16_le", "int32", "int32_be", "int32_le", "int64", "int64_be", "int64_le" } do
    for _, v in ipairs { 1, 255, 65535, -1, -2, 4294967295, 1 << 40, math.maxinteger, 1.5, 2.0, "7", "x", 1e30 } do steps[#steps + 1] = function() local b = bytes(8) local x = bytes["set_" .. n](b, 1, v) return n, v, x, hex(b) end end
    for _, i in ipairs { 1, 2, 5, 7, 8, 9, 0, -1, "x" } do steps[#steps + 1] = function() local b = bytes(8) local x = bytes["set_" .. n](b, i, 258) return n, i, x, hex(b) end end
    steps[#steps + 1] = function() local b = bytes() local x = bytes["set_" .. n](b, 1, 258) return n, x, hex(b) end
    steps[#steps + 1] = function() local b = bytes(8) local x = bytes["set_" .. n](b, 1) return n, x, hex(b) end
    steps[#steps + 1] = function() local b = bytes(8) local x = bytes["set_" .. n](b) return n, x, hex(b) end
    steps[#steps + 1] = function() return n, bytes["set_" .. n](5, 1, 1) end
  end
  return run(steps)
end
function append(r)
  local steps = {}
  for _, n in ipairs { "byte", "int16", "int16_be", "int16_le", "int32", "int32_be", "int32_le", "int64", "int64_be", "int64_le" } do
    for _, v in ipairs { 258, -2, "x", "7", 1.5, 2.0 } do steps[#steps + 1] = function() local b = bytes() local x = bytes["append_" .. n](b, v) return n, v, x, hex(b) end end
    steps[#steps + 1] = function() local b = bytes(2) local x = bytes["append_" .. n](b, 258) return n, x, hex(b) end
    steps[#steps + 1] = function() local b = bytes() b[1] = 9 local x = bytes["append_" .. n](b, 258) x = bytes["append_" .. n](b, 258) return n, x, hex(b) end
    steps[#steps + 1] = function() local b = bytes() local x = bytes["append_" .. n](b) return n, x, hex(b) end
  end
  return run(steps)
end
function strings(r)
  local function abc() local b = bytes() bytes.append_string(b, "abcdef") return b end
  return run {
    function() return bytes.get_string(abc(), 1, 3) end, function() return bytes.get_string(abc(), 4, 3) end, function() return bytes.get_string(abc(), 4, 4) end, function() return bytes.get_string(abc(), 4, 10) end, function() return bytes.get_string(abc(), 7, 1) end, function() return bytes.get_string(abc(), 0, 1) end, function() return bytes.get_string(abc(), -1, 1) end,
    function() return bytes.get_string(abc(), 1, 0) end, function() return bytes.get_string(abc(), 1, -1) end, function() return bytes.get_string(abc(), 1) end, function() return bytes.get_string(abc()) end, function() return bytes.get_string(bytes(2), 1, 2) end, function() return bytes.get_string(5, 1, 1) end,
    function() return hex(bytes.get_bytes(abc(), 1, 3)) end, function() return hex(bytes.get_bytes(abc(), 0, 1)) end, function() return hex(bytes.get_bytes(abc(), 1, 0)) end, function() return bytes.get_bytes(abc(), 1) end,
    function() return bytes.get_type(bytes.get_bytes(abc(), 1, 3)) end,
    function() local b = abc() local x = bytes.set_string(b, 1, "XY") return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 6, "XY") return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 7, "XY") return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 9, "XY") return x, hex(b) end,
    function() local b = abc() local x = bytes.set_string(b, 0, "XY") return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 1, 55) return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 1, "") return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 1, nil) return x, hex(b) end, function() local b = abc() local x = bytes.set_string(b, 1, "a\0b") return x, hex(b) end,
    function() local b = abc() local x = bytes.append_string(b, "XY") return x, hex(b) end, function() local b = abc() local x = bytes.append_string(b, "") return x, hex(b) end, function() local b = abc() local x = bytes.append_string(b, 5) return x, hex(b) end, function() local b = abc() local x = bytes.append_string(b) return x, hex(b) end, function() local b = abc() local x = bytes.append_string(b, "a\0b") return x, hex(b) end,
    function() local b = abc() local x = bytes.set_bytes(b, 1, b9(), 2) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, b9(), 9) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, b9(), 12) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, b9(), 0) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, b9()) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, b9(), -1) return x, hex(b) end,
    function() local b = abc() local x = bytes.set_bytes(b, 6, b9(), 2) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 0, b9(), 2) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 1, "x", 1) return x, hex(b) end, function() local b = abc() local x = bytes.set_bytes(b, 2, b, 2) return x, hex(b) end,
    function() local b = abc() local x = bytes.append_bytes(b, b9(), 2) return x, hex(b) end, function() local b = abc() local x = bytes.append_bytes(b, b9(), 12) return x, hex(b) end, function() local b = abc() local x = bytes.append_bytes(b, b9(), 0) return x, hex(b) end, function() local b = abc() local x = bytes.append_bytes(b, b9()) return x, hex(b) end, function() local b = abc() local x = bytes.append_bytes(b, "x", 1) return x, hex(b) end,
  }
end
function variable_set(r)
  local steps = {}
  for _, v in ipairs { 0, 1, 127, 128, 300, 16383, 16384, 2097151, 2097152, 268435456, 2147483647 } do
    steps[#steps + 1] = function() local b = bytes(10) for i = 1, 10 do b[i] = 7 end local x = bytes.set_var_int(b, 1, v) local y, z = bytes.get_var_int(b, 1) return v, x, hex(b), y, z end
  end
  return run(steps)
end
function variable_append(r)
  local steps = {}
  for _, v in ipairs { 0, 127, 128, 300, 2147483647 } do
    steps[#steps + 1] = function() local b = bytes() b[1] = 7 local x = bytes.append_var_int(b, v) return v, x, hex(b) end
  end
  return run(steps)
end
function variable_large(r)
  local steps = {}
  for _, v in ipairs { 4294967295, 4294967296, -1 } do
    steps[#steps + 1] = function() local b = bytes(10) for i = 1, 10 do b[i] = 7 end local x = bytes.set_var_int(b, 1, v) local y, z = bytes.get_var_int(b, 1) return v, x, hex(b), y, z end
  end
  return run(steps)
end
function variable_odd(r)
  local steps = {}
  for _, v in ipairs { "7", "x", 1.5 } do
    steps[#steps + 1] = function() local b = bytes(10) for i = 1, 10 do b[i] = 7 end local x = bytes.set_var_int(b, 1, v) return v, x, hex(b) end
  end
  return run(steps)
end
function variable_get(r)
  local steps = {}
  steps[#steps + 1] = function() local b = b9() return bytes.get_var_int(b, 0) end
  return run(steps)
end
function variable_too_long(r) local b = bytes() for i = 1, 7 do bytes.append_byte(b, 255) end return (bytes.get_var_int(b, 1)) end
function variable_unsized(r) local b = bytes(1) local x = bytes.set_var_int(b, 1, 300) return list { x, hex(b) } end
function variable_appended(r) local b = bytes() local x = bytes.append_var_int(b, 300) return list { x, hex(b) } end
function returned(r) return b9() end
function typed(r) local b = b9() bytes.set_type(b, 7) return b end
function typed_as_text(r) local b = bytes() bytes.append_string(b, "abc") bytes.set_type(b, 3) return b end
function typed_as_number(r) local b = bytes() bytes.append_string(b, "abc") bytes.set_type(b, 1) return b end
function typed_in_list(r) local b = b9() bytes.set_type(b, 7) return list { b } end
