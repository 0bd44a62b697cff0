//! The table of who can: one file beside this one is one question, the candidates with their
//! policies, and what is said of each, word by word.
#![cfg(test)]

use std::fmt::Write as _;

use policy::{
    Access, Answer, Applied, Candidate, Kind, Known, Outsider, Policy, Principal, Question,
    ResourceRule, Subject, Value, who_can,
};
use serde_json::Value as Json;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the cases are files of this package"
)]
fn table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/who_can");
    let mut counts = [0; 3];
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let path = entry.expect("a case").path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect(&name);
        let case: Json = serde_json::from_str(&text).expect(&name);
        run(&name, &case, &mut counts);
    }
    let [never, always, sometimes] = counts;
    assert!(never > always && always > 0 && sometimes > 0, "{counts:?}");
}

type Named = (String, Policy);

/// A candidate's policies and keys, to be lent.
struct Owned {
    identity: Vec<Named>,
    boundary: Option<Named>,
    service_control: Vec<Vec<Named>>,
    known: Known,
}

fn run(name: &str, case: &Json, counts: &mut [usize; 3]) {
    let entries: &[Json] = case["candidates"].as_array().expect(name);
    let owned: Vec<Owned> = entries.iter().map(owned).collect();
    let lent: Vec<Lent<'_>> = owned.iter().map(Lent::new).collect();
    let levels: Vec<Vec<&[Applied<'_>]>> = lent
        .iter()
        .map(|it| it.service_control.iter().map(Vec::as_slice).collect())
        .collect();
    let candidates = entries.iter().zip(&owned).zip(lent.iter().zip(&levels));
    let candidates = candidates.map(|((entry, owned), (lent, levels))| Candidate {
        subject: subject(entry),
        identity: &lent.identity,
        boundary: owned.boundary.as_ref().map(applied),
        service_control: levels,
        known: &owned.known,
    });

    let rule = case
        .get("resource")
        .map(|entry| (entry, policy(entry, Kind::Resource)));
    let control = levels_of(&case["resource_control"], Kind::ResourceControl);
    let control: Vec<Vec<_>> = control
        .iter()
        .map(|level| level.iter().map(applied).collect())
        .collect();
    let control: Vec<&[_]> = control.iter().map(Vec::as_slice).collect();
    let known = keys(Known::nothing(), &case["known"], &case["absent"]);
    let question = Question {
        action: text(&case["action"]),
        resource: text(&case["resource_arn"]),
        resource_account: text(&case["account"]),
        rule: match &rule {
            None => ResourceRule::None,
            Some((entry, policy)) if entry["rule"] == "required" => {
                ResourceRule::Required(policy.as_ref().map(applied))
            }
            Some((_, policy)) => ResourceRule::Sufficient(applied(policy.as_ref().expect(name))),
        },
        resource_control: &control,
        known: &known,
    };
    check(name, case, &who_can(&question, candidates), counts);
}

fn check(name: &str, case: &Json, answer: &Answer<'_>, counts: &mut [usize; 3]) {
    let action = text(&case["action"]);
    let mut found = String::new();
    for (_, access) in &answer.candidates {
        counts[match access {
            Access::Never { .. } => 0,
            Access::Always { .. } => 1,
            _ => 2,
        }] += 1;
        writeln!(found, "{}", told(access, action)).expect("room");
    }
    for outsider in &answer.outsiders {
        let own = if outsider.needs_own_policies {
            ", where its own policies allow as well"
        } else {
            ""
        };
        let (who, access) = (who(outsider.outsider), told(&outsider.access, action));
        writeln!(found, "{who}: {access}{own}").expect("room");
    }
    let expected = case["expect"].as_array().expect(name).iter().map(text);
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(found, expected.collect::<Vec<_>>(), "{name}");
}

fn told(access: &Access<'_>, action: &str) -> String {
    match access {
        Access::Never {
            reason: Some(reason),
        } => format!("never, {}", reason.sentence(action)),
        Access::Never { reason: None } => "never, the conditions exclude each other".to_owned(),
        Access::Always { by, and: None } => format!("always, by {by}"),
        Access::Always { by, and: Some(and) } => format!("always, by {by} and {and}"),
        Access::When(formula) => format!("when {formula}"),
        Access::Unclear { atoms } => format!("unclear, {atoms} conditions"),
    }
}

fn who(outsider: Outsider<'_>) -> String {
    match outsider {
        Outsider::Account { id, partition } => format!("account {partition} {id}"),
        Outsider::User(arn) | Outsider::Role(arn) | Outsider::Session(arn) => arn.to_owned(),
        Outsider::UniqueId(id) => format!("id {id}"),
        Outsider::Service(name) => format!("service {name}"),
        Outsider::Federated(name) => format!("provider {name}"),
        Outsider::CanonicalUser(id) => format!("canonical user {id}"),
        Outsider::EveryAccount => "every account".to_owned(),
        Outsider::EveryService => "every service".to_owned(),
        Outsider::Anonymous => "anonymous".to_owned(),
    }
}

fn owned(entry: &Json) -> Owned {
    let subject = subject(entry);
    let known = keys(Known::of(&subject), &entry["known"], &entry["absent"]);
    // A role's tags are told too, and are not what its sessions have.
    let known = match (subject, entry["tags"].as_object()) {
        (Subject::Exactly(_), Some(tags)) => tags
            .iter()
            .fold(known, |known, (key, value)| {
                known.with(&format!("aws:PrincipalTag/{key}"), text(value))
            })
            .without_prefix("aws:PrincipalTag/"),
        _ => known,
    };
    Owned {
        identity: list(&entry["identity"])
            .iter()
            .filter_map(|entry| policy(entry, Kind::Identity))
            .collect(),
        boundary: entry
            .get("boundary")
            .and_then(|entry| policy(entry, Kind::Identity)),
        service_control: levels_of(&entry["service_control"], Kind::ServiceControl),
        known,
    }
}

/// What a candidate borrows.
struct Lent<'a> {
    identity: Vec<Applied<'a>>,
    service_control: Vec<Vec<Applied<'a>>>,
}

