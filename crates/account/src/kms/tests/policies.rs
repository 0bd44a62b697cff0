//! Key policies: nobody may but whom they let, and nobody is locked out by mistake.

use super::*;
use crate::testing::{policy, statements};

const USER: &str = "arn:aws:iam::123456789012:user/u";
const ADMIN: &str = "arn:aws:iam::123456789012:user/administrator";
const ROOT: &str = "arn:aws:iam::123456789012:root";
const LOCKED: &str = "will not allow you to update the key policy";

fn block(effect: &str, principal: &str, action: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect":"{effect}","Principal":{{"AWS":"{principal}"}},"Action":"{action}",
            "Resource":"*"{condition}}}"#
    )
}

fn allow(principal: &str, action: &str) -> String {
    block("Allow", principal, action, "")
}

fn with_policy(world: &mut World, blocks: &[&str]) -> String {
    made(world, &texts(&[("Policy", &statements(&blocks.join(",")))]))
}

fn encrypt(world: &mut World, who: &Credentials, id: &str) -> Result<Record, Fault> {
    let input = of(id).with("Plaintext", text("p"));
    world.call(who, "kms", "Encrypt", &input)
}

fn put(world: &mut World, id: &str, policy: &str, bypass: bool) -> Result<Record, Fault> {
    let input = texts(&[("KeyId", id), ("Policy", policy)]);
    call(
        world,
        "PutKeyPolicy",
        &input.with("BypassPolicyLockoutSafetyCheck", bypass),
    )
}

#[test]
fn the_default_policy_leaves_it_to_the_accounts_policies() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user("u", &policy("Allow", "kms:Encrypt", &arn(&id)));
    let nobody = world.user_without_policies("nobody");
    encrypt(&mut world, &user, &id).unwrap();
    fails(
        encrypt(&mut world, &nobody, &id),
        DENIED,
        "no identity-based policy",
    );
    let other = key(&mut world);
    fails(
        encrypt(&mut world, &user, &other),
        DENIED,
        "no identity-based policy",
    );
}

#[test]
fn without_root_the_accounts_policies_grant_nothing() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let blocks = [
        &*allow(ADMIN, "kms:PutKeyPolicy"),
        &allow(USER, "kms:Encrypt"),
    ];
    let id = with_policy(&mut world, &blocks);
    encrypt(&mut world, &user, &id).unwrap();
    let admin = world.admin.clone();
    fails(
        encrypt(&mut world, &admin, &id),
        DENIED,
        "no resource-based policy allows",
    );
    for operation in [
        "DescribeKey",
        "GetKeyPolicy",
        "DisableKey",
        "ScheduleKeyDeletion",
    ] {
        let answer = call(&mut world, operation, &of(&id));
        fails(answer, DENIED, "no resource-based policy allows");
    }
    let alias = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &id)]);
    fails(
        call(&mut world, "CreateAlias", &alias),
        DENIED,
        "on resource: arn:aws:kms",
    );
    put(&mut world, &id, &statements(&allow(ROOT, "kms:*")), false).unwrap();
    encrypt(&mut world, &admin, &id).unwrap();
    fails(
        encrypt(&mut world, &user, &id),
        DENIED,
        "no identity-based policy",
    );
}

#[test]
fn a_policy_that_locks_the_caller_out_is_refused_unless_that_is_wanted() {
    let mut world = World::new();
    world.user_without_policies("u");
    let id = key(&mut world);
    let elsewhere = r#","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.1"}}"#;
    for locking in [
        allow(USER, "kms:*"),
        allow(ROOT, "kms:Encrypt"),
        [
            allow(ROOT, "kms:*"),
            block("Deny", "*", "kms:PutKeyPolicy", ""),
        ]
        .join(","),
        block("Allow", ROOT, "kms:*", elsewhere),
        allow("arn:aws:iam::210987654321:root", "kms:*"),
    ] {
        let text = statements(&locking);
        fails(put(&mut world, &id, &text, false), MALFORMED, LOCKED);
        let input = texts(&[("Policy", &text)]);
        fails(call(&mut world, "CreateKey", &input), MALFORMED, LOCKED);
    }
    for open in [
        allow(ADMIN, "kms:PutKeyPolicy"),
        allow("123456789012", "kms:*"),
        allow("*", "kms:Put*"),
        block(
            "Allow",
            ROOT,
            "kms:*",
            r#","Condition":{"StringEquals":{"kms:CallerAccount":"123456789012"}}"#,
        ),
    ] {
        let text = statements(&[open, allow(ROOT, "kms:*")].join(","));
        put(&mut world, &id, &text, false).unwrap();
    }
    put(&mut world, &id, &statements(&allow(USER, "kms:*")), true).unwrap();
    let answer = put(&mut world, &id, &statements(&allow(ROOT, "kms:*")), false);
    fails(answer, DENIED, "no resource-based policy allows");
}

