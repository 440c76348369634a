//! Pattern matching as in Lua 5.4, for `string.find` and related functions.
//!
//! Lua's own matcher backtracks without a limit and cannot be interrupted. This one checks periodically whether
//! to continue.

use std::fmt;

/// Maximum number of captures in a pattern.
pub const MAX_CAPTURES: usize = 32;

/// Maximum recursion depth of a pattern, as in Lua.
const MAX_DEPTH: u32 = 200;

/// Number of steps between checks. A step examines one byte of the text or of the pattern.
const STEPS: usize = 100_000;

const ESCAPE: u8 = b'%';

/// Why a search ended without a result.
#[derive(Debug)]
pub enum Stop<E> {
    /// The pattern, or the way it is used, is invalid.
    Pattern(Malformed),
    /// The check returned this error.
    Ended(E),
}

impl<E> From<Malformed> for Stop<E> {
    fn from(malformed: Malformed) -> Self {
        Self::Pattern(malformed)
    }
}

/// The defects of a pattern, with Lua's error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// The pattern ends with `%`.
    Escape,
    /// A set is not closed.
    Set,
    /// `%b` is not followed by two characters.
    Balance,
    /// `%f` is not followed by a set.
    Frontier,
    /// A `)` without a `(`.
    Close,
    /// The capture with this number does not exist or is not closed yet.
    Capture(usize),
    /// The pattern has more than [`MAX_CAPTURES`] captures.
    Captures,
    /// The pattern recurses too deeply.
    Complex,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Escape => f.write_str("malformed pattern (ends with '%')"),
            Self::Set => f.write_str("malformed pattern (missing ']')"),
            Self::Balance => f.write_str("malformed pattern (missing arguments to '%b')"),
            Self::Frontier => f.write_str("missing '[' after '%f' in pattern"),
            Self::Close => f.write_str("invalid pattern capture"),
            Self::Capture(number) => write!(f, "invalid capture index %{number}"),
            Self::Captures => f.write_str("too many captures"),
            Self::Complex => f.write_str("pattern too complex"),
        }
    }
}

/// The result of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// A part of the text.
    Part { start: usize, end: usize },
    /// A position in the text, starting at 0.
    Place(usize),
    /// The capture was not closed. Using it is an error.
    Unfinished,
}

#[derive(Debug, Clone, Copy)]
enum Extent {
    Open,
    Place,
    Closed(usize),
}

/// A match and its captures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    /// Results of the captures.
    pub captures: Vec<Capture>,
}

/// Searches a text for a pattern.
pub struct Matcher<'a, C> {
    text: &'a [u8],
    pattern: &'a [u8],
    go_on: C,
    steps: usize,
    depth: u32,
    captures: Vec<(usize, Extent)>,
}

type Step<E> = Result<Option<usize>, Stop<E>>;

impl<'a, E, C: FnMut() -> Result<(), E>> Matcher<'a, C> {
    /// Creates a matcher that calls `go_on` periodically to check whether to continue.
    pub fn new(text: &'a [u8], pattern: &'a [u8], go_on: C) -> Self {
        Self {
            text,
            pattern,
            go_on,
            steps: 0,
            depth: 0,
            captures: Vec::new(),
        }
    }

    /// The first match that starts at or after `from`, or exactly there if `anchored`, and that does not end at
    /// `not_at`.
    ///
    /// # Errors
    /// Returns an error if the pattern is invalid or the check fails.
    pub fn find(&mut self, from: usize, anchored: bool, not_at: Option<usize>) -> Result<Option<Found>, Stop<E>> {
        for start in from..=self.text.len() {
            self.captures.clear();
            self.depth = 0;
            if let Some(end) = self.matches(start, 0)?
                && not_at != Some(end)
            {
                let captures = self.caught();
                return Ok(Some(Found { start, end, captures }));
            }
            if anchored {
                break;
            }
        }
        Ok(None)
    }

    fn caught(&self) -> Vec<Capture> {
        let captures = self.captures.iter().map(|(start, extent)| match extent {
            Extent::Open => Capture::Unfinished,
            Extent::Place => Capture::Place(*start),
            Extent::Closed(end) => Capture::Part {
                start: *start,
                end: *end,
            },
        });
        captures.collect()
    }

