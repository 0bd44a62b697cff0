//! An organization as its management account holds it, and what it means for each of its accounts.
//!
//! A [`Membership`] is made anew when something on an account's way to the root changes, so that a
//! call finds the levels of policies that limit it ready.

use std::sync::{Arc, LazyLock};

use imbl::OrdMap;
use policy::{Kind, Policy};

use super::StateError;
use super::held::compile;
use crate::entity::{
    AccountRequest, Attached, Attachments, ControlPolicy, ControlType, Entity, EntityError,
    Handshake, Key, MemberAccount, Organization, OrganizationalUnit,
};

/// What an account has of the organization that it manages.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldOrganization {
    record: Option<Arc<Organization>>,
    units: OrdMap<String, Arc<OrganizationalUnit>>,
    policies: OrdMap<String, Arc<HeldControlPolicy>>,
    members: OrdMap<String, Arc<MemberAccount>>,
    requests: OrdMap<String, Arc<AccountRequest>>,
    handshakes: OrdMap<String, Arc<Handshake>>,
}

/// A control policy, compiled.
#[derive(Debug)]
pub(crate) struct HeldControlPolicy {
    pub(crate) policy: ControlPolicy,
    pub(crate) compiled: Policy,
}

/// What it means for an account to be in an organization.
#[derive(Debug)]
pub(crate) struct Membership {
    /// The account that manages the organization.
    pub(crate) management: String,
    /// `o-…`
    pub(crate) organization: String,
    /// As `aws:PrincipalOrgPaths` has it: `o-…/r-…/ou-…/`.
    pub(crate) path: String,
    /// Whether nothing is answered for the account any more.
    pub(crate) is_closed: bool,
    service: Vec<Level>,
    resource: Vec<Level>,
}

/// The policies of one type that are attached to one step of the way from the root.
pub(crate) type Level = Vec<Arc<HeldControlPolicy>>;

/// A step on the way from the root to an account.
#[derive(Clone, Copy)]
struct Step<'a> {
    id: &'a str,
    attached: &'a Attachments,
}

impl Membership {
    /// The levels that limit the account, from the root down; those that limit nothing are left
    /// out, and the management account has none.
    pub(crate) fn levels(&self, of: ControlType) -> &[Level] {
        match of {
            ControlType::Service => &self.service,
            ControlType::Resource => &self.resource,
        }
    }
}

impl HeldControlPolicy {
    fn new(policy: ControlPolicy) -> Result<Self, StateError> {
        let kind = kind_of(policy.of);
        let compiled = compile("organizations/policy", &policy.id, &policy.content, kind)?;
        Ok(Self { policy, compiled })
    }

    /// Whether AWS made it, and nobody may change it.
    pub(crate) fn is_aws_managed(&self) -> bool {
        AWS_MANAGED.contains(&self.policy.id.as_str())
    }
}

/// How policies of a type are read.
pub(crate) fn kind_of(of: ControlType) -> Kind {
    match of {
        ControlType::Service => Kind::ServiceControl,
        ControlType::Resource => Kind::ResourceControl,
    }
}

/// AWS's policy of a type, which allows everything and is attached to whatever nobody detached it
/// from.
pub(crate) fn default_policy(of: ControlType) -> Option<&'static Arc<HeldControlPolicy>> {
    static SERVICE: LazyLock<Option<Arc<HeldControlPolicy>>> = LazyLock::new(|| {
        let content = concat!(
            r#"{"Version":"2012-10-17","Statement":"#,
            r#"[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        );
        aws_managed(FULL_ACCESS, "FullAWSAccess", ControlType::Service, content)
    });
    static RESOURCE: LazyLock<Option<Arc<HeldControlPolicy>>> = LazyLock::new(|| {
        let content = concat!(
            r#"{"Version":"2012-10-17","Statement":"#,
            r#"[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#
        );
        let (id, name) = (RCP_FULL_ACCESS, "RCPFullAWSAccess");
        aws_managed(id, name, ControlType::Resource, content)
    });
    match of {
        ControlType::Service => SERVICE.as_ref(),
        ControlType::Resource => RESOURCE.as_ref(),
    }
}

