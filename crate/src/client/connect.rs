//! Starts the core, which contacts the seeds and their peers one after the other and waits for each one that hangs.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::diagnose;
use aerospike_core::{Client, ClientPolicy, Host, TlsPolicy};
use tokio::net::lookup_host;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::common::errors::{Failure, Kind, code};
use crate::nodes::login::Login;
use crate::policy::client::ClientConfig;
use crate::policy::tls::{Tls, TlsOptions};

/// How long a start may take before a second one is tried that skips nodes that do not answer.
const FALLBACK_DELAY: Duration = Duration::from_millis(300);

/// Maximum time in milliseconds that the second start waits for each node. The client keeps this limit for its later
/// requests to the cluster.
const FALLBACK_TIMEOUT_MS: u32 = 500;

/// The core's message for a node of a cluster with another name than the configured one.
const OTHER_CLUSTER: &str = "Cluster name mismatch";
/// The runtime's message for a host name that cannot be resolved.
const NO_ADDRESS: &str = "failed to lookup address information";
/// The same message, when it is followed by what glibc, macOS or musl say if no name server has answered.
const NO_ANSWER: [&str; 2] = [
    "failed to lookup address information: Temporary failure in name resolution",
    "failed to lookup address information: Try again",
];

type Start = JoinHandle<aerospike_core::Result<Client>>;

fn start(policy: ClientPolicy, hosts: Vec<Host>) -> Start {
    tokio::spawn(async move { Client::new(&policy, &hosts).await })
}

/// Starts the core with the nodes that answer, within the connect timeout of the configuration. Also returns how many
/// seconds the session of a login lasts, if the configuration wants to know it; else 0.
///
/// Without `fail_if_not_connected`, also starts the core if no node is reachable: it goes on trying.
///
/// # Errors
/// No node is reachable, the cluster has another name, the credentials are rejected, or TLS is not possible.
pub async fn connect(config: ClientConfig) -> Result<(Client, u32), Failure> {
    let ClientConfig {
        mut hosts,
        mut policy,
        connect_timeout,
        tls,
        wants_session_ttl,
        ..
    } = config;
    let has_identity = tls.as_ref().is_some_and(TlsOptions::has_identity);
    let tls = match tls {
        Some(options) => Some(secure(options, &mut policy, &mut hosts).await?),
        None => None,
    };
    // The attempts to reach a node have to report that they failed.
    let fails = std::mem::replace(&mut policy.fail_if_not_connected, true);
    let until = Instant::now() + Duration::from_millis(u64::from(connect_timeout));
    let client = match start_within(policy.clone(), hosts.clone(), connect_timeout, until).await {
        Ok(client) => client,
        Err(failure) => {
            let attempt = diagnose::Attempt {
                policy: &policy,
                hosts: &hosts,
                tls: tls.as_ref(),
                has_identity,
                until,
            };
            let failure = attempt.explain(failure).await;
            if fails || !is_unreachable(&failure) {
                return Err(failure);
            }
            policy.fail_if_not_connected = false;
            let client = Client::new(&policy, &hosts)
                .await
                .map_err(|error| Failure::from(&error))?;
            return Ok((client, 0));
        }
    };
    // With `forLoginOnly`, only the seeds are addresses for TLS.
    let host = match &policy.tls_policy {
        Some(tls) if tls.for_login_only => hosts.into_iter().next(),
        _ => client.nodes().first().map(|node| node.host()),
    };
    let ttl = match host {
        Some(host) if wants_session_ttl => Login::default().at(&host, &policy).await,
        _ => None,
    };
    let ttl = ttl.and_then(|answer| answer.session_ttl).unwrap_or(0);
    Ok((client, ttl))
}

/// Whether a connect failed because no node answered, which may be temporary.
fn is_unreachable(failure: &Failure) -> bool {
    failure.kind == Kind::Cluster && matches!(failure.code, code::CLUSTER | code::CONNECTION | code::INVALID_HOST)
}

