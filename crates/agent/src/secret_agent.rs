//! The Secret Agent protocol's meaning: a resource and a key in, one string out.
//!
//! Knows the resource map and the words that clients' tests look for. Knows no frames: the bytes
//! are `protocol`'s, and the fetch between [`resolve`] and [`select`] is the world's.
//! Source: the protocol's clients and their tests, as gathered for this project.
//!
//! What the protocol leaves open is settled here:
//!
//! - A key is a member of the JSON object in `SecretString`, at its top level; no paths into it.
//!   A string is answered decoded, any other JSON value as compact JSON, a repeated key by its last
//!   value.
//! - A value that is not a JSON object, and `SecretBinary`, have no keys: `… not present in …`.
//! - Without `convert-to-base64` the string is passed on unchanged, as most clients decode base64
//!   themselves; with it, it is encoded here.

use std::collections::BTreeMap;

use protocol::Secret;

use crate::ask::Ask;
use crate::entry::{Entry, Value, base64_of};
use crate::failure::Failure;
use crate::json;
use crate::text::shown;

/// What a client is told instead of a value; `Display` is the protocol's error text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The name is not a key of the resource map.
    #[error("resource not found in config: {}", shown(.0))]
    UnknownResource(String),
    /// No name, and it is not clear which is meant.
    #[error("no resource named, and multiple resources are configured")]
    MultipleResources,
    /// No name, and none is configured.
    #[error("no resource named, and none is configured")]
    NoResources,
    /// Every client refuses it too.
    #[error("the secret key is empty")]
    EmptyKey,
    /// The object has no such member, or the value is no object.
    #[error("{} not present in resource {}{why}", shown(.key), shown(.resource))]
    NoSuchKey {
        /// As asked for.
        key: String,
        /// As configured.
        resource: String,
        /// Empty, or why it can have no keys.
        why: &'static str,
    },
    /// The reply would be longer than clients read.
    #[error(
        "{} in resource {} is too large: its reply takes {bytes} bytes of {REPLY_BYTES_MAX}",
        shown(.key), shown(.resource)
    )]
    TooLarge {
        /// As asked for.
        key: String,
        /// As configured.
        resource: String,
        /// Of the reply's body.
        bytes: usize,
    },
    /// The fetch failed, and nothing is held that may be served.
    #[error("fetching resource {} failed: {failure}", shown(.resource))]
    Fetch {
        /// As configured.
        resource: String,
        /// Why.
        failure: Failure,
    },
}

/// What a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The resource's name in the configuration.
    pub resource: &'a str,
    /// What to look up or fetch.
    pub ask: Ask,
}

/// Finds the secret of a resource; absent and empty both mean the only one there is.
///
/// # Errors
///
/// [`Refusal`] for a name that is not configured, and for none where several are.
pub fn resolve<'a>(
    resources: &'a BTreeMap<String, Ask>,
    resource: Option<&str>,
) -> Result<Wanted<'a>, Refusal> {
    let found = match resource.filter(|name| !name.is_empty()) {
        Some(name) => resources
            .get_key_value(name)
            .ok_or_else(|| Refusal::UnknownResource(name.to_owned()))?,
        None if resources.len() > 1 => return Err(Refusal::MultipleResources),
        None => resources.first_key_value().ok_or(Refusal::NoResources)?,
    };
    Ok(Wanted {
        resource: found.0,
        ask: found.1.clone(),
    })
}

/// The value of `key`, ready for the reply.
///
/// # Errors
///
/// [`Refusal`] when there is no such key or the reply would be too long.
pub fn select(
    entry: &Entry,
    resource: &str,
    key: &str,
    convert_to_base64: bool,
) -> Result<Secret, Refusal> {
    if key.is_empty() {
        return Err(Refusal::EmptyKey);
    }
    let missing = |why| Refusal::NoSuchKey {
        key: key.to_owned(),
        resource: resource.to_owned(),
        why,
    };
    let value = match (entry.members(), &entry.version().value) {
        (Some(members), _) => members.get(key).ok_or_else(|| missing(""))?,
        (None, Value::Text(_)) => return Err(missing(": the secret is not a JSON object")),
        (None, Value::Binary(_)) => return Err(missing(": the secret is binary")),
    };
    let value = if convert_to_base64 {
        base64_of(value)
    } else {
        value.clone()
    };
    let bytes = REPLY_FRAME_BYTES + value.expose_text().map_or(value.len(), json::escaped_len);
    if bytes > REPLY_BYTES_MAX {
        return Err(Refusal::TooLarge {
            key: key.to_owned(),
            resource: resource.to_owned(),
            bytes,
        });
    }
    Ok(value)
}

