//! The buffer of streams under concurrent producers, a consumer and a driver: see `requests/concurrency_tests.rs`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::buffer::tests::{SMALL, stream};
use super::buffer::{BufferLimits, ChunkRows, Pushed, Stop, Stream};
use crate::requests::concurrency_tests::block_on;

const ROUNDS: usize = if cfg!(miri) { 2 } else { 100 };
const ROWS: u8 = if cfg!(miri) { 4 } else { 50 };
const PRODUCERS: u8 = 2;

fn push(stream: &Arc<Stream>, row: [u8; 2]) -> Pushed {
    stream.push(|rows| {
        if let ChunkRows::Encoded(out) = rows {
            out.extend_from_slice(&row);
        }
        row.len()
    })
}

/// Pushes all rows of a producer. If the stream is parked, waits until the driver resumes it.
fn produce(stream: &Arc<Stream>, producer: u8) -> bool {
    block_on(async {
        for row in 0..ROWS {
            if push(stream, [producer, row]).room().await {
                continue;
            }
            while stream.stop() == Some(Stop::Parked) {
                thread::yield_now();
            }
            if stream.closed() {
                return false;
            }
        }
        true
    })
}

/// Pulls until the end, and returns the rows of each producer.
fn consume(stream: &Stream) -> Vec<Vec<u8>> {
    let mut rows = vec![Vec::new(); PRODUCERS.into()];
    loop {
        let Ok(pulled) = block_on(stream.pull()) else {
            unreachable!()
        };
        if let Some(chunk) = pulled.chunk
            && let ChunkRows::Encoded(bytes) = chunk.rows
        {
            assert_eq!(bytes.len(), 2 * chunk.count);
            for row in bytes.chunks(2) {
                rows[usize::from(row[0])].push(row[1]);
            }
        }
        if pulled.ended.is_some() {
            return rows;
        }
    }
}

#[test]
fn every_row_is_delivered_once_and_in_order_while_a_driver_parks_the_stream() {
    let all: Vec<u8> = (0..ROWS).collect();
    for linger in [SMALL.linger, None] {
        for _ in 0..ROUNDS {
            let stream = stream(BufferLimits { linger, ..SMALL });
            thread::scope(|scope| {
                let producers: Vec<_> = (0..PRODUCERS)
                    .map(|producer| {
                        let stream = &stream;
                        scope.spawn(move || produce(stream, producer))
                    })
                    .collect();
                let driver = scope.spawn(|| {
                    block_on(async {
                        while stream.until_parked(|| Duration::ZERO).await == Stop::Parked
                            && stream.until_wanted().await
                        {}
                    });
                });
                let consumer = scope.spawn(|| consume(&stream));
                assert!(
                    producers
                        .into_iter()
                        .all(|producer| matches!(producer.join(), Ok(true)))
                );
                stream.end(Ok(Vec::new()));
                let rows = consumer.join().unwrap_or_default();
                assert!(rows.iter().all(|rows| *rows == all), "{rows:?}");
                stream.close();
                assert!(driver.join().is_ok());
            });
        }
    }
}

#[test]
fn a_closed_stream_stops_its_producers_and_its_pull() {
    for _ in 0..ROUNDS {
        let stream = stream(SMALL);
        thread::scope(|scope| {
            for producer in 0..PRODUCERS {
                let stream = &stream;
                scope.spawn(move || {
                    block_on(async { while push(stream, [producer, 0]).room().await {} });
                });
            }
            let pull = scope.spawn(|| block_on(async { while stream.pull().await.is_ok() {} }));
            let closed = scope.spawn(|| block_on(stream.until_closed()));
            thread::yield_now();
            stream.close();
            assert!(pull.join().is_ok() && closed.join().is_ok());
        });
    }
}
