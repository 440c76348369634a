//! The info protocol: administrative commands in text form.
//!
//! A request consists of lines `name`, `name:key=value;key=value` or `name/argument`. The reply repeats each
//! line, followed by a tab and the result. As on a real server, a name also ends at a semicolon, and the rest
//! of that line is ignored (`build;node` is `build`); a last line without a line end is ignored; and an empty
//! line is an unknown command.

mod admin;
mod cluster;
mod config;
mod jobs;
mod sindex;
mod stats;
mod udf;
mod xdr;

use std::net::SocketAddr;

use crate::cluster::node::Node;
use crate::common::result_code::ResultCode;
use crate::proto::header::{self, Kind};
use crate::security::Access;

/// Maximum length of a command that an error message quotes.
const MAX_QUOTED: usize = 64;

/// A parsed info command.
#[derive(Debug, Clone, Copy)]
struct InfoCommand<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl<'a> InfoCommand<'a> {
    fn parse(line: &'a str) -> Self {
        let end = line.find([':', '/', ';']).unwrap_or(line.len());
        Self {
            name: line.get(..end).unwrap_or(line),
            arguments: line.get(end + 1..).unwrap_or(""),
        }
    }

    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Option<&'a str> {
        self.arguments
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Checks that the client may send the command.
    fn check(&self, access: &Result<Access, ResultCode>) -> Result<(), InfoError> {
        let namespace = self.namespace().unwrap_or_default();
        let set = self.parameter("set").unwrap_or_default();
        let checked = match access {
            Ok(access) => access.check_info(self.name, namespace, set),
            Err(result) => Err(*result),
        };
        checked.map_err(|result| {
            let message = match result {
                ResultCode::ROLE_VIOLATION => "role violation",
                ResultCode::NOT_ALLOWLISTED => "not whitelisted",
                _ => "not authenticated",
            };
            InfoError::new(result.0, message)
        })
    }

    /// The namespace parameter, which older clients call `ns` or `id`.
    fn namespace(&self) -> Option<&'a str> {
        ["namespace", "ns", "id"].iter().find_map(|name| self.parameter(name))
    }
}

/// A failed command, with the text of its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
struct InfoError(String);

impl InfoError {
    fn new(code: u8, message: &str) -> Self {
        Self(format!("ERROR:{code}:{message}"))
    }
}

/// The context in which a command is answered.
#[derive(Debug, Clone, Copy)]
struct InfoContext<'a> {
    node: &'a Node,
    /// The address at which the client connected to the node.
    address: SocketAddr,
}

/// Handles an info request.
pub fn handle(node: &Node, address: SocketAddr, access: &Result<Access, ResultCode>, body: &[u8], out: &mut Vec<u8>) {
    let start = header::begin(out);
    let info = InfoContext { node, address };
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else {
            break;
        };
        let reply = match std::str::from_utf8(line) {
            Ok(text) => {
                let command = InfoCommand::parse(text);
                command.check(access).and_then(|()| reply(info, command))
            }
            Err(_) => Err(InfoError::new(4, "bad encoding")),
        };
        let text = match reply {
            Ok(text) | Err(InfoError(text)) => text,
        };
        out.extend_from_slice(line);
        out.push(b'\t');
        out.extend_from_slice(text.as_bytes());
        out.push(b'\n');
    }
    header::finish(out, start, Kind::Info);
}

fn reply(info: InfoContext<'_>, command: InfoCommand<'_>) -> Result<String, InfoError> {
    if let Some(reply) = cluster::reply(info, command) {
        return Ok(reply);
    }
    if let Some(reply) = stats::reply(info.node, command) {
        return reply;
    }
    if let Some(reply) = udf::reply(info.node, command) {
        return reply;
    }
    if let Some(reply) = admin::reply(info.node, command) {
        return reply;
    }
    if let Some(reply) = xdr::reply(info.node, command) {
        return reply;
    }
    if let Some(reply) = config::reply(info, command) {
        return reply;
    }
    if let Some(reply) = sindex::reply(info.node, command) {
        return reply;
    }
    if let Some(reply) = jobs::reply(info.node, command) {
        return reply;
    }
    let quoted: String = command.name.chars().take(MAX_QUOTED).collect();
    info.node.log().unsupported(&format!("info command {quoted:?}"));
    Err(InfoError::new(4, "unrecognized command"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_names_and_parameters() {
        let command = InfoCommand::parse("truncate:namespace=test;set=a=b");
        assert_eq!(command.name, "truncate");
        assert_eq!(command.namespace(), Some("test"));
        assert_eq!(command.parameter("set"), Some("a=b"));
        assert_eq!(command.parameter("lut"), None);
        let command = InfoCommand::parse("sets/test/users");
        assert_eq!((command.name, command.arguments), ("sets", "test/users"));
        assert_eq!(InfoCommand::parse("node").arguments, "");
        assert_eq!(InfoCommand::parse("build;node").name, "build");
    }
}
