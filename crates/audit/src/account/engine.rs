//! What the account's policies say of its roles: the documents compiled once, each role's looked up
//! once, and questions of `policy` asked of them. Knows no rule.
//!
//! An engine answers for what its account owns. A caller of another account brings its own policies
//! and the organization's that limit it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::{
    Access, Answer, Applied, Attachments, AuthorizationDetails, Candidate, Document, Entity,
    Formula, Held, Kind, Known, PartialRequest, Policies, Policy, PolicyType, Principal, Question,
    ResourceRule, Subject, Unknown, decide_partly, who_can,
};

use super::facts::{
    AccountFacts, Grant, Identities, Layers, Membership, NamedText, ResourcePolicy, Role, Secret,
};

/// Documents of the account, compiled.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) details: AuthorizationDetails,
    /// What grants of a KMS key allow, each as a policy of the key's; by the key's ARN.
    grants: BTreeMap<String, Vec<(String, Policy)>>,
}

pub(super) fn compile(facts: &AccountFacts) -> Compiled {
    let mut compiled = Compiled::default();
    let details = &mut compiled.details;
    if let Some(identities) = &facts.identities {
        add_identities(details, identities);
    }
    for region in &facts.regions {
        for secret in region.secrets.iter().flatten() {
            if let ResourcePolicy::Text(text) = &secret.policy {
                details.add_resource_policy(&secret.arn, text);
            }
        }
        for key in &region.keys {
            if let Some(text) = &key.policy {
                details.add_resource_policy(&key.arn, text);
            }
            let grants = key.grants.iter().flatten().filter_map(of_grant).collect();
            compiled.grants.insert(key.arn.clone(), grants);
        }
    }
    for level in &facts.service_control {
        details.add_service_control_level(documents(level, Kind::ServiceControl));
    }
    for level in &facts.resource_control {
        details.add_resource_control_level(documents(level, Kind::ResourceControl));
    }
    compiled
}

/// A grantee that is gone is told as an id, which no policy may name: its grant lets nobody.
fn of_grant(grant: &Grant) -> Option<(String, Policy)> {
    let mut statement = serde_json::json!({
        "Effect": "Allow",
        "Principal": {"AWS": grant.grantee},
        "Action": DECRYPT,
        "Resource": "*",
    });
    let key = |(name, _): &(String, String)| format!("kms:EncryptionContext:{name}");
    let pairs = grant.context.iter();
    let pairs: BTreeMap<String, &String> = pairs.map(|pair| (key(pair), &pair.1)).collect();
    let mut condition = serde_json::Map::new();
    if !pairs.is_empty() {
        condition.insert("StringEquals".to_owned(), serde_json::json!(pairs));
    }
    if grant.is_whole {
        let names: Vec<&String> = grant.context.iter().map(|(name, _)| name).collect();
        let only = serde_json::json!({"kms:EncryptionContextKeys": names});
        condition.insert("ForAllValues:StringEquals".to_owned(), only);
    }
    if let Some(members) = statement.as_object_mut().filter(|_| !condition.is_empty()) {
        members.insert("Condition".to_owned(), condition.into());
    }
    let document = serde_json::json!({"Version": "2012-10-17", "Statement": [statement]});
    let policy = Policy::parse_held(&document.to_string(), Kind::Resource).ok()?;
    Some((format!("grant {}", grant.id), policy))
}

fn add_identities(details: &mut AuthorizationDetails, identities: &Identities) {
    for managed in &identities.managed {
        details.add_managed_policy(&managed.name, &managed.text);
    }
    for group in &identities.groups {
        let whose = format!(" of group {}", group.name);
        details.add_group(&group.name, attachments(&group.policies, &whose));
    }
    for user in &identities.users {
        details.add_entity(Entity {
            groups: user.groups.iter().map(|it| it.as_str().into()).collect(),
            ..entity(&user.arn, user.id.as_deref(), &user.policies, None)
        });
    }
    for role in &identities.roles {
        details.add_entity(role_of(role));
    }
}

