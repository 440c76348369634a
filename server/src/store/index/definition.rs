//! Index definitions.

use crate::compute::cdt::ContextPath;
use crate::compute::exp::Expression;
use crate::record::SetId;
use crate::record::particle::kind;

/// The type of the indexed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// 64-bit integers.
    Numeric,
    String,
    Blob,
    /// GeoJSON points and regions.
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

    /// The value kind of a particle type.
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

    /// The name in info replies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::String => "string",
            Self::Blob => "blob",
            Self::Geo => "geo2dsphere",
        }
    }

    /// Parses a name that a client sends.
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

/// The part of a value that is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The value itself.
    Whole,
    /// The elements of a list.
    List,
    MapKeys,
    MapValues,
}

impl Part {
    /// Converts the number that queries use.
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

    /// The name in info replies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "default",
            Self::List => "list",
            Self::MapKeys => "mapkeys",
            Self::MapValues => "mapvalues",
        }
    }

    /// Parses a name that a client sends.
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

/// The source of the indexed values.
#[derive(Debug)]
pub enum Source {
    /// A bin, or a nested element of it that the context addresses.
    Bin(Box<[u8]>, Option<ContextPath>),
    /// The result of an expression.
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

/// An index definition.
#[derive(Debug)]
pub struct Definition {
    /// The set whose records are indexed; `None` means all records of the namespace.
    pub set: Option<SetId>,
    /// The type of the indexed values.
    pub kind: ValueKind,
    /// The part of the source value that is indexed.
    pub part: Part,
    /// The source of the indexed values.
    pub source: Source,
}

impl Definition {
    /// Whether both definitions index the same values.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.set == other.set
            && self.kind == other.kind
            && self.part == other.part
            && self.source.is_like(&other.source)
    }

    /// Whether the index covers records of a set.
    #[must_use]
    pub fn covers(&self, set: SetId) -> bool {
        self.set.is_none_or(|only| only == set)
    }
}
