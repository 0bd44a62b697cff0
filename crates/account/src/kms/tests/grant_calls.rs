//! The calls on grants: made once, listed, retired by whom they name, revoked, gone with their key.

use super::grants::{asking, granted, granting, user_arn};
use super::*;
use crate::entity::KmsGrantConstraint;
use crate::testing::policy;

const ID: (&str, u16) = ("InvalidGrantIdException", 400);

fn listed(world: &mut World, operation: &str, input: &Record) -> Vec<Record> {
    let answer = call(world, operation, input).unwrap();
    answer.records("Grants").cloned().collect()
}

#[test]
fn a_named_grant_is_made_once() {
    let mut world = World::new();
    let id = key(&mut world);
    world.user_without_policies("u");
    let input = granting(&id, &user_arn("u"), &["Decrypt", "Encrypt"]);
    let named = input.clone().with("Name", "backup");
    let one = call(&mut world, "CreateGrant", &named).unwrap();
    let two = call(&mut world, "CreateGrant", &named).unwrap();
    assert_eq!(one.text("GrantId"), two.text("GrantId"));
    assert_ne!(one.text("GrantToken"), two.text("GrantToken"));
    let order = named.clone().with("Operations", vec!["Encrypt", "Decrypt"]);
    assert_eq!(granted(&mut world, &order), one.text("GrantId").unwrap());
    for other in [
        named.clone().with("Name", "other"),
        named.clone().with("Operations", vec!["Decrypt"]),
        named.with("RetiringPrincipal", user_arn("u")),
        input.clone(),
        input,
    ] {
        assert_ne!(granted(&mut world, &other), one.text("GrantId").unwrap());
    }
    assert_eq!(listed(&mut world, "ListGrants", &of(&id)).len(), 6);
}

#[test]
fn a_grant_is_shown_as_it_was_made() {
    let mut world = World::new();
    let id = key(&mut world);
    world.user_without_policies("u");
    let constraint = Record::new().with("EncryptionContextSubset", context(&[("a", "b")]));
    let input = granting(&id, &user_arn("u"), &["Decrypt", "RetireGrant"])
        .with("Name", "backup")
        .with("RetiringPrincipal", world.admin_arn())
        .with("Constraints", constraint.clone());
    let grant = granted(&mut world, &input);
    assert_eq!(grant.len(), 64);
    let entries = listed(&mut world, "ListGrants", &of(&id));
    let [entry] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    for (member, value) in [
        ("KeyId", arn(&id)),
        ("GrantId", grant),
        ("Name", "backup".to_owned()),
        ("GranteePrincipal", user_arn("u")),
        ("RetiringPrincipal", world.admin_arn()),
        ("IssuingAccount", format!("arn:aws:iam::{ACCOUNT}:root")),
    ] {
        assert_eq!(entry.text(member), Some(&*value), "{member}");
    }
    assert_eq!(
        entry.texts("Operations").collect::<Vec<_>>(),
        ["Decrypt", "RetireGrant"]
    );
    assert_eq!(entry.record("Constraints"), Some(&constraint));
}

