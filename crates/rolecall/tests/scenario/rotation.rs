//! Rotation by a shell script with the AWS CLI in it, as the guide shows it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clients::{Admin, aws, run};
use crate::harness::{World, rolecall, scenario_with};
use crate::wait;

/// What stands in for the function and for the service that the secret is for: files in a folder.
pub(crate) struct Rotation {
    folder: TempDir,
    pub(crate) flag: String,
}

impl Rotation {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rotate.sh");
        std::fs::write(&path, script(folder.path())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let flag = format!("{FUNCTION} role=rotator {}", path.display());
        Self { folder, flag }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The steps that were run, in their order.
    pub(crate) fn steps(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.path("steps")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// For which server each of them was run.
    pub(crate) fn servers(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.path("servers")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

fn script(folder: &Path) -> String {
    let (folder, aws) = (folder.display(), aws());
    let aws = aws.display();
    format!(
        r#"#!/bin/sh
set -eu
event=$(cat)
of() {{ printf %s "$event" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }}
step=$(of Step) secret=$(of SecretId) token=$(of ClientRequestToken)
sm() {{ {aws} secretsmanager "$@" --output text; }}
value() {{ sm get-secret-value --secret-id "$secret" --version-stage "$1" --query SecretString; }}
echo "$AWS_ENDPOINT_URL" >> {folder}/servers
echo "$step" >> {folder}/steps
while [ "$(cat {folder}/held 2>/dev/null)" = "$step" ]; do sleep 0.1; done
if [ -e {folder}/broken ] && [ "$step" = "$(cat {folder}/broken)" ]; then
  value AWSCURRENT
  exit 1
fi
case $step in
createSecret)
  new=$(sm get-random-password --exclude-punctuation --query RandomPassword)
  value AWSPENDING >/dev/null 2>&1 || printf %s "$new" | sm put-secret-value --secret-id "$secret" \
    --client-request-token "$token" --secret-string file:///dev/stdin --version-stages AWSPENDING ;;
setSecret) value AWSPENDING > {folder}/database ;;
testSecret) [ ! -e {folder}/database ] || [ "$(value AWSPENDING)" = "$(cat {folder}/database)" ] ;;
finishSecret)
  old=$(sm get-secret-value --secret-id "$secret" --query VersionId)
  sm update-secret-version-stage --secret-id "$secret" --version-stage AWSCURRENT \
    --move-to-version-id "$token" --remove-from-version-id "$old"
  sm update-secret-version-stage --secret-id "$secret" --version-stage AWSPENDING \
    --remove-from-version-id "$token" ;;
esac
"#
    )
}

/// What its role may do.
pub(crate) fn policy() -> &'static str {
    r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue","secretsmanager:UpdateSecretVersionStage"],"Resource":
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-*"},
        {"Effect":"Allow","Action":"secretsmanager:GetRandomPassword","Resource":"*"}]}"#
}

/// The role of the function, and a secret of the first value.
fn set_up(admin: &mut Admin) {
    let policy = policy();
    let create = "iam create-role --role-name rotator --assume-role-policy-document";
    admin.run_with(create, &[TRUST]).ok();
    let put = "iam put-role-policy --role-name rotator --policy-name rotate --policy-document";
    admin.run_with(put, &[policy]).ok();
    admin
        .run(&format!(
            "secretsmanager create-secret --name database --secret-string {FIRST}"
        ))
        .ok();
}

fn rotate(admin: &mut Admin, more: &str) -> Value {
    let rotate = "secretsmanager rotate-secret --secret-id database";
    admin
        .run(&format!("{rotate} --rotation-lambda-arn {FUNCTION} {more}"))
        .json()
}

fn described(admin: &mut Admin) -> Value {
    let describe = "secretsmanager describe-secret --secret-id database";
    admin.run(describe).json()
}

fn value(admin: &mut Admin, stage: &str) -> String {
    let get = "secretsmanager get-secret-value --secret-id database --query SecretString";
    let got = admin.run(&format!("{get} --output text --version-stage {stage}"));
    got.ok().to_owned()
}

