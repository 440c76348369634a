//! Policies: the defaults of a client, and the fields that one call overrides. `lib/options/policy.ts` uses the same
//! field numbers.

pub mod attempts;
pub mod batch;
pub mod client;
pub mod tls;

use std::borrow::Cow;
use std::sync::Arc;

use aerospike_core::expressions::from_packed_bytes;
use aerospike_core::{
    AdminPolicy, BasePolicy, BatchPolicy, CommitLevel, Concurrency, Expiration, GenerationPolicy, QueryDuration,
    QueryPolicy, ReadModeAp, ReadModeSc, ReadPolicy, ReadTouchTtl, RecordExistsAction, Replica, WritePolicy,
};

use crate::common::errors::Failure;
use crate::requests::Request;
use crate::requests::subject::FIRST_BYTES_FIELD;
use crate::wire::Reader;

/// Numbers of the policy fields.
mod field {
    pub const TOTAL_TIMEOUT: u8 = 1;
    pub const SOCKET_TIMEOUT: u8 = 2;
    pub const MAX_RETRIES: u8 = 3;
    pub const SLEEP_BETWEEN_RETRIES: u8 = 4;
    pub const SLEEP_MULTIPLIER: u8 = 5;
    pub const TIMEOUT_DELAY: u8 = 6;
    pub const REPLICA: u8 = 7;
    pub const READ_MODE_AP: u8 = 8;
    pub const READ_MODE_SC: u8 = 9;
    pub const COMPRESS: u8 = 10;
    pub const COMPRESSION_THRESHOLD: u8 = 11;
    pub const READ_TOUCH_TTL: u8 = 12;
    pub const ERROR_DETAIL: u8 = 13;
    pub const EXISTS: u8 = 20;
    pub const GEN: u8 = 21;
    pub const GENERATION: u8 = 22;
    pub const TTL: u8 = 23;
    pub const KEY: u8 = 24;
    pub const DURABLE_DELETE: u8 = 25;
    pub const COMMIT_LEVEL: u8 = 26;
    pub const ON_LOCKING_ONLY: u8 = 27;
    pub const CONCURRENCY: u8 = 30;
    pub const ALLOW_INLINE: u8 = 31;
    pub const ALLOW_INLINE_SSD: u8 = 32;
    pub const RESPOND_ALL_KEYS: u8 = 33;
    pub const SUB_BATCH: u8 = 34;
    pub const RECORDS_PER_SECOND: u8 = 60;
    pub const MAX_CONCURRENT_NODES: u8 = 61;
    pub const EXPECTED_DURATION: u8 = 62;
    pub const FILTER_EXPRESSION: u8 = 64;
}

/// Default maximum number of rows of a batch per request to a node.
const SUB_BATCH: usize = 250;

/// One field of an encoded policy.
enum Field<'a> {
    Number(u8, f64),
    Bytes(u8, &'a [u8]),
}

fn fields<'a>(reader: &mut Reader<'a>) -> Result<Vec<Field<'a>>, Failure> {
    let count = reader.u8()?;
    (0..count)
        .map(|_| {
            let number = reader.u8()?;
            Ok(if number < FIRST_BYTES_FIELD {
                Field::Number(number, reader.f64()?)
            } else {
                Field::Bytes(number, reader.blob()?)
            })
        })
        .collect()
}

fn unknown<T>(number: u8) -> Result<T, Failure> {
    Err(Failure::client(format!(
        "the policy field {number} does not belong here"
    )))
}

fn pick<T: Copy>(values: &[T], index: f64) -> Result<T, Failure> {
    values
        .get(index as usize)
        .copied()
        .ok_or_else(|| Failure::invalid(format!("the policy value {index} is unknown")))
}

