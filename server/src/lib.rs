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
pub mod commands;
pub mod common;
pub mod compute;
pub mod control;
pub mod net;
pub mod proto;
pub mod query;
pub mod record;
pub mod security;
pub mod store;

pub use net::server::{Config, LocalServer};
