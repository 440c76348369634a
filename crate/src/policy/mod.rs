//! Policies: the defaults of a client, and the fields that one call overrides, as `lib/options/policy.ts` encodes them.

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

use crate::catalog::policy_fields::{
    FILTER_FIELD, FIRST_BYTES_FIELD, GENERATION_FIELD, base_field, batch_field, commit_level_word, concurrency_word,
    exists_word, expected_duration_word, gen_word, key_word, query_field, read_mode_ap_word, read_mode_sc_word,
    replica_word, write_field,
};
use crate::common::errors::Failure;
use crate::requests::Request;
use crate::requests::transaction::Transaction;
use crate::wire::Reader;

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

/// Skips an encoded policy.
///
/// # Errors
/// The body ends early.
pub fn skip(reader: &mut Reader<'_>) -> Result<(), Failure> {
    fields(reader).map(|_| ())
}

fn unknown<T>(number: u8) -> Result<T, Failure> {
    Err(Failure::client(format!(
        "the policy field {number} does not belong here"
    )))
}

fn unknown_word<T>(field: u8, word: u8) -> Result<T, Failure> {
    Err(Failure::invalid(format!(
        "the value {word} of the policy field {field} is unknown"
    )))
}

fn replica(word: u8) -> Result<Replica, Failure> {
    Ok(match word {
        replica_word::MASTER => Replica::Master,
        replica_word::SEQUENCE => Replica::Sequence,
        replica_word::PREFER_RACK => Replica::PreferRack,
        replica_word::MASTER_PROLES => Replica::MasterProles,
        replica_word::RANDOM => Replica::Random,
        word => return unknown_word(base_field::REPLICA, word),
    })
}

fn read_mode_ap(word: u8) -> Result<ReadModeAp, Failure> {
    Ok(match word {
        read_mode_ap_word::ONE => ReadModeAp::One,
        read_mode_ap_word::ALL => ReadModeAp::All,
        word => return unknown_word(base_field::READ_MODE_AP, word),
    })
}

fn read_mode_sc(word: u8) -> Result<ReadModeSc, Failure> {
    Ok(match word {
        read_mode_sc_word::SESSION => ReadModeSc::Session,
        read_mode_sc_word::LINEARIZE => ReadModeSc::Linearize,
        read_mode_sc_word::ALLOW_REPLICA => ReadModeSc::AllowReplica,
        read_mode_sc_word::ALLOW_UNAVAILABLE => ReadModeSc::AllowUnavailable,
        word => return unknown_word(base_field::READ_MODE_SC, word),
    })
}

fn read_touch_ttl(percent: i32) -> ReadTouchTtl {
    match percent {
        0 => ReadTouchTtl::ServerDefault,
        percent if percent < 0 => ReadTouchTtl::DontReset,
        percent => ReadTouchTtl::Percent(percent.min(100) as u8),
    }
}

fn set_base(base: &mut BasePolicy, field: &Field<'_>) -> Result<bool, Failure> {
    match *field {
        Field::Number(number, value) => match number {
            base_field::TOTAL_TIMEOUT => base.total_timeout = value as u32,
            base_field::SOCKET_TIMEOUT => base.socket_timeout = value as u32,
            base_field::MAX_RETRIES => base.max_retries = value as usize,
            base_field::SLEEP_BETWEEN_RETRIES => base.sleep_between_retries = value as u32,
            base_field::SLEEP_MULTIPLIER => base.sleep_multiplier = value,
            base_field::TIMEOUT_DELAY => base.timeout_delay = value as u32,
            base_field::REPLICA => base.replica = replica(value as u8)?,
            base_field::READ_MODE_AP => base.read_mode_ap = read_mode_ap(value as u8)?,
            base_field::READ_MODE_SC => base.read_mode_sc = read_mode_sc(value as u8)?,
            base_field::COMPRESS => base.use_compression = value != 0.0,
            base_field::COMPRESSION_THRESHOLD => base.compression_threshold = value as usize,
            base_field::READ_TOUCH_TTL_PERCENT => base.read_touch_ttl = read_touch_ttl(value as i32),
            base_field::ERROR_DETAIL_VERBOSITY => base.error_detail_verbosity = value as u8,
            _ => return Ok(false),
        },
        Field::Bytes(FILTER_FIELD, bytes) => {
            base.filter_expression = (!bytes.is_empty()).then(|| from_packed_bytes(bytes.to_vec()));
        }
        Field::Bytes(..) => return Ok(false),
    }
    Ok(true)
}

fn record_exists_action(word: u8) -> Result<RecordExistsAction, Failure> {
    Ok(match word {
        exists_word::UPDATE => RecordExistsAction::Update,
        exists_word::UPDATE_ONLY => RecordExistsAction::UpdateOnly,
        exists_word::REPLACE => RecordExistsAction::Replace,
        exists_word::REPLACE_ONLY => RecordExistsAction::ReplaceOnly,
        exists_word::CREATE_ONLY => RecordExistsAction::CreateOnly,
        word => return unknown_word(write_field::EXISTS, word),
    })
}

fn generation_policy(word: u8) -> Result<GenerationPolicy, Failure> {
    Ok(match word {
        gen_word::IGNORE => GenerationPolicy::None,
        gen_word::EQ => GenerationPolicy::ExpectGenEqual,
        gen_word::GT => GenerationPolicy::ExpectGenGreater,
        word => return unknown_word(write_field::GEN, word),
    })
}

