//! Policies in code: documents made of blocks, and what is wrong with one by itself. What only a
//! run would tell is taken for harmless here: it is no literal `*`.

use serde_json::{Map, Value as Json, json};

use super::Flaw;
use super::value::{Node, Value};

/// Who a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A role, a user, a group.
    Identity,
    /// A role, saying who may take it.
    Trust,
    /// A secret or another resource.
    Resource,
}

/// The document of an `aws_iam_policy_document`.
pub(super) fn document(body: &Node) -> Json {
    let blocks = body.get("statement").map(Node::items).unwrap_or_default();
    let statements: Vec<Json> = blocks.iter().map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
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
        if of != Of::Identity || !allows || has("Condition") {
            continue;
        }
        let actions = list(statement.get("Action"));
        let actions: Vec<&str> = actions.into_iter().filter_map(Json::as_str).collect();
        let resources = list(statement.get("Resource"));
        let is_all = |it: &str| it == "*" || ALL_SECRETS.contains(&it);
        let reaches_all = resources.iter().filter_map(|it| it.as_str()).any(is_all);
        let everything = resources.iter().any(|it| it.as_str() == Some("*"));
        if everything && actions.iter().any(|it| ["*", "*:*"].contains(it)) {
            found.push(Flaw::Everything);
        } else if reaches_all && actions.iter().any(|it| covers(it, GET_SECRET_VALUE)) {
            found.push(Flaw::AllSecrets);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// One, or a list of them.
fn list(value: Option<&Json>) -> Vec<&Json> {
    match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
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
const ALL_SECRETS: [&str; 2] = [
    "arn:aws:secretsmanager:*:*:secret:*",
    "arn:aws:secretsmanager:*:*:*",
];
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
