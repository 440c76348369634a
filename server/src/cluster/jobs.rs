//! The job list: running and recently finished queries.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use crate::common::result_code::ResultCode;

/// Default number of finished queries to list.
const MAX_DONE: u32 = 100;

/// The job type of queries that return records.
pub const BASIC: &str = "basic";

/// Size of the last message of a query, in bytes.
const LAST_BYTES: u64 = 30;

/// The outcome of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The query completed.
    Done,
    /// The query was aborted on request.
    Aborted,
    /// The client disconnected.
    Abandoned,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Done => "ok",
            Self::Aborted => "user-aborted",
            Self::Abandoned => "abandoned-response-error",
        }
    }
}

/// The static properties of a listed query.
#[derive(Debug, Clone)]
pub struct Description {
    /// The query id that the client chose; `None` to assign one.
    pub id: Option<u64>,
    /// Job type, as shown in the list.
    pub job_type: &'static str,
    pub namespace: String,
    /// Set name; empty if the query covers all sets.
    pub set: String,
    /// Name of the index that the query uses, if any.
    pub index: Option<String>,
    /// Number of whole partitions and number of resumed partitions.
    pub slots: (usize, usize),
    /// Limit of records per second; 0 means no limit.
    pub records_per_second: u32,
    /// Milliseconds without progress after which the query times out; 0 means never.
    pub socket_timeout: u32,
    /// Address of the client.
    pub client: SocketAddr,
    /// Module and function name of the UDF, if any.
    pub udf: Option<(String, String)>,
}

/// A listed query.
#[derive(Debug)]
pub struct Job {
    id: u64,
    description: Description,
    started_ms: u64,
    ended: OnceLock<(Outcome, u64)>,
    aborted: AtomicBool,
    /// Progress in hundredths of a percent.
    progress: AtomicU32,
    succeeded: AtomicU64,
    failed: AtomicU64,
    filtered: AtomicU64,
    sent_bytes: AtomicU64,
}

impl Job {
    /// The static properties.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Requests that the query aborts.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
    }

    /// Whether an abort was requested.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Acquire)
    }

    /// Whether the query has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.get().is_some()
    }

    /// Records the outcome. Only the first call has an effect.
    pub fn finish(&self, outcome: Outcome, now_ms: u64) {
        if outcome == Outcome::Done {
            self.progress.store(10_000, Ordering::Relaxed);
        }
        // Fails only if an outcome is already set, which is kept.
        let _ = self.ended.set((outcome, now_ms));
    }

    /// Records that the client disconnected, unless the query has ended.
    pub fn abandon(&self) {
        self.finish(Outcome::Abandoned, self.started_ms);
    }

    /// Counts the result for one record.
    pub fn note(&self, result: ResultCode) {
        let counter = if result == ResultCode::OK {
            &self.succeeded
        } else {
            &self.failed
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts successful records.
    pub fn note_succeeded(&self, count: u64) {
        self.succeeded.fetch_add(count, Ordering::Relaxed);
    }

    /// Counts records that did not match the filter.
    pub fn note_filtered(&self, count: u64) {
        self.filtered.fetch_add(count, Ordering::Relaxed);
    }

    /// Counts sent bytes.
    pub fn note_sent(&self, bytes: usize) {
        self.sent_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Records the progress, in percent.
    pub fn set_progress(&self, percent: f64) {
        self.progress.store((percent * 100.0) as u32, Ordering::Relaxed);
    }

    /// The job in the format of info replies.
    #[must_use]
    pub fn text(&self, now_ms: u64) -> String {
        let description = &self.description;
        let mut text = format!("trid={}:ns={}", self.id, description.namespace);
        if !description.set.is_empty() {
            text += &format!(":set={}", description.set);
        }
        if let Some(index) = &description.index {
            text += &format!(":sindex-name={index}");
        }
        let ended = self.ended.get();
        let (status, run_ms, since_ms) = match ended {
            Some((outcome, at)) => (
                format!("done({})", outcome.name()),
                at.saturating_sub(self.started_ms),
                now_ms.saturating_sub(*at),
            ),
            None => ("active(ok)".to_owned(), now_ms.saturating_sub(self.started_ms), 0),
        };
        let succeeded = self.succeeded.load(Ordering::Relaxed);
        let failed = self.failed.load(Ordering::Relaxed);
        let filtered = self.filtered.load(Ordering::Relaxed);
        let is_basic = description.job_type == BASIC;
        let throttled = match description.records_per_second {
            0 => 0,
            _ if is_basic => succeeded,
            _ => succeeded + failed + filtered,
        };
        if is_basic {
            let (whole, resumed) = description.slots;
            text += &format!(":n-pids-requested={whole}:n-keyds-requested={resumed}");
        }
        let progress = self.progress.load(Ordering::Relaxed);
        text += &format!(
            ":rps={}:active-threads={}:status={status}:job-progress={}.{:02}:run-time={run_ms}:time-since-done={since_ms}\
             :recs-throttled={throttled}:recs-filtered-meta=0:recs-filtered-bins={}:recs-succeeded={succeeded}\
             :recs-failed={failed}:from={}+{}:job-type={}:net-io-bytes={}{}:socket-timeout={}",
            description.records_per_second,
            u8::from(ended.is_none()),
            progress / 100,
            progress % 100,
            filtered,
            description.client.ip(),
            description.client.port(),
            description.job_type,
            self.sent_bytes.load(Ordering::Relaxed),
            if is_basic { ":net-io-time=0" } else { "" },
            description.socket_timeout,
        );
        if description.job_type == "background-ops" {
            text += ":ops-active=0";
        }
        if let Some((module, function)) = &description.udf {
            text += &format!(":udf-filename={module}:udf-function={function}:udf-active=0");
        }
        text
    }
}

/// The queries of a node.
#[derive(Debug)]
pub struct Jobs {
    /// Most recent first.
    all: Mutex<VecDeque<Arc<Job>>>,
    max_done: AtomicU32,
    /// The id for the next query without one.
    numbered: AtomicU64,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            all: Mutex::default(),
            max_done: AtomicU32::new(MAX_DONE),
            numbered: AtomicU64::new(1 << 63),
        }
    }
}

