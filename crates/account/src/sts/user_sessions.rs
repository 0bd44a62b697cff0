//! Temporary credentials that a user gets by its long-term key: for itself, or for a federated user
//! with a part of its rights.
//!
//! Source: STS API Reference, "GetSessionToken", "GetFederationToken".

use jiff::SignedDuration;
use protocol::{Fault, Record};

use super::{check_session_policy, minted, passed_tags, policy_arns, refuse, shown, truncated};
use crate::gate::{Caller, Identity, Need, federated_arn};
use crate::operation::{Row, required};
use crate::session::{Federated, UserSession};
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    // Policies have no say: "No permissions are required for users to perform this operation."
    Row {
        operation: "GetSessionToken",
        needs: |_, _, _| Ok(Vec::new()),
        run: get_session_token,
    },
    Row {
        operation: "GetFederationToken",
        needs: |transaction, _, input| {
            let arn = federated_arn(transaction.state().account_id(), required(input, "Name")?);
            let need = |action| Need::new(action, arn.clone()).requesting(input.records("Tags"));
            let mut needs = vec![need("sts:GetFederationToken")];
            if !input.list("Tags").is_empty() {
                needs.push(need("sts:TagSession"));
            }
            Ok(needs)
        },
        run: get_federation_token,
    },
];

fn get_session_token(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let session = session(transaction, caller, input, None)?;
    let credentials = minted(transaction, session)?;
    Ok(Record::new().with("Credentials", shown(credentials)))
}

fn get_federation_token(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_FEDERATED)?;
    let name = required(input, "Name")?;
    let federated = Federated {
        name: name.to_owned(),
        policy: input.text("Policy").map(check_session_policy).transpose()?,
        policy_arns: policy_arns(transaction, input)?,
        tags: passed_tags(input)?,
    };
    let state = transaction.state();
    let user = Record::new()
        .with("FederatedUserId", format!("{}:{name}", state.account_id()))
        .with("Arn", federated_arn(state.account_id(), name));
    let session = session(transaction, caller, input, Some(federated))?;
    let credentials = minted(transaction, session)?;
    Ok(Record::new()
        .with("Credentials", shown(credentials))
        .with("FederatedUser", user))
}

/// Only a user's long-term key gets here: `gate::check_temporary` sees to it.
fn session(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
    federated: Option<Federated>,
) -> Result<UserSession, Fault> {
    let Identity::User { name } = &caller.identity else {
        return Err(internal_failure());
    };
    let seconds = input.integer("DurationSeconds").unwrap_or(SECONDS_DEFAULT);
    let now = truncated(transaction.now);
    Ok(UserSession {
        access_key_id: String::new(),
        account: caller.account.clone(),
        user: name.clone(),
        user_id: caller.user_id.clone(),
        issued: now,
        expires: now + SignedDuration::from_secs(seconds),
        federated,
    })
}

/// There is no MFA here, and a token is as long as it is.
pub(super) const REFUSED: &[&str] = &["SerialNumber", "TokenCode", "MinimumSessionTokenSize"];
pub(super) const REFUSED_OF_FEDERATED: &[&str] = &["MinimumSessionTokenSize"];
// Twelve hours; the shapes keep it between 15 minutes and 36 hours.
const SECONDS_DEFAULT: i64 = 43_200;

#[cfg(test)]
mod tests;
