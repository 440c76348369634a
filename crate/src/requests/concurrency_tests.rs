//! Replies, wakeups, cancellation, transactions and admission under concurrent threads. The rounds are few under Miri, which
//! is slow, but checks each access for data races.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::admission::Admission;
use super::reply_channel::{Channel, Drained};
use super::request::{Body, Cancel, Cancellable, Request};
use super::transaction::Transaction;
use crate::common::errors::Failure;
use crate::wire::headers::{REPLY_HEADER, Status};
use crate::wire::{Reader, Writer};

const ROUNDS: usize = if cfg!(miri) { 2 } else { 100 };
const REQUESTS: u32 = if cfg!(miri) { 4 } else { 32 };

/// A test fails after this time without a wakeup.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a future on the calling thread, and panics if nothing wakes it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { unreachable!() };
    runtime
        .block_on(async { tokio::time::timeout(LIMIT, future).await })
        .unwrap_or_else(|_| unreachable!("no wakeup"))
}

/// Reads the frames of `drained`: slot, status and body of each.
fn frames(mut drained: &[u8]) -> Vec<(u32, u16, Vec<u8>)> {
    let mut frames = Vec::new();
    while !drained.is_empty() {
        let mut reader = Reader::new(drained);
        let read = |reader: &mut Reader<'_>| -> Result<_, Failure> {
            let (slot, status, _flags) = (reader.u32()?, reader.u16()?, reader.u16()?);
            Ok((slot, status, reader.blob()?.to_vec()))
        };
        let Ok(frame) = read(&mut reader) else { unreachable!() };
        frames.push(frame);
        drained = reader.rest();
    }
    frames
}

/// Every party that can answer a request does so at the same time, while the JavaScript thread sleeps until it is woken. A
/// reply may refer only to shapes that were announced before it.
#[test]
fn every_request_gets_one_reply_and_no_wakeup_is_lost() {
    for _ in 0..ROUNDS {
        let (wakes, woken) = mpsc::channel();
        let wake = move |_| assert!(wakes.send(()).is_ok());
        let channel = Channel::new(Box::new(wake), |_, _| ());
        let now = Instant::now();
        let requests: Vec<_> = (0..REQUESTS)
            .map(|slot| Request::new(slot, 1, true, 1, now, Body::default()))
            .collect();
        assert!(channel.accept(&requests));
        let mut answers = vec![0; REQUESTS as usize];
        thread::scope(|scope| {
            for name in ["a", "b"] {
                let (channel, requests) = (&channel, &requests);
                scope.spawn(move || {
                    for request in requests {
                        request.begin(now);
                        channel.reply(request, |out, channel| {
                            out.put_u32(channel.shape([name].into_iter()).unwrap_or(u32::MAX));
                            Ok(())
                        });
                    }
                });
            }
            scope.spawn(|| {
                for slot in (0..REQUESTS).rev() {
                    channel.abort(slot);
                }
            });
            scope.spawn(|| channel.sweep(now + Duration::from_secs(1)));
            let (mut left, mut shapes) = (REQUESTS, 0);
            while left > 0 {
                assert!(woken.recv_timeout(LIMIT).is_ok(), "a wakeup was lost");
                let mut target = vec![0; 8 * REPLY_HEADER + 512];
                loop {
                    let Drained { bytes, more } = channel.drain(&mut target, 3);
                    for (slot, status, body) in frames(&target[..bytes]) {
                        if status == Status::Shape as u16 {
                            shapes += 1;
                            continue;
                        }
                        if status == Status::Ok as u16 {
                            let shape = Reader::new(&body).u32().unwrap_or(u32::MAX);
                            assert!(shape < shapes, "the shape {shape} was not announced");
                        }
                        answers[slot as usize] += 1;
                        left -= 1;
                    }
                    if !more {
                        break;
                    }
                }
            }
        });
        assert!(answers.iter().all(|count| *count == 1), "{answers:?}");
        let mut target = vec![0; 4096];
        let left = channel.drain(&mut target, u32::MAX).bytes;
        assert!(
            frames(&target[..left])
                .iter()
                .all(|frame| frame.1 == Status::Shape as u16)
        );
    }
}

