//! Batches: many records in one request per node.
//!
//! The core's hook stores rows as they arrive, on the task of each node. Rows that have no outcome at the end of the
//! call (a failed node, a deadline, an error of the server for a whole group) get the failure that caused this.
//!
//! [`run::run`] executes any batch: a command provides its rows and a [`tracker::Sink`], and gets the sink back when every row has an
//! outcome.

mod columns;
mod command;
mod part;
mod read_mode;
mod record_sink;
mod reread;
mod reroute;
mod row_form;
mod row_source;
pub mod row_spec;
mod run;
mod stream_sink;
mod tracker;
mod write_columns;

pub use columns::read as read_columns;
pub use command::batch;
pub use stream_sink::open;
pub use write_columns::write as write_columns;
