//! Of each request a part is forgotten; what is then said of all requests has to be what `decide`
//! says of each of them.

use policy::{
    Access, Candidate, Context, Known, Outsider, PartialRequest, Policies, Policy, Principal,
    Question, Request, Subject, decide, decide_partly, who_can,
};
use policy::{Applied, Kind};
use serde_json::json;

use crate::generate::{Asked, Case};
use crate::{Compiled, REQUESTS, cases};

const KEYS: [&str; 8] = [
    "aws:text",
    "aws:number",
    "aws:moment",
    "aws:truth",
    "aws:bytes",
    "aws:address",
    "aws:arn",
    "aws:account",
];

/// What is known of a key.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    All,
    Absence,
    Nothing,
}

/// Bits out of a seed, other than the generator's.
pub(crate) struct Coins(pub(crate) u64);

impl Coins {
    /// From 0, below `sides`.
    pub(crate) fn toss(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % sides
    }

    pub(crate) fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[usize::try_from(self.toss(of.len() as u64)).expect("a small number")]
    }
}

#[derive(Debug, Default)]
struct Counts {
    never: u64,
    always: u64,
    // Formulas that hold, and that do not, of a completed request.
    holding: u64,
    failing: u64,
}

impl Counts {
    fn count(&mut self, access: &Access<'_>, allowed: bool) {
        *match (access, allowed) {
            (Access::Never { .. }, _) => &mut self.never,
            (Access::Always { .. }, _) => &mut self.always,
            (_, true) => &mut self.holding,
            (_, false) => &mut self.failing,
        } += 1;
    }

    fn check(&self, least: u64) {
        let Counts {
            never,
            always,
            holding,
            failing,
        } = self;
        let all = [never, always, holding, failing];
        let share = all.iter().copied().sum::<u64>() / least;
        assert!(all.iter().all(|count| **count > share), "{self:?}");
    }
}

#[test]
fn a_formula_is_right_about_every_request_that_agrees() {
    let mut counts = Counts::default();
    for seed in 0..cases() / REQUESTS {
        let case = Case::generate(seed);
        let coins = &mut Coins(seed);
        Compiled::new(&case).ask(|policies| {
            for base in &case.requests {
                forget_and_complete(seed, coins, &case, base, policies, &mut counts);
            }
        });
    }
    counts.check(100);
}

fn forget_and_complete(
    seed: u64,
    coins: &mut Coins,
    case: &Case,
    base: &Asked,
    policies: &Policies<'_>,
    counts: &mut Counts,
) {
    let told = KEYS.map(|_| match coins.toss(6) {
        0 => Told::All,
        1 => Told::Absence,
        _ => Told::Nothing,
    });
    let known = known(told, base);
    let subject = forget_session(base.principal, coins);
    let request = PartialRequest {
        subject,
        action: base.action,
        resource: base.resource,
        resource_account: base.resource_account,
        known: &known,
    };
    let access = decide_partly(&request, policies);
    for other in &case.requests {
        let context = complete(told, base, other);
        let session = coins.pick(&["one", "two"]);
        let session = session_arn(&base.principal, session);
        let principal = completed(subject, &session);
        let request = Request {
            principal,
            context: &context,
            ..base.request(&context)
        };
        let expected = decide(&request, policies).is_allowed();
        let found = holds(&access, &context, &principal);
        assert_eq!(found, expected, "seed {seed}: {access:?} for {request:?}");
        counts.count(&access, expected);
    }
}

fn known(told: [Told; 8], base: &Asked) -> Known {
    let pairs = KEYS.iter().zip(told);
    pairs.fold(Known::nothing(), |known, (key, told)| {
        match (told, base.values.get(*key)) {
            (Told::Nothing, _) => known,
            (Told::All, Some(values)) => match values.as_slice() {
                [one] => known.with(key, one.as_str()),
                several => known.with(key, several.to_vec()),
            },
            _ => known.without(key),
        }
    })
}

/// The known keys of `base`, and the others of `other`.
fn complete(told: [Told; 8], base: &Asked, other: &Asked) -> Context {
    let pairs = KEYS.iter().zip(told);
    pairs.fold(Context::new(), |context, (key, told)| {
        let values = match told {
            Told::All => base.values.get(*key),
            Told::Absence => None,
            Told::Nothing => other.values.get(*key),
        };
        match values.map(Vec::as_slice) {
            None => context,
            Some([one]) => context.with(key, one.as_str()),
            Some(several) => context.with(key, several.to_vec()),
        }
    })
}

