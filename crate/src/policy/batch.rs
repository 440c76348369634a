//! Policies of batches and of their rows.

use std::borrow::Cow;
use std::sync::Arc;

use aerospike_core::expressions::{Expression, and};
use aerospike_core::{BatchDeletePolicy, BatchPolicy, BatchReadPolicy, BatchUdfPolicy, BatchWritePolicy, WritePolicy};

use super::{Defaults, Field, bound, check_read_mode, fields, join, reject, set_base, set_batch, set_write};
use crate::catalog::policy_fields::{batch_field, write_field};
use crate::common::errors::Failure;
use crate::requests::Request;
use crate::wire::Reader;

/// The policies of one batch.
pub struct BatchPolicies<'d> {
    /// The policy of the whole batch.
    pub policy: Cow<'d, BatchPolicy>,
    /// Maximum number of rows per request to a node; 0 means all.
    pub sub_batch: usize,
    /// The base for rows that write: the client's defaults, overridden by the batch's fields for all of its rows.
    write: Cow<'d, WritePolicy>,
}

/// Reads the policies of one batch: its own fields, and those that apply to its rows.
///
/// # Errors
/// The body ends early, or a field does not belong to this policy.
pub fn read<'d>(
    defaults: &'d Defaults,
    reader: &mut Reader<'_>,
    request: &Request,
) -> Result<BatchPolicies<'d>, Failure> {
    let mut policies = BatchPolicies {
        policy: Cow::Borrowed(&defaults.batch),
        sub_batch: defaults.sub_batch,
        write: Cow::Borrowed(&defaults.write),
    };
    if let Some(transaction) = request.transaction() {
        policies.policy.to_mut().base_policy.txn = Some(Arc::clone(transaction.txn()));
        join(policies.write.to_mut(), transaction);
    }
    let retries = defaults.write.base_policy.max_retries;
    if request.writes() && policies.policy.base_policy.max_retries != retries {
        // A batch that writes has the default retries of writes: writes are retried only if the caller wants that.
        policies.policy.to_mut().base_policy.max_retries = retries;
    }
    for field in fields(reader)? {
        if let Field::Number(batch_field::SUB_BATCH_SIZE, rows) = field {
            policies.sub_batch = rows as usize;
        } else if request.writes() && matches!(&field, Field::Number(number, _) if write_field::ALL.contains(number)) {
            set_write(policies.write.to_mut(), &field)?;
        } else {
            let policy = policies.policy.to_mut();
            if !set_base(&mut policy.base_policy, &field)? && !set_batch(policy, &field)? {
                return reject(&field);
            }
        }
    }
    check_read_mode(&policies.policy.base_policy)?;
    if let Some(timeout) = bound(&policies.policy.base_policy, request) {
        policies.policy.to_mut().base_policy.total_timeout = timeout;
    }
    if policies.policy.base_policy.filter_expression.is_some() && policies.write.base_policy.filter_expression.is_some()
    {
        // The batch's own filter takes precedence over the client's filter for writes.
        policies.write.to_mut().base_policy.filter_expression = None;
    }
    Ok(policies)
}

