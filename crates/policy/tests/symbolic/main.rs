//! Formulas beside their truth, which `reference` tests: their size, their order, and what is known
//! of condition keys.
#![cfg(test)]

mod simplify;

use std::fmt::Write as _;

use policy::{
    Access, Applied, Context, Formula, Kind, Known, PartialRequest, Policies, Policy, Principal,
    Subject, Test, decide_partly,
};

const USER: Principal<'_> = Principal::User {
    account: "111111111111",
    arn: "arn:aws:iam::111111111111:user/ann",
    unique_id: None,
};

fn parse(statements: &str) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Policy::parse(&text, Kind::Identity).expect(&text)
}

fn ask<'a>(identity: &'a [Applied<'a>], known: &Known) -> Access<'a> {
    let request = PartialRequest {
        subject: Subject::Exactly(USER),
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        resource_account: "111111111111",
        known,
    };
    let policies = Policies {
        identity,
        ..Policies::default()
    };
    decide_partly(&request, &policies)
}

fn ask_one(statements: &str, known: &Known) -> String {
    let policy = parse(statements);
    let applied = [Applied {
        name: "p",
        policy: &policy,
    }];
    match ask(&applied, known) {
        Access::When(formula) => formula.to_string(),
        other => format!("{other:?}"),
    }
}

/// As many statements as fit a policy, each with two conditions that nothing else implies.
fn wide(effect: &str, number: usize) -> (Policy, usize) {
    let mut statements = String::new();
    let mut count = 0;
    while statements.len() < 9_900 {
        let separator = if count == 0 { "" } else { "," };
        write!(
            statements,
            r#"{separator}{{"Effect":"{effect}","Action":"s3:*","Resource":"*","Condition":
            {{"StringLike":{{"a:{number}.{count}":"*"}},"Bool":{{"b:{count}":"true"}}}}}}"#
        )
        .expect("room");
        count += 1;
    }
    (parse(&statements), 2 * count)
}

fn many(effects: &[&str]) -> (Vec<Policy>, usize) {
    let numbered = effects.iter().enumerate();
    let (policies, counts): (Vec<_>, Vec<_>) = numbered
        .map(|(number, effect)| wide(effect, number))
        .unzip();
    (policies, counts.iter().sum())
}

fn applied(policies: &[Policy]) -> Vec<Applied<'_>> {
    let applied = |policy| Applied { name: "p", policy };
    policies.iter().map(applied).collect()
}

#[test]
fn a_formula_grows_with_its_conditions_and_no_faster() {
    let (policies, conditions) = many(&["Allow", "Deny", "Allow", "Deny", "Deny", "Allow"]);
    assert!(conditions > 700, "{conditions}");
    let applied = applied(&policies);
    let Access::When(formula) = ask(&applied, &Known::nothing()) else {
        panic!("no formula");
    };
    let atoms = formula.atoms().count();
    assert!(atoms <= conditions, "{atoms} of {conditions}");
}

