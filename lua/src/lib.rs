//! Interruptible versions of Lua's standard library functions.
//!
//! A debug hook can stop Lua code, but not functions that loop in C: a pattern that backtracks for hours,
//! `table.move` over 2^60 elements, or a finaliser (`__gc`), during which hooks are disabled. [`install`]
//! replaces the functions that can run long with versions that check periodically whether to continue.
//! Finalisers never run.

mod matcher;

use mlua::{Function, IntoLua, Lua, MultiValue, Table};

use matcher::{Capture, Found, Matcher, Stop};

const LIBRARIES: &str = include_str!("libraries.lua");

/// The characters with a special meaning in patterns.
const SPECIAL: &[u8] = b"^$*+?.([%-";

/// The metatable field that holds a finaliser.
const FINALISER: &str = "__gc";

/// Number of bytes to search between checks.
const PIECE: usize = 1 << 20;

/// Replaces the functions. They call `go_on` periodically; if it returns an error, the running function fails
/// with it.
///
/// # Errors
/// Returns an error if Lua is out of memory.
pub fn install(lua: &Lua, go_on: impl Fn() -> mlua::Result<()> + Clone + Send + 'static) -> mlua::Result<()> {
    let asked = go_on.clone();
    let check = lua.create_function(move |_, ()| asked())?;
    let asked = go_on.clone();
    let plain = lua.create_function(move |lua, (text, part, from): (mlua::String, mlua::String, usize)| {
        let found = find_plain(&text.as_bytes(), &part.as_bytes(), from - 1, &asked)?;
        places(lua, found)
    })?;
    let scan = lua.create_function(move |lua, args: Scan| scan(lua, &args, &go_on))?;
    let name_of = lua.create_function(|_, value: mlua::Value| Ok(name_of(&value)))?;
    let replace: Function = lua.load(LIBRARIES).set_name("=libraries").into_function()?;
    replace.call::<()>((scan, plain, check, name_of))?;
    lua.globals().set(
        "setmetatable",
        lua.create_function(|lua, values: MultiValue| set_metatable(lua, &values.into_vec()))?,
    )
}

/// `setmetatable` without finalisers: code that runs when a value is collected cannot be interrupted.
fn set_metatable(lua: &Lua, values: &[mlua::Value]) -> mlua::Result<Table> {
    let expected = |n: usize, what: &str| {
        let got = values.get(n - 1).map_or_else(|| "no value".to_owned(), name_of);
        error(
            lua,
            &format!("bad argument #{n} to 'setmetatable' ({what} expected, got {got})"),
        )
    };
    let Some(mlua::Value::Table(table)) = values.first() else {
        return Err(expected(1, "table"));
    };
    let meta = match values.get(1) {
        Some(mlua::Value::Nil) => None,
        Some(mlua::Value::Table(meta)) => Some(meta.clone()),
        _ => return Err(expected(2, "nil or table")),
    };
    let has = |meta: &Table, name: &str| Ok::<_, mlua::Error>(!meta.raw_get::<mlua::Value>(name)?.is_nil());
    if table
        .metatable()
        .is_some_and(|old| has(&old, "__metatable").unwrap_or(true))
    {
        return Err(error(lua, "cannot change a protected metatable"));
    }
    let Some(meta) = meta else {
        table.set_metatable(None)?;
        return Ok(table.clone());
    };
    // Lua detects a finaliser only when the metatable is set.
    let finaliser: mlua::Value = meta.raw_get(FINALISER)?;
    if finaliser.is_nil() {
        table.set_metatable(Some(meta))?;
    } else {
        meta.raw_set(FINALISER, mlua::Value::Nil)?;
        table.set_metatable(Some(meta.clone()))?;
        meta.raw_set(FINALISER, finaliser)?;
    }
    Ok(table.clone())
}

/// An error that includes the position of the call.
fn error(lua: &Lua, message: &str) -> mlua::Error {
    let place = lua.inspect_stack(1, |debug| {
        let source = debug.source().short_src.map(std::borrow::Cow::into_owned);
        Some((source?, debug.current_line()?))
    });
    mlua::Error::runtime(match place.flatten() {
        Some((source, line)) => format!("{source}:{line}: {message}"),
        None => message.to_owned(),
    })
}

