//! Policies in code: documents made of blocks, and what is wrong with one by itself. What only a
//! run would tell is taken for harmless here: it is no literal `*`.

use serde_json::{Map, Value as Json, json};

use super::Flaw;
use super::value::{ELSEWHERE, NOT_LITERAL, Node, Value};

/// Who a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A role, a user, a group.
    Identity,
    /// A role, saying who may take it.
    Trust,
    /// A secret.
    Secret,
    /// Another resource.
    Resource,
}

/// The document of an `aws_iam_policy_document`.
pub(super) fn document(body: &Node) -> Json {
    let blocks = body.get("statement").map(Node::items).unwrap_or_default();
    let statements: Vec<Json> = blocks.iter().map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The same with the statements of the documents that it is made of: those of its sources before,
/// and those that override one of the same name in its place.
///
/// Source: the Terraform provider's reference, "aws_iam_policy_document".
pub(super) fn joined_documents(body: &Node, own: &Json) -> Json {
    let statements = |document: &Json| {
        let found = list(document.get("Statement"));
        found.into_iter().cloned().collect::<Vec<Json>>()
    };
    let given = |name: &str| {
        let items = body.get(name).map(Node::items).unwrap_or_default();
        items
            .iter()
            .filter_map(parsed)
            .flat_map(|it| statements(&it))
            .collect::<Vec<_>>()
    };
    let mut all = given("source_policy_documents");
    for later in statements(own)
        .into_iter()
        .chain(given("override_policy_documents"))
    {
        let name = later.get("Sid").filter(|it| it.as_str() != Some(""));
        let twin = all
            .iter()
            .position(|it| name.is_some() && it.get("Sid") == name);
        match twin.and_then(|at| all.get_mut(at)) {
            Some(earlier) => *earlier = later,
            None => all.push(later),
        }
    }
    json!({"Version": "2012-10-17", "Statement": all})
}

fn statement(block: &Node) -> Json {
    let mut made = Map::new();
    let effect = block
        .get("effect")
        .map_or_else(|| json!("Allow"), Node::json);
    made.insert("Effect".to_owned(), effect);
    for (argument, element) in ELEMENTS {
        if let Some(value) = block.get(argument) {
            made.insert(element.to_owned(), value.json());
        }
    }
    for (argument, element) in [
        ("principals", "Principal"),
        ("not_principals", "NotPrincipal"),
    ] {
        let Some(principals) = block.get(argument) else {
            continue;
        };
        let mut by_sort = Map::new();
        for principal in principals.items() {
            let sort = principal.get("type").map(Node::json);
            let sort = sort.and_then(|it| it.as_str().map(str::to_owned));
            let who = principal.get("identifiers").map_or(Json::Null, Node::json);
            by_sort.insert(sort.unwrap_or_default(), who);
        }
        made.insert(element.to_owned(), by_sort.into());
    }
    if let Some(condition) = block.get("condition") {
        made.insert("Condition".to_owned(), condition.json());
    }
    made.into()
}

/// The document that a value is: a text of JSON, or a tree.
pub(super) fn parsed(node: &Node) -> Option<Json> {
    match &node.value {
        Value::Text(text) => serde_json::from_str(text).ok(),
        Value::Object(_) => Some(node.json()),
        _ => None,
    }
}

/// What is wrong with a policy.
pub(super) fn flaws(document: &Json, of: Of) -> Vec<Flaw> {
    let mut found = Vec::new();
    for statement in list(document.get("Statement")) {
        let has = |name: &str| statement.get(name).is_some();
        if of == Of::Identity && (has("Principal") || has("NotPrincipal")) {
            found.push(Flaw::PrincipalOfIdentity);
        }
        let allows = statement.get("Effect").and_then(Json::as_str) == Some("Allow");
        let services = statement.get("Principal").and_then(|it| it.get("Service"));
        let lets_in = |it: &Json| {
            it.as_str()
                .is_some_and(|it| it.starts_with("ec2.amazonaws.com"))
        };
        if of == Of::Secret && allows && list(services).into_iter().any(lets_in) {
            found.push(Flaw::ServiceOfSecret);
        }
        if of != Of::Identity || !allows || has("Condition") {
            continue;
        }
        let texts = |element| {
            let values = list(statement.get(element)).into_iter();
            values.filter_map(Json::as_str).collect::<Vec<_>>()
        };
        let actions = texts("Action");
        let left_out = texts("NotAction");
        let reads = actions.iter().any(|it| covers(it, GET_SECRET_VALUE))
            || has("NotAction")
                && !has("Action")
                && !left_out.iter().any(|it| covers(it, GET_SECRET_VALUE));
        let kept_out = texts("NotResource");
        let reaches_all = texts("Resource").into_iter().any(is_every_secret)
            || has("NotResource")
                && !has("Resource")
                && !kept_out.iter().any(|it| speaks_of_secrets(it));
        let everything = texts("Resource").contains(&"*");
        if everything && actions.iter().any(|it| ["*", "*:*"].contains(it)) {
            found.push(Flaw::Everything);
        } else if reaches_all && reads {
            found.push(Flaw::AllSecrets);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What of a policy of an identity only a run would tell, where that decides whether it reads all
/// secrets. A hole in a longer ARN is a name there, and no `*`.
pub(super) fn not_known(document: &Json) -> Option<&'static str> {
    let statements = list(document.get("Statement"));
    let open = |value: Option<&Json>| {
        let all = list(value);
        all.into_iter().any(|it| it.as_str() == Some(NOT_LITERAL))
    };
    if open(document.get("Statement")) {
        return Some("has statements that only a run would tell");
    }
    statements.into_iter().find_map(|statement| {
        let get = |name: &str| statement.get(name);
        let effect = get("Effect").and_then(Json::as_str);
        let may_allow = [Some("Allow"), Some(NOT_LITERAL)].contains(&effect);
        if !may_allow || get("Condition").is_some() {
            return None;
        }
        let texts = |element| {
            let values = list(get(element)).into_iter();
            values.filter_map(Json::as_str).collect::<Vec<_>>()
        };
        let has_open_actions = open(get("Action"));
        let reads = texts("Action")
            .iter()
            .any(|it| covers(&it.replace(NOT_LITERAL, "*"), GET_SECRET_VALUE))
            || get("NotAction").is_some();
        let has_open_resources = open(get("Resource"));
        let reaches =
            texts("Resource").into_iter().any(is_every_secret) || get("NotResource").is_some();
        if has_open_resources && reads {
            Some("allows reading secrets, and which ones only a run would tell")
        } else if has_open_actions && reaches {
            Some("allows on everything what only a run would tell")
        } else if effect == Some(NOT_LITERAL) && reads && reaches {
            Some("has a statement whose effect only a run would tell")
        } else {
            None
        }
    })
}

/// One, or a list of them.
fn list(value: Option<&Json>) -> Vec<&Json> {
    match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// Whether a pattern of ARNs takes in every secret of an account in a region, or more.
fn is_every_secret(pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    match parts.as_slice() {
        [one] => one.trim_matches('*').is_empty() && !one.is_empty(),
        [_, _, service, _, _, rest] => {
            ["secretsmanager", "*"].contains(service) && ["*", "secret:*"].contains(rest)
        }
        [_, _, "secretsmanager", .., last] => *last == "*",
        _ => false,
    }
}

fn speaks_of_secrets(pattern: &str) -> bool {
    pattern.starts_with('*')
        || pattern.contains(":secretsmanager:")
        || [NOT_LITERAL, ELSEWHERE].contains(&pattern)
}

/// Whether a pattern of actions takes one in.
fn covers(pattern: &str, action: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let (mut pattern, mut action) = (pattern.as_bytes(), action.as_bytes());
    // Where to go on from if what follows the last `*` does not fit.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), action.split_first()) {
            (Some((b'*', rest)), _) => {
                pattern = rest;
                retry = Some((rest, action));
            }
            (Some((wanted, rest)), Some((found, tail))) if wanted == found || *wanted == b'?' => {
                (pattern, action) = (rest, tail);
            }
            (None, None) => return true,
            _ => match retry {
                Some((after, [_, tail @ ..])) => {
                    (pattern, action) = (after, tail);
                    retry = Some((after, tail));
                }
                _ => return false,
            },
        }
    }
}

const GET_SECRET_VALUE: &str = "secretsmanager:getsecretvalue";
const ELEMENTS: [(&str, &str); 5] = [
    ("sid", "Sid"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_actions_in() {
        for pattern in [
            "*",
            "secretsmanager:*",
            "secretsmanager:Get*",
            "SecretsManager:?etSecretValue",
        ] {
            assert!(covers(pattern, GET_SECRET_VALUE), "{pattern}");
        }
        for pattern in [
            "",
            "s3:*",
            "secretsmanager:Describe*",
            "secretsmanager:GetSecretValues",
        ] {
            assert!(!covers(pattern, GET_SECRET_VALUE), "{pattern}");
        }
    }

    #[test]
    fn every_secret_is_known_by_its_arn() {
        for pattern in [
            "*",
            "arn:aws:secretsmanager:*:*:secret:*",
            "arn:aws:secretsmanager:eu-west-1:(not literal):secret:*",
            "arn:aws:secretsmanager:*",
            "arn:*:*:*:*:*",
        ] {
            assert!(is_every_secret(pattern), "{pattern}");
        }
        for pattern in [
            "",
            "arn:aws:secretsmanager:*:*:secret:app/*",
            "arn:aws:s3:::*",
            "arn:aws:secretsmanager:eu-west-1:*:secret:db-??????",
        ] {
            assert!(!is_every_secret(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_is_left_out_says_what_is_allowed() {
        let flawed = |rest: &str| {
            let text = format!(r#"{{"Statement": {{"Effect": "Allow", {rest}}}}}"#);
            flaws(&serde_json::from_str(&text).unwrap(), Of::Identity)
        };
        let all = [Flaw::AllSecrets];
        assert_eq!(flawed(r#""NotAction": "iam:*", "Resource": "*""#), all);
        assert_eq!(
            flawed(r#""Action": "*", "NotResource": "arn:aws:s3:::x""#),
            all
        );
        for none in [
            r#""NotAction": ["iam:*", "secretsmanager:*"], "Resource": "*""#,
            r#""NotAction": "iam:*", "Resource": "arn:aws:s3:::x""#,
            r#""Action": "*", "NotResource": "arn:aws:secretsmanager:*:*:secret:*""#,
        ] {
            assert_eq!(flawed(none), [], "{none}");
        }
    }

    #[test]
    fn only_what_is_literal_and_unconditional_is_wrong() {
        let flawed = |text: &str, of| flaws(&serde_json::from_str(text).unwrap(), of);
        let all = r#"{"Statement": {"Effect": "Allow", "Resource": "*",
            "Action": "secretsmanager:GetSecretValue"}}"#;
        assert_eq!(flawed(all, Of::Identity), [Flaw::AllSecrets]);
        assert_eq!(flawed(all, Of::Resource), []);
        assert_eq!(flawed(&all.replace("Allow", "Deny"), Of::Identity), []);
        let one = all.replace("\"*\"", "[\"(not literal)\"]");
        assert_eq!(flawed(&one, Of::Identity), []);
        let bound = all.replace("\"Resource\"", "\"Condition\": {}, \"Resource\"");
        assert_eq!(flawed(&bound, Of::Identity), []);
        let named = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": "ec2.amazonaws.com"}}]}"#;
        assert_eq!(flawed(named, Of::Identity), [Flaw::PrincipalOfIdentity]);
        assert_eq!(flawed(named, Of::Trust), []);
    }
}
