//! The body of a reply: a secret's value or an error's text.
//!
//! Knows no cache and no store.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use zeroize::Zeroizing;

use super::fields::{self, Field, Flaw};
use super::{REPLY_BYTES_MAX, frame};
use crate::Secret;
use crate::json::Sink;

/// A value that does not fit into a reply: more than 76,785 bytes as base64. No AWS secret is as
/// long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reply takes {bytes} bytes of {REPLY_BYTES_MAX}")]
pub struct ReplyTooLong {
    /// Of the reply's body.
    pub bytes: usize,
}

/// Why a reply holds no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The agent's own words, control characters removed.
    #[error("the agent answers: {0}")]
    Refused(String),
    /// Not JSON.
    #[error("the reply is not valid JSON")]
    NotJson,
    /// JSON, but no object.
    #[error("the reply is not a JSON object")]
    NotObject,
    /// Neither `SecretValue` nor `Error`.
    #[error("the reply has no `SecretValue`")]
    ValueMissing,
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
}

/// A value that is not standard, padded base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret's value is not base64")]
pub struct NotBase64;

/// A whole reply that holds these bytes, whatever they are, as base64: what every client of the
/// protocol decodes by default.
///
/// # Errors
///
/// [`ReplyTooLong`].
pub fn value_frame(value: &[u8]) -> Result<Bytes, ReplyTooLong> {
    value_reply(|to| to.base64(value))
}

/// A whole reply that holds this text as it stands, for a secret that is kept in base64 already or
/// whose clients do not decode.
///
/// # Errors
///
/// [`ReplyTooLong`].
pub fn text_frame(text: &str) -> Result<Bytes, ReplyTooLong> {
    value_reply(|to| to.string(text))
}

/// A whole reply that holds an error's text, which must be free of secrets.
///
/// Cut at [`ERROR_BYTES_MAX`], and never empty, as clients take an empty one for success.
pub fn error_frame(message: &str) -> Bytes {
    let end = message.floor_char_boundary(ERROR_BYTES_MAX);
    let message = message
        .get(..end)
        .filter(|message| !message.is_empty())
        .unwrap_or(UNKNOWN);
    let body = |to: &mut dyn Sink| {
        to.raw(ERROR_START);
        to.string(message);
        to.raw(CLOSE);
    };
    // Of bounded length, so it fits.
    frame(REPLY_BYTES_MAX, body).unwrap_or_default()
}

/// Reads the body of a reply: the value as sent, encoded or not.
///
/// # Errors
///
/// See [`ReplyError`]. A reply with a text under `Error` is an error whatever else it holds; an
/// empty `Error` is ignored.
pub fn read_reply(body: &[u8]) -> Result<Secret, ReplyError> {
    let fields = fields::read(body, VALUE, ERROR).map_err(|flaw| match flaw {
        Flaw::NotJson => ReplyError::NotJson,
        Flaw::NotObject => ReplyError::NotObject,
    })?;
    match fields.second {
        Field::Text(message) if !message.is_empty() => {
            let shown = message.chars().filter(|char| !char.is_control());
            return Err(ReplyError::Refused(shown.take(ERROR_BYTES_MAX).collect()));
        }
        Field::Absent | Field::Text(_) => {}
        Field::Other => return Err(ReplyError::NotText { field: ERROR }),
        Field::Twice => return Err(ReplyError::Repeated { field: ERROR }),
    }
    match fields.first {
        Field::Text(value) => Ok(Secret::new(value.as_bytes())),
        Field::Absent => Err(ReplyError::ValueMissing),
        Field::Other => Err(ReplyError::NotText { field: VALUE }),
        Field::Twice => Err(ReplyError::Repeated { field: VALUE }),
    }
}

/// Decodes a reply's value as the C client does: standard, padded base64, white space behind it
/// ignored.
///
/// # Errors
///
/// [`NotBase64`].
pub fn decode_value(value: &Secret) -> Result<Secret, NotBase64> {
    let text = value.expose().trim_ascii_end();
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = STANDARD
        .decode_slice(text, &mut bytes)
        .map_err(|_| NotBase64)?;
    Ok(Secret::new(bytes.get(..length).unwrap_or_default()))
}

fn value_reply(value: impl Fn(&mut dyn Sink)) -> Result<Bytes, ReplyTooLong> {
    let body = |to: &mut dyn Sink| {
        to.raw(VALUE_START);
        value(to);
        to.raw(CLOSE);
    };
    frame(REPLY_BYTES_MAX, body).map_err(|bytes| ReplyTooLong { bytes })
}

