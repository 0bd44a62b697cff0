//! The administrator's Secrets Manager, through the AWS CLI: values, versions, stages, deletion.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::clients::Admin;
use crate::harness::scenario;

#[test]
fn a_secret_has_versions_and_stages() {
    scenario(|world| {
        for value in [
            "the-first-value-kept",
            "the-second-value-kept",
            "the-third-value-kept",
        ] {
            world.canary(value);
        }
        let mut admin = Admin::new(world);
        let first = versions(&mut admin);
        stages(&mut admin, &first);
    });
}

#[test]
fn a_deleted_secret_can_be_restored_until_it_is_gone() {
    scenario(|world| {
        world.canary("a-value-to-be-deleted");
        deletion(&mut Admin::new(world));
    });
}

#[test]
fn several_values_come_in_one_call() {
    scenario(|world| {
        for value in ["the-value-of-one", "the-value-of-two"] {
            world.canary(value);
        }
        let mut admin = Admin::new(world);
        for name in ["one", "two"] {
            let create = "secretsmanager create-secret --name";
            let value = format!("--secret-string the-value-of-{name}");
            admin.run(&format!("{create} {name} {value}")).ok();
        }
        let batch = "secretsmanager batch-get-secret-value --secret-id-list one none two";
        let answer = admin.run(batch).json();
        assert_eq!(
            answer["SecretValues"][1]["SecretString"],
            "the-value-of-two"
        );
        assert_eq!(
            answer["Errors"][0]["ErrorCode"],
            "ResourceNotFoundException"
        );
        let tag = "secretsmanager tag-resource --secret-id one --tags Key=team,Value=red";
        admin.run(tag).ok();
        let filter = "--filters Key=tag-value,Values=red --query SecretValues[].Name";
        let found = admin.run(&format!("secretsmanager batch-get-secret-value {filter}"));
        assert_eq!(found.json(), json!(["one"]));
        let untag = "secretsmanager untag-resource --secret-id one --tag-keys team";
        admin.run(untag).ok();
        let listed = "secretsmanager list-secrets --filters Key=tag-key,Values=team";
        assert_eq!(admin.run(listed).json()["SecretList"], json!([]));
        // The instance's role may read its own secret, and is asked for each.
        let mut instance = Admin::with(world.on_instance(crate::clients::python()));
        let denied = instance.run("secretsmanager batch-get-secret-value --secret-id-list one");
        denied.fails_with(&["(AccessDeniedException)", "BatchGetSecretValue"]);
    });
}

#[test]
fn a_resource_policy_lets_a_user_in_and_keeps_one_out() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut instance = Admin::with(world.on_instance(crate::clients::python()));
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        let describe = "secretsmanager describe-secret --secret-id my-secret";
        instance.run(get).ok();
        let put = "secretsmanager put-resource-policy --secret-id my-secret";
        let block = |effect: &str, principal: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Resource":"*",
                    "Principal":{principal},"Action":"secretsmanager:GetSecretValue"}}}}"#
            )
        };
        let public = block("Allow", r#""*""#);
        admin
            .run_with(
                put,
                &["--resource-policy", &public, "--block-public-policy"],
            )
            .fails_with(&["(PublicPolicyException)"]);
        let role = r#"{"AWS":"arn:aws:iam::123456789012:role/ec2-secrets-manager-role"}"#;
        let deny = block("Deny", role);
        admin
            .run_with(put, &["--resource-policy", &deny, "--block-public-policy"])
            .ok();
        instance.run(get).fails_with(&[
            "(AccessDeniedException)",
            "explicit deny in a resource-based policy",
        ]);
        instance.run(describe).ok();
        world.kill();
        world.start();
        let mut admin = Admin::new(world);
        let mut instance = Admin::with(world.on_instance(crate::clients::python()));
        instance.run(get).fails_with(&["(AccessDeniedException)"]);
        let held = admin
            .run("secretsmanager get-resource-policy --secret-id my-secret")
            .json();
        assert_eq!(held["ResourcePolicy"], deny.as_str());
        admin
            .run("secretsmanager delete-resource-policy --secret-id my-secret")
            .ok();
        instance.run(get).ok();
    });
}

#[test]
fn a_binary_secret_comes_back_byte_by_byte() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let bytes: Vec<u8> = (0..=255).collect();
        let path = world.scratch().join("binary");
        std::fs::write(&path, &bytes).unwrap();
        let file = format!("fileb://{}", path.display());
        let create = "secretsmanager create-secret --name binary --secret-binary";
        admin.run_with(create, &[&file]).ok();
        let held = admin
            .run("secretsmanager get-secret-value --secret-id binary")
            .json();
        let wanted = STANDARD.encode(&bytes);
        assert_eq!(held["SecretBinary"], wanted.as_str());
        assert!(held.get("SecretString").is_none());
    });
}

