//! `aerospike_napi::fuzzing::answer` describes the input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| aerospike_napi::fuzzing::answer(bytes));
