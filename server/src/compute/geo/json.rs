//! A minimal JSON parser, sufficient for GeoJSON.

/// Maximum nesting depth. GeoJSON needs far less.
const MAX_DEPTH: u32 = 32;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    /// `null`, `true` or `false`. GeoJSON geometry does not use them.
    Literal,
    Number(f64),
    Text(String),
    Array(Vec<Json>),
    /// An object, with its members in source order.
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> Option<&[Json]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// Parses a complete JSON text.
pub(super) fn parse(text: &[u8]) -> Option<Json> {
    let mut parser = Parser {
        rest: std::str::from_utf8(text).ok()?,
    };
    let value = parser.value(0)?;
    parser.skip_space();
    parser.rest.is_empty().then_some(value)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip_space();
        match self.rest.as_bytes().first()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Json::Text),
            b'n' | b't' | b'f' => ["null", "true", "false"]
                .iter()
                .any(|word| self.eat(word))
                .then_some(Json::Literal),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        self.eat("{");
        let mut members = Vec::new();
        if self.eat("}") {
            return Some(Json::Object(members));
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            if !self.eat(":") {
                return None;
            }
            members.push((name, self.value(depth + 1)?));
            if self.eat("}") {
                return Some(Json::Object(members));
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<Json> {
        self.eat("[");
        let mut items = Vec::new();
        if self.eat("]") {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat("]") {
                return Some(Json::Array(items));
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    /// Parses a string. Escapes are kept as written, because no GeoJSON member name or type contains one.
    fn string(&mut self) -> Option<String> {
        let inner = self.rest.strip_prefix('"')?;
        let mut escaped = false;
        for (at, byte) in inner.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    let text = inner.get(..at)?;
                    self.rest = inner.get(at + 1..)?;
                    return Some(text.to_owned());
                }
                _ => {}
            }
        }
        None
    }

    fn number(&mut self) -> Option<Json> {
        let end = self
            .rest
            .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end)?;
        let number: f64 = text.parse().ok()?;
        self.rest = rest;
        number.is_finite().then_some(Json::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_values_and_rejects_the_rest() {
        let json = parse(br#" {"a" : [1, -2.5e1, "x\"y", null, {}], "b":true} "#).unwrap();
        let items = json.member("a").unwrap().items().unwrap();
        assert_eq!(items[1].number(), Some(-25.0));
        assert_eq!(items[2].text(), Some(r#"x\"y"#));
        assert_eq!(json.member("c"), None);
        for bad in ["", "{", "[1,]", "[1 2]", "\"", "{\"a\" 1}", "1 2", "inf", "\u{e9}"] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse(&[b'['; 5000]), None);
        assert_eq!(parse(&[0xff]), None);
    }
}
