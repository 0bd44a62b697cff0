//! Groups, permissions boundaries, the policy simulator and the credential report, through the AWS
//! CLI.

use serde_json::{Value, json};

use crate::clients::{Admin, python};
use crate::harness::{World, scenario};

#[test]
fn a_group_lets_its_users_in_and_a_boundary_keeps_them_within() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut reader = user(world, &mut admin);
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        reader.run(get).fails_with(&["(AccessDeniedException)"]);

        admin.run("iam create-group --group-name readers").ok();
        admin
            .run("iam create-group --group-name readers")
            .fails_with(&["(EntityAlreadyExists)"]);
        let put = "iam put-group-policy --group-name readers --policy-name read";
        admin.run_with(put, &["--policy-document", READ_ALL]).ok();
        let member = "--group-name readers --user-name reader";
        admin.run(&format!("iam add-user-to-group {member}")).ok();
        reader.run(get).ok();
        let group = admin.run("iam get-group --group-name readers").json();
        assert_eq!(group["Users"][0]["UserName"], "reader");
        let groups = admin
            .run("iam list-groups-for-user --user-name reader")
            .json();
        assert_eq!(groups["Groups"][0]["GroupName"], "readers");

        let create = "iam create-policy --policy-name within --query Policy.Arn";
        let arn = admin.run_with(create, &["--policy-document", LIST]).json();
        let arn = arn.as_str().unwrap();
        let bound = format!("--user-name reader --permissions-boundary {arn}");
        admin
            .run(&format!("iam put-user-permissions-boundary {bound}"))
            .ok();
        reader.run(get).fails_with(&[
            "(AccessDeniedException)",
            "no permissions boundary allows the secretsmanager:GetSecretValue action",
        ]);
        let shown = admin.run("iam get-user --user-name reader").json();
        let boundary = &shown["User"]["PermissionsBoundary"];
        assert_eq!(boundary["PermissionsBoundaryArn"], arn);
        let used = admin
            .run(&format!("iam list-entities-for-policy --policy-arn {arn}"))
            .json();
        assert_eq!(used["PolicyUsers"][0]["UserName"], "reader");
        admin
            .run(&format!("iam delete-policy --policy-arn {arn}"))
            .fails_with(&["(DeleteConflict)"]);
        simulated(&mut admin, arn);

        admin
            .run("iam delete-user-permissions-boundary --user-name reader")
            .ok();
        reader.run(get).ok();
        admin
            .run("iam delete-group --group-name readers")
            .fails_with(&["(DeleteConflict)", "must remove users from group first"]);
        admin
            .run(&format!("iam remove-user-from-group {member}"))
            .ok();
        reader.run(get).fails_with(&["(AccessDeniedException)"]);
    });
}

/// What the simulator says of the user that the boundary keeps from the secret.
fn simulated(admin: &mut Admin, boundary: &str) {
    let user = "arn:aws:iam::123456789012:user/reader";
    let call = format!(
        "iam simulate-principal-policy --policy-source-arn {user} \
         --action-names secretsmanager:GetSecretValue secretsmanager:ListSecrets"
    );
    let all = admin.run(&call).json();
    let results = &all["EvaluationResults"];
    assert_eq!(results[0]["EvalDecision"], "implicitDeny");
    let detail = &results[0]["PermissionsBoundaryDecisionDetail"];
    assert_eq!(detail["AllowedByPermissionsBoundary"], false);
    let paged = admin.run(&format!("{call} --page-size 1")).json();
    assert_eq!(paged, all);

    let without = admin
        .run_with(
            &call,
            &[
                "--permissions-boundary-policy-input-list",
                READ_ALL,
                "--resource-arns",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-abcdef",
            ],
        )
        .json();
    let first = &without["EvaluationResults"][0];
    assert_eq!(first["EvalDecision"], "allowed", "{boundary}");
    let matched = json!([{
        "SourcePolicyId": "group_readers_read",
        "SourcePolicyType": "IAM Policy",
        "StartPosition": {"Line": 1, "Column": 39},
        "EndPosition": {"Line": 2, "Column": 61},
    }]);
    assert_eq!(first["MatchedStatements"], matched);
}

