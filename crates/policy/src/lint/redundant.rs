//! Redundancy: parts of a policy without which it says the same.

use super::model::{Element, PrincipalBlock, Statement};
use super::{Check, Code, Findings, glob};
use crate::json::Text;

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    let statements = &check.document.statements;
    let mut budget = Budget(CHARACTERS_COMPARED_MAX);
    for statement in statements {
        let actions = statement.action.iter().flat_map(|it| &it.values);
        let actions: Vec<&Text> = actions.collect();
        for (text, by) in covered(&actions, covers_action, &mut budget) {
            let (value, by) = (&text.value, &by.value);
            findings.add(
                Code::RedundantAction,
                text.place,
                format!("`{value}` is covered by `{by}` of the same statement"),
                format!("leave `{value}` out, or `{by}` if it says too much"),
            );
        }
        let resources = statement.resource.iter().flat_map(|it| &it.values);
        let resources: Vec<&Text> = resources.collect();
        for (text, by) in covered(&resources, covers_resource, &mut budget) {
            let (value, by) = (&text.value, &by.value);
            findings.add(
                Code::RedundantResource,
                text.place,
                format!("`{value}` is covered by `{by}` of the same statement"),
                format!("leave `{value}` out, or `{by}` if it says too much"),
            );
        }
    }
    redundant_statements(statements, &mut budget, findings);
}

/// How many characters may still be compared.
struct Budget(usize);

impl Budget {
    /// Whether the comparison of texts of these lengths is still within it.
    fn take(&mut self, a: usize, b: usize) -> bool {
        let cost = (a + 1).saturating_mul(b + 1);
        let within = cost <= self.0;
        self.0 = self.0.saturating_sub(cost);
        within
    }
}

/// Texts of a list that another one covers, each with that one. Of two equals the second.
fn covered<'t>(
    texts: &[&'t Text],
    covers: fn(&str, &str) -> bool,
    budget: &mut Budget,
) -> Vec<(&'t Text, &'t Text)> {
    let mut found = Vec::new();
    for (at, inner) in texts.iter().enumerate() {
        let by = texts.iter().enumerate().find(|(other, outer)| {
            let (outer, inner) = (outer.value.as_str(), inner.value.as_str());
            // A pattern without a wildcard covers nothing but itself.
            let may = *other != at && (outer.contains(['*', '?']) || outer.len() == inner.len());
            may && budget.take(outer.len(), inner.len())
                && covers(outer, inner)
                && (*other < at || !covers(inner, outer))
        });
        found.extend(by.map(|(_, outer)| (*inner, *outer)));
    }
    found
}

fn covers_action(outer: &str, inner: &str) -> bool {
    glob::covers(&outer.to_ascii_lowercase(), &inner.to_ascii_lowercase())
}

fn covers_resource(outer: &str, inner: &str) -> bool {
    if outer == "*" || outer == inner {
        return true;
    }
    // A variable may stand for other wildcards than its own characters.
    if outer.contains("${") || inner.contains("${") {
        return false;
    }
    let (outer, inner): (Vec<_>, Vec<_>) = (
        outer.splitn(6, ':').collect(),
        inner.splitn(6, ':').collect(),
    );
    let mut pairs = outer.iter().zip(&inner);
    outer.len() == inner.len() && pairs.all(|(outer, inner)| glob::covers(outer, inner))
}

fn redundant_statements(statements: &[Statement], budget: &mut Budget, findings: &mut Findings) {
    for (at, inner) in statements.iter().enumerate() {
        let by = statements.iter().enumerate().find(|(other, outer)| {
            *other != at
                && covers_statement(outer, inner, budget)
                && (*other < at || !covers_statement(inner, outer, budget))
        });
        if let Some((_, outer)) = by {
            let line = outer.place.line;
            findings.add(
                Code::RedundantStatement,
                inner.place,
                format!("the statement in line {line} covers this one"),
                "leave it out",
            );
        }
    }
}

fn covers_statement(outer: &Statement, inner: &Statement, budget: &mut Budget) -> bool {
    let effect = |it: &Statement| it.effect.as_ref().map(|text| text.value.clone());
    effect(outer).is_some()
        && effect(outer) == effect(inner)
        && (outer.conditions.is_empty() || same_conditions(outer, inner))
        && same_principals(outer.principal.as_ref(), inner.principal.as_ref())
        && covers_element(
            outer.action.as_ref(),
            inner.action.as_ref(),
            covers_action,
            budget,
        )
        && covers_element(
            outer.resource.as_ref(),
            inner.resource.as_ref(),
            covers_resource,
            budget,
        )
}

fn same_conditions(a: &Statement, b: &Statement) -> bool {
    let texts = |it: &Statement| -> Vec<Vec<String>> {
        let conditions = it.conditions.iter();
        let texts = conditions.map(|condition| {
            let values = condition.values.iter().map(|text| text.value.clone());
            let head = [&condition.operator, &condition.key].map(|text| text.value.clone());
            head.into_iter().chain(values).collect()
        });
        texts.collect()
    };
    a.conditions.len() == b.conditions.len() && texts(a) == texts(b)
}

fn same_principals(a: Option<&PrincipalBlock>, b: Option<&PrincipalBlock>) -> bool {
    let names = |it: &PrincipalBlock| -> Vec<(String, String)> {
        let names = it.names.iter();
        names
            .map(|(kind, name)| (kind.clone(), name.value.clone()))
            .collect()
    };
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a.key.value == b.key.value && a.names.len() == b.names.len() && names(a) == names(b)
        }
        _ => false,
    }
}

fn covers_element(
    outer: Option<&Element>,
    inner: Option<&Element>,
    covers: fn(&str, &str) -> bool,
    budget: &mut Budget,
) -> bool {
    let (Some(outer), Some(inner)) = (outer, inner) else {
        return outer.is_none() && inner.is_none();
    };
    if outer.negated || inner.negated {
        let same = outer.values.iter().map(|it| &it.value);
        return outer.negated == inner.negated && same.eq(inner.values.iter().map(|it| &it.value));
    }
    !inner.values.is_empty()
        && inner.values.iter().all(|inner| {
            let mut outer = outer.values.iter();
            outer.any(|outer| {
                let (outer, inner) = (outer.value.as_str(), inner.value.as_str());
                budget.take(outer.len(), inner.len()) && covers(outer, inner)
            })
        })
}

// What comparisons may cost for a whole policy, in pairs of characters: a policy of 6 KB whose
// every action is compared with every other stays below it, and it is done in well under a second.
const CHARACTERS_COMPARED_MAX: usize = 50_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_and_not_exceeded() {
        let mut budget = Budget(13);
        assert!(budget.take(2, 3));
        assert!(budget.take(0, 0));
        assert!(!budget.take(0, 0));

        let mut budget = Budget(11);
        assert!(!budget.take(2, 3));
        assert!(!budget.take(0, 0));
    }
}
