//! The process-wide Tokio runtime. It is created at the first connect and never shut down: at `process.exit` its
//! threads end with the process, and a terminated worker_thread must not stop the I/O of other environments.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::common::errors::Failure;
use crate::common::thread_stacks;

static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// Number of threads of the runtime: one core stays free for the event loop. On a machine of two cores, a second thread
/// only adds wakeups: measured there, every suite of the benchmark took more CPU time with it, and none was faster.
pub fn workers() -> usize {
    let asked = std::env::var("AEROSPIKE_RUNTIME_WORKERS")
        .ok()
        .and_then(|text| text.parse::<usize>().ok());
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    asked
        .unwrap_or_else(|| cores.saturating_sub(1).clamp(1, 4))
        .clamp(1, 64)
}

/// Number of tasks that have not ended.
pub fn tasks() -> usize {
    match RUNTIME.get() {
        Some(Ok(runtime)) => runtime.metrics().num_alive_tasks(),
        _ => 0,
    }
}

/// The handle of the runtime, which is created on the first call.
///
/// # Errors
/// The operating system cannot create the threads.
pub fn handle() -> Result<Handle, Failure> {
    RUNTIME
        .get_or_init(|| {
            let workers = workers();
            Builder::new_multi_thread()
                .worker_threads(workers)
                .thread_name("aerospike")
                .thread_stack_size(thread_stacks::size(workers))
                .enable_all()
                .build()
                .map_err(|error| error.to_string())
        })
        .as_ref()
        .map(|runtime| runtime.handle().clone())
        .map_err(|reason| Failure::client(format!("the I/O threads could not be started: {reason}")))
}
