-- Reading and writing the record.
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
local function names(r) local t = record.bin_names(r) if t == nil then return "nil" end local s = {} for i, n in ipairs(t) do s[i] = n end return table.concat(s, ",") end
local function put(r) if aerospike:exists(r) then return aerospike:update(r) else return aerospike:create(r) end end

function types(r) return run { function() return type(r), type(r.i), type(r.f), type(r.s), type(r.b), type(r.t), type(r.l), type(r.m), type(r.g), type(r.z) end,
  function() return r.i, r.f, r.s, r.t, r.l, r.m, r.g end, function() return r.l[1], r.l[2], r.m.a, r.b[1], bytes.size(r.b), bytes.get_type(r.b) end, function() return math.type(r.i), math.type(r.f) end,
  function() return r[1] end, function() return r[nil] end, function() return r[true] end, function() return r["a name that is too long"] end, function() return r[""] end, function() return #r end, function() return r:size() end, function() return r.x.y end,
  function() return r == r end } end
function about(r) return run { function() return record.gen(r) end, function() return record.numbins(r) end, function() return record.setname(r) end, function() return names(r) end, function() return type(record.ttl(r)), record.ttl(r) > 2591000 end, function() return type(record.last_update_time(r)), math.abs(record.last_update_time(r) - os.time() * 1000) < 5000 end,
  function() return type(record.digest(r)), bytes.size(record.digest(r)), bytes.get_type(record.digest(r)) end, function() return type(record.key(r)), record.key(r) end, function() return type(record.size(r)), type(record.device_size(r)), type(record.memory_size(r)) end } end
function misuse(r) return run { function() return record.gen() end, function() return record.gen(5) end, function() return record.ttl(nil) end, function() return record.digest(map()) end, function() return record.numbins(5) end, function() return record.bin_names(5) end, function() return record.setname(5) end, function() return record.set_ttl(r) end, function() return record.set_ttl(r, "x") end, function() return record.set_ttl(5, 5) end, function() return record.key(5) end,
  function() return record.size(5) end, function() return aerospike:exists() end, function() return aerospike:exists(5) end, function() return aerospike:update() end, function() return aerospike:update(5) end, function() return aerospike:create(map()) end, function() return aerospike:remove() end, function() return aerospike.exists(r) end, function() return aerospike.nothing end, function() return aerospike:nothing(r) end, function() return aerospike:log(1, "x") end } end
