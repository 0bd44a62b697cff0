//! Values of one type, and the shape of a section: what the checker of keys is made of.
//!
//! Knows how an endpoint, a region, a role, a flag and a number are written. Knows no key.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;

use protocol::Arn;
use zeroize::Zeroizing;

use super::error::{ConfigError, nearest};
use super::tree::{Kind, Node, Place};
use crate::text::shown;

/// Collects problems. A method that returns `None` for something mandatory has told one.
#[derive(Debug)]
pub struct Checker<'a> {
    pub(super) file: &'a str,
    pub(super) errors: Vec<ConfigError>,
}

/// A map with its keys checked against those that may stand in it.
#[derive(Debug)]
pub struct Section {
    /// `service.tcp`; empty for the whole file.
    pub path: String,
    /// Where it starts.
    pub place: Place,
    /// What its keys hold.
    pub values: BTreeMap<String, Node>,
}

/// A scalar's text, and where it stands.
pub struct Text {
    /// The text.
    pub value: Zeroizing<String>,
    /// Where it stands.
    pub place: Place,
    /// `service.tcp.endpoint`.
    pub path: String,
}

impl Text {
    /// The text alone.
    pub fn into_string(mut self) -> String {
        std::mem::take(&mut *self.value)
    }
}

impl std::fmt::Debug for Text {
    /// The place alone, as the value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text")
            .field("path", &self.path)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Values of one type.
impl Checker<'_> {
    /// An IP address and a port; as in Go, no address means all of them, `localhost` is 127.0.0.1.
    pub fn endpoint(&mut self, text: &Text) -> Option<SocketAddr> {
        let parsed = match text.value.rsplit_once(':') {
            Some(("", port)) => port
                .parse()
                .ok()
                .map(|port| (Ipv6Addr::UNSPECIFIED, port).into()),
            Some(("localhost", port)) => port
                .parse()
                .ok()
                .map(|port| (Ipv4Addr::LOCALHOST, port).into()),
            _ => text.value.parse().ok(),
        };
        if parsed.is_some() {
            return parsed;
        }
        let message = format!(
            "`{}` is not an address to listen on: `{}`",
            text.path,
            shown(&text.value)
        );
        self.fail(
            text.place,
            message,
            Some("an IP address and a port: `127.0.0.1:3005`, `[::1]:3005`"),
        )
    }

    /// The code of a region.
    pub fn region(&mut self, text: &Text) -> Option<String> {
        let is_region = text.value.len() <= REGION_BYTES_MAX
            && text.value.contains('-')
            && text
                .value
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_region {
            return Some(text.value.as_str().to_owned());
        }
        let message = format!("`{}` is not a region", shown(&text.value));
        self.fail(
            text.place,
            message,
            Some("a region's code, such as `us-east-1`"),
        )
    }

    /// The ARN of a role.
    pub fn role(&mut self, text: &Text) -> Option<String> {
        let is_role = Arn::parse(&text.value)
            .is_some_and(|arn| arn.service() == "iam" && arn.resource().starts_with("role/"));
        if is_role {
            return Some(text.value.as_str().to_owned());
        }
        let message = format!("`{}` is not the ARN of a role", shown(&text.value));
        self.fail(
            text.place,
            message,
            Some("`arn:aws:iam::ACCOUNT:role/NAME`"),
        )
    }

    /// The address of an endpoint.
    pub fn url(&mut self, text: &Text) -> Option<String> {
        let is_url = text.value.parse::<http::Uri>().is_ok_and(|url| {
            matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty())
                && url
                    .authority()
                    .is_some_and(|authority| !authority.as_str().contains('@'))
                && url.query().is_none()
        });
        if is_url {
            return Some(text.value.as_str().to_owned());
        }
        // Not shown: someone may have put a password into it.
        let message = format!("`{}` is not an endpoint", text.path);
        self.fail(
            text.place,
            message,
            Some("`https://HOST[:PORT]`, without user, password or query"),
        )
    }

    /// `true` or `false`.
    pub fn flag(&mut self, node: &Node, path: &str) -> Option<bool> {
        if let Kind::Scalar { text, plain: true } = &node.kind {
            match text.as_str() {
                "true" | "True" | "TRUE" => return Some(true),
                "false" | "False" | "FALSE" => return Some(false),
                _ => {}
            }
        }
        self.fail(
            node.place,
            format!("`{path}` must be `true` or `false`"),
            None,
        )
    }

    /// Permission bits, in octal as `chmod` takes them.
    pub fn mode(&mut self, text: &Text) -> Option<u32> {
        let mode = u32::from_str_radix(text.value.trim_start_matches("0o"), 8).ok();
        let mode = mode.filter(|mode| *mode <= 0o777);
        if mode.is_some() {
            return mode;
        }
        let message = format!("`{}` is not a mode: `{}`", text.path, shown(&text.value));
        self.fail(
            text.place,
            message,
            Some("three octal digits, as for `chmod`: `660`"),
        )
    }

    /// The path of a file, which does not depend on where the process was started.
    pub fn path(&mut self, text: &Text) -> Option<String> {
        if text.value.starts_with('/') && !text.value.contains('\0') {
            return Some(text.value.as_str().to_owned());
        }
        let message = format!(
            "`{}` is not an absolute path: `{}`",
            text.path,
            shown(&text.value)
        );
        self.fail(text.place, message, Some("begin it with `/`"))
    }

    /// A whole number within a range.
    pub fn number(&mut self, node: &Node, path: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let number = match &node.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_some() {
            return number;
        }
        let (from, to) = range.into_inner();
        self.fail(
            node.place,
            format!("`{path}` must be a whole number from {from} to {to}"),
            None,
        )
    }
}

