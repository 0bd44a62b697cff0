//! Decisions and compilation, next to Cedar's, in one run.
#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot begin has nobody to tell"
)]

use std::hint::black_box;
use std::str::FromStr as _;

use cedar_policy::{
    Authorizer, Context as CedarContext, Decision, Entities, EntityUid, PolicySet,
    Request as CedarRequest,
};
use criterion::{Criterion, Throughput};
use policy::{
    Access, Applied, Candidate, Context, Kind, Known, Policies, Policy, Principal, Question,
    Request, ResourceRule, Subject, decide, who_can,
};
use rolecall_bench_policy::{
    ACCOUNT, ACTION, MANAGED_PER_ROLE, RESOURCE, USER, cedar, inline, pathological, policies,
    resource_policy, role,
};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, count, statements) in [
        ("typical: 10 policies, 40 statements", 10, 4),
        ("1,000 policies, 4,000 statements", 1_000, 4),
    ] {
        let mut group = criterion.benchmark_group(name);
        let ours = Ours::new(&policies(count, statements));
        let theirs = Theirs::new(&cedar(count, statements), RESOURCE);
        assert!(ours.allows(RESOURCE) && theirs.allows());
        assert!(!ours.allows("arn:aws:s3:::b"));
        let taken = allocation_counter::measure(|| {
            assert!(ours.allows(RESOURCE));
        });
        // The list of what applies is made for the measurement itself.
        assert_eq!(taken.count_total, 1, "a decision takes no memory");
        let applied = ours.applied();
        group.bench_function("rolecall", |b| {
            b.iter(|| ours.decide(black_box(&applied), black_box(RESOURCE)));
        });
        group.bench_function("cedar", |b| b.iter(|| black_box(theirs.allows())));
        group.finish();
    }
    compile(&mut criterion);
    for (name, pattern) in [
        ("stars", "*a".repeat(2_950)),
        ("long pieces", "*aaaaaaaaab".repeat(536)),
        ("question marks", "*a?a".repeat(1_475)),
        (
            "long pieces of question marks",
            "*a?a?a?a?a?a?a?a?a?a".repeat(295),
        ),
        (
            "one piece of question marks",
            format!("*{}b*", "a?".repeat(500)),
        ),
        (
            "variables",
            format!("{}${{aws:username}}", "*a?a".repeat(1_475)),
        ),
    ] {
        let mut group = criterion.benchmark_group(format!("6 KB of wildcards: {name}"));
        let (text, pattern, resource) = pathological(&pattern);
        let ours = Ours::new(&[text]);
        let applied = ours.applied();
        group.bench_function("rolecall", |b| {
            b.iter(|| ours.decide(black_box(&applied), black_box(&resource)));
        });
        // Cedar has no wildcard for one character.
        if !pattern.contains('?') {
            let source = format!(
                "permit(principal, action, resource) when {{ resource.arn like \"{pattern}\" }};"
            );
            let theirs = Theirs::new(&source, &resource);
            group.bench_function("cedar", |b| b.iter(|| black_box(theirs.allows())));
        }
        group.finish();
    }
    who(&mut criterion);
    criterion.final_summary();
}

fn compile(criterion: &mut Criterion) {
    let texts = policies(10, 4);
    let source = cedar(10, 4);
    let mut group = criterion.benchmark_group("compile");
    let bytes = texts.iter().map(String::len).sum::<usize>();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("rolecall", |b| {
        b.iter(|| {
            for text in &texts {
                black_box(Policy::parse(black_box(text), Kind::Identity).is_ok());
            }
        });
    });
    group.throughput(Throughput::Bytes(source.len() as u64));
    group.bench_function("cedar", |b| {
        b.iter(|| black_box(PolicySet::from_str(black_box(&source)).is_ok()));
    });
    group.finish();
}

struct Ours {
    policies: Vec<Policy>,
    context: Context,
}

impl Ours {
    fn new(texts: &[String]) -> Self {
        let parse = |text: &String| Policy::parse(text, Kind::Identity).expect("a policy");
        let context = Context::new()
            .with("aws:RequestedRegion", "us-east-1")
            .with("aws:username", "ann")
            .with("aws:PrincipalAccount", ACCOUNT)
            .with("aws:SourceIp", "192.0.2.1")
            .with("aws:SecureTransport", true);
        Self {
            policies: texts.iter().map(parse).collect(),
            context,
        }
    }

