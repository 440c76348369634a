//! A connected client: aerospike-core's client, the default policies, the admission limits, and the dispatcher that
//! starts the client's commands.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};

use crate::boundary::buffer::Aligned;
use crate::boundary::completion::Owed;
use crate::boundary::wire::Reader;
use crate::catalog;
use crate::commands;
use crate::commands::auto_batch::{self, Gather, Unit};
use crate::connect;
use crate::errors::Failure;
use crate::guard::guard_async;
use crate::limits::{Limits, Permit};
use crate::logging;
use crate::metrics;
use crate::nodes::{self, Nodes};
use crate::observe::Server;
use crate::policy::Defaults;
use crate::policy::client::ClientConfig;
use crate::pulls::Streams;

/// How long cancelled commands may take to end.
const END_PATIENCE: Duration = Duration::from_secs(1);

/// How long `close` waits for the core to close.
const CLOSE_PATIENCE: Duration = Duration::from_millis(500);

/// One command of a block of requests.
pub struct Job {
    /// Command number.
    pub command: u8,
    /// Length of the policy at the end of the body; 0 if unknown.
    pub policy: usize,
    /// Memory of a previous result to reuse for this one.
    pub spare: Mutex<Option<Aligned>>,
    /// Whether a logger made the call, so that it must not produce log lines.
    pub quiet: bool,
    /// The admission permit of the command.
    pub permit: Mutex<Option<Permit>>,
    /// The request, and the channel of its reply.
    pub owed: Owed,
}

impl Job {
    /// A reader at the start of the request's body.
    pub fn reader(&self) -> Reader<'_> {
        self.owed.request().body().reader()
    }

    /// Takes the memory to reuse, if there is any.
    pub fn take_spare(&self) -> Option<Aligned> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Releases the permit while the command waits for one node. Returns whether it held one.
    pub fn release(&self) -> bool {
        let mut permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner);
        permit.take().is_some()
    }

    /// Holds `permit` until the command ends.
    pub fn hold(&self, permit: Option<Permit>) {
        *self.permit.lock().unwrap_or_else(PoisonError::into_inner) = permit;
    }

    /// The bytes of the call's policy, if their length is known.
    pub fn policy_bytes(&self) -> Option<&[u8]> {
        let bytes = self.owed.request().body().bytes();
        let start = bytes.len().checked_sub(self.policy)?;
        bytes.get(start..).filter(|bytes| !bytes.is_empty())
    }
}

/// A connected client.
pub struct Client {
    /// aerospike-core's client.
    pub core: aerospike_core::Client,
    /// The default policies of calls.
    pub defaults: Defaults,
    /// The first seed host, for spans.
    pub server: Arc<Server>,
    /// The open streams.
    pub streams: Streams,
    /// Admission of commands to the client.
    pub limits: Limits,
    /// Admission of single-record commands to each node.
    pub nodes: Arc<Nodes>,
    /// Which calls are grouped into batches; `None` if automatic batching is off.
    gather: Option<Gather>,
    /// Number of submitted commands without an answer.
    active: AtomicUsize,
    /// Number of submitted commands that have not started.
    waiting: AtomicUsize,
    idle: Notify,
}

/// The sender to a client's dispatcher.
pub type Queue = mpsc::UnboundedSender<Vec<Job>>;

impl Client {
    /// Connects within the connect timeout of the configuration.
    ///
    /// # Errors
    /// No node is reachable, the cluster has another name, or the credentials are rejected.
    pub async fn connect(config: ClientConfig) -> Result<(Arc<Client>, Queue), Failure> {
        let ClientConfig {
            hosts,
            policy,
            connect_timeout,
            max_concurrent,
            gather,
            defaults,
            max_errors,
            error_window,
        } = config;
        let server = Arc::new(match hosts.first() {
            Some(host) => Server {
                address: Arc::from(host.name.as_str()),
                port: host.port,
            },
            None => Server {
                address: Arc::from(""),
                port: 0,
            },
        });
        let (pools, opened) = (policy.max_conns_per_node, policy.min_conns_per_node);
        let core = connect::connect(policy, hosts, connect_timeout).await?;
        let count = core.nodes().len().max(1);
        let most = match max_concurrent {
            0 => pools.max(1) * count,
            most => most as usize,
        };
        let (queue, jobs) = mpsc::unbounded_channel();
        let client = Arc::new(Client {
            core,
            defaults,
            server,
            streams: Streams::default(),
            limits: Limits::new(most, opened, count),
            nodes: Arc::new(Nodes::new(max_errors)),
            gather,
            active: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            idle: Notify::new(),
        });
        metrics::enter(&client);
        tokio::spawn(dispatch(Arc::clone(&client), jobs));
        tokio::spawn(nodes::watch(
            Arc::clone(&client.nodes),
            Arc::downgrade(&client),
            error_window,
        ));
        Ok((client, queue))
    }

