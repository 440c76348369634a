//! Filters of single records and rows.

use super::{Request, Scratch};
use crate::exp::{Filter, Subject};
use crate::result_code::ResultCode;

/// The filter that was compiled last: the rows of a batch usually have the same.
#[derive(Debug, Default)]
pub(super) struct FilterCache {
    source: Vec<u8>,
    filter: Option<Filter>,
}

impl FilterCache {
    fn get(&mut self, source: &[u8]) -> Result<&Filter, ResultCode> {
        let known = self.filter.take().filter(|_| self.source == source);
        let filter = match known {
            Some(filter) => filter,
            None => {
                source.clone_into(&mut self.source);
                Filter::compile(source)?
            }
        };
        Ok(self.filter.insert(filter))
    }
}

/// Fails for a record that a request's filter does not let through.
pub(super) fn check(request: &Request<'_>, subject: &Subject<'_>, scratch: &mut Scratch) -> Result<(), ResultCode> {
    match request.filter {
        Some(source) if !scratch.filters.get(source)?.matches(subject) => Err(ResultCode::FILTERED_OUT),
        _ => Ok(()),
    }
}
