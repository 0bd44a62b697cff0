//! Tags of what is there already: to set, to take away, to list.

use protocol::{Fault, Record, Value};

use super::faults::limit_exceeded;
use super::managed_policies::{self, on_policy};
use super::pages::page;
use super::profiles::{self, on_profile};
use super::roles::{self, on_role};
use super::tags::{TAGS_MAX, tags};
use super::users::{self, on_user};
use crate::entity::{Entity, Tag};
use crate::gate::{Caller, Need};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "TagRole",
        needs: |t, _, i| Ok(tagging(on_role("iam:TagRole", t, i)?, i)),
        run: |t, c, i| tag(Of::Role, t, c, i),
    },
    Row {
        operation: "TagUser",
        needs: |t, c, i| Ok(tagging(on_user("iam:TagUser", t, c, i)?, i)),
        run: |t, c, i| tag(Of::User, t, c, i),
    },
    Row {
        operation: "TagPolicy",
        needs: |t, _, i| Ok(tagging(on_policy("iam:TagPolicy", t, i)?, i)),
        run: |t, c, i| tag(Of::Policy("iam:TagPolicy"), t, c, i),
    },
    Row {
        operation: "TagInstanceProfile",
        needs: |t, _, i| Ok(tagging(on_profile("iam:TagInstanceProfile", t, i)?, i)),
        run: |t, c, i| tag(Of::Profile, t, c, i),
    },
    Row {
        operation: "UntagRole",
        needs: |t, _, i| Ok(untagging(on_role("iam:UntagRole", t, i)?, i)),
        run: |t, c, i| untag(Of::Role, t, c, i),
    },
    Row {
        operation: "UntagUser",
        needs: |t, c, i| Ok(untagging(on_user("iam:UntagUser", t, c, i)?, i)),
        run: |t, c, i| untag(Of::User, t, c, i),
    },
    Row {
        operation: "UntagPolicy",
        needs: |t, _, i| Ok(untagging(on_policy("iam:UntagPolicy", t, i)?, i)),
        run: |t, c, i| untag(Of::Policy("iam:UntagPolicy"), t, c, i),
    },
    Row {
        operation: "UntagInstanceProfile",
        needs: |t, _, i| Ok(untagging(on_profile("iam:UntagInstanceProfile", t, i)?, i)),
        run: |t, c, i| untag(Of::Profile, t, c, i),
    },
    Row {
        operation: "ListRoleTags",
        needs: |t, _, i| on_role("iam:ListRoleTags", t, i),
        run: |t, _, i| list(&roles::load(t, required(i, "RoleName")?)?.tags, i),
    },
    Row {
        operation: "ListUserTags",
        needs: |t, c, i| on_user("iam:ListUserTags", t, c, i),
        run: |t, _, i| list(&users::load(t, required(i, "UserName")?)?.tags, i),
    },
    Row {
        operation: "ListPolicyTags",
        needs: |t, _, i| on_policy("iam:ListPolicyTags", t, i),
        run: |t, _, i| list(&managed_policies::load(t, i)?.tags, i),
    },
    Row {
        operation: "ListInstanceProfileTags",
        needs: |t, _, i| on_profile("iam:ListInstanceProfileTags", t, i),
        run: |t, _, i| list(&profiles::load(t, i)?.tags, i),
    },
];

fn tagging(needs: Vec<Need>, input: &Record) -> Vec<Need> {
    let needs = needs.into_iter();
    let with = |need: Need| need.requesting(input.records("Tags"));
    needs.map(with).collect()
}

fn untagging(needs: Vec<Need>, input: &Record) -> Vec<Need> {
    let keys: Vec<String> = input.texts("TagKeys").map(str::to_owned).collect();
    let needs = needs.into_iter();
    needs.map(|need| need.about_tags(keys.clone())).collect()
}

/// What has tags.
#[derive(Clone, Copy)]
enum Of {
    Role,
    User,
    /// With the action by which one of AWS's is refused.
    Policy(&'static str),
    Profile,
}

impl Of {
    fn load(
        self,
        transaction: &Transaction,
        caller: &Caller,
        input: &Record,
    ) -> Result<Entity, Fault> {
        match self {
            Self::Role => roles::load(transaction, required(input, "RoleName")?).map(Entity::Role),
            Self::User => users::load(transaction, required(input, "UserName")?).map(Entity::User),
            Self::Policy(action) => managed_policies::load_own(transaction, caller, action, input)
                .map(Entity::ManagedPolicy),
            Self::Profile => profiles::load(transaction, input).map(Entity::InstanceProfile),
        }
    }
}

fn tags_of(entity: &mut Entity) -> Option<&mut Vec<Tag>> {
    match entity {
        Entity::Role(role) => Some(&mut role.tags),
        Entity::User(user) => Some(&mut user.tags),
        Entity::ManagedPolicy(policy) => Some(&mut policy.tags),
        Entity::InstanceProfile(profile) => Some(&mut profile.tags),
        _ => None,
    }
}

/// Keys are the same in any case.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn tag(
    of: Of,
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut entity = of.load(transaction, caller, input)?;
    let new = tags(input)?;
    let Some(held) = tags_of(&mut entity) else {
        return Ok(Record::new());
    };
    held.retain(|tag| !new.iter().any(|new| is_same(&new.key, &tag.key)));
    held.extend(new);
    if held.len() > TAGS_MAX {
        let message = format!("The number of tags has reached the maximum limit of {TAGS_MAX}.");
        return Err(limit_exceeded(message));
    }
    transaction.put(entity)?;
    Ok(Record::new())
}

/// A key that there is none of is no error.
fn untag(
    of: Of,
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let mut entity = of.load(transaction, caller, input)?;
    if let Some(held) = tags_of(&mut entity) {
        held.retain(|tag| !input.texts("TagKeys").any(|gone| is_same(gone, &tag.key)));
        transaction.put(entity)?;
    }
    Ok(Record::new())
}

fn list(tags: &[Tag], input: &Record) -> Result<Record, Fault> {
    let mut tags: Vec<&Tag> = tags.iter().collect();
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    page(
        input,
        "Tags",
        tags.into_iter(),
        |tag| tag.key.clone(),
        |tag| {
            let shown = Record::new().with("Key", tag.key.as_str());
            Value::from(shown.with("Value", tag.value.as_str()))
        },
    )
}
