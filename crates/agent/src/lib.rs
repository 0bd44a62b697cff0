//! The state of the host side: configuration, cache and what each listener answers.
