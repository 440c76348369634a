use std::pin::pin;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use super::*;
use crate::requests::concurrency_tests::block_on;
use crate::requests::request::{Body, Cancellable};
use crate::wire::headers::REPLY_HEADER;

fn counted() -> (Arc<Channel>, Arc<AtomicUsize>) {
    let wakes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&wakes);
    let channel = Channel::new(
        Box::new(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        }),
        |_, _| (),
    );
    (channel, wakes)
}

fn accepted(channel: &Channel, slot: u32, timeout_ms: u32) -> Arc<Request> {
    let request = Request::new(slot, 1, true, timeout_ms, Instant::now(), Body::default());
    assert!(channel.accept(&[Arc::clone(&request)]));
    request
}

fn drained(channel: &Channel) -> Vec<u8> {
    let mut target = vec![0; 1 << 16];
    let drained = channel.drain(&mut target, 64);
    target.truncate(drained.bytes);
    target
}

#[test]
fn many_replies_need_one_wake_until_the_queue_is_empty() {
    let (channel, wakes) = counted();
    for slot in 0..10 {
        let request = accepted(&channel, slot, 0);
        channel.reply(&request, |_, _| Ok(()));
    }
    assert_eq!(wakes.load(Ordering::Relaxed), 1);
    let mut target = vec![0; 1 << 16];
    assert_eq!(
        channel.drain(&mut target, 4),
        Drained {
            bytes: 4 * REPLY_HEADER,
            more: true
        }
    );
    assert_eq!(
        channel.drain(&mut target, 64),
        Drained {
            bytes: 6 * REPLY_HEADER,
            more: false
        }
    );
    let request = accepted(&channel, 0, 0);
    channel.reply(&request, |_, _| Ok(()));
    assert_eq!(wakes.load(Ordering::Relaxed), 2);
}

#[test]
fn a_request_is_answered_once_and_a_reused_slot_is_not_hit_by_the_old_one() {
    let (channel, _) = counted();
    let old = accepted(&channel, 3, 0);
    channel.reply(&old, |_, _| Ok(()));
    channel.fail(&old, Failure::client("again"));
    let new = accepted(&channel, 3, 0);
    drop(ReplyGuard::new(Arc::clone(&channel), old));
    assert_eq!(drained(&channel).len(), REPLY_HEADER);
    drop(ReplyGuard::new(Arc::clone(&channel), new));
    assert_eq!(drained(&channel)[4], Status::Failed as u8);
}

#[test]
fn the_sweep_answers_queued_requests_and_cancels_running_ones() {
    let (channel, _) = counted();
    let waiting = accepted(&channel, 0, 1);
    let running = accepted(&channel, 1, 1);
    running.begin(Instant::now());
    assert!(running.send());
    let next = channel.sweep(Instant::now() + Duration::from_secs(1));
    assert_eq!((next.idle, next.due), (false, None));
    let frames = drained(&channel);
    assert_eq!(frames[0], 0);
    assert_eq!(frames[4], Status::Failed as u8);
    assert_eq!(running.cancelled(), Some(Cancel::Timeout));
    assert!(running.in_doubt() && !waiting.in_doubt());
}

#[test]
fn an_outcome_that_is_ready_at_the_timeout_is_kept() {
    let (channel, _) = counted();
    let request = accepted(&channel, 0, 1);
    request.begin(Instant::now());
    let cancelled = || {
        request.cancel(Cancel::Timeout);
        block_on(Cancellable::sending(pin!(std::future::ready(7)), &request))
    };
    // Nothing was sent before the timeout, so nothing is sent after it.
    assert_eq!(cancelled(), Err(Cancel::Timeout));
    assert!(!request.in_doubt());
    let sent = accepted(&channel, 1, 1);
    assert!(sent.send());
    sent.cancel(Cancel::Timeout);
    assert_eq!(block_on(Cancellable::new(pin!(std::future::ready(7)), &sent)), Ok(7));
    let waits = pin!(std::future::pending::<()>());
    assert_eq!(block_on(Cancellable::new(waits, &sent)), Err(Cancel::Timeout));
}

