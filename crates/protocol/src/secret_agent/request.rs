//! The body of a request: which secret is asked for.
//!
//! Knows no resource. Names are taken in any order and with any spacing; the C and Python clients
//! match them in exact case, so does this.

use bytes::Bytes;

use super::fields::{self, Field, Flaw};
use super::{REQUEST_BYTES_MAX, frame};
use crate::json::Sink;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `None` where the client named none, or an empty one: the only resource there is.
    pub resource: Option<String>,
    /// Not empty.
    pub key: String,
}

/// Why a body is no request. The message goes to the client, who shows it; it repeats nothing of
/// the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The C client makes this of a name with a quotation mark or a backslash.
    #[error("the request is not valid JSON")]
    NotJson,
    /// JSON, but no object.
    #[error("the request is not a JSON object")]
    NotObject,
    /// No `SecretKey`.
    #[error("the request has no `SecretKey`")]
    KeyMissing,
    /// An empty `SecretKey`.
    #[error("`SecretKey` is empty")]
    KeyEmpty,
    /// A field that must be a string.
    #[error("`{field}` is not a string")]
    NotText {
        /// Its name.
        field: &'static str,
    },
    /// A field that stands more than once.
    #[error("`{field}` is given more than once")]
    Repeated {
        /// Its name.
        field: &'static str,
    },
    /// A field that is longer than any name.
    #[error("`{field}` is longer than {NAME_BYTES_MAX} bytes")]
    TooLong {
        /// Its name.
        field: &'static str,
    },
}

/// The names do not fit into a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request has more than {REQUEST_BYTES_MAX} bytes")]
pub struct RequestTooLong;

/// Reads the body of a request.
///
/// # Errors
///
/// See [`RequestError`]; every one of them is answered with [`super::error_frame`], and the
/// connection stays usable.
pub fn read_request(body: &[u8]) -> Result<Request, RequestError> {
    let fields = fields::read(body, RESOURCE, KEY).map_err(|flaw| match flaw {
        Flaw::NotJson => RequestError::NotJson,
        Flaw::NotObject => RequestError::NotObject,
    })?;
    let resource = text(fields.first, RESOURCE)?;
    let key = text(fields.second, KEY)?.ok_or(RequestError::KeyMissing)?;
    if key.is_empty() {
        return Err(RequestError::KeyEmpty);
    }
    Ok(Request {
        resource: resource.filter(|resource| !resource.is_empty()),
        key,
    })
}

/// A whole request, header and body, as a client sends it.
///
/// # Errors
///
/// [`RequestTooLong`] past [`REQUEST_BYTES_MAX`].
pub fn request_frame(resource: Option<&str>, key: &str) -> Result<Bytes, RequestTooLong> {
    let body = |to: &mut dyn Sink| {
        to.raw(OPEN);
        if let Some(resource) = resource {
            to.raw(RESOURCE_START);
            to.string(resource);
            to.raw(COMMA);
        }
        to.raw(KEY_START);
        to.string(key);
        to.raw(CLOSE);
    };
    frame(REQUEST_BYTES_MAX, body).map_err(|_| RequestTooLong)
}

fn text(value: Field, field: &'static str) -> Result<Option<String>, RequestError> {
    match value {
        Field::Absent => Ok(None),
        Field::Text(text) if text.len() > NAME_BYTES_MAX => Err(RequestError::TooLong { field }),
        Field::Text(text) => Ok(Some(text.as_ref().to_owned())),
        Field::Other => Err(RequestError::NotText { field }),
        Field::Twice => Err(RequestError::Repeated { field }),
    }
}

