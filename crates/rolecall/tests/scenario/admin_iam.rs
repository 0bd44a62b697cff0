//! The administrator's IAM, through the AWS CLI: every group of operations there and back, and the
//! errors that people meet.

use serde_json::{Value, json};

use crate::clients::Admin;
use crate::harness::scenario;

#[test]
fn roles_and_their_policies_come_and_go() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        roles(&mut admin);
        inline_policies(&mut admin);
        profiles(&mut admin);
        role_deletion(&mut admin);
    });
}

#[test]
fn managed_policies_have_versions() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let arn = managed_policies(&mut admin);
        attachment(&mut admin, &arn);
    });
}

#[test]
fn all_policies_are_read_at_once_and_in_pages() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let call = "iam get-account-authorization-details";
        let all = admin.run(call).json();
        let role = &all["RoleDetailList"][0];
        assert_eq!(role["RoleName"], "ec2-secrets-manager-role");
        let profile = &role["InstanceProfileList"][0];
        assert_eq!(
            profile["InstanceProfileName"],
            "ec2-secrets-manager-profile"
        );
        let version = &all["Policies"][0]["PolicyVersionList"][0];
        assert_eq!(version["Document"]["Version"], "2012-10-17", "{version}");
        assert_eq!(all["GroupDetailList"], json!([]));

        let paged = admin.run(&format!("{call} --page-size 1")).json();
        assert_eq!(paged, all);
        let roles = admin.run(&format!("{call} --filter Role")).json();
        assert_eq!(roles["RoleDetailList"], all["RoleDetailList"]);
        assert_eq!(roles["UserDetailList"], json!([]));
        let mut instance = Admin::with(world.on_instance(crate::clients::python()));
        instance
            .run(call)
            .fails_with(&["(AccessDenied)", "iam:GetAccountAuthorizationDetails"]);
    });
}

#[test]
fn users_have_keys_that_work_at_once() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        admin.run("iam create-user --user-name reader").ok();
        admin
            .run("iam create-user --user-name reader")
            .fails_with(&[
                "(EntityAlreadyExists)",
                "User with name reader already exists",
            ]);
        let call = "iam put-user-policy --user-name reader --policy-name read";
        admin.run_with(call, &["--policy-document", READ_ALL]).ok();
        let held = admin
            .run("iam get-user-policy --user-name reader --policy-name read")
            .json();
        assert_eq!(held["PolicyDocument"], parsed(READ_ALL));
        let listed = admin
            .run("iam list-user-policies --user-name reader")
            .json();
        assert_eq!(listed["PolicyNames"], json!(["read"]));

        let key = admin.run("iam create-access-key --user-name reader").json();
        let of = |member: &str| key["AccessKey"][member].as_str().unwrap().to_owned();
        let (id, secret) = (of("AccessKeyId"), of("SecretAccessKey"));
        world.canary(&secret);
        let mut command = world.as_admin(crate::clients::python());
        command
            .env("AWS_ACCESS_KEY_ID", &id)
            .env("AWS_SECRET_ACCESS_KEY", &secret);
        let mut reader = Admin::with(command);
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        reader.run(get).ok();
        reader.run("iam list-users").fails_with(&[
            "(AccessDenied)",
            "user/reader",
            "iam:ListUsers",
        ]);

        let update =
            format!("iam update-access-key --user-name reader --access-key-id {id} --status");
        admin.run(&format!("{update} Inactive")).ok();
        reader
            .run(get)
            .fails_with(&["(UnrecognizedClientException)"]);
        admin.run(&format!("{update} Active")).ok();
        reader.run(get).ok();
        admin
            .run("iam delete-user-policy --user-name reader --policy-name read")
            .ok();
        reader.run(get).fails_with(&["(AccessDeniedException)"]);

        let listed = admin.run("iam list-access-keys --user-name reader").json();
        assert_eq!(listed["AccessKeyMetadata"][0]["AccessKeyId"], id.as_str());
        admin
            .run("iam delete-user --user-name reader")
            .fails_with(&["(DeleteConflict)"]);
        admin
            .run(&format!(
                "iam delete-access-key --user-name reader --access-key-id {id}"
            ))
            .ok();
        reader
            .run("sts get-caller-identity")
            .fails_with(&["(InvalidClientTokenId)"]);
        admin.run("iam delete-user --user-name reader").ok();
        admin
            .run("iam get-user --user-name reader")
            .fails_with(&["(NoSuchEntity)"]);
    });
}

