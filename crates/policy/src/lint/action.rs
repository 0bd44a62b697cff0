//! Actions: whether there are such, and which of a service's a wildcard means.

use super::glob;
use super::model::Statement;
use super::{Check, Code, Findings};
use crate::actions::{self, Action, Service};
use crate::json::Text;
use crate::pattern::Pattern;

/// What the text of an action means.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// Every action of every service.
    Everything,
    /// These of a service whose actions are known. Never empty.
    Known(&'static Service, Vec<&'static Action>),
    /// Of a service whose actions are not compiled in, or of several.
    Foreign,
    /// There is no such service.
    NoService,
    /// The service has no such action.
    NoAction(&'static Service),
}

impl Meaning {
    pub(super) fn of(text: &str) -> Meaning {
        if text == "*" || text == "*:*" {
            return Meaning::Everything;
        }
        let Some((prefix, name)) = text.split_once(':') else {
            return Meaning::Foreign;
        };
        if glob::is_open(prefix) {
            return Meaning::Foreign;
        }
        let Some(service) = Service::find(prefix) else {
            let known = actions::is_prefix(prefix);
            return if known {
                Meaning::Foreign
            } else {
                Meaning::NoService
            };
        };
        // Case does not count in actions.
        let pattern = Pattern::new(&name.to_ascii_lowercase());
        let all = service.actions.iter();
        let meant: Vec<_> = all
            .filter(|it| pattern.matches(&it.name.to_ascii_lowercase()))
            .collect();
        if meant.is_empty() {
            Meaning::NoAction(service)
        } else {
            Meaning::Known(service, meant)
        }
    }

    /// Whether the action is among those meant.
    pub(super) fn includes(&self, prefix: &str, name: &str) -> bool {
        match self {
            Meaning::Everything => true,
            Meaning::Known(service, meant) => {
                service.prefix == prefix && meant.iter().any(|action| action.name == name)
            }
            _ => false,
        }
    }
}

/// The actions of a statement with what they mean, each spelling once.
pub(super) fn meanings(statement: &Statement) -> Vec<(&Text, Meaning)> {
    let mut seen = std::collections::HashSet::new();
    let actions = statement.actions().iter();
    actions
        .filter(|text| seen.insert(text.value.to_ascii_lowercase()))
        .map(|text| (text, Meaning::of(&text.value)))
        .collect()
}

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    for statement in &check.document.statements {
        let actions = statement.action.iter().flat_map(|element| &element.values);
        for text in actions {
            match Meaning::of(&text.value) {
                Meaning::NoService => no_service(text, findings),
                Meaning::NoAction(service) => no_action(text, service, findings),
                _ => {}
            }
        }
    }
}

fn no_service(text: &Text, findings: &mut Findings) {
    let prefix = text.value.split(':').next().unwrap_or_default();
    let hint = match actions::nearest_prefix(prefix) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the part before the colon is the service's prefix, as in `secretsmanager`".into(),
    };
    let message = format!("no AWS service has the prefix `{prefix}`");
    findings.add(Code::UnknownService, text.place, message, hint);
}

fn no_action(text: &Text, service: &'static Service, findings: &mut Findings) {
    let (prefix, value) = (service.prefix, &text.value);
    let name = value.split_once(':').map_or("", |(_, name)| name);
    let near = service.nearest(&name.replace(['*', '?'], ""));
    let hint = match near {
        Some(near) => format!("did you mean `{prefix}:{near}`?"),
        None => format!("see the actions of `{prefix}` in AWS's service authorization reference"),
    };
    if name.contains(['*', '?']) {
        let message = format!("`{value}` matches no action of `{prefix}`");
        findings.add(Code::ActionMatchesNothing, text.place, message, hint);
    } else {
        let message = format!("`{prefix}` has no action `{name}`");
        findings.add(Code::UnknownAction, text.place, message, hint);
    }
}