fn entity(arn: &str, id: Option<&str>, layers: &Layers, trust: Option<Document>) -> Entity {
    let tag = |(key, value): &(String, String)| (key.as_str().into(), value.as_str().into());
    Entity {
        arn: arn.into(),
        unique_id: id.map(Into::into),
        tags: layers.tags.iter().map(tag).collect(),
        attachments: attachments(layers, ""),
        groups: Vec::new(),
        boundary: layers.boundary.as_deref().map(Into::into),
        trust,
    }
}

fn attachments(layers: &Layers, whose: &str) -> Attachments {
    let inline = layers.inline.iter().map(|inline| {
        let name = format!("inline policy {}{whose}", inline.name);
        Document::read(name, &inline.text, Kind::Identity)
    });
    Attachments {
        managed: layers.managed.iter().map(|it| it.as_str().into()).collect(),
        inline: inline.collect(),
    }
}

fn documents(level: &[NamedText], kind: Kind) -> Vec<Document> {
    let read = |it: &NamedText| Document::read(it.name.as_str(), &it.text, kind);
    level.iter().map(read).collect()
}

/// Asks.
#[derive(Debug)]
pub(super) struct Engine<'e> {
    pub(super) facts: &'e AccountFacts,
    pub(super) now: Timestamp,
    details: &'e AuthorizationDetails,
    grants: &'e BTreeMap<String, Vec<(String, Policy)>>,
    controls: Controls<'e>,
    nothing: Known,
    callers: BTreeMap<&'e str, Result<Caller<'e>, Unknown>>,
}

/// The organization's policies, level by level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Controls<'e> {
    /// For users and roles.
    pub(super) service: &'e [&'e [Applied<'e>]],
    /// For resources.
    pub(super) resource: &'e [&'e [Applied<'e>]],
}

/// A user or role, and all that its own policies bring.
#[derive(Debug)]
pub(super) struct Caller<'e> {
    pub(super) entity: &'e Entity,
    held: Held<'e>,
    service_control: &'e [&'e [Applied<'e>]],
    known: Known,
}

/// The accounts that were read, each with its own policies.
#[derive(Debug, Default)]
pub(super) struct Engines<'e> {
    by_account: BTreeMap<&'e str, Engine<'e>>,
}

impl<'e> Engines<'e> {
    pub(super) fn new(engines: impl Iterator<Item = Engine<'e>>) -> Engines<'e> {
        let by_account = engines.map(|it| (it.facts.account.as_str(), it));
        Engines {
            by_account: by_account.collect(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Engine<'e>> {
        self.by_account.values()
    }

    /// Of the account that owns what has this ARN.
    pub(super) fn of(&self, arn: &str) -> Option<&Engine<'e>> {
        self.by_account.get(account_of(arn))
    }

    /// The user or role of this ARN; `None` where there is none.
    pub(super) fn caller(&self, arn: &str) -> Option<&Result<Caller<'e>, Unknown>> {
        self.of(arn)?.caller(arn)
    }

    /// Whether there are several.
    pub(super) fn are_many(&self) -> bool {
        self.by_account.len() > 1
    }
}

/// The account in an ARN; nothing where there is none.
pub(super) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

impl<'e> Engine<'e> {
    pub(super) fn new(
        facts: &'e AccountFacts,
        compiled: &'e Compiled,
        controls: Controls<'e>,
        now: Timestamp,
    ) -> Engine<'e> {
        let Compiled { details, grants } = compiled;
        let callers = details.entities().map(|entity| {
            let caller = Caller::of(details, entity, facts, controls.service);
            (&*entity.arn, caller)
        });
        Engine {
            facts,
            now,
            details,
            grants,
            controls,
            nothing: Known::nothing(),
            callers: callers.collect(),
        }
    }

