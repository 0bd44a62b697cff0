//! A denial in full, as JSON that only the account can read: EC2's encoded authorization failure
//! messages and what DecodeAuthorizationMessage makes of them.
//!
//! Nothing is stored. A message is the denial itself, deflated and sealed like a session token.
//!
//! Source: STS API Reference, "DecodeAuthorizationMessage"; IAM User Guide, "Troubleshoot access
//! denied error messages".

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use policy::Context;
use serde_json::{Value as Json, json};

use super::authenticate::{Caller, Identity};
use super::keys::CONDITION_KEYS;
use super::need::Need;
use super::verdict::Decider;
use crate::entity::Keyring;
use crate::sealed::{self, Purpose};
use crate::state::State;

/// Whether the client gets the denial of a need in full: of EC2's actions those that are done to a
/// resource.
pub(super) fn is_told(need: &Need) -> bool {
    need.action.starts_with("ec2:") && need.resource != "*"
}

/// The denial as AWS documents it. `by` is the statement that denied, if one did.
pub(super) fn document(
    state: &State,
    caller: &Caller,
    need: &Need,
    by: Option<&Decider>,
    context: &Context,
) -> String {
    let matched: Vec<Json> = by
        .map(|by| statement(state, caller, by))
        .into_iter()
        .collect();
    let document = |conditions: Vec<Json>| {
        json!({
            "allowed": false,
            "explicitDeny": by.is_some(),
            "matchedStatements": {"items": matched},
            "failures": {"items": []},
            "context": {
                "principal": {"id": caller.user_id, "name": name(caller), "arn": caller.arn},
                "action": need.action,
                "resource": need.resource,
                "conditions": {"items": conditions},
            },
        })
        .to_string()
    };
    let entries = context.entries();
    let conditions = entries.map(|(key, values)| {
        let values: Vec<Json> = values.iter().map(|value| json!({"value": value})).collect();
        json!({"key": spelled(need, key), "values": {"items": values}})
    });
    let full = document(conditions.collect());
    // What would not fit into DecodeAuthorizationMessage leaves out the longest part.
    if full.len() <= DOCUMENT_BYTES_MAX {
        full
    } else {
        document(Vec::new())
    }
}

/// The statement that denied, with what it says of actions and resources.
fn statement(state: &State, caller: &Caller, by: &Decider) -> Json {
    let text = text_of(state, caller, &by.policy);
    let document: Json = text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let found = match document.get("Statement") {
        Some(Json::Array(statements)) => statements.get(by.index),
        one => one.filter(|_| by.index == 0),
    };
    let items = |element: &str| {
        let values = match found.and_then(|statement| statement.get(element)) {
            Some(Json::Array(values)) => values.clone(),
            Some(value) => vec![value.clone()],
            None => Vec::new(),
        };
        let values = values.into_iter().map(|value| json!({"value": value}));
        json!({"items": values.collect::<Vec<Json>>()})
    };
    json!({
        "statementId": by.sid.as_deref().unwrap_or_default(),
        "effect": "DENY",
        "principals": {"items": [{"value": caller.user_id}]},
        "principalGroups": {"items": []},
        "actions": items("Action"),
        "resources": items("Resource"),
        "conditions": {"items": []},
    })
}

/// The text of one of the caller's policies by the name that reasons give it.
fn text_of(state: &State, caller: &Caller, name: &str) -> Option<String> {
    if let Some(held) = state.policy(name) {
        let version = held.policy.default();
        return version.map(|version| version.document.clone());
    }
    let (role, user, session) = match &caller.identity {
        Identity::User { name } => (None, Some(name), None),
        Identity::Session { session, .. } => (Some(&session.role), None, session.policy.as_ref()),
        Identity::UserSession { session, .. } => {
            let federated = session.federated.as_ref();
            let policy = federated.and_then(|federated| federated.policy.as_ref());
            (None, Some(&session.user), policy)
        }
        Identity::Outsider(_) => return None,
    };
    if name == SESSION_POLICY {
        return session.cloned();
    }
    let of_role = role
        .and_then(|role| state.role(role))
        .and_then(|held| held.role.inline.get(name));
    let of_user = user
        .and_then(|user| state.user(user))
        .and_then(|held| held.user.inline.get(name));
    of_role.or(of_user).cloned()
}

/// What the principal is called without its ARN.
fn name(caller: &Caller) -> &str {
    match &caller.identity {
        Identity::User { name } => name,
        Identity::Session { session, .. } => &session.name,
        Identity::UserSession { session, .. } => match &session.federated {
            Some(federated) => &federated.name,
            None => &session.user,
        },
        Identity::Outsider(identity) => &identity.subject,
    }
}

/// A condition key as AWS spells it. A context knows keys in lower case.
fn spelled<'a>(need: &'a Need, key: &'a str) -> &'a str {
    let own = need.keys.iter().map(|(name, _)| name.as_ref());
    let known = CONDITION_KEYS.iter().map(|key| key.name);
    let mut names = own.chain(known);
    names
        .find(|name| name.eq_ignore_ascii_case(key))
        .unwrap_or(key)
}

/// Seals a denial into what a client is shown.
pub(crate) fn encoded(keyring: &Keyring, document: &str, random: &[u8; 32]) -> Option<String> {
    let text = compress_to_vec(document.as_bytes(), COMPRESSION);
    let sealed = sealed::seal(&keyring.session_seal, MESSAGE, text, random)?;
    Some(URL_SAFE_NO_PAD.encode(sealed))
}

/// The denial that a message holds.
pub(crate) fn decoded(keyring: &Keyring, message: &str) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(message).ok()?;
    let text = sealed::open(&keyring.session_seal, MESSAGE, &sealed)?;
    let document = decompress_to_vec_with_limit(&text, 2 * DOCUMENT_BYTES_MAX).ok()?;
    String::from_utf8(document).ok()
}

/// What a session policy is called in a decision.
pub(super) const SESSION_POLICY: &str = "session policy";
const MESSAGE: Purpose = Purpose {
    form: 1,
    aad: b"rolecall authorization failure message",
};
const COMPRESSION: u8 = 6;
// An encoded message has at most 10,240 characters, 7,680 bytes: STS API Reference. What does not
// compress at all still fits.
const DOCUMENT_BYTES_MAX: usize = 7_500;
