//! Values of expressions, and conversions to and from particles and MessagePack.

use std::borrow::Cow;

use crate::compute::geo;
use crate::compute::msgpack::{Reader, Token, write};
use crate::record::particle::{self, kind};

/// Value types. The numbers are those of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Nil,
    Bool,
    Int,
    String,
    List,
    Map,
    Blob,
    Float,
    Geo,
    Hll,
    /// The type of values that are always unknown.
    Unknown,
    /// The type of the expression that removes an element or bin.
    Removed,
}

impl Type {
    /// Converts a type number from the protocol.
    pub(super) fn from_code(code: i64) -> Option<Self> {
        Some(match code {
            0 => Self::Nil,
            1 => Self::Bool,
            2 => Self::Int,
            3 => Self::String,
            4 => Self::List,
            5 => Self::Map,
            6 => Self::Blob,
            7 => Self::Float,
            8 => Self::Geo,
            9 => Self::Hll,
            _ => return None,
        })
    }

    /// Whether a value of type `other` is accepted where this type is expected. Types must be equal, except
    /// that booleans and values that are always unknown accept each other.
    pub(super) fn accepts(self, other: Self) -> bool {
        self == other || matches!((self, other), (Self::Bool, Self::Unknown) | (Self::Unknown, Self::Bool))
    }

    /// The particle type of a bin with such a value.
    pub(super) fn particle(self) -> u8 {
        match self {
            Self::Nil | Self::Unknown | Self::Removed => kind::NULL,
            Self::Bool => kind::BOOL,
            Self::Int => kind::INTEGER,
            Self::String => kind::STRING,
            Self::List => kind::LIST,
            Self::Map => kind::MAP,
            Self::Blob => kind::BLOB,
            Self::Float => kind::FLOAT,
            Self::Geo => kind::GEOJSON,
            Self::Hll => kind::HLL,
        }
    }

    fn of_particle(particle: u8) -> Option<Self> {
        Some(match particle {
            kind::BOOL => Self::Bool,
            kind::INTEGER => Self::Int,
            kind::STRING => Self::String,
            kind::LIST => Self::List,
            kind::MAP => Self::Map,
            kind::BLOB => Self::Blob,
            kind::FLOAT => Self::Float,
            kind::GEOJSON => Self::Geo,
            kind::HLL => Self::Hll,
            _ => return None,
        })
    }
}

/// A value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// String, blob or HyperLogLog: the raw bytes. List or map: MessagePack. GeoJSON: its text.
    Bytes(Type, Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Nil => Type::Nil,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Float(_) => Type::Float,
            Self::Bytes(kind, _) => *kind,
        }
    }

    /// Converts a bin value. Returns `None` for particle types that expressions do not support.
    pub(super) fn from_particle(value: particle::Value<'a>) -> Option<Self> {
        let bytes = value.bytes;
        Some(match Type::of_particle(value.kind)? {
            Type::Bool => Self::Bool(bytes != [0]),
            Type::Int => Self::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            Type::Float => Self::Float(f64::from_be_bytes(bytes.try_into().ok()?)),
            Type::Geo => Self::Bytes(Type::Geo, geo::stored_text(bytes)?.into()),
            kind => Self::Bytes(kind, bytes.into()),
        })
    }

    /// Converts to a bin value: particle type and bytes.
    pub(super) fn into_particle(self) -> Option<(u8, Vec<u8>)> {
        let kind = self.kind();
        let bytes = match self {
            Self::Nil => Vec::new(),
            Self::Bool(value) => vec![u8::from(value)],
            Self::Int(value) => value.to_be_bytes().to_vec(),
            Self::Float(value) => value.to_be_bytes().to_vec(),
            Self::Bytes(Type::Geo, text) => {
                let mut stored = Vec::new();
                geo::store_text(&text, &mut stored).ok()?;
                stored
            }
            Self::Bytes(_, bytes) => bytes.into_owned(),
        };
        Some((kind.particle(), bytes))
    }

    /// Converts one complete MessagePack element.
    pub(super) fn from_element(element: &'a [u8]) -> Option<Self> {
        Some(match Reader::new(element).token().ok()? {
            Token::Nil => Self::Nil,
            Token::Bool(value) => Self::Bool(value),
            Token::Int(value) => Self::Int(value),
            Token::Unsigned(value) => Self::Int(value.cast_signed()),
            Token::Float(value) => Self::Float(value),
            Token::Bytes(bytes) => {
                let (particle, bytes) = bytes.split_first()?;
                match Type::of_particle(*particle)? {
                    kind @ (Type::String | Type::Blob | Type::Geo | Type::Hll) => Self::Bytes(kind, bytes.into()),
                    _ => return None,
                }
            }
            Token::List(_) => Self::Bytes(Type::List, element.into()),
            Token::Map(_) => Self::Bytes(Type::Map, element.into()),
            Token::Ext(..) => return None,
        })
    }

    /// Appends the value as a MessagePack element.
    pub(super) fn write_element(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil => out.push(write::NIL),
            Self::Bool(value) => write::bool(out, *value),
            Self::Int(value) => write::int(out, *value),
            Self::Float(value) => write::float(out, *value),
            Self::Bytes(Type::List | Type::Map, bytes) => out.extend_from_slice(bytes),
            Self::Bytes(kind, bytes) => {
                let mut marked = vec![kind.particle()];
                marked.extend_from_slice(bytes);
                write::bytes(out, &marked);
            }
        }
    }

    /// A copy that does not borrow.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Nil => Value::Nil,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Float(value) => Value::Float(value),
            Self::Bytes(kind, bytes) => Value::Bytes(kind, Cow::Owned(bytes.into_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_round_trip() {
        let text = |kind| Value::Bytes(kind, b"xy"[..].into());
        for value in [
            Value::Nil,
            Value::Bool(true),
            Value::Int(-300),
            Value::Float(0.5),
            text(Type::String),
            text(Type::Blob),
            text(Type::Geo),
            text(Type::Hll),
            Value::Bytes(Type::List, b"\x91\x01"[..].into()),
            Value::Bytes(Type::Map, b"\x80"[..].into()),
        ] {
            let mut out = Vec::new();
            value.write_element(&mut out);
            assert_eq!(Value::from_element(&out), Some(value));
        }
    }
}