    /// The user or role of this ARN; `None` where there is none.
    pub(super) fn caller(&self, arn: &str) -> Option<&Result<Caller<'e>, Unknown>> {
        self.callers.get(arn)
    }

    /// A role of the account as it would be with the policies of these details.
    ///
    /// # Errors
    ///
    /// One of its policies is not known, or cannot be understood.
    pub(super) fn supposed<'a>(
        &'a self,
        details: &'a AuthorizationDetails,
        role: &str,
    ) -> Option<Result<Caller<'a>, Unknown>> {
        let entity = details.entity(role)?;
        let service = self.controls.service;
        Some(Caller::of(details, entity, self.facts, service))
    }

    /// All users and roles, with those that cannot be understood.
    pub(super) fn callers(&self) -> impl Iterator<Item = (&'e str, &Result<Caller<'e>, Unknown>)> {
        self.callers.iter().map(|(arn, caller)| (*arn, caller))
    }

    /// What a caller may do to what.
    ///
    /// # Errors
    ///
    /// The resource's own policy decides, and is not known or not understood.
    pub(super) fn access<'a>(
        &'a self,
        caller: &'a Caller<'e>,
        action: &'a str,
        resource: &'a str,
        known: &Known,
    ) -> Result<Access<'a>, Unknown> {
        let rule = self.details.rule(action, resource)?;
        Ok(self.access_by(rule, caller, action, resource, known))
    }

    /// The same by a resource policy that is given.
    pub(super) fn access_by<'a>(
        &'a self,
        rule: ResourceRule<'a>,
        caller: &'a Caller<'e>,
        action: &'a str,
        resource: &'a str,
        known: &Known,
    ) -> Access<'a> {
        let request = PartialRequest {
            subject: caller.entity.subject(),
            action,
            resource,
            resource_account: self.owner(resource),
            known: &self.nothing,
        };
        let policies = Policies {
            identity: &caller.held.identity,
            boundary: caller.held.boundary,
            resource: rule,
            service_control: caller.service_control,
            resource_control: self.controls.resource,
            ..Policies::default()
        };
        // Most callers have nothing to do with most resources, whatever is known of a request.
        let whatever = decide_partly(&request, &policies);
        if !may(&whatever) {
            return whatever;
        }
        let known = &caller.known.clone().and(known);
        decide_partly(&PartialRequest { known, ..request }, &policies)
    }

    /// Whether a caller may decrypt with a key: by the key's policy, or by a grant in its place.
    ///
    /// # Errors
    ///
    /// The key policy is not known or not understood.
    pub(super) fn decrypts<'a>(
        &'a self,
        caller: &'a Caller<'e>,
        key: &'a str,
        known: &Known,
    ) -> Result<Access<'a>, Unknown> {
        let access = self.access(caller, DECRYPT, key, known)?;
        if matches!(access, Access::Always { .. }) {
            return Ok(access);
        }
        let grants = self.grants.get(key).into_iter().flatten();
        let granted = grants.map(|(name, policy)| {
            let rule = ResourceRule::Required(Some(Applied { name, policy }));
            self.access_by(rule, caller, DECRYPT, key, known)
        });
        let mut granted = granted.filter(may).collect::<Vec<_>>();
        granted.sort_by_key(|it| conditions(it).is_some());
        let granted = granted.into_iter().next();
        Ok(match granted {
            Some(granted) if !may(&access) || conditions(&granted).is_none() => granted,
            _ => access,
        })
    }

    /// Whether a service may assume a role, by the role's trust policy.
    ///
    /// # Errors
    ///
    /// The trust policy cannot be understood.
    pub(super) fn trusts<'a>(
        &'a self,
        role: &'a str,
        service: &'a str,
    ) -> Result<Access<'a>, Unknown> {
        let subject = Subject::Exactly(Principal::Service(service));
        let request = PartialRequest {
            subject,
            action: ASSUME,
            resource: role,
            resource_account: &self.facts.account,
            known: &Known::of(&subject).with("aws:SourceAccount", self.facts.account.as_str()),
        };
        let policies = Policies {
            resource: self.details.rule(ASSUME, role)?,
            ..Policies::default()
        };
        Ok(decide_partly(&request, &policies))
    }

    /// Whether a role's trust policy hands the decision to the account as a whole. Asked of a user
    /// that nobody names and whose own policies say nothing.
    pub(super) fn trusts_account(&self, role: &str) -> bool {
        let account = &self.facts.account;
        let arn = format!("arn:{}:iam::{account}:user/{NOBODY}", self.facts.partition);
        let subject = Subject::Exactly(Principal::User {
            account,
            arn: &arn,
            unique_id: None,
        });
        let Ok(trust) = self.details.rule(ASSUME, role) else {
            return false;
        };
        let policies = Policies {
            resource: trust,
            ..Policies::default()
        };
        let request = PartialRequest {
            subject,
            action: ASSUME,
            resource: role,
            resource_account: account,
            known: &Known::of(&subject),
        };
        let reason = match decide_partly(&request, &policies) {
            Access::Never { reason } => reason.and_then(|it| it.missing()),
            _ => None,
        };
        reason == Some(PolicyType::Identity)
    }

    /// Whom the resource's own policy lets in that is not of the account, and who of these
    /// candidates can.
    ///
    /// # Errors
    ///
    /// The resource's own policy is not known or not understood.
    pub(super) fn who<'a>(
        &'a self,
        action: &'a str,
        resource: &'a str,
        known: &'a Known,
        candidates: &[&'a Caller<'e>],
    ) -> Result<Answer<'a>, Unknown> {
        let question = Question {
            action,
            resource,
            resource_account: self.owner(resource),
            rule: self.details.rule(action, resource)?,
            resource_control: self.controls.resource,
            known,
        };
        let candidates = candidates.iter().map(|caller| Candidate {
            subject: caller.entity.subject(),
            identity: &caller.held.identity,
            boundary: caller.held.boundary,
            service_control: caller.service_control,
            known: &caller.known,
        });
        Ok(who_can(&question, candidates))
    }

    /// What is known of a call on a secret: its tags, all of them, and its region.
    pub(super) fn of_secret(&self, secret: &Secret, region: &str) -> Known {
        let known = self
            .of_region(region)
            .with("secretsmanager:SecretId", secret.arn.as_str());
        let tag = |known: Known, (key, value): &(String, String)| {
            known
                .with(&format!("aws:ResourceTag/{key}"), value.as_str())
                .with(&format!("secretsmanager:ResourceTag/{key}"), value.as_str())
        };
        let known = secret.tags.iter().fold(known, tag);
        known
            .without_prefix("aws:ResourceTag/")
            .without_prefix("secretsmanager:ResourceTag/")
    }

    /// What is known of the use of a key that Secrets Manager makes for the reader of a secret.
    pub(super) fn of_decrypt(&self, secret: &Secret, region: &str) -> Known {
        self.of_region(region)
            .with(
                "kms:ViaService",
                format!("secretsmanager.{region}.amazonaws.com").as_str(),
            )
            .with("kms:CallerAccount", self.facts.account.as_str())
            .with("kms:EncryptionContext:SecretARN", secret.arn.as_str())
            .with(
                "kms:EncryptionContextKeys",
                vec!["SecretARN".to_owned(), "SecretVersionId".to_owned()],
            )
    }

    /// What is known of any call in a region. AWS's endpoints take no plain HTTP.
    pub(super) fn of_region(&self, region: &str) -> Known {
        member(Known::nothing(), self.facts, "aws:ResourceOrg")
            .with("aws:ResourceAccount", self.facts.account.as_str())
            .with("aws:RequestedRegion", region)
            .with("aws:SecureTransport", true)
            .with("aws:CurrentTime", self.now.to_string().as_str())
            .with("aws:EpochTime", self.now.as_second().to_string().as_str())
    }

    fn owner<'a>(&'a self, resource: &'a str) -> &'a str {
        let named = account_of(resource);
        if named.is_empty() {
            &self.facts.account
        } else {
            named
        }
    }
}

