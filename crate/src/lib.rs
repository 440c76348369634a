//! The native half of the aerospike-napi package: exposes aerospike-core to JavaScript through flat buffers.
//!
//! Only `boundary` uses Node-API. A block of requests enters through [`session`], is started by
//! [`dispatch`] when it is admitted, runs one of the [`commands`], and leaves as a reply frame in `boundary::completion`.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

mod aggregate;
mod boundary;
mod catalog;
mod client;
mod codes;
mod commands;
mod convert;
mod dispatch;
mod doubt;
mod errors;
mod feed;
mod guard;
mod index_check;
mod logging;
mod metrics;
mod nodes;
mod observe;
mod policy;
mod pulls;
mod query;
mod requests;
mod rounds;
mod runtime;
mod session;
mod shorten;
mod stacks;
mod streams;
mod telemetry;
mod tracing;
mod unavailable;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