fn aws_managed(
    id: &str,
    name: &str,
    of: ControlType,
    content: &str,
) -> Option<Arc<HeldControlPolicy>> {
    let kind = of.as_str().to_lowercase();
    let policy = ControlPolicy {
        id: id.to_owned(),
        arn: format!("arn:aws:organizations::aws:policy/{kind}/{id}"),
        name: name.to_owned(),
        description: "Allows access to every operation".to_owned(),
        of,
        content: content.to_owned(),
        tags: Vec::new(),
    };
    HeldControlPolicy::new(policy).ok().map(Arc::new)
}

impl HeldOrganization {
    pub(crate) fn record(&self) -> Option<&Arc<Organization>> {
        self.record.as_ref()
    }

    pub(crate) fn unit(&self, id: &str) -> Option<&Arc<OrganizationalUnit>> {
        self.units.get(id)
    }

    pub(crate) fn units(&self) -> &OrdMap<String, Arc<OrganizationalUnit>> {
        &self.units
    }

    /// A policy of the organization's own or of AWS's.
    pub(crate) fn policy(&self, id: &str) -> Option<&Arc<HeldControlPolicy>> {
        let of_aws = || {
            let mut defaults = ControlType::ALL.into_iter().filter_map(default_policy);
            defaults.find(|held| held.policy.id == id)
        };
        self.policies.get(id).or_else(of_aws)
    }

    /// The organization's own policies.
    pub(crate) fn policies(&self) -> &OrdMap<String, Arc<HeldControlPolicy>> {
        &self.policies
    }

    pub(crate) fn member(&self, id: &str) -> Option<&Arc<MemberAccount>> {
        self.members.get(id)
    }

    pub(crate) fn members(&self) -> &OrdMap<String, Arc<MemberAccount>> {
        &self.members
    }

    pub(crate) fn requests(&self) -> &OrdMap<String, Arc<AccountRequest>> {
        &self.requests
    }

    pub(crate) fn handshakes(&self) -> &OrdMap<String, Arc<Handshake>> {
        &self.handshakes
    }

