//! How short formulas are made: what policies say of unknown keys beside the sentences left.

use policy::{Access, Applied, Formula, Known};

use super::{applied, ask, parse};

/// Statements by effect and conditions, and what is left; each stands in a policy of its own.
fn check(statements: &[(&str, &str)], expect: &str) {
    assert_eq!(left(statements), expect, "{statements:?}");
}

fn left(statements: &[(&str, &str)]) -> String {
    let policies: Vec<_> = statements
        .iter()
        .map(|(effect, conditions)| {
            parse(&format!(
                r#"{{"Effect":"{effect}","Action":"*","Resource":"*",
                "Condition":{{{conditions}}}}}"#
            ))
        })
        .collect();
    let applied: Vec<Applied<'_>> = applied(&policies);
    match ask(&applied, &Known::nothing()) {
        Access::When(formula) => told(&formula),
        Access::Always { .. } => "always".to_owned(),
        Access::Never { .. } => "never".to_owned(),
        Access::Unclear { atoms } => panic!("{atoms} conditions"),
    }
}

fn told(formula: &Formula<'_>) -> String {
    let joined = |list: &[Formula<'_>], word: &str| {
        let list: Vec<String> = list.iter().map(told).collect();
        format!("({})", list.join(word))
    };
    match formula {
        Formula::All(list) => joined(list, " and "),
        Formula::Any(list) => joined(list, " or "),
        Formula::Atom(atom) if atom.negated => format!("not {}", atom.test),
        Formula::Atom(atom) => atom.test.to_string(),
    }
}

const P: &str = r#""Bool":{"p:p":"true"}"#;
const P_AND_Q: &str = r#""Bool":{"p:p":"true","q:q":"true"}"#;
const P_AND_Q_AND_R: &str = r#""Bool":{"p:p":"true","q:q":"true","r:r":"true"}"#;

#[test]
fn a_way_that_asks_for_more_than_another_goes() {
    let short = "(p:p is true and q:q is true)";
    check(&[("Allow", P_AND_Q), ("Allow", P_AND_Q_AND_R)], short);
    check(&[("Allow", P_AND_Q_AND_R), ("Allow", P_AND_Q)], short);
    check(&[("Allow", P_AND_Q), ("Allow", P_AND_Q)], short);
}

#[test]
fn a_denial_under_more_conditions_than_another_goes() {
    let some = ("Allow", r#""Null":{"s:s":"false"}"#);
    let short = "(s:s is present and (not p:p is true or not q:q is true))";
    for denials in [[P_AND_Q, P_AND_Q_AND_R], [P_AND_Q_AND_R, P_AND_Q]] {
        let [one, two] = denials.map(|conditions| ("Deny", conditions));
        check(&[some, one, two], short);
    }
}

#[test]
fn ways_that_ask_for_different_things_stay() {
    check(
        &[("Allow", P_AND_Q), ("Allow", r#""Bool":{"r:r":"true"}"#)],
        "(r:r is true or (p:p is true and q:q is true))",
    );
    let other = r#""Bool":{"p:p":"true","r:r":"true"}"#;
    check(
        &[("Allow", P_AND_Q), ("Allow", other)],
        "((p:p is true and q:q is true) or (p:p is true and r:r is true))",
    );
}

#[test]
fn what_a_list_has_become_is_held_against_the_lists_before_it() {
    check(
        &[
            ("Allow", P),
            ("Deny", r#""Bool":{"q:q":"true"},"Null":{"r:r":"true"}"#),
            ("Deny", r#""Bool":{"p:p":"true"},"Null":{"r:r":"true"}"#),
        ],
        "(p:p is true and not r:r is absent)",
    );
}

/// Allowed for some values of a key, which two statements deny, each some and `padding` others.
fn excluded(count: usize, padding: usize) -> String {
    let values = |range: std::ops::Range<usize>, other: &str| {
        let own = range.map(|n| format!(r#""{n}""#));
        let others = (0..padding).map(|n| format!(r#""{other}{n}""#));
        let values: Vec<String> = own.chain(others.filter(|_| !other.is_empty())).collect();
        format!(r#""StringEquals":{{"k:k":[{}]}}"#, values.join(","))
    };
    let (all, low, high) = (
        values(0..count, ""),
        values(0..32, "a"),
        values(32..count, "b"),
    );
    left(&[("Allow", &all), ("Deny", &low), ("Deny", &high)])
}

#[test]
fn values_that_several_statements_deny_between_them_leave_no_way() {
    assert_eq!(excluded(64, 0), "never");
    assert_eq!(excluded(64, 100), "never");
    // More than is tried.
    assert_ne!(excluded(65, 0), "never");
    assert_ne!(excluded(64, 110), "never");
    assert_ne!(excluded(64, 400), "never");
}

#[test]
fn conditions_with_more_values_than_are_compared_stay_as_they_are() {
    for (count, ways) in [(2, 1), (550, 1), (650, 2), (1_400, 2)] {
        let values: Vec<String> = (0..count).map(|n| format!(r#""{n}""#)).collect();
        let condition = format!(r#""StringNotLike":{{"k:k":[{}]}}"#, values.join(","));
        let found = left(&[("Allow", &condition), ("Allow", &condition)]);
        assert_eq!(found.matches("k:k").count(), ways, "{count}");
    }
}

#[test]
fn a_repetition_goes_unless_too_much_stands_before_it() {
    for (count, repeated) in [(2, 0), (100, 0), (300, 1)] {
        let denied: Vec<String> = (0..count)
            .map(|n| format!(r#""Bool":{{"k:{n}":"true"}}"#))
            .collect();
        let last = denied.last().map(|it| ("Deny", it.as_str()));
        let denied = denied.iter().map(|it| ("Deny", it.as_str()));
        let allowed = ("Allow", r#""Null":{"s:s":"false"}"#);
        let statements: Vec<_> = denied.chain(last).chain([allowed]).collect();
        let found = left(&statements);
        assert_eq!(found.matches("not k:").count(), count + repeated, "{count}");
    }
}