fn set_base(base: &mut BasePolicy, field: &Field<'_>) -> Result<bool, Failure> {
    match *field {
        Field::Number(number, value) => match number {
            field::TOTAL_TIMEOUT => base.total_timeout = value as u32,
            field::SOCKET_TIMEOUT => base.socket_timeout = value as u32,
            field::MAX_RETRIES => base.max_retries = value as usize,
            field::SLEEP_BETWEEN_RETRIES => base.sleep_between_retries = value as u32,
            field::SLEEP_MULTIPLIER => base.sleep_multiplier = value,
            field::TIMEOUT_DELAY => base.timeout_delay = value as u32,
            field::REPLICA => {
                let replicas = [
                    Replica::Master,
                    Replica::Sequence,
                    Replica::PreferRack,
                    Replica::MasterProles,
                    Replica::Random,
                ];
                base.replica = pick(&replicas, value)?;
            }
            field::READ_MODE_AP => base.read_mode_ap = pick(&[ReadModeAp::One, ReadModeAp::All], value)?,
            field::READ_MODE_SC => {
                let modes = [
                    ReadModeSc::Session,
                    ReadModeSc::Linearize,
                    ReadModeSc::AllowReplica,
                    ReadModeSc::AllowUnavailable,
                ];
                base.read_mode_sc = pick(&modes, value)?;
            }
            field::COMPRESS => base.use_compression = value != 0.0,
            field::COMPRESSION_THRESHOLD => base.compression_threshold = value as usize,
            field::READ_TOUCH_TTL => {
                base.read_touch_ttl = match value as i32 {
                    0 => ReadTouchTtl::ServerDefault,
                    percent if percent < 0 => ReadTouchTtl::DontReset,
                    percent => ReadTouchTtl::Percent(percent.min(100) as u8),
                }
            }
            field::ERROR_DETAIL => base.error_detail_verbosity = value as u8,
            _ => return Ok(false),
        },
        Field::Bytes(field::FILTER_EXPRESSION, bytes) => {
            base.filter_expression = (!bytes.is_empty()).then(|| from_packed_bytes(bytes.to_vec()));
        }
        Field::Bytes(..) => return Ok(false),
    }
    Ok(true)
}

fn set_write(policy: &mut WritePolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        field::EXISTS => {
            let actions = [
                RecordExistsAction::Update,
                RecordExistsAction::UpdateOnly,
                RecordExistsAction::Replace,
                RecordExistsAction::ReplaceOnly,
                RecordExistsAction::CreateOnly,
            ];
            policy.record_exists_action = pick(&actions, value)?;
        }
        field::GEN => {
            let generations = [
                GenerationPolicy::None,
                GenerationPolicy::ExpectGenEqual,
                GenerationPolicy::ExpectGenGreater,
            ];
            policy.generation_policy = pick(&generations, value)?;
        }
        field::GENERATION => policy.generation = value as u32,
        field::TTL => policy.expiration = expiration(value),
        field::KEY => policy.send_key = value != 0.0,
        field::DURABLE_DELETE => policy.durable_delete = value != 0.0,
        field::COMMIT_LEVEL => {
            policy.commit_level = pick(&[CommitLevel::CommitAll, CommitLevel::CommitMaster], value)?;
        }
        field::ON_LOCKING_ONLY => policy.on_locking_only = value != 0.0,
        field::RECORDS_PER_SECOND => policy.records_per_second = value as u32,
        _ => return Ok(false),
    }
    Ok(true)
}

fn set_batch(policy: &mut BatchPolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        field::CONCURRENCY => policy.concurrency = pick(&[Concurrency::Parallel, Concurrency::Sequential], value)?,
        field::ALLOW_INLINE => policy.allow_inline = value != 0.0,
        field::ALLOW_INLINE_SSD => policy.allow_inline_ssd = value != 0.0,
        field::RESPOND_ALL_KEYS => policy.respond_all_keys = value != 0.0,
        _ => return Ok(false),
    }
    Ok(true)
}

