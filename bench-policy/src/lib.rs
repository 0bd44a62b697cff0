//! Policies and requests to measure with, in IAM's language and the nearest equivalent in Cedar's.
//! Knows no clock and decides nothing.

use std::fmt::Write as _;

/// The account of everything here.
pub const ACCOUNT: &str = "123456789012";
/// The caller.
pub const USER: &str = "arn:aws:iam::123456789012:user/ann";
/// What the caller wants.
pub const ACTION: &str = "secretsmanager:GetSecretValue";
/// What it wants it of.
pub const RESOURCE: &str =
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/database-AbCdEf";

const SERVICES: [&str; 12] = [
    "s3", "ec2", "kms", "sqs", "sns", "logs", "dynamodb", "lambda", "ssm", "ecr", "sts", "iam",
];

/// `count` identity policies of `statements` statements each. The caller's request is allowed by
/// one statement in the middle; the others are about other services, other actions of the same, or
/// other secrets, one of each eight is a Deny that does not apply, and one of each four asks for a
/// region.
pub fn policies(count: usize, statements: usize) -> Vec<String> {
    let mut index = 0;
    let mut policy = |number: usize| {
        let list: Vec<String> = (0..statements)
            .map(|place| {
                index += 1;
                let decides = number == count / 2 && place == statements / 2;
                if decides {
                    DECIDING.to_owned()
                } else {
                    statement(index)
                }
            })
            .collect();
        format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}\n",
            list.join(",\n")
        )
    };
    (0..count).map(&mut policy).collect()
}

fn statement(index: usize) -> String {
    let effect = if index.is_multiple_of(8) {
        "Deny"
    } else {
        "Allow"
    };
    let condition = if index.is_multiple_of(4) {
        ",\n      \"Condition\": {\"StringEquals\": {\"aws:RequestedRegion\": \"eu-west-1\"}}"
    } else {
        ""
    };
    let (actions, resource) = about(index);
    let actions: Vec<String> = actions
        .iter()
        .map(|action| format!("\"{action}\""))
        .collect();
    format!(
        "    {{\n      \"Sid\": \"Statement{index}\",\n      \"Effect\": \"{effect}\",\n      \
         \"Action\": [{}],\n      \"Resource\": \"{resource}\"{condition}\n    }}",
        actions.join(", ")
    )
}

fn about(index: usize) -> (Vec<String>, String) {
    if index.is_multiple_of(5) {
        let resource =
            format!("arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:other/{index}-??????");
        return (
            vec![
                ACTION.to_owned(),
                "secretsmanager:DescribeSecret".to_owned(),
            ],
            resource,
        );
    }
    let service = SERVICES.get(index % SERVICES.len()).unwrap_or(&"s3");
    let actions = vec![format!("{service}:Get*"), format!("{service}:ListThings")];
    (
        actions,
        format!("arn:aws:{service}:us-east-1:{ACCOUNT}:thing/{index}/*"),
    )
}

/// The policies of a role that it shares with others.
pub const MANAGED_PER_ROLE: usize = 9;

/// The ARN of the role of a number.
pub fn role(number: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/app/service-{number}")
}

/// The policy of its own of the role of a number. Two of ten may read the
/// secret of [`policies`]' request, from two networks and under a tag, and one of these if the tag
/// is the secret's name.
pub fn inline(number: usize) -> String {
    let secret = match number % 10 {
        0 => "app/*".to_owned(),
        1 => "app/${aws:PrincipalTag/service}-*".to_owned(),
        _ => format!("service-{number}/*"),
    };
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Sid":"Own","Effect":"Allow","Action":"secretsmanager:Get*",
             "Resource":"arn:aws:secretsmanager:*:{ACCOUNT}:secret:{secret}",
             "Condition":{{"StringEquals":{{"aws:SourceVpc":["vpc-{number}","vpc-0"]}},
              "StringLike":{{"aws:PrincipalTag/service":"service-{number}*"}}}}}},
            {{"Effect":"Allow","Action":["logs:PutLogEvents","s3:GetObject"],"Resource":"*"}},
            {{"Effect":"Deny","Action":"*","Resource":"*",
             "Condition":{{"BoolIfExists":{{"aws:SecureTransport":"false"}}}}}}]}}"#
    )
}

/// The secret's policy: denies from outside of some networks, and allows a few roles.
pub fn resource_policy() -> String {
    let roles: Vec<String> = (0..20)
        .map(|number| format!("\"{}\"", role(number * 3)))
        .collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Sid":"Some","Effect":"Allow","Action":"secretsmanager:GetSecretValue",
             "Resource":"*","Principal":{{"AWS":[{}]}}}},
            {{"Sid":"Inside","Effect":"Deny","Action":"*","Resource":"*","Principal":"*",
             "Condition":{{"StringNotEquals":{{"aws:SourceVpc":["vpc-0","vpc-1","vpc-2"]}}}}}}]}}"#,
        roles.join(",")
    )
}

const DECIDING: &str = r#"    {
      "Sid": "Decides",
      "Effect": "Allow",
      "Action": ["secretsmanager:GetSecretValue"],
      "Resource": "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/*-??????",
      "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    }"#;

/// The nearest equivalent of [`policies`] in Cedar: an action with a wildcard is a group of
/// actions, of which the request's is in none, and the ARN is an attribute that is matched.
pub fn cedar(count: usize, statements: usize) -> String {
    let decides = count / 2 * statements + statements / 2 + 1;
    let mut text = String::new();
    for index in 1..=count * statements {
        let (actions, resource) = if index == decides {
            (
                vec![ACTION.to_owned()],
                format!("arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:app/*"),
            )
        } else {
            about(index)
        };
        let effect = if index.is_multiple_of(8) && index != decides {
            "forbid"
        } else {
            "permit"
        };
        let actions: Vec<String> = actions
            .iter()
            .map(|action| format!("Action::\"{action}\""))
            .collect();
        let actions = actions.join(", ");
        let region = match index {
            _ if index == decides => " && context.region == \"us-east-1\"",
            _ if index.is_multiple_of(4) => " && context.region == \"eu-west-1\"",
            _ => "",
        };
        let pattern = resource.replace("-??????", "-*");
        let _infallible = writeln!(
            text,
            "{effect}(principal, action in [{actions}], resource) when {{ resource.arn like \
             \"{pattern}\"{region} }};"
        );
    }
    text
}

/// An identity policy with a pattern, the resource it names, and the ARN that makes the most work
/// of it, where every piece of the pattern nearly fits everywhere.
pub fn pathological(pattern: &str) -> (String, String, String) {
    let resource = format!("arn:aws:s3:::{pattern}b");
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}}}"#
    );
    let asked = format!("arn:aws:s3:::{}", "a".repeat(2_000));
    (text, resource, asked)
}
