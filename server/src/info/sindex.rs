//! Secondary indexes: made, removed, listed.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::stats::find;
use super::{Question, Refused};
use crate::cdt::Context;
use crate::digest::PARTITIONS;
use crate::exp::Expression;
use crate::index::{Conflict, Definition, Index, Part, Source, ValueKind, build};
use crate::namespace::Namespace;
use crate::node::Node;

/// Longest name of an index.
const MAX_NAME: usize = 255;

/// Longest name of a bin.
const MAX_BIN_NAME: usize = 15;

/// Records of a namespace up to which an index is built before the answer.
const BUILT_AT_ONCE: u64 = 50_000;

/// Partitions that are built before others have their turn.
const BUILT_IN_A_ROW: usize = 16;

/// Memory that an index takes at least.
const LEAST_BYTES: u64 = 16 * 1024 * 1024;

/// Memory that an entry takes.
const ENTRY_BYTES: u64 = 14;

pub(super) fn answer(node: &Node, question: Question<'_>) -> Option<Result<String, Refused>> {
    Some(match question.name {
        "sindex-create" => create(node, question),
        "sindex-delete" => delete(node, question),
        "sindex-exists" => exists(node, question),
        "sindex-stat" => stat(node, question),
        "sindex-list" => list(node, question),
        "sindex" => by_path(node, question),
        _ => return None,
    })
}

fn refuse(message: &str) -> Refused {
    Refused::new(4, message)
}

fn namespace<'a>(node: &'a Node, question: Question<'_>) -> Result<&'a Namespace, Refused> {
    let name = question.namespace().ok_or_else(|| refuse("missing 'namespace'"))?;
    find(node, name)
}

fn name(question: Question<'_>) -> Result<&str, Refused> {
    match question.parameter("indexname") {
        None | Some("") => Err(refuse("missing 'indexname'")),
        Some(name) if name.len() > MAX_NAME => Err(refuse("bad 'indexname'")),
        Some(name) => Ok(name),
    }
}

fn create(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let namespace = namespace(node, question)?;
    let name = name(question)?;
    let definition = definition(namespace, question)?;
    match namespace.indexes().add(name, definition) {
        Ok(index) => {
            start_build(node, namespace.name(), index);
            Ok("ok".to_owned())
        }
        // The same again is no failure.
        Err(Conflict::Same(other)) if other == name => Ok("ok".to_owned()),
        Err(Conflict::Same(_)) => Err(Refused::new(200, "index already exists")),
        Err(Conflict::Name) => Err(Refused::new(200, "index with the same name already exists")),
        Err(Conflict::TooMany) => Err(Refused::new(205, "too many indexes")),
    }
}

fn definition(namespace: &Namespace, question: Question<'_>) -> Result<Definition, Refused> {
    let set = match question.parameter("set") {
        None | Some("" | "null") => None,
        Some(set) => Some(
            namespace
                .find_or_make_set(set.as_bytes())
                .ok_or_else(|| refuse("bad 'set'"))?,
        ),
    };
    let (bin, kind) = match question.parameter("indexdata").and_then(|data| data.split_once(',')) {
        Some((bin, kind)) => (Some(bin), Some(kind)),
        None => (question.parameter("bin"), question.parameter("type")),
    };
    let kind = kind.ok_or_else(|| refuse("missing 'type'"))?;
    let kind = ValueKind::from_name(kind).ok_or_else(|| refuse("bad 'type'"))?;
    let part = match question.parameter("indextype") {
        None => Part::Whole,
        Some(part) => Part::from_name(part).ok_or_else(|| refuse("bad 'indextype'"))?,
    };
    let decode = |text: &str| BASE64.decode(text).ok();
    let source = match (question.parameter("exp"), bin) {
        (Some(expression), _) => {
            let expression = decode(expression).and_then(|bytes| Expression::compile(&bytes).ok());
            Source::Expression(expression.ok_or_else(|| refuse("bad 'exp'"))?)
        }
        (None, None | Some("")) => return Err(refuse("missing 'bin'")),
        (None, Some(bin)) if bin.len() > MAX_BIN_NAME => return Err(refuse("bad 'bin'")),
        (None, Some(bin)) => {
            let context = match question.parameter("context") {
                None => None,
                Some(context) => {
                    let context = decode(context).and_then(|bytes| Context::parse(&bytes).ok());
                    Some(context.ok_or_else(|| refuse("bad 'context'"))?)
                }
            };
            Source::Bin(bin.as_bytes().into(), context)
        }
    };
    Ok(Definition {
        set,
        kind,
        part,
        source,
    })
}

