//! Answers the pulls of JavaScript.

use std::pin::pin;
use std::sync::Arc;

use crate::common::errors::Failure;
use crate::requests::{Attachment, Call, Cancellable, Channel, EndReport};
use crate::stream::buffer::{Chunk, ChunkRows, Stream};
use crate::stream::registry::{Open, Streams};
use crate::wire::Writer;

/// Closes a stream when it is dropped, unless JavaScript has received the stream's number for further pulls.
struct CloseOnDrop<'s> {
    streams: &'s Streams,
    number: u32,
}

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        if self.number != 0 {
            self.streams.close(self.number);
        }
    }
}

/// Answers `call`, which has opened `stream`, with the stream's number and its first chunk.
///
/// # Errors
/// The stream failed.
pub async fn open(streams: &Streams, call: &Call, stream: &Arc<Stream>) -> Result<(), Failure> {
    if call.request().take_end_report() {
        stream.take_over_report(EndReport::new(call.request()));
    }
    let request = call.request();
    let number = streams.insert(&Open {
        stream: Arc::clone(stream),
        write: request.writes().then(|| Arc::clone(request)),
    });
    answer(streams, call, stream, number, false).await
}

/// Answers `call`, a pull, with the next chunk.
///
/// # Errors
/// The stream is closed or failed.
pub async fn next(streams: &Streams, call: &Call) -> Result<(), Failure> {
    let number = call.reader().u32()?;
    let Some(stream) = streams.get(number) else {
        return Err(Failure::client("the stream is closed"));
    };
    answer(streams, call, &stream, number, true).await
}

async fn answer(
    streams: &Streams,
    call: &Call,
    stream: &Arc<Stream>,
    number: u32,
    opened: bool,
) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let mut held = CloseOnDrop { streams, number };
    // The command that opened the stream marks itself as sent; a later pull stands for what was sent then, so mark it
    // here.
    if opened {
        let _ = request.send();
    }
    let pulled = match Cancellable::new(pin!(stream.pull()), request).await {
        Ok(pulled) => pulled,
        Err(why) => Err(request.cancel_failure(why)),
    }
    .inspect_err(|failure| stream.report_end(Some(failure)))?;
    let open = pulled.ended.is_none();
    stream.count_delivered(pulled.chunk.as_ref().map_or(0, |chunk| chunk.count));
    if !open {
        stream.report_end(None);
    }
    let mut written = false;
    let answered = channel.answer(request, |out, channel| {
        out.put_u32(if open { number } else { 0 });
        write_chunk(out, channel, pulled.chunk)?;
        if let Some(trailer) = &pulled.ended {
            out.put_blob(trailer);
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
        ChunkRows::Encoded(bytes) => out.put_blob(&bytes),
        ChunkRows::Columns(columns) => {
            let mut body = Vec::new();
            let memory = columns.finish(|| Failure::client("a row was left out"), &mut body)?;
            out.put_u32(channel.attach(Attachment::Columns(memory)));
            out.extend_from_slice(&body);
        }
    }
    Ok(())
}
