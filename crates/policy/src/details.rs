//! The users and roles of an account with all the policies that are theirs, compiled once and
//! shared. Knows no API and no file: names and documents are handed in.
//!
//! What cannot be understood is kept as the error that it is, and every question in which it has a
//! say is answered with that error: never as if it were not there.
//!
//! Source: IAM API Reference, `GetAccountAuthorizationDetails`.

use std::collections::BTreeMap;

use crate::context::Context;
use crate::decide::{Applied, ResourceRule};
use crate::document::Kind;
use crate::error::ParseError;
use crate::known::{Known, Subject};
use crate::policy::Policy;
use crate::principal::Principal;

/// What an account knows of its users and roles, and of resources' own policies.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationDetails {
    // By ARN.
    managed: BTreeMap<Box<str>, Document>,
    // By name.
    groups: BTreeMap<Box<str>, Attachments>,
    // By ARN.
    entities: BTreeMap<Box<str>, Entity>,
    // By the resource's ARN.
    resources: BTreeMap<Box<str>, Document>,
    service_control: Vec<Vec<Document>>,
    resource_control: Vec<Vec<Document>>,
}

/// A policy as far as it can be understood, and the name by which reasons speak of it.
#[derive(Debug, Clone)]
pub struct Document {
    name: Box<str>,
    policy: Result<Policy, ParseError>,
}

/// The policies that a user, a group or a role has.
#[derive(Debug, Clone, Default)]
pub struct Attachments {
    /// ARNs of managed policies.
    pub managed: Vec<Box<str>>,
    /// Policies of its own.
    pub inline: Vec<Document>,
}

/// A user or a role.
#[derive(Debug, Clone)]
pub struct Entity {
    /// With its path.
    pub arn: Box<str>,
    /// `AIDA...` or `AROA...`, where it is known.
    pub unique_id: Option<Box<str>>,
    /// Keys and values.
    pub tags: Vec<(Box<str>, Box<str>)>,
    /// Its own policies.
    pub attachments: Attachments,
    /// Names of a user's groups.
    pub groups: Vec<Box<str>>,
    /// ARN of the managed policy that is its permissions boundary.
    pub boundary: Option<Box<str>>,
    /// A role's trust policy. What has none is a user.
    pub trust: Option<Document>,
}

/// The policies of one user or role.
#[derive(Debug, Clone, Default)]
pub struct Held<'a> {
    /// Its own and its groups'.
    pub identity: Vec<Applied<'a>>,
    /// Its permissions boundary.
    pub boundary: Option<Applied<'a>>,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// A policy that has a say cannot be understood.
    #[error("{name} cannot be understood: {error}")]
    Unreadable {
        /// Of the policy.
        name: String,
        /// What is wrong with it, and where in its own text.
        error: ParseError,
    },
    /// It is attached, and its text is not among the details.
    #[error("{name} is attached, and its document is not known")]
    Missing {
        /// ARN of the policy, or name of the group.
        name: String,
    },
    /// The resource's policy decides, and it is not known.
    #[error("the policy of {resource} decides, and it is not known")]
    ResourcePolicy {
        /// ARN of the resource.
        resource: String,
    },
}

impl Document {
    /// Reads the text of a policy of this kind, which somebody holds already.
    pub fn read(name: impl Into<Box<str>>, text: &str, kind: Kind) -> Document {
        Document {
            name: name.into(),
            policy: Policy::parse_held(text, kind),
        }
    }

    fn applied(&self) -> Result<Applied<'_>, Unknown> {
        match &self.policy {
            Ok(policy) => Ok(Applied {
                name: &self.name,
                policy,
            }),
            Err(error) => Err(Unknown::Unreadable {
                name: self.name.to_string(),
                error: error.clone(),
            }),
        }
    }
}

impl Entity {
    /// Whether it is a role; it is a user otherwise.
    pub fn is_role(&self) -> bool {
        self.trust.is_some()
    }

    /// The name at the end of its ARN.
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    /// Its account, 12 digits.
    pub fn account(&self) -> &str {
        account_of(&self.arn)
    }

