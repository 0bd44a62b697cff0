//! Tests: several accounts and several regions, which see of each other what their policies say.

use protocol::sigv4::Credentials;
use protocol::{Record, Secret};

use crate::testing::{World, fails, policy, statements, texts, trust};

const OTHER: &str = "210987654321";
const GET: (&str, &str) = ("secretsmanager", "GetSecretValue");

/// A key that the other account may use, and a secret under it; the secret's ARN.
fn shared_secret(world: &mut World, secret_policy: Option<&str>, key_policy: &str) -> String {
    let input = texts(&[("Policy", key_policy)]);
    let made = world.admin("kms", "CreateKey", &input).unwrap();
    let key = made
        .record("KeyMetadata")
        .unwrap()
        .text("Arn")
        .unwrap()
        .to_owned();
    let input = texts(&[("Name", "shared"), ("KmsKeyId", &key)])
        .with("SecretString", Secret::from_text("value".into()));
    let made = world
        .admin("secretsmanager", "CreateSecret", &input)
        .unwrap();
    if let Some(text) = secret_policy {
        let input = texts(&[("SecretId", "shared"), ("ResourcePolicy", text)]);
        world
            .admin("secretsmanager", "PutResourcePolicy", &input)
            .unwrap();
    }
    made.text("ARN").unwrap().to_owned()
}

fn to(principal: &str, actions: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},
            "Action":"{actions}","Resource":"*"}}"#
    )
}

fn key_policy(more: &str) -> String {
    let own = to("arn:aws:iam::123456789012:root", "kms:*");
    statements(&if more.is_empty() {
        own
    } else {
        format!("{own},{more}")
    })
}

fn user_of(world: &mut World, account: &Credentials, policy: &str) -> Credentials {
    let name = texts(&[("UserName", "u")]);
    world.call(account, "iam", "CreateUser", &name).unwrap();
    let input = texts(&[
        ("UserName", "u"),
        ("PolicyName", "p"),
        ("PolicyDocument", policy),
    ]);
    world.call(account, "iam", "PutUserPolicy", &input).unwrap();
    let made = world
        .call(account, "iam", "CreateAccessKey", &name)
        .unwrap();
    let key = made.record("AccessKey").unwrap();
    Credentials {
        access_key_id: key.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: key.secret("SecretAccessKey").unwrap().clone(),
        session_token: None,
    }
}

#[test]
fn accounts_do_not_see_each_other() {
    let mut world = World::new();
    let other = world.account(OTHER);

    let own = world
        .call(&other, "sts", "GetCallerIdentity", &Record::new())
        .unwrap();
    assert_eq!(own.text("Account"), Some(OTHER));
    for (service, operation, member) in [
        ("secretsmanager", "ListSecrets", "SecretList"),
        ("kms", "ListKeys", "Keys"),
        ("ec2", "DescribeInstances", "Reservations"),
        ("iam", "ListRoles", "Roles"),
    ] {
        let answer = world
            .call(&other, service, operation, &Record::new())
            .unwrap();
        assert!(answer.list(member).is_empty(), "{operation}");
    }
    let input =
        texts(&[("Name", "my-secret")]).with("SecretString", Secret::from_text("mine".into()));
    world
        .call(&other, "secretsmanager", "CreateSecret", &input)
        .unwrap();
    let input = texts(&[("SecretId", "my-secret")]);
    let read = world.call(&other, GET.0, GET.1, &input).unwrap();
    assert_eq!(read.secret("SecretString").unwrap().expose(), b"mine");
    let read = world.admin(GET.0, GET.1, &input).unwrap();
    assert_ne!(read.secret("SecretString").unwrap().expose(), b"mine");
}

#[test]
fn a_secret_of_another_account_takes_both_policies_and_both_of_the_key() {
    for (of_secret, of_key, of_caller, expect) in [
        (true, true, true, Ok(())),
        (false, true, true, Err("no resource-based policy allows")),
        (true, false, true, Err("Access to KMS is not allowed")),
        (true, true, false, Err("no identity-based policy allows")),
    ] {
        let mut world = World::new();
        let other = world.account(OTHER);
        let root = format!("arn:aws:iam::{OTHER}:root");
        let secret = statements(&to(&root, "secretsmanager:GetSecretValue"));
        let of_key = if of_key {
            to(&root, "kms:Decrypt")
        } else {
            String::new()
        };
        let arn = shared_secret(
            &mut world,
            of_secret.then_some(secret.as_str()),
            &key_policy(&of_key),
        );
        let own = policy("Allow", if of_caller { "*" } else { "kms:*" }, "*");
        let user = user_of(&mut world, &other, &own);
        let answer = world.call(&user, GET.0, GET.1, &texts(&[("SecretId", &arn)]));
        match expect {
            Ok(()) => assert_eq!(
                answer.unwrap().secret("SecretString").unwrap().expose(),
                b"value"
            ),
            Err(words) => fails(answer, ("AccessDeniedException", 400), words),
        }
    }
}

