//! The state of one JavaScript environment: its two channels and its clients.

mod dispatch;
mod gathering;
mod reusable_buffers;
mod start;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use crate::catalog::commands as catalog;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::guard::guard_async;
use crate::common::runtime;
use crate::environment::dispatch::Dispatcher;
use crate::environment::reusable_buffers::ReusableBuffers;
use crate::policy::client::ClientConfig;
use crate::requests::{BlockReader, Body, Call, Channel, NextSweep, ReplyGuard, Request, TraceContext, TransactionRef};
use crate::telemetry::{metrics, observers, tracing};
use crate::wire::Writer;

/// Maximum interval between two checks of the deadlines. The next known deadline is checked when it is due.
const SWEEP: Duration = Duration::from_millis(5);

/// How long the spans of an environment that ends may take to be exported.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// The state of one JavaScript environment.
pub struct Environment {
    /// Replies of asynchronous calls, which wake JavaScript.
    pub channel: Arc<Channel>,
    /// Replies of blocking calls, for which the JavaScript thread waits.
    pub blocking: Arc<Channel>,
    clients: Arc<Mutex<HashMap<u32, Dispatcher>>>,
    next: Arc<AtomicU32>,
    sweeping: AtomicBool,
    /// Whether this session uses the process-wide tracer.
    tracing: AtomicBool,
    /// Memory to reuse for the results of requests that are not submitted yet.
    pub reusable: ReusableBuffers,
    /// Whether this session uses the process-wide metrics server.
    serving: Arc<AtomicBool>,
}

fn lock(clients: &Mutex<HashMap<u32, Dispatcher>>) -> MutexGuard<'_, HashMap<u32, Dispatcher>> {
    clients.lock()
}

impl Environment {
    /// Creates a session whose replies go to `channel`, or to `blocking` for blocking calls.
    pub fn new(channel: Arc<Channel>, blocking: Arc<Channel>) -> Self {
        Environment {
            channel,
            blocking,
            clients: Arc::default(),
            next: Arc::new(AtomicU32::new(1)),
            sweeping: AtomicBool::new(false),
            tracing: AtomicBool::new(false),
            reusable: ReusableBuffers::default(),
            serving: Arc::default(),
        }
    }

    /// Whether nothing is left that can produce a reply.
    pub fn is_idle(&self) -> bool {
        lock(&self.clients).is_empty()
            && !self.serving.load(Ordering::Acquire)
            && !self.tracing.load(Ordering::Acquire)
            && self.channel.is_idle()
            && self.blocking.is_idle()
    }

    /// The open client with this number.
    pub fn client(&self, id: u32) -> Option<Arc<Client>> {
        lock(&self.clients)
            .get(&id)
            .map(|dispatcher| Arc::clone(dispatcher.client()))
    }

    /// Accepts a block of requests; each gets exactly one reply on `channel`.
    ///
    /// # Errors
    /// The block is malformed, the environment is closed, or there is no runtime. Then no request of the block is
    /// accepted.
    pub fn submit(&self, channel: &Arc<Channel>, id: u32, block: &[u8]) -> Result<(), Failure> {
        let runtime = runtime::handle()?;
        let now = Instant::now();
        let block: Arc<[u8]> = Arc::from(block);
        let observed = observers::any();
        let tracing = observed && self.tracing.load(Ordering::Relaxed);
        let server = tracing
            .then(|| self.client(id))
            .flatten()
            .map(|client| Arc::clone(&client.server));
        let mut requests = Vec::new();
        let mut parts = Vec::new();
        let mut entries = BlockReader::new(&block);
        while let Some(entry) = entries.next_entry()? {
            let reused = entry.reuse.and_then(|number| self.reusable.take(number));
            // Here, and not when the command starts: an abort that follows waits for it.
            let entered = entry.transaction.and_then(|TransactionRef { number, timeout }| {
                self.client(id).map(|client| client.transactions.enter(number, timeout))
            });
            let body = Body {
                block: Arc::clone(&block),
                range: entry.body,
                command: entry.command,
                variant: entry.variant(),
            };
            let mut request = Request::new(entry.slot, id, entry.writes(), entry.timeout_ms, now, body);
            if observed && catalog::is_reported(entry.command) {
                let traced = (tracing && !entry.parent.is_some_and(|parent| parent.forbids())).then(|| TraceContext {
                    server: server.clone(),
                    parent: entry.parent,
                });
                request = request.observed(traced);
            }
            if let Some(Ok(entered)) = &entered {
                request = request.in_transaction(Arc::clone(entered.transaction()));
            }
            requests.push(request);
            parts.push((entry.command, entry.policy, entry.quiet(), reused, entered));
        }
        if !channel.accept(&requests) {
            return Err(Failure::client("this JavaScript environment is shutting down"));
        }
        let _entered = runtime.enter();
        self.sweep_deadlines();
        let mut calls = Vec::with_capacity(parts.len());
        let mut closes = Vec::new();
        for ((command, policy, quiet, reused, entered), request) in parts.into_iter().zip(requests) {
            let transaction = match entered.transpose() {
                Ok(transaction) => transaction,
                Err(refusal) => {
                    channel.fail(&request, refusal);
                    continue;
                }
            };
            let call = Call {
                command,
                policy,
                reusable: Mutex::new(reused),
                quiet,
                permit: Mutex::default(),
                transaction,
                reply: ReplyGuard::new(Arc::clone(channel), request),
            };
            match command {
                catalog::CONNECT => self.connect(call),
                catalog::RECONNECT => self.reconnect(id, call),
                catalog::CLOSE => closes.push(call),
                catalog::START_METRICS_SERVER => self.start_metrics_server(call),
                catalog::STOP_METRICS_SERVER => self.stop_metrics_server(call),
                catalog::SHUTDOWN_TRACING => self.shutdown_tracing(call),
                _ => calls.push(call),
            }
        }
        self.enqueue(id, calls);
        // Requests that precede a close in its block run before it.
        for call in closes {
            self.close_client(id, call);
        }
        Ok(())
    }