#[test]
fn what_is_not_understood_is_not_stored() {
    let mut world = World::new();
    let id = key(&mut world);
    let before = call(&mut world, "GetKeyPolicy", &of(&id)).unwrap();
    let large = statements(&allow(ROOT, &format!("kms:{}", "x".repeat(33_000))));
    for (text, fault, words) in [
        ("{", MALFORMED, ""),
        ("{}", MALFORMED, ""),
        (&*policy("Allow", "*", "*"), MALFORMED, "Principal"),
        (&*statements(&allow(USER, "kms:*")), MALFORMED, USER),
        (&*large, LIMIT, ""),
    ] {
        fails(put(&mut world, &id, text, true), fault, words);
        let input = texts(&[("Policy", text)]).with("BypassPolicyLockoutSafetyCheck", true);
        fails(call(&mut world, "CreateKey", &input), fault, words);
    }
    for operation in ["GetKeyPolicy", "PutKeyPolicy"] {
        let input = of(&id).with("PolicyName", "other").with("Policy", "{}");
        let input = if operation == "GetKeyPolicy" {
            of(&id).with("PolicyName", "other")
        } else {
            input
        };
        fails(
            call(&mut world, operation, &input),
            MISSING,
            "No such policy",
        );
    }
    assert_eq!(call(&mut world, "GetKeyPolicy", &of(&id)).unwrap(), before);
    let names = call(&mut world, "ListKeyPolicies", &of(&id)).unwrap();
    assert_eq!(names.texts("PolicyNames").collect::<Vec<_>>(), ["default"]);
}

#[test]
fn a_deny_at_the_key_wins() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "kms:*", "*"));
    let id = with_policy(
        &mut world,
        &[
            &allow(ROOT, "kms:*"),
            &block("Deny", USER, "kms:Encrypt", ""),
        ],
    );
    fails(
        encrypt(&mut world, &user, &id),
        DENIED,
        "explicit deny in a resource-based policy",
    );
    world.call(&user, "kms", "DescribeKey", &of(&id)).unwrap();
}

/// A condition, and calls that meet it or do not.
fn conditioned(condition: &str) -> (World, Credentials, String) {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let condition = format!(r#","Condition":{condition}"#);
    let blocks = [
        &*allow(ROOT, "kms:*"),
        &block("Allow", USER, "kms:*", &condition),
    ];
    let id = with_policy(&mut world, &blocks);
    (world, user, id)
}

#[test]
fn the_encryption_context_can_be_asked_for() {
    let by_value = r#"{"StringEquals":{"kms:EncryptionContext:team":"red"}}"#;
    let by_name = r#"{"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":["team"]},
        "Null":{"kms:EncryptionContextKeys":"false"}}"#;
    for (condition, context_given, is_allowed) in [
        (by_value, &[("team", "red")][..], true),
        (by_value, &[("team", "red"), ("more", "x")], true),
        (by_value, &[("team", "blue")], false),
        (by_value, &[("teams", "red")], false),
        (by_value, &[], false),
        (by_name, &[("team", "blue")], true),
        (by_name, &[("team", "red"), ("more", "x")], false),
        (by_name, &[("Team", "red")], false),
        (by_name, &[], false),
    ] {
        let (mut world, user, id) = conditioned(condition);
        let input = of(&id).with("NumberOfBytes", 1);
        let input = input.with("EncryptionContext", context(context_given));
        let answer = world.call(&user, "kms", "GenerateDataKey", &input);
        if is_allowed {
            let sealed = blob(&answer.unwrap());
            let input = decrypting(&sealed, context_given);
            world.call(&user, "kms", "Decrypt", &input).unwrap();
            let without = decrypting(&sealed, &[]);
            let answer = world.call(&user, "kms", "Decrypt", &without);
            fails(answer, DENIED, "kms:Decrypt");
        } else {
            fails(answer, DENIED, "kms:GenerateDataKey");
        }
    }
}

