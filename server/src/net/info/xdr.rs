//! Cross-datacenter replication: filters, which are stored but never applied.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;
use crate::compute::exp::Filter;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "xdr-set-filter" | "xdr-get-filter" if node.cluster().xdr().is_empty() => {
            Err(InfoError::new(25, "enterprise only"))
        }
        "xdr-set-filter" => set_filter(node, command),
        "xdr-get-filter" => get_filter(node, command),
        _ => return None,
    })
}

fn required<'a>(command: InfoCommand<'a>, name: &str) -> Result<&'a str, InfoError> {
    match command.parameter(name) {
        None => Err(InfoError::new(4, &format!("missing '{name}'"))),
        Some("") => Err(InfoError::new(4, &format!("missing '{name}' value"))),
        Some(value) => Ok(value),
    }
}

fn set_filter(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let datacenter = required(command, "dc")?;
    let namespace = required(command, "namespace")?;
    if node.namespace(namespace.as_bytes()).is_none() {
        return Err(InfoError::new(20, "unknown namespace"));
    }
    let expression = match required(command, "exp")? {
        "null" => None,
        text => {
            let packed = BASE64.decode(text).map_err(|_| InfoError::new(4, "bad base64"))?;
            Filter::compile(&packed).map_err(|_| InfoError::new(4, "bad expression"))?;
            Some(text)
        }
    };
    if node.cluster().xdr().set_filter(datacenter, namespace, expression) {
        Ok("ok".to_owned())
    } else {
        Err(InfoError::new(4, "unknown datacenter"))
    }
}

fn get_filter(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let datacenter = required(command, "dc")?;
    let filters = node
        .cluster()
        .xdr()
        .filters(datacenter)
        .ok_or_else(|| InfoError::new(4, "unknown datacenter"))?;
    let wanted = command.namespace();
    let lines: Vec<_> = filters
        .iter()
        .filter(|(namespace, _)| wanted.is_none_or(|wanted| wanted == namespace))
        .map(|(namespace, expression)| format!("namespace={namespace}:exp={expression}"))
        .collect();
    Ok(lines.join(";"))
}