    /// Maximum number of commands that run at once.
    pub fn most(&self) -> u32 {
        self.limits.most()
    }

    /// Numbers of running and of queued commands.
    pub fn load(&self) -> (usize, usize) {
        let waiting = self.waiting.load(Ordering::Relaxed) + self.nodes.waiting();
        (self.active.load(Ordering::Relaxed).saturating_sub(waiting), waiting)
    }

    fn retire(&self) {
        if self.active.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }

    /// Waits up to `patience` for the running commands, then cancels the rest with `end_rest`, and closes the core.
    ///
    /// Open streams end at once, because they might never be read again.
    pub async fn close(self: &Arc<Self>, patience: Duration, end_rest: impl FnOnce()) {
        self.streams.end_all();
        if tokio::time::timeout(patience, self.drained()).await.is_err() {
            end_rest();
            // A cancelled command drops its connection and answers at once.
            let _ = tokio::time::timeout(END_PATIENCE, self.drained()).await;
        }
        metrics::leave(self);
        self.nodes.close();
        // The core's close waits for its tend, which may wait for a silent server. After the timeout it continues in
        // the background.
        let client = Arc::clone(self);
        let closing = tokio::spawn(async move {
            let _ = client.core.close().await;
        });
        let _ = tokio::time::timeout(CLOSE_PATIENCE, closing).await;
    }