/// The name of a value's type in error messages.
fn name_of(value: &mlua::Value) -> String {
    let own = match value {
        mlua::Value::UserData(data) => data.type_name().ok().flatten(),
        mlua::Value::Table(table) => {
            let name = table
                .metatable()
                .and_then(|meta| meta.raw_get::<mlua::Value>("__name").ok());
            name.and_then(|name| name.as_string().map(mlua::String::to_string_lossy))
        }
        _ => None,
    };
    own.unwrap_or_else(|| match value {
        // Lua has a single number type.
        mlua::Value::Integer(_) => "number".to_owned(),
        value => value.type_name().to_owned(),
    })
}

/// Arguments of `scan`: text, pattern, start position, whether the match is anchored, position where no match
/// may end, and what to return: false for positions and captures, true for the whole match or the captures,
/// "all" for both (unfinished captures are false).
type Scan = (mlua::String, mlua::String, usize, bool, Option<usize>, mlua::Value);

fn scan(lua: &Lua, args: &Scan, go_on: &impl Fn() -> mlua::Result<()>) -> mlua::Result<MultiValue> {
    let (text, pattern, from, anchors, not_at, wanted) = args;
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let from = from - 1;
    let places_wanted = matches!(wanted, mlua::Value::Boolean(false));
    if places_wanted && !pattern.iter().any(|byte| SPECIAL.contains(byte)) {
        return places(lua, find_plain(&text, &pattern, from, go_on)?);
    }
    let anchored = *anchors && pattern.first() == Some(&b'^');
    let rest = pattern.get(usize::from(anchored)..).unwrap_or_default();
    let found = match Matcher::new(&text, rest, go_on).find(from, anchored, *not_at) {
        Ok(Some(found)) => found,
        Ok(None) => return places(lua, None),
        Err(Stop::Pattern(malformed)) => return failure(lua, &malformed.to_string()),
        Err(Stop::Ended(error)) => return Err(error),
    };
    let part = |start: usize, end: usize| lua.create_string(text.get(start..end).unwrap_or_default());
    let Found { start, end, captures } = found;
    let mut answer = vec![mlua::Value::Boolean(true), integer(start + 1), integer(end)];
    let all = matches!(wanted, mlua::Value::String(_));
    if all || captures.is_empty() && !places_wanted {
        answer.push(mlua::Value::String(part(start, end)?));
    }
    for capture in captures {
        answer.push(match capture {
            Capture::Part { start, end } => mlua::Value::String(part(start, end)?),
            Capture::Place(at) => integer(at + 1),
            Capture::Unfinished if all => mlua::Value::Boolean(false),
            Capture::Unfinished => return failure(lua, "unfinished capture"),
        });
    }
    Ok(answer.into_iter().collect())
}

/// Searches for a literal byte string. Returns its start and end.
fn find_plain(
    text: &[u8],
    part: &[u8],
    from: usize,
    go_on: &impl Fn() -> mlua::Result<()>,
) -> mlua::Result<Option<(usize, usize)>> {
    let finder = memchr::memmem::Finder::new(part);
    let mut at = from;
    loop {
        let end = text.len().min(at + PIECE + part.len());
        let Some(piece) = text.get(at..end) else {
            return Ok(None);
        };
        if let Some(found) = finder.find(piece) {
            return Ok(Some((at + found, at + found + part.len())));
        }
        if end == text.len() {
            return Ok(None);
        }
        go_on()?;
        // A match may start in this piece and end in the next.
        at += PIECE;
    }
}

fn places(lua: &Lua, found: Option<(usize, usize)>) -> mlua::Result<MultiValue> {
    let mut answer = vec![true.into_lua(lua)?];
    match found {
        Some((start, end)) => answer.extend([integer(start + 1), integer(end)]),
        None => answer.push(mlua::Value::Nil),
    }
    Ok(answer.into_iter().collect())
}

fn failure(lua: &Lua, message: &str) -> mlua::Result<MultiValue> {
    Ok([false.into_lua(lua)?, message.into_lua(lua)?].into_iter().collect())
}

/// A position in a text as a Lua integer. A text is always shorter than the largest integer.
fn integer(place: usize) -> mlua::Value {
    mlua::Value::Integer(i64::try_from(place).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
