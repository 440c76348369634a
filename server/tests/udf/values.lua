-- Values that functions can return and store.
function nothing(r) end
function returns_nil(r) return nil end
function returns_true(r) return true end
function returns_false(r) return false end
function integer(r) return 7 end
function negative(r) return -7 end
function largest(r) return math.maxinteger end
function wraps(r) return math.maxinteger + 1 end
function float(r) return 1.5 end
function whole_float(r) return 2.0 end
function quotient(r) return 4 / 2 end
function infinite(r) return 1 / 0 end
function not_a_number(r) return 0 / 0 end
function text(r) return "text" end
function empty_text(r) return "" end
function binary_text(r) return "a\0b\255" end
function table_of_items(r) return { 1, 2 } end
function table_of_pairs(r) return { a = 1 } end
function empty_table(r) return {} end
function a_function(r) return function() end end
function a_thread(r) return coroutine.create(function() end) end
function several(r) return 1, 2, 3 end
function the_record(r) return r end
function the_library(r) return aerospike end
function empty_list(r) return list() end
function empty_map(r) return map() end
function empty_bytes(r) return bytes() end
function sized_bytes(r) return bytes(3) end
function point(r) return geojson('{"type":"Point","coordinates":[1,2]}') end
function no_geojson(r) return geojson('nonsense') end
function list_of_all(r) return list { 1, -1, 1.5, 2.0, "a", "", true, false, bytes(2), list { 1 }, map { a = 1 }, geojson('{"type":"Point","coordinates":[1,2]}') } end
function list_with_nil(r) local l = list { 1 } list.append(l, nil) list.append(l, 2) return l end
function list_of_tables(r) return list { { 1 }, 2 } end
function list_of_functions(r) return list { print, 2 } end
function list_of_holes(r) return list { 1, nil, 3 } end
function list_of_pairs(r) return list { a = 1, 2 } end
function map_of_all(r) return map { i = 1, f = 1.5, s = "a", b = true, l = list { 1 }, m = map { x = 1 }, y = bytes(1) } end
function map_of_tables(r) return map { a = { 1 }, b = 2 } end
function map_of_items(r) return map { "x", "y" } end
function map_with_int_keys(r) return map { [1] = "a", [-5] = "b", [300] = "c", b = "d", a = "e" } end
function map_with_float_keys(r) return map { [1.5] = "a", [2.0] = "b" } end
function map_with_bool_keys(r) return map { [true] = "a" } end
function map_with_bytes_keys(r) local m = map() m[bytes(2)] = 1 return m end
function map_with_list_keys(r) local m = map() m[list { 1 }] = 1 return m end
function map_with_nil_value(r) local m = map { a = 1, b = 2 } m.a = nil return m end
function many_keys(r) local m = map() for i = 20, 1, -1 do m["k" .. i] = i end return m end
function many_int_keys(r) local m = map() for i = 20, 1, -1 do m[i * 7 % 20] = i end return m end
function mixed_keys(r) local m = map() m.z = 1 m[1] = 2 m.a = 3 m[bytes(1)] = 4 m[-1] = 5 m[""] = 6 return m end
function a_cycle(r) local l = list() list.append(l, list()) return l end
function long_text(r) return ("x"):rep(300) end
function long_list(r) local l = list() for i = 1, 40 do list.append(l, i * 100) end return l end
function nested(r) local l = list { 1 } for i = 1, 10 do l = list { l } end return l end