/// An error's text: a line or two for a person. Escaped six-fold it still fits into a reply.
pub const ERROR_BYTES_MAX: usize = 1_024;
const VALUE: &str = "SecretValue";
const ERROR: &str = "Error";
const VALUE_START: &[u8] = b"{\"SecretValue\":";
const ERROR_START: &[u8] = b"{\"Error\":";
const CLOSE: &[u8] = b"}";
const UNKNOWN: &str = "unknown error";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_agent::{HEADER_BYTES, read_header};
    use proptest::prelude::*;

    fn body(frame: &Bytes) -> &[u8] {
        let (header, body) = frame.split_first_chunk::<HEADER_BYTES>().unwrap();
        assert_eq!(read_header(*header, REPLY_BYTES_MAX), Ok(body.len()));
        body
    }

    fn check(body: &str, expect: Result<&str, ReplyError>) {
        let expect = expect.map(|value| Secret::from_text(value.to_owned()));
        assert_eq!(read_reply(body.as_bytes()), expect, "{body}");
    }

    #[test]
    fn frames_are_as_the_clients_expect() {
        assert_eq!(
            body(&value_frame(b"secret").unwrap()),
            br#"{"SecretValue":"c2VjcmV0"}"#
        );
        assert_eq!(body(&value_frame(b"").unwrap()), br#"{"SecretValue":""}"#);
        assert_eq!(
            body(&text_frame("a\"b").unwrap()),
            br#"{"SecretValue":"a\"b"}"#
        );
        assert_eq!(body(&error_frame("no")), br#"{"Error":"no"}"#);
        assert_eq!(body(&error_frame("")), br#"{"Error":"unknown error"}"#);
    }

    #[test]
    fn a_frame_is_written_without_growing() {
        for value in [&b""[..], b"a", b"secret", &vec![0; 65_536]] {
            let text_bytes = base64::encoded_len(value.len(), true).unwrap();
            let frame = value_frame(value).unwrap();
            assert_eq!(
                frame.len(),
                HEADER_BYTES + VALUE_START.len() + text_bytes + 3
            );
        }
    }

    #[test]
    fn the_longest_value_fits_and_the_next_does_not() {
        assert!(value_frame(&vec![0; 76_785]).is_ok());
        let too_long = |bytes| Err(ReplyTooLong { bytes });
        assert_eq!(value_frame(&vec![0; 76_786]), too_long(102_402));
        assert!(text_frame(&"x".repeat(REPLY_BYTES_MAX - 18)).is_ok());
        assert_eq!(
            text_frame(&"x".repeat(REPLY_BYTES_MAX - 17)),
            too_long(REPLY_BYTES_MAX + 1)
        );
        assert_eq!(
            text_frame(&"\0".repeat(REPLY_BYTES_MAX / 6)),
            too_long(REPLY_BYTES_MAX / 6 * 6 + 18)
        );
    }

    #[test]
    fn a_long_error_is_cut_between_characters() {
        let frame = error_frame(&"ä".repeat(ERROR_BYTES_MAX));
        let text = "ä".repeat(ERROR_BYTES_MAX / 2);

        assert_eq!(read_reply(body(&frame)), Err(ReplyError::Refused(text)));
    }

    #[test]
    fn an_error_wins_over_a_value() {
        let refused = || Err(ReplyError::Refused("no".to_owned()));
        check(r#"{"Error":"no"}"#, refused());
        check(r#"{"SecretValue":"x","Error":"no"}"#, refused());
        check(r#"{"Error":"n\u001b\u0000o"}"#, refused());
        check(r#"{"SecretValue":"x","Error":""}"#, Ok("x"));
        check(r#"{"SecretValue":"x","More":[1]}"#, Ok("x"));
        check(r#"{"SecretValue":""}"#, Ok(""));
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        check("", Err(ReplyError::NotJson));
        check(r#"{"SecretValue":"x""#, Err(ReplyError::NotJson));
        check("[]", Err(ReplyError::NotObject));
        check("{}", Err(ReplyError::ValueMissing));
        check(r#"{"Error":""}"#, Err(ReplyError::ValueMissing));
        check(
            r#"{"SecretValue":1}"#,
            Err(ReplyError::NotText { field: VALUE }),
        );
        check(
            r#"{"SecretValue":"x","Error":1}"#,
            Err(ReplyError::NotText { field: ERROR }),
        );
        let twice = r#"{"SecretValue":"x","SecretValue":"y"}"#;
        check(twice, Err(ReplyError::Repeated { field: VALUE }));
        let twice = r#"{"Error":"x","Error":"","SecretValue":"y"}"#;
        check(twice, Err(ReplyError::Repeated { field: ERROR }));
    }

    #[test]
    fn values_are_decoded_strictly() {
        let check = |text: &str, expect: Result<&str, NotBase64>| {
            let expect = expect.map(|value| Secret::from_text(value.to_owned()));
            assert_eq!(
                decode_value(&Secret::from_text(text.to_owned())),
                expect,
                "{text}"
            );
        };
        check("c2VjcmV0", Ok("secret"));
        check("c2VjcmV0cw==\r\n", Ok("secrets"));
        check("", Ok(""));
        for text in [
            "c2VjcmV0cw",
            "c2Vj\ncmV0",
            " c2VjcmV0",
            "c2Vj_-V0",
            "secret",
            "c2VjcmV0cx==",
        ] {
            check(text, Err(NotBase64));
        }
    }

    proptest! {
        #[test]
        fn values_round_trip(value: Vec<u8>) {
            let text = read_reply(body(&value_frame(&value).unwrap())).unwrap();
            prop_assert_eq!(decode_value(&text), Ok(Secret::new(value)));
        }

        #[test]
        fn texts_round_trip(text: String) {
            let read = read_reply(body(&text_frame(&text).unwrap())).unwrap();
            prop_assert_eq!(read, Secret::from_text(text));
        }

        #[test]
        fn every_error_stays_an_error(message: String) {
            let frame = error_frame(&message);
            prop_assert!(matches!(read_reply(body(&frame)), Err(ReplyError::Refused(_))));
        }

        #[test]
        fn no_body_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(value) = read_reply(&bytes) {
                let _ = decode_value(&value);
            }
        }
    }
}
