//! The server on the network: listeners, connections and info commands.

pub mod connection;
mod dispatch;
pub mod info;
mod node_listener;
pub mod server;