/// Names of the events of Secrets Manager itself, in their order.
fn events(world: &World) -> Vec<String> {
    let mut trail = rolecall(&world.scratch());
    trail.args(["account", "trail", "--format", "json", "--data"]);
    let output = run(trail.arg(world.data()));
    let records = output.ok().lines().map(|line| {
        let record: Value = serde_json::from_str(line).unwrap();
        record
    });
    records
        .filter(|record| record["eventType"] == "AwsServiceEvent")
        .map(|record| record["eventName"].as_str().unwrap().to_owned())
        .collect()
}

/// Sets the rotation up without rotating: the function is only tried.
fn only_tried(admin: &mut Admin) -> Value {
    let rules = "--rotation-rules {\"ScheduleExpression\":\"cron(0_4_*_*_?_*)\"}";
    let rules = rules.replace(' ', "\u{0}").replace('_', " ");
    let words: Vec<&str> = rules.split('\u{0}').collect();
    let tried = format!(
        "secretsmanager rotate-secret --secret-id database --no-rotate-immediately \
         --rotation-lambda-arn {FUNCTION}"
    );
    admin.run_with(&tried, &words).ok();
    let versions = json!(["AWSCURRENT"]);
    let settled = |described: &Value| {
        let versions = described["VersionIdsToStages"].as_object().unwrap();
        versions.len() == 1
    };
    let told = wait::until("end of the test", ROTATION_TIME_MAX, || {
        Some(described(admin)).filter(settled)
    });
    let stages = told["VersionIdsToStages"].as_object().unwrap();
    assert_eq!(stages.values().next(), Some(&versions));
    told
}

#[test]
fn a_script_rotates_a_password() {
    let rotation = Rotation::new();
    scenario_with(&["--rotation-command", &rotation.flag], |world| {
        world.canary(FIRST);
        let mut admin = Admin::new(world);
        set_up(&mut admin);
        let told = only_tried(&mut admin);
        assert_eq!(rotation.steps(), ["testSecret"]);
        assert_eq!(told["RotationEnabled"], true);
        assert_eq!(told["LastRotatedDate"], Value::Null);
        assert!(told["NextRotationDate"].is_number(), "{told}");

        let begun = rotate(&mut admin, "");
        let token = begun["VersionId"].as_str().unwrap();
        let told = wait::until("rotation", ROTATION_TIME_MAX, || {
            Some(described(&mut admin)).filter(|told| told["LastRotatedDate"].is_number())
        });
        assert_eq!(told["VersionIdsToStages"][token], json!(["AWSCURRENT"]));
        let new = value(&mut admin, "AWSCURRENT");
        world.canary(&new);
        assert_eq!(new.len(), 32);
        assert_eq!(value(&mut admin, "AWSPREVIOUS"), FIRST);
        let database = std::fs::read_to_string(rotation.path("database")).unwrap();
        assert_eq!(database.trim_end(), new);
        assert_eq!(
            rotation.steps(),
            [
                "testSecret",
                "createSecret",
                "setSecret",
                "testSecret",
                "finishSecret"
            ]
        );
        world.stop();
        assert_eq!(
            events(world),
            [
                "TestRotationStarted",
                "TestRotationSucceeded",
                "RotationStarted",
                "RotationSucceeded"
            ]
        );
        // It is all remembered.
        world.start();
        let mut admin = Admin::new(world);
        let again = described(&mut admin);
        for member in [
            "RotationRules",
            "LastRotatedDate",
            "NextRotationDate",
            "RotationLambdaARN",
        ] {
            assert_eq!(again[member], told[member], "{member}");
        }
        let cancel = "secretsmanager cancel-rotate-secret --secret-id database";
        admin.run(cancel).ok();
        assert_eq!(described(&mut admin)["RotationEnabled"], false);
    });
}

