//! Groups: who is in them, and what that allows.

use super::*;

fn group(world: &mut World, name: &str) -> Record {
    let made = named(world, "CreateGroup", &[("GroupName", name)]).unwrap();
    made.record("Group").unwrap().clone()
}

fn member(group: &'static str, user: &'static str) -> [(&'static str, &'static str); 2] {
    [("GroupName", group), ("UserName", user)]
}

fn listed(page: &Record, list: &str, name: &str) -> Vec<String> {
    let names = page.records(list).map(|item| item.text(name).unwrap());
    names.map(str::to_owned).collect()
}

#[test]
fn a_group_is_shown_as_it_was_made_and_by_its_users() {
    let mut world = World::new();
    let made = named(
        &mut world,
        "CreateGroup",
        &[("GroupName", "Team"), ("Path", "/dev/")],
    );
    let made = made.unwrap();
    let made = made.record("Group").unwrap();
    let arn = "arn:aws:iam::123456789012:group/dev/Team";
    assert_eq!(made.text("Arn"), Some(arn));
    assert!(made.text("GroupId").unwrap().starts_with("AGPA"));
    for name in ["b", "A", "c"] {
        named(&mut world, "CreateUser", &[("UserName", name)]).unwrap();
    }
    for name in ["b", "A", "b"] {
        let members = [("GroupName", "Team"), ("UserName", name)];
        named(&mut world, "AddUserToGroup", &members).unwrap();
    }

    let got = named(&mut world, "GetGroup", &[("GroupName", "Team")]).unwrap();
    assert_eq!(got.record("Group"), Some(made));
    assert_eq!(listed(&got, "Users", "UserName"), ["A", "b"]);
    let input = texts(&[("GroupName", "Team")]).with("MaxItems", 1);
    let first = call(&mut world, "GetGroup", &input).unwrap();
    assert_eq!(listed(&first, "Users", "UserName"), ["A"]);
    let input = input.with("Marker", first.text("Marker").unwrap());
    let second = call(&mut world, "GetGroup", &input).unwrap();
    assert_eq!(listed(&second, "Users", "UserName"), ["b"]);
    assert_eq!(second.boolean("IsTruncated"), Some(false));

    let of = |world: &mut World, name| {
        let found = named(world, "ListGroupsForUser", &[("UserName", name)]).unwrap();
        listed(&found, "Groups", "GroupName")
    };
    assert_eq!(of(&mut world, "A"), ["Team"]);
    assert!(of(&mut world, "c").is_empty());
}

#[test]
fn groups_are_listed_by_path() {
    let mut world = World::new();
    group(&mut world, "b");
    let made = [("GroupName", "A"), ("Path", "/dev/")];
    named(&mut world, "CreateGroup", &made).unwrap();
    for (prefix, expect) in [("/", &["A", "b"][..]), ("/dev/", &["A"]), ("/x/", &[])] {
        let found = named(&mut world, "ListGroups", &[("PathPrefix", prefix)]).unwrap();
        assert_eq!(listed(&found, "Groups", "GroupName"), expect, "{prefix}");
    }
}

#[test]
fn what_is_not_there_or_there_already() {
    let mut world = World::new();
    group(&mut world, "g");
    let words = "The group with name none cannot be found.";
    let document = allow();
    let policy = ("PolicyDocument", &*document);
    for (operation, members) in [
        ("GetGroup", &[("GroupName", "none")][..]),
        ("DeleteGroup", &[("GroupName", "none")]),
        ("UpdateGroup", &[("GroupName", "none")]),
        ("AddUserToGroup", &member("none", "administrator")),
        ("RemoveUserFromGroup", &member("none", "administrator")),
        ("ListGroupPolicies", &[("GroupName", "none")]),
        ("ListAttachedGroupPolicies", &[("GroupName", "none")]),
        (
            "PutGroupPolicy",
            &[("GroupName", "none"), ("PolicyName", "p"), policy],
        ),
        // Names are what they were made with.
        ("GetGroup", &[("GroupName", "NONE")]),
    ] {
        let words = if members == [("GroupName", "NONE")] {
            "NONE"
        } else {
            words
        };
        fails(named(&mut world, operation, members), MISSING, words);
    }
    let words = "The user with name none cannot be found.";
    for operation in ["AddUserToGroup", "RemoveUserFromGroup"] {
        let members = member("g", "none");
        fails(named(&mut world, operation, &members), MISSING, words);
    }
    let words = "Group with name G already exists.";
    let again = [("GroupName", "G")];
    fails(named(&mut world, "CreateGroup", &again), EXISTS, words);
    let words = "The group policy with name p cannot be found.";
    let members = [("GroupName", "g"), ("PolicyName", "p")];
    for operation in ["GetGroupPolicy", "DeleteGroupPolicy"] {
        fails(named(&mut world, operation, &members), MISSING, words);
    }
}

