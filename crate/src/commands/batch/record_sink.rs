//! Rows as records: each is encoded as it arrives, and JavaScript decodes it on first access.

use std::sync::Arc;

use aerospike_core::Record;

use crate::catalog::formats::row_form as form;
use crate::commands::batch::row_form::{RowForm, RowForms};
use crate::commands::batch::tracker::Sink;
use crate::common::errors::Failure;
use crate::convert::record as convert;
use crate::requests::Channel;
use crate::wire::{Writer, put_failure};

/// Offsets are 32 bits wide; the margin leaves room for the last row.
const MAX_BYTES: usize = u32::MAX as usize - (64 << 20);

/// The encoded rows of a batch.
pub struct Records {
    channel: Arc<Channel>,
    answers: RowForms,
    data: Vec<u8>,
    offsets: Vec<u32>,
    codes: Vec<i32>,
}

impl Records {
    /// Creates rows without an outcome. `answers` says how to read the answer to each row.
    pub fn new(channel: Arc<Channel>, answers: RowForms) -> Self {
        let rows = answers.len();
        Records {
            channel,
            answers,
            data: Vec::new(),
            offsets: vec![0; rows],
            codes: vec![0; rows],
        }
    }

    /// Writes the number of rows, their offsets, their result codes, and their bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.reserve(4 + self.offsets.len() * 8 + self.data.len());
        out.put_u32(self.offsets.len() as u32);
        for offset in &self.offsets {
            out.put_u32(*offset);
        }
        for code in &self.codes {
            out.put_i32(*code);
        }
        out.extend_from_slice(&self.data);
    }
}

/// Writes the answer to one row.
pub fn write_answer(out: &mut Vec<u8>, channel: &Channel, form: &RowForm, found: &Record) {
    match form {
        RowForm::Record => {
            out.put_u8(form::RECORD);
            convert::write(out, channel, found);
        }
        RowForm::Meta => {
            out.put_u8(form::META);
            convert::write_meta(out, found);
        }
        RowForm::Steps(steps) => {
            out.put_u8(form::RECORD);
            convert::write_operated(out, channel, found, steps);
        }
        RowForm::Gone => out.put_u8(form::GONE),
    }
}

/// Writes the failure of one row.
pub fn write_failure(out: &mut Vec<u8>, failure: &Failure) {
    out.put_u8(form::FAILURE);
    put_failure(out, failure);
}

impl Sink for Records {
    fn record(&mut self, row: usize, found: &Record) {
        if self.data.len() > MAX_BYTES {
            return self.fail(row, Failure::client("the answers of the batch are larger than 4 GiB"));
        }
        self.offsets[row] = self.data.len() as u32;
        write_answer(&mut self.data, &self.channel, self.answers.form(row), found);
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        self.codes[row] = failure.code;
        self.offsets[row] = self.data.len().min(u32::MAX as usize) as u32;
        write_failure(&mut self.data, &failure);
    }
}