    fn enqueue(&self, id: u32, calls: Vec<Call>) {
        if calls.is_empty() {
            return;
        }
        let dispatcher = lock(&self.clients).get(&id).cloned();
        let Some(dispatcher) = dispatcher else {
            for call in calls {
                call.channel()
                    .fail(call.request(), Failure::closed("the client is closed"));
            }
            return;
        };
        dispatcher.submit(calls);
    }

    fn connect(&self, call: Call) {
        let clients = Arc::clone(&self.clients);
        let next = Arc::clone(&self.next);
        tokio::spawn(async move {
            let began = Instant::now();
            let start = async {
                let config = ClientConfig::read(&mut call.reader())?;
                Client::connect(config).await
            };
            let outcome = guard_async(std::pin::pin!(start)).await.and_then(|outcome| outcome);
            let (channel, request) = (call.channel(), call.request());
            let client = match outcome {
                Ok(connected) => connected,
                Err(failure) => {
                    log::warn!("{}", failure.message);
                    return channel.fail(request, failure);
                }
            };
            if request.cancelled().is_some() {
                client.close(Duration::ZERO, || ()).await;
                return channel.fail(request, Failure::client("the connect was aborted"));
            }
            let id = next.fetch_add(1, Ordering::Relaxed);
            let max_commands = client.max_commands();
            log::info!(
                "client {id}: connected in {} ms to {}",
                began.elapsed().as_millis(),
                client.core.node_names().join(", ")
            );
            let ttl = client.session_ttl;
            lock(&clients).insert(id, Dispatcher::start(client));
            channel.reply(request, |out, _| {
                out.put_u32(id);
                out.put_u32(max_commands);
                out.put_u32(ttl);
                Ok(())
            });
        });
    }

    /// Connects a client again, and lets the new connections take over.
    fn reconnect(&self, id: u32, call: Call) {
        let clients = Arc::clone(&self.clients);
        tokio::spawn(async move {
            let (channel, request) = (call.channel(), call.request());
            let former = lock(&clients)
                .get(&id)
                .map(|dispatcher| Arc::clone(dispatcher.client()));
            let start = async {
                let former = former.ok_or_else(|| Failure::client("the client is closed"))?;
                former.reconnect(ClientConfig::read(&mut call.reader())?).await
            };
            let outcome = guard_async(std::pin::pin!(start)).await.and_then(|outcome| outcome);
            let client = match outcome {
                Ok(client) => client,
                Err(failure) => {
                    log::warn!("client {id}: {}", failure.message);
                    return channel.fail(request, failure);
                }
            };
            let ttl = client.session_ttl;
            let replaced = {
                let mut clients = lock(&clients);
                clients
                    .get_mut(&id)
                    .map(|dispatcher| std::mem::replace(dispatcher, Dispatcher::start(client)))
            };
            if replaced.is_none() {
                return channel.fail(
                    request,
                    Failure::client("the client was closed while it connected again"),
                );
            }
            log::info!("client {id}: connected again");
            channel.reply(request, |out, _| {
                out.put_u32(ttl);
                Ok(())
            });
        });
    }

    fn close_client(&self, id: u32, call: Call) {
        let dispatcher = lock(&self.clients).remove(&id);
        let channel = Arc::clone(&self.channel);
        tokio::spawn(async move {
            if let Some(dispatcher) = dispatcher {
                let timeout = call.reader().u32().unwrap_or(0);
                dispatcher
                    .client()
                    .close(Duration::from_millis(u64::from(timeout)), || channel.end_client(id))
                    .await;
                log::info!("client {id}: closed");
            }
            call.channel().reply(call.request(), |_, _| Ok(()));
        });
    }

