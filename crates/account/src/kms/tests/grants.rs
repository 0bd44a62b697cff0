//! What grants allow: what they say, to whom they say, and nothing that anything denies.

use super::*;
use crate::testing::{policy, statements, trust};

pub(super) fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

/// A grant to the account.
pub(super) fn asking(id: &str, operations: &[&str]) -> Record {
    granting(id, &format!("arn:aws:iam::{ACCOUNT}:root"), operations)
}

pub(super) fn granting(id: &str, grantee: &str, operations: &[&str]) -> Record {
    let input = texts(&[("KeyId", id), ("GranteePrincipal", grantee)]);
    input.with("Operations", operations.to_vec())
}

pub(super) fn granted(world: &mut World, input: &Record) -> String {
    let answer = call(world, "CreateGrant", input).unwrap();
    answer.text("GrantId").unwrap().to_owned()
}

fn constrained(input: Record, kind: &'static str, entries: &[(&str, &str)]) -> Record {
    input.with("Constraints", Record::new().with(kind, context(entries)))
}

fn decrypts(world: &mut World, by: &Credentials, entries: &[(&str, &str)], id: &str) -> bool {
    let sealed = encrypted(world, id, entries);
    match world.call(by, "kms", "Decrypt", &decrypting(&sealed, entries)) {
        Ok(answer) => plain(&answer) == b"plain",
        Err(fault) => {
            assert_eq!(&*fault.code, "AccessDeniedException", "{fault}");
            false
        }
    }
}

#[test]
fn a_grant_allows_what_it_says_until_it_is_revoked() {
    let mut world = World::new();
    let (id, other) = (key(&mut world), key(&mut world));
    let user = world.user_without_policies("u");
    let stranger = world.user_without_policies("stranger");
    assert!(!decrypts(&mut world, &user, &[], &id));
    let grant = granted(&mut world, &granting(&id, &user_arn("u"), &["Decrypt"]));
    assert!(decrypts(&mut world, &user, &[], &id));
    assert!(!decrypts(&mut world, &user, &[], &other));
    assert!(!decrypts(&mut world, &stranger, &[], &id));
    let encrypt = of(&id).with("Plaintext", text("p"));
    fails(
        world.call(&user, "kms", "Encrypt", &encrypt),
        DENIED,
        "kms:Encrypt",
    );

    let revoke = of(&id).with("GrantId", grant.as_str());
    call(&mut world, "RevokeGrant", &revoke).unwrap();
    assert!(!decrypts(&mut world, &user, &[], &id));
}

#[test]
fn a_grant_does_not_need_the_key_policy_and_no_deny_gives_way_to_it() {
    let mut world = World::new();
    let admins = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"kms:*","Resource":"*"}}"#,
        world.admin_arn()
    ));
    let id = made(&mut world, &texts(&[("Policy", &admins)]));
    let user = world.user_without_policies("u");
    granted(&mut world, &granting(&id, &user_arn("u"), &["Decrypt"]));
    assert!(decrypts(&mut world, &user, &[], &id));

    let denies = policy("Deny", "kms:Decrypt", "*");
    let own = texts(&[
        ("UserName", "u"),
        ("PolicyName", "p"),
        ("PolicyDocument", &denies),
    ]);
    world.admin("iam", "PutUserPolicy", &own).unwrap();
    assert!(!decrypts(&mut world, &user, &[], &id));
    let own = texts(&[("UserName", "u"), ("PolicyName", "p")]);
    world.admin("iam", "DeleteUserPolicy", &own).unwrap();
    assert!(decrypts(&mut world, &user, &[], &id));

    let denying = admins.replace(
        "]}",
        &format!(
            r#",{{"Effect":"Deny","Principal":{{"AWS":"{}"}},"Action":"kms:Decrypt",
            "Resource":"*"}}]}}"#,
            user_arn("u")
        ),
    );
    let put = of(&id).with("Policy", denying.as_str());
    call(&mut world, "PutKeyPolicy", &put).unwrap();
    assert!(!decrypts(&mut world, &user, &[], &id));
}

