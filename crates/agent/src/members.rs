//! The members of a JSON object that is a secret, taken apart without leaving copies behind.
//!
//! A general JSON library decodes into buffers that are not wiped. Here every decoded value has its
//! final size from the start and ends in a [`Secret`]. `serde_json` still judges what JSON is; the
//! scanner below runs only on text it has accepted.
//! Sources: RFC 8259 for JSON, RFC 6901 for pointers.

use std::collections::BTreeMap;

use protocol::Secret;
use protocol::json::{self, Sink};
use serde::de::IgnoredAny;

use crate::value::Value;

/// Why a secret has nothing under a key. Tells nothing of the secret but how many members it has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// `SecretBinary` has no keys.
    #[error("the secret is binary")]
    Binary,
    /// Text that is no JSON object, and for a pointer no array either.
    #[error("the secret is not a JSON object")]
    NotAnObject,
    /// The object is there, the member is not.
    #[error("it is not among the {members} keys of the secret")]
    Missing {
        /// How many members or elements there are at the top.
        members: usize,
    },
    /// A `~` in a pointer that is neither `~0` nor `~1`.
    #[error("in a JSON pointer `~` is written `~0`, and `/` in a key `~1`")]
    BadPointer,
}

/// The part of a secret under `key`: the member of that name, else where a JSON pointer points, if
/// the key begins with `/`. Strings come decoded, anything else as compact JSON.
///
/// # Errors
///
/// [`KeyError`] when there is no such part.
pub fn find(value: &Value, key: &str) -> Result<Secret, KeyError> {
    let text = match value {
        Value::Text(text) => text.expose_text().ok_or(KeyError::NotAnObject)?,
        Value::Binary(_) => return Err(KeyError::Binary),
    };
    let is_pointer = key.starts_with('/');
    let members = match read(text) {
        Some(mut members) => match members.remove(key) {
            Some(found) => return Ok(found),
            None => members.len(),
        },
        None if is_pointer => array(text).ok_or(KeyError::NotAnObject)?.len(),
        None => return Err(KeyError::NotAnObject),
    };
    if !is_pointer {
        return Err(KeyError::Missing { members });
    }
    let found = pointed(text, key)?.and_then(decoded);
    found.ok_or(KeyError::Missing { members })
}

/// The members of a JSON object, values as bytes: strings decoded, anything else as compact JSON.
/// Of a repeated key the last counts, as in most parsers (RFC 8259 leaves it open).
/// `None` for everything that is not an object, and for a string with half a surrogate pair.
pub(crate) fn read(text: &str) -> Option<BTreeMap<String, Secret>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut found = BTreeMap::new();
    for (key, raw) in pairs(text)? {
        found.insert(decoded(key)?.expose_text()?.to_owned(), decoded(raw)?);
    }
    Some(found)
}

/// The elements of a text that is a JSON array.
fn array(text: &str) -> Option<Vec<&str>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    elements(text)
}

/// The part that a pointer leads to, as it is written.
fn pointed<'a>(text: &'a str, pointer: &str) -> Result<Option<&'a str>, KeyError> {
    let mut at = Some(text.trim_matches(BLANKS));
    for token in pointer.split('/').skip(1) {
        let token = plain(token).ok_or(KeyError::BadPointer)?;
        at = at.and_then(|at| step(at, &token));
    }
    Ok(at)
}

/// One token of a pointer, with `~1` and `~0` replaced.
fn plain(token: &str) -> Option<String> {
    let wrong = |piece: &str| !piece.starts_with(['0', '1']);
    if token.split('~').skip(1).any(wrong) {
        return None;
    }
    Some(token.replace("~1", "/").replace("~0", "~"))
}

fn step<'a>(value: &'a str, token: &str) -> Option<&'a str> {
    if let Some(pairs) = pairs(value) {
        let named =
            |(key, _): &(&str, _)| decoded(key).is_some_and(|key| key.expose() == token.as_bytes());
        return pairs.into_iter().rfind(named).map(|(_, raw)| raw);
    }
    let is_index = token == "0" || !token.starts_with(['0', '+', '-']);
    let index = is_index.then(|| token.parse::<usize>().ok()).flatten()?;
    elements(value)?.get(index).copied()
}

/// The members of an object as they are written.
fn pairs(object: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = object.trim_start_matches(BLANKS).strip_prefix('{')?;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
        if rest.starts_with('}') {
            return Some(found);
        }
        let (key, after) = value(rest)?;
        let (raw, after) = value(after.trim_start_matches([' ', '\t', '\n', '\r', ':']))?;
        rest = after;
        found.push((key, raw));
    }
}

