//! Background jobs: started by a query statement, then queried and aborted by their id.

use std::pin::pin;

use aerospike_core::{AdminPolicy, Node};

use super::await_core::until;
use crate::catalog::commands::QUERY_APPLY;
use crate::client::Client;
use crate::common::errors::{Failure, Kind, code};
use crate::common::in_doubt::{Sends, number_rules_out};
use crate::convert::function_call::FunctionCall;
use crate::convert::statement;
use crate::policy;
use crate::query::round;
use crate::requests::Call;
use crate::wire::Writer;

/// query.apply and query.operate.
pub async fn begin(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let (subject, mut reader) = call.open()?;
    let query = statement::read(subject, &mut reader)?;
    let begun = if call.command == QUERY_APPLY {
        let FunctionCall { module, function, args } = FunctionCall::read(&mut reader)?;
        let policy = policy::write(&client.defaults, &mut reader, request)?;
        let begun = client
            .core
            .query_execute_udf(&policy, query.statement, &module, &function, &args);
        until(request, Sends::Uncounted, pin!(begun)).await
    } else {
        let policy = policy::write(&client.defaults, &mut reader, request)?;
        until(
            request,
            Sends::Uncounted,
            pin!(client.core.query_operate(&policy, query.statement)),
        )
        .await
    };
    // The core reports the failure of one node; the job may run on the others. A call without any attempt failed before
    // it was sent.
    let task = begun.map_err(|failure| {
        let elsewhere = failure.attempts > 0 && client.core.nodes().len() > 1;
        let in_doubt = failure.in_doubt || elsewhere;
        failure.with_in_doubt(in_doubt)
    })?;
    channel.reply(request, |out, _| {
        out.put_u64(task.task_id());
        Ok(())
    });
    Ok(())
}

/// The progress of a job over all nodes.
#[derive(Debug, Default, PartialEq)]
struct Progress {
    /// Whether a node lists the job, running or finished.
    known: bool,
    running: bool,
    aborted: bool,
    /// Percentage of each node that answered, 0 to 100.
    percents: Vec<f64>,
    /// Numbers of records, in the order of `COUNTS`.
    counts: [f64; 5],
}

const COUNTS: [&str; 5] = [
    "recs-succeeded",
    "recs-failed",
    "recs-filtered-bins",
    "recs-filtered-meta",
    "recs-throttled",
];

impl Progress {
    /// Adds the answer of one node.
    ///
    /// # Errors
    /// The node returned an error. An unknown job is not an error: it has ended on that node.
    fn add(&mut self, answer: &str) -> Result<(), Failure> {
        if let Some((number, message)) = refusal(answer) {
            if number == code::RECORD_NOT_FOUND {
                self.percents.push(100.0);
                return Ok(());
            }
            return Err(Failure::new(Kind::Server, number, message));
        }
        self.known = true;
        // Match whole field names: `time-since-done` is present while the job runs.
        let field = |name: &str| {
            answer.split([':', ';']).find_map(|part| {
                let (key, value) = part.split_once('=')?;
                (key == name).then_some(value)
            })
        };
        let number = |name: &str| field(name).and_then(|value| value.parse().ok()).unwrap_or(0.0);
        let status = field("status").unwrap_or_default();
        let done = status.starts_with("done");
        self.running |= !done;
        self.aborted |= done && status.contains("abort");
        self.percents.push(if done { 100.0 } else { number("job-progress") });
        for (count, name) in self.counts.iter_mut().zip(COUNTS) {
            *count += number(name);
        }
        Ok(())
    }
}

/// Splits an error answer such as `ERROR:2:not found` into number and text.
fn refusal(answer: &str) -> Option<(i32, &str)> {
    let rest = answer.strip_prefix("ERROR:").or_else(|| answer.strip_prefix("FAIL:"))?;
    let (number, message) = rest.split_once(':').unwrap_or((rest, rest));
    Some((number.trim().parse().unwrap_or(code::CLIENT), message))
}

async fn ask(node: &Node, policy: &AdminPolicy, verb: &str, job: u64) -> aerospike_core::Result<String> {
    let command = round::command(node, verb, job);
    let mut answer = node.info(policy, &[&command]).await?;
    Ok(answer.swap_remove(&command).unwrap_or_default())
}

/// Answers with the progress of a job over all nodes.
pub async fn progress(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let mut reader = call.reader();
    let number = reader.u64()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let nodes = client.core.nodes();
    if nodes.is_empty() {
        return Err(Failure::cluster(code::CLUSTER, "the cluster has no node"));
    }
    let mut progress = Progress::default();
    for node in &nodes {
        let answer = until(request, Sends::Nothing, pin!(ask(node, &policy, "show", number))).await?;
        progress.add(&answer)?;
    }
    channel.reply(request, |out, _| {
        out.put_u8(u8::from(progress.known));
        out.put_u8(u8::from(!progress.running));
        out.put_u8(u8::from(progress.aborted));
        out.put_f64(progress.percents.iter().copied().fold(100.0, f64::min));
        for count in progress.counts {
            out.put_f64(count);
        }
        Ok(())
    });
    Ok(())
}

/// Aborts a job on all nodes.
pub async fn abort(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let mut reader = call.reader();
    let number = reader.u64()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    let mut ended = false;
    for node in client.core.nodes() {
        let answer = until(request, Sends::Uncounted, pin!(ask(&node, &policy, "abort", number)))
            .await
            .map_err(|failure| {
                // Earlier nodes have already aborted it.
                let in_doubt = failure.in_doubt || ended;
                failure.with_in_doubt(in_doubt)
            })?;
        match refusal(&answer) {
            None => ended = true,
            Some((code::RECORD_NOT_FOUND, _)) => {}
            Some((number, message)) => {
                let in_doubt = ended || !number_rules_out(number);
                return Err(Failure::new(Kind::Server, number, message).with_in_doubt(in_doubt));
            }
        }
    }
    channel.reply(request, |out, _| {
        out.put_u8(u8::from(ended));
        Ok(())
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_done_when_every_node_reports_it_done() {
        let mut progress = Progress::default();
        let running = "trid=1:status=active(ok):job-progress=20.00:time-since-done=0:recs-succeeded=5:recs-failed=1";
        assert!(progress.add(running).is_ok());
        assert!(
            progress
                .add("trid=1:status=done(ok):job-progress=100.00:recs-succeeded=7")
                .is_ok()
        );
        assert!(progress.running);
        assert_eq!(progress.percents, [20.0, 100.0]);
        assert_eq!(progress.counts, [12.0, 1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_forgotten_job_is_done_and_an_error_is_a_failure() {
        let mut progress = Progress::default();
        assert!(progress.add("ERROR:2:job not found").is_ok());
        assert!(!progress.known && !progress.running && !progress.aborted);
        assert!(
            progress
                .add("ERROR:81:role violation")
                .is_err_and(|failure| failure.code == 81)
        );
        assert!(progress.add("status=done(user-aborted):recs-succeeded=1").is_ok());
        assert!(progress.known && progress.aborted);
    }
}
