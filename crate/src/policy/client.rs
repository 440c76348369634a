//! The client configuration, as `lib/options/config-encoding.ts` encodes it.

use std::collections::HashMap;
use std::time::Duration;

use aerospike_core::{AuthMode, ClientPolicy, Host};

use super::Defaults;
use super::tls::TlsOptions;
use crate::catalog::client_options::{
    CLIENT_ID_OPTION, END_OF_OPTIONS, SAME_CREDENTIALS_OPTION, auth_mode_word, client_option,
};
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

fn auto_batch(reader: &mut Reader<'_>) -> Result<Option<AutoBatchPolicy>, Failure> {
    let (reads, writes, max_size) = (reader.u8()? != 0, reader.u8()? != 0, reader.u32()? as usize);
    Ok((reads || writes).then_some(AutoBatchPolicy {
        reads,
        writes,
        max_size,
    }))
}

fn text(reader: &mut Reader<'_>) -> Result<Option<String>, Failure> {
    Ok(Some(reader.text()?.to_owned()))
}

fn hosts(reader: &mut Reader<'_>) -> Result<Vec<Host>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| {
            Ok(Host {
                name: reader.text()?.to_owned(),
                port: reader.u16()?,
                tls_name: match reader.u8()? {
                    0 => None,
                    _ => text(reader)?,
                },
            })
        })
        .collect()
}

fn rack_ids(reader: &mut Reader<'_>) -> Result<Vec<usize>, Failure> {
    let count = reader.u16()?;
    (0..count).map(|_| Ok(reader.u32()? as usize)).collect()
}

fn ip_map(reader: &mut Reader<'_>) -> Result<HashMap<String, String>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| Ok((reader.text()?.to_owned(), reader.text()?.to_owned())))
        .collect()
}

/// The options that make the authentication mode together.
#[derive(Default)]
struct Login {
    mode: u32,
    user: Option<String>,
    password: Option<String>,
    /// Whether a client that connects again keeps its credentials.
    keeps: bool,
}

impl Login {
    fn auth_mode(self) -> Result<AuthMode, Failure> {
        if self.keeps {
            return Ok(AuthMode::None);
        }
        let password = self.password.unwrap_or_default();
        Ok(match (u8::try_from(self.mode), self.user) {
            (Ok(auth_mode_word::PKI), _) => AuthMode::Pki,
            (_, None) => AuthMode::None,
            (Ok(auth_mode_word::INTERNAL), Some(user)) => AuthMode::Internal(user, password),
            (Ok(auth_mode_word::EXTERNAL), Some(user)) => AuthMode::External(user, password),
            (Ok(auth_mode_word::EXTERNAL_INSECURE), Some(user)) => AuthMode::ExternalInsecure(user, password),
            _ => return Err(Failure::invalid(format!("authMode {} is unknown", self.mode))),
        })
    }
}

