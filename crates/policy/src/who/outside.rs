//! Whom a resource's policy names that is no principal of the resource's account. Knows no
//! candidate.

use std::collections::HashSet;

use crate::document::{Effect, Kind};
use crate::known::{Known, Subject};
use crate::principal::{Group, Outside, Principal, Who};
use crate::symbolic::{Access, Own};

use super::{Asking, Found};

/// Somebody who is no principal of the resource's account, or of no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outsider<'a> {
    /// The users and sessions of another account.
    Account {
        /// 12 digits.
        id: &'a str,
        /// `aws`, or what stands in its place in the policy's name for the account.
        partition: &'a str,
    },
    /// A user of another account, by its ARN; the root user is the [`Outsider::Account`]'s.
    User(&'a str),
    /// A role of another account, by its ARN: all its sessions.
    Role(&'a str),
    /// One session of a role, or a federated user, of another account, by its ARN.
    Session(&'a str),
    /// A user or role that no candidate is, by its unique id.
    UniqueId(&'a str),
    /// An AWS service.
    Service(&'a str),
    /// Those who have a token of an identity provider.
    Federated(&'a str),
    /// Who is known by a canonical id alone.
    CanonicalUser(&'a str),
    /// The users and sessions of every other account there is.
    EveryAccount,
    /// Whoever has no account: services and callers from outside, whose names matter where another
    /// statement has them.
    EveryService,
    /// Nobody signed the request. Roles are assumed by nobody unknown, so a trust policy's `*` does
    /// not bring this.
    Anonymous,
}

impl<'a> Asking<'_, 'a, '_> {
    /// But for the candidates, whose ARNs and unique ids are `told`, and who never can.
    pub(super) fn outsiders(&self, told: &HashSet<&str>) -> Vec<Found<'a>> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for outsider in self.named() {
            let is_candidate = match outsider {
                Outsider::User(name) | Outsider::Role(name) | Outsider::UniqueId(name) => {
                    told.contains(name)
                }
                _ => false,
            };
            if is_candidate || !seen.insert(outsider) {
                continue;
            }
            let who = self.who(outsider);
            let known = known(outsider, who).and(self.question.known);
            let access = self.access(who, &self.of_the_resource(), &known, Own::Assumed);
            if matches!(access, Access::Never { .. }) {
                continue;
            }
            found.push(Found {
                outsider,
                access,
                needs_own_policies: who.account().is_some(),
            });
        }
        found
    }

    /// Whom the statements name that allow the action.
    fn named(&self) -> impl Iterator<Item = Outsider<'a>> {
        let applied = self.question.rule.policy();
        let is_trust = applied.is_some_and(|it| it.policy.kind() == Kind::Trust);
        let counting =
            applied.filter(|it| matches!(it.policy.kind(), Kind::Resource | Kind::Trust));
        let statements = counting
            .into_iter()
            .flat_map(|applied| applied.policy.about(self.asked, Effect::Allow));
        let names = statements
            .filter_map(|(_, statement)| statement.principals())
            .flat_map(|principals| principals.outside(self.question.resource_account));
        names.flat_map(move |name| self.outsiders_of(name, is_trust).into_iter().flatten())
    }

    fn outsiders_of(&self, name: Outside<'a>, is_trust: bool) -> [Option<Outsider<'a>>; 3] {
        let one = match name {
            Outside::Everyone => {
                return [
                    Some(Outsider::EveryAccount),
                    Some(Outsider::EveryService),
                    (!is_trust).then_some(Outsider::Anonymous),
                ];
            }
            Outside::Account { partition, id } => Outsider::Account {
                id,
                partition: partition.unwrap_or_else(|| self.partition()),
            },
            Outside::Arn { arn, .. } => match arn.splitn(6, ':').nth(5) {
                Some(name) if name.starts_with("user/") => Outsider::User(arn),
                Some(name) if name.starts_with("role/") => Outsider::Role(arn),
                _ => Outsider::Session(arn),
            },
            Outside::UniqueId(id) => Outsider::UniqueId(id),
            Outside::Service(name) => Outsider::Service(name),
            Outside::Federated(name) => Outsider::Federated(name),
            Outside::CanonicalUser(id) => Outsider::CanonicalUser(id),
        };
        [Some(one), None, None]
    }

    /// The resource's, which those who call it share.
    fn partition(&self) -> &'a str {
        let mut parts = self.question.resource.split(':');
        let found = parts.nth(1).filter(|it| it.starts_with("aws"));
        found.unwrap_or("aws")
    }

    fn who(&self, outsider: Outsider<'a>) -> Who<'a> {
        let not_of = self.question.resource_account;
        let exactly = |principal| Who::Subject(Subject::Exactly(principal));
        // Not exactly the user, or the role: its unique id, which a policy may have, is not known.
        match outsider {
            Outsider::Account { id, partition } => Who::Some(Group::Account { partition, id }),
            Outsider::User(arn) | Outsider::Role(arn) | Outsider::Session(arn) => {
                Who::Some(Group::Named {
                    arn,
                    account: account_of(arn),
                })
            }
            Outsider::UniqueId(id) => Who::Some(Group::WithId { id, not_of }),
            Outsider::Service(name) => exactly(Principal::Service(name)),
            Outsider::Federated(name) => exactly(Principal::Federated(name)),
            Outsider::CanonicalUser(id) => exactly(Principal::CanonicalUser(id)),
            Outsider::EveryAccount => Who::Some(Group::NotOf(not_of)),
            Outsider::EveryService => Who::Some(Group::NoAccount),
            Outsider::Anonymous => exactly(Principal::Anonymous),
        }
    }
}

/// What all its requests have in common.
fn known(outsider: Outsider<'_>, who: Who<'_>) -> Known {
    match (outsider, who) {
        (_, Who::Subject(subject)) => Known::of(&subject),
        (Outsider::User(arn), _) => Known::of(&Subject::Exactly(Principal::User {
            account: account_of(arn),
            arn,
            unique_id: None,
        })),
        (Outsider::Role(role_arn), _) => Known::of(&Subject::Role {
            account: account_of(role_arn),
            role_arn,
            unique_id: None,
        }),
        (_, Who::Some(Group::Account { id, .. } | Group::Named { account: id, .. })) => {
            Known::nothing().with("aws:PrincipalAccount", id)
        }
        (_, Who::Some(_)) => Known::nothing(),
    }
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
