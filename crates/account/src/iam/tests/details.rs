//! All of IAM at once.

use super::*;

fn details(world: &mut World, input: &Record) -> Record {
    call(world, "GetAccountAuthorizationDetails", input).unwrap()
}

fn of(filter: &str) -> Record {
    Record::new().with("Filter", vec![filter])
}

fn shown(details: &Record) -> Vec<String> {
    [
        ("UserDetailList", "UserName"),
        ("GroupDetailList", "GroupName"),
        ("RoleDetailList", "RoleName"),
        ("Policies", "PolicyName"),
    ]
    .iter()
    .flat_map(|(list, name)| details.records(list).map(|item| item.text(name).unwrap()))
    .map(str::to_owned)
    .collect()
}

const SAMPLE: [&str; 3] = [
    "administrator",
    "ec2-secrets-manager-role",
    "ec2-secrets-manager-policy",
];

#[test]
fn a_reader_of_single_policies_may_not_read_all() {
    let mut world = World::new();
    let reader = world.user("reader", &policy("Allow", "iam:GetPolicy", "*"));
    let answer = world.call(
        &reader,
        "iam",
        "GetAccountAuthorizationDetails",
        &Record::new(),
    );
    fails(
        answer,
        ("AccessDenied", 403),
        "not authorized to perform: iam:GetAccountAuthorizationDetails because",
    );
}

#[test]
fn a_marker_or_a_kind_of_nowhere_is_refused() {
    let mut world = World::new();
    let input = texts(&[("Marker", "!")]);
    let answer = call(&mut world, "GetAccountAuthorizationDetails", &input);
    fails(answer, VALIDATION, "Invalid Marker");
    let answer = call(&mut world, "GetAccountAuthorizationDetails", &of("Secret"));
    fails(answer, VALIDATION, "filter");
}

#[test]
fn kinds_that_are_not_asked_for_are_left_out() {
    let mut world = World::new();
    assert_eq!(shown(&details(&mut world, &of("User"))), SAMPLE[..1]);
    assert_eq!(shown(&details(&mut world, &of("Role"))), SAMPLE[1..2]);
    let local = of("LocalManagedPolicy");
    assert_eq!(shown(&details(&mut world, &local)), SAMPLE[2..]);
    for none in ["Group", "AWSManagedPolicy"] {
        assert!(shown(&details(&mut world, &of(none))).is_empty(), "{none}");
    }
}

#[test]
fn pages_go_through_all_kinds_once() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("a")).unwrap();
    let mut input = Record::new().with("MaxItems", 1);
    let mut all = Vec::new();
    loop {
        let page = details(&mut world, &input);
        let names = shown(&page);
        assert_eq!(names.len(), 1);
        all.extend(names);
        let marker = page.text("Marker");
        assert_eq!(page.boolean("IsTruncated"), Some(marker.is_some()));
        match marker {
            Some(marker) => input.set("Marker", marker),
            None => break,
        }
    }
    assert_eq!(all, [SAMPLE[0], "a", SAMPLE[1], SAMPLE[2]]);
}

#[test]
fn an_entity_is_shown_with_its_policies() {
    let mut world = World::new();
    let document = allow();
    world.user("reader", &document);
    let all = details(&mut world, &Record::new());
    let encoded = super::super::documents::encoded_document(&document);

    let mut users = all.records("UserDetailList");
    let reader = users
        .find(|user| user.text("UserName") == Some("reader"))
        .unwrap();
    let inline = reader.records("UserPolicyList").next().unwrap();
    assert_eq!(inline.text("PolicyName"), Some("inline"));
    assert_eq!(inline.text("PolicyDocument"), Some(&*encoded));

    let role = all.records("RoleDetailList").next().unwrap();
    let attached = role.records("AttachedManagedPolicies").next().unwrap();
    assert_eq!(attached.text("PolicyName"), Some(SAMPLE[2]));
    let profile = role.records("InstanceProfileList").next().unwrap();
    assert_eq!(
        profile.text("InstanceProfileName"),
        Some("ec2-secrets-manager-profile")
    );
    assert!(
        role.text("AssumeRolePolicyDocument")
            .unwrap()
            .starts_with("%7B")
    );

    let policy = all.records("Policies").next().unwrap();
    assert_eq!(policy.text("DefaultVersionId"), Some("v1"));
    assert_eq!(policy.integer("AttachmentCount"), Some(1));
    let versions: Vec<_> = policy.records("PolicyVersionList").collect();
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].boolean("IsDefaultVersion"), Some(true));
    assert!(versions[0].text("Document").unwrap().starts_with("%7B"));
}