#[test]
fn grants_are_listed_by_pages_and_by_what_is_asked() {
    let mut world = World::new();
    let (id, other) = (key(&mut world), key(&mut world));
    let retiring = world.admin_arn();
    for (name, of) in [("a", &id), ("b", &id), ("c", &id), ("d", &other)] {
        world.user_without_policies(name);
        let input = granting(of, &user_arn(name), &["Decrypt"]);
        granted(
            &mut world,
            &input.with("RetiringPrincipal", retiring.as_str()),
        );
    }
    let all = listed(&mut world, "ListGrants", &of(&id));
    assert_eq!(all.len(), 3);
    for entry in &all {
        let by_id = of(&id).with("GrantId", entry.text("GrantId").unwrap());
        let by_grantee = of(&id).with("GranteePrincipal", entry.text("GranteePrincipal").unwrap());
        for input in [by_id, by_grantee] {
            let found = listed(&mut world, "ListGrants", &input);
            assert_eq!(found, std::slice::from_ref(entry));
        }
    }
    let none = of(&id).with("GranteePrincipal", user_arn("d"));
    assert!(listed(&mut world, "ListGrants", &none).is_empty());

    for (operation, input, count) in [
        ("ListGrants", of(&id), 3),
        (
            "ListRetirableGrants",
            texts(&[("RetiringPrincipal", &retiring)]),
            4,
        ),
    ] {
        let mut seen = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let page = input.clone().with("Limit", 2);
            let page = page.with_some("Marker", marker.as_deref());
            let answer = call(&mut world, operation, &page).unwrap();
            seen.extend(
                answer
                    .records("Grants")
                    .map(|it| it.text("GrantId").unwrap().to_owned()),
            );
            marker = answer.text("NextMarker").map(str::to_owned);
            assert_eq!(answer.boolean("Truncated"), Some(marker.is_some()));
            if marker.is_none() {
                break;
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{operation}");
    }
    let nobody = texts(&[("RetiringPrincipal", &user_arn("a"))]);
    assert!(listed(&mut world, "ListRetirableGrants", &nobody).is_empty());
    let without = call(&mut world, "ListRetirableGrants", &Record::new());
    fails(without, VALIDATION, "RetiringPrincipal");
}

#[test]
fn what_is_no_grant_is_refused() {
    let mut world = World::new();
    let id = key(&mut world);
    let input = asking(&id, &["Decrypt"]);
    let curve = [("KeySpec", "ECC_NIST_P256"), ("KeyUsage", "SIGN_VERIFY")];
    let curve = made(&mut world, &texts(&curve));
    let entries = || context(&[("a", "b")]);
    let subset = || Record::new().with("EncryptionContextSubset", entries());
    let both = subset().with("EncryptionContextEquals", entries());
    let ambiguous = context(&[("a", "b"), ("A", "b")]);
    let ambiguous = Record::new().with("EncryptionContextSubset", ambiguous);
    let long = "x".repeat(8_193);
    let long = Record::new().with("EncryptionContextEquals", context(&[("", &long)]));
    for (input, fault, words) in [
        (
            asking(&id, &["CreateGrant"]),
            VALIDATION,
            "only the CreateGrant operation",
        ),
        (asking(&id, &[]), VALIDATION, ""),
        (asking(&id, &["Sign"]), VALIDATION, "Sign is not valid"),
        (
            asking(&curve, &["Decrypt"]),
            VALIDATION,
            "Decrypt is not valid",
        ),
        (
            asking(&curve, &["Sign"]).with("Constraints", subset()),
            VALIDATION,
            "constraint",
        ),
        (
            input.clone().with("Constraints", both),
            VALIDATION,
            "More than one constraint",
        ),
        (
            input.clone().with("Constraints", ambiguous),
            VALIDATION,
            "case alone",
        ),
        (input.clone().with("Constraints", long), VALIDATION, "8193"),
    ] {
        fails(call(&mut world, "CreateGrant", &input), fault, words);
    }
    assert!(listed(&mut world, "ListGrants", &of(&id)).is_empty());
}

#[test]
fn who_is_nobody_is_granted_nothing() {
    let mut world = World::new();
    let id = key(&mut world);
    let input = asking(&id, &["Decrypt"]);
    for (input, fault, words) in [
        (
            granting(&id, &user_arn("nobody"), &["Decrypt"]),
            ARN,
            "valid principal",
        ),
        (
            granting(&id, "nobody", &["Decrypt"]),
            ARN,
            "valid principal",
        ),
        (
            granting(&id, &arn(&id), &["Decrypt"]),
            ARN,
            "valid principal",
        ),
        (
            input.clone().with("RetiringPrincipal", user_arn("nobody")),
            ARN,
            "valid principal",
        ),
        (
            input.clone().with("GrantTokens", vec!["none"]),
            TOKEN,
            "grant token",
        ),
        (
            input
                .clone()
                .with("GranteeServicePrincipal", "sns.amazonaws.com"),
            UNSUPPORTED,
            "GranteeServicePrincipal",
        ),
        (
            input
                .clone()
                .with("RetiringServicePrincipal", "sns.amazonaws.com"),
            UNSUPPORTED,
            "RetiringServicePrincipal",
        ),
        (asking(NOBODYS, &["Decrypt"]), MISSING, "does not exist"),
        (asking("alias/none", &["Decrypt"]), MISSING, ""),
        (
            of(&id).with("Operations", vec!["Decrypt"]),
            VALIDATION,
            "GranteePrincipal",
        ),
    ] {
        fails(call(&mut world, "CreateGrant", &input), fault, words);
    }
    let dry = input.clone().with("DryRun", true);
    fails(
        call(&mut world, "CreateGrant", &dry),
        ("DryRunOperationException", 400),
        "",
    );
    call(&mut world, "DisableKey", &of(&id)).unwrap();
    fails(
        call(&mut world, "CreateGrant", &input),
        DISABLED,
        "is disabled",
    );
    assert!(listed(&mut world, "ListGrants", &of(&id)).is_empty());
}

#[test]
fn the_constraint_without_an_entry_is_not_meant_where_there_are_two() {
    let mut world = World::new();
    let id = key(&mut world);
    let (equals, subset) = ("EncryptionContextEquals", "EncryptionContextSubset");
    let (some, none) = ([("a", "b")], []);
    for (constraints, meant) in [
        (
            vec![(equals, &some[..]), (subset, &none)],
            Some((equals, &some[..])),
        ),
        (
            vec![(equals, &none), (subset, &some)],
            Some((subset, &some)),
        ),
        (vec![(equals, &none), (subset, &none)], None),
        // Alone it is meant: no context at all.
        (vec![(equals, &none)], Some((equals, &none))),
    ] {
        let with = |record: Record, (kind, entries): &(&'static str, &[(&str, &str)])| {
            record.with(kind, context(entries))
        };
        let given = constraints.iter().fold(Record::new(), with);
        let input = asking(&id, &["Decrypt"]).with("Constraints", given);
        let grant = granted(&mut world, &input);
        let held = world.state.kms_grants(&id).unwrap().get(&grant).unwrap();
        let own = held.grant.constraint.clone();
        let entries = |of: &[(&str, &str)]| {
            let entry = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            of.iter().map(entry).collect()
        };
        let expect = meant.map(|(kind, of)| match kind {
            "EncryptionContextEquals" => KmsGrantConstraint::Equals(entries(of)),
            _ => KmsGrantConstraint::Subset(entries(of)),
        });
        assert_eq!(own, expect);
    }
}

#[test]
fn a_grant_says_who_retires_it() {
    let mut world = World::new();
    let id = key(&mut world);
    let everything = policy("Allow", "kms:ListKeys", "*");
    let grantee = world.user("grantee", &everything);
    let retiring = world.user("retiring", &everything);
    let stranger = world.user("stranger", &everything);
    let delegated = world.user("delegated", &policy("Allow", "kms:RetireGrant", "*"));
    let denied = world.user("denied", &policy("Deny", "kms:RetireGrant", "*"));
    let input = granting(&id, &user_arn("grantee"), &["Decrypt"]);
    let by_both = granting(&id, &user_arn("grantee"), &["Decrypt", "RetireGrant"])
        .with("RetiringPrincipal", user_arn("retiring"));
    let by_denied = input.clone().with("RetiringPrincipal", user_arn("denied"));
    for (input, who, allowed) in [
        (&input, &grantee, false),
        (&input, &retiring, false),
        (&input, &delegated, true),
        (&by_both, &grantee, true),
        (&by_both, &retiring, true),
        (&by_both, &stranger, false),
        (&by_denied, &denied, false),
    ] {
        let made = call(&mut world, "CreateGrant", input).unwrap();
        let by_id = of(&id).with("GrantId", made.text("GrantId").unwrap());
        let by_token = texts(&[("GrantToken", made.text("GrantToken").unwrap())]);
        for by in [by_id, by_token] {
            let answer = world.call(who, "kms", "RetireGrant", &by);
            if allowed {
                answer.unwrap();
                // The same again, to be named the other way.
                let again = call(&mut world, "CreateGrant", &input.clone()).unwrap();
                assert_ne!(again.text("GrantId"), made.text("GrantId"));
                break;
            }
            fails(answer, DENIED, "kms:RetireGrant");
        }
    }
    let made = call(&mut world, "CreateGrant", &by_both).unwrap();
    let by_token = texts(&[("GrantToken", made.text("GrantToken").unwrap())]);
    world
        .call(&retiring, "kms", "RetireGrant", &by_token)
        .unwrap();
    let again = world.admin("kms", "RetireGrant", &by_token);
    fails(again, MISSING, "not found");
}

#[test]
fn what_names_no_grant_is_refused() {
    let mut world = World::new();
    let id = key(&mut world);
    let zeros = "0".repeat(64);
    let with = |grant: &str| of(&id).with("GrantId", grant);
    for operation in ["RetireGrant", "RevokeGrant"] {
        for (input, fault) in [
            (with(&zeros), MISSING),
            (with("none"), ID),
            (with(&"x".repeat(64)), ID),
            (of(NOBODYS).with("GrantId", zeros.as_str()), MISSING),
        ] {
            fails(call(&mut world, operation, &input), fault, "");
        }
    }
    for (input, fault) in [
        (Record::new(), VALIDATION),
        (of(&id), VALIDATION),
        (texts(&[("GrantToken", "none")]), TOKEN),
    ] {
        fails(call(&mut world, "RetireGrant", &input), fault, "");
    }
    let grant = granted(&mut world, &asking(&id, &["Decrypt"]));
    for operation in ["RetireGrant", "RevokeGrant"] {
        let dry = with(&grant).with("DryRun", true);
        fails(
            call(&mut world, operation, &dry),
            ("DryRunOperationException", 400),
            "",
        );
    }
    assert_eq!(listed(&mut world, "ListGrants", &of(&id)).len(), 1);
}

#[test]
fn a_grant_token_is_taken_by_every_call_that_has_one() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user_without_policies("u");
    let made = call(
        &mut world,
        "CreateGrant",
        &granting(&id, &user_arn("u"), &["Encrypt"]),
    )
    .unwrap();
    let token = made.text("GrantToken").unwrap();
    let input = of(&id).with("Plaintext", text("p"));
    let input = input.with("GrantTokens", vec![token]);
    world.call(&user, "kms", "Encrypt", &input).unwrap();
    let revoke = of(&id).with("GrantId", made.text("GrantId").unwrap());
    call(&mut world, "RevokeGrant", &revoke).unwrap();
    // It is none the worse for it, but it lets nobody in any more.
    call(&mut world, "Encrypt", &input).unwrap();
    fails(
        world.call(&user, "kms", "Encrypt", &input),
        DENIED,
        "kms:Encrypt",
    );
}

