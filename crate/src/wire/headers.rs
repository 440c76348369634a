//! The headers of requests and replies.

pub use crate::catalog::boundary::header::REPLY as REPLY_HEADER;
pub use crate::catalog::boundary::reply_flag::ATTACHED as FLAG_ATTACHED;
pub use crate::catalog::boundary::request_flag::{
    PARENT as FLAG_PARENT, QUIET as FLAG_QUIET, REUSE as FLAG_REUSE, TRANSACTION as FLAG_TRANSACTION,
    WRITE as FLAG_WRITE,
};
pub use crate::catalog::boundary::{Status, VARIANT_SHIFT};