#[test]
fn an_abort_that_reports_nothing_sent_prevents_the_send() {
    for _ in 0..ROUNDS * 10 {
        let channel = Channel::new(Box::new(|_| ()), |_, _| ());
        let request = Request::new(0, 1, true, 0, Instant::now(), Body::default());
        assert!(channel.accept(&[Arc::clone(&request)]));
        request.begin(Instant::now());
        let (sent, in_doubt) = thread::scope(|scope| {
            let sender = scope.spawn(|| request.send());
            let in_doubt = channel.abort(0);
            (sender.join().unwrap_or(true), in_doubt)
        });
        assert!(in_doubt == Some(true) || !sent, "sent, but not in doubt");
        assert_eq!(request.in_doubt(), sent);
    }
}

#[test]
fn a_cancelled_request_ends_its_future() {
    for _ in 0..ROUNDS {
        let channel = Channel::new(Box::new(|_| ()), |_, _| ());
        let request = Request::new(0, 1, false, 0, Instant::now(), Body::default());
        assert!(channel.accept(&[Arc::clone(&request)]));
        let outcome = thread::scope(|scope| {
            scope.spawn(|| channel.end_client(1));
            block_on(Cancellable::new(pin!(std::future::pending::<()>()), &request))
        });
        assert_eq!(outcome, Err(Cancel::Close));
    }
}

#[test]
fn the_sweep_wakes_when_a_request_arrives() {
    for _ in 0..ROUNDS {
        let channel = Channel::new(Box::new(|_| ()), |_, _| ());
        let request = Request::new(0, 1, false, 1, Instant::now(), Body::default());
        thread::scope(|scope| {
            scope.spawn(|| assert!(channel.accept(&[Arc::clone(&request)])));
            assert!(block_on(channel.busy()));
        });
        thread::scope(|scope| {
            scope.spawn(|| channel.close());
            assert!(!block_on(channel.busy()));
        });
    }
}

#[test]
fn a_commit_waits_for_the_calls_that_entered_before_it() {
    for _ in 0..ROUNDS {
        let transaction = Arc::new(Transaction::new(0));
        let running = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    if let Ok(call) = transaction.enter() {
                        running.fetch_add(1, Ordering::SeqCst);
                        let copy = call.clone();
                        drop(call);
                        running.fetch_sub(1, Ordering::SeqCst);
                        drop(copy);
                    }
                });
            }
            transaction.set_ending(true);
            assert!(block_on(transaction.wait_for_calls(LIMIT)));
            assert_eq!(running.load(Ordering::SeqCst), 0, "a call runs during the commit");
        });
    }
}

/// Commands, batches and streams of three nodes share four permits.
#[test]
fn admission_lets_every_command_run_and_never_more_than_the_maximum() {
    const MAX: usize = 4;
    for _ in 0..ROUNDS {
        let admission = Admission::new(MAX, 1, 1);
        let running = AtomicUsize::new(0);
        let run = |weight: usize| {
            let before = running.fetch_add(weight, Ordering::SeqCst);
            assert!(before + weight <= MAX, "{before} + {weight} commands run");
            running.fetch_sub(weight, Ordering::SeqCst);
        };
        let commands = if cfg!(miri) { 2 } else { 20 };
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..commands {
                        let permit = match admission.try_acquire(1) {
                            Some(permit) => Some(permit),
                            None => block_on(admission.acquire(1)),
                        };
                        assert!(permit.is_some());
                        run(1);
                        drop(permit);
                        admission.grow();
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..commands {
                    let permit = block_on(admission.acquire_for_batch(3));
                    assert!(permit.is_some());
                    run(1);
                }
            });
            scope.spawn(|| {
                for _ in 0..commands {
                    let permit = block_on(admission.acquire_for_stream(3));
                    run(1);
                    drop(permit);
                }
            });
        });
        let all: Vec<_> = std::iter::from_fn(|| admission.try_acquire(1)).collect();
        assert_eq!(all.len(), MAX, "permits were lost");
    }
}