fn set_query(policy: &mut QueryPolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        field::RECORDS_PER_SECOND => policy.records_per_second = value as u32,
        field::MAX_CONCURRENT_NODES => policy.max_concurrent_nodes = value as usize,
        field::EXPECTED_DURATION => {
            let durations = [QueryDuration::Long, QueryDuration::Short, QueryDuration::LongRelaxAp];
            policy.expected_duration = pick(&durations, value)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Converts seconds or a special value (0, -1, -2) to an expiration.
fn expiration(ttl: f64) -> Expiration {
    match ttl as i64 {
        0 => Expiration::NamespaceDefault,
        -1 => Expiration::Never,
        -2 => Expiration::DontUpdate,
        seconds => Expiration::Seconds(u32::try_from(seconds).unwrap_or(u32::MAX - 2)),
    }
}

/// The default policies of a client.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// For single-record reads.
    pub read: ReadPolicy,
    /// Like `read`, for a record with a replica: an attempt leaves time for the next one.
    pub read_again: ReadPolicy,
    /// For all single-record writes.
    pub write: WritePolicy,
    pub batch: BatchPolicy,
    /// Maximum number of rows of a batch per request to a node.
    pub sub_batch: usize,
    /// For info requests and administration.
    pub admin: AdminPolicy,
    /// For queries and scans.
    pub query: QueryPolicy,
}

impl Defaults {
    /// Reads the defaults of aerospike-py, overridden by the client's configuration.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to its policy.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let mut defaults = Defaults {
            read: ReadPolicy::default(),
            read_again: ReadPolicy::default(),
            write: WritePolicy::default(),
            batch: BatchPolicy::default(),
            sub_batch: SUB_BATCH,
            admin: AdminPolicy { timeout: 1000 },
            query: QueryPolicy::default(),
        };
        defaults.read.base_policy.max_retries = 2;
        defaults.batch.base_policy.max_retries = 2;
        apply_read(&mut defaults.read, &fields(reader)?)?;
        defaults.read_again = defaults.read.clone();
        attempts::bound_attempts(&mut defaults.read_again.base_policy, 2);
        apply_write(&mut defaults.write, &fields(reader)?)?;
        apply_batch(&mut defaults, &fields(reader)?)?;
        apply_admin(&mut defaults.admin, &fields(reader)?)?;
        apply_query(&mut defaults.query, &fields(reader)?)?;
        Ok(defaults)
    }
}

