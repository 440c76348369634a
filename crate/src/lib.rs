//! The native half of the aerospike-napi package: exposes aerospike-core to JavaScript through flat buffers.
//!
//! Only `napi` uses Node-API. A block of requests enters through [`environment`], whose dispatcher starts each request
//! when it is admitted; it runs one of the [`commands`], and leaves as a reply frame in `requests::reply_channel`.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

mod catalog;
mod client;
mod commands;
mod common;
mod convert;
mod environment;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(test)]
mod instruction_counts;
mod napi;
mod nodes;
mod policy;
mod query;
mod requests;
mod stream;
mod telemetry;
mod wire;

#[cfg(not(any(fuzzing, miri)))] // these check every allocation themselves
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
