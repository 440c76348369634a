//! Computation on values: encoding and ordering, operations on bins, expressions and user-defined functions.

pub mod bits;
pub mod cdt;
pub mod client_value;
pub mod exp;
pub(crate) mod geo;
pub mod hll;
pub mod msgpack;
pub mod udf;
