//! Customer managed policies and their versions.

use policy::Kind;
use protocol::{Fault, Record, Value};

use super::documents::{characters, check_document, encoded_document};
use super::entities;
use super::faults::{already_exists, delete_conflict, limit_exceeded, no_such_entity};
use super::names::path;
use super::pages::page;
use super::tags::{tag_list, tags};
use crate::entity::{Entity, ManagedPolicy, PolicyVersion};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::State;
use crate::state::aws_managed::{self, AwsManaged};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreatePolicy",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "PolicyName")?);
            let arn = transaction
                .state()
                .iam_arn("policy", &path, name)
                .to_string();
            Ok(super::tags::creating(
                "iam:CreatePolicy",
                "iam:TagPolicy",
                &arn,
                input,
            ))
        },
        run: create,
    },
    Row {
        operation: "GetPolicy",
        needs: |t, _, i| on_policy("iam:GetPolicy", t, i),
        run: get,
    },
    Row {
        operation: "ListPolicies",
        needs: |_, _, _| Ok(vec![Need::new("iam:ListPolicies", "*")]),
        run: list,
    },
    Row {
        operation: "DeletePolicy",
        needs: |t, _, i| on_policy("iam:DeletePolicy", t, i),
        run: delete,
    },
    Row {
        operation: "CreatePolicyVersion",
        needs: |t, _, i| on_policy("iam:CreatePolicyVersion", t, i),
        run: create_version,
    },
    Row {
        operation: "GetPolicyVersion",
        needs: |t, _, i| on_policy("iam:GetPolicyVersion", t, i),
        run: get_version,
    },
    Row {
        operation: "ListPolicyVersions",
        needs: |t, _, i| on_policy("iam:ListPolicyVersions", t, i),
        run: list_versions,
    },
    Row {
        operation: "SetDefaultPolicyVersion",
        needs: |t, _, i| on_policy("iam:SetDefaultPolicyVersion", t, i),
        run: set_default_version,
    },
    Row {
        operation: "DeletePolicyVersion",
        needs: |t, _, i| on_policy("iam:DeletePolicyVersion", t, i),
        run: delete_version,
    },
];

pub(super) fn on_policy(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let arn = required(input, "PolicyArn")?;
    let held = transaction.state().policy(arn);
    let tags = held.map_or(&[][..], |held| &held.policy.tags);
    Ok(vec![
        Need::new(action, arn).on_tagged(&keys::IAM_RESOURCE_TAG, tags),
    ])
}

pub(super) fn missing(arn: &str) -> Fault {
    no_such_entity(format!("Policy {arn} was not found."))
}

pub(super) fn load(transaction: &Transaction, input: &Record) -> Result<ManagedPolicy, Fault> {
    let arn = required(input, "PolicyArn")?;
    let held = transaction
        .state()
        .policy(arn)
        .ok_or_else(|| missing(arn))?;
    Ok(held.policy.clone())
}

/// The policy of a call that changes it: none of AWS's.
pub(super) fn load_own(
    transaction: &Transaction,
    caller: &Caller,
    action: &'static str,
    input: &Record,
) -> Result<ManagedPolicy, Fault> {
    let policy = load(transaction, input)?;
    if !aws_managed::is_awss(&policy.arn) {
        return Ok(policy);
    }
    let (who, name) = (&caller.arn, &policy.name);
    let message =
        format!("User: {who} is not authorized to perform: {action} on resource: policy {name}");
    Err(Fault::new("AccessDenied", message).status(403))
}

/// The document of a call, checked.
fn document(input: &Record) -> Result<&str, Fault> {
    let document = required(input, "PolicyDocument")?;
    // Before it is read, which has a larger bound.
    if characters(document) > CHARACTERS_MAX {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for PolicySize: {CHARACTERS_MAX}"
        )));
    }
    check_document(document, Kind::Identity)?;
    Ok(document)
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "PolicyName")?;
    let document = document(input)?;
    let mut policies = transaction.state().policies().values();
    if policies.any(|held| held.policy.name.eq_ignore_ascii_case(name)) {
        return Err(already_exists(format!(
            "A policy called {name} already exists. Duplicate names are not allowed."
        )));
    }
    let path = path(input);
    let now = transaction.now;
    let policy = ManagedPolicy {
        arn: transaction
            .state()
            .iam_arn("policy", &path, name)
            .to_string(),
        name: name.to_owned(),
        path,
        id: ids::unique_id("ANPA", &mut transaction.entropy),
        created: now,
        updated: now,
        description: input
            .text("Description")
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        default_version: 1,
        next_version: 2,
        versions: vec![PolicyVersion {
            number: 1,
            document: document.to_owned(),
            created: now,
        }],
        tags: tags(input)?,
    };
    let shown = shown(transaction.state(), &policy).with_some("Tags", tag_list(&policy.tags));
    transaction.put(Entity::ManagedPolicy(policy))?;
    Ok(Record::new().with("Policy", shown))
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let policy = load(transaction, input)?;
    let shown = shown(transaction.state(), &policy)
        .with_some("Description", policy.description.as_deref())
        .with_some("Tags", tag_list(&policy.tags));
    Ok(Record::new().with("Policy", shown))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let attached_only = input.boolean("OnlyAttached").unwrap_or(false);
    let scope = input.text("Scope").unwrap_or("All");
    let state = transaction.state();
    let usage = input.text("PolicyUsageFilter");
    let is_used = |arn: &str| match usage {
        None => entities::uses(state, arn) > 0,
        Some("PermissionsBoundary") => entities::bounded(state, arn) > 0,
        Some(_) => entities::attachments(state, arn) > 0,
    };
    let own = state.policies().values();
    let own = own.map(|held| Listed::Own(&held.policy));
    // In the order of ARNs, in which `arn:aws:iam::aws` is behind every account.
    let awss = aws_managed::all().iter().map(Listed::Aws);
    let policies = own
        .filter(|_| scope != "AWS")
        .chain(awss.filter(|_| scope != "Local"))
        .filter(|listed| {
            listed.path().starts_with(prefix)
                && (!attached_only && usage.is_none() || is_used(listed.arn()))
        });
    page(input, "Policies", policies, Listed::place, |listed| {
        Value::from(listed.shown(state))
    })
}