#[test]
fn what_is_wrong_with_a_call_is_said() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut refused = |flags: &str, parts: &[&str]| {
            admin
                .run(&format!("secretsmanager {flags}"))
                .fails_with(parts);
        };
        refused(
            "get-secret-value --secret-id nothing",
            &[
                "(ResourceNotFoundException)",
                "Secrets Manager can't find the specified secret.",
            ],
        );
        refused(
            "create-secret --name my-secret --secret-string x",
            &["(ResourceExistsException)"],
        );
        refused(
            "create-secret --name a$b --secret-string x",
            &["(ValidationException)"],
        );
        refused(
            "get-secret-value --secret-id my-secret --version-stage NONE",
            &["(ResourceNotFoundException)", "staging label: NONE"],
        );
        refused(
            "delete-secret --secret-id my-secret --recovery-window-in-days 3",
            &["(InvalidParameterException)", "RecoveryWindowInDays"],
        );
        refused(
            "list-secrets --next-token wrong",
            &["(InvalidNextTokenException)"],
        );
    });
}

/// Creates the secret `app` with two versions, and tells the first's id.
fn versions(admin: &mut Admin) -> String {
    let create = "secretsmanager create-secret --name app --description d --secret-string";
    let made = admin.run(&format!("{create} the-first-value-kept")).json();
    let first = made["VersionId"].as_str().unwrap().to_owned();
    let arn = made["ARN"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:secretsmanager:us-east-1:123456789012:secret:app-"),
        "{arn}"
    );

    let put = "secretsmanager put-secret-value --secret-id app --secret-string";
    let made = admin.run(&format!("{put} the-second-value-kept")).json();
    assert_eq!(made["VersionStages"], json!(["AWSCURRENT"]));
    let get = "secretsmanager get-secret-value --secret-id";
    let held = admin.run(&format!("{get} {arn}")).json();
    assert_eq!(held["SecretString"], "the-second-value-kept");
    let held = admin
        .run(&format!("{get} app --version-stage AWSPREVIOUS"))
        .json();
    assert_eq!(held["SecretString"], "the-first-value-kept");
    assert_eq!(held["VersionId"], first.as_str());

    let listed = admin
        .run("secretsmanager list-secret-version-ids --secret-id app")
        .json();
    assert_eq!(listed["Versions"].as_array().unwrap().len(), 2);
    let names = admin
        .run("secretsmanager list-secrets --query SecretList[].Name")
        .json();
    assert_eq!(names.as_array().unwrap().len(), 2);
    first
}

fn stages(admin: &mut Admin, first: &str) {
    let update = "secretsmanager update-secret --secret-id app --description e --secret-string";
    let third = admin.run(&format!("{update} the-third-value-kept")).json();
    let third = third["VersionId"].as_str().unwrap();
    let described = admin
        .run("secretsmanager describe-secret --secret-id app")
        .json();
    assert_eq!(described["Description"], "e");
    assert_eq!(
        described["VersionIdsToStages"][third],
        json!(["AWSCURRENT"])
    );
    assert!(
        described["VersionIdsToStages"].get(first).is_none(),
        "{described}"
    );

    let stage = "secretsmanager update-secret-version-stage --secret-id app --version-stage";
    admin
        .run(&format!("{stage} AWSCURRENT --move-to-version-id {first}"))
        .fails_with(&["(InvalidParameterException)"]);
    let previous = admin
        .run("secretsmanager get-secret-value --secret-id app --version-stage AWSPREVIOUS")
        .json();
    let previous = previous["VersionId"].as_str().unwrap();
    admin
        .run(&format!(
            "{stage} AWSCURRENT --move-to-version-id {previous} --remove-from-version-id {third}"
        ))
        .ok();
    let held = admin
        .run("secretsmanager get-secret-value --secret-id app")
        .json();
    assert_eq!(held["SecretString"], "the-second-value-kept");
    admin
        .run(&format!("{stage} BLUE --move-to-version-id {third}"))
        .ok();
    let held = admin.run("secretsmanager get-secret-value --secret-id app --version-stage BLUE");
    assert_eq!(held.json()["SecretString"], "the-third-value-kept");
}

fn deletion(admin: &mut Admin) {
    let create = "secretsmanager create-secret --name app --secret-string a-value-to-be-deleted";
    admin.run(create).ok();
    let get = "secretsmanager get-secret-value --secret-id app";
    admin
        .run("secretsmanager delete-secret --secret-id app --recovery-window-in-days 7")
        .ok();
    admin
        .run(get)
        .fails_with(&["(InvalidRequestException)", "marked for deletion"]);
    admin
        .run(create)
        .fails_with(&["(InvalidRequestException)", "scheduled for deletion"]);
    let names = "secretsmanager list-secrets --query SecretList[].Name";
    assert_eq!(admin.run(names).json(), json!(["my-secret"]));
    let all = admin
        .run(&format!("{names} --include-planned-deletion"))
        .json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    admin
        .run("secretsmanager restore-secret --secret-id app")
        .ok();
    assert_eq!(
        admin.run(get).json()["SecretString"],
        "a-value-to-be-deleted"
    );

    admin
        .run("secretsmanager delete-secret --secret-id app --force-delete-without-recovery")
        .ok();
    admin.run(get).fails_with(&["(ResourceNotFoundException)"]);
    admin.run(create).ok();
}