function digest(r) return record.digest(r) end
function key(r) return record.key(r) end
function set_bins(r) local l = list() r.n = 1 list.append(l, r.n) list.append(l, names(r)) r.i = nil list.append(l, r.i) list.append(l, names(r)) list.append(l, record.numbins(r)) r.s = "new" list.append(l, r.s) return l end
function set_and_update(r) r.n = 1 r.i = nil r.s = "new" local x = put(r) return list { x, names(r), record.gen(r), record.numbins(r) } end
function set_without_update(r) r.n = 1 return 1 end
function update_twice(r) r.n = 1 local a = put(r) local g = record.gen(r) r.n = 2 local b = put(r) return list { a, b, g, record.gen(r), r.n } end
function update_nothing(r) local a = aerospike:update(r) return list { a, record.gen(r) } end
function update_same(r) r.i = r.i return list { aerospike:update(r), record.gen(r) } end
function create(r) r.n = 1 local a = aerospike:create(r) return list { a, record.gen(r), names(r), aerospike:exists(r) } end
function create_empty(r) local a = aerospike:create(r) return list { a, aerospike:exists(r), record.gen(r) } end
function update(r) r.n = 1 local a = aerospike:update(r) return list { a, record.gen(r), names(r), aerospike:exists(r) } end
function remove(r) local a = aerospike:remove(r) return list { a, aerospike:exists(r), record.gen(r), names(r), tostring(r.i) } end
function remove_twice(r) local a = aerospike:remove(r) local b = aerospike:remove(r) return list { a, b } end
function remove_and_create(r) local a = aerospike:remove(r) r.n = 1 local b = aerospike:create(r) return list { a, b, record.gen(r), names(r) } end
function remove_and_update(r) local a = aerospike:remove(r) r.n = 1 local b = aerospike:update(r) return list { a, b, record.gen(r), names(r) } end
function create_and_remove(r) r.n = 1 local a = aerospike:create(r) local b = aerospike:remove(r) return list { a, b, aerospike:exists(r) } end
function create_twice(r) r.n = 1 local a = aerospike:create(r) r.n = 2 local b = aerospike:create(r) return list { a, b } end
function remove_all_bins(r) for i, n in ipairs(record.bin_names(r)) do r[n] = nil end local a = put(r) return list { a, aerospike:exists(r), names(r) } end
function update_then_fail(r) r.n = 1 put(r) r.n = 2 error("late") end
function fail_before_update(r) r.n = 1 error("early") end
function list_in_place(r) local l = r.l if l == nil then return nil end list.append(l, "new") local x = aerospike:update(r) return list { x, list.size(r.l), record.gen(r) } end
function list_in_place_seen(r) if r.l == nil then return nil end list.append(r.l, "new") return list { list.size(r.l) } end
function list_set_back(r) local l = r.l or list() list.append(l, "new") r.l = l local x = put(r) return list { x, list.size(r.l) } end
function list_changed_after(r) local l = list { 1 } r.n = l list.append(l, 2) local x = put(r) list.append(l, 3) return list { x, list.size(r.n) } end
function map_in_place(r) local m = r.m if m == nil then return nil end m.new = 1 local x = aerospike:update(r) return list { x, map.size(r.m) } end
function store_all(r) r.a1 = 1 r.a2 = 1.5 r.a3 = "s" r.a4 = true r.a5 = bytes(2) r.a6 = list { 1, 2.0, "x", false } r.a7 = map { b = 1, a = list { 1 }, [5] = 1 } r.a8 = geojson('{"type":"Point","coordinates":[1,2]}') r.a9 = false return put(r) end
function store_floats(r) r.a1 = 2.0 r.a2 = 4 / 2 r.a3 = 1 / 0 r.a4 = -0.0 return put(r) end
function store_typed_bytes(r) local b = bytes(2) bytes.set_type(b, 7) r.a1 = b return put(r) end
function store_text_bytes(r) local b = bytes() bytes.append_string(b, "ab") bytes.set_type(b, 3) r.a1 = b return put(r) end
function store_int_bytes(r) local b = bytes() bytes.append_string(b, "ab") bytes.set_type(b, 1) r.a1 = b return put(r) end
function store_table(r) r.a1 = { 1, 2 } local x = put(r) return list { x, tostring(r.a1) } end
function store_table_over(r) r.i = { 1, 2 } local x = put(r) return list { x, tostring(r.i) } end
function store_function(r) r.a1 = print local x = put(r) return x end
function store_record(r) r.a1 = r local x = put(r) return x end
function store_bad_geojson(r) r.a1 = geojson("nonsense") r.a2 = 1 local x = put(r) return list { x, names(r) } end
function store_list_with_nil(r) local l = list() list.append(l, nil) list.append(l, 1) r.a1 = l return put(r) end
function store_map_with_nil(r) local m = map { a = 1 } m.b = nil r.a1 = m return put(r) end
function store_map_bool_keys(r) local m = map() m[true] = 1 r.a1 = m return put(r) end
function store_map_float_keys(r) local m = map() m[1.5] = 1 r.a1 = m return put(r) end
function store_map_list_keys(r) local m = map() m[list { 1 }] = 1 r.a1 = m return put(r) end
function store_map_bytes_keys(r) local m = map() m[bytes(1)] = 1 m.a = 2 m[5] = 3 r.a1 = m return put(r) end
function store_many_keys(r) local m = map() for i = 20, 1, -1 do m["k" .. i] = i m[i] = i end r.a1 = m return put(r) end
function store_nested(r) local m = map { x = map { z = 1, y = 2, [1] = 3 }, w = list { map { b = 1, a = 2 } } } r.a1 = m return put(r) end
function store_typed_bytes_in_list(r) local b = bytes(2) bytes.set_type(b, 7) r.a1 = list { b } return put(r) end
function store_ordered_again(r) if r.o == nil then return nil end local o, k = r.o, r.k r.o = o r.k = k return list { aerospike:update(r), tostring(o), tostring(k) } end
function name_too_long(r) r["a name that is too long"] = 1 local x = put(r) return list { x, names(r), tostring(r["a name that is too long"]) } end
function name_of_15(r) r["123456789012345"] = 1 return put(r) end
function name_of_16(r) r["1234567890123456"] = 1 return put(r) end
function name_empty(r) r[""] = 1 local x = put(r) return x end
function name_number(r) r[5] = 1 return put(r) end
function name_nil(r) r[nil] = 1 return put(r) end
function name_with_zero(r) r["a\0b"] = 1 return list { put(r), names(r) } end
function too_big(r) r.a1 = ("x"):rep(2 * 1024 * 1024) local x = put(r) return list { x, aerospike:exists(r), record.gen(r) } end
function too_big_then_small(r) r.a1 = ("x"):rep(2 * 1024 * 1024) local x = put(r) r.a1 = "x" local y = put(r) return list { x, y } end
function many_bins(r) for i = 1, 200 do r["b" .. i] = i end local x = put(r) return list { x, record.numbins(r) } end
function ttl_never(r) record.set_ttl(r, -1) r.n = 1 local x = put(r) return list { x, record.ttl(r) } end
function ttl_ten(r) record.set_ttl(r, 10) r.n = 1 local x = put(r) return list { x, record.ttl(r) } end
function ttl_keep(r) record.set_ttl(r, -2) r.n = 1 local x = put(r) return list { x, record.ttl(r) > 100 } end
function ttl_zero(r) record.set_ttl(r, 0) r.n = 1 local x = put(r) return list { x, record.ttl(r) > 100 } end
function ttl_odd(r) record.set_ttl(r, -3) r.n = 1 local x = put(r) return list { x, record.ttl(r) } end
function ttl_huge(r) record.set_ttl(r, 1 << 40) r.n = 1 local x = put(r) return list { x, record.ttl(r) } end
function ttl_eleven_years(r) record.set_ttl(r, 11 * 365 * 24 * 3600) r.n = 1 local x = put(r) return list { x, record.ttl(r) } end
function ttl_only(r) record.set_ttl(r, 10) local x = put(r) return list { x, record.gen(r) } end
function ttl_before_update(r) record.set_ttl(r, 10) return record.ttl(r) end
function ttl_float(r) record.set_ttl(r, 10.7) r.n = 1 put(r) return record.ttl(r) end
function drop_key(r) local x = record.drop_key(r) r.n = 1 put(r) return list { tostring(x), tostring(record.key(r)) } end
function sizes(r) local a = record.size(r) r.n = ("x"):rep(1000) local b = record.size(r) put(r) local c = record.size(r) return list { a, b - a, c - a, record.device_size(r) - c, record.memory_size(r) } end
function last_update(r) local a = record.last_update_time(r) r.n = 1 put(r) local b = record.last_update_time(r) return list { a == b, b >= a } end
function set_to_itself(r) r.n = r.z return put(r) end
function numbins_after_set(r) local a = record.numbins(r) r.n = 1 local b = record.numbins(r) r.n = nil local c = record.numbins(r) put(r) return list { a, b, c, record.numbins(r) } end
function order_of_names(r) r.zz = 1 r.aa = 2 r.i = nil put(r) return names(r) end
function readd(r) r.i = nil put(r) r.i = 5 put(r) return names(r) end
