//! Lists running and recently finished queries.

use super::{Question, Refused};
use crate::cluster::node::Node;

pub(super) fn answer(node: &Node, question: Question<'_>) -> Option<Result<String, Refused>> {
    Some(match question.name {
        "query-show" => show(node, question),
        "query-abort" => abort(node, question),
        "query-abort-all" => Ok(format!("number-of-queries-killed:{}", node.jobs().abort_all())),
        _ => return None,
    })
}

fn id(question: Question<'_>) -> Option<&str> {
    question.parameter("id").or_else(|| question.parameter("trid"))
}

fn show(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let now_ms = node.clock().now_ms();
    let Some(id) = id(question) else {
        let all: Vec<_> = node.jobs().all().iter().map(|job| job.text(now_ms)).collect();
        return Ok(all.join(";"));
    };
    match node.jobs().find(number(id)?) {
        Some(job) => Ok(job.text(now_ms)),
        None => Err(Refused::new(2, "job not found")),
    }
}

fn abort(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let id = id(question).ok_or_else(|| Refused::new(4, "missing 'id'"))?;
    match node.jobs().find(number(id)?) {
        Some(job) if !job.has_ended() => {
            job.abort();
            Ok("ok".to_owned())
        }
        _ => Err(Refused::new(2, "id not active")),
    }
}

fn number(id: &str) -> Result<u64, Refused> {
    match id {
        "" => Err(Refused::new(4, "missing 'id' value")),
        id => id.parse().map_err(|_| Refused::new(4, "bad id")),
    }
}
