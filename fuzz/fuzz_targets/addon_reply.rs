//! `aerospike_napi::fuzzing::reply` describes the input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| aerospike_napi::fuzzing::reply(bytes));
