//! The part of the crate `regex` that aerospike-core uses. The core parses versions of servers, hosts and failures of info
//! commands with three patterns, a few times per connection, and depends on `regex` with its default features: five engines
//! and all tables of Unicode, half a megabyte of the addon. Cargo cannot turn off the features of a dependency's dependency, so
//! the workspace replaces the crate. The syntax and its meaning are the same, because the parser and the compiler are.
//!
//! If a version of the core uses more of `regex`, it does not compile: add it here.

use regex_automata::meta;
use regex_automata::util::captures;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Regex(meta::Regex);

/// Why a pattern cannot be compiled.
#[derive(Debug, Clone)]
pub struct Error(#[allow(dead_code, reason = "it is shown")] Box<meta::BuildError>);

/// The groups of a match.
#[derive(Debug, Clone)]
pub struct Captures<'h> {
    text: &'h str,
    groups: captures::Captures,
}

/// The text that a group has matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'h>(&'h str);

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// If its syntax is wrong.
    pub fn new(pattern: &str) -> Result<Self, Error> {
        meta::Regex::new(pattern)
            .map(Regex)
            .map_err(|error| Error(Box::new(error)))
    }

    /// Whether the pattern matches somewhere in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The groups of the first match in a text.
    #[must_use]
    pub fn captures<'h>(&self, text: &'h str) -> Option<Captures<'h>> {
        let mut groups = self.0.create_captures();
        self.0.captures(text, &mut groups);
        groups.is_match().then_some(Captures { text, groups })
    }
}

impl<'h> Captures<'h> {
    /// What the group of this name has matched.
    #[must_use]
    pub fn name(&self, name: &str) -> Option<Match<'h>> {
        let span = self.groups.get_group_by_name(name)?;
        self.text.get(span.range()).map(Match)
    }
}

impl<'h> Match<'h> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &'h str {
        self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The patterns of aerospike-core 3.0.0.
    const VERSION: &str = r"^(?P<major>(\d+))\.(?P<minor>(\d+))\.(?P<patch>(\d+))\.(?P<build>(\d+))";
    const HOST: &str = r"^((\[(?P<ipv6>\S+)\])|(?P<ipv4>(\d{1,3})(\.\d{1,3}){3})|(?P<host>[\S--:]+))((:(?P<tls>[\S--:]+):(?P<port>\d{1,5}))|(:(?P<port2>\d{1,5}))|(:(?P<tls2>\d*[\S--[\d:]][\S--:]*)))?$";
    const FAILURE: &str = r"^(?i)(fail|error)((:|=)(?P<code>[0-9]+))?((:|=)(?P<msg>.+))?$";

    fn groups(pattern: &str, text: &str, names: &[&str]) -> Option<Vec<Option<String>>> {
        let regex = Regex::new(pattern).unwrap();
        let captures = regex.captures(text);
        assert_eq!(regex.is_match(text), captures.is_some());
        captures.map(|captures| {
            let text = |name: &&str| captures.name(name).map(|group| group.as_str().to_owned());
            names.iter().map(text).collect()
        })
    }

    fn texts(parts: &[&str]) -> Option<Vec<Option<String>>> {
        let text = |part: &&str| (!part.is_empty()).then(|| (*part).to_owned());
        Some(parts.iter().map(text).collect())
    }

    #[test]
    fn versions_are_taken_apart() {
        let parts = ["major", "minor", "patch", "build"];
        assert_eq!(groups(VERSION, "8.1.2.0-rc4", &parts), texts(&["8", "1", "2", "0"]));
        assert_eq!(groups(VERSION, "8.1.2", &parts), None);
    }

    #[test]
    fn hosts_are_taken_apart() {
        let parts = ["ipv6", "ipv4", "host", "tls", "port", "tls2", "port2"];
        let cases = [
            ("[2001:db8::1]:3000", ["2001:db8::1", "", "", "", "", "", "3000"]),
            (
                "10.0.0.1:tls.example:4333",
                ["", "10.0.0.1", "", "tls.example", "4333", "", ""],
            ),
            (
                "höst:6072bb5c.internal",
                ["", "", "höst", "", "", "6072bb5c.internal", ""],
            ),
            ("foo:999:1234", ["", "", "foo", "999", "1234", "", ""]),
        ];
        for (text, expected) in cases {
            assert_eq!(groups(HOST, text, &parts), texts(&expected), "{text}");
        }
        assert_eq!(groups(HOST, "a host", &parts), None);
    }

    #[test]
    fn failures_are_taken_apart() {
        let parts = ["code", "msg"];
        assert_eq!(
            groups(FAILURE, "Error:4:no such index", &parts),
            texts(&["4", "no such index"])
        );
        assert_eq!(groups(FAILURE, "FAIL", &parts), texts(&["", ""]));
        assert_eq!(groups(FAILURE, "ok", &parts), None);
    }

    #[test]
    fn a_wrong_pattern_is_an_error() {
        assert!(Regex::new("(").is_err());
    }
}
