//! Creates, removes and lists secondary indexes.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::stats::find;
use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;
use crate::compute::cdt::ContextPath;
use crate::compute::exp::Expression;
use crate::record::SetId;
use crate::record::digest::PARTITIONS;
use crate::record::particle::kind;
use crate::store::index::{Conflict, Definition, Index, Part, Source, ValueKind};
use crate::store::index_builder::build_index;
use crate::store::namespace::{MAX_SET_NAME, Namespace};

/// Maximum length of an index name.
const MAX_NAME: usize = 63;

/// Maximum length of a bin name, in bytes.
const MAX_BIN_NAME: usize = 15;

/// Maximum number of records in a namespace for which an index is built before the reply is sent.
const MAX_RECORDS_TO_BUILD_INLINE: u64 = 50_000;

/// Number of partitions to build before yielding to other tasks.
const PARTITIONS_PER_STEP: usize = 16;

/// Minimum reported memory of an index, in bytes.
const MIN_BYTES: u64 = 16 * 1024 * 1024;

/// Reported memory of a set index entry, in bytes.
const SET_ENTRY_BYTES: u64 = 16;

/// Reported memory of an index entry, in bytes.
const ENTRY_BYTES: u64 = 14;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "sindex-create" => create(node, command),
        "sindex-delete" => delete(node, command),
        "sindex-exists" => exists(node, command),
        "sindex-stat" => stat(node, command),
        "sindex-list" => list(node, command),
        "sindex" => by_path(node, command),
        _ => return None,
    })
}

fn invalid(message: &str) -> InfoError {
    InfoError::new(4, message)
}

/// An optional parameter, which must not be empty or too long.
fn parameter<'a>(command: InfoCommand<'a>, name: &str, longest: usize) -> Result<Option<&'a str>, InfoError> {
    match command.parameter(name) {
        Some("") => Err(invalid(&format!("missing '{name}' value"))),
        Some(value) if value.len() > longest => Err(invalid(&format!("'{name}' value too long"))),
        value => Ok(value),
    }
}

fn name(command: InfoCommand<'_>) -> Result<&str, InfoError> {
    parameter(command, "indexname", MAX_NAME)?.ok_or_else(|| invalid("missing 'indexname'"))
}

fn namespace_name(command: InfoCommand<'_>) -> Result<&str, InfoError> {
    command
        .namespace()
        .ok_or_else(|| InfoError::new(20, "missing 'namespace'"))
}

fn create(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let name = name(command)?;
    let namespace = namespace_name(command)?;
    let set = parameter(command, "set", MAX_SET_NAME)?;
    if command
        .parameter("indextype")
        .is_some_and(|part| part.eq_ignore_ascii_case("set"))
    {
        return create_of_set(node, namespace, set, name, command);
    }
    let IndexSpec { kind, part, source } = index_spec(command)?;
    // Like a real server, whose nodes need not all have the namespace.
    let Some(namespace) = node.namespace(namespace.as_bytes()) else {
        return Ok("ok".to_owned());
    };
    let set = match set {
        None => None,
        Some(set) => Some(find_or_make(namespace, set)?),
    };
    let definition = Definition {
        set,
        kind,
        part,
        source,
    };
    match namespace.indexes().add(name, definition) {
        Ok(Some(index)) => {
            start_build(node, namespace.name(), index);
            Ok("ok".to_owned())
        }
        // Creating the same index again succeeds.
        Ok(None) => Ok("ok".to_owned()),
        Err(Conflict::Name) => Err(InfoError::new(
            200,
            "'indexname' already exists with different definition",
        )),
        Err(Conflict::TooMany) => Err(InfoError::new(205, "too many indexes")),
    }
}

fn find_or_make(namespace: &Namespace, set: &str) -> Result<SetId, InfoError> {
    namespace
        .find_or_make_set(set.as_bytes())
        .ok_or_else(|| invalid("too many sets"))
}

