//! Translates POSIX regular expressions to the syntax of the regex engine.
//!
//! Strings are bytes, not necessarily UTF-8. Each byte is mapped to the character with the same number, in
//! patterns and in text.

use regex_lite::{Regex, RegexBuilder};

/// Regex flags in the protocol.
mod flag {
    pub(super) const EXTENDED: i64 = 1;
    pub(super) const IGNORE_CASE: i64 = 2;
    pub(super) const NEWLINE: i64 = 4;
}

/// A compiled regular expression.
#[derive(Debug)]
pub(super) struct Pattern(Regex);

fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

impl Pattern {
    /// Compiles a pattern. Returns `None` if it is malformed.
    pub(super) fn new(pattern: &[u8], flags: i64) -> Option<Self> {
        let by_line = flags & flag::NEWLINE != 0;
        let mut translation = Translation {
            rest: pattern,
            extended: flags & flag::EXTENDED != 0,
            by_line,
            open: Vec::new(),
            last: 0,
            repeated: false,
            out: String::new(),
        };
        translation.run()?;
        RegexBuilder::new(&translation.out)
            .case_insensitive(flags & flag::IGNORE_CASE != 0)
            .multi_line(by_line)
            .dot_matches_new_line(!by_line)
            .build()
            .ok()
            .map(Self)
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(&characters(text))
    }
}

/// The state of a translation.
struct Translation<'a> {
    rest: &'a [u8],
    extended: bool,
    by_line: bool,
    /// Positions in `out` at which the open groups begin.
    open: Vec<usize>,
    /// Position in `out` at which the last atom begins, and whether it has a repetition already.
    last: usize,
    repeated: bool,
    out: String,
}

/// A token of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Open,
    Close,
    Or,
    Star,
    Plus,
    Optional,
    Interval,
    LineStart,
    LineEnd,
    Any,
    Bracket,
    /// A literal character.
    Character(u8),
    /// A backslash class that both syntaxes share: word characters and word boundaries.
    Class(&'static str),
}