#[test]
fn aliases_tags_and_properties_can_be_asked_for() {
    let tagged = r#"{"StringEquals":{"aws:ResourceTag/team":"red"}}"#;
    let named = r#"{"StringLike":{"kms:RequestAlias":"alias/a*"}}"#;
    let has = r#"{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/ab"}}"#;
    let spec = r#"{"StringEquals":{"kms:KeySpec":"SYMMETRIC_DEFAULT","kms:KeyOrigin":"AWS_KMS",
        "kms:KeyUsage":"ENCRYPT_DECRYPT","kms:EncryptionAlgorithm":"SYMMETRIC_DEFAULT",
        "kms:CallerAccount":"123456789012"},"Bool":{"kms:MultiRegion":"false"}}"#;
    let via = r#"{"StringLike":{"kms:ViaService":"*"}}"#;
    let other = r#"{"StringEquals":{"kms:KeySpec":"RSA_2048"}}"#;
    // By the id and by the alias, before the key has the tag and the alias and after.
    for (condition, before, by_id, by_alias) in [
        (tagged, false, true, true),
        (named, false, false, true),
        (has, false, true, true),
        (spec, true, true, true),
        (via, false, false, false),
        (other, false, false, false),
    ] {
        let (mut world, user, id) = conditioned(condition);
        let is_allowed = |answer: Result<Record, Fault>| answer.is_ok();
        assert_eq!(
            is_allowed(encrypt(&mut world, &user, &id)),
            before,
            "{condition}"
        );
        let input = of(&id).with("Tags", vec![tag("team", "red")]);
        call(&mut world, "TagResource", &input).unwrap();
        let alias = texts(&[("AliasName", "alias/ab"), ("TargetKeyId", &id)]);
        call(&mut world, "CreateAlias", &alias).unwrap();
        assert_eq!(
            is_allowed(encrypt(&mut world, &user, &id)),
            by_id,
            "{condition}"
        );
        assert_eq!(
            is_allowed(encrypt(&mut world, &user, "alias/ab")),
            by_alias,
            "{condition}"
        );
    }
}

#[test]
fn conditions_on_what_is_asked_for_are_met_or_not() {
    let mut world = World::new();
    let id = key(&mut world);
    let with = |condition: &str| {
        statements(&format!(
            r#"{{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{condition}}}"#
        ))
    };
    let days =
        with(r#"{"NumericGreaterThan":{"kms:ScheduleKeyDeletionPendingWindowInDays":"14"}}"#);
    let careful = world.user("careful", &days);
    let input = of(&id).with("PendingWindowInDays", 14);
    let answer = world.call(&careful, "kms", "ScheduleKeyDeletion", &input);
    fails(answer, DENIED, "kms:ScheduleKeyDeletion");
    world
        .call(&careful, "kms", "ScheduleKeyDeletion", &of(&id))
        .unwrap();

    let id = key(&mut world);
    let safe = with(r#"{"Bool":{"kms:BypassPolicyLockoutSafetyCheck":"false"}}"#);
    let safe = world.user("safe", &safe);
    let input = texts(&[
        ("KeyId", &id),
        ("Policy", &statements(&allow(ROOT, "kms:*"))),
    ]);
    world.call(&safe, "kms", "PutKeyPolicy", &input).unwrap();
    let bypassing = input.with("BypassPolicyLockoutSafetyCheck", true);
    fails(
        world.call(&safe, "kms", "PutKeyPolicy", &bypassing),
        DENIED,
        "kms:PutKeyPolicy",
    );

    let red = with(r#"{"StringEquals":{"aws:RequestTag/team":"red"}}"#);
    let red = world.user("red", &red);
    let input = |value| Record::new().with("Tags", vec![tag("team", value)]);
    world.call(&red, "kms", "CreateKey", &input("red")).unwrap();
    fails(
        world.call(&red, "kms", "CreateKey", &input("blue")),
        DENIED,
        "kms:CreateKey",
    );
    fails(
        world.call(&red, "kms", "CreateKey", &Record::new()),
        DENIED,
        "kms:CreateKey",
    );
}
