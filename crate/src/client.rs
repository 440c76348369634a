//! One connected client: the core's, its defaults, its admission and the dispatcher that starts its commands.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};

use crate::boundary::buffer::Aligned;
use crate::boundary::completion::Owed;
use crate::boundary::wire::Reader;
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

/// How long commands that were told to end may take to do so.
const END_PATIENCE: Duration = Duration::from_secs(1);

/// How long the core's own close is waited for.
const CLOSE_PATIENCE: Duration = Duration::from_millis(500);

/// One command of a block.
pub struct Job {
    /// What to do.
    pub command: u8,
    /// Bytes of the policy at the body's end; 0 where they were not told.
    pub policy: usize,
    /// Memory for the result, of a former one.
    pub spare: Mutex<Option<Aligned>>,
    /// A logger asks: no line shall come of it.
    pub quiet: bool,
    /// Its part of what the client may do at once.
    pub permit: Mutex<Option<Permit>>,
    /// Who waits for the reply.
    pub owed: Owed,
}

impl Job {
    /// A reader of the command's body.
    pub fn reader(&self) -> Reader<'_> {
        self.owed.request().body().reader()
    }

    /// The memory for the result, if there is any.
    pub fn take_spare(&self) -> Option<Aligned> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives its permit back while it waits for one node. Whether it had one.
    pub fn release(&self) -> bool {
        let mut permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner);
        permit.take().is_some()
    }

    /// Holds a permit again.
    pub fn hold(&self, permit: Option<Permit>) {
        *self.permit.lock().unwrap_or_else(PoisonError::into_inner) = permit;
    }

    /// The bytes of the call's policy.
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
    /// The policies that calls fall back on.
    pub defaults: Defaults,
    /// Where it was told to look for the cluster.
    pub server: Arc<Server>,
    /// Streams that JavaScript pulls.
    pub streams: Streams,
    /// Admission.
    pub limits: Limits,
    /// Admission to each node, for commands on single records.
    pub nodes: Arc<Nodes>,
    /// Which calls share batches, if any do.
    gather: Option<Gather>,
    /// Handed over and not answered.
    active: AtomicUsize,
    /// Handed over and not started.
    waiting: AtomicUsize,
    idle: Notify,
}

/// The way to a client's dispatcher.
pub type Queue = mpsc::UnboundedSender<Vec<Job>>;

impl Client {
    /// Connects, within the bound of the configuration.
    ///
    /// # Errors
    /// No node reached, a cluster of another name, refused credentials.
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

    /// Commands that run at once at most.
    pub fn most(&self) -> u32 {
        self.limits.most()
    }

    /// How many commands run, and how many wait for their turn.
    pub fn load(&self) -> (usize, usize) {
        let waiting = self.waiting.load(Ordering::Relaxed) + self.nodes.waiting();
        (self.active.load(Ordering::Relaxed).saturating_sub(waiting), waiting)
    }

    fn retire(&self) {
        if self.active.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }

    /// Lets what runs come to its end for at most `patience`, then tells the rest to end by `end_rest`, and closes the
    /// core.
    ///
    /// Open streams end at once: they may be pulled never again.
    pub async fn close(self: &Arc<Self>, patience: Duration, end_rest: impl FnOnce()) {
        self.streams.end_all();
        if tokio::time::timeout(patience, self.drained()).await.is_err() {
            end_rest();
            // What is told to end drops its connection and answers at once.
            let _ = tokio::time::timeout(END_PATIENCE, self.drained()).await;
        }
        metrics::leave(self);
        self.nodes.close();
        // The core's close waits for its tend, which waits for a server that may be silent: it ends on its own then.
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

    /// Hands commands over in the order of the calls. One that comes alone while nothing waits is started on the spot: the
    /// way through the dispatcher would cost it a task switch, and nobody can be overtaken.
    pub fn hand_over(self: &Arc<Self>, queue: &Queue, mut jobs: Vec<Job>) {
        self.active.fetch_add(jobs.len(), Ordering::AcqRel);
        if jobs.iter().any(|job| commands::is_free(job.command)) {
            let (free, others): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| commands::is_free(job.command));
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
        // A dispatcher that is gone answers through the dropped jobs.
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
                // Boxed: no other command's task shall be larger for it.
                Box::pin(logging::quietly(client.run(job))).await;
            } else {
                client.run(job).await;
            }
            // The permit went with the job.
            if counted {
                client.limits.widen();
            }
        });
    }

    /// Starts a group of calls that share a batch.
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
            // What a panic leaves unanswered, each job's `Owed` answers when it is dropped.
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

/// The permit that a command takes, if there is one at once: a batch takes one a node.
fn try_enter(client: &Client, command: u8) -> Option<Permit> {
    if commands::is_batch(command) {
        client.limits.try_enter_batch(client.core.nodes().len())
    } else {
        client.limits.try_enter(1)
    }
}

/// Starts commands in the order of the calls, each when a permit is free. Ends when the client is dropped from its
/// environment.
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

/// `now` is looked at again only after waiting: reading the clock costs as much as much of the rest.
async fn start_alone(client: &Arc<Client>, job: Job, now: &mut Instant) {
    if commands::is_batch(job.command) {
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

/// Starts a batch when it is let in. In a cluster it waits in a task of its own when batches have their share of the permits:
/// what is behind it in the queue may be for nodes that answer.
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

/// Calls from which a batch is worth more than single requests: a batch is parted by nodes.
fn least_group(nodes: usize) -> usize {
    (4 * nodes).max(2)
}