fn commit_level(word: u8) -> Result<CommitLevel, Failure> {
    Ok(match word {
        commit_level_word::ALL => CommitLevel::CommitAll,
        commit_level_word::MASTER => CommitLevel::CommitMaster,
        word => return unknown_word(write_field::COMMIT_LEVEL, word),
    })
}

fn set_write(policy: &mut WritePolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        write_field::EXISTS => policy.record_exists_action = record_exists_action(value as u8)?,
        write_field::GEN => policy.generation_policy = generation_policy(value as u8)?,
        GENERATION_FIELD => policy.generation = value as u32,
        write_field::TTL => policy.expiration = expiration(value),
        write_field::KEY => policy.send_key = value as u8 == key_word::SEND,
        write_field::DURABLE_DELETE => policy.durable_delete = value != 0.0,
        write_field::COMMIT_LEVEL => policy.commit_level = commit_level(value as u8)?,
        write_field::ON_LOCKING_ONLY => policy.on_locking_only = value != 0.0,
        query_field::RECORDS_PER_SECOND => policy.records_per_second = value as u32,
        _ => return Ok(false),
    }
    Ok(true)
}

fn concurrency(word: u8) -> Result<Concurrency, Failure> {
    Ok(match word {
        concurrency_word::PARALLEL => Concurrency::Parallel,
        concurrency_word::SEQUENTIAL => Concurrency::Sequential,
        word => return unknown_word(batch_field::CONCURRENCY, word),
    })
}

fn set_batch(policy: &mut BatchPolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        batch_field::CONCURRENCY => policy.concurrency = concurrency(value as u8)?,
        batch_field::ALLOW_INLINE => policy.allow_inline = value != 0.0,
        batch_field::ALLOW_INLINE_SSD => policy.allow_inline_ssd = value != 0.0,
        batch_field::RESPOND_ALL_KEYS => policy.respond_all_keys = value != 0.0,
        _ => return Ok(false),
    }
    Ok(true)
}

fn expected_duration(word: u8) -> Result<QueryDuration, Failure> {
    Ok(match word {
        expected_duration_word::LONG => QueryDuration::Long,
        expected_duration_word::SHORT => QueryDuration::Short,
        expected_duration_word::LONG_RELAX_AP => QueryDuration::LongRelaxAp,
        word => return unknown_word(query_field::EXPECTED_DURATION, word),
    })
}

fn set_query(policy: &mut QueryPolicy, field: &Field<'_>) -> Result<bool, Failure> {
    let Field::Number(number, value) = *field else {
        return Ok(false);
    };
    match number {
        query_field::RECORDS_PER_SECOND => policy.records_per_second = value as u32,
        query_field::MAX_CONCURRENT_NODES => policy.max_concurrent_nodes = value as usize,
        query_field::EXPECTED_DURATION => policy.expected_duration = expected_duration(value as u8)?,
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

impl Default for Defaults {
    /// The defaults of aerospike-py.
    fn default() -> Self {
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
        defaults
    }
}

impl Defaults {
    /// Reads the fields of the client's configuration, which override the defaults.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to its policy.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let mut defaults = Defaults::default();
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
        if let Field::Number(batch_field::SUB_BATCH_SIZE, rows) = *field {
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
            Field::Number(base_field::TOTAL_TIMEOUT, value) => policy.timeout = value as u32,
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
    check_read_mode(&policy.base_policy)?;
    Ok(policy)
}

/// Makes writes part of a transaction. Namespaces with strong consistency accept only durable deletes, so that is the
/// default there.
fn join(policy: &mut WritePolicy, transaction: &Transaction) {
    policy.base_policy.txn = Some(Arc::clone(transaction.txn()));
    policy.durable_delete = true;
}

/// Fails if the read mode cannot be sent. aerospike-core sends it only with several rows for the same node (see
/// `commands/batch/read_mode.rs`), and chooses the node of each row anew with some replicas.
fn check_read_mode(base: &BasePolicy) -> Result<(), Failure> {
    let relaxed = matches!(
        base.read_mode_sc,
        ReadModeSc::AllowReplica | ReadModeSc::AllowUnavailable
    );
    if relaxed && matches!(base.replica, Replica::MasterProles | Replica::Random) {
        return Err(Failure::invalid(
            "readModeSc: 'allow-replica' and 'allow-unavailable' need the replica 'sequence', 'master' or 'prefer-rack'",
        ));
    }
    Ok(())
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
    if let Some(transaction) = request.transaction() {
        join(policy.to_mut(), transaction);
    }
    let fields = fields(reader)?;
    if !fields.is_empty() {
        apply_write(policy.to_mut(), &fields)?;
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
        let mut body = vec![2, write_field::TTL];
        body.put_f64(-1.0);
        body.put_u8(write_field::EXISTS);
        body.put_f64(f64::from(exists_word::CREATE_ONLY));
        let Ok(policy) = write(&defaults, &mut Reader::new(&body), &request) else {
            unreachable!()
        };
        assert_eq!(policy.expiration, Expiration::Never);
        assert_eq!(policy.record_exists_action, RecordExistsAction::CreateOnly);
        assert_eq!(policy.base_policy.total_timeout, 0);
        assert!(read(&defaults, &mut Reader::new(&body)).is_err());
    }
}
