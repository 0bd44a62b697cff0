//! A second evaluator, slow and literal, over the JSON itself; it has to agree with `decide` on
//! whatever policies and requests come up.
#![cfg(test)]

use policy::{Applied, Context, Kind, Policies, Policy, Principal, Request, ResourceRule, decide};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};

const OWN: &str = "111111111111";
const OTHER: &str = "222222222222";
const USER: &str = "arn:aws:iam::111111111111:user/ann";
const ROLE: &str = "arn:aws:iam::222222222222:role/app";
const SESSION: &str = "arn:aws:sts::222222222222:assumed-role/app/one";
const SERVICE: &str = "ec2.amazonaws.com";

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "S3:get?bject",
    "kms:Decrypt",
    "kms:*c*t",
    "*:Get*",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k?y",
    "arn:aws:s3:*:*:b/key",
    "arn:aws:kms:*:111111111111:key/*",
    "arn:*:kms:us-*-1:1?1111111111:key/a",
    "arn:aws:kms:us-east-1:1*1:key/a",
];
const NAMES: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", OWN),
    ("AWS", "arn:aws:iam::222222222222:root"),
    ("AWS", "arn:aws-cn:iam::222222222222:root"),
    ("AWS", USER),
    ("AWS", ROLE),
    ("AWS", SESSION),
    ("Service", SERVICE),
    ("Federated", "accounts.google.com"),
];

/// Whether each value of a condition key holds, and what its absence means, is written out.
const CONDITIONS: &[(&str, &str)] = &[
    ("StringEquals", "a"),
    ("StringNotEquals", "a"),
    ("StringLike", "a*"),
    ("StringNotLikeIfExists", "*b"),
    ("StringEqualsIfExists", "ab"),
    ("Null", "true"),
    ("Null", "false"),
];

