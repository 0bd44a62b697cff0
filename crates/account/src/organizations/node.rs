//! What has tags and a place in an organization: its root, a unit, an account, a policy.

use super::tree::Tree;
use crate::entity::{
    Attachments, ControlPolicy, Entity, MemberAccount, Organization, OrganizationalUnit, Tag,
};

/// One of them, to be read or changed.
pub(super) enum Node {
    Root(Organization),
    Unit(OrganizationalUnit),
    Account(MemberAccount),
    Policy(ControlPolicy),
}

impl Node {
    pub(super) fn find(tree: Tree<'_>, id: &str) -> Option<Self> {
        Self::target(tree, id).or_else(|| {
            let held = tree.held.policies().get(id)?;
            Some(Self::Policy(held.policy.clone()))
        })
    }

    /// What policies are attached to.
    pub(super) fn target(tree: Tree<'_>, id: &str) -> Option<Self> {
        if let Some(parent) = Self::parent(tree, id) {
            return Some(parent);
        }
        let member = tree.held.member(id)?;
        Some(Self::Account((**member).clone()))
    }

    /// What others stand in.
    pub(super) fn parent(tree: Tree<'_>, id: &str) -> Option<Self> {
        if id == tree.record.root_id {
            return Some(Self::Root(tree.record.clone()));
        }
        let unit = tree.held.unit(id)?;
        Some(Self::Unit((**unit).clone()))
    }

    /// All that policies may be attached to, from the root down.
    pub(super) fn targets(tree: Tree<'_>) -> impl Iterator<Item = Self> {
        let units = tree.held.units().values();
        let members = tree.held.members().values();
        std::iter::once(Self::Root(tree.record.clone()))
            .chain(units.map(|unit| Self::Unit((**unit).clone())))
            .chain(members.map(|member| Self::Account((**member).clone())))
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Root(it) => &it.root_id,
            Self::Unit(it) => &it.id,
            Self::Account(it) => &it.id,
            Self::Policy(it) => &it.id,
        }
    }

    /// As the API spells it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Root(_) => "ROOT",
            Self::Unit(_) => "ORGANIZATIONAL_UNIT",
            Self::Account(_) => "ACCOUNT",
            Self::Policy(_) => "POLICY",
        }
    }

    pub(super) fn tags(&self) -> &[Tag] {
        match self {
            Self::Root(it) => &it.tags,
            Self::Unit(it) => &it.tags,
            Self::Account(it) => &it.tags,
            Self::Policy(it) => &it.tags,
        }
    }

    pub(super) fn tags_mut(&mut self) -> &mut Vec<Tag> {
        match self {
            Self::Root(it) => &mut it.tags,
            Self::Unit(it) => &mut it.tags,
            Self::Account(it) => &mut it.tags,
            Self::Policy(it) => &mut it.tags,
        }
    }

    /// What is attached to it; nothing is to a policy.
    pub(super) fn attached(&self) -> Option<&Attachments> {
        match self {
            Self::Root(it) => Some(&it.attached),
            Self::Unit(it) => Some(&it.attached),
            Self::Account(it) => Some(&it.attached),
            Self::Policy(_) => None,
        }
    }

    pub(super) fn attached_mut(&mut self) -> Option<&mut Attachments> {
        match self {
            Self::Root(it) => Some(&mut it.attached),
            Self::Unit(it) => Some(&mut it.attached),
            Self::Account(it) => Some(&mut it.attached),
            Self::Policy(_) => None,
        }
    }

    pub(super) fn into_entity(self) -> Entity {
        match self {
            Self::Root(it) => Entity::Organization(it),
            Self::Unit(it) => Entity::OrganizationalUnit(it),
            Self::Account(it) => Entity::MemberAccount(it),
            Self::Policy(it) => Entity::ControlPolicy(it),
        }
    }
}
