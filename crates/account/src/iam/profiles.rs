//! Instance profiles: what hands a role to an instance.

use protocol::{Fault, Record, Value};

use super::faults::{already_exists, delete_conflict, limit_exceeded, no_such_entity};
use super::names::{path, profile_arn, role_arn};
use super::pages::page;
use super::roles;
use super::tags::{tag_list, tags};
use crate::entity::{Entity, InstanceProfile};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateInstanceProfile",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "InstanceProfileName")?);
            let arn = transaction
                .state()
                .iam_arn("instance-profile", &path, name)
                .to_string();
            Ok(super::tags::creating(
                "iam:CreateInstanceProfile",
                "iam:TagInstanceProfile",
                &arn,
                input,
            ))
        },
        run: create,
    },
    Row {
        operation: "GetInstanceProfile",
        needs: |t, _, i| on_profile("iam:GetInstanceProfile", t, i),
        run: get,
    },
    Row {
        operation: "ListInstanceProfiles",
        needs: |transaction, _, input| {
            let prefix = input.text("PathPrefix").unwrap_or("/");
            let arn = transaction.state().iam_arn("instance-profile", prefix, "");
            Ok(vec![Need::new("iam:ListInstanceProfiles", arn.to_string())])
        },
        run: list,
    },
    Row {
        operation: "ListInstanceProfilesForRole",
        needs: |t, _, i| roles::on_role("iam:ListInstanceProfilesForRole", t, i),
        run: list_for_role,
    },
    Row {
        operation: "DeleteInstanceProfile",
        needs: |t, _, i| on_profile("iam:DeleteInstanceProfile", t, i),
        run: delete,
    },
    Row {
        operation: "AddRoleToInstanceProfile",
        needs: |transaction, _, input| {
            let mut needs = on_profile("iam:AddRoleToInstanceProfile", transaction, input)?;
            let role = role_arn(transaction, required(input, "RoleName")?);
            needs.push(pass_role(role));
            Ok(needs)
        },
        run: add_role,
    },
    Row {
        operation: "RemoveRoleFromInstanceProfile",
        needs: |t, _, i| on_profile("iam:RemoveRoleFromInstanceProfile", t, i),
        run: remove_role,
    },
];

pub(super) fn on_profile(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let name = required(input, "InstanceProfileName")?;
    let held = transaction.state().profile(name);
    let tags = held.map_or(&[][..], |profile| &profile.tags);
    let need = Need::new(action, profile_arn(transaction, name));
    Ok(vec![need.on_tagged(&keys::IAM_RESOURCE_TAG, tags)])
}

/// Handing a role to EC2 needs the right to pass it: IAM User Guide, "Grant a user permissions to
/// pass a role to an AWS service".
pub(crate) fn pass_role(role_arn: String) -> Need {
    Need::new("iam:PassRole", role_arn).with(&keys::IAM_PASSED_TO_SERVICE, "ec2.amazonaws.com")
}

pub(super) fn load(transaction: &Transaction, input: &Record) -> Result<InstanceProfile, Fault> {
    let name = required(input, "InstanceProfileName")?;
    let missing = || no_such_entity(format!("Instance Profile {name} cannot be found."));
    Ok((**transaction.state().profile(name).ok_or_else(missing)?).clone())
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "InstanceProfileName")?;
    if transaction
        .state()
        .profiles()
        .contains_key(&name.to_lowercase())
    {
        return Err(already_exists(format!(
            "Instance Profile {name} already exists."
        )));
    }
    let profile = InstanceProfile {
        name: name.to_owned(),
        path: path(input),
        id: ids::unique_id("AIPA", &mut transaction.entropy),
        created: transaction.now,
        role: None,
        tags: tags(input)?,
    };
    let shown = shown(transaction, &profile);
    transaction.put(Entity::InstanceProfile(profile))?;
    Ok(Record::new().with("InstanceProfile", shown))
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let profile = load(transaction, input)?;
    Ok(Record::new().with("InstanceProfile", shown(transaction, &profile)))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    listed(transaction, input, |profile| {
        profile.path.starts_with(prefix)
    })
}

fn list_for_role(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let role = roles::load(transaction, required(input, "RoleName")?)?;
    listed(transaction, input, |profile| {
        profile.role.as_deref() == Some(role.name.as_str())
    })
}

fn listed(
    transaction: &Transaction,
    input: &Record,
    wanted: impl Fn(&InstanceProfile) -> bool,
) -> Result<Record, Fault> {
    let profiles = transaction
        .state()
        .profiles()
        .values()
        .filter(|profile| wanted(profile));
    page(
        input,
        "InstanceProfiles",
        profiles,
        |profile| profile.name.to_lowercase(),
        |profile| Value::from(shown(transaction, profile)),
    )
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let profile = load(transaction, input)?;
    if profile.role.is_some() {
        return Err(delete_conflict(
            "Cannot delete entity, must remove roles from instance profile first.",
        ));
    }
    transaction.delete(Entity::InstanceProfile(profile).key())?;
    Ok(Record::new())
}

fn add_role(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut profile = load(transaction, input)?;
    let role = roles::load(transaction, required(input, "RoleName")?)?;
    if profile.role.is_some() {
        return Err(limit_exceeded(
            "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1".to_owned(),
        ));
    }
    profile.role = Some(role.name);
    transaction.put(Entity::InstanceProfile(profile))?;
    Ok(Record::new())
}

fn remove_role(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut profile = load(transaction, input)?;
    let name = required(input, "RoleName")?;
    if profile.role.take().as_deref() != Some(name) {
        return Err(roles::missing(name));
    }
    transaction.put(Entity::InstanceProfile(profile))?;
    Ok(Record::new())
}

pub(super) fn shown(transaction: &Transaction, profile: &InstanceProfile) -> Record {
    let role = profile
        .role
        .as_deref()
        .and_then(|name| transaction.state().role(name));
    let roles: Value = role
        .map(|held| roles::shown(transaction, &held.role))
        .into_iter()
        .collect();
    let arn = transaction
        .state()
        .iam_arn("instance-profile", &profile.path, &profile.name);
    Record::new()
        .with("Path", profile.path.as_str())
        .with("InstanceProfileName", profile.name.as_str())
        .with("InstanceProfileId", profile.id.as_str())
        .with("Arn", arn.to_string())
        .with("CreateDate", profile.created)
        .with("Roles", roles)
        .with_some("Tags", tag_list(&profile.tags))
}
