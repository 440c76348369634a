//! The headers of requests and replies.

/// Bytes of a request header: command u8, flags u8, length of the policy at the end of the body u16 (0: unknown), slot
/// u32, body length u32, total timeout u32 (ms).
pub const REQUEST_HEADER: usize = 16;

/// Bytes of a reply header: slot u32, status u16, flags u16, body length u32.
pub const REPLY_HEADER: usize = 12;

/// Request flag: the command writes, so a failure after it has started may be in doubt.
pub const FLAG_WRITE: u8 = 1;

/// Request flag: the number (u32) of memory to reuse for the result follows the body.
pub const FLAG_SPARE: u8 = 2;

/// Request flag: the parent span of the call comes last in the frame (25 bytes: trace, span, flags).
pub const FLAG_PARENT: u8 = 4;

/// Request flag: the call comes from a logger, so it must not produce log lines.
pub const FLAG_QUIET: u8 = 8;

/// Shift of the variant within the flags. The upper four bits distinguish the methods that share a command.
pub const VARIANT_SHIFT: u8 = 4;

/// Reply flag: the body is an attachment; the frame contains the attachment's number (u32) instead.
pub const FLAG_ATTACHED: u16 = 1;

/// The kind of a reply frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Status {
    /// The result of the command.
    Ok = 0,
    /// The failure of the command, as `put_failure` writes it.
    Failed = 1,
    /// Not a reply: a record shape that later replies refer to.
    Shape = 2,
    /// Not a reply: a warning that does not belong to a failed call.
    Notice = 3,
}