#[test]
fn a_secret_under_the_default_key_stays_in_its_account() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let root = format!("arn:aws:iam::{OTHER}:root");
    let open = statements(&to(&root, "secretsmanager:*"));
    let input = texts(&[("SecretId", "my-secret"), ("ResourcePolicy", &open)]);
    world
        .admin("secretsmanager", "PutResourcePolicy", &input)
        .unwrap();
    let input = texts(&[("SecretId", &world.secret_arn())]);

    let answer = world.call(&other, GET.0, GET.1, &input);

    fails(
        answer,
        ("InvalidRequestException", 400),
        "default KMS service key",
    );
    let described = world
        .call(&other, "secretsmanager", "DescribeSecret", &input)
        .unwrap();
    assert_eq!(described.text("Name"), Some("my-secret"));
}

#[test]
fn a_name_is_one_of_the_callers_account_alone() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let open = statements(&to(
        &format!("arn:aws:iam::{OTHER}:root"),
        "secretsmanager:*",
    ));
    let input = texts(&[("SecretId", "my-secret"), ("ResourcePolicy", &open)]);
    world
        .admin("secretsmanager", "PutResourcePolicy", &input)
        .unwrap();

    let answer = world.call(&other, GET.0, GET.1, &texts(&[("SecretId", "my-secret")]));

    fails(answer, ("ResourceNotFoundException", 400), "");
}

#[test]
fn a_role_of_another_account_is_assumed_where_both_sides_allow() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let role = world.role(
        "visited",
        &trust(OTHER),
        &policy("Allow", "iam:GetRole", "*"),
    );
    let closed = world.role("closed", &trust("123456789012"), &policy("Allow", "*", "*"));
    let allowed = user_of(
        &mut world,
        &other,
        &policy("Allow", "sts:AssumeRole", &role),
    );
    let input = |arn: &str| texts(&[("RoleArn", arn), ("RoleSessionName", "visit")]);

    let session = world.assume(&allowed, &input(&role));
    let own = world
        .call(&session, "sts", "GetCallerIdentity", &Record::new())
        .unwrap();
    assert_eq!(
        own.text("Arn"),
        Some("arn:aws:sts::123456789012:assumed-role/visited/visit")
    );
    let named = texts(&[("RoleName", "visited")]);
    let seen = world.call(&session, "iam", "GetRole", &named).unwrap();
    assert_eq!(seen.record("Role").unwrap().text("Arn"), Some(&*role));

    let refused = world.call(&other, "sts", "AssumeRole", &input(&closed));
    fails(refused, ("AccessDenied", 403), "");
    let name = texts(&[("UserName", "u"), ("PolicyName", "p")]);
    world
        .call(&other, "iam", "DeleteUserPolicy", &name)
        .unwrap();
    let refused = world.call(&allowed, "sts", "AssumeRole", &input(&role));
    fails(refused, ("AccessDenied", 403), "");
}

#[test]
fn a_key_of_another_account_encrypts_and_decrypts_where_both_sides_allow() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let uses = to(&format!("arn:aws:iam::{OTHER}:root"), "kms:*");
    let input = texts(&[("Policy", &key_policy(&uses))]);
    let made = world.admin("kms", "CreateKey", &input).unwrap();
    let made = made.record("KeyMetadata").unwrap();
    let (id, arn) = (made.text("KeyId").unwrap(), made.text("Arn").unwrap());
    let text =
        |key: &str| texts(&[("KeyId", key)]).with("Plaintext", Secret::from_text("text".into()));

    let sealed = world.call(&other, "kms", "Encrypt", &text(arn)).unwrap();
    let blob = sealed.get("CiphertextBlob").unwrap().clone();
    let blob = Record::new().with("CiphertextBlob", blob);
    let opened = world.call(&other, "kms", "Decrypt", &blob).unwrap();
    assert_eq!(opened.secret("Plaintext").unwrap().expose(), b"text");

    // A bare id is one of the caller's account, and what others may not do stays undone.
    let answer = world.call(&other, "kms", "Encrypt", &text(id));
    fails(answer, ("NotFoundException", 400), "does not exist");
    let answer = world.call(&other, "kms", "DisableKey", &texts(&[("KeyId", arn)]));
    fails(answer, ("AccessDeniedException", 400), "");

    let input = texts(&[
        ("KeyId", arn),
        ("PolicyName", "default"),
        ("Policy", &key_policy("")),
    ]);
    world.admin("kms", "PutKeyPolicy", &input).unwrap();
    let answer = world.call(&other, "kms", "Decrypt", &blob);
    fails(answer, ("AccessDeniedException", 400), "");
}

