//! Policies whose conditions are about two keys only and nearly the same values, so that much can
//! be left out of a formula, and every request there is. What is left must still mean the same.

use policy::{
    Access, Applied, Context, Kind, Known, PartialRequest, Policies, Policy, Principal, Request,
    ResourceRule, Subject, decide, decide_partly,
};
use serde_json::{Map, Value as Json, json};

use crate::cases;
use crate::symbolic::{Coins, holds};

const OPERATORS: [&str; 16] = [
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
    for seed in 0..cases() / 20 {
        let coins = &mut Coins(seed);
        let [identity, resource] = [Kind::Identity, Kind::Resource].map(|kind| {
            let text = document(coins, kind).to_string();
            let policy = Policy::parse(&text, kind).expect(&text);
            (text, policy)
        });
        let applied = |policy| Applied { name: "p", policy };
        let policies = Policies {
            identity: &[applied(&identity.1)],
            resource: ResourceRule::Sufficient(applied(&resource.1)),
            ..Policies::default()
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
            known: &Known::nothing(),
        };
        let access = decide_partly(&request, &policies);
        let mut found = [false; 2];
        for context in &worlds {
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

/// Every value that tells two of the tests apart, of both keys.
fn worlds() -> Vec<Context> {
    let values: [&[&str]; 12] = [
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
        several => {
            let owned: Vec<String> = several.iter().map(|&it| it.to_owned()).collect();
            context.with(key, owned)
        }
    };
    let mut worlds = Vec::new();
    for x in values {
        for y in values {
            worlds.push(with(with(Context::new(), KEYS[0], x), KEYS[1], y));
        }
    }
    worlds
}

fn document(coins: &mut Coins, kind: Kind) -> Json {
    let statements: Vec<Json> = (0..=coins.toss(3))
        .map(|_| {
            let mut statement = json!({
                "Effect": if coins.toss(5) < 3 { "Allow" } else { "Deny" },
                "Action": "s3:*",
                "Resource": if coins.toss(8) == 0 { "arn:aws:s3:::b/${aws:y}" } else { "*" },
                "Condition": condition(coins),
            });
            if kind == Kind::Resource {
                statement["Principal"] = json!({"AWS": USER});
            }
            statement
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn condition(coins: &mut Coins) -> Json {
    let mut operators = Map::new();
    for _ in 0..coins.toss(4) {
        let operator = coins.pick(&OPERATORS);
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
