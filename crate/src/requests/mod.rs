//! Requests: admission, and what a submitted command consists of.

pub mod admission;
mod end_report;
mod job;
pub mod subject;

pub use end_report::{EndReport, Parent, Server, Traced};
pub use job::Job;
