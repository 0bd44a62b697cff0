//! `rolecall policy explain`: may a principal do something, and which statement says so.

use policy::{
    Applied, Considered, Explanation, Outcome, Policies, PolicyType, Reason, Request, StatementRef,
    Value, Weighed,
};
use serde_json::json;

use super::evidence::{self, Evidence};
use crate::cli::{self, Format};
use crate::failure::{Exit, Failure};
use crate::term::{self, Tree};

/// Prints the decision; the exit code tells it too.
pub(super) async fn run(flags: cli::Explain) -> Result<Exit, Failure> {
    let given = given(&flags.context)?;
    let evidence = Evidence::gather(flags.from.as_deref(), &flags.resource).await?;
    let entity = evidence.entity(&flags.principal)?;
    let details = &evidence.details;
    let unknown = |error| evidence::unknown(&error);
    let held = details.held(entity).map_err(unknown)?;
    let rule = details.rule(&flags.action, &flags.resource);
    let service_control = details.service_control().map_err(unknown)?;
    let resource_control = details.resource_control().map_err(unknown)?;
    let owner = evidence::account_of(&flags.resource);
    let owner = owner.as_deref().unwrap_or(entity.account());
    let context = evidence::surroundings(entity.context(), owner);
    let context = given
        .into_iter()
        .fold(context, |context, (key, values)| context.with(&key, values));
    let request = Request {
        principal: entity.principal(&flags.principal),
        action: &flags.action,
        resource: &flags.resource,
        resource_account: owner,
        context: &context,
    };
    let policies = Policies {
        identity: &held.identity,
        resource: rule.map_err(unknown)?,
        boundary: held.boundary,
        session: None,
        service_control: &slices(&service_control),
        resource_control: &slices(&resource_control),
    };
    let answer = Answer {
        flags: &flags,
        explanation: policy::explain(&request, &policies),
        not_looked_at: &evidence.not_looked_at,
    };
    match flags.format {
        Format::Text => term::data(&answer.tree().to_string()),
        Format::Json => term::data(&answer.json()),
    }
    let allowed = answer.explanation.decision.is_allowed();
    Ok(if allowed { Exit::Done } else { Exit::No })
}

pub(super) fn slices<'l, 'a>(levels: &'l [Vec<Applied<'a>>]) -> Vec<&'l [Applied<'a>]> {
    levels.iter().map(Vec::as_slice).collect()
}

/// Condition keys of the command line; one that is given twice has several values.
pub(super) fn given(pairs: &[String]) -> Result<Vec<(String, Value)>, Failure> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for pair in pairs {
        let (key, value) = pair
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| {
                Failure::wrong(format!("`--context {pair}` is no condition key and value"))
                    .hint("try `--context aws:SourceIp=192.0.2.1`")
            })?;
        match keys
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
        {
            Some((_, values)) => values.push(value.to_owned()),
            None => keys.push((key.to_owned(), vec![value.to_owned()])),
        }
    }
    let value = |mut values: Vec<String>| match (values.pop(), values.is_empty()) {
        (Some(one), true) => Value::Text(one),
        (last, _) => Value::List(values.into_iter().chain(last).collect()),
    };
    let keys = keys.into_iter();
    Ok(keys.map(|(key, values)| (key, value(values))).collect())
}

struct Answer<'a> {
    flags: &'a cli::Explain,
    explanation: Explanation<'a>,
    not_looked_at: &'a [String],
}

impl Answer<'_> {
    fn verdict(&self) -> &'static str {
        if self.explanation.decision.is_allowed() {
            "allowed"
        } else {
            "denied"
        }
    }

    fn sentence(&self) -> String {
        self.explanation
            .decision
            .reason()
            .sentence(&self.flags.action)
    }

    /// The statement that decides, if one does.
    fn statement(&self) -> Option<String> {
        match *self.explanation.decision.reason() {
            Reason::Allowed { by, .. } | Reason::ExplicitDeny { by, .. } => Some(by.to_string()),
            _ => None,
        }
    }

    /// The decision, then what each type of policy says.
    fn tree(&self) -> Tree {
        let mut root = Tree::new(format!("{}, {}", self.verdict(), self.sentence()));
        root.add(format!("principal  {}", self.flags.principal));
        root.add(format!("action     {}", self.flags.action));
        root.add(format!("resource   {}", self.flags.resource));
        let mut last: Option<PolicyType> = None;
        for policy in &self.explanation.policies {
            if last != Some(policy.policy_type) {
                root.add(policy.policy_type.name());
                last = Some(policy.policy_type);
            }
            if let Some(node) = root.last() {
                node.push(considered(policy));
            }
        }
        for missing in self.not_looked_at {
            root.add(format!("not looked at: {missing}"));
        }
        root
    }

    fn json(&self) -> String {
        let cli::Explain {
            principal,
            action,
            resource,
            ..
        } = self.flags;
        let explanation = &self.explanation;
        let near_misses = explanation.near_misses().map(ToString::to_string);
        let policies = explanation.policies.iter().map(|policy| {
            json!({
                "type": policy.policy_type.name(),
                "name": policy.name,
                "statements": policy.statements.iter().map(statement_json).collect::<Vec<_>>(),
            })
        });
        let answer = json!({
            "decision": self.verdict(),
            "principal": principal,
            "action": action,
            "resource": resource,
            "reason": self.sentence(),
            "statement": self.statement(),
            "near_misses": near_misses.collect::<Vec<_>>(),
            "policies": policies.collect::<Vec<_>>(),
            "not_looked_at": self.not_looked_at,
        });
        format!("{answer:#}\n")
    }
}

fn statement_json(weighed: &Weighed<'_>) -> serde_json::Value {
    let StatementRef {
        sid, index, line, ..
    } = weighed.statement;
    let applies = weighed.outcome == Outcome::Applies;
    json!({
        "sid": sid,
        "index": index,
        "line": line,
        "effect": if weighed.allows { "Allow" } else { "Deny" },
        "applies": applies,
        "because": (!applies).then(|| weighed.outcome.to_string()),
    })
}

/// What one policy says: what applies, and what nearly allows.
fn considered(policy: &Considered<'_>) -> Tree {
    let mut node = Tree::new(policy.name);
    for weighed in &policy.statements {
        let StatementRef {
            sid, index, line, ..
        } = weighed.statement;
        let statement = match sid {
            Some(sid) => format!("statement `{sid}`, line {line}"),
            None => format!("statement {index}, line {line}"),
        };
        match (&weighed.outcome, weighed.allows) {
            (Outcome::Applies, true) => node.add(format!("allows: {statement}")),
            (Outcome::Applies, false) => node.add(format!("denies: {statement}")),
            (outcome, true) => node.add(format!("would allow: {statement}, but {outcome}")),
            (_, false) => {}
        }
    }
    if node.is_leaf() {
        node.add("says nothing of this request");
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[&str]) -> Result<Vec<(String, Value)>, Failure> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        given(&pairs)
    }

    #[test]
    fn a_key_given_twice_has_several_values() {
        let keys = read(&["a:b=1", "c:d=x=y", "A:B=2"]).unwrap();
        let several = Value::List(vec!["1".to_owned(), "2".to_owned()]);
        assert_eq!(
            keys,
            [
                ("a:b".to_owned(), several),
                ("c:d".to_owned(), "x=y".into())
            ]
        );
    }

    #[test]
    fn what_is_no_key_and_value_is_refused() {
        for pair in ["", "a:b", "=1"] {
            assert_eq!(read(&[pair]).unwrap_err().exit, Exit::Wrong, "{pair}");
        }
    }
}