    /// The caller that it is; for a role, in the session of this ARN.
    pub fn principal<'a>(&'a self, session_arn: &'a str) -> Principal<'a> {
        let (account, unique_id) = (self.account(), self.unique_id.as_deref());
        if self.is_role() {
            Principal::Session {
                account,
                role_arn: &self.arn,
                session_arn,
                unique_id,
            }
        } else {
            Principal::User {
                account,
                arn: &self.arn,
                unique_id,
            }
        }
    }

    /// The same before a request is made: a role stands for all its sessions.
    pub fn subject(&self) -> Subject<'_> {
        if self.is_role() {
            Subject::Role {
                account: self.account(),
                role_arn: &self.arn,
                unique_id: self.unique_id.as_deref(),
            }
        } else {
            Subject::Exactly(self.principal(""))
        }
    }

    /// What is known of the condition keys of all its requests. A session may bring tags of its
    /// own, in place of its role's too.
    pub fn known(&self) -> Known {
        let known = Known::of(&self.subject());
        if self.is_role() {
            return known;
        }
        let tag = |known: Known, (key, value): &(Box<str>, Box<str>)| {
            known.with(&format!("aws:PrincipalTag/{key}"), &**value)
        };
        let known = self.tags.iter().fold(known, tag);
        known.without_prefix("aws:PrincipalTag/")
    }

    /// The condition keys that are known of it, whatever it calls.
    pub fn context(&self) -> Context {
        let context = Context::new()
            .with("aws:PrincipalArn", &*self.arn)
            .with("aws:PrincipalAccount", self.account())
            .with("aws:PrincipalIsAWSService", false)
            .with("aws:ViaAWSService", false);
        let context = if self.is_role() {
            context.with("aws:PrincipalType", "AssumedRole")
        } else {
            let context = match &self.unique_id {
                Some(id) => context.with("aws:userid", &**id),
                None => context,
            };
            context
                .with("aws:PrincipalType", "User")
                .with("aws:username", self.name())
        };
        let tag = |context: Context, (key, value): &(Box<str>, Box<str>)| {
            context.with(&format!("aws:PrincipalTag/{key}"), &**value)
        };
        self.tags.iter().fold(context, tag)
    }
}

impl AuthorizationDetails {
    /// Nothing is known.
    pub fn new() -> AuthorizationDetails {
        AuthorizationDetails::default()
    }

    /// Adds a managed policy, whose name is its ARN.
    pub fn add_managed_policy(&mut self, arn: &str, text: &str) {
        let document = Document::read(arn, text, Kind::Identity);
        self.managed.insert(arn.into(), document);
    }

    /// Adds a group.
    pub fn add_group(&mut self, name: &str, attachments: Attachments) {
        self.groups.insert(name.into(), attachments);
    }

    /// Adds a user or a role.
    pub fn add_entity(&mut self, entity: Entity) {
        self.entities.insert(entity.arn.clone(), entity);
    }

    /// Adds the policy of a secret, a key, a bucket or whatever has one.
    pub fn add_resource_policy(&mut self, resource: &str, text: &str) {
        let document = Document::read(RESOURCE_POLICY, text, Kind::Resource);
        self.resources.insert(resource.into(), document);
    }

    /// Adds one level of service control policies, the root's first.
    pub fn add_service_control_level(&mut self, level: Vec<Document>) {
        self.service_control.push(level);
    }

    /// Adds one level of resource control policies, the root's first.
    pub fn add_resource_control_level(&mut self, level: Vec<Document>) {
        self.resource_control.push(level);
    }

    /// The users and roles, by ARN.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }

    /// The user or role of this ARN, or the role of this session's ARN.
    pub fn entity(&self, arn: &str) -> Option<&Entity> {
        if let Some(entity) = self.entities.get(arn) {
            return Some(entity);
        }
        // A session's ARN lacks the path of its role, whose name is unique in its account.
        let (head, rest) = arn.split_once(":assumed-role/")?;
        let (name, session) = rest.split_once('/')?;
        let account = head.rsplit(':').next()?;
        let mut roles = self.entities.values().filter(|entity| entity.is_role());
        roles.find(|role| !session.is_empty() && role.account() == account && role.name() == name)
    }

