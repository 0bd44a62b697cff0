//! What stays of a collection that is broken off, and what of an earlier one need not be read
//! again. Knows no call and no rule.
//!
//! A region, or the identities of an account, is taken as it was recorded if nothing of it was
//! missing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use audit::account::{AccessKey, AccountFacts, Identities, RegionFacts, UserData};
use audit::{Facts, Missing};
use jiff::{SignedDuration, Timestamp};

use crate::clock;
use crate::term;

/// The record while it is made, and the one before it.
#[derive(Debug, Default)]
pub(in super::super) struct Kept {
    before: Facts,
    path: Option<PathBuf>,
    parts: Mutex<Parts>,
}

#[derive(Debug, Default)]
struct Parts {
    /// The facts of each account as JSON.
    accounts: BTreeMap<String, Vec<u8>>,
    missing: BTreeMap<String, Vec<Missing>>,
    written: Option<Timestamp>,
}

impl Kept {
    /// Goes on from these facts, and records to this path.
    pub(in super::super) fn new(before: Option<Facts>, path: Option<PathBuf>) -> Kept {
        Kept {
            before: before.unwrap_or_default(),
            path,
            parts: Mutex::default(),
        }
    }

    fn account(&self, account: &str) -> Option<&AccountFacts> {
        let mut accounts = self.before.accounts.iter();
        accounts.find(|it| it.account == account)
    }

    /// A region as it was read before, if all of it was, with user data if that is asked for.
    pub(super) fn region(&self, account: &str, name: &str, user_data: bool) -> Option<RegionFacts> {
        let account = self.account(account)?;
        let region = account.regions.iter().find(|it| it.name == name)?;
        let lacks = |it: &Missing| {
            let is_of = self.before.accounts.len() == 1 || it.place.contains(&account.account);
            is_of && it.place.contains(name)
        };
        let mut instances = region.instances.iter().flatten();
        let unsearched = instances.any(|it| it.user_data == UserData::NotRead);
        if self.before.missing.iter().any(lacks) || (user_data && unsearched) {
            return None;
        }
        Some(region.clone())
    }

    /// Who is in an account as it was read before, if all of it was.
    pub(super) fn identities(&self, account: &str) -> Option<(Identities, Vec<AccessKey>)> {
        let account = self.account(account)?;
        let identities = account.identities.as_ref()?;
        identities.profiles.as_ref()?;
        // Without when a key was last used it is not whole.
        let lacks = |it: &Missing| it.what.starts_with("iam:");
        if self.before.missing.iter().any(lacks) {
            return None;
        }
        Some((identities.clone(), account.access_keys.clone()?))
    }

    /// Writes down what was read so far, every few seconds.
    pub(super) fn save(&self, facts: &AccountFacts, missing: Vec<Missing>) {
        let Some(path) = &self.path else {
            return;
        };
        let now = clock::now();
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |written: Timestamp| now.duration_since(written) < SAVE_PAUSE;
        if parts.written.is_some_and(is_fresh) {
            return;
        }
        let Ok(text) = serde_json::to_vec(facts) else {
            return;
        };
        parts.accounts.insert(facts.account.clone(), text);
        parts.missing.insert(facts.account.clone(), missing);
        parts.written = Some(now);
        let part = path.with_extension("part");
        let written = super::super::write(&part, |out| parts.write(out));
        let renamed = written.is_ok() && std::fs::rename(&part, path).is_ok();
        if !renamed {
            term::talk(&format!("`{}` cannot be written", path.display()));
        }
    }
}

impl Parts {
    /// As facts are recorded, and that this is not all.
    fn write(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let mut missing: Vec<Missing> = self.missing.values().flatten().cloned().collect();
        missing.push(Missing {
            what: "collection".to_owned(),
            place: "account".to_owned(),
            why: "it was broken off: `rolecall audit --resume` goes on from here".to_owned(),
        });
        out.write_all(b"{\"accounts\":[")?;
        for (at, text) in self.accounts.values().enumerate() {
            out.write_all(if at == 0 { b"" } else { b"," })?;
            out.write_all(text)?;
        }
        out.write_all(b"],\"missing\":")?;
        serde_json::to_writer(&mut *out, &missing)?;
        out.write_all(b"}\n")
    }
}

const SAVE_PAUSE: SignedDuration = SignedDuration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "123456789012";

    fn kept(missing: &[(&str, &str)]) -> Kept {
        let region = r#"{"name":"eu-west-1","metadata_defaults":null,"instances":[{"id":"i-1",
            "state":"running"}],"templates":[],"configurations":[],"groups":[],"images":[],
            "secrets":[]}"#;
        let identities = r#"{"users":[],"groups":[],"roles":[],"managed":[],"profiles":[]}"#;
        let text = format!(
            r#"{{"accounts":[{{"account":"{ACCOUNT}","partition":"aws","read_at":
            "2026-11-21T12:00:00Z","identities":{identities},"access_keys":[],"regions":[{region}]
            }}]}}"#
        );
        let mut facts: Facts = serde_json::from_str(&text).unwrap();
        facts.missing = missing
            .iter()
            .map(|(what, place)| Missing {
                what: (*what).to_owned(),
                place: (*place).to_owned(),
                why: "Throttling".to_owned(),
            })
            .collect();
        Kept::new(Some(facts), None)
    }

    #[test]
    fn what_was_read_whole_is_not_read_again() {
        let kept = kept(&[("ec2:DescribeInstances", "us-east-1")]);
        assert!(kept.region(ACCOUNT, "eu-west-1", false).is_some());
        assert!(kept.identities(ACCOUNT).is_some());
    }

    #[test]
    fn what_something_was_missing_of_is() {
        let secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf";
        for place in ["eu-west-1", "123456789012 eu-west-1", secret] {
            let kept = kept(&[("some:Call", place)]);
            assert!(
                kept.region(ACCOUNT, "eu-west-1", false).is_none(),
                "{place}"
            );
        }
        let kept = kept(&[("iam:ListAccessKeys", "us-east-1")]);
        assert!(kept.identities(ACCOUNT).is_none());
        assert!(kept.region(ACCOUNT, "eu-central-1", false).is_none());
        assert!(kept.region("999999999999", "eu-west-1", false).is_none());
        assert!(kept.identities("999999999999").is_none());
    }

    #[test]
    fn user_data_that_was_not_asked_for_is_read_where_it_is() {
        assert!(kept(&[]).region(ACCOUNT, "eu-west-1", true).is_none());
    }
}
