//! What all other folders share.

pub mod address;
pub mod errors;
pub mod guard;
pub mod in_doubt;
pub mod node_names;
pub mod runtime;
pub mod shorten;
mod thread_stacks;
