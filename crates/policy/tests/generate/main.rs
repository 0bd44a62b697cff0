//! From records to policies: what comes out, what stays the same, and what is refused. The cases
//! in files are `cases`'s, the rules of CloudTrail records `records`'s.
#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their cases from files"
)]

mod cases;
mod mapped;
mod properties;
mod records;

use policy::generate::{GenerateError, NEEDS_MAX, Unknown};
use policy::{Generated, Generator, Kind, Need, Resource, generate, lint};

const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3";

fn of(needs: &[Need]) -> Result<Generated, GenerateError> {
    generate([needs])
}

fn refused(action: &str, resource: &str) -> GenerateError {
    of(&[Need::new(action, resource)]).unwrap_err()
}

#[test]
fn one_call_is_one_statement() {
    let generated = of(&[Need::new("SECRETSMANAGER:getsecretvalue", SECRET)]).unwrap();
    assert_eq!(
        generated.documents,
        [format!(
            r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Sid": "SecretsManagerReadSecretDbA1B2c3",
      "Effect": "Allow",
      "Action": "secretsmanager:GetSecretValue",
      "Resource": "{SECRET}"
    }}
  ]
}}
"#
        )]
    );
    assert_eq!((generated.calls, generated.needs), (1, 1));
    assert!(generated.denied > 1_000);
    assert_eq!(generated.undecided, 0);
}

#[test]
fn nothing_recorded_is_no_document() {
    let none: [&[Need]; 2] = [&[], &[]];
    let generated = generate(none).unwrap();
    assert_eq!(generated.documents, Vec::<String>::new());
    assert_eq!(
        (generated.calls, generated.needs, generated.denied),
        (2, 0, 0)
    );
}

#[test]
fn actions_share_a_statement_when_they_share_all_resources_and_only_then() {
    let other = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mail-a1B2c3";
    let generated = of(&[
        Need::new("secretsmanager:GetSecretValue", SECRET),
        Need::new("secretsmanager:DescribeSecret", SECRET),
        Need::new("secretsmanager:GetSecretValue", other),
    ])
    .unwrap();
    let text = &generated.documents[0];
    assert_eq!(text.matches("\"Sid\"").count(), 2, "{text}");
    assert!(!text.contains('*'), "{text}");

    let generated = of(&[
        Need::new("secretsmanager:GetSecretValue", SECRET),
        Need::new("secretsmanager:DescribeSecret", SECRET),
    ])
    .unwrap();
    let text = &generated.documents[0];
    assert_eq!(text.matches("\"Sid\"").count(), 1, "{text}");
}

