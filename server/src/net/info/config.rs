//! Configuration commands. The existing parameters can be read, and a few of them can be changed.

use super::{About, Question, Refused, stats};
use crate::cluster::node::Node;

/// Maximum value of the number of finished queries to list.
const MAX_MAX_DONE: u32 = 10_000;

pub(super) fn answer(about: About<'_>, question: Question<'_>) -> Option<Result<String, Refused>> {
    Some(match question.name {
        "get-config" => get(about, question),
        "set-config" => set(about.node, question),
        _ => return None,
    })
}

/// The configuration of a context. Without arguments, that of the service context, as on a real server.
fn get(about: About<'_>, question: Question<'_>) -> Result<String, Refused> {
    let context = match question.parameter("context") {
        None if question.arguments.is_empty() => "service",
        None => return Err(Refused::new(4, "missing 'context'")),
        Some("") => return Err(Refused::new(4, "missing 'context' value")),
        Some(context) => context,
    };
    match context {
        "service" => Ok(service(about.node)),
        "network" => Ok(network(about)),
        "namespace" => namespace(about.node, question),
        // These contexts exist but have no parameters.
        "security" | "xdr" => Ok(String::new()),
        _ => Err(Refused::new(4, "invalid context")),
    }
}

fn service(node: &Node) -> String {
    pairs([
        ("cluster-name", node.cluster().name().unwrap_or("null").to_owned()),
        ("node-id", node.id().to_owned()),
        ("query-max-done", node.jobs().max_done().to_string()),
    ])
}

fn network(about: About<'_>) -> String {
    pairs([
        ("service.port", about.address.port().to_string()),
        ("service.address", about.address.ip().to_string()),
    ])
}

fn namespace(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let name = question
        .namespace()
        .ok_or_else(|| Refused::new(20, "missing 'namespace'"))?;
    let rules = stats::find(node, name)?.rules();
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
        ("strong-consistency", "false".to_owned()),
        ("storage-engine", "memory".to_owned()),
    ]))
}

fn pairs<const N: usize>(settings: [(&str, String); N]) -> String {
    settings.map(|(name, value)| format!("{name}={value}")).join(";")
}

/// Sets the number of finished queries to list.
fn set(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    match (question.parameter("context"), question.parameter("query-max-done")) {
        (None, _) => Err(Refused::new(4, "missing 'context'")),
        (Some("service"), Some(count)) => match count.parse() {
            Ok(count @ 0..=MAX_MAX_DONE) => {
                node.jobs().set_max_done(count);
                Ok("ok".to_owned())
            }
            _ => Err(Refused::new(4, "invalid set-config parameter")),
        },
        _ => {
            node.log().unsupported("set-config");
            Err(Refused::new(
                16,
                "set-config is not supported, except for query-max-done",
            ))
        }
    }
}
