//! Requests: from their acceptance to their reply.

pub mod admission;
mod end_report;
mod frame_queue;
mod job;
mod pending;
pub mod reply_channel;
mod request;
pub mod shapes;
pub mod subject;
mod trace_context;
pub mod transaction;

pub use end_report::EndReport;
pub use job::Job;
pub use reply_channel::{Attachment, Channel, ReplyGuard};
pub use request::{Body, Cancel, Cancellable, Request};
pub use trace_context::{SeedHost, TraceContext, TraceParent};
