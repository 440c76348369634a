//! The server on the network: listeners, connections and info commands.

pub mod connection;
pub mod info;
mod node_listener;
pub mod server;
