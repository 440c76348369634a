//! Requests: from their acceptance to their reply.

pub mod admission;
mod call;
#[cfg(test)]
pub mod concurrency_tests;
mod end_report;
mod frame_queue;
mod pending;
pub mod reply_channel;
mod request;
mod request_block;
pub mod shapes;
pub mod subject;
mod trace_context;
pub mod transaction;

pub use call::Call;
pub use end_report::EndReport;
pub use reply_channel::{Attachment, Channel, NextSweep, ReplyGuard};
pub use request::{Body, Cancel, Cancellable, Request};
pub use request_block::{BlockReader, TransactionRef};
pub use trace_context::{SeedHost, TraceContext, TraceParent};