impl Translation<'_> {
    fn run(&mut self) -> Option<()> {
        // Whether a repetition may follow.
        let mut repeatable = false;
        while let Some(part) = self.next() {
            let at_start = self.out.is_empty() || self.out.ends_with(['(', '|']);
            match part? {
                Part::Open => {
                    self.open.push(self.out.len());
                    self.out.push('(');
                    repeatable = false;
                    continue;
                }
                Part::Close => match self.open.pop() {
                    Some(start) => {
                        self.last = start;
                        self.repeated = false;
                        self.out.push(')');
                    }
                    // An unmatched `)` is a literal in the extended syntax and an error in the basic one.
                    None if self.extended => self.literal(b')'),
                    None => return None,
                },
                Part::Or => {
                    self.out.push('|');
                    repeatable = false;
                    continue;
                }
                part @ (Part::Star | Part::Plus | Part::Optional | Part::Interval) if !repeatable => {
                    if self.extended || part != Part::Star {
                        return None;
                    }
                    self.literal(b'*');
                }
                Part::Star => self.repeat("*"),
                Part::Plus => self.repeat("+"),
                Part::Optional => self.repeat("?"),
                Part::Interval => {
                    let interval = self.interval()?;
                    self.repeat(&interval);
                }
                Part::LineStart if self.extended || at_start => {
                    self.atom();
                    self.out.push('^');
                    repeatable = false;
                    continue;
                }
                Part::LineStart => self.literal(b'^'),
                Part::LineEnd if self.extended || self.at_end() => {
                    self.atom();
                    self.out.push('$');
                }
                Part::LineEnd => self.literal(b'$'),
                Part::Any => {
                    self.atom();
                    self.out.push('.');
                }
                Part::Bracket => {
                    self.atom();
                    self.bracket()?;
                }
                Part::Character(byte) => self.literal(byte),
                Part::Class(class) => {
                    self.atom();
                    self.out.push_str(class);
                }
            }
            repeatable = true;
        }
        self.open.is_empty().then_some(())
    }

    /// Repeats the last atom. A repeated repetition is wrapped in a group first.
    fn repeat(&mut self, how: &str) {
        if self.repeated {
            self.out.insert_str(self.last, "(?:");
            self.out.push(')');
        }
        self.repeated = true;
        self.out.push_str(how);
    }

    /// Records the start of an atom.
    fn atom(&mut self) {
        self.last = self.out.len();
        self.repeated = false;
    }

    fn at_end(&self) -> bool {
        matches!(self.rest, [] | [b'\\', b')' | b'|', ..])
    }

    fn literal(&mut self, byte: u8) {
        self.atom();
        self.out.push_str(&format!("\\x{byte:02x}"));
    }

    fn take(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    /// The next token: `None` at the end of the pattern, `Some(None)` if the token is malformed.
    fn next(&mut self) -> Option<Option<Part>> {
        let byte = self.take()?;
        if byte != b'\\' {
            return Some(Some(match byte {
                b'*' => Part::Star,
                b'^' => Part::LineStart,
                b'$' => Part::LineEnd,
                b'.' => Part::Any,
                b'[' => Part::Bracket,
                _ if self.extended => self.operator(byte),
                _ => Part::Character(byte),
            }));
        }
        let Some(byte) = self.take() else {
            return Some(None);
        };
        Some(Some(match byte {
            b'w' => Part::Class("[0-9A-Za-z_]"),
            b'W' => Part::Class("[^0-9A-Za-z_]"),
            b's' => Part::Class("[ \\t-\\r]"),
            b'S' => Part::Class("[^ \\t-\\r]"),
            b'b' => Part::Class("\\b"),
            b'B' => Part::Class("\\B"),
            b'<' => Part::Class("\\b{start}"),
            b'>' => Part::Class("\\b{end}"),
            b'`' => Part::Class("\\A"),
            b'\'' => Part::Class("\\z"),
            // Back-references are not supported by the engine.
            b'1'..=b'9' => return Some(None),
            _ if self.extended => Part::Character(byte),
            _ => self.operator(byte),
        }))
    }

    fn operator(&self, byte: u8) -> Part {
        match byte {
            b'(' => Part::Open,
            b')' => Part::Close,
            b'|' => Part::Or,
            b'+' => Part::Plus,
            b'?' => Part::Optional,
            b'{' => Part::Interval,
            _ => Part::Character(byte),
        }
    }

    /// Parses an interval after its opening brace, including the closing one.
    fn interval(&mut self) -> Option<String> {
        let closing: &[u8] = if self.extended { b"}" } else { b"\\}" };
        let end = self.rest.windows(closing.len()).position(|window| window == closing)?;
        let (inside, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(closing.len()..)?;
        let inside = std::str::from_utf8(inside).ok()?;
        if !inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b',') {
            return None;
        }
        let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
        let min = if min.is_empty() && inside != min { "0" } else { min };
        let comma = if inside.contains(',') { "," } else { "" };
        let max = if comma.is_empty() { "" } else { max };
        Some(format!("{{{min}{comma}{max}}}"))
    }

    /// Parses a bracket expression after its opening bracket.
    fn bracket(&mut self) -> Option<()> {
        let negated = self.rest.first() == Some(&b'^');
        if negated {
            self.take();
        }
        let mut set = [false; 256];
        let mut first = true;
        loop {
            let byte = self.take()?;
            if byte == b']' && !first {
                break;
            }
            first = false;
            if byte == b'[' && self.rest.first() == Some(&b':') {
                self.class(&mut set)?;
                continue;
            }
            let low = self.bracketed(byte)?;
            let mut high = low;
            if let [b'-', next, ..] = self.rest
                && *next != b']'
            {
                self.take();
                let byte = self.take()?;
                high = self.bracketed(byte)?;
            }
            if high < low {
                return None;
            }
            for member in low..=high {
                set[usize::from(member)] = true;
            }
        }
        if negated {
            for (byte, member) in set.iter_mut().enumerate() {
                *member = !(*member || self.by_line && byte == usize::from(b'\n'));
            }
        }
        self.out.push('[');
        for (byte, _) in set.iter().enumerate().filter(|(_, member)| **member) {
            self.out.push_str(&format!("\\x{byte:02x}"));
        }
        // The engine's syntax has no empty set.
        if !set.contains(&true) {
            self.out.push_str("^\\x00-\\x{10FFFF}");
        }
        self.out.push(']');
        Some(())
    }

    /// Parses one character of a bracket expression. `[.x.]` and `[=x=]` stand for `x`.
    fn bracketed(&mut self, byte: u8) -> Option<u8> {
        let delimiter = match self.rest.first() {
            Some(delimiter @ (b'.' | b'=')) if byte == b'[' => *delimiter,
            _ => return Some(byte),
        };
        self.take();
        let character = self.take()?;
        (self.take()? == delimiter && self.take()? == b']').then_some(character)
    }

    fn class(&mut self, set: &mut [bool; 256]) -> Option<()> {
        let end = self.rest.windows(2).position(|window| window == b":]")?;
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(2..)?;
        let holds: fn(&u8) -> bool = match name {
            b":alpha" => u8::is_ascii_alphabetic,
            b":digit" => u8::is_ascii_digit,
            b":alnum" => u8::is_ascii_alphanumeric,
            b":upper" => u8::is_ascii_uppercase,
            b":lower" => u8::is_ascii_lowercase,
            b":space" => |byte| matches!(byte, b' ' | 9..=13),
            b":blank" => |byte| matches!(byte, b' ' | 9),
            b":punct" => u8::is_ascii_punctuation,
            b":print" => |byte| matches!(byte, 32..=126),
            b":graph" => u8::is_ascii_graphic,
            b":cntrl" => u8::is_ascii_control,
            b":xdigit" => u8::is_ascii_hexdigit,
            _ => return None,
        };
        for byte in 0..=u8::MAX {
            if holds(&byte) {
                set[usize::from(byte)] = true;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_like_a_real_server() {
        let cases: [(i64, &str, &str, Option<bool>); 44] = [
            (0, "b", "abc", Some(true)),
            (0, "^b", "abc", Some(false)),
            (2, "B", "abc", Some(true)),
            (1, "(a|x)bc", "abc", Some(true)),
            (0, "(a|x)bc", "abc", Some(false)),
            (1, "(", "abc", None),
            (0, "(", "abc", Some(false)),
            (1, "[", "abc", None),
            (1, "a+", "abc", Some(true)),
            (0, "a+", "abc", Some(false)),
            (0, "a\\+", "abc", Some(true)),
            (0, "\\(ab\\)c", "abc", Some(true)),
            (1, "a{2", "abc", None),
            (1, "a{2}", "abc", Some(false)),
            (0, "", "abc", Some(true)),
            (1, "[[:alpha:]]+", "abc", Some(true)),
            (1, "a.c", "abc", Some(true)),
            (1, "\\d", "5", Some(false)),
            (1, "\\w", "abc", Some(true)),
            (1, "*a", "abc", None),
            (1, "a**", "abc", Some(true)),
            (1, "a\\sb", "a b", Some(true)),
            (1, "\\bab", "abc", Some(true)),
            (1, "x|", "abc", Some(true)),
            (1, "()", "abc", Some(true)),
            (1, "a$", "a\nb", Some(false)),
            (9, "a$", "a\nb", Some(false)),
            (1, "a.b", "a\nb", Some(true)),
            (1, "a[^x]b", "a\nb", Some(true)),
            (1, "[]a]", "a", Some(true)),
            (1, "[a-", "a", None),
            (1, "[z-a]", "a", None),
            (1, "a|*b", "a", None),
            (1, "a{1,2}{2}", "aaaa", Some(true)),
            (1, "\\.", ".", Some(true)),
            (1, "[\\.]", "\\", Some(true)),
            (1, "a{,2}b", "ab", Some(true)),
            (1, "^^a", "a", Some(true)),
            (0, "a^b", "a^b", Some(true)),
            (1, "a^b", "a^b", Some(false)),
            (0, "a|b", "b", Some(false)),
            (0, "a\\|b", "b", Some(true)),
            (0, "a\\{2\\}", "aa", Some(true)),
            (0, "*a", "*a", Some(true)),
        ];
        for (flags, pattern, text, expected) in cases {
            let pattern_of = Pattern::new(pattern.as_bytes(), flags);
            let found = pattern_of.map(|pattern| pattern.is_match(text.as_bytes()));
            assert_eq!(found, expected, "{flags} {pattern} {text}");
        }
    }
}
