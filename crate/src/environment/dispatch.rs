//! Starts the commands of a client, each when it is admitted.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::gathering::gather;
use super::start::{start, start_batch_when_admitted};
use crate::catalog::commands as catalog;
use crate::client::Client;
use crate::commands::auto_batch;
use crate::requests::Call;
use crate::requests::admission::Permit;

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
