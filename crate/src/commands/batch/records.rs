//! Rows as records: each encoded as it arrives, decoded by JavaScript when it is touched.

use std::sync::Arc;

use aerospike_core::Record;

use super::rows::Sink;
use super::work::Answers;
use crate::boundary::completion::Channel;
use crate::boundary::wire::{Writer, put_failure};
use crate::convert::record as convert;
use crate::errors::Failure;

/// What a row's bytes are; the numbers are those of `lib/batch/result.ts`.
mod form {
    pub const RECORD: u8 = 0;
    pub const META: u8 = 1;
    pub const GONE: u8 = 2;
    pub const FAILURE: u8 = 3;
}

/// Offsets are of 32 bits.
const MOST_BYTES: usize = u32::MAX as usize - (64 << 20);

/// What a row's answer is read as.
#[derive(Clone)]
pub enum Form {
    /// The record that it is.
    Record,
    /// Generation and lifetime.
    Meta,
    /// The answers of operations, by bin.
    Steps(Arc<[crate::convert::operation::Step]>),
    /// The record is gone.
    Gone,
}

/// Rows of records.
pub struct Records {
    channel: Arc<Channel>,
    answers: Answers,
    data: Vec<u8>,
    offsets: Vec<u32>,
    codes: Vec<i32>,
}

impl Records {
    /// Rows that nothing is known of; `answers` says what each is read as.
    pub fn new(channel: Arc<Channel>, answers: Answers) -> Self {
        let rows = answers.len();
        Records {
            channel,
            answers,
            data: Vec::new(),
            offsets: vec![0; rows],
            codes: vec![0; rows],
        }
    }

    /// Writes the rows: their number, where each begins, their result codes, and their bytes.
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

/// Writes the answer of one row.
pub fn write_answer(out: &mut Vec<u8>, channel: &Channel, form: &Form, found: &Record) {
    match form {
        Form::Record => {
            out.put_u8(form::RECORD);
            convert::write(out, channel, found);
        }
        Form::Meta => {
            out.put_u8(form::META);
            convert::write_meta(out, found);
        }
        Form::Steps(steps) => {
            out.put_u8(form::RECORD);
            convert::write_operated(out, channel, found, steps);
        }
        Form::Gone => out.put_u8(form::GONE),
    }
}

/// Writes the failure of one row.
pub fn write_failure(out: &mut Vec<u8>, failure: &Failure) {
    out.put_u8(form::FAILURE);
    put_failure(out, failure);
}

impl Sink for Records {
    fn record(&mut self, row: usize, found: &Record) {
        if self.data.len() > MOST_BYTES {
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
