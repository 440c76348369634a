//! Conversions between the encoded values of the boundary and aerospike-core's types.

pub mod bins;
pub mod column;
pub mod context;
pub mod cursor;
pub mod filter;
pub mod function_call;
pub mod key;
pub mod keys;
pub mod operation;
pub mod record;
pub mod statement;
pub mod value;
