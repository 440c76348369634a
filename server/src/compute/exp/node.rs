//! The compiled form of expressions.

use super::number::Arithmetic;
use super::pattern::Pattern;
use super::value::{Type, Value};

/// Operation codes that introduce a context and a path.
pub(super) const IN_CONTEXT: i64 = 0xff;
pub(super) const BY_PATH: i64 = 0xfe;

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

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
    /// Obsolete: newer servers always report 0.
    DeviceSize,
}

/// The module of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    Collection,
    Bits,
    Hll,
}

/// An argument of a call.
#[derive(Debug)]
pub(super) enum Argument {
    /// MessagePack that is passed unchanged.
    Element(Vec<u8>),
    /// An expression, whose value is passed.
    Node(Node),
}

/// A loop variable: which property of the current child to return.
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
    /// MessagePack of the context, which precedes the operation.
    pub(super) context: Option<Vec<u8>>,
    /// Operation code and arguments.
    pub(super) arguments: Vec<Argument>,
    pub(super) on: Node,
}

/// How a step selects children of a list or map.
#[derive(Debug)]
pub(super) enum Selector {
    All,
    Where(Node),
    ListIndex(i64),
    ListValue(Vec<u8>),
    MapKey(Vec<u8>),
    MapValue(Vec<u8>),
    MapKeys(Vec<Vec<u8>>),
    /// Accepted by a real server, but fails at evaluation.
    Unsupported,
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) selector: Selector,
    pub(super) and: Option<Node>,
}

/// What a path operation does with the selected elements.
#[derive(Debug)]
pub(super) enum PathAction {
    Tree,
    Leaves { keys: bool, values: bool },
    Modify(Node),
}

/// A compiled path operation.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    pub(super) action: PathAction,
    pub(super) no_fail: bool,
}

/// A call of a path operation.
#[derive(Debug)]
pub(super) struct PathCall {
    pub(super) result: Type,
    pub(super) path: Path,
    pub(super) on: Node,
}

/// A compiled, type-checked expression.
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
    /// Removes the element or bin that it is assigned to.
    Remove,
    MapKeys(Box<Node>),
    MapValues(Box<Node>),
    Loop(Type, LoopPart),
    /// Conditions with their results, and the default result.
    Cond(Vec<(Node, Node)>, Box<Node>),
    /// A variable, identified by the number of variables defined before it.
    Variable(usize),
    Let(Vec<Node>, Box<Node>),
    Call(Box<Call>),
    Path(Box<PathCall>),
}
