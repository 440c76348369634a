//! The `aerospike-local` program.

mod cli;
mod report;

use std::io::ErrorKind;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aerospike_local::cluster::node::BUILD;
use aerospike_local::{LocalServer, control};
use cli::{Command, Options};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

/// Time to close connections on shutdown.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match cli::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", cli::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            println!("aerospike-local {} (build {BUILD})", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(options)) => serve(*options),
        Err(message) => {
            eprintln!("aerospike-local: {message} (--help lists the options)");
            ExitCode::from(2)
        }
    }
}

fn serve(options: Options) -> ExitCode {
    match start(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let hint = match error.kind() {
                ErrorKind::AddrInUse => "; --port chooses another port, and --port 0 a free one",
                _ => "",
            };
            eprintln!("aerospike-local: {error}{hint}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the process is asked to stop. Signals and standard input are handled by a separate runtime on
/// this thread, so the process can stop even if all threads that serve connections are busy.
fn start(options: Options) -> std::io::Result<()> {
    let serving = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.workers)
        .enable_all()
        .build()?;
    let control = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = control.block_on(run(options, serving.handle()));
    // Do not wait for a blocked read of standard input or for a busy worker.
    control.shutdown_background();
    serving.shutdown_background();
    result
}

async fn run(options: Options, serving: &Handle) -> std::io::Result<()> {
    let mut signals = Signals::new()?;
    let (stop_with_parent, controlled) = (options.stop_with_parent, options.control);
    let tls_directory = options.tls_directory;
    let server = on(serving, LocalServer::start(options.config)).await??;
    if let (Some(tls), Some(directory)) = (server.cluster().tls(), &tls_directory) {
        report::write_certificates(tls, directory)?;
    }
    report::ready(&server)?;
    let server = Arc::new(Mutex::new(server));
    tokio::select! {
        () = signals.any() => {}
        result = follow_input(serving, &server, controlled), if stop_with_parent || controlled => {
            result?;
            if !stop_with_parent {
                signals.any().await;
            }
        }
    }
    let stopping = on(serving, async move { server.lock().await.stop().await });
    // Connections that are still open end with the process.
    let _ = tokio::time::timeout(STOP_TIMEOUT, stopping).await;
    Ok(())
}

/// Runs a future on the runtime that serves connections.
async fn on<T: Send + 'static>(serving: &Handle, work: impl Future<Output = T> + Send + 'static) -> std::io::Result<T> {
    serving.spawn(work).await.map_err(std::io::Error::other)
}

/// Waits for a signal to stop.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Waits for a signal to stop.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn any(&mut self) {
        // Without a handler, the signal ends the process directly.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Executes the commands on standard input, if `controlled` is set, and prints one line per command. Returns at
/// the end of the input, which is reached when the parent process ends.
async fn follow_input(serving: &Handle, server: &Arc<Mutex<LocalServer>>, controlled: bool) -> std::io::Result<()> {
    let mut input = BufReader::new(tokio::io::stdin());
    let mut line = Vec::new();
    let mut count = 0u64;
    loop {
        line.clear();
        // Treat a read error like the end of the input.
        if !matches!(input.read_until(b'\n', &mut line).await, Ok(1..)) {
            return Ok(());
        }
        if !controlled {
            continue;
        }
        count += 1;
        let (server, text) = (Arc::clone(server), String::from_utf8_lossy(&line).into_owned());
        let performing = async move { control::perform(&mut *server.lock().await, &text).await };
        match on(serving, performing).await? {
            Ok(issued) => report::done(count, issued.as_ref())?,
            Err(message) => report::failed(count, message)?,
        }
    }
}