fn create_of_set(
    node: &Node,
    namespace: &str,
    set: Option<&str>,
    name: &str,
    command: InfoCommand<'_>,
) -> Result<String, InfoError> {
    let set = set.ok_or_else(|| invalid("missing 'set'"))?;
    for other in ["type", "bin", "context", "exp"] {
        if command.parameter(other).is_some() {
            return Err(invalid(&format!("{other} parameter is not supported for set index")));
        }
    }
    if let Some(namespace) = node.namespace(namespace.as_bytes()) {
        namespace.indexes().add_of_set(name, find_or_make(namespace, set)?);
    }
    Ok("ok".to_owned())
}

/// The definition that a command requests, without the set.
struct IndexSpec {
    kind: ValueKind,
    part: Part,
    source: Source,
}

fn kind(text: &str, what: &str) -> Result<ValueKind, InfoError> {
    ValueKind::from_name(text).ok_or_else(|| {
        invalid(&format!(
            "bad {what} - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'"
        ))
    })
}

fn index_spec(command: InfoCommand<'_>) -> Result<IndexSpec, InfoError> {
    let part = match command.parameter("indextype") {
        None => Part::Whole,
        Some(part) => Part::from_name(part)
            .ok_or_else(|| invalid("bad 'indextype' - must be one of 'default', 'list', 'mapkeys', 'mapvalues'"))?,
    };
    let (kind, old_bin) = match (command.parameter("indexdata"), command.parameter("type")) {
        (None, None) => return Err(invalid("both 'indexdata' and 'type' are missing")),
        (Some(_), Some(_)) => return Err(invalid("both 'indexdata' and 'type' are specified")),
        (None, Some(text)) => (kind(text, "'type'")?, None),
        (Some(data), None) => match data.split_once(',') {
            Some((bin, text)) => (kind(text, "'indexdata' bin type")?, Some(bin)),
            None => return Err(invalid("'indexdata' missing bin type")),
        },
    };
    if kind == ValueKind::Geo && part == Part::MapKeys {
        return Err(invalid(
            "bad 'indexdata' bin type for 'indextype' 'mapkeys' - must be one of 'numeric', 'string', 'blob'",
        ));
    }
    let bin = parameter(command, "bin", MAX_BIN_NAME)?.or(old_bin);
    let context = parameter(command, "context", usize::MAX)?;
    let source = match (parameter(command, "exp", usize::MAX)?, bin) {
        (None, None) => return Err(invalid("both 'bin' and 'exp' are missing")),
        (Some(_), Some(_)) => return Err(invalid("both 'bin' and 'exp' are specified")),
        (Some(_), None) if context.is_some() => return Err(invalid("both 'context' and 'exp' are specified")),
        (Some(expression), None) => Source::Expression(compiled(expression, kind, part)?),
        (None, Some(bin)) => {
            let context = match context {
                None => None,
                Some(context) => {
                    let bytes = BASE64
                        .decode(context)
                        .map_err(|_| invalid("'context' invalid base64"))?;
                    Some(ContextPath::parse(&bytes).map_err(|_| invalid("'context' invalid cdt context"))?)
                }
            };
            Source::Bin(bin.as_bytes().into(), context)
        }
    };
    Ok(IndexSpec { kind, part, source })
}

/// Compiles an index expression and checks the type of its result.
fn compiled(expression: &str, kind: ValueKind, part: Part) -> Result<Expression, InfoError> {
    let bytes = BASE64.decode(expression).ok();
    let compiled = bytes.and_then(|bytes| Expression::compile(&bytes).ok());
    let compiled = compiled.ok_or_else(|| invalid("bad 'exp'"))?;
    let expected = match part {
        Part::Whole => kind.particle(),
        Part::List => kind::LIST,
        Part::MapKeys | Part::MapValues => kind::MAP,
    };
    if compiled.particle() == expected {
        return Ok(compiled);
    }
    let name = |particle: u8| match (ValueKind::of_particle(particle), particle) {
        (Some(kind), _) => kind.name(),
        (None, kind::LIST) => "list",
        (None, kind::MAP) => "map",
        (None, kind::FLOAT) => "float",
        (None, kind::BOOL) => "bool",
        (None, kind::HLL) => "hll",
        (None, _) => "unknown",
    };
    Err(invalid(&format!(
        "bad 'exp' - expression type '{}' does not match expected type '{}'",
        name(compiled.particle()),
        name(expected)
    )))
}

