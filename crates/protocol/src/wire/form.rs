//! `application/x-www-form-urlencoded` as a tree of parameters: `Tag.1.Key` is three levels down.
//!
//! Knows no shape. Strict where AWS signs what it reads: broken percent-encoding, bytes that are
//! not UTF-8 and a parameter given twice are refused. An index costs what its digits cost, however
//! large it is.
//!
//! Source: URL Standard, "application/x-www-form-urlencoded"; RFC 3986 section 2.1.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::Fault;

/// A parameter, and those whose names go on from its name after a dot.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// Wiped when dropped, because it can be sensitive and only a shape knows.
    pub(super) value: Option<Zeroizing<String>>,
    pub(super) children: BTreeMap<String, Node>,
}

/// The parameters of a request: those of the query string and those of the body.
pub(super) fn parse(request: &Request<Bytes>) -> Result<Node, Fault> {
    let mut root = Node::default();
    for (at, pair) in pairs(request).enumerate() {
        if at >= PARAMETERS_MAX {
            return Err(malformed(format!(
                "there are more than {PARAMETERS_MAX} parameters"
            )));
        }
        let (name, value) = pair?;
        root.insert(&name, value)?;
    }
    Ok(root)
}

/// The first value of a parameter; `None` as well where the form cannot be read, which [`parse`]
/// will tell.
pub(super) fn first(request: &Request<Bytes>, name: &str) -> Option<String> {
    pairs(request)
        .take(PARAMETERS_MAX)
        .map_while(Result::ok)
        .find(|(known, _)| *known == name)
        .map(|(_, mut value)| std::mem::take(&mut *value))
}

/// Appends a parameter to a form.
pub(super) fn push(form: &mut String, name: &str, value: &str) {
    if !form.is_empty() {
        form.push('&');
    }
    form.extend(utf8_percent_encode(name, &RESERVED));
    form.push('=');
    form.extend(utf8_percent_encode(value, &RESERVED));
}

impl Node {
    fn insert(&mut self, name: &str, value: Zeroizing<String>) -> Result<(), Fault> {
        if name.len() > NAME_BYTES_MAX {
            return Err(malformed(format!(
                "a parameter's name has more than {NAME_BYTES_MAX} bytes"
            )));
        }
        let mut node = self;
        for (depth, step) in name.split('.').enumerate() {
            if depth >= DEPTH_MAX {
                return Err(malformed(format!(
                    "`{name}` has more than {DEPTH_MAX} parts"
                )));
            }
            node = node.children.entry(step.to_owned()).or_default();
        }
        match node.value.replace(value) {
            None => Ok(()),
            Some(_) => Err(malformed(format!("`{name}` is given twice"))),
        }
    }
}

type Pair = (String, Zeroizing<String>);

fn pairs(request: &Request<Bytes>) -> impl Iterator<Item = Result<Pair, Fault>> {
    let query = request.uri().query().unwrap_or_default().as_bytes();
    [query, request.body()]
        .into_iter()
        .flat_map(|form| form.split(|byte| *byte == b'&'))
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            Ok((name, Zeroizing::new(value)))
        })
}

fn decode(text: &[u8]) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(*rest.next()?).to_digit(16);
                let value = digit()
                    .zip(digit())
                    .and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                value.ok_or_else(|| malformed("a percent sign is not followed by two digits"))?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| malformed("a parameter is not UTF-8"))
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new("MalformedQueryString", message)
}

/// More than a call here can need: `DescribeInstances` takes 1,000 identifiers.
const PARAMETERS_MAX: usize = 4096;

/// The longest name of the models has under 100.
const NAME_BYTES_MAX: usize = 256;

/// The deepest parameter of the models is half as deep.
const DEPTH_MAX: usize = 16;

/// RFC 3986 section 2.3: all but the unreserved characters.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(query: &str, body: impl Into<Bytes>) -> Request<Bytes> {
        Request::builder()
            .uri(format!("/?{query}"))
            .body(body.into())
            .unwrap()
    }

    fn at<'n>(node: &'n Node, path: &str) -> Option<&'n str> {
        let mut node = node;
        for step in path.split('.') {
            node = node.children.get(step)?;
        }
        node.value.as_ref().map(|value| value.as_str())
    }

    #[track_caller]
    fn refused(body: impl Into<Bytes>, reason: &str) {
        let fault = parse(&request("", body)).unwrap_err();

        assert_eq!(
            (fault.code.as_ref(), fault.status),
            ("MalformedQueryString", 400)
        );
        assert_eq!(fault.message, reason);
    }

    #[test]
    fn names_become_levels() {
        let tree = parse(&request("A=1", "B.C=2&B.D.7=%C3%A9+%2B&E&&F==")).unwrap();

        assert_eq!(at(&tree, "A"), Some("1"));
        assert_eq!(at(&tree, "B"), None);
        assert_eq!(at(&tree, "B.C"), Some("2"));
        assert_eq!(at(&tree, "B.D.7"), Some("é +"));
        assert_eq!(at(&tree, "E"), Some(""));
        assert_eq!(at(&tree, "F"), Some("="));
    }

    #[test]
    fn broken_encoding_is_refused() {
        for body in ["A=%", "A=%2", "A=%zz", "A=%+1", "%=1", "A=%2&B=1"] {
            refused(body, "a percent sign is not followed by two digits");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        refused("A=%FF", "a parameter is not UTF-8");
        refused(Bytes::from_static(b"A=\xC3"), "a parameter is not UTF-8");
        refused("%C0%AF=1", "a parameter is not UTF-8");
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        refused("A=1&A=1", "`A` is given twice");
        assert!(parse(&request("A=1", "A=2")).is_err());
    }

    #[test]
    fn names_are_bounded() {
        refused(
            format!("{}=1", "A".repeat(257)),
            "a parameter's name has more than 256 bytes",
        );
        let deep = vec!["a"; 17].join(".");
        refused(
            format!("{deep}=1"),
            &format!("`{deep}` has more than 16 parts"),
        );
    }

    #[test]
    fn parameters_are_counted() {
        let form = |count: usize| {
            let pairs: Vec<String> = (0..count).map(|at| format!("A.{at}=")).collect();
            pairs.join("&")
        };

        assert!(parse(&request("", form(4096))).is_ok());
        refused(form(4097), "there are more than 4096 parameters");
    }

    #[test]
    fn a_first_value_is_found_in_either_place() {
        let request = request("Action=Get", "Version=1&Action=Put");

        assert_eq!(first(&request, "Action").as_deref(), Some("Get"));
        assert_eq!(first(&request, "Version").as_deref(), Some("1"));
        assert_eq!(first(&request, "Other"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&request("", body));
        }

        #[test]
        fn any_text_comes_back(value in any::<String>()) {
            let mut form = String::new();
            push(&mut form, "A.b-_~", &value);

            let tree = parse(&request("", form)).unwrap();

            prop_assert_eq!(at(&tree, "A.b-_~"), Some(value.as_str()));
        }
    }
}
