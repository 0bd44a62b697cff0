//! Policy documents: held against the language before they are stored, encoded when shown.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Kind, Policy};
use protocol::{Arn, Fault};

use super::faults::limit_exceeded;
use crate::state::State;
use crate::transaction::Transaction;

/// Parses a document before it is stored, so that nothing stored fails later.
pub(super) fn check_document(text: &str, kind: Kind) -> Result<Policy, Fault> {
    Policy::parse(text, kind).map_err(|error| {
        if error.is_over_quota() {
            limit_exceeded(error.message)
        } else {
            Fault::new("MalformedPolicyDocument", error.to_string())
        }
    })
}

/// A trust policy whose users and roles of this account are there. Those of other accounts cannot
/// be looked up.
pub(super) fn check_trust(transaction: &Transaction, text: &str) -> Result<(), Fault> {
    let policy = check_document(text, Kind::Trust)?;
    match policy
        .principal_arns()
        .find(|arn| !is_known(transaction.state(), arn))
    {
        Some(arn) => Err(Fault::new(
            "MalformedPolicyDocument",
            format!("Invalid principal in policy: \"AWS\":\"{arn}\""),
        )),
        None => Ok(()),
    }
}

/// Whether a principal of a policy exists, as far as this account can tell.
pub(crate) fn is_known(state: &State, principal: &str) -> bool {
    let Some(arn) = Arn::parse(principal) else {
        return false;
    };
    if arn.account() != state.account_id() {
        return true;
    }
    let Some((kind, rest)) = arn.resource().split_once('/') else {
        return false;
    };
    let name = rest.rsplit('/').next().unwrap_or_default();
    let is = |kind, path: &str| state.iam_arn(kind, path, name).as_str() == principal;
    match kind {
        "user" => state
            .user(name)
            .is_some_and(|held| is(kind, &held.user.path)),
        "role" => state
            .role(name)
            .is_some_and(|held| is(kind, &held.role.path)),
        "assumed-role" => rest
            .split_once('/')
            .is_some_and(|(role, _)| state.role(role).is_some()),
        // Federated users are whoever their sessions say.
        _ => true,
    }
}

/// IAM does not count white space.
pub(super) fn characters(text: &str) -> usize {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .count()
}

/// IAM answers with documents percent-encoded (RFC 3986).
pub(super) fn encoded_document(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED_KEPT).to_string()
}

pub(super) const UNRESERVED_KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
