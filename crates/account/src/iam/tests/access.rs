//! Users, their keys, inline policies and attachments.

use super::*;

#[test]
fn a_user_is_whoever_is_named_or_calls() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "iam:*", "*"));
    let own = world.call(&user, "iam", "GetUser", &Record::new()).unwrap();
    let own = own.record("User").unwrap();
    assert_eq!(own.text("Arn"), Some("arn:aws:iam::123456789012:user/u"));

    let keys = world
        .call(&user, "iam", "ListAccessKeys", &Record::new())
        .unwrap();
    let key = keys.records("AccessKeyMetadata").next().unwrap();
    assert_eq!(key.text("AccessKeyId"), Some(&*user.access_key_id));
    let arn = world.role("r", &trust("123456789012"), &policy("Allow", "*", "*"));
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let session = world.assume(&admin, &input);
    let answer = world.call(&session, "iam", "GetUser", &Record::new());
    fails(
        answer,
        VALIDATION,
        "Must specify userName when calling with non-User credentials",
    );
}

#[test]
fn a_user_that_is_bound_cannot_be_deleted() {
    let mut world = World::new();
    let user = world.user("u", &allow());
    let delete = [("UserName", "u")];
    let words = "must delete policies first";
    fails(named(&mut world, "DeleteUser", &delete), CONFLICT, words);
    let inline = [("UserName", "u"), ("PolicyName", "inline")];
    named(&mut world, "DeleteUserPolicy", &inline).unwrap();
    let words = "must delete access keys first";
    fails(named(&mut world, "DeleteUser", &delete), CONFLICT, words);
    let key = [("UserName", "u"), ("AccessKeyId", &*user.access_key_id)];
    named(&mut world, "DeleteAccessKey", &key).unwrap();
    let arn = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
    let attached = [("UserName", "u"), ("PolicyArn", arn)];
    named(&mut world, "AttachUserPolicy", &attached).unwrap();
    let words = "must detach all policies first";
    fails(named(&mut world, "DeleteUser", &delete), CONFLICT, words);
    named(&mut world, "DetachUserPolicy", &attached).unwrap();

    named(&mut world, "DeleteUser", &delete).unwrap();
    fails(named(&mut world, "GetUser", &delete), MISSING, "u");
}

#[test]
fn a_user_has_two_keys_and_no_more() {
    let mut world = World::new();
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    let of = [("UserName", "u")];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = named(&mut world, "CreateAccessKey", &of).unwrap();
        let key = made.record("AccessKey").unwrap();
        assert_eq!(key.secret("SecretAccessKey").unwrap().len(), 40);
        assert_eq!(key.text("Status"), Some("Active"));
        ids.push(key.text("AccessKeyId").unwrap().to_owned());
    }
    let words = "Cannot exceed quota for AccessKeysPerUser: 2";
    fails(named(&mut world, "CreateAccessKey", &of), LIMIT, words);
    ids.sort();
    assert_eq!(names(&mut world, "ListAccessKeys", &texts(&of), 1), ids);

    let foreign = [("UserName", "administrator"), ("AccessKeyId", &*ids[0])];
    let words = "cannot be found";
    fails(
        named(&mut world, "DeleteAccessKey", &foreign),
        MISSING,
        words,
    );
    let update = [
        ("UserName", "u"),
        ("AccessKeyId", &*ids[0]),
        ("Status", "Expired"),
    ];
    fails(
        named(&mut world, "UpdateAccessKey", &update),
        INPUT,
        "Expired",
    );
}

#[test]
fn inline_policies_are_put_read_listed_and_deleted() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    let (one, two) = (allow(), policy("Deny", "s3:*", "*"));
    for (kind, member, owner) in [("Role", "RoleName", "r"), ("User", "UserName", "u")] {
        let operation = |verb: &str| format!("{verb}{kind}Policy");
        for (name, document) in [("b", &one), ("a", &one), ("b", &two)] {
            let members = [
                (member, owner),
                ("PolicyName", name),
                ("PolicyDocument", document),
            ];
            named(&mut world, &operation("Put"), &members).unwrap();
        }
        let got = named(
            &mut world,
            &operation("Get"),
            &[(member, owner), ("PolicyName", "b")],
        );
        let got = got.unwrap();
        assert_eq!(got.text(member), Some(owner));
        let document = got.text("PolicyDocument").unwrap();
        let decoded = percent_encoding::percent_decode_str(document)
            .decode_utf8()
            .unwrap();
        assert_eq!(decoded, two);
        let list = format!("List{kind}Policies");
        assert_eq!(
            names(&mut world, &list, &texts(&[(member, owner)]), 1),
            ["a", "b"]
        );
        let missing = [(member, owner), ("PolicyName", "B")];
        let words = format!(
            "The {} policy with name B cannot be found.",
            kind.to_lowercase()
        );
        fails(
            named(&mut world, &operation("Get"), &missing),
            MISSING,
            &words,
        );
        fails(
            named(&mut world, &operation("Delete"), &missing),
            MISSING,
            &words,
        );
        named(
            &mut world,
            &operation("Delete"),
            &[(member, owner), ("PolicyName", "b")],
        )
        .unwrap();
        assert_eq!(
            names(&mut world, &list, &texts(&[(member, owner)]), 1),
            ["a"]
        );
    }
}

