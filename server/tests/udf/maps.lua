-- The `map` library.
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
local function m3() return map { a = 1, b = "x", c = 3.5 } end
local function sorted(f) local t = {} for k, v in f do t[#t + 1] = tostring(k) .. "=" .. tostring(v) end table.sort(t) return table.concat(t, ",") end

function construct(r)
  return run {
    function() return map() end, function() return map {} end, function() return map { a = 1 } end, function() return map { 1, 2 } end, function() return map(5) end, function() return map("x") end,
    function() return map(map { a = 1 }) end, function() return map(list { 1 }) end, function() return map.create() end, function() return map.create(5) end, function() return map.create(-1) end,
    function() return map.create("x") end, function() return map.new(5) end, function() return type(map()) end,
    function() return map { [1] = 2, [1.5] = 3, [true] = 4 } end,
  }
end
function read(r)
  return run {
    function() return m3().a end, function() return m3()["b"] end, function() return m3().c end, function() return m3().d end, function() return m3()[1] end, function() return m3()[nil] end,
    function() return m3()[true] end, function() return m3()[{}] end, function() return m3().size end, function() return m3():size() end, function() return #m3() end, function() return map.size(m3()) end,
    function() return map.size() end, function() return map.size(list()) end, function() return map.nbytes(m3()) end, function() return map.nbytes(map()) end,
    function() local m = map() m[1] = "i" m["1"] = "s" m[1.5] = "f" return m[1], m["1"], m[1.5], m[1.0] end,
    function() local m = map() m[2.0] = "f" return m[2], m[2.0] end,
    function() local m = map() local b = bytes(2) m[b] = 1 return m[b], m[bytes(2)], m[bytes(3)] end,
    function() local m = map() m[list { 1 }] = 1 return m[list { 1 }], m[list { 2 }] end,
    function() local m = map() m[true] = 1 return m[true], m[false] end,
    function() return m3() == m3() end, function() local m = m3() return m == m end,
  }
end
function write(r)
  local function set(k, v) return function() local m = m3() m[k] = v return m end end
  return run {
    set("a", 2), set("d", 4), set("a", nil), set("d", nil), set(1, 2), set(nil, 2), set(true, 2), set({}, 2), set(print, 2), set("a", {}), set("a", print), set("a", true), set("", 1), set(1.5, 1), set(2.0, 1),
    set(list { 1 }, 1), set(map { a = 1 }, 1),
    function() local m = m3() local x = map.remove(m, "a") return m, x end, function() local m = m3() local x = map.remove(m, "z") return m, x end, function() local m = m3() map.remove(m) return m end,
    function() return map.remove(5, "a") end, function() local m = m3() map.remove(m, nil) return m end, function() local m = map { [1] = 1, [2] = 2 } map.remove(m, 1) return m end,
  }
end
function walk(r)
  return run {
    function() return sorted(map.pairs(m3())) end, function() return sorted(map.iterator(m3())) end, function() return sorted(map.keys(m3())) end, function() return sorted(map.values(m3())) end,
    function() return sorted(map.pairs(map())) end, function() return map.pairs(5) end, function() return map.keys() end, function() return type(map.keys(m3())), type(map.pairs(m3())) end,
    function() local s = "" for k, v in map.pairs(m3()) do s = s .. tostring(k) .. "=" .. tostring(v) .. ";" end return s end,
    function() local s = "" for k in map.keys(m3()) do s = s .. tostring(k) .. ";" end return s end,
    function() local s = "" for v in map.values(m3()) do s = s .. tostring(v) .. ";" end return s end,
    function() local s = "" local m = map { z = 1, y = 2, [5] = 3, [-1] = 4, x = 5 } m[1.5] = 6 for k, v in map.pairs(m) do s = s .. tostring(k) .. "=" .. tostring(v) .. ";" end return s end,
    function() local s = "" for k, v in pairs(m3()) do s = s .. k end return s end,
    function() local i = map.pairs(map { a = 1 }) return table.concat({ tostring(i()), tostring(i()), tostring(i()) }, ",") end,
    function() return map.keys(map { a = 1 })() end, function() return next(m3()) end,
    function() local m = m3() local s = "" for k, v in map.pairs(m) do m[k] = nil s = s .. k end return s, m end,
    function() local m = m3() local s = "" for k, v in map.pairs(m) do m[k] = 9 s = s .. k .. tostring(v) end return s, m end,
  }
end
function merge(r)
  local a, b = map { x = 1, y = 2 }, map { y = 20, z = 30 }
  return run {
    function() return map.merge(a, b) end, function() return map.merge(a, b, function(u, v) return u + v end) end, function() return map.merge(b, a) end,
    function() return map.merge(a, b, function(u, v) return nil end) end, function() return map.merge(a, b, function(u, v) error("no") end) end, function() return map.merge(a, b, 5) end,
    function() return map.merge(a, a, function(u, v) return u * v end) end, function() return map.merge(map(), map()) end,
    function() return map.merge(a, b, function(u, v) return u, v end) end,
    function() return map.diff(a, b) end, function() return map.diff(b, a) end, function() return map.diff(a, a) end, function() return map.diff(map(), a) end,
    function() return map.diff(map { x = 1 }, map { x = 2 }) end,
    function() return a, b end,
    function() local c = map.clone(a) c.x = 9 return a, c end, function() local o = map { l = list { 1 } } local c = map.clone(o) list.append(c.l, 2) return o, c end,
  }
end
function text(r)
  return run { function() return map() end, function() return map { a = 1 } end, function() return map { a = "x" } end, function() return map { [1] = 1.5 } end, function() return map { a = true } end, function() return map { a = list { 1, "x" } } end,
    function() return map { a = geojson("{}") } end, function() return map.tostring(map { a = 1 }) end, function() return m3() end }
end
