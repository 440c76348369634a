//! Starts commands as tasks, each when it is admitted.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::catalog::commands as catalog;
use crate::client::Client;
use crate::commands;
use crate::commands::auto_batch::{self, Use};
use crate::common::guard::guard_async;
use crate::requests::admission::Permit;
use crate::requests::{Call, Request};
use crate::telemetry::{logging, metrics};

/// A request that has ended, with the uses of its records.
pub type EndedUses = Vec<Use>;

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

pub fn start(client: &Arc<Client>, mut call: Call, permit: Option<Permit>, now: Instant, ended: Option<Ended>) {
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

pub async fn start_batch_when_admitted(client: &Arc<Client>, call: Call) {
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
