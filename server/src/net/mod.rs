//! The server on the network: listeners, connections and info commands.

mod compression;
pub mod connection;
mod dispatch;
pub mod info;
mod node_listener;
pub mod server;
