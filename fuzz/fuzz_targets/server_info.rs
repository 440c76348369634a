//! `aerospike_local::fuzzing::info` describes the input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| aerospike_local::fuzzing::info(bytes));
