//! The tracing configuration. `lib/methods/tracing.ts` encodes it from the options and the environment.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::Sampler;

use crate::common::errors::Failure;
use crate::telemetry::tracing::span::Sampling;
use crate::wire::Reader;

#[derive(Debug)]
pub struct Config {
    /// Which calls get a span.
    pub sampler: Sampling,
    /// Where to export spans; `None`: nowhere.
    pub export: Option<Export>,
}

/// Where and how to export spans.
#[derive(Debug)]
pub struct Export {
    /// The collector's URL.
    pub endpoint: String,
    /// Certificates for `https`.
    pub tls: Tls,
    /// Headers of each request.
    pub headers: Vec<(String, String)>,
    pub timeout: Duration,
    /// The attributes of the resource that produces the spans.
    pub resource: Vec<KeyValue>,
    /// Maximum number of queued spans; further ones are dropped.
    pub max: usize,
    /// Maximum number of spans per export.
    pub batch: usize,
    /// How long a span may wait for others before it is exported.
    pub delay: Duration,
}

/// Certificates in PEM format.
#[derive(Debug)]
pub struct Tls {
    /// The certificate authorities that verify the collector; `None` for those of the system.
    pub authorities: Option<Vec<u8>>,
    /// The client certificate and its private key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// The name that the collector's certificate must have; `None` for the host of its URL.
    pub server_name: Option<String>,
}

fn tls(reader: &mut Reader<'_>) -> Result<Tls, Failure> {
    let mut part = || {
        reader
            .blob()
            .map(|bytes| Some(bytes.to_vec()).filter(|bytes| !bytes.is_empty()))
    };
    let authorities = part()?;
    let identity = part()?.zip(part()?);
    let server_name = reader.text()?;
    Ok(Tls {
        authorities,
        identity,
        server_name: (!server_name.is_empty()).then(|| server_name.to_owned()),
    })
}

fn sampling(reader: &mut Reader<'_>) -> Result<Sampling, Failure> {
    let root = match reader.u8()? {
        0 => Sampler::AlwaysOn,
        1 => Sampler::AlwaysOff,
        _ => Sampler::TraceIdRatioBased(reader.f64()?),
    };
    let parent_based = reader.u8()? != 0;
    Ok(Sampling { root, parent_based })
}

fn pairs(reader: &mut Reader<'_>) -> Result<Vec<(String, String)>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| Ok((reader.text()?.to_owned(), reader.text()?.to_owned())))
        .collect()
}

fn milliseconds(reader: &mut Reader<'_>) -> Result<Duration, Failure> {
    Ok(Duration::from_millis(u64::from(reader.u32()?)))
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// The body ends early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let sampler = sampling(reader)?;
        let export = if reader.u8()? == 0 {
            None
        } else {
            Some(Export {
                endpoint: reader.text()?.to_owned(),
                tls: tls(reader)?,
                headers: pairs(reader)?,
                timeout: milliseconds(reader)?,
                resource: pairs(reader)?
                    .into_iter()
                    .map(|(key, value)| KeyValue::new(key, value))
                    .collect(),
                max: reader.u32()? as usize,
                batch: reader.u32()? as usize,
                delay: milliseconds(reader)?,
            })
        };
        Ok(Config { sampler, export })
    }
}
