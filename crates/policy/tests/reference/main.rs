//! Two evaluators: a slow and literal one over the JSON itself, and `decide`. They have to agree on
//! whatever policies and requests come up.
//!
//! And of each request a part is forgotten, after which `decide_partly` has to be right about
//! whatever it may have been.
//!
//! `ROLECALL_POLICY_CASES` sets how many are tried; each has its own seed, which a failure names.
//! The package `fuzz` runs the same on what a coverage-guided fuzzer comes up with.
#![cfg(test)]

mod compiled;
mod conditions;
mod dense;
mod generate;
mod literal;
mod symbolic;

use compiled::Compiled;
use generate::{Case, REQUESTS};

/// Requests, as many as a normal run has time for.
const CASES: u64 = 200_000;
/// Tests that share the work, as each is a thread.
const SHARES: u64 = 4;

#[test]
fn both_evaluators_agree() {
    agree(0);
}

#[test]
fn both_evaluators_agree_on_the_second_share() {
    agree(1);
}

#[test]
fn both_evaluators_agree_on_the_third_share() {
    agree(2);
}

#[test]
fn both_evaluators_agree_on_the_fourth_share() {
    agree(3);
}

#[test]
fn both_evaluators_agree_on_cases_that_bytes_choose() {
    for seed in 0..100_u64 {
        let bytes: Vec<u8> = (0..seed * 4)
            .map(|place| (seed + 1).wrapping_mul(place + 1).wrapping_mul(0x9e37_79b9) >> 24)
            .map(|byte| u8::try_from(byte & 0xff).expect("a byte"))
            .collect();
        let case = Case::read(&bytes);
        let compiled = Compiled::new(&case);
        for request in &case.requests {
            let expected = literal::evaluate(&case, request);
            compiled.check(&format!("bytes of {seed}"), request, expected);
        }
    }
}

fn agree(share: u64) {
    let mut counts = [0_u64; 3];
    for place in 0..cases() / REQUESTS / SHARES {
        let seed = place * SHARES + share;
        let case = Case::generate(seed);
        let compiled = Compiled::new(&case);
        let told = format!("seed {seed}");
        for request in &case.requests {
            let expected = literal::evaluate(&case, request);
            compiled.check(&told, request, expected);
            counts[expected as usize] += 1;
        }
    }
    // A generator that gets nowhere would agree with anything.
    let few = counts.iter().sum::<u64>() / 20;
    assert!(counts.iter().all(|count| *count > few), "{counts:?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test may take is for whoever runs it to say"
)]
fn cases() -> u64 {
    let wanted = std::env::var("ROLECALL_POLICY_CASES").ok();
    wanted.map_or(CASES, |text| text.parse().expect("a number"))
}
