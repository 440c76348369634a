//! Configuration commands. The existing parameters can be read, and a few of them can be changed.

use super::cluster::plain_address;
use super::{InfoCommand, InfoContext, InfoError, stats};
use crate::cluster::node::Node;
use crate::store::transactions::Transactions;

/// Maximum value of the number of finished queries to list.
const MAX_MAX_DONE: u32 = 10_000;

pub(super) fn reply(info: InfoContext<'_>, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "get-config" => get(info, command),
        "set-config" => set(info.node, command),
        _ => return None,
    })
}

/// The configuration of a context. Without arguments, that of the service context, as on a real server.
fn get(info: InfoContext<'_>, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let context = match command.parameter("context") {
        None if command.arguments.is_empty() => "service",
        None => return Err(InfoError::new(4, "missing 'context'")),
        Some("") => return Err(InfoError::new(4, "missing 'context' value")),
        Some(context) => context,
    };
    match context {
        "service" => Ok(service(info.node)),
        "network" => Ok(network(info)),
        "namespace" => namespace(info.node, command),
        // These contexts exist but have no parameters.
        "security" | "xdr" => Ok(String::new()),
        _ => Err(InfoError::new(4, "invalid context")),
    }
}

fn service(node: &Node) -> String {
    pairs([
        ("cluster-name", node.cluster().name().unwrap_or("null").to_owned()),
        ("node-id", node.id().to_owned()),
        ("query-max-done", node.jobs().max_done().to_string()),
    ])
}

fn network(info: InfoContext<'_>) -> String {
    pairs([
        ("service.port", plain_address(info).port().to_string()),
        ("service.address", info.address.ip().to_string()),
    ])
}

fn namespace(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let name = command
        .namespace()
        .ok_or_else(|| InfoError::new(20, "missing 'namespace'"))?;
    let found = stats::find(node, name)?;
    let rules = found.rules();
    let transactions = found.transactions();
    let rack = node
        .cluster()
        .members()
        .get(node.member())
        .map_or(0, |member| member.rack);
    Ok(pairs([
        ("default-ttl", rules.default_ttl.to_string()),
        ("max-record-size", rules.max_record_size.to_string()),
        ("nsup-period", "120".to_owned()),
        ("rack-id", rack.to_string()),
        ("replication-factor", node.cluster().replication_factor().to_string()),
        ("strong-consistency", transactions.is_some().to_string()),
        ("strong-consistency-allow-expunge", "false".to_owned()),
        (
            "mrt-duration",
            transactions.map_or(0, Transactions::duration_s).to_string(),
        ),
        ("storage-engine", "memory".to_owned()),
    ]))
}

fn pairs<const N: usize>(settings: [(&str, String); N]) -> String {
    settings.map(|(name, value)| format!("{name}={value}")).join(";")
}

/// Sets the number of finished queries to list.
fn set(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    match (command.parameter("context"), command.parameter("query-max-done")) {
        (None, _) => Err(InfoError::new(4, "missing 'context'")),
        (Some("service"), Some(count)) => match count.parse() {
            Ok(count @ 0..=MAX_MAX_DONE) => {
                node.jobs().set_max_done(count);
                Ok("ok".to_owned())
            }
            _ => Err(InfoError::new(4, "invalid set-config parameter")),
        },
        _ => {
            node.log().unsupported("set-config");
            Err(InfoError::new(
                16,
                "set-config is not supported, except for query-max-done",
            ))
        }
    }
}
