use aerospike_core::{IndexMap, Key, Value};

use super::*;
use crate::common::errors::code;

/// The reported outcomes: row, 0 for a record or else the failure's code, and whether it is in doubt.
#[derive(Default)]
struct Reported(Vec<(usize, i32, bool)>);

impl Sink for Reported {
    fn record(&mut self, row: usize, _: &Record) {
        self.0.push((row, 0, false));
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        self.0.push((row, failure.code, failure.in_doubt));
    }
}

fn record() -> Record {
    Record::new(None, IndexMap::new(), None, 1, 0)
}

fn lost() -> Failure {
    Failure::cluster(code::CONNECTION, "the node was lost").with_in_doubt(true)
}

fn reported(rows: &RowTracker<Reported>, ended: Option<Failure>) -> Vec<(usize, i32, bool)> {
    let mut reported = rows.conclude(ended).map(|reported| reported.0).unwrap_or_default();
    reported.sort_unstable();
    reported
}

#[test]
fn what_a_part_leaves_without_an_answer_gets_its_failure_and_no_other_part_does() {
    let rows = RowTracker::new(Reported::default(), 6, Writes::Always, true);
    rows.split(3, 2);
    rows.begin(0);
    rows.begin(1);
    rows.record(0, &record());
    rows.end(0, Some(lost()));
    for row in 3..6 {
        rows.record(row, &record());
    }
    rows.end(1, None);
    let all = reported(&rows, None);
    assert_eq!(all[0], (0, 0, false));
    assert_eq!(all[1..3], [(1, code::CONNECTION, true), (2, code::CONNECTION, true)]);
    assert!(all[3..].iter().all(|(_, code, _)| *code == 0));
}

#[test]
fn only_rows_that_write_and_were_sent_are_in_doubt() {
    let writes = Writes::Rows(vec![true, false, true, false]);
    let rows = RowTracker::new(Reported::default(), 4, writes, true);
    rows.split(2, 2);
    rows.begin(0);
    rows.served();
    let ended = Failure::timeout("too late").with_in_doubt(true);
    let all = reported(&rows, Some(ended));
    assert_eq!(all, [(0, 9, true), (1, 9, false), (2, 9, false), (3, 9, false)]);
}

#[test]
fn a_failure_of_the_whole_group_reaches_the_unreported_rows() {
    let rows = RowTracker::new(Reported::default(), 3, Writes::Never, true);
    rows.split(3, 1);
    rows.begin(0);
    let key = Key::new("test", "set", Value::from(1)).unwrap_or_else(|_| unreachable!());
    let pending = BatchRecord::new(key, false);
    rows.row(0, 1, &pending);
    rows.lock().parts[0].group = Some(Failure::new(Kind::Server, 4, "the filter makes no sense"));
    rows.served();
    rows.end(0, None);
    assert_eq!(reported(&rows, None), [(0, 4, false), (1, 4, false), (2, 4, false)]);
}

#[test]
fn a_row_is_reported_once_and_not_after_the_end() {
    let rows = RowTracker::new(Reported::default(), 1, Writes::Never, true);
    rows.split(1, 1);
    rows.record(0, &record());
    rows.fail(0, lost());
    rows.end(0, None);
    assert_eq!(reported(&rows, None), [(0, 0, false)]);
    rows.record(0, &record());
    assert!(rows.conclude(None).is_err());
}

#[test]
fn a_batch_that_no_server_answered_is_a_failure_of_the_call_and_so_is_an_abort() {
    let rows = RowTracker::new(Reported::default(), 2, Writes::Never, true);
    rows.split(2, 1);
    rows.end(0, Some(lost()));
    assert!(
        rows.conclude(None)
            .is_err_and(|failure| failure.code == code::CONNECTION)
    );

    let rows = RowTracker::new(Reported::default(), 2, Writes::Never, true);
    rows.record(0, &record());
    let abort = Failure::new(Kind::Abort, code::CLIENT, "aborted");
    assert!(
        rows.conclude(Some(abort))
            .is_err_and(|failure| failure.kind == Kind::Abort)
    );
}

#[test]
fn rows_that_are_read_again_wait_for_it() {
    let rows = RowTracker::new(Reported::default(), 2, Writes::Never, true);
    rows.split(2, 1);
    rows.begin(0);
    rows.lock().reread.push((1, lost()));
    rows.end(0, Some(lost()));
    let again = rows.take_reread();
    assert_eq!(again.len(), 1);
    rows.record(1, &record());
    assert_eq!(reported(&rows, None), [(0, code::CONNECTION, false), (1, 0, false)]);
}

#[test]
fn a_failure_of_the_call_is_in_doubt_only_where_a_row_that_writes_was_sent() {
    let conclude = |writes: Writes, begun: bool| {
        let rows = RowTracker::new(Reported::default(), 2, writes, true);
        rows.split(2, 1);
        if begun {
            rows.begin(0);
        }
        let panic = Failure::new(Kind::Panic, code::CLIENT, "the native code panicked").with_in_doubt(true);
        assert_eq!(rows.in_doubt(), begun && !matches!(rows.writes, Writes::Never));
        rows.conclude(Some(panic)).err().map(|failure| failure.in_doubt)
    };
    assert_eq!(conclude(Writes::Never, true), Some(false));
    assert_eq!(conclude(Writes::Always, false), Some(false));
    assert_eq!(conclude(Writes::Always, true), Some(true));
    assert_eq!(conclude(Writes::Rows(vec![false, true]), true), Some(true));
}

#[test]
fn a_failure_of_the_call_is_in_doubt_if_any_node_was_sent_its_rows() {
    let rows = RowTracker::new(Reported::default(), 2, Writes::Always, true);
    rows.split(2, 1);
    rows.begin(0);
    // No connection to the node of the first row; no answer from the node of the second one.
    let unsent = Failure::timeout("no connection could be opened");
    rows.fail(0, unsent.clone());
    rows.fail(1, Failure::timeout("no answer").with_in_doubt(true));
    rows.end(0, Some(unsent));
    assert_eq!(rows.conclude(None).err().map(|failure| failure.in_doubt), Some(true));
}

#[test]
fn an_unreported_row_that_writes_is_in_doubt() {
    let rows = RowTracker::new(Reported::default(), 2, Writes::Rows(vec![true, false]), true);
    rows.split(2, 1);
    rows.begin(0);
    rows.end(0, None);
    assert_eq!(
        reported(&rows, None),
        [(0, code::CLIENT, true), (1, code::CLIENT, false)]
    );
}
