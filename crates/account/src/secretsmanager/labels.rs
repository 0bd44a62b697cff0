//! The labels that Secrets Manager gives to versions itself.

/// The label of the value in force.
pub(super) const CURRENT: &str = "AWSCURRENT";
/// The label of the value that was in force before.
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";
/// The label of a value that is not in force yet.
pub(super) const PENDING: &str = "AWSPENDING";
