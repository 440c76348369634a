//! The result codes that this server answers with.

/// One byte of a reply's header that says how the request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResultCode(pub u8);

impl ResultCode {
    /// Success.
    pub const OK: Self = Self(0);
    /// The value that is sent is not what it says to be.
    pub const MALFORMED_VALUE: Self = Self(1);
    /// Something failed that the server has no better word for.
    pub const SERVER_ERROR: Self = Self(1);
    /// The record does not exist.
    pub const NOT_FOUND: Self = Self(2);
    /// The generation was not the expected one.
    pub const GENERATION: Self = Self(3);
    /// The request is malformed or contradicts itself.
    pub const PARAMETER: Self = Self(4);
    /// The record exists though it must not.
    pub const RECORD_EXISTS: Self = Self(5);
    /// The bin exists though it must not.
    pub const BIN_EXISTS: Self = Self(6);
    /// The client's timeout passed before the server came to it.
    pub const TIMEOUT: Self = Self(9);
    /// The partition is another node's.
    pub const PARTITION_UNAVAILABLE: Self = Self(11);
    /// The bin's type does not allow the operation.
    pub const BIN_TYPE: Self = Self(12);
    /// The record would be larger than the namespace allows.
    pub const RECORD_TOO_BIG: Self = Self(13);
    /// Not supported by this server.
    pub const UNSUPPORTED: Self = Self(16);
    /// The bin does not exist though it must.
    pub const BIN_NOT_FOUND: Self = Self(17);
    /// The key sent is not the key stored with the record.
    pub const KEY_MISMATCH: Self = Self(19);
    /// No such namespace.
    pub const NAMESPACE: Self = Self(20);
    /// The bin's name is too long.
    pub const BIN_NAME: Self = Self(21);
    /// The element of a list or map does not exist though it must.
    pub const ELEMENT_NOT_FOUND: Self = Self(23);
    /// The element of a list or map exists though it must not.
    pub const ELEMENT_EXISTS: Self = Self(24);
    /// An Enterprise feature; this server behaves as a Community Edition.
    pub const ENTERPRISE_ONLY: Self = Self(25);
    /// The value as it is does not allow the operation.
    pub const NOT_APPLICABLE: Self = Self(26);
    /// A filter expression did not let the record through.
    pub const FILTERED_OUT: Self = Self(27);
    /// There is no such index.
    pub const INDEX_NOT_FOUND: Self = Self(201);
    /// The index is still being built.
    pub const INDEX_NOT_READABLE: Self = Self(203);
    /// The query was aborted.
    pub const QUERY_ABORTED: Self = Self(210);
    /// Security is not supported by this server.
    pub const SECURITY_NOT_SUPPORTED: Self = Self(51);
    /// A UDF failed, or there is none of that name.
    pub const UDF: Self = Self(100);
    /// A geospatial value is not valid GeoJSON.
    pub const GEO_INVALID: Self = Self(160);

    /// Whether a batch whose client wants to stop at the first failure goes on after this code.
    #[must_use]
    pub fn lets_batch_continue(self) -> bool {
        matches!(self, Self::OK | Self::NOT_FOUND | Self::FILTERED_OUT)
    }
}