fn condition_holds((operator, wanted): (&str, &str), value: Option<&str>) -> bool {
    match (operator, value) {
        ("StringEquals" | "StringLike", None) => false,
        ("StringNotEquals" | "StringNotLikeIfExists" | "StringEqualsIfExists", None) => true,
        ("StringEquals" | "StringEqualsIfExists", Some(value)) => value == wanted,
        ("StringNotEquals", Some(value)) => value != wanted,
        ("StringLike", Some(value)) => glob(&chars(wanted), &chars(value), true, 0),
        ("StringNotLikeIfExists", Some(value)) => !glob(&chars(wanted), &chars(value), true, 0),
        ("Null", value) => value.is_none() == (wanted == "true"),
        other => panic!("{other:?}"),
    }
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// `free`: a wildcard may stand for a colon. `colons`: how many have been passed.
fn glob(pattern: &[char], text: &[char], free: bool, colons: usize) -> bool {
    let segment_end = pattern.iter().position(|c| *c == ':');
    let segment = &pattern[..segment_end.unwrap_or(pattern.len())];
    // The sixth part, or a segment that ends in `*`.
    let free = free || colons == 5 || segment.last() == Some(&'*');
    let wild = |c: char| free || c != ':';
    match (pattern, text) {
        ([], text) => text.is_empty(),
        (['*', rest @ ..], text) => {
            glob(rest, text, free, colons)
                || matches!(text, [c, tail @ ..] if wild(*c) && glob(pattern, tail, free, colons))
        }
        ([p, rest @ ..], [c, tail @ ..]) => {
            let passed = colons + usize::from(*p == ':');
            (p == c || *p == '?' && wild(*c)) && glob(rest, tail, free, passed)
        }
        _ => false,
    }
}

fn strings(value: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().expect("a text").to_owned();
    value
        .as_array()
        .map_or_else(|| vec![text(value)], |list| list.iter().map(text).collect())
}

fn about(statement: &Json, request: &Request<'_>, value: Option<&str>) -> bool {
    let action = |pattern: &String| {
        let (pattern, action) = (pattern.to_lowercase(), request.action.to_lowercase());
        glob(&chars(&pattern), &chars(&action), true, 0)
    };
    let resource = |pattern: &String| {
        pattern == "*" || glob(&chars(pattern), &chars(request.resource), false, 0)
    };
    let element = |name: &str, test: &dyn Fn(&String) -> bool| {
        let negated = format!("Not{name}");
        match (statement.get(name), statement.get(&negated)) {
            (Some(list), None) => strings(list).iter().any(test),
            (None, Some(list)) => !strings(list).iter().any(test),
            _ => panic!("{statement}"),
        }
    };
    let conditions = statement["Condition"].as_object().expect("conditions");
    element("Action", &action)
        && element("Resource", &resource)
        && conditions.iter().all(|(operator, keys)| {
            condition_holds((operator, keys["aws:x"].as_str().expect("one")), value)
        })
}

/// Whether a statement of a resource policy names the caller itself, and whether its account.
fn named(statement: &Json, caller: &Principal<'_>) -> (bool, bool) {
    let (levels, account) = match caller {
        Principal::User { .. } => (vec![USER], Some(OWN)),
        Principal::Session { .. } => (vec![ROLE, SESSION], Some(OTHER)),
        Principal::Service(_) => (vec![SERVICE], None),
    };
    let element = if statement.get("Principal").is_some() {
        "Principal"
    } else {
        "NotPrincipal"
    };
    let map = statement[element].as_object().expect("a map");
    let names: Vec<String> = map.values().flat_map(strings).collect();
    let listed = |name: &str| names.iter().any(|n| n == name);
    let by_account =
        account.is_some_and(|id| listed(id) || listed(&format!("arn:aws:iam::{id}:root")));
    if element == "Principal" {
        let itself = listed("*") || levels.iter().any(|level| listed(level));
        return (itself, by_account);
    }
    let spared = listed("*")
        || levels.iter().all(|level| listed(level)) && (by_account || account.is_none());
    (!spared, false)
}

fn literal(
    request: &Request<'_>,
    identity: &Json,
    resource: Option<&Json>,
    required: bool,
    value: Option<&str>,
) -> bool {
    let statements = |policy: &Json| policy["Statement"].as_array().expect("a list").clone();
    let is = |statement: &Json, effect: &str| {
        statement["Effect"] == effect && about(statement, request, value)
    };
    let own = statements(identity);
    let of_resource = resource.map(statements).unwrap_or_default();
    let any = |effect: &str, test: &dyn Fn((bool, bool)) -> bool| {
        of_resource
            .iter()
            .any(|s| is(s, effect) && test(named(s, &request.principal)))
    };
    if own.iter().any(|s| is(s, "Deny")) || any("Deny", &|(itself, account)| itself || account) {
        return false;
    }
    let identity = own.iter().any(|s| is(s, "Allow"));
    let itself = any("Allow", &|(itself, _)| itself);
    let account = any("Allow", &|(_, account)| account);
    match (request.principal.account(), required) {
        (None, _) => itself,
        (Some(id), false) if id == request.resource_account => identity || itself,
        (Some(id), true) if id == request.resource_account => itself || identity && account,
        _ => identity && (itself || account),
    }
}

fn list(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(of, 1..=3)
}

fn statement(with_principal: bool) -> impl Strategy<Value = Json> {
    let conditions = subsequence(CONDITIONS, 0..=2);
    let negated = prop::array::uniform3(prop::bool::weighted(0.2));
    let names = subsequence(NAMES, 1..=4);
    let parts = (
        any::<bool>(),
        list(ACTIONS),
        list(RESOURCES),
        names,
        conditions,
        negated,
    );
    parts.prop_map(
        move |(allow, actions, resources, names, conditions, negated)| {
            let element = |name: &str, not: bool| format!("{}{name}", if not { "Not" } else { "" });
            let mut operators = serde_json::Map::new();
            for (operator, wanted) in conditions {
                operators.insert(operator.to_owned(), json!({"aws:x": wanted}));
            }
            let mut statement = json!({
                "Effect": if allow { "Allow" } else { "Deny" },
                element("Action", negated[0]): actions,
                element("Resource", negated[1]): resources,
                "Condition": operators,
            });
            if with_principal {
                let mut map = serde_json::Map::new();
                for (kind, name) in names {
                    let names = map.entry(kind).or_insert_with(|| json!([]));
                    names.as_array_mut().expect("a list").push(json!(name));
                }
                statement[element("Principal", negated[2] && !allow)] = json!(map);
            }
            statement
        },
    )
}

fn document(with_principal: bool) -> impl Strategy<Value = Json> {
    prop::collection::vec(statement(with_principal), 1..4)
        .prop_map(|statements| json!({"Version": "2012-10-17", "Statement": statements}))
}

fn principal() -> impl Strategy<Value = Principal<'static>> {
    select(vec![
        Principal::User {
            account: OWN,
            arn: USER,
            unique_id: None,
        },
        Principal::Session {
            account: OTHER,
            role_arn: ROLE,
            session_arn: SESSION,
            unique_id: None,
        },
        Principal::Service(SERVICE),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn agrees_with_decide(
        identity in document(false),
        of_resource in prop::option::of(document(true)),
        required in any::<bool>(),
        principal in principal(),
        action in select(vec!["s3:GetObject", "kms:Decrypt", "iam:GetUser"]),
        resource in select(vec![
            "*",
            "arn:aws:s3:::b/key",
            "arn:aws:s3:::c/d:b/key",
            "arn:aws:kms:us-east-1:111111111111:key/a",
        ]),
        resource_account in select(vec![OWN, OTHER]),
        value in prop::option::of(select(vec!["a", "ab", "b", ""])),
    ) {
        let context = match value {
            Some(value) => Context::new().with("AWS:X", value),
            None => Context::new(),
        };
        let request = Request { principal, action, resource, resource_account, context: &context };
        let own = Policy::parse(&identity.to_string(), Kind::Identity).expect("a policy");
        let theirs = of_resource.as_ref().map(|document| {
            Policy::parse(&document.to_string(), Kind::Resource).expect("a policy")
        });
        // A service has no identity policies.
        let nothing = json!({"Statement": []});
        let service = principal.account().is_none();
        let own_applied = [Applied { name: "own", policy: &own }];
        let theirs = theirs.as_ref().map(|policy| Applied { name: "theirs", policy });
        let policies = Policies {
            identity: if service { &[] } else { &own_applied },
            resource: match (theirs, required) {
                (applied, true) => ResourceRule::Required(applied),
                (Some(applied), false) => ResourceRule::Sufficient(applied),
                (None, false) => ResourceRule::None,
            },
            ..Policies::default()
        };
        let decision = decide(&request, &policies);
        let identity = if service { &nothing } else { &identity };
        let expected = literal(&request, identity, of_resource.as_ref(), required, value);
        prop_assert_eq!(decision.is_allowed(), expected, "{:?}", decision.reason());
    }
}
