#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mlua::{HookTriggers, Lua, LuaOptions, StdLib, VmState};

use super::install;

/// Creates an interpreter with the original functions in the global `original`.
fn lua(go_on: impl Fn() -> mlua::Result<()> + Clone + Send + 'static) -> Lua {
    let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::OS | StdLib::COROUTINE;
    let lua = Lua::new_with(libraries, LuaOptions::default()).unwrap();
    lua.load(
        "original = {}
        for _, library in ipairs({ string, table }) do
            for name, f in pairs(library) do original[name] = f end
        end
        original.setmetatable = setmetatable",
    )
    .exec()
    .unwrap();
    lua.set_memory_limit(256 << 20).unwrap();
    install(&lua, go_on).unwrap();
    lua
}

/// Compares a function with the original: results or errors. Function names in error messages may differ if the
/// functions are called by other names.
const COMPARE: &str = r#"
    local function text(value)
        if type(value) ~= "table" then return type(value) == "string" and original.format("%q", value) or tostring(value) end
        local parts = {}
        for key, item in pairs(value) do parts[#parts + 1] = tostring(key) .. "=" .. tostring(item) end
        original.sort(parts)
        return "{" .. original.concat(parts, " ") .. "}"
    end
    local function told(...)
        local all = table.pack(...)
        for at = 1, all.n do all[at] = text(all[at]) end
        return original.concat(all, ",", 1, all.n)
    end
    -- Errors from Rust functions are error objects here.
    local call = pcall
    local function pcall(f, ...)
        local all = table.pack(call(f, ...))
        if type(all[2]) == "userdata" then all[2] = original.gsub(tostring(all[2]), "\nstack traceback:.*", "") end
        if type(all[2]) == "string" then all[2] = original.gsub(all[2], "^runtime error: ", "") end
        return original.unpack(all, 1, all.n)
    end
    function compare(name, ours, make)
        local a, b = told(pcall(original[name], make())), told(pcall(ours, make()))
        a = original.gsub(a, "to '%?'", "to '" .. name .. "'")
        if a ~= b then error(name .. "(" .. told(make()) .. "):\n  Lua " .. a .. "\n  ours " .. b, 0) end
    end
"#;

#[test]
fn patterns_match_like_lua() {
    let lua = lua(|| Ok(()));
    lua.load(COMPARE).exec().unwrap();
    lua.load(
        r#"
        math.randomseed(1)
        local pieces = {
            "a", "b", "ab", ".", "%a", "%A", "%d", "%s", "%w", "%W", "%x", "%p", "%z", "%%", "%.", "[ab]", "[^a]", "[a-c%d]", "[]]", "[^]]",
            "[a-]", "[%a-z]", "*", "+", "-", "?", "(", ")", "()", "%1", "%2", "%b()", "%bab", "%f[%w]", "%f[^a]", "^", "$", "[", "]", "%", "%b",
            "%f", "\0",
        }
        local letters = { "a", "b", "c", "A", "1", " ", "(", ")", "]", "-", ".", "%", "\n", "\0", "\255" }
        local function any(of, most)
            local parts = {}
            for at = 1, math.random(0, most) do parts[at] = of[math.random(#of)] end
            return original.concat(parts)
        end
        local inits = { 1, 2, 0, -1, -3, 5, 100 }
        local replacements = { "<%0>", "%1", "%2%1", "%%", "x", "%", "%x", 7 }
        local function all(gmatch)
            return function(...)
                local found = {}
                for a, b in gmatch(...) do found[#found + 1] = tostring(a) .. "/" .. tostring(b) end
                return original.concat(found, " ")
            end
        end
        original.all = all(original.gmatch)
        for _ = 1, 30000 do
            local s, p, init = any(letters, 8), any(pieces, 5), inits[math.random(#inits)]
            local with = replacements[math.random(#replacements)]
            local given = function() return s, p, init end
            compare("find", string.find, given)
            compare("find", string.find, function() return s, p, init, true end)
            compare("match", string.match, given)
            compare("all", all(string.gmatch), given)
            compare("gsub", string.gsub, function() return s, p, with end)
            compare("gsub", string.gsub, function() return s, p, function(a, b) return b or a and "[" .. a .. "]" end, 2 end)
            compare("gsub", string.gsub, function() return s, p, { a = "1", ab = 2, b = false, [1] = "place" } end)
        end
        "#,
    )
    .exec()
    .unwrap();
}

#[test]
fn validates_arguments_like_lua() {
    let lua = lua(|| Ok(()));
    lua.load(COMPARE).exec().unwrap();
    lua.load(
        r#"
        local values = { 1, 2.5, "2", "x", "", -1, 0, true, {}, { 1, 2, 3 }, { "b", "a" }, print, math.maxinteger, math.mininteger, 3.0, "0x2" }
        local names = { "find", "match", "gsub", "insert", "remove", "move", "sort", "concat" }
        local function of(name) return string[name] or table[name] end
        local function copy(value)
            if type(value) ~= "table" then return value end
            return { original.unpack(value) }
        end
        for _, name in ipairs(names) do
            compare(name, of(name), function() end)
            compare(name, of(name), function() return nil, nil end)
            for _, a in ipairs(values) do
                compare(name, of(name), function() return copy(a) end)
                for _, b in ipairs(values) do
                    compare(name, of(name), function() return copy(a), copy(b) end)
                    for _, c in ipairs(values) do
                        -- The original does not terminate with the largest numbers.
                        if name ~= "move" and not (name == "concat" and math.type(c) == "integer" and c > 9) then
                            compare(name, of(name), function() return copy(a), copy(b), copy(c) end)
                        end
                    end
                end
            end
        end
        local function moved(move)
            return function(t, first, last, at, to)
                local result = move(t, first, last, at, to)
                return result, t, result == t
            end
        end
        original.moved = moved(original.move)
        for first = -1, 4 do
            for last = -1, 4 do
                for at = -1, 5 do
                    compare("moved", moved(table.move), function() return { 1, 2, 3 }, first, last, at end)
                    compare("moved", moved(table.move), function() return { 1, 2, 3 }, first, last, at, { 9 } end)
                end
            end
        end
        local function sorted(sort)
            return function(t, before)
                sort(t, before)
                return t
            end
        end
        original.sorted = sorted(original.sort)
        compare("sorted", sorted(table.sort), function() return { 3, 1, 2 } end)
        compare("sorted", sorted(table.sort), function() return { 3, 1, 2 }, function(a, b) return a > b end end)
        compare("setmetatable", setmetatable, function() return 1, {} end)
        compare("setmetatable", setmetatable, function() return {} end)
        compare("setmetatable", setmetatable, function() return {}, 1 end)
        compare("setmetatable", setmetatable, function() return original.setmetatable({}, { __metatable = 1 }), {} end)
        assert(getmetatable(setmetatable({}, { __index = 7 })).__index == 7)
        local run = false
        local meta = { __gc = function() run = true end }
        setmetatable({}, meta)
        collectgarbage()
        assert(not run and meta.__gc)
        assert(getmetatable(setmetatable(setmetatable({}, {}), nil)) == nil)
        "#,
    )
    .exec()
    .unwrap();
}

#[test]
fn errors_name_their_position() {
    let lua = lua(|| Ok(()));
    for code in [
        "local x = string.find('a', '[')",
        "local x = ('a'):match(nil)",
        "local x = ('a'):gsub('a', '%2')",
        "for a in ('a'):gmatch('%') do end",
        "table.insert({}, 5, 5)",
        "return setmetatable(5, {})",
    ] {
        let error = lua.load(code).set_name("=here").exec().unwrap_err().to_string();
        assert!(error.contains("here:1:"), "{code}: {error}");
    }
}

#[test]
fn interrupts_endless_calls() {
    for code in [
        "string.find(('a'):rep(40), ('a?'):rep(40) .. ('a'):rep(41))",
        "string.match(('a'):rep(200000), '.-.-.-.-b')",
        "string.gsub(('a'):rep(200000), '(.-)(.-)(.-)b', '')",
        "for _ in string.gmatch(('a'):rep(200000), '.-.-.-b') do end",
        "string.find(('a'):rep(1e6), '[' .. ('b'):rep(1e6) .. ']')",
        "local s = ('a'):rep(1e7) while true do s:find('b', 1, true) end",
        "table.move({}, 1, math.maxinteger - 1, 2)",
        "table.remove(setmetatable({}, { __len = function() return 1 << 60 end }), 1)",
        "table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, 1)",
        "table.sort(setmetatable({}, { __len = function() return 1 << 30 end }), rawequal)",
        "setmetatable({}, { __gc = function() while true do end end }) while true do end",
        "while true do collectgarbage() end",
    ] {
        let late = Arc::new(AtomicBool::new(false));
        let watched = Arc::clone(&late);
        let begun = Instant::now();
        let check = move || {
            if begun.elapsed() < Duration::from_millis(50) {
                return Ok(());
            }
            watched.store(true, Ordering::Relaxed);
            Err(mlua::Error::runtime("it is late"))
        };
        let lua = lua(check.clone());
        let triggers = HookTriggers::new().every_nth_instruction(1000);
        lua.set_global_hook(triggers, move |_, _| check().map(|()| VmState::Continue))
            .unwrap();
        assert!(lua.load(code).exec().is_err(), "{code}");
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{code}: {:?}",
            begun.elapsed()
        );
        assert!(late.load(Ordering::Relaxed), "{code} ended by itself");
    }
}
