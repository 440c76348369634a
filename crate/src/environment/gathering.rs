//! Gathers the calls of a client with `autoBatch`.
//!
//! A call starts at once while few requests of its client are running. Otherwise it waits until one of them ends, and then
//! shares a batch with the other waiting calls: the more calls run at once, the larger their batches become.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::start::{Ended, EndedUses, start_alone, start_group_when_admitted};
use crate::client::Client;
use crate::commands::auto_batch::{self, Dispatch, RecordsInUse, Use};
use crate::policy::client::AutoBatchPolicy;
use crate::requests::Call;

/// Number of running requests from which further calls wait. With one, the server and the client take turns: three gave 12 to
/// 31 % more calls a second, and a larger number gave no clear gain.
const MAX_REQUESTS: usize = 3;

/// Longest time that calls wait for running requests. One that takes long, such as the request to a node that does not
/// respond, delays the others by no more than this.
const MAX_WAIT: Duration = Duration::from_millis(1);

struct Gathering {
    client: Arc<Client>,
    policy: AutoBatchPolicy,
    /// Calls that wait for running requests, in the order of the calls. With their uses, if writes share batches.
    held: Vec<(Call, Option<Use>)>,
    /// When the held calls start, whatever is running. `None` if they wait for other calls on their records.
    until: Option<Instant>,
    /// Number of running requests.
    requests: usize,
    /// The records of the running requests, if writes share batches.
    records: RecordsInUse,
    ended: mpsc::UnboundedSender<EndedUses>,
}

/// Starts the calls of a client with `autoBatch`. Ends when the environment drops the client.
pub async fn gather(client: Arc<Client>, policy: AutoBatchPolicy, mut blocks: mpsc::UnboundedReceiver<Vec<Call>>) {
    let (ended, mut endings) = mpsc::unbounded_channel();
    let mut gathering = Gathering {
        client,
        policy,
        held: Vec::new(),
        until: None,
        requests: 0,
        records: RecordsInUse::default(),
        ended,
    };
    loop {
        let until = gathering.until;
        let due = tokio::select! {
            block = blocks.recv() => {
                let Some(block) = block else { return };
                gathering.add(block).await;
                false
            }
            Some(uses) = endings.recv() => {
                gathering.end(&uses);
                false
            }
            () = async { sleep_until(until.unwrap_or_else(Instant::now)).await }, if until.is_some() => true,
        };
        while let Ok(block) = blocks.try_recv() {
            gathering.add(block).await;
        }
        while let Ok(uses) = endings.try_recv() {
            gathering.end(&uses);
        }
        if due || gathering.requests < MAX_REQUESTS || gathering.held.len() >= gathering.policy.max_size {
            gathering.start_held().await;
        }
    }
}

impl Gathering {
    /// Holds the calls that can share a batch, and starts the others.
    async fn add(&mut self, block: Vec<Call>) {
        for call in block {
            if auto_batch::is_batchable(self.policy, &call) {
                self.until.get_or_insert_with(|| Instant::now() + MAX_WAIT);
                let used = if self.policy.writes { Use::of(&call) } else { None };
                self.held.push((call, used));
            } else {
                start_alone(&self.client, call, None).await;
            }
        }
    }

    fn end(&mut self, uses: &[Use]) {
        self.requests = self.requests.saturating_sub(1);
        for call in uses {
            self.records.remove(*call);
        }
    }

    /// Starts the held calls, except those that have to wait for another call on their record.
    async fn start_held(&mut self) {
        self.until = None;
        if self.held.is_empty() {
            return;
        }
        let ready = self.take_ready();
        let least = min_group(self.client.core.nodes().len());
        for dispatch in auto_batch::split(self.policy, ready, least) {
            self.requests += 1;
            match dispatch {
                Dispatch::Alone(call) => {
                    let ended = self.use_records(std::slice::from_ref(&call));
                    start_alone(&self.client, call, Some(ended)).await;
                }
                Dispatch::Group(calls) => {
                    let ended = self.use_records(&calls);
                    start_group_when_admitted(&self.client, calls, ended).await;
                }
            }
        }
    }

    /// Takes the calls that may start now. The others stay: those on a record that an earlier call uses.
    fn take_ready(&mut self) -> Vec<Call> {
        let mut earlier = RecordsInUse::default();
        let mut ready = Vec::with_capacity(self.held.len());
        for (call, used) in std::mem::take(&mut self.held) {
            let waits = used.is_some_and(|used| self.records.blocks(used) || earlier.blocks(used));
            if let Some(used) = used {
                earlier.add(used);
            }
            if waits {
                self.held.push((call, used));
            } else {
                ready.push(call);
            }
        }
        ready
    }

    /// Marks the records of a request as in use until the result is dropped.
    fn use_records(&mut self, calls: &[Call]) -> Ended {
        let mut uses = EndedUses::new();
        if self.policy.writes {
            uses.extend(calls.iter().filter_map(Use::of));
            for call in &uses {
                self.records.add(*call);
            }
        }
        Ended::new(self.ended.clone(), uses)
    }
}

/// Smallest number of calls for which a batch is faster than single requests. It grows with the nodes, because a batch
/// is split by node.
fn min_group(nodes: usize) -> usize {
    (4 * nodes).max(2)
}
