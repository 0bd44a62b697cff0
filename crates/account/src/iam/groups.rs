//! Groups, and who is in them.

use protocol::{Fault, Record, Value};

use super::faults::{already_exists, delete_conflict, limit_exceeded, no_such_entity};
use super::names::{group_arn, path};
use super::pages::{cut, page};
use super::users::{self, on_user};
use crate::entity::{Entity, Group, InlinePolicies, User};
use crate::gate::{Caller, Need};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateGroup",
        needs: |transaction, _, input| {
            let (path, name) = (path(input), required(input, "GroupName")?);
            let arn = transaction.state().iam_arn("group", &path, name);
            Ok(vec![Need::new("iam:CreateGroup", arn.to_string())])
        },
        run: create,
    },
    Row {
        operation: "GetGroup",
        needs: |t, _, i| on_group("iam:GetGroup", t, i),
        run: get,
    },
    Row {
        operation: "ListGroups",
        needs: |_, _, _| Ok(vec![Need::new("iam:ListGroups", "*")]),
        run: list,
    },
    Row {
        operation: "ListGroupsForUser",
        needs: |t, c, i| on_user("iam:ListGroupsForUser", t, c, i),
        run: list_for_user,
    },
    Row {
        operation: "UpdateGroup",
        needs: on_both_names,
        run: update,
    },
    Row {
        operation: "DeleteGroup",
        needs: |t, _, i| on_group("iam:DeleteGroup", t, i),
        run: delete,
    },
    Row {
        operation: "AddUserToGroup",
        needs: |t, _, i| on_group("iam:AddUserToGroup", t, i),
        run: add_user,
    },
    Row {
        operation: "RemoveUserFromGroup",
        needs: |t, _, i| on_group("iam:RemoveUserFromGroup", t, i),
        run: remove_user,
    },
];

/// A need on the group that `GroupName` names.
pub(super) fn on_group(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let name = required(input, "GroupName")?;
    Ok(vec![Need::new(action, group_arn(transaction, name))])
}

/// "You must have permission for the source and for the target": IAM User Guide, "Rename an IAM
/// group".
fn on_both_names(
    transaction: &Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let mut needs = on_group("iam:UpdateGroup", transaction, input)?;
    let name = required(input, "GroupName")?;
    let held = transaction.state().iam_group(name);
    let path = held.map_or("/", |held| &held.group.path);
    let target = transaction.state().iam_arn(
        "group",
        input.text("NewPath").unwrap_or(path),
        input.text("NewGroupName").unwrap_or(name),
    );
    needs.push(Need::new("iam:UpdateGroup", target.to_string()));
    Ok(needs)
}

/// The group by name, to be changed and put back.
pub(super) fn load(transaction: &Transaction, name: &str) -> Result<Group, Fault> {
    let held = transaction.state().iam_group(name);
    let missing = || no_such_entity(format!("The group with name {name} cannot be found."));
    Ok(held.ok_or_else(missing)?.group.clone())
}

/// The users in a group, by name.
pub(super) fn members<'a>(state: &'a State, group: &'a str) -> impl Iterator<Item = &'a User> {
    let users = state.users().values().map(|held| &held.user);
    users.filter(move |user| user.groups.contains(group))
}

/// A group as answers show it.
pub(super) fn shown(state: &State, group: &Group) -> Record {
    let arn = state.iam_arn("group", &group.path, &group.name);
    Record::new()
        .with("Path", group.path.as_str())
        .with("GroupName", group.name.as_str())
        .with("GroupId", group.id.as_str())
        .with("Arn", arn.to_string())
        .with("CreateDate", group.created)
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = required(input, "GroupName")?;
    check_free(transaction.state(), name)?;
    if transaction.state().iam_groups().len() >= GROUPS_MAX {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for GroupsPerAccount: {GROUPS_MAX}"
        )));
    }
    let group = Group {
        name: name.to_owned(),
        path: path(input),
        id: ids::unique_id("AGPA", &mut transaction.entropy),
        created: transaction.now,
        inline: InlinePolicies::new(),
        attached: Vec::new(),
    };
    let shown = shown(transaction.state(), &group);
    transaction.put(Entity::Group(group))?;
    Ok(Record::new().with("Group", shown))
}