    fn start_metrics_server(&self, call: Call) {
        let serving = Arc::clone(&self.serving);
        tokio::spawn(async move {
            let start = async {
                let mut reader = call.reader();
                let host = reader.text()?.to_owned();
                let port = reader.u16()?;
                metrics::start_server(metrics::Address { host, port }, &serving).await
            };
            let outcome = start.await;
            let answered = call.channel().answer(call.request(), |out, _| {
                let bound = outcome?;
                out.put_text(&bound.ip().to_string());
                out.put_u16(bound.port());
                Ok(())
            });
            if !answered {
                // The environment ended while the server was starting.
                metrics::stop_server(&serving).await;
            }
        });
    }

    fn stop_metrics_server(&self, call: Call) {
        let serving = Arc::clone(&self.serving);
        tokio::spawn(async move {
            metrics::stop_server(&serving).await;
            call.channel().reply(call.request(), |_, _| Ok(()));
        });
    }

    /// Starts to create spans. Returns false if this session already does.
    ///
    /// # Errors
    /// No exporter can be created from the configuration.
    pub fn init_tracing(&self, config: tracing::Config) -> Result<bool, Failure> {
        if self.tracing.swap(true, Ordering::AcqRel) {
            return Ok(false);
        }
        tracing::start_use(config, Arc::downgrade(&self.channel))
            .inspect_err(|_| self.tracing.store(false, Ordering::Release))?;
        Ok(true)
    }

    fn shutdown_tracing(&self, call: Call) {
        let used = self.tracing.swap(false, Ordering::AcqRel);
        // Ended here and not in the task: tracing may begin anew before the task runs.
        let ended = used.then(tracing::end_use);
        tokio::spawn(async move {
            if let Some(ended) = ended {
                let timeout = call.reader().u32().unwrap_or(0);
                ended.flush(Duration::from_millis(u64::from(timeout))).await;
            }
            call.channel().reply(call.request(), |_, _| Ok(()));
        });
    }

    /// Closes a client whose JavaScript object was garbage-collected.
    pub fn abandon(&self, id: u32) {
        let Some(dispatcher) = lock(&self.clients).remove(&id) else {
            return;
        };
        log::warn!("client {id} was dropped without close(); it is closed now");
        if let Ok(runtime) = runtime::handle() {
            runtime.spawn(async move { dispatcher.client().close(Duration::ZERO, || ()).await });
        }
    }

    /// Ends the session with its environment: replies are no longer sent, and every client is closed.
    pub fn close(&self) {
        self.channel.close();
        self.blocking.close();
        self.reusable.clear();
        if self.serving.load(Ordering::Acquire)
            && let Ok(runtime) = runtime::handle()
        {
            let serving = Arc::clone(&self.serving);
            runtime.spawn(async move { metrics::stop_server(&serving).await });
        }
        if self.tracing.swap(false, Ordering::AcqRel)
            && let Ok(runtime) = runtime::handle()
        {
            runtime.spawn(tracing::end_use().flush(EXPORT_TIMEOUT));
        }
        let dispatchers: Vec<_> = lock(&self.clients).drain().map(|(_, dispatcher)| dispatcher).collect();
        if dispatchers.is_empty() {
            return;
        }
        if let Ok(runtime) = runtime::handle() {
            for dispatcher in dispatchers {
                runtime.spawn(async move { dispatcher.client().close(Duration::ZERO, || ()).await });
            }
        }
    }

    /// Starts one deadline sweep per channel. A sweep sleeps while no request is pending and ends with its channel.
    fn sweep_deadlines(&self) {
        if self.sweeping.swap(true, Ordering::AcqRel) {
            return;
        }
        for channel in [&self.channel, &self.blocking] {
            tokio::spawn(sweep(Arc::downgrade(channel)));
        }
    }
}

/// Runs if JavaScript dropped the session: its evaluation of the package was collected, or its environment ended while
/// the session was closed.
impl Drop for Environment {
    fn drop(&mut self) {
        self.close();
    }
}

async fn sweep(channel: Weak<Channel>) {
    let mut next = NextSweep { idle: true, due: None };
    while let Some(channel) = channel.upgrade() {
        if next.idle {
            if !channel.busy().await {
                return;
            }
        } else {
            let latest = Instant::now() + SWEEP;
            tokio::time::sleep_until(next.due.map_or(latest, |due| due.min(latest)).into()).await;
        }
        next = channel.sweep(Instant::now());
    }
}