fn forget_session(principal: Principal<'static>, coins: &mut Coins) -> Subject<'static> {
    match principal {
        Principal::Session {
            account,
            role_arn,
            unique_id,
            ..
        } if coins.toss(4) > 0 => Subject::Role {
            account,
            role_arn,
            unique_id,
        },
        principal => Subject::Exactly(principal),
    }
}

fn session_arn(principal: &Principal<'_>, name: &str) -> String {
    match principal {
        Principal::Session { session_arn, .. } => {
            let (role, _) = session_arn.rsplit_once('/').expect("a session");
            format!("{role}/{name}")
        }
        _ => String::new(),
    }
}

fn completed<'a>(subject: Subject<'a>, session_arn: &'a str) -> Principal<'a> {
    match subject {
        Subject::Exactly(principal) => principal,
        Subject::Role {
            account,
            role_arn,
            unique_id,
        } => Principal::Session {
            account,
            role_arn,
            session_arn,
            unique_id,
        },
    }
}

pub(crate) fn holds(access: &Access<'_>, context: &Context, principal: &Principal<'_>) -> bool {
    match access {
        Access::Never { .. } => false,
        Access::Always { .. } => true,
        Access::When(formula) => formula.holds(context, principal),
        Access::Unclear { .. } => panic!("too much for so few policies: {access:?}"),
    }
}

#[test]
fn what_is_said_of_outsiders_is_right_about_each_of_them() {
    let everything =
        json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}).to_string();
    let everything = Policy::parse(&everything, Kind::Identity).expect("a policy");
    let own = [Applied {
        name: "own",
        policy: &everything,
    }];
    let mut counts = Counts::default();
    for seed in 0..cases() / REQUESTS {
        let case = Case::generate(seed);
        Compiled::new(&case).ask(|policies| {
            for base in case.requests.iter().take(2) {
                let policies = Policies {
                    identity: &own,
                    resource: policies.resource,
                    resource_control: policies.resource_control,
                    ..Policies::default()
                };
                outsiders(seed, &case, base, &policies, &mut counts);
            }
        });
    }
    // Who never can is not told.
    counts.never += counts.always;
    counts.check(50);
}

fn outsiders(seed: u64, case: &Case, base: &Asked, policies: &Policies<'_>, counts: &mut Counts) {
    let told = KEYS.map(|_| Told::Nothing);
    let question = Question {
        action: base.action,
        resource: base.resource,
        resource_account: base.resource_account,
        rule: policies.resource,
        resource_control: policies.resource_control,
        known: &Known::nothing(),
    };
    let answer = who_can(&question, std::iter::empty::<Candidate<'_, '_>>());
    for other in &case.requests {
        let context = complete(told, base, other);
        let mut is_named = false;
        for found in &answer.outsiders {
            let principal = other.principal;
            if !is_one_of(&principal, found.outsider, base.resource_account) {
                continue;
            }
            is_named = true;
            check(
                seed,
                base,
                policies,
                &context,
                &principal,
                &found.access,
                counts,
            );
        }
        let is_own = other.principal.account() == Some(base.resource_account);
        // Neither those nor federated users, through their user, are told of.
        let is_linked = matches!(other.principal, Principal::Session { role_arn, .. }
            if role_arn.contains("aws-service-role"));
        let is_federated = matches!(other.principal, Principal::FederatedUser { .. });
        if !is_named && !is_own && !is_linked && !is_federated {
            let never = Access::Never { reason: None };
            check(
                seed,
                base,
                policies,
                &context,
                &other.principal,
                &never,
                counts,
            );
        }
    }
}

fn check(
    seed: u64,
    base: &Asked,
    policies: &Policies<'_>,
    context: &Context,
    principal: &Principal<'_>,
    access: &Access<'_>,
    counts: &mut Counts,
) {
    let request = Request {
        principal: *principal,
        context,
        ..base.request(context)
    };
    let expected = decide(&request, policies).is_allowed();
    let found = holds(access, context, principal);
    assert_eq!(found, expected, "seed {seed}: {access:?} for {request:?}");
    counts.count(access, expected);
}

/// Whether `principal` is one of those that `outsider` stands for. Service-linked roles are told
/// apart by their ARN only.
fn is_one_of(principal: &Principal<'_>, outsider: Outsider<'_>, own: &str) -> bool {
    let linked = matches!(principal, Principal::Session { role_arn, .. }
        if role_arn.contains("aws-service-role"));
    let account = principal.account();
    match (outsider, *principal) {
        (Outsider::Account { id, partition }, _) => {
            account == Some(id) && partition == "aws" && !linked
        }
        (Outsider::Role(name), Principal::Session { role_arn, .. }) => name == role_arn,
        (Outsider::Session(name), Principal::Session { session_arn, .. }) => {
            name == session_arn && !linked
        }
        (Outsider::User(name), Principal::User { arn, .. })
        | (Outsider::Session(name), Principal::FederatedUser { arn, .. }) => name == arn,
        (
            Outsider::UniqueId(id),
            Principal::User { unique_id, .. }
            | Principal::Session { unique_id, .. }
            | Principal::FederatedUser { unique_id, .. },
        ) => account != Some(own) && unique_id == Some(id) && !linked,
        (Outsider::Service(one), Principal::Service(two))
        | (Outsider::Federated(one), Principal::Federated(two))
        | (Outsider::CanonicalUser(one), Principal::CanonicalUser(two)) => one == two,
        (Outsider::EveryAccount, _) => account.is_some() && account != Some(own) && !linked,
        (Outsider::EveryService, _) => account.is_none(),
        (Outsider::Anonymous, Principal::Anonymous) => true,
        _ => false,
    }
}
