//! How to read the answer to each row of a batch.

use std::sync::Arc;

use crate::convert::operation::Step;

/// How to read the answer to a row.
#[derive(Clone)]
pub enum RowForm {
    /// As a record.
    Record,
    /// As generation and TTL.
    Meta,
    /// As the answers of operations, by bin.
    Steps(Arc<[Step]>),
    /// As a removed record: no data.
    Gone,
}

/// How to read the answer to each row.
pub struct RowForms {
    forms: Vec<RowForm>,
    /// The index in `forms` of each row.
    of: Vec<u32>,
}

impl RowForms {
    /// `of` is the index in `forms` of each row.
    pub fn new(forms: Vec<RowForm>, of: Vec<u32>) -> Self {
        RowForms { forms, of }
    }

    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// How to read the answer to this row.
    pub fn form(&self, row: usize) -> &RowForm {
        let form = self.of.get(row).and_then(|form| self.forms.get(*form as usize));
        form.unwrap_or(&RowForm::Gone)
    }
}