/// A policy of this many characters that are no white space.
pub(super) fn long(characters: usize) -> String {
    let empty = statements(r#"{"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"}"#);
    let sid = "x".repeat(characters - empty.len());
    empty.replace(r#""Sid":"""#, &format!(r#""Sid":"{sid}""#))
}

#[test]
fn inline_policies_of_one_owner_share_a_quota() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    for (operation, member, owner, noun, max) in [
        ("PutRolePolicy", "RoleName", "r", "role", 10_240),
        ("PutUserPolicy", "UserName", "u", "user", 2_048),
    ] {
        let spaced = format!("{}\n\t ", long(max - 500));
        let (rest, over) = (long(500), long(501));
        let put = |world: &mut World, name: &str, document: &str| {
            let members = [
                (member, owner),
                ("PolicyName", name),
                ("PolicyDocument", document),
            ];
            named(world, operation, &members)
        };
        put(&mut world, "one", &spaced).unwrap();
        let alone = long(max + 1);
        let words = format!("Maximum policy size of {max} bytes exceeded for {noun} {owner}");
        fails(put(&mut world, "one", &alone), LIMIT, &words);
        fails(put(&mut world, "two", &over), LIMIT, &words);
        put(&mut world, "two", &rest).unwrap();
    }
}

#[test]
fn attaching_is_idempotent_and_detaching_is_not() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let arn = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
    let attached = [("RoleName", "r"), ("PolicyArn", arn)];
    for _ in 0..2 {
        named(&mut world, "AttachRolePolicy", &attached).unwrap();
    }
    let of = texts(&[("RoleName", "r")]);
    let listed = names(&mut world, "ListAttachedRolePolicies", &of, 1);
    assert_eq!(listed, ["ec2-secrets-manager-policy"]);
    named(&mut world, "DetachRolePolicy", &attached).unwrap();
    fails(
        named(&mut world, "DetachRolePolicy", &attached),
        MISSING,
        "was not found",
    );
    let none = [
        ("RoleName", "r"),
        ("PolicyArn", "arn:aws:iam::123456789012:policy/none"),
    ];
    let words = "does not exist or is not attachable";
    fails(named(&mut world, "AttachRolePolicy", &none), MISSING, words);
}

#[test]
fn an_owner_has_a_bounded_number_of_attachments() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    let document = allow();
    for at in 0..11 {
        let name = format!("p{at}");
        let path = if at % 2 == 0 { "/even/" } else { "/odd/" };
        let made = [
            ("PolicyName", &*name),
            ("PolicyDocument", &document),
            ("Path", path),
        ];
        named(&mut world, "CreatePolicy", &made).unwrap();
        let arn = format!("arn:aws:iam::123456789012:policy{path}{name}");
        for (operation, member, owner, quota) in [
            ("AttachRolePolicy", "RoleName", "r", "PoliciesPerRole"),
            ("AttachUserPolicy", "UserName", "u", "PoliciesPerUser"),
        ] {
            let answer = named(
                &mut world,
                operation,
                &[(member, owner), ("PolicyArn", &arn)],
            );
            if at < 10 {
                answer.unwrap();
            } else {
                fails(
                    answer,
                    LIMIT,
                    &format!("Cannot exceed quota for {quota}: 10"),
                );
            }
        }
    }
    let even = texts(&[("RoleName", "r"), ("PathPrefix", "/even/")]);
    let listed = names(&mut world, "ListAttachedRolePolicies", &even, 2);
    assert_eq!(listed, ["p0", "p2", "p4", "p6", "p8"]);
}