/// Adds TLS to the policy, and to each seed the name that its certificate must have.
async fn secure(options: TlsOptions, policy: &mut ClientPolicy, hosts: &mut [Host]) -> Result<Tls, Failure> {
    let seed_names = hosts.iter().filter_map(|host| host.tls_name.clone()).collect();
    for host in hosts {
        if host.tls_name.is_none() {
            host.tls_name = Some(options.name_of(host));
        }
    }
    let login_only = options.login_only;
    // Reading the certificates of the system takes a while.
    let built = tokio::task::spawn_blocking(move || options.build(seed_names)).await;
    let tls = built.map_err(|_| Failure::client("the TLS configuration could not be built"))??;
    policy.tls_policy = Some(TlsPolicy::new(Arc::clone(&tls.config)).with_login_only(login_only));
    Ok(tls)
}

/// Starts the core before `until`, in `bound_ms`: the core has no such limit itself. A client that is ready after the
/// limit, or after another one, is closed.
async fn start_within(
    policy: ClientPolicy,
    hosts: Vec<Host>,
    bound_ms: u32,
    until: Instant,
) -> Result<Client, Failure> {
    let named = diagnose::named(&hosts);
    let mut whole = start(policy.clone(), hosts.clone());
    let fallback_begun = Arc::new(AtomicBool::new(false));
    let begun_flag = Arc::clone(&fallback_begun);
    let (fallback_policy, fallback_hosts) = (policy.clone(), hosts.clone());
    let mut fallback = tokio::spawn(async move {
        sleep(FALLBACK_DELAY).await;
        begun_flag.store(true, Ordering::Release);
        connect_through_first_seed(fallback_policy, fallback_hosts).await
    });
    let mut fallback_runs = true;
    loop {
        tokio::select! {
            outcome = &mut whole => {
                let failure = match settled(outcome, &named) {
                    Err(failure)
                        if fallback_runs
                            && !diagnose::is_refused_login(&failure)
                            && have_several_addresses(&hosts, until).await =>
                    {
                        failure
                    }
                    outcome => {
                        if !fallback_begun.load(Ordering::Acquire) {
                            fallback.abort();
                        } else if fallback_runs {
                            close_late(async move { fallback.await.ok().flatten() });
                        }
                        return outcome;
                    }
                };
                // The core has used only the first address of a name, even if only another one answers.
                if !fallback_begun.load(Ordering::Acquire) {
                    fallback.abort();
                    fallback = tokio::spawn(connect_through_first_seed(policy, hosts));
                }
                return match timeout_at(until, &mut fallback).await {
                    Ok(outcome) => outcome.ok().flatten().ok_or(failure),
                    Err(_) => {
                        close_late(async move { fallback.await.ok().flatten() });
                        Err(failure)
                    }
                };
            }
            outcome = &mut fallback, if fallback_runs => match outcome.ok().flatten() {
                Some(client) => {
                    close_late(async move { whole.await.ok().and_then(Result::ok) });
                    return Ok(client);
                }
                // The second start failed; the outcome of the first one decides.
                None => fallback_runs = false,
            },
            () = sleep_until(until) => {
                close_late(async move { whole.await.ok().and_then(Result::ok) });
                if fallback_runs {
                    close_late(async move { fallback.await.ok().flatten() });
                }
                let message = format!("no usable node at {named} within {bound_ms} ms");
                return Err(Failure::cluster(code::CLUSTER, message));
            }
        }
    }
}

/// The seeds at each of their addresses. A seed that is an address, or whose name has only one, stays as it is.
async fn addresses_of(hosts: &[Host]) -> Vec<Host> {
    let mut all = Vec::new();
    for host in hosts {
        let mut ips: Vec<IpAddr> = Vec::new();
        if host.name.parse::<IpAddr>().is_err()
            && let Ok(found) = lookup_host((host.name.as_str(), host.port)).await
        {
            for ip in found.map(|address| address.ip()) {
                if !ips.contains(&ip) {
                    ips.push(ip);
                }
            }
        }
        if ips.len() < 2 {
            all.push(host.clone());
            continue;
        }
        all.extend(ips.into_iter().map(|ip| Host {
            name: ip.to_string(),
            ..host.clone()
        }));
    }
    all
}

