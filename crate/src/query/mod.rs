//! Queries: rounds over all partitions, and aggregations.

pub mod aggregate;
pub mod driver;
mod index_check;
pub mod round;
pub mod row_sink;
mod unavailable;