impl<'e> Caller<'e> {
    fn of(
        details: &'e AuthorizationDetails,
        entity: &'e Entity,
        facts: &AccountFacts,
        service_control: &'e [&'e [Applied<'e>]],
    ) -> Result<Caller<'e>, Unknown> {
        Ok(Caller {
            entity,
            held: details.held(entity)?,
            service_control,
            known: member(known_of(entity), facts, "aws:PrincipalOrg"),
        })
    }
}

/// A role and its policies alone, one of the managed ones with another text.
pub(super) fn supposed(
    facts: &AccountFacts,
    role: &Role,
    policy: &str,
    text: &str,
) -> AuthorizationDetails {
    let mut details = AuthorizationDetails::default();
    let managed = facts.identities.iter().flat_map(|it| &it.managed);
    for managed in managed {
        let is_its = role.policies.managed.contains(&managed.name)
            || role.policies.boundary.as_ref() == Some(&managed.name);
        if is_its && managed.name != policy {
            details.add_managed_policy(&managed.name, &managed.text);
        }
    }
    details.add_managed_policy(policy, text);
    details.add_entity(role_of(role));
    details
}

fn role_of(role: &Role) -> Entity {
    let trust = Document::read("trust policy", &role.trust, Kind::Trust);
    entity(&role.arn, role.id.as_deref(), &role.policies, Some(trust))
}