#[test]
fn a_policy_is_simulated_with_the_context_that_is_given() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
            "Action":"ec2:StartInstances","Resource":"*",
            "Condition":{"StringEquals":{"ec2:ResourceTag/team":"blue"}}}}"#;
        let call = "iam simulate-custom-policy --action-names ec2:StartInstances";
        let of = |admin: &mut Admin, more: &[&str]| -> Value {
            let mut arguments = vec!["--policy-input-list", policy];
            arguments.extend(more);
            let answer = admin.run_with(call, &arguments).json();
            answer["EvaluationResults"][0].clone()
        };
        let bare = of(&mut admin, &[]);
        assert_eq!(bare["EvalDecision"], "implicitDeny");
        assert_eq!(
            bare["MissingContextValues"],
            json!(["ec2:ResourceTag/team"])
        );
        let entry = "ContextKeyName=ec2:ResourceTag/team,ContextKeyType=string,\
                     ContextKeyValues=blue";
        let given = of(&mut admin, &["--context-entries", entry]);
        assert_eq!(given["EvalDecision"], "allowed");
        assert_eq!(given["MissingContextValues"], json!([]));
        let keys = admin.run_with(
            "iam get-context-keys-for-custom-policy",
            &["--policy-input-list", policy],
        );
        assert_eq!(
            keys.json()["ContextKeyNames"],
            json!(["ec2:ResourceTag/team"])
        );
        admin
            .run_with(
                "iam simulate-custom-policy --action-names StartInstances",
                &["--policy-input-list", policy],
            )
            .fails_with(&["(InvalidInput)"]);
    });
}

#[test]
fn a_credential_report_tells_which_keys_are_used() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        admin
            .run("iam get-credential-report")
            .fails_with(&["(ReportNotPresent)"]);
        let mut reader = user(world, &mut admin);
        reader.run("sts get-caller-identity").ok();
        let keys = "iam list-access-keys --user-name reader --query \
                    AccessKeyMetadata[0].AccessKeyId";
        let id = admin.run(keys).json();
        let id = id.as_str().unwrap();
        // The record of a use is not waited for; it is in order with the calls that write.
        admin.run("iam create-group --group-name later").ok();
        let used = admin
            .run(&format!(
                "iam get-access-key-last-used --access-key-id {id}"
            ))
            .json();
        assert_eq!(used["UserName"], "reader");
        assert_eq!(used["AccessKeyLastUsed"]["ServiceName"], "sts");

        let state = "iam generate-credential-report --query State";
        assert_eq!(admin.run(state).json(), "STARTED");
        assert_eq!(admin.run(state).json(), "COMPLETE");
        let content = "iam get-credential-report --query Content --output text";
        let content = admin.run(content);
        let content = decoded(content.ok().trim());
        let lines: Vec<&str> = content.lines().collect();
        assert!(lines[0].starts_with("user,arn,user_creation_time,password_enabled,"));
        assert!(lines[1].starts_with("<root_account>,arn:aws:iam::123456789012:root,"));
        let line = lines
            .iter()
            .find(|line| line.starts_with("reader,"))
            .unwrap();
        assert!(line.contains(",us-east-1,sts,"), "{line}");
    });
}

/// A user `reader` without policies, and the AWS CLI as it.
fn user(world: &mut World, admin: &mut Admin) -> Admin {
    admin.run("iam create-user --user-name reader").ok();
    let key = admin.run("iam create-access-key --user-name reader").json();
    let of = |member: &str| key["AccessKey"][member].as_str().unwrap().to_owned();
    let (id, secret) = (of("AccessKeyId"), of("SecretAccessKey"));
    world.canary(&secret);
    let mut command = world.as_admin(python());
    command
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &secret);
    Admin::with(command)
}

fn decoded(text: &str) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text);
    String::from_utf8(bytes.unwrap()).unwrap()
}

const READ_ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
const LIST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:ListSecrets","Resource":"*"}]}"#;
