//! Two evaluators: a slow and literal one over the JSON itself, and `decide`. They have to agree on
//! whatever policies and requests come up.
//!
//! And of each request a part is forgotten, after which `decide_partly` has to be right about
//! whatever it may have been.
//!
//! `ROLECALL_POLICY_CASES` sets how many are tried; each has its own seed, which a failure names.
#![cfg(test)]

mod conditions;
mod dense;
mod generate;
mod literal;
mod symbolic;

use generate::Case;
use literal::Outcome;
use policy::{Applied, Kind, Policies, Policy, Reason, ResourceRule, decide, explain};
use serde_json::Value as Json;

/// As many as a normal run has time for.
const CASES: u64 = 24_000;
/// Requests asked of the same policies.
const REQUESTS: u64 = 8;

#[test]
fn both_evaluators_agree() {
    let mut counts = [0_u64; 3];
    for seed in 0..cases() / REQUESTS {
        let case = Case::generate(seed);
        let compiled = Compiled::new(&case);
        for request in &case.requests {
            let expected = literal::evaluate(&case, request);
            compiled.check(seed, request, expected);
            counts[expected as usize] += 1;
        }
    }
    // A generator that gets nowhere would agree with anything.
    let tenth = counts.iter().sum::<u64>() / 10;
    assert!(counts.iter().all(|count| *count > tenth), "{counts:?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test may take is for whoever runs it to say"
)]
fn cases() -> u64 {
    let wanted = std::env::var("ROLECALL_POLICY_CASES").ok();
    wanted.map_or(CASES, |text| text.parse().expect("a number"))
}

struct Compiled {
    identity: Vec<Policy>,
    resource: Option<Policy>,
    boundary: Option<Policy>,
    session: Option<Vec<Policy>>,
    service_control: Vec<Vec<Policy>>,
    resource_control: Vec<Vec<Policy>>,
    required: bool,
}

impl Compiled {
    fn new(case: &Case) -> Self {
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
    fn ask<R>(&self, question: impl FnOnce(&Policies<'_>) -> R) -> R {
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

    fn check(&self, seed: u64, asked: &generate::Asked, expected: Outcome) {
        self.ask(|policies| check(policies, seed, asked, expected));
    }
}

fn check(policies: &Policies<'_>, seed: u64, asked: &generate::Asked, expected: Outcome) {
    let context = asked.context();
    let request = asked.request(&context);
    let decision = decide(&request, policies);
    let found = match decision.reason() {
        Reason::Allowed { .. } => Outcome::Allowed,
        Reason::ExplicitDeny { .. } => Outcome::Denied,
        _ => Outcome::NotAllowed,
    };
    assert_eq!(found, expected, "seed {seed}: {decision:?} for {request:?}");
    let explanation = explain(&request, policies);
    assert_eq!(explanation.decision, decision, "seed {seed}");
    let denies = explanation.applying().any(|finding| !finding.allows);
    assert_eq!(denies, found == Outcome::Denied, "seed {seed}");
    let missed = explanation.near_misses().next().is_some();
    assert!(!(missed && found == Outcome::Allowed), "seed {seed}");
}

fn one(policy: &Policy) -> Applied<'_> {
    Applied { name: "p", policy }
}

fn applied(policies: &[Policy]) -> Vec<Applied<'_>> {
    policies.iter().map(one).collect()
}