fn check_free(state: &State, name: &str) -> Result<(), Fault> {
    if state.iam_groups().contains_key(&name.to_lowercase()) {
        let message = format!("Group with name {name} already exists.");
        return Err(already_exists(message));
    }
    Ok(())
}

/// The group, and a page of the users in it.
fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let group = load(transaction, required(input, "GroupName")?)?;
    let state = transaction.state();
    let page = page(
        input,
        "Users",
        members(state, &group.name),
        |user| user.name.to_lowercase(),
        |user| Value::from(users::listed(transaction, user)),
    )?;
    Ok(page.with("Group", shown(state, &group)))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let state = transaction.state();
    let groups = state.iam_groups().values().map(|held| &held.group);
    let groups = groups.filter(|group| group.path.starts_with(prefix));
    listed(state, input, groups)
}

fn list_for_user(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let user = users::load(transaction, required(input, "UserName")?)?;
    let state = transaction.state();
    let mut groups: Vec<&Group> = of_user(state, &user).collect();
    groups.sort_by_key(|group| group.name.to_lowercase());
    listed(state, input, groups.into_iter())
}

/// The groups that a user is in.
pub(super) fn of_user<'a>(state: &'a State, user: &'a User) -> impl Iterator<Item = &'a Group> {
    let held = user.groups.iter().filter_map(|name| state.iam_group(name));
    held.map(|held| &held.group)
}

fn listed<'a>(
    state: &State,
    input: &Record,
    groups: impl Iterator<Item = &'a Group>,
) -> Result<Record, Fault> {
    let page = cut(input, groups, |group| group.name.to_lowercase())?;
    let shown = page.items.iter().map(|group| shown(state, group));
    Ok(Record::new()
        .with("Groups", shown.collect::<Value>())
        .with("IsTruncated", page.marker.is_some())
        .with_some("Marker", page.marker))
}

/// Another name or path. Who is in it stays in it.
fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, required(input, "GroupName")?)?;
    if let Some(path) = input.text("NewPath") {
        path.clone_into(&mut group.path);
    }
    let Some(name) = input
        .text("NewGroupName")
        .filter(|name| *name != group.name)
    else {
        transaction.put(Entity::Group(group))?;
        return Ok(Record::new());
    };
    // In other letters it is the same place.
    if name.to_lowercase() != group.name.to_lowercase() {
        check_free(transaction.state(), name)?;
    }
    let users: Vec<User> = members(transaction.state(), &group.name).cloned().collect();
    let old = std::mem::replace(&mut group.name, name.to_owned());
    transaction.delete(crate::entity::Key::Group(old.to_lowercase()))?;
    transaction.put(Entity::Group(group))?;
    for mut user in users {
        user.groups.remove(&old);
        user.groups.insert(name.to_owned());
        transaction.put(Entity::User(user))?;
    }
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let group = load(transaction, required(input, "GroupName")?)?;
    if members(transaction.state(), &group.name).next().is_some() {
        return Err(delete_conflict(
            "Cannot delete entity, must remove users from group first.",
        ));
    }
    if !group.attached.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    if !group.inline.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    transaction.delete(Entity::Group(group).key())?;
    Ok(Record::new())
}

/// Who is in it already stays in it: no error.
fn add_user(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let group = load(transaction, required(input, "GroupName")?)?;
    let mut user = users::load(transaction, required(input, "UserName")?)?;
    if user.groups.contains(&group.name) {
        return Ok(Record::new());
    }
    if user.groups.len() >= GROUPS_PER_USER_MAX {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for GroupsPerUser: {GROUPS_PER_USER_MAX}"
        )));
    }
    user.groups.insert(group.name);
    transaction.put(Entity::User(user))?;
    Ok(Record::new())
}

/// Who is not in it stays out of it: no error.
fn remove_user(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let group = load(transaction, required(input, "GroupName")?)?;
    let mut user = users::load(transaction, required(input, "UserName")?)?;
    if user.groups.remove(&group.name) {
        transaction.put(Entity::User(user))?;
    }
    Ok(Record::new())
}

// Source: IAM User Guide, "IAM and STS quotas".
pub(super) const GROUPS_MAX: usize = 300;
pub(super) const GROUPS_PER_USER_MAX: usize = 10;
