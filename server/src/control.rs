//! Control commands of the process that started the server: stop and start nodes, and inject faults.
//!
//! A command is a line of words, for example `stop 1` or `delay 0 500`. Nodes are numbered from 0.

use std::fmt::Display;
use std::str::{FromStr, SplitAsciiWhitespace};
use std::time::Duration;

use crate::cluster::faults::{Fault, Faults};
use crate::common::result_code::ResultCode;
use crate::net::server::LocalServer;
use crate::tls::{CertificateKind, Pem};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Command {
    /// `stop NODE [MILLISECONDS]`: see [`LocalServer::stop_node`].
    Stop(usize, Duration),
    /// `start NODE`: see [`LocalServer::start_node`].
    Start(usize),
    /// `pause NODE`: see [`LocalServer::pause_node`].
    Pause(usize),
    /// `resume NODE`: see [`LocalServer::resume_node`].
    Resume(usize),
    /// `delay NODE MILLISECONDS [TIMES]`, `drop NODE [TIMES]`, `cut NODE BYTES [TIMES]` or
    /// `refuse NODE RESULT_CODE [TIMES]`: see [`Faults::plan`].
    Plan(usize, Fault, Option<u64>),
    /// `clear NODE`: see [`Faults::clear`].
    Clear(usize),
    /// `present-certificate KIND`: see [`crate::tls::Tls::present`].
    PresentCertificate(CertificateKind),
    /// `issue-certificate KIND NAME`: see [`crate::tls::Tls::issue_client`].
    IssueCertificate(CertificateKind, String),
    /// `expire-sessions`: see [`LocalServer::expire_sessions`].
    ExpireSessions,
}

impl Command {
    /// Parses a line.
    ///
    /// # Errors
    /// Returns a message that describes the mistake.
    fn parse(line: &str) -> Result<Self, String> {
        let mut words = line.split_ascii_whitespace();
        let name = words.next().ok_or("the line is empty")?;
        let node = match name {
            "expire-sessions" | "present-certificate" | "issue-certificate" => Ok(0),
            _ => number(&mut words, "node"),
        };
        let command = match name {
            "stop" => {
                let noticed_after = match words.clone().next() {
                    None => 0,
                    Some(_) => number(&mut words, "milliseconds")?,
                };
                Self::Stop(node?, Duration::from_millis(noticed_after))
            }
            "start" => Self::Start(node?),
            "pause" => Self::Pause(node?),
            "resume" => Self::Resume(node?),
            "clear" => Self::Clear(node?),
            "expire-sessions" => Self::ExpireSessions,
            "present-certificate" => Self::PresentCertificate(kind(&mut words)?),
            "issue-certificate" => {
                let kind = kind(&mut words)?;
                Self::IssueCertificate(kind, words.next().ok_or("name is missing")?.to_owned())
            }
            "delay" => {
                let delay = Fault::Delay(Duration::from_millis(number(&mut words, "milliseconds")?));
                Self::Plan(node?, delay, times(&mut words)?)
            }
            "drop" => Self::Plan(node?, Fault::Drop, times(&mut words)?),
            "cut" => {
                let cut = Fault::Cut(number(&mut words, "bytes")?);
                Self::Plan(node?, cut, times(&mut words)?)
            }
            "refuse" => {
                let refuse = Fault::Refuse(ResultCode(number(&mut words, "result code")?));
                Self::Plan(node?, refuse, times(&mut words)?)
            }
            _ => return Err(format!("unknown command {name:?}")),
        };
        match words.next() {
            None => Ok(command),
            Some(word) => Err(format!("unexpected argument {word:?}")),
        }
    }
}

fn kind(words: &mut SplitAsciiWhitespace<'_>) -> Result<CertificateKind, String> {
    words.next().ok_or("kind is missing")?.parse()
}

fn number<N: FromStr>(words: &mut SplitAsciiWhitespace<'_>, what: &str) -> Result<N, String> {
    let word = words.next().ok_or_else(|| format!("{what} is missing"))?;
    word.parse()
        .map_err(|_| format!("{what}: {word:?} is not a valid number"))
}