impl BatchPolicies<'_> {
    /// Copies the policies, for a batch that outlives its request.
    pub fn into_owned(self) -> BatchPolicies<'static> {
        BatchPolicies {
            policy: Cow::Owned(self.policy.into_owned()),
            sub_batch: self.sub_batch,
            write: Cow::Owned(self.write.into_owned()),
        }
    }

    /// The policy of a reading row that overrides nothing.
    pub fn read_row(&self) -> BatchReadPolicy {
        BatchReadPolicy {
            read_touch_ttl: self.policy.base_policy.read_touch_ttl,
            ..BatchReadPolicy::default()
        }
    }

    /// Reads the policy of a reading row.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to this policy.
    pub fn read_row_of(&self, reader: &mut Reader<'_>) -> Result<BatchReadPolicy, Failure> {
        let fields = fields(reader)?;
        if fields.is_empty() {
            return Ok(self.read_row());
        }
        let mut base = self.policy.base_policy.clone();
        base.filter_expression = None;
        for field in fields {
            if !set_base(&mut base, &field)? {
                return reject(&field);
            }
        }
        Ok(BatchReadPolicy {
            read_touch_ttl: base.read_touch_ttl,
            filter_expression: self.with_filter_of_batch(base.filter_expression),
        })
    }

    /// Combines a row's own filter with the batch's, because a server that gets both uses only the row's.
    fn with_filter_of_batch(&self, own: Option<Expression>) -> Option<Expression> {
        match (&self.policy.base_policy.filter_expression, own) {
            (Some(batch), Some(own)) => Some(and(vec![batch.clone(), own])),
            (_, own) => own,
        }
    }

    fn write_fields(&self, reader: &mut Reader<'_>) -> Result<Cow<'_, WritePolicy>, Failure> {
        let mut policy = Cow::Borrowed(self.write.as_ref());
        for field in fields(reader)? {
            let policy = policy.to_mut();
            if !set_write(policy, &field)? && !set_base(&mut policy.base_policy, &field)? {
                return reject(&field);
            }
        }
        if self.policy.base_policy.filter_expression.is_some() && policy.base_policy.filter_expression.is_some() {
            // This filter is the row's own: with a batch filter, the client's default filter for writes was removed in
            // `call`.
            let base = &mut policy.to_mut().base_policy;
            base.filter_expression = self.with_filter_of_batch(base.filter_expression.take());
        }
        Ok(policy)
    }

    /// Reads the policy of a writing row.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to this policy.
    pub fn write_row_of(&self, reader: &mut Reader<'_>) -> Result<BatchWritePolicy, Failure> {
        let policy = self.write_fields(reader)?;
        Ok(BatchWritePolicy {
            filter_expression: policy.base_policy.filter_expression.clone(),
            ..write_row(&policy)
        })
    }

    /// Reads the policy of a row that removes its record.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to this policy.
    pub fn remove_row_of(&self, reader: &mut Reader<'_>) -> Result<BatchDeletePolicy, Failure> {
        let policy = self.write_fields(reader)?;
        Ok(BatchDeletePolicy {
            filter_expression: policy.base_policy.filter_expression.clone(),
            ..remove_row(&policy)
        })
    }

    /// Reads the policy of a row that applies a function.
    ///
    /// # Errors
    /// The body ends early, or a field does not belong to this policy.
    pub fn apply_row_of(&self, reader: &mut Reader<'_>) -> Result<BatchUdfPolicy, Failure> {
        let policy = self.write_fields(reader)?;
        Ok(BatchUdfPolicy {
            filter_expression: policy.base_policy.filter_expression.clone(),
            ..apply_row(&policy)
        })
    }
}

/// The policy of a row that writes, without a filter: that of its batch applies.
pub fn write_row(policy: &WritePolicy) -> BatchWritePolicy {
    BatchWritePolicy {
        record_exists_action: policy.record_exists_action,
        generation_policy: policy.generation_policy,
        generation: policy.generation,
        commit_level: policy.commit_level,
        expiration: policy.expiration,
        send_key: policy.send_key,
        durable_delete: policy.durable_delete,
        on_locking_only: policy.on_locking_only,
        filter_expression: None,
    }
}

/// The policy of a row that removes its record, without a filter.
pub fn remove_row(policy: &WritePolicy) -> BatchDeletePolicy {
    BatchDeletePolicy {
        generation_policy: policy.generation_policy,
        generation: policy.generation,
        commit_level: policy.commit_level,
        send_key: policy.send_key,
        durable_delete: policy.durable_delete,
        filter_expression: None,
    }
}

/// The policy of a row that applies a function, without a filter.
pub fn apply_row(policy: &WritePolicy) -> BatchUdfPolicy {
    BatchUdfPolicy {
        commit_level: policy.commit_level,
        expiration: policy.expiration,
        send_key: policy.send_key,
        durable_delete: policy.durable_delete,
        on_locking_only: policy.on_locking_only,
        filter_expression: None,
    }
}