#[test]
fn more_than_is_worked_through_is_unclear_and_never_a_no() {
    let (mut policies, conditions) = many(&["Deny"; 40]);
    policies.push(parse(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#));
    let applied = applied(&policies);
    assert_eq!(
        ask(&applied, &Known::nothing()),
        Access::Unclear { atoms: conditions }
    );
}

#[test]
fn what_is_known_makes_even_the_largest_plain() {
    let (mut policies, _) = many(&["Deny"; 40]);
    policies.push(parse(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#));
    let applied = applied(&policies);
    let known = Known::everything(Context::new());
    assert!(matches!(ask(&applied, &known), Access::Always { .. }));
}

#[test]
fn equal_questions_have_equal_answers() {
    let (policies, _) = many(&["Allow", "Deny"]);
    let applied = applied(&policies);
    let known = Known::nothing();
    assert_eq!(ask(&applied, &known), ask(&applied, &known));
}

#[test]
fn an_atom_has_what_was_written_and_where() {
    let policy = parse(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Sid":"No","Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"NumericLessThan":{"Aws:X":["5.0", 7]}}}"#,
    );
    let applied = [Applied {
        name: "arn:aws:iam::111111111111:policy/p",
        policy: &policy,
    }];
    let Access::When(formula) = ask(&applied, &Known::nothing()) else {
        panic!("no formula");
    };
    let atoms: Vec<_> = formula.atoms().collect();
    let [atom] = atoms.as_slice() else {
        panic!("{formula}");
    };
    assert!(atom.negated);
    assert_eq!(atom.statement.sid, Some("No"));
    assert_eq!((atom.statement.index, atom.statement.line), (1, 2));
    let Test::Condition(test) = atom.test else {
        panic!("{atom}");
    };
    assert_eq!((test.operator(), test.key()), ("NumericLessThan", "Aws:X"));
    assert_eq!(test.values().collect::<Vec<_>>(), ["5.0", "7"]);
    assert!(test.denies());
    assert_eq!(
        atom.to_string(),
        "not (Aws:X is less than one of 5.0, 7 (NumericLessThan, statement `No` of \
         arn:aws:iam::111111111111:policy/p, line 2))"
    );
}

#[test]
fn lists_in_lists_stand_in_parentheses() {
    let found = ask_one(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:a":"true"},
            "Null":{"b:b":"true"}}},
        {"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"c:c":"true"}}},
        {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"d:d":"true"}}}"#,
        &Known::nothing(),
    );
    assert_eq!(
        found,
        "not (d:d is true (Bool, statement 2 of p, line 4)) and \
         (c:c is true (Bool, statement 1 of p, line 3) or \
         (a:a is true (Bool, statement 0 of p, line 1) and \
         b:b is absent (Null, statement 0 of p, line 1)))"
    );
}

#[test]
fn a_key_is_known_in_any_case_and_a_value_outdoes_absence() {
    let condition = r#"{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"aws:PrincipalTag/Team":"a"}}}"#;
    let check = |known: Known, expect: &str| {
        let found = ask_one(condition, &known);
        assert!(found.starts_with(expect), "{known:?}: {found}");
    };
    let nothing = Known::nothing;
    check(nothing(), "aws:PrincipalTag/Team is a");
    check(
        nothing().without("aws:PrincipalTag"),
        "aws:PrincipalTag/Team",
    );
    check(nothing().without("AWS:principaltag/TEAM"), "Never");
    check(nothing().without_prefix("aws:PRINCIPALTAG/"), "Never");
    check(nothing().with("aws:principaltag/team", "b"), "Never");
    let tagged = nothing().with("aws:principaltag/team", "a");
    check(tagged.clone(), "Always");
    check(tagged.clone().without_prefix("aws:PrincipalTag/"), "Always");
    check(tagged.clone().without("aws:PrincipalTag/Team"), "Always");
    check(
        tagged.clone().and(&Known::everything(Context::new())),
        "Always",
    );
    let other = nothing().with("aws:principaltag/team", "b");
    check(tagged.and(&other), "Never");
    check(Known::everything(Context::new()), "Never");
    check(nothing().and(&Known::everything(Context::new())), "Never");
    let context = Context::new().with("aws:PrincipalTag/Team", "a");
    check(Known::everything(context), "Always");
}

#[test]
fn a_variable_of_which_nothing_is_known_leaves_open_what_is_compared_with_it() {
    let check = |condition: &str, value: Vec<String>, expect: &str| {
        let allow = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":"#;
        let known = Known::nothing().with("a:a", value);
        let found = ask_one(&format!("{allow}{condition}}}"), &known);
        assert!(found.starts_with(expect), "{condition}: {found}");
    };
    let any = r#"{"ForAnyValue:StringEquals":{"a:a":"${b:b}"}}"#;
    check(any, vec!["x".into()], "some value of a:a is ${b:b}");
    check(any, vec![String::new()], "Never");
    let arn = r#"{"ArnLike":{"a:a":"arn:aws:iam::111111111111:user/${b:b}"}}"#;
    let value = "arn:aws:iam::111111111111:user/ann";
    check(arn, vec![value.into()], "a:a is like arn:aws:iam");
    check(arn, vec![value.into(), value.into()], "Never");
}

