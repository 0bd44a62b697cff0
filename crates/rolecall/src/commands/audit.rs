//! `rolecall audit`.

pub(crate) mod host;
