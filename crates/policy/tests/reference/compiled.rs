//! The same policies as `decide` takes them, and what it says of a request held against what the
//! literal evaluator does.

use policy::{Applied, Kind, Policies, Policy, Reason, ResourceRule, decide, explain};
use serde_json::Value as Json;

use super::generate::{Asked, Case};
use super::literal::Outcome;

pub(crate) struct Compiled {
    identity: Vec<Policy>,
    resource: Option<Policy>,
    boundary: Option<Policy>,
    session: Option<Vec<Policy>>,
    service_control: Vec<Vec<Policy>>,
    resource_control: Vec<Vec<Policy>>,
    required: bool,
}

impl Compiled {
    pub(crate) fn new(case: &Case) -> Self {
        let parse = |kind: Kind| {
            move |document: &Json| match Policy::parse(&document.to_string(), kind) {
                Ok(policy) => policy,
                Err(error) => panic!("{error}: {document}"),
            }
        };
        let all = |documents: &Vec<Json>, kind| documents.iter().map(parse(kind)).collect();
        Self {
            identity: all(&case.identity, Kind::Identity),
            resource: case.resource.as_ref().map(parse(Kind::Resource)),
            boundary: case.boundary.as_ref().map(parse(Kind::Identity)),
            session: case.session.as_ref().map(|it| all(it, Kind::Identity)),
            service_control: case
                .service_control
                .iter()
                .map(|level| all(level, Kind::ServiceControl))
                .collect(),
            resource_control: case
                .resource_control
                .iter()
                .map(|level| all(level, Kind::ResourceControl))
                .collect(),
            required: case.required,
        }
    }

    /// Asks something of all the policies together.
    pub(crate) fn ask<R>(&self, question: impl FnOnce(&Policies<'_>) -> R) -> R {
        let identity = applied(&self.identity);
        let resource = self.resource.as_ref().map(one);
        let session = self.session.as_ref().map(|it| applied(it));
        let service: Vec<_> = self.service_control.iter().map(|it| applied(it)).collect();
        let of_resource: Vec<_> = self.resource_control.iter().map(|it| applied(it)).collect();
        let service: Vec<&[_]> = service.iter().map(Vec::as_slice).collect();
        let of_resource: Vec<&[_]> = of_resource.iter().map(Vec::as_slice).collect();
        let policies = Policies {
            identity: &identity,
            resource: match (resource, self.required) {
                (applied, true) => ResourceRule::Required(applied),
                (Some(applied), false) => ResourceRule::Sufficient(applied),
                (None, false) => ResourceRule::None,
            },
            boundary: self.boundary.as_ref().map(one),
            session: session.as_deref(),
            service_control: &service,
            resource_control: &of_resource,
        };
        question(&policies)
    }

    /// `told` says where the case comes from.
    pub(crate) fn check(&self, told: &str, asked: &Asked, expected: Outcome) {
        self.ask(|policies| check(policies, told, asked, expected));
    }
}

fn check(policies: &Policies<'_>, told: &str, asked: &Asked, expected: Outcome) {
    let context = asked.context();
    let request = asked.request(&context);
    let decision = decide(&request, policies);
    let found = match decision.reason() {
        Reason::Allowed { .. } => Outcome::Allowed,
        Reason::ExplicitDeny { .. } => Outcome::Denied,
        _ => Outcome::NotAllowed,
    };
    assert_eq!(found, expected, "{told}: {decision:?} for {request:?}");
    let explanation = explain(&request, policies);
    assert_eq!(explanation.decision, decision, "{told}");
    let denies = explanation.applying().any(|finding| !finding.allows);
    assert_eq!(denies, found == Outcome::Denied, "{told}");
    let missed = explanation.near_misses().next().is_some();
    assert!(!(missed && found == Outcome::Allowed), "{told}");
}

fn one(policy: &Policy) -> Applied<'_> {
    Applied { name: "p", policy }
}

fn applied(policies: &[Policy]) -> Vec<Applied<'_>> {
    policies.iter().map(one).collect()
}
