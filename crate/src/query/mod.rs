//! Queries.

pub mod round;