/// Builds a new index: at once when that is soon done, else while the client goes on.
fn start_build(node: &Node, namespace: &str, index: Arc<Index>) {
    let Some(namespace) = node.shared_namespace(namespace.as_bytes()) else {
        return;
    };
    let now_ms = node.clock().now_ms();
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) if namespace.objects() > BUILT_AT_ONCE => {
            runtime.spawn(async move {
                while build(&namespace, &index, now_ms, BUILT_IN_A_ROW) {
                    tokio::task::yield_now().await;
                }
            });
        }
        _ => while build(&namespace, &index, now_ms, BUILT_IN_A_ROW) {},
    }
}

fn delete(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let namespace = namespace(node, question)?;
    // One that does not exist is as good as removed.
    namespace.indexes().remove(name(question)?);
    Ok("ok".to_owned())
}

fn exists(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let namespace = namespace(node, question)?;
    let exists = namespace.indexes().named(name(question)?.as_bytes()).is_some();
    Ok(exists.to_string())
}

fn stat(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    let namespace = namespace(node, question)?;
    stat_of(node, namespace, name(question)?)
}

fn stat_of(node: &Node, namespace: &Namespace, name: &str) -> Result<String, Refused> {
    let index = namespace.indexes().named(name.as_bytes());
    let index = index.ok_or_else(|| Refused::new(201, "no-index"))?;
    let totals = index.totals((0..PARTITIONS).filter(|id| u16::try_from(*id).is_ok_and(|id| node.masters(id))));
    let per = |count: u64| (totals.entries + count / 2).checked_div(count).unwrap_or_default();
    Ok(format!(
        "entries={};used_bytes={};entries_per_bval={};entries_per_rec={};load_pct={};load_time={};stat_gc_recs=0",
        totals.entries,
        (totals.entries * ENTRY_BYTES)
            .next_multiple_of(LEAST_BYTES)
            .max(LEAST_BYTES),
        per(totals.values),
        per(totals.records),
        index.load_percent(),
        index.load_ms(),
    ))
}

fn list(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    match question.namespace() {
        Some(name) => Ok(list_of(find(node, name)?)),
        None => Ok(node.namespaces().iter().map(|namespace| list_of(namespace)).collect()),
    }
}

fn list_of(namespace: &Namespace) -> String {
    let all = namespace.indexes().all();
    let sets = namespace.sets();
    all.iter()
        .map(|index| {
            let definition = index.definition();
            let set = match definition.set {
                Some(id) => sets
                    .get(usize::from(id.0))
                    .map_or_else(String::new, |set| String::from_utf8_lossy(&set.name).into_owned()),
                None => "null".to_owned(),
            };
            let (bin, context, expression) = match &definition.source {
                Source::Bin(bin, context) => (
                    String::from_utf8_lossy(bin).into_owned(),
                    context.as_ref().map(|context| BASE64.encode(context.source())),
                    None,
                ),
                Source::Expression(expression) => ("null".to_owned(), None, Some(BASE64.encode(expression.source()))),
            };
            let or_null = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
            format!(
                "ns={}:indexname={}:set={set}:bin={bin}:type={}:indextype={}:context={}:exp={}:state={};",
                namespace.name(),
                index.name(),
                definition.kind.name(),
                definition.part.name(),
                or_null(context),
                or_null(expression),
                if index.is_ready() { "RW" } else { "WO" },
            )
        })
        .collect()
}

/// `sindex`, `sindex/namespace` or `sindex/namespace/name`, as older clients ask.
fn by_path(node: &Node, question: Question<'_>) -> Result<String, Refused> {
    match question.arguments.split_once('/') {
        Some((namespace, name)) => stat_of(node, find(node, namespace)?, name),
        None if question.arguments.is_empty() => list(node, question),
        None => Ok(list_of(find(node, question.arguments)?)),
    }
}
