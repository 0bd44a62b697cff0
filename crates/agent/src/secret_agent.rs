//! The Secret Agent protocol's meaning: a resource and a key in, one string out.
//!
//! Knows the resource map and the words that clients' tests look for. How a frame is made is
//! `protocol`'s to know, and the fetch between [`resolve`] and [`reply`] is the world's.
//! Source: the protocol's clients and their tests, as gathered for this project.
//!
//! What the protocol leaves open is settled here:
//!
//! - A key is a member of the JSON object in `SecretString`, at its top level. One that begins with
//!   `/` and is no member is a JSON pointer (RFC 6901).
//!   A string is answered decoded, any other JSON value as compact JSON, a repeated key by its last
//!   value.
//! - A value that is not a JSON object, and `SecretBinary`, have no keys: `… not present in …`.
//! - Without `convert-to-base64` the string is passed on unchanged, as most clients decode base64
//!   themselves; with it, it is encoded here.

use std::collections::BTreeMap;

use bytes::Bytes;
use protocol::Secret;
use protocol::secret_agent::{REPLY_BYTES_MAX, ReplyTooLong, text_frame, value_frame};

use crate::access::Denial;
use crate::ask::Ask;
use crate::entry::Entry;
use crate::failure::Failure;
use crate::members;
use crate::text::shown;
use crate::value::Value;

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
    /// The rules close it to this caller.
    #[error("access to resource {} denied: {denial}", shown(.resource))]
    Denied {
        /// As configured.
        resource: String,
        /// Why.
        denial: Denial,
    },
    /// The audit log is required and cannot be written.
    #[error("the read of resource {} cannot be recorded", shown(.resource))]
    Unrecorded {
        /// As configured.
        resource: String,
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

/// The frame that answers with the value of `key`.
///
/// # Errors
///
/// [`Refusal`] when there is no such key or the reply would be too long.
pub fn reply(
    entry: &Entry,
    resource: &str,
    key: &str,
    convert_to_base64: bool,
) -> Result<Bytes, Refusal> {
    let value = select(entry, resource, key)?;
    let frame = if convert_to_base64 {
        value_frame(value.expose())
    } else {
        let text = value.expose_text();
        text_frame(text.ok_or_else(|| missing(resource, key, ": the value is not text"))?)
    };
    frame.map_err(|ReplyTooLong { bytes }| Refusal::TooLarge {
        key: key.to_owned(),
        resource: resource.to_owned(),
        bytes,
    })
}

fn select(entry: &Entry, resource: &str, key: &str) -> Result<Secret, Refusal> {
    if key.is_empty() {
        return Err(Refusal::EmptyKey);
    }
    let why = match (entry.members(), &entry.version().value) {
        (Some(members), _) => match members.get(key) {
            Some(value) => return Ok(value.clone()),
            None => "",
        },
        (None, Value::Text(_)) => ": the secret is not a JSON object",
        (None, Value::Binary(_)) => ": the secret is binary",
    };
    if key.starts_with('/') {
        let found = members::find(&entry.version().value, key);
        return found.map_err(|_| missing(resource, key, why));
    }
    Err(missing(resource, key, why))
}

fn missing(resource: &str, key: &str, why: &'static str) -> Refusal {
    Refusal::NoSuchKey {
        key: key.to_owned(),
        resource: resource.to_owned(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use protocol::Fault;
    use protocol::secret_agent::{HEADER_BYTES, read_header, read_reply};

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

    fn check_reply(value: Value, key: &str, base64: bool, expect: Result<&str, &str>) {
        let found = reply(&entry(value), "res", key, base64).map(|frame| {
            let (header, body) = frame.split_first_chunk::<HEADER_BYTES>().unwrap();
            assert_eq!(read_header(*header, REPLY_BYTES_MAX), Ok(body.len()));
            read_reply(body).unwrap()
        });

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
        check_reply(
            text("{}"),
            "pw",
            false,
            Err("pw not present in resource res"),
        );
        check_reply(
            text(r#"{"a":{"pw":1}}"#),
            "a.pw",
            true,
            Err("a.pw not present in resource res"),
        );
        check_reply(text("{}"), "", false, Err("the secret key is empty"));
        check_reply(
            text(r#"{"a":{"pw":1}}"#),
            "/a/b",
            false,
            Err("/a/b not present in resource res"),
        );
        let not_json = "pw not present in resource res: the secret is not a JSON object";
        check_reply(text("hunter2"), "pw", false, Err(not_json));
        check_reply(text(r#"["pw"]"#), "pw", false, Err(not_json));
        let binary = "pw not present in resource res: the secret is binary";
        check_reply(
            Value::Binary(Secret::new(*b"{\"pw\":\"x\"}")),
            "pw",
            false,
            Err(binary),
        );
    }

    #[test]
    fn values_are_passed_on_or_encoded() {
        let value = r#"{"pw":"a b\n","n":[1, 2],"":"x","e":""}"#;
        check_reply(text(value), "pw", false, Ok("a b\n"));
        check_reply(text(value), "pw", true, Ok("YSBiCg=="));
        check_reply(text(value), "n", false, Ok("[1,2]"));
        check_reply(text(value), "n", true, Ok("WzEsMl0="));
        check_reply(text(value), "e", false, Ok(""));
        check_reply(text(value), "e", true, Ok(""));
        check_reply(text(value), "/n/1", false, Ok("2"));
        check_reply(text(r#"{"/n/1":"x"}"#), "/n/1", true, Ok("eA=="));
    }

    #[test]
    fn a_reply_that_clients_would_not_read_is_refused() {
        let of = |len: usize| text(&format!(r#"{{"pw":"{}"}}"#, "x".repeat(len)));

        assert!(reply(&entry(of(102_382)), "res", "pw", false).is_ok());
        check_reply(
            of(102_383),
            "pw",
            false,
            Err("pw in resource res is too large: its reply takes 102401 bytes of 102400"),
        );
        assert!(reply(&entry(of(76_785)), "res", "pw", true).is_ok());
        check_reply(
            of(76_786),
            "pw",
            true,
            Err("pw in resource res is too large: its reply takes 102402 bytes of 102400"),
        );
        let escaped = text(&format!(r#"{{"pw":"{}"}}"#, "\\u0001".repeat(17_064)));
        assert!(reply(&entry(escaped), "res", "pw", false).is_err());
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