#[test]
fn a_constraint_is_kept_to_the_letter() {
    let own = [("team", "red"), ("stage", "prod")];
    for (kind, allowed, denied) in [
        (
            "EncryptionContextEquals",
            vec![own.to_vec()],
            vec![
                vec![],
                vec![("team", "red")],
                vec![("team", "red"), ("stage", "Prod")],
                vec![("Team", "red"), ("stage", "prod")],
                vec![("team", "red"), ("stage", "prod"), ("more", "")],
            ],
        ),
        (
            "EncryptionContextSubset",
            vec![
                own.to_vec(),
                vec![("team", "red"), ("stage", "prod"), ("more", "")],
            ],
            vec![
                vec![],
                vec![("team", "red")],
                vec![("Team", "red"), ("stage", "prod")],
                vec![("team", "red"), ("stage", "test")],
            ],
        ),
    ] {
        let mut world = World::new();
        let id = key(&mut world);
        let user = world.user_without_policies("u");
        let input = granting(&id, &user_arn("u"), &["Decrypt", "DescribeKey"]);
        granted(&mut world, &constrained(input, kind, &own));
        for entries in allowed {
            assert!(
                decrypts(&mut world, &user, &entries, &id),
                "{kind} {entries:?}"
            );
        }
        for entries in denied {
            assert!(
                !decrypts(&mut world, &user, &entries, &id),
                "{kind} {entries:?}"
            );
        }
        // What has no context is not constrained.
        world.call(&user, "kms", "DescribeKey", &of(&id)).unwrap();
    }
}

#[test]
fn a_role_hands_its_grants_to_its_sessions_within_their_policies() {
    let mut world = World::new();
    let id = key(&mut world);
    let admin = world.admin.clone();
    let nothing = policy("Allow", "s3:ListAllMyBuckets", "*");
    let role = world.role("r", &trust(ACCOUNT), &nothing);
    let asked = texts(&[("RoleArn", &role), ("RoleSessionName", "one")]);
    let session = world.assume(&admin, &asked);
    let narrow = asked.clone().with("Policy", nothing.as_str());
    let narrow = world.assume(&admin, &narrow);
    assert!(!decrypts(&mut world, &session, &[], &id));

    granted(&mut world, &granting(&id, &role, &["Decrypt"]));
    assert!(decrypts(&mut world, &session, &[], &id));
    assert!(!decrypts(&mut world, &narrow, &[], &id));

    let other = key(&mut world);
    let own = format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/one");
    granted(&mut world, &granting(&other, &own, &["Decrypt"]));
    assert!(decrypts(&mut world, &session, &[], &other));
    let second = texts(&[("RoleArn", &role), ("RoleSessionName", "two")]);
    let second = world.assume(&admin, &second);
    assert!(!decrypts(&mut world, &second, &[], &other));
}

#[test]
fn a_grant_to_the_account_leaves_it_to_the_accounts_policies() {
    let mut world = World::new();
    let only = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"kms:*","Resource":"*"}}"#,
        world.admin_arn()
    ));
    let id = made(&mut world, &texts(&[("Policy", &only)]));
    let with = world.user("with", &policy("Allow", "kms:Decrypt", "*"));
    let without = world.user_without_policies("without");
    assert!(!decrypts(&mut world, &with, &[], &id));
    granted(&mut world, &asking(&id, &["Decrypt"]));
    assert!(decrypts(&mut world, &with, &[], &id));
    assert!(!decrypts(&mut world, &without, &[], &id));
}

