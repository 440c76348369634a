-- The `list` library.
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
local function l3() return list { 1, "b", 3.5 } end

function construct(r)
  return run {
    function() return list() end, function() return list {} end, function() return list { 1, 2 } end,
    function() return list(5) end, function() return list("x") end, function() return list(list { 1, 2 }) end,
    function() return list(map { a = 1 }) end, function() return list(nil) end, function() return list { 1, 2, nil, 4 } end,
    function() return list.create() end, function() return list.create(10) end, function() return list.create(-1) end,
    function() return list.create("x") end, function() return list.create(2, 3) end, function() return list.new(3) end, function() return list.new(list, { 1, 2 }) end,
    function() return type(list()) end, 
  }
end
function read(r)
  return run {
    function() return l3()[1] end, function() return l3()[2] end, function() return l3()[3] end, function() return l3()[4] end,
    function() return l3()[0] end, function() return l3()[-1] end, function() return l3()[-3] end, function() return l3()[-4] end,
    function() return l3()["1"] end, function() return l3()["x"] end, function() return l3()[1.0] end, function() return l3()[1.5] end,
    function() return l3()[nil] end, function() return l3()[true] end, function() return l3().size end, function() return l3():size() end,
    function() return #l3() end, function() return list.size(l3()) end, function() return list.size() end, function() return list.size(5) end,
    function() return list.size(map()) end, function() return list.size(nil) end, function() return list.size({}) end,
    function() return list.nbytes(l3()) end, function() return list.nbytes(list()) end, function() return list.nbytes(list { 1, 1000, "abc", 1.5, true }) end,
    function() return l3() == l3() end, function() local l = l3() return l == l end,
    function() local l = list { list { 1 } } return l[1] == l[1] end,
    function() return l3() .. "x" end, function() return l3() + 1 end, function() return l3() < l3() end,
  }
end
function write(r)
  local function set(i, v) return function() if tonumber(i) and tonumber(i) < 1 then return "left out" end local l = l3() l[i] = v return l end end
  return run {
    set(1, "x"), set(3, nil), set(4, "x"), set(5, "x"), set(6, "x"), set(10, "x"), set(0, "x"), set(-1, "x"), set(-3, "x"), set(-4, "x"),
    set("1", "x"), set("x", "x"), set(1.0, "x"), set(1.5, "x"), set(true, "x"), set(1, { 1 }), set(1, print),
    function() local l = list() l[1] = 1 return l end, function() local l = list() l[3] = 1 return l end,
  }
end
function append(r)
  return run {
    function() local l = l3() local x = list.append(l, 4) return l, x end, function() local l = l3() local x = list.prepend(l, 0) return l, x end,
    function() local l = l3() list.append(l) return l end, function() local l = l3() list.append(l, nil) return l end, function() local l = l3() list.append(l, {}) return l end,
    function() local l = l3() list.append(l, print) return l end, function() list.append(nil, 1) end, function() list.append(map(), 1) end,
    function() local l = l3() list.append(l, 1, 2) return l end, function() local l = l3() list.prepend(l) return l end,
    function() local l = l3() local i = l3() list.append(l, i) list.append(i, 9) return l end,
    function() local l = l3() list.append(l, true) list.append(l, bytes(2)) list.append(l, map { a = 1 }) return l end,
  }
end
function insert(r)
  local function at(i) return function() local l = l3() local x = list.insert(l, i, "x") return l, x end end
  return run { at(1), at(2), at(3), at(4), at(5), at(7), at(0), at(-1), at(-3), at(-4), at("2"), at("x"), at(1.5), at(nil),
    function() local l = l3() list.insert(l, 1) return l end, function() local l = list() list.insert(l, 1, 1) return l end, function() local l = l3() list.insert(l) return l end }
end
function remove(r)
  local function at(i) return function() local l = l3() local x = list.remove(l, i) return l, x end end
  return run { at(1), at(2), at(3), at(4), at(0), at(-1), at(-3), at(-4), at("2"), at("x"), at(1.5), at(nil), function() local l = list() list.remove(l, 1) return l end }
end
function trim(r)
  local function at(i) return function() local l = l3() local x = list.trim(l, i) return l, x end end
  return run { at(1), at(2), at(3), at(4), at(5), at(0), at(-1), at("2"), at("x"), at(nil), function() local l = list() list.trim(l, 1) return l end }
end
function take_and_drop(r)
  local steps = {}
  for _, f in ipairs { list.take, list.drop } do
    for _, n in ipairs { 0, 1, 2, 3, 4, -1, -2, "2", "x" } do steps[#steps + 1] = function() local l = l3() local x = f(l, n) return x, l, x == l end end
    steps[#steps + 1] = function() return f(l3()) end
    steps[#steps + 1] = function() return f(nil, 1) end
  end
  return run(steps)
end
function combine(r)
  return run {
    function() local a, b = l3(), list { 8, 9 } local x = list.concat(a, b) return x, a, b end, function() local a, b = l3(), list { 8, 9 } local x = list.merge(a, b) return x, a, b end,
    function() return list.concat(l3()) end, function() return list.concat(l3(), 5) end, function() return list.concat(l3(), map()) end,
    function() return list.concat(list(), list()) end,
    function() local a = l3() local b = list.clone(a) list.append(b, 1) return a, b end,
    function() local a = list { list { 1 } } local b = list.clone(a) list.append(b[1], 2) return a, b end, 
    function() local a = list { list { 1 } } local b = list.merge(a, list()) list.append(b[1], 2) return a, b end,
    function() local a = list { list { 1 } } list.append(a[1], 2) return a end,
  }
end
function iterate(r)
  return run {
    function() local s = "" for v in list.iterator(l3()) do s = s .. tostring(v) .. ";" end return s end,
    function() local s = "" for v in list.iterator(list()) do s = s .. tostring(v) .. ";" end return s end,
    function() local l = l3() local s = "" for v in list.iterator(l) do s = s .. tostring(v) .. ";" if list.size(l) < 5 then list.append(l, 9) end end return s end,
    function() local l = l3() list.append(l, nil) list.append(l, 5) local s = "" for v in list.iterator(l) do s = s .. tostring(v) .. ";" end return s end,
    function() local i = list.iterator(l3()) return i(), i(), i(), i(), i() end,
    function() return list.iterator(5) end, function() return list.iterator() end,
    function() local s = "" for i, v in ipairs(l3()) do s = s .. i .. tostring(v) .. ";" end return s end,
    function() local s = "" for k, v in pairs(l3()) do s = s .. tostring(k) .. tostring(v) .. ";" end return s end,
    function() return type(list.iterator(l3())) end,
    function() return next(l3()) end, function() return table.unpack(l3()) end, function() return table.concat(l3(), ",") end,
  }
end
function text(r)
  return run {
    function() return list() end, function() return list { 1, -1, 1.5, 2.0, 1e100, 0.1 } end, function() return list { "a", "", 'q"q', "\n" } end,
    function() return list { true, false } end, function() return list { bytes(2), list { 1 }, map { a = 1 }, geojson('{"x":1}') } end,
    function() local l = list() list.append(l, nil) return l end, function() local b = bytes(2) b[1] = 171 return list { b } end,
    function() return list.tostring(l3()) end,
  }
end
