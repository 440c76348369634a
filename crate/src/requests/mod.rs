//! Requests: admission, and what a submitted command consists of.

pub mod admission;
mod job;

pub use job::Job;
