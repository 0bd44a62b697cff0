//! Which calls temporary credentials cannot make, whatever policies say.
//!
//! Source: IAM User Guide, "Compare AWS STS credentials".

use protocol::Fault;
use protocol::shape::{Operation, Service};

use super::authenticate::{Caller, Identity};

/// Refuses what the caller's kind of credentials is not made for. No session here has MFA.
pub(crate) fn check(
    caller: &Caller,
    service: &Service,
    operation: &Operation,
) -> Result<(), Fault> {
    let name = operation.name;
    match &caller.identity {
        Identity::User { .. } | Identity::Outsider(_) => Ok(()),
        Identity::Session { .. } => match (service.name, name) {
            ("sts", "GetSessionToken" | "GetFederationToken") => Err(not_with_session(name)),
            _ => Ok(()),
        },
        Identity::UserSession { session, .. } => match (service.name, name) {
            ("iam", _) => Err(Fault::new(
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
            )
            .status(403)),
            ("sts", "GetCallerIdentity") => Ok(()),
            ("sts", "AssumeRole") if session.federated.is_none() => Ok(()),
            ("sts", _) => Err(not_with_session(name)),
            _ => Ok(()),
        },
    }
}

fn not_with_session(operation: &str) -> Fault {
    let message = format!("Cannot call {operation} with session credentials");
    Fault::new("AccessDenied", message).status(403)
}
