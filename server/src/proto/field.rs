//! Message fields: everything in a request except its header and operations.
//!
//! `u32 size (including the type byte), u8 type, value`.

use super::cursor::Cursor;

/// Field types.
pub mod kind {
    pub const NAMESPACE: u8 = 0;
    pub const SET: u8 = 1;
    /// The user's key: particle type byte and value.
    pub const KEY: u8 = 2;
    /// Record version, for transactions.
    pub const RECORD_VERSION: u8 = 3;
    /// The record's digest.
    pub const DIGEST: u8 = 4;
    /// Transaction id.
    pub const MRT_ID: u8 = 5;
    /// Transaction deadline.
    pub const MRT_DEADLINE: u8 = 6;
    pub const QUERY_ID: u8 = 7;
    /// Socket timeout of a query, in milliseconds.
    pub const SOCKET_TIMEOUT: u8 = 9;
    /// Limit of records per second of a query.
    pub const RECORDS_PER_SECOND: u8 = 10;
    /// Partitions of a query, little-endian.
    pub const PARTITIONS: u8 = 11;
    /// Digests after which partitions of a query resume.
    pub const DIGESTS: u8 = 12;
    /// Maximum number of records of a query.
    pub const MAX_RECORDS: u8 = 13;
    /// Index values at which an index query resumes.
    pub const BVALS: u8 = 15;
    pub const INDEX_NAME: u8 = 21;
    /// Bin name and range of an index query.
    pub const INDEX_RANGE: u8 = 22;
    /// Context of the indexed element.
    pub const INDEX_CONTEXT: u8 = 23;
    pub const INDEX_EXPRESSION: u8 = 24;
    /// The indexed part of a collection.
    pub const INDEX_TYPE: u8 = 26;
    pub const UDF_PACKAGE: u8 = 30;
    pub const UDF_FUNCTION: u8 = 31;
    pub const UDF_ARGUMENTS: u8 = 32;
    /// How a query applies a UDF.
    pub const UDF_OP: u8 = 33;
    /// Rows of a batch.
    pub const BATCH: u8 = 41;
    /// Rows of a batch, in an obsolete form that current clients do not send.
    pub const BATCH_WITH_SET: u8 = 42;
    pub const FILTER: u8 = 43;
}

/// The fields of a command in a transaction.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TransactionFields {
    /// Transaction id.
    pub id: Option<i64>,
    /// The version of the record that the client expects, because it has read it before.
    pub version: Option<u64>,
    /// Time at which the server ends the transaction, in seconds since 2010-01-01. Writes have it.
    pub deadline: Option<u32>,
}

/// The index that a query uses.
#[derive(Debug, Default, Clone, Copy)]
pub struct IndexFields<'a> {
    pub name: Option<&'a [u8]>,
    /// Bin name and range of values.
    pub range: Option<&'a [u8]>,
    /// Context of the indexed element in a list or map.
    pub context: Option<&'a [u8]>,
    /// Indexed expression.
    pub expression: Option<&'a [u8]>,
    /// The indexed part of a collection.
    pub part: Option<&'a [u8]>,
}

/// The UDF that a request applies.
#[derive(Debug, Default, Clone, Copy)]
pub struct UdfFields<'a> {
    /// Module name, without the file extension.
    pub package: &'a [u8],
    pub function: &'a [u8],
    /// Arguments, as MessagePack.
    pub arguments: &'a [u8],
}

/// The fields of a request that this server uses.
#[derive(Debug, Default, Clone, Copy)]
pub struct Fields<'a> {
    pub namespace: Option<&'a [u8]>,
    /// Set name; empty if the field is missing.
    pub set: &'a [u8],
    /// The user's key: particle type byte and value.
    pub key: Option<&'a [u8]>,
    /// The record's digest.
    pub digest: Option<&'a [u8]>,
    pub query_id: Option<u64>,
    /// Limit of records per second of a query.
    pub records_per_second: Option<u32>,
    /// Partitions of a query, little-endian.
    pub partitions: Option<&'a [u8]>,
    /// Digests after which partitions of a query resume.
    pub digests: Option<&'a [u8]>,
    /// Index values at which partitions of an index query resume: little-endian, one per digest.
    pub bvals: Option<&'a [u8]>,
    /// Milliseconds without progress after which a query times out; 0 means never.
    pub socket_timeout: Option<u32>,
    /// The index that a query uses.
    pub index: IndexFields<'a>,
    /// Maximum number of records of a query.
    pub max_records: Option<u64>,
    /// Rows of a batch.
    pub batch: Option<&'a [u8]>,
    pub filter: Option<&'a [u8]>,
    /// The UDF to apply.
    pub udf: Option<UdfFields<'a>>,
    /// How a query applies the UDF.
    pub udf_op: Option<u8>,
    pub transaction: TransactionFields,
}