impl Jobs {
    /// Adds a query to the list. Returns `None` if a query with this id is already listed.
    pub fn begin(&self, description: Description, now_ms: u64) -> Option<Arc<Job>> {
        let mut all = self.all.lock();
        let id = description
            .id
            .unwrap_or_else(|| self.numbered.fetch_add(1, Ordering::Relaxed));
        if all.iter().any(|job| job.id == id) {
            return None;
        }
        let job = Arc::new(Job {
            id,
            description,
            started_ms: now_ms,
            ended: OnceLock::new(),
            aborted: AtomicBool::new(false),
            progress: AtomicU32::new(0),
            succeeded: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            filtered: AtomicU64::new(0),
            sent_bytes: AtomicU64::new(LAST_BYTES),
        });
        all.push_front(Arc::clone(&job));
        self.trim(&mut all);
        Some(job)
    }

    fn trim(&self, all: &mut VecDeque<Arc<Job>>) {
        let mut left = self.max_done.load(Ordering::Relaxed);
        all.retain(|job| {
            let stays = !job.has_ended() || left > 0;
            left = left.saturating_sub(u32::from(job.has_ended()));
            stays
        });
    }

    /// Number of finished queries to list.
    #[must_use]
    pub fn max_done(&self) -> u32 {
        self.max_done.load(Ordering::Relaxed)
    }

    /// Sets the number of finished queries to list.
    pub fn set_max_done(&self, count: u32) {
        self.max_done.store(count, Ordering::Relaxed);
        self.trim(&mut self.all.lock());
    }

    /// All listed queries.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Job>> {
        let mut all = self.all.lock();
        self.trim(&mut all);
        all.iter().cloned().collect()
    }

    /// The most recent query with this id.
    #[must_use]
    pub fn find(&self, id: u64) -> Option<Arc<Job>> {
        self.all().into_iter().find(|job| job.id == id)
    }

    /// Requests that all running queries abort. Returns the number of these queries.
    pub fn abort_all(&self) -> usize {
        let all = self.all();
        let active = all.iter().filter(|job| !job.has_ended());
        active.map(|job| job.abort()).count()
    }
}
