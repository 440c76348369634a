//! What expressions are compiled to.

use super::number::Arithmetic;
use super::path::Path;
use super::pattern::Pattern;
use super::value::{Type, Value};

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What is known of a record beside its bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metadata {
    LastUpdate,
    SinceUpdate,
    VoidTime,
    TimeToLive,
    SetName,
    KeyExists,
    IsTombstone,
    RecordSize,
    /// What newer servers no longer have: always 0.
    DeviceSize,
}

/// Which operations a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    Collection,
    Bits,
    Hll,
}

/// An argument of a call.
#[derive(Debug)]
pub(super) enum Argument {
    /// MessagePack that is passed on as it is.
    Element(Vec<u8>),
    /// What comes of an expression.
    Node(Node),
}

/// What a loop over the children of a list or map tells of the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoopPart {
    Key,
    Value,
    Index,
}

/// A call of an operation on a value.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) result: Type,
    pub(super) module: Module,
    pub(super) modifies: bool,
    /// In front of the operation: MessagePack of the context that it takes place in.
    pub(super) context: Option<Vec<u8>>,
    /// The operation's code and arguments.
    pub(super) arguments: Vec<Argument>,
    pub(super) on: Node,
}

/// A call of a path operation.
#[derive(Debug)]
pub(super) struct PathCall {
    pub(super) result: Type,
    pub(super) path: Path,
    pub(super) on: Node,
}

/// An expression, checked.
#[derive(Debug)]
pub(super) enum Node {
    Unknown,
    Literal(Value<'static>),
    Compare(Comparison, Box<(Node, Node)>),
    Regex(Box<(Pattern, Node)>),
    GeoWithin(Box<(Node, Node)>),
    InList(Box<(Node, Node)>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Xor(Vec<Node>),
    Not(Box<Node>),
    Arithmetic(Arithmetic, Vec<Node>),
    DigestModulo(i32),
    Metadata(Metadata),
    Key(Type),
    Bin(Type, Box<[u8]>),
    BinType(Box<[u8]>),
    /// Whatever is modified by it goes away.
    Remove,
    MapKeys(Box<Node>),
    MapValues(Box<Node>),
    Loop(Type, LoopPart),
    /// Conditions with what follows from them, and what if none holds.
    Cond(Vec<(Node, Node)>, Box<Node>),
    /// A variable, by how many were defined before it.
    Variable(usize),
    Let(Vec<Node>, Box<Node>),
    Call(Box<Call>),
    Path(Box<PathCall>),
}
