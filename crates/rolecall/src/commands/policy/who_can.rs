//! `rolecall policy who-can`: which principals may do an action on a resource, and when.

use policy::{
    Access, Answer, Applied, AuthorizationDetails, Candidate, Entity, Formula, Found, Held, Known,
    Outsider, Question, Subject, Unknown,
};
use serde_json::json;

use super::evidence::{self, Evidence};
use super::explain::{given, slices};
use crate::cli::{self, Format};
use crate::failure::{Exit, Failure};
use crate::term::{self, Tree};

/// Prints who can; the exit code tells whether anybody can.
pub(super) async fn run(flags: cli::WhoCan) -> Result<Exit, Failure> {
    let known = given(&flags.context)?
        .into_iter()
        .fold(Known::nothing(), |known, (key, value)| {
            known.with(&key, value)
        });
    let evidence = Evidence::gather(flags.from.as_deref(), &flags.resource).await?;
    let details = &evidence.details;
    let unknown = |error| evidence::unknown(&error);
    let owner = evidence::account_of(&flags.resource).or_else(|| account(details));
    let owner = owner.ok_or_else(|| {
        Failure::unfinished("nobody is known of the account")
            .hint("a file needs the users and roles: write it without `--filter`")
    })?;
    let known = known.with("aws:ResourceAccount", owner.as_str());
    let service_control = details.service_control().map_err(unknown)?;
    let resource_control = details.resource_control().map_err(unknown)?;
    let rule = details.rule(&flags.action, &flags.resource);
    let question = Question {
        action: &flags.action,
        resource: &flags.resource,
        resource_account: &owner,
        rule: rule.map_err(unknown)?,
        resource_control: &slices(&resource_control),
        known: &known,
    };
    let (weighed, unreadable) = weighed(details);
    let service_control = slices(&service_control);
    let candidates = weighed.iter().map(|it| it.candidate(&service_control));
    let answer = policy::who_can(&question, candidates);
    let report = Report {
        flags: &flags,
        answer: &answer,
        unreadable: &unreadable,
        not_looked_at: &evidence.not_looked_at,
    };
    match flags.format {
        Format::Text => term::data(&report.tree().to_string()),
        Format::Json => term::data(&report.json()),
    }
    let unclear = |access: &Access<'_>| matches!(access, Access::Unclear { .. });
    let candidates = answer.candidates.iter().map(|(_, access)| access);
    let outsiders = answer.outsiders.iter().map(|found| &found.access);
    let is_unclear = candidates.chain(outsiders).any(unclear);
    Ok(if is_unclear || !unreadable.is_empty() {
        Exit::Unfinished
    } else if report.able().next().is_some() || !answer.outsiders.is_empty() {
        Exit::Done
    } else {
        Exit::No
    })
}

/// The account that the users and roles are of.
fn account(details: &AuthorizationDetails) -> Option<String> {
    details.entities().next().map(|it| it.account().to_owned())
}

/// A user or role with what decides about it.
struct Weighed<'a> {
    subject: Subject<'a>,
    held: Held<'a>,
    known: Known,
}

impl<'a> Weighed<'a> {
    fn candidate<'k>(&'k self, service_control: &'k [&'k [Applied<'a>]]) -> Candidate<'a, 'k>
    where
        'k: 'a,
    {
        Candidate {
            subject: self.subject,
            identity: &self.held.identity,
            boundary: self.held.boundary,
            service_control,
            known: &self.known,
        }
    }
}

/// The users and roles, and those of which a policy cannot be understood.
fn weighed(details: &AuthorizationDetails) -> (Vec<Weighed<'_>>, Vec<(&Entity, Unknown)>) {
    let mut known = Vec::new();
    let mut unreadable = Vec::new();
    for entity in details.entities() {
        match details.held(entity) {
            Ok(held) => known.push(Weighed {
                subject: entity.subject(),
                held,
                known: entity.known(),
            }),
            Err(error) => unreadable.push((entity, error)),
        }
    }
    (known, unreadable)
}

struct Report<'r, 'a> {
    flags: &'r cli::WhoCan,
    answer: &'r Answer<'a>,
    unreadable: &'r [(&'r Entity, Unknown)],
    not_looked_at: &'r [String],
}