/// A resource or a key: an ARN, the longest name of a secret there is, has at most 2,048 bytes.
const NAME_BYTES_MAX: usize = 2_048;
const RESOURCE: &str = "Resource";
const KEY: &str = "SecretKey";
const OPEN: &[u8] = b"{";
const RESOURCE_START: &[u8] = b"\"Resource\":";
const COMMA: &[u8] = b",";
const KEY_START: &[u8] = b"\"SecretKey\":";
const CLOSE: &[u8] = b"}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_agent::{HEADER_BYTES, read_header};
    use proptest::prelude::*;

    fn check(body: &str, expect: Result<(Option<&str>, &str), RequestError>) {
        let expect = expect.map(|(resource, key)| Request {
            resource: resource.map(str::to_owned),
            key: key.to_owned(),
        });
        assert_eq!(read_request(body.as_bytes()), expect, "{body}");
    }

    #[test]
    fn what_the_clients_send_is_read() {
        check(r#"{"SecretKey":"pw"}"#, Ok((None, "pw")));
        check(r#"{"Resource":"","SecretKey":"pw"}"#, Ok((None, "pw")));
        check(
            r#"{"Resource":"r","SecretKey":"pw"}"#,
            Ok((Some("r"), "pw")),
        );
        check(
            r#"{"SecretKey": "pw", "Resource": "r"}"#,
            Ok((Some("r"), "pw")),
        );
        check("\n{ \"SecretKey\"\t:\r\"pw\" } ", Ok((None, "pw")));
        check(
            r#"{"a":[{"SecretKey":1}],"SecretKey":"pw","b":null}"#,
            Ok((None, "pw")),
        );
        check(r#"{"SecretKey":"\u0070w\"\\"}"#, Ok((None, "pw\"\\")));
        check(r#"{"Secret\u004bey":"pw"}"#, Ok((None, "pw")));
        check(r#"{"secretkey":"a","SecretKey":"pw"}"#, Ok((None, "pw")));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for body in [
            "",
            " ",
            "{",
            "{}}",
            "{} {}",
            r#"{"SecretKey":"pw""#,
            r#"{"SecretKey":"pw",}"#,
            r#"{"SecretKey":"a"b"}"#,
            r#"{"SecretKey":"pw"}x"#,
            "{\"SecretKey\":\"pw\"}\0",
            "{'SecretKey':'pw'}",
            "{\"SecretKey\":\"p\nw\"}",
            "SecretKey=pw",
        ] {
            check(body, Err(RequestError::NotJson));
        }
        assert_eq!(
            read_request(b"{\"SecretKey\":\"\xff\"}"),
            Err(RequestError::NotJson)
        );
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        for body in [
            "[]",
            "null",
            "1",
            "true",
            r#""SecretKey""#,
            r#"["SecretKey","pw"]"#,
        ] {
            check(body, Err(RequestError::NotObject));
        }
    }

    #[test]
    fn a_key_is_a_string_that_is_not_empty() {
        check("{}", Err(RequestError::KeyMissing));
        check(r#"{"Resource":"r"}"#, Err(RequestError::KeyMissing));
        check(r#"{"secretkey":"pw"}"#, Err(RequestError::KeyMissing));
        check(r#"{"SecretKey":""}"#, Err(RequestError::KeyEmpty));
        for value in ["1", "-1", "1.5", "true", "null", "[]", "{}", r#"["pw"]"#] {
            let error = |field| RequestError::NotText { field };
            check(
                &format!(r#"{{"SecretKey":{value}}}"#),
                Err(error("SecretKey")),
            );
            let body = format!(r#"{{"Resource":{value},"SecretKey":"pw"}}"#);
            check(&body, Err(error("Resource")));
        }
    }

    #[test]
    fn a_field_stands_once() {
        let error = |field| Err(RequestError::Repeated { field });
        check(r#"{"SecretKey":"a","SecretKey":"a"}"#, error("SecretKey"));
        check(
            r#"{"SecretKey":"a","Secret\u004bey":"b"}"#,
            error("SecretKey"),
        );
        check(r#"{"SecretKey":1,"SecretKey":"a"}"#, error("SecretKey"));
        check(
            r#"{"Resource":"","Resource":"","SecretKey":"a"}"#,
            error("Resource"),
        );
        check(
            r#"{"SecretKey":"a","SecretKey":"a","SecretKey":"a"}"#,
            error("SecretKey"),
        );
    }

    #[test]
    fn a_name_has_a_bound() {
        let long = "x".repeat(NAME_BYTES_MAX);
        check(&format!(r#"{{"SecretKey":"{long}"}}"#), Ok((None, &long)));
        for (field, body) in [
            ("SecretKey", format!(r#"{{"SecretKey":"{long}x"}}"#)),
            (
                "Resource",
                format!(r#"{{"Resource":"{long}x","SecretKey":"a"}}"#),
            ),
        ] {
            check(&body, Err(RequestError::TooLong { field }));
        }
    }

    #[test]
    fn nesting_cannot_overflow_the_stack() {
        let deep = "[".repeat(REQUEST_BYTES_MAX);
        for name in ["x", "SecretKey"] {
            let body = format!(r#"{{"{name}":{deep}"#);
            check(&body, Err(RequestError::NotJson));
        }
    }

    #[test]
    fn messages_repeat_nothing_of_the_request() {
        for body in [
            r#"{"SecretKey":["canary"]}"#,
            r#"{"SecretKey":"canary"#,
            r#""canary""#,
        ] {
            let error = read_request(body.as_bytes()).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn a_request_too_long_is_not_framed() {
        let long = "x".repeat(REQUEST_BYTES_MAX);

        assert_eq!(request_frame(None, &long), Err(RequestTooLong));
        assert_eq!(request_frame(Some(&long), "k"), Err(RequestTooLong));
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_request(&body);
        }

        #[test]
        fn nearly_json_does_not_make_it_panic(
            body in r#"\{("(Resource|SecretKey|x)":("[a-z\\"]{0,3}"|1|null|\[\]),?){0,3}\}?"#,
        ) {
            if let Ok(request) = read_request(body.as_bytes()) {
                prop_assert!(!request.key.is_empty() && request.resource.as_deref() != Some(""));
            }
        }

        #[test]
        fn requests_round_trip(resource: Option<String>, key in ".{1,40}") {
            let frame = request_frame(resource.as_deref(), &key).unwrap();
            let (header, body) = frame.split_first_chunk::<HEADER_BYTES>().unwrap();
            prop_assert_eq!(read_header(*header, REQUEST_BYTES_MAX), Ok(body.len()));
            let resource = resource.filter(|resource| !resource.is_empty());
            prop_assert_eq!(read_request(body), Ok(Request { resource, key }));
        }
    }
}
