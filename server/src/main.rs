//! The `aerospike-local` program.

mod cli;

use std::io::Write;
use std::process::ExitCode;

use aerospike_local::LocalServer;
use aerospike_local::node::BUILD;
use cli::{Command, Options};
use tokio::io::AsyncReadExt;

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
            eprintln!("aerospike-local: {message}; --help tells more");
            ExitCode::from(2)
        }
    }
}

fn serve(options: Options) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.workers)
        .enable_all()
        .build();
    let result = runtime.and_then(|runtime| {
        let result = runtime.block_on(run(options));
        // A blocked read of the standard input must not keep the process.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aerospike-local: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> std::io::Result<()> {
    let mut signals = Signals::new()?;
    let stop_with_parent = options.stop_with_parent;
    let server = LocalServer::start(options.config).await?;
    announce(&server)?;
    tokio::select! {
        () = signals.any() => {}
        () = end_of_input(), if stop_with_parent => {}
    }
    server.stop().await;
    Ok(())
}

/// What asks a process to end.
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

/// What asks a process to end.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn any(&mut self) {
        // Without a handler the signal ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Prints the line that tells whoever started the server that it is ready, and where.
fn announce(server: &LocalServer) -> std::io::Result<()> {
    let address = server.address();
    // Namespace names need no escaping: the command line allows none that would.
    let namespaces: Vec<_> = server
        .node()
        .namespaces()
        .iter()
        .map(|namespace| format!("\"{}\"", namespace.name()))
        .collect();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{{\"event\":\"ready\",\"host\":\"{}\",\"port\":{},\"node\":\"{}\",\"build\":\"{BUILD}\",\
         \"namespaces\":[{}],\"pid\":{}}}",
        address.ip(),
        address.port(),
        server.node().id(),
        namespaces.join(","),
        std::process::id(),
    )?;
    out.flush()
}

/// Returns when the standard input ends, as it does when the process at its other end is gone.
async fn end_of_input() {
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 1024];
    while let Ok(1..) = input.read(&mut ignored).await {}
}
