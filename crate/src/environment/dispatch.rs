//! Starts the commands of a client, each when it is admitted.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::gathering::{EndedUses, gather};
use crate::catalog::commands as catalog;
use crate::client::Client;
use crate::commands;
use crate::commands::auto_batch::{self, Use};
use crate::common::guard::guard_async;
use crate::requests::admission::Permit;
use crate::requests::{Call, Request};
use crate::telemetry::{logging, metrics};

/// A client with the queue of its commands.
#[derive(Clone)]
pub struct Dispatcher {
    client: Arc<Client>,
    queue: mpsc::UnboundedSender<Vec<Call>>,
}

impl Dispatcher {
    /// Starts the dispatcher task of a client.
    pub fn start(client: Arc<Client>) -> Self {
        let (queue, calls) = mpsc::unbounded_channel();
        match client.auto_batch {
            Some(policy) => tokio::spawn(gather(Arc::clone(&client), policy, calls)),
            None => tokio::spawn(dispatch_blocks(Arc::clone(&client), calls)),
        };
        Dispatcher { client, queue }
    }

    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Queues commands in the order of the calls. A single command that is submitted while none waits starts directly:
    /// the dispatcher would cost a task switch, and no other command is overtaken.
    pub fn submit(&self, mut calls: Vec<Call>) {
        let client = &self.client;
        client.accept(calls.len());
        if calls.iter().any(|call| catalog::is_free(call.command)) {
            let (free, others): (Vec<_>, Vec<_>) = calls.into_iter().partition(|call| catalog::is_free(call.command));
            let now = Instant::now();
            for call in free {
                start(client, call, None, now, None);
            }
            if others.is_empty() {
                return;
            }
            calls = others;
        }
        if calls.len() == 1
            && !client.has_waiting()
            && !gathers(client, &calls[0])
            && let Some(permit) = try_enter(client, calls[0].command)
            && let Some(call) = calls.pop()
        {
            return start(client, call, Some(permit), Instant::now(), None);
        }
        client.enqueue(calls.len());
        // If the dispatcher is gone, the dropped calls answer with failures.
        let _ = self.queue.send(calls);
    }
}

/// Whether a call has to wait for running requests in order to share a batch.
fn gathers(client: &Client, call: &Call) -> bool {
    client
        .auto_batch
        .is_some_and(|policy| client.load().0 > 1 && auto_batch::is_batchable(policy, call))
}

/// Reports the end of a request when it is dropped.
pub struct Ended {
    sender: mpsc::UnboundedSender<EndedUses>,
    uses: EndedUses,
}

impl Ended {
    pub fn new(sender: mpsc::UnboundedSender<EndedUses>, uses: Vec<Use>) -> Self {
        Ended { sender, uses }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        // Without a receiver, the client is closed.
        let _ = self.sender.send(std::mem::take(&mut self.uses));
    }
}

fn start(client: &Arc<Client>, mut call: Call, permit: Option<Permit>, now: Instant, ended: Option<Ended>) {
    let request = call.request();
    if let Some(why) = request.cancelled() {
        call.channel().fail(request, request.cancel_failure(why));
        client.finish_one();
        return;
    }
    begin(request, now);
    let client = Arc::clone(client);
    let counted = permit.is_some();
    *call.permit.get_mut() = permit;
    tokio::spawn(async move {
        if call.quiet {
            // Boxed, so that the tasks of other commands are not larger.
            Box::pin(logging::quietly(run(&client, call))).await;
        } else {
            run(&client, call).await;
        }
        drop(ended);
        // `run` dropped the permit together with the call.
        if counted {
            client.admission.grow();
        }
    });
}

/// Starts a group of calls as one batch.
fn start_group(client: &Arc<Client>, calls: Vec<Call>, permit: Option<Permit>, ended: Ended) {
    let mut live = Vec::with_capacity(calls.len());
    let now = Instant::now();
    for call in calls {
        let request = call.request();
        if let Some(why) = request.cancelled() {
            call.channel().fail(request, request.cancel_failure(why));
            client.finish_one();
        } else {
            begin(request, now);
            live.push(call);
        }
    }
    let client = Arc::clone(client);
    tokio::spawn(async move {
        let calls: Arc<[Call]> = live.into();
        let work = std::pin::pin!(auto_batch::run(&client, Arc::clone(&calls)));
        // After a panic, each unanswered call is answered when its guard is dropped.
        let _ = guard_async(work).await;
        for _ in calls.iter() {
            client.finish_one();
        }
        drop(ended);
        drop(permit);
        client.admission.grow();
    });
}

async fn run(client: &Arc<Client>, call: Call) {
    let work = std::pin::pin!(commands::execute(client, &call));
    if let Err(panic) = guard_async(work).await {
        let request = call.request();
        if let Some(transaction) = request.transaction()
            && request.in_doubt()
        {
            transaction.doubt_batch();
        }
        call.channel().fail(request, panic.with_in_doubt(request.in_doubt()));
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
async fn dispatch_blocks(client: Arc<Client>, mut calls: mpsc::UnboundedReceiver<Vec<Call>>) {
    while let Some(block) = calls.recv().await {
        // The clock is read again only after waiting: reading it costs about as much as the rest of the loop.
        let mut now = Instant::now();
        for call in block {
            if catalog::is_batch(call.command) {
                start_batch_when_admitted(&client, call).await;
                continue;
            }
            let mut permit = client.admission.try_acquire(1);
            if permit.is_none() {
                permit = client.admission.acquire(1).await;
                now = Instant::now();
            }
            start(&client, call, permit, now, None);
            client.dequeue(1);
        }
    }
}

/// Starts one command when a permit is free.
pub async fn start_alone(client: &Arc<Client>, call: Call, ended: Option<Ended>) {
    if catalog::is_batch(call.command) {
        return start_batch_when_admitted(client, call).await;
    }
    let permit = match client.admission.try_acquire(1) {
        Some(permit) => Some(permit),
        None => client.admission.acquire(1).await,
    };
    start(client, call, permit, Instant::now(), ended);
    client.dequeue(1);
}

async fn start_batch_when_admitted(client: &Arc<Client>, call: Call) {
    when_admitted(client, |client, permit| {
        start(client, call, permit, Instant::now(), None);
        client.dequeue(1);
    })
    .await;
}

/// Starts a group of calls as one batch when it is admitted.
pub async fn start_group_when_admitted(client: &Arc<Client>, calls: Vec<Call>, ended: Ended) {
    let count = calls.len();
    when_admitted(client, move |client, permit| {
        start_group(client, calls, permit, ended);
        client.dequeue(count);
    })
    .await;
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