impl<'a> Lent<'a> {
    fn new(owned: &'a Owned) -> Lent<'a> {
        Lent {
            identity: owned.identity.iter().map(applied).collect(),
            service_control: owned
                .service_control
                .iter()
                .map(|level| level.iter().map(applied).collect())
                .collect(),
        }
    }
}

fn subject(entry: &Json) -> Subject<'_> {
    let account = |arn: &str| arn.split(':').nth(4).map(str::len);
    let slice = |arn| match account(arn) {
        Some(12) => arn.split(':').nth(4).expect("an account"),
        _ => panic!("no account in {arn}"),
    };
    let unique_id = entry["id"].as_str();
    if let Some(arn) = entry["user"].as_str() {
        return Subject::Exactly(Principal::User {
            account: slice(arn),
            arn,
            unique_id,
        });
    }
    let role_arn = text(&entry["role"]);
    Subject::Role {
        account: slice(role_arn),
        role_arn,
        unique_id,
    }
}

fn keys(known: Known, values: &Json, absent: &Json) -> Known {
    let values = values.as_object().into_iter().flatten();
    let known = values.fold(known, |known, (key, value)| match value {
        Json::Array(several) => {
            let several: Vec<String> = several.iter().map(|it| text(it).to_owned()).collect();
            known.with(key, several)
        }
        one => known.with(key, Value::from(text(one))),
    });
    list(absent)
        .iter()
        .fold(known, |known, key| match text(key).strip_suffix('*') {
            Some(prefix) => known.without_prefix(prefix),
            None => known.without(text(key)),
        })
}

/// Its statements, in a policy of the newer version.
fn policy(entry: &Json, kind: Kind) -> Option<Named> {
    let kind = match entry["kind"].as_str() {
        Some("trust") => Kind::Trust,
        _ => kind,
    };
    let mut statements = entry.get("statements")?.clone();
    statements.sort_all_objects();
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
    let policy = Policy::parse(&text, kind).expect(&text);
    let name = entry["name"].as_str().unwrap_or("p").to_owned();
    Some((name, policy))
}

fn levels_of(entry: &Json, kind: Kind) -> Vec<Vec<Named>> {
    let levels = list(entry).iter();
    levels
        .map(|level| {
            list(level)
                .iter()
                .filter_map(|it| policy(it, kind))
                .collect()
        })
        .collect()
}

fn applied((name, policy): &Named) -> Applied<'_> {
    Applied { name, policy }
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Json) -> &str {
    value.as_str().expect("a text")
}
