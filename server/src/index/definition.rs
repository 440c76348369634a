//! What an index is about.

use crate::cdt::Context;
use crate::exp::Expression;
use crate::particle::kind;
use crate::record::SetId;

/// Which values an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// 64-bit integers.
    Numeric,
    /// Strings.
    String,
    /// Bytes.
    Blob,
    /// Points and regions.
    Geo,
}

impl ValueKind {
    /// The particle type of the values.
    #[must_use]
    pub fn particle(self) -> u8 {
        match self {
            Self::Numeric => kind::INTEGER,
            Self::String => kind::STRING,
            Self::Blob => kind::BLOB,
            Self::Geo => kind::GEOJSON,
        }
    }

    /// The kind of values of a particle type.
    #[must_use]
    pub fn of_particle(particle: u8) -> Option<Self> {
        match particle {
            kind::INTEGER => Some(Self::Numeric),
            kind::STRING => Some(Self::String),
            kind::BLOB => Some(Self::Blob),
            kind::GEOJSON => Some(Self::Geo),
            _ => None,
        }
    }

    /// Its name in info texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::String => "string",
            Self::Blob => "blob",
            Self::Geo => "geo2dsphere",
        }
    }

    /// The kind of a name that a client sends.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "numeric" => Self::Numeric,
            "string" => Self::String,
            "blob" => Self::Blob,
            "geo2dsphere" => Self::Geo,
            _ => return None,
        })
    }
}

/// What of a value is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The value itself.
    Whole,
    /// The elements of a list.
    List,
    /// The keys of a map.
    MapKeys,
    /// The values of a map.
    MapValues,
}

impl Part {
    /// The part that queries number so.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Whole,
            1 => Self::List,
            2 => Self::MapKeys,
            3 => Self::MapValues,
            _ => return None,
        })
    }

    /// Its name in info texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "default",
            Self::List => "list",
            Self::MapKeys => "mapkeys",
            Self::MapValues => "mapvalues",
        }
    }

    /// The part of a name that a client sends.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "default" => Self::Whole,
            "list" => Self::List,
            "mapkeys" => Self::MapKeys,
            "mapvalues" => Self::MapValues,
            _ => return None,
        })
    }
}

/// Where the values of an index come from.
#[derive(Debug)]
pub enum Source {
    /// A bin, or what a context leads to in it.
    Bin(Box<[u8]>, Option<Context>),
    /// What an expression comes to.
    Expression(Expression),
}

impl Source {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bin(a, x), Self::Bin(b, y)) => a == b && x == y,
            (Self::Expression(a), Self::Expression(b)) => a.source() == b.source(),
            _ => false,
        }
    }
}

/// What an index is about.
#[derive(Debug)]
pub struct Definition {
    /// The set whose records it has; nothing is all records of the namespace.
    pub set: Option<SetId>,
    /// Which values it has.
    pub kind: ValueKind,
    /// What of the source's values.
    pub part: Part,
    /// Where they come from.
    pub source: Source,
}

impl Definition {
    /// Whether an index of one definition has what one of the other has.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.set == other.set
            && self.kind == other.kind
            && self.part == other.part
            && self.source.is_like(&other.source)
    }

    /// Whether records of a set are in the index.
    #[must_use]
    pub fn covers(&self, set: SetId) -> bool {
        self.set.is_none_or(|only| only == set)
    }
}