#[test]
fn an_action_without_resources_stands_with_a_star_whatever_was_recorded() {
    let by_arn = of(&[Need::new(
        "iam:ListUsers",
        "arn:aws:iam::123456789012:user/",
    )])
    .unwrap();
    let by_star = of(&[Need::new("iam:ListUsers", "*")]).unwrap();
    assert_eq!(by_arn.documents, by_star.documents);
    assert!(by_star.documents[0].contains(r#""Resource": "*""#));
}

#[test]
fn an_action_that_is_done_to_resources_never_gets_a_star() {
    assert_eq!(
        refused("secretsmanager:GetSecretValue", "*"),
        GenerateError::WithoutResource {
            action: "secretsmanager:GetSecretValue".into()
        }
    );
    assert_eq!(
        refused("s3:GetObject", "*"),
        GenerateError::WithoutResource {
            action: "s3:GetObject".into()
        }
    );
}

#[test]
fn what_is_no_action_is_refused() {
    for action in [
        "",
        "GetSecretValue",
        "secretsmanager:",
        ":Get",
        "s3:Get*",
        "s3:Get?bject",
        "*",
        "s3:*",
        "s3:a:b",
        "s 3:Get",
        "s3:Gé",
        "s_3:Get",
    ] {
        let error = refused(action, SECRET);
        assert!(
            matches!(error, GenerateError::NoAction { .. }),
            "{action}: {error}"
        );
    }
    assert_eq!(
        refused("secretsmanager:GetSecretValues", SECRET).to_string(),
        "no action `secretsmanager:getsecretvalues`; hint: did you mean \
         `secretsmanager:GetSecretValue`?"
    );
}

#[test]
fn what_no_policy_can_name_is_refused() {
    for resource in [
        "",
        "db",
        "arn:aws:secretsmanager",
        "arn:aws:secretsmanager:*:123456789012:secret:db",
        "arn:aws:secretsmanager:us-east-1:1234?:secret:db",
        "arn:aws:secretsmanager:${aws:RequestedRegion}:1:secret:db",
        "ftp:aws:s3:::b",
        "arn:aws:*:::b",
        "arn::s3:::b",
        "arn:other:s3:::b",
        "arn:aws::::b",
    ] {
        let error = refused("secretsmanager:GetSecretValue", resource);
        assert!(
            matches!(error, GenerateError::Unnameable { .. }),
            "{resource}: {error}"
        );
    }
}

#[test]
fn a_name_that_is_too_long_for_any_document_is_refused() {
    let key = format!("arn:aws:s3:::b/{}", "k".repeat(6_100));
    let error = refused("s3:GetObject", &key);
    assert!(matches!(error, GenerateError::TooLong { .. }), "{error}");
}

#[test]
fn wildcards_in_names_match_themselves_alone() {
    let generated = of(&[Need::new(
        "s3:GetObject",
        "arn:aws:s3:::b/a*b?${aws:username}",
    )])
    .unwrap();
    let text = &generated.documents[0];
    assert!(
        text.contains("arn:aws:s3:::b/a${*}b${?}${$}{aws:username}"),
        "{text}"
    );
    let policy = policy::Policy::parse(text, Kind::Identity).unwrap();
    assert!(policy.depends_on_context());
}

#[test]
fn letters_from_elsewhere_are_written_in_ascii() {
    let generated = of(&[Need::new("s3:GetObject", "arn:aws:s3:::b/é\"\\\u{1}😀")]).unwrap();
    let text = &generated.documents[0];
    assert!(text.contains(r#"b/\u00e9\"\\\u0001\ud83d\ude00"#), "{text}");
}

#[test]
fn what_is_partly_known_is_written_as_documented() {
    let needs = [
        Need {
            action: "secretsmanager:GetSecretValue".into(),
            resource: Resource::secret("arn:aws:secretsmanager:us-east-1:123456789012:secret:db"),
        },
        Need {
            action: "ec2:RunInstances".into(),
            resource: Resource::assigned("arn:aws:ec2:us-east-1:123456789012:instance/"),
        },
        Need {
            action: "autoscaling:SetDesiredCapacity".into(),
            resource: Resource::Partly {
                before: "arn:aws:autoscaling:us-east-1:1:autoScalingGroup:".into(),
                unknown: Unknown::Assigned,
                after: ":autoScalingGroupName/web".into(),
            },
        },
    ];
    let text = &of(&needs).unwrap().documents[0];
    for part in [
        ":secret:db-??????\"",
        ":instance/*\"",
        ":autoScalingGroup:*:autoScalingGroupName/web\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_resource_that_another_one_covers_is_left_out() {
    let name = Need {
        action: "secretsmanager:GetSecretValue".into(),
        resource: Resource::secret("arn:aws:secretsmanager:us-east-1:123456789012:secret:db"),
    };
    let known = Need::new("secretsmanager:GetSecretValue", SECRET);
    let both = of(&[name.clone(), known]).unwrap();
    assert_eq!(both.documents, of(&[name]).unwrap().documents);
}

#[test]
fn unknown_services_keep_their_actions_and_one_spelling() {
    let queue = "arn:aws:sqs:us-east-1:123456789012:q";
    let text = &of(&[
        Need::new("sqs:sendMessage", queue),
        Need::new("sqs:SendMessage", queue),
        Need::new("sqs:ListQueues", "*"),
    ])
    .unwrap()
    .documents[0];
    assert!(
        text.contains("\"sqs:SendMessage\"") && !text.contains("sendMessage"),
        "{text}"
    );
}

#[test]
fn names_of_statements_are_unique() {
    let arn = |name: &str| format!("arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}");
    let generated = of(&[
        Need::new("secretsmanager:GetSecretValue", &arn("a-b-a1B2c3")),
        Need::new("secretsmanager:DescribeSecret", &arn("a/b-a1B2c3")),
    ])
    .unwrap();
    let text = &generated.documents[0];
    assert!(
        text.contains("\"SecretsManagerReadSecretABA1B2c3\""),
        "{text}"
    );
    assert!(
        text.contains("\"SecretsManagerReadSecretABA1B2c3No2\""),
        "{text}"
    );
}

fn many(count: usize) -> Vec<Need> {
    (0..count)
        .map(|n| {
            Need::new(
                "s3:GetObject",
                &format!("arn:aws:s3:::bucket/folder/object-{n}"),
            )
        })
        .collect()
}

#[test]
fn what_is_too_much_for_one_document_becomes_several_within_the_quota() {
    let generated = of(&many(250)).unwrap();
    assert!(generated.documents.len() > 1);
    for text in &generated.documents {
        let characters = text.chars().filter(|c| !c.is_whitespace()).count();
        assert!(characters <= 6_144, "{characters}");
        assert!(characters > 5_000 || Some(text) == generated.documents.last());
        assert!(
            lint(text, Kind::Identity)
                .iter()
                .all(|it| it.code.name() == "size-near-limit")
        );
    }
    assert_eq!(generated.needs, 250);
}

#[test]
fn actions_that_are_too_many_for_one_document_are_dealt_out() {
    let actions = policy::actions::Service::find("ec2")
        .unwrap()
        .actions
        .iter();
    let on_instances = actions.filter(|it| !it.resources.is_empty());
    let instance = "arn:aws:ec2:us-east-1:123456789012:instance/i-0a1b2c3d4e5f6a7b8";
    let needs: Vec<Need> = on_instances
        .map(|it| Need::new(&format!("ec2:{}", it.name), instance))
        .collect();
    let generated = of(&needs).unwrap();
    assert!(generated.documents.len() > 2);
    assert_eq!(generated.needs, needs.len() as u64);
}

#[test]
fn too_many_different_needs_are_refused() {
    let mut generator = Generator::new();
    let needs = many(NEEDS_MAX + 1);
    let (last, all) = needs.split_last().unwrap();
    assert_eq!(generator.add(all), Ok(()));
    // What is there already is no further one.
    assert_eq!(generator.add(all.last()), Ok(()));
    let error = generator.add([last]);
    assert_eq!(error, Err(GenerateError::TooManyNeeds { max: NEEDS_MAX }));
}
