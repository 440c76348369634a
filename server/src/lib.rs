//! A small in-memory server that speaks the Aerospike wire protocol, for demos, tests and CI.
//!
//! ```no_run
//! use aerospike_local::{Config, LocalServer};
//!
//! # async fn example() -> std::io::Result<()> {
//! let mut server = LocalServer::start(Config::default()).await?;
//! println!("listening on {}", server.address());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

pub mod cluster;
mod commands;
pub mod common;
pub mod compute;
pub mod control;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod net;
mod proto;
mod query;
pub mod record;
pub mod security;
mod store;
pub mod tls;

pub use net::server::{Config, LocalServer};
pub use store::StrongConsistency;
