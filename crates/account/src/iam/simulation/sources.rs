//! The policies of a simulation: those of a principal, and those that are given with the call.

use std::sync::Arc;

use policy::{Kind, Pattern, Policy};
use protocol::{Fault, Record};

use super::super::faults::no_such_entity;
use super::super::managed_policies;
use super::{invalid, read};
use crate::entity::{ControlType, InlinePolicies, Tag, User};
use crate::state::{HeldControlPolicy, State, aws_managed};

/// A policy, and by what it is found again.
#[derive(Debug)]
pub(super) struct Source {
    /// As results name it.
    pub(super) id: String,
    pub(super) text: String,
    pub(super) policy: Policy,
    of: Of,
}

/// Where a policy comes from.
#[derive(Debug)]
enum Of {
    Call,
    /// By ARN.
    Managed(String),
    Inline {
        /// `user`, `group` or `role`.
        kind: &'static str,
        owner: String,
        name: String,
    },
}

impl Source {
    pub(super) fn read(id: String, text: &str, kind: Kind) -> Result<Self, Fault> {
        Ok(Self {
            id,
            text: text.to_owned(),
            policy: read(text, kind)?,
            of: Of::Call,
        })
    }

    fn inline(kind: &'static str, owner: &str, name: &str, text: &str) -> Result<Self, Fault> {
        let mut source = Self::read(format!("{kind}_{owner}_{name}"), text, Kind::Identity)?;
        source.of = Of::Inline {
            kind,
            owner: owner.to_owned(),
            name: name.to_owned(),
        };
        Ok(source)
    }

    fn managed(state: &State, arn: &str) -> Result<Self, Fault> {
        let held = state.policy(arn);
        let held = held.ok_or_else(|| managed_policies::missing(arn))?;
        let version = held.policy.default();
        let text = version.map_or("", |version| version.document.as_str());
        let mut source = Self::read(held.policy.name.clone(), text, Kind::Identity)?;
        source.of = Of::Managed(arn.to_owned());
        Ok(source)
    }
}

/// The policies of a list of the call's.
pub(super) fn given(input: &Record, list: &'static str, kind: Kind) -> Result<Vec<Source>, Fault> {
    let texts = input.texts(list).enumerate();
    let read = |(index, text)| Source::read(format!("{list}.{}", index + 1), text, kind);
    texts.map(read).collect()
}

/// "The maximum number of policies that you can specify is one": it stands for the principal's own.
pub(super) fn given_boundary(input: &Record) -> Result<Option<Source>, Fault> {
    const LIST: &str = "PermissionsBoundaryPolicyInputList";
    let mut given = given(input, LIST, Kind::Identity)?;
    if given.len() > 1 {
        return Err(invalid(format!("{LIST} can have one policy.")));
    }
    Ok(given.pop())
}

/// Service control policies, level by level from the root of an organization.
pub(super) fn organization(input: &Record) -> Result<Vec<Vec<Source>>, Fault> {
    let levels = input.records("OrderedOrganizationPolicyInputList");
    let level =
        |level: &Record| given(level, "ServiceControlPolicyInputList", Kind::ServiceControl);
    levels.map(level).collect()
}

/// The same of the organization that an account is in. Levels that only allow everything are not
/// among them.
pub(super) fn organization_of(state: &State) -> Result<Vec<Vec<Source>>, Fault> {
    let Some(membership) = state.partition().membership(state.account_id()) else {
        return Ok(Vec::new());
    };
    let read = |held: &Arc<HeldControlPolicy>| {
        let id = held.policy.name.clone();
        Source::read(id, &held.policy.content, Kind::ServiceControl)
    };
    let levels = membership.levels(ControlType::Service).iter();
    levels
        .map(|level| level.iter().map(read).collect())
        .collect()
}

/// All that has a say beside the resource's own policy.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) identity: Vec<Source>,
    pub(super) boundary: Option<Source>,
    /// Service control policies, level by level.
    pub(super) organization: Vec<Vec<Source>>,
}

impl Sources {
    fn add(
        &mut self,
        state: &State,
        (kind, owner): (&'static str, &str),
        attached: &[String],
        inline: &InlinePolicies,
    ) -> Result<(), Fault> {
        for arn in attached {
            self.identity.push(Source::managed(state, arn)?);
        }
        for (name, text) in inline {
            self.identity.push(Source::inline(kind, owner, name, text)?);
        }
        Ok(())
    }

    fn limit(&mut self, state: &State, boundary: Option<&String>) -> Result<(), Fault> {
        let boundary = boundary.map(|arn| Source::managed(state, arn));
        self.boundary = boundary.transpose()?;
        Ok(())
    }
}

/// Kind and name of a principal of this account.
fn named<'a>(state: &State, arn: &'a str) -> Option<(&'a str, &'a str)> {
    let prefix = format!("arn:aws:iam::{}:", state.account_id());
    let (kind, rest) = arn.strip_prefix(&prefix)?.split_once('/')?;
    Some((kind, rest.rsplit('/').next().unwrap_or(rest)))
}

/// The user that an ARN names, if it is one of this account.
pub(super) fn user<'a>(state: &'a State, arn: &str) -> Option<&'a User> {
    let (kind, name) = named(state, arn)?;
    let held = state.user(name).filter(|_| kind == "user")?;
    let own = state.iam_arn("user", &held.user.path, name);
    (own.as_str() == arn).then_some(&held.user)
}

