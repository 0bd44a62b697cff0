//! Who can do an action on a resource: every principal of an account that the caller brings, and
//! whom the resource's policy names beside them. Knows no account: its users, roles and policies
//! are the caller's to bring.
//!
//! What is said of a principal is what [`decide`](crate::decide()) says of all its requests, under
//! the conditions that a formula tells. Session policies, which a session may have been made with,
//! are left out: they only take away.

use std::collections::HashSet;

use crate::asked::{Asked, Room};
use crate::decide::{Applied, Policies, ResourceRule};
use crate::known::{Known, Subject};
use crate::policy::Matter;
use crate::principal::{Principal, Who};
use crate::symbolic::{Access, Evaluation, Own};

mod outside;

pub use outside::Outsider;

/// What somebody would do to what.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a, 'k> {
    /// As policies write it, `secretsmanager:GetSecretValue`.
    pub action: &'a str,
    /// The ARN, or `*` for an action that has no resource. To assume a role it is the role's.
    pub resource: &'a str,
    /// The account that owns the resource, 12 digits.
    pub resource_account: &'a str,
    /// The resource's policy: for a role that is to be assumed its trust policy.
    pub rule: ResourceRule<'a>,
    /// The resource control policies that the resource's account inherits, level by level.
    pub resource_control: &'a [&'a [Applied<'a>]],
    /// The condition keys that are the same for whoever asks: those of the resource, as
    /// `aws:ResourceTag/...` and `aws:ResourceAccount`, and of requests that are to be thought of,
    /// as `aws:SourceVpc`.
    pub known: &'k Known,
}

/// A user or role that may be able to, with all that limits it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a, 'k> {
    /// Who.
    pub subject: Subject<'a>,
    /// Its own policies, and for a user those of its groups.
    pub identity: &'a [Applied<'a>],
    /// Its permissions boundary.
    pub boundary: Option<Applied<'a>>,
    /// The service control policies that its account inherits, level by level.
    pub service_control: &'a [&'a [Applied<'a>]],
    /// The condition keys that all its requests have, or none has: [`Known::of`], and tags.
    pub known: &'k Known,
}

/// Who can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// What is said of each candidate, in their order, those who never can included.
    pub candidates: Vec<(Subject<'a>, Access<'a>)>,
    /// Whom the resource's policy allows beside them, in its order.
    pub outsiders: Vec<Found<'a>>,
}

/// An outsider that the resource's policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// Who.
    pub outsider: Outsider<'a>,
    /// What the resource's policy and its organization's say.
    pub access: Access<'a>,
    /// Whether policies of its own, and its account's organization, have to allow as well, which
    /// are taken to do so, and a permissions boundary not to be there.
    pub needs_own_policies: bool,
}

/// Says of each candidate whether it can, and whom the resource's policy names beside them.
///
/// A principal of the resource's account that is no candidate is not told of, whatever the policy
/// says. Neither are sessions that users got with `GetFederationToken`, of any account, but those
/// of other accounts that are named themselves.
pub fn who_can<'a, 'k>(
    question: &Question<'a, 'k>,
    candidates: impl IntoIterator<Item = Candidate<'a, 'k>>,
) -> Answer<'a> {
    let mut room = Room::EMPTY;
    let asking = Asking {
        question,
        asked: &Asked::new(question.action, &mut room),
    };
    let mut told = HashSet::new();
    let mut found = Vec::new();
    for candidate in candidates {
        told.extend(names(candidate.subject).into_iter().flatten());
        found.push((candidate.subject, asking.candidate(&candidate)));
    }
    Answer {
        candidates: found,
        outsiders: asking.outsiders(&told),
    }
}

/// The ARN and the unique id of a user or role.
fn names(subject: Subject<'_>) -> [Option<&str>; 2] {
    match subject {
        Subject::Exactly(Principal::User { arn, unique_id, .. }) => [Some(arn), unique_id],
        Subject::Role {
            role_arn,
            unique_id,
            ..
        } => [Some(role_arn), unique_id],
        Subject::Exactly(_) => [None, None],
    }
}

/// A question made ready to be asked of many.
struct Asking<'e, 'a, 'k> {
    question: &'e Question<'a, 'k>,
    asked: &'e Asked<'e>,
}

impl<'a> Asking<'_, 'a, '_> {
    fn candidate(&self, candidate: &Candidate<'a, '_>) -> Access<'a> {
        let policies = Policies {
            identity: candidate.identity,
            boundary: candidate.boundary,
            service_control: candidate.service_control,
            ..self.of_the_resource()
        };
        let known = candidate.known.clone().and(self.question.known);
        self.access(
            Who::Subject(candidate.subject),
            &policies,
            &known,
            Own::Known,
        )
    }

    /// What the resource brings along, whoever asks.
    fn of_the_resource(&self) -> Policies<'a> {
        Policies {
            resource: self.question.rule,
            resource_control: self.question.resource_control,
            ..Policies::default()
        }
    }

    fn access(&self, who: Who<'a>, policies: &Policies<'a>, known: &Known, own: Own) -> Access<'a> {
        let evaluation = Evaluation {
            matter: Matter {
                who,
                has_boundary: policies.boundary.is_some(),
                asked: self.asked,
                resource: self.question.resource,
                known,
            },
            resource_account: self.question.resource_account,
            policies,
            own,
        };
        evaluation.access()
    }
}