#[test]
fn malformed_policies_are_refused_with_their_place() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut refused = |document: &str, parts: &[&str]| {
            let call = "iam create-policy --policy-name broken";
            let output = admin.run_with(call, &["--policy-document", document]);
            let mut all = vec!["(MalformedPolicyDocument)"];
            all.extend(parts);
            output.fails_with(&all);
        };
        refused(
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\" [\n",
            &["line 3", "column"],
        );
        refused("not json", &["line 1", "column 1"]);
        refused(r#"{"Version":"2012-10-17"}"#, &["Statement"]);
        refused(
            r#"{"Version":"2012-10-18","Statement":[]}"#,
            &["must be version 2012-10-17 or greater at line 1, column 12"],
        );
        refused(
            r#"{"Version":"2012-10-17",
                "Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}"#,
            &["allow"],
        );
        refused(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",
                "Principal":"*"}]}"#,
            &["Principal"],
        );
        let trust = r#"{"Version":"2012-10-17",
            "Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}"#;
        admin
            .run_with(
                "iam create-role --role-name r",
                &["--assume-role-policy-document", trust],
            )
            .fails_with(&["(MalformedPolicyDocument)", "Principal"]);
    });
}

fn roles(admin: &mut Admin) {
    let create = "iam create-role --role-name app --description app --tags Key=team,Value=blue";
    let made = admin
        .run_with(create, &["--assume-role-policy-document", TRUST])
        .json();
    assert_eq!(made["Role"]["Arn"], "arn:aws:iam::123456789012:role/app");
    assert_eq!(made["Role"]["AssumeRolePolicyDocument"], parsed(TRUST));
    admin
        .run_with(create, &["--assume-role-policy-document", TRUST])
        .fails_with(&["(EntityAlreadyExists)", "Role with name app already exists"]);
    let held = admin.run("iam get-role --role-name app").json();
    assert_eq!(held["Role"]["RoleId"], made["Role"]["RoleId"]);
    assert_eq!(
        held["Role"]["Tags"],
        json!([{"Key": "team", "Value": "blue"}])
    );
    let names = admin.run("iam list-roles --query Roles[].RoleName").json();
    assert_eq!(names, json!(["app", "ec2-secrets-manager-role"]));
    admin.run("iam get-role --role-name nobody").fails_with(&[
        "(NoSuchEntity)",
        "The role with name nobody cannot be found",
    ]);
    let update = "iam update-assume-role-policy --role-name app";
    admin
        .run_with(update, &["--policy-document", TRUST_ADMIN])
        .ok();
    let held = admin.run("iam get-role --role-name app").json();
    assert_eq!(
        held["Role"]["AssumeRolePolicyDocument"],
        parsed(TRUST_ADMIN)
    );

    let assume = "sts assume-role --role-arn arn:aws:iam::123456789012:role/app";
    let session = admin
        .run(&format!("{assume} --role-session-name s1"))
        .json();
    let arn = "arn:aws:sts::123456789012:assumed-role/app/s1";
    assert_eq!(session["AssumedRoleUser"]["Arn"], arn);
    admin
        .run("sts assume-role --role-session-name s1 --role-arn arn:aws:iam::123456789012:role/no")
        .fails_with(&["(AccessDenied)", "sts:AssumeRole"]);
    admin.run_with(update, &["--policy-document", TRUST]).ok();
    admin
        .run(&format!("{assume} --role-session-name s1"))
        .fails_with(&["(AccessDenied)"]);
}

fn inline_policies(admin: &mut Admin) {
    let put = "iam put-role-policy --role-name app --policy-name read";
    admin.run_with(put, &["--policy-document", READ_ALL]).ok();
    let held = admin
        .run("iam get-role-policy --role-name app --policy-name read")
        .json();
    assert_eq!(held["PolicyDocument"], parsed(READ_ALL));
    let listed = admin.run("iam list-role-policies --role-name app").json();
    assert_eq!(listed["PolicyNames"], json!(["read"]));
    admin
        .run("iam get-role-policy --role-name app --policy-name other")
        .fails_with(&["(NoSuchEntity)"]);
}

fn profiles(admin: &mut Admin) {
    let made = admin
        .run("iam create-instance-profile --instance-profile-name app")
        .json();
    let arn = "arn:aws:iam::123456789012:instance-profile/app";
    assert_eq!(made["InstanceProfile"]["Arn"], arn);
    let named = "--instance-profile-name app --role-name app";
    admin
        .run(&format!("iam add-role-to-instance-profile {named}"))
        .ok();
    admin
        .run(
            "iam add-role-to-instance-profile --instance-profile-name app \
             --role-name ec2-secrets-manager-role",
        )
        .fails_with(&["(LimitExceeded)"]);
    let held = admin
        .run("iam get-instance-profile --instance-profile-name app")
        .json();
    assert_eq!(held["InstanceProfile"]["Roles"][0]["RoleName"], "app");
    let listed = admin
        .run("iam list-instance-profiles-for-role --role-name app")
        .json();
    assert_eq!(listed["InstanceProfiles"][0]["Arn"], arn);
    let count = admin
        .run("iam list-instance-profiles --query length(InstanceProfiles)")
        .json();
    assert_eq!(count, 2);
    admin
        .run("iam delete-role --role-name app")
        .fails_with(&["(DeleteConflict)"]);
    admin
        .run("iam delete-instance-profile --instance-profile-name app")
        .fails_with(&["(DeleteConflict)"]);
    admin
        .run(&format!("iam remove-role-from-instance-profile {named}"))
        .ok();
    admin
        .run("iam delete-instance-profile --instance-profile-name app")
        .ok();
    admin
        .run("iam get-instance-profile --instance-profile-name app")
        .fails_with(&["(NoSuchEntity)", "Instance Profile app cannot be found"]);
}