/// The elements of an array as they are written.
fn elements(array: &str) -> Option<Vec<&str>> {
    let mut rest = array.trim_start_matches(BLANKS).strip_prefix('[')?;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
        if rest.starts_with(']') {
            return Some(found);
        }
        let (raw, after) = value(rest)?;
        rest = after;
        found.push(raw);
    }
}

/// The first value of `text`, which starts with it, and what follows.
fn value(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let ends_after = if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            !in_string && depth == 0
        } else {
            match byte {
                b'"' => in_string = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => {
                    return text.split_at_checked(at);
                }
                _ => {}
            }
            depth == 0 && matches!(byte, b'}' | b']')
        };
        if ends_after {
            return text.split_at_checked(at + 1);
        }
    }
    None
}

fn decoded(raw: &str) -> Option<Secret> {
    let Some(inner) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        return Some(compact(raw));
    };
    let mut whole = None;
    let secret = json::secret(|to| whole = unescape(inner, to));
    whole.map(|()| secret)
}

/// `raw` without the blanks outside its strings.
fn compact(raw: &str) -> Secret {
    json::secret(|to| outside_blanks(raw).for_each(|byte| to.raw(&[byte])))
}

fn outside_blanks(raw: &str) -> impl Iterator<Item = u8> {
    let mut in_string = false;
    let mut escaped = false;
    raw.bytes().filter(move |byte| {
        let keep = in_string || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else {
            in_string = *byte == b'"';
        }
        keep
    })
}

/// Writes what a JSON string's text stands for; `None` at half a surrogate pair.
fn unescape(mut text: &str, to: &mut dyn Sink) -> Option<()> {
    while let Some((plain, rest)) = text.split_once('\\') {
        to.raw(plain.as_bytes());
        let mut chars = rest.chars();
        let decoded = match chars.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (code, rest) = code_point(chars.as_str())?;
                chars = rest.chars();
                code
            }
            same => same,
        };
        to.raw(decoded.encode_utf8(&mut [0; 4]).as_bytes());
        text = chars.as_str();
    }
    to.raw(text.as_bytes());
    Some(())
}

/// The character of `XXXX` or `XXXX\uYYYY`, and what follows.
fn code_point(text: &str) -> Option<(char, &str)> {
    let (unit, rest) = unit(text)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return Some((char::from_u32(unit)?, rest));
    }
    let (low, rest) = self::unit(rest.strip_prefix("\\u")?)?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((
        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)?,
        rest,
    ))
}

fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, key: &str, expect: Option<&str>) {
        let found = read(text).and_then(|members| members.get(key).cloned());

        assert_eq!(
            found.as_ref().and_then(Secret::expose_text),
            expect,
            "{text}"
        );
    }

    #[test]
    fn what_is_not_an_object_has_no_members() {
        for text in [
            "",
            "{",
            "[]",
            "\"a\"",
            "1",
            "null",
            "{} x",
            "{\"a\":}",
            "{'a':1}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "password=x",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "{\"\\udc00\":1}",
            "\u{feff}{}",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_nested_member_is_not_a_member() {
        check(r#"{"a":{"b":"c"}}"#, "b", None);
        check(r#"{"a":"\"b\":1"}"#, "b", None);
    }

    #[test]
    fn strings_are_decoded() {
        check(r#" { "a" : "x" } "#, "a", Some("x"));
        check(r#"{"a":""}"#, "a", Some(""));
        check(r#"{"":"x"}"#, "", Some("x"));
        check(
            r#"{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#,
            "a",
            Some("\"\\/\u{8}\u{c}\n\r\té😀"),
        );
        check(r#"{"\u0061":"}],:"}"#, "a", Some("}],:"));
    }

    #[test]
    fn other_values_are_compact_json() {
        check(r#"{"a": 1.50e3 ,"b":2}"#, "a", Some("1.50e3"));
        check(r#"{"a":true}"#, "a", Some("true"));
        check(r#"{"a":null}"#, "a", Some("null"));
        check(
            "{\"a\": [ 1,\n { \"b c\" : \"d \\\" e\" } ] }",
            "a",
            Some(r#"[1,{"b c":"d \" e"}]"#),
        );
    }

    fn check_find(text: &str, key: &str, expect: &Result<&str, KeyError>) {
        let value = Value::Text(Secret::from_text(text.to_owned()));
        let found = find(&value, key);

        let found = found.as_ref().map(|it| it.expose_text().unwrap());
        assert_eq!(found, expect.as_ref().copied(), "{text} {key}");
    }

    #[test]
    fn what_has_no_such_part_says_how_many_there_are() {
        let missing = |members| Err(KeyError::Missing { members });
        check_find("{}", "a", &missing(0));
        check_find(r#"{"a":{"b":1},"c":2}"#, "b", &missing(2));
        for pointer in ["/b", "/a/c", "/a/b/c", "/", "/a/", "//a", "/a/0", "/a~1b"] {
            check_find(r#"{"a":{"b":1},"c":2}"#, pointer, &missing(2));
        }
        for index in [
            "/3",
            "/-",
            "/00",
            "/01",
            "/+1",
            "/-1",
            "/a",
            "/99999999999999999999",
        ] {
            check_find("[1,2,3]", index, &missing(3));
        }
        for pointer in ["/~", "/~2", "/a/~x", "/~01~"] {
            check_find(r#"{"a":1}"#, pointer, &Err(KeyError::BadPointer));
        }
        for text in ["hunter2", "7", "\"a\"", "null", "[1"] {
            check_find(text, "a", &Err(KeyError::NotAnObject));
            check_find(text, "/a", &Err(KeyError::NotAnObject));
        }
        check_find("[1,2]", "0", &Err(KeyError::NotAnObject));
        let binary = Value::Binary(Secret::new(*b"{\"a\":1}"));
        assert_eq!(find(&binary, "a"), Err(KeyError::Binary));
    }

    #[test]
    fn a_pointer_leads_into_what_is_nested() {
        let text = r#" { "a" : { "b" : [ "x", [1, {"c": "d\n"}], true ] }, "n" : null,
            "e/f": {"~": "g", "": "h"}, "": {"": "i"}, "r": 1, "r": {"s": 2} } "#;
        for (pointer, expect) in [
            ("/a", r#"{"b":["x",[1,{"c":"d\n"}],true]}"#),
            ("/a/b", r#"["x",[1,{"c":"d\n"}],true]"#),
            ("/a/b/0", "x"),
            ("/a/b/1", r#"[1,{"c":"d\n"}]"#),
            ("/a/b/1/0", "1"),
            ("/a/b/1/1/c", "d\n"),
            ("/a/b/2", "true"),
            ("/n", "null"),
            ("/e~1f/~0", "g"),
            ("/e~1f/", "h"),
            ("/", r#"{"":"i"}"#),
            ("//", "i"),
            ("/r/s", "2"),
        ] {
            check_find(text, pointer, &Ok(expect));
        }
        check_find(r#"["a","b"]"#, "/1", &Ok("b"));
    }

    #[test]
    fn a_member_of_that_name_comes_before_a_pointer() {
        check_find(r#"{"a":{"b":1},"/a/b":"literal"}"#, "/a/b", &Ok("literal"));
        check_find(r#"{"a":{"b":1},"/~":"literal"}"#, "/~", &Ok("literal"));
        check_find(r#"{"a b":"x"}"#, "a b", &Ok("x"));
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        check(r#"{"a":"1","a":"2"}"#, "a", Some("2"));
    }

    proptest! {
        #[test]
        fn pointers_agree_with_serde_json(
            text in r#"(\[|\{|"[ab/~]":|"x",|[12],|null|\]|\}| ){0,14}"#,
            pointer in "(/[ab01~]{0,2}){1,3}",
        ) {
            let value = Value::Text(Secret::from_text(text.clone()));
            let found = find(&value, &pointer).ok();
            let Ok(parsed) = serde_json::from_str::<serde_json::Value>(&text) else {
                prop_assert!(found.is_none());
                return Ok(());
            };
            let literal = parsed.as_object().and_then(|object| object.get(&pointer));
            let tilde = pointer.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1']));
            let expect = literal.or_else(|| if tilde { None } else { parsed.pointer(&pointer) });
            let expect = expect.map(|value| match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            let found = found.as_ref().and_then(Secret::expose_text).map(str::to_owned);
            // Maps lose repeated members; of one that is nested the text still shows both.
            if found.as_ref().is_none_or(|found| !found.starts_with('{')) {
                prop_assert_eq!(found, expect);
            }
        }

        #[test]
        fn arbitrary_text_is_judged_without_panic(text in ".{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn agrees_with_serde_json(
            pairs in proptest::collection::btree_map(".{0,12}", ".{0,40}", 0..8),
            pretty in any::<bool>(),
        ) {
            let text = if pretty {
                serde_json::to_string_pretty(&pairs).unwrap()
            } else {
                serde_json::to_string(&pairs).unwrap()
            };
            let found: BTreeMap<String, String> = read(&text)
                .unwrap()
                .into_iter()
                .map(|(key, value)| (key, value.expose_text().unwrap().to_owned()))
                .collect();
            prop_assert_eq!(found, pairs);
        }
    }
}
