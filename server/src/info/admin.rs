//! Commands that change something.

use super::stats::find;
use super::{Question, Refused};
use crate::node::Node;
use crate::record::ms_from_unix_nanos;

pub(super) fn answer(node: &Node, question: Question<'_>) -> Option<Result<String, Refused>> {
    Some(match question.name {
        // Tells which client this is; nothing here depends on it.
        "user-agent-set" => Ok("ok".to_owned()),
        "truncate" => truncate(node, question, true),
        "truncate-namespace" => truncate(node, question, false),
        "set-config" => set_config(node, question),
        "get-config" => refuse(node, "configuration commands"),
        "xdr-set-filter" => refuse(node, "XDR"),
        _ => return None,
    })
}

fn refuse(node: &Node, what: &str) -> Result<String, Refused> {
    node.log().unsupported(what);
    Err(Refused::new(16, &format!("{what} are not supported")))
}

/// Removes the records of a set or namespace that were written before a time, which is now unless
/// the client says otherwise.
fn truncate(node: &Node, question: Question<'_>, with_set: bool) -> Result<String, Refused> {
    let name = question
        .namespace()
        .ok_or_else(|| Refused::new(4, "missing namespace"))?;
    let namespace = find(node, name)?;
    let now_ms = node.clock().now_ms();
    let until_ms = match question.parameter("lut") {
        None => now_ms,
        Some(nanos) => {
            let nanos = nanos.parse().map_err(|_| Refused::new(4, "bad last-update time"))?;
            match ms_from_unix_nanos(nanos) {
                future if future > now_ms => {
                    return Err(Refused::new(4, "last-update time is in the future"));
                }
                ms => ms.saturating_sub(1),
            }
        }
    };
    if !with_set {
        namespace.truncate(None, until_ms);
        return Ok("ok".to_owned());
    }
    match question.parameter("set") {
        None | Some("") => return Err(Refused::new(4, "missing set")),
        // A set that does not exist is as empty as one that was truncated.
        Some(set) => {
            if let Some(id) = namespace.find_set(set.as_bytes()) {
                namespace.truncate(Some(id), until_ms);
            }
        }
    }
    Ok("ok".to_owned())
}

/// The little of the configuration that can be changed: how many queries that ended are listed.
fn set_config(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    match (question.parameter("context"), question.parameter("query-max-done")) {
        (Some("service"), Some(count)) => {
            let count = count.parse().map_err(|_| Refused::new(4, "bad query-max-done"))?;
            node.jobs().set_max_done(count);
            Ok("ok".to_owned())
        }
        _ => refuse(node, "configuration commands"),
    }
}
