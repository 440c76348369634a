//! Security messages. Like a Community Edition, this server has no users: every request is answered with
//! "security not supported".

use crate::common::result_code::ResultCode;
use crate::proto::header::{self, Kind};

const REPLY_SIZE: usize = 16;

/// Handles a security message.
pub fn handle(body: &[u8], out: &mut Vec<u8>) {
    // u8 scheme, u8 result, u8 command, u8 number of fields, zeros.
    let command = body.get(2).copied().unwrap_or(0);
    let mut reply = [0; REPLY_SIZE];
    reply[1] = ResultCode::SECURITY_NOT_SUPPORTED.0;
    reply[2] = command;
    let start = header::begin(out);
    out.extend_from_slice(&reply);
    header::finish(out, start, Kind::Security);
}