    async fn drained(&self) {
        loop {
            let idle = self.idle.notified();
            if self.active.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Queues commands in the order of the calls. A single command that is submitted while none waits starts directly:
    /// the dispatcher would cost a task switch, and no other command is overtaken.
    pub fn hand_over(self: &Arc<Self>, queue: &Queue, mut jobs: Vec<Job>) {
        self.active.fetch_add(jobs.len(), Ordering::AcqRel);
        if jobs.iter().any(|job| catalog::is_free(job.command)) {
            let (free, others): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| catalog::is_free(job.command));
            let now = Instant::now();
            for job in free {
                self.start(job, None, now);
            }
            if others.is_empty() {
                return;
            }
            jobs = others;
        }
        if jobs.len() == 1
            && self.waiting.load(Ordering::Acquire) == 0
            && let Some(permit) = try_enter(self, jobs[0].command)
            && let Some(job) = jobs.pop()
        {
            return self.start(job, Some(permit), Instant::now());
        }
        self.waiting.fetch_add(jobs.len(), Ordering::AcqRel);
        // If the dispatcher is gone, the dropped jobs answer with failures.
        let _ = queue.send(jobs);
    }

    fn start(self: &Arc<Self>, mut job: Job, permit: Option<Permit>, now: Instant) {
        let request = job.owed.request();
        if let Some(why) = request.cancelled() {
            job.owed.channel().fail(request, request.cancel_failure(why));
            self.retire();
            return;
        }
        request.begin(now);
        let client = Arc::clone(self);
        let counted = permit.is_some();
        *job.permit.get_mut().unwrap_or_else(PoisonError::into_inner) = permit;
        tokio::spawn(async move {
            if job.quiet {
                // Boxed, so that the tasks of other commands are not larger.
                Box::pin(logging::quietly(client.run(job))).await;
            } else {
                client.run(job).await;
            }
            // `run` dropped the permit together with the job.
            if counted {
                client.limits.widen();
            }
        });
    }

    /// Starts a group of calls as one batch.
    fn start_group(self: &Arc<Self>, jobs: Vec<Job>, permit: Option<Permit>) {
        let mut live = Vec::with_capacity(jobs.len());
        let now = Instant::now();
        for job in jobs {
            let request = job.owed.request();
            if let Some(why) = request.cancelled() {
                job.owed.channel().fail(request, request.cancel_failure(why));
                self.retire();
            } else {
                request.begin(now);
                live.push(job);
            }
        }
        let client = Arc::clone(self);
        tokio::spawn(async move {
            let jobs: Arc<[Job]> = live.into();
            let work = std::pin::pin!(auto_batch::run(&client, Arc::clone(&jobs)));
            // After a panic, each unanswered job is answered when its `Owed` is dropped.
            let _ = guard_async(work).await;
            for _ in jobs.iter() {
                client.retire();
            }
            drop(permit);
            client.limits.widen();
        });
    }

    async fn run(self: &Arc<Self>, job: Job) {
        let work = std::pin::pin!(commands::execute(self, &job));
        if let Err(panic) = guard_async(work).await {
            let request = job.owed.request();
            job.owed.channel().fail(request, panic.doubt(request.in_doubt()));
        }
        self.retire();
    }
}

/// Takes the permits of a command if they are free: one per node for a batch, else one.
fn try_enter(client: &Client, command: u8) -> Option<Permit> {
    if catalog::is_batch(command) {
        client.limits.try_enter_batch(client.core.nodes().len())
    } else {
        client.limits.try_enter(1)
    }
}

/// Starts commands in the order of the calls, each when a permit is free. Ends when the environment drops the client.
async fn dispatch(client: Arc<Client>, mut jobs: mpsc::UnboundedReceiver<Vec<Job>>) {
    while let Some(block) = jobs.recv().await {
        let Some(gather) = client.gather else {
            let mut now = Instant::now();
            for job in block {
                start_alone(&client, job, &mut now).await;
            }
            continue;
        };
        for unit in gather.part(block, least_group(client.core.nodes().len())) {
            match unit {
                Unit::Alone(job) => start_alone(&client, job, &mut Instant::now()).await,
                Unit::Group(jobs) => {
                    let count = jobs.len();
                    when_admitted(&client, move |client, permit| {
                        client.start_group(jobs, permit);
                        client.waiting.fetch_sub(count, Ordering::AcqRel);
                    })
                    .await;
                }
            }
        }
    }
}

/// Reads the clock again only after waiting: a clock read costs about as much as the rest of this function.
async fn start_alone(client: &Arc<Client>, job: Job, now: &mut Instant) {
    if catalog::is_batch(job.command) {
        return when_admitted(client, |client, permit| {
            client.start(job, permit, Instant::now());
            client.waiting.fetch_sub(1, Ordering::AcqRel);
        })
        .await;
    }
    let mut permit = client.limits.try_enter(1);
    if permit.is_none() {
        permit = client.limits.enter(1).await;
        *now = Instant::now();
    }
    client.start(job, permit, *now);
    client.waiting.fetch_sub(1, Ordering::AcqRel);
}

/// Starts a batch when it is admitted. In a cluster where batches have a limited share of the permits, a batch waits in
/// its own task, because commands behind it in the queue may be for nodes that respond.
async fn when_admitted(client: &Arc<Client>, start: impl FnOnce(&Arc<Client>, Option<Permit>) + Send + 'static) {
    let nodes = client.core.nodes().len();
    if let Some(permit) = client.limits.try_enter_batch(nodes) {
        return start(client, Some(permit));
    }
    if nodes < 2 || !client.limits.parts_batches() {
        let permit = client.limits.enter_batch(nodes).await;
        return start(client, permit);
    }
    let client = Arc::clone(client);
    tokio::spawn(async move {
        let permit = client.limits.enter_batch(nodes).await;
        start(&client, permit);
    });
}

/// Smallest number of calls for which a batch is faster than single requests. It grows with the nodes, because a batch
/// is split by node.
fn least_group(nodes: usize) -> usize {
    (4 * nodes).max(2)
}
