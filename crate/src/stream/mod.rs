//! Streams: results that JavaScript pulls chunk by chunk.

pub mod buffer;
pub mod pull;
pub mod registry;