#[test]
fn a_secret_is_read_by_a_grant_on_its_key() {
    let mut world = World::new();
    let id = key(&mut world);
    let secret = texts(&[("Name", "s"), ("KmsKeyId", &id)]);
    let secret = secret.with("SecretString", text("value"));
    let made = world
        .admin("secretsmanager", "CreateSecret", &secret)
        .unwrap();
    let secret_arn = made.text("ARN").unwrap().to_owned();
    let user = world.user("u", &policy("Allow", "secretsmanager:GetSecretValue", "*"));
    let read = texts(&[("SecretId", "s")]);
    let refused = world.call(&user, "secretsmanager", "GetSecretValue", &read);
    fails(refused, DENIED, "Access to KMS is not allowed");

    let other = granting(&id, &user_arn("u"), &["Decrypt"]);
    let kind = "EncryptionContextSubset";
    granted(
        &mut world,
        &constrained(other.clone(), kind, &[("SecretARN", "another")]),
    );
    let refused = world.call(&user, "secretsmanager", "GetSecretValue", &read);
    fails(refused, DENIED, "Access to KMS is not allowed");

    granted(
        &mut world,
        &constrained(other, kind, &[("SecretARN", &secret_arn)]),
    );
    let answer = world
        .call(&user, "secretsmanager", "GetSecretValue", &read)
        .unwrap();
    assert_eq!(answer.secret("SecretString").unwrap().expose(), b"value");
}

#[test]
fn who_may_give_on_gives_no_more_than_there_is() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user_without_policies("u");
    world.user_without_policies("next");
    let next = user_arn("next");
    let kind = "EncryptionContextSubset";
    let own = granting(&id, &user_arn("u"), &["CreateGrant", "Decrypt", "Encrypt"]);
    granted(&mut world, &constrained(own, kind, &[("team", "red")]));
    let red = [("team", "red")];
    let more = [("stage", "prod"), ("team", "red")];
    let equals = "EncryptionContextEquals";
    for (input, allowed) in [
        (
            constrained(granting(&id, &next, &["Decrypt"]), kind, &red),
            true,
        ),
        (
            constrained(granting(&id, &next, &["Decrypt"]), kind, &more),
            true,
        ),
        (
            constrained(granting(&id, &next, &["Encrypt"]), equals, &red),
            true,
        ),
        (
            constrained(
                granting(&id, &next, &["CreateGrant", "Decrypt"]),
                equals,
                &more,
            ),
            true,
        ),
        (granting(&id, &next, &["Decrypt"]), false),
        (
            constrained(
                granting(&id, &next, &["Decrypt"]),
                kind,
                &[("team", "blue")],
            ),
            false,
        ),
        (
            constrained(granting(&id, &next, &["DescribeKey"]), kind, &red),
            false,
        ),
        (
            constrained(
                granting(&id, &next, &["Decrypt", "ReEncryptTo"]),
                kind,
                &red,
            ),
            false,
        ),
    ] {
        let answer = world.call(&user, "kms", "CreateGrant", &input);
        assert_eq!(answer.is_ok(), allowed, "{input:?}");
    }
    // What is to be equal stays equal.
    let strict = world.user_without_policies("strict");
    let own = granting(&id, &user_arn("strict"), &["CreateGrant", "Decrypt"]);
    granted(&mut world, &constrained(own, equals, &red));
    for (kind, entries, allowed) in [
        (equals, &red[..], true),
        (kind, &red, false),
        (equals, &more, false),
    ] {
        let input = constrained(granting(&id, &next, &["Decrypt"]), kind, entries);
        let answer = world.call(&strict, "kms", "CreateGrant", &input);
        assert_eq!(answer.is_ok(), allowed, "{input:?}");
    }
}

#[test]
fn grants_of_others_are_not_looked_at() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user_without_policies("u");
    for index in 0..100 {
        let name = format!("other-{index}");
        world.user_without_policies(&name);
        granted(&mut world, &granting(&id, &user_arn(&name), &["Decrypt"]));
    }
    granted(&mut world, &granting(&id, &user_arn("u"), &["Decrypt"]));
    assert_eq!(world.state.kms_grants_to(&id, &user_arn("u")).count(), 1);
    assert_eq!(world.state.kms_grants(&id).unwrap().len(), 101);
    assert!(decrypts(&mut world, &user, &[], &id));
}