impl ClientConfig {
    /// Reads a configuration: each option as its number and its value.
    ///
    /// # Errors
    /// The body ends early, or a value is invalid.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let mut config = ClientConfig {
            hosts: Vec::new(),
            connect_timeout: 0,
            max_concurrent: 0,
            auto_batch: None,
            defaults: Defaults::default(),
            max_errors: 0,
            error_window: Duration::ZERO,
            tls: None,
            wants_session_ttl: false,
            same_credentials: false,
            policy: ClientPolicy {
                // The core's own circuit breaker counts client deadlines, which do not indicate a failing node: it would
                // open for healthy nodes.
                max_error_rate: 0,
                ..ClientPolicy::default()
            },
        };
        let policy = &mut config.policy;
        let mut login = Login::default();
        let mut window = 1;
        loop {
            match reader.u8()? {
                END_OF_OPTIONS => break,
                client_option::HOSTS => config.hosts = hosts(reader)?,
                client_option::CLUSTER_NAME => policy.cluster_name = text(reader)?,
                client_option::APP_ID => policy.application_id = text(reader)?,
                CLIENT_ID_OPTION => policy.custom_client_id = text(reader)?,
                client_option::USER => login.user = text(reader)?,
                client_option::PASSWORD => login.password = text(reader)?,
                client_option::CREDENTIALS => config.wants_session_ttl = reader.u32()? != 0,
                client_option::AUTH_MODE => login.mode = reader.u32()?,
                SAME_CREDENTIALS_OPTION => login.keeps = reader.u32()? != 0,
                client_option::TLS => config.tls = Some(TlsOptions::read(reader)?),
                client_option::RACK_IDS => policy.rack_ids = Some(rack_ids(reader)?),
                client_option::IP_MAP => policy.ip_map = Some(ip_map(reader)?),
                client_option::USE_SERVICES_ALTERNATE => policy.use_services_alternate = reader.u32()? != 0,
                client_option::SEED_ONLY_CLUSTER => policy.seed_only_cluster = reader.u32()? != 0,
                client_option::FAIL_IF_NOT_CONNECTED => policy.fail_if_not_connected = reader.u32()? != 0,
                client_option::OPENING_CONNECTION_THRESHOLD => {
                    policy.opening_connection_threshold = reader.u32()? as usize;
                }
                client_option::TIMEOUT => policy.timeout = reader.u32()?,
                client_option::CONNECT_TIMEOUT => config.connect_timeout = reader.u32()?,
                client_option::LOGIN_TIMEOUT => policy.login_timeout = reader.u32()?,
                client_option::IDLE_TIMEOUT => policy.idle_timeout = reader.u32()?,
                client_option::MIN_CONNS_PER_NODE => policy.min_conns_per_node = reader.u32()? as usize,
                client_option::MAX_CONNS_PER_NODE => policy.max_conns_per_node = reader.u32()? as usize,
                client_option::CONN_POOLS_PER_NODE => {
                    policy.conn_pools_per_node = u8::try_from(reader.u32()?).unwrap_or(u8::MAX);
                }
                client_option::TEND_INTERVAL => policy.tend_interval = reader.u32()?,
                client_option::MAX_ERROR_RATE => config.max_errors = reader.u32()? as usize,
                client_option::ERROR_RATE_WINDOW => window = reader.u32()?,
                client_option::MAX_CONCURRENT_COMMANDS => config.max_concurrent = reader.u32()?,
                client_option::AUTO_BATCH => config.auto_batch = auto_batch(reader)?,
                client_option::POLICIES => config.defaults = Defaults::read(reader)?,
                other => return Err(Failure::client(format!("the client option {other} is unknown"))),
            }
        }
        config.error_window = Duration::from_millis(u64::from(policy.tend_interval)).saturating_mul(window);
        config.same_credentials = login.keeps;
        policy.auth_mode = login.auth_mode()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Writer;

    fn number(body: &mut Vec<u8>, option: u8, value: u32) {
        body.put_u8(option);
        body.put_u32(value);
    }

    #[test]
    fn options_come_in_any_order_and_may_be_left_out() {
        let mut body = Vec::new();
        number(&mut body, client_option::ERROR_RATE_WINDOW, 3);
        body.put_u8(client_option::USER);
        body.put_text("ada");
        number(&mut body, client_option::TEND_INTERVAL, 500);
        number(&mut body, client_option::AUTH_MODE, u32::from(auth_mode_word::EXTERNAL));
        body.put_u8(END_OF_OPTIONS);
        let Ok(config) = ClientConfig::read(&mut Reader::new(&body)) else {
            unreachable!()
        };
        assert_eq!(config.error_window, Duration::from_millis(1500));
        assert!(
            matches!(config.policy.auth_mode, AuthMode::External(user, password) if user == "ada" && password.is_empty())
        );
        assert!(config.tls.is_none() && config.auto_batch.is_none() && config.policy.rack_ids.is_none());
    }

    #[test]
    fn an_unknown_option_and_an_unknown_authentication_mode_are_refused() {
        let mut unknown = Vec::new();
        number(&mut unknown, 250, 1);
        assert!(ClientConfig::read(&mut Reader::new(&unknown)).is_err());
        let mut body = vec![client_option::USER];
        body.put_text("ada");
        number(&mut body, client_option::AUTH_MODE, 300);
        body.put_u8(END_OF_OPTIONS);
        assert!(ClientConfig::read(&mut Reader::new(&body)).is_err());
    }
}
