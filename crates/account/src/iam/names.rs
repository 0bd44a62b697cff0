//! Paths and ARNs of what IAM holds.

use protocol::Record;

use crate::transaction::Transaction;

/// The path asked for; IAM's default is the root.
pub(super) fn path(input: &Record) -> String {
    input.text("Path").unwrap_or("/").to_owned()
}

/// ARN of a role, user or group by name; its path is part of it, if there is such an entity.
pub(super) fn role_arn(transaction: &Transaction, name: &str) -> String {
    let state = transaction.state();
    let path = state.role(name).map_or("/", |held| held.role.path.as_str());
    state.iam_arn("role", path, name).to_string()
}

pub(super) fn user_arn(transaction: &Transaction, name: &str) -> String {
    let state = transaction.state();
    let path = state.user(name).map_or("/", |held| held.user.path.as_str());
    state.iam_arn("user", path, name).to_string()
}

pub(super) fn group_arn(transaction: &Transaction, name: &str) -> String {
    let state = transaction.state();
    let held = state.iam_group(name);
    let path = held.map_or("/", |held| held.group.path.as_str());
    state.iam_arn("group", path, name).to_string()
}

pub(super) fn profile_arn(transaction: &Transaction, name: &str) -> String {
    let state = transaction.state();
    let path = state
        .profile(name)
        .map_or("/", |profile| profile.path.as_str());
    state.iam_arn("instance-profile", path, name).to_string()
}
