//! The judgement: facts about an account, a host and its code in, findings out.
//!
//! Empty yet. Collectors (in `rolecall`) gather facts; the rules here are pure functions over
//! them, and nothing in this package will read a file, call an API or format for a terminal.
