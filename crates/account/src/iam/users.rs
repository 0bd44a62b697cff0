//! Users.

use std::collections::BTreeSet;

use protocol::{Fault, Record, Value};

use super::boundaries;
use super::faults::{already_exists, delete_conflict, no_such_entity};
use super::names::{path, user_arn};
use super::pages::page;
use super::tags::{tag_list, tags};
use crate::entity::{AccessKey, Entity, InlinePolicies, Key, User};
use crate::gate::{Caller, Identity, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateUser",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "UserName")?);
            let arn = transaction.state().iam_arn("user", &path, name).to_string();
            let needs = super::tags::creating("iam:CreateUser", "iam:TagUser", &arn, input);
            Ok(boundaries::requesting(needs, input))
        },
        run: create,
    },
    Row {
        operation: "GetUser",
        needs: |t, c, i| on_user("iam:GetUser", t, c, i),
        run: get,
    },
    Row {
        operation: "ListUsers",
        needs: |transaction, _, input| {
            let prefix = input.text("PathPrefix").unwrap_or("/");
            let arn = transaction.state().iam_arn("user", prefix, "");
            Ok(vec![Need::new("iam:ListUsers", arn.to_string())])
        },
        run: list,
    },
    Row {
        operation: "UpdateUser",
        needs: on_both_names,
        run: update,
    },
    Row {
        operation: "DeleteUser",
        needs: |t, c, i| on_user("iam:DeleteUser", t, c, i),
        run: delete,
    },
];

/// A need on the user that `UserName` names, or on the caller where it names nobody.
pub(super) fn on_user(
    action: &'static str,
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let name = named(caller, input)?;
    let held = transaction.state().user(name);
    let tags = held.map_or(&[][..], |held| &held.user.tags);
    let need = Need::new(action, user_arn(transaction, name));
    Ok(vec![need.on_tagged(&keys::IAM_RESOURCE_TAG, tags)])
}

/// "You must have permission for the source and for the target": IAM User Guide, "Rename an IAM
/// user".
fn on_both_names(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let mut needs = on_user("iam:UpdateUser", transaction, caller, input)?;
    let name = required(input, "UserName")?;
    let held = transaction.state().user(name);
    let path = held.map_or("/", |held| &held.user.path);
    let target = transaction.state().iam_arn(
        "user",
        input.text("NewPath").unwrap_or(path),
        input.text("NewUserName").unwrap_or(name),
    );
    needs.push(Need::new("iam:UpdateUser", target.to_string()));
    Ok(needs)
}

/// The name given, or the caller's own.
pub(super) fn named<'a>(caller: &'a Caller, input: &'a Record) -> Result<&'a str, Fault> {
    match (input.text("UserName"), &caller.identity) {
        (Some(name), _) => Ok(name),
        (None, Identity::User { name }) => Ok(name),
        (None, _) => Err(Fault::new(
            "ValidationError",
            "Must specify userName when calling with non-User credentials",
        )),
    }
}

/// The user by name, to be changed and put back.
pub(super) fn load(transaction: &Transaction, name: &str) -> Result<User, Fault> {
    let held = transaction
        .state()
        .user(name)
        .ok_or_else(|| missing(name))?;
    Ok(held.user.clone())
}

pub(super) fn missing(name: &str) -> Fault {
    no_such_entity(format!("The user with name {name} cannot be found."))
}

/// A user as answers about it alone show it.
pub(super) fn shown(transaction: &Transaction, user: &User) -> Record {
    let boundary = boundaries::shown(user.boundary.as_ref());
    listed(transaction, user).with_some("PermissionsBoundary", boundary)
}

/// A user in a listing.
pub(super) fn listed(transaction: &Transaction, user: &User) -> Record {
    Record::new()
        .with("Path", user.path.as_str())
        .with("UserName", user.name.as_str())
        .with("UserId", user.id.as_str())
        .with(
            "Arn",
            transaction
                .state()
                .iam_arn("user", &user.path, &user.name)
                .to_string(),
        )
        .with("CreateDate", user.created)
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "UserName")?;
    check_free(transaction.state(), name)?;
    let user = User {
        name: name.to_owned(),
        path: path(input),
        id: ids::unique_id("AIDA", &mut transaction.entropy),
        created: transaction.now,
        inline: InlinePolicies::new(),
        attached: Vec::new(),
        boundary: boundaries::requested(transaction.state(), input)?,
        groups: BTreeSet::new(),
        tags: tags(input)?,
    };
    let shown = shown(transaction, &user).with_some("Tags", tag_list(&user.tags));
    transaction.put(Entity::User(user))?;
    Ok(Record::new().with("User", shown))
}

fn check_free(state: &State, name: &str) -> Result<(), Fault> {
    if state.users().contains_key(&name.to_lowercase()) {
        let message = format!("User with name {name} already exists.");
        return Err(already_exists(message));
    }
    Ok(())
}

fn get(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let user = load(transaction, named(caller, input)?)?;
    let shown = shown(transaction, &user).with_some("Tags", tag_list(&user.tags));
    Ok(Record::new().with("User", shown))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let users = transaction.state().users().values().map(|held| &held.user);
    let users = users.filter(|user| user.path.starts_with(prefix));
    let show = |user: &&User| Value::from(listed(transaction, user));
    page(input, "Users", users, |user| user.name.to_lowercase(), show)
}

/// Another name or path. The access keys go along.
fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut user = load(transaction, required(input, "UserName")?)?;
    if let Some(path) = input.text("NewPath") {
        path.clone_into(&mut user.path);
    }
    let Some(name) = input.text("NewUserName").filter(|name| *name != user.name) else {
        transaction.put(Entity::User(user))?;
        return Ok(Record::new());
    };
    // In other letters it is the same place.
    if name.to_lowercase() != user.name.to_lowercase() {
        check_free(transaction.state(), name)?;
    }
    let state = transaction.state();
    let access_keys = state.access_keys().values().map(AsRef::as_ref);
    let access_keys = access_keys.filter(|key| key.user == user.name);
    let access_keys: Vec<AccessKey> = access_keys.cloned().collect();
    let old = std::mem::replace(&mut user.name, name.to_owned());
    transaction.delete(Key::User(old.to_lowercase()))?;
    transaction.put(Entity::User(user))?;
    for mut key in access_keys {
        name.clone_into(&mut key.user);
        transaction.put(Entity::AccessKey(key))?;
    }
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let user = load(transaction, required(input, "UserName")?)?;
    if !user.groups.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must remove users from group first.",
        ));
    }
    if !user.attached.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    if !user.inline.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    if transaction
        .state()
        .access_keys()
        .values()
        .any(|key| key.user == user.name)
    {
        return Err(delete_conflict(
            "Cannot delete entity, must delete access keys first.",
        ));
    }
    transaction.delete(Entity::User(user).key())?;
    Ok(Record::new())
}
