//! Changes of what is there: names, descriptions, tags, the account's own settings, and what users
//! never have.

use super::*;

const DENIED: (&str, u16) = ("AccessDenied", 403);

fn tag(key: &str, value: &str) -> Record {
    texts(&[("Key", key), ("Value", value)])
}

#[test]
fn a_role_is_described_anew() {
    let mut world = World::new();
    let input = role("r").with("MaxSessionDuration", 7_200);
    call(&mut world, "CreateRole", &input).unwrap();
    let of = |world: &mut World| {
        let got = named(world, "GetRole", &[("RoleName", "r")]).unwrap();
        let shown = got.record("Role").unwrap();
        let description = shown.text("Description").map(str::to_owned);
        (description, shown.integer("MaxSessionDuration").unwrap())
    };
    let members = [("RoleName", "r"), ("Description", "words")];
    let answer = named(&mut world, "UpdateRoleDescription", &members).unwrap();
    let shown = answer.record("Role").unwrap();
    assert_eq!(shown.text("Description"), Some("words"));
    assert_eq!(of(&mut world), (Some("words".into()), 7_200));
    let longer = texts(&[("RoleName", "r")]).with("MaxSessionDuration", 10_800);
    call(&mut world, "UpdateRole", &longer).unwrap();
    assert_eq!(of(&mut world), (Some("words".into()), 10_800));
    // Without a time it is the default again.
    named(
        &mut world,
        "UpdateRole",
        &[("RoleName", "r"), ("Description", "")],
    )
    .unwrap();
    assert_eq!(of(&mut world), (Some(String::new()), 3_600));
    let none = [("RoleName", "none"), ("Description", "x")];
    for operation in ["UpdateRole", "UpdateRoleDescription"] {
        fails(
            named(&mut world, operation, &none),
            MISSING,
            "role with name none",
        );
    }
    let short = texts(&[("RoleName", "r")]).with("MaxSessionDuration", 60);
    fails(
        call(&mut world, "UpdateRole", &short),
        VALIDATION,
        "maxSessionDuration",
    );
}

#[test]
fn a_user_by_another_name_is_the_same_user() {
    let mut world = World::new();
    let user = world.user("old", &policy("Allow", "iam:ListRoles", "*"));
    let id = |world: &mut World, name: &str| {
        let got = named(world, "GetUser", &[("UserName", name)])?;
        Ok::<_, Fault>(
            got.record("User")
                .unwrap()
                .text("UserId")
                .unwrap()
                .to_owned(),
        )
    };
    let before = id(&mut world, "old").unwrap();
    let taken = [("UserName", "old"), ("NewUserName", "Administrator")];
    let words = "User with name Administrator already exists.";
    fails(named(&mut world, "UpdateUser", &taken), EXISTS, words);
    let members = [
        ("UserName", "old"),
        ("NewUserName", "new"),
        ("NewPath", "/p/"),
    ];
    named(&mut world, "UpdateUser", &members).unwrap();
    assert_eq!(id(&mut world, "new").unwrap(), before);
    fails(id(&mut world, "old"), MISSING, "old");
    world
        .call(&user, "iam", "ListRoles", &Record::new())
        .unwrap();
    let who = world.call(&user, "sts", "GetCallerIdentity", &Record::new());
    let arn = "arn:aws:iam::123456789012:user/p/new";
    assert_eq!(who.unwrap().text("Arn"), Some(arn));
    let keys = named(&mut world, "ListAccessKeys", &[("UserName", "new")]).unwrap();
    assert_eq!(keys.records("AccessKeyMetadata").count(), 1);
    // Other letters alone are no other user.
    let members = [("UserName", "new"), ("NewUserName", "New")];
    named(&mut world, "UpdateUser", &members).unwrap();
    assert_eq!(id(&mut world, "New").unwrap(), before);
    let none = [("UserName", "none"), ("NewUserName", "x")];
    fails(named(&mut world, "UpdateUser", &none), MISSING, "none");
}

#[test]
fn to_rename_a_user_both_names_have_to_be_allowed() {
    let mut world = World::new();
    let own = "arn:aws:iam::123456789012:user/u";
    let user = world.user("u", &policy("Allow", "iam:UpdateUser", own));
    let input = texts(&[("UserName", "u"), ("NewUserName", "admin")]);
    let answer = world.call(&user, "iam", "UpdateUser", &input);
    fails(answer, DENIED, "user/admin");
}

