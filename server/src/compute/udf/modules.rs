//! Registered modules, and a cache of interpreters that have them loaded.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::lua::{self, Interpreter, NO_MODULE, SyntaxError};
use super::source::Source;
use super::{Failure, OpenRecord, Shared, Value};

/// File name extension of modules.
const EXTENSION: &str = ".lua";

/// Maximum number of idle interpreters per module.
const MAX_IDLE: usize = 8;

/// The registered modules.
#[derive(Debug, Default)]
pub struct Modules {
    registered: Arc<RwLock<Vec<Source>>>,
    /// Incremented by each registration and removal.
    version: AtomicU64,
    idle: Mutex<Idle>,
}

/// Idle interpreters by module, all for the same version of the modules.
#[derive(Debug, Default)]
struct Idle {
    version: u64,
    interpreters: HashMap<Box<str>, Vec<Interpreter>>,
}

impl Modules {
    /// All modules, in the order of their first registration.
    #[must_use]
    pub fn all(&self) -> Vec<Source> {
        self.registered.read().clone()
    }

    /// A module by file name.
    #[must_use]
    pub fn get(&self, file: &str) -> Option<Source> {
        find(&self.registered, file)
    }

    /// Registers a module, or replaces the one with the same file name.
    ///
    /// # Errors
    /// Returns the first syntax error.
    pub fn put(&self, module: Source) -> Result<(), SyntaxError> {
        lua::check(&module, self.finder())?;
        let mut registered = self.registered.write();
        match registered.iter_mut().find(|known| known.file == module.file) {
            Some(known) => *known = module,
            None => registered.push(module),
        }
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Removes a module. Returns false if it does not exist.
    pub fn remove(&self, file: &str) -> bool {
        let mut registered = self.registered.write();
        let before = registered.len();
        registered.retain(|module| &*module.file != file);
        self.version.fetch_add(1, Ordering::Release);
        registered.len() < before
    }

    /// Discards idle interpreters.
    pub fn clear_cache(&self) {
        self.version.fetch_add(1, Ordering::Release);
    }

    /// Applies a module's function to a record.
    ///
    /// # Errors
    /// Returns an error if the function does not exist or fails.
    pub fn apply(
        &self,
        module: &str,
        function: &str,
        record: &Shared<OpenRecord>,
        arguments: Vec<Value>,
        timeout: Duration,
    ) -> Result<Value, Failure> {
        self.with(module, |interpreter| {
            interpreter.apply(function, record, arguments, timeout)
        })
    }

    /// Applies a module's function to a stream of records and returns the results.
    ///
    /// # Errors
    /// Returns an error if the function does not exist or fails.
    pub fn apply_to_stream(
        &self,
        module: &str,
        function: &str,
        records: Vec<OpenRecord>,
        arguments: &[Value],
        timeout: Duration,
    ) -> Result<Vec<Value>, Failure> {
        self.with(module, |interpreter| {
            interpreter.apply_to_stream(function, records, arguments, timeout)
        })
    }

    /// Runs `work` with an interpreter that has the module loaded.
    fn with<T>(&self, module: &str, work: impl FnOnce(&Interpreter) -> Result<T, Failure>) -> Result<T, Failure> {
        let version = self.version.load(Ordering::Acquire);
        let interpreter = match self.take(module, version) {
            Some(interpreter) => interpreter,
            None => self.load(module)?,
        };
        let result = block_in_place(|| work(&interpreter));
        if !interpreter.is_unusable() {
            self.return_idle(module, version, interpreter);
        }
        result
    }

    fn take(&self, module: &str, version: u64) -> Option<Interpreter> {
        let mut idle = self.idle.lock();
        if idle.version < version {
            idle.interpreters.clear();
            idle.version = version;
        }
        if idle.version != version {
            return None;
        }
        idle.interpreters.get_mut(module)?.pop()
    }

    fn return_idle(&self, module: &str, version: u64, interpreter: Interpreter) {
        let mut idle = self.idle.lock();
        if idle.version != version {
            return;
        }
        let waiting = idle.interpreters.entry(module.into()).or_default();
        if waiting.len() < MAX_IDLE {
            waiting.push(interpreter);
        }
    }

    fn load(&self, module: &str) -> Result<Interpreter, Failure> {
        let find = self.finder();
        let source = find(module).ok_or_else(|| Failure::new(NO_MODULE))?;
        Interpreter::new(&source, find)
    }

    /// A function that looks up modules by name.
    fn finder(&self) -> impl Fn(&str) -> Option<Source> + Send + 'static {
        let registered = Arc::clone(&self.registered);
        move |name| find(&registered, &format!("{name}{EXTENSION}"))
    }
}

/// Runs work that may take long without blocking the worker for other connections.
fn block_in_place<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

fn find(registered: &RwLock<Vec<Source>>, file: &str) -> Option<Source> {
    let registered = registered.read();
    registered.iter().find(|module| &*module.file == file).cloned()
}
