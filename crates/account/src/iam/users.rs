//! Users.

use protocol::{Fault, Record, Value};

use super::faults::{already_exists, delete_conflict, no_such_entity, refuse};
use super::names::{path, user_arn};
use super::pages::page;
use super::tags::{tag_list, tags};
use crate::entity::{Entity, InlinePolicies, User};
use crate::gate::{Caller, Identity, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateUser",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "UserName")?);
            let arn = transaction.state().iam_arn("user", &path, name).to_string();
            Ok(super::tags::creating(
                "iam:CreateUser",
                "iam:TagUser",
                &arn,
                input,
            ))
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
        operation: "ListGroupsForUser",
        needs: |t, c, i| on_user("iam:ListGroupsForUser", t, c, i),
        run: groups,
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
    transaction: &Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let name = named(caller, input)?;
    let held = transaction.state().user(name);
    let tags = held.map_or(&[][..], |held| &held.user.tags);
    let need = Need::new(action, user_arn(transaction, name));
    Ok(vec![need.on_tagged(&keys::IAM_RESOURCE_TAG, tags)])
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
pub(super) fn load(transaction: &Transaction<'_>, name: &str) -> Result<User, Fault> {
    let held = transaction
        .state()
        .user(name)
        .ok_or_else(|| missing(name))?;
    Ok(held.user.clone())
}

pub(super) fn missing(name: &str) -> Fault {
    no_such_entity(format!("The user with name {name} cannot be found."))
}

pub(super) fn shown(transaction: &Transaction<'_>, user: &User) -> Record {
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

fn create(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, &["PermissionsBoundary"])?;
    let name = required(input, "UserName")?;
    if transaction
        .state()
        .users()
        .contains_key(&name.to_lowercase())
    {
        return Err(already_exists(format!(
            "User with name {name} already exists."
        )));
    }
    let user = User {
        name: name.to_owned(),
        path: path(input),
        id: ids::unique_id("AIDA", &mut transaction.entropy),
        created: transaction.now,
        inline: InlinePolicies::new(),
        attached: Vec::new(),
        tags: tags(input)?,
    };
    let shown = shown(transaction, &user).with_some("Tags", tag_list(&user.tags));
    transaction.put(Entity::User(user))?;
    Ok(Record::new().with("User", shown))
}

fn get(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let user = load(transaction, named(caller, input)?)?;
    let shown = shown(transaction, &user).with_some("Tags", tag_list(&user.tags));
    Ok(Record::new().with("User", shown))
}

fn list(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let users = transaction.state().users().values().map(|held| &held.user);
    let users = users.filter(|user| user.path.starts_with(prefix));
    let show = |user: &&User| Value::from(shown(transaction, user));
    page(input, "Users", users, |user| user.name.to_lowercase(), show)
}

/// There are no groups, so no user is in one.
fn groups(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "UserName")?;
    if transaction.state().user(name).is_none() {
        return Err(missing(name));
    }
    Ok(Record::new()
        .with("Groups", Vec::<Value>::new())
        .with("IsTruncated", false))
}

fn delete(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let user = load(transaction, required(input, "UserName")?)?;
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