#[test]
fn policies_say_which_grants_may_be_made() {
    let mut world = World::new();
    let id = key(&mut world);
    world.user_without_policies("u");
    world.user_without_policies("v");
    let condition = format!(
        r#"{{"ForAllValues:StringEquals":{{"kms:GrantOperations":["Decrypt","DescribeKey"]}},
        "StringEquals":{{"kms:GranteePrincipal":"{}",
        "kms:GrantConstraintType":"EncryptionContextSubset","kms:EncryptionContext:team":"red"}},
        "StringEqualsIfExists":{{"kms:RetiringPrincipal":"{}"}},
        "Bool":{{"kms:GrantIsForAWSResource":"false"}}}}"#,
        user_arn("u"),
        user_arn("v")
    );
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"kms:CreateGrant",
        "Resource":"*","Condition":{condition}}}}}"#
    );
    let maker = world.user("maker", &policy);
    let constraint =
        |value| Record::new().with("EncryptionContextSubset", context(&[("team", value)]));
    let input = granting(&id, &user_arn("u"), &["Decrypt"]).with("Constraints", constraint("red"));
    world.call(&maker, "kms", "CreateGrant", &input).unwrap();
    let retired = input.clone().with("RetiringPrincipal", user_arn("v"));
    world.call(&maker, "kms", "CreateGrant", &retired).unwrap();
    let equals = Record::new().with("EncryptionContextEquals", context(&[("team", "red")]));
    for denied in [
        input.clone().with("Operations", vec!["Decrypt", "Encrypt"]),
        input.clone().with("GranteePrincipal", user_arn("v")),
        input.clone().with("RetiringPrincipal", user_arn("u")),
        input.clone().with("Constraints", constraint("blue")),
        input.clone().with("Constraints", equals),
    ] {
        let answer = world.call(&maker, "kms", "CreateGrant", &denied);
        fails(answer, DENIED, "kms:CreateGrant");
    }
}

#[test]
fn grants_go_with_their_key() {
    let mut world = World::new();
    let id = key(&mut world);
    for _ in 0..300 {
        granted(&mut world, &asking(&id, &["Decrypt"]));
    }
    let retiring = asking(&id, &["Decrypt"]).with("RetiringPrincipal", world.admin_arn());
    granted(&mut world, &retiring);
    call(&mut world, "ScheduleKeyDeletion", &of(&id)).unwrap();
    assert!(!listed(&mut world, "ListGrants", &of(&id)).is_empty());
    world.now = seconds(31 * DAY);
    let retirable = texts(&[("RetiringPrincipal", &world.admin_arn())]);
    assert!(listed(&mut world, "ListRetirableGrants", &retirable).is_empty());
    // More than one call may clear away.
    key(&mut world);
    assert!(world.state.kms_key(&id).is_some());
    key(&mut world);
    assert!(world.state.kms_key(&id).is_none());
    assert!(world.state.kms_grants(&id).is_none());
}