    fn applied(&self) -> Vec<Applied<'_>> {
        let applied = |policy| Applied { name: "p", policy };
        self.policies.iter().map(applied).collect()
    }

    fn decide(&self, identity: &[Applied<'_>], resource: &str) -> bool {
        let request = Request {
            principal: Principal::User {
                account: ACCOUNT,
                arn: USER,
                unique_id: None,
            },
            action: ACTION,
            resource,
            resource_account: ACCOUNT,
            context: &self.context,
        };
        let policies = Policies {
            identity,
            ..Policies::default()
        };
        decide(&request, &policies).is_allowed()
    }

    fn allows(&self, resource: &str) -> bool {
        self.decide(&self.applied(), resource)
    }
}

/// Who can read a secret, of 5,000 roles with ten policies each: nine of 200 that are shared, and
/// one of its own.
fn who(criterion: &mut Criterion) {
    let managed = policies(MANAGED, 4);
    let inline: Vec<String> = (0..ROLES).map(inline).collect();
    let compiled = Account::new(&managed, &inline);
    let can = compiled.who_can();
    assert!(can > 0 && can < ROLES, "{can} of {ROLES}");
    let mut group = criterion.benchmark_group("who can: 5,000 roles of 10 policies");
    group.sample_size(10);
    group.bench_function("policies compiled", |b| b.iter(|| compiled.who_can()));
    group.bench_function("from texts", |b| {
        b.iter(|| Account::new(&managed, &inline).who_can());
    });
    group.finish();
}

const ROLES: usize = 5_000;
const MANAGED: usize = 200;

struct Account {
    managed: Vec<Policy>,
    inline: Vec<Policy>,
    arns: Vec<String>,
    resource: Policy,
}

impl Account {
    fn new(managed: &[String], inline: &[String]) -> Self {
        let parse = |text: &String| Policy::parse(text, Kind::Identity).expect("a policy");
        Self {
            managed: managed.iter().map(parse).collect(),
            inline: inline.iter().map(parse).collect(),
            arns: (0..inline.len()).map(role).collect(),
            resource: Policy::parse(&resource_policy(), Kind::Resource).expect("a policy"),
        }
    }

    /// How many of the roles can, whatever it depends on.
    fn who_can(&self) -> usize {
        let applied = |policy| Applied { name: "p", policy };
        let identity: Vec<Vec<Applied<'_>>> = (0..self.inline.len())
            .map(|number| {
                let shared = (0..MANAGED_PER_ROLE).filter_map(|place| {
                    let chosen = (number * 7 + place * 13) % self.managed.len();
                    self.managed.get(chosen)
                });
                shared.chain(self.inline.get(number)).map(applied).collect()
            })
            .collect();
        let subjects = self.arns.iter().map(|role_arn| Subject::Role {
            account: ACCOUNT,
            role_arn,
            unique_id: None,
        });
        let subjects: Vec<(Subject<'_>, Known)> = subjects
            .map(|subject| (subject, Known::of(&subject)))
            .collect();
        let candidates = subjects.iter().zip(&identity);
        let candidates = candidates.map(|((subject, known), identity)| Candidate {
            subject: *subject,
            identity,
            boundary: None,
            service_control: &[],
            known,
        });
        let question = Question {
            action: ACTION,
            resource: RESOURCE,
            resource_account: ACCOUNT,
            rule: ResourceRule::Sufficient(applied(&self.resource)),
            resource_control: &[],
            known: &Known::nothing().with("aws:ResourceAccount", ACCOUNT),
        };
        let answer = who_can(&question, candidates);
        let never = |access: &Access<'_>| matches!(access, Access::Never { .. });
        let can = answer.candidates.iter().filter(|(_, it)| !never(it));
        can.count()
    }
}

struct Theirs {
    policies: PolicySet,
    entities: Entities,
    request: CedarRequest,
    authorizer: Authorizer,
}

impl Theirs {
    fn new(source: &str, arn: &str) -> Self {
        let uid = |text: &str| EntityUid::from_str(text).expect("an entity");
        let resource = format!(
            r#"[{{"uid": {{"type": "Secret", "id": "s"}}, "attrs": {{"arn": "{arn}"}}, "parents": []}}]"#
        );
        let context = r#"{"region": "us-east-1", "username": "ann"}"#;
        let context = CedarContext::from_json_str(context, None).expect("a context");
        let (user, secret) = (uid("User::\"ann\""), uid("Secret::\"s\""));
        let action = uid(&format!("Action::\"{ACTION}\""));
        Self {
            policies: PolicySet::from_str(source).expect("policies"),
            entities: Entities::from_json_str(&resource, None).expect("entities"),
            request: CedarRequest::new(user, action, secret, context, None).expect("a request"),
            authorizer: Authorizer::new(),
        }
    }

    fn allows(&self) -> bool {
        let answer = self
            .authorizer
            .is_authorized(&self.request, &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}