#[test]
fn a_script_that_fails_leaves_the_current_value_alone() {
    let rotation = Rotation::new();
    std::fs::write(rotation.path("broken"), "setSecret").unwrap();
    scenario_with(&["--rotation-command", &rotation.flag], |world| {
        world.canary(FIRST);
        let mut admin = Admin::new(world);
        set_up(&mut admin);
        let begun = rotate(&mut admin, "--rotation-rules AutomaticallyAfterDays=30");
        let token = begun["VersionId"].as_str().unwrap().to_owned();
        wait::until("failure", ROTATION_TIME_MAX, || {
            let talk = world.talk();
            talk.contains("RotationFailed").then_some(())
        });
        assert!(
            world
                .talk()
                .contains("Rotation step setSecret failed: the command ended with")
        );
        assert_eq!(value(&mut admin, "AWSCURRENT"), FIRST);
        world.canary(&value(&mut admin, "AWSPENDING"));
        let again = "secretsmanager rotate-secret --secret-id database";
        admin.run(again).fails_with(&[
            "(InvalidRequestException)",
            "A previous rotation isn't complete. That rotation will be reattempted.",
        ]);
        // Killed and started again, it goes on with the version that waits, once it is asked to.
        world.kill();
        std::fs::remove_file(rotation.path("broken")).unwrap();
        world.start();
        let mut admin = Admin::new(world);
        admin
            .run(&format!("{again} --client-request-token {token}"))
            .ok();
        let told = wait::until("rotation", ROTATION_TIME_MAX, || {
            Some(described(&mut admin)).filter(|told| told["LastRotatedDate"].is_number())
        });
        assert_eq!(told["VersionIdsToStages"][&token], json!(["AWSCURRENT"]));
        assert_eq!(value(&mut admin, "AWSPREVIOUS"), FIRST);
    });
}

#[test]
fn a_function_without_a_command_is_refused() {
    scenario_with(&[], |world| {
        world.canary(FIRST);
        let mut admin = Admin::new(world);
        set_up(&mut admin);
        let rotate = "secretsmanager rotate-secret --secret-id database";
        admin.run(rotate).fails_with(&[
            "(InvalidRequestException)",
            "No Lambda rotation function ARN",
        ]);
        admin
            .run(&format!("{rotate} --rotation-lambda-arn {FUNCTION}"))
            .fails_with(&[
                "(AccessDeniedException)",
                "Secrets Manager cannot invoke the specified Lambda function",
            ]);
        assert!(world.talk().contains("--rotation-command"));
        assert_eq!(described(&mut admin)["RotationEnabled"], Value::Null);
    });
}

#[test]
fn a_command_that_runs_ends_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (begun, pid) = (folder.path().join("begun"), folder.path().join("pid"));
    let path = folder.path().join("rotate.sh");
    // The shell's own child, which a signal to the shell alone would leave behind.
    let script = format!(
        "#!/bin/sh\nsleep 1000 & echo $! > {}; touch {}; wait\n",
        pid.display(),
        begun.display()
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let flag = format!("{FUNCTION} role=rotator {}", path.display());
    scenario_with(&["--rotation-command", &flag], |world| {
        world.canary(FIRST);
        let mut admin = Admin::new(world);
        set_up(&mut admin);
        rotate(&mut admin, "");
        wait::until("step", ROTATION_TIME_MAX, || begun.exists().then_some(()));
        world.stop();
        let pid = std::fs::read_to_string(&pid).unwrap();
        let process = Path::new("/proc").join(pid.trim());
        wait::until("end of the command", ROTATION_TIME_MAX, || {
            let status = std::fs::read_to_string(process.join("status")).ok();
            let gone = status.is_none_or(|status| status.contains("State:\tZ"));
            gone.then_some(())
        });
    });
}

pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:rotate";
pub(crate) const FIRST: &str = "the-first-password-of-all";
const ROTATION_TIME_MAX: Duration = Duration::from_mins(2);
pub(crate) const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