fn times(words: &mut SplitAsciiWhitespace<'_>) -> Result<Option<u64>, String> {
    match words.clone().next() {
        None => Ok(None),
        Some("0") => Err("times: must be at least 1".to_owned()),
        Some(_) => number(words, "times").map(Some),
    }
}

/// Executes a control command. Its effect is in place when this returns. Returns the certificate that was issued,
/// if any.
///
/// # Errors
/// Returns a message that describes why the command failed.
pub async fn perform(server: &mut LocalServer, line: &str) -> Result<Option<Pem>, String> {
    let command = Command::parse(line)?;
    if let Command::IssueCertificate(kind, name) = &command {
        let tls = server.cluster().tls().ok_or("TLS is not enabled")?;
        return tls.issue_client(name, *kind).map(Some);
    }
    execute(server, command).await.map(|()| None)
}

async fn execute(server: &mut LocalServer, command: Command) -> Result<(), String> {
    match command {
        Command::IssueCertificate(..) => Ok(()),
        Command::PresentCertificate(kind) => {
            let tls = server.cluster().tls().ok_or("TLS is not enabled")?;
            tls.present(kind).map_err(text)
        }
        Command::Stop(node, noticed_after) => server.stop_node(node, noticed_after).await.map_err(text),
        Command::Start(node) => server.start_node(node).map_err(text),
        Command::Pause(node) => server.pause_node(node).map_err(text),
        Command::Resume(node) => server.resume_node(node).map_err(text),
        Command::ExpireSessions => server.expire_sessions().map_err(text),
        Command::Clear(node) => on(server, node, Faults::clear),
        Command::Plan(node, fault, times) => on(server, node, |faults| faults.plan(fault, times)),
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

fn on(server: &LocalServer, node: usize, action: impl FnOnce(&Faults)) -> Result<(), String> {
    let running = server.node(node).ok_or_else(|| format!("node {node} is not running"))?;
    action(running.faults());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_commands() {
        for (line, command) in [
            ("stop 1", Command::Stop(1, Duration::ZERO)),
            ("stop 1 1500", Command::Stop(1, Duration::from_millis(1500))),
            ("expire-sessions", Command::ExpireSessions),
            (
                "present-certificate wrong-name",
                Command::PresentCertificate(CertificateKind::WrongName),
            ),
            (
                "issue-certificate valid ada",
                Command::IssueCertificate(CertificateKind::Valid, "ada".to_owned()),
            ),
            ("  pause   0 ", Command::Pause(0)),
            (
                "delay 2 50",
                Command::Plan(2, Fault::Delay(Duration::from_millis(50)), None),
            ),
            ("drop 2 3", Command::Plan(2, Fault::Drop, Some(3))),
            ("cut 0 40 1", Command::Plan(0, Fault::Cut(40), Some(1))),
            (
                "refuse 1 11 2",
                Command::Plan(1, Fault::Refuse(ResultCode::PARTITION_UNAVAILABLE), Some(2)),
            ),
        ] {
            assert_eq!(Command::parse(line), Ok(command));
        }
    }

    #[test]
    fn describes_mistakes() {
        for (line, text) in [
            ("", "empty"),
            ("halt 1", "unknown command"),
            ("stop", "node is missing"),
            ("stop one", "not a valid number"),
            ("stop 1 2 3", "unexpected argument"),
            ("delay 1", "milliseconds is missing"),
            ("drop 1 0", "times"),
            ("cut 1 2 3 4", "unexpected argument"),
            ("present-certificate", "kind is missing"),
            ("present-certificate bad", "is not valid"),
            ("issue-certificate valid", "name is missing"),
            ("refuse 1", "result code is missing"),
            ("refuse 1 256", "not a valid number"),
        ] {
            let message = Command::parse(line).unwrap_err();
            assert!(message.contains(text), "{line}: {message}");
        }
    }
}
