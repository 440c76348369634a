//! Batches whose rows are delivered as they arrive, through a stream that JavaScript pulls.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aerospike_core::{BatchOperation, Record};
use futures_util::FutureExt;

use crate::client::Client;
use crate::commands::batch::record_sink::{write_answer, write_failure};
use crate::commands::batch::row_form::RowForms;
use crate::commands::batch::run::send;
use crate::commands::batch::tracker::{Room, RowTracker, Sink};
use crate::commands::batch::{reread, row_spec};
use crate::common::errors::Failure;
use crate::common::guard::guard_async;
use crate::common::in_doubt::rolls_back_failed_functions;
use crate::policy;
use crate::policy::batch::BatchPolicies;
use crate::requests::transaction::InTransaction;
use crate::requests::{Call, Request};
use crate::stream::buffer::{ChunkRows, Pushed, Stream};
use crate::stream::pull;
use crate::wire::{Writer, put_sized};

/// Pushes each row into the stream as it arrives: its index, its result code and its bytes.
struct StreamSink {
    stream: Arc<Stream>,
    answers: RowForms,
    room: Option<Room>,
}

impl StreamSink {
    fn push(&mut self, row: usize, code: i32, write: impl FnOnce(&mut Vec<u8>, &Self)) {
        let pushed: Pushed = self.stream.push(|rows| {
            let ChunkRows::Encoded(out) = rows else { return 0 };
            put_sized(out, |out| {
                out.put_u32(row as u32);
                out.put_i32(code);
                write(out, self);
            })
        });
        self.room = Some(pushed.room().boxed());
    }
}

impl Sink for StreamSink {
    const PACED: bool = true;

    fn record(&mut self, row: usize, found: &Record) {
        self.push(row, 0, |out, feed| {
            write_answer(out, feed.stream.channel(), feed.answers.form(row), found);
        });
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        self.push(row, failure.code, |out, _| write_failure(out, &failure));
    }

    fn room(&mut self) -> Option<Room> {
        self.room.take()
    }
}

/// Opens a batch and answers with its first rows.
pub async fn open(client: &Arc<Client>, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let (subject, mut reader) = call.open()?;
    let policies = policy::batch::read(&client.defaults, &mut reader, request)?;
    let rows = row_spec::read(subject, &mut reader, &policies)?;
    let policies = policies.into_owned();
    let stream = Stream::encoded(Arc::clone(call.channel()));
    let feed = StreamSink {
        stream: Arc::clone(&stream),
        answers: rows.answers,
        room: None,
    };
    let count = rows.operations.len();
    let driver = Driver {
        client: Arc::clone(client),
        request: Arc::clone(request),
        _transaction: call.transaction.clone(),
        stream: Arc::clone(&stream),
        rows: Arc::new(RowTracker::new(
            feed,
            count,
            rows.writes,
            rolls_back_failed_functions(&client.core),
        )),
    };
    tokio::spawn(driver.drive(policies, rows.operations));
    pull::open(&client.streams, call, &stream).await
}

struct Driver {
    client: Arc<Client>,
    request: Arc<Request>,
    /// Counts the stream among the calls of its transaction.
    _transaction: Option<InTransaction>,
    stream: Arc<Stream>,
    rows: Arc<RowTracker<StreamSink>>,
}

impl Driver {
    /// Runs the batch and ends the stream.
    async fn drive(self, policies: BatchPolicies<'static>, operations: Vec<BatchOperation>) {
        let work = pin!(self.run(policies, operations));
        let outcome = guard_async(work)
            .await
            .map_err(|panic| panic.with_in_doubt(self.rows.in_doubt()))
            .and_then(|outcome| outcome);
        if let Some(transaction) = self.request.transaction() {
            // A stream that is closed early reports no outcome of its rows.
            let in_doubt = match outcome {
                Ok(()) => self.rows.ended_in_doubt(),
                Err(_) => self.rows.ended_in_doubt() || self.rows.in_doubt(),
            };
            if in_doubt {
                transaction.doubt_batch();
            }
        }
        self.stream.end(outcome.map(|()| Vec::new()));
    }

    async fn run(&self, policies: BatchPolicies<'static>, mut operations: Vec<BatchOperation>) -> Result<(), Failure> {
        let Driver { client, request, .. } = self;
        if operations.is_empty() {
            return Ok(());
        }
        let left = request.remaining_ms();
        let nodes = client.core.nodes().len().max(1);
        let work = async {
            let _permit = client.admission.acquire_for_stream(nodes).await;
            send(client, request, &policies, &mut operations, &self.rows).await;
            reread::reread(client, request, &policies.policy, &operations, &self.rows).await;
        };
        let bound = async {
            match left {
                0 => std::future::pending().await,
                ms => tokio::time::sleep(Duration::from_millis(u64::from(ms))).await,
            }
        };
        let ended = tokio::select! {
            () = work => None,
            () = self.stream.until_closed() => return Err(Failure::client("the stream is closed")),
            () = bound => Some(Failure::timeout(format!("no answer within the total timeout ({left} ms)")).with_in_doubt(true)),
        };
        self.rows.conclude(ended).map(|_| ())
    }
}
