/**
 * The layout of requests and replies between JavaScript and the addon.
 */

/** Sizes of headers, in bytes. */
export const Header = {
  /**
   * A request: command u8, flags u8, length of the policy at the end of the body u16 (0: unknown), slot u32, body length
   * u32, total timeout u32 (ms).
   * @rust usize
   */
  REQUEST: 16,
  /**
   * A reply: slot u32, status u16, flags u16, body length u32.
   * @rust usize
   */
  REPLY: 12,
} as const

/** Flags of a request. */
export const RequestFlag = {
  /** The command writes, so a failure after it has started may be in doubt. */
  WRITE: 1,
  /** The number (u32) of the memory to reuse for the result comes last in the request. */
  REUSE: 2,
  /** The parent span of the call follows (25 bytes: trace, span, flags). */
  PARENT: 4,
  /** The call comes from a logger, so it must not produce log lines. */
  QUIET: 8,
  /** The call belongs to a transaction; its number (u32) and its timeout in seconds (u32) follow the body. */
  TRANSACTION: 16,
} as const

/** Shift of the variant within the flags of a request: the upper three bits distinguish the methods that share a command. */
export const VARIANT_SHIFT = 5

/** Flags of a reply. */
export const ReplyFlag = {
  /**
   * The body is an attachment; the frame contains the attachment's number (u32) instead.
   * @rust u16
   */
  ATTACHED: 1,
} as const

/**
 * The kind of a reply frame.
 * @rust enum u16
 */
export const Status = {
  /** The result of the command. */
  OK: 0,
  /** The failure of the command. */
  FAILED: 1,
  /** Not a reply: a record shape that later replies refer to. */
  SHAPE: 2,
  /** Not a reply: a warning that does not belong to a failed call. */
  NOTICE: 3,
} as const

/**
 * The kind of a failure, which selects the class of its error.
 * @rust enum u8
 */
export const FailureKind = {
  /** The server returned a result code; the code selects the class. */
  SERVER: 0,
  /** The client could not execute the call. */
  CLIENT: 1,
  /** There is no usable connection to the cluster. */
  CLUSTER: 2,
  /** An argument that only the native code can validate is invalid. */
  INVALID_ARGUMENT: 3,
  /** A deadline expired, in the client or on the server. */
  TIMEOUT: 4,
  /** The caller aborted the call. */
  ABORT: 5,
  /** The native code panicked. */
  PANIC: 6,
  /** The client was closed before the call was answered. */
  CLOSED: 7,
  /** A transaction refuses the call, or could not be committed or aborted; the code says why. */
  TRANSACTION: 8,
} as const

/**
 * A stage of a call, for the stage profile.
 * @rust enum u8
 */
export const Stage = {
  /** From the call until its block is submitted. */
  SUBMIT: 0,
  /** From then until the command starts. */
  QUEUE: 1,
  /** From then until the answer has arrived: get a connection, send the request, read the answer. */
  NETWORK: 2,
  /** From then until the event loop takes the answer. */
  WAKE: 3,
  /** Decoding of the answer. */
  DECODE: 4,
  /** From then until the promise's reactions run. */
  SETTLE: 5,
} as const

/**
 * The component that logs a line.
 * @rust enum u8
 */
export const LogTarget = {
  /** This package. */
  NAPI: 0,
  /** Nodes, seeds, tends, connections. */
  CLUSTER: 1,
  /** Batch commands. */
  BATCH: 2,
  /** All other commands. */
  COMMAND: 3,
} as const
