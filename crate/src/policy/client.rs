//! The client configuration, as `lib/options/config.ts` encodes it.

use std::time::Duration;

use aerospike_core::{AuthMode, ClientPolicy, Host};

use super::Defaults;
use super::tls::TlsOptions;
use crate::common::errors::Failure;
use crate::wire::Reader;

/// Which calls are grouped into batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoBatchPolicy {
    /// Group get, select, exists, getMeta and getOrNull.
    pub reads: bool,
    /// Group put, removeBin and remove.
    pub writes: bool,
    /// Maximum number of calls in a batch.
    pub max_size: usize,
}

/// The configuration of a client.
pub struct ClientConfig {
    pub hosts: Vec<Host>,
    /// The core's client policy.
    pub policy: ClientPolicy,
    /// Timeout of the whole connect, in milliseconds.
    pub connect_timeout: u32,
    /// Maximum number of concurrent commands; 0: as many as the pools have connections.
    pub max_concurrent: u32,
    /// Which calls are grouped into batches; `None` if automatic batching is off.
    pub auto_batch: Option<AutoBatchPolicy>,
    /// The default policies of calls.
    pub defaults: Defaults,
    /// Number of errors of a node within a window above which its commands are rejected; 0 disables the circuit
    /// breaker.
    pub max_errors: usize,
    /// Length of that window.
    pub error_window: Duration,
    /// TLS; `None` without.
    pub tls: Option<TlsOptions>,
    /// Whether to find out how long the session of a login lasts.
    pub wants_session_ttl: bool,
    /// Whether a client that connects again keeps its credentials.
    pub same_credentials: bool,
}

/// The number of the authentication with the certificate of the connection, which needs no user.
const PKI: u8 = 3;
/// The number that stands for the credentials of the client that connects again.
const SAME: u8 = 255;

fn optional(reader: &mut Reader<'_>) -> Result<Option<String>, Failure> {
    Ok(if reader.u8()? == 0 {
        None
    } else {
        Some(reader.text()?.to_owned())
    })
}

fn auto_batch(reader: &mut Reader<'_>) -> Result<Option<AutoBatchPolicy>, Failure> {
    let (reads, writes, max_size) = (reader.u8()? != 0, reader.u8()? != 0, reader.u32()? as usize);
    Ok((reads || writes).then_some(AutoBatchPolicy {
        reads,
        writes,
        max_size,
    }))
}

impl ClientConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    /// The body ends early, or a value is invalid.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let count = reader.u16()?;
        let mut hosts = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let name = reader.text()?.to_owned();
            let port = reader.u16()?;
            hosts.push(Host {
                name,
                tls_name: optional(reader)?,
                port,
            });
        }
        let mut policy = ClientPolicy {
            cluster_name: optional(reader)?,
            application_id: optional(reader)?,
            custom_client_id: optional(reader)?,
            ..ClientPolicy::default()
        };
        let (user, password) = (optional(reader)?, optional(reader)?);
        let mode = reader.u8()?;
        policy.auth_mode = match (mode, user) {
            (PKI, _) => AuthMode::Pki,
            (SAME, _) | (_, None) => AuthMode::None,
            (0, Some(user)) => AuthMode::Internal(user, password.unwrap_or_default()),
            (1, Some(user)) => AuthMode::External(user, password.unwrap_or_default()),
            (2, Some(user)) => AuthMode::ExternalInsecure(user, password.unwrap_or_default()),
            (other, _) => return Err(Failure::invalid(format!("authMode {other} is unknown"))),
        };
        let tls = TlsOptions::read(reader)?;
        let wants_session_ttl = reader.u8()? != 0;
        policy.timeout = reader.u32()?;
        let connect_timeout = reader.u32()?;
        policy.login_timeout = reader.u32()?;
        policy.idle_timeout = reader.u32()?;
        policy.min_conns_per_node = reader.u32()? as usize;
        policy.max_conns_per_node = reader.u32()? as usize;
        policy.conn_pools_per_node = u8::try_from(reader.u32()?).unwrap_or(u8::MAX);
        policy.tend_interval = reader.u32()?;
        let max_errors = reader.u32()? as usize;
        // The core's own circuit breaker counts client deadlines, which do not indicate a failing node: it would open
        // for healthy nodes.
        policy.max_error_rate = 0;
        let error_window = Duration::from_millis(u64::from(policy.tend_interval)).saturating_mul(reader.u32()?);
        policy.use_services_alternate = reader.u8()? != 0;
        policy.seed_only_cluster = reader.u8()? != 0;
        let racks = reader.u16()?;
        if racks > 0 {
            let ids: Result<Vec<_>, _> = (0..racks).map(|_| reader.u32().map(|id| id as usize)).collect();
            policy.rack_ids = Some(ids?);
        }
        let mapped = reader.u16()?;
        if mapped > 0 {
            let entries: Result<_, Failure> = (0..mapped)
                .map(|_| Ok((reader.text()?.to_owned(), reader.text()?.to_owned())))
                .collect();
            policy.ip_map = Some(entries?);
        }
        let max_concurrent = reader.u32()?;
        let auto_batch = auto_batch(reader)?;
        let defaults = Defaults::read(reader)?;
        Ok(ClientConfig {
            hosts,
            policy,
            connect_timeout,
            max_concurrent,
            auto_batch,
            defaults,
            max_errors,
            error_window,
            tls,
            wants_session_ttl,
            same_credentials: mode == SAME,
        })
    }
}
