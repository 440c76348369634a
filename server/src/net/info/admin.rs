//! Administrative commands that change state.

use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;
use crate::record::ms_from_unix_nanos;
use crate::store::namespace::MAX_SET_NAME;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        // Identifies the client. The server does not use it.
        "user-agent-set" => Ok("ok".to_owned()),
        "truncate" => truncate(node, command, true),
        "truncate-namespace" => truncate(node, command, false),
        // No truncation state is stored, so there is nothing to undo.
        "truncate-undo" | "truncate-namespace-undo" => Ok("ok".to_owned()),
        _ => return None,
    })
}

/// Removes the records of a set or namespace that were last updated before a time. The default is now.
fn truncate(node: &Node, command: InfoCommand<'_>, with_set: bool) -> Result<String, InfoError> {
    let name = command.namespace();
    let name = name.ok_or_else(|| InfoError::new(20, "missing 'namespace'"))?;
    let set = match (with_set, command.parameter("set")) {
        (false, _) => None,
        (true, None) => return Err(InfoError::new(4, "missing 'set'")),
        (true, Some("")) => return Err(InfoError::new(4, "missing 'set' value")),
        (true, Some(set)) if set.len() > MAX_SET_NAME => return Err(InfoError::new(4, "'set' value too long")),
        (true, set) => set,
    };
    let now_ms = node.clock().now_ms();
    let until_ms = match command.parameter("lut") {
        None => now_ms,
        // Like a real server: text that is not a number counts as 0, and negative numbers as very large ones.
        Some(nanos) if nanos.starts_with('-') => u64::MAX,
        Some(nanos) => {
            let is_number = !nanos.is_empty() && nanos.bytes().all(|digit| digit.is_ascii_digit());
            let nanos = if is_number {
                nanos.parse().unwrap_or(u64::MAX)
            } else {
                0
            };
            ms_from_unix_nanos(nanos).saturating_sub(1)
        }
    };
    if until_ms == 0 {
        return Err(InfoError::new(4, "would truncate to 0"));
    }
    if until_ms > now_ms {
        return Err(InfoError::new(4, "would truncate in the future"));
    }
    // Truncating a namespace or set that does not exist succeeds.
    if let Some(namespace) = node.namespace(name.as_bytes()) {
        match set.map(|set| namespace.find_set(set.as_bytes())) {
            None => {
                namespace.truncate(None, until_ms);
            }
            Some(Some(id)) => {
                namespace.truncate(Some(id), until_ms);
            }
            Some(None) => {}
        }
    }
    Ok("ok".to_owned())
}