impl<'a> Fields<'a> {
    /// Parses `count` fields. Returns `None` if they are malformed.
    pub fn parse(cursor: &mut Cursor<'a>, count: u16) -> Option<Self> {
        let mut fields = Self::default();
        for _ in 0..count {
            let size = usize::try_from(cursor.u32()?).ok()?;
            let (kind, value) = cursor.take(size)?.split_first()?;
            fields.set_field(*kind, value)?;
        }
        Some(fields)
    }

    fn set_field(&mut self, kind: u8, value: &'a [u8]) -> Option<()> {
        match kind {
            kind::NAMESPACE => self.namespace = Some(value),
            kind::SET => self.set = value,
            kind::KEY => self.key = Some(value),
            kind::DIGEST => self.digest = Some(value),
            kind::QUERY_ID => self.query_id = value.try_into().ok().map(u64::from_be_bytes),
            kind::RECORDS_PER_SECOND => {
                self.records_per_second = Some(u32::from_be_bytes(value.try_into().ok()?));
            }
            kind::PARTITIONS => self.partitions = Some(value),
            kind::DIGESTS => self.digests = Some(value),
            kind::MAX_RECORDS => {
                self.max_records = Some(u64::from_be_bytes(value.try_into().ok()?));
            }
            kind::BATCH | kind::BATCH_WITH_SET => self.batch = Some(value),
            kind::FILTER => self.filter = Some(value),
            kind::BVALS => self.bvals = Some(value),
            kind::SOCKET_TIMEOUT => self.socket_timeout = Some(u32::from_be_bytes(value.try_into().ok()?)),
            kind::INDEX_NAME => self.index.name = Some(value),
            kind::INDEX_RANGE => self.index.range = Some(value),
            kind::INDEX_CONTEXT => self.index.context = Some(value),
            kind::INDEX_EXPRESSION => self.index.expression = Some(value),
            kind::INDEX_TYPE => self.index.part = Some(value),
            kind::UDF_PACKAGE => self.udf.get_or_insert_default().package = value,
            kind::UDF_FUNCTION => self.udf.get_or_insert_default().function = value,
            kind::UDF_ARGUMENTS => self.udf.get_or_insert_default().arguments = value,
            kind::UDF_OP => {
                self.udf_op = Some(*value.first()?);
            }
            kind::MRT_ID => self.transaction.id = Some(i64::from_le_bytes(value.try_into().ok()?)),
            kind::MRT_DEADLINE => self.transaction.deadline = Some(u32::from_le_bytes(value.try_into().ok()?)),
            kind::RECORD_VERSION => self.transaction.version = Some(parse_version(value)?),
            // Ignore unknown fields, which newer clients may send.
            _ => {}
        }
        Some(())
    }
}

/// Size of a record version, in bytes.
const VERSION_SIZE: usize = 7;

fn parse_version(value: &[u8]) -> Option<u64> {
    let [a, b, c, d, e, f, g] = <[u8; VERSION_SIZE]>::try_from(value).ok()?;
    Some(u64::from_le_bytes([a, b, c, d, e, f, g, 0]))
}

/// The value of a [`kind::RECORD_VERSION`] field: the low 56 bits of a version.
#[must_use]
pub fn version_bytes(version: u64) -> [u8; VERSION_SIZE] {
    let [a, b, c, d, e, f, g, _] = version.to_le_bytes();
    [a, b, c, d, e, f, g]
}

/// Appends a field.
pub fn write_field(out: &mut Vec<u8>, kind: u8, value: &[u8]) {
    let size = u32::try_from(value.len() + 1).unwrap_or(u32::MAX);
    out.extend_from_slice(&size.to_be_bytes());
    out.push(kind);
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_round_trip() {
        let mut bytes = Vec::new();
        write_field(&mut bytes, kind::NAMESPACE, b"test");
        write_field(&mut bytes, kind::MAX_RECORDS, &7u64.to_be_bytes());
        write_field(&mut bytes, 250, b"?");
        write_field(&mut bytes, kind::MRT_ID, &(-2_i64).to_le_bytes());
        write_field(&mut bytes, kind::RECORD_VERSION, &version_bytes(0x0001_0203_0405_0607));
        let fields = Fields::parse(&mut Cursor::new(&bytes), 5).unwrap();
        assert_eq!(fields.namespace, Some(&b"test"[..]));
        assert_eq!(fields.max_records, Some(7));
        assert_eq!(fields.transaction.id, Some(-2));
        assert_eq!(fields.transaction.version, Some(0x0001_0203_0405_0607));
        assert!(Fields::parse(&mut Cursor::new(&bytes), 6).is_none());
    }

    #[test]
    fn rejects_fields_without_type_or_with_a_wrong_size() {
        assert!(Fields::parse(&mut Cursor::new(&[0, 0, 0, 0]), 1).is_none());
        let mut bytes = Vec::new();
        write_field(&mut bytes, kind::MAX_RECORDS, b"abc");
        assert!(Fields::parse(&mut Cursor::new(&bytes), 1).is_none());
    }
}
