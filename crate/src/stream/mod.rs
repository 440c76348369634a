//! Streams: results that JavaScript pulls chunk by chunk.

pub mod buffer;
#[cfg(test)]
mod concurrency_tests;
pub mod pull;
pub mod registry;
