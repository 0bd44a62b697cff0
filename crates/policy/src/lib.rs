//! The language: what an IAM policy says and decides. Knows no account, no clock and no wire.