/// A session that EC2 makes of a role has the role's tags and no others.
fn known_of(entity: &Entity) -> Known {
    let tag = |known: Known, (key, value): &(Box<str>, Box<str>)| {
        known.with(&format!("aws:PrincipalTag/{key}"), &**value)
    };
    let known = entity.tags.iter().fold(entity.known(), tag);
    known.without_prefix("aws:PrincipalTag/")
}

/// Where the account stands in its organization, if that was read.
fn member(known: Known, facts: &AccountFacts, keys: &str) -> Known {
    let Some(Membership { id, path }) = &facts.organization else {
        return known;
    };
    known
        .with(&format!("{keys}ID"), id.as_str())
        .with(&format!("{keys}Paths"), vec![path.clone()])
}

/// Whether some request may be allowed, and under what conditions.
pub(super) fn may(access: &Access<'_>) -> bool {
    !matches!(access, Access::Never { .. })
}

/// The conditions as one sentence; none where there are none.
pub(super) fn conditions(access: &Access<'_>) -> Option<String> {
    match access {
        Access::When(formula) => Some(formula.to_string()),
        Access::Unclear { atoms } => Some(format!("{atoms} conditions, too many to sort out")),
        Access::Always { .. } | Access::Never { .. } => None,
    }
}

/// The statements that allow, as far as they are told.
pub(super) fn statements(access: &Access<'_>) -> Vec<String> {
    match access {
        Access::Always { by, and } => {
            let and = and.map(|it| it.to_string());
            std::iter::once(by.to_string()).chain(and).collect()
        }
        Access::When(formula) => leaves(formula),
        Access::Never { .. } | Access::Unclear { .. } => Vec::new(),
    }
}

fn leaves(formula: &Formula<'_>) -> Vec<String> {
    let mut names: Vec<String> = formula
        .atoms()
        .map(|atom| atom.statement.to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Levels as questions want them.
pub(super) fn slices<'s, 'a>(levels: &'s [Vec<Applied<'a>>]) -> Vec<&'s [Applied<'a>]> {
    levels.iter().map(Vec::as_slice).collect()
}

const DECRYPT: &str = "kms:Decrypt";
const ASSUME: &str = "sts:AssumeRole";
// A name that no policy has for its own.
const NOBODY: &str = "rolecall-asks-for-nobody-7Q4Z";
