//! The judgement: facts about an account, a host and its code in, findings out.
//!
//! Collectors (in `rolecall`) gather facts; the rules here are pure functions over them.

pub mod keys;
