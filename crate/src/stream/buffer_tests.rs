use super::*;

/// Limits that a few rows reach.
pub const SMALL: BufferLimits = BufferLimits {
    chunk_rows: 2,
    chunk_bytes: 100,
    ahead_rows: 4,
    ahead_bytes: 200,
    linger: Some(Duration::from_millis(1)),
};

pub fn stream(bounds: BufferLimits) -> Arc<Stream> {
    let channel = Channel::new(Box::new(|_| ()), |_, _| ());
    Stream::new(channel, bounds, Box::new(|| Ok(ChunkRows::Encoded(Vec::new()))))
}

fn row(stream: &Arc<Stream>, bytes: &[u8]) -> Pushed {
    stream.push(|rows| {
        if let ChunkRows::Encoded(out) = rows {
            out.extend_from_slice(bytes);
        }
        bytes.len()
    })
}

async fn pulled(stream: &Stream) -> (Vec<u8>, bool) {
    match stream.pull().await {
        Ok(pulled) => {
            let bytes = match pulled.chunk.map(|chunk| chunk.rows) {
                Some(ChunkRows::Encoded(bytes)) => bytes,
                _ => Vec::new(),
            };
            (bytes, pulled.ended.is_some())
        }
        Err(failure) => (failure.message.into_bytes(), true),
    }
}

/// Polls a future briefly: `None` if it does not complete at once.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(Duration::from_millis(20), future).await.ok()
}

#[tokio::test]
async fn rows_come_in_order_in_chunks_and_the_end_with_the_last() {
    let stream = stream(SMALL);
    for byte in 1..=3 {
        assert!(row(&stream, &[byte]).room().await);
    }
    stream.end(Ok(vec![9]));
    assert_eq!(pulled(&stream).await, (vec![1, 2], false));
    assert_eq!(pulled(&stream).await, (vec![3], true));
}

#[tokio::test]
async fn a_pull_takes_what_is_there_after_a_moment() {
    let stream = stream(SMALL);
    assert!(row(&stream, &[1]).room().await);
    assert_eq!(at_once(pulled(&stream)).await, Some((vec![1], false)));
    assert_eq!(at_once(pulled(&stream)).await, None);
    let whole = BufferLimits { linger: None, ..SMALL };
    let columns = self::stream(whole);
    assert!(row(&columns, &[1]).room().await);
    assert_eq!(at_once(pulled(&columns)).await, None);
    assert!(row(&columns, &[2]).room().await);
    assert_eq!(at_once(pulled(&columns)).await, Some((vec![1, 2], false)));
}

#[tokio::test]
async fn producers_wait_for_room_by_rows_and_by_bytes() {
    for bytes in [&[0; 1][..], &[0; 60][..]] {
        let stream = stream(SMALL);
        let mut pushed = 0;
        while pushed < 10 && at_once(row(&stream, bytes).room()).await == Some(true) {
            pushed += 1;
        }
        assert_eq!(pushed, 3);
        assert!(stream.full());
        let _ = pulled(&stream).await;
        assert!(!stream.full());
    }
}

#[tokio::test]
async fn a_waiting_producer_goes_on_when_there_is_room_and_stops_when_the_stream_is_closed() {
    let stream = stream(SMALL);
    for _ in 0..3 {
        assert!(row(&stream, &[1]).room().await);
    }
    let waiting = tokio::spawn(row(&stream, &[1]).room());
    let _ = pulled(&stream).await;
    assert!(matches!(waiting.await, Ok(true)));
    assert!(row(&stream, &[1]).room().await);
    let waiting = tokio::spawn(row(&stream, &[1]).room());
    tokio::task::yield_now().await;
    stream.close();
    assert!(matches!(waiting.await, Ok(false)));
    assert!(!row(&stream, &[1]).room().await);
}