/// The shape of the file.
impl Checker<'_> {
    /// A map with the keys that it may have; `unserved` are those of other versions.
    pub fn section(
        &mut self,
        node: Node,
        path: &str,
        known: &[&str],
        unserved: &[&str],
    ) -> Option<Section> {
        let mut section = Section {
            path: path.to_owned(),
            place: node.place,
            values: BTreeMap::new(),
        };
        let entries = match node.kind {
            Kind::Map(entries) => entries,
            Kind::Null => Vec::new(),
            _ => {
                let what = if path.is_empty() { "the file" } else { path };
                return self.fail(node.place, format!("`{what}` must be a map of keys"), None);
            }
        };
        for (key, node) in entries {
            let full = shown(&section.path_of(&key.text));
            if known.contains(&key.text.as_str()) {
                section.values.insert(key.text, node);
            } else if unserved.contains(&key.text.as_str()) {
                let message = format!("`{full}` is not in this version");
                self.fail::<()>(key.place, message, Some("take it out to run without it"));
            } else {
                let hint =
                    nearest(&key.text, known).map(|known| format!("did you mean `{known}`?"));
                self.fail::<()>(key.place, format!("unknown key `{full}`"), hint.as_deref());
            }
        }
        Some(section)
    }

    /// Whether nothing was wrong yet.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// What must be there.
    pub fn needed(&mut self, section: &mut Section, key: &str) -> Option<Node> {
        let found = section.values.remove(key);
        if found.is_none() {
            let message = format!("`{}` is missing", section.path_of(key));
            self.fail::<()>(section.place, message, None);
        }
        found
    }

    /// A text that must be there.
    pub fn needed_text(&mut self, section: &mut Section, key: &str) -> Option<Text> {
        let node = self.needed(section, key)?;
        self.text(node, section.path_of(key))
    }

    /// A text, where it is there.
    pub fn optional_text(&mut self, section: &mut Section, key: &str) -> Option<Text> {
        let node = section.values.remove(key)?;
        self.text(node, section.path_of(key))
    }

    /// The members of a list of rules.
    pub fn rules_of(&mut self, node: Node, path: &str) -> Option<Vec<Node>> {
        let Kind::List(nodes) = node.kind else {
            return self.fail(node.place, format!("`{path}` must be a list"), None);
        };
        if nodes.len() > RULES_MAX {
            let message = format!("`{path}` has more than {RULES_MAX} rules");
            return self.fail(node.place, message, None);
        }
        Some(nodes)
    }

    /// A list of texts, or one text alone.
    pub fn texts(&mut self, node: Node, path: &str) -> Option<Vec<Text>> {
        let Kind::List(nodes) = node.kind else {
            return self.text(node, path.to_owned()).map(|text| vec![text]);
        };
        if nodes.is_empty() {
            return self.fail(node.place, format!("`{path}` is empty"), None);
        }
        let nodes = nodes.into_iter().enumerate();
        let texts: Vec<_> = nodes
            .filter_map(|(at, node)| self.text(node, format!("{path}[{at}]")))
            .collect();
        Some(texts)
    }

    /// Any scalar is text, so that a name made of digits needs no quotes.
    pub fn text(&mut self, node: Node, path: String) -> Option<Text> {
        let place = node.place;
        match node.kind {
            Kind::Scalar { text, .. } if !text.is_empty() => Some(Text {
                value: text,
                place,
                path,
            }),
            Kind::Scalar { .. } | Kind::Null => {
                self.fail(place, format!("`{path}` is empty"), None)
            }
            Kind::List(_) | Kind::Map(_) => {
                self.fail(place, format!("`{path}` must be a text"), None)
            }
        }
    }

    /// Keeps a problem, and is the `None` that tells of one.
    pub fn fail<T>(
        &mut self,
        place: Place,
        message: impl Into<String>,
        hint: Option<&str>,
    ) -> Option<T> {
        self.errors.push(ConfigError {
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            message: message.into(),
            hint: hint.map(str::to_owned),
        });
        None
    }
}

impl Section {
    /// The key with the path of its section.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

// Each is looked at for each read; a host has fewer kinds of callers.
const RULES_MAX: usize = 1_000;
// Bytes; the longest code so far has 14.
const REGION_BYTES_MAX: usize = 32;
