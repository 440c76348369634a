//! How spans are made and exported, as `lib/methods/tracing.ts` writes it: it has read the options and the environment.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::Sampler;

use super::span::Sampling;
use crate::boundary::wire::Reader;
use crate::errors::Failure;

/// How spans are made and exported.
#[derive(Debug)]
pub struct Config {
    /// Which spans are made.
    pub sampler: Sampling,
    /// Where they go; None for nowhere.
    pub export: Option<Export>,
}

/// Where spans go.
#[derive(Debug)]
pub struct Export {
    /// The collector's address.
    pub endpoint: String,
    /// What `https` is checked by, and shown.
    pub tls: Tls,
    /// What is sent along with each request.
    pub headers: Vec<(String, String)>,
    /// Bound on one export.
    pub timeout: Duration,
    /// What the spans come from.
    pub resource: Vec<KeyValue>,
    /// Spans that wait at most; what comes beyond is dropped.
    pub most: usize,
    /// Spans of one export at most.
    pub batch: usize,
    /// Spans wait so long for others.
    pub delay: Duration,
}

/// Certificates, in PEM.
#[derive(Debug)]
pub struct Tls {
    /// Those that the collector's is checked by; None for the system's.
    pub authorities: Option<Vec<u8>>,
    /// The client's own, and its private key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

fn tls(reader: &mut Reader<'_>) -> Result<Tls, Failure> {
    let mut part = || {
        reader
            .blob()
            .map(|bytes| Some(bytes.to_vec()).filter(|bytes| !bytes.is_empty()))
    };
    let authorities = part()?;
    let identity = part()?.zip(part()?);
    Ok(Tls { authorities, identity })
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
    /// A body that ends early.
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
                most: reader.u32()? as usize,
                batch: reader.u32()? as usize,
                delay: milliseconds(reader)?,
            })
        };
        Ok(Config { sampler, export })
    }
}