#[tokio::test]
async fn a_failure_comes_after_the_rows_before_it_unless_it_is_final() {
    let stream = stream(SMALL);
    assert!(row(&stream, &[1]).room().await);
    stream.end(Err(Failure::client("lost")));
    assert_eq!(pulled(&stream).await, (vec![1], false));
    assert_eq!(pulled(&stream).await, (b"lost".to_vec(), true));

    let late = self::stream(SMALL);
    assert!(row(&late, &[1]).room().await);
    late.fail_now(Failure::timeout("late"));
    assert_eq!(pulled(&late).await, (b"late".to_vec(), true));
}

#[tokio::test]
async fn a_consumer_that_rests_parks_its_producers_and_loses_no_row() {
    let stream = stream(SMALL);
    let rest = || Duration::from_millis(5);
    assert_eq!(at_once(stream.until_parked(rest)).await, None);
    for _ in 0..4 {
        drop(row(&stream, &[1]));
    }
    assert_eq!(stream.until_parked(rest).await, Stop::Parked);
    // A row of a parked stream is kept, but its producer must stop.
    assert!(!row(&stream, &[2]).room().await);
    assert_eq!(at_once(stream.until_wanted()).await, None);
    assert_eq!(pulled(&stream).await, (vec![1, 1], false));
    assert_eq!(pulled(&stream).await, (vec![1, 1], false));
    assert!(stream.until_wanted().await);
    assert_eq!(pulled(&stream).await, (vec![2], false));
    stream.close();
    assert!(!stream.until_wanted().await);
}

/// Several nodes push beyond the limit. One pull must not resume a parked stream, so the driver keeps waiting, while it
/// also waits for the stream's end.
#[tokio::test]
async fn a_parked_stream_goes_on_whatever_else_its_driver_waits_for() {
    for closed_first in [false, true] {
        for past in 0..3 {
            let stream = stream(BufferLimits { linger: None, ..SMALL });
            for _ in 0..SMALL.ahead_rows + past {
                drop(row(&stream, &[1]));
            }
            assert_eq!(stream.until_parked(|| Duration::ZERO).await, Stop::Parked);
            let driven = Arc::clone(&stream);
            let driver = tokio::spawn(async move {
                if closed_first {
                    tokio::select! { biased; () = driven.until_closed() => false, wanted = driven.until_wanted() => wanted }
                } else {
                    tokio::select! { biased; wanted = driven.until_wanted() => wanted, () = driven.until_closed() => false }
                }
            });
            tokio::task::yield_now().await;
            // These chunks are complete; the next pull would wait for rows of the driver's next round.
            for _ in 0..(SMALL.ahead_rows + past) / SMALL.chunk_rows {
                assert_eq!(at_once(pulled(&stream)).await, Some((vec![1, 1], false)));
                tokio::task::yield_now().await;
            }
            assert!(
                matches!(at_once(driver).await, Some(Ok(true))),
                "{past} past the bound, closed first: {closed_first}"
            );
        }
    }
}

#[tokio::test]
async fn the_end_reaches_a_driver_that_waits_for_a_consumer() {
    let stream = stream(SMALL);
    for _ in 0..SMALL.ahead_rows {
        drop(row(&stream, &[1]));
    }
    assert_eq!(stream.until_parked(|| Duration::ZERO).await, Stop::Parked);
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let (wanted, closed) = (Arc::clone(&stream), Arc::clone(&stream));
            let wanted = tokio::spawn(async move { !wanted.until_wanted().await });
            let closed = tokio::spawn(async move {
                closed.until_closed().await;
                true
            });
            [wanted, closed]
        })
        .collect();
    tokio::task::yield_now().await;
    stream.close();
    for waiting in waiting.into_iter().flatten() {
        assert!(matches!(at_once(waiting).await, Some(Ok(true))));
    }
}

#[tokio::test]
async fn a_closed_stream_lets_its_pull_go() {
    let stream = stream(SMALL);
    let waiting = Arc::clone(&stream);
    let pull = tokio::spawn(async move { pulled(&waiting).await });
    tokio::task::yield_now().await;
    stream.close();
    assert!(matches!(pull.await, Ok((message, true)) if message == b"the stream is closed"));
}