    pub(super) fn put(&mut self, key: Key, entity: Entity) -> Result<(), StateError> {
        match (key, entity) {
            (Key::Organization(_), Entity::Organization(it)) => self.record = Some(Arc::new(it)),
            (Key::OrganizationalUnit(at), Entity::OrganizationalUnit(it)) => {
                self.units.insert(at, Arc::new(it));
            }
            (Key::ControlPolicy(at), Entity::ControlPolicy(it)) => {
                self.policies
                    .insert(at, Arc::new(HeldControlPolicy::new(it)?));
            }
            (Key::MemberAccount(at), Entity::MemberAccount(it)) => {
                self.members.insert(at, Arc::new(it));
            }
            (Key::AccountRequest(at), Entity::AccountRequest(it)) => {
                self.requests.insert(at, Arc::new(it));
            }
            (Key::Handshake(at), Entity::Handshake(it)) => {
                self.handshakes.insert(at, Arc::new(it));
            }
            (key, _) => return Err(EntityError::UnknownKey(key.to_string()).into()),
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &Key) {
        match key {
            Key::Organization(_) => self.record = None,
            Key::OrganizationalUnit(at) => drop(self.units.remove(at)),
            Key::ControlPolicy(at) => drop(self.policies.remove(at)),
            Key::MemberAccount(at) => drop(self.members.remove(at)),
            Key::AccountRequest(at) => drop(self.requests.remove(at)),
            Key::Handshake(at) => drop(self.handshakes.remove(at)),
            _ => {}
        }
    }

    /// The memberships that are others after what stands at `key` was put.
    pub(super) fn memberships(
        &self,
        management: &str,
        key: &Key,
    ) -> Result<Vec<(String, Membership)>, StateError> {
        let made = |member: &Arc<MemberAccount>| {
            let membership = self.membership(management, member)?;
            Ok((member.id.clone(), membership))
        };
        match key {
            Key::MemberAccount(id) => self.members.get(id).into_iter().map(made).collect(),
            Key::Organization(_) | Key::OrganizationalUnit(_) | Key::ControlPolicy(_) => {
                self.members.values().map(made).collect()
            }
            _ => Ok(Vec::new()),
        }
    }

    fn membership(
        &self,
        management: &str,
        member: &MemberAccount,
    ) -> Result<Membership, StateError> {
        let orphan = || StateError::Orphan(Key::MemberAccount(member.id.clone()).to_string());
        let record = self.record.as_ref().ok_or_else(orphan)?;
        let mut steps = self.way_to(record, &member.parent).ok_or_else(orphan)?;
        let path = path_of(record, &steps);
        steps.push(Step {
            id: &member.id,
            attached: &member.attached,
        });
        let levels = |of: ControlType| {
            if member.id == management || !record.enabled.contains(&of) {
                return Some(Vec::new());
            }
            let attached = steps.iter().map(|step| step.attached.of(of));
            let limiting = attached.filter(|attached| attached.limits());
            limiting.map(|attached| self.level(of, attached)).collect()
        };
        Ok(Membership {
            management: management.to_owned(),
            organization: record.id.clone(),
            path,
            is_closed: member.closed.is_some(),
            service: levels(ControlType::Service).ok_or_else(orphan)?,
            resource: levels(ControlType::Resource).ok_or_else(orphan)?,
        })
    }

    /// From the root down to the root or unit of this id.
    fn way_to<'a>(&'a self, record: &'a Organization, id: &'a str) -> Option<Vec<Step<'a>>> {
        let mut steps = Vec::new();
        let mut at = id;
        while at != record.root_id {
            let unit = self.units.get(at)?;
            steps.push(Step {
                id: &unit.id,
                attached: &unit.attached,
            });
            at = &unit.parent;
            if steps.len() > UNIT_DEPTH_MAX {
                return None;
            }
        }
        steps.push(Step {
            id: &record.root_id,
            attached: &record.attached,
        });
        steps.reverse();
        Some(steps)
    }

    /// How many units there are from the root down to this one; the root is at 0.
    pub(crate) fn depth(&self, id: &str) -> Option<usize> {
        let record = self.record.as_ref()?;
        self.way_to(record, id).map(|steps| steps.len() - 1)
    }

    /// The ids from the root down to this root or unit.
    pub(crate) fn path(&self, id: &str) -> Option<String> {
        let record = self.record.as_ref()?;
        let steps = self.way_to(record, id)?;
        Some(path_of(record, &steps))
    }

    /// `None` where a policy is not there: a level without it would limit less.
    fn level(&self, of: ControlType, attached: &Attached) -> Option<Level> {
        let own = attached.policies.iter().map(|id| self.policies.get(id));
        let default = (!attached.without_default).then(|| default_policy(of));
        default
            .into_iter()
            .chain(own)
            .map(Option::<&_>::cloned)
            .collect()
    }
}

/// `o-…/r-…/ou-…/`
fn path_of(record: &Organization, steps: &[Step<'_>]) -> String {
    steps
        .iter()
        .fold(format!("{}/", record.id), |path, step| path + step.id + "/")
}

impl Attached {
    /// Whether there is more than what allows everything.
    fn limits(&self) -> bool {
        self.without_default || !self.policies.is_empty()
    }
}

/// Units below each other. Source: AWS Organizations User Guide, "Quotas".
pub(crate) const UNIT_DEPTH_MAX: usize = 5;
pub(crate) const FULL_ACCESS: &str = "p-FullAWSAccess";
pub(crate) const RCP_FULL_ACCESS: &str = "p-RCPFullAWSAccess";
const AWS_MANAGED: &[&str] = &[FULL_ACCESS, RCP_FULL_ACCESS];
