//! The decision table: one file in `cases/` is one request, the policies that have a say in it, and
//! what comes of them.
#![cfg(test)]

use policy::{
    Applied, Context, Decision, Kind, Policies, Policy, PolicyType, Principal, Reason, Request,
    ResourceRule, StatementRef, Value, decide, explain,
};
use serde_json::Value as Json;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the cases are files of this package"
)]
fn table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut allowed = 0;
    let mut denied = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let path = entry.expect("a case").path();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect(&name);
        let case: Json = serde_json::from_str(&text).expect(&name);
        if run(&name, &case) {
            allowed += 1;
        } else {
            denied += 1;
        }
    }
    assert!(denied > allowed && allowed > 0, "{allowed} of {denied}");
}

#[test]
fn a_reason_points_at_the_line_of_the_statement() {
    let text = "{\"Statement\": [\n\
        {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},\n\
        {\"Sid\": \"No\", \"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}";
    let policy = Policy::parse(text, Kind::Identity).expect("a policy");
    let name = "arn:aws:iam::123456789012:policy/p";
    let request = Request {
        principal: Principal::User {
            account: "123456789012",
            arn: "arn:aws:iam::123456789012:user/ann",
            unique_id: None,
        },
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        resource_account: "123456789012",
        context: &Context::new(),
    };
    let policies = Policies {
        identity: &[Applied {
            name,
            policy: &policy,
        }],
        ..Policies::default()
    };
    let by = StatementRef {
        policy: name,
        sid: Some("No"),
        index: 1,
        line: 3,
    };
    let in_ = PolicyType::Identity;
    let decision = decide(&request, &policies);
    assert_eq!(*decision.reason(), Reason::ExplicitDeny { by, in_ });
}

/// Checks one case, and says whether it is one that is allowed.
fn run(name: &str, case: &Json) -> bool {
    let owned: Vec<_> = list(&case["identity"])
        .iter()
        .map(|entry| named_policy(entry, Kind::Identity))
        .collect();
    let identity: Vec<_> = owned.iter().map(applied).collect();
    let rule = &case["resource"];
    let of_resource = rule
        .get("policy")
        .map(|_| named_policy(rule, Kind::Resource));
    let resource = match rule["rule"].as_str() {
        None => ResourceRule::None,
        Some("sufficient") => ResourceRule::Sufficient(applied(of_resource.as_ref().expect(name))),
        Some("required") => ResourceRule::Required(of_resource.as_ref().map(applied)),
        Some(other) => panic!("{name}: rule {other}"),
    };
    let context = context(&case["request"]["context"]);
    let request = request(&case["request"], &context);
    let limits = Limits::read(case);
    let boundary = limits.boundary.as_ref().map(applied);
    let session: Option<Vec<_>> = limits
        .session
        .as_ref()
        .map(|s| s.iter().map(applied).collect());
    let service: Vec<Vec<_>> = limits
        .service
        .iter()
        .map(|l| l.iter().map(applied).collect())
        .collect();
    let service: Vec<&[_]> = service.iter().map(Vec::as_slice).collect();
    let of_resource: Vec<Vec<_>> = limits
        .resource
        .iter()
        .map(|l| l.iter().map(applied).collect())
        .collect();
    let of_resource: Vec<&[_]> = of_resource.iter().map(Vec::as_slice).collect();
    let policies = Policies {
        identity: &identity,
        resource,
        boundary,
        session: session.as_deref(),
        service_control: &service,
        resource_control: &of_resource,
    };

    let decision = decide(&request, &policies);
    check(name, &case["expect"], &decision, request.action);
    let explanation = explain(&request, &policies);
    assert_eq!(explanation.decision, decision, "{name}");
    let mut applying = explanation.applying().map(|it| place(it.statement));
    let by = case["expect"]["by"].as_str();
    assert!(by.is_none_or(|by| applying.any(|it| it == by)), "{name}");
    if let Some(expected) = case["expect"]["near_misses"].as_array() {
        let misses = explanation.near_misses();
        let misses: Vec<String> = misses.map(ToString::to_string).collect();
        assert_eq!(
            misses,
            expected.iter().map(text).collect::<Vec<_>>(),
            "{name}"
        );
    }
    decision.is_allowed()
}

fn check(name: &str, expect: &Json, decision: &Decision<'_>, action: &str) {
    let reason = decision.reason();
    let (by, and) = match *reason {
        Reason::Allowed { by, and } => (Some(by), and),
        Reason::ExplicitDeny { by, .. } => (Some(by), None),
        _ => (None, None),
    };
    assert_eq!(
        Some(decision.is_allowed()),
        expect["allowed"].as_bool(),
        "{name}: {reason:?}"
    );
    assert_eq!(by.map(place).as_deref(), expect["by"].as_str(), "{name}");
    assert_eq!(and.map(place).as_deref(), expect["and"].as_str(), "{name}");
    if let Some(sentence) = expect["sentence"].as_str() {
        assert_eq!(reason.sentence(action), sentence, "{name}");
    }
}

fn place(statement: StatementRef<'_>) -> String {
    format!("{}, statement {}", statement.policy, statement.index)
}