impl<'r, 'a> Report<'r, 'a> {
    /// The users and roles that can.
    fn able(&self) -> impl Iterator<Item = &'r (Subject<'a>, Access<'a>)> {
        let candidates = self.answer.candidates.iter();
        candidates.filter(|(_, access)| !matches!(access, Access::Never { .. }))
    }

    fn shown(&self) -> Vec<&'r (Subject<'a>, Access<'a>)> {
        if self.flags.all {
            self.answer.candidates.iter().collect()
        } else {
            self.able().collect()
        }
    }

    fn tree(&self) -> Tree {
        let cli::WhoCan {
            action, resource, ..
        } = self.flags;
        let (able, all) = (self.able().count(), self.answer.candidates.len());
        let mut root = Tree::new(format!(
            "{able} of {all} users and roles can {action} on {resource}"
        ));
        for (subject, access) in self.shown() {
            let mut node = Tree::new(name(*subject));
            add_access(&mut node, access, action);
            root.push(node);
        }
        for found in &self.answer.outsiders {
            let mut node = Tree::new(outsider(found));
            add_access(&mut node, &found.access, action);
            root.push(node);
        }
        for (entity, unknown) in self.unreadable {
            root.add(format!("not known: {}: {unknown}", entity.arn));
        }
        for missing in self.not_looked_at {
            root.add(format!("not looked at: {missing}"));
        }
        root
    }

    fn json(&self) -> String {
        let cli::WhoCan {
            action, resource, ..
        } = self.flags;
        let shown = self.shown().into_iter();
        let principals = shown.map(|(subject, access)| {
            json!({"principal": name(*subject), "access": access_json(access, action)})
        });
        let outsiders = self.answer.outsiders.iter().map(|found| {
            json!({
                "principal": outsider_name(found),
                "needs_own_policies": found.needs_own_policies,
                "access": access_json(&found.access, action),
            })
        });
        let unknown = self.unreadable.iter().map(
            |(entity, unknown)| json!({"principal": &*entity.arn, "because": unknown.to_string()}),
        );
        let report = json!({
            "action": action,
            "resource": resource,
            "looked_at": self.answer.candidates.len(),
            "principals": principals.collect::<Vec<_>>(),
            "outsiders": outsiders.collect::<Vec<_>>(),
            "not_known": unknown.collect::<Vec<_>>(),
            "not_looked_at": self.not_looked_at,
        });
        format!("{report:#}\n")
    }
}

fn add_access(node: &mut Tree, access: &Access<'_>, action: &str) {
    match access {
        Access::Always { by, and: None } => node.add(format!("always, by {by}")),
        Access::Always { by, and: Some(and) } => node.add(format!("always, by {by} and {and}")),
        Access::When(formula) => node.push(conditions(formula, "if ")),
        Access::Unclear { atoms } => {
            node.add(format!(
                "perhaps: it depends on {atoms} conditions, too many to sort out"
            ));
        }
        Access::Never { reason } => node.add(match reason {
            Some(reason) => format!("never, {}", reason.sentence(action)),
            None => "never, its conditions exclude each other".to_owned(),
        }),
    }
}

/// The formula as it is, a line for each condition.
fn conditions(formula: &Formula<'_>, before: &str) -> Tree {
    let (list, words) = match formula {
        Formula::Atom(atom) => return Tree::new(format!("{before}{atom}")),
        Formula::All(list) => (list, "all of:"),
        Formula::Any(list) => (list, "one of:"),
    };
    let mut node = Tree::new(format!("{before}{words}"));
    for inner in list {
        node.push(conditions(inner, ""));
    }
    node
}

fn access_json(access: &Access<'_>, action: &str) -> serde_json::Value {
    match access {
        Access::Always { by, and } => {
            let and = and.map(|and| and.to_string());
            json!({"is": "always", "by": by.to_string(), "and": and})
        }
        Access::When(formula) => json!({"is": "when", "conditions": formula_json(formula)}),
        Access::Unclear { atoms } => json!({"is": "unclear", "conditions": atoms}),
        Access::Never { reason } => {
            let because = reason.map(|reason| reason.sentence(action));
            json!({"is": "never", "because": because})
        }
    }
}

fn formula_json(formula: &Formula<'_>) -> serde_json::Value {
    match formula {
        Formula::All(list) => json!({"all": list.iter().map(formula_json).collect::<Vec<_>>()}),
        Formula::Any(list) => json!({"any": list.iter().map(formula_json).collect::<Vec<_>>()}),
        Formula::Atom(atom) => json!({
            "negated": atom.negated,
            "test": atom.test.to_string(),
            "statement": atom.statement.to_string(),
        }),
    }
}

fn name(subject: Subject<'_>) -> &str {
    match subject {
        Subject::Role { role_arn, .. } => role_arn,
        Subject::Exactly(principal) => principal.arn().unwrap_or("somebody"),
    }
}

fn outsider(found: &Found<'_>) -> String {
    let own = if found.needs_own_policies {
        " (its own policies have to allow as well)"
    } else {
        ""
    };
    format!("{}{own}", outsider_name(found))
}

fn outsider_name(found: &Found<'_>) -> String {
    match found.outsider {
        Outsider::Account { id, partition } => format!("arn:{partition}:iam::{id}:root"),
        Outsider::User(name)
        | Outsider::Role(name)
        | Outsider::Session(name)
        | Outsider::UniqueId(name)
        | Outsider::Service(name)
        | Outsider::Federated(name)
        | Outsider::CanonicalUser(name) => name.to_owned(),
        Outsider::EveryAccount => "every user and role of every other account".to_owned(),
        Outsider::EveryService => "every service, and callers from outside".to_owned(),
        Outsider::Anonymous => "anybody, without signing".to_owned(),
    }
}
