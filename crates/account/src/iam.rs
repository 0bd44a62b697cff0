//! IAM: roles, users, policies and what binds them.
//!
//! Source of behaviour and messages: IAM API Reference; quotas: IAM User Guide, "IAM and STS
//! quotas". Shapes have been checked before a handler runs.

mod access_keys;
mod attachments;
mod inline;
mod managed_policies;
mod owner;
mod profiles;
mod roles;
mod users;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Kind, Policy};
use protocol::{Arn, Fault, Record, Value};

pub(crate) use self::profiles::pass_role;
use crate::entity::Tag;
use crate::gate::Need;
use crate::operations::Row;
use crate::state::State;
use crate::transaction::Transaction;

pub(crate) static ROWS: &[&[Row]] = &[
    roles::ROWS,
    users::ROWS,
    access_keys::ROWS,
    managed_policies::ROWS,
    attachments::ROWS,
    inline::ROWS,
    profiles::ROWS,
];

/// To make something, and to tag it where tags are given with it.
fn creating(
    action: &'static str,
    tag_action: &'static str,
    arn: &str,
    input: &Record,
) -> Vec<Need> {
    let need = |action| Need::new(action, arn).requesting(input.records("Tags"));
    let tagging = (!input.list("Tags").is_empty()).then(|| need(tag_action));
    [need(action)].into_iter().chain(tagging).collect()
}

fn no_such_entity(message: String) -> Fault {
    Fault::new("NoSuchEntity", message).status(404)
}

fn already_exists(message: String) -> Fault {
    Fault::new("EntityAlreadyExists", message).status(409)
}

fn delete_conflict(message: &'static str) -> Fault {
    Fault::new("DeleteConflict", message).status(409)
}

fn limit_exceeded(message: String) -> Fault {
    Fault::new("LimitExceeded", message).status(409)
}

/// Refuses members that would be silently without effect.
fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(Fault::new(
            "InvalidInput",
            format!("This server does not support {member}."),
        )),
        None => Ok(()),
    }
}

/// The path asked for; IAM's default is the root.
fn path(input: &Record) -> String {
    input.text("Path").unwrap_or("/").to_owned()
}

/// Parses a document before it is stored, so that nothing stored fails later.
fn check_document(text: &str, kind: Kind) -> Result<Policy, Fault> {
    Policy::parse(text, kind).map_err(|error| {
        if error.is_over_quota() {
            limit_exceeded(error.message)
        } else {
            Fault::new("MalformedPolicyDocument", error.to_string())
        }
    })
}

/// A trust policy whose users and roles of this account are there. Those of other accounts cannot
/// be looked up.
fn check_trust(transaction: &Transaction<'_>, text: &str) -> Result<(), Fault> {
    let policy = check_document(text, Kind::Trust)?;
    match policy
        .principal_arns()
        .find(|arn| !is_known(transaction.state(), arn))
    {
        Some(arn) => Err(Fault::new(
            "MalformedPolicyDocument",
            format!("Invalid principal in policy: \"AWS\":\"{arn}\""),
        )),
        None => Ok(()),
    }
}

/// Whether a principal of a policy exists, as far as this account can tell.
fn is_known(state: &State, principal: &str) -> bool {
    let Some(arn) = Arn::parse(principal) else {
        return false;
    };
    if arn.account() != state.account_id() {
        return true;
    }
    let Some((kind, rest)) = arn.resource().split_once('/') else {
        return false;
    };
    let name = rest.rsplit('/').next().unwrap_or_default();
    let is = |kind, path: &str| state.iam_arn(kind, path, name).as_str() == principal;
    match kind {
        "user" => state
            .user(name)
            .is_some_and(|held| is(kind, &held.user.path)),
        "role" => state
            .role(name)
            .is_some_and(|held| is(kind, &held.role.path)),
        "assumed-role" => rest
            .split_once('/')
            .is_some_and(|(role, _)| state.role(role).is_some()),
        // Federated users are whoever their sessions say.
        _ => true,
    }
}

/// IAM does not count white space.
fn characters(text: &str) -> usize {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .count()
}

/// IAM answers with documents percent-encoded (RFC 3986).
fn encoded_document(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED_KEPT).to_string()
}

fn tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in input.records("Tags") {
        let (Some(key), Some(value)) = (tag.text("Key"), tag.text("Value")) else {
            continue;
        };
        if is_reserved(key) {
            let message = format!("Tag key {key} must not begin with the reserved prefix aws:.");
            return Err(Fault::new("InvalidInput", message));
        }
        if tags
            .iter()
            .any(|known| known.key.to_lowercase() == key.to_lowercase())
        {
            let message =
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(Fault::new("InvalidInput", message));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    if tags.len() > TAGS_MAX {
        let message = format!("The number of tags has reached the maximum limit of {TAGS_MAX}.");
        return Err(limit_exceeded(message));
    }
    Ok(tags)
}

/// Keys with this prefix, in any case, are for AWS alone.
fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// Left out where there are none, as IAM does.
fn tag_list(tags: &[Tag]) -> Option<Value> {
    let records = tags.iter().map(|tag| {
        Record::new()
            .with("Key", tag.key.as_str())
            .with("Value", tag.value.as_str())
    });
    (!tags.is_empty()).then(|| records.collect())
}

/// One page of a listing, in the listing's order, by `Marker` and `MaxItems`.
///
/// `name` gives what a marker remembers; it must grow along the listing.
fn page<T>(
    input: &Record,
    member: &'static str,
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Value,
) -> Result<Record, Fault> {
    let max = input
        .integer("MaxItems")
        .and_then(|max| usize::try_from(max).ok());
    let max = max.unwrap_or(PAGE_ITEMS);
    let after = input.text("Marker").map(unmark).transpose()?;
    let mut rest =
        items.skip_while(|item| after.as_ref().is_some_and(|after| name(item) <= *after));
    let shown: Vec<T> = rest.by_ref().take(max).collect();
    let truncated = rest.next().is_some();
    let marker = shown
        .last()
        .filter(|_| truncated)
        .map(|last| mark(&name(last)));
    Ok(Record::new()
        .with(member, shown.iter().map(show).collect::<Vec<Value>>())
        .with("IsTruncated", truncated)
        .with_some("Marker", marker))
}

fn mark(name: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(name)
}

fn unmark(marker: &str) -> Result<String, Fault> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(marker)
        .ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Fault::new("ValidationError", "Invalid Marker"))
}

/// ARN of a role or user by name; its path is part of it, if there is such an entity.
fn role_arn(transaction: &Transaction<'_>, name: &str) -> String {
    let state = transaction.state();
    let path = state.role(name).map_or("/", |held| held.role.path.as_str());
    state.iam_arn("role", path, name).to_string()
}

fn user_arn(transaction: &Transaction<'_>, name: &str) -> String {
    let state = transaction.state();
    let path = state.user(name).map_or("/", |held| held.user.path.as_str());
    state.iam_arn("user", path, name).to_string()
}

fn profile_arn(transaction: &Transaction<'_>, name: &str) -> String {
    let state = transaction.state();
    let path = state
        .profile(name)
        .map_or("/", |profile| profile.path.as_str());
    state.iam_arn("instance-profile", path, name).to_string()
}

const UNRESERVED_KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const PAGE_ITEMS: usize = 100;
const TAGS_MAX: usize = 50;
/// Roles, users, policies and profiles can be told apart by their tags.
const OWN_TAG: &str = "iam:ResourceTag";

#[cfg(test)]
mod tests;
