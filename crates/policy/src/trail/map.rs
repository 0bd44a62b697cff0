//! From a record to what the call needed to be allowed. Knows what a record tells and guesses
//! nothing beyond it.
//!
//! Rolecall's own server writes what it decided under `additionalEventData.authorization`; that is
//! exact. For AWS's records the action follows from the event's name by the tables of
//! [`actions`](crate::actions) and those here, and the resources from `resources` or the
//! parameters.
//!
//! Source: Service Authorization Reference; for S3 also S3 User Guide, "Required permissions for
//! Amazon S3 API operations".

mod ec2;
mod extras;
mod names;
mod resources;

use serde_json::Value;

use super::event::{Event, fits, texts};
use crate::actions::{self, Action, Service};
use crate::generate::{self, GenerateError, Need, Resource};

/// Why a record does not tell all that its call needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmapped {
    /// Something that AWS or a person at the console did, and no call that IAM decides.
    #[error("an event of type `{0}` is no call that a policy allows")]
    NotACall(String),
    /// The event's source is no service that policies know.
    #[error("no service prefix is known for the source `{0}`")]
    Source(String),
    /// The event has no action of its name, and no other is known for it.
    #[error("no action is known for the event `{0}`")]
    Event(String),
    /// The action is done to a resource, and the record does not tell which.
    #[error("the record does not tell the {kind} that `{action}` was done to")]
    Resource {
        /// With its prefix.
        action: String,
        /// The resource type, or several, of which one is needed.
        kind: String,
    },
    /// The key was named by an alias, and key permissions are about keys.
    #[error("the record tells an alias and not the key that `{0}` was done to")]
    Alias(String),
    /// The call hands a role on, and the record has only the instance profile that holds it.
    #[error(
        "`iam:PassRole` on the role of the instance profile `{0}`, which the record does not tell"
    )]
    PassRole(String),
    /// The call names a role, which services other than IAM, STS and KMS are given to use.
    #[error("`iam:PassRole` on `{0}`, if the call hands the role on: the record does not tell")]
    Role(String),
    /// The record tells a need that no policy can express.
    #[error("{0}")]
    Need(#[from] GenerateError),
    /// `additionalEventData.authorization` is not what it should be.
    #[error("`additionalEventData.authorization` is no list of decisions")]
    Authorization,
}

/// What was found in a record.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) needs: Vec<Need>,
    pub(super) unmapped: Vec<Unmapped>,
    /// Whether the record itself says of a need that it was denied.
    pub(super) was_denied: bool,
}

impl Found {
    /// Adds the need, or why it is none. What is already there is not added again.
    fn need(&mut self, action: &str, resource: Resource) {
        let need = Need {
            action: action.to_owned(),
            resource,
        };
        match generate::check(&need) {
            Ok(()) if self.needs.contains(&need) => {}
            Ok(()) => self.needs.push(need),
            Err(error) => self.unmapped(error.into()),
        }
    }

    fn unmapped(&mut self, why: Unmapped) {
        if !self.unmapped.contains(&why) {
            self.unmapped.push(why);
        }
    }
}

/// What the call of `event` needed.
pub(super) fn needs(event: &Event<'_>) -> Found {
    let mut found = Found::default();
    if let Some(decisions) = event.get("/additionalEventData/authorization") {
        if !decided(decisions, &mut found) {
            found.unmapped(Unmapped::Authorization);
        }
        return found;
    }
    match event.text("/eventType") {
        None | Some("AwsApiCall") => {
            by_name(event, &mut found);
            roles(event, &mut found);
        }
        Some(other) => found.unmapped(Unmapped::NotACall(other.to_owned())),
    }
    found
}

/// The decisions that the server itself wrote down; false when they are none.
fn decided(decisions: &Value, found: &mut Found) -> bool {
    let Some(list) = decisions.as_array() else {
        return false;
    };
    list.iter().all(|entry| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let (Some(action), Some(resource), Some(decision @ ("allowed" | "denied"))) =
            (text("action"), text("resource"), text("decision"))
        else {
            return false;
        };
        found.was_denied |= decision == "denied";
        found.need(action, resources::asked(resource));
        true
    })
}

fn by_name(event: &Event<'_>, found: &mut Found) {
    let Some(prefix) = names::prefix(event.source) else {
        return found.unmapped(Unmapped::Source(event.source.to_owned()));
    };
    let Some(service) = Service::find(prefix) else {
        return foreign(event, prefix, found);
    };
    if names::is_free(service.prefix, event.name) {
        return;
    }
    extras::add(event, service, found);
    for name in names::actions(event, service.prefix) {
        match service.action(name) {
            Some(action) => on_resources(event, service, action, found),
            None => found.unmapped(Unmapped::Event(format!("{prefix}:{name}"))),
        }
    }
}

/// Roles among the parameters: whether one is handed on, the operation's page says and the record
/// does not.
fn roles(event: &Event<'_>, found: &mut Found) {
    let takes_none = ["iam", "sts", "kms"]
        .map(Some)
        .contains(&names::prefix(event.source));
    let kind = Service::find("iam").and_then(|iam| iam.resource("role"));
    let Some(kind) = kind.filter(|_| !takes_none) else {
        return;
    };
    let mut arns = Vec::new();
    texts(event.request(), &|_: &str| true, &mut arns);
    for arn in arns.into_iter().filter(|arn| fits(arn, kind)) {
        found.unmapped(Unmapped::Role(arn.to_owned()));
    }
}

/// A service that is not compiled in: the event's name is the action's for most of them, and what
/// it was done to is what `resources` lists.
fn foreign(event: &Event<'_>, prefix: &str, found: &mut Found) {
    let action = format!("{prefix}:{}", names::action(prefix, event.name));
    // Lambda and CloudFront put the API's version into the name, as in `ListFunctions20150331`.
    if !actions::is_prefix(prefix) || event.name.ends_with(|c: char| c.is_ascii_digit()) {
        return found.unmapped(Unmapped::Event(action));
    }
    let mut arns = event.resource_arns().peekable();
    if arns.peek().is_none() {
        let kind = "resource".to_owned();
        return found.unmapped(Unmapped::Resource { action, kind });
    }
    arns.for_each(|arn| found.need(&action, Resource::new(arn)));
}

fn on_resources(event: &Event<'_>, service: &Service, action: &Action, found: &mut Found) {
    let full = format!("{}:{}", service.prefix, action.name);
    if action.resources.is_empty() {
        return found.need(&full, Resource::Any);
    }
    let wants_all = matches!(service.prefix, "ec2" | "kms");
    let mut is_told = false;
    for wanted in action.resources {
        let Some(kind) = service.resource(wanted.name) else {
            continue;
        };
        let list = if service.prefix == "ec2" {
            ec2::find(event, action, kind, wanted.required)
        } else {
            resources::find(event, service, action, kind)
        };
        is_told |= !list.is_empty();
        if list.is_empty() && wanted.required && wants_all {
            found.unmapped(missing(event, service, &full, kind.name));
            is_told = true;
        }
        for resource in list {
            found.need(&full, resource);
        }
    }
    if !is_told {
        let kinds: Vec<&str> = action.resources.iter().map(|it| it.name).collect();
        found.unmapped(missing(event, service, &full, &kinds.join(" or ")));
    }
}

fn missing(event: &Event<'_>, service: &Service, action: &str, kind: &str) -> Unmapped {
    if service.prefix == "kms" && kind == "key" && resources::names_alias(event) {
        return Unmapped::Alias(action.to_owned());
    }
    Unmapped::Resource {
        action: action.to_owned(),
        kind: kind.to_owned(),
    }
}
