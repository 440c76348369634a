//! Starts the commands of a client, each when it is admitted.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::catalog::commands as catalog;
use crate::client::Client;
use crate::commands;
use crate::commands::auto_batch::{self, Dispatch};
use crate::common::guard::guard_async;
use crate::requests::admission::Permit;
use crate::requests::{Job, Request};
use crate::telemetry::{logging, metrics};

/// A client with the queue of its commands.
#[derive(Clone)]
pub struct Dispatcher {
    client: Arc<Client>,
    queue: mpsc::UnboundedSender<Vec<Job>>,
}

impl Dispatcher {
    /// Starts the dispatcher task of a client.
    pub fn start(client: Arc<Client>) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel();
        tokio::spawn(dispatch_blocks(Arc::clone(&client), jobs));
        Dispatcher { client, queue }
    }

    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Queues commands in the order of the calls. A single command that is submitted while none waits starts directly:
    /// the dispatcher would cost a task switch, and no other command is overtaken.
    pub fn submit(&self, mut jobs: Vec<Job>) {
        let client = &self.client;
        client.accept(jobs.len());
        if jobs.iter().any(|job| catalog::is_free(job.command)) {
            let (free, others): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| catalog::is_free(job.command));
            let now = Instant::now();
            for job in free {
                start(client, job, None, now);
            }
            if others.is_empty() {
                return;
            }
            jobs = others;
        }
        if jobs.len() == 1
            && !client.has_waiting()
            && let Some(permit) = try_enter(client, jobs[0].command)
            && let Some(job) = jobs.pop()
        {
            return start(client, job, Some(permit), Instant::now());
        }
        client.enqueue(jobs.len());
        // If the dispatcher is gone, the dropped jobs answer with failures.
        let _ = self.queue.send(jobs);
    }
}

fn start(client: &Arc<Client>, mut job: Job, permit: Option<Permit>, now: Instant) {
    let request = job.request();
    if let Some(why) = request.cancelled() {
        job.channel().fail(request, request.cancel_failure(why));
        client.finish_one();
        return;
    }
    begin(request, now);
    let client = Arc::clone(client);
    let counted = permit.is_some();
    *job.permit.get_mut() = permit;
    tokio::spawn(async move {
        if job.quiet {
            // Boxed, so that the tasks of other commands are not larger.
            Box::pin(logging::quietly(run(&client, job))).await;
        } else {
            run(&client, job).await;
        }
        // `run` dropped the permit together with the job.
        if counted {
            client.admission.grow();
        }
    });
}

/// Starts a group of calls as one batch.
fn start_group(client: &Arc<Client>, jobs: Vec<Job>, permit: Option<Permit>) {
    let mut live = Vec::with_capacity(jobs.len());
    let now = Instant::now();
    for job in jobs {
        let request = job.request();
        if let Some(why) = request.cancelled() {
            job.channel().fail(request, request.cancel_failure(why));
            client.finish_one();
        } else {
            begin(request, now);
            live.push(job);
        }
    }
    let client = Arc::clone(client);
    tokio::spawn(async move {
        let jobs: Arc<[Job]> = live.into();
        let work = std::pin::pin!(auto_batch::run(&client, Arc::clone(&jobs)));
        // After a panic, each unanswered job is answered when its guard is dropped.
        let _ = guard_async(work).await;
        for _ in jobs.iter() {
            client.finish_one();
        }
        drop(permit);
        client.admission.grow();
    });
}

async fn run(client: &Arc<Client>, job: Job) {
    let work = std::pin::pin!(commands::execute(client, &job));
    if let Err(panic) = guard_async(work).await {
        let request = job.request();
        if let Some(transaction) = request.transaction()
            && request.in_doubt()
        {
            transaction.doubt_batch();
        }
        job.channel().fail(request, panic.with_in_doubt(request.in_doubt()));
    }
    client.finish_one();
}

/// Marks a request as running, and records its time in the queue.
fn begin(request: &Request, now: Instant) {
    let waited = request.begin(now);
    if metrics::on() {
        metrics::waited(waited);
    }
}

/// Takes the permits of a command if they are free: one per node for a batch, else one.
fn try_enter(client: &Client, command: u8) -> Option<Permit> {
    if catalog::is_batch(command) {
        client.admission.try_acquire_for_batch(client.core.nodes().len())
    } else {
        client.admission.try_acquire(1)
    }
}

/// Starts commands in the order of the calls, each when a permit is free. Ends when the environment drops the client.
async fn dispatch_blocks(client: Arc<Client>, mut jobs: mpsc::UnboundedReceiver<Vec<Job>>) {
    while let Some(block) = jobs.recv().await {
        let Some(policy) = client.auto_batch else {
            let mut now = Instant::now();
            for job in block {
                start_alone(&client, job, &mut now).await;
            }
            continue;
        };
        for dispatch in auto_batch::split(policy, block, min_group(client.core.nodes().len())) {
            match dispatch {
                Dispatch::Alone(job) => start_alone(&client, job, &mut Instant::now()).await,
                Dispatch::Group(jobs) => {
                    let count = jobs.len();
                    when_admitted(&client, move |client, permit| {
                        start_group(client, jobs, permit);
                        client.dequeue(count);
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
            start(client, job, permit, Instant::now());
            client.dequeue(1);
        })
        .await;
    }
    let mut permit = client.admission.try_acquire(1);
    if permit.is_none() {
        permit = client.admission.acquire(1).await;
        *now = Instant::now();
    }
    start(client, job, permit, *now);
    client.dequeue(1);
}

/// Starts a batch when it is admitted. In a cluster where batches have a limited share of the permits, a batch waits in
/// its own task, because commands behind it in the queue may be for nodes that respond.
async fn when_admitted(client: &Arc<Client>, start: impl FnOnce(&Arc<Client>, Option<Permit>) + Send + 'static) {
    let nodes = client.core.nodes().len();
    if let Some(permit) = client.admission.try_acquire_for_batch(nodes) {
        return start(client, Some(permit));
    }
    if nodes < 2 || !client.admission.has_batch_share() {
        let permit = client.admission.acquire_for_batch(nodes).await;
        return start(client, permit);
    }
    let client = Arc::clone(client);
    tokio::spawn(async move {
        let permit = client.admission.acquire_for_batch(nodes).await;
        start(&client, permit);
    });
}

/// Smallest number of calls for which a batch is faster than single requests. It grows with the nodes, because a batch
/// is split by node.
fn min_group(nodes: usize) -> usize {
    (4 * nodes).max(2)
}
