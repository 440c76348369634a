//! Time limits: ends functions that run too long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mlua::{HookTriggers, Lua, VmState};
use parking_lot::Mutex;

/// Time limit for the code that a module runs when it is loaded.
pub(super) const LOADING: Duration = Duration::from_secs(1);

/// Number of instructions between checks of the clock. A single instruction that joins long strings can take
/// milliseconds.
const INSTRUCTIONS: u32 = 1000;

/// The error that ends a function after its time limit. Lua code can catch it, but the next check raises it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UDF Execution Timeout")
    }
}

impl std::error::Error for TooLong {}

/// The deadline of the running function.
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

    pub(super) fn start(&self, time: Duration) {
        *self.0.lock() = Instant::now().checked_add(time);
    }

    pub(super) fn is_over(&self) -> bool {
        let end = *self.0.lock();
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
