//! Policies whose conditions are about two keys only and nearly the same values, so that much can
//! be left out of a formula, and every request there is. What is left must still mean the same.
//! The operators of each case are few, so that they meet. Of some, one of the keys is known.

use policy::{
    Access, Applied, Context, Kind, Known, PartialRequest, Policies, Policy, Principal, Request,
    ResourceRule, Subject, decide, decide_partly,
};
use serde_json::{Map, Value as Json, json};

use crate::cases;
use crate::symbolic::{Coins, holds};

const OPERATORS: [&str; 18] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIfExists",
    "StringNotEqualsIfExists",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "Null",
    "Bool",
    "BoolIfExists",
    "NumericLessThan",
    "NumericNotEquals",
    "NumericEquals",
    "NumericEqualsIfExists",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringEquals",
    "ForAnyValue:StringNotEquals",
    "ForAllValues:NumericNotEquals",
];
const KEYS: [&str; 2] = ["aws:x", "aws:y"];
const TEXTS: [&str; 6] = ["true", "false", "a", "True", "${aws:y}", "*"];
const ACCOUNT: &str = "111111111111";
const USER: &str = "arn:aws:iam::111111111111:user/ann";

#[test]
fn what_is_left_out_of_a_formula_is_not_missed() {
    let worlds = worlds();
    let mut counts = [0_u64; 4];
    for seed in 0..cases() / 10 {
        let coins = &mut Coins(seed);
        let operators: [&str; 3] = std::array::from_fn(|_| coins.pick(&OPERATORS));
        let [identity, resource] = [Kind::Identity, Kind::Resource].map(|kind| {
            let text = document(coins, kind, &operators).to_string();
            let policy = Policy::parse(&text, kind).expect(&text);
            (text, policy)
        });
        let applied = |policy| Applied { name: "p", policy };
        let policies = Policies {
            identity: &[applied(&identity.1)],
            resource: ResourceRule::Sufficient(applied(&resource.1)),
            ..Policies::default()
        };
        let x = worlds[usize::try_from(coins.toss(worlds.len() as u64)).expect("an index")].0;
        let x = (coins.toss(3) == 0).then_some(x);
        let known = match x {
            None => Known::nothing(),
            Some([]) => Known::nothing().without(KEYS[0]),
            Some([one]) => Known::nothing().with(KEYS[0], *one),
            Some(several) => Known::nothing().with(KEYS[0], owned(several)),
        };
        let principal = Principal::User {
            account: ACCOUNT,
            arn: USER,
            unique_id: None,
        };
        let request = PartialRequest {
            subject: Subject::Exactly(principal),
            action: "s3:GetObject",
            resource: "arn:aws:s3:::b/true",
            resource_account: ACCOUNT,
            known: &known,
        };
        let access = decide_partly(&request, &policies);
        let mut found = [false; 2];
        let agreeing = worlds.iter().filter(|(it, _)| x.is_none_or(|x| x == *it));
        for (_, context) in agreeing {
            let request = Request {
                principal,
                action: request.action,
                resource: request.resource,
                resource_account: ACCOUNT,
                context,
            };
            let allowed = decide(&request, &policies).is_allowed();
            found[usize::from(allowed)] = true;
            assert_eq!(
                holds(&access, context, &principal),
                allowed,
                "seed {seed}: {access:?} with {context:?} of {} and {}",
                identity.0,
                resource.0
            );
        }
        let shown = match (&access, found) {
            (Access::Never { .. }, _) => 0,
            (Access::Always { .. }, _) => 1,
            // What is one thing in every request, and was not found to be so.
            (_, [true, true]) => 2,
            _ => 3,
        };
        counts[shown] += 1;
    }
    let [never, always, sometimes, missed] = counts;
    assert!(never > 0 && always > 0 && sometimes > 0, "{counts:?}");
    assert!(missed * 3 < never + always, "{counts:?}");
}

/// Every value that tells two of the tests apart, of both keys, beside those of the first.
fn worlds() -> Vec<(&'static [&'static str], Context)> {
    let values: [&'static [&'static str]; 12] = [
        &[],
        &["true"],
        &["false"],
        &["True"],
        &["a"],
        &["5"],
        &["7"],
        &["*"],
        &[""],
        &["", ""],
        &["true", "a"],
        &["false", "5"],
    ];
    let with = |context: Context, key: &str, values: &[&str]| match values {
        [] => context,
        [one] => context.with(key, *one),
        several => context.with(key, owned(several)),
    };
    let mut worlds = Vec::new();
    for x in values {
        for y in values {
            worlds.push((x, with(with(Context::new(), KEYS[0], x), KEYS[1], y)));
        }
    }
    worlds
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&it| it.to_owned()).collect()
}

fn document(coins: &mut Coins, kind: Kind, operators: &[&'static str]) -> Json {
    let statements: Vec<Json> = (0..=coins.toss(3))
        .map(|_| {
            let mut statement = json!({
                "Effect": if coins.toss(5) < 3 { "Allow" } else { "Deny" },
                "Action": "s3:*",
                "Resource": if coins.toss(8) == 0 { "arn:aws:s3:::b/${aws:y}" } else { "*" },
                "Condition": condition(coins, operators),
            });
            if kind == Kind::Resource {
                statement["Principal"] = json!({"AWS": USER});
            }
            statement
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn condition(coins: &mut Coins, few: &[&'static str]) -> Json {
    let mut operators = Map::new();
    for _ in 0..coins.toss(4) {
        let operator = coins.pick(few);
        let values: Vec<&str> = (0..=coins.toss(2))
            .map(|_| match operator {
                "Null" | "Bool" | "BoolIfExists" => coins.pick(&["true", "false"]),
                numeric if numeric.contains("Numeric") => coins.pick(&["5", "7"]),
                _ => coins.pick(&TEXTS),
            })
            .collect();
        operators.insert(operator.to_owned(), json!({coins.pick(&KEYS): values}));
    }
    Json::Object(operators)
}
