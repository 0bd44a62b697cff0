//! Each way to more permissions, open with what it needs and shut with one thing less.

use super::*;
use world::{codes, inline};

/// An instance whose role may do these actions on anything, beside a role that trusts a service.
fn world(actions: &[&str], service: &str) -> World {
    let list = serde_json::json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": "*"}]});
    let trusted = format!(r#"{{"Service":"{service}"}}"#);
    let mut world = World::new()
        .with_role("app", vec![inline("p", &list.to_string())])
        .with_instance("app")
        .with_bare_role("other", &trusted, vec![]);
    world.facts.all_regions = false;
    world
}

fn titles(world: &World) -> Vec<String> {
    let judged = world.judge();
    assert_eq!(judged.missing, []);
    let escalations = judged.findings.iter();
    let escalations = escalations.filter(|it| it.rule.code == "RC-IAM-004");
    escalations.map(|it| it.title.to_string()).collect()
}

/// Services, and what opens a way through each.
const WAYS: &[(&str, &[&str])] = &[
    (
        "lambda",
        &[
            "iam:PassRole",
            "lambda:CreateFunction",
            "lambda:InvokeFunction",
        ],
    ),
    (
        "lambda",
        &[
            "iam:PassRole",
            "lambda:CreateFunction",
            "lambda:CreateEventSourceMapping",
        ],
    ),
    ("lambda", &["lambda:UpdateFunctionCode"]),
    ("lambda", &["lambda:UpdateFunctionConfiguration"]),
    (
        "cloudformation",
        &["iam:PassRole", "cloudformation:CreateStack"],
    ),
    ("cloudformation", &["cloudformation:UpdateStack"]),
    (
        "cloudformation",
        &[
            "cloudformation:CreateChangeSet",
            "cloudformation:ExecuteChangeSet",
        ],
    ),
    ("glue", &["iam:PassRole", "glue:CreateDevEndpoint"]),
    ("glue", &["glue:UpdateDevEndpoint"]),
    (
        "glue",
        &["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
    ),
    (
        "glue",
        &["iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"],
    ),
    (
        "ecs-tasks",
        &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
    ),
    (
        "ecs-tasks",
        &[
            "iam:PassRole",
            "ecs:RegisterTaskDefinition",
            "ecs:CreateService",
        ],
    ),
    ("ecs-tasks", &["ecs:ExecuteCommand"]),
    ("codebuild", &["codebuild:StartBuild"]),
    (
        "sagemaker",
        &["iam:PassRole", "sagemaker:CreateTrainingJob"],
    ),
    (
        "sagemaker",
        &["iam:PassRole", "sagemaker:CreateProcessingJob"],
    ),
    (
        "sagemaker",
        &["sagemaker:CreatePresignedNotebookInstanceUrl"],
    ),
    (
        "datapipeline",
        &[
            "iam:PassRole",
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
    ),
    ("ec2", &["iam:PassRole", "ec2:RequestSpotInstances"]),
    (
        "ec2",
        &[
            "iam:PassRole",
            "autoscaling:CreateLaunchConfiguration",
            "autoscaling:CreateAutoScalingGroup",
        ],
    ),
];

#[test]
fn a_way_is_open_with_all_that_it_needs_and_shut_with_one_action_less() {
    for (service, actions) in WAYS {
        let service = format!("{service}.amazonaws.com");
        let open = titles(&world(actions, &service));
        assert_eq!(open.len(), 1, "{actions:?}: {open:?}");
        for missing in *actions {
            let fewer: Vec<&str> = actions.iter().copied().filter(|it| it != missing).collect();
            if !fewer.is_empty() {
                let shut = titles(&world(&fewer, &service));
                assert_eq!(shut, Vec::<String>::new(), "{actions:?} without {missing}");
            }
        }
    }
}

#[test]
fn a_way_is_shut_where_no_other_role_trusts_the_service() {
    for (_, actions) in WAYS {
        let shut = titles(&world(actions, "events.amazonaws.com"));
        assert_eq!(shut, Vec::<String>::new(), "{actions:?}");
    }
}

#[test]
fn a_role_may_be_passed_to_the_service_that_is_named_alone() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"lambda:*","Resource":"*"},
        {"Effect":"Allow","Action":"iam:PassRole","Resource":"*",
         "Condition":{"StringEquals":{"iam:PassedToService":"SERVICE"}}}]}"#;
    for (service, count) in [("lambda.amazonaws.com", 4), ("ec2.amazonaws.com", 2)] {
        let mut world = world(&[], "lambda.amazonaws.com");
        let text = text.replace("SERVICE", service);
        world.role("app").policies.inline = vec![inline("p", &text)];
        assert_eq!(titles(&world).len(), count, "{service}");
    }
}

/// An instance with another role, which lets Systems Manager in or does not.
fn beside(actions: &[&str], of_other: &str) -> World {
    let mut world = world(actions, "events.amazonaws.com")
        .with_role("fleet", vec![inline("p", &world::allow(of_other, "*"))]);
    world = world.with_instance("fleet");
    world.facts.all_regions = false;
    world
}

#[test]
fn other_instances_are_reached_through_systems_manager() {
    for actions in [
        &["ssm:SendCommand"][..],
        &["ssm:StartSession"],
        &["ec2-instance-connect:SendSSHPublicKey"],
    ] {
        let sure = beside(actions, "ssm:UpdateInstanceInformation").judge();
        assert_eq!(codes(&sure), ["RC-IAM-004"], "{actions:?}");
        assert_eq!(sure.findings[0].severity, Severity::High);
        // Default host management may let it in all the same, which is not known.
        let not_sure = beside(actions, "s3:GetObject").judge();
        assert_eq!(not_sure.findings[0].severity, Severity::Medium);
    }
    let alone = world(
        &["ssm:SendCommand", "ssm:StartSession"],
        "events.amazonaws.com",
    );
    assert_eq!(
        titles(&alone),
        Vec::<String>::new(),
        "its own instances are no gain"
    );
}

#[test]
fn a_policy_for_a_role_that_it_can_assume() {
    let mut world = world(
        &["iam:PutRolePolicy", "sts:AssumeRole"],
        "events.amazonaws.com",
    );
    world.role("app").policies.inline = vec![
        inline(
            "p",
            &world::allow("iam:PutRolePolicy", &world::role_arn("other")),
        ),
        inline("q", &world::allow("sts:AssumeRole", "*")),
    ];
    assert_eq!(titles(&world), Vec::<String>::new());
    let account = format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#);
    world.role("other").trust = world::trust(&account);
    assert_eq!(
        titles(&world),
        ["it can write a policy for a role that it can assume"]
    );
}
