//! Lists running and recently finished queries.

use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "query-show" => show(node, command),
        "query-abort" => abort(node, command),
        "query-abort-all" => Ok(format!("number-of-queries-killed:{}", node.jobs().abort_all())),
        _ => return None,
    })
}

fn id(command: InfoCommand<'_>) -> Option<&str> {
    command.parameter("id").or_else(|| command.parameter("trid"))
}

fn show(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let now_ms = node.clock().now_ms();
    let Some(id) = id(command) else {
        let all: Vec<_> = node.jobs().all().iter().map(|job| job.text(now_ms)).collect();
        return Ok(all.join(";"));
    };
    match node.jobs().find(number(id)?) {
        Some(job) => Ok(job.text(now_ms)),
        None => Err(InfoError::new(2, "job not found")),
    }
}

fn abort(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let id = id(command).ok_or_else(|| InfoError::new(4, "missing 'id'"))?;
    match node.jobs().find(number(id)?) {
        Some(job) if !job.has_ended() => {
            job.abort();
            Ok("ok".to_owned())
        }
        _ => Err(InfoError::new(2, "id not active")),
    }
}

fn number(id: &str) -> Result<u64, InfoError> {
    match id {
        "" => Err(InfoError::new(4, "missing 'id' value")),
        id => id.parse().map_err(|_| InfoError::new(4, "bad id")),
    }
}
