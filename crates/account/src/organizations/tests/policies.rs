//! Tests: policies are held against their language, and named once.

use super::{FULL, Organization, RCP, SCP, deny};
use crate::testing::{ACCOUNT, policy, statements, texts};

fn create<'a>(of: &'a str, name: &'a str, content: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("Type", of),
        ("Name", name),
        ("Description", "d"),
        ("Content", content),
    ]
}

#[test]
fn a_policy_is_made_changed_shown_and_deleted() {
    let mut own = Organization::new();
    let id = own.policy(SCP, "p", &deny("s3:*"));
    let named = [("PolicyId", id.as_str())];
    let shown = own.call("DescribePolicy", &named).unwrap();
    let shown = shown.record("Policy").unwrap();
    assert_eq!(shown.text("Content"), Some(deny("s3:*").as_str()));
    let summary = shown.record("PolicySummary").unwrap();
    let arn = summary.text("Arn").unwrap();
    let start = format!("arn:aws:organizations::{ACCOUNT}:policy/o-");
    assert!(arn.starts_with(&start), "{arn}");
    let end = format!("/service_control_policy/{id}");
    assert!(arn.ends_with(&end), "{arn}");
    assert_eq!(summary.boolean("AwsManaged"), Some(false));

    let changed = deny("ec2:*");
    let input = [
        ("PolicyId", id.as_str()),
        ("Name", "q"),
        ("Content", &changed),
    ];
    let shown = own.call("UpdatePolicy", &input).unwrap();
    let shown = shown.record("Policy").unwrap();
    assert_eq!(shown.text("Content"), Some(changed.as_str()));
    let listed = own.ids("ListPolicies", &[("Filter", SCP)], "Policies");
    assert!(listed.contains(&id) && listed.contains(&FULL.to_owned()));
    assert_eq!(
        own.ids("ListPolicies", &[("Filter", RCP)], "Policies"),
        ["p-RCPFullAWSAccess"]
    );
    let other = [("Filter", "TAG_POLICY")];
    assert!(own.ids("ListPolicies", &other, "Policies").is_empty());
    own.call("DeletePolicy", &named).unwrap();
    for operation in ["DeletePolicy", "DescribePolicy", "UpdatePolicy"] {
        own.fails(operation, &named, "PolicyNotFoundException");
    }
}

#[test]
fn what_is_no_policy_of_its_type_is_refused() {
    let mut own = Organization::new();
    let allows = statements(
        r#"{"Effect":"Allow","Principal":"*","Action":"secretsmanager:*","Resource":"*"}"#,
    );
    for (of, content) in [
        (SCP, "{"),
        (SCP, "{}"),
        (SCP, &*allows),
        (RCP, &*deny("s3:*")),
        (RCP, &*allows),
    ] {
        let input = create(of, "p", content);
        let code = "MalformedPolicyDocumentException";
        own.fails("CreatePolicy", &input, code);
    }
    let long = policy(
        "Deny",
        "s3:*",
        &format!("arn:aws:s3:::{}", "x".repeat(11_000)),
    );
    let input = create(SCP, "p", &long);
    own.fails("CreatePolicy", &input, "ConstraintViolationException");
    let id = own.policy(SCP, "p", &deny("s3:*"));
    let broken = [("PolicyId", id.as_str()), ("Content", "{")];
    let code = "MalformedPolicyDocumentException";
    own.fails("UpdatePolicy", &broken, code);
    let input = create("TAG_POLICY", "q", "{}");
    let code = "PolicyTypeNotAvailableForOrganizationException";
    own.fails("CreatePolicy", &input, code);
}

#[test]
fn policies_of_one_type_have_different_names() {
    let mut own = Organization::new();
    own.policy(SCP, "p", &deny("s3:*"));
    let other = own.policy(SCP, "q", &deny("s3:*"));
    let content = deny("s3:*");
    let code = "DuplicatePolicyException";
    own.fails("CreatePolicy", &create(SCP, "p", &content), code);
    own.fails(
        "CreatePolicy",
        &create(SCP, "FullAWSAccess", &content),
        code,
    );
    let renamed = [("PolicyId", other.as_str()), ("Name", "p")];
    own.fails("UpdatePolicy", &renamed, code);
}

#[test]
fn nobody_changes_what_aws_manages() {
    let mut own = Organization::new();
    let shown = own.call("DescribePolicy", &[("PolicyId", FULL)]).unwrap();
    let summary = shown.record("Policy").unwrap().record("PolicySummary");
    assert_eq!(summary.unwrap().boolean("AwsManaged"), Some(true));
    for operation in ["UpdatePolicy", "DeletePolicy"] {
        own.fails(operation, &[("PolicyId", FULL)], "InvalidInputException");
    }
}

#[test]
fn conditions_ask_for_the_type_of_a_policy() {
    let mut own = Organization::new();
    let allow = r#"{"Effect":"Allow","Action":"organizations:*","Resource":"*",
        "Condition":{"StringEquals":{"organizations:PolicyType":"SERVICE_CONTROL_POLICY"}}}"#;
    let user = own.world.user("u", &statements(allow));
    for (of, may) in [(SCP, true), (RCP, false)] {
        let input = texts(&[("Filter", of)]);
        let answer = own
            .world
            .call(&user, "organizations", "ListPolicies", &input);
        assert_eq!(answer.is_ok(), may, "{of}");
    }
}
