//! `audited_host` of `rolecall_fuzz::TARGETS`, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rolecall_fuzz::audited_host(bytes));
