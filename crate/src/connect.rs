//! The start of the core: it looks at the seeds and their peers one after the other, and waits for each that hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aerospike_core::{Client, ClientPolicy, Host};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use crate::errors::{Failure, Kind, code};

/// How long a start may take before one is tried that leaves out what does not answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long such a start waits for each node, at most. The client keeps this bound for its questions to the cluster.
const HASTE_MS: u32 = 500;

type Start = JoinHandle<aerospike_core::Result<Client>>;

fn start(policy: ClientPolicy, hosts: Vec<Host>) -> Start {
    tokio::spawn(async move { Client::new(&policy, &hosts).await })
}

/// Starts the core within `bound_ms`, which it does not know itself, with the nodes that answer. What arrives later is closed.
///
/// # Errors
/// No node reached, a cluster of another name, refused credentials.
pub async fn connect(policy: ClientPolicy, hosts: Vec<Host>, bound_ms: u32) -> Result<Client, Failure> {
    let named = hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let until = Instant::now() + Duration::from_millis(u64::from(bound_ms));
    let mut whole = start(policy.clone(), hosts.clone());
    let begun = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&begun);
    let mut hasty = tokio::spawn(async move {
        sleep(PATIENCE).await;
        begins.store(true, Ordering::Release);
        hurry(policy, hosts).await
    });
    let mut hurries = true;
    loop {
        tokio::select! {
            outcome = &mut whole => {
                if !begun.load(Ordering::Acquire) {
                    hasty.abort();
                } else if hurries {
                    close_late(async move { hasty.await.ok().flatten() });
                }
                return settled(outcome, &named);
            }
            outcome = &mut hasty, if hurries => match outcome.ok().flatten() {
                Some(client) => {
                    close_late(async move { whole.await.ok().and_then(Result::ok) });
                    return Ok(client);
                }
                // It knows no more than the other.
                None => hurries = false,
            },
            () = sleep_until(until) => {
                close_late(async move { whole.await.ok().and_then(Result::ok) });
                if hurries {
                    close_late(async move { hasty.await.ok().flatten() });
                }
                let message = format!("no usable node at {named} within {bound_ms} ms");
                return Err(Failure::cluster(code::CLUSTER, message));
            }
        }
    }
}

/// Starts with the seed that answers first, alone: the core finds the others through it.
async fn hurry(policy: ClientPolicy, hosts: Vec<Host>) -> Option<Client> {
    let mut policy = policy;
    if policy.connect_timeout == 0 {
        policy.connect_timeout = policy.timeout;
    }
    policy.timeout = policy.timeout.min(HASTE_MS);
    let mut asked = JoinSet::new();
    for host in hosts {
        let mut alone = policy.clone();
        (alone.seed_only_cluster, alone.min_conns_per_node) = (true, 0);
        asked.spawn(async move {
            let client = Client::new(&alone, &vec![host.clone()]).await.ok()?;
            let _ = client.close().await;
            Some(host)
        });
    }
    while let Some(answer) = asked.join_next().await {
        if let Ok(Some(host)) = answer
            && let Ok(client) = Client::new(&policy, &vec![host]).await
        {
            // Those that still ask end by themselves, and close what they have opened.
            asked.detach_all();
            return Some(client);
        }
    }
    None
}

fn close_late(late: impl Future<Output = Option<Client>> + Send + 'static) {
    tokio::spawn(async move {
        if let Some(client) = late.await {
            let _ = client.close().await;
        }
    });
}

fn settled(
    outcome: Result<aerospike_core::Result<Client>, tokio::task::JoinError>,
    named: &str,
) -> Result<Client, Failure> {
    match outcome {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(failure(&error, named)),
        Err(_) => Err(Failure::client("the core's start ended without an answer")),
    }
}

fn failure(error: &aerospike_core::Error, hosts: &str) -> Failure {
    let mut failure = Failure::from(error);
    if failure.kind == Kind::Timeout {
        failure.kind = Kind::Cluster;
        failure.code = code::CLUSTER;
    }
    // The core lists its seeds over several lines, and hides the server's answer in that text.
    let told = failure.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut message = format!("could not connect to {hosts}: {told}");
    if told.contains("Security not supported") {
        message.push_str("; a Community Edition server takes no credentials: connect without user and password");
    }
    failure.message = message;
    failure
}
