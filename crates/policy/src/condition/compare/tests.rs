//! What is told of two conditions beside what is so of each state of their key.

use super::*;
use crate::asked::{Asked, Room};
use crate::document::Kind;
use crate::policy::Policy;

const EFFECTS: [Effect; 2] = [Effect::Allow, Effect::Deny];

/// Statements with one condition each, on one key.
fn conditions() -> Vec<Policy> {
    let texts = |operators: &[&str], values: &[&str]| {
        let all = operators.iter().flat_map(|operator| {
            let of_values = values.iter();
            of_values.map(move |values| format!(r#"{{"{operator}":{{"k:k":{values}}}}}"#))
        });
        all.collect::<Vec<_>>()
    };
    let mut all = texts(
        &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIfExists",
            "StringLike",
            "StringNotLikeIfExists",
            "ForAnyValue:StringEquals",
            "ForAllValues:StringEquals",
            "ForAllValues:StringNotEquals",
        ],
        &[r#""true""#, r#"["true","x"]"#, r#""x*""#],
    );
    all.extend(texts(
        &["Bool", "BoolIfExists", "Null"],
        &[r#""true""#, r#""false""#, r#"["true","false"]"#],
    ));
    all.extend(texts(
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThanIfExists",
        ],
        &[r#""1""#, r#"["1","2"]"#],
    ));
    let arns = [
        r#""arn:aws:iam::111111111111:user/a""#,
        r#"["arn:aws:iam::111111111111:user/a","arn:aws:iam::111111111111:user/b"]"#,
    ];
    all.extend(texts(&["ArnLike", "ArnNotLike"], &arns));
    let parse = |condition: &String| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*",
            "Resource":"*","Condition":{condition}}}}}"#
        );
        Policy::parse(&text, Kind::Identity).unwrap()
    };
    all.iter().map(parse).collect()
}

fn states() -> Vec<Vec<String>> {
    let states: &[&[&str]] = &[
        &[],
        &[""],
        &["true"],
        &["false"],
        &["TRUE"],
        &["x"],
        &["x*"],
        &["xy"],
        &["1"],
        &["2"],
        &["3"],
        &["0"],
        &["arn:aws:iam::111111111111:user/a"],
        &["arn:aws:iam::111111111111:user/b"],
        &["arn:aws:iam::111111111111:user/c"],
        &["true", "x"],
        &["y", "z"],
        &["true", "true"],
        &["1", "2"],
    ];
    let owned = |values: &&[&str]| values.iter().map(|&it| it.to_owned()).collect();
    states.iter().map(owned).collect()
}

fn holds(one: Sided<'_>, values: &[String]) -> bool {
    let unmet = one.condition.unmet_by(values, &Context::new(), one.effect);
    unmet.is_none() != one.negated
}

#[test]
fn what_is_told_is_so_in_every_state_and_as_much_is_told_as_ever() {
    let policies = conditions();
    let mut room = Room::EMPTY;
    let asked = Asked::new("s3:GetObject", &mut room);
    let statements = policies
        .iter()
        .flat_map(|policy| policy.about(&asked, Effect::Allow));
    let sided: Vec<Sided<'_>> = statements
        .flat_map(|(_, statement)| statement.conditions())
        .flat_map(|condition| {
            EFFECTS.into_iter().flat_map(move |effect| {
                [false, true].map(|negated| Sided {
                    condition,
                    effect,
                    negated,
                })
            })
        })
        .collect();
    let states = states();
    let (mut told, mut so) = (0, 0);
    for one in &sided {
        let holding: Vec<&Vec<String>> = states.iter().filter(|it| holds(*one, it)).collect();
        for two in &sided {
            let is_so = holding.iter().all(|it| holds(*two, it));
            so += usize::from(is_so);
            if one.implies(*two) {
                told += 1;
                assert!(is_so, "{one:?} does not imply {two:?}");
            }
        }
    }
    assert_eq!((sided.len(), told, so), (172, 3_270, 5_854));
}
