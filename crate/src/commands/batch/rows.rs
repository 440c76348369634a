//! Where the rows of a batch go while it runs, and how they are handed over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::{BatchRecord, Record};

use crate::boundary::completion::{Attachment, Channel};
use crate::boundary::wire::{Writer, put_failure};
use crate::client::Job;
use crate::convert::column::Columns;
use crate::convert::record as convert;
use crate::errors::{Failure, Kind, is_invalid_utf8};

/// Rows of records: each encoded as it arrives, decoded by JavaScript when it is touched.
pub struct Records {
    channel: Arc<Channel>,
    data: Vec<u8>,
    offsets: Vec<u32>,
    codes: Vec<i32>,
    answered: Vec<bool>,
}

impl Records {
    pub fn new(channel: Arc<Channel>, rows: usize) -> Self {
        Records {
            channel,
            data: Vec::new(),
            offsets: vec![0; rows],
            codes: vec![0; rows],
            answered: vec![false; rows],
        }
    }

    fn first_answer(&mut self, row: usize) -> bool {
        self.answered
            .get_mut(row)
            .is_some_and(|answered| !std::mem::replace(answered, true))
    }

    fn record(&mut self, row: usize, found: &Record, header: bool) {
        if self.first_answer(row) {
            self.offsets[row] = self.data.len() as u32;
            if header {
                convert::write_meta(&mut self.data, found);
            } else {
                convert::write(&mut self.data, &self.channel, found);
            }
        }
    }

    fn fail(&mut self, row: usize, failure: &Failure) {
        if self.first_answer(row) {
            self.codes[row] = failure.code;
            self.offsets[row] = self.data.len() as u32;
            put_failure(&mut self.data, failure);
        }
    }
}

/// What a batch fills.
pub enum Sink {
    /// Records; only generation and lifetime of each, where the flag says so.
    Records(Records, bool),
    /// Columns.
    Columns(Box<Columns>),
}

/// Where rows go, shared with the hook; emptied at the end, so that a late row finds nothing to write to.
pub struct Rows {
    sink: Mutex<Option<Sink>>,
    /// Rows of a group that failed by one text that is not UTF-8.
    pub reread: Mutex<Vec<usize>>,
    /// A server answered for a row, with a record or a code of its own.
    pub served: AtomicBool,
    /// The first failure that may have been meant for a whole group.
    pub group: Mutex<Option<Failure>>,
}

/// The lock guards plain data that is consistent between statements.
pub fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rows {
    pub fn new(sink: Sink) -> Self {
        Rows {
            sink: Mutex::new(Some(sink)),
            reread: Mutex::default(),
            served: AtomicBool::new(false),
            group: Mutex::default(),
        }
    }

    /// What the core tells of a row.
    pub fn row(&self, index: usize, row: &BatchRecord) {
        if let Some(error) = row.error() {
            if is_invalid_utf8(error) {
                locked(&self.reread).push(index);
                return;
            }
            if error.server_result_code().is_some() {
                self.served.store(true, Ordering::Relaxed);
            }
            let failure = Failure::from(error);
            let own = failure.kind == Kind::Server && matches!(failure.code, 2 | 27);
            if !own {
                locked(&self.group).get_or_insert_with(|| failure.clone());
            }
            self.fail(index, failure);
        } else if let Some(found) = &row.record {
            self.record(index, found);
        }
    }

    /// A record that answers a row.
    pub fn record(&self, index: usize, found: &Record) {
        self.served.store(true, Ordering::Relaxed);
        match locked(&self.sink).as_mut() {
            Some(Sink::Records(records, header)) => records.record(index, found, *header),
            Some(Sink::Columns(columns)) => columns.record(index, found),
            None => {}
        }
    }

    /// A failure that answers a row.
    pub fn fail(&self, index: usize, failure: Failure) {
        match locked(&self.sink).as_mut() {
            Some(Sink::Records(records, _)) => records.fail(index, &failure),
            Some(Sink::Columns(columns)) => columns.fail(index, failure),
            None => {}
        }
    }
}

/// Hands the rows over; those without an outcome get the failure that was behind it.
pub fn settle(job: &Job, rows: &Rows, failure: Option<Failure>) {
    let (channel, request) = (job.owed.channel(), job.owed.request());
    let group = locked(&rows.group).take();
    let behind = failure.or(group);
    let pending = || {
        behind
            .clone()
            .unwrap_or_else(|| Failure::client("the server gave no answer for this row"))
    };
    let sink = locked(&rows.sink).take();
    channel.reply(request, |out, channel| match sink {
        Some(Sink::Columns(columns)) => {
            let mut body = Vec::new();
            let memory = columns.finish(pending, &mut body)?;
            out.put_u32(channel.attach(Attachment::Columns(memory)));
            out.extend_from_slice(&body);
            Ok(())
        }
        Some(Sink::Records(mut records, _)) => {
            for row in 0..records.answered.len() {
                if !records.answered[row] {
                    records.fail(row, &pending());
                }
            }
            out.put_u32(records.answered.len() as u32);
            for offset in &records.offsets {
                out.put_u32(*offset);
            }
            for code in &records.codes {
                out.put_i32(*code);
            }
            out.extend_from_slice(&records.data);
            Ok(())
        }
        None => Err(Failure::client("the rows were gone at the end of the batch")),
    });
}