    fn spend(&mut self, steps: usize) -> Result<(), Stop<E>> {
        self.steps += steps;
        if self.steps >= STEPS {
            self.steps = 0;
            (self.go_on)().map_err(Stop::Ended)?;
        }
        Ok(())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.pattern.get(at).copied()
    }

    /// The end of a match that starts at `s`, for the pattern from `p` on.
    fn matches(&mut self, s: usize, p: usize) -> Step<E> {
        if self.depth >= MAX_DEPTH {
            return Err(Malformed::Complex.into());
        }
        self.depth += 1;
        let end = self.matches_here(s, p);
        self.depth -= 1;
        end
    }

    fn matches_here(&mut self, mut s: usize, mut p: usize) -> Step<E> {
        loop {
            self.spend(1)?;
            let Some(first) = self.byte(p) else {
                return Ok(Some(s));
            };
            match (first, self.byte(p + 1)) {
                (b'(', Some(b')')) => return self.open(s, p + 2, Extent::Place),
                (b'(', _) => return self.open(s, p + 1, Extent::Open),
                (b')', _) => return self.close(s, p + 1),
                (b'$', None) => return Ok((s == self.text.len()).then_some(s)),
                (ESCAPE, Some(b'b')) => {
                    let Some(end) = self.balanced(s, p + 2)? else {
                        return Ok(None);
                    };
                    (s, p) = (end, p + 4);
                    continue;
                }
                (ESCAPE, Some(b'f')) => {
                    p += 2;
                    if self.byte(p) != Some(b'[') {
                        return Err(Malformed::Frontier.into());
                    }
                    let end = self.class_end(p)?;
                    let before = s.checked_sub(1).and_then(|at| self.text.get(at)).copied().unwrap_or(0);
                    let here = self.text.get(s).copied().unwrap_or(0);
                    if self.in_set(before, p, end - 1) || !self.in_set(here, p, end - 1) {
                        return Ok(None);
                    }
                    p = end;
                    continue;
                }
                (ESCAPE, Some(digit @ b'0'..=b'9')) => {
                    let Some(end) = self.again(s, digit)? else {
                        return Ok(None);
                    };
                    (s, p) = (end, p + 2);
                    continue;
                }
                _ => {}
            }
            let end = self.class_end(p)?;
            let fits = self.single(s, p, end)?;
            match (self.byte(end), fits) {
                (Some(b'?'), true) => {
                    if let Some(found) = self.matches(s + 1, end + 1)? {
                        return Ok(Some(found));
                    }
                    p = end + 1;
                }
                (Some(b'+'), true) => return self.most(s + 1, p, end),
                (Some(b'*'), true) => return self.most(s, p, end),
                (Some(b'-'), true) => return self.least(s, p, end),
                (Some(b'*' | b'?' | b'-'), false) => p = end + 1,
                (_, false) => return Ok(None),
                (_, true) => (s, p) = (s + 1, end),
            }
        }
    }

    /// The end of the class that starts at `p`.
    fn class_end(&mut self, p: usize) -> Result<usize, Stop<E>> {
        let mut at = p + 1;
        match self.byte(p) {
            Some(ESCAPE) => {
                if at >= self.pattern.len() {
                    return Err(Malformed::Escape.into());
                }
                Ok(at + 1)
            }
            Some(b'[') => {
                if self.byte(at) == Some(b'^') {
                    at += 1;
                }
                loop {
                    let byte = self.byte(at).ok_or(Malformed::Set)?;
                    at += 1;
                    if byte == ESCAPE {
                        at += 1;
                    }
                    if self.byte(at) == Some(b']') {
                        break;
                    }
                }
                self.spend(at - p)?;
                Ok(at + 1)
            }
            _ => Ok(at),
        }
    }

    /// Whether the byte at `s` is in the class between `p` and `end`.
    fn single(&mut self, s: usize, p: usize, end: usize) -> Result<bool, Stop<E>> {
        self.spend(end - p)?;
        let Some(byte) = self.text.get(s).copied() else {
            return Ok(false);
        };
        Ok(match self.byte(p) {
            Some(b'.') => true,
            Some(ESCAPE) => self.byte(p + 1).is_some_and(|class| in_class(byte, class)),
            Some(b'[') => self.in_set(byte, p, end - 1),
            other => other == Some(byte),
        })
    }