    /// The policies of a user or role.
    ///
    /// # Errors
    ///
    /// One of them is not known, or cannot be understood.
    pub fn held<'a>(&'a self, entity: &'a Entity) -> Result<Held<'a>, Unknown> {
        let mut identity = Vec::new();
        self.extend(&mut identity, &entity.attachments)?;
        for name in &entity.groups {
            let group = self.groups.get(name).ok_or_else(|| missing(name))?;
            self.extend(&mut identity, group)?;
        }
        let boundary = entity.boundary.as_ref();
        let boundary = boundary.map(|arn| self.managed_policy(arn)).transpose()?;
        Ok(Held { identity, boundary })
    }

    /// The service control policies, level by level.
    ///
    /// # Errors
    ///
    /// One of them cannot be understood.
    pub fn service_control(&self) -> Result<Vec<Vec<Applied<'_>>>, Unknown> {
        levels(&self.service_control)
    }

    /// The resource control policies, level by level.
    ///
    /// # Errors
    ///
    /// One of them cannot be understood.
    pub fn resource_control(&self) -> Result<Vec<Vec<Applied<'_>>>, Unknown> {
        levels(&self.resource_control)
    }

    /// What the resource's own policy means for the action.
    ///
    /// To assume a role its trust policy must allow, and for a KMS key its key policy. Of any other
    /// resource whose policy is not among the details it is taken that there is none.
    ///
    /// # Errors
    ///
    /// The policy must allow and is not known, or cannot be understood.
    pub fn rule(&self, action: &str, resource: &str) -> Result<ResourceRule<'_>, Unknown> {
        let unknown = || Unknown::ResourcePolicy {
            resource: resource.to_owned(),
        };
        if let Some(document) = self.resources.get(resource) {
            let applied = document.applied()?;
            return Ok(if is_key(resource) {
                ResourceRule::Required(Some(applied))
            } else {
                ResourceRule::Sufficient(applied)
            });
        }
        if is_role(resource) && is_of_sts(action) {
            let role = self.entities.get(resource).ok_or_else(unknown)?;
            let trust = role.trust.as_ref().ok_or_else(unknown)?;
            return Ok(ResourceRule::Required(Some(trust.applied()?)));
        }
        if is_key(resource) {
            return Err(unknown());
        }
        Ok(ResourceRule::None)
    }

    /// Whether the resource's own policy is among the details.
    pub fn has_resource_policy(&self, resource: &str) -> bool {
        self.resources.contains_key(resource)
    }

    fn extend<'a>(
        &'a self,
        identity: &mut Vec<Applied<'a>>,
        attachments: &'a Attachments,
    ) -> Result<(), Unknown> {
        for arn in &attachments.managed {
            identity.push(self.managed_policy(arn)?);
        }
        for document in &attachments.inline {
            identity.push(document.applied()?);
        }
        Ok(())
    }

    fn managed_policy(&self, arn: &str) -> Result<Applied<'_>, Unknown> {
        let document = self.managed.get(arn).ok_or_else(|| missing(arn))?;
        document.applied()
    }
}

fn missing(name: &str) -> Unknown {
    Unknown::Missing {
        name: name.to_owned(),
    }
}

fn levels(levels: &[Vec<Document>]) -> Result<Vec<Vec<Applied<'_>>>, Unknown> {
    let applied = levels.iter().map(|level| {
        let documents = level.iter().map(Document::applied);
        documents.collect::<Result<_, _>>()
    });
    applied.collect()
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

fn is_role(resource: &str) -> bool {
    let mut parts = resource.splitn(6, ':').skip(2);
    parts.next() == Some("iam") && parts.nth(2).is_some_and(|name| name.starts_with("role/"))
}

fn is_key(resource: &str) -> bool {
    let mut parts = resource.splitn(6, ':').skip(2);
    parts.next() == Some("kms") && parts.nth(2).is_some_and(|name| name.starts_with("key/"))
}

fn is_of_sts(action: &str) -> bool {
    let prefix = action.split(':').next().unwrap_or_default();
    prefix.eq_ignore_ascii_case("sts")
}

/// How reasons name the policies that have no name of their own.
const RESOURCE_POLICY: &str = "resource policy";

#[cfg(test)]
mod tests;