/// The tags of the user or role that an ARN names.
pub(super) fn tags(state: &State, arn: &str) -> Vec<Tag> {
    let tags = match named(state, arn) {
        Some(("user", name)) => state.user(name).map(|held| &held.user.tags),
        Some(("role", name)) => state.role(name).map(|held| &held.role.tags),
        _ => None,
    };
    tags.cloned().unwrap_or_default()
}

/// The policies of a user with those of its groups, of a group, or of a role.
pub(super) fn of_principal(state: &State, arn: &str) -> Result<Sources, Fault> {
    let mut all = Sources::default();
    let Some((kind, name)) = named(state, arn) else {
        return Err(invalid(format!("Invalid Entity Arn: {arn}")));
    };
    let is = |path: &str| state.iam_arn(kind, path, name).as_str() == arn;
    match kind {
        "user" => {
            let held = state.user(name).filter(|held| is(&held.user.path));
            let user = &held.ok_or_else(|| missing("user", name))?.user;
            all.add(state, ("user", name), &user.attached, &user.inline)?;
            for group in super::super::groups::of_user(state, user) {
                all.add(
                    state,
                    ("group", &group.name),
                    &group.attached,
                    &group.inline,
                )?;
            }
            all.limit(state, user.boundary.as_ref())?;
        }
        "group" => {
            let held = state.iam_group(name).filter(|held| is(&held.group.path));
            let group = &held.ok_or_else(|| missing("group", name))?.group;
            all.add(state, ("group", name), &group.attached, &group.inline)?;
        }
        "role" => {
            let held = state.role(name).filter(|held| is(&held.role.path));
            let role = &held.ok_or_else(|| missing("role", name))?.role;
            all.add(state, ("role", name), &role.attached, &role.inline)?;
            all.limit(state, role.boundary.as_ref())?;
        }
        _ => return Err(invalid(format!("Invalid Entity Arn: {arn}"))),
    }
    Ok(all)
}

fn missing(noun: &str, name: &str) -> Fault {
    no_such_entity(format!("The {noun} with name {name} cannot be found."))
}

/// Leaves out what `PolicyExclusionList` names. A name of nothing leaves out nothing.
pub(super) fn exclude(held: &mut Sources, input: &Record) -> Result<(), Fault> {
    for excluded in input.records("PolicyExclusionList") {
        match Excluded::read(excluded)? {
            Excluded::Boundary => held.boundary = None,
            excluded => held.identity.retain(|source| !excluded.has(&source.of)),
        }
    }
    Ok(())
}

/// What one identifier names.
enum Excluded {
    Inline,
    Managed {
        by_aws: bool,
    },
    Boundary,
    Arn(Pattern),
    InlineOf {
        kind: String,
        owner: Pattern,
        name: String,
    },
}

impl Excluded {
    /// One of its members is given, and no other.
    fn read(identifier: &Record) -> Result<Self, Fault> {
        let inline = identifier.record("InlinePolicyIdentifier");
        match (
            identifier.text("PolicyType"),
            identifier.text("PolicyArn"),
            inline,
        ) {
            (Some(kind), None, None) => Ok(match kind {
                "inline" => Self::Inline,
                "aws-managed" => Self::Managed { by_aws: true },
                "user-managed" => Self::Managed { by_aws: false },
                "permission-boundary" => Self::Boundary,
                other => {
                    let message = format!("This server does not support the policy type {other}.");
                    return Err(invalid(message));
                }
            }),
            (None, Some(arn), None) if is_policy(arn) => Ok(Self::Arn(Pattern::new(arn))),
            (None, Some(arn), None) => Err(invalid(format!("Invalid policy ARN: {arn}"))),
            (None, None, Some(of)) => {
                let text = |member| of.text(member).unwrap_or_default();
                Ok(Self::InlineOf {
                    kind: text("AttachmentType").to_owned(),
                    owner: Pattern::new(text("AttachmentName")),
                    name: text("PolicyName").to_owned(),
                })
            }
            _ => Err(invalid(
                "A policy identifier must have exactly one of PolicyType, PolicyArn and \
                 InlinePolicyIdentifier.",
            )),
        }
    }

    fn has(&self, of: &Of) -> bool {
        match (self, of) {
            (Self::Inline, Of::Inline { .. }) => true,
            (Self::Managed { by_aws }, Of::Managed(arn)) => aws_managed::is_awss(arn) == *by_aws,
            (Self::Arn(pattern), Of::Managed(arn)) => pattern.matches(arn),
            (
                Self::InlineOf { kind, owner, name },
                Of::Inline {
                    kind: of_kind,
                    owner: of_owner,
                    name: of_name,
                },
            ) => kind == of_kind && owner.matches(of_owner) && name == of_name,
            _ => false,
        }
    }
}

/// Wildcards stand in the name alone.
fn is_policy(arn: &str) -> bool {
    let parts = arn.split_once(":policy/");
    parts.is_some_and(|(head, name)| {
        head.starts_with("arn:aws:iam::") && !head.contains(['*', '?']) && !name.is_empty()
    })
}
