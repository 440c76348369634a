//! Selections of bins, and bins with their values.

use aerospike_core::{Bin, Bins};

use super::value;
use crate::catalog::formats::bin_selection;
use crate::common::errors::Failure;
use crate::wire::Reader;

/// Reads a selection of bins.
///
/// # Errors
/// The body ends early.
pub fn read_selection(reader: &mut Reader<'_>) -> Result<Bins, Failure> {
    Ok(match reader.u8()? {
        bin_selection::ALL => Bins::All,
        bin_selection::NONE => Bins::None,
        _ => {
            let count = reader.u16()?;
            Bins::Some(
                (0..count)
                    .map(|_| reader.name().map(str::to_owned))
                    .collect::<Result<_, _>>()?,
            )
        }
    })
}

/// Reads bins with their values.
///
/// # Errors
/// The body ends early, or the core does not support a value.
pub fn read(reader: &mut Reader<'_>) -> Result<Vec<Bin>, Failure> {
    let count = reader.u16()?;
    (0..count)
        .map(|_| {
            let name = reader.name()?.to_owned();
            let value = value::read(reader).map_err(|failure| failure.with_context(&name))?;
            Ok(Bin::new(name, value))
        })
        .collect()
}