#[test]
fn tags_are_set_taken_away_and_listed() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let profile = [("InstanceProfileName", "p")];
    named(&mut world, "CreateInstanceProfile", &profile).unwrap();
    let arn = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
    for (of, member, name) in [
        ("Role", "RoleName", "r"),
        ("User", "UserName", "administrator"),
        ("Policy", "PolicyArn", arn),
        ("InstanceProfile", "InstanceProfileName", "p"),
    ] {
        let on = texts(&[(member, name)]);
        let tagging = on.clone().with("Tags", vec![tag("b", "1"), tag("a", "2")]);
        call(&mut world, &format!("Tag{of}"), &tagging).unwrap();
        let tagging = on.clone().with("Tags", vec![tag("B", "3")]);
        call(&mut world, &format!("Tag{of}"), &tagging).unwrap();
        let listed = |world: &mut World, input: &Record| {
            let page = call(world, &format!("List{of}Tags"), input).unwrap();
            let pair = |tag: &Record| {
                let of = |member| tag.text(member).unwrap().to_owned();
                format!("{}={}", of("Key"), of("Value"))
            };
            let tags: Vec<String> = page.records("Tags").map(pair).collect();
            (tags, page.text("Marker").map(str::to_owned))
        };
        let (tags, _) = listed(&mut world, &on);
        assert_eq!(tags, ["B=3", "a=2"], "{of}");
        let (first, marker) = listed(&mut world, &on.clone().with("MaxItems", 1));
        assert_eq!(first, ["B=3"]);
        let rest = on.clone().with("Marker", marker.unwrap());
        assert_eq!(listed(&mut world, &rest), (vec!["a=2".to_owned()], None));
        let gone = on.clone().with("TagKeys", vec!["b", "none"]);
        call(&mut world, &format!("Untag{of}"), &gone).unwrap();
        assert_eq!(listed(&mut world, &on).0, ["a=2"], "{of}");

        let many: Vec<Record> = (0..50).map(|index| tag(&index.to_string(), "")).collect();
        let many = on.clone().with("Tags", many);
        let answer = call(&mut world, &format!("Tag{of}"), &many);
        fails(answer, LIMIT, "maximum limit of 50");
        let reserved = on.clone().with("Tags", vec![tag("aws:x", "")]);
        let answer = call(&mut world, &format!("Tag{of}"), &reserved);
        fails(answer, INPUT, "reserved prefix");
    }
    let input = texts(&[("RoleName", "none")]);
    fails(call(&mut world, "ListRoleTags", &input), MISSING, "none");
    let awss = texts(&[("PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess")]);
    let tagging = awss.with("Tags", vec![tag("a", "")]);
    fails(
        call(&mut world, "TagPolicy", &tagging),
        DENIED,
        "iam:TagPolicy",
    );
}

#[test]
fn who_may_set_one_tag_may_not_set_another() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let tagger = world.user(
        "tagger",
        &statements(
            r#"{"Effect":"Allow","Action":["iam:TagRole","iam:UntagRole"],"Resource":"*",
                "Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"team"},
                             "Null":{"aws:TagKeys":"false"}}}"#,
        ),
    );
    for (key, allowed) in [("team", true), ("cost", false)] {
        let on = texts(&[("RoleName", "r")]);
        let tagging = on.clone().with("Tags", vec![tag(key, "x")]);
        let gone = on.with("TagKeys", vec![key]);
        for (operation, input) in [("TagRole", tagging), ("UntagRole", gone)] {
            let answer = world.call(&tagger, "iam", operation, &input);
            if allowed {
                answer.unwrap();
            } else {
                fails(answer, DENIED, operation);
            }
        }
    }
}

#[test]
fn an_account_has_one_alias() {
    let mut world = World::new();
    let aliases = |world: &mut World| {
        let found = call(world, "ListAccountAliases", &Record::new()).unwrap();
        let found: Vec<String> = found.texts("AccountAliases").map(str::to_owned).collect();
        found
    };
    assert!(aliases(&mut world).is_empty());
    let one = [("AccountAlias", "my-team")];
    named(&mut world, "CreateAccountAlias", &one).unwrap();
    fails(
        named(&mut world, "CreateAccountAlias", &one),
        EXISTS,
        "my-team",
    );
    let other = [("AccountAlias", "other")];
    fails(
        named(&mut world, "DeleteAccountAlias", &other),
        MISSING,
        "other",
    );
    named(&mut world, "CreateAccountAlias", &other).unwrap();
    assert_eq!(aliases(&mut world), ["other"]);
    named(&mut world, "DeleteAccountAlias", &other).unwrap();
    assert!(aliases(&mut world).is_empty());
    for wrong in ["ab", "Upper", "-a-b", "double--hyphen"] {
        let answer = named(&mut world, "CreateAccountAlias", &[("AccountAlias", wrong)]);
        fails(answer, VALIDATION, "accountAlias");
    }
}

