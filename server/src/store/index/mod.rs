//! Secondary indexes: map values to records.
//!
//! An index has one tree per partition, ordered by value and digest, so that a query can resume after the last
//! record that a client received. Writers update it while they hold the partition lock, and so does the task
//! that builds it. An index is therefore never behind its records.

mod definition;
mod predicate;
mod registry;
mod tree;
mod value;

pub use definition::{Definition, Part, Source, ValueKind};
pub use predicate::Predicate;
pub use registry::{Conflict, Indexes};
pub use tree::Index;
