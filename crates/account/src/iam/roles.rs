//! Roles and their trust policies.

use protocol::{Fault, Record, Value};

use super::boundaries;
use super::documents::{check_trust, encoded_document};
use super::faults::{already_exists, delete_conflict, no_such_entity};
use super::names::{path, role_arn};
use super::owner::Of;
use super::pages::page;
use super::tags::{tag_list, tags};
use crate::entity::{Entity, InlinePolicies, Key, Role};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateRole",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "RoleName")?);
            let arn = transaction.state().iam_arn("role", &path, name).to_string();
            let needs = super::tags::creating("iam:CreateRole", "iam:TagRole", &arn, input);
            Ok(boundaries::requesting(needs, input))
        },
        run: create,
    },
    Row {
        operation: "GetRole",
        needs: |t, c, i| Of::Role.bounded("iam:GetRole", t, c, i),
        run: get,
    },
    Row {
        operation: "ListRoles",
        needs: |transaction, _, input| {
            let prefix = input.text("PathPrefix").unwrap_or("/");
            let arn = transaction.state().iam_arn("role", prefix, "");
            Ok(vec![Need::new("iam:ListRoles", arn.to_string())])
        },
        run: list,
    },
    Row {
        operation: "DeleteRole",
        needs: |t, c, i| Of::Role.bounded("iam:DeleteRole", t, c, i),
        run: delete,
    },
    Row {
        operation: "UpdateRole",
        needs: |t, c, i| Of::Role.bounded("iam:UpdateRole", t, c, i),
        run: update,
    },
    Row {
        operation: "UpdateRoleDescription",
        needs: |t, c, i| Of::Role.bounded("iam:UpdateRoleDescription", t, c, i),
        run: update_description,
    },
    Row {
        operation: "UpdateAssumeRolePolicy",
        needs: |t, c, i| Of::Role.bounded("iam:UpdateAssumeRolePolicy", t, c, i),
        run: update_trust,
    },
];

/// A need on the role that `RoleName` names.
pub(super) fn on_role(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let name = required(input, "RoleName")?;
    let held = transaction.state().role(name);
    let tags = held.map_or(&[][..], |held| &held.role.tags);
    let need = Need::new(action, role_arn(transaction, name));
    Ok(vec![need.on_tagged(&keys::IAM_RESOURCE_TAG, tags)])
}

/// The role by name, to be changed and put back.
pub(super) fn load(transaction: &Transaction, name: &str) -> Result<Role, Fault> {
    let held = transaction
        .state()
        .role(name)
        .ok_or_else(|| missing(name))?;
    Ok(held.role.clone())
}

pub(super) fn missing(name: &str) -> Fault {
    no_such_entity(format!("The role with name {name} cannot be found."))
}

/// A role as answers show it.
pub(super) fn shown(transaction: &Transaction, role: &Role) -> Record {
    Record::new()
        .with("Path", role.path.as_str())
        .with("RoleName", role.name.as_str())
        .with("RoleId", role.id.as_str())
        .with(
            "Arn",
            transaction
                .state()
                .iam_arn("role", &role.path, &role.name)
                .to_string(),
        )
        .with("CreateDate", role.created)
        .with("AssumeRolePolicyDocument", encoded_document(&role.trust))
        .with_some("Description", role.description.as_deref())
        .with("MaxSessionDuration", role.max_session_seconds)
}

/// Without members where no use is known.
pub(super) fn last_used(state: &State, role: &Role) -> Record {
    let last = state.last_use(&role.id);
    Record::new()
        .with_some("LastUsedDate", last.map(|last| last.at))
        .with_some("Region", last.map(|last| last.region.as_str()))
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "RoleName")?;
    let trust = required(input, "AssumeRolePolicyDocument")?;
    check_trust(transaction, trust)?;
    if transaction
        .state()
        .roles()
        .contains_key(&name.to_lowercase())
    {
        return Err(already_exists(format!(
            "Role with name {name} already exists."
        )));
    }
    let role = Role {
        name: name.to_owned(),
        path: path(input),
        id: ids::unique_id("AROA", &mut transaction.entropy),
        created: transaction.now,
        description: input.text("Description").map(str::to_owned),
        max_session_seconds: input
            .integer("MaxSessionDuration")
            .unwrap_or(SESSION_SECONDS_DEFAULT),
        trust: trust.to_owned(),
        inline: InlinePolicies::new(),
        attached: Vec::new(),
        boundary: boundaries::requested(transaction.state(), input)?,
        tags: tags(input)?,
    };
    let shown = shown(transaction, &role)
        .with_some("Tags", tag_list(&role.tags))
        .with_some(
            "PermissionsBoundary",
            boundaries::shown(role.boundary.as_ref()),
        );
    transaction.put(Entity::Role(role))?;
    Ok(Record::new().with("Role", shown))
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let role = load(transaction, required(input, "RoleName")?)?;
    let shown = shown(transaction, &role)
        .with_some("Tags", tag_list(&role.tags))
        .with_some(
            "PermissionsBoundary",
            boundaries::shown(role.boundary.as_ref()),
        )
        .with("RoleLastUsed", last_used(transaction.state(), &role));
    Ok(Record::new().with("Role", shown))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let roles = transaction.state().roles().values().map(|held| &held.role);
    let roles = roles.filter(|role| role.path.starts_with(prefix));
    let show = |role: &&Role| Value::from(shown(transaction, role));
    page(input, "Roles", roles, |role| role.name.to_lowercase(), show)
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let role = load(transaction, required(input, "RoleName")?)?;
    if !role.attached.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    if !role.inline.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    let mut profiles = transaction.state().profiles().values();
    if profiles.any(|profile| profile.role.as_deref() == Some(role.name.as_str())) {
        return Err(delete_conflict(
            "Cannot delete entity, must remove roles from instance profile first.",
        ));
    }
    if transaction.state().last_use(&role.id).is_some() {
        transaction.delete(Key::LastUse(role.id.clone()))?;
    }
    transaction.delete(Entity::Role(role).key())?;
    Ok(Record::new())
}

/// A session's longest time falls back to an hour where the call does not give it, as IAM's
/// reference says.
fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut role = load(transaction, required(input, "RoleName")?)?;
    if let Some(description) = input.text("Description") {
        role.description = Some(description.to_owned());
    }
    let longest = input.integer("MaxSessionDuration");
    role.max_session_seconds = longest.unwrap_or(SESSION_SECONDS_DEFAULT);
    transaction.put(Entity::Role(role))?;
    Ok(Record::new())
}

fn update_description(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut role = load(transaction, required(input, "RoleName")?)?;
    role.description = Some(required(input, "Description")?.to_owned());
    let shown = shown(transaction, &role);
    transaction.put(Entity::Role(role))?;
    Ok(Record::new().with("Role", shown))
}

fn update_trust(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut role = load(transaction, required(input, "RoleName")?)?;
    let trust = required(input, "PolicyDocument")?;
    check_trust(transaction, trust)?;
    trust.clone_into(&mut role.trust);
    transaction.put(Entity::Role(role))?;
    Ok(Record::new())
}

const SESSION_SECONDS_DEFAULT: i64 = 3_600;
