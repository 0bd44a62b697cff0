//! Who may: rows, bucket policies, other accounts, the public.

use super::*;

#[test]
fn a_caller_without_policies_is_denied_every_operation() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let nobody = world.user_without_policies("nobody");
    for row in rows() {
        let input = Input {
            objects: vec![("k".into(), None)],
            source: Some(CopySource {
                bucket: "bucket".into(),
                key: "k".into(),
                ..CopySource::default()
            }),
            setting: Some(Setting::Policy(None)),
            ..about("bucket", "k")
        };
        let input = if row.operation == "CreateBucket" {
            about("another", "")
        } else {
            input
        };
        let answer = call(&mut world, &nobody, row.operation, input);
        if row.operation == "DeleteObjects" {
            // Each is refused by itself.
            let Ok(Answer::Deleted(each)) = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(each[0].fault.as_ref().unwrap().code, "AccessDenied");
            continue;
        }
        let name = row.operation;
        let fault = answer.expect_err(name);
        assert_eq!(fault.code, "AccessDenied", "{name}");
    }
}

#[test]
fn every_action_is_one_that_aws_publishes() {
    let known = policy::actions::Service::find("s3").unwrap();
    let sources = [
        include_str!("../buckets.rs"),
        include_str!("../copy.rs"),
        include_str!("../delete.rs"),
        include_str!("../listing.rs"),
        include_str!("../multipart.rs"),
        include_str!("../objects.rs"),
        include_str!("../settings.rs"),
        include_str!("../tags.rs"),
    ];
    let mut count = 0;
    for source in sources {
        for quoted in source.split("\"s3:").skip(1) {
            let name = quoted.split('"').next().unwrap();
            assert!(known.action(name).is_some(), "{name}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn an_operation_without_a_row_is_denied() {
    let (mut world, admin) = with_bucket();
    is(
        call(
            &mut world,
            &admin,
            "PutBucketReplication",
            about("bucket", ""),
        ),
        "AccessDenied",
        403,
    );
}

#[test]
fn who_may_not_list_is_not_told_what_is_missing() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let reader = world.user(
        "reader",
        &policy("Allow", "s3:GetObject", "arn:aws:s3:::bucket/*"),
    );
    get(&mut world, &reader, about("bucket", "k")).unwrap();
    is(
        get(&mut world, &reader, about("bucket", "missing")),
        "AccessDenied",
        403,
    );
    let lister = policy("Allow", "s3:*", "arn:aws:s3:::bucket*");
    let lister = world.user("lister", &lister);
    is(
        get(&mut world, &lister, about("bucket", "missing")),
        "NoSuchKey",
        404,
    );
}

fn bucket_policy(principal: &str, condition: &str) -> Setting {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"{condition}}}]}}"#
    );
    Setting::Policy(Some(text))
}

#[test]
fn another_account_needs_both() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let other = world.account("210987654321");
    is(
        get(&mut world, &other, about("bucket", "k")),
        "AccessDenied",
        403,
    );
    let trusts = bucket_policy(r#"{"AWS":"arn:aws:iam::210987654321:root"}"#, "");
    set(&mut world, "PutBucketPolicy", trusts).unwrap();
    get(&mut world, &other, about("bucket", "k")).unwrap();
    // What was not granted stays closed.
    is(
        put(&mut world, &other, about("bucket", "k"), 2),
        "AccessDenied",
        403,
    );
    set(&mut world, "DeleteBucketPolicy", Setting::Policy(None)).unwrap();
    is(
        get(&mut world, &other, about("bucket", "k")),
        "AccessDenied",
        403,
    );
}

#[test]
fn the_public_is_kept_out_as_long_as_the_bucket_says() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let other = world.account("210987654321");
    let everybody = || bucket_policy(r#""*""#, "");
    is(
        set(&mut world, "PutBucketPolicy", everybody()),
        "AccessDenied",
        403,
    );
    let open = |restrict| PublicAccessBlock {
        block_public_acls: false,
        ignore_public_acls: false,
        block_public_policy: false,
        restrict_public_buckets: restrict,
    };
    let block = |restrict| Setting::PublicAccess(Some(open(restrict)));
    set(&mut world, "PutPublicAccessBlock", block(true)).unwrap();
    set(&mut world, "PutBucketPolicy", everybody()).unwrap();
    is(
        get(&mut world, &other, about("bucket", "k")),
        "AccessDenied",
        403,
    );
    get(&mut world, &admin, about("bucket", "k")).unwrap();
    set(&mut world, "PutPublicAccessBlock", block(false)).unwrap();
    get(&mut world, &other, about("bucket", "k")).unwrap();
}

#[test]
fn a_bucket_policy_is_about_its_bucket_and_understood() {
    let (mut world, _) = with_bucket();
    for (text, expected) in [
        ("{}", "MalformedPolicy"),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
                "Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"s3:GetObject",
                "Resource":"arn:aws:s3:::bucket-of-others/*"}}"#,
            "MalformedPolicy",
        ),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
                "Principal":{"AWS":"arn:aws:iam::123456789012:user/who"},
                "Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}"#,
            "MalformedPolicy",
        ),
    ] {
        let setting = Setting::Policy(Some(text.to_owned()));
        is(set(&mut world, "PutBucketPolicy", setting), expected, 400);
    }
    let long = format!("{{\"Version\":\"{}\"}}", "x".repeat(21_000));
    let setting = Setting::Policy(Some(long));
    is(
        set(&mut world, "PutBucketPolicy", setting),
        "PolicyTooLarge",
        400,
    );
}

#[test]
fn a_deny_of_the_bucket_binds_the_administrator_too() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
        "Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/*",
        "Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}}]}"#;
    // Whom it denies something it lets in to nothing: it is not for the public.
    set(
        &mut world,
        "PutBucketPolicy",
        Setting::Policy(Some(text.into())),
    )
    .unwrap();
    is(
        put(&mut world, &admin, about("bucket", "k"), 2),
        "AccessDenied",
        403,
    );
    let asked = Input {
        encryption: EncryptionAsked {
            algorithm: Some("aws:kms".into()),
            ..EncryptionAsked::default()
        },
        ..about("bucket", "k")
    };
    let header = [("x-amz-server-side-encryption", "aws:kms")];
    call_with(&mut world, &admin, "PutObject", asked, &header).unwrap();
}

#[test]
fn an_expected_owner_is_the_owner() {
    let (mut world, admin) = with_bucket();
    let expecting = |owner| [("x-amz-expected-bucket-owner", owner)];
    let head = |world: &mut World, owner| {
        let admin = admin.clone();
        call_with(
            world,
            &admin,
            "HeadBucket",
            about("bucket", ""),
            &expecting(owner),
        )
    };
    head(&mut world, "123456789012").unwrap();
    is(head(&mut world, "210987654321"), "AccessDenied", 403);
}

#[test]
fn tags_of_an_object_decide() {
    let (mut world, admin) = with_bucket();
    let tagged = Input {
        tags: vec![crate::entity::Tag {
            key: "team".into(),
            value: "red".into(),
        }],
        ..about("bucket", "k")
    };
    put(&mut world, &admin, tagged, 1).unwrap();
    for (team, may) in [("red", true), ("blue", false)] {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:GetObject",
            "Resource":"*",
            "Condition":{{"StringEquals":{{"s3:ExistingObjectTag/team":"{team}"}}}}}}}}"#
        );
        let reader = world.user(team, &text);
        assert_eq!(
            get(&mut world, &reader, about("bucket", "k")).is_ok(),
            may,
            "{team}"
        );
    }
}
