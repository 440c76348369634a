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

pub mod bins;
pub mod bits;
pub mod cdt;
pub mod clock;
pub mod cluster;
pub mod commands;
pub mod connection;
pub mod control;
pub mod digest;
pub mod exp;
pub mod faults;
mod geo;
pub mod hll;
pub mod index;
pub mod info;
pub mod jobs;
pub mod log;
pub mod msgpack;
pub mod namespace;
pub mod node;
pub mod particle;
pub mod partition;
pub mod proto;
pub mod query;
pub mod record;
pub mod result_code;
mod seat;
pub mod security;
mod server;
pub mod store;
pub mod udf;

pub use server::{Config, LocalServer};
