//! Permissions boundaries: what they take away, who may set them, and who uses a policy.

use super::*;

const BOUNDARY: &str = "arn:aws:iam::123456789012:policy/boundary";
const DENIED: (&str, u16) = ("AccessDenied", 403);

/// A policy by the name `boundary`.
fn boundary(world: &mut World, action: &str) {
    let document = policy("Allow", action, "*");
    let members = [("PolicyName", "boundary"), ("PolicyDocument", &*document)];
    named(world, "CreatePolicy", &members).unwrap();
}

fn bound(of: &'static str, name: &'static str) -> [(&'static str, &'static str); 2] {
    let member = match of {
        "Role" => "RoleName",
        _ => "UserName",
    };
    [(member, name), ("PermissionsBoundary", BOUNDARY)]
}

#[test]
fn a_boundary_allows_nothing_and_limits_what_others_allow() {
    let mut world = World::new();
    boundary(&mut world, "iam:GetUser");
    let user = world.user("u", &policy("Allow", "iam:*", "*"));
    let list = |world: &mut World| world.call(&user, "iam", "ListRoles", &Record::new());
    list(&mut world).unwrap();
    let members = bound("User", "u");
    named(&mut world, "PutUserPermissionsBoundary", &members).unwrap();
    let words = "because no permissions boundary allows the iam:ListRoles action";
    fails(list(&mut world), DENIED, words);
    world.call(&user, "iam", "GetUser", &Record::new()).unwrap();

    // It grants nothing by itself.
    let document = policy("Allow", "iam:ListRoles", "*");
    let members = [
        ("UserName", "u"),
        ("PolicyName", "inline"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutUserPolicy", &members).unwrap();
    let answer = world.call(&user, "iam", "GetUser", &Record::new());
    fails(answer, DENIED, "because no identity-based policy allows");

    let members = [("UserName", "u")];
    named(&mut world, "DeleteUserPermissionsBoundary", &members).unwrap();
    list(&mut world).unwrap();
}

#[test]
fn a_boundary_that_denies_is_told() {
    let mut world = World::new();
    let document = policy("Deny", "iam:ListRoles", "*");
    let members = [("PolicyName", "boundary"), ("PolicyDocument", &*document)];
    named(&mut world, "CreatePolicy", &members).unwrap();
    let user = world.user("u", &policy("Allow", "iam:*", "*"));
    let members = bound("User", "u");
    named(&mut world, "PutUserPermissionsBoundary", &members).unwrap();
    let answer = world.call(&user, "iam", "ListRoles", &Record::new());
    let words = format!("with an explicit deny in a permissions boundary: {BOUNDARY}");
    fails(answer, DENIED, &words);
}

#[test]
fn sessions_of_a_role_are_within_its_boundary_as_it_is_now() {
    let mut world = World::new();
    boundary(&mut world, "iam:GetRole");
    let arn = world.role("r", &trust("123456789012"), &policy("Allow", "iam:*", "*"));
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let session = world.assume(&admin, &input);
    let ask = |world: &mut World| world.call(&session, "iam", "ListRoles", &Record::new());
    ask(&mut world).unwrap();
    named(
        &mut world,
        "PutRolePermissionsBoundary",
        &bound("Role", "r"),
    )
    .unwrap();
    let words = "because no permissions boundary allows the iam:ListRoles action";
    fails(ask(&mut world), DENIED, words);
    let members = [("RoleName", "r")];
    named(&mut world, "DeleteRolePermissionsBoundary", &members).unwrap();
    ask(&mut world).unwrap();
}

#[test]
fn who_was_made_with_a_boundary_shows_it() {
    let mut world = World::new();
    boundary(&mut world, "s3:*");
    let made = call(
        &mut world,
        "CreateRole",
        &role("r").with("PermissionsBoundary", BOUNDARY),
    );
    let got = named(&mut world, "GetRole", &[("RoleName", "r")]);
    let members = bound("User", "u");
    let made_user = named(&mut world, "CreateUser", &members);
    let got_user = named(&mut world, "GetUser", &[("UserName", "u")]);
    for (answer, of) in [
        (made, "Role"),
        (got, "Role"),
        (made_user, "User"),
        (got_user, "User"),
    ] {
        let answer = answer.unwrap();
        let shown = answer.record(of).unwrap();
        let shown = shown.record("PermissionsBoundary").unwrap();
        assert_eq!(shown.text("PermissionsBoundaryArn"), Some(BOUNDARY));
        assert_eq!(shown.text("PermissionsBoundaryType"), Some("Policy"));
    }
    let all = call(&mut world, "GetAccountAuthorizationDetails", &Record::new()).unwrap();
    let of = |list: &str| {
        let mut shown = all
            .records(list)
            .filter_map(|it| it.record("PermissionsBoundary"));
        shown.next().is_some()
    };
    assert!(of("UserDetailList") && of("RoleDetailList"));
    // Listings leave it out.
    let listed = call(&mut world, "ListUsers", &Record::new()).unwrap();
    let mut users = listed.records("Users");
    assert!(users.all(|user| user.record("PermissionsBoundary").is_none()));
}

#[test]
fn what_is_not_there() {
    let mut world = World::new();
    let words = "Scope ARN: arn:aws:iam::123456789012:policy/boundary does not exist or is not \
                 attachable.";
    let user = bound("User", "administrator");
    let role_name = crate::sample::ROLE;
    for (operation, members) in [
        ("PutUserPermissionsBoundary", &user[..]),
        ("PutRolePermissionsBoundary", &bound("Role", role_name)),
        ("CreateUser", &bound("User", "new")),
    ] {
        fails(named(&mut world, operation, members), MISSING, words);
    }
    let bounded = role("new").with("PermissionsBoundary", BOUNDARY);
    fails(call(&mut world, "CreateRole", &bounded), MISSING, words);
    assert!(world.state.role("new").is_none() && world.state.user("new").is_none());
    let words = "The user with name administrator has no permissions boundary.";
    let members = [("UserName", "administrator")];
    let answer = named(&mut world, "DeleteUserPermissionsBoundary", &members);
    fails(answer, MISSING, words);
    for (operation, member) in [
        ("DeleteUserPermissionsBoundary", "UserName"),
        ("DeleteRolePermissionsBoundary", "RoleName"),
    ] {
        let answer = named(&mut world, operation, &[(member, "none")]);
        fails(answer, MISSING, "with name none cannot be found.");
    }
}

#[test]
fn a_policy_that_is_a_boundary_cannot_be_deleted_and_counts_apart() {
    let mut world = World::new();
    boundary(&mut world, "s3:*");
    named(&mut world, "CreateUser", &bound("User", "u")).unwrap();
    let words = "Cannot delete a policy attached to entities.";
    let delete = [("PolicyArn", BOUNDARY)];
    fails(named(&mut world, "DeletePolicy", &delete), CONFLICT, words);
    let counts = |world: &mut World| {
        let got = named(world, "GetPolicy", &[("PolicyArn", BOUNDARY)]).unwrap();
        let shown = got.record("Policy").unwrap();
        (
            shown.integer("AttachmentCount").unwrap(),
            shown.integer("PermissionsBoundaryUsageCount").unwrap(),
        )
    };
    assert_eq!(counts(&mut world), (0, 1));
    let attached = [("UserName", "u"), ("PolicyArn", BOUNDARY)];
    named(&mut world, "AttachUserPolicy", &attached).unwrap();
    assert_eq!(counts(&mut world), (1, 1));
    named(&mut world, "DetachUserPolicy", &attached).unwrap();

    let by = |world: &mut World, usage| {
        let input = texts(&[("PolicyUsageFilter", usage), ("Scope", "Local")]);
        let found = call(world, "ListPolicies", &input).unwrap();
        let found = found.records("Policies").map(|it| it.text("PolicyName"));
        found
            .map(|name| name.unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(by(&mut world, "PermissionsBoundary"), ["boundary"]);
    let policies = by(&mut world, "PermissionsPolicy");
    assert_eq!(policies, ["ec2-secrets-manager-policy"]);

    // A user with a boundary may go; it takes its use of the policy along.
    named(&mut world, "DeleteUser", &[("UserName", "u")]).unwrap();
    named(&mut world, "DeletePolicy", &delete).unwrap();
}

#[test]
fn who_uses_a_policy_is_listed_by_kind_and_use() {
    let mut world = World::new();
    boundary(&mut world, "s3:*");
    named(&mut world, "CreateGroup", &[("GroupName", "g")]).unwrap();
    named(&mut world, "CreateUser", &bound("User", "u")).unwrap();
    call(&mut world, "CreateRole", &role("r").with("Path", "/team/")).unwrap();
    for (operation, member, name) in [
        ("AttachGroupPolicy", "GroupName", "g"),
        ("AttachRolePolicy", "RoleName", "r"),
    ] {
        let members = [(member, name), ("PolicyArn", BOUNDARY)];
        named(&mut world, operation, &members).unwrap();
    }
    let found = |world: &mut World, members: &[(&'static str, &str)]| {
        let input = texts(members)
            .with("PolicyArn", BOUNDARY)
            .with("MaxItems", 1);
        let mut input = input;
        let mut all = Vec::new();
        loop {
            let page = call(world, "ListEntitiesForPolicy", &input).unwrap();
            for (list, name) in [
                ("PolicyGroups", "GroupName"),
                ("PolicyUsers", "UserName"),
                ("PolicyRoles", "RoleName"),
            ] {
                let names = page
                    .records(list)
                    .map(|it| it.text(name).unwrap().to_owned());
                all.extend(names);
            }
            match page.text("Marker") {
                Some(marker) => input.set("Marker", marker),
                None => return all,
            }
        }
    };
    assert_eq!(found(&mut world, &[]), ["g", "u", "r"]);
    assert_eq!(found(&mut world, &[("EntityFilter", "User")]), ["u"]);
    assert_eq!(found(&mut world, &[("PathPrefix", "/team/")]), ["r"]);
    let usage = [("PolicyUsageFilter", "PermissionsBoundary")];
    assert_eq!(found(&mut world, &usage), ["u"]);
    let usage = [("PolicyUsageFilter", "PermissionsPolicy")];
    assert_eq!(found(&mut world, &usage), ["g", "r"]);
    let none = [("PolicyArn", "arn:aws:iam::123456789012:policy/none")];
    let answer = named(&mut world, "ListEntitiesForPolicy", &none);
    fails(answer, MISSING, "policy/none was not found.");
}

#[test]
fn who_may_make_users_only_with_a_boundary_may_not_do_without() {
    let mut world = World::new();
    boundary(&mut world, "s3:*");
    let document = statements(&format!(
        r#"{{"Effect":"Allow","Action":["iam:CreateUser","iam:PutUserPolicy",
            "iam:DeleteUserPermissionsBoundary","iam:PutUserPermissionsBoundary"],
            "Resource":"*",
            "Condition":{{"StringEquals":{{"iam:PermissionsBoundary":"{BOUNDARY}"}}}}}},
           {{"Effect":"Deny","Action":"iam:DeleteUserPermissionsBoundary","Resource":"*",
            "Condition":{{"StringEquals":{{"iam:PermissionsBoundary":"{BOUNDARY}"}}}}}}"#
    ));
    let maker = world.user("maker", &document);
    let plain = texts(&[("UserName", "u")]);
    let answer = world.call(&maker, "iam", "CreateUser", &plain);
    fails(answer, DENIED, "iam:CreateUser");
    let other = "arn:aws:iam::aws:policy/AdministratorAccess";
    let wider = plain.clone().with("PermissionsBoundary", other);
    let answer = world.call(&maker, "iam", "CreateUser", &wider);
    fails(answer, DENIED, "iam:CreateUser");
    let bounded = texts(&bound("User", "u"));
    world.call(&maker, "iam", "CreateUser", &bounded).unwrap();

    let document = allow();
    let put = |name| {
        texts(&[
            ("UserName", name),
            ("PolicyName", "p"),
            ("PolicyDocument", &document),
        ])
    };
    world
        .call(&maker, "iam", "PutUserPolicy", &put("u"))
        .unwrap();
    let answer = world.call(&maker, "iam", "PutUserPolicy", &put("maker"));
    fails(answer, DENIED, "iam:PutUserPolicy");
    let answer = world.call(&maker, "iam", "DeleteUserPermissionsBoundary", &plain);
    fails(answer, DENIED, "with an explicit deny");
    let answer = world.call(&maker, "iam", "PutUserPermissionsBoundary", &wider);
    fails(answer, DENIED, "iam:PutUserPermissionsBoundary");
}

#[test]
fn a_boundary_that_is_not_there_allows_nothing() {
    let mut world = World::new();
    let credentials = world.user("u", &policy("Allow", "*", "*"));
    let mut user = world.state.user("u").unwrap().user.clone();
    user.boundary = Some("arn:aws:iam::aws:policy/NoLongerManaged".to_owned());
    world.put(crate::entity::Entity::User(user));
    let answer = world.call(&credentials, "iam", "ListRoles", &Record::new());
    fails(answer, DENIED, "iam:ListRoles");
}