/// Builds a new index: synchronously if it is small, otherwise in the background.
fn start_build(node: &Node, namespace: &str, index: Arc<Index>) {
    let Some(namespace) = node.shared_namespace(namespace.as_bytes()) else {
        return;
    };
    let now_ms = node.clock().now_ms();
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) if namespace.objects() > MAX_RECORDS_TO_BUILD_INLINE => {
            runtime.spawn(async move {
                while build_index(&namespace, &index, now_ms, PARTITIONS_PER_STEP) {
                    tokio::task::yield_now().await;
                }
            });
        }
        _ => while build_index(&namespace, &index, now_ms, PARTITIONS_PER_STEP) {},
    }
}

fn delete(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let (name, namespace) = (name(command)?, namespace_name(command)?);
    // Removing an index of a namespace that does not exist succeeds.
    if let Some(namespace) = node.namespace(namespace.as_bytes()) {
        namespace.indexes().remove(name);
    }
    Ok("ok".to_owned())
}

fn exists(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let name = name(command)?;
    let indexes = find(node, namespace_name(command)?)?.indexes();
    let of_set = indexes.of_sets().iter().any(|(_, other)| **other == *name);
    Ok((of_set || indexes.named(name.as_bytes()).is_some()).to_string())
}

fn stat(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let name = name(command)?;
    stat_of(node, find(node, namespace_name(command)?)?, name)
}

fn stat_of(node: &Node, namespace: &Namespace, name: &str) -> Result<String, InfoError> {
    let of_sets = namespace.indexes().of_sets();
    if let Some((set, _)) = of_sets.iter().find(|(_, other)| **other == *name) {
        let entries = namespace.set(*set).map_or(0, |set| set.objects());
        return Ok(format!(
            "entries={entries};used_bytes={};load_pct=100",
            entries * SET_ENTRY_BYTES
        ));
    }
    let index = namespace.indexes().named(name.as_bytes());
    let index = index.ok_or_else(|| InfoError::new(201, "no index"))?;
    let totals =
        index.totals((0..PARTITIONS).filter(|id| u16::try_from(*id).is_ok_and(|id| node.masters(namespace, id))));
    let per = |count: u64| (totals.entries + count / 2).checked_div(count).unwrap_or_default();
    Ok(format!(
        "entries={};used_bytes={};entries_per_bval={};entries_per_rec={};load_pct={};load_time={};stat_gc_recs=0",
        totals.entries,
        (totals.entries * ENTRY_BYTES)
            .next_multiple_of(MIN_BYTES)
            .max(MIN_BYTES),
        per(totals.values),
        per(totals.records),
        index.load_percent(),
        index.load_ms(),
    ))
}

fn list(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    match command.namespace() {
        Some(name) => Ok(list_of(find(node, name)?)),
        None => Ok(node.namespaces().iter().map(|namespace| list_of(namespace)).collect()),
    }
}

fn list_of(namespace: &Namespace) -> String {
    let all = namespace.indexes().all();
    let sets = namespace.sets();
    let of_sets = namespace.indexes().of_sets();
    let of_sets = of_sets.iter().map(|(id, name)| {
        let set = sets
            .get(usize::from(id.0))
            .map(|set| String::from_utf8_lossy(&set.name));
        format!(
            "ns={}:indexname={name}:set={}:indextype=set;",
            namespace.name(),
            set.unwrap_or_default()
        )
    });
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
        .chain(of_sets)
        .collect()
}

/// `sindex`, `sindex/namespace` or `sindex/namespace/name`, the forms that older clients use.
fn by_path(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    match command.arguments.split_once('/') {
        Some((namespace, name)) => stat_of(node, find(node, namespace)?, name),
        None if command.arguments.is_empty() => list(node, command),
        None => Ok(match node.namespace(command.arguments.as_bytes()) {
            Some(namespace) => list_of(namespace),
            None => "ns_type=unknown".to_owned(),
        }),
    }
}
