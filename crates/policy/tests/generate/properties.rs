//! What holds of every policy that comes out, whatever went in.

use policy::{
    Applied, Context, Kind, Need, Policies, Policy, Principal, Request, Resource, decide, generate,
};
use proptest::prelude::*;

fn allows(documents: &[String], action: &str, resource: &str) -> bool {
    let policies: Vec<Policy> = documents
        .iter()
        .map(|text| Policy::parse(text, Kind::Identity).unwrap())
        .collect();
    let applied: Vec<Applied<'_>> = policies
        .iter()
        .map(|policy| Applied { name: "p", policy })
        .collect();
    // Values for variables, so that one that was not escaped would come alive.
    let context = Context::new()
        .with("aws:username", "a")
        .with("aws:userid", "*");
    let request = Request {
        principal: Principal::User {
            account: "123456789012",
            arn: "arn:aws:iam::123456789012:user/u",
            unique_id: None,
        },
        action,
        resource,
        resource_account: "123456789012",
        context: &context,
    };
    let policies = Policies {
        identity: &applied,
        ..Policies::default()
    };
    decide(&request, &policies).is_allowed()
}

fn action() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "s3:GetObject",
        "s3:PutObject",
        "s3:getobject",
        "s3:ListBucket",
        "sqs:SendMessage",
        "sqs:Receive",
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
    ])
    .prop_map(str::to_owned)
}

fn arn() -> impl Strategy<Value = String> {
    "[ab/*?$\\{\\}:é\" ]{0,6}|\\$\\{aws:username\\}|\\$\\{\\*\\}"
        .prop_map(|name| format!("arn:aws:s3:::{name}"))
}

fn need() -> impl Strategy<Value = Need> {
    (action(), arn()).prop_map(|(action, arn)| Need::new(&action, &arn))
}

fn calls() -> impl Strategy<Value = Vec<Vec<Need>>> {
    prop::collection::vec(prop::collection::vec(need(), 0..4), 0..12)
}

fn has(calls: &[Vec<Need>], action: &str, arn: &str) -> bool {
    calls.iter().flatten().any(|need| {
        need.action.eq_ignore_ascii_case(action) && need.resource == Resource::Arn(arn.to_owned())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_recorded_is_allowed_and_nothing_else(
        calls in calls(),
        others in prop::collection::vec((action(), arn()), 0..12),
    ) {
        let documents = generate(&calls).unwrap().documents;
        for need in calls.iter().flatten() {
            let Resource::Arn(arn) = &need.resource else { unreachable!() };
            prop_assert!(allows(&documents, &need.action, arn), "{need:?} in {documents:?}");
        }
        for (action, arn) in others {
            let expect = has(&calls, &action, &arn);
            prop_assert_eq!(allows(&documents, &action, &arn), expect, "{} on {}", action, arn);
        }
    }

    #[test]
    fn a_changed_name_is_denied(arn in arn(), at in 0_usize..20, put in "[ab*?$]") {
        let needs = [Need::new("s3:GetObject", &arn)];
        let documents = generate([&needs]).unwrap().documents;
        let at = 13 + at.min(arn.chars().count() - 13);
        let mut changed: Vec<char> = arn.chars().collect();
        changed.splice(at..at, put.chars());
        let changed: String = changed.into_iter().collect();
        prop_assert!(!allows(&documents, "s3:GetObject", &changed), "{changed} by {documents:?}");
    }

    #[test]
    fn order_and_number_of_calls_make_no_difference(
        calls in calls(),
        seed in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let expect = generate(&calls).unwrap().documents;
        let mut shuffled = calls.clone();
        for (index, call) in seed.iter().zip(&calls) {
            shuffled.insert(index.index(shuffled.len()), call.clone());
        }
        shuffled.reverse();
        for call in &mut shuffled {
            call.reverse();
        }
        prop_assert_eq!(generate(&shuffled).unwrap().documents, expect.clone());
        let one: Vec<Need> = calls.iter().flatten().cloned().collect();
        prop_assert_eq!(generate([&one]).unwrap().documents, expect);
    }

    #[test]
    fn any_texts_are_answered_and_never_panic(action in ".{0,20}", resource in ".{0,40}") {
        let needs = [Need::new(&action, &resource)];
        if let Ok(generated) = generate([&needs]) {
            prop_assert_eq!(generated.needs, 1);
        }
    }

    #[test]
    fn a_secret_by_name_is_any_secret_of_that_name_and_no_other(
        name in "[a-zA-Z0-9/_+=.@-]{1,12}",
        suffix in "[a-zA-Z0-9]{5,7}",
        tail in "[a-z-]{1,3}",
    ) {
        let arn = format!("arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}");
        let need = Need {
            action: "secretsmanager:GetSecretValue".into(),
            resource: Resource::secret(&arn),
        };
        let documents = generate([[&need]]).unwrap().documents;
        let ask = |arn: &str| allows(&documents, "secretsmanager:GetSecretValue", arn);
        prop_assert_eq!(ask(&format!("{arn}-{suffix}")), suffix.len() == 6);
        let longer = format!("{}-a1B2c3", arn.clone() + &tail);
        prop_assert!(!ask(&longer));
        prop_assert!(!ask(&arn));
    }
}
