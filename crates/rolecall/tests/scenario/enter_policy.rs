//! Credentials that are taken off an instance: policies that bind them to it let calls from inside
//! through, and refuse the same keys outside.
//!
//! Source: AWS Security Blog on `aws:Ec2InstanceSourceVPC` and `aws:Ec2InstanceSourcePrivateIPv4`.

use serde_json::Value;

use crate::clients::{Admin, aws, run};
use crate::enter::enter;
use crate::harness::{World, scenario};
use crate::role_to_secret::{ROLE, sample_password};

#[test]
fn stolen_keys_are_worth_nothing_outside() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let stolen = steal(world);
        for member in ["SecretAccessKey", "Token"] {
            world.canary(stolen[member].as_str().unwrap());
        }
        assert_eq!(get_outside(world, &stolen), Some(0));
        assert_eq!(get_inside(world), Some(0));

        let policy = world.scratch().join("stay.json");
        std::fs::write(&policy, STAY).unwrap();
        let mut admin = Admin::new(world);
        let put = format!(
            "iam put-role-policy --role-name {ROLE} --policy-name stay --policy-document file://{}",
            policy.display()
        );
        admin.run(&put).ok();
        assert_ne!(get_outside(world, &stolen), Some(0));
        assert_eq!(get_inside(world), Some(0));

        // The keys of one instance are no good on another one of the same network either.
        let id = world.instance_id().to_owned();
        let launch = "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --query \
             Instances[0].InstanceId --output text --instance-type t3.micro";
        let other = admin.run(launch).ok().to_owned();
        assert_ne!(other, id);
        let mut command = crate::instance::instance(world, "enter");
        command.args(["--keep-env", "--region", "us-east-1", &other, "--"]);
        command.arg(aws()).args(GET);
        with(&mut command, &stolen);
        run(&mut command).fails_with(&["AccessDenied", "explicit deny"]);

        let trail = crate::harness::rolecall(&world.scratch())
            .args([
                "account",
                "trail",
                "--format",
                "json",
                "--event",
                "GetSecretValue",
            ])
            .arg("--data")
            .arg(world.data())
            .output()
            .unwrap();
        let trail = String::from_utf8(trail.stdout).unwrap();
        assert!(trail.contains("\"sourceIPAddress\":\"172.31."), "{trail}");
    });
}

fn steal(world: &World) -> Value {
    let script = format!(
        "T=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' \
         http://169.254.169.254/latest/api/token); \
         curl -s -H \"X-aws-ec2-metadata-token: $T\" \
         http://169.254.169.254/latest/meta-data/iam/security-credentials/{ROLE}"
    );
    run(&mut enter(world, &[], &["sh", "-c", &script])).json()
}

fn get_inside(world: &World) -> Option<i32> {
    let aws = aws().display().to_string();
    let command: Vec<&str> = [aws.as_str()].into_iter().chain(GET).collect();
    run(&mut enter(world, &["--region", "us-east-1"], &command)).code
}

fn get_outside(world: &World, stolen: &Value) -> Option<i32> {
    let mut command = world.anonymous(aws());
    run(with(command.args(GET), stolen)).code
}

fn with<'a>(
    command: &'a mut std::process::Command,
    stolen: &Value,
) -> &'a mut std::process::Command {
    let member = |name: &str| stolen[name].as_str().unwrap().to_owned();
    command
        .env("AWS_ACCESS_KEY_ID", member("AccessKeyId"))
        .env("AWS_SECRET_ACCESS_KEY", member("SecretAccessKey"))
        .env("AWS_SESSION_TOKEN", member("Token"))
}

const GET: [&str; 4] = [
    "secretsmanager",
    "get-secret-value",
    "--secret-id",
    "my-secret",
];

/// Two statements: conditions of one must all hold, so that one alone would deny less.
const STAY: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
        "StringNotEquals": {"aws:Ec2InstanceSourceVPC": "${aws:SourceVpc}"},
        "Null": {"ec2:SourceInstanceARN": "false"},
        "BoolIfExists": {"aws:ViaAWSService": "false"}}},
    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
        "StringNotEquals": {"aws:Ec2InstanceSourcePrivateIPv4": "${aws:VpcSourceIp}"},
        "Null": {"ec2:SourceInstanceARN": "false"},
        "BoolIfExists": {"aws:ViaAWSService": "false"}}}]}"#;
