//! The flat buffers that cross the boundary: codec, headers, failures, and aligned memory.

mod aligned_buffer;
mod codec;
mod failure;
pub mod headers;

pub use aligned_buffer::Aligned;
pub use codec::{Reader, Writer, put_sized};
pub use failure::put_failure;
