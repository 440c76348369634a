//! Between the boundary's bytes and aerospike-core's types.

pub mod column;
pub mod key;
pub mod operation;
pub mod record;
pub mod value;