#[test]
fn a_resource_with_a_variable_is_tested_as_written_and_as_asked() {
    let policy = parse(
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${a:a}","Condition":
        {"Bool":{"b:b":"true"}}}"#,
    );
    let applied = [Applied {
        name: "p",
        policy: &policy,
    }];
    let Access::When(formula) = ask(&applied, &Known::nothing()) else {
        panic!("no formula");
    };
    let tests: Vec<_> = formula.atoms().map(|atom| atom.test).collect();
    let [Test::Condition(condition), Test::Resource(resource)] = tests.as_slice() else {
        panic!("{formula}");
    };
    assert!(!condition.denies());
    assert_eq!(resource.written(), "arn:aws:s3:::b/${a:a}");
    assert_eq!(resource.resource(), "arn:aws:s3:::b/k");
}

#[test]
fn a_subject_is_of_its_account_if_it_has_one() {
    let role = Subject::Role {
        account: "222222222222",
        role_arn: "arn:aws:iam::222222222222:role/app",
        unique_id: None,
    };
    assert_eq!(role.account(), Some("222222222222"));
    assert_eq!(Subject::Exactly(USER).account(), Some("111111111111"));
    assert_eq!(Subject::Exactly(Principal::Anonymous).account(), None);
}

#[test]
fn as_many_conditions_as_are_worked_through_are_not_unclear() {
    let keys = |from: usize, to: usize| {
        let keys: Vec<_> = (from..to).map(|n| format!(r#""b:{n}":"true""#)).collect();
        parse(&format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"Bool":{{{}}}}}}}"#,
            keys.join(",")
        ))
    };
    for (count, is_unclear) in [(4_096, false), (4_097, true)] {
        let mut policies: Vec<_> = (0..8).map(|n| keys(n * 512, (n + 1) * 512)).collect();
        policies.extend((count > 4_096).then(|| keys(4_096, count)));
        policies.push(parse(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#));
        let applied = applied(&policies);
        let access = ask(&applied, &Known::nothing());
        assert_eq!(matches!(access, Access::Unclear { .. }), is_unclear);
    }
}

#[test]
fn an_empty_list_is_absence_that_is_known() {
    let known = Known::nothing().with("a:a", Vec::new());
    let found = ask_one(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"a:a":"true"}}}"#,
        &known,
    );
    assert!(found.starts_with("Always"), "{found}");
}

#[test]
fn every_operator_has_its_own_words() {
    let check = |operator: &str, one: &str, several: &str| {
        for (values, expect) in [(r#""1""#, one), (r#"["1","2"]"#, several)] {
            let found = ask_one(
                &format!(
                    r#"{{"Effect":"Allow","Action":"*","Resource":"*",
                    "Condition":{{"{operator}":{{"a:a":{values}}}}}}}"#
                ),
                &Known::nothing(),
            );
            let wanted = format!("a:a {expect} 1");
            assert!(found.starts_with(&wanted), "{operator}: {found}");
        }
    };
    check("StringEquals", "is", "is one of");
    check("StringNotEquals", "is not", "is none of");
    let of_several = "is, in any case, one of";
    check("StringEqualsIgnoreCase", "is, in any case,", of_several);
    let of_several = "is, in any case, none of";
    check(
        "StringNotEqualsIgnoreCase",
        "is not, in any case,",
        of_several,
    );
    check("StringLike", "is like", "is like one of");
    check("StringNotLike", "is not like", "is like none of");
    check("NumericLessThan", "is less than", "is less than one of");
    check("NumericLessThanEquals", "is at most", "is at most one of");
    check("NumericGreaterThan", "is more than", "is more than one of");
    check(
        "NumericGreaterThanEquals",
        "is at least",
        "is at least one of",
    );
    check("DateLessThan", "is before", "is before one of");
    check("DateLessThanEquals", "is not after", "is not after one of");
    check("DateGreaterThan", "is after", "is after one of");
    check(
        "DateGreaterThanEquals",
        "is not before",
        "is not before one of",
    );
}

#[test]
fn formulas_without_conditions_are_words() {
    assert_eq!(Formula::All(Vec::new()).to_string(), "always");
    assert_eq!(Formula::Any(Vec::new()).to_string(), "never");
}
