//! What a set of policies says of a request, as the IAM User Guide tells it, with no thought of
//! time: every policy is read from its JSON anew for every question.

use policy::Principal;
use serde_json::Value as Json;

use super::conditions::{self, Values};
use super::generate::{Asked, Case};

/// What comes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed,
    Denied,
    NotAllowed,
}

/// The rows of the flow chart, from the top.
pub(crate) fn evaluate(case: &Case, asked: &Asked) -> Outcome {
    let says = |document: &Json, effect: &str, test: &dyn Fn(Named) -> bool| {
        statements(document).any(|statement| {
            statement["Effect"] == effect
                && applies(document, statement, asked)
                && test(named(statement, &asked.principal, case.boundary.is_some()))
        })
    };
    let somehow = |named: Named| named != Named::default();
    let allows = |document: &Json| says(document, "Allow", &somehow);
    let denies = |document: &Json| says(document, "Deny", &somehow);

    let is_of_no_account = asked.principal.account().is_none();
    let is_linked = matches!(asked.principal, Principal::Session { role_arn, .. }
        if role_arn.contains(":role/aws-service-role/"));
    let none = Vec::new();
    let service_control = if is_of_no_account || is_linked {
        &none
    } else {
        &case.service_control
    };
    let resource_control = if is_linked {
        &none
    } else {
        &case.resource_control
    };
    let session = case.session.iter().flatten();

    let every = case
        .identity
        .iter()
        .chain(&case.resource)
        .chain(&case.boundary)
        .chain(session);
    let every = every.chain(service_control.iter().flatten());
    if every.chain(resource_control.iter().flatten()).any(denies) {
        return Outcome::Denied;
    }
    let controlled = service_control.iter().all(|level| level.iter().any(allows))
        && resource_control
            .iter()
            .all(|level| level.iter().any(allows));

    let own = case.identity.iter().any(allows);
    let boundary = case.boundary.as_ref().is_none_or(allows);
    let session = case
        .session
        .as_ref()
        .is_none_or(|all| all.iter().any(allows));
    let resource = |test: &dyn Fn(Named) -> bool| {
        case.resource
            .as_ref()
            .is_some_and(|document| says(document, "Allow", test))
    };
    // A user with session policies is a federated user, whom the user's name is not.
    let is_session = case.session.is_some() && matches!(asked.principal, Principal::User { .. });
    let directly = resource(&|named| named.itself && !is_session);
    let by_role = resource(&|named| named.by_role || named.itself && is_session);
    let by_account = resource(&|named| named.by_account);
    let granted = match asked.principal.account() {
        None => directly,
        Some(account) if account != asked.resource_account => {
            own && boundary && session && (directly || by_role || by_account)
        }
        Some(_) => {
            directly
                || by_role && boundary && session
                || own && boundary && session && (by_account || !case.required)
        }
    };
    if granted && controlled {
        Outcome::Allowed
    } else {
        Outcome::NotAllowed
    }
}

fn statements(document: &Json) -> impl Iterator<Item = &Json> {
    document["Statement"].as_array().expect("a list").iter()
}

fn applies(document: &Json, statement: &Json, asked: &Asked) -> bool {
    let has_variables = document["Version"] == "2012-10-17";
    let action = |pattern: &str| {
        let pattern: Vec<Symbol> = pattern
            .to_lowercase()
            .chars()
            .map(Symbol::Pattern)
            .collect();
        glob(&pattern, &chars(&asked.action.to_lowercase()), true, 0)
    };
    let resource = |pattern: &str| {
        pattern == "*"
            || expand(pattern, has_variables, &asked.values)
                .is_some_and(|pattern| glob(&pattern, &chars(asked.resource), false, 0))
    };
    let element = |name: &str, test: &dyn Fn(&str) -> bool| {
        let negated = format!("Not{name}");
        match (statement.get(name), statement.get(&negated)) {
            (Some(list), None) => strings(list).into_iter().any(test),
            (None, Some(list)) => !strings(list).into_iter().any(test),
            _ => panic!("{statement}"),
        }
    };
    element("Action", &action)
        && element("Resource", &resource)
        && conditions::hold(statement, has_variables, &asked.values)
}

/// How a statement names the caller; all that hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Named {
    itself: bool,
    by_role: bool,
    by_account: bool,
}