#[test]
fn what_a_group_allows_its_users_are_allowed_while_they_are_in_it() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    group(&mut world, "g");
    let ask = |world: &mut World| world.call(&user, "iam", "ListRoles", &Record::new());
    let denied = ("AccessDenied", 403);
    let words = "because no identity-based policy allows the iam:ListRoles action";
    let document = policy("Allow", "iam:ListRoles", "*");
    let inline = [
        ("GroupName", "g"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutGroupPolicy", &inline).unwrap();
    fails(ask(&mut world), denied, words);
    named(&mut world, "AddUserToGroup", &member("g", "u")).unwrap();
    ask(&mut world).unwrap();
    named(&mut world, "RemoveUserFromGroup", &member("g", "u")).unwrap();
    fails(ask(&mut world), denied, words);
    // Who is not in it stays out of it.
    named(&mut world, "RemoveUserFromGroup", &member("g", "u")).unwrap();
    named(&mut world, "AddUserToGroup", &member("g", "u")).unwrap();
    named(&mut world, "DeleteGroupPolicy", &inline[..2]).unwrap();
    fails(ask(&mut world), denied, words);

    let arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
    let attached = [("GroupName", "g"), ("PolicyArn", arn)];
    named(&mut world, "AttachGroupPolicy", &attached).unwrap();
    ask(&mut world).unwrap();
    let document = policy("Deny", "iam:ListRoles", "*");
    let denying = [inline[0], inline[1], ("PolicyDocument", &*document)];
    named(&mut world, "PutGroupPolicy", &denying).unwrap();
    let words = "with an explicit deny in an identity-based policy";
    fails(ask(&mut world), denied, words);
}

#[test]
fn a_policy_can_ask_for_the_variables_of_whoever_is_in_the_group() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    group(&mut world, "g");
    let document = policy(
        "Allow",
        "iam:GetUser",
        "arn:aws:iam::*:user/${aws:username}",
    );
    let inline = [
        ("GroupName", "g"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutGroupPolicy", &inline).unwrap();
    named(&mut world, "AddUserToGroup", &member("g", "u")).unwrap();
    world.call(&user, "iam", "GetUser", &Record::new()).unwrap();
    let other = texts(&[("UserName", "administrator")]);
    let answer = world.call(&user, "iam", "GetUser", &other);
    fails(answer, ("AccessDenied", 403), "iam:GetUser");
}

#[test]
fn another_name_keeps_users_and_policies() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let id = group(&mut world, "old").text("GroupId").unwrap().to_owned();
    group(&mut world, "other");
    let document = policy("Allow", "iam:ListRoles", "*");
    let inline = [
        ("GroupName", "old"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutGroupPolicy", &inline).unwrap();
    named(&mut world, "AddUserToGroup", &member("old", "u")).unwrap();

    let taken = [("GroupName", "old"), ("NewGroupName", "OTHER")];
    fails(named(&mut world, "UpdateGroup", &taken), EXISTS, "OTHER");
    let members = [
        ("GroupName", "old"),
        ("NewGroupName", "Old"),
        ("NewPath", "/dev/"),
    ];
    named(&mut world, "UpdateGroup", &members).unwrap();
    fails(
        named(&mut world, "GetGroup", &[("GroupName", "old")]),
        MISSING,
        "old",
    );
    let got = named(&mut world, "GetGroup", &[("GroupName", "Old")]).unwrap();
    let shown = got.record("Group").unwrap();
    assert_eq!(shown.text("GroupId"), Some(&*id));
    let arn = "arn:aws:iam::123456789012:group/dev/Old";
    assert_eq!(shown.text("Arn"), Some(arn));
    assert_eq!(listed(&got, "Users", "UserName"), ["u"]);
    world
        .call(&user, "iam", "ListRoles", &Record::new())
        .unwrap();
}

#[test]
fn to_rename_a_group_both_names_have_to_be_allowed() {
    let mut world = World::new();
    let arn = "arn:aws:iam::123456789012:group/old";
    let user = world.user("u", &policy("Allow", "iam:UpdateGroup", arn));
    group(&mut world, "old");
    let input = texts(&[("GroupName", "old"), ("NewGroupName", "new")]);
    let answer = world.call(&user, "iam", "UpdateGroup", &input);
    fails(answer, ("AccessDenied", 403), "group/new");
}

#[test]
fn a_group_in_use_cannot_be_deleted() {
    let mut world = World::new();
    group(&mut world, "g");
    let delete = [("GroupName", "g")];
    named(&mut world, "AddUserToGroup", &member("g", "administrator")).unwrap();
    let words = "Cannot delete entity, must remove users from group first.";
    fails(named(&mut world, "DeleteGroup", &delete), CONFLICT, words);
    let user = [("UserName", "administrator")];
    fails(named(&mut world, "DeleteUser", &user), CONFLICT, words);
    let members = member("g", "administrator");
    named(&mut world, "RemoveUserFromGroup", &members).unwrap();

    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let attached = [("GroupName", "g"), ("PolicyArn", arn)];
    named(&mut world, "AttachGroupPolicy", &attached).unwrap();
    let words = "Cannot delete entity, must detach all policies first.";
    fails(named(&mut world, "DeleteGroup", &delete), CONFLICT, words);
    named(&mut world, "DetachGroupPolicy", &attached).unwrap();

    let document = allow();
    let inline = [
        ("GroupName", "g"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutGroupPolicy", &inline).unwrap();
    let words = "Cannot delete entity, must delete policies first.";
    fails(named(&mut world, "DeleteGroup", &delete), CONFLICT, words);
    named(&mut world, "DeleteGroupPolicy", &inline[..2]).unwrap();
    named(&mut world, "DeleteGroup", &delete).unwrap();
    fails(named(&mut world, "GetGroup", &delete), MISSING, "g");
}

#[test]
fn a_user_is_in_ten_groups_and_a_group_has_so_much_policy() {
    let mut world = World::new();
    for index in 0..=10 {
        let name = format!("g{index}");
        group(&mut world, &name);
        let members = [("GroupName", &*name), ("UserName", "administrator")];
        let answer = named(&mut world, "AddUserToGroup", &members);
        if index < 10 {
            answer.unwrap();
        } else {
            fails(answer, LIMIT, "Cannot exceed quota for GroupsPerUser: 10");
        }
    }
    let resource = format!("arn:aws:s3:::{}", "x".repeat(5_120));
    let document = policy("Allow", "s3:GetObject", &resource);
    let members = [
        ("GroupName", "g0"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    let words = "Maximum policy size of 5120 bytes exceeded for group g0";
    fails(named(&mut world, "PutGroupPolicy", &members), LIMIT, words);
}

#[test]
fn all_of_iam_at_once_has_groups_and_who_is_in_them() {
    let mut world = World::new();
    group(&mut world, "g");
    let members = member("g", "administrator");
    named(&mut world, "AddUserToGroup", &members).unwrap();
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let attached = [("GroupName", "g"), ("PolicyArn", arn)];
    named(&mut world, "AttachGroupPolicy", &attached).unwrap();

    let all = call(&mut world, "GetAccountAuthorizationDetails", &Record::new()).unwrap();
    let shown = all.records("GroupDetailList").next().unwrap();
    assert_eq!(shown.text("GroupName"), Some("g"));
    let policies = listed(shown, "AttachedManagedPolicies", "PolicyArn");
    assert_eq!(policies, [arn]);
    let user = all.records("UserDetailList").next().unwrap();
    assert_eq!(user.texts("GroupList").collect::<Vec<_>>(), ["g"]);
    assert!(listed(&all, "Policies", "Arn").contains(&arn.to_owned()));
}