fn apply_read(policy: &mut ReadPolicy, fields: &[Field<'_>]) -> Result<(), Failure> {
    for field in fields {
        if !set_base(&mut policy.base_policy, field)? {
            return reject(field);
        }
    }
    Ok(())
}

fn apply_write(policy: &mut WritePolicy, fields: &[Field<'_>]) -> Result<(), Failure> {
    for field in fields {
        if !set_base(&mut policy.base_policy, field)? && !set_write(policy, field)? {
            return reject(field);
        }
    }
    Ok(())
}

fn apply_batch(defaults: &mut Defaults, fields: &[Field<'_>]) -> Result<(), Failure> {
    let policy = &mut defaults.batch;
    for field in fields {
        if let Field::Number(field::SUB_BATCH, rows) = *field {
            defaults.sub_batch = rows as usize;
        } else if !set_base(&mut policy.base_policy, field)? && !set_batch(policy, field)? {
            return reject(field);
        }
    }
    Ok(())
}

fn apply_query(policy: &mut QueryPolicy, fields: &[Field<'_>]) -> Result<(), Failure> {
    for field in fields {
        if !set_base(&mut policy.base_policy, field)? && !set_query(policy, field)? {
            return reject(field);
        }
    }
    Ok(())
}

fn apply_admin(policy: &mut AdminPolicy, fields: &[Field<'_>]) -> Result<(), Failure> {
    for field in fields {
        match *field {
            Field::Number(field::TOTAL_TIMEOUT, value) => policy.timeout = value as u32,
            _ => return reject(field),
        }
    }
    Ok(())
}

fn reject<T>(field: &Field<'_>) -> Result<T, Failure> {
    match *field {
        Field::Number(number, _) | Field::Bytes(number, _) => unknown(number),
    }
}

/// The total timeout that the core needs, if it differs from the policy: the rest of the call's deadline, or 0 (no
/// limit) if the call has none.
fn bound(base: &BasePolicy, request: &Request) -> Option<u32> {
    let remaining = request.remaining_ms();
    // A difference of a millisecond is left to the deadline sweep, to avoid a copy of the policy.
    (remaining == 0 || base.total_timeout == 0 || base.total_timeout > remaining + 1)
        .then_some(remaining)
        .filter(|remaining| *remaining != base.total_timeout)
}

/// Reads the policy of a read: the client's default, or a copy with the call's fields. `read_at` sets its timeouts.
///
/// # Errors
/// The body ends early, or a field does not belong to this policy.
pub fn read<'d>(defaults: &'d Defaults, reader: &mut Reader<'_>) -> Result<Cow<'d, ReadPolicy>, Failure> {
    let mut policy = Cow::Borrowed(&defaults.read);
    let fields = fields(reader)?;
    if !fields.is_empty() {
        apply_read(policy.to_mut(), &fields)?;
    }
    Ok(policy)
}

/// Reads the policy of a write.
///
/// # Errors
/// The body ends early, or a field does not belong to this policy.
pub fn write<'d>(
    defaults: &'d Defaults,
    reader: &mut Reader<'_>,
    request: &Request,
) -> Result<Cow<'d, WritePolicy>, Failure> {
    let mut policy = Cow::Borrowed(&defaults.write);
    let fields = fields(reader)?;
    if !fields.is_empty() {
        apply_write(policy.to_mut(), &fields)?;
    }
    if let Some(transaction) = request.transaction() {
        policy.to_mut().base_policy.txn = Some(Arc::clone(transaction.txn()));
    }
    if let Some(timeout) = bound(&policy.base_policy, request) {
        policy.to_mut().base_policy.total_timeout = timeout;
    }
    Ok(policy)
}

/// Reads the policy of a query. The query's stream enforces the total timeout.
///
/// # Errors
/// The body ends early, or a field does not belong to this policy.
pub fn query(defaults: &Defaults, reader: &mut Reader<'_>) -> Result<QueryPolicy, Failure> {
    let mut policy = defaults.query.clone();
    apply_query(&mut policy, &fields(reader)?)?;
    Ok(policy)
}

/// Reads the policy of an info request.
///
/// # Errors
/// The body ends early, or a field does not belong to this policy.
pub fn admin<'d>(defaults: &'d Defaults, reader: &mut Reader<'_>) -> Result<Cow<'d, AdminPolicy>, Failure> {
    let mut policy = Cow::Borrowed(&defaults.admin);
    let fields = fields(reader)?;
    if !fields.is_empty() {
        apply_admin(policy.to_mut(), &fields)?;
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::Body;
    use crate::wire::Writer;
    use std::time::Instant;

    #[test]
    fn a_call_without_fields_borrows_the_clients_policy() {
        let Ok(defaults) = Defaults::read(&mut Reader::new(&[0, 0, 0, 0, 0])) else {
            unreachable!()
        };
        let request = Request::new(0, 1, false, 1000, Instant::now(), Body::default());
        let Ok(policy) = read(&defaults, &mut Reader::new(&[0])) else {
            unreachable!()
        };
        for readable in [1, 2] {
            let policy = attempts::read_at(
                &defaults,
                policy.clone(),
                &request,
                &crate::nodes::Place::readable_by(readable),
            );
            assert!(matches!(policy, Cow::Borrowed(_)));
        }
    }

    #[test]
    fn fields_change_a_copy_and_foreign_fields_are_refused() {
        let Ok(defaults) = Defaults::read(&mut Reader::new(&[0, 0, 0, 0, 0])) else {
            unreachable!()
        };
        let request = Request::new(0, 1, true, 0, Instant::now(), Body::default());
        let mut body = vec![2, field::TTL];
        body.put_f64(-1.0);
        body.put_u8(field::EXISTS);
        body.put_f64(4.0);
        let Ok(policy) = write(&defaults, &mut Reader::new(&body), &request) else {
            unreachable!()
        };
        assert_eq!(policy.expiration, Expiration::Never);
        assert_eq!(policy.record_exists_action, RecordExistsAction::CreateOnly);
        assert_eq!(policy.base_policy.total_timeout, 0);
        assert!(read(&defaults, &mut Reader::new(&body)).is_err());
    }
}
