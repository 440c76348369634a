//! The open streams of a client.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::common::errors::Failure;
use crate::requests::Request;
use crate::stream::buffer::Stream;

/// An open stream.
#[derive(Clone)]
pub struct Open {
    pub stream: Arc<Stream>,
    /// The request that opened the stream, if it writes.
    pub write: Option<Arc<Request>>,
}

/// The open streams of one client.
#[derive(Default)]
pub struct Streams {
    open: Mutex<HashMap<u32, Open>>,
    next: AtomicU32,
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Open>> {
        self.open.lock()
    }

    pub fn insert(&self, opened: &Open) -> u32 {
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

    pub fn get(&self, number: u32) -> Option<Arc<Stream>> {
        self.lock().get(&number).map(|open| Arc::clone(&open.stream))
    }

    /// Closes a stream. Does nothing if the stream has already ended.
    pub fn close(&self, number: u32) {
        let open = self.lock().remove(&number);
        if let Some(Open { stream, .. }) = open {
            stream.report_end(None);
            stream.close();
        }
    }

    /// Fails all streams, because their client closes.
    pub fn end_all(&self) {
        let streams: Vec<_> = self.lock().drain().map(|(_, open)| open).collect();
        for Open { stream, write } in streams {
            let in_doubt = write.is_some_and(|request| request.in_doubt());
            let failure = Failure::closed("the client was closed before the stream had ended").with_in_doubt(in_doubt);
            stream.report_end(Some(&failure));
            stream.fail_now(failure);
        }
    }

    /// Number of open streams.
    pub fn count(&self) -> u32 {
        u32::try_from(self.lock().len()).unwrap_or(u32::MAX)
    }
}