    /// Whether a byte is in the set that starts at `p` and whose `]` is at `end`.
    fn in_set(&self, byte: u8, p: usize, end: usize) -> bool {
        let mut at = p + 1;
        let wanted = self.byte(at) != Some(b'^');
        if !wanted {
            at += 1;
        }
        while at < end {
            let first = self.byte(at).unwrap_or_default();
            if first == ESCAPE {
                at += 1;
                if self.byte(at).is_some_and(|class| in_class(byte, class)) {
                    return wanted;
                }
            } else if self.byte(at + 1) == Some(b'-') && at + 2 < end {
                let last = self.byte(at + 2).unwrap_or_default();
                if (first..=last).contains(&byte) {
                    return wanted;
                }
                at += 2;
            } else if first == byte {
                return wanted;
            }
            at += 1;
        }
        !wanted
    }

    /// Greedy repetition, followed by the rest of the pattern.
    fn most(&mut self, s: usize, p: usize, end: usize) -> Step<E> {
        let mut count = 0;
        while self.single(s + count, p, end)? {
            count += 1;
        }
        loop {
            if let Some(found) = self.matches(s + count, end + 1)? {
                return Ok(Some(found));
            }
            if count == 0 {
                return Ok(None);
            }
            count -= 1;
        }
    }

    /// Lazy repetition, followed by the rest of the pattern.
    fn least(&mut self, mut s: usize, p: usize, end: usize) -> Step<E> {
        loop {
            if let Some(found) = self.matches(s, end + 1)? {
                return Ok(Some(found));
            }
            if !self.single(s, p, end)? {
                return Ok(None);
            }
            s += 1;
        }
    }

    fn balanced(&mut self, s: usize, p: usize) -> Step<E> {
        let (Some(open), Some(close)) = (self.byte(p), self.byte(p + 1)) else {
            return Err(Malformed::Balance.into());
        };
        if self.text.get(s) != Some(&open) {
            return Ok(None);
        }
        let mut depth = 1;
        for at in s + 1..self.text.len() {
            self.spend(1)?;
            let byte = self.text.get(at).copied();
            if byte == Some(close) {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            } else if byte == Some(open) {
                depth += 1;
            }
        }
        Ok(None)
    }

    fn open(&mut self, s: usize, p: usize, extent: Extent) -> Step<E> {
        if self.captures.len() >= MAX_CAPTURES {
            return Err(Malformed::Captures.into());
        }
        self.captures.push((s, extent));
        let found = self.matches(s, p)?;
        if found.is_none() {
            self.captures.pop();
        }
        Ok(found)
    }

    fn close(&mut self, s: usize, p: usize) -> Step<E> {
        let open = self
            .captures
            .iter()
            .rposition(|(_, extent)| matches!(extent, Extent::Open));
        let open = open.ok_or(Malformed::Close)?;
        self.extend(open, Extent::Closed(s));
        let found = self.matches(s, p)?;
        if found.is_none() {
            self.extend(open, Extent::Open);
        }
        Ok(found)
    }

    fn extend(&mut self, capture: usize, to: Extent) {
        if let Some((_, extent)) = self.captures.get_mut(capture) {
            *extent = to;
        }
    }

    /// Back-reference: matches the text of a capture again.
    fn again(&mut self, s: usize, digit: u8) -> Step<E> {
        let number = usize::from(digit - b'0');
        let capture = number.checked_sub(1).and_then(|place| self.captures.get(place));
        let (start, end) = match capture {
            Some((start, Extent::Closed(end))) => (*start, *end),
            // A position capture has no text.
            Some((_, Extent::Place)) => return Ok(None),
            _ => return Err(Malformed::Capture(number).into()),
        };
        self.spend(end - start)?;
        let caught = self.text.get(start..end).unwrap_or_default();
        let behind = self.text.get(s..).unwrap_or_default();
        Ok(behind.starts_with(caught).then_some(s + caught.len()))
    }
}

/// Whether a byte is in the class that a letter names. Any other character stands for itself.
fn in_class(byte: u8, class: u8) -> bool {
    let fits = match class.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'g' => byte.is_ascii_graphic(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => matches!(byte, b' ' | b'\t'..=b'\r'),
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        b'z' => byte == 0,
        _ => return class == byte,
    };
    fits != class.is_ascii_uppercase()
}