/// The policies of a case that limit what the others grant.
struct Limits<'a> {
    boundary: Option<(&'a str, Policy)>,
    session: Option<Vec<(&'a str, Policy)>>,
    service: Vec<Vec<(&'a str, Policy)>>,
    resource: Vec<Vec<(&'a str, Policy)>>,
}

impl<'a> Limits<'a> {
    fn read(case: &'a Json) -> Self {
        let all = |entries: &'a Json, kind| -> Vec<_> {
            let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
            entries
                .iter()
                .map(|entry| named_policy(entry, kind))
                .collect()
        };
        let levels = |entries: &'a Json, kind| -> Vec<_> {
            let levels = entries.as_array().map(Vec::as_slice).unwrap_or_default();
            levels.iter().map(|level| all(level, kind)).collect()
        };
        Self {
            boundary: case
                .get("boundary")
                .map(|entry| named_policy(entry, Kind::Identity)),
            session: case
                .get("session")
                .map(|entries| all(entries, Kind::Identity)),
            service: levels(&case["service_control"], Kind::ServiceControl),
            resource: levels(&case["resource_control"], Kind::ResourceControl),
        }
    }
}

fn named_policy(entry: &Json, otherwise: Kind) -> (&str, Policy) {
    let kind = match entry["kind"].as_str() {
        None => otherwise,
        Some("identity") => Kind::Identity,
        Some("resource") => Kind::Resource,
        Some("trust") => Kind::Trust,
        Some("service-control") => Kind::ServiceControl,
        Some("resource-control") => Kind::ResourceControl,
        Some(other) => panic!("kind {other}"),
    };
    let mut policy = entry["policy"].clone();
    // Places in messages follow the text: its order is that of names, however JSON keeps them.
    policy.sort_all_objects();
    let policy = Policy::parse(&policy.to_string(), kind);
    (text(&entry["name"]), policy.expect("a policy"))
}

fn applied<'a>((name, policy): &'a (&'a str, Policy)) -> Applied<'a> {
    Applied { name, policy }
}

fn request<'a>(entry: &'a Json, context: &'a Context) -> Request<'a> {
    let caller = &entry["principal"];
    let account = |arn: &'a str| arn.split(':').nth(4).expect("an account");
    let principal = if let Some(arn) = caller["user"].as_str() {
        Principal::User {
            account: account(arn),
            arn,
            unique_id: caller["id"].as_str(),
        }
    } else if let Some(service) = caller["service"].as_str() {
        Principal::Service(service)
    } else if let Some(provider) = caller["federated"].as_str() {
        Principal::Federated(provider)
    } else if let Some(id) = caller["canonical_user"].as_str() {
        Principal::CanonicalUser(id)
    } else if caller["anonymous"] == true {
        Principal::Anonymous
    } else if let Some(arn) = caller["federated_user"].as_str() {
        let user_arn = text(&caller["of_user"]);
        Principal::FederatedUser {
            account: account(user_arn),
            user_arn,
            arn,
            unique_id: caller["id"].as_str(),
        }
    } else {
        let role_arn = text(&caller["role"]);
        Principal::Session {
            account: account(role_arn),
            role_arn,
            session_arn: text(&caller["session"]),
            unique_id: caller["id"].as_str(),
        }
    };
    Request {
        principal,
        action: text(&entry["action"]),
        resource: text(&entry["resource"]),
        resource_account: text(&entry["resource_account"]),
        context,
    }
}

fn context(entry: &Json) -> Context {
    let Some(keys) = entry.as_object() else {
        return Context::new();
    };
    keys.iter().fold(Context::new(), |context, (key, value)| {
        let value = match value {
            Json::String(text) => Value::from(text.as_str()),
            Json::Bool(truth) => Value::from(*truth),
            Json::Number(number) => Value::from(number.as_i64().expect("a whole number")),
            other => Value::from(
                list(other)
                    .iter()
                    .map(|v| text(v).to_owned())
                    .collect::<Vec<_>>(),
            ),
        };
        context.with(key, value)
    })
}

fn list(value: &Json) -> &[Json] {
    value.as_array().expect("a list")
}

fn text(value: &Json) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn callers_that_have_an_arn_are_named_by_it() {
    let (user, session) = (
        "arn:aws:iam::123456789012:user/ann",
        "arn:aws:sts::123456789012:assumed-role/app/s",
    );
    let federated = "arn:aws:sts::123456789012:federated-user/guest";
    let account = "123456789012";
    let callers = [
        Principal::User {
            account,
            arn: user,
            unique_id: None,
        },
        Principal::Session {
            account,
            role_arn: "arn:aws:iam::123456789012:role/app",
            session_arn: session,
            unique_id: None,
        },
        Principal::FederatedUser {
            account,
            user_arn: user,
            arn: federated,
            unique_id: None,
        },
        Principal::Service("ec2.amazonaws.com"),
        Principal::Anonymous,
    ];
    let named = [Some(user), Some(session), Some(federated), None, None];
    assert_eq!(callers.map(|it| it.arn()), named);
}