#[test]
fn a_password_policy_is_whole_each_time_it_is_set() {
    let mut world = World::new();
    let words = "The Password Policy with domain name 123456789012 cannot be found.";
    for operation in ["GetAccountPasswordPolicy", "DeleteAccountPasswordPolicy"] {
        fails(call(&mut world, operation, &Record::new()), MISSING, words);
    }
    let input = Record::new()
        .with("MinimumPasswordLength", 14)
        .with("RequireSymbols", true)
        .with("MaxPasswordAge", 90);
    call(&mut world, "UpdateAccountPasswordPolicy", &input).unwrap();
    let get = |world: &mut World| {
        let got = call(world, "GetAccountPasswordPolicy", &Record::new()).unwrap();
        got.record("PasswordPolicy").unwrap().clone()
    };
    let shown = get(&mut world);
    assert_eq!(shown.integer("MinimumPasswordLength"), Some(14));
    assert_eq!(shown.boolean("RequireSymbols"), Some(true));
    assert_eq!(shown.boolean("ExpirePasswords"), Some(true));
    assert_eq!(shown.integer("MaxPasswordAge"), Some(90));
    call(&mut world, "UpdateAccountPasswordPolicy", &Record::new()).unwrap();
    let shown = get(&mut world);
    assert_eq!(shown.integer("MinimumPasswordLength"), Some(6));
    assert_eq!(shown.boolean("RequireSymbols"), Some(false));
    assert_eq!(shown.boolean("ExpirePasswords"), Some(false));
    assert_eq!(shown.integer("MaxPasswordAge"), None);
    call(&mut world, "DeleteAccountPasswordPolicy", &Record::new()).unwrap();
    let short = Record::new().with("MinimumPasswordLength", 5);
    let answer = call(&mut world, "UpdateAccountPasswordPolicy", &short);
    fails(answer, VALIDATION, "minimumPasswordLength");
}

#[test]
fn the_summary_counts_what_there_is() {
    let mut world = World::new();
    named(&mut world, "CreateGroup", &[("GroupName", "g")]).unwrap();
    named(&mut world, "CreateUser", &[("UserName", "u")]).unwrap();
    let answer = call(&mut world, "GetAccountSummary", &Record::new()).unwrap();
    let Some(protocol::Value::Map(map)) = answer.get("SummaryMap") else {
        panic!("no map");
    };
    for (name, expect) in [
        ("Users", 2),
        ("Groups", 1),
        ("Roles", 1),
        ("Policies", 1),
        ("InstanceProfiles", 1),
        ("AccessKeysPerUserQuota", 2),
        ("AccountMFAEnabled", 0),
    ] {
        let found = map.iter().find(|(key, _)| key == name).unwrap();
        assert_eq!(found.1, protocol::Value::Integer(expect), "{name}");
    }
}

#[test]
fn what_no_user_has_is_told_so_of_users_that_are_there() {
    let mut world = World::new();
    for (operation, list) in [
        ("ListMFADevices", "MFADevices"),
        ("ListSSHPublicKeys", "SSHPublicKeys"),
        ("ListSigningCertificates", "Certificates"),
        (
            "ListServiceSpecificCredentials",
            "ServiceSpecificCredentials",
        ),
    ] {
        let members = [("UserName", "administrator")];
        let found = named(&mut world, operation, &members).unwrap();
        assert!(
            found.list(list).is_empty() && found.get(list).is_some(),
            "{operation}"
        );
        let none = [("UserName", "none")];
        fails(
            named(&mut world, operation, &none),
            MISSING,
            "none cannot be found",
        );
    }
    let found = call(&mut world, "ListVirtualMFADevices", &Record::new()).unwrap();
    assert!(found.list("VirtualMFADevices").is_empty());
    for operation in ["GetLoginProfile", "DeleteLoginProfile"] {
        let answer = named(&mut world, operation, &[("UserName", "administrator")]);
        let words = "Login Profile for User administrator cannot be found.";
        fails(answer, MISSING, words);
    }
}
