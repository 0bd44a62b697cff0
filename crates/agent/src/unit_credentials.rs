//! Secrets for units of systemd: whose connection it is, and which secret it asks for.
//!
//! `LoadCredential=NAME:SOCKET` makes the service manager connect from an abstract address that
//! names the unit and the credential, and read until the end of the stream. Nothing is sent, and a
//! refusal cannot be said. Knows no socket.
//! Source: systemd.exec(5), "LoadCredential=", and systemd's "System and Service Credentials".

use std::collections::BTreeMap;

use protocol::Secret;

use crate::ask::Ask;
use crate::entry::Entry;
use crate::text::shown;
use crate::value::Value;

/// What a connection's address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The unit that is being started. Believe it only of root.
    pub unit: String,
    /// The credential's name.
    pub credential: String,
}

/// What a credential's name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The resource's name in the configuration.
    pub resource: &'a str,
    /// What to look up or fetch.
    pub ask: &'a Ask,
    /// The member that is wanted; `None` is the whole secret.
    pub key: Option<&'a str>,
}

/// Why a credential stays empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither a resource nor one with a key.
    #[error("no resource of the configuration is called `{}`, nor has a key of it", shown(.0))]
    Unknown(String),
    /// The secret has no such member.
    #[error("`{}` is not present in resource `{}`", shown(.key), shown(.resource))]
    NoSuchKey {
        /// As asked for.
        key: String,
        /// As configured.
        resource: String,
    },
}

/// Reads the address that a connection comes from, without the byte 0 in front:
/// `RANDOM/unit/UNIT/CREDENTIAL`.
pub fn read_address(name: &[u8]) -> Option<Asked> {
    let text = str::from_utf8(name).ok()?;
    let mut parts = text.split('/');
    let (_random, "unit", unit, credential, None) = (
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next(),
    ) else {
        return None;
    };
    let is_given = !unit.is_empty() && !credential.is_empty();
    is_given.then(|| Asked {
        unit: unit.to_owned(),
        credential: credential.to_owned(),
    })
}

/// The secret of a credential: a resource, or `RESOURCE.KEY`, as neither `:` nor `/` may stand in a
/// credential's name. Of several ways to read it, the one with the longest resource counts.
///
/// # Errors
///
/// [`Refusal::Unknown`].
pub fn resolve<'a>(
    resources: &'a BTreeMap<String, Ask>,
    credential: &'a str,
) -> Result<Wanted<'a>, Refusal> {
    if let Some((resource, ask)) = resources.get_key_value(credential) {
        return Ok(Wanted {
            resource,
            ask,
            key: None,
        });
    }
    let splits = credential.rmatch_indices('.');
    let mut splits = splits.filter_map(|(at, _)| {
        let (resource, key) = credential.split_at_checked(at)?;
        Some((
            resource,
            key.strip_prefix('.').filter(|key| !key.is_empty())?,
        ))
    });
    let found = splits.find_map(|(resource, key)| {
        let (resource, ask) = resources.get_key_value(resource)?;
        Some(Wanted {
            resource,
            ask,
            key: Some(key),
        })
    });
    found.ok_or_else(|| Refusal::Unknown(credential.to_owned()))
}

/// The bytes that the unit gets: as they are stored.
///
/// # Errors
///
/// [`Refusal::NoSuchKey`].
pub fn bytes<'a>(entry: &'a Entry, wanted: &Wanted<'_>) -> Result<&'a Secret, Refusal> {
    let Some(key) = wanted.key else {
        return Ok(match &entry.version().value {
            Value::Text(value) | Value::Binary(value) => value,
        });
    };
    let member = entry.members().and_then(|members| members.get(key));
    member.ok_or_else(|| Refusal::NoSuchKey {
        key: key.to_owned(),
        resource: wanted.resource.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::{entry, text};

    fn check(name: &[u8], expect: Option<(&str, &str)>) {
        let asked = read_address(name);
        let asked = asked.as_ref();
        assert_eq!(
            asked.map(|it| (it.unit.as_str(), it.credential.as_str())),
            expect,
            "{name:?}"
        );
    }

    #[test]
    fn addresses_name_unit_and_credential() {
        check(
            b"adf9d86b6eda275e/unit/a@b.service/db",
            Some(("a@b.service", "db")),
        );
        check(
            b"/unit/a.service/db.password",
            Some(("a.service", "db.password")),
        );
        check(b"adf9/unit/a.service", None);
        check(b"adf9/unit//db", None);
        check(b"adf9/unit/a.service/", None);
        check(b"adf9/unit/a.service/db/more", None);
        check(b"adf9/slice/a.service/db", None);
        check(b"adf9/unit/a\xff.service/db", None);
        check(b"", None);
    }

    #[test]
    fn the_longest_resource_counts() {
        let ask = |name: &str| (name.to_owned(), Ask::new(name, None, None).unwrap());
        let resources = BTreeMap::from([ask("db"), ask("db.main"), ask("tls.key")]);
        let check = |name: &str, expect: Option<(&str, Option<&str>)>| {
            let found = resolve(&resources, name);
            let found = found.as_ref().ok();
            assert_eq!(found.map(|it| (it.resource, it.key)), expect, "{name}");
        };

        check("db", Some(("db", None)));
        check("db.main", Some(("db.main", None)));
        check("db.main.user", Some(("db.main", Some("user"))));
        check("db.other.user", Some(("db", Some("other.user"))));
        check("tls.key", Some(("tls.key", None)));
        check("tls", None);
        check("db.", None);
        check(".db", None);
        check("", None);
    }

    #[test]
    fn the_bytes_are_those_that_are_stored() {
        let ask = Ask::new("db", None, None).unwrap();
        let of = |value, key| {
            let wanted = Wanted {
                resource: "db",
                ask: &ask,
                key,
            };
            bytes(&entry(value), &wanted).map(|it| it.expose().to_vec())
        };
        let object = r#"{"user": "a\n"}"#;

        assert_eq!(of(text(object), None).unwrap(), object.as_bytes());
        assert_eq!(of(text(object), Some("user")).unwrap(), b"a\n");
        let binary = || Value::Binary(Secret::new([0, 255]));
        assert_eq!(of(binary(), None).unwrap(), [0, 255]);
        assert!(of(binary(), Some("user")).is_err());
        assert!(
            of(text(object), Some("pin"))
                .unwrap_err()
                .to_string()
                .contains("`pin`")
        );
    }
}
