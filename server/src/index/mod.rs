//! Secondary indexes: which records have which values.
//!
//! An index has a tree for every partition, ordered by value and digest, so that a query can go on
//! behind the last record that a client saw. Writers change it while they hold the partition's lock,
//! and so does who builds it: an index is never behind its records.

mod build;
mod definition;
mod predicate;
mod registry;
mod tree;
mod value;

pub use build::build;
pub use definition::{Definition, Part, Source, ValueKind};
pub use predicate::Predicate;
pub use registry::{Changes, Conflict, Indexes};
pub use tree::{Entry, Index, Totals};