#[test]
fn a_grant_reaches_another_account_whose_own_policies_still_have_to_allow() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let may = user_of(&mut world, &other, &policy("Allow", "kms:Encrypt", "*"));
    let made = world.admin("kms", "CreateKey", &Record::new()).unwrap();
    let arn = made.record("KeyMetadata").unwrap().text("Arn").unwrap();
    let text = texts(&[("KeyId", arn)]).with("Plaintext", Secret::from_text("text".into()));
    let denied = ("AccessDeniedException", 400);
    fails(
        world.call(&may, "kms", "Encrypt", &text),
        denied,
        "kms:Encrypt",
    );

    let user = format!("arn:aws:iam::{OTHER}:user/u");
    let grant = texts(&[("KeyId", arn), ("GranteePrincipal", &user)]);
    let grant = grant.with("Operations", vec!["Encrypt", "Decrypt"]);
    let grant = world.admin("kms", "CreateGrant", &grant).unwrap();
    let sealed = world.call(&may, "kms", "Encrypt", &text).unwrap();
    let blob = sealed.get("CiphertextBlob").unwrap().clone();
    let blob = Record::new().with("CiphertextBlob", blob);
    fails(
        world.call(&may, "kms", "Decrypt", &blob),
        denied,
        "kms:Decrypt",
    );

    let id = grant.text("GrantId").unwrap();
    let revoke = texts(&[("KeyId", arn), ("GrantId", id)]);
    fails(
        world.call(&may, "kms", "RevokeGrant", &revoke),
        denied,
        "kms:RevokeGrant",
    );
    world.admin("kms", "RevokeGrant", &revoke).unwrap();
    fails(
        world.call(&may, "kms", "Encrypt", &text),
        denied,
        "kms:Encrypt",
    );
}

#[test]
fn a_key_of_one_account_protects_secrets_of_another() {
    let mut world = World::new();
    let other = world.account(OTHER);
    let uses = to(&format!("arn:aws:iam::{OTHER}:root"), "kms:*");
    let input = texts(&[("Policy", &key_policy(&uses))]);
    let made = world.admin("kms", "CreateKey", &input).unwrap();
    let arn = made
        .record("KeyMetadata")
        .unwrap()
        .text("Arn")
        .unwrap()
        .to_owned();
    let input = texts(&[("Name", "s"), ("KmsKeyId", &arn)])
        .with("SecretString", Secret::from_text("value".into()));
    world
        .call(&other, "secretsmanager", "CreateSecret", &input)
        .unwrap();
    let read = texts(&[("SecretId", "s")]);
    assert!(world.call(&other, GET.0, GET.1, &read).is_ok());

    world
        .admin("kms", "DisableKey", &texts(&[("KeyId", &arn)]))
        .unwrap();

    let answer = world.call(&other, GET.0, GET.1, &read);
    fails(answer, ("DecryptionFailure", 400), "");
}

#[test]
fn regions_hold_their_own_and_share_iam() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let name = texts(&[("SecretId", "my-secret")]);
    let answer = world.call_in("eu-central-1", &admin, GET, &name);
    fails(answer, ("ResourceNotFoundException", 400), "");

    let input =
        texts(&[("Name", "my-secret")]).with("SecretString", Secret::from_text("there".into()));
    let call = ("secretsmanager", "CreateSecret");
    let made = world.call_in("eu-central-1", &admin, call, &input).unwrap();
    let arn = made.text("ARN").unwrap();
    assert!(
        arn.starts_with("arn:aws:secretsmanager:eu-central-1:123456789012:"),
        "{arn}"
    );
    let read = world.call_in("eu-central-1", &admin, GET, &name).unwrap();
    assert_eq!(read.secret("SecretString").unwrap().expose(), b"there");
    let read = world.admin(GET.0, GET.1, &name).unwrap();
    assert_ne!(read.secret("SecretString").unwrap().expose(), b"there");
    // The ARN of one region names nothing in another.
    let answer = world.admin(GET.0, GET.1, &texts(&[("SecretId", arn)]));
    fails(answer, ("ResourceNotFoundException", 400), "");

    let vpc = |world: &mut World, region| {
        let call = ("ec2", "DescribeVpcs");
        let answer = world.call_in(region, &admin, call, &Record::new()).unwrap();
        answer
            .records("Vpcs")
            .next()
            .unwrap()
            .text("VpcId")
            .unwrap()
            .to_owned()
    };
    let (here, there) = (
        vpc(&mut world, "us-east-1"),
        vpc(&mut world, "eu-central-1"),
    );
    assert_ne!(here, there);
    assert_eq!(there, vpc(&mut world, "eu-central-1"));

    let roles = world.call_in("eu-central-1", &admin, ("iam", "ListRoles"), &Record::new());
    assert_eq!(roles.unwrap().list("Roles").len(), 1);
}

#[test]
fn accounts_that_cannot_be() {
    let mut world = World::new();
    let taken = crate::sample::another(&world.partition, "123456789012", None, world.now, [0; 32]);
    assert!(taken.is_err());
    let wrong = crate::sample::another(&world.partition, "12", None, world.now, [0; 32]);
    assert!(wrong.is_err());
    let other = world.account(OTHER);
    let again = crate::sample::another(&world.partition, OTHER, None, world.now, [0; 32]);
    assert!(again.is_err());
    assert!(
        world
            .call(&other, "iam", "ListUsers", &Record::new())
            .is_ok()
    );
}
