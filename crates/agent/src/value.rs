//! A secret's value, as the service says it.

use protocol::Secret;

/// A secret's value; which of the two decides the name of the member in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `SecretString`. Bytes that are not UTF-8 are answered as `SecretBinary`.
    Text(Secret),
    /// `SecretBinary`.
    Binary(Secret),
}
