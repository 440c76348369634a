//! Computation on values: encoding and ordering, operations on bins, expressions and user-defined functions.

pub(crate) mod bits;
pub mod cdt;
pub(crate) mod client_value;
pub(crate) mod exp;
pub(crate) mod geo;
pub(crate) mod hll;
pub mod msgpack;
pub(crate) mod udf;
