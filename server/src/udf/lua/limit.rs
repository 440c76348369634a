//! Functions that take too long are ended.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mlua::{HookTriggers, Lua, VmState};

/// Time for what a module does when it is loaded.
pub(super) const LOADING: Duration = Duration::from_secs(1);

/// Instructions between two looks at the clock. One that joins long strings can take milliseconds.
const INSTRUCTIONS: u32 = 1000;

/// What ends a function that takes too long. Nothing in Lua can catch it for long.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UDF Execution Timeout")
    }
}

impl std::error::Error for TooLong {}

/// When the function that runs must be over.
#[derive(Debug, Clone)]
pub(super) struct Limit(Arc<Mutex<Option<Instant>>>);

impl Limit {
    pub(super) fn install(lua: &Lua) -> mlua::Result<Self> {
        let limit = Self(Arc::default());
        let watched = limit.clone();
        let triggers = HookTriggers::new().every_nth_instruction(INSTRUCTIONS);
        lua.set_global_hook(triggers, move |_, _| watched.check().map(|()| VmState::Continue))?;
        let watched = limit.clone();
        interruptible_lua::install(lua, move || watched.check())?;
        Ok(limit)
    }

    /// Begins to count.
    pub(super) fn start(&self, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now().checked_add(time);
    }

    pub(super) fn is_over(&self) -> bool {
        let end = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        end.is_some_and(|end| Instant::now() > end)
    }

    fn check(&self) -> mlua::Result<()> {
        if self.is_over() {
            Err(mlua::Error::external(TooLong))
        } else {
            Ok(())
        }
    }
}
