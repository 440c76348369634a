//! Result codes in replies.

/// A result code: the byte in a reply header that reports how the request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResultCode(pub u8);

impl ResultCode {
    /// Success.
    pub const OK: Self = Self(0);
    /// The bytes of a value are not valid for its particle type.
    pub const MALFORMED_VALUE: Self = Self(1);
    /// An error without a more specific result code.
    pub const SERVER_ERROR: Self = Self(1);
    /// The record does not exist.
    pub const NOT_FOUND: Self = Self(2);
    /// The record's generation does not match the expected one.
    pub const GENERATION: Self = Self(3);
    /// The request is malformed or contradicts itself.
    pub const PARAMETER: Self = Self(4);
    /// The record already exists.
    pub const RECORD_EXISTS: Self = Self(5);
    /// The bin already exists.
    pub const BIN_EXISTS: Self = Self(6);
    /// The client's timeout passed before the server executed the request.
    pub const TIMEOUT: Self = Self(9);
    /// The node does not own the partition.
    pub const PARTITION_UNAVAILABLE: Self = Self(11);
    /// The operation does not support the bin's type.
    pub const BIN_TYPE: Self = Self(12);
    /// The record would exceed the maximum record size.
    pub const RECORD_TOO_BIG: Self = Self(13);
    /// Not supported by this server.
    pub const UNSUPPORTED: Self = Self(16);
    /// The bin does not exist.
    pub const BIN_NOT_FOUND: Self = Self(17);
    /// The sent key differs from the key stored with the record.
    pub const KEY_MISMATCH: Self = Self(19);
    /// The namespace does not exist.
    pub const NAMESPACE: Self = Self(20);
    /// The namespace does not allow the write.
    pub const FORBIDDEN: Self = Self(22);
    /// The bin name is too long.
    pub const BIN_NAME: Self = Self(21);
    /// The list or map element does not exist.
    pub const ELEMENT_NOT_FOUND: Self = Self(23);
    /// The list or map element already exists.
    pub const ELEMENT_EXISTS: Self = Self(24);
    /// An Enterprise Edition feature. This server acts as a Community Edition.
    pub const ENTERPRISE_ONLY: Self = Self(25);
    /// The operation is not applicable to the current value.
    pub const NOT_APPLICABLE: Self = Self(26);
    /// The record does not match the filter expression.
    pub const FILTERED_OUT: Self = Self(27);
    /// Another transaction has locked the record.
    pub const TRANSACTION_BLOCKED: Self = Self(120);
    /// The record has changed since the transaction read it.
    pub const TRANSACTION_VERSION: Self = Self(121);
    /// The deadline of the transaction has passed.
    pub const TRANSACTION_EXPIRED: Self = Self(122);
    /// The transaction writes too many records.
    pub const TRANSACTION_WRITES: Self = Self(123);
    /// The transaction was committed already.
    pub const TRANSACTION_COMMITTED: Self = Self(124);
    /// The transaction was aborted already.
    pub const TRANSACTION_ABORTED: Self = Self(125);
    /// The transaction has already written the record.
    pub const TRANSACTION_LOCKED: Self = Self(126);
    /// The transaction has a monitor already.
    pub const TRANSACTION_EXISTS: Self = Self(127);
    /// The index does not exist.
    pub const INDEX_NOT_FOUND: Self = Self(201);
    /// The index is still being built.
    pub const INDEX_NOT_READABLE: Self = Self(203);
    /// The query was aborted.
    pub const QUERY_ABORTED: Self = Self(210);
    /// The end of the reply to a query for users or roles.
    pub const QUERY_END: Self = Self(50);
    /// Security is not supported by this server.
    pub const SECURITY_NOT_SUPPORTED: Self = Self(51);
    /// The security command does not exist.
    pub const INVALID_COMMAND: Self = Self(54);
    /// A field of a security command is missing or malformed.
    pub const INVALID_FIELD: Self = Self(55);
    /// The user does not exist, or its name is invalid.
    pub const INVALID_USER: Self = Self(60);
    /// The user already exists.
    pub const USER_EXISTS: Self = Self(61);
    /// The password is wrong or not hashed as expected.
    pub const INVALID_PASSWORD: Self = Self(62);
    /// The user cannot have a password.
    pub const FORBIDDEN_PASSWORD: Self = Self(64);
    /// The credential of a login is wrong.
    pub const INVALID_CREDENTIAL: Self = Self(65);
    /// The session has expired.
    pub const EXPIRED_SESSION: Self = Self(66);
    /// The role does not exist, is predefined, or has an invalid name.
    pub const INVALID_ROLE: Self = Self(70);
    /// The role already exists.
    pub const ROLE_EXISTS: Self = Self(71);
    /// The privilege does not exist, or its scope is invalid.
    pub const INVALID_PRIVILEGE: Self = Self(72);
    /// The allowlist is malformed.
    pub const INVALID_ALLOWLIST: Self = Self(73);
    /// Quotas are not enabled.
    pub const QUOTAS_NOT_ENABLED: Self = Self(74);
    /// The quota is malformed.
    pub const INVALID_QUOTA: Self = Self(75);
    /// The client has not logged in.
    pub const NOT_AUTHENTICATED: Self = Self(80);
    /// The user lacks the privilege for the command.
    pub const ROLE_VIOLATION: Self = Self(81);
    /// The user may not connect from the client's address.
    pub const NOT_ALLOWLISTED: Self = Self(82);
    /// The command would exceed a quota of the user.
    pub const QUOTA_EXCEEDED: Self = Self(83);
    /// The UDF failed or does not exist.
    pub const UDF: Self = Self(100);
    /// A geospatial value is not valid GeoJSON.
    pub const GEO_INVALID: Self = Self(160);

    /// Whether a batch that stops at the first failure still continues after this result code.
    #[must_use]
    pub fn lets_batch_continue(self) -> bool {
        matches!(self, Self::OK | Self::NOT_FOUND | Self::FILTERED_OUT)
    }
}
