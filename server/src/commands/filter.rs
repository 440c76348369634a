//! Filters of single-record commands and batch rows.

use super::{Request, Scratch};
use crate::common::result_code::ResultCode;
use crate::compute::exp::Filter;
use crate::record::view::RecordView;

/// A cache of the last compiled filter: the rows of a batch usually share one.
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

/// Fails if the record does not match the request's filter.
pub(super) fn check(request: &Request<'_>, view: &RecordView<'_>, scratch: &mut Scratch) -> Result<(), ResultCode> {
    match request.filter {
        Some(source) if !scratch.filters.get(source)?.matches(view) => Err(ResultCode::FILTERED_OUT),
        _ => Ok(()),
    }
}
