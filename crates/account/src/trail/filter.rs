//! Which records are asked for.

use jiff::Timestamp;
use protocol::Arn;

use super::event::{Decision, Event};
use crate::home::Home;

/// What a record must be to be shown. The default takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what an account has a record of, in one region.
    pub home: Option<Home>,
    /// Not before, to the second.
    pub since: Option<Timestamp>,
    /// Not after, to the second.
    pub until: Option<Timestamp>,
    /// ARN of the caller; that of a role stands for its sessions.
    pub principal: Option<String>,
    /// `GetSecretValue`.
    pub name: Option<String>,
    /// Only what was denied.
    pub denied: bool,
    /// Only what was signed with credentials of an instance, elsewhere.
    pub suspicious: bool,
}

/// What LookupEvents can look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) key: Key,
    pub(crate) value: String,
}

/// Source: CloudTrail API Reference, "LookupAttribute".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    EventId,
    EventName,
    ReadOnly,
    Username,
    ResourceType,
    ResourceName,
    EventSource,
    AccessKeyId,
}

/// Whether a text is the ARN of what can be [`Filter::principal`].
pub fn is_principal(text: &str) -> bool {
    let Some(arn) = Arn::parse(text) else {
        return false;
    };
    let parts: Vec<&str> = arn.resource().split('/').collect();
    let is_named = parts.len() > 1 && parts.iter().all(|part| !part.is_empty());
    let kinds: &[&str] = match arn.service() {
        "iam" => &["role", "user"],
        "sts" => &["assumed-role"],
        _ => &[],
    };
    is_named && parts.first().is_some_and(|kind| kinds.contains(kind))
}

impl Filter {
    /// Whether a record is asked for.
    pub fn takes(&self, event: &Event) -> bool {
        let second = event.time.as_second();
        let is = |asked: &Option<String>, held: &Option<String>| asked.is_some() && asked == held;
        self.home.as_ref().is_none_or(|home| {
            event.region.as_deref() == Some(home.region())
                && event
                    .accounts
                    .iter()
                    .any(|account| account == home.account())
        }) && self.since.is_none_or(|since| since.as_second() <= second)
            && self.until.is_none_or(|until| second <= until.as_second())
            && (self.principal.is_none()
                || is(&self.principal, &event.principal)
                || is(&self.principal, &event.role))
            && self.name.as_ref().is_none_or(|name| *name == event.name)
            && (!self.denied || event.decision == Decision::Denied)
            && (!self.suspicious || event.carried_off_from.is_some())
    }
}

impl Attribute {
    /// Whether a record is such a one.
    pub(crate) fn is_of(&self, event: &Event) -> bool {
        let value = self.value.as_str();
        match self.key {
            Key::EventId => event.id == value,
            Key::EventName => event.name == value,
            Key::ReadOnly => event.read_only.to_string() == value,
            Key::Username => {
                let role = event.role.as_deref();
                event.username.as_deref() == Some(value)
                    || role.is_some_and(|arn| Event::is_called(arn, value))
            }
            Key::ResourceType => event
                .resources
                .iter()
                .any(|arn| Event::resource_type(arn) == Some(value)),
            Key::ResourceName => event
                .resources
                .iter()
                .any(|arn| Event::is_called(arn, value)),
            Key::EventSource => event.source == value,
            Key::AccessKeyId => event.access_key_id.as_deref() == Some(value),
        }
    }
}

impl Key {
    /// As the API spells it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "EventId" => Self::EventId,
            "EventName" => Self::EventName,
            "ReadOnly" => Self::ReadOnly,
            "Username" => Self::Username,
            "ResourceType" => Self::ResourceType,
            "ResourceName" => Self::ResourceName,
            "EventSource" => Self::EventSource,
            "AccessKeyId" => Self::AccessKeyId,
            _ => return None,
        })
    }
}
