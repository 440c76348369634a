//! The open streams of a client, and the replies to JavaScript's pulls.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::boundary::completion::{Attachment, Cancellable, Channel, Request};
use crate::boundary::wire::Writer;
use crate::errors::Failure;
use crate::requests::EndReport;
use crate::requests::Job;
use crate::streams::{Chunk, Rows, Stream};

/// An open stream.
#[derive(Clone)]
struct Open {
    stream: Arc<Stream>,
    /// The request that opened the stream, if it writes.
    write: Option<Arc<Request>>,
}

/// The open streams of one client.
#[derive(Default)]
pub struct Streams {
    open: Mutex<HashMap<u32, Open>>,
    next: AtomicU32,
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, opened: &Open) -> u32 {
        let mut open = self.lock();
        loop {
            // 0 means that there is nothing to close.
            let number = self.next.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            if number != 0 && !open.contains_key(&number) {
                open.insert(number, opened.clone());
                return number;
            }
        }
    }

    fn get(&self, number: u32) -> Option<Arc<Stream>> {
        self.lock().get(&number).map(|open| Arc::clone(&open.stream))
    }

    /// Closes a stream. Does nothing if the stream has already ended.
    pub fn close(&self, number: u32) {
        let open = self.lock().remove(&number);
        if let Some(Open { stream, .. }) = open {
            stream.tell_end(None);
            stream.close();
        }
    }

    /// Fails all streams, because their client closes.
    pub fn end_all(&self) {
        let streams: Vec<_> = self.lock().drain().map(|(_, open)| open).collect();
        for Open { stream, write } in streams {
            let in_doubt = write.is_some_and(|request| request.in_doubt());
            let failure = Failure::client("the client was closed before the stream had ended").doubt(in_doubt);
            stream.tell_end(Some(&failure));
            stream.fail_now(failure);
        }
    }

    /// Number of open streams.
    pub fn count(&self) -> u32 {
        u32::try_from(self.lock().len()).unwrap_or(u32::MAX)
    }
}

/// Closes a stream when it is dropped, unless JavaScript has received the stream's number for further pulls.
struct Pull<'s> {
    streams: &'s Streams,
    number: u32,
}

impl Drop for Pull<'_> {
    fn drop(&mut self) {
        if self.number != 0 {
            self.streams.close(self.number);
        }
    }
}

/// Answers `job`, which has opened `stream`, with the stream's number and its first chunk.
///
/// # Errors
/// The stream failed.
pub async fn open(streams: &Streams, job: &Job, stream: &Arc<Stream>) -> Result<(), Failure> {
    if job.owed.request().take_end_report() {
        stream.observe(EndReport::of(job.owed.request()));
    }
    let request = job.owed.request();
    let number = streams.enter(&Open {
        stream: Arc::clone(stream),
        write: request.writes().then(|| Arc::clone(request)),
    });
    answer(streams, job, stream, number, false).await
}

/// Answers `job`, a pull, with the next chunk.
///
/// # Errors
/// The stream is closed or failed.
pub async fn next(streams: &Streams, job: &Job) -> Result<(), Failure> {
    let number = job.reader().u32()?;
    let Some(stream) = streams.get(number) else {
        return Err(Failure::client("the stream is closed"));
    };
    answer(streams, job, &stream, number, true).await
}

async fn answer(streams: &Streams, job: &Job, stream: &Arc<Stream>, number: u32, opened: bool) -> Result<(), Failure> {
    let (channel, request) = (job.owed.channel(), job.owed.request());
    let mut held = Pull { streams, number };
    // The command that opened the stream marks itself as sent; a later pull stands for what was sent then, so mark it
    // here.
    if opened {
        let _ = request.send();
    }
    let pulled = match Cancellable::asking(pin!(stream.pull()), request).await {
        Ok(pulled) => pulled,
        Err(why) => Err(request.cancel_failure(why)),
    }
    .inspect_err(|failure| stream.tell_end(Some(failure)))?;
    let open = pulled.ended.is_none();
    stream.gave(pulled.chunk.as_ref().map_or(0, |chunk| chunk.count));
    if !open {
        stream.tell_end(None);
    }
    let mut written = false;
    let answered = channel.answer(request, |out, channel| {
        out.put_u32(if open { number } else { 0 });
        write_chunk(out, channel, pulled.chunk)?;
        if let Some(said) = &pulled.ended {
            out.put_blob(said);
        }
        written = true;
        Ok(())
    });
    // A failed reply does not contain the number, so the stream stays to be closed here.
    if open && answered && written {
        held.number = 0;
    }
    Ok(())
}

fn write_chunk(out: &mut Vec<u8>, channel: &Channel, chunk: Option<Chunk>) -> Result<(), Failure> {
    let Some(chunk) = chunk else {
        out.put_u32(0);
        return Ok(());
    };
    out.put_u32(chunk.count as u32);
    match chunk.rows {
        Rows::Encoded(bytes) => out.put_blob(&bytes),
        Rows::Columns(columns) => {
            let mut body = Vec::new();
            let memory = columns.finish(|| Failure::client("a row was left out"), &mut body)?;
            out.put_u32(channel.attach(Attachment::Columns(memory)));
            out.extend_from_slice(&body);
        }
    }
    Ok(())
}
