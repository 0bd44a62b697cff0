//! Last uses, and the credential report that tells them.

use super::*;
use crate::testing::seconds;

const GONE: u16 = 410;

fn last_used(world: &mut World, id: &str) -> Record {
    let answer = named(world, "GetAccessKeyLastUsed", &[("AccessKeyId", id)]).unwrap();
    assert_eq!(answer.text("UserName"), Some("u"));
    answer.record("AccessKeyLastUsed").unwrap().clone()
}

#[test]
fn an_access_key_tells_when_it_was_last_used() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let id = user.access_key_id.clone();
    let never = last_used(&mut world, &id);
    assert_eq!(never.get("LastUsedDate"), None);
    assert_eq!(
        (never.text("Region"), never.text("ServiceName")),
        (Some("N/A"), Some("N/A"))
    );
    world.now = seconds(60);
    world
        .call(&user, "ec2", "DescribeInstances", &Record::new())
        .unwrap_err();
    let told = last_used(&mut world, &id);
    assert_eq!(told.get("LastUsedDate"), Some(&seconds(60).into()));
    assert_eq!(told.text("Region"), Some("us-east-1"));
    assert_eq!(told.text("ServiceName"), Some("ec2"));
}

#[test]
fn whose_a_key_of_nowhere_is_nobody_is_told() {
    let mut world = World::new();
    let input = [("AccessKeyId", "AKIAAAAAAAAAAAAAAAAA")];
    let words = "not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key \
                 AKIAAAAAAAAAAAAAAAAA";
    let answer = named(&mut world, "GetAccessKeyLastUsed", &input);
    fails(answer, ("AccessDenied", 403), words);
    let arn = "arn:aws:iam::123456789012:user/u";
    let user = world.user("u", &policy("Allow", "iam:GetAccessKeyLastUsed", arn));
    let own = texts(&[("AccessKeyId", &user.access_key_id)]);
    world
        .call(&user, "iam", "GetAccessKeyLastUsed", &own)
        .unwrap();
    let other = texts(&[("AccessKeyId", &world.admin.access_key_id.clone())]);
    let answer = world.call(&user, "iam", "GetAccessKeyLastUsed", &other);
    fails(answer, ("AccessDenied", 403), "user/administrator");
}

#[test]
fn a_role_tells_when_a_session_of_it_was_last_used() {
    let mut world = World::new();
    let arn = world.role("r", &trust("123456789012"), &allow());
    let shown = |world: &mut World| {
        let got = named(world, "GetRole", &[("RoleName", "r")]).unwrap();
        let role = got.record("Role").unwrap();
        role.record("RoleLastUsed").unwrap().clone()
    };
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let session = world.assume(&admin, &input);
    // To be assumed is not to be used.
    assert_eq!(shown(&mut world), Record::new());
    world.now = seconds(30);
    world
        .call(&session, "sts", "GetCallerIdentity", &Record::new())
        .unwrap();
    let used = shown(&mut world);
    assert_eq!(used.get("LastUsedDate"), Some(&seconds(30).into()));
    assert_eq!(used.text("Region"), Some("us-east-1"));
    let filter = Record::new().with("Filter", vec!["Role"]);
    let all = call(&mut world, "GetAccountAuthorizationDetails", &filter).unwrap();
    let shown_role = all
        .records("RoleDetailList")
        .find(|role| role.text("RoleName") == Some("r"));
    assert_eq!(shown_role.unwrap().record("RoleLastUsed"), Some(&used));

    // A new role of the name was never used.
    named(
        &mut world,
        "DeleteRolePolicy",
        &[("RoleName", "r"), ("PolicyName", "inline")],
    )
    .unwrap();
    named(&mut world, "DeleteRole", &[("RoleName", "r")]).unwrap();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    assert_eq!(shown(&mut world), Record::new());
}

fn generate(world: &mut World) -> String {
    let answer = call(world, "GenerateCredentialReport", &Record::new()).unwrap();
    answer.text("State").unwrap().to_owned()
}

fn lines(world: &mut World) -> Vec<String> {
    let answer = call(world, "GetCredentialReport", &Record::new()).unwrap();
    assert_eq!(answer.text("ReportFormat"), Some("text/csv"));
    let Some(protocol::Value::Blob(content)) = answer.get("Content") else {
        panic!("no content");
    };
    let text = String::from_utf8(content.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_report_has_the_root_and_every_user_with_its_keys() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    call(&mut world, "ListUsers", &Record::new()).unwrap();
    world.user_without_policies("a,b");
    world.now = seconds(60);
    world
        .call(&user, "ec2", "DescribeInstances", &Record::new())
        .unwrap_err();
    named(&mut world, "CreateAccessKey", &[("UserName", "u")]).unwrap();
    let inactive = [
        ("UserName", "u"),
        ("AccessKeyId", &*user.access_key_id),
        ("Status", "Inactive"),
    ];
    named(&mut world, "UpdateAccessKey", &inactive).unwrap();
    let absent = call(&mut world, "GetCredentialReport", &Record::new());
    fails(absent, ("ReportNotPresent", GONE), "does not exist");

    assert_eq!(generate(&mut world), "STARTED");
    assert_eq!(generate(&mut world), "COMPLETE");
    let lines = lines(&mut world);
    let columns: Vec<&str> = lines[0].split(',').collect();
    assert_eq!(columns.len(), 22);
    assert_eq!((columns[0], columns[21]), ("user", "cert_2_last_rotated"));
    let start = "2026-01-01T00:00:00+00:00";
    assert_eq!(
        lines[1],
        format!(
            "<root_account>,arn:aws:iam::123456789012:root,{start},false,N/A,not_supported,\
             not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        )
    );
    let of = |name: &str| lines.iter().find(|line| line.starts_with(name)).unwrap();
    assert_eq!(
        *of("u,"),
        format!(
            "u,arn:aws:iam::123456789012:user/u,{start},false,N/A,N/A,N/A,false,\
             false,{start},2026-01-01T00:01:00+00:00,us-east-1,ec2,\
             true,2026-01-01T00:01:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A"
        )
    );
    assert!(of("\"a,b\",").starts_with("\"a,b\",\"arn:aws:iam::123456789012:user/a,b\","));
    assert_eq!(lines.len(), 5);
}

#[test]
fn a_report_stays_what_it_was_for_four_hours() {
    let mut world = World::new();
    generate(&mut world);
    let before = lines(&mut world);
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    world.now = seconds(4 * 3_600 - 1);
    assert_eq!(generate(&mut world), "COMPLETE");
    assert_eq!(lines(&mut world), before);
    world.now = seconds(4 * 3_600);
    let expired = call(&mut world, "GetCredentialReport", &Record::new());
    fails(expired, ("ReportExpired", GONE), "has expired");
    assert_eq!(generate(&mut world), "STARTED");
    assert_eq!(lines(&mut world).len(), before.len() + 1);
}

#[test]
fn a_report_is_for_those_who_may() {
    let mut world = World::new();
    let maker = world.user("u", &policy("Allow", "iam:GenerateCredentialReport", "*"));
    let input = Record::new();
    world
        .call(&maker, "iam", "GenerateCredentialReport", &input)
        .unwrap();
    let answer = world.call(&maker, "iam", "GetCredentialReport", &input);
    fails(answer, ("AccessDenied", 403), "iam:GetCredentialReport");
}