#[test]
fn an_abort_reports_whether_a_write_was_sent_or_answered() {
    let (channel, _) = counted();
    let _queued = accepted(&channel, 0, 0);
    let (begun, sent) = (accepted(&channel, 1, 0), accepted(&channel, 2, 0));
    begun.begin(Instant::now());
    sent.begin(Instant::now());
    assert!(sent.send());
    assert_eq!(channel.abort(0), Some(false));
    assert_eq!(channel.abort(1), Some(false));
    assert_eq!(channel.abort(2), Some(true));
    assert_eq!(channel.abort(99), None);
    // The abort reported that nothing was sent, so nothing may be sent now.
    assert!(!begun.send());
    assert!(!begun.in_doubt());
    let answered = accepted(&channel, 3, 0);
    answered.begin(Instant::now());
    channel.reply(&answered, |_, _| Ok(()));
    assert_eq!(channel.abort(3), None);
}

#[test]
fn a_closed_channel_sends_no_replies_and_no_wake_ups() {
    let (channel, wakes) = counted();
    let request = accepted(&channel, 0, 0);
    channel.close();
    channel.reply(&request, |_, _| Ok(()));
    assert_eq!(wakes.load(Ordering::Relaxed), 0);
    assert_eq!(request.cancelled(), Some(Cancel::Close));
    assert!(!channel.accept(&[Request::new(1, 1, false, 0, Instant::now(), Body::default())]));
}

#[test]
fn a_large_body_of_any_kind_becomes_an_attachment() {
    let (channel, _) = counted();
    let request = accepted(&channel, 0, 0);
    channel.reply(&request, |out, _| {
        out.resize(ATTACH_BYTES + 1, 7);
        Ok(())
    });
    let names: Vec<_> = (0..1000).map(|number| format!("{number:0>200}")).collect();
    assert_eq!(channel.shape(names.iter().map(String::as_str)), Some(0));
    let frames = drained(&channel);
    assert_eq!(frames.len(), 2 * (REPLY_HEADER + 4));
    let (reply, shape) = frames.split_at(REPLY_HEADER + 4);
    assert_eq!((reply[4], reply[6]), (Status::Ok as u8, FLAG_ATTACHED as u8));
    assert_eq!((shape[4], shape[6]), (Status::Shape as u8, FLAG_ATTACHED as u8));
    assert!(matches!(channel.take(0), Some(Attachment::Bytes(bytes)) if bytes.len() == ATTACH_BYTES + 1));
    assert!(matches!(channel.take(1), Some(Attachment::Bytes(bytes)) if bytes.len() > 200_000));
    assert!(channel.take(0).is_none());
}

#[test]
#[cfg_attr(miri, ignore = "large, takes minutes")]
fn every_frame_fits_the_buffer_that_frames_are_drained_into() {
    let (channel, _) = counted();
    let mut failure = Failure::client("x".repeat(2 << 20));
    for _ in 0..100 {
        let mut outer = Failure::client("y".repeat(2 << 20));
        outer.cause = Some(Box::new(failure));
        failure = outer;
    }
    let request = accepted(&channel, 0, 0);
    channel.fail(&request, failure);
    channel.notice(&"z".repeat(2 << 20));
    let names: Vec<_> = (0..1024).map(|number| format!("{number:0>255}")).collect();
    assert!(channel.shape(names.iter().map(String::as_str)).is_some());
    let mut target = vec![0; ATTACH_BYTES + REPLY_HEADER];
    let mut drained = 0;
    loop {
        let Drained { bytes, more } = channel.drain(&mut target, 1);
        assert!(bytes > 0, "a frame does not fit");
        drained += 1;
        if !more {
            break;
        }
    }
    assert_eq!(drained, 3);
}

#[test]
fn a_drain_into_a_small_buffer_reports_waiting_frames() {
    let (channel, _) = counted();
    let request = accepted(&channel, 0, 0);
    channel.reply(&request, |out, _| {
        out.resize(100, 7);
        Ok(())
    });
    let mut small = [0; 50];
    assert_eq!(channel.drain(&mut small, 64), Drained { bytes: 0, more: true });
    assert_eq!(drained(&channel).len(), REPLY_HEADER + 100);
}

#[test]
fn a_reply_that_fails_half_way_keeps_no_large_memory() {
    let (channel, _) = counted();
    let request = accepted(&channel, 0, 0);
    channel.reply(&request, |out, _| {
        out.resize(KEPT_BYTES + 1, 7);
        Err(Failure::client("half-way"))
    });
    assert!(SCRATCH.with_borrow(|scratch| scratch.capacity() <= KEPT_BYTES));
}