/// Bytes of a reply's body that the C client accepts; its successors take more.
pub const REPLY_BYTES_MAX: usize = 102_400;
// `{"SecretValue":""}`.
const REPLY_FRAME_BYTES: usize = 18;

#[cfg(test)]
mod tests {
    use protocol::Fault;

    use super::*;
    use crate::entry::tests::{entry, text};

    fn resources(names: &[&str]) -> BTreeMap<String, Ask> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), Ask::new(*name, None, None).unwrap()))
            .collect()
    }

    fn check_resolve(names: &[&str], resource: Option<&str>, expect: Result<&str, &str>) {
        let resources = resources(names);
        let found = resolve(&resources, resource);

        assert_eq!(
            found
                .map(|wanted| wanted.resource.to_owned())
                .map_err(|it| it.to_string()),
            expect.map(str::to_owned).map_err(str::to_owned)
        );
    }

    fn check_select(value: Value, key: &str, base64: bool, expect: Result<&str, &str>) {
        let found = select(&entry(value), "res", key, base64);

        assert_eq!(
            found
                .as_ref()
                .map(|it| it.expose_text().unwrap())
                .map_err(ToString::to_string),
            expect.map_err(str::to_owned)
        );
    }

    #[test]
    fn resources_are_found_by_name_alone() {
        check_resolve(&["a"], Some("b"), Err("resource not found in config: b"));
        check_resolve(&["a"], Some("A"), Err("resource not found in config: A"));
        check_resolve(&[], Some("a"), Err("resource not found in config: a"));
        let multiple = "no resource named, and multiple resources are configured";
        check_resolve(&["a", "b"], None, Err(multiple));
        check_resolve(&["a", "b"], Some(""), Err(multiple));
        check_resolve(&[], None, Err("no resource named, and none is configured"));
        check_resolve(&["a", "b"], Some("b"), Ok("b"));
        check_resolve(&["a"], None, Ok("a"));
        check_resolve(&["a"], Some(""), Ok("a"));
    }

    #[test]
    fn a_key_that_is_not_there_is_named() {
        check_select(
            text("{}"),
            "pw",
            false,
            Err("pw not present in resource res"),
        );
        check_select(
            text(r#"{"a":{"pw":1}}"#),
            "a.pw",
            true,
            Err("a.pw not present in resource res"),
        );
        check_select(text("{}"), "", false, Err("the secret key is empty"));
        let not_json = "pw not present in resource res: the secret is not a JSON object";
        check_select(text("hunter2"), "pw", false, Err(not_json));
        check_select(text(r#"["pw"]"#), "pw", false, Err(not_json));
        let binary = "pw not present in resource res: the secret is binary";
        check_select(
            Value::Binary(Secret::new(*b"{\"pw\":\"x\"}")),
            "pw",
            false,
            Err(binary),
        );
    }

    #[test]
    fn values_are_passed_on_or_encoded() {
        let value = r#"{"pw":"a b\n","n":[1, 2],"":"x","e":""}"#;
        check_select(text(value), "pw", false, Ok("a b\n"));
        check_select(text(value), "pw", true, Ok("YSBiCg=="));
        check_select(text(value), "n", false, Ok("[1,2]"));
        check_select(text(value), "n", true, Ok("WzEsMl0="));
        check_select(text(value), "e", false, Ok(""));
        check_select(text(value), "e", true, Ok(""));
    }

    #[test]
    fn a_reply_that_clients_would_not_read_is_refused() {
        let of = |len: usize| text(&format!(r#"{{"pw":"{}"}}"#, "x".repeat(len)));

        assert!(select(&entry(of(102_382)), "res", "pw", false).is_ok());
        check_select(
            of(102_383),
            "pw",
            false,
            Err("pw in resource res is too large: its reply takes 102401 bytes of 102400"),
        );
        assert!(select(&entry(of(76_785)), "res", "pw", true).is_ok());
        assert!(select(&entry(of(76_788)), "res", "pw", true).is_err());
        let escaped = text(&format!(r#"{{"pw":"{}"}}"#, "\\u0001".repeat(17_064)));
        assert!(select(&entry(escaped), "res", "pw", false).is_err());
    }

    #[test]
    fn texts_are_one_bounded_line() {
        let text = Refusal::UnknownResource(format!("a\n{}", "x".repeat(9_000))).to_string();

        assert!(text.len() < 200 && !text.contains('\n'), "{text}");
    }

    #[test]
    fn a_failed_fetch_tells_the_code_and_not_the_message() {
        let failure = Failure::of_service(Fault::new("AccessDeniedException", "User: arn is not"));
        let refusal = Refusal::Fetch {
            resource: "res".to_owned(),
            failure,
        };

        assert_eq!(
            refusal.to_string(),
            "fetching resource res failed: access denied (AccessDeniedException)"
        );
    }
}
