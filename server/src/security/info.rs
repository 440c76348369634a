//! The privileges that info commands need.

use super::need::Need;

/// What an info command needs. `None` if every user may send it: it only reads the state of the cluster.
pub(super) fn need(name: &str) -> Option<Need> {
    Some(match name {
        "truncate" | "truncate-namespace" | "truncate-undo" | "truncate-namespace-undo" => Need::Truncate,
        "sindex-create" | "sindex-delete" => Need::SindexAdmin,
        "udf-put" | "udf-remove" | "udf-clear-cache" => Need::UdfAdmin,
        "query-abort" | "query-abort-all" | "jobs" => Need::DataAdmin,
        "set-config" | "xdr-set-filter" => Need::SysAdmin,
        _ => return None,
    })
}
