//! What was last known of an instance, to answer from where the account cannot be asked.
//!
//! Holds values, and no key but the one of tokens: nothing is minted of it. Credentials are told
//! until they end; then the answer is a failure in EC2's form. Asks no account.
//!
//! Source: EC2 User Guide, "Retrieve security credentials from instance metadata"; IAM User Guide,
//! "Troubleshoot IAM and Amazon EC2", for failures, which are documents with another `Code`.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use protocol::{Secret, metadata};
use serde::{Deserialize, Serialize};

use super::Manner;
use super::about::About;
use super::categories::{CATEGORIES, Category, Is};
use super::tree::Source;
use crate::entity::{Instance, stored_secret};
use crate::state::State;

/// The instance, and all that its metadata service tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub(super) instance: Instance,
    /// Of the tokens of the metadata service.
    #[serde(with = "stored_secret")]
    pub(super) seal: Secret,
    /// By the path of their category.
    values: BTreeMap<String, Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Value {
    /// Where a category has many.
    name: String,
    /// Not the same for everybody: 1 or 2, for `IMDSv1` or `IMDSv2`.
    delivery: Option<u8>,
    /// Of credentials.
    expires: Option<Timestamp>,
    #[serde(with = "stored_secret")]
    bytes: Secret,
}

/// All that is told of a running instance now; `None` of others.
pub fn keep(state: &State, instance_id: &str, now: Timestamp, manner: Manner) -> Option<Kept> {
    let held = state
        .instance(instance_id)
        .filter(|held| held.instance.is_running())?;
    let about = |delivery| About::new(state, held, now, delivery, manner);
    let (first, second) = (about(1), about(2));
    let mut values = BTreeMap::new();
    for category in CATEGORIES {
        let names = match category.is {
            Is::Always(_) | Is::Absent => continue,
            Is::Each(..) => second.names(category),
            Is::Text(_) | Is::Of(_) | Is::Made(..) => {
                let is_there = second.is_there(category);
                is_there.then(|| vec![String::new()])
            }
        };
        let Some(names) = names else {
            continue;
        };
        let held = names.into_iter().flat_map(|name| {
            let one = |delivery, about: &About<'_>| Value::of(category, &name, delivery, about);
            let (v1, v2) = (one(None, &first), one(None, &second));
            if v1 == v2 {
                return [v1, None];
            }
            [one(Some(1), &first), one(Some(2), &second)]
        });
        values.insert(category.path.to_owned(), held.flatten().collect());
    }
    Some(Kept {
        instance: held.instance.clone(),
        seal: state.settings().keyring.metadata_seal.clone(),
        values,
    })
}

impl Value {
    fn of(
        category: &Category,
        name: &str,
        delivery: Option<u8>,
        about: &About<'_>,
    ) -> Option<Self> {
        let bytes = about.value(category, name)?;
        Some(Self {
            name: name.to_owned(),
            delivery,
            expires: expiration(&bytes),
            bytes: Secret::new(&*bytes),
        })
    }
}

/// When a document of credentials says that they end.
fn expiration(document: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Document {
        #[serde(rename = "Expiration")]
        expiration: Timestamp,
    }
    let document: Document = serde_json::from_slice(document).ok()?;
    Some(document.expiration)
}

/// Reads of what is kept.
pub(super) struct Reading<'a> {
    pub(super) kept: &'a Kept,
    pub(super) now: Timestamp,
    pub(super) delivery: u8,
}

impl Source for Reading<'_> {
    fn mac(&self) -> &str {
        &self.kept.instance.mac
    }

    fn is_there(&self, category: &Category) -> bool {
        match category.is {
            Is::Always(_) => true,
            _ => self.kept.values.contains_key(category.path),
        }
    }

    fn names(&self, category: &Category) -> Option<Vec<String>> {
        let values = self.kept.values.get(category.path)?;
        let mut names: Vec<String> = values.iter().map(|value| value.name.clone()).collect();
        names.dedup();
        Some(names)
    }

    fn value(&self, category: &Category, name: &str) -> Option<Bytes> {
        if let Is::Always(text) = category.is {
            return Some(Bytes::from_static(text.as_bytes()));
        }
        let name = match category.is {
            Is::Each(..) => name,
            _ => "",
        };
        let mut values = self.kept.values.get(category.path)?.iter();
        let value = values.find(|value| {
            let is_for = value
                .delivery
                .is_none_or(|delivery| delivery == self.delivery);
            is_for && value.name == name
        })?;
        if value.expires.is_some_and(|end| end <= self.now) {
            return Some(failure(self.now));
        }
        Some(Bytes::copy_from_slice(value.bytes.expose()))
    }
}

fn failure(now: Timestamp) -> Bytes {
    metadata::document(&[
        ("Code", Some("InternalFailure")),
        ("Message", Some("There are no credentials at this time.")),
        ("LastUpdated", Some(&metadata::instant(now))),
    ])
}
