//! The gate of a node under concurrent threads: see `requests/concurrency_tests.rs`.

use std::thread;

use super::gate::Gate;
use crate::requests::concurrency_tests::block_on;

const ROUNDS: usize = if cfg!(miri) { 4 } else { 1000 };

#[test]
fn a_place_that_is_freed_while_a_command_queues_is_taken() {
    for _ in 0..ROUNDS {
        let gate = Gate::default();
        assert!(gate.try_acquire(1));
        thread::scope(|scope| {
            scope.spawn(|| gate.release());
            let waiting = gate.queue();
            block_on(async { while !waiting.turn(|| 1).await {} });
        });
        assert_eq!((gate.running(), gate.waiting()), (1, 0));
    }
}
