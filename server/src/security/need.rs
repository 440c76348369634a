//! What users need privileges for.

/// Something that only users with a suitable privilege may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Read records.
    Read,
    /// Write records.
    Write,
    /// Apply user-defined functions.
    Udf,
    /// Truncate sets and namespaces.
    Truncate,
    /// Register and remove UDF modules.
    UdfAdmin,
    /// Create and drop secondary indexes.
    SindexAdmin,
    /// Abort queries.
    DataAdmin,
    /// Change the configuration.
    SysAdmin,
    /// Manage users and roles.
    UserAdmin,
}
