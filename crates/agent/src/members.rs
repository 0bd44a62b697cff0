//! The members of a JSON object that is a secret, taken apart without leaving copies behind.
//!
//! A general JSON library decodes into buffers that are not wiped. Here every decoded value has its
//! final size from the start and ends in a [`Secret`]. `serde_json` still judges what JSON is; the
//! scanner below runs only on text it has accepted. Source: RFC 8259.

use std::collections::BTreeMap;

use protocol::Secret;
use protocol::json::{self, Sink};
use serde::de::IgnoredAny;

/// The members of a JSON object, values as bytes: strings decoded, anything else as compact JSON.
/// Of a repeated key the last counts, as in most parsers (RFC 8259 leaves it open).
/// `None` for everything that is not an object, and for a string with half a surrogate pair.
pub(crate) fn read(text: &str) -> Option<BTreeMap<String, Secret>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut rest = text.trim_start_matches(BLANKS).strip_prefix('{')?;
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
        if rest.starts_with('}') {
            return Some(found);
        }
        let (key, after) = value(rest)?;
        let (raw, after) = value(after.trim_start_matches([' ', '\t', '\n', '\r', ':']))?;
        rest = after;
        let key = decoded(key)?;
        found.insert(key.expose_text()?.to_owned(), decoded(raw)?);
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
                b',' | b':' | b'}' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => {
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

    #[test]
    fn the_last_of_equal_keys_counts() {
        check(r#"{"a":"1","a":"2"}"#, "a", Some("2"));
    }

    proptest! {
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
