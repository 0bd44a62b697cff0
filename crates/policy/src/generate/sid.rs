//! Names of statements: letters and digits that say what the statement is about. Knows no bound of
//! a document.

use std::collections::{BTreeMap, BTreeSet};

use super::{Needed, Resource};
use crate::actions::Access;

/// Gives each name once.
#[derive(Debug, Default)]
pub(super) struct Sids {
    taken: BTreeMap<String, u32>,
}

impl Sids {
    /// A name for a statement of these actions on these resources: service, access level, and the
    /// first resource, as in `SecretsManagerReadProdDbPassword`.
    pub(super) fn name(&mut self, needed: &[&Needed], resources: &BTreeSet<Resource>) -> String {
        let mut services = needed.iter().filter_map(|it| it.spelling.split(':').next());
        let first = services.next().unwrap_or_default();
        let mut name = if services.all(|it| it == first) {
            let written = WRITTEN.iter().find(|(prefix, _)| *prefix == first);
            written.map_or_else(|| words(first), |(_, name)| (*name).to_owned())
        } else {
            "Several".to_owned()
        };
        name.push_str(level(needed));
        let mut resources = resources.iter();
        if let Some(resource) = resources.next() {
            let of_it = words(resource.name());
            name.extend(of_it.chars().take(RESOURCE_CHARACTERS_MAX));
        }
        let others = resources.count();
        if others > 0 {
            name.push_str("And");
            name.push_str(&others.to_string());
        }
        self.once(name)
    }

    /// A name for a part of the statement `name`, which is too long for one.
    pub(super) fn part(&mut self, name: &str) -> String {
        self.once(format!("{name}Part"))
    }

    fn once(&mut self, name: String) -> String {
        let count = self.taken.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return name;
        }
        let numbered = format!("{name}No{count}");
        self.once(numbered)
    }
}

/// What the actions do, if it is one thing.
fn level(needed: &[&Needed]) -> &'static str {
    let access = |it: &&Needed| it.known.map(|(_, action)| action.access);
    let mut all = needed.iter().map(access);
    let first = all.next().flatten();
    if !all.all(|it| it == first) {
        return "Access";
    }
    match first {
        Some(Access::List) => "List",
        Some(Access::Read) => "Read",
        Some(Access::Write) => "Write",
        Some(Access::Tagging) => "Tagging",
        Some(Access::PermissionsManagement) => "Permissions",
        None => "Access",
    }
}

/// Letters and digits alone, each word of them with a capital.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut joined = String::new();
    for word in words {
        let mut chars = word.chars();
        joined.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        joined.push_str(chars.as_str());
    }
    joined
}

// Prefixes of several words.
static WRITTEN: &[(&str, &str)] = &[
    ("autoscaling", "AutoScaling"),
    ("secretsmanager", "SecretsManager"),
];

// Sids count towards the quota, and nobody reads a longer one.
const RESOURCE_CHARACTERS_MAX: usize = 32;