fn role_deletion(admin: &mut Admin) {
    let arn = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
    let named = format!("--role-name app --policy-arn {arn}");
    admin.run(&format!("iam attach-role-policy {named}")).ok();
    let listed = admin
        .run("iam list-attached-role-policies --role-name app")
        .json();
    assert_eq!(listed["AttachedPolicies"][0]["PolicyArn"], arn);
    let delete = "iam delete-role --role-name app";
    admin.run(delete).fails_with(&["(DeleteConflict)"]);
    admin.run(&format!("iam detach-role-policy {named}")).ok();
    admin
        .run(&format!("iam detach-role-policy {named}"))
        .fails_with(&["(NoSuchEntity)"]);
    admin
        .run(delete)
        .fails_with(&["(DeleteConflict)", "must delete policies first"]);
    admin
        .run("iam delete-role-policy --role-name app --policy-name read")
        .ok();
    admin.run(delete).ok();
    admin.run(delete).fails_with(&["(NoSuchEntity)"]);
    admin
        .run_with(
            "iam create-role --role-name",
            &["no blanks", "--assume-role-policy-document", TRUST],
        )
        .fails_with(&["(ValidationError)"]);
}

/// Makes a policy with five versions, takes four away and tells its ARN.
fn managed_policies(admin: &mut Admin) -> String {
    let create = "iam create-policy --policy-name read";
    let made = admin
        .run_with(create, &["--policy-document", READ_ALL])
        .json();
    let arn = made["Policy"]["Arn"].as_str().unwrap().to_owned();
    assert_eq!(arn, "arn:aws:iam::123456789012:policy/read");
    admin
        .run_with(create, &["--policy-document", READ_ALL])
        .fails_with(&["(EntityAlreadyExists)"]);
    let named = format!("--policy-arn {arn}");
    let version = format!("iam create-policy-version {named} --set-as-default");
    let second = admin
        .run_with(&version, &["--policy-document", READ_NONE])
        .json();
    assert_eq!(second["PolicyVersion"]["VersionId"], "v2");
    let held = admin.run(&format!("iam get-policy {named}")).json();
    assert_eq!(held["Policy"]["DefaultVersionId"], "v2");
    let held = admin
        .run(&format!("iam get-policy-version {named} --version-id v1"))
        .json();
    assert_eq!(held["PolicyVersion"]["Document"], parsed(READ_ALL));
    admin
        .run(&format!(
            "iam delete-policy-version {named} --version-id v2"
        ))
        .fails_with(&["(DeleteConflict)"]);
    admin
        .run(&format!(
            "iam set-default-policy-version {named} --version-id v1"
        ))
        .ok();
    admin
        .run(&format!("iam delete-policy {named}"))
        .fails_with(&["(DeleteConflict)"]);
    for _ in 0..3 {
        let more = format!("iam create-policy-version {named}");
        admin
            .run_with(&more, &["--policy-document", READ_NONE])
            .ok();
    }
    let full = format!("iam create-policy-version {named}");
    admin
        .run_with(&full, &["--policy-document", READ_NONE])
        .fails_with(&["(LimitExceeded)"]);
    let listed = admin
        .run(&format!("iam list-policy-versions {named}"))
        .json();
    assert_eq!(listed["Versions"].as_array().unwrap().len(), 5);
    for number in 2..=5 {
        let delete = format!("iam delete-policy-version {named} --version-id v{number}");
        admin.run(&delete).ok();
    }
    arn
}

/// Attaches a policy to a user, and deletes it after.
fn attachment(admin: &mut Admin, arn: &str) {
    let named = format!("--policy-arn {arn}");
    admin.run("iam create-user --user-name u").ok();
    admin
        .run(&format!("iam attach-user-policy --user-name u {named}"))
        .ok();
    let listed = admin
        .run("iam list-attached-user-policies --user-name u")
        .json();
    assert_eq!(listed["AttachedPolicies"][0]["PolicyName"], "read");
    let local = admin
        .run("iam list-policies --scope Local --query Policies[].PolicyName")
        .json();
    assert_eq!(local, json!(["ec2-secrets-manager-policy", "read"]));
    admin
        .run(&format!("iam delete-policy {named}"))
        .fails_with(&["(DeleteConflict)"]);
    admin
        .run(&format!("iam detach-user-policy --user-name u {named}"))
        .ok();
    admin.run(&format!("iam delete-policy {named}")).ok();
    admin
        .run(&format!("iam get-policy {named}"))
        .fails_with(&["(NoSuchEntity)"]);
}

fn parsed(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const TRUST_ADMIN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::123456789012:user/administrator"},
    "Action":"sts:AssumeRole"}]}"#;
const READ_ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
const READ_NONE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
