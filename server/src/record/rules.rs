//! Settings for the records of a namespace.

/// Settings for the records of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordRules {
    /// Time to live in seconds of records written without one; 0 means that they never expire.
    pub default_ttl: u32,
    /// Maximum record size in bytes.
    pub max_record_size: usize,
}

impl Default for RecordRules {
    fn default() -> Self {
        Self {
            default_ttl: 0,
            max_record_size: 1024 * 1024,
        }
    }
}