/// Whether a seed is a name that has several addresses; false if the name servers have not answered by `until`.
async fn have_several_addresses(hosts: &[Host], until: Instant) -> bool {
    timeout_at(until, addresses_of(hosts))
        .await
        .is_ok_and(|addresses| addresses.len() > hosts.len())
}

/// Starts the core with only the address of a seed that answers first. The core finds the other nodes through it, and
/// goes back to the seeds if it loses all of them.
async fn connect_through_first_seed(policy: ClientPolicy, hosts: Vec<Host>) -> Option<Client> {
    let mut policy = policy;
    if policy.connect_timeout == 0 {
        policy.connect_timeout = policy.timeout;
    }
    policy.timeout = policy.timeout.min(FALLBACK_TIMEOUT_MS);
    let mut asked = JoinSet::new();
    for host in addresses_of(&hosts).await {
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
            && let Ok(client) = Client::new(&policy, &seeds_from(host, &hosts)).await
        {
            // The other attempts end by themselves and close their connections.
            asked.detach_all();
            return Some(client);
        }
    }
    None
}

/// The seeds that the core uses from then on: the one that has answered, and, if it is an address of a name, the names,
/// whose addresses may change.
fn seeds_from(answered: Host, hosts: &[Host]) -> Vec<Host> {
    let named = hosts
        .iter()
        .all(|host| host.name != answered.name || host.port != answered.port);
    let others = if named { hosts } else { &[] };
    std::iter::once(answered).chain(others.iter().cloned()).collect()
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
    // The core lists its seeds on several lines, with the server's answer in that text.
    let message_line = failure.message.split_whitespace().collect::<Vec<_>>().join(" ");
    if message_line.contains(OTHER_CLUSTER) {
        failure.code = code::CLIENT;
    } else if has_no_address(&message_line, hosts.split(", ").count()) {
        failure.code = code::INVALID_HOST;
    }
    failure.message = format!("could not connect to {hosts}: {message_line}");
    failure
}

/// Whether none of the seeds has an address, which is final. That a name server does not answer may be temporary.
fn has_no_address(message: &str, seeds: usize) -> bool {
    message.matches(NO_ADDRESS).count() == seeds && !NO_ANSWER.iter().any(|no_answer| message.contains(no_answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_that_does_not_answer_is_no_invalid_host() {
        let unknown = "Failed to resolve host aliases: failed to lookup address information: Name or service not known";
        assert!(has_no_address(unknown, 1));
        assert!(!has_no_address(unknown, 2));
        assert!(has_no_address(&format!("{unknown} {unknown}"), 2));
        for no_answer in NO_ANSWER {
            assert!(!has_no_address(no_answer, 1));
            assert!(!has_no_address(&format!("{unknown} {no_answer}"), 2));
        }
    }

    #[test]
    fn the_names_stay_seeds_when_one_of_their_addresses_has_answered() {
        let seeds = [Host::new("db.test", 3000), Host::new("127.0.0.9", 3000)];
        let names = |answered: Host| {
            let seeds = seeds_from(answered, &seeds);
            seeds.into_iter().map(|host| host.name).collect::<Vec<_>>()
        };
        assert_eq!(
            names(Host::new("127.0.0.1", 3000)),
            ["127.0.0.1", "db.test", "127.0.0.9"]
        );
        assert_eq!(names(Host::new("127.0.0.9", 3000)), ["127.0.0.9"]);
        assert_eq!(names(Host::new("db.test", 3000)), ["db.test"]);
    }
}
