//! Who made a recorded call. Knows nothing of what they may.
//!
//! Source: CloudTrail User Guide, "CloudTrail `userIdentity` element".

use serde_json::Value;

use crate::pattern::PARTS;

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The ARN of the user or session; a service by its name, as `ec2.amazonaws.com`; anyone else
    /// by the unique id that the record has, or as `unknown`.
    pub name: String,
    /// Whose permissions the session has: the role's ARN, with its path, or the federated user's
    /// IAM user. None for who is no session.
    pub issuer: Option<String>,
    /// The service through which the call was made with the caller's permissions.
    pub via: Option<String>,
    // `IAMUser`, `AssumedRole` and so on.
    kind: String,
}

impl Caller {
    pub(super) fn read(identity: &Value) -> Caller {
        let text = |key: &str| identity.get(key).and_then(Value::as_str);
        let arn = text("arn").filter(|arn| !arn.is_empty());
        let service = text("invokedBy").filter(|service| !service.is_empty());
        let name = arn.or(service).or(text("principalId")).unwrap_or("unknown");
        let issuer = identity.pointer("/sessionContext/sessionIssuer/arn");
        let issuer = issuer.and_then(Value::as_str);
        Caller {
            name: name.to_owned(),
            issuer: issuer.map(str::to_owned),
            via: service.filter(|_| arn.is_some()).map(str::to_owned),
            kind: text("type").unwrap_or_default().to_owned(),
        }
    }

    /// Whether this is `principal`, a session of it, or where it is a service, that service.
    ///
    /// A session's ARN has the role's name and not its path. Names of roles are unique in an
    /// account, so that tells the role where the record leaves its ARN out.
    pub fn is(&self, principal: &str) -> bool {
        if self.name == principal || self.issuer.as_deref() == Some(principal) {
            return true;
        }
        let Some(role) = role(principal).filter(|_| self.issuer.is_none()) else {
            return false;
        };
        session_role(&self.name) == Some(role)
    }

    /// The ARN of the IAM user who called with keys of its own.
    pub(super) fn own_user(&self) -> Option<&str> {
        (self.kind == "IAMUser").then_some(&self.name)
    }
}

/// Partition, account and name of a role.
fn role(arn: &str) -> Option<(&str, &str, &str)> {
    let [partition, "iam", _, account, resource] = parts(arn)? else {
        return None;
    };
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    Some((partition, account, name))
}

/// The same of a session's role.
fn session_role(arn: &str) -> Option<(&str, &str, &str)> {
    let [partition, "sts", _, account, resource] = parts(arn)? else {
        return None;
    };
    let (name, _) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
    Some((partition, account, name))
}

/// The parts of an ARN behind `arn`.
pub(super) fn parts(arn: &str) -> Option<[&str; PARTS - 1]> {
    let mut parts = arn.splitn(PARTS, ':');
    (parts.next()? == "arn").then_some(())?;
    Some([
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    ])
}