/// A policy of a listing.
enum Listed<'a> {
    Own(&'a ManagedPolicy),
    Aws(&'static AwsManaged),
}

impl Listed<'_> {
    fn arn(&self) -> &str {
        match self {
            Self::Own(policy) => &policy.arn,
            Self::Aws(policy) => &policy.arn,
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::Own(policy) => &policy.path,
            Self::Aws(policy) => policy.path,
        }
    }

    /// What a marker remembers; it grows along the listing.
    fn place(&self) -> String {
        match self {
            Self::Own(policy) => format!("1/{}", policy.arn),
            Self::Aws(policy) => format!("2/{}", policy.name),
        }
    }

    fn shown(&self, state: &State) -> Record {
        match self {
            Self::Own(policy) => shown(state, policy),
            Self::Aws(policy) => shown(state, &policy.policy()),
        }
    }
}

fn delete(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let policy = load_own(transaction, caller, "iam:DeletePolicy", input)?;
    if entities::uses(transaction.state(), &policy.arn) > 0 {
        return Err(delete_conflict(
            "Cannot delete a policy attached to entities.",
        ));
    }
    if policy.versions.len() > 1 {
        return Err(delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete \
             the policy's versions. The default version is deleted with the policy.",
        ));
    }
    transaction.delete(Entity::ManagedPolicy(policy).key())?;
    Ok(Record::new())
}

fn create_version(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut policy = load_own(transaction, caller, "iam:CreatePolicyVersion", input)?;
    let document = document(input)?;
    if policy.versions.len() >= VERSIONS_MAX {
        return Err(limit_exceeded(format!(
            "A managed policy can have up to {VERSIONS_MAX} versions. Before you create a new \
             version, you must delete an existing version."
        )));
    }
    let version = PolicyVersion {
        number: policy.next_version,
        document: document.to_owned(),
        created: transaction.now,
    };
    policy.next_version += 1;
    if input.boolean("SetAsDefault").unwrap_or(false) {
        policy.default_version = version.number;
        policy.updated = transaction.now;
    }
    let shown = version_shown(&policy, &version);
    policy.versions.push(version);
    transaction.put(Entity::ManagedPolicy(policy))?;
    Ok(Record::new().with("PolicyVersion", shown))
}

fn get_version(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let policy = load(transaction, input)?;
    let version = version(&policy, input)?;
    let shown =
        version_shown(&policy, version).with("Document", encoded_document(&version.document));
    Ok(Record::new().with("PolicyVersion", shown))
}

fn list_versions(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let policy = load(transaction, input)?;
    // Newest first; the marker counts down from the largest number.
    page(
        input,
        "Versions",
        policy.versions.iter().rev(),
        |version| format!("{:010}", u32::MAX - version.number),
        |version| Value::from(version_shown(&policy, version)),
    )
}

fn set_default_version(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut policy = load_own(transaction, caller, "iam:SetDefaultPolicyVersion", input)?;
    policy.default_version = version(&policy, input)?.number;
    policy.updated = transaction.now;
    transaction.put(Entity::ManagedPolicy(policy))?;
    Ok(Record::new())
}

fn delete_version(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut policy = load_own(transaction, caller, "iam:DeletePolicyVersion", input)?;
    let number = version(&policy, input)?.number;
    if number == policy.default_version {
        return Err(delete_conflict(
            "Cannot delete the default version of a policy.",
        ));
    }
    policy.versions.retain(|version| version.number != number);
    transaction.put(Entity::ManagedPolicy(policy))?;
    Ok(Record::new())
}

fn version<'a>(policy: &'a ManagedPolicy, input: &Record) -> Result<&'a PolicyVersion, Fault> {
    let id = required(input, "VersionId")?;
    let number = id.strip_prefix('v').and_then(|number| number.parse().ok());
    number
        .and_then(|number| policy.version(number))
        .ok_or_else(|| {
            no_such_entity(format!(
                "Policy {} version {id} does not exist or is not attachable.",
                policy.arn
            ))
        })
}

pub(super) fn shown(state: &State, policy: &ManagedPolicy) -> Record {
    Record::new()
        .with("PolicyName", policy.name.as_str())
        .with("PolicyId", policy.id.as_str())
        .with("Arn", policy.arn.as_str())
        .with("Path", policy.path.as_str())
        .with("DefaultVersionId", format!("v{}", policy.default_version))
        .with("AttachmentCount", entities::attachments(state, &policy.arn))
        .with(
            "PermissionsBoundaryUsageCount",
            entities::bounded(state, &policy.arn),
        )
        .with("IsAttachable", true)
        .with("CreateDate", policy.created)
        .with("UpdateDate", policy.updated)
}

pub(super) fn version_shown(policy: &ManagedPolicy, version: &PolicyVersion) -> Record {
    Record::new()
        .with("VersionId", format!("v{}", version.number))
        .with("IsDefaultVersion", version.number == policy.default_version)
        .with("CreateDate", version.created)
}

// White space not counted. Source: IAM User Guide, "IAM and STS quotas".
pub(super) const CHARACTERS_MAX: usize = 6_144;
// Source: IAM User Guide, "Versioning IAM policies".
pub(super) const VERSIONS_MAX: usize = 5;