fn named(statement: &Json, caller: &Principal<'_>, has_boundary: bool) -> Named {
    let whoever = Named {
        itself: true,
        ..Named::default()
    };
    let (block, negated) = match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(block), None) => (block, false),
        (None, Some(block)) => (block, true),
        _ => return whoever,
    };
    if negated && has_boundary && caller.account().is_some() {
        return whoever;
    }
    if block == "*" {
        return if negated { Named::default() } else { whoever };
    }
    let names: Vec<&str> = block
        .as_object()
        .expect("a map")
        .values()
        .flat_map(strings)
        .collect();
    let found = listed(&names, caller);
    let by_account = found.by_account;
    let everyone = names.contains(&"*");
    if !negated {
        return Named {
            itself: found.itself || everyone,
            ..found
        };
    }
    let spared = everyone
        || match caller {
            Principal::User { .. } => found.itself && by_account,
            Principal::Session { .. } | Principal::FederatedUser { .. } => {
                found.itself && found.by_role && by_account
            }
            _ => found.itself,
        };
    if spared { Named::default() } else { whoever }
}

/// How a list of principals names the caller, `*` left out.
fn listed(names: &[&str], caller: &Principal<'_>) -> Named {
    let listed = |name: &str| names.contains(&name);
    let id = |id: Option<&str>| id.is_some_and(listed);
    let account = |account: Option<&str>| {
        account.is_some_and(|id| listed(id) || listed(&format!("arn:aws:iam::{id}:root")))
    };
    let by_account = account(caller.account());
    match *caller {
        Principal::User { arn, unique_id, .. } => Named {
            itself: listed(arn) || id(unique_id),
            by_role: false,
            by_account,
        },
        Principal::Session {
            role_arn,
            session_arn,
            unique_id,
            ..
        } => Named {
            itself: listed(session_arn),
            by_role: listed(role_arn) || id(unique_id),
            by_account,
        },
        Principal::FederatedUser {
            user_arn,
            arn,
            unique_id,
            ..
        } => Named {
            itself: listed(arn),
            by_role: listed(user_arn) || id(unique_id),
            by_account,
        },
        Principal::Federated(name) | Principal::Service(name) | Principal::CanonicalUser(name) => {
            Named {
                itself: listed(name),
                ..Named::default()
            }
        }
        Principal::Anonymous => Named::default(),
    }
}

/// One character of a pattern: as written, where `*` and `?` are wildcards, or as brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    Pattern(char),
    Text(char),
}

/// A pattern with its variables replaced; `None` when one has no value.
pub(crate) fn expand(pattern: &str, has_variables: bool, values: &Values) -> Option<Vec<Symbol>> {
    let mut symbols = Vec::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once("${").filter(|_| has_variables) {
        symbols.extend(before.chars().map(Symbol::Pattern));
        let end = behind.find(['}', ',']).expect("an end");
        let (key, ending) = behind.split_at(end);
        let (default, tail) = match ending.strip_prefix(", '") {
            Some(ending) => {
                let (default, tail) = ending.split_once("'}").expect("an end");
                (Some(default), tail)
            }
            None => (None, ending.strip_prefix('}').expect("an end")),
        };
        let value = match key {
            "*" | "?" | "$" => key,
            key => match values.get(&key.to_lowercase()).map(Vec::as_slice) {
                Some([one]) => one,
                _ => default?,
            },
        };
        symbols.extend(value.chars().map(Symbol::Text));
        rest = tail;
    }
    symbols.extend(rest.chars().map(Symbol::Pattern));
    Some(symbols)
}

/// `free`: a wildcard may stand for a colon. `colons`: how many have been passed.
pub(crate) fn glob(pattern: &[Symbol], text: &[char], free: bool, colons: usize) -> bool {
    let is_colon = |symbol: &Symbol| *symbol == Symbol::Pattern(':');
    let segment_end = pattern.iter().position(is_colon).unwrap_or(pattern.len());
    // The sixth part, or a segment that ends in `*`.
    let ends_wild = pattern[..segment_end].last() == Some(&Symbol::Pattern('*'));
    let free = free || colons == 5 || ends_wild;
    let wild = |c: char| free || c != ':';
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([Symbol::Pattern('*'), rest @ ..], text) => {
            glob(rest, text, free, colons)
                || matches!(text, [c, tail @ ..] if wild(*c) && glob(pattern, tail, free, colons))
        }
        ([Symbol::Pattern('?'), rest @ ..], [c, tail @ ..]) => {
            wild(*c) && glob(rest, tail, free, colons)
        }
        ([Symbol::Pattern(p) | Symbol::Text(p), rest @ ..], [c, tail @ ..]) => {
            p == c && glob(rest, tail, free, colons + usize::from(*p == ':'))
        }
        _ => false,
    }
}

pub(crate) fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

pub(crate) fn strings(value: &Json) -> Vec<&str> {
    let text = |value| Json::as_str(value).expect("a text");
    match value {
        Json::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    }
}
