//! Credentials of a caller's own through the guard: whose they are, what they may, and what the
//! account's record says of them.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::clients::{Admin, Output, aws, client, run};
use crate::guard_net::{At, Guard, Net, guard_yaml};
use crate::harness::{World, rolecall, scenario};
use crate::role_to_secret::sample_password;
use crate::wait;

#[test]
fn a_caller_is_who_it_is_in_the_account_and_may_what_its_session_may() {
    scenario(|world| {
        let (net, mut admin) = begin(world);
        let account = net.account(world);
        roles(&mut admin);
        let guard = Guard::start(world, &net, "guard", &rules(&account.url));
        let as_web = |line: &str| call(&net, &account.url, WEB, line);
        assert_eq!(get(&net, WEB, ROLES), (200, "web".to_owned()));
        let identity = as_web("sts get-caller-identity").json();
        let arn = "arn:aws:sts::123456789012:assumed-role/web/uid-1001";
        assert_eq!(identity["Arn"], arn);
        // The role may do all with secrets; the session may read one.
        let read = "secretsmanager get-secret-value --secret-id my-secret";
        assert_eq!(as_web(read).json()["Name"], "my-secret");
        as_web("secretsmanager list-secrets")
            .fails_with(&["(AccessDeniedException)", "session policy"]);
        as_web("iam list-roles").fails_with(&["(AccessDenied)"]);
        the_record_says_who(&mut admin, arn);
        what_is_not_its_own_is_not_there(world, &net);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn the_role_of_the_instance_is_narrowed_for_a_caller() {
    scenario(|world| {
        let (net, mut admin) = begin(world);
        let account = net.account(world);
        let policy = world.scratch().join("narrow.json");
        std::fs::write(&policy, NARROW).unwrap();
        let guard = Guard::start(
            world,
            &net,
            "guard",
            &format!(
                "sts: {{region: us-east-1, endpoint-url: {}}}\nrules:\n\
                 - {{name: narrow, who: {{uid: {NARROWED}}}, \
                 assume-role: {{session-policy: {}}}}}\n",
                account.url,
                policy.display()
            ),
        );
        // A role is not trusted by itself unless its policy says so.
        let document: Value = serde_json::from_str(&get(&net, NARROWED, INSTANCE).1).unwrap();
        assert_eq!(
            document["Code"], "AssumeRoleUnauthorizedAccess",
            "{document}"
        );
        guard.until_said("cannot be assumed");
        trust(
            &mut admin,
            INSTANCE_ROLE,
            &["arn:aws:iam::123456789012:role/ec2-secrets-manager-role"],
        );
        let narrowed = wait::until("credentials after a while", TIME_MAX, || {
            let (_, body) = get(&net, NARROWED, INSTANCE);
            let document: Value = serde_json::from_str(&body).ok()?;
            (document["Code"] == "Success").then_some(document)
        });
        keep_secret(world, &narrowed);
        let call = |line: &str| call(&net, &account.url, NARROWED, line);
        assert_eq!(
            call("sts get-caller-identity").json()["Arn"],
            "arn:aws:sts::123456789012:assumed-role/ec2-secrets-manager-role/uid-1002"
        );
        call("secretsmanager get-secret-value --secret-id my-secret")
            .fails_with(&["(AccessDeniedException)"]);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn sessions_outlive_their_service_and_are_made_for_nobody_else() {
    scenario(|world| {
        let (net, mut admin) = begin(world);
        let account = net.account(world);
        roles(&mut admin);
        let guard = Guard::start(world, &net, "guard", &rules(&account.url));
        let (status, first) = get(&net, WEB, OWN);
        assert_eq!(status, 200, "{first}");
        keep_secret(world, &serde_json::from_str(&first).unwrap());
        // By its program, which is known; python is another one.
        let by_program: Value = serde_json::from_str(&get(&net, BY_EXE, OWN).1).unwrap();
        keep_secret(world, &by_program);
        let url = account.url.clone();
        let caller = call(&net, &url, BY_EXE, "sts get-caller-identity");
        caller.fails_with(&["Unable to locate credentials"]);
        guard.until_said("uid=1003");
        drop(account);
        assert_eq!(get(&net, WEB, OWN), (200, first));
        assert_eq!(get(&net, BY_EXE, OWN).0, 200);
        // A session that was never there.
        assert_eq!(get(&net, LATE, OWN).0, 503);
        assert_eq!(get(&net, NOBODY, OWN).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_service_has_a_session_of_its_own_by_its_secret() {
    scenario(|world| {
        let (net, mut admin) = begin(world);
        let account = net.account(world);
        roles(&mut admin);
        let folder = world.scratch().join("tokens");
        let tagged = format!("{{role-arn: {WEB_ROLE}, session-tags: {{Uid: '{{uid}}'}}}}");
        let rules = format!(
            "sts: {{region: us-east-1, endpoint-url: {}}}\nservices:\n  tokens: {}\n  rules:\n    \
             - {{name: web, assume-role: {tagged}}}\n    \
             - {{name: nobodys, assume-role: 'arn:aws:iam::123456789012:role/nosuch'}}\n",
            account.url,
            folder.display()
        );
        std::fs::write(guard_yaml(world), &rules).unwrap();
        for name in ["web", "nobodys"] {
            let mut wire = rolecall(&world.scratch());
            wire.args(["guard", "service", name, "--config"]);
            wire.arg(guard_yaml(world)).arg("--units");
            run(wire.arg(world.scratch().join("units"))).ok();
        }
        let guard = Guard::start(world, &net, "guard", &rules);
        let mut ask = |name: &str| {
            let secret = std::fs::read_to_string(folder.join(format!("{name}.token"))).unwrap();
            world.canary(&secret);
            let mut curl: Command = client("curl", Path::new("/"));
            curl.args(["-s", "-m", "20", "-H", &format!("Authorization: {secret}")])
                .arg(format!("http://127.0.0.1:981/services/{name}"));
            run(&mut net.as_user(WEB, None, &curl)).json()
        };
        let document = ask("web");
        let refused = ask("nobodys");
        assert_eq!(refused["code"], "AccessDenied", "{refused}");
        guard.until_said("no credentials of its own");
        keep_secret(world, &document);
        // The account takes it for the role's, by the name of the service, with its tag.
        let mut cli = client(aws(), Path::new("/"));
        cli.args(["sts", "get-caller-identity"])
            .env("AWS_ENDPOINT_URL", &account.url)
            .env("AWS_DEFAULT_REGION", "us-east-1");
        for (name, member) in [
            ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
            ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
            ("AWS_SESSION_TOKEN", "Token"),
        ] {
            cli.env(name, document[member].as_str().unwrap());
        }
        let identity = run(&mut net.inside(At::Instance, &cli)).json();
        assert_eq!(
            identity["Arn"],
            "arn:aws:sts::123456789012:assumed-role/web/service-web"
        );
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

fn the_record_says_who(admin: &mut Admin, arn: &str) {
    let look = "cloudtrail lookup-events --lookup-attributes";
    let found = admin.run(&format!(
        "{look} AttributeKey=EventName,AttributeValue=AssumeRole"
    ));
    let found = found.json();
    let records = found["Events"].as_array().unwrap().iter();
    let mut records = records.map(|event| {
        let record = event["CloudTrailEvent"].as_str().unwrap();
        serde_json::from_str::<Value>(record).unwrap()
    });
    let asked = records.find(|record| record["requestParameters"]["roleSessionName"] == "uid-1001");
    let asked = asked.unwrap();
    let asked = &asked["requestParameters"];
    assert_eq!(asked["sourceIdentity"], "web");
    assert_eq!(asked["roleArn"], WEB_ROLE);
    let found = admin.run(&format!(
        "{look} AttributeKey=EventName,AttributeValue=GetSecretValue"
    ));
    let found = found.json();
    let events = found["Events"].as_array().unwrap();
    let of_session = |event: &&Value| event["CloudTrailEvent"].as_str().unwrap().contains(arn);
    assert!(events.iter().any(|event| of_session(&event)), "{found}");
}

fn what_is_not_its_own_is_not_there(world: &mut World, net: &Net) {
    for (uid, path, expect) in [
        (WEB, INSTANCE, 404),
        (WEB, "/latest/meta-data/identity-credentials/ec2/info", 404),
        (
            WEB,
            "/latest/meta-data/iam/security-credentials-extended/",
            404,
        ),
        (WEB, "/latest/meta-data/placement/region", 200),
        (NOBODY, ROLES, 403),
        (NOBODY, OWN, 403),
    ] {
        assert_eq!(get(net, uid, path).0, expect, "{uid} {path}");
    }
    let (_, body) = get(net, WEB, OWN);
    let document: Value = serde_json::from_str(&body).unwrap();
    let keys: Vec<_> = document.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "AccessKeyId",
            "Code",
            "Expiration",
            "LastUpdated",
            "SecretAccessKey",
            "Token",
            "Type"
        ]
    );
    keep_secret(world, &document);
}

pub(crate) fn begin(world: &mut World) -> (Net, Admin) {
    let password = sample_password(world);
    world.canary(&password);
    (Net::new(world), Admin::new(world))
}

pub(crate) fn keep_secret(world: &mut World, document: &Value) {
    for member in ["SecretAccessKey", "Token"] {
        world.canary(document[member].as_str().unwrap());
    }
}

/// `web`, that the instance's role may assume, with all of Secrets Manager for sessions with the
/// tag that the guard gives.
pub(crate) fn roles(admin: &mut Admin) {
    let trusted = trust_document(&[&format!("arn:aws:iam::123456789012:role/{INSTANCE_ROLE}")]);
    let create = "iam create-role --role-name web --assume-role-policy-document";
    admin.run_with(create, &[&trusted]).ok();
    let put = "iam put-role-policy --role-name web --policy-name all --policy-document";
    let all = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Action": "secretsmanager:*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/Uid": "1001"}}}}"#;
    admin.run_with(put, &[all]).ok();
}

fn trust(admin: &mut Admin, role: &str, principals: &[&str]) {
    let update = format!("iam update-assume-role-policy --role-name {role} --policy-document");
    admin.run_with(&update, &[&trust_document(principals)]).ok();
}

fn trust_document(principals: &[&str]) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
         "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": {"AWS": principals},
         "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]},
    ]})
    .to_string()
}

fn rules(url: &str) -> String {
    format!(
        "sts: {{region: us-east-1, endpoint-url: {url}}}
rules:
  - name: web
    who: {{uid: {WEB}}}
    assume-role:
      role-arn: {WEB_ROLE}
      session-policy: '{ONE_SECRET}'
      session-tags: {{Uid: '{{uid}}', Rule: '{{rule}}'}}
      source-identity: '{{rule}}'
  - name: curl
    who: {{uid: {BY_EXE}, exe: '/*/curl'}}
    assume-role: {{role-arn: {WEB_ROLE}, session-name: '{{program}}-{{uid}}'}}
  - {{name: late, who: {{uid: {LATE}, exe: '/*/curl'}}, assume-role: {WEB_ROLE}}}
"
    )
}

/// The AWS CLI as a user of the instance.
fn call(net: &Net, url: &str, uid: &str, line: &str) -> Output {
    let mut cli = client(aws(), Path::new("/"));
    cli.args(line.split_whitespace())
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    run(&mut net.as_user(uid, None, &cli))
}

fn get(net: &Net, uid: &str, path: &str) -> (u16, String) {
    let mut curl: Command = client("curl", Path::new("/"));
    curl.args(["-s", "-m", "5", "-w", "\n%{http_code}"])
        .arg(format!("http://169.254.169.254{path}"));
    let output = run(&mut net.as_user(uid, None, &curl));
    let (body, status) = output.ok().rsplit_once('\n').unwrap();
    (status.parse().unwrap(), body.to_owned())
}

const TIME_MAX: Duration = Duration::from_secs(20);
const WEB: &str = "1001";
const NARROWED: &str = "1002";
const BY_EXE: &str = "1003";
const LATE: &str = "1004";
const NOBODY: &str = "65534";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
pub(crate) const OWN: &str = "/latest/meta-data/iam/security-credentials/web";
const INSTANCE: &str = "/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role";
const INSTANCE_ROLE: &str = "ec2-secrets-manager-role";
pub(crate) const WEB_ROLE: &str = "arn:aws:iam::123456789012:role/web";
const ONE_SECRET: &str = concat!(
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "#,
    r#""Action": "secretsmanager:GetSecretValue", "#,
    r#""Resource": "arn:aws:secretsmanager:*:*:secret:my-secret-*"}}"#
);
const NARROW: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Action": "ec2:DescribeInstances", "Resource": "*"}}"#;
