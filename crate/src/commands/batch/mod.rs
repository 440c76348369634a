//! Batches: many records in one request per node.
//!
//! The core's hook stores rows as they arrive, on the task of each node. Rows that have no outcome at the end of the
//! call (a failed node, a deadline, an error of the server for a whole group) get the failure that caused this.
//!
//! [`run::run`] executes any batch: a command provides its rows and a [`rows::Sink`], and gets the sink back when every row has an
//! outcome.

mod columns;
mod form;
mod mixed;
mod operations;
mod part;
mod records;
mod reread;
mod reroute;
mod rows;
mod run;
mod streamed;
mod work;
mod write_columns;

pub use columns::read as read_columns;
pub use mixed::batch;
pub use streamed::open;
pub use write_columns::write as write_columns;
