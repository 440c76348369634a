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

use std::net::SocketAddr;

use crate::cluster::node::Node;
use crate::proto::header::{self, Kind};

/// Maximum length of a command that an error message quotes.
const MAX_QUOTED: usize = 64;

/// A parsed info command.
#[derive(Debug, Clone, Copy)]
struct Question<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl<'a> Question<'a> {
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

    /// The namespace parameter, which older clients call `ns` or `id`.
    fn namespace(&self) -> Option<&'a str> {
        ["namespace", "ns", "id"].iter().find_map(|name| self.parameter(name))
    }
}

/// A failed command, with the text of its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused(String);

impl Refused {
    fn new(code: u8, message: &str) -> Self {
        Self(format!("ERROR:{code}:{message}"))
    }
}

/// The context in which a command is answered.
#[derive(Debug, Clone, Copy)]
struct About<'a> {
    node: &'a Node,
    /// The address at which the client connected to the node.
    address: SocketAddr,
}

/// Handles an info request.
pub fn handle(node: &Node, address: SocketAddr, body: &[u8], out: &mut Vec<u8>) {
    let start = header::begin(out);
    let about = About { node, address };
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else {
            break;
        };
        let answer = match std::str::from_utf8(line) {
            Ok(text) => answer(about, Question::parse(text)),
            Err(_) => Err(Refused::new(4, "bad encoding")),
        };
        let text = match answer {
            Ok(text) | Err(Refused(text)) => text,
        };
        out.extend_from_slice(line);
        out.push(b'\t');
        out.extend_from_slice(text.as_bytes());
        out.push(b'\n');
    }
    header::finish(out, start, Kind::Info);
}

fn answer(about: About<'_>, question: Question<'_>) -> Result<String, Refused> {
    if let Some(answer) = cluster::answer(about, question) {
        return Ok(answer);
    }
    if let Some(answer) = stats::answer(about.node, question) {
        return answer;
    }
    if let Some(answer) = udf::answer(about.node, question) {
        return answer;
    }
    if let Some(answer) = admin::answer(about.node, question) {
        return answer;
    }
    if let Some(answer) = config::answer(about, question) {
        return answer;
    }
    if let Some(answer) = sindex::answer(about.node, question) {
        return answer;
    }
    if let Some(answer) = jobs::answer(about.node, question) {
        return answer;
    }
    let quoted: String = question.name.chars().take(MAX_QUOTED).collect();
    about.node.log().unsupported(&format!("info command {quoted:?}"));
    Err(Refused::new(4, "unrecognized command"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_names_and_parameters() {
        let question = Question::parse("truncate:namespace=test;set=a=b");
        assert_eq!(question.name, "truncate");
        assert_eq!(question.namespace(), Some("test"));
        assert_eq!(question.parameter("set"), Some("a=b"));
        assert_eq!(question.parameter("lut"), None);
        let question = Question::parse("sets/test/users");
        assert_eq!((question.name, question.arguments), ("sets", "test/users"));
        assert_eq!(Question::parse("node").arguments, "");
        assert_eq!(Question::parse("build;node").name, "build");
    }
}
