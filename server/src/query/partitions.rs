//! The partitions of a query, and where to resume in each.

use std::collections::VecDeque;

use crate::common::result_code::ResultCode;
use crate::proto::field::Fields;
use crate::record::digest::{DIGEST_SIZE, Digest, PARTITIONS};

/// A partition that the query has yet to visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) id: u16,
    /// The last record that the client received, and its key in the index.
    pub(super) after: Option<(Digest, i64)>,
}

/// The requested partitions in ascending order: whole ones and resumed ones. All partitions if the request
/// names none.
pub(super) fn requested(fields: &Fields<'_>, by_index: bool) -> Result<VecDeque<Slot>, ResultCode> {
    const ALL: u16 = PARTITIONS as u16;
    if fields.partitions.is_none() && fields.digests.is_none() {
        return Ok((0..ALL).map(|id| Slot { id, after: None }).collect());
    }
    let (ids, odd) = fields.partitions.unwrap_or_default().as_chunks::<2>();
    let (digests, ragged) = fields.digests.unwrap_or_default().as_chunks::<DIGEST_SIZE>();
    let (bvals, rest) = fields.bvals.unwrap_or_default().as_chunks::<8>();
    if !odd.is_empty() || !ragged.is_empty() || !rest.is_empty() {
        return Err(ResultCode::PARAMETER);
    }
    // An empty list of partitions or digests is invalid, and so are index values that do not match the digests.
    if fields.partitions.is_some_and(<[u8]>::is_empty) || fields.digests.is_some_and(<[u8]>::is_empty) {
        return Err(ResultCode::PARAMETER);
    }
    let fits = if by_index {
        bvals.len() == digests.len()
    } else {
        bvals.is_empty() || bvals.len() == digests.len()
    };
    if !fits {
        return Err(ResultCode::PARAMETER);
    }
    let mut requested: Vec<Slot> = Vec::with_capacity(ids.len() + digests.len());
    for id in ids {
        let id = u16::from_le_bytes(*id);
        if id >= ALL {
            return Err(ResultCode::PARAMETER);
        }
        requested.push(Slot { id, after: None });
    }
    for (at, digest) in digests.iter().enumerate() {
        let digest = Digest(*digest);
        let id = u16::try_from(digest.partition()).map_err(|_| ResultCode::PARAMETER)?;
        let bval = bvals.get(at).map_or(0, |bval| i64::from_le_bytes(*bval));
        requested.push(Slot {
            id,
            after: Some((digest, bval)),
        });
    }
    requested.sort_by_key(|slot| slot.id);
    let asked_for = requested.len();
    requested.dedup_by_key(|slot| slot.id);
    if requested.len() < asked_for {
        return Err(ResultCode::PARAMETER);
    }
    Ok(requested.into())
}
